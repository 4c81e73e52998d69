//! What the text does not promise never becomes a promise, an outlet or a channel.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use serde_json::Value;

fn labels(text: &str) -> Value {
    let policy =
        format!("# Security Policy\n\nPlease report vulnerabilities to sec@acme.dev.\n\n{text}\n");
    let compiled = candor_policy::compile(policy.as_bytes()).unwrap().value;
    candor_policy::labels(&compiled)
}

/// Milestone, severity, number, unit and firmness of each numeric promise.
fn timeline(text: &str) -> Vec<String> {
    let word = |e: &Value, k: &str| e[k].as_str().unwrap_or("-").to_owned();
    labels(text)["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| {
            format!(
                "{} {} {} {} {}",
                word(e, "milestone"),
                word(e, "severity"),
                e["number"],
                word(e, "unit"),
                word(e, "firmness")
            )
        })
        .collect()
}

fn check(table: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (text, expected) in table {
        let found = timeline(text);
        if found != *expected {
            wrong.push(format!("{text}\n  {found:?}\n  {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn nothing(table: &[&str]) {
    let rows: Vec<(&str, &[&str])> = table.iter().map(|t| (*t, &[][..])).collect();
    check(&rows);
}

#[test]
fn what_is_denied_is_not_promised() {
    nothing(&[
        "We cannot promise to answer within 48 hours.",
        "We can’t promise a reply within 48 hours.",
        "We do not guarantee a fix within 90 days.",
        "We don't commit to a fix within 90 days.",
        "Please do not expect an answer within 24 hours.",
        "There is no guarantee that we respond within 5 days.",
        "A fix within 30 days is not guaranteed.",
        "We are not able to fix issues within 30 days.",
        "We are unable to respond within 24 hours.",
        "We will not respond within 48 hours.",
        "We never publish an advisory within 7 days.",
        "We try to be quick, without promising an answer within 48 hours.",
        "Wir können keine Antwort innerhalb von 48 Stunden garantieren.",
        "Wir versprechen nicht, dass wir innerhalb von 48 Stunden antworten.",
        "Wir geben keine Garantie auf eine Antwort innerhalb von 48 Stunden.",
        "Wir antworten nicht innerhalb von 48 Stunden.",
        "Nous ne pouvons pas garantir une réponse sous 48 heures.",
        "Nous ne promettons aucune réponse sous 48 heures.",
        "Nous ne répondons pas sous 48 heures.",
        "No podemos garantizar una respuesta en un plazo de 48 horas.",
        "No prometemos responder en 48 horas.",
        "Não podemos garantir uma resposta em 48 horas.",
    ]);
}

#[test]
fn a_denial_of_something_else_denies_nothing() {
    check(&[
        (
            "We do not pay bounties, but we will respond within 48 hours.",
            &["acknowledgement - 48 hours commit"],
        ),
        (
            "If we cannot reproduce the problem, we will tell you within 5 days.",
            &["assessment - 5 days commit"],
        ),
        (
            "We will fix it in no more than 30 days.",
            &["fix - 30 days commit"],
        ),
        (
            "You should receive a response no later than 3 days after your report.",
            &["acknowledgement - 3 days target"],
        ),
        (
            "You can expect a response within 5 days.",
            &["acknowledgement - 5 days target"],
        ),
        (
            "Wir antworten innerhalb von 48 Stunden.",
            &["acknowledgement - 48 hours target"],
        ),
        (
            "Nous répondons sous 48 heures.",
            &["acknowledgement - 48 hours target"],
        ),
    ]);
}

#[test]
fn the_time_of_others_is_no_promise() {
    nothing(&[
        "You must respond to our questions within 14 days or we close the report.",
        "Reporters must answer our questions within 14 days.",
        "You have 14 days to answer our questions.",
        "You may publish after 90 days.",
        "You are free to publish within 90 days.",
        "Our previous policy promised a response within 24 hours.",
        "Some vendors respond within 5 days; we do not.",
        "We'd be grateful if you gave us 90 days to fix the issue before you publish.",
        "Regressions in the nightly build are fixed within 24 hours.",
        "Our infrastructure is patched within 7 days of an upstream release.",
        "Enterprise customers get a response within 4 hours.",
        "Sie müssen unsere Fragen innerhalb von 14 Tagen beantworten.",
        "Vous devez répondre à nos questions sous 14 jours.",
        "Debe responder a nuestras preguntas en un plazo de 14 días.",
    ]);
    let asked =
        labels("We'd be grateful if you gave us 90 days to fix the issue before you publish.");
    assert_eq!(asked["disclosure"]["embargo"]["number"], 90, "{asked:#}");
    let freed = labels("You may publish after 90 days.");
    assert_eq!(freed["disclosure"]["embargo"]["number"], 90, "{freed:#}");
}

#[test]
fn not_before_is_no_deadline() {
    nothing(&[
        "We publish details no earlier than 7 days after the fix.",
        "We may publish details no earlier than 7 days after the fix.",
        "We will publish details at the earliest seven days after the fix is released.",
        "Details are published seven days after the fix at the earliest.",
        "We will publish the advisory at least 7 days after the release.",
        "Wir veröffentlichen den Sicherheitshinweis frühestens sieben Tage nach der Korrektur.",
        "Nous publions l'avis au plus tôt 7 jours après le correctif.",
        "Publicamos el aviso no antes de 7 días después de la corrección.",
    ]);
}

#[test]
fn cells_of_tables_pass_the_same_gate() {
    check(&[
        (
            "| Step | Time |\n|---|---|\n| Fix | no guarantee within 90 days |\n| Advisory | no earlier than 7 days after the fix |",
            &[],
        ),
        (
            "| Step | Time |\n|---|---|\n| Acknowledgement | 48 hours |\n| Fix | 90 days, not guaranteed |",
            &["acknowledgement - 48 hours target", "fix - 90 days typical"],
        ),
        (
            "| Schritt | Frist |\n|---|---|\n| Behebung | frühestens nach 30 Tagen |",
            &[],
        ),
        (
            "| Étape | Délai |\n|---|---|\n| Correctif | 30 jours au plus tôt |",
            &[],
        ),
        (
            "| Paso | Plazo |\n|---|---|\n| Corrección | no antes de 30 días |",
            &[],
        ),
    ]);
}

#[test]
fn what_the_project_may_do_binds_nobody() {
    let may = labels(
        "If the vulnerability is being actively exploited, we may publish mitigations within 72 hours.",
    );
    assert!(may["disclosure"]["embargo"].is_null(), "{may:#}");
}

#[test]
fn a_condition_never_drops_to_all_cases() {
    nothing(&[
        "If the vulnerability is being actively exploited, we may publish mitigations within 72 hours.",
        "We may publish an advisory within 72 hours.",
    ]);
    check(&[
        (
            "We will fix P1 issues within 72 hours and P2 issues within two weeks.",
            &["fix critical 72 hours commit", "fix high 2 weeks commit"],
        ),
        (
            "S1 bugs are fixed within 3 days.",
            &["fix critical 3 days target"],
        ),
        (
            "Fix: 30d (sev:critical), 90d (others)",
            &["fix critical 30 days target", "fix - 90 days target"],
        ),
        (
            "Kritische Lücken beheben wir innerhalb von 30 Tagen, alle anderen spätestens nach 90 Tagen.",
            &["fix critical 30 days target", "fix - 90 days target"],
        ),
        (
            "Nous corrigeons les failles critiques sous 30 jours et les autres sous 90 jours.",
            &["fix critical 30 days target", "fix - 90 days target"],
        ),
        (
            "Intentaremos corregir los fallos críticos en 30 días y los demás en 90 días.",
            &["fix critical 30 days target", "fix - 90 days target"],
        ),
        (
            "We will fix critical issues within 7 days and all others within 90 days.",
            &["fix critical 7 days commit", "fix - 90 days commit"],
        ),
    ]);
}

#[test]
fn a_disclaimer_in_the_sentence_softens_it() {
    check(&[
        (
            "I try to have a fix out within a month, but I can't promise anything.",
            &["fix - 1 months typical"],
        ),
        (
            "We will respond within 48 hours, although this is not guaranteed.",
            &["acknowledgement - 48 hours typical"],
        ),
    ]);
}

fn list(text: &str, field: &str) -> Vec<String> {
    let all = labels(text);
    let values = all[field].as_array().cloned().unwrap_or_default();
    values
        .iter()
        .map(|v| {
            let named = v["type"].as_str().or(v["item"].as_str());
            let value = v["value"].as_str().or(v.as_str());
            format!("{}{}", named.unwrap_or(""), value.unwrap_or(""))
        })
        .collect()
}

#[test]
fn a_ban_is_no_outlet_and_no_channel() {
    for text in [
        "Please don't post it on GitHub, Twitter or Discord.",
        "Please do not post about it on GitHub, Twitter or our blog before the fix.",
        "Do not announce it on the mailing list.",
        "No bounty, but I'll happily put your name in the release notes.",
        "Bitte veröffentlichen Sie nichts auf Twitter.",
        "Ne publiez rien sur Twitter.",
        "No publique nada en Twitter.",
    ] {
        let found = list(text, "announcement_channels");
        assert!(found.is_empty(), "{text}: {found:?}");
    }
    for text in [
        "Do not discuss the matter on the public mailing list acme-discuss@lists.acme.dev.",
        "Please do not report it to users@lists.acme.dev.",
        "Bitte schreiben Sie nicht an die öffentliche Liste users@lists.acme.dev.",
        "N'écrivez pas à la liste publique users@lists.acme.dev.",
        "No escriba a la lista pública users@lists.acme.dev.",
    ] {
        let found = list(text, "channels");
        assert_eq!(found, ["emailsec@acme.dev"], "{text}");
    }
    let credited = labels("No bounty, but I'll happily put your name in the release notes.");
    assert_eq!(credited["credit"]["offered"], true, "{credited:#}");
    let found = list(
        "We publish advisories on our blog.",
        "announcement_channels",
    );
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn an_introduction_asks_for_nothing() {
    let found = list(
        "This policy describes how people can report vulnerabilities to our team.",
        "report_contents",
    );
    assert!(found.is_empty(), "{found:?}");
}

/// Step, number and condition of each promise.
fn conditions(text: &str) -> Vec<String> {
    let policy =
        format!("# Security Policy\n\nPlease report vulnerabilities to sec@acme.dev.\n\n{text}\n");
    let compiled = candor_policy::compile(policy.as_bytes()).unwrap().value;
    let all = compiled.promises.iter();
    all.map(|c| {
        let json = serde_json::to_value(&c.value).unwrap();
        format!(
            "{} {} {}",
            json["milestone"].as_str().unwrap(),
            json["term"]["amount"],
            json["condition"].as_str().unwrap_or("-")
        )
    })
    .collect()
}

#[test]
fn a_time_under_a_condition_keeps_it() {
    for (text, expected) in [
        (
            "If the vulnerability is being actively exploited, we will release a fix within 7 days.",
            vec!["patch-release 7 exploited"],
        ),
        (
            "We release a fix within 30 days; if actively exploited, within 7 days.",
            vec!["patch-release 30 -", "patch-release 7 exploited"],
        ),
        (
            "We will answer within 3 days, except in August, when we will respond within 14 days.",
            vec!["acknowledgement 3 -", "acknowledgement 14 holidays"],
        ),
        (
            "If you sponsor us, we will answer within 2 days.",
            vec!["acknowledgement 2 sponsored"],
        ),
        (
            "We acknowledge reports within 2 days (4 days over holidays).",
            vec!["acknowledgement 2 -", "acknowledgement 4 holidays"],
        ),
        (
            "Fix targets:\n\n- Critical: 7 days\n- Actively exploited: 3 days",
            vec!["fix 7 -", "fix 3 exploited"],
        ),
        (
            "| Severity | Fix |\n|---|---|\n| Actively exploited | 24 hours |\n| Critical | 7 days |",
            vec!["fix 24 exploited", "fix 7 -"],
        ),
    ] {
        assert_eq!(conditions(text), expected, "{text}");
    }
}

#[test]
fn a_condition_starts_no_clock_and_is_said() {
    let text = "# Security Policy\n\nPlease report vulnerabilities to sec@acme.dev.\n\n\
                If the vulnerability is being actively exploited, we will release a fix within 7 days.\n";
    let policy = candor_policy::compile(text.as_bytes()).unwrap().value;
    let not_yet = candor_policy::not_yet_run(&policy);
    assert!(not_yet.iter().any(|(_, _, why)| why.contains("condition")));
    let settings = candor_policy::Settings::default();
    let in_force = candor_policy::PolicyInForce::assemble(text.as_bytes(), policy, settings);
    let clocks = candor_policy::clocks(&in_force);
    assert!(
        !clocks
            .iter()
            .any(|c| c.milestone == candor_policy::Milestone::PatchRelease),
        "{clocks:?}"
    );
    let lines = candor_policy::promises_in_words(&in_force);
    assert!(
        lines
            .iter()
            .any(|l| l.text.ends_with("only if the problem is being exploited")),
        "{lines:?}"
    );
}
