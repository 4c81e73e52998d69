//! Findings on the table of versions that depend on the day.
//!
//! Deliberately absent: releases; the owner gives them on the desk.

use candor_base::Finding;
use jiff::civil::Date;

use super::add;
use super::rules::SUPPORT_ENDED;
use crate::model::{Policy, Support};

pub(super) fn check(policy: &Policy, today: Date, out: &mut Vec<Finding>) {
    for clause in &policy.versions {
        if clause.value.support == Support::None {
            continue;
        }
        let Some(end) = clause
            .value
            .end
            .as_deref()
            .and_then(only_date)
            .filter(|end| *end < today)
        else {
            continue;
        };
        add(
            out,
            SUPPORT_ENDED,
            Some(clause.span),
            format!("This row says supported, and its own date, {end}, has passed."),
            "Move the row to the versions without support, or give the new date.",
        );
    }
}

/// The date in a row's end of support, when it holds exactly one (`2027-03-31`).
fn only_date(end: &str) -> Option<Date> {
    let mut dates = end
        .split(|c: char| !(c.is_ascii_digit() || c == '-'))
        .filter(|w| w.len() == 10)
        .filter_map(|w| w.parse::<Date>().ok());
    let first = dates.next()?;
    dates.next().is_none().then_some(first)
}
