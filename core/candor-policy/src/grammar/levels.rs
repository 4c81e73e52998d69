//! Severities that are written as levels or scores: "P1", "SEV-2", "S3", "CVSS 7.0-8.9", "urgent".
//!
//! Invariants: a level counts only where it stands for a class of flaws: alone in a cell or a
//! head, or before "issues" and its like; a storage service is no severity.
//!
//! Deliberately absent: severity words; they stand in the tables of words.

use crate::model::Severity;

/// Most words of a cell or head that may be nothing but a level.
const ALONE: usize = 3;

/// The severities that levels or scores of a text stand for, in order, without repeats.
pub(super) fn severities(low: &str, alone: bool) -> Vec<Severity> {
    let mut out = Vec::new();
    if !low.bytes().any(|b| b.is_ascii_digit()) && !low.contains("urgent") {
        return out;
    }
    let words: Vec<&str> = low
        .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';' | ':' | '/' | '*'))
        .filter(|w| !w.is_empty())
        .collect();
    let short = alone && words.len() <= ALONE;
    let zero = words
        .iter()
        .any(|w| matches!(*w, "p0" | "s0" | "sev0" | "sev-0"));
    for (i, word) in words.iter().enumerate() {
        let next = words.get(i + 1).copied().unwrap_or("");
        let Some(step) = level(word, next) else {
            continue;
        };
        let behind = words.get(i + 1..).unwrap_or(&[]).iter().take(3);
        let noun = behind
            .clone()
            .any(|w| NOUNS.iter().any(|n| w.starts_with(n)));
        let joined = behind
            .clone()
            .next()
            .is_some_and(|w| matches!(*w, "and" | "or" | "&"))
            && noun;
        if !(short || noun || joined) {
            continue;
        }
        let found = of_step(step, zero);
        if let Some(found) = found.filter(|s| !out.contains(s)) {
            out.push(found);
        }
    }
    if out.is_empty() {
        out.extend(of_score(low));
    }
    out
}

/// What levels are of.
const NOUNS: [&str; 8] = [
    "issue", "bug", "vulnerab", "finding", "flaw", "incident", "report", "problem",
];

/// The number of a level: "p1", "sev-2", "severity 3", "urgent" (the highest).
fn level(word: &str, next: &str) -> Option<u32> {
    if matches!(word, "urgent" | "blocker") {
        return Some(1);
    }
    if matches!(word, "sev" | "severity" | "priority") && next.len() == 1 {
        return next.parse().ok();
    }
    let rest = word
        .strip_prefix("sev")
        .or_else(|| word.strip_prefix('p'))
        .or_else(|| word.strip_prefix('s'))?;
    let digits = rest.strip_prefix('-').unwrap_or(rest);
    (digits.len() == 1).then(|| digits.parse().ok()).flatten()
}

/// Levels count from one, or from nought where the text has one.
fn of_step(step: u32, zero: bool) -> Option<Severity> {
    match if zero { step + 1 } else { step.max(1) } {
        1 => Some(Severity::Critical),
        2 => Some(Severity::High),
        3 => Some(Severity::Medium),
        4 => Some(Severity::Low),
        _ => None,
    }
}

/// "CVSS 7.0-8.9", "CVSS >= 9.0", "CVSS 9+".
fn of_score(low: &str) -> Option<Severity> {
    let at = low.find("cvss")?;
    let tail = low.get(at + 4..)?;
    let from = tail.find(|c: char| c.is_ascii_digit())?;
    let lead = tail.get(..from)?;
    // "CVSS v3.1" names the calculator; "CVSS below 4" is open downwards.
    if from > 14 || lead.ends_with('v') || lead.contains("version") {
        return None;
    }
    let least = first_number(tail.get(from..)?)?;
    let below = ["<", "≤", "below", "under", "less"]
        .iter()
        .any(|w| lead.contains(w));
    let range = [
        (90, Severity::Critical),
        (70, Severity::High),
        (40, Severity::Medium),
    ];
    if below {
        return (least <= 40).then_some(Severity::Low);
    }
    let whole = tail.get(from..)?;
    let bounded =
        whole.contains(['-', '–', '+', '—']) || lead.contains(['>', '≥']) || whole.contains(" to ");
    if !bounded {
        return None;
    }
    let found = range.iter().find(|(low, _)| *low == least).map(|(_, s)| *s);
    found.or_else(|| (least <= 1).then_some(Severity::Low))
}

/// A score in tenths.
fn first_number(text: &str) -> Option<u32> {
    let until = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let written = text.get(..until)?.trim_end_matches('.');
    let (whole, part) = written.split_once('.').unwrap_or((written, "0"));
    let whole: u32 = whole.parse().ok()?;
    let part: u32 = part.get(..1)?.parse().ok()?;
    (whole <= 10).then_some(whole * 10 + part)
}
