//! The review of the policy itself: a duty of the program that comes round (S1-46).
//!
//! Invariant: only a policy that promises a review has one; the day it counts from is
//! one that somebody recorded, else the day since which this text is in force.
//!
//! Deliberately absent: who is told, and how.

use candor_base::{Finding, Level};
use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::settings::PolicyInForce;

/// So many days before the day the owner is told that a review is coming.
const AHEAD_DAYS: i64 = 30;

/// When the policy is to be reviewed next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewDue {
    /// When it was reviewed last, as the owner recorded it.
    pub last: Option<Date>,
    /// The last day for the next review.
    pub due: Date,
    /// That day is within a month, or has passed.
    pub near: bool,
    /// That day has passed.
    pub overdue: bool,
}

/// The next review; `None` where the policy promises none. `since` is the day this
/// text came into force: a review, too, where none was recorded.
pub fn review_due(policy: &PolicyInForce, since: Date, today: Date) -> Option<ReviewDue> {
    let every = policy.policy.review.as_ref()?.value.every_months;
    let last = policy.settings.last_review;
    let due = last
        .unwrap_or(since)
        .checked_add(i64::from(every).months())
        .ok()?;
    let near = due
        .checked_sub(AHEAD_DAYS.days())
        .is_ok_and(|from| today >= from);
    Some(ReviewDue {
        last,
        due,
        near,
        overdue: today > due,
    })
}

/// What the owner should know of it: that it is due, overdue, or that nobody has said
/// when the last one was.
pub fn review_finding(policy: &PolicyInForce, since: Date, today: Date) -> Option<Finding> {
    let review = review_due(policy, since, today)?;
    let span = policy.policy.review.as_ref().map(|c| c.span);
    let help = "Read the policy again, and write the day under \u{201c}Policy reviewed last\u{201d} \
                in the settings.";
    let (code, level, message) = if review.overdue {
        (
            "review-overdue",
            Level::Warning,
            format!(
                "The policy promises to be reviewed. That was due on {}.",
                review.due
            ),
        )
    } else if review.near {
        (
            "review-due",
            Level::Warning,
            format!(
                "The policy promises to be reviewed. The next review is due on {}.",
                review.due
            ),
        )
    } else if review.last.is_none() {
        (
            "review-not-recorded",
            Level::Note,
            "The policy promises to be reviewed, and nobody has said when it last was.".to_owned(),
        )
    } else {
        return None;
    };
    Some(Finding {
        code: code.to_owned(),
        level,
        span,
        message,
        help: help.to_owned(),
    })
}
