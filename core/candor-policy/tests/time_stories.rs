//! Sentences about time and what they compile to; sentences that promise nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use serde_json::Value;

/// The label form of a short policy whose part about reports holds this text.
fn labels(text: &str) -> Value {
    let policy =
        format!("# Security policy\n\n## Reporting a vulnerability\n\n{text}\n\nThank you.\n");
    let compiled = candor_policy::compile(policy.as_bytes()).unwrap().value;
    candor_policy::labels(&compiled)
}

fn entry(e: &Value) -> String {
    let word = |k: &str| e[k].as_str().unwrap_or("-").to_owned();
    let least = e["number_min"]
        .as_u64()
        .map_or(String::new(), |n| format!("{n}-"));
    let every = if e["recurring"] == true { "every " } else { "" };
    let from = match word("from").as_str() {
        "receipt" => String::new(),
        other => format!(" from {other}"),
    };
    format!(
        "{} {} {every}{least}{} {}{from}",
        word("milestone"),
        word("severity"),
        e["number"],
        word("unit")
    )
}

fn timeline(text: &str) -> Vec<String> {
    let all = labels(text);
    all["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(entry)
        .collect()
}

fn check(table: &[(&str, &[&str])]) {
    for (text, expected) in table {
        assert_eq!(&timeline(text), expected, "{text}");
    }
}

#[test]
fn sentences_promise_what_they_say() {
    check(&[
        (
            "We will acknowledge your report within 48 hours and send a fuller assessment within five (5) business days.",
            &["acknowledgement - 48 hours", "assessment - 5 business-days"],
        ),
        (
            "You can expect to hear back from us in 2-3 working days.",
            &["acknowledgement - 2-3 business-days"],
        ),
        (
            "Within 72 hours of receiving your email, a maintainer will reply.",
            &["acknowledgement - 72 hours"],
        ),
        (
            "Our team gets back to you by the next business day.",
            &["acknowledgement - 1 business-days"],
        ),
        (
            "We acknowledge every report, and within two weeks we will share a remediation plan.",
            &["plan - 2 weeks"],
        ),
        (
            "Reports are acknowledged and assessed within 7 days.",
            &["assessment - 7 days", "acknowledgement - 7 days"],
        ),
        (
            "We will provide an update on the fix every 14 days.",
            &["status-update - every 14 days"],
        ),
        (
            "You will receive a status update at least weekly.",
            &["status-update - every 1 weeks"],
        ),
        (
            "Once a report is validated, we will release a fix within 30 days.",
            &["patch-release - 30 days from triage"],
        ),
        (
            "We aim to fix critical issues within 7 days, high within 14 days and others within 90 days.",
            &["fix critical 7 days", "fix high 14 days", "fix - 90 days"],
        ),
        (
            "We will publish an advisory within 10 days after the release.",
            &["public-disclosure - 10 days from patch-release"],
        ),
        (
            "Please allow us 5 days to respond to your message.",
            &["acknowledgement - 5 days"],
        ),
        (
            "We respond within 24h to 48h.",
            &["acknowledgement - 24-48 hours"],
        ),
        (
            "We will reply within 48 hours (business days).",
            &["acknowledgement - 48 business-hours"],
        ),
    ]);
}

#[test]
fn lists_and_tables_promise_what_they_say() {
    check(&[
        (
            "Response targets:\n\n- Initial response: 2 business days\n- Triage: within 1 week\n- Status updates: every 10 days\n- Fix: 30 to 90 days\n",
            &[
                "acknowledgement - 2 business-days",
                "triage - 1 weeks",
                "status-update - every 10 days",
                "fix - 30-90 days",
            ],
        ),
        (
            "| Severity | First response | Time to fix |\n|---|---|---|\n| Critical | 24h | 7d |\n| Low | 3 days | 90 days |\n",
            &[
                "acknowledgement critical 24 hours",
                "fix critical 7 days",
                "acknowledgement low 3 days",
                "fix low 90 days",
            ],
        ),
        (
            "| Step | Critical | High |\n|---|---|---|\n| Patch released | 3 days | 10 days |\n",
            &[
                "patch-release critical 3 days",
                "patch-release high 10 days",
            ],
        ),
        (
            "| Severity | Days to fix (days) |\n|---|---|\n| Critical | 5 |\n",
            &["fix critical 5 days"],
        ),
        (
            "Targets (from acknowledgement):\n\n- Critical: fix within 4 days\n",
            &["fix critical 4 days from acknowledgement"],
        ),
        (
            "- **Within 3 days**: confirmation of receipt of your report\n",
            &["acknowledgement - 3 days"],
        ),
    ]);
}

#[test]
fn other_languages_promise_too() {
    check(&[
        (
            "Wir bestätigen den Eingang innerhalb von drei Werktagen.",
            &["acknowledgement - 3 business-days"],
        ),
        (
            "Nous accuserons réception de votre message sous 5 jours ouvrés.",
            &["acknowledgement - 5 business-days"],
        ),
        (
            "Confirmaremos la recepción en un plazo de 72 horas.",
            &["acknowledgement - 72 hours"],
        ),
        (
            "Responderemos em até 2 dias úteis.",
            &["acknowledgement - 2 business-days"],
        ),
        (
            "我们会在三个工作日内回复您。",
            &["acknowledgement - 3 business-days"],
        ),
        (
            "報告から7日以内に返信します。",
            &["acknowledgement - 7 days"],
        ),
    ]);
}

#[test]
fn these_promise_no_time() {
    for text in [
        "Each release is supported for 12 months.",
        "Session tokens expire after 24 hours.",
        "We ask that you keep it private for 90 days before disclosing it.",
        "If you do not hear from us within 7 days, please write to the board.",
        "Our incident response team meets every week.",
        "We scan our dependencies daily.",
        "Distributors are notified 5 days before the release.",
        "A fix that takes more than 60 days is rare.",
        "We will handle your report with care.",
        "Backups are deleted within 30 days.",
    ] {
        assert_eq!(timeline(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn words_without_a_number_keep_their_pace() {
    for (text, expected) in [
        ("We will respond promptly.", "acknowledgement - timely"),
        (
            "We will fix confirmed problems as soon as possible.",
            "fix - asap",
        ),
        (
            "We will keep you informed of our progress.",
            "status-update - regular",
        ),
        (
            "You should get an answer within a few days.",
            "acknowledgement - few-days",
        ),
        (
            "Fixes will ship in the next minor release.",
            "patch-release - next-release",
        ),
        (
            "How long a fix takes depends on its complexity, and we will tell you.",
            "fix - varies",
        ),
        ("Wir melden uns zeitnah.", "acknowledgement - timely"),
    ] {
        let all = labels(text);
        let found: Vec<String> = all["timeline_unquantified"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| {
                let word = |k: &str| e[k].as_str().unwrap_or("-").to_owned();
                format!(
                    "{} {} {}",
                    word("milestone"),
                    word("severity"),
                    word("phrase")
                )
            })
            .collect();
        assert_eq!(found, [expected], "{text}");
    }
    for text in [
        "Let us know as soon as possible.",
        "Please report it promptly.",
        "Users should upgrade as soon as possible.",
        "Nothing is planned before the next release.",
    ] {
        let all = labels(text);
        assert_eq!(
            all["timeline_unquantified"],
            Value::Array(Vec::new()),
            "{text}"
        );
    }
}

#[test]
fn silence_notice_and_windows_have_their_own_place() {
    for (text, number, unit, trigger) in [
        (
            "If you do not receive an acknowledgement within 4 days, write to the board.",
            4,
            "days",
            "no-acknowledgement",
        ),
        (
            "If you have not heard back after a week, please ping a maintainer.",
            1,
            "weeks",
            "no-response",
        ),
        (
            "You should receive a response within 24 hours. If for some reason you do not, please follow up by email.",
            24,
            "hours",
            "no-acknowledgement",
        ),
    ] {
        let all = labels(text);
        let e = &all["escalation"][0];
        assert_eq!(e["after_number"], number, "{text}");
        assert_eq!(e["after_unit"], unit, "{text}");
        assert_eq!(e["trigger"], trigger, "{text}");
    }
    for (text, audience, number, before) in [
        (
            "Distributors are notified 7 days before public disclosure.",
            "distributors",
            7,
            "public-disclosure",
        ),
        (
            "We announce security releases at least 3 days in advance.",
            "public",
            3,
            "release",
        ),
    ] {
        let all = labels(text);
        let e = &all["advance_notice"][0];
        assert_eq!(e["audience"], audience, "{text}");
        assert_eq!(e["number"], number, "{text}");
        assert_eq!(e["before"], before, "{text}");
    }
    for (text, number, promised) in [
        (
            "Please give us 90 days to fix it before you disclose it.",
            90,
            0,
        ),
        ("This project follows a 60-day disclosure policy.", 60, 1),
        (
            "We request 45 days to investigate before public disclosure.",
            45,
            0,
        ),
        ("We will publish the details within 120 days.", 120, 1),
    ] {
        let all = labels(text);
        assert_eq!(all["disclosure"]["embargo"]["number"], number, "{text}");
        assert_eq!(
            all["timeline"].as_array().unwrap().len(),
            promised,
            "{text}"
        );
    }
}
