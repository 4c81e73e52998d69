//! The work week, the holidays and the zone: which dates count.
//!
//! Invariants: a date in the own list of holidays is never a business day, not even
//! when it is also an own working day; an own working day is one whatever the regions
//! say; with several regions a date counts only when people work in all of them.
//! Half holidays count as full business days unless they are in a list.

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::{Date, Time, Weekday};
use serde::{Deserialize, Serialize};

use candor_base::Instant;

use crate::regions::{Region, holiday_table};
use crate::zone::{Zone, tzdb_version};

/// No search and no count goes further than this many days: a hundred years.
pub(crate) const HORIZON_DAYS: i32 = 36_525;

/// The days of the week on which people work; at least one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<u8>", into = "Vec<u8>")]
pub struct Workweek(u8);

/// Why a list of weekdays is no work week.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkweekError {
    /// Nothing in the list.
    #[error("a work week has at least one day")]
    Empty,
    /// Not an ISO weekday.
    #[error("{0} is not a day of the week; Monday is 1 and Sunday is 7")]
    NotAWeekday(u8),
}

impl Workweek {
    /// Monday to Friday.
    pub const MON_FRI: Self = Self(0b001_1111);

    /// From ISO weekday numbers, Monday = 1 to Sunday = 7.
    pub fn new(days: &[u8]) -> Result<Self, WorkweekError> {
        let mut set = 0_u8;
        for day in days {
            if !(1..=7).contains(day) {
                return Err(WorkweekError::NotAWeekday(*day));
            }
            set |= 1 << (day - 1);
        }
        if set == 0 {
            return Err(WorkweekError::Empty);
        }
        Ok(Self(set))
    }

    /// Whether people work on this day of the week.
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & (1 << day.to_monday_zero_offset()) != 0
    }

    /// The ISO weekday numbers, ascending.
    pub fn iso_days(self) -> Vec<u8> {
        (1..=7_u8)
            .filter(|day| self.0 & (1 << (day - 1)) != 0)
            .collect()
    }
}

impl Default for Workweek {
    fn default() -> Self {
        Self::MON_FRI
    }
}

impl TryFrom<Vec<u8>> for Workweek {
    type Error = WorkweekError;

    fn try_from(days: Vec<u8>) -> Result<Self, WorkweekError> {
        Self::new(&days)
    }
}

impl From<Workweek> for Vec<u8> {
    fn from(week: Workweek) -> Self {
        week.iso_days()
    }
}

impl fmt::Debug for Workweek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Workweek({:?})", self.iso_days())
    }
}

/// The calendar of a policy. One zone per policy, not per reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkCalendar {
    /// The zone in which days begin and end.
    #[serde(default)]
    pub zone: Zone,
    /// The days of the week on which people work.
    #[serde(default)]
    pub workweek: Workweek,
    /// Regions whose public holidays are free, from the table of the binary.
    #[serde(default)]
    pub regions: BTreeSet<Region>,
    /// Own dates on which nobody works, whatever the day of the week.
    #[serde(default)]
    pub holidays: BTreeSet<Date>,
    /// Own dates on which people work all the same: on a weekend, or on a holiday of a region.
    #[serde(default)]
    pub working_days: BTreeSet<Date>,
    /// What people call this calendar, with its version.
    #[serde(default)]
    pub name: String,
}

/// What a date is in a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// A day of the work week like any other.
    Business,
    /// A business day by exception: an own one, or a working weekend of a region.
    Working(Option<Region>),
    /// Outside the work week.
    Weekend,
    /// A day in the own list.
    OwnHoliday,
    /// A public holiday on a day of the work week.
    PublicHoliday(Region, &'static str),
}

impl DayKind {
    /// Whether people work.
    pub const fn is_business(self) -> bool {
        matches!(self, Self::Business | Self::Working(_))
    }
}

impl Default for WorkCalendar {
    fn default() -> Self {
        Self::utc_mon_fri()
    }
}

impl WorkCalendar {
    /// What holds when nobody said anything: UTC, Monday to Friday, no holidays.
    pub fn utc_mon_fri() -> Self {
        Self {
            zone: Zone::utc(),
            workweek: Workweek::MON_FRI,
            regions: BTreeSet::new(),
            holidays: BTreeSet::new(),
            working_days: BTreeSet::new(),
            name: "UTC, Monday to Friday, no holidays".to_owned(),
        }
    }

    /// Whether people work on this date.
    pub fn is_business_day(&self, date: Date) -> bool {
        self.day(date).is_business()
    }

    /// What this date is, and why.
    pub fn day(&self, date: Date) -> DayKind {
        let in_week = self.workweek.contains(date.weekday());
        let public = || {
            let mut all = self.regions.iter();
            all.find_map(|r| r.holiday(date).map(|name| (*r, name)))
        };
        let own_working = self.working_days.contains(&date);
        if self.holidays.contains(&date) {
            if in_week || own_working {
                DayKind::OwnHoliday
            } else {
                DayKind::Weekend
            }
        } else if own_working {
            if in_week && public().is_none() {
                DayKind::Business
            } else {
                DayKind::Working(None)
            }
        } else if in_week {
            match public() {
                Some((region, name)) => DayKind::PublicHoliday(region, name),
                None => DayKind::Business,
            }
        } else if self.regions.iter().all(|r| r.works_on_weekend(date)) {
            match self.regions.first() {
                Some(region) => DayKind::Working(Some(*region)),
                None => DayKind::Weekend,
            }
        } else {
            DayKind::Weekend
        }
    }

    /// What a due instant rests on, to be stored beside it: zone and release of the
    /// zone data, regions and version of their holidays, sizes of the own lists.
    pub fn basis(&self) -> String {
        let week: String = self
            .workweek
            .iso_days()
            .iter()
            .map(ToString::to_string)
            .collect();
        let mut out = format!(
            "zone {} (tzdata {}), week {week}",
            self.zone,
            tzdb_version()
        );
        if !self.regions.is_empty() {
            let codes: Vec<&str> = self.regions.iter().map(|r| r.code()).collect();
            let version = holiday_table().version;
            out = format!("{out}, holidays {} (table {version})", codes.join(" "));
        }
        let (free, work) = (self.holidays.len(), self.working_days.len());
        if free + work > 0 {
            out = format!("{out}, own days {free} free, {work} working");
        }
        out
    }

    /// Whether a basis that was stored beside a due instant names the zone data and the
    /// table of holidays of this binary: another one may count otherwise. One that names
    /// nothing is older than these words and is taken as it is.
    pub fn has_the_tables_of(&self, basis: &str) -> bool {
        if basis.is_empty() {
            return true;
        }
        let zone_data = basis.contains(&format!("(tzdata {})", tzdb_version()));
        let table = format!("(table {})", holiday_table().version);
        zone_data && (self.regions.is_empty() || basis.contains(&table))
    }

    /// The date on the wall at a moment.
    pub fn local_date(&self, at: Instant) -> Date {
        self.zone.wall(at).date()
    }

    /// The time on the wall at a moment.
    pub fn local_time(&self, at: Instant) -> Time {
        self.zone.wall(at).time()
    }

    /// The moment at which the wall shows this date and time. A time that the clocks
    /// skip is moved on by the skipped span; of a time shown twice the first is taken.
    /// `None` outside the range of the calendar.
    pub fn at(&self, date: Date, time: Time) -> Option<Instant> {
        self.zone.at_wall(date, time)
    }

    /// The first second of a local date; at the very end of the calendar the last possible one.
    pub fn start_of_day(&self, date: Date) -> Instant {
        self.zone.start_of(date).unwrap_or_else(|| edge(date))
    }

    /// The last second of a local date: the first of the next minus one.
    /// At the very end of the calendar it is the last possible second.
    pub fn end_of_day(&self, date: Date) -> Instant {
        self.try_end_of_day(date).unwrap_or_else(|| edge(date))
    }

    pub(crate) fn try_end_of_day(&self, date: Date) -> Option<Instant> {
        let next = self.zone.start_of(date.tomorrow().ok()?)?;
        Instant::from_unix(next.unix().checked_sub(1)?).ok()
    }

    /// The last business day before a date. A calendar that has none within a
    /// hundred years gives the date itself.
    pub fn previous_business_day(&self, date: Date) -> Date {
        self.step(date, Date::yesterday).unwrap_or(date)
    }

    /// The first business day after a date, if there is one within a hundred years.
    pub fn next_business_day(&self, date: Date) -> Option<Date> {
        self.step(date, Date::tomorrow)
    }

    fn step(&self, date: Date, next: fn(Date) -> Result<Date, jiff::Error>) -> Option<Date> {
        let mut day = date;
        for _ in 0..HORIZON_DAYS {
            day = next(day).ok()?;
            if self.is_business_day(day) {
                return Some(day);
            }
        }
        None
    }

    /// How many business days lie in `[from, to)`; 0 when `to` is not after `from`.
    /// Counts no further than a hundred years.
    pub fn business_days_between(&self, from: Date, to: Date) -> u32 {
        let mut day = from;
        let mut count = 0_u32;
        for _ in 0..HORIZON_DAYS {
            if day >= to {
                break;
            }
            count += u32::from(self.is_business_day(day));
            match day.tomorrow() {
                Ok(next) => day = next,
                Err(_) => break,
            }
        }
        count
    }
}

/// The end of time on the side on which a date lies.
fn edge(date: Date) -> Instant {
    Instant::from(if date.year() < 1970 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_basis_says_whether_it_rests_on_other_tables() {
        let mut calendar = WorkCalendar::utc_mon_fri();
        let own = calendar.basis();
        assert!(calendar.has_the_tables_of(&own));
        assert!(calendar.has_the_tables_of(""), "older than the words");
        assert!(!calendar.has_the_tables_of("zone UTC (tzdata 2001a), week 12345"));
        calendar.regions.insert("NO".parse().unwrap());
        assert!(calendar.has_the_tables_of(&calendar.basis()));
        let older = calendar
            .basis()
            .replace(holiday_table().version, "2001-01-01");
        assert!(!calendar.has_the_tables_of(&older));
    }

    #[test]
    fn holidays_win_over_working_days_and_working_days_over_weekends() {
        let mut calendar = WorkCalendar::utc_mon_fri();
        let saturday = date("2026-02-14");
        assert!(!calendar.is_business_day(saturday));
        calendar.working_days.insert(saturday);
        assert!(calendar.is_business_day(saturday));
        calendar.holidays.insert(saturday);
        assert!(!calendar.is_business_day(saturday));
    }

    #[test]
    fn the_neighbouring_business_days_skip_weekends() {
        let calendar = WorkCalendar::utc_mon_fri();
        assert_eq!(
            calendar.previous_business_day(date("2026-11-22")),
            date("2026-11-20")
        );
        assert_eq!(
            calendar.previous_business_day(date("2026-11-20")),
            date("2026-11-19")
        );
        assert_eq!(
            calendar.next_business_day(date("2026-11-20")),
            Some(date("2026-11-23"))
        );
        assert_eq!(
            calendar.business_days_between(date("2026-11-20"), date("2026-11-24")),
            2
        );
        assert_eq!(
            calendar.business_days_between(date("2026-11-24"), date("2026-11-20")),
            0
        );
    }

    #[test]
    fn a_work_week_is_a_list_of_iso_days() {
        let week = Workweek::new(&[7, 1, 2, 3, 4]).unwrap();
        assert_eq!(serde_json::to_string(&week).unwrap(), "[1,2,3,4,7]");
        assert!(week.contains(Weekday::Sunday) && !week.contains(Weekday::Friday));
        assert_eq!(Workweek::new(&[]), Err(WorkweekError::Empty));
        assert_eq!(Workweek::new(&[8]), Err(WorkweekError::NotAWeekday(8)));
        assert!(serde_json::from_str::<Workweek>("[0]").is_err());
    }

    #[test]
    fn the_end_of_time_is_held_without_a_panic() {
        let mut calendar = WorkCalendar::utc_mon_fri();
        assert_eq!(
            calendar.end_of_day(Date::MAX).unix(),
            jiff::Timestamp::MAX.as_second()
        );
        calendar.zone = "Pacific/Apia".parse().unwrap();
        let _ = calendar.start_of_day(Date::MIN);
        let _ = calendar.end_of_day(Date::MAX);
        let _ = calendar.previous_business_day(Date::MIN);
        assert_eq!(calendar.next_business_day(Date::MAX), None);
    }

    #[test]
    fn a_calendar_reads_with_everything_left_out() {
        let calendar: WorkCalendar = serde_json::from_str("{}").unwrap();
        assert_eq!(calendar.workweek, Workweek::MON_FRI);
        assert!(calendar.zone.is_utc());
        let all = WorkCalendar::utc_mon_fri();
        let json = serde_json::to_string(&all).unwrap();
        assert_eq!(serde_json::from_str::<WorkCalendar>(&json).unwrap(), all);
    }
}
