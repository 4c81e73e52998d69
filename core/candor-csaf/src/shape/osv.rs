//! OSV 1: the record of a vulnerability, by the JSON schema of 1 July 2026.
//!
//! Kept in the order of the schema, so that the two can be laid side by side.

use serde_json::{Map, Value};

use super::format::Format;
use super::note;
use super::pattern::Pattern;
use super::table::{Shape, list, maybe, object, see, text, word};
use crate::finding::Findings;
use crate::path::Path;

/// A whole record.
pub(super) static OSV: Shape = object(
    &["id", "modified"],
    &[
        ("schema_version", text(0)),
        ("id", text(0).like(Pattern::OsvId)),
        ("modified", TIME),
        ("published", TIME),
        ("withdrawn", TIME),
        ("aliases", maybe(&TEXTS)),
        ("related", TEXTS),
        ("upstream", TEXTS),
        ("summary", text(0)),
        ("details", text(0)),
        ("severity", maybe(&SEVERITIES)),
        ("affected", maybe(&AFFECTED)),
        ("references", maybe(&REFERENCES)),
        ("credits", list(0, &CREDIT)),
        ("database_specific", ANYTHING),
    ],
)
.closed()
.also(one_severity);

const TIME: Shape = text(0).format(Format::DateTime).like(Pattern::OsvTime);
const ANYTHING: Shape = object(&[], &[]).free();
static TEXT: Shape = text(0);
const TEXTS: Shape = list(0, &TEXT);

static SEVERITIES: Shape = list(0, &SEVERITY);
static SEVERITY: Shape = object(
    &["type", "score"],
    &[
        ("type", word(&["CVSS_V2", "CVSS_V3", "CVSS_V4", "Ubuntu"])),
        ("score", text(0)),
    ],
)
.free()
.also(score_of_its_type);

static AFFECTED: Shape = list(
    0,
    &object(
        &[],
        &[
            (
                "package",
                object(
                    &["ecosystem", "name"],
                    &[
                        ("ecosystem", text(0).like(Pattern::OsvEcosystem)),
                        ("name", text(0)),
                        ("purl", text(0)),
                    ],
                )
                .free(),
            ),
            ("severity", maybe(&SEVERITIES)),
            ("ranges", list(0, &RANGE)),
            ("versions", TEXTS),
            ("ecosystem_specific", ANYTHING),
            ("database_specific", ANYTHING),
        ],
    )
    .free(),
);

static RANGE: Shape = object(
    &["type", "events"],
    &[
        ("type", word(&["GIT", "SEMVER", "ECOSYSTEM"])),
        ("repo", text(0)),
        ("events", list(1, &EVENT)),
        ("database_specific", ANYTHING),
    ],
)
.free()
.also(events_of_a_range);
static EVENT: Shape = object(&[], &[]).free();

static REFERENCES: Shape = list(
    0,
    &object(
        &["type", "url"],
        &[
            (
                "type",
                word(&[
                    "ADVISORY",
                    "ARTICLE",
                    "DETECTION",
                    "DISCUSSION",
                    "REPORT",
                    "FIX",
                    "INTRODUCED",
                    "GIT",
                    "PACKAGE",
                    "EVIDENCE",
                    "WEB",
                ]),
            ),
            ("url", text(0).format(Format::Uri)),
        ],
    )
    .free(),
);

static CREDIT: Shape = object(
    &["name"],
    &[
        ("name", text(0)),
        ("contact", TEXTS),
        ("type", see(&CREDIT_TYPE)),
    ],
)
.free();
static CREDIT_TYPE: Shape = word(&[
    "FINDER",
    "REPORTER",
    "ANALYST",
    "COORDINATOR",
    "REMEDIATION_DEVELOPER",
    "REMEDIATION_REVIEWER",
    "REMEDIATION_VERIFIER",
    "TOOL",
    "SPONSOR",
    "OTHER",
]);

/// A record has one severity for all, or each affected package its own.
fn one_severity(record: &Map<String, Value>, path: &Path<'_>, out: &mut Findings) {
    let affected = record.get("affected").and_then(Value::as_array);
    let (true, Some(affected)) = (record.contains_key("severity"), affected) else {
        return;
    };
    let list = Path::Key(path, "affected");
    for (index, one) in affected.iter().enumerate() {
        if one.get("severity").is_some_and(|s| !s.is_null()) {
            let place = Path::Index(&list, index);
            let message = "the whole record has a severity, so a part of it has none of its own";
            note(&Path::Key(&place, "severity"), message, out);
        }
    }
}

/// A score is written as its type asks.
fn score_of_its_type(severity: &Map<String, Value>, path: &Path<'_>, out: &mut Findings) {
    let text = |key: &str| severity.get(key).and_then(Value::as_str);
    let (Some(kind), Some(score)) = (text("type"), text("score")) else {
        return;
    };
    let (fits, wanted) = match kind {
        "CVSS_V2" => (Pattern::Cvss2.fits(score), Pattern::Cvss2.words()),
        "CVSS_V3" => (
            Pattern::Cvss30.fits(score) || Pattern::Cvss31.fits(score),
            "a CVSS 3.0 or 3.1 vector",
        ),
        "CVSS_V4" => (Pattern::Cvss4.fits(score), Pattern::Cvss4.words()),
        "Ubuntu" => (
            ["negligible", "low", "medium", "high", "critical"].contains(&score),
            "one of negligible, low, medium, high, critical",
        ),
        _ => return,
    };
    if !fits {
        let message = format!("the text is not {wanted}");
        note(&Path::Key(path, "score"), message, out);
    }
}

/// Each event says one thing, one of them where it begins, and not both ways how it ends.
fn events_of_a_range(range: &Map<String, Value>, path: &Path<'_>, out: &mut Findings) {
    const KINDS: [&str; 4] = ["introduced", "fixed", "last_affected", "limit"];
    let Some(events) = range.get("events").and_then(Value::as_array) else {
        return;
    };
    let git = range.get("type").and_then(Value::as_str) == Some("GIT");
    let list = Path::Key(path, "events");
    if git && !range.contains_key("repo") {
        note(path, "`repo` is missing: the range is one of git", out);
    }
    for (index, event) in events.iter().enumerate() {
        let told = KINDS.iter().filter_map(|kind| event.get(*kind)?.as_str());
        let told: Vec<&str> = told.collect();
        let place = Path::Index(&list, index);
        if event.is_object() && told.len() != 1 {
            let message = format!("an event has exactly one of {} as a text", KINDS.join(", "));
            note(&place, message, out);
        }
        let commits = told.iter().filter(|t| Pattern::GitCommit.fits(t)).count();
        if git && told.len() == 1 && commits != 1 {
            let message = format!("the event does not name {}", Pattern::GitCommit.words());
            note(&place, message, out);
        }
    }
    let any = |kind: &str| events.iter().any(|event| event.get(kind).is_some());
    if !events.is_empty() && !any("introduced") {
        note(&list, "no event says where it was `introduced`", out);
    }
    if any("last_affected") && any("fixed") {
        let message = "a range has `fixed` or `last_affected`, not both";
        note(&list, message, out);
    }
}
