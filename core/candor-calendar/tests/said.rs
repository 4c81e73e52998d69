//! What is said of a due instant: each sentence where it is true, and nowhere else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_base::Instant;
use candor_calendar::vectors::{VectorCase, VectorOutcome, evaluate};
use candor_calendar::{
    NonbusinessReceipt, Pause, Unit, Within, WorkCalendar, due, holiday_table, lead,
};
use jiff::civil::Time;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn calendar(zone: &str) -> WorkCalendar {
    WorkCalendar {
        zone: zone.parse().unwrap(),
        ..WorkCalendar::utc_mon_fri()
    }
}

fn words(rule: &Within, anchor: &str, calendar: &WorkCalendar, pauses: &[Pause]) -> Vec<String> {
    due(rule, at(anchor), calendar, pauses).unwrap().explanation
}

fn said(words: &[String], part: &str) -> bool {
    words.iter().any(|w| w.contains(part))
}

#[test]
fn why_day_0_was_moved_is_said() {
    let utc = WorkCalendar::utc_mon_fri();
    let late = Within {
        cutoff: Some(Time::constant(15, 30, 0, 0)),
        ..Within::business_days(1)
    };
    assert_eq!(
        words(&late, "2026-06-01T15:30:00Z", &utc, &[]),
        [
            "Mon 1 Jun 2026 was past the cut-off at 15:30",
            "day 0 is Tue 2 Jun 2026",
            "due Wed 3 Jun 2026 23:59:59 UTC"
        ]
    );
    let next = Within {
        nonbusiness: NonbusinessReceipt::DeemReceivedNext,
        ..Within::business_days(1)
    };
    assert_eq!(
        words(&next, "2026-06-06T12:00:00Z", &utc, &[]),
        [
            "Sat 6 Jun 2026 is not a business day",
            "day 0 is Mon 8 Jun 2026",
            "due Tue 9 Jun 2026 23:59:59 UTC"
        ]
    );
}

#[test]
fn a_day_that_ends_an_hour_early_says_so() {
    // Ittoqqortoormiit: at 23:00 on 28 March 2026 it is midnight. Cairo: midnight of
    // 24 April 2026 is skipped.
    let change = "the clocks change in that night: the day ends at";
    for (zone, anchor, end) in [
        (
            "America/Scoresbysund",
            "2026-03-27T15:00:00Z",
            "2026-03-29 00:59:59",
        ),
        (
            "Africa/Cairo",
            "2026-04-22T15:00:00Z",
            "2026-04-23 21:59:59",
        ),
    ] {
        let all = words(&Within::calendar_days(1), anchor, &calendar(zone), &[]);
        assert!(said(&all, &format!("{change} {end} UTC")), "{all:?}");
        let before = words(&Within::calendar_days(0), anchor, &calendar(zone), &[]);
        assert!(!said(&before, change), "{before:?}");
    }
}

#[test]
fn clocks_that_go_forward_are_not_said_to_go_back() {
    let oslo = calendar("Europe/Oslo");
    let spring = words(&Within::hours(24), "2026-03-28T12:00:00Z", &oslo, &[]);
    assert!(
        said(&spring, "the clocks go forward by 1 h in between"),
        "{spring:?}"
    );
    // A month is counted by the wall: no hour is lost in it.
    let month = words(
        &Within::months(1).elapsed(),
        "2026-03-10T12:00:00Z",
        &oslo,
        &[],
    );
    assert!(!said(&month, "the clocks"), "{month:?}");
}

#[test]
fn how_long_it_stood_still_is_said_in_hours_up_to_two_days() {
    let utc = WorkCalendar::utc_mon_fri();
    let stood = |hours: i64| {
        let from = at("2026-06-01T12:00:00Z");
        let pause = Pause {
            from,
            until: Some(from.plus_seconds(hours * 3_600)),
        };
        let rule = Within::hours(72).pausable();
        words(&rule, "2026-06-01T00:00:00Z", &utc, &[pause])
    };
    assert!(said(&stood(26), "it stood still for 26 h while waiting"));
    assert!(said(&stood(48), "it stood still for 2 days while waiting"));
    assert!(said(
        &stood(49),
        "it stood still for 2 days 1 h while waiting"
    ));
}

#[test]
fn the_ends_of_the_table_of_holidays_are_told_where_it_ends() {
    let mut norway = WorkCalendar::utc_mon_fri();
    norway.regions = ["NO".parse().unwrap()].into();
    let table = holiday_table();
    let first = words(
        &Within::business_days(2),
        &format!("{}-01-01T10:00:00Z", table.first_year),
        &norway,
        &[],
    );
    assert!(!said(&first, "the table"), "{first:?}");
    let planned = at(&format!("{}-01-02T10:00:00Z", table.last_year + 1));
    let told = |unit| {
        said(
            &lead(5, unit, planned, &norway).unwrap().explanation,
            "the table",
        )
    };
    assert!(told(Unit::BusinessDay));
    // Twenty-four hours each: no holiday is counted.
    assert!(!told(Unit::CalendarDay));
}

fn outcome(text: &str) -> VectorOutcome {
    let case: VectorCase = serde_json::from_str(text).unwrap();
    evaluate(&case)
}

#[test]
fn the_answer_to_a_vector_carries_the_day_to_plan_for_and_the_words() {
    let saturday = outcome(
        r#"{"anchor":"2026-06-04T10:00:00Z","rule":{"kind":"within","amount":2,"unit":"calendar_day"}}"#,
    );
    assert_eq!(saturday.plan_by, Some("2026-06-05".parse().unwrap()));
    let details = outcome(
        r#"{"anchor":"2026-06-01T10:00:00Z","rule":{"kind":"fix_plus","fix_days":90,"adopt_days":30}}"#,
    );
    assert_eq!(
        details.explanation,
        [
            "day 0 is Mon 1 Jun 2026",
            "the fix is due Sun 30 Aug 2026",
            "not patched: details on the day the fix is due",
            "details on Sun 30 Aug 2026"
        ]
    );
}

#[test]
fn the_answer_to_a_lowered_severity_keeps_the_day_that_was_promised_first() {
    let lowered = outcome(
        r#"{"anchor":"2026-06-01T00:00:00Z",
            "rule":{"kind":"severity","initial":"high","not_before_after_change_hours":24,
                "table":{"high":{"amount":72,"unit":"hour"},"low":{"amount":200,"unit":"hour"}}},
            "events":[{"type":"severity","at":"2026-06-02T00:00:00Z","value":"low"}]}"#,
    );
    assert_eq!(lowered.due, Some(at("2026-06-09T08:00:00Z")), "{lowered:?}");
    assert_eq!(lowered.original, Some(at("2026-06-04T00:00:00Z")));
}

#[test]
fn a_difference_names_both_sides_as_people_write_them() {
    let list = outcome(
        r#"{"anchor":"2026-06-01T10:00:00Z",
            "rule":{"kind":"list_max","amount":14,"unit":"calendar_day"},
            "proposed":"2026-06-30T10:00:00Z","expect":{"proposed_ok":true}}"#,
    );
    assert_eq!(list.differences, ["proposed_ok: expected yes, got no"]);
    let grid = |expect: &str| {
        let rule = r#"{"kind":"recurring_grid","amount":1,"count":2,"unit":"hour"}"#;
        let text = format!(
            r#"{{"anchor":"2026-06-01T10:00:00Z","rule":{rule},"expect":{{"all_due":{expect}}}}}"#
        );
        outcome(&text).differences
    };
    let came = "got 2026-06-01T11:00:00Z, 2026-06-01T12:00:00Z";
    assert_eq!(grid("[]"), [format!("all_due: expected none, {came}")]);
    assert_eq!(
        grid(r#"["2026-06-01T11:00:00Z"]"#),
        [format!("all_due: expected 2026-06-01T11:00:00Z, {came}")]
    );
}
