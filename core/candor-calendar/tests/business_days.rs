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

use candor_calendar::{Within, WorkCalendar, Workweek, Zone, due};
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
        holidays: country.holidays.into_keys().collect(),
        working_days: country.working_weekend_days,
        name: name.to_owned(),
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
        let between = calendar.business_days_between(case.received, case.due_date);
        assert_eq!(between, case.business_days_between, "{what}");
    }
}
