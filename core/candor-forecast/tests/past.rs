//! A project's own history: read, refused, fitted.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::fmt::Write as _;

use candor_forecast::{Effort, Load, Outcome, Source, Team, assumptions, fit, history};
use candor_policy::model::Severity;
use common::{at, promising, scenario, steady};

const HEADER: &str = "received,acknowledged,assessed,fixed,disclosed,severity,outcome\n";

#[test]
fn both_forms_say_the_same() {
    let csv = format!(
        "\u{feff}{HEADER}2026-03-01T10:00:00Z,\"2026-03-02\",,,,Moderate,valid\r\n\n\
         2026-03-05T10:00:00+02:00,,,,,,junk\n"
    );
    let json = "{\"received\":\"2026-03-01T10:00:00Z\",\"acknowledged\":\"2026-03-02\",\
                \"severity\":\"medium\",\"outcome\":\"valid\",\"fixed\":null}\n\
                {\"received\":\"2026-03-05T08:00:00Z\",\"outcome\":\"junk\"}\n";
    let rows = history(&csv).unwrap();
    assert_eq!(rows, history(json).unwrap());
    assert_eq!(rows[0].acknowledged, Some(at("2026-03-02T12:00:00Z")));
    assert_eq!(rows[0].severity, Some(Severity::Medium));
    assert_eq!(rows[1].outcome, Some(Outcome::Junk));
    assert_eq!(rows[1].received, at("2026-03-05T08:00:00Z"));
}

#[test]
fn a_row_that_is_wrong_is_named_by_line_and_field() {
    let row = |r: &str| format!("{HEADER}2026-03-01,,,,,,\n{r}\n");
    for (text, line, field, says) in [
        (String::new(), 1, "row", "empty"),
        ("severity\nhigh\n".to_owned(), 1, "received", "missing"),
        (
            "received,reporter\n".to_owned(),
            1,
            "\u{201c}reporter\u{201d}",
            "not a field",
        ),
        ("received,received\n".to_owned(), 1, "received", "twice"),
        (row("yesterday,,,,,,"), 3, "received", "no moment"),
        (row(",,,,,,"), 3, "received", "missing"),
        (
            row("2026-03-01,2026-02-01,,,,,"),
            3,
            "acknowledged",
            "before",
        ),
        (row("2026-03-01,,,,,awful,"), 3, "severity", "low, medium"),
        (row("2026-03-01,,,,,,maybe"), 3, "outcome", "valid, junk"),
        (row("2026-03-01,,"), 3, "row", "3 fields"),
        (row("2026-03-01,,,,,,\"open"), 3, "row", "not closed"),
        (row("9999-03-01,,,,,,"), 3, "received", "no moment"),
        (
            "{\"received\":\"2026-03-01\"}\n[1]\n".to_owned(),
            2,
            "row",
            "JSON",
        ),
        ("{\"received\":5}\n".to_owned(), 1, "row", "JSON"),
        (
            "{\"received\":\"2026-03-01\",\"title\":\"x\"}".to_owned(),
            1,
            "\u{201c}title\u{201d}",
            "not a field",
        ),
    ] {
        let no = history(&text).unwrap_err();
        assert_eq!((no.line, no.field.as_str()), (line, field), "{text}: {no}");
        assert!(no.message.contains(says), "{no}");
    }
}

#[test]
fn figures_rest_on_rows_and_say_on_how_many() {
    // A report every ten days for a year, judged after a working day, fixed after five.
    let mut text = HEADER.to_owned();
    let first = at("2025-01-06T09:00:00Z");
    for n in 0..37_i64 {
        let came = first.plus_seconds(n * 10 * 86_400);
        let severity = if n % 4 == 0 { "high" } else { "low" };
        let outcome = if n % 3 == 0 { "junk" } else { "valid" };
        writeln!(text, "{came},{came},,,,{severity},{outcome}").unwrap();
    }
    // And a flood of twelve within a day.
    for n in 0..12_i64 {
        let came = first.plus_seconds(100 * 86_400 + n * 3_600);
        writeln!(text, "{came},,,,,,").unwrap();
    }
    let rows = history(&text).unwrap();
    let (mut load, mut effort) = (Load::default(), Effort::default());
    let team = Team {
        members: vec![steady()],
        ..Team::of(1)
    };
    let figures = fit(&rows, &team, &mut load, &mut effort);
    let of = |name: &str| figures.iter().find(|f| f.name == name).unwrap();
    // 49 rows, 13 of them within three days, 36 the usual way in 11.8 months.
    assert!(
        (load.reports_a_month - 35.0 / 11.83).abs() < 0.05,
        "{}",
        load.reports_a_month
    );
    assert_eq!(of("reports_a_month").rows, 49);
    assert_eq!(load.flood_size, 13);
    assert!(
        (load.floods_a_year - 1.0).abs() < 0.05,
        "{}",
        load.floods_a_year
    );
    assert!((load.severity.high - 10.0).abs() < 1e-9 && (load.severity.low - 27.0).abs() < 1e-9);
    assert!((load.junk - 13.0 / 37.0).abs() < 1e-9);
    assert!(load.duplicates.abs() < 1e-9);
    // Nobody wrote down when anything was judged or fixed.
    assert!(!of("assessment").used && of("assessment").rows == 0);
    assert_eq!(effort, Effort::default());
    let mut s = scenario(promising(&["We acknowledge reports within 2 days."]));
    s.load = load;
    let all = assumptions(&s, &figures);
    let source = |name: &str| all.iter().find(|a| a.name == name).unwrap().source;
    assert_eq!(source("severity"), Source::History(37));
    assert_eq!(source("assessment"), Source::Candor);
    assert_eq!(source("people"), Source::You);
}

#[test]
fn effort_is_the_working_time_between_two_acts() {
    let mut text = String::from("received,assessed,fixed,severity\n");
    for week in 0..6_i64 {
        // Monday 9 o'clock; judged the same day; fixed on Wednesday.
        let monday = at("2026-01-05T09:00:00Z").plus_seconds(week * 7 * 86_400);
        let judged = monday.plus_seconds(8 * 3_600);
        let fixed = monday.plus_seconds(2 * 86_400 + 3_600);
        writeln!(text, "{monday},{judged},{fixed},high").unwrap();
    }
    let rows = history(&text).unwrap();
    let (mut load, mut effort) = (Load::default(), Effort::default());
    let team = Team {
        members: vec![steady()],
        ..Team::of(1)
    };
    fit(&rows, &team, &mut load, &mut effort);
    // A whole Monday of eight hours; Tuesday and Wednesday.
    assert!(
        (effort.assessment - 8.0).abs() < 1e-9,
        "{}",
        effort.assessment
    );
    assert!((effort.fix.high - 16.0).abs() < 1e-9, "{}", effort.fix.high);
    assert_eq!(
        effort.fix.low.to_bits(),
        Effort::default().fix.low.to_bits()
    );
}
