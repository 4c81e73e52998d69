//! Sentences that tell what was, or speak of the times of other matters.
//!
//! Invariants: words about what will be keep a sentence from being history; a sentence
//! that speaks of security problems or reports is never one about other matters.
//!
//! Deliberately absent: titles of documents; see [`super::other_documents`].

use crate::read::Unit;
use crate::vocab;

/// Acts that were done.
const DONE: &[&str] = &[
    "we acknowledged",
    "we fixed",
    "we shipped",
    "we released",
    "we patched",
    "we responded",
    "we replied",
    "we published",
    "we reported",
    "we contacted",
    "we deployed",
    "vendor acknowledged",
    "vendor fixed",
    "vendor responded",
    "vendor replied",
    "vendor released",
    "vendor patched",
    "vendor confirmed",
    "team fixed",
    "team responded",
    "maintainers fixed",
    "maintainers responded",
    "maintainer fixed",
    "they fixed",
    "they responded",
    "was able to fix",
    "were able to fix",
];

/// Words of what is to come, or of a condition.
const TO_COME: &[&str] = &[
    "will$",
    "'ll$",
    "aim$",
    "shall$",
    "commit",
    "strive",
    "target",
    "goal",
    "expect",
    "usually",
    "typically",
    "try$",
    "once$",
    "after$",
    "when$",
    "until$",
    "if$",
    "before$",
    "always",
];

/// Other matters with times of their own.
const OTHER_MATTERS: &[&str] = &[
    "pull request",
    "merge request",
    "feature request",
    "your application",
    "job application",
    "support request",
    "support ticket",
    "complaint",
    "refund",
    "your order",
    "invoice",
    "homework",
    "exercise ",
    "scan runs",
    "scans run",
    "alert within",
    "alerts within",
    "alert in$",
    "page the on-call",
];

/// Words that keep a sentence about reports.
const OF_REPORTS: &[&str] = &["vulnerab", "security", "report$", "reports$", "reporter"];

/// Acts that a reader is told to do on another's behalf.
const OTHERS_WORK: &[&str] = &[
    "you will triage",
    "you will handle",
    "you will fix",
    "you will respond",
    "you'll triage",
    "you'll respond",
    "recommend to fix",
    "recommend fixing",
    "recommend that you fix",
    "recommend patching",
    "exercise ",
];

/// Months, lower case, as far as they tell them.
const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mai",
    "dez", "ene", "fév", "mär",
];

/// Whether a unit promises nothing: it is history, or about something else.
pub(super) fn is_no_promise(unit: &Unit) -> bool {
    let low = unit.low.as_str();
    let fits = |words: &[&str]| vocab::fits_any(low, words);
    is_dated(low)
        || fits(OTHERS_WORK)
        || fits(DONE) && !fits(TO_COME)
        || fits(OTHER_MATTERS) && !fits(OF_REPORTS)
}

/// "2026-03-01: reported", "March 4 – fixed": an entry of a history begins with its day.
fn is_dated(low: &str) -> bool {
    let text = low.trim_start_matches(|c: char| !c.is_alphanumeric());
    let mut words = text
        .split([' ', ':', ',', '–', '—', '|'])
        .filter(|w| !w.is_empty());
    let (first, second) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let day = |w: &str| {
        let bare = w.trim_end_matches(['.', ',']);
        let bare = ["st", "nd", "rd", "th"]
            .iter()
            .find_map(|e| bare.strip_suffix(e))
            .unwrap_or(bare);
        (1..=2).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_digit())
    };
    let month = |w: &str| {
        w.chars().all(char::is_alphabetic)
            && w.len() <= 9
            && MONTHS.iter().any(|m| w.starts_with(m))
    };
    let parts: Vec<&str> = first.split(['-', '/', '.']).collect();
    let figures = parts.len() == 3
        && parts
            .iter()
            .all(|p| (1..=4).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
        && parts.iter().any(|p| p.len() == 4);
    figures || month(first) && day(second) || day(first) && month(second)
}
