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
            let differences = evaluate(case).differences(case);
            differences.into_iter().map(|d| format!("{}: {d}", case.id))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Evaluates a vector written here; it must agree with its own expectation.
fn agrees(text: &str) {
    let case: VectorCase = serde_json::from_str(text).unwrap();
    let outcome = evaluate(&case);
    assert_eq!(outcome.differences(&case), [""; 0], "{outcome:?}");
}

#[test]
fn a_wrong_expectation_is_noticed() {
    let case: VectorCase = serde_json::from_str(
        r#"{"anchor":"2026-06-01T00:00:00Z","rule":{"kind":"within","amount":1,"unit":"hour"},
            "expect":{"due":"2026-06-01T02:00:00Z","due_local":"2026-06-01T01:00:00+00:00"},
            "checks":[{"done_at":"2026-06-01T01:00:00Z","met":false}]}"#,
    )
    .unwrap();
    let differences = evaluate(&case).differences(&case);
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
