//! Families of wordings about time, one a line: what the text promises, then the text.
//!
//! A promise is written `step/severity:number unit`, with `*` when it recurs; `emb` is the
//! window until publication; `-` is a text that promises no time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use serde_json::Value;

const STORIES: &str = include_str!("fixtures/time_families.txt");

fn step(milestone: &str) -> &str {
    match milestone {
        "acknowledgement" => "ack",
        "assessment" => "assess",
        "decision" => "dec",
        "status-update" => "upd",
        "patch-release" => "patch",
        "public-disclosure" => "pub",
        "advisory" => "adv",
        other => other,
    }
}

fn unit(word: &str) -> &str {
    match word {
        "hours" => "h",
        "days" => "d",
        "business-days" => "bd",
        "weeks" => "w",
        "months" => "m",
        other => other,
    }
}

fn entry(e: &Value) -> String {
    let severity = e["severity"]
        .as_str()
        .map_or(String::new(), |s| format!("/{s}"));
    let least = e["number_min"]
        .as_u64()
        .map_or(String::new(), |n| format!("{n}-"));
    let every = if e["recurring"] == true { "*" } else { "" };
    format!(
        "{}{severity}:{least}{}{}{every}",
        step(e["milestone"].as_str().unwrap()),
        e["number"],
        unit(e["unit"].as_str().unwrap())
    )
}

fn told(text: &str) -> String {
    let policy = format!(
        "# Security Policy\n\n## Reporting a Vulnerability\n\n\
         Please report issues to security@acme.org.\n\n{text}\n"
    );
    let compiled = candor_policy::compile(policy.as_bytes()).unwrap().value;
    let labels = candor_policy::labels(&compiled);
    let mut out: Vec<String> = labels["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(entry)
        .collect();
    let window = &labels["disclosure"]["embargo"];
    if let (Some(number), Some(unit)) = (window["number"].as_u64(), window["unit"].as_str()) {
        out.push(format!(
            "emb:{number}{}",
            unit.chars().take(1).collect::<String>()
        ));
    }
    if out.is_empty() {
        out.push("-".to_owned());
    }
    out.join(" ")
}

#[test]
fn each_family_promises_what_it_says() {
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
