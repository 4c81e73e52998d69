//! Planned dates at their edges, and which texts an event names.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_imports,
    clippy::enum_glob_use,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_base::{Instant, RefusalCode};
use candor_case::*;
use candor_policy::PolicyInForce;
use candor_policy::model::*;
use common::*;

const DAY: i64 = 86_400;

fn with_steps(stages: &[StepStage]) -> PolicyInForce {
    let mut policy = full_policy();
    policy.policy.steps = stages
        .iter()
        .zip(1_u32..)
        .map(|(stage, number)| {
            let demands = Vec::new();
            clause(
                &format!("step-{number}"),
                Step {
                    number,
                    stage: *stage,
                    demands,
                },
            )
        })
        .collect();
    policy
}

#[test]
fn the_advisory_comes_before_the_notice_where_the_steps_say_so() {
    let notice = || Command::Say {
        lane: Lane::Reporter,
        kind: MessageKind::DateNotice,
        message: message(23),
    };
    let first = with_steps(&[StepStage::AdvisoryDraft, StepStage::DateNotice]);
    let mut w = World::accepted(first);
    w.refused(ANN, &notice(), RefusalCode::AdvisoryIncomplete);
    let mut lacking = draft(50);
    lacking.missing = vec![String::from("title-missing")];
    w.ok(ANN, Command::SaveDraft(lacking));
    w.refused(ANN, &notice(), RefusalCode::AdvisoryIncomplete);
    w.ok(ANN, Command::SaveDraft(draft(51)));
    w.ok(ANN, notice());
    for other in [
        with_steps(&[StepStage::DateNotice, StepStage::AdvisoryDraft]),
        with_steps(&[StepStage::AdvisoryDraft]),
        with_steps(&[StepStage::DateNotice]),
    ] {
        World::accepted(other).ok(ANN, notice());
    }
}

fn next_release(day: &str) -> World {
    let mut policy = full_policy();
    policy.policy.promises[3].value.term = Term::NextRelease;
    policy.settings.next_release = day.parse().ok();
    World::accepted(policy)
}

#[test]
fn the_next_release_is_a_day_once_it_is_known_and_not_over() {
    let known = next_release("2026-07-14");
    assert_eq!(
        known.clock("promise-4").due,
        Some(at("2026-07-14T23:59:59Z"))
    );
    assert_eq!(
        next_release("2026-06-01").clock("promise-4").due,
        Some(at("2026-06-01T23:59:59Z")),
        "today still counts"
    );
    let mut w = next_release("2026-05-31");
    assert_eq!(w.clock("promise-4").due, None, "a day that is over is none");
    w.policy.settings.next_release = "2026-07-14".parse().ok();
    w.later(DAY).ok(ANN, status());
    assert_eq!(w.clock("promise-4").due, Some(at("2026-07-14T23:59:59Z")));
    // A day that is known stays what was promised.
    w.policy.settings.next_release = "2026-08-14".parse().ok();
    w.later(DAY).ok(ANN, status());
    assert_eq!(w.clock("promise-4").due, Some(at("2026-07-14T23:59:59Z")));
}

fn window(edit: impl FnOnce(&mut Policy)) -> Option<Instant> {
    let mut policy = full_policy();
    edit(&mut policy.policy);
    World::with_report(policy).case().embargo.until
}

#[test]
fn the_first_embargo_is_the_policys_own_window_for_every_severity() {
    let ninety = Some(at("2026-08-30T23:59:59Z"));
    assert_eq!(window(|_| {}), ninety);
    // Without a rule the promise of disclosure gives it; without both there is none.
    assert_eq!(window(|p| p.disclosure.clear()), ninety);
    let promise = |edit: fn(&mut Promise)| {
        window(|p| {
            p.disclosure.clear();
            p.promises
                .retain(|c| c.value.milestone == Milestone::Disclosure);
            edit(&mut p.promises[0].value);
        })
    };
    assert_eq!(promise(|_| {}), ninety);
    assert_eq!(promise(|p| p.severity = Some(Severity::Critical)), None);
    assert_eq!(promise(|p| p.milestone = Milestone::Fix), None);
    assert_eq!(promise(|p| p.from = Origin::Acceptance), None);
    // A window for one severity is not the window of a report nobody has rated.
    let other = window(|p| {
        p.disclosure[0].value.severity = Some(Severity::Critical);
        p.promises.clear();
    });
    assert_eq!(other, None);
}

#[test]
fn a_date_lies_ahead_and_within_five_years() {
    let w = World::accepted(full_policy());
    let mut reason = propose(w.now);
    w.refused(ANN, &reason, RefusalCode::FieldInvalid);
    let far = w.now.plus_seconds(5 * 366 * DAY);
    w.refused(
        ANN,
        &propose(far.plus_seconds(1)),
        RefusalCode::FieldInvalid,
    );
    assert!(w.decide(ANN, &propose(far)).is_ok());
    assert!(w.decide(ANN, &propose(w.now.plus_seconds(1))).is_ok());
    // A later date than the one that stands needs a reason; the same one does not.
    let until = w.case().embargo.until.unwrap();
    let without = |at| {
        let mut command = propose(at);
        if let Command::ProposeDate { reason, .. } = &mut command {
            *reason = None;
        }
        command
    };
    w.refused(
        ANN,
        &without(until.plus_seconds(1)),
        RefusalCode::FieldMissing,
    );
    assert!(w.decide(ANN, &without(until)).is_ok());
    if let Command::ProposeDate { at, reason, .. } = &mut reason {
        *at = until.plus_seconds(1);
        *reason = Some(text(17, 0));
    }
    w.refused(ANN, &reason, RefusalCode::FieldMissing);
}

#[test]
fn a_new_embargo_on_a_ready_fix_is_a_week_with_a_reason() {
    let mut policy = full_policy();
    policy.policy.disclosure.clear();
    policy.policy.promises.clear();
    let mut w = World::accepted(policy);
    assert_eq!(w.case().embargo.state, EmbargoState::None);
    assert!(
        w.decide(ANN, &propose(w.now.plus_seconds(30 * DAY)))
            .is_ok()
    );
    w.ok(ANN, Command::Fix(Box::new(row(FixStatus::InDevelopment))));
    w.ok(ANN, Command::Fix(Box::new(row(FixStatus::Ready))));
    let week = w.now.plus_seconds(7 * DAY);
    assert!(w.decide(ANN, &propose(week)).is_ok());
    w.refused(
        ANN,
        &propose(week.plus_seconds(1)),
        RefusalCode::FieldInvalid,
    );
    let bare = Command::ProposeDate {
        at: week,
        reason: None,
        message: Some(message(17)),
    };
    w.refused(ANN, &bare, RefusalCode::FieldMissing);
}

#[test]
fn every_text_that_an_event_names_is_found() {
    let (a, b, c) = (text(1, 9), text(2, 9), text(3, 9));
    let note = |step| AsideEvent::HandedOver { number: 1, step };
    let record = |outcome| AsideEvent::ContextWorkedOut {
        record: ContextRecord {
            kind: ContextKind::Dependency,
            party: a,
            circumstances: b,
            outcome,
        },
    };
    let cases = [
        (AsideEvent::Resumed { reason: a }, vec![a]),
        (AsideEvent::WentOn { reason: a }, vec![a]),
        (AsideEvent::EmbargoEnded { reason: a }, vec![a]),
        (
            AsideEvent::LeakDecided {
                go_public: true,
                reason: a,
            },
            vec![a],
        ),
        (
            AsideEvent::Wished {
                question: Question {
                    number: 1,
                    wish: Wish::EndDeferred,
                    reason: a,
                },
            },
            vec![a],
        ),
        (
            AsideEvent::DateAloneAsked {
                at: at("2026-07-01T00:00:00Z"),
                reason: a,
                message: message(2),
            },
            vec![a, message(2).text],
        ),
        (
            AsideEvent::LeakSuspected {
                what: a,
                how: b,
                plan: c,
            },
            vec![a, b, c],
        ),
        (record(None), vec![a, b]),
        (record(Some(c)), vec![a, b, c]),
        (
            note(HandOverStep::Open {
                role: PartyRole::Upstream,
                party: a,
                contact: b,
                ask_reporter: false,
            }),
            vec![a, b],
        ),
        (note(HandOverStep::Answered { note: c }), vec![c]),
        (note(HandOverStep::End { outcome: c }), vec![c]),
        (AsideEvent::ReviewDue, Vec::new()),
    ];
    for (event, wanted) in cases {
        assert_eq!(event.texts(), wanted, "{}", event.name());
        let by_time = matches!(event, AsideEvent::ReviewDue);
        assert_eq!(event.is_automatic(), by_time, "{}", event.name());
    }
}
