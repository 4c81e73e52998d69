//! Times as policies write them.

use super::*;

fn one(text: &str) -> (u32, Option<u32>, TermUnit, bool) {
    let found = durations(text);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    let d = &found[0];
    (d.amount, d.at_least, d.unit, d.every)
}

#[test]
fn numbers_in_figures_words_and_ranges() {
    assert_eq!(one("within 48 hours"), (48, None, TermUnit::Hours, false));
    assert_eq!(
        one("five business days"),
        (5, None, TermUnit::BusinessDays, false)
    );
    assert_eq!(
        one("three (3) working days"),
        (3, None, TermUnit::BusinessDays, false)
    );
    assert_eq!(one("2 to 8 weeks"), (8, Some(2), TermUnit::Weeks, false));
    assert_eq!(one("48–72 hours"), (72, Some(48), TermUnit::Hours, false));
    assert_eq!(one("a 90-day window"), (90, None, TermUnit::Days, false));
    assert_eq!(
        one("1-3 (work) days"),
        (3, Some(1), TermUnit::BusinessDays, false)
    );
    assert_eq!(one("twenty-four hours"), (24, None, TermUnit::Hours, false));
    assert_eq!(one("within a week"), (1, None, TermUnit::Weeks, false));
}

#[test]
fn rhythms_recur() {
    assert_eq!(
        one("every 7 days until fixed"),
        (7, None, TermUnit::Days, true)
    );
    assert_eq!(one("updates weekly"), (1, None, TermUnit::Weeks, true));
    assert_eq!(one("every other week"), (2, None, TermUnit::Weeks, true));
}

#[test]
fn what_is_no_time_stays_none() {
    for text in [
        "version 3.1 hours",
        "key c043a4d2b3f2",
        "on rc4 days pass",
        "take a day off",
        "jwt_expiration_minutes: 60",
        "1.2.3",
    ] {
        assert!(durations(text).is_empty(), "{text}");
    }
}
