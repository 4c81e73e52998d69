//! Worked examples of real policies, computed by hand first. The first twenty are
//! the shared vectors (see `vectors.rs`); here are the ten that stand only in words.

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

use candor_base::Instant;
use candor_calendar::{OutOfRange, Pause, Unit, Within, WorkCalendar, due, lead, show_with_offset};

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn calendar(zone: &str, holidays: &[&str]) -> WorkCalendar {
    WorkCalendar {
        zone: zone.parse().unwrap(),
        holidays: holidays.iter().map(|d| d.parse().unwrap()).collect(),
        ..WorkCalendar::utc_mon_fri()
    }
}

const US: [&str; 10] = [
    "2026-05-25",
    "2026-06-19",
    "2026-07-03",
    "2026-09-07",
    "2026-10-12",
    "2026-11-11",
    "2026-11-26",
    "2026-12-25",
    "2027-01-01",
    "2027-01-18",
];

#[track_caller]
fn falls_due(rule: &Within, anchor: &str, calendar: &WorkCalendar, want: &str) {
    let due = due(rule, at(anchor), calendar, &[]).unwrap();
    assert_eq!(show_with_offset(due.at, calendar), want);
}

#[test]
fn e21_six_hours_in_the_night_before_a_holiday() {
    let india = calendar("Asia/Kolkata", &["2026-08-15"]);
    falls_due(
        &Within::hours(6),
        "2026-08-14T22:15:00+05:30",
        &india,
        "2026-08-15T04:15:00+05:30",
    );
}

#[test]
fn e22_two_days_read_strictly_run_through_a_national_holiday() {
    let china = calendar("Asia/Shanghai", &["2026-10-01", "2026-10-02"]);
    falls_due(
        &Within::hours(48),
        "2026-09-30T17:00:00+08:00",
        &china,
        "2026-10-02T17:00:00+08:00",
    );
}

#[test]
fn e23_and_e24_after_a_disclosure_on_a_friday() {
    let utc = calendar("UTC", &[]);
    falls_due(
        &Within::hours(24),
        "2026-11-20T17:00:00Z",
        &utc,
        "2026-11-21T17:00:00+00:00",
    );
    falls_due(
        &Within::hours(72),
        "2026-11-20T17:00:00Z",
        &utc,
        "2026-11-23T17:00:00+00:00",
    );
}

#[test]
fn e25_three_business_days_over_columbus_day() {
    let us = calendar("America/New_York", &US);
    falls_due(
        &Within::business_days(3),
        "2026-10-09T18:00:00-04:00",
        &us,
        "2026-10-15T23:59:59-04:00",
    );
}

#[test]
fn e26_one_business_day_over_memorial_day() {
    let us = calendar("UTC", &US);
    falls_due(
        &Within::business_days(1),
        "2026-05-22T16:00:00Z",
        &us,
        "2026-05-26T23:59:59+00:00",
    );
}

#[test]
fn e27_and_e28_notices_before_a_disclosure() {
    let utc = calendar("UTC", &[]);
    let planned = at("2026-12-08T16:00:00Z");
    assert_eq!(
        lead(7, Unit::CalendarDay, planned, &utc).map(|due| due.at),
        Ok(at("2026-12-01T16:00:00Z"))
    );
    assert_eq!(
        lead(24, Unit::Hour, planned, &utc).map(|due| due.at),
        Ok(at("2026-12-07T16:00:00Z"))
    );
}

#[test]
fn e29_a_window_of_three_weeks_from_the_patch_candidate() {
    let utc = calendar("UTC", &[]);
    let rule = Within::calendar_days(21).elapsed();
    falls_due(
        &rule,
        "2026-10-12T14:00:00Z",
        &utc,
        "2026-11-02T14:00:00+00:00",
    );
}

#[test]
fn e30_thirty_days_to_the_end_of_the_day() {
    let us = calendar("America/New_York", &[]);
    falls_due(
        &Within::calendar_days(30),
        "2026-06-30T12:00:00-04:00",
        &us,
        "2026-07-30T23:59:59-04:00",
    );
}

#[test]
fn the_explanation_says_how_it_was_counted() {
    let us = calendar("America/New_York", &US);
    let words = |rule: &Within, anchor: &str, calendar: &WorkCalendar| {
        due(rule, at(anchor), calendar, &[]).unwrap().explanation
    };
    assert_eq!(
        words(&Within::business_days(10), "2026-12-18T17:45:00-05:00", &us),
        [
            "day 0 is Fri 18 Dec 2026",
            "25 Dec and 1 Jan are holidays",
            "due Tue 5 Jan 2027 23:59:59 America/New_York",
        ]
    );
    assert_eq!(
        words(&Within::hours(24), "2026-10-31T20:00:00-04:00", &us),
        [
            "counts from Sat 31 Oct 2026 20:00:00 America/New_York",
            "24 hours, nights, weekends and holidays included",
            "the clocks go back by 1 h in between",
            "due Sun 1 Nov 2026 19:00:00 America/New_York",
            "Sun 1 Nov 2026 is not a business day: plan for Fri 30 Oct 2026",
        ][..4]
    );
    let utc = calendar("UTC", &[]);
    assert_eq!(
        words(&Within::calendar_days(90), "2026-02-02T10:00:00Z", &utc),
        [
            "day 0 is Mon 2 Feb 2026",
            "due Sun 3 May 2026 23:59:59 UTC",
            "Sun 3 May 2026 is not a business day: plan for Fri 1 May 2026",
        ]
    );
}

#[test]
fn waiting_for_the_reporter_is_explained_and_capped_at_thirty_days() {
    let utc = calendar("UTC", &[]);
    let pause = |from: &str, until: Option<&str>| Pause {
        from: at(from),
        until: until.map(at),
    };
    let anchor = at("2026-06-01T00:00:00Z");
    let half_a_day = [pause("2026-06-02T00:00:00Z", Some("2026-06-02T12:30:00Z"))];
    let due_of = |rule: &Within, pauses: &[Pause]| due(rule, anchor, &utc, pauses).unwrap();
    let hours = due_of(&Within::hours(72).pausable(), &half_a_day);
    assert_eq!(
        hours.explanation[2],
        "it stood still for 12 h 30 min while waiting for the reporter"
    );
    let two_days = [pause("2026-06-02T10:00:00Z", Some("2026-06-04T09:00:00Z"))];
    let days = due_of(&Within::business_days(5).pausable(), &two_days);
    assert_eq!(
        days.explanation[1],
        "2 Jun and 3 Jun do not count: waiting for the reporter"
    );
    // A clock that may not pause does not.
    assert_eq!(
        due_of(&Within::hours(72), &half_a_day).at,
        at("2026-06-04T00:00:00Z")
    );
    // A pause without an end cannot put a promise off for ever.
    let open = [pause("2026-06-02T00:00:00Z", None)];
    let capped = due_of(&Within::hours(72).pausable(), &open);
    assert_eq!(capped.at, at("2026-07-04T00:00:00Z"));
    let same = [pause("2026-06-02T00:00:00Z", Some("2026-12-24T00:00:00Z"))];
    assert_eq!(due_of(&Within::hours(72).pausable(), &same).at, capped.at);
}

#[test]
fn a_plan_day_before_the_clock_started_is_not_named() {
    let utc = calendar("UTC", &[]);
    let plan = |anchor: &str| {
        let due = due(&Within::hours(24), at(anchor), &utc, &[]).unwrap();
        due.plan_by.map(|d| d.to_string())
    };
    assert_eq!(plan("2026-11-20T10:00:00Z").as_deref(), Some("2026-11-20"));
    assert_eq!(plan("2026-11-21T10:00:00Z"), None);
}

#[test]
fn hours_inside_the_working_window_stop_at_its_end() {
    let oslo = calendar("Europe/Oslo", &["2026-05-14"]);
    // Wed 13 May 15:00 with 09:00-17:00: two hours, the holiday, Friday, then Monday.
    falls_due(
        &Within::business_hours(2),
        "2026-05-13T15:00:00+02:00",
        &oslo,
        "2026-05-13T17:00:00+02:00",
    );
    falls_due(
        &Within::business_hours(11),
        "2026-05-13T15:00:00+02:00",
        &oslo,
        "2026-05-18T10:00:00+02:00",
    );
    let mut rule = Within::business_hours(20);
    rule.hours = Some((
        jiff::civil::Time::constant(12, 0, 0, 0),
        jiff::civil::Time::midnight(),
    ));
    falls_due(
        &rule,
        "2026-05-11T08:00:00+02:00",
        &oslo,
        "2026-05-12T20:00:00+02:00",
    );
    rule.hours = Some((
        jiff::civil::Time::constant(17, 0, 0, 0),
        jiff::civil::Time::constant(9, 0, 0, 0),
    ));
    let refused = due(&rule, at("2026-05-11T08:00:00Z"), &oslo, &[]);
    assert_eq!(refused, Err(OutOfRange::NoWorkingTime));
}

#[test]
fn the_same_day_ends_at_another_moment_where_midnight_is_skipped_or_shown_twice() {
    // Cairo skips 00:00 to 01:00 on Fri 2026-04-24.
    let cairo = calendar("Africa/Cairo", &[]);
    falls_due(
        &Within::calendar_days(1),
        "2026-04-22T12:00:00+02:00",
        &cairo,
        "2026-04-23T23:59:59+02:00",
    );
    // Santiago shows 23:00 to 24:00 of Sat 2026-04-04 twice; the second time counts.
    let santiago = calendar("America/Santiago", &[]);
    falls_due(
        &Within::calendar_days(1),
        "2026-04-03T12:00:00-03:00",
        &santiago,
        "2026-04-04T23:59:59-04:00",
    );
}

#[test]
fn clocks_that_change_at_midnight_are_told() {
    // Santiago: at 24:00 of 4 April 2026 the clocks go back an hour, so 23:59:59 comes twice.
    let calendar = WorkCalendar {
        zone: "America/Santiago".parse().unwrap(),
        ..WorkCalendar::utc_mon_fri()
    };
    let due = due(
        &Within::calendar_days(1),
        at("2026-04-03T15:00:00Z"),
        &calendar,
        &[],
    )
    .unwrap();
    assert_eq!(due.at, at("2026-04-05T03:59:59Z"));
    assert_eq!(
        due.explanation[2],
        "the clocks change in that night: the day ends at 2026-04-05 03:59:59 UTC"
    );
    let next = candor_calendar::due(
        &Within::calendar_days(2),
        at("2026-04-03T15:00:00Z"),
        &calendar,
        &[],
    );
    assert!(
        !next
            .unwrap()
            .explanation
            .iter()
            .any(|w| w.contains("clocks change"))
    );
}

#[test]
fn a_date_that_never_was_holds_no_working_time() {
    // Apia had no 30 December 2011, a Friday.
    let calendar = WorkCalendar {
        zone: "Pacific/Apia".parse().unwrap(),
        workweek: candor_calendar::Workweek::new(&[1, 2, 3, 4, 5, 6]).unwrap(),
        ..WorkCalendar::utc_mon_fri()
    };
    // Thursday 10:57:32 local, 16 hours: 6 h on Thursday, 8 h on Saturday, the rest on Monday.
    let due = due(
        &Within::business_hours(16),
        at("2011-12-29T20:57:32Z"),
        &calendar,
        &[],
    );
    assert_eq!(due.unwrap().at, at("2012-01-01T20:57:32Z"));
}

#[test]
fn a_date_beyond_the_table_says_so() {
    let mut calendar = WorkCalendar::utc_mon_fri();
    calendar.regions = ["NO".parse().unwrap()].into();
    let last = |rule: &Within, anchor: &str| {
        let due = due(rule, at(anchor), &calendar, &[]).unwrap();
        due.explanation.last().unwrap().clone()
    };
    let rule = Within::business_days(2);
    assert_eq!(
        last(&rule, "2035-12-31T10:00:00Z"),
        "the table of public holidays ends with 2035: later ones are not counted"
    );
    assert_eq!(
        last(&rule, "2019-12-31T10:00:00Z"),
        "the table of public holidays begins with 2020: earlier ones are not counted"
    );
    assert!(last(&rule, "2035-12-20T10:00:00Z").starts_with("due "));
    assert!(last(&Within::hours(200), "2035-12-31T10:00:00Z").starts_with("due "));
}

#[test]
fn days_of_regions_and_own_days_are_told_apart() {
    let mut calendar = WorkCalendar::utc_mon_fri();
    calendar.regions = ["CN".parse().unwrap()].into();
    calendar.holidays.insert("2026-09-21".parse().unwrap());
    calendar.working_days.insert("2026-09-26".parse().unwrap());
    let due = due(
        &Within::business_days(5),
        at("2026-09-18T10:00:00Z"),
        &calendar,
        &[],
    )
    .unwrap();
    assert_eq!(
        due.explanation,
        [
            "day 0 is Fri 18 Sep 2026",
            "21 Sep is a holiday",
            "25 Sep (Mid-Autumn Festival) is a holiday in China",
            "Sat 26 Sep 2026 is a working day here",
            "Sun 20 Sep 2026 is a working day in China",
            "due Sat 26 Sep 2026 23:59:59 UTC"
        ]
    );
}

#[test]
fn more_waiting_than_thirty_days_is_told() {
    let calendar = WorkCalendar::utc_mon_fri();
    let pause = candor_calendar::Pause {
        from: at("2026-06-02T00:00:00Z"),
        until: None,
    };
    let due = due(
        &Within::hours(72).pausable(),
        at("2026-06-01T00:00:00Z"),
        &calendar,
        &[pause],
    )
    .unwrap();
    assert_eq!(due.at, at("2026-07-04T00:00:00Z"));
    assert_eq!(
        due.explanation[2],
        "it stood still for 30 days while waiting for the reporter"
    );
    assert_eq!(
        due.explanation[3],
        "more than thirty days of waiting do not count"
    );
}

#[test]
fn a_change_of_the_clocks_is_told_for_days_and_for_hours() {
    // S09: fourteen days over the end of summer time.
    let berlin = calendar("Europe/Berlin", &[]);
    let days = due(
        &Within::calendar_days(14),
        at("2026-10-20T16:00:00Z"),
        &berlin,
        &[],
    )
    .unwrap();
    assert_eq!(days.at, at("2026-11-03T22:59:59Z"));
    let said = "the clocks go back by 1 h in between; days end by the clock on the wall";
    assert!(days.explanation.contains(&said.to_owned()), "{days:?}");
    let hours = due(
        &Within::hours(400),
        at("2026-10-20T16:00:00Z"),
        &berlin,
        &[],
    )
    .unwrap();
    let said = "the clocks go back by 1 h in between";
    assert!(hours.explanation.contains(&said.to_owned()), "{hours:?}");
}
