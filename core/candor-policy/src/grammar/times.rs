//! From words to a [`Term`]: numbers first, then "immediate", "next release", then vague words.
//!
//! Invariants: vague words never become a number.
//!
//! Deliberately absent: milestones.

use super::durations::{Duration, durations};
use crate::model::{Origin, Severity, Term};
use crate::vocab::{self, LANGUAGES};

/// The term a time stands for.
pub(super) fn of_duration(d: &Duration) -> Term {
    if d.every {
        Term::Every {
            amount: d.amount,
            unit: d.unit,
        }
    } else {
        Term::Within {
            amount: d.amount,
            at_least: d.at_least,
            unit: d.unit,
        }
    }
}

/// The first term of a short text with or without a number.
pub(super) fn of_text(low: &str) -> Option<Term> {
    if let Some(d) = durations(low).first() {
        return Some(of_duration(d));
    }
    if vocab::any(low, |l| l.next_release) {
        return Some(Term::NextRelease);
    }
    if vocab::any(low, |l| l.immediate) {
        return Some(Term::Immediate);
    }
    None
}

/// Vague words in a text, as they stand.
pub(super) fn vague(low: &str, cell: bool) -> Option<(usize, usize)> {
    let mut found = vocab::places(low, |l| l.vague);
    if cell {
        found.extend(vocab::places(low, |l| l.vague_cells));
    }
    // The first language with such words counts.
    LANGUAGES.iter().find_map(|l| {
        found
            .iter()
            .filter(|(code, ..)| *code == l.code)
            .map(|(_, s, e)| (*s, *e))
            .min_by_key(|(s, e)| (*s, std::cmp::Reverse(*e)))
    })
}

/// What starts a clock, told right behind its time.
pub(super) fn origin(after: &str) -> Origin {
    let near: String = after.chars().take(40).collect();
    let near = format!(" {}", near.trim_start());
    LANGUAGES
        .iter()
        .flat_map(|l| l.origins.iter())
        .find(|(p, _)| near.trim_start().starts_with(p))
        .map_or(Origin::Receipt, |(_, o)| *o)
}

/// Words that may follow a severity word when it is one.
const SEVERITY_NOUNS: [&str; 12] = [
    "severit", "issue", "vulnerab", "bug", "finding", "problem", "risk", "priority", "impact",
    "flaw", "threat", "report",
];

/// Severity words of a text that speak of severity, in order, without repeats.
pub(super) fn severities(low: &str, alone: bool) -> Vec<Severity> {
    let mut out: Vec<Severity> = Vec::new();
    for (_, end, severity) in vocab::all(low, |l| l.severities) {
        let after: String = low.get(end..).unwrap_or("").chars().take(48).collect();
        let noun = after
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .take(4)
            .any(|w| SEVERITY_NOUNS.iter().any(|n| w.starts_with(n)));
        if (alone || noun) && !out.contains(&severity) {
            out.push(severity);
        }
    }
    out
}
