//! When to warn before a due instant, and how late something was after it.

use serde::{Deserialize, Serialize};

use candor_base::Instant;

use crate::rule::Within;
use crate::workcal::WorkCalendar;

/// The moment at which so many percent of the time from anchor to due have passed.
/// More than 100 is taken as 100; a due instant before the anchor is its own warning.
pub fn warn_at(anchor: Instant, due: Instant, percent: u8) -> Instant {
    let whole = i128::from(due.seconds_since(anchor));
    if whole <= 0 {
        return due;
    }
    let part = whole * i128::from(percent.min(100)) / 100;
    anchor.plus_seconds(i64::try_from(part).unwrap_or(0))
}

/// The same, but a warning of a business clock that would come outside duty hours
/// comes at the end of the last duty hours before, as long as that is after the anchor.
pub fn warn_on_duty(
    anchor: Instant,
    due: Instant,
    percent: u8,
    rule: &Within,
    calendar: &WorkCalendar,
) -> Instant {
    let exact = warn_at(anchor, due, percent);
    if !rule.is_business() {
        return exact;
    }
    last_duty(exact, rule, calendar)
        .filter(|at| *at > anchor)
        .unwrap_or(exact)
}

/// The last second of duty at or before a moment.
fn last_duty(at: Instant, rule: &Within, calendar: &WorkCalendar) -> Option<Instant> {
    let (from, to) = rule.window();
    let today = calendar.local_date(at);
    let mut earlier = calendar.previous_business_day(today);
    if calendar.zone.never_was(earlier) {
        earlier = calendar.previous_business_day(earlier);
    }
    for day in [today, earlier] {
        if !calendar.is_business_day(day) {
            continue;
        }
        let start = calendar.zone.at_wall(day, from)?;
        let end = if to <= from {
            calendar.end_of_day(day)
        } else {
            calendar.zone.at_wall(day, to)?.plus_seconds(-1)
        };
        if start <= at {
            return Some(at.min(end));
        }
    }
    None
}

/// How late something was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lateness {
    /// Seconds after the due instant; 0 when kept.
    pub seconds: i64,
    /// Business days after the local date of the due instant, up to and including
    /// the one on which it was done; 0 when kept.
    pub business_days: u32,
}

impl Lateness {
    /// Whether it was late at all.
    pub const fn is_late(self) -> bool {
        self.seconds > 0
    }
}

/// How late something was that was done, or is still open, at `done`.
pub fn lateness(due: Instant, done: Instant, calendar: &WorkCalendar) -> Lateness {
    let seconds = done.seconds_since(due).max(0);
    if seconds == 0 {
        return Lateness::default();
    }
    let day_after = |at: Instant| {
        let date = calendar.local_date(at);
        date.tomorrow().unwrap_or(date)
    };
    Lateness {
        seconds,
        business_days: calendar.business_days_between(day_after(due), day_after(done)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn warnings_come_at_their_share_of_the_time() {
        let (anchor, due) = (at("2026-06-01T00:00:00Z"), at("2026-06-03T00:00:00Z"));
        assert_eq!(warn_at(anchor, due, 50), at("2026-06-02T00:00:00Z"));
        assert_eq!(warn_at(anchor, due, 80), at("2026-06-02T14:24:00Z"));
        assert_eq!(warn_at(anchor, due, 255), due);
        assert_eq!(warn_at(due, anchor, 50), anchor);
        let (first, last) = (jiff::Timestamp::MIN.into(), jiff::Timestamp::MAX.into());
        assert!(warn_at(first, last, 99) < last);
    }

    #[test]
    fn a_business_clock_warns_in_duty_hours() {
        let calendar = WorkCalendar::utc_mon_fri();
        let rule = Within::business_days(5);
        // Fri 5 Jun 10:00 to Fri 12 Jun 23:59:59: 30 % falls on Sunday.
        let (anchor, due) = (at("2026-06-05T10:00:00Z"), at("2026-06-12T23:59:59Z"));
        assert_eq!(warn_at(anchor, due, 30).to_string(), "2026-06-07T16:35:59Z");
        assert_eq!(
            warn_on_duty(anchor, due, 30, &rule, &calendar),
            at("2026-06-05T16:59:59Z")
        );
        // In the middle of a working day nothing moves, and hours warn at night too.
        assert_eq!(
            warn_on_duty(anchor, due, 50, &rule, &calendar),
            at("2026-06-08T16:59:59Z")
        );
        assert_eq!(
            warn_on_duty(anchor, due, 40, &rule, &calendar),
            at("2026-06-08T10:47:59Z")
        );
        let night = warn_on_duty(anchor, due, 50, &Within::hours(182), &calendar);
        assert_eq!(night, warn_at(anchor, due, 50));
        // Never moved to before the clock started.
        let evening = at("2026-06-05T20:00:00Z");
        assert_eq!(
            warn_on_duty(evening, due, 1, &rule, &calendar),
            warn_at(evening, due, 1)
        );
    }

    #[test]
    fn lateness_counts_seconds_and_business_days() {
        let calendar = WorkCalendar::utc_mon_fri();
        let friday = at("2026-06-05T23:59:59Z");
        assert_eq!(lateness(friday, friday, &calendar), Lateness::default());
        let saturday = lateness(friday, at("2026-06-06T00:00:00Z"), &calendar);
        assert_eq!(
            saturday,
            Lateness {
                seconds: 1,
                business_days: 0
            }
        );
        let tuesday = lateness(friday, at("2026-06-09T09:00:00Z"), &calendar);
        assert_eq!(tuesday.business_days, 2);
        assert!(tuesday.is_late());
    }
}
