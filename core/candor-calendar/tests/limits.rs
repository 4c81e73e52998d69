//! Where the counting ends: a hundred years, equal moments, and what is no zone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use std::collections::BTreeMap;

use candor_base::Instant;
use candor_calendar::{
    FixFacts, FixPlus, InTheWild, Lateness, OutOfRange, Rating, Region, Unit, Within, WorkCalendar,
    Workweek, Zone, due, fix_plus, lead, legal_latest, plan_by, recurring, reminders, severity,
    warn_on_duty,
};
use jiff::Timestamp;
use jiff::civil::{Date, Time};

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn calendar(zone: &str) -> WorkCalendar {
    WorkCalendar {
        zone: zone.parse().unwrap(),
        ..WorkCalendar::utc_mon_fri()
    }
}

/// The last amount that is counted, where it ends, and that one more is too far.
#[track_caller]
fn counts_up_to(unit: Unit, most: u32, want: &str) {
    let utc = WorkCalendar::utc_mon_fri();
    let ask = |amount| {
        let rule = Within::new(amount, unit);
        due(&rule, at("2026-06-01T10:00:00Z"), &utc, &[]).map(|due| due.at)
    };
    assert_eq!(ask(most), Ok(at(want)), "{unit:?}");
    assert_eq!(ask(most + 1), Err(OutOfRange::TooFar), "{unit:?}");
}

#[test]
fn a_promise_may_last_a_hundred_years_and_no_longer() {
    counts_up_to(Unit::Hour, 876_600, "2126-06-02T10:00:00Z");
    counts_up_to(Unit::CalendarDay, 36_525, "2126-06-02T23:59:59Z");
    counts_up_to(Unit::Month, 1_200, "2126-06-01T23:59:59Z");
    // Weekends are days of the hundred years too: the last of them is a Sunday.
    counts_up_to(Unit::BusinessDay, 26_089, "2126-05-31T23:59:59Z");
}

#[test]
fn a_disclosure_date_and_a_lead_time_end_at_a_hundred_years_too() {
    let utc = WorkCalendar::utc_mon_fri();
    let details = |fix_days| {
        let rule = FixPlus {
            fix_days,
            adopt_days: 0,
            grace_days: 0,
            in_the_wild: None,
        };
        let facts = FixFacts::default();
        fix_plus(&rule, at("2026-06-01T10:00:00Z"), facts, &utc).map(|d| d.details_on.to_string())
    };
    assert_eq!(details(36_525), Ok("2126-06-02".to_owned()));
    assert_eq!(details(36_526), Err(OutOfRange::TooFar));

    // A lead time is bounded by its number: so many business days are 7,305 weeks.
    let before = |days| {
        let planned = at("2026-06-01T10:00:00Z");
        lead(days, Unit::BusinessDay, planned, &utc).map(|due| due.at)
    };
    assert_eq!(before(36_525), Ok(at("1886-05-31T10:00:00Z")));
    assert_eq!(before(36_526), Err(OutOfRange::TooFar));
}

#[test]
fn something_that_repeats_is_followed_for_ten_thousand_periods() {
    let utc = WorkCalendar::utc_mon_fri();
    let start = at("2026-06-01T00:00:00Z");
    let silent_for = |hours: i64| {
        let until = start.plus_seconds(hours * 3_600);
        recurring(&Within::hours(1), start, &[], until, &utc, &[]).map(|r| r.breaches)
    };
    assert_eq!(silent_for(10_001), Ok(10_000));
    assert_eq!(silent_for(10_002), Err(OutOfRange::TooFar));
}

#[test]
fn a_new_severity_that_falls_due_as_the_grace_of_a_change_ends_is_due_by_its_own_row() {
    let table: BTreeMap<String, Within> = [
        ("low".to_owned(), Within::hours(200)),
        ("high".to_owned(), Within::hours(72)),
    ]
    .into();
    let anchor = at("2026-06-01T00:00:00Z");
    let raised = |hours: i64| {
        let ratings = [("low", 0), ("high", hours)].map(|(value, hours)| Rating {
            value: value.to_owned(),
            at: anchor.plus_seconds(hours * 3_600),
        });
        let utc = WorkCalendar::utc_mon_fri();
        let now = severity(&table, 24, &ratings, anchor, &utc, &[]).unwrap();
        now.map(|r| (r.due.at, r.moved_by_change)).unwrap()
    };
    assert_eq!(raised(48), (at("2026-06-04T00:00:00Z"), false));
    assert_eq!(raised(49), (at("2026-06-04T01:00:00Z"), true));
}

#[test]
fn attacks_that_leave_the_time_as_it_was_are_not_named() {
    let utc = WorkCalendar::utc_mon_fri();
    let rule = FixPlus {
        fix_days: 90,
        adopt_days: 30,
        grace_days: 0,
        in_the_wild: Some(InTheWild {
            fix_days: 7,
            grace_days: 0,
        }),
    };
    let anchor = at("2026-06-01T10:00:00Z");
    let told = |day: i64| {
        let facts = FixFacts {
            patched: None,
            attacked: Some(anchor.plus_seconds(day * 86_400)),
        };
        let answer = fix_plus(&rule, anchor, facts, &utc).unwrap();
        let said = answer.explanation.iter().any(|w| w.contains("attacks"));
        (answer.details_on.to_string(), said)
    };
    assert_eq!(told(82), ("2026-08-29".to_owned(), true));
    assert_eq!(told(83), ("2026-08-30".to_owned(), false));
    assert_eq!(told(84), ("2026-08-30".to_owned(), false));
}

#[test]
fn by_european_law_a_month_holds_two_working_days() {
    // Nobody works in August, except on the last day.
    let mut august = WorkCalendar::utc_mon_fri();
    august.holidays = (1..=30).map(|day| Date::constant(2026, 8, day)).collect();
    let anchor = at("2026-07-31T10:00:00Z");
    let rule = Within::months(1);
    let end = due(&rule, anchor, &august, &[]).unwrap().at;
    assert_eq!(end, at("2026-08-31T23:59:59Z"));
    assert_eq!(
        legal_latest(&rule, anchor, end, &august),
        Ok(Some(at("2026-09-01T23:59:59Z")))
    );
    august.holidays.remove(&Date::constant(2026, 8, 28));
    assert_eq!(legal_latest(&rule, anchor, end, &august), Ok(None));
}

#[test]
fn nobody_is_reminded_as_the_clock_starts_or_as_it_ends() {
    let utc = WorkCalendar::utc_mon_fri();
    let nine = Time::constant(9, 0, 0, 0);
    let tuesday = at("2026-06-02T09:00:00Z");
    let second = |moment: Instant, more| moment.plus_seconds(more);
    let wednesday = at("2026-06-03T17:00:00Z");
    let remind = |anchor, due| reminders(due, anchor, &utc, nine);
    assert_eq!(
        remind(second(tuesday, -1), wednesday),
        [tuesday, at("2026-06-03T09:00:00Z")]
    );
    assert_eq!(remind(tuesday, wednesday), [at("2026-06-03T09:00:00Z")]);
    let monday = at("2026-06-01T09:00:00Z");
    let early = at("2026-05-01T00:00:00Z");
    assert_eq!(remind(early, second(tuesday, 1)), [monday, tuesday]);
    assert_eq!(remind(early, tuesday), [monday]);
}

#[test]
fn no_warning_comes_at_the_second_in_which_the_clock_starts() {
    let utc = WorkCalendar::utc_mon_fri();
    let rule = Within::business_days(1);
    // Half of the time ends in the night; the last second of duty is the first of the clock.
    let anchor = at("2026-06-05T16:59:59Z");
    let due = at("2026-06-08T23:59:59Z");
    assert_eq!(
        warn_on_duty(anchor, due, 50, &rule, &utc),
        at("2026-06-07T08:29:59Z")
    );
    assert_eq!(
        warn_on_duty(anchor.plus_seconds(-1), due, 50, &rule, &utc),
        anchor
    );
}

#[test]
fn what_is_done_in_the_last_second_is_not_late() {
    assert!(!Lateness::default().is_late());
    let late = Lateness {
        seconds: 1,
        business_days: 0,
    };
    assert!(late.is_late());
}

#[test]
fn at_the_first_moment_there_is_no_earlier_day_to_plan_for() {
    // The calendar begins with a Monday, and nobody works on it.
    let mut first = calendar("Etc/GMT+12");
    first.workweek = Workweek::new(&[2]).unwrap();
    let start = Instant::from(Timestamp::MIN);
    assert_eq!(first.local_date(start), Date::MIN);
    assert_eq!(plan_by(start, start, &first), None);
    let utc = WorkCalendar::utc_mon_fri();
    assert_eq!(utc.start_of_day(Date::MIN), start);
    assert_eq!(utc.end_of_day(Date::MAX), Instant::from(Timestamp::MAX));
}

#[test]
fn a_place_that_nobody_knows_is_no_zone() {
    for name in [
        "",
        "Etc/Unknown",
        "Europe/Nowhere",
        "Europe/Osl\u{f6}",
        "+02:00",
    ] {
        assert!(name.parse::<Zone>().is_err(), "{name}");
    }
    let long = "Europe/Oslo".repeat(6);
    let why = long.parse::<Zone>().unwrap_err().to_string();
    assert!(why.len() < 120, "the name is cut: {why}");
}

#[test]
fn two_regions_are_not_one() {
    let [norway, chile]: [Region; 2] = ["NO", "CL"].map(|code| code.parse().unwrap());
    assert_ne!(norway, chile);
    assert_eq!(norway.to_string(), "NO");
    assert_eq!(chile.to_string(), "CL");
}

#[test]
fn the_clock_on_the_wall_is_the_one_of_the_zone() {
    let oslo = calendar("Europe/Oslo");
    let moment = at("2026-06-01T22:30:15Z");
    assert_eq!(oslo.local_time(moment), Time::constant(0, 30, 15, 0));
    assert_eq!(oslo.local_date(moment), Date::constant(2026, 6, 2));
}

#[test]
fn a_basis_counts_the_own_days() {
    let mut own = WorkCalendar::utc_mon_fri();
    assert!(!own.basis().contains("own days"));
    own.working_days.insert(Date::constant(2026, 6, 6));
    assert!(own.basis().ends_with(", own days 0 free, 1 working"));
    own.holidays.insert(Date::constant(2026, 6, 1));
    assert!(own.basis().ends_with(", own days 1 free, 1 working"));
    own.working_days.clear();
    assert!(own.basis().ends_with(", own days 1 free, 0 working"));
}
