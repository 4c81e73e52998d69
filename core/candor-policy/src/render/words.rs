//! Small words that several wordings share: times, severities, origins.
//!
//! Invariants: each is one that the compiler reads back as the same value.
//!
//! Deliberately absent: whole sentences.

use crate::model::{Origin, Severity, TermUnit};

/// "1 business day", "90 days".
pub(super) fn amount(amount: u32, unit: TermUnit) -> String {
    let one = match unit {
        TermUnit::Hours => "hour",
        TermUnit::BusinessHours => "business hour",
        TermUnit::Days => "day",
        TermUnit::BusinessDays => "business day",
        TermUnit::Weeks => "week",
        TermUnit::Months => "month",
    };
    let s = if amount == 1 { "" } else { "s" };
    format!("{amount} {one}{s}")
}

/// What a time counts from, as it stands behind the time; nothing for the receipt.
pub(super) const fn origin(from: Origin) -> &'static str {
    match from {
        Origin::Receipt => "",
        Origin::Acknowledgement => " after the acknowledgement",
        Origin::Triage => " after the triage",
        Origin::Acceptance => " of acceptance",
        Origin::Fix => " after the fix",
        Origin::Release => " after the release",
        Origin::Disclosure => " after publication",
    }
}

/// A severity with its capital.
pub(super) const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "Low",
        Severity::Medium => "Medium",
        Severity::High => "High",
        Severity::Critical => "Critical",
    }
}

/// "critical issues", "low-severity issues".
pub(super) const fn issues(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "low-severity issues",
        Severity::Medium => "medium-severity issues",
        Severity::High => "high-severity issues",
        Severity::Critical => "critical issues",
    }
}

/// The same sentence for one severity only.
pub(super) fn only_for(only: Option<Severity>, sentence: &str) -> String {
    let Some(only) = only else {
        return sentence.to_owned();
    };
    let mut letters = sentence.chars();
    let first: String = letters
        .next()
        .map_or(String::new(), |c| c.to_lowercase().collect());
    format!("For {}, {first}{}", issues(only), letters.as_str())
}

/// The text with a capital.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
