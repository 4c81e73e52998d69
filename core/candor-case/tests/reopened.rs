//! What becomes of each promise when a closed case is opened again (Q10).
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

use std::collections::BTreeSet;

use candor_base::Instant;
use candor_case::*;
use candor_policy::PolicyInForce;
use candor_policy::model::*;
use common::*;

const DAY: i64 = 86_400;

fn close(reason: CloseReason) -> Command {
    Command::Close {
        reason,
        note: Some(text(74, 50)),
    }
}

fn reopen() -> Command {
    Command::Reopen {
        reason: text(75, 50),
    }
}

fn put_aside(w: &mut World, days: i64) {
    let review = w.now.plus_seconds(days * DAY);
    w.ok(
        ANN,
        Command::Aside(Aside::Defer {
            review,
            message: message(80),
        }),
    );
}

/// Put aside for so many days, ended on the day of the review and opened again by the team.
fn opened_by_the_team(w: &mut World, days: i64) {
    put_aside(w, days);
    w.later(days * DAY);
    w.ok(ANN, close(CloseReason::Deferred));
    w.ok(ANN, reopen());
}

/// Withdrawn, closed after so many days and opened again.
fn opened_after_a_withdrawal(w: &mut World, days: i64) {
    w.ok(Actor::Reporter, Command::Withdraw { message: None });
    w.later(days * DAY);
    w.ok(ANN, close(CloseReason::Withdrawn));
    w.ok(ANN, reopen());
}

type Row = (Milestone, Option<Severity>, u32, Origin);

/// A policy that promises these, each in so many days.
fn promising(rows: &[Row]) -> PolicyInForce {
    let mut policy = full_policy();
    policy.policy.steps.clear();
    policy.policy.promises = rows
        .iter()
        .zip(1_u32..)
        .map(|((milestone, severity, days, from), n)| Clause {
            span: candor_base::Span::line(n),
            ..clause(
                &format!("promise-{n}"),
                Promise {
                    milestone: *milestone,
                    alternatives: Vec::new(),
                    condition: None,
                    severity: *severity,
                    term: Term::Within {
                        amount: *days,
                        at_least: None,
                        unit: TermUnit::Days,
                    },
                    from: *from,
                    firmness: Firmness::Commit,
                },
            )
        })
        .collect();
    policy
}

/// Accepted a day after the report, with this rating.
fn accepted_next_day(policy: PolicyInForce, severity: Severity) -> World {
    let mut w = World::with_report(policy);
    w.later(DAY);
    rated(&mut w, severity);
    w
}

fn rated(w: &mut World, severity: Severity) {
    w.ok(ANN, assess(Some(severity)));
    w.ok(ANN, accept());
}

/// Promises made for the second episode.
fn made_again(w: &World) -> BTreeSet<&str> {
    let keys = w.case().clocks.keys();
    keys.filter_map(|key| key.0.strip_suffix("@2")).collect()
}

fn anchor(w: &World, key: &str) -> Instant {
    w.clock(key).anchor
}

#[test]
fn what_was_kept_is_not_asked_twice_but_the_assessment_is() {
    let mut w = World::accepted(full_policy());
    opened_by_the_team(&mut w, 2);
    assert_eq!(made_again(&w), BTreeSet::from(["promise-2"]));
    assert_eq!(anchor(&w, "promise-2@2"), w.now);
    for key in ["promise-3", "promise-4", "promise-6"] {
        assert!(w.clock(key).is_open(), "{key} goes on");
    }
    w.ok(ANN, assess(Some(Severity::Critical)));
    assert_eq!(
        w.clock("promise-2@2").status,
        ClockStatus::Met { at: w.now }
    );
}

#[test]
fn a_missed_assessment_begins_anew_and_a_first_answer_does_not() {
    let mut w = World::with_report(full_policy());
    w.later(40 * DAY).tick();
    let missed = |w: &World| w.clock("promise-2").status == ClockStatus::Missed;
    assert!(missed(&w));
    opened_after_a_withdrawal(&mut w, 1);
    assert!(missed(&w), "the miss stays");
    assert_eq!(anchor(&w, "promise-2@2"), w.now);
    assert!(w.clock("promise-2@2").is_open());
    assert!(
        !made_again(&w).contains("promise-1"),
        "a first answer is one for ever"
    );
}

#[test]
fn an_act_in_the_second_of_the_reopening_is_not_asked_for_again() {
    // Judged without a rating: the promise of a rating is not kept yet.
    let mut policy = full_policy();
    policy.policy.steps = policy.policy.steps.split_off(1);
    policy.policy.promises[1].quote = String::from("A rating within 5 business days.");
    let mut w = World::with_report(policy);
    w.ok(ANN, assess(None));
    assert!(w.clock("promise-2").is_open());
    opened_by_the_team(&mut w, 2);
    w.ok(ANN, assess(Some(Severity::Critical)));
    assert_eq!(w.clock("promise-2").status, ClockStatus::Met { at: w.now });
    assert!(!made_again(&w).contains("promise-2"));
}

#[test]
fn what_fell_due_in_the_very_second_of_the_reopening_is_not_missed() {
    for (late, missed) in [(0, false), (1, true)] {
        let mut w = World::accepted(full_policy());
        let due = w.clock("promise-4").due.unwrap();
        put_aside(&mut w, 2);
        w.now = due.plus_seconds(late - 1);
        w.ok(ANN, close(CloseReason::Deferred));
        w.now = due.plus_seconds(late);
        let events = w.ok(ANN, reopen());
        assert_eq!(w.clock("promise-4").was_missed(), missed, "{events:?}");
    }
}

#[test]
fn another_rating_counts_from_where_the_one_before_the_close_began() {
    use Milestone::Fix;
    let mut w = accepted_next_day(
        promising(&[
            (Fix, Some(Severity::Critical), 14, Origin::Acceptance),
            (Fix, Some(Severity::Medium), 60, Origin::Acceptance),
        ]),
        Severity::Critical,
    );
    let began = w.case().accepted.unwrap();
    opened_by_the_team(&mut w, 2);
    rated(&mut w, Severity::Medium);
    assert_eq!(anchor(&w, "promise-2@2"), began);
    assert!(began < w.case().accepted.unwrap());
}

#[test]
fn a_promise_of_another_kind_or_from_another_day_has_its_own_beginning() {
    use Milestone::{Fix, PatchRelease};
    // From the receipt, not from the acceptance.
    let mut w = accepted_next_day(
        promising(&[
            (Fix, Some(Severity::Critical), 14, Origin::Acceptance),
            (Fix, Some(Severity::Medium), 60, Origin::Receipt),
            (PatchRelease, Some(Severity::Medium), 70, Origin::Acceptance),
            (
                Milestone::Disclosure,
                Some(Severity::Medium),
                90,
                Origin::Acceptance,
            ),
        ]),
        Severity::Critical,
    );
    let received = w.case().received;
    opened_by_the_team(&mut w, 2);
    w.later(DAY);
    rated(&mut w, Severity::Medium);
    let accepted = w.case().accepted.unwrap();
    assert_eq!(anchor(&w, "promise-2@2"), received);
    assert_eq!(anchor(&w, "promise-3@2"), accepted, "another milestone");
    assert_eq!(anchor(&w, "promise-4@2"), accepted, "another act");
}

#[test]
fn after_a_withdrawal_a_promise_counts_from_the_new_beginning() {
    use Milestone::{Disclosure, Fix};
    let policy = promising(&[
        (Fix, None, 30, Origin::Acceptance),
        (Disclosure, None, 90, Origin::Receipt),
    ]);
    let mut w = World::with_report(policy);
    opened_after_a_withdrawal(&mut w, 3);
    let opened = w.now;
    assert_eq!(anchor(&w, "promise-2@2"), opened);
    w.later(DAY);
    rated(&mut w, Severity::Low);
    assert_eq!(
        anchor(&w, "promise-1@2"),
        w.now,
        "from the acceptance, not the reopening"
    );
}

#[test]
fn in_a_later_episode_a_rating_that_comes_back_brings_its_promise_back() {
    let mut w = World::with_report(full_policy());
    opened_after_a_withdrawal(&mut w, 1);
    w.ok(ANN, assess(Some(Severity::Critical)));
    w.ok(ANN, accept());
    let due = w.clock("promise-4@2").due;
    let started = |events: &[&str]| events.iter().filter(|e| **e == "clock_started").count();
    // An act that starts nothing starts nothing again.
    let events = w.later(60).ok(ANN, status());
    assert_eq!(
        started(&events),
        1,
        "the next period of updates: {events:?}"
    );
    w.later(60).ok(ANN, assess(Some(Severity::Medium)));
    assert!(!w.clock("promise-4@2").is_open());
    let events = w.later(60).ok(ANN, status());
    assert_eq!(started(&events), 1, "what is over stays over: {events:?}");
    w.later(60).ok(ANN, assess(Some(Severity::Critical)));
    assert!(w.clock("promise-4@2").is_open());
    assert!(w.clock("promise-4@2").due >= due);
}
