//! Grids of publication days ("the second Tuesday of a month, 10:00").
//!
//! Invariant: a [`Grid`] names a day that some month has; that is checked once,
//! when it is made.

use std::fmt;

use jiff::Span;
use jiff::civil::{Time, Weekday};
use serde::{Deserialize, Serialize};

use candor_base::Instant;

use crate::due::{Due, OutOfRange};
use crate::show::clock;
use crate::workcal::WorkCalendar;

/// Which way to snap to a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The last grid point not after the moment: for a deadline, which is never passed.
    LastAtOrBefore,
    /// The first grid point not before the moment: for a fix that is ready.
    FirstAtOrAfter,
}

/// The nth weekday of each month at a local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub struct Grid {
    nth: i8,
    weekday: Weekday,
    time: Time,
    direction: Direction,
}

/// How a grid is written.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Form {
    nth: i8,
    weekday: i8,
    time: Time,
    direction: Direction,
}

/// Why numbers are no grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no such day in a month; the weekday goes from 1 (Monday) to 7, its number from 1 to 5, or from -1 (the last) to -5"
)]
pub struct NoSuchDay;

impl Grid {
    /// `nth` goes from 1 to 5, or from -1 (the last of a month) to -5; a month without
    /// a fifth one has no grid point. `weekday` is the ISO number, Monday = 1. The time
    /// is local in the zone of the calendar.
    pub fn new(nth: i8, weekday: i8, time: Time, direction: Direction) -> Result<Self, NoSuchDay> {
        let weekday = Weekday::from_monday_one_offset(weekday).map_err(|_| NoSuchDay)?;
        if nth == 0 || !(-5..=5).contains(&nth) {
            return Err(NoSuchDay);
        }
        Ok(Self {
            nth,
            weekday,
            time,
            direction,
        })
    }

    /// The same days, snapped to the other way.
    #[must_use]
    pub const fn towards(mut self, direction: Direction) -> Self {
        self.direction = direction;
        self
    }
}

impl TryFrom<Form> for Grid {
    type Error = NoSuchDay;

    fn try_from(form: Form) -> Result<Self, NoSuchDay> {
        Self::new(form.nth, form.weekday, form.time, form.direction)
    }
}

impl From<Grid> for Form {
    fn from(grid: Grid) -> Self {
        Self {
            nth: grid.nth,
            weekday: grid.weekday.to_monday_one_offset(),
            time: grid.time,
            direction: grid.direction,
        }
    }
}

impl fmt::Display for Grid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = match self.nth {
            1 => "first",
            2 => "second",
            3 => "third",
            4 => "fourth",
            5 => "fifth",
            -1 => "last",
            -2 => "second last",
            -3 => "third last",
            -4 => "fourth last",
            _ => "fifth last",
        };
        let day = match self.weekday {
            Weekday::Monday => "Monday",
            Weekday::Tuesday => "Tuesday",
            Weekday::Wednesday => "Wednesday",
            Weekday::Thursday => "Thursday",
            Weekday::Friday => "Friday",
            Weekday::Saturday => "Saturday",
            Weekday::Sunday => "Sunday",
        };
        let time = self.time.strftime("%H:%M");
        write!(f, "the {count} {day} of a month at {time}")
    }
}

/// Snaps a moment to the grid.
pub fn grid(rule: &Grid, from: Instant, calendar: &WorkCalendar) -> Result<Due, OutOfRange> {
    let at = point(rule, from, calendar)?;
    let way = match rule.direction {
        Direction::LastAtOrBefore => "the last one not after",
        Direction::FirstAtOrAfter => "the first one not before",
    };
    let explanation = vec![
        rule.to_string(),
        format!("{way} {}", clock(from, calendar)),
        format!("due {}", clock(at, calendar)),
    ];
    Ok(Due {
        at,
        plan_by: None,
        explanation,
    })
}

fn point(rule: &Grid, from: Instant, calendar: &WorkCalendar) -> Result<Instant, OutOfRange> {
    let step = match rule.direction {
        Direction::LastAtOrBefore => Span::new().months(-1),
        Direction::FirstAtOrAfter => Span::new().months(1),
    };
    let mut month = calendar.local_date(from).first_of_month();
    // A fifth weekday comes at least every fourth month.
    for _ in 0..12 {
        if let Ok(day) = month.nth_weekday_of_month(rule.nth, rule.weekday)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn snapped(nth: i8, direction: Direction, from: &str) -> String {
        let rule = Grid::new(nth, 2, Time::constant(10, 0, 0, 0), direction).unwrap();
        let calendar = WorkCalendar::utc_mon_fri();
        let due = grid(&rule, from.parse().unwrap(), &calendar).unwrap();
        due.at.to_string()
    }

    #[test]
    fn a_grid_snaps_both_ways_and_skips_months_without_a_fifth() {
        use Direction::{FirstAtOrAfter as Next, LastAtOrBefore as Last};
        let on = "2026-07-14T10:00:00Z";
        assert_eq!(snapped(2, Next, on), on);
        assert_eq!(snapped(2, Last, on), on);
        assert_eq!(
            snapped(2, Next, "2026-07-14T10:00:01Z"),
            "2026-08-11T10:00:00Z"
        );
        assert_eq!(
            snapped(2, Last, "2026-01-13T09:59:59Z"),
            "2025-12-09T10:00:00Z"
        );
        assert_eq!(
            snapped(5, Last, "2026-08-01T00:00:00Z"),
            "2026-06-30T10:00:00Z"
        );
        assert_eq!(
            snapped(-1, Last, "2026-08-01T00:00:00Z"),
            "2026-07-28T10:00:00Z"
        );
        assert_eq!(
            snapped(-5, Next, "2026-08-01T00:00:00Z"),
            "2026-09-01T10:00:00Z"
        );
    }

    #[test]
    fn a_day_that_no_month_has_is_no_grid() {
        let time = Time::midnight();
        for (nth, weekday) in [(0, 2), (6, 2), (-6, 2), (1, 0), (1, 8)] {
            let made = Grid::new(nth, weekday, time, Direction::LastAtOrBefore);
            assert_eq!(made, Err(NoSuchDay), "{nth} {weekday}");
        }
        let text = r#"{"nth":0,"weekday":2,"time":"10:00","direction":"last_at_or_before"}"#;
        let error = serde_json::from_str::<Grid>(text).unwrap_err();
        assert!(error.to_string().contains("no such day in a month"));
    }

    #[test]
    fn a_grid_says_itself_and_is_read_back() {
        let time = Time::constant(10, 0, 0, 0);
        let rule = Grid::new(2, 2, time, Direction::LastAtOrBefore).unwrap();
        let due = grid(
            &rule,
            "2026-07-20T23:59:59Z".parse().unwrap(),
            &WorkCalendar::utc_mon_fri(),
        );
        assert_eq!(
            due.unwrap().explanation,
            [
                "the second Tuesday of a month at 10:00",
                "the last one not after Mon 20 Jul 2026 23:59:59 UTC",
                "due Tue 14 Jul 2026 10:00:00 UTC"
            ]
        );
        let words = [1, 3, 4, 5, -1, -2, -3, -4, -5].map(|nth| {
            let day = if nth > 0 { nth } else { -nth + 1 };
            let rule = Grid::new(nth, day.min(7), time, Direction::FirstAtOrAfter).unwrap();
            rule.to_string().replace(" of a month at 10:00", "")
        });
        assert_eq!(
            words,
            [
                "the first Monday",
                "the third Wednesday",
                "the fourth Thursday",
                "the fifth Friday",
                "the last Tuesday",
                "the second last Wednesday",
                "the third last Thursday",
                "the fourth last Friday",
                "the fifth last Saturday"
            ]
        );
        let sunday = Grid::new(1, 7, time, Direction::FirstAtOrAfter).unwrap();
        assert!(sunday.to_string().starts_with("the first Sunday"));
        let other = rule.towards(Direction::FirstAtOrAfter);
        let json = serde_json::to_string(&other).unwrap();
        assert_eq!(serde_json::from_str::<Grid>(&json).unwrap(), other);
    }
}
