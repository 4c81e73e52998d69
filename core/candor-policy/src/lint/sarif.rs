//! Findings as SARIF 2.1.0, the form that code hosts show beside a file's lines.
//!
//! Source: OASIS SARIF 2.1.0, sections 3.13 to 3.49.
//!
//! Deliberately absent: fingerprints; hosts make their own from rule and place.

use std::fmt::Write as _;

use candor_base::{Finding, Level};
use serde_json::{Value, json};

use super::rules::{LINT_RULES, lint_rule};

/// A file and what was noticed in it.
#[derive(Debug, Clone, Copy)]
pub struct LintedFile<'a> {
    /// Its path as given, with forward slashes.
    pub path: &'a str,
    /// What was noticed.
    pub findings: &'a [Finding],
}

/// All files as one run. `version` is the version of the program, `pages` the address below
/// which the page of each rule stands, when there is one.
pub fn sarif(files: &[LintedFile<'_>], version: &str, pages: Option<&str>) -> Value {
    let rules: Vec<Value> = LINT_RULES
        .iter()
        .map(|rule| {
            let mut one = json!({
                "id": rule.code,
                "shortDescription": { "text": rule.title },
                "fullDescription": { "text": rule.why },
                "defaultConfiguration": { "level": level(rule.level) },
                "help": { "text": rule.page, "markdown": rule.page },
            });
            if let (Some(pages), Some(map)) = (pages, one.as_object_mut()) {
                let uri = format!("{}/{}", pages.trim_end_matches('/'), rule.path());
                map.insert("helpUri".to_owned(), Value::String(uri));
            }
            one
        })
        .collect();
    let results: Vec<Value> = files
        .iter()
        .flat_map(|file| file.findings.iter().map(|f| result(file.path, f)))
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "Candor", "version": version, "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Note => "note",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}

fn result(path: &str, finding: &Finding) -> Value {
    // What is missing stands nowhere; hosts need a line, so it is shown at the first.
    let (first, last) = finding.span.map_or((1, 1), |s| (s.first, s.last));
    let index = LINT_RULES.iter().position(|r| r.code == finding.code);
    let why = lint_rule(&finding.code).map_or("", |r| r.why);
    let mut one = json!({
        "ruleId": finding.code,
        "level": level(finding.level),
        "message": { "text": format!("{} {why} {}", finding.message, finding.help) },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": uri(path) },
                "region": { "startLine": first, "endLine": last },
            },
        }],
    });
    if let (Some(index), Some(map)) = (index, one.as_object_mut()) {
        map.insert("ruleIndex".to_owned(), json!(index));
    }
    one
}

/// A path as a reference (RFC 3986), relative where the path is: what is no plain letter is
/// escaped.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for byte in path.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
