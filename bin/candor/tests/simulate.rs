//! `policy simulate` from the outside: exit codes, files, and the same bytes twice.
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

use common::Place;

const POLICY: &str = "# Security policy\n\nReport a vulnerability to security@kite.example.\n\n\
    - We acknowledge reports within 48 hours.\n";

fn place() -> (Place, String) {
    let place = Place::new();
    let policy = place.write("KITE.md", POLICY);
    (place, policy.display().to_string())
}

/// The shortest simulation that still says something.
fn short<'a>(policy: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["policy", "simulate", policy, "--months", "2", "--runs", "2"];
    args.extend(more);
    args
}

#[test]
fn the_same_arguments_give_the_same_bytes() {
    let (place, policy) = place();
    let args = short(&policy, &["--reports-per-month", "6", "--no-advice"]);
    let one = place.run(&args).must(0);
    assert!(
        one.out.contains("A person answers you within 48 hours"),
        "{}",
        one.out
    );
    assert!(one.out.contains("seed 1"), "{}", one.out);
    assert_eq!(one.out, place.run(&args).must(0).out);
    assert_eq!(one.err, "", "no progress where no terminal is");
    let other = place.run(&short(
        &policy,
        &["--reports-per-month", "6", "--no-advice", "--seed", "2"],
    ));
    assert_ne!(one.out, other.must(0).out);
}

#[test]
fn check_tells_by_its_exit_code_and_json_tells_all() {
    let (place, policy) = place();
    let load = ["--reports-per-month", "6", "--check", "--json"];
    let steady = [
        "--hours",
        "0-23",
        "--vacation",
        "0",
        "--sick",
        "0",
        "--watch",
    ];
    let all = [&load[..], &steady, &["--holidays", "none", "--aim", "5%"]].concat();
    let kept = place.run(&short(&policy, &all)).must(0);
    let found: serde_json::Value = serde_json::from_str(&kept.out).unwrap();
    assert_eq!(found["reached"], true);
    assert!(found["forecast"]["promises"][0]["odds"].as_f64().unwrap() >= 0.05);
    assert_eq!(found["forecast"]["refused"].as_array().unwrap().len(), 0);
    let zone = ["--hours", "9-10", "--hours-per-week", "0.1", "--aim", "100"];
    let broken = place
        .run(&short(&policy, &[&load[..], &zone].concat()))
        .must(1);
    let found: serde_json::Value = serde_json::from_str(&broken.out).unwrap();
    assert_eq!(found["reached"], false);
    assert!(!found["advice"][0]["tried"].as_array().unwrap().is_empty());
}

#[test]
fn team_and_history_come_from_files_and_the_picture_goes_into_one() {
    let (place, policy) = place();
    let team = place.write(
        "team.toml",
        "[[member]]\nname = \"Ann\"\nzone = \"Europe/Berlin\"\nholidays = \"de\"\nfrom = \"08:30\"\n\
         days_off = [\"2027-01-06\"]\n[[member]]\nhours_a_week = 4\n[load]\njunk = 0.5\n",
    );
    let mut rows = String::from("received,acknowledged,severity\n");
    for n in 1..=9 {
        writeln!(rows, "2026-0{n}-10,2026-0{n}-11,high").unwrap();
    }
    let history = place.write("past.csv", &rows);
    let svg = place.path("odds.svg");
    let (team, history, drawn) = (
        team.display().to_string(),
        history.display().to_string(),
        svg.display().to_string(),
    );
    let more = [
        "--team",
        &team,
        "--history",
        &history,
        "--svg",
        &drawn,
        "--no-advice",
    ];
    let out = place.run(&short(&policy, &more)).must(0).out;
    for said in [
        "2 people, 1.0 reports a month",
        "high 100 %",
        "50 %",
        "08:30 to 17:00 Europe/Berlin",
    ] {
        assert!(out.contains(said), "{said} not in {out}");
    }
    assert!(std::fs::read_to_string(svg).unwrap().contains("48 hours"));
}

#[test]
fn what_is_wrong_is_said_before_anything_runs() {
    let (place, policy) = place();
    let bad_team = place.write("team.toml", "[[member]]\nhours_per_week = 3\n");
    let bad_past = place.write(
        "past.csv",
        "received,severity\n2026-01-01,high\n2026-01-02,dire\n",
    );
    let (bad_team, bad_past) = (
        bad_team.display().to_string(),
        bad_past.display().to_string(),
    );
    let load = "--reports-per-month";
    for (more, said) in [
        (vec![], "--reports-per-month 4"),
        (vec![load, "-3"], "error"),
        (vec![load, "1e9"], "between 0 and 2000"),
        (vec![load, "4", "--team", "0"], "1 to 50"),
        (vec![load, "4", "--team", "nobody.toml"], "cannot be read"),
        (vec![load, "4", "--team", &bad_team], "hours_a_week"),
        (vec!["--history", &bad_past], "line 3, severity"),
        (vec![load, "4", "--holidays", "atlantis"], "one of none"),
    ] {
        let ended = place.run(&short(&policy, &more)).must(2);
        assert!(ended.err.contains(said), "{more:?}: {}", ended.err);
    }
    let huge = ["--months", "60", "--runs", "100000", load, "2000"];
    let args = [&["policy", "simulate", policy.as_str()], &huge[..]].concat();
    place.run(&args).must(2).says("Take fewer runs or months");
    let nowhere = [
        "--reports-per-month",
        "1",
        "--no-advice",
        "--svg",
        "/nowhere/odds.svg",
    ];
    place.run(&short(&policy, &nowhere)).must(3);
}
