//! Sentences about time in languages other than English: what they promise, what
//! they ask of the reporter, and those that promise nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use serde_json::Value;

/// A sentence, the numbers it promises and the window it asks for ("" is none).
type Told<'a> = (&'a str, &'a [&'a str], &'a str);

fn entry(e: &Value) -> String {
    let word = |k: &str| e[k].as_str().unwrap_or("-").to_owned();
    let every = if e["recurring"] == true { "every " } else { "" };
    let from = match word("from").as_str() {
        "receipt" => String::new(),
        other => format!(" from {other}"),
    };
    format!(
        "{} {} {every}{} {}{from}",
        word("milestone"),
        word("severity"),
        e["number"],
        word("unit")
    )
}

fn check(head: &str, table: &[Told<'_>]) {
    for (text, promised, asked) in table {
        let policy = format!("{head}\n\n{text}\n");
        let compiled = candor_policy::compile(policy.as_bytes()).unwrap().value;
        let all = candor_policy::labels(&compiled);
        let got: Vec<String> = all["timeline"]
            .as_array()
            .unwrap()
            .iter()
            .map(entry)
            .collect();
        assert_eq!(&got, promised, "{text}");
        let window = &all["disclosure"]["embargo"];
        let window = match window["unit"].as_str() {
            Some(unit) => format!("{} {unit}", window["number"]),
            None => String::new(),
        };
        assert_eq!(&window, asked, "{text}");
    }
}

#[test]
fn spanish() {
    check(
        "# Política de seguridad\n\n## Cómo avisar",
        &[
            (
                "- Acusamos recibo en un plazo de dos días laborables.",
                &["acknowledgement - 2 business-days"],
                "",
            ),
            (
                "Te damos una primera valoración en una semana.",
                &["assessment - 1 weeks"],
                "",
            ),
            (
                "Te informamos del avance cada quince días.",
                &["status-update - every 15 days"],
                "",
            ),
            (
                "Los fallos críticos se corrigen en 30 días y los demás en 90 días.",
                &["fix critical 30 days", "fix - 90 days"],
                "",
            ),
            (
                "No podemos garantizar una corrección en menos de 7 días.",
                &[],
                "",
            ),
            (
                "Te pedimos que no publiques los detalles hasta pasados 60 días.",
                &[],
                "60 days",
            ),
            (
                "Responderemos en un plazo de 48 horas.",
                &["acknowledgement - 48 hours"],
                "",
            ),
            (
                "Acusaremos recibo de su informe en 3 días hábiles.",
                &["acknowledgement - 3 business-days"],
                "",
            ),
            (
                "Le enviaremos novedades al menos cada dos semanas.",
                &["status-update - every 2 weeks"],
                "",
            ),
            (
                "Publicaremos un aviso a más tardar 7 días después de la corrección.",
                &["public-disclosure - 7 days from fix"],
                "7 days",
            ),
            (
                "Le rogamos que guarde silencio durante 90 días.",
                &[],
                "90 days",
            ),
            ("Las contraseñas caducan a los 90 días.", &[], ""),
            ("No esperes una respuesta en 24 horas.", &[], ""),
        ],
    );
}

#[test]
fn portuguese() {
    check(
        "# Política de Segurança",
        &[
            (
                "Confirmamos o recebimento em até 2 dias úteis.",
                &["acknowledgement - 2 business-days"],
                "",
            ),
            (
                "Enviamos uma avaliação inicial em até uma semana.",
                &["assessment - 1 weeks"],
                "",
            ),
            (
                "Enviamos atualizações a cada 15 dias.",
                &["status-update - every 15 days"],
                "",
            ),
            (
                "Vulnerabilidades críticas são corrigidas em até 30 dias; as demais, em 90 dias.",
                &["fix critical 30 days", "fix - 90 days"],
                "",
            ),
            ("Não garantimos resposta em menos de 24 horas.", &[], ""),
            (
                "Pedimos que aguarde 60 dias antes de divulgar.",
                &[],
                "60 days",
            ),
            (
                "Respondemos em até 48 horas.",
                &["acknowledgement - 48 hours"],
                "",
            ),
            (
                "Você receberá uma resposta em até três dias.",
                &["acknowledgement - 3 days"],
                "",
            ),
            (
                "Falhas de gravidade alta serão corrigidas em 14 dias.",
                &["fix high 14 days"],
                "",
            ),
            (
                "Mantemos você informado a cada duas semanas.",
                &["status-update - every 2 weeks"],
                "",
            ),
            ("Não podemos prometer uma correção em 30 dias.", &[], ""),
            ("O token expira em 24 horas.", &[], ""),
            ("Nem sempre respondemos em 48 horas.", &[], ""),
        ],
    );
}

#[test]
fn chinese() {
    check(
        "# 安全策略",
        &[
            (
                "我们将在2个工作日内确认收到您的报告。",
                &["acknowledgement - 2 business-days"],
                "",
            ),
            ("一周内给出初步评估。", &["assessment - 1 weeks"], ""),
            (
                "每两周通报一次进展。",
                &["status-update - every 2 weeks"],
                "",
            ),
            (
                "严重漏洞30天内修复,其他漏洞90天内修复。",
                &["fix critical 30 days", "fix - 90 days"],
                "",
            ),
            ("我们无法保证在24小时内回复。", &[], ""),
            ("请在90天内不要公开漏洞细节。", &[], "90 days"),
            ("我们不承诺在30天内修复。", &[], ""),
            ("我们会在三天内回复。", &["acknowledgement - 3 days"], ""),
            (
                "每14天向您更新进度。",
                &["status-update - every 14 days"],
                "",
            ),
            ("高危漏洞将在两周内修复。", &["fix high 2 weeks"], ""),
            ("请给我们90天的时间修复后再公开。", &[], "90 days"),
            ("令牌在24小时后失效。", &[], ""),
        ],
    );
}

#[test]
fn japanese() {
    check(
        "# セキュリティポリシー",
        &[
            (
                "- 受領確認: 2営業日以内",
                &["acknowledgement - 2 business-days"],
                "",
            ),
            ("- 初期評価: 1週間以内", &["assessment - 1 weeks"], ""),
            (
                "- 進捗報告: 2週間ごと",
                &["status-update - every 2 weeks"],
                "",
            ),
            (
                "- 修正: 重大な脆弱性は30日以内、その他は90日以内",
                &["fix critical 30 days", "fix - 90 days"],
                "",
            ),
            (
                "修正が公開されるまで、または報告から90日間は、詳細を公開しないようお願いします。",
                &[],
                "90 days",
            ),
            (
                "48時間以内に返信します。",
                &["acknowledgement - 48 hours"],
                "",
            ),
            ("24時間以内の回答は保証できません。", &[], ""),
            (
                "2週間おきに進捗をお知らせします。",
                &["status-update - every 2 weeks"],
                "",
            ),
            (
                "毎週、状況をお知らせします。",
                &["status-update - every 1 weeks"],
                "",
            ),
            (
                "重大な脆弱性は7日以内に修正します。",
                &["fix critical 7 days"],
                "",
            ),
            ("報告から90日間は公開をお控えください。", &[], "90 days"),
            ("30日以内の修正をお約束するものではありません。", &[], ""),
            ("ログの保持期間は90日です。", &[], ""),
        ],
    );
}

#[test]
fn german() {
    check(
        "# Sicherheitsrichtlinie",
        &[
            (
                "Wir bestätigen den Eingang binnen zwei Werktagen.",
                &["acknowledgement - 2 business-days"],
                "",
            ),
            (
                "Eine erste Einschätzung erhalten Sie binnen zehn Tagen.",
                &["assessment - 10 days"],
                "",
            ),
            (
                "Wir halten Sie alle zwei Wochen auf dem Laufenden.",
                &["status-update - every 2 weeks"],
                "",
            ),
            (
                "Kritische Lücken beheben wir in der Regel innerhalb von 30 Tagen, alle anderen spätestens nach 90 Tagen.",
                &["fix critical 30 days", "fix - 90 days"],
                "",
            ),
            (
                "Wir können keine Antwort innerhalb von 48 Stunden garantieren.",
                &[],
                "",
            ),
            (
                "Bitte halten Sie die Einzelheiten 90 Tage lang geheim.",
                &[],
                "90 days",
            ),
            (
                "Sicherheitslücken werden innerhalb von 60 Tagen geschlossen.",
                &["fix - 60 days"],
                "",
            ),
            (
                "Innerhalb von drei Tagen meldet sich jemand bei Ihnen.",
                &["acknowledgement - 3 days"],
                "",
            ),
            (
                "Bitte warten Sie 90 Tage, bevor Sie Einzelheiten veröffentlichen.",
                &[],
                "90 days",
            ),
            (
                "Wir versprechen keine Behebung innerhalb von 30 Tagen.",
                &[],
                "",
            ),
            (
                "Wir veröffentlichen den Hinweis frühestens sieben Tage nach der Korrektur.",
                &[],
                "",
            ),
            ("Sitzungsdaten werden nach 30 Tagen gelöscht.", &[], ""),
        ],
    );
}

#[test]
fn french() {
    check(
        "# Politique de sécurité",
        &[
            (
                "Nous accusons réception sous deux jours ouvrés.",
                &["acknowledgement - 2 business-days"],
                "",
            ),
            (
                "Une première évaluation vous est envoyée sous une semaine.",
                &["assessment - 1 weeks"],
                "",
            ),
            (
                "Nous vous tenons au courant toutes les deux semaines.",
                &["status-update - every 2 weeks"],
                "",
            ),
            (
                "Les failles critiques sont corrigées sous 30 jours, les autres sous 90 jours.",
                &["fix critical 30 days", "fix - 90 days"],
                "",
            ),
            (
                "Nous ne pouvons pas garantir une réponse sous 48 heures.",
                &[],
                "",
            ),
            (
                "Nous vous demandons de garder le silence pendant 45 jours.",
                &[],
                "45 days",
            ),
            (
                "| Étape | Délai |\n|---|---|\n| Première analyse | une semaine |\n| Correction | trois mois |",
                &["assessment - 1 weeks", "fix - 3 months"],
                "",
            ),
            (
                "L'avis est publié au plus tard 7 jours après la sortie du correctif.",
                &["public-disclosure - 7 days from fix"],
                "7 days",
            ),
            (
                "Nous ne promettons pas de correctif sous 30 jours.",
                &[],
                "",
            ),
            (
                "Merci d'attendre 90 jours avant toute publication.",
                &[],
                "90 days",
            ),
            ("Les journaux sont conservés pendant 90 jours.", &[], ""),
        ],
    );
}
