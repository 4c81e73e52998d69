//! The days of publication: on which days and how late details become public.
//!
//! Invariants: the words of the policy decide; an hour that the text does not name is
//! absent here.
//!
//! Deliberately absent: dates. A rule becomes one on a case.

use candor_calendar::{Grid, Workweek};
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use super::promises::TermUnit;

/// One rule about the days on which something becomes public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum TimetableRule {
    /// Only on these days of the week, never on a holiday.
    ReleaseDays {
        /// ISO weekdays, Monday = 1.
        weekdays: Workweek,
        /// The hour in UTC, where the text names one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        time_utc: Option<Time>,
    },
    /// Only on one day of a month ("the second Tuesday").
    MonthGrid {
        /// Which one, from 1; -1 is the last.
        nth: i8,
        /// ISO weekday, Monday = 1.
        weekday: i8,
        /// The local hour, where the text names one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        time: Option<Time>,
    },
    /// A list that is told early keeps nothing private for longer than this.
    ListMaximum {
        /// How many; hours, days or weeks of 24 hours a day.
        amount: u32,
        /// Of what.
        unit: TermUnit,
    },
    /// So long for a fix, and so long for people to take it up ("90+30").
    FixPlus {
        /// Days for the fix.
        fix_days: u32,
        /// Days between the fix and the details.
        adopt_days: u32,
        /// Days for the fix once it is attacked, where the text names them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        attacked_days: Option<u32>,
    },
    /// Updates come on the same day of every so many months, whenever the last one came.
    UpdateGrid {
        /// Every how many months.
        months: u32,
    },
}

impl TimetableRule {
    /// The grid of a [`TimetableRule::MonthGrid`], at an hour that holds where the text
    /// names none; `None` for other rules and for days that no month has.
    pub fn month_grid(self, otherwise: Time) -> Option<Grid> {
        let Self::MonthGrid { nth, weekday, time } = self else {
            return None;
        };
        let way = candor_calendar::Direction::LastAtOrBefore;
        Grid::new(nth, weekday, time.unwrap_or(otherwise), way).ok()
    }
}
