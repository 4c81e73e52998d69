//! Whose public holidays a member has: the days on which a team is away together.
//!
//! Invariant: the days of a region are those of the calendar's own table, so that a
//! forecast and a clock never disagree about a holiday.
//!
//! Deliberately absent: days beyond the table, half holidays and bridge days. Whoever
//! needs them names the dates (`days_off`). Nothing in here touches the clocks of a
//! policy: those count by the owner's own settings.

use candor_calendar::Region as Known;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

/// Whose public holidays a member has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Region {
    /// No public holidays at all.
    None,
    /// New Year, Easter Monday, 1 May, 25 and 26 December: Candor's assumption.
    #[default]
    Common,
    /// A region of the calendar's table.
    Of(Known),
}

/// Why a word names nobody's holidays.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("one of none, common, or a region such as de, de-by, gb-eng, no or us")]
pub struct UnknownRegion;

impl Region {
    /// By its name: `none`, `common`, or the code of a region in any case (`de`,
    /// `gb-eng`). `gb` stands for England, as most of the country keeps its days.
    ///
    /// # Errors
    /// [`UnknownRegion`] for any other word.
    pub fn named(name: &str) -> Result<Self, UnknownRegion> {
        match name.to_ascii_lowercase().as_str() {
            "none" => Ok(Self::None),
            "common" => Ok(Self::Common),
            "gb" => known("GB-ENG"),
            other => known(&other.to_ascii_uppercase()),
        }
    }

    /// Its name, as [`Region::named`] takes it.
    pub fn name(self) -> String {
        match self {
            Self::None => "none".to_owned(),
            Self::Common => "common".to_owned(),
            Self::Of(region) => region.code().to_ascii_lowercase(),
        }
    }

    /// Whether people are off on this date.
    pub fn is_free(self, date: Date) -> bool {
        match self {
            Self::None => false,
            Self::Common => {
                matches!((date.month(), date.day()), (1 | 5, 1) | (12, 25 | 26))
                    || is_easter_monday(date)
            }
            Self::Of(region) => region.holiday(date).is_some(),
        }
    }
}

fn known(code: &str) -> Result<Region, UnknownRegion> {
    code.parse().map(Region::Of).map_err(|_| UnknownRegion)
}

/// The one Monday of early spring on which Germany is off, by the table.
fn is_easter_monday(date: Date) -> bool {
    let spring = matches!((date.month(), date.day()), (3, 23..) | (4, ..=26));
    let off = || known("DE").is_ok_and(|de| de.is_free(date));
    spring && date.weekday() == Weekday::Monday && off()
}

impl TryFrom<String> for Region {
    type Error = UnknownRegion;

    fn try_from(name: String) -> Result<Self, UnknownRegion> {
        Self::named(&name)
    }
}

impl From<Region> for String {
    fn from(region: Region) -> Self {
        region.name()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn free(name: &str, date: &str) -> bool {
        Region::named(name).unwrap().is_free(date.parse().unwrap())
    }

    #[test]
    fn holidays_of_a_region_are_those_of_the_calendar() {
        for region in Known::all() {
            for (date, _) in region.holidays() {
                assert!(Region::Of(region).is_free(date), "{} {date}", region.code());
            }
        }
        assert!(free("de", "2026-10-03"));
        assert!(free("DE-BY", "2026-01-06"));
        assert!(!free("de", "2026-01-06"));
        assert!(free("us", "2026-11-26"));
        assert!(free("gb", "2026-08-31"), "bank holiday");
        assert!(!free("none", "2026-12-25"));
    }

    #[test]
    fn the_common_ones_are_five_a_year() {
        for (year, easter_monday) in [(2026, "2026-04-06"), (2027, "2027-03-29")] {
            let first: Date = format!("{year}-01-01").parse().unwrap();
            let year = std::iter::successors(Some(first), |d| d.tomorrow().ok());
            let days: Vec<String> = year
                .take_while(|d| d.year() == first.year())
                .filter(|d| Region::Common.is_free(*d))
                .map(|d| d.to_string())
                .collect();
            assert_eq!(days.len(), 5, "{days:?}");
            assert!(days.contains(&easter_monday.to_owned()), "{days:?}");
        }
    }

    #[test]
    fn names_are_read_back() {
        for name in ["none", "common", "de", "gb-eng", "no"] {
            assert_eq!(Region::named(name).unwrap().name(), name);
        }
        assert_eq!(Region::named("atlantis"), Err(UnknownRegion));
    }
}
