//! How and when details become public: short sentences and what each compiles to, and
//! sentences beside them that say nothing of the kind.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_policy::{compile, labels};
use serde_json::{Value, json};

fn disclosure(text: &str, key: &str) -> Value {
    let text = format!("# Security policy\n\nMail security@lantern.test.\n\n{text}\n");
    let policy = compile(text.as_bytes()).unwrap().value;
    labels(&policy)["disclosure"][key].clone()
}

#[test]
fn disclosure_is_coordinated() {
    for text in [
        "We follow coordinated vulnerability disclosure.",
        "We practise responsible disclosure.",
        "Please disclose problems responsibly.",
        "We appreciate your efforts to responsibly disclose your findings.",
        "We coordinate the release of a fix with you.",
        "The disclosure date is agreed with the reporter.",
        "Please do not publish details until a fix is available.",
        "Keep the report confidential until we have released a patch.",
        "Please allow us a reasonable amount of time to fix it before you publish.",
        "We publish an advisory once a fix is released.",
        "Avoid public disclosure before mitigation is available.",
        "Disclosure may be embargoed to give people time to update.",
        "Details are made public after the patch is out.",
        "The issue stays under embargo until the release.",
        "This project follows a 90 day disclosure timeline.",
        "We ask you to let us address the problem before public disclosure.",
        "## Coordinated disclosure\n\nWrite to us.",
        "Wir verfolgen eine koordinierte Offenlegung.",
        "Bitte veröffentlichen Sie nichts, bis der Fehler behoben ist.",
        "Nous suivons une divulgation responsable.",
        "Merci de respecter la confidentialité jusqu'à la publication d'un correctif.",
        "Seguimos una divulgación coordinada.",
        "Adotamos a divulgação responsável.",
        "Seguiamo la divulgazione responsabile.",
        "请负责任地披露漏洞。",
        "请勿在修复前公开漏洞细节。",
        "修正が完了するまで詳細を公開しないでください。",
    ] {
        assert_eq!(disclosure(text, "model"), "coordinated", "{text}");
    }
}

#[test]
fn full_disclosure_is_another_model() {
    for text in [
        "We believe in full disclosure and publish every report on arrival.",
        "Our policy of full disclosure means that reports are public.",
    ] {
        assert_eq!(disclosure(text, "model"), "full", "{text}");
    }
    let text = "Disclosure policy is to disclose a problem 90 days after the report.";
    assert_eq!(disclosure(text, "model"), "coordinated", "{text}");
}

#[test]
fn a_ban_on_public_issues_alone_is_no_model() {
    for text in [
        "Do not open a public issue.",
        "Please report privately.",
        "Report it responsibly by e-mail.",
        "We answer within three days and release a fix.",
        "Information disclosure is in scope.",
        "For the protection of users the team does not disclose, discuss, or confirm security issues until an update is available.",
        "This project has no embargo list.",
        "Please do not file a public ticket, as doing so helps attackers before a fix exists.",
        "Search the public tracker before reporting a fixed problem.",
    ] {
        assert_eq!(disclosure(text, "model"), "none-stated", "{text}");
    }
}

#[test]
fn some_things_are_published_earlier() {
    let cases: &[(&str, Value)] = &[
        (
            "If the issue is being actively exploited, we may disclose it earlier.",
            json!(["actively-exploited"]),
        ),
        (
            "The embargo may be shortened when the problem is publicly known.",
            json!(["publicly-known"]),
        ),
        (
            "Public disclosure happens after 90 days, or earlier if a fix is available.",
            json!(["fix-ready"]),
        ),
        (
            "We publish after 90 days or when a patch is released, whichever comes first.",
            json!(["fix-ready"]),
        ),
        (
            "For a problem with a straightforward mitigation we expect report date to disclosure date to be short.",
            json!(["simple-mitigation"]),
        ),
        (
            "We may publicly disclose the issue before resolving it.",
            json!(["other"]),
        ),
        // A wish to hear soon, a quick fix and a ban say nothing of it.
        (
            "If you know of a publicly disclosed vulnerability, please report it immediately.",
            json!([]),
        ),
        ("Critical problems are fixed quickly.", json!([])),
        // A time of its own is a promise, not a rule beside another.
        (
            "We keep these times:\n\n- Public disclosure of critical issues: immediately",
            json!([]),
        ),
        ("Do not disclose it before a fix is available.", json!([])),
    ];
    for (text, wanted) in cases {
        assert_eq!(disclosure(text, "early_conditions"), *wanted, "{text}");
    }
}

#[test]
fn some_things_are_published_later() {
    let cases: &[(&str, Value)] = &[
        (
            "Disclosure may take longer for complex problems.",
            json!(["complex-fix"]),
        ),
        (
            "We may delay disclosure when the fix is not ready.",
            json!(["fix-not-ready"]),
        ),
        (
            "The embargo can be extended by mutual agreement.",
            json!(["agreement"]),
        ),
        (
            "We may delay disclosure for vendor coordination.",
            json!(["coordination"]),
        ),
        (
            "Publication is delayed when critical infrastructure is at risk.",
            json!(["high-value-target"]),
        ),
        (
            "We disclose after 90 days unless there are exceptional circumstances, then later.",
            json!(["other"]),
        ),
        (
            "La divulgation suit après 90 jours, sauf accord contraire.",
            json!(["agreement"]),
        ),
        // A long assessment is no late publication.
        (
            "The assessment may take longer for complex problems.",
            json!([]),
        ),
        ("We publish after 90 days.", json!([])),
    ];
    for (text, wanted) in cases {
        assert_eq!(disclosure(text, "extension_conditions"), *wanted, "{text}");
    }
}
