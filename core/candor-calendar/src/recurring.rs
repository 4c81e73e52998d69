//! Clocks that start again: restarted by each update, or on a fixed grid of months.
//!
//! Invariant: a missed period is one breach; the next period starts at the missed
//! due instant, so that silence is counted again and again and never forgotten.

use std::borrow::Cow;

use candor_base::Instant;

use crate::due::{Due, OutOfRange, due, due_at};
use crate::pause::Pause;
use crate::rule::{Unit, Within};
use crate::workcal::WorkCalendar;

/// No clock starts again more often than this.
const MOST_PERIODS: usize = 10_000;

/// What a recurring clock looks like at some moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurring {
    /// Every due instant so far in order, the last one still ahead. Two updates on
    /// one day that lead to the same due instant give it once.
    pub all_due: Vec<Instant>,
    /// The due instants that passed without an update.
    pub missed: Vec<Instant>,
    /// How many they are.
    pub breaches: u32,
    /// The due instant that is still ahead.
    pub next: Due,
}

/// Follows a recurring rule from its anchor up to and including `until`.
///
/// An update at the very second of the due instant is in time. Updates before the
/// anchor or after `until` are not seen.
pub fn recurring(
    rule: &Within,
    anchor: Instant,
    updates: &[Instant],
    until: Instant,
    calendar: &WorkCalendar,
    pauses: &[Pause],
) -> Result<Recurring, OutOfRange> {
    if rule.amount == 0 {
        return Err(OutOfRange::NoPeriod);
    }
    let mut seen: Vec<Instant> = updates
        .iter()
        .copied()
        .filter(|u| anchor <= *u && *u <= until)
        .collect();
    seen.sort_unstable();
    let mut seen = seen.into_iter().peekable();
    let mut all_due: Vec<Instant> = Vec::new();
    let mut missed = Vec::new();
    let mut start = anchor;
    let next = loop {
        let (at, counted) = period(rule, start, calendar, pauses)?;
        if all_due.last() != Some(&at) {
            all_due.push(at);
        }
        if let Some(update) = seen.next_if(|u| *u <= at) {
            start = update;
        } else if at < until {
            missed.push(at);
            start = at;
        } else {
            break due(&counted, start, calendar, pauses)?;
        }
        if all_due.len() > MOST_PERIODS {
            return Err(OutOfRange::TooFar);
        }
    };
    Ok(Recurring {
        breaches: u32::try_from(missed.len()).unwrap_or(u32::MAX),
        next,
        all_due,
        missed,
    })
}

/// The end of a period, always after its beginning, and the rule that gives it. One
/// that would end on a date that never was (Apia, 30 December 2011) ends where it
/// began; it gets one unit more.
fn period<'a>(
    rule: &'a Within,
    start: Instant,
    calendar: &WorkCalendar,
    pauses: &[Pause],
) -> Result<(Instant, Cow<'a, Within>), OutOfRange> {
    let end = due_at(rule, start, calendar, pauses)?;
    if end > start {
        return Ok((end, Cow::Borrowed(rule)));
    }
    let amount = rule.amount.checked_add(1).ok_or(OutOfRange::TooFar)?;
    let longer = Within {
        amount,
        ..rule.clone()
    };
    let end = due_at(&longer, start, calendar, pauses)?;
    Ok((end, Cow::Owned(longer)))
}

/// The due instants `anchor + k × amount` for k from 1 to `count`: always counted
/// from the first anchor, so that a clamped month end does not drift.
pub fn recurring_grid(
    rule: &Within,
    count: u32,
    anchor: Instant,
    calendar: &WorkCalendar,
) -> Result<Vec<Due>, OutOfRange> {
    if rule.amount == 0 {
        return Err(OutOfRange::NoPeriod);
    }
    // A hundred years of months; other units reach no further.
    if count > 1_200 {
        return Err(OutOfRange::TooFar);
    }
    let mut step = rule.clone();
    (1..=count)
        .map(|k| {
            step.amount = rule.amount.checked_mul(k).ok_or(OutOfRange::TooFar)?;
            let mut due = due(&step, anchor, calendar, &[])?;
            if k > 1 {
                let words = format!("number {k}, always counted from the first day");
                due.explanation.insert(0, words);
            }
            Ok(due)
        })
        .collect()
}

impl Within {
    /// The rule for a grid that starts again every so many months, to the second.
    pub const fn every_months(amount: u32) -> Self {
        Self::new(amount, Unit::Month).elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn texts(all: &[Instant]) -> Vec<String> {
        all.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn silence_is_a_breach_each_period_and_the_next_starts_at_the_missed_date() {
        let calendar = WorkCalendar::utc_mon_fri();
        let rule = Within::calendar_days(7);
        let updates = [at("2026-06-17T09:00:00Z"), at("2026-05-01T00:00:00Z")];
        let r = recurring(
            &rule,
            at("2026-06-01T08:00:00Z"),
            &updates,
            at("2026-06-25T00:00:00Z"),
            &calendar,
            &[],
        )
        .unwrap();
        // 8 and 15 June pass in silence; the update of the 17th starts a new week.
        assert_eq!(
            texts(&r.all_due),
            [
                "2026-06-08T23:59:59Z",
                "2026-06-15T23:59:59Z",
                "2026-06-22T23:59:59Z",
                "2026-06-24T23:59:59Z",
                "2026-07-01T23:59:59Z"
            ]
        );
        assert_eq!(r.breaches, 3);
        assert_eq!(
            texts(&r.missed),
            [
                "2026-06-08T23:59:59Z",
                "2026-06-15T23:59:59Z",
                "2026-06-24T23:59:59Z"
            ]
        );
        assert_eq!(r.next.at, at("2026-07-01T23:59:59Z"));
    }

    #[test]
    fn the_due_second_itself_is_not_yet_missed_and_two_updates_a_day_count_once() {
        let calendar = WorkCalendar::utc_mon_fri();
        let rule = Within::calendar_days(7);
        let due = at("2026-06-08T23:59:59Z");
        let r = recurring(&rule, at("2026-06-01T08:00:00Z"), &[], due, &calendar, &[]).unwrap();
        assert_eq!((r.breaches, r.next.at), (0, due));
        let later = due.plus_seconds(1);
        let r = recurring(
            &rule,
            at("2026-06-01T08:00:00Z"),
            &[],
            later,
            &calendar,
            &[],
        )
        .unwrap();
        assert_eq!((r.breaches, r.missed), (1, vec![due]));
        let twice = [at("2026-06-05T10:00:00Z"), at("2026-06-05T11:00:00Z")];
        let r = recurring(
            &rule,
            at("2026-06-01T08:00:00Z"),
            &twice,
            twice[1],
            &calendar,
            &[],
        )
        .unwrap();
        assert_eq!(
            texts(&r.all_due),
            ["2026-06-08T23:59:59Z", "2026-06-12T23:59:59Z"]
        );
    }

    #[test]
    fn a_period_goes_on_over_a_date_that_never_was() {
        let mut calendar = WorkCalendar::utc_mon_fri();
        calendar.zone = "Pacific/Apia".parse().unwrap();
        let r = recurring(
            &Within::calendar_days(1),
            at("2011-12-29T01:00:00Z"),
            &[],
            at("2012-01-01T20:00:00Z"),
            &calendar,
            &[],
        )
        .unwrap();
        // The 29th, the 31st, the first and the second of January.
        assert_eq!(
            texts(&r.all_due),
            [
                "2011-12-30T09:59:59Z",
                "2011-12-31T09:59:59Z",
                "2012-01-01T09:59:59Z",
                "2012-01-02T09:59:59Z"
            ]
        );
    }

    #[test]
    fn a_period_of_nothing_or_without_number_is_refused() {
        let calendar = WorkCalendar::utc_mon_fri();
        let anchor = at("2026-06-01T08:00:00Z");
        let end = at("2090-06-01T08:00:00Z");
        let never = recurring(&Within::calendar_days(0), anchor, &[], end, &calendar, &[]);
        assert_eq!(never, Err(OutOfRange::NoPeriod));
        let hourly = recurring(&Within::hours(1), anchor, &[], end, &calendar, &[]);
        assert_eq!(hourly, Err(OutOfRange::TooFar));
    }

    #[test]
    fn a_grid_of_months_never_drifts() {
        let calendar = WorkCalendar::utc_mon_fri();
        let all = recurring_grid(
            &Within::every_months(1),
            3,
            at("2027-01-31T09:30:00Z"),
            &calendar,
        );
        let all = all.unwrap();
        assert_eq!(
            all.iter().map(|d| d.at.to_string()).collect::<Vec<_>>(),
            [
                "2027-02-28T09:30:00Z",
                "2027-03-31T09:30:00Z",
                "2027-04-30T09:30:00Z"
            ]
        );
        assert!(all[0].explanation[0].starts_with("counts from"));
        assert!(all[1].explanation[0].starts_with("number 2,"));
        let none = recurring_grid(
            &Within::every_months(0),
            3,
            at("2027-01-31T09:30:00Z"),
            &calendar,
        );
        assert_eq!(none, Err(OutOfRange::NoPeriod));
        let many = |count| {
            let rule = Within::hours(1);
            recurring_grid(&rule, count, at("2027-01-31T09:30:00Z"), &calendar).map(|d| d.len())
        };
        assert_eq!(many(1_200), Ok(1_200));
        assert_eq!(many(1_201), Err(OutOfRange::TooFar));
        let far = recurring_grid(
            &Within::every_months(u32::MAX),
            3,
            at("2027-01-31T09:30:00Z"),
            &calendar,
        );
        assert_eq!(far, Err(OutOfRange::TooFar));
    }
}
