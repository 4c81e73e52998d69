//! Families of wordings without a number, of silence and of word in advance, one a line.
//!
//! `~step/severity:words` is a promise without a number, `esc:number unit:what is missing`
//! what a reporter does when nothing comes, `adv-who:number unit:before what` word in
//! advance; `-` is a text that says none of these. Promises with a number stand in
//! `time_families`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use serde_json::Value;

const STORIES: &str = include_str!("fixtures/time_words.txt");

fn step(milestone: &str) -> &str {
    match milestone {
        "acknowledgement" => "ack",
        "assessment" => "assess",
        "decision" => "dec",
        "status-update" => "upd",
        "patch-release" => "patch",
        "public-disclosure" => "pub",
        other => other,
    }
}

fn word<'a>(e: &'a Value, key: &str) -> &'a str {
    e[key].as_str().unwrap_or("")
}

fn list(labels: &Value, key: &str) -> Vec<Value> {
    labels[key].as_array().unwrap().clone()
}

fn told(text: &str) -> String {
    let policy = format!(
        "# Security Policy\n\n## Reporting a Vulnerability\n\n\
         Please report issues to security@acme.org.\n\n{text}\n"
    );
    let compiled = candor_policy::compile(policy.as_bytes()).unwrap().value;
    let labels = candor_policy::labels(&compiled);
    let mut out: Vec<String> = Vec::new();
    for e in list(&labels, "timeline_unquantified") {
        let severity = word(&e, "severity");
        let severity = if severity.is_empty() {
            String::new()
        } else {
            format!("/{severity}")
        };
        let milestone = step(word(&e, "milestone")).to_owned();
        out.push(format!("~{milestone}{severity}:{}", word(&e, "phrase")));
    }
    for e in list(&labels, "escalation") {
        out.push(format!(
            "esc:{}{}:{}",
            e["after_number"],
            word(&e, "after_unit").chars().next().unwrap(),
            word(&e, "trigger")
        ));
    }
    for e in list(&labels, "advance_notice") {
        out.push(format!(
            "adv-{}:{}{}:{}",
            word(&e, "audience"),
            e["number"],
            word(&e, "unit").chars().next().unwrap(),
            word(&e, "before")
        ));
    }
    if out.is_empty() {
        out.push("-".to_owned());
    }
    out.join(" ")
}

#[test]
fn each_family_says_what_it_says() {
    let mut wrong = Vec::new();
    for line in STORIES.lines() {
        let (expected, text) = line.split_once(" | ").expect("two parts");
        let text = text.replace("\\n", "\n");
        let found = told(&text);
        if found != expected {
            wrong.push(format!("{text}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
