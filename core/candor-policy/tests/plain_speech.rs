//! Policies in the words of small projects and of other languages, and what they compile to.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use serde_json::Value;

const EN: &str = "# Security policy\n\nPlease report vulnerabilities to sec@acme.example.\n\n";
const DE: &str =
    "# Sicherheitsrichtlinie\n\nBitte melden Sie Schwachstellen an sec@acme.example.\n\n";
const FR: &str = "# Politique de sécurité\n\nMerci de signaler les failles à sec@acme.example.\n\n";
const ES: &str =
    "# Política de seguridad\n\nInforme de las vulnerabilidades a sec@acme.example.\n\n";

fn labels(head: &str, text: &str) -> Value {
    let policy = format!("{head}{text}\n");
    let compiled = candor_policy::compile(policy.as_bytes()).unwrap().value;
    candor_policy::labels(&compiled)
}

fn entry(e: &Value) -> String {
    let severity = e["severity"].as_str().unwrap_or("-");
    let least = e["number_min"]
        .as_u64()
        .map_or(String::new(), |n| format!("{n}-"));
    let every = if e["recurring"] == true { "every " } else { "" };
    format!(
        "{} {severity} {every}{least}{} {}",
        e["milestone"].as_str().unwrap(),
        e["number"],
        e["unit"].as_str().unwrap()
    )
}

fn timeline(head: &str, text: &str) -> Vec<String> {
    let all = labels(head, text);
    all["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(entry)
        .collect()
}

/// Channels beside the one of the head.
fn channels(head: &str, text: &str) -> Vec<String> {
    let all = labels(head, text);
    all["channels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| {
            let kind = c["type"].as_str().unwrap();
            format!("{kind} {}", c["value"].as_str().unwrap_or("-"))
        })
        .filter(|c| c != "email sec@acme.example")
        .collect()
}

fn check(head: &str, table: &[(&str, &[&str])]) {
    for (text, expected) in table {
        assert_eq!(&timeline(head, text), expected, "{text}");
    }
}

#[test]
fn promises_in_plain_english() {
    check(
        EN,
        &[
            (
                "- Ack: 1d\n- Triage: 3d",
                &["acknowledgement - 1 days", "triage - 3 days"],
            ),
            (
                "| Severity | Ack | Fix |\n|---|---|---|\n| Critical | 1 day | 7 days |",
                &["acknowledgement critical 1 days", "fix critical 7 days"],
            ),
            (
                "Critical issues get patched within 72 hours, high in two weeks.",
                &[
                    "patch-release critical 72 hours",
                    "patch-release high 2 weeks",
                ],
            ),
            ("Bugs get fixed inside of 20 days.", &["fix - 20 days"]),
            (
                "Within 1-2 weeks a core developer confirms or refutes the bug.",
                &["assessment - 1-2 weeks"],
            ),
            (
                "A core developer will confirm the bug within 2 weeks.",
                &["assessment - 2 weeks"],
            ),
            (
                "Within 3 days somebody answers.",
                &["acknowledgement - 3 days"],
            ),
            (
                "Within 10 days we say whether we agree that it is a security problem.",
                &["assessment - 10 days"],
            ),
            (
                "You get news at least once a week.",
                &["status-update - every 1 weeks"],
            ),
            (
                "We'll keep you posted every Friday.",
                &["status-update - every 1 weeks"],
            ),
            (
                "We send updates each Monday.",
                &["status-update - every 1 weeks"],
            ),
            // A day of the week alone, and news of another kind, promise nothing.
            ("We release new versions every Friday.", &[]),
            ("The team meets every Tuesday.", &[]),
            ("Our office is closed on Friday.", &[]),
        ],
    );
}

#[test]
fn promises_in_other_languages() {
    check(
        DE,
        &[
            (
                "Eine erste Einschätzung erhalten Sie binnen zehn Tagen.",
                &["assessment - 10 days"],
            ),
            (
                "Ihre Meldung wird innerhalb von 3 Tagen bestätigt.",
                &["acknowledgement - 3 days"],
            ),
            (
                "Jeden Freitag informieren wir Sie.",
                &["status-update - every 1 weeks"],
            ),
            (
                "| Schritt | Frist |\n|---|---|\n| Erste Bewertung | eine Woche |",
                &["assessment - 1 weeks"],
            ),
        ],
    );
    check(
        FR,
        &[
            (
                "Nous vous tenons au courant toutes les deux semaines.",
                &["status-update - every 2 weeks"],
            ),
            (
                "| Étape | Délai |\n|---|---|\n| Première analyse | une semaine |",
                &["assessment - 1 weeks"],
            ),
            (
                "L'avis est publié au plus tard 7 jours après la sortie du correctif.",
                &["public-disclosure - 7 days"],
            ),
        ],
    );
    check(
        ES,
        &[
            (
                "Acusamos recibo en un plazo de dos días laborables.",
                &["acknowledgement - 2 business-days"],
            ),
            (
                "Te damos una primera valoración en una semana.",
                &["assessment - 1 weeks"],
            ),
            (
                "Te informamos del avance cada quince días.",
                &["status-update - every 15 days"],
            ),
            (
                "Los fallos críticos se corrigen en 30 días y los demás en 90 días.",
                &["fix critical 30 days", "fix - 90 days"],
            ),
            (
                "| Paso | Plazo |\n|---|---|\n| Primera evaluación | una semana |",
                &["assessment - 1 weeks"],
            ),
        ],
    );
}

#[test]
fn addresses_in_plain_words_and_disguises() {
    let bare = "# Security\n\n";
    for (text, address) in [
        (
            "Found a hole? Drop me a line at\nmira (at) kettle (dot) example",
            "mira@kettle.example",
        ),
        (
            "Shoot a note to mira@kettle.example and I will look at the flaw.",
            "mira@kettle.example",
        ),
        (
            "Report holes here: <mira AT kettle DOT org>.",
            "mira@kettle.org",
        ),
        (
            "Melden Sie Lücken an mira [ät] kettle.example",
            "mira@kettle.example",
        ),
        (
            "Melden Sie Lücken an mira (ät) kettle (punkt) de.",
            "mira@kettle.de",
        ),
    ] {
        assert_eq!(channels(bare, text), [format!("email {address}")], "{text}");
    }
}

#[test]
fn silence_leads_to_the_next_place() {
    for (head, text, number) in [
        (
            EN,
            "If we go quiet for more than 10 days, escalate to cto@acme.example.",
            10,
        ),
        (
            EN,
            "If you haven't heard from me after two weeks, feel free to nudge me.",
            2,
        ),
        (
            FR,
            "Sans nouvelles de notre part au bout de 5 jours, écrivez à cert@acme.example.",
            5,
        ),
        (
            DE,
            "Wenn Sie nach 5 Tagen nichts von uns hören, schreiben Sie an chef@acme.example.",
            5,
        ),
    ] {
        let all = labels(head, text);
        assert_eq!(all["escalation"][0]["after_number"], number, "{text}");
        assert_eq!(timeline(head, text), [""; 0], "{text}");
    }
}

#[test]
fn windows_are_asked_for_in_other_languages_too() {
    for (head, text, number) in [
        (
            DE,
            "Bitte halten Sie die Einzelheiten 90 Tage lang geheim.",
            90,
        ),
        (
            FR,
            "Nous vous demandons de garder le silence pendant 45 jours.",
            45,
        ),
    ] {
        let all = labels(head, text);
        assert_eq!(all["disclosure"]["embargo"]["number"], number, "{text}");
        assert_eq!(timeline(head, text), [""; 0], "{text}");
    }
}

#[test]
fn ways_that_are_no_mail() {
    let bare = "# Security policy\n\n## Reporting a vulnerability\n\n";
    for (head, text, expected) in [
        (
            bare,
            "Report it on Matrix to @mira:kettle.example.",
            "chat @mira:kettle.example",
        ),
        (
            bare,
            "Report it by Signal: +1 415 555 0132.",
            "chat +1 415 555 0132",
        ),
        (
            bare,
            "Please report emergencies by phone: +49 30 555 0199.",
            "phone +49 30 555 0199",
        ),
        (
            FR,
            "Écrivez-nous ou utilisez le formulaire https://ruche.example/signaler pour signaler une faille.",
            "form https://ruche.example/signaler",
        ),
        (
            bare,
            "| Channel | Address | Use |\n|---|---|---|\n| Web form | https://kettle.example/psirt/report | anonymous |",
            "form https://kettle.example/psirt/report",
        ),
    ] {
        assert_eq!(channels(head, text), [expected], "{text}");
    }
    // A number of another kind is no telephone.
    for text in [
        "Signal us that you report within 48 hours, case 20261122.",
        "Report bugs in the phone app, version 4.12.1.",
    ] {
        assert_eq!(channels(bare, text), [""; 0], "{text}");
    }
}

fn versions(head: &str, text: &str) -> Vec<String> {
    let all = labels(head, text);
    all["supported_versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| format!("{} {}", v["range"].as_str().unwrap(), v["supported"]))
        .collect()
}

#[test]
fn versions_beside_products_and_in_sentences() {
    for (head, text, expected) in [
        (
            EN,
            "## Supported firmware\n\n| Product | Version | Security updates until |\n|---|---|---|\n| Gateway | 4.x | 2028-12 |\n| Meter | 3.2 | 2029-06 |",
            &["Gateway 4.x true", "Meter 3.2 true"][..],
        ),
        (
            EN,
            "## Supported versions\n\nWe support version 7 and 6.",
            &["7 true", "6 true"][..],
        ),
        (
            EN,
            "Only the latest tag gets fixes.",
            &["latest tag true"][..],
        ),
        (
            EN,
            "Only the newest version is supported.",
            &["newest version true"][..],
        ),
        (
            FR,
            "Seules les branches 3.x et 2.7 reçoivent des correctifs de sécurité.",
            &["3.x true", "2.7 true"][..],
        ),
        (
            EN,
            "## Supported versions\n\nPlease upgrade to version 3.2 to get support.",
            &[][..],
        ),
    ] {
        assert_eq!(versions(head, text), expected, "{text}");
    }
}

#[test]
fn a_plain_word_against_suing_is_a_safe_harbour() {
    let all = labels(
        EN,
        "We won't sue you or call the police if you play by these rules.",
    );
    assert_eq!(all["safe_harbour"]["present"], true);
}
