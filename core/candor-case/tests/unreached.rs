//! A letter that came back: what it told did not reach the reporter (M-7).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_imports,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_base::Instant;
use candor_case::*;
use candor_policy::clocks::MetBy;
use common::*;

const HOUR: i64 = 3_600;

fn came_back(key: &str, told: Option<Instant>) -> Command {
    Command::MailOutcome {
        key: key.to_owned(),
        delivered: false,
        code: Some("5.1.1".to_owned()),
        told,
    }
}

/// The first answer: met by any word of a person.
fn first_answer(w: &World) -> CaseClock {
    let mut clocks = w.case().clocks.values();
    clocks
        .find(|c| c.spec.met_by == MetBy::HumanMessage)
        .unwrap()
        .clone()
}

/// A case whose first answer went out, and when.
fn answered() -> (World, Instant) {
    let mut w = World::with_report(full_policy());
    w.later(HOUR).ok(ANN, acknowledge(false));
    let at = w.now;
    assert_eq!(first_answer(&w).status, ClockStatus::Met { at });
    (w, at)
}

#[test]
fn a_promise_counts_again_when_its_letter_comes_back_and_a_new_word_meets_it() {
    let (mut w, at) = answered();
    let due = first_answer(&w).due;
    let events = w.later(HOUR).ok(Actor::System, came_back("k", Some(at)));
    assert!(events.contains(&"clock_reopened"), "{events:?}");
    let clock = first_answer(&w);
    assert_eq!((clock.status, clock.due), (ClockStatus::Running, due));
    // Told twice, it is recorded once.
    assert!(w.ok(Actor::System, came_back("k", Some(at))).is_empty());
    w.later(HOUR).ok(ANN, status());
    let then = w.now;
    assert_eq!(first_answer(&w).status, ClockStatus::Met { at: then });
}

#[test]
fn an_answer_that_reached_nobody_does_not_hide_the_miss() {
    let (mut w, at) = answered();
    w.later(HOUR).ok(Actor::System, came_back("k", Some(at)));
    w.now = first_answer(&w).due.unwrap().plus_seconds(1);
    assert!(w.tick().contains(&"clock_missed"));
    assert_eq!(first_answer(&w).status, ClockStatus::Missed);
    // The reporter acts, so the words stand before them; the miss stays one.
    w.ok(Actor::Reporter, supply());
    assert!(matches!(
        first_answer(&w).status,
        ClockStatus::MetLate { .. }
    ));
}

#[test]
fn whoever_acts_in_the_room_was_reached() {
    let (mut w, at) = answered();
    w.later(HOUR).ok(Actor::System, came_back("k", Some(at)));
    w.later(HOUR).ok(Actor::Reporter, supply());
    assert_eq!(first_answer(&w).status, ClockStatus::Met { at });
}

#[test]
fn a_late_answer_that_came_back_is_a_miss_again_and_rings_anew() {
    let mut w = World::with_report(full_policy());
    w.now = first_answer(&w).due.unwrap().plus_seconds(HOUR);
    w.tick();
    w.ok(ANN, acknowledge(false));
    let at = w.now;
    w.later(HOUR).ok(Actor::System, came_back("k", Some(at)));
    let clock = first_answer(&w);
    assert_eq!(clock.status, ClockStatus::Missed);
    assert!(clock.alarm.is_some());
}

#[test]
fn another_letter_changes_no_clock() {
    let (mut w, at) = answered();
    let clocks = w.case().clocks.clone();
    w.later(HOUR).ok(Actor::System, came_back("receipt", None));
    w.ok(Actor::System, came_back("other", Some(at.plus_seconds(-1))));
    assert_eq!(w.case().clocks, clocks);
    assert_eq!(w.case().mail_failures.len(), 2);
}
