//! Public holidays by region: dated, versioned data that the binary carries.
//!
//! Invariants: the same binary gives the same days everywhere; a region that
//! exists as a value is in the table; nothing is guessed beyond its last year.
//!
//! Deliberately absent: rules that compute holidays (many are decreed year by
//! year), half holidays, bridge days, and what a team agrees among itself: the
//! owner adds those to the own lists of a [`crate::WorkCalendar`].

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::workcal::Workweek;

/// The table as `cargo xtask gen holidays` writes it.
const TEXT: &str = include_str!("../data/holidays.txt");

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(TEXT));

/// A country, or a part of one, whose public holidays are known.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region(&'static Row);

/// Why a text is no region.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no region with known holidays; write a country like NO, or a part of one like GB-ENG or DE-BY"
)]
pub struct RegionError(String);

/// What the table of holidays is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HolidayTable {
    /// Where the days come from.
    pub source: &'static str,
    /// The date on which the table was made; store it beside a due instant.
    pub version: &'static str,
    /// The first year it knows.
    pub first_year: i16,
    /// The last year it knows.
    pub last_year: i16,
}

/// What the table of this binary is made of.
pub fn holiday_table() -> HolidayTable {
    TABLE.about
}

/// One region.
struct Row {
    code: &'static str,
    name: &'static str,
    week: Workweek,
    /// Sorted by date, one name each.
    holidays: Vec<(Date, &'static str)>,
    /// Weekend days on which people work, sorted.
    working: Vec<Date>,
}

struct Table {
    about: HolidayTable,
    /// Sorted by code.
    rows: Vec<Row>,
    /// Lines that could not be read; a test holds this at none.
    #[cfg_attr(not(test), allow(dead_code, reason = "looked at by a test"))]
    unread: usize,
}

impl Table {
    fn read(text: &'static str) -> Self {
        let mut table = Self {
            about: HolidayTable {
                source: "",
                version: "",
                first_year: 1,
                last_year: 0,
            },
            rows: Vec::new(),
            unread: 0,
        };
        for line in text.lines().filter(|l| !l.starts_with('#')) {
            if table.line(line).is_none() {
                table.unread += 1;
            }
        }
        for row in &mut table.rows {
            row.holidays.sort_unstable();
            row.holidays.dedup_by_key(|(date, _)| *date);
            row.working.sort_unstable();
        }
        table.rows.sort_by_key(|row| row.code);
        table
    }

    fn line(&mut self, line: &'static str) -> Option<()> {
        if let Some(about) = line.strip_prefix('!') {
            let (key, value) = about.split_once(' ')?;
            match key {
                "source" => self.about.source = value,
                "version" => self.about.version = value,
                "years" => {
                    let (first, last) = value.split_once(' ')?;
                    self.about.first_year = first.parse().ok()?;
                    self.about.last_year = last.parse().ok()?;
                }
                _ => return None,
            }
        } else if let Some(region) = line.strip_prefix('=') {
            let mut parts = region.split('|');
            let (code, name, days) = (parts.next()?, parts.next()?, parts.next()?);
            let days: Option<Vec<u8>> = days
                .chars()
                .map(|c| u8::try_from(c.to_digit(10)?).ok())
                .collect();
            self.rows.push(Row {
                code,
                name,
                week: Workweek::new(&days?).ok()?,
                holidays: Vec::new(),
                working: Vec::new(),
            });
        } else {
            let (name, tokens) = line.split_once('|')?;
            let years = self.about.first_year..=self.about.last_year;
            let row = self.rows.last_mut()?;
            for token in tokens.split(' ') {
                for date in dates(token, years.clone())? {
                    if name == "+" {
                        row.working.push(date);
                    } else {
                        row.holidays.push((date, name));
                    }
                }
            }
        }
        Some(())
    }
}

/// `MMDD`: that day in every year; `YYMMDD`: one day of this century.
fn dates(token: &str, years: std::ops::RangeInclusive<i16>) -> Option<Vec<Date>> {
    let number: i32 = token.parse().ok()?;
    let month = i8::try_from(number / 100 % 100).ok()?;
    let day = i8::try_from(number % 100).ok()?;
    match token.len() {
        4 => years.map(|year| Date::new(year, month, day).ok()).collect(),
        6 => {
            let year = i16::try_from(2000 + number / 10_000).ok()?;
            Date::new(year, month, day).ok().map(|date| vec![date])
        }
        _ => None,
    }
}

impl Region {
    /// Every region of the table, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.rows.iter().map(Self)
    }

    /// `GB-ENG`: the code of ISO 3166.
    pub const fn code(self) -> &'static str {
        self.0.code
    }

    /// `England`.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// The days of the week on which people there usually work.
    pub const fn workweek(self) -> Workweek {
        self.0.week
    }

    /// What the holiday on this date is called there, if it is one.
    pub fn holiday(self, date: Date) -> Option<&'static str> {
        let days = &self.0.holidays;
        let place = days.binary_search_by_key(&date, |(day, _)| *day).ok()?;
        days.get(place).map(|(_, name)| *name)
    }

    /// Whether people there work on this date although it is on a weekend.
    pub fn works_on_weekend(self, date: Date) -> bool {
        self.0.working.binary_search(&date).is_ok()
    }

    /// Its holidays from the first year of the table to the last.
    pub fn holidays(self) -> impl Iterator<Item = (Date, &'static str)> {
        self.0.holidays.iter().copied()
    }

    /// The weekend days on which people there work.
    pub fn working_days(self) -> impl Iterator<Item = Date> {
        self.0.working.iter().copied()
    }
}

impl FromStr for Region {
    type Err = RegionError;

    fn from_str(text: &str) -> Result<Self, RegionError> {
        let code = text.trim().to_ascii_uppercase();
        TABLE
            .rows
            .iter()
            .find(|row| row.code == code)
            .map(Self)
            .ok_or_else(|| RegionError(text.chars().take(20).collect()))
    }
}

impl TryFrom<String> for Region {
    type Error = RegionError;

    fn try_from(text: String) -> Result<Self, RegionError> {
        text.parse()
    }
}

impl From<Region> for String {
    fn from(region: Region) -> Self {
        region.code().to_owned()
    }
}

impl PartialEq for Region {
    fn eq(&self, other: &Self) -> bool {
        self.code() == other.code()
    }
}

impl Eq for Region {}

impl PartialOrd for Region {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Region {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.code().cmp(other.code())
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Region({})", self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(code: &str) -> Region {
        code.parse().unwrap()
    }

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn every_line_of_the_table_is_read() {
        assert_eq!(TABLE.unread, 0);
        let about = holiday_table();
        assert!(about.source.contains("holidays") && about.source.contains("MIT"));
        assert!(about.version.parse::<Date>().is_ok());
        assert_eq!((about.first_year, about.last_year), (2020, 2035));
        assert!(Region::all().count() >= 90);
        for region in Region::all() {
            let last = about.last_year;
            // Ukraine has had none since 2022, by martial law.
            let known = region.holidays().any(|(d, _)| d.year() == last);
            assert!(known != (region.code() == "UA"), "{region} in {last}");
            assert!(region.holidays().all(|(_, name)| !name.is_empty()));
        }
    }

    #[test]
    fn the_regions_that_policies_need_are_there() {
        let union =
            "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";
        let more = "GB-ENG GB-NIR GB-SCT GB-WLS US CA AU NZ JP CN KR IN BR NO CH SG IL ZA MX";
        assert_eq!(union.split(' ').count(), 27);
        for code in union.split(' ').chain(more.split(' ')) {
            assert!(code.parse::<Region>().is_ok(), "{code}");
        }
        let error = "Atlantis".parse::<Region>().unwrap_err();
        assert!(error.to_string().starts_with("`Atlantis` is no region"));
    }

    #[test]
    fn days_are_those_of_the_almanac() {
        assert_eq!(
            region("US").holiday(date("2026-11-26")),
            Some("Thanksgiving Day")
        );
        assert_eq!(
            region("no").holiday(date("2026-05-17")),
            Some("Constitution Day")
        );
        assert_eq!(region("US").holiday(date("2026-11-27")), None);
        // Early May moved to VE Day in 2020, the jubilee and the coronation came once.
        let england = region("GB-ENG");
        assert!(england.holiday(date("2020-05-08")).is_some());
        assert_eq!(england.holiday(date("2020-05-04")), None);
        assert!(england.holiday(date("2022-06-03")).is_some());
        assert!(region("CN").works_on_weekend(date("2026-02-14")));
        assert!(!region("CN").works_on_weekend(date("2026-02-21")));
        assert_eq!(region("IL").workweek().iso_days(), [1, 2, 3, 4, 7]);
    }

    #[test]
    fn a_region_is_written_and_read_by_its_code() {
        let json = serde_json::to_string(&region("de-by")).unwrap();
        assert_eq!(json, "\"DE-BY\"");
        assert_eq!(
            serde_json::from_str::<Region>(&json).unwrap(),
            region("DE-BY")
        );
        assert!(serde_json::from_str::<Region>("\"XX\"").is_err());
        assert!(region("AT") < region("US") && format!("{:?}", region("US")) == "Region(US)");
    }

    #[test]
    fn a_line_that_cannot_be_read_is_counted() {
        let table = Table::read("!years 2020 2021\n=XX|Test|1\nDay|0101 200231\n+|200104\n?\n");
        assert_eq!(table.unread, 2);
        let row = &table.rows[0];
        assert_eq!(row.holidays.len(), 2);
        assert_eq!(row.working, [date("2020-01-04")]);
        assert_eq!(dates("12345", 2020..=2020), None);
    }
}
