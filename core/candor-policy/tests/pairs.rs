//! The same policy in several mark-up languages, and with its headings taken
//! away, says the same.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::fmt::Write as _;

use candor_policy::compile;
use serde_json::Value;

const STYLES: [(&str, &str); 5] = [
    ("Markdown", include_str!("fixtures/styles/policy.md")),
    (
        "reStructuredText",
        include_str!("fixtures/styles/policy.rst"),
    ),
    ("AsciiDoc", include_str!("fixtures/styles/policy.adoc")),
    ("plain text", include_str!("fixtures/styles/policy.txt")),
    ("HTML", include_str!("fixtures/styles/policy.html")),
];

/// A policy without where and in which words it says what it says.
fn said(text: &str) -> Value {
    let mut value = serde_json::to_value(compile(text.as_bytes()).unwrap().value).unwrap();
    bare(&mut value);
    value
}

fn bare(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for key in ["id", "span", "quote", "items"] {
                map.remove(key);
            }
            map.values_mut().for_each(bare);
        }
        Value::Array(list) => list.iter_mut().for_each(bare),
        _ => {}
    }
}

/// Where two policies differ, for a message that can be read.
fn difference(one: &Value, other: &Value) -> String {
    let (Value::Object(one), Value::Object(other)) = (one, other) else {
        return String::new();
    };
    let mut out = String::new();
    for (key, value) in one {
        if other.get(key) != Some(value) {
            let _ = writeln!(out, "{key}:\n  {value}\n  {}", other[key]);
        }
    }
    out
}

fn assert_same(name: &str, one: &Value, other: &Value) {
    assert!(one == other, "{name}:\n{}", difference(one, other));
}

#[test]
fn five_styles_say_the_same() {
    let first = said(STYLES[0].1);
    for (name, text) in &STYLES[1..] {
        assert_same(name, &first, &said(text));
    }
}

#[test]
fn the_policy_is_the_one_that_was_written() {
    let policy = compile(STYLES[0].1.as_bytes()).unwrap().value;
    assert_eq!(policy.promises.len(), 3);
    assert_eq!(policy.versions.len(), 3);
    assert_eq!(policy.contents.len(), 4);
    assert_eq!(policy.out_of_scope.len(), 2);
    assert!(policy.credit.is_some());
    assert!(!policy.channels.is_empty() && !policy.public_ban.is_empty());
}

/// The Markdown text with the line of each heading changed.
fn headings(change: impl Fn(&str) -> String) -> String {
    STYLES[0]
        .1
        .lines()
        .map(|line| match line.trim_start_matches('#') {
            words if words.len() < line.len() => change(words.trim()),
            _ => line.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// How a heading is written.
type Form = fn(&str) -> String;

#[test]
fn headings_of_every_form_say_the_same() {
    let first = said(STYLES[0].1);
    let forms: [(&str, Form); 5] = [
        ("underlined", |t| format!("{t}\n{}", "-".repeat(t.len()))),
        ("bold", |t| format!("**{t}**")),
        ("without marks", str::to_owned),
        ("in capitals", str::to_uppercase),
        ("with an emoji", |t| format!("## 🔒 {t}")),
    ];
    for (name, form) in forms {
        assert_same(name, &first, &said(&headings(form)));
    }
}

#[test]
fn without_any_heading_the_same_is_said_but_for_the_name() {
    let mut first = said(STYLES[0].1);
    let mut other = said(&headings(|_| String::new()));
    for value in [&mut first, &mut other] {
        // The product is named in the first heading only.
        value.as_object_mut().unwrap().remove("product");
    }
    assert_same("no headings", &first, &other);
}

#[test]
fn line_ends_and_encodings_change_nothing() {
    let text = STYLES[0].1;
    let first = said(text);
    assert_same("CRLF", &first, &said(&text.replace('\n', "\r\n")));
    assert_same("mark", &first, &said(&format!("\u{feff}{text}")));
    let mut wide = vec![0xff, 0xfe];
    wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let mut value = serde_json::to_value(compile(&wide).unwrap().value).unwrap();
    bare(&mut value);
    assert_same("UTF-16", &first, &value);
}

/// A seed with headings put before the lines that begin so.
fn with_headings(prefix: &str, headings: &[(&str, &str)]) -> Option<(String, String)> {
    let bytes = common::shared_text(prefix)?;
    let text = String::from_utf8(bytes).unwrap();
    let mut out = String::new();
    let mut left = headings.to_vec();
    for line in text.lines() {
        if let Some(at) = left.iter().position(|(start, _)| line.starts_with(start)) {
            let (_, heading) = left.remove(at);
            let _ = write!(out, "\n## {heading}\n\n");
        }
        out += line;
        out.push('\n');
    }
    assert!(left.is_empty(), "not in the text: {left:?}");
    Some((text, out))
}

#[test]
fn a_seed_says_the_same_with_its_headings_restored() {
    let headings = [
        ("The following table indicates", "Supported Versions"),
        ("The following components", "Scope"),
        ("We take security", "Reporting a Vulnerability"),
        ("We are committed to the following", "Response Timeline"),
        ("We classify", "Severity Classification"),
        ("We follow a coordinated", "Disclosure Policy"),
        ("We request that reporters", "Guidelines for Reporters"),
        ("When deploying", "Security Best Practices"),
        ("Security updates are announced", "Security Updates"),
        ("We gratefully acknowledge", "Acknowledgments"),
    ];
    let Some((seed, restored)) = with_headings("000_", &headings) else {
        return;
    };
    assert_same("seed 000", &said(&seed), &said(&restored));
}

#[test]
fn another_seed_says_the_same_with_its_headings_restored() {
    let headings = [
        ("Only the latest release", "Supported Versions"),
        ("We take the security", "Reporting a Vulnerability"),
        ("Please include the following", "What to Include"),
        ("If your report contains sensitive", "Encryption"),
        ("We are committed to the following", "Response Timeline"),
        ("The following are in scope", "Scope"),
        ("- Receipt", "Disclosure Process"),
        ("We credit security", "Recognition"),
        ("ThreatDex is an open-source", "Safe Harbor"),
        ("- Security email", "Contact"),
    ];
    let Some((seed, restored)) = with_headings("001_", &headings) else {
        return;
    };
    assert_same("seed 001", &said(&seed), &said(&restored));
}
