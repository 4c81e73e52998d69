//! A machine whose clock is set back: the history goes on from its last moment, and what
//! was done in time stays in time.
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
use common::*;

#[test]
fn an_answer_given_while_the_clock_is_behind_keeps_its_promise() {
    let mut w = World::with_report(full_policy());
    let received = w.case().received;
    w.now = received.plus_seconds(-3_600);
    w.ok(ANN, acknowledge(false));
    assert_eq!(w.case().acknowledged, Some(received));
    assert!(matches!(
        w.clock("promise-1").status,
        ClockStatus::Met { at } if at == received
    ));
}

#[test]
fn the_history_never_goes_back_in_time() {
    let mut w = World::with_report(full_policy());
    w.later(7_200);
    w.ok(ANN, acknowledge(false));
    w.later(-5_000);
    w.ok(ANN, ask());
    w.later(-5_000);
    w.ok(Actor::Reporter, supply());
    let times: Vec<Instant> = w.log.iter().map(|r| r.at).collect();
    assert!(times.is_sorted(), "{times:?}");
    for pause in &w.case().waits {
        assert!(pause.until.is_none_or(|until| pause.from <= until));
    }
}
