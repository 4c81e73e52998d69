//! Dates around a planned publication: lead times, grids, allowed days, the
//! longest embargo of a list, and "ninety days plus thirty".
//!
//! Deliberately absent: whether a fact (public, exploited) overrides the plan;
//! that is for whoever owns the case.

use jiff::Span;
use jiff::civil::{Date, Time, Weekday};
use serde::{Deserialize, Serialize};

use candor_base::Instant;

use crate::due::{Due, OutOfRange, due};
use crate::rule::{Unit, Within};
use crate::run::{checked_plus, end_of};
use crate::workcal::{HORIZON_DAYS, WorkCalendar, Workweek};

/// The latest moment to act so long before a planned one. Hours are exact, days
/// are 24 hours; business days and months keep the wall time.
pub fn lead(
    amount: u32,
    unit: Unit,
    planned: Instant,
    calendar: &WorkCalendar,
) -> Result<Instant, OutOfRange> {
    let amount = i64::from(amount);
    let wall = calendar.zone.wall(planned);
    let date = match unit {
        Unit::Hour => return checked_plus(planned, -amount * 3_600),
        Unit::CalendarDay => return checked_plus(planned, -amount * 86_400),
        Unit::BusinessHour => return Err(OutOfRange::NotBackwards),
        Unit::BusinessDay => back(wall.date(), amount, calendar)?,
        Unit::Month => Span::new()
            .try_months(-amount)
            .and_then(|span| wall.date().checked_add(span))
            .map_err(|_| OutOfRange::TooFar)?,
    };
    if amount == 0 {
        return Ok(planned);
    }
    calendar
        .zone
        .at_wall(date, wall.time())
        .ok_or(OutOfRange::TooFar)
}

fn back(date: Date, amount: i64, calendar: &WorkCalendar) -> Result<Date, OutOfRange> {
    if amount > i64::from(HORIZON_DAYS) {
        return Err(OutOfRange::TooFar);
    }
    let mut day = date;
    for _ in 0..amount {
        let previous = calendar.previous_business_day(day);
        if previous == day {
            return Err(OutOfRange::TooFar);
        }
        day = previous;
    }
    Ok(day)
}

/// Which way to snap to a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The last grid point not after the moment: for a deadline.
    LastAtOrBefore,
    /// The first grid point not before the moment: for a fix that is ready.
    FirstAtOrAfter,
}

/// The nth weekday of each month at a local time ("second Tuesday, 10:00").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    /// 1 to 5 from the start of the month, -1 (the last) to -5 from its end.
    /// A month without a fifth one has no grid point.
    pub nth: i8,
    /// ISO weekday, Monday = 1.
    pub weekday: i8,
    /// Local time in the zone of the calendar.
    pub time: Time,
    /// Which way to snap.
    pub direction: Direction,
}

/// Snaps a moment to the grid.
pub fn grid(rule: &Grid, from: Instant, calendar: &WorkCalendar) -> Result<Instant, OutOfRange> {
    let weekday =
        Weekday::from_monday_one_offset(rule.weekday).map_err(|_| OutOfRange::NoSuchDay)?;
    if rule.nth == 0 || !(-5..=5).contains(&rule.nth) {
        return Err(OutOfRange::NoSuchDay);
    }
    let step = match rule.direction {
        Direction::LastAtOrBefore => Span::new().months(-1),
        Direction::FirstAtOrAfter => Span::new().months(1),
    };
    let mut month = calendar.local_date(from).first_of_month();
    // A fifth weekday comes at least every fourth month.
    for _ in 0..12 {
        if let Ok(day) = month.nth_weekday_of_month(rule.nth, weekday)
            && let Some(at) = calendar.zone.at_wall(day, rule.time)
        {
            let fits = match rule.direction {
                Direction::LastAtOrBefore => at <= from,
                Direction::FirstAtOrAfter => at >= from,
            };
            if fits {
                return Ok(at);
            }
        }
        month = month.checked_add(step).map_err(|_| OutOfRange::TooFar)?;
    }
    Err(OutOfRange::TooFar)
}

/// The days and the hour at which a release may happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseDay {
    /// The time of the release in UTC.
    pub time_utc: Time,
    /// The ISO weekdays on which it may happen; holidays never count.
    pub allowed_weekdays: Workweek,
}

/// The latest allowed moment that is not after `latest`.
pub fn release_day(
    rule: &ReleaseDay,
    latest: Instant,
    calendar: &WorkCalendar,
) -> Result<Instant, OutOfRange> {
    let utc = crate::zone::Zone::utc();
    let mut day = utc.wall(latest).date();
    for _ in 0..HORIZON_DAYS {
        if let Some(at) = utc.at_wall(day, rule.time_utc)
            && at <= latest
        {
            let local = calendar.local_date(at);
            if calendar.is_business_day(local) && rule.allowed_weekdays.contains(local.weekday()) {
                return Ok(at);
            }
        }
        day = day.yesterday().map_err(|_| OutOfRange::TooFar)?;
    }
    Err(OutOfRange::TooFar)
}

/// What a list with a longest embargo answers to a proposed date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListMax {
    /// The latest moment the list accepts.
    pub due: Due,
    /// Whether the proposed moment is accepted.
    pub accepted: bool,
    /// Whether it lies more than seven days after the notice, which the list
    /// would rather avoid.
    pub longer_than_a_week: bool,
}

/// Checks a proposed publication against the longest embargo of a list.
pub fn list_max(
    rule: &Within,
    notice: Instant,
    proposed: Instant,
    calendar: &WorkCalendar,
) -> Result<ListMax, OutOfRange> {
    let due = due(rule, notice, calendar, &[])?;
    Ok(ListMax {
        accepted: proposed <= due.at,
        longer_than_a_week: proposed.seconds_since(notice) > 7 * 86_400,
        due,
    })
}

/// So many days to fix, then so many days for people to update ("90+30").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixPlus {
    /// Days for the fix.
    pub fix_days: u32,
    /// Days between the patch and the details.
    pub adopt_days: u32,
    /// Days of grace granted on request; 0 when none.
    #[serde(default)]
    pub grace_days: u32,
}

/// When the details of a vulnerability become public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// The local date of the details: a date, not an instant.
    pub details_on: Date,
    /// The end of the last day for the fix, without grace.
    pub fix_due: Instant,
}

/// Applies "90+30": a patch in time puts the details `adopt_days` after the patch;
/// no patch in time puts them on the day the fix was due. A patch within granted
/// grace puts them `adopt_days` after the day the fix was due.
pub fn fix_plus(
    rule: &FixPlus,
    anchor: Instant,
    patched: Option<Instant>,
    calendar: &WorkCalendar,
) -> Result<Disclosure, OutOfRange> {
    let last = plus_days(calendar.local_date(anchor), rule.fix_days)?;
    let with_grace = plus_days(last, rule.grace_days)?;
    let patch = patched.map(|at| calendar.local_date(at));
    let details_on = match patch {
        Some(day) if day <= last => plus_days(day, rule.adopt_days)?,
        Some(day) if day <= with_grace => plus_days(last, rule.adopt_days)?,
        _ => last,
    };
    let fix_due = end_of(last, calendar)?;
    Ok(Disclosure {
        details_on,
        fix_due,
    })
}

fn plus_days(date: Date, days: u32) -> Result<Date, OutOfRange> {
    let days = i32::try_from(days).map_err(|_| OutOfRange::TooFar)?;
    if days > HORIZON_DAYS {
        return Err(OutOfRange::TooFar);
    }
    Span::new()
        .try_days(days)
        .and_then(|span| date.checked_add(span))
        .map_err(|_| OutOfRange::TooFar)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn a_lead_time_counts_back() {
        let mut calendar = WorkCalendar::utc_mon_fri();
        calendar.holidays.insert("2026-12-07".parse().unwrap());
        let planned = at("2026-12-08T16:00:00Z");
        let back = |n, unit| lead(n, unit, planned, &calendar);
        assert_eq!(back(24, Unit::Hour), Ok(at("2026-12-07T16:00:00Z")));
        assert_eq!(back(7, Unit::CalendarDay), Ok(at("2026-12-01T16:00:00Z")));
        assert_eq!(back(2, Unit::BusinessDay), Ok(at("2026-12-03T16:00:00Z")));
        assert_eq!(back(1, Unit::Month), Ok(at("2026-11-08T16:00:00Z")));
        assert_eq!(back(0, Unit::BusinessDay), Ok(planned));
        assert_eq!(back(1, Unit::BusinessHour), Err(OutOfRange::NotBackwards));
        for unit in [
            Unit::Hour,
            Unit::CalendarDay,
            Unit::BusinessDay,
            Unit::Month,
        ] {
            assert_eq!(back(u32::MAX, unit), Err(OutOfRange::TooFar), "{unit:?}");
        }
    }

    #[test]
    fn a_grid_snaps_both_ways_and_skips_months_without_a_fifth() {
        let calendar = WorkCalendar::utc_mon_fri();
        let mut rule = Grid {
            nth: 2,
            weekday: 2,
            time: Time::constant(10, 0, 0, 0),
            direction: Direction::FirstAtOrAfter,
        };
        assert_eq!(
            grid(&rule, at("2026-07-14T10:00:00Z"), &calendar),
            Ok(at("2026-07-14T10:00:00Z"))
        );
        assert_eq!(
            grid(&rule, at("2026-07-14T10:00:01Z"), &calendar),
            Ok(at("2026-08-11T10:00:00Z"))
        );
        rule.direction = Direction::LastAtOrBefore;
        assert_eq!(
            grid(&rule, at("2026-01-13T09:59:59Z"), &calendar),
            Ok(at("2025-12-09T10:00:00Z"))
        );
        rule.nth = 5;
        assert_eq!(
            grid(&rule, at("2026-08-01T00:00:00Z"), &calendar),
            Ok(at("2026-06-30T10:00:00Z"))
        );
        rule.nth = -1;
        assert_eq!(
            grid(&rule, at("2026-08-01T00:00:00Z"), &calendar),
            Ok(at("2026-07-28T10:00:00Z"))
        );
        rule.nth = 0;
        assert_eq!(
            grid(&rule, at("2026-08-01T00:00:00Z"), &calendar),
            Err(OutOfRange::NoSuchDay)
        );
        (rule.nth, rule.weekday) = (1, 8);
        assert_eq!(
            grid(&rule, at("2026-08-01T00:00:00Z"), &calendar),
            Err(OutOfRange::NoSuchDay)
        );
    }

    #[test]
    fn a_release_moves_to_an_earlier_allowed_day() {
        let mut calendar = WorkCalendar::utc_mon_fri();
        calendar.holidays.insert("2026-11-26".parse().unwrap());
        let rule = ReleaseDay {
            time_utc: Time::constant(16, 0, 0, 0),
            allowed_weekdays: Workweek::new(&[1, 2, 3, 4]).unwrap(),
        };
        // Friday is not allowed, Thursday is a holiday.
        assert_eq!(
            release_day(&rule, at("2026-11-27T20:00:00Z"), &calendar),
            Ok(at("2026-11-25T16:00:00Z"))
        );
        assert_eq!(
            release_day(&rule, at("2026-11-25T16:00:00Z"), &calendar),
            Ok(at("2026-11-25T16:00:00Z"))
        );
        assert_eq!(
            release_day(&rule, at("2026-11-25T15:59:59Z"), &calendar),
            Ok(at("2026-11-24T16:00:00Z"))
        );
        // In Tokyo it is already Thursday at 16:00 UTC on Wednesday.
        calendar.zone = "Asia/Tokyo".parse().unwrap();
        assert_eq!(
            release_day(&rule, at("2026-11-25T16:00:00Z"), &calendar),
            Ok(at("2026-11-24T16:00:00Z"))
        );
        let sundays = ReleaseDay {
            allowed_weekdays: Workweek::new(&[7]).unwrap(),
            ..rule
        };
        assert_eq!(
            release_day(&sundays, at("2026-11-25T16:00:00Z"), &calendar),
            Err(OutOfRange::TooFar)
        );
    }

    #[test]
    fn a_list_accepts_up_to_its_longest_embargo_and_warns_above_a_week() {
        let calendar = WorkCalendar::utc_mon_fri();
        let notice = at("2026-10-01T12:00:00Z");
        let ask = |days: i64, more: i64| {
            let proposed = notice.plus_seconds(days * 86_400 + more);
            let answer = list_max(&Within::hours(336), notice, proposed, &calendar).unwrap();
            (answer.accepted, answer.longer_than_a_week)
        };
        assert_eq!(ask(7, 0), (true, false));
        assert_eq!(ask(7, 1), (true, true));
        assert_eq!(ask(14, 0), (true, true));
        assert_eq!(ask(14, 1), (false, true));
    }

    #[test]
    fn ninety_plus_thirty_with_grace() {
        let calendar = WorkCalendar::utc_mon_fri();
        let anchor = at("2026-02-02T10:00:00Z");
        let mut rule = FixPlus {
            fix_days: 90,
            adopt_days: 30,
            grace_days: 0,
        };
        let details = |rule: &FixPlus, patch: Option<&str>| {
            fix_plus(rule, anchor, patch.map(at), &calendar)
                .unwrap()
                .details_on
                .to_string()
        };
        assert_eq!(
            details(&rule, Some("2026-04-26T00:00:00Z")),
            "2026-05-26",
            "day 83 gives 113"
        );
        assert_eq!(
            details(&rule, Some("2026-05-03T23:59:59Z")),
            "2026-06-02",
            "day 90 gives 120"
        );
        assert_eq!(details(&rule, Some("2026-05-04T00:00:00Z")), "2026-05-03");
        rule.grace_days = 14;
        assert_eq!(
            details(&rule, Some("2026-05-17T12:00:00Z")),
            "2026-06-02",
            "grace gives day 120"
        );
        assert_eq!(details(&rule, Some("2026-05-18T00:00:00Z")), "2026-05-03");
        rule.fix_days = u32::MAX;
        assert_eq!(
            fix_plus(&rule, anchor, None, &calendar),
            Err(OutOfRange::TooFar)
        );
    }
}
