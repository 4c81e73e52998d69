//! Laws: no input stops the compiler, spans lie inside the text, hostile texts are read quickly.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::string_slice,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use candor_policy::{PolicyInForce, Settings, compile};
use proptest::prelude::*;

/// Runs everything that works from a policy.
fn use_all(policy: &PolicyInForce) {
    let _ = candor_policy::clocks(policy);
    let _ = candor_policy::form(policy);
    let _ = candor_policy::complete(policy, &BTreeMap::new(), 0);
    let _ = candor_policy::branches(policy);
    let _ = candor_policy::support(policy, "1.2.3");
    let _ = candor_policy::promises_in_words(policy);
    let _ = candor_policy::labels(&policy.policy);
    let _ = candor_policy::not_yet_run(&policy.policy);
    let _ = candor_policy::questions(policy);
    let _ = candor_policy::severity_for(&policy.policy, "remote code execution");
}

/// Every `span` in a JSON value.
fn spans(value: &serde_json::Value, out: &mut Vec<(u64, u64)>) {
    match value {
        serde_json::Value::Object(map) => {
            if let Some(span) = map.get("span").filter(|s| s.is_object()) {
                out.push((
                    span["first"].as_u64().unwrap(),
                    span["last"].as_u64().unwrap(),
                ));
            }
            map.values().for_each(|v| spans(v, out));
        }
        serde_json::Value::Array(list) => list.iter().for_each(|v| spans(v, out)),
        _ => {}
    }
}

fn check(text: &str) {
    let Ok(found) = compile(text.as_bytes()) else {
        return;
    };
    let json = serde_json::to_value(&found.value).unwrap();
    let back: candor_policy::Policy = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(back, found.value);
    let lines = text.split('\n').count() as u64;
    let mut all = Vec::new();
    spans(&json, &mut all);
    for (first, last) in all {
        assert!(
            1 <= first && first <= last && last <= lines,
            "{first}-{last} of {lines}"
        );
    }
    let policy = PolicyInForce::assemble(text.as_bytes(), found.value, Settings::default());
    use_all(&policy);
}

const PIECES: &[&str] = &[
    "security",
    "vulnerability",
    "# ",
    "\n",
    "\n\n",
    "- ",
    "* ",
    "1. ",
    "| ",
    "|---|---|\n",
    "\t",
    "```",
    "<!--",
    "-->",
    "-----BEGIN PGP",
    "-----END PGP",
    "within 48 hours",
    "5 business days",
    "every week",
    "acknowledge",
    "fix",
    "we will",
    "please include:",
    "out of scope",
    "in scope:",
    "[a](b)",
    "[a]: b",
    "<x@y.example>",
    "security [at] host.org",
    "Critical",
    "High: ",
    "(",
    ")",
    ":",
    "apps/web—",
    "x/api",
    "secret_key: 1\nother_key: 2\n",
    "# c\n",
    "Supported versions",
    "Version",
    "ß",
    "İ",
    "日本",
    "until:",
    "disclose",
    "publicly",
    "90 days",
    "\u{a0}",
    "\r\n",
    "`",
    "**",
    "_",
    "&#64;",
    "\\",
    "4294967295 days",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = compile(&bytes);
        let mut text = b"security\n".to_vec();
        text.extend(bytes.iter().filter(|b| **b != 0));
        let _ = compile(&text);
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,300}") {
        check(&format!("security {text}"));
    }

    #[test]
    fn pieces_of_policies_in_any_order(picks in proptest::collection::vec(0..PIECES.len(), 0..60)) {
        let text: String = picks.iter().map(|i| PIECES[*i]).collect();
        check(&format!("security\n{text}"));
    }
}

#[test]
fn a_cut_anywhere_is_answered() {
    let text = include_str!("fixtures/lantern.md");
    for (at, _) in text.char_indices().step_by(41) {
        check(&text[..at]);
        check(&format!("security {}", &text[at..]));
    }
}

#[test]
fn all_shared_texts_are_answered() {
    if common::shared_text("000_").is_none() {
        return;
    }
    for prefix in [
        "000_", "001_", "002_", "003_", "004_", "k8s", "undici", "gm-zh", "irrd", "log4j",
    ] {
        let bytes = common::shared_text(prefix).unwrap();
        check(&String::from_utf8_lossy(&bytes));
    }
}

fn time_of(piece: &str, size: usize) -> Duration {
    let mut text = String::from("security\n");
    text.push_str(&piece.repeat(size / piece.len()));
    let start = Instant::now();
    let _ = compile(text.as_bytes());
    start.elapsed()
}

#[test]
fn hostile_texts_are_read_quickly() {
    for piece in [
        "*",
        "|",
        "- ",
        "[",
        "](",
        "[a](",
        "<",
        "_*",
        "`",
        "&",
        "\n- ",
        "\n|",
        "a/",
        "apps/",
        "1 ",
        "a. A",
        "within 5 days ",
        "<!--",
        "\n# x",
        "[a]: b\n",
        "x@y.z ",
        "> ",
        "\n\t- ",
        "|-|\n",
        "security\n",
        "(",
        "e.g.\n",
        "x\n",
    ] {
        let took = time_of(piece, 1 << 14);
        assert!(took < Duration::from_secs(8), "{piece:?} took {took:?}");
    }
}

#[test]
fn a_hostile_megabyte_is_read_in_linear_time() {
    for piece in ["[", "1 "] {
        let took = time_of(piece, (1 << 20) - 16);
        assert!(took < Duration::from_secs(30), "{piece:?} took {took:?}");
    }
}
