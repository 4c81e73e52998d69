//! Public holidays by rule, for any year: the days on which a team is away together.
//!
//! Invariant: only days off in the whole region, by the law as of 2026; a day that
//! moves when it falls on a weekend is moved as the law says.
//!
//! Deliberately absent: regional and half holidays, and bridge days. Whoever needs
//! them names the dates (`days_off`). Nothing in here touches the clocks of a
//! policy: those count by the owner's own list.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};
use serde::{Deserialize, Serialize};

/// Whose public holidays a member has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Region {
    /// No public holidays at all.
    None,
    /// New Year, Easter Monday, 1 May, 25 and 26 December: Candor's assumption.
    #[default]
    Common,
    /// Germany, nationwide.
    De,
    /// England and Wales, without substitute days beyond the usual.
    Gb,
    /// United States, federal.
    Us,
    /// France, without Alsace and Moselle.
    Fr,
    /// Italy.
    It,
    /// The Netherlands, without 5 May.
    Nl,
    /// Norway.
    No,
    /// Poland.
    Pl,
}

impl Region {
    /// All that can be named.
    pub const ALL: [(&'static str, Self); 10] = [
        ("none", Self::None),
        ("common", Self::Common),
        ("de", Self::De),
        ("fr", Self::Fr),
        ("gb", Self::Gb),
        ("it", Self::It),
        ("nl", Self::Nl),
        ("no", Self::No),
        ("pl", Self::Pl),
        ("us", Self::Us),
    ];

    /// By its name (`de`), if there is one.
    pub fn named(name: &str) -> Option<Self> {
        let all = Self::ALL.iter();
        all.copied().find(|(n, _)| *n == name).map(|(_, r)| r)
    }

    /// The holidays of one year.
    pub fn holidays(self, year: i16) -> BTreeSet<Date> {
        if !(1900..=2200).contains(&year) {
            return BTreeSet::new();
        }
        let (fixed, from_easter) = self.simple();
        let mut days: BTreeSet<Date> = fixed
            .iter()
            .filter_map(|(month, day)| Date::new(year, *month, *day).ok())
            .collect();
        let easter = easter(year);
        days.extend(
            from_easter
                .iter()
                .filter_map(|after| easter.checked_add(after.days()).ok()),
        );
        match self {
            Self::Us => days.extend(us(year)),
            Self::Gb => days.extend(gb(year)),
            _ => {}
        }
        days
    }

    /// Fixed days (month, day) and days counted from Easter Sunday.
    fn simple(self) -> (&'static [(i8, i8)], &'static [i64]) {
        match self {
            Self::Common => (&[(1, 1), (5, 1), (12, 25), (12, 26)], &[1]),
            Self::De => (
                &[(1, 1), (5, 1), (10, 3), (12, 25), (12, 26)],
                &[-2, 1, 39, 50],
            ),
            Self::Fr => (
                &[
                    (1, 1),
                    (5, 1),
                    (5, 8),
                    (7, 14),
                    (8, 15),
                    (11, 1),
                    (11, 11),
                    (12, 25),
                ],
                &[1, 39, 50],
            ),
            Self::It => (
                &[
                    (1, 1),
                    (1, 6),
                    (4, 25),
                    (5, 1),
                    (6, 2),
                    (8, 15),
                    (10, 4),
                    (11, 1),
                    (12, 8),
                    (12, 25),
                    (12, 26),
                ],
                &[1],
            ),
            Self::Nl => (&[(1, 1), (4, 27), (12, 25), (12, 26)], &[1, 39, 50]),
            Self::No => (
                &[(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)],
                &[-3, -2, 1, 39, 50],
            ),
            Self::Pl => (
                &[
                    (1, 1),
                    (1, 6),
                    (5, 1),
                    (5, 3),
                    (8, 15),
                    (11, 1),
                    (11, 11),
                    (12, 24),
                    (12, 25),
                    (12, 26),
                ],
                &[1, 60],
            ),
            Self::Gb => (&[], &[-2, 1]),
            Self::None | Self::Us => (&[], &[]),
        }
    }
}

/// Easter Sunday in the Gregorian calendar (the rule of Meeus, Jones and Butcher).
#[allow(
    clippy::many_single_char_names,
    reason = "the letters of the rule as it is printed everywhere"
)]
fn easter(year: i16) -> Date {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let n = h + l - 7 * m;
    let month = (n + 90) / 25;
    let day = (n + 33 * month + 19) % 32;
    let small = |v: i32| i8::try_from(v).unwrap_or(1);
    Date::new(year, small(month), small(day)).unwrap_or(date(year, 4, 1))
}

fn nth(year: i16, month: i8, nth: i8, day: Weekday) -> Option<Date> {
    Date::new(year, month, 1)
        .ok()?
        .nth_weekday_of_month(nth, day)
        .ok()
}

/// Federal holidays; on a Saturday the day before is free, on a Sunday the day after.
fn us(year: i16) -> Vec<Date> {
    let moved = |month, day| {
        let on = Date::new(year, month, day).ok()?;
        match on.weekday() {
            Weekday::Saturday => on.yesterday().ok(),
            Weekday::Sunday => on.tomorrow().ok(),
            _ => Some(on),
        }
    };
    [
        moved(1, 1),
        nth(year, 1, 3, Weekday::Monday),
        nth(year, 2, 3, Weekday::Monday),
        nth(year, 5, -1, Weekday::Monday),
        moved(6, 19),
        moved(7, 4),
        nth(year, 9, 1, Weekday::Monday),
        nth(year, 10, 2, Weekday::Monday),
        moved(11, 11),
        nth(year, 11, 4, Weekday::Thursday),
        moved(12, 25),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Bank holidays; New Year and Christmas on a weekend move to the next working days.
fn gb(year: i16) -> Vec<Date> {
    let mut days: Vec<Date> = [
        nth(year, 5, 1, Weekday::Monday),
        nth(year, 5, -1, Weekday::Monday),
        nth(year, 8, -1, Weekday::Monday),
    ]
    .into_iter()
    .flatten()
    .collect();
    for (month, day) in [(1, 1), (12, 25), (12, 26)] {
        let mut on = Date::new(year, month, day).ok();
        while let Some(d) = on.filter(|d| {
            matches!(d.weekday(), Weekday::Saturday | Weekday::Sunday) || days.contains(d)
        }) {
            on = d.tomorrow().ok();
        }
        days.extend(on);
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_is_where_the_church_has_it() {
        for (year, month, day) in [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28)] {
            assert_eq!(easter(year), date(year, month, day));
        }
    }

    #[test]
    fn holidays_of_a_year_are_those_of_the_almanac() {
        let de = Region::De.holidays(2026);
        let expected = [
            date(2026, 1, 1),
            date(2026, 4, 3),
            date(2026, 4, 6),
            date(2026, 5, 1),
            date(2026, 5, 14),
            date(2026, 5, 25),
            date(2026, 10, 3),
            date(2026, 12, 25),
            date(2026, 12, 26),
        ];
        assert_eq!(de, BTreeSet::from(expected));
        let us = Region::Us.holidays(2026);
        // Independence Day is a Saturday; Thanksgiving is the fourth Thursday.
        assert!(us.contains(&date(2026, 7, 3)) && us.contains(&date(2026, 11, 26)));
        assert_eq!(us.len(), 11);
        let gb = Region::Gb.holidays(2027);
        // Christmas Day is a Saturday: Monday and Tuesday are free instead.
        assert!(gb.contains(&date(2027, 12, 27)) && gb.contains(&date(2027, 12, 28)));
        assert!(gb.contains(&date(2027, 1, 1)) && gb.contains(&date(2027, 3, 26)));
        assert!(Region::None.holidays(2026).is_empty());
        assert!(Region::De.holidays(9_999).is_empty());
    }

    #[test]
    fn every_region_has_a_name_that_finds_it() {
        for (name, region) in Region::ALL {
            assert_eq!(Region::named(name), Some(region));
            assert_eq!(
                serde_json::to_string(&region).unwrap(),
                format!("\"{name}\"")
            );
        }
        assert_eq!(Region::named("atlantis"), None);
    }
}
