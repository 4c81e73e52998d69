//! A case as anybody may count it: as it stood at the end of the month in which it
//! ended.
//!
//! Invariants: what happens later changes nothing, so that no figure tells that a case
//! was opened again or that something more was found; a case that has not ended in a
//! month that is over is not counted at all, so that an embargo does not shine through.

use std::collections::BTreeMap;

use candor_base::Instant;
use candor_case::{Event, Recorded};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::history::History;

/// A month of UTC: the same for every program, so that no setting moves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(i16, i8);

impl Month {
    /// A month of a year.
    pub const fn new(year: i16, month: i8) -> Self {
        Self(year, month)
    }

    /// The month in which an instant lies.
    pub fn of(at: Instant) -> Self {
        let date = TimeZone::UTC.to_datetime(at.timestamp()).date();
        Self(date.year(), date.month())
    }

    /// The first instant after it.
    pub fn over(self) -> Option<Instant> {
        let (year, month) = if self.1 >= 12 {
            (self.0.checked_add(1)?, 1)
        } else {
            (self.0, self.1.checked_add(1)?)
        };
        let first = Date::new(year, month, 1).ok()?;
        let at = TimeZone::UTC.to_timestamp(first.at(0, 0, 0, 0)).ok()?;
        Some(Instant::from(at))
    }
}

/// A case that may be counted, and since the end of which month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// The month in which it ended.
    pub month: Month,
    /// How it stood when that month was over.
    pub history: History,
}

/// The case as it may be counted at `now`; `None` while it may not. `dates` are the days
/// on which versions were released, as instants, where somebody wrote them down.
pub fn frozen(
    events: &[Recorded],
    dates: &BTreeMap<String, Instant>,
    now: Instant,
) -> Option<Frozen> {
    let mut tried = None;
    for recorded in events {
        let ends = matches!(
            recorded.event,
            Event::Published { .. } | Event::Closed { .. }
        );
        let month = Month::of(recorded.at);
        if !ends || tried == Some(month) {
            continue;
        }
        tried = Some(month);
        let over = month.over().filter(|over| *over <= now)?;
        let upto = events.iter().take_while(|e| e.at < over).count();
        let history = History::of(events.get(..upto)?, dates, over.plus_seconds(-1))?;
        if history.ended.is_some() {
            return Some(Frozen { month, history });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_over_at_its_last_second() {
        let at = |text: &str| -> Instant { text.parse().unwrap() };
        let december = Month::of(at("2026-12-31T23:59:59Z"));
        assert_eq!(december, Month::new(2026, 12));
        assert_eq!(december.over(), Some(at("2027-01-01T00:00:00Z")));
        assert_eq!(Month::new(2028, 2).over(), Some(at("2028-03-01T00:00:00Z")));
    }
}
