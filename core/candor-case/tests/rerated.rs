//! Rated again: what a promise gains by it, and what stays as it was agreed.
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
use candor_policy::PolicyInForce;
use candor_policy::model::*;
use common::*;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

type Row = (Milestone, Option<Severity>, u32);

/// A policy that promises these, each in so many days from the receipt.
fn promising(rows: &[Row]) -> PolicyInForce {
    let mut policy = full_policy();
    policy.policy.steps.clear();
    policy.policy.promises = rows
        .iter()
        .zip(1_u32..)
        .map(|((milestone, severity, days), n)| Clause {
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
                    from: Origin::Receipt,
                    firmness: Firmness::Commit,
                },
            )
        })
        .collect();
    policy
}

fn rate(w: &mut World, severity: Severity) {
    w.ok(ANN, assess(Some(severity)));
}

fn due(w: &World, key: &str) -> Instant {
    w.clock(key).due.unwrap()
}

/// The reporter agrees to so many days more.
fn agreed_longer(w: &mut World, key: &str, days: u32, question: u32) {
    w.ok(ANN, extend(key, days));
    w.ok(Actor::Reporter, answer_question(question, true));
}

#[test]
fn rating_down_and_up_again_gives_a_day_only_once() {
    let mut w = World::with_report(full_policy());
    rate(&mut w, Severity::Medium);
    w.later(20 * DAY);
    rate(&mut w, Severity::Critical);
    let floor = w.now.plus_seconds(DAY);
    assert_eq!(due(&w, "promise-4"), floor, "its own day is past");
    let said = |w: &World, part: &str| w.clock("promise-4").explanation[0].contains(part);
    assert!(said(&w, "earlier than 24 hours after the change"));
    w.later(6 * HOUR);
    rate(&mut w, Severity::Medium);
    w.later(6 * HOUR);
    rate(&mut w, Severity::Critical);
    assert_eq!(due(&w, "promise-4"), floor);
    assert!(said(&w, "were given before"));
    w.later(DAY);
    w.tick();
    assert!(w.clock("promise-4").was_missed());
}

#[test]
fn the_day_that_another_promise_was_given_is_not_the_one_of_this() {
    use Milestone::{Disclosure, Fix, PatchRelease};
    // The same act for every report, with more time agreed to.
    let mut w = World::with_report(promising(&[
        (Fix, None, 10),
        (Fix, Some(Severity::Critical), 14),
        (Fix, Some(Severity::Medium), 60),
    ]));
    rate(&mut w, Severity::Medium);
    agreed_longer(&mut w, "promise-1", 5, 1);
    w.later(20 * DAY);
    rate(&mut w, Severity::Critical);
    assert_eq!(due(&w, "promise-2"), w.now.plus_seconds(DAY));
    // Another milestone with the same act, or another act, under a graver rating.
    for other in [PatchRelease, Disclosure] {
        let mut w = World::with_report(promising(&[
            (other, Some(Severity::Critical), 10),
            (Fix, Some(Severity::Medium), 14),
        ]));
        rate(&mut w, Severity::Critical);
        agreed_longer(&mut w, "promise-1", 5, 1);
        w.later(20 * DAY);
        rate(&mut w, Severity::Medium);
        assert_eq!(due(&w, "promise-2"), w.now.plus_seconds(DAY), "{other:?}");
    }
}

#[test]
fn more_time_that_was_agreed_stays_agreed_when_the_rating_comes_back() {
    let mut w = World::with_report(full_policy());
    rate(&mut w, Severity::Critical);
    agreed_longer(&mut w, "promise-4", 10, 1);
    let longer = due(&w, "promise-4");
    for days in [1, 10] {
        let mut w = w.clone();
        w.later(DAY);
        rate(&mut w, Severity::Medium);
        w.later(days * DAY);
        rate(&mut w, Severity::Critical);
        assert_eq!(due(&w, "promise-4"), longer, "after {days} days");
    }
}

#[test]
fn without_consent_a_rating_that_comes_back_has_its_own_day_again() {
    let mut w = World::with_report(full_policy());
    rate(&mut w, Severity::Critical);
    let first = due(&w, "promise-4");
    w.ok(ANN, extend("promise-4", 10));
    w.ok(Actor::Reporter, answer_question(1, false));
    w.later(DAY);
    rate(&mut w, Severity::Medium);
    w.later(DAY);
    rate(&mut w, Severity::Critical);
    assert_eq!(due(&w, "promise-4"), first);
}

#[test]
fn beside_the_new_day_stands_the_one_promised_for_the_same_thing() {
    use Milestone::{Fix, PatchRelease};
    let mut w = World::with_report(promising(&[
        (PatchRelease, Some(Severity::Medium), 10),
        (Fix, Some(Severity::Medium), 20),
        (Fix, Some(Severity::Low), 60),
    ]));
    rate(&mut w, Severity::Medium);
    let promised = due(&w, "promise-2");
    rate(&mut w, Severity::Low);
    assert_eq!(w.clock("promise-3").original_due, Some(promised));
}

#[test]
fn a_rating_with_the_same_day_keeps_one_day() {
    use Milestone::Fix;
    let mut w = World::with_report(promising(&[
        (Fix, Some(Severity::Medium), 20),
        (Fix, Some(Severity::Low), 20),
    ]));
    rate(&mut w, Severity::Medium);
    rate(&mut w, Severity::Low);
    assert_eq!(due(&w, "promise-2"), due(&w, "promise-1"));
    assert_eq!(w.clock("promise-2").original_due, None);
}

#[test]
fn waiting_moves_a_day_that_was_agreed_and_says_so() {
    let mut w = World::with_report(full_policy());
    w.ok(ANN, acknowledge(false));
    agreed_longer(&mut w, "promise-2", 10, 1);
    let agreed = due(&w, "promise-2");
    w.ok(ANN, ask());
    w.later(2 * DAY);
    w.ok(Actor::Reporter, supply());
    let clock = w.clock("promise-2");
    // The report came on the first day; only the end of the second is waited for.
    assert_eq!(clock.due, Some(agreed.plus_seconds(DAY)));
    let why = clock.explanation.last().unwrap();
    assert!(
        why.starts_with("moved on by the time the case waited"),
        "{why}"
    );
    // One that nobody moved is counted anew, in the usual words.
    let mut plain = World::with_report(full_policy());
    plain.ok(ANN, ask());
    plain.later(2 * DAY);
    plain.ok(Actor::Reporter, supply());
    let words = &plain.clock("promise-2").explanation;
    assert!(
        words.iter().all(|w| !w.starts_with("moved on")),
        "{words:?}"
    );
}

#[test]
fn updates_that_are_rarer_than_monthly_change_nothing_when_a_case_is_put_aside() {
    let mut policy = promising(&[]);
    policy.policy.promises = vec![clause(
        "promise-1",
        Promise {
            milestone: Milestone::Update,
            alternatives: Vec::new(),
            condition: None,
            severity: None,
            term: Term::Every {
                amount: 60,
                unit: TermUnit::Days,
            },
            from: Origin::Receipt,
            firmness: Firmness::Commit,
        },
    )];
    for wait in [0, HOUR] {
        let mut w = World::with_report(policy.clone());
        w.ok(ANN, assess(Some(Severity::Low)));
        w.ok(ANN, accept());
        let before = due(&w, "promise-1");
        let review = w.now.plus_seconds(5 * DAY);
        let message = message(80);
        w.ok(ANN, Command::Aside(Aside::Defer { review, message }));
        w.later(wait);
        let reason = text(81, 9);
        let events = w.ok(ANN, Command::Aside(Aside::Resume { reason }));
        assert!(!events.contains(&"clock_moved"), "{events:?}");
        assert_eq!(due(&w, "promise-1"), before);
    }
}

#[test]
fn an_answer_about_more_time_comes_before_the_day_is_past() {
    for (late, taken) in [(0, true), (1, false)] {
        let mut w = World::with_report(full_policy());
        w.ok(ANN, extend("promise-2", 10));
        let before = due(&w, "promise-2");
        w.now = before.plus_seconds(late);
        let answer = w.try_do(Actor::Reporter, &answer_question(1, true));
        assert_eq!(answer.is_ok(), taken, "{answer:?}");
        assert_eq!(due(&w, "promise-2") > before, taken);
    }
}

#[test]
fn the_bound_of_extensions_is_one_of_each_promise() {
    let mut w = World::with_report(full_policy());
    agreed_longer(&mut w, "promise-6", 90, 1);
    w.refused(
        ANN,
        &extend("promise-6", 1),
        candor_base::RefusalCode::TooLarge,
    );
    agreed_longer(&mut w, "promise-2", 30, 2);
}
