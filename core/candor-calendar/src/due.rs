//! From a rule, an anchor and a calendar to the last second at which it is kept.
//!
//! Invariant: deterministic; the same arguments always give the same instant and
//! the same words.

use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use candor_base::Instant;

use crate::explain;
use crate::pause::{Pause, Waits};
use crate::rule::{Mode, Unit, Within};
use crate::run::{self, Counted};
use crate::workcal::WorkCalendar;

/// When something falls due, and why then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The last second at which it is still kept.
    pub at: Instant,
    /// The business day to plan for, when `at` falls on a day on which nobody works.
    /// The due instant itself is never moved by it.
    pub plan_by: Option<Date>,
    /// How it was counted, step by step, in words for people.
    pub explanation: Vec<String>,
}

/// Why there is no such moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OutOfRange {
    /// Beyond a hundred years, or no business day up to there.
    #[error(
        "this would fall due more than a hundred years away, or never; please use a smaller number and check the work week and the holidays"
    )]
    TooFar,
    /// A working window that ends before it begins.
    #[error("the working hours end before they begin; write them like 09:00 to 17:00")]
    NoWorkingTime,
    /// A unit that cannot be counted backwards from a planned moment.
    #[error(
        "a lead time cannot be given in business hours; use hours, days, business days or months"
    )]
    NotBackwards,
    /// A period of length zero, which would repeat for ever.
    #[error("something that repeats needs a period longer than nothing")]
    NoPeriod,
}

/// When the rule falls due, counted from the anchor.
///
/// Pauses matter only to a pausable rule. A pause that still goes on is held to
/// last as long as the cap of thirty days allows; compute again when it ends.
pub fn due(
    rule: &Within,
    anchor: Instant,
    calendar: &WorkCalendar,
    pauses: &[Pause],
) -> Result<Due, OutOfRange> {
    let waits = waits_of(rule, anchor, pauses);
    let (at, trail) = count(rule, anchor, calendar, &waits)?;
    let plan_by = plan_by(at, anchor, calendar);
    let met = explain::Met {
        trail: &trail,
        waited_seconds: waits.seconds_before(at.unix()),
        capped: waits.capped_from().is_some_and(|from| from <= at.unix()),
        plan_by,
    };
    let explanation = explain::words(rule, anchor, at, &met, calendar);
    Ok(Due {
        at,
        plan_by,
        explanation,
    })
}

/// The due instant alone.
pub(crate) fn due_at(
    rule: &Within,
    anchor: Instant,
    calendar: &WorkCalendar,
    pauses: &[Pause],
) -> Result<Instant, OutOfRange> {
    let waits = waits_of(rule, anchor, pauses);
    count(rule, anchor, calendar, &waits).map(|(at, _)| at)
}

fn waits_of(rule: &Within, anchor: Instant, pauses: &[Pause]) -> Waits {
    if rule.pausable {
        Waits::new(anchor, pauses)
    } else {
        Waits::default()
    }
}

fn count(
    rule: &Within,
    anchor: Instant,
    calendar: &WorkCalendar,
    waits: &Waits,
) -> Result<Counted, OutOfRange> {
    let amount = i64::from(rule.amount);
    let window = (rule.unit == Unit::BusinessHour).then(|| rule.window());
    match (rule.unit, rule.mode) {
        (Unit::Hour, Mode::Elapsed) => run::elapsed(anchor, amount * 3_600, waits),
        (Unit::CalendarDay, Mode::Elapsed) => run::elapsed(anchor, amount * 86_400, waits),
        (Unit::BusinessHour, Mode::Elapsed) => {
            run::business_elapsed(anchor, amount * 3_600, window, calendar, waits)
        }
        (Unit::BusinessDay, Mode::Elapsed) => {
            run::business_elapsed(anchor, amount * 86_400, None, calendar, waits)
        }
        (Unit::Month, Mode::Elapsed) => {
            let target = months_on(anchor, rule.amount, calendar)?;
            run::elapsed(anchor, target.seconds_since(anchor).max(0), waits)
        }
        // Hours that end with the day: the day in which the last of them ends.
        (Unit::Hour | Unit::BusinessHour, Mode::EndOfDay) => {
            let mut exact = rule.clone();
            exact.mode = Mode::Elapsed;
            let (at, trail) = count(&exact, anchor, calendar, waits)?;
            Ok((run::end_of(calendar.local_date(at), calendar)?, trail))
        }
        (Unit::CalendarDay | Unit::BusinessDay, Mode::EndOfDay) => {
            let day0 = run::day_zero(rule, anchor, calendar)?;
            let business = rule.unit == Unit::BusinessDay;
            run::dates(rule.amount, business, day0, calendar, waits)
        }
        (Unit::Month, Mode::EndOfDay) => {
            let start = calendar.local_date(anchor);
            let target = month_date(start, rule.amount)?;
            let days = start.duration_until(target).as_hours() / 24;
            let days = u32::try_from(days).map_err(|_| OutOfRange::TooFar)?;
            run::dates(days, false, (start, None), calendar, waits)
        }
    }
}

/// The same wall time on the same day number so many months on.
pub(crate) fn months_on(
    anchor: Instant,
    months: u32,
    calendar: &WorkCalendar,
) -> Result<Instant, OutOfRange> {
    if months == 0 {
        return Ok(anchor);
    }
    let wall = calendar.zone.wall(anchor);
    let date = month_date(wall.date(), months)?;
    calendar
        .zone
        .at_wall(date, wall.time())
        .ok_or(OutOfRange::TooFar)
}

fn month_date(date: Date, months: u32) -> Result<Date, OutOfRange> {
    // A hundred years is 1,200 months.
    if months > 1_200 {
        return Err(OutOfRange::TooFar);
    }
    Span::new()
        .try_months(months)
        .and_then(|span| date.checked_add(span))
        .map_err(|_| OutOfRange::TooFar)
}

/// The business day to plan for, when this is due on a day on which nobody works: the
/// one before, if it is not already past when the clock starts.
pub fn plan_by(at: Instant, anchor: Instant, calendar: &WorkCalendar) -> Option<Date> {
    let date = calendar.local_date(at);
    if calendar.is_business_day(date) {
        return None;
    }
    let previous = calendar.previous_business_day(date);
    (previous < date && previous >= calendar.local_date(anchor)).then_some(previous)
}
