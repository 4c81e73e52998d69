//! The two thousand shared business-day cases, exact.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use candor_calendar::{Region, Within, WorkCalendar, Workweek, Zone, due};
use jiff::civil::Date;
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    calendar: String,
    received: Date,
    business_days: u32,
    due_date: Date,
    business_days_between: u32,
}

#[derive(Deserialize)]
struct Holidays {
    calendars: BTreeMap<String, Country>,
}

#[derive(Deserialize)]
struct Country {
    /// Monday = 0, as the source counts.
    weekend: Vec<u8>,
    holidays: BTreeMap<Date, String>,
    working_weekend_days: BTreeSet<Date>,
}

fn calendar(name: &str, country: Country) -> WorkCalendar {
    let work: Vec<u8> = (0..7)
        .filter(|day| !country.weekend.contains(day))
        .map(|day| day + 1)
        .collect();
    WorkCalendar {
        zone: Zone::utc(),
        workweek: Workweek::new(&work).unwrap(),
        regions: BTreeSet::new(),
        holidays: country.holidays.into_keys().collect(),
        working_days: country.working_weekend_days,
        name: name.to_owned(),
    }
}

/// The same calendar from the table of the binary.
fn from_table(name: &str) -> WorkCalendar {
    let region: Region = name.parse().unwrap();
    WorkCalendar {
        workweek: region.workweek(),
        regions: [region].into(),
        ..WorkCalendar::utc_mon_fri()
    }
}

#[test]
fn the_table_has_the_days_of_every_shared_calendar() {
    let Some(text) = common::shared("conformance/calendars/public-holidays-2024-2032.json") else {
        return;
    };
    let shared: Holidays = serde_json::from_str(&text).unwrap();
    let years = 2024..=2032;
    for (name, country) in shared.calendars {
        let region: Region = name.parse().unwrap();
        let days: BTreeSet<Date> = region
            .holidays()
            .map(|(date, _)| date)
            .filter(|d| years.contains(&d.year()))
            .collect();
        let expected: BTreeSet<Date> = country.holidays.keys().copied().collect();
        assert_eq!(days, expected, "{name}");
        let working: BTreeSet<Date> = region
            .working_days()
            .filter(|d| years.contains(&d.year()))
            .collect();
        let in_years = |d: &&Date| years.contains(&d.year());
        let expected = country.working_weekend_days.iter().filter(in_years);
        assert!(working.iter().eq(expected), "{name}");
        let listed = calendar(&name, country);
        let from_table = from_table(&name);
        let mut day = Date::constant(2024, 1, 1);
        while day < Date::constant(2033, 1, 1) {
            let same = listed.is_business_day(day) == from_table.is_business_day(day);
            assert!(same, "{name} {day}");
            day = day.tomorrow().unwrap();
        }
    }
}

#[test]
fn every_shared_business_day_case_is_exact() {
    let (Some(cases), Some(holidays)) = (
        common::shared("conformance/calendars/business-days.json"),
        common::shared("conformance/calendars/public-holidays-2024-2032.json"),
    ) else {
        return;
    };
    let cases: Vec<Case> = serde_json::from_str(&cases).unwrap();
    let holidays: Holidays = serde_json::from_str(&holidays).unwrap();
    let calendars: BTreeMap<String, WorkCalendar> = holidays
        .calendars
        .into_iter()
        .map(|(name, country)| (name.clone(), calendar(&name, country)))
        .collect();
    assert_eq!(cases.len(), 2_000);
    for case in &cases {
        let calendar = &calendars[&case.calendar];
        let anchor = calendar
            .start_of_day(case.received)
            .plus_seconds(12 * 3_600);
        let due = due(
            &Within::business_days(case.business_days),
            anchor,
            calendar,
            &[],
        )
        .unwrap();
        let what = format!(
            "{} {} + {}",
            case.calendar, case.received, case.business_days
        );
        assert_eq!(calendar.local_date(due.at), case.due_date, "{what}");
        assert_eq!(due.at, calendar.end_of_day(case.due_date), "{what}");
        assert_eq!(due.plan_by, None, "{what}");
        let own = &from_table(&case.calendar);
        let same =
            candor_calendar::due(&Within::business_days(case.business_days), anchor, own, &[]);
        assert_eq!(same.unwrap().at, due.at, "{what}");
        let between = calendar.business_days_between(case.received, case.due_date);
        assert_eq!(between, case.business_days_between, "{what}");
    }
}
