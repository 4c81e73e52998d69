//! Which days count.

use std::collections::BTreeSet;

use candor_calendar::{Region, WorkCalendar};
use jiff::civil::Date;

use crate::wall::{Wall, number, weekday};

/// What the judge sees of a calendar: its zone, its week and its lists.
#[derive(Debug)]
pub struct Days<'a> {
    /// The zone.
    pub wall: &'a Wall,
    week: Vec<u8>,
    free: BTreeSet<i64>,
    open: BTreeSet<i64>,
    regions: Vec<&'a RegionDays>,
}

/// The days of a region, read once.
#[derive(Debug)]
pub struct RegionDays {
    region: Region,
    holidays: BTreeSet<i64>,
    weekends: BTreeSet<i64>,
}

impl RegionDays {
    /// Reads its lists.
    pub fn of(region: Region) -> Self {
        Self {
            region,
            holidays: region.holidays().map(|(d, _)| day(d)).collect(),
            weekends: region.working_days().map(day).collect(),
        }
    }
}

/// A date as a number.
pub fn day(date: Date) -> i64 {
    number(
        i64::from(date.year()),
        i64::from(date.month()),
        i64::from(date.day()),
    )
}

impl<'a> Days<'a> {
    /// Reads the lists.
    pub fn new(wall: &'a Wall, regions: &'a [RegionDays], calendar: &WorkCalendar) -> Self {
        Self {
            wall,
            week: calendar.workweek.iso_days(),
            free: calendar.holidays.iter().map(|d| day(*d)).collect(),
            open: calendar.working_days.iter().map(|d| day(*d)).collect(),
            regions: regions
                .iter()
                .filter(|r| calendar.regions.contains(&r.region))
                .collect(),
        }
    }

    /// Whether people work on a day.
    pub fn works(&self, day: i64) -> bool {
        if self.free.contains(&day) {
            return false;
        }
        if self.open.contains(&day) {
            return true;
        }
        let usual = self.week.iter().any(|w| i64::from(*w) == weekday(day));
        let mut everywhere = usual || !self.regions.is_empty();
        for region in &self.regions {
            let here = if usual {
                !region.holidays.contains(&day)
            } else {
                region.weekends.contains(&day)
            };
            everywhere = everywhere && here;
        }
        everywhere
    }

    /// Days of work from the first to the last, both included.
    pub fn count(&self, first: i64, last: i64) -> i64 {
        let mut count = 0;
        let mut day = first;
        while day <= last {
            count += i64::from(self.works(day));
            day += 1;
        }
        count
    }

    /// The next day of work after a day.
    pub fn next(&self, mut day: i64) -> i64 {
        loop {
            day += 1;
            if self.works(day) {
                return day;
            }
        }
    }

    /// The last day of work before a day.
    pub fn previous(&self, mut day: i64) -> i64 {
        loop {
            day -= 1;
            if self.works(day) {
                return day;
            }
        }
    }
}
