//! Every shared clock vector, exact to the second, and the form itself.

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

use candor_calendar::vectors::{VectorCase, VectorFile, evaluate};

#[test]
fn every_shared_vector_is_exact() {
    let Some(text) = common::shared("clocks/vectors.json") else {
        return;
    };
    let file: VectorFile = serde_json::from_str(&text).unwrap();
    assert_eq!(file.schema, "candor.clock-vectors/1");
    assert!(file.vectors.len() >= 20);
    let wrong: Vec<String> = file
        .vectors
        .iter()
        .flat_map(|case| {
            let differences = evaluate(case).differences;
            differences.into_iter().map(|d| format!("{}: {d}", case.id))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Evaluates a vector written here; it must agree with its own expectation.
fn agrees(text: &str) {
    let case: VectorCase = serde_json::from_str(text).unwrap();
    let outcome = evaluate(&case);
    assert_eq!(outcome.differences, [""; 0], "{outcome:?}");
}

#[test]
fn a_wrong_expectation_is_noticed() {
    let case: VectorCase = serde_json::from_str(
        r#"{"anchor":"2026-06-01T00:00:00Z","rule":{"kind":"within","amount":1,"unit":"hour"},
            "expect":{"due":"2026-06-01T02:00:00Z","due_local":"2026-06-01T01:00:00+00:00"},
            "checks":[{"done_at":"2026-06-01T01:00:00Z","met":false}]}"#,
    )
    .unwrap();
    let differences = evaluate(&case).differences;
    assert_eq!(differences.len(), 2, "{differences:?}");
    assert!(differences[0].starts_with("due:") && differences[1].starts_with("met:"));
}

#[test]
fn the_form_carries_the_kinds_that_the_shared_file_lacks() {
    agrees(
        r#"{"anchor":"2026-12-08T16:00:00Z","rule":{"kind":"lead","amount":7,"unit":"calendar_day"},
            "expect":{"due":"2026-12-01T16:00:00Z"}}"#,
    );
    agrees(
        r#"{"anchor":"2027-01-31T09:30:00Z","rule":{"kind":"recurring_grid","amount":1,"unit":"month","count":2},
            "expect":{"all_due":["2027-02-28T09:30:00Z","2027-03-31T09:30:00Z"]}}"#,
    );
    agrees(
        r#"{"anchor":"2026-11-27T20:00:00Z","rule":{"kind":"release_day","time_utc":"16:00","allowed_weekdays":[1,2,3,4]},
            "expect":{"due":"2026-11-26T16:00:00Z"}}"#,
    );
    agrees(
        r#"{"anchor":"2026-10-01T12:00:00Z","rule":{"kind":"list_max","amount":14,"unit":"calendar_day","mode":"elapsed"},
            "events":[{"type":"proposed","at":"2026-10-15T12:00:01Z"}],
            "expect":{"due":"2026-10-15T12:00:00Z","proposed_ok":false}}"#,
    );
    agrees(
        r#"{"anchor":"2026-10-01T12:00:00Z","rule":{"kind":"list_max","amount":336,"unit":"hour","proposed":"2026-10-15T12:00:00Z"},
            "expect":{"due":"2026-10-15T12:00:00Z","proposed_ok":true}}"#,
    );
    agrees(
        r#"{"anchor":"2026-06-01T12:00:00Z","rule":{"kind":"severity","not_before_after_change_hours":24,
            "table":{"critical":{"amount":7,"unit":"calendar_day"},"medium":{"amount":90,"unit":"calendar_day"},"low":null}},
            "events":[{"type":"severity","value":"medium","at":"2026-06-02T00:00:00Z"},
                      {"type":"severity","value":"critical","at":"2026-06-20T10:00:00Z"}],
            "expect":{"due":"2026-06-21T10:00:00Z"}}"#,
    );
    agrees(
        r#"{"anchor":"2026-06-01T08:00:00Z","rule":{"kind":"recurring","amount":7,"unit":"calendar_day"},
            "expect":{"due":"2026-06-22T23:59:59Z","breaches":2,"evaluated_at":"2026-06-16T00:00:00Z"}}"#,
    );
    agrees(
        r#"{"anchor":"2026-06-01T08:00:00Z","rule":{"kind":"within","amount":7,"unit":"calendar_day"},
            "events":[{"type":"extend","days":3,"at":"2026-06-08T23:59:59Z"},
                      {"type":"extend","days":30,"at":"2026-06-12T00:00:00Z"}],
            "expect":{"due":"2026-06-11T23:59:59Z"}}"#,
    );
}

#[test]
fn cut_off_and_deemed_receipt_move_day_0() {
    agrees(
        r#"{"anchor":"2026-06-05T17:00:00Z","rule":{"kind":"within","amount":2,"unit":"business_day","cutoff":"17:00"},
            "expect":{"due":"2026-06-10T23:59:59Z"}}"#,
    );
    agrees(
        r#"{"anchor":"2026-06-05T16:59:59Z","rule":{"kind":"within","amount":2,"unit":"business_day","cutoff":"17:00"},
            "expect":{"due":"2026-06-09T23:59:59Z"}}"#,
    );
    agrees(
        r#"{"anchor":"2026-06-06T18:00:00Z","rule":{"kind":"within","amount":2,"unit":"business_day","cutoff":"17:00"},
            "expect":{"due":"2026-06-09T23:59:59Z"}}"#,
    );
    agrees(
        r#"{"anchor":"2026-06-06T03:00:00Z","rule":{"kind":"within","amount":2,"unit":"business_day","nonbusiness_receipt":"deem_received_next"},
            "expect":{"due":"2026-06-10T23:59:59Z"}}"#,
    );
}

#[test]
fn what_the_form_carries_beside_the_shared_one() {
    // Regions, with their week; the words name day and region.
    let case: VectorCase = serde_json::from_str(
        r#"{"anchor":"2026-12-18T17:45:00-05:00","zone":"America/New_York","calendar":{"regions":["US"]},
            "rule":{"kind":"within","amount":10,"unit":"business_day"},
            "expect":{"due":"2027-01-06T04:59:59Z"}}"#,
    )
    .unwrap();
    let outcome = evaluate(&case);
    assert_eq!(outcome.differences, [""; 0]);
    assert_eq!(
        outcome.explanation,
        [
            "day 0 is Fri 18 Dec 2026",
            "25 Dec (Christmas Day) and 1 Jan (New Year's Day) are holidays in United States, federal",
            "due Tue 5 Jan 2027 23:59:59 America/New_York"
        ]
    );
    assert!(
        outcome
            .basis
            .starts_with("zone America/New_York (tzdata 20")
    );
    assert!(
        outcome
            .basis
            .ends_with("week 12345, holidays US (table 2026-11-22)")
    );
    agrees(
        r#"{"anchor":"2026-06-04T10:00:00Z","calendar":{"regions":["IL"]},
            "rule":{"kind":"within","amount":1,"unit":"business_day"},
            "expect":{"due":"2026-06-07T23:59:59Z"}}"#,
    );
    // Attacked: seven days from then.
    agrees(
        r#"{"anchor":"2026-02-02T10:00:00Z","events":[{"type":"attacked","at":"2026-02-10T08:00:00Z"}],
            "rule":{"kind":"fix_plus","fix_days":90,"adopt_days":30,"in_the_wild":{"fix_days":7,"grace_days":3}},
            "expect":{"details_on":"2026-02-17"}}"#,
    );
    // An edit of the calendar shortens and never lengthens.
    for (holidays, due) in [("\"2026-06-02\"", "2026-06-03"), ("", "2026-06-03")] {
        agrees(&format!(
            r#"{{"anchor":"2026-06-01T12:00:00Z","events":[{{"type":"calendar_edit","holidays":[{holidays}]}}],
                "rule":{{"kind":"within","amount":2,"unit":"business_day"}},"expect":{{"due":"{due}T23:59:59Z"}}}}"#
        ));
    }
    agrees(
        r#"{"anchor":"2026-06-01T12:00:00Z","calendar":{"holidays":["2026-06-02"]},
            "events":[{"type":"calendar_edit","holidays":[]}],
            "rule":{"kind":"within","amount":2,"unit":"business_day"},"expect":{"due":"2026-06-03T23:59:59Z"}}"#,
    );
    agrees(
        r#"{"anchor":"2026-10-01T12:00:00Z","proposed":"2026-10-15T12:00:01Z",
            "rule":{"kind":"list_max","amount":336,"unit":"hour"},"expect":{"proposed_ok":false}}"#,
    );
    agrees(
        r#"{"anchor":"2026-06-01T08:00:00Z","evaluated_at":"2026-06-16T00:00:00Z",
            "rule":{"kind":"recurring","amount":7,"unit":"calendar_day"},"expect":{"breaches":2}}"#,
    );
    agrees(
        r#"{"anchor":"2026-06-01T08:00:00Z","rule":{"kind":"severity","severity":"high",
            "table":{"high":{"amount":30,"unit":"calendar_day"}}},
            "events":[{"type":"extend","days":2,"at":"2026-06-05T00:00:00Z"}],
            "expect":{"due":"2026-07-03T23:59:59Z"}}"#,
    );
}

#[test]
fn a_vector_says_warnings_lateness_and_the_law() {
    let case: VectorCase = serde_json::from_str(
        r#"{"anchor":"2026-06-01T00:00:00Z","legal_note":true,"rule":{"kind":"within","amount":5,"unit":"calendar_day"},
            "checks":[{"done_at":"2026-06-06T00:00:00Z","met":true},{"done_at":"2026-06-09T00:00:01Z","met":false}],
            "events":[{"type":"extend","days":1,"at":"2026-06-07T00:00:00Z"}]}"#,
    )
    .unwrap();
    let outcome = evaluate(&case);
    assert_eq!(outcome.due.unwrap().to_string(), "2026-06-06T23:59:59Z");
    assert_eq!(outcome.met, [true, false]);
    let late: Vec<(i64, u32)> = outcome
        .late
        .iter()
        .map(|l| (l.seconds, l.business_days))
        .collect();
    assert_eq!(late, [(0, 0), (2 * 86_400 + 2, 2)]);
    let warnings: Vec<String> = outcome.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings, ["2026-06-03T23:59:59Z", "2026-06-05T19:11:59Z"]);
    assert_eq!(
        outcome.legal_latest.unwrap().to_string(),
        "2026-06-08T23:59:59Z"
    );
    assert!(
        outcome
            .explanation
            .last()
            .unwrap()
            .contains("after the due instant")
    );
}

#[test]
fn absurd_vectors_give_an_error_in_words() {
    for (unit, mode) in [
        ("hour", "elapsed"),
        ("hour", "end_of_day"),
        ("business_hour", "elapsed"),
        ("calendar_day", "elapsed"),
        ("calendar_day", "end_of_day"),
        ("business_day", "elapsed"),
        ("business_day", "end_of_day"),
        ("month", "elapsed"),
        ("month", "end_of_day"),
    ] {
        for kind in ["within", "recurring", "list_max"] {
            let case: VectorCase = serde_json::from_str(&format!(
                r#"{{"anchor":"2026-06-01T08:00:00Z","rule":{{"kind":"{kind}","amount":4294967295,"unit":"{unit}","mode":"{mode}"}}}}"#
            ))
            .unwrap();
            let outcome = evaluate(&case);
            assert!(outcome.due.is_none(), "{kind} {unit} {mode}");
            assert!(outcome.error.unwrap().contains("hundred years"));
        }
    }
}
