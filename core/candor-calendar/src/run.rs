//! The counting itself: from an anchor forward, by seconds or by dates.
//!
//! Invariants: nothing is counted before the anchor; every loop ends at the
//! horizon; the earliest second at which all is counted is the answer.

use jiff::civil::{Date, Time};

use candor_base::Instant;

use crate::due::OutOfRange;
use crate::pause::Waits;
use crate::rule::{NonbusinessReceipt, Within};
use crate::workcal::{DayKind, HORIZON_DAYS, WorkCalendar};

const HORIZON_SECONDS: i64 = HORIZON_DAYS as i64 * 86_400;

/// Why day 0 is not the date of the anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moved {
    /// It arrived at or after the cut-off.
    Cutoff(Time),
    /// It arrived on a day on which nobody works.
    NonBusiness,
}

/// What was met on the way; the explanation is made from it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Trail {
    /// Day 0, where dates were counted.
    pub(crate) day0: Option<Date>,
    /// Why day 0 was moved.
    pub(crate) moved: Option<Moved>,
    /// Dates that did not count, and dates that counted, because of a list.
    pub(crate) special: Vec<(Date, DayKind)>,
    /// Dates that did not count because the case waited at their end.
    pub(crate) waited: Vec<Date>,
}

/// A due instant with what was met on the way.
pub(crate) type Counted = (Instant, Trail);

/// A moment so many seconds on, if the calendar reaches that far.
pub(crate) fn checked_plus(at: Instant, seconds: i64) -> Result<Instant, OutOfRange> {
    let unix = at.unix().checked_add(seconds).ok_or(OutOfRange::TooFar)?;
    Instant::from_unix(unix).map_err(|_| OutOfRange::TooFar)
}

/// So many seconds in which nobody waits.
pub(crate) fn elapsed(anchor: Instant, need: i64, waits: &Waits) -> Result<Counted, OutOfRange> {
    if need == 0 {
        return Ok((anchor, Trail::default()));
    }
    if need > HORIZON_SECONDS {
        return Err(OutOfRange::TooFar);
    }
    let end = anchor
        .unix()
        .saturating_add(HORIZON_SECONDS)
        .saturating_add(need);
    let at = take(need, &waits.running(anchor.unix(), end)).map_err(|_| OutOfRange::TooFar)?;
    Instant::from_unix(at)
        .map(|at| (at, Trail::default()))
        .map_err(|_| OutOfRange::TooFar)
}

/// The second at which `need` seconds of the spans are used up, or what is still needed.
fn take(need: i64, spans: &[(i64, i64)]) -> Result<i64, i64> {
    let mut left = need;
    for (from, until) in spans {
        let length = until.saturating_sub(*from);
        if left <= length {
            return Ok(from.saturating_add(left));
        }
        left -= length;
    }
    Err(left)
}

/// So many seconds inside business days, or inside their working window.
pub(crate) fn business_elapsed(
    anchor: Instant,
    need: i64,
    window: Option<(Time, Time)>,
    calendar: &WorkCalendar,
    waits: &Waits,
) -> Result<Counted, OutOfRange> {
    if need == 0 {
        return Ok((anchor, Trail::default()));
    }
    if window.is_some_and(|(from, to)| to <= from && to != Time::midnight()) {
        return Err(OutOfRange::NoWorkingTime);
    }
    let mut trail = Trail::default();
    let mut left = need;
    let mut date = calendar.local_date(anchor);
    for _ in 0..HORIZON_DAYS {
        if counts(date, calendar, &mut trail) {
            let (from, until) = open(date, window, calendar)?;
            match take(
                left,
                &waits.running(from.unix().max(anchor.unix()), until.unix()),
            ) {
                Ok(at) => {
                    let at = Instant::from_unix(at).map_err(|_| OutOfRange::TooFar)?;
                    return Ok((at, trail));
                }
                Err(still) => left = still,
            }
        }
        date = date.tomorrow().map_err(|_| OutOfRange::TooFar)?;
    }
    Err(OutOfRange::TooFar)
}

/// When work begins and ends on a business day. A date that never was (Apia,
/// 30 December 2011) has no time in it.
fn open(
    date: Date,
    window: Option<(Time, Time)>,
    calendar: &WorkCalendar,
) -> Result<(Instant, Instant), OutOfRange> {
    let next = date.tomorrow().map_err(|_| OutOfRange::TooFar)?;
    let zone = &calendar.zone;
    let day = zone.start_of(date).zip(zone.start_of(next));
    let span = match window {
        Some(_) if zone.never_was(date) => day,
        None => day,
        Some((from, to)) if to == Time::midnight() => {
            zone.at_wall(date, from).zip(zone.start_of(next))
        }
        Some((from, to)) => zone.at_wall(date, from).zip(zone.at_wall(date, to)),
    };
    span.ok_or(OutOfRange::TooFar)
}

/// Whether people work on a date; notes why when the answer is unusual.
fn counts(date: Date, calendar: &WorkCalendar, trail: &mut Trail) -> bool {
    let kind = calendar.day(date);
    if !matches!(kind, DayKind::Business | DayKind::Weekend) {
        trail.special.push((date, kind));
    }
    kind.is_business()
}

/// So many dates after day 0, to the last second of the last.
pub(crate) fn dates(
    amount: u32,
    business: bool,
    day0: (Date, Option<Moved>),
    calendar: &WorkCalendar,
    waits: &Waits,
) -> Result<Counted, OutOfRange> {
    let (start, moved) = day0;
    let mut trail = Trail {
        day0: Some(start),
        moved,
        ..Trail::default()
    };
    let mut left = amount;
    let mut date = start;
    let mut steps = 0_i32;
    while left > 0 {
        steps += 1;
        if steps > HORIZON_DAYS || left > HORIZON_DAYS.unsigned_abs() {
            return Err(OutOfRange::TooFar);
        }
        date = date.tomorrow().map_err(|_| OutOfRange::TooFar)?;
        if business && !counts(date, calendar, &mut trail) {
            continue;
        }
        if !waits.is_empty() && waits.waiting_at(end_of(date, calendar)?.unix()) {
            trail.waited.push(date);
            continue;
        }
        left -= 1;
    }
    Ok((end_of(date, calendar)?, trail))
}

pub(crate) fn end_of(date: Date, calendar: &WorkCalendar) -> Result<Instant, OutOfRange> {
    calendar.try_end_of_day(date).ok_or(OutOfRange::TooFar)
}

/// Day 0: the local date of the anchor, unless the rule moves it.
pub(crate) fn day_zero(
    rule: &Within,
    anchor: Instant,
    calendar: &WorkCalendar,
) -> Result<(Date, Option<Moved>), OutOfRange> {
    let wall = calendar.zone.wall(anchor);
    let date = wall.date();
    let moved = if calendar.is_business_day(date) {
        rule.cutoff.filter(|c| wall.time() >= *c).map(Moved::Cutoff)
    } else {
        (rule.nonbusiness == NonbusinessReceipt::DeemReceivedNext).then_some(Moved::NonBusiness)
    };
    match moved {
        None => Ok((date, None)),
        Some(why) => calendar
            .next_business_day(date)
            .map(|next| (next, Some(why)))
            .ok_or(OutOfRange::TooFar),
    }
}
