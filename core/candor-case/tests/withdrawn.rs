//! After the reporter withdrew: the team closes the case, or goes on without the reporter.
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

use candor_base::RefusalCode;
use candor_case::*;
use candor_policy::model::*;
use common::*;

fn withdraw() -> Command {
    Command::Withdraw { message: None }
}

fn go_on() -> Command {
    Command::Reopen {
        reason: text(70, 40),
    }
}

#[test]
fn the_team_goes_on_after_a_withdrawal() {
    let mut w = World::with_report(full_policy());
    w.ok(ANN, acknowledge(false));
    w.ok(Actor::Reporter, withdraw());
    assert_eq!(w.case().stage(), Stage::Withdrawn);
    assert!(!w.clock("promise-6").is_open());
    let judge = assess(Some(Severity::Critical));
    let Err(refusal) = w.decide(ANN, &judge) else {
        panic!("a withdrawn report is not assessed")
    };
    assert!(
        refusal
            .instead
            .iter()
            .any(|i| i.words.contains("open the case")),
        "{refusal:?}"
    );
    w.refused(ANN, &go_on_without_reason(), RefusalCode::FieldMissing);
    w.later(3 * 86_400).ok(ANN, go_on());
    assert_eq!(w.case().stage(), Stage::Acknowledged);
    assert_eq!(w.case().episode, 1);
    // The project's own clock runs from its first day, the reporter's stay stopped.
    assert_eq!(w.clock("promise-6").due, Some(at("2026-08-30T23:59:59Z")));
    assert!(w.clock("promise-6").is_open());
    assert!(!w.clock("promise-2").is_open() && !w.clock("promise-3").is_open());
    w.refused(ANN, &go_on(), RefusalCode::WrongStage);
    w.ok(ANN, judge);
    w.ok(ANN, accept());
    w.fix_to_release();
    assert_eq!(w.case().stage(), Stage::Released);
    assert_eq!(replay(&w.log).as_ref(), w.state.as_ref());
}

fn go_on_without_reason() -> Command {
    Command::Reopen {
        reason: text(70, 0),
    }
}

#[test]
fn what_was_judged_before_the_withdrawal_still_counts() {
    let mut w = World::with_report(full_policy());
    w.ok(ANN, acknowledge(false));
    w.ok(ANN, assess(Some(Severity::Critical)));
    w.ok(Actor::Reporter, withdraw());
    w.refused(ANN, &Command::SaveDraft(draft(50)), RefusalCode::WrongStage);
    w.ok(ANN, go_on());
    assert_eq!(w.case().stage(), Stage::Reproduced);
    w.ok(ANN, Command::SaveDraft(draft(50)));
    w.ok(ANN, accept());
    assert_eq!(w.case().report, ReportState::Accepted);
    // Withdrawn twice is refused, and the case can still be turned down instead.
    w.refused(Actor::Reporter, &withdraw(), RefusalCode::AlreadyDone);
}

#[test]
fn the_open_proposal_of_a_reporter_who_withdrew_lapses() {
    let mut w = World::with_report(full_policy());
    w.ok(ANN, acknowledge(false));
    let propose = Command::ProposeDate {
        at: at("2026-07-15T12:00:00Z"),
        reason: Some(text(71, 30)),
        message: None,
    };
    w.ok(Actor::Reporter, propose);
    assert!(w.case().embargo.proposal.is_some());
    let events = w.ok(Actor::Reporter, withdraw());
    assert!(events.contains(&"date_declined"), "{events:?}");
    assert!(w.case().embargo.proposal.is_none());
    assert_ne!(w.case().embargo.state, EmbargoState::Revise);
}

#[test]
fn a_promise_that_went_on_and_is_missed_at_once_is_not_made_a_second_time() {
    // Who promises a triage with a rating keeps it by telling the rating alone.
    let mut policy = full_policy();
    policy.policy.promises[1].quote = "Triage with a severity rating".to_owned();
    let mut w = World::with_report(policy);
    w.ok(ANN, acknowledge(false));
    let duplicate = Command::MarkDuplicate {
        of: candor_base::CaseId::from_bytes([3; 16]),
        reference: candor_base::CaseRef::new("TST", [5; 5]).unwrap(),
        original_received: w.now.plus_seconds(-86_400),
        message: message(70),
    };
    w.ok(ANN, duplicate);
    w.ok(
        ANN,
        Command::Close {
            reason: CloseReason::Duplicate,
            note: Some(text(71, 20)),
        },
    );
    assert!(matches!(
        w.clock("promise-2").status,
        ClockStatus::Stopped { .. }
    ));
    w.later(60 * 86_400).ok(ANN, go_on());
    assert_eq!(w.clock("promise-2").status, ClockStatus::Missed);
    let again = candor_policy::ClockKey("promise-2@2".into());
    assert!(!w.case().clocks.contains_key(&again));
    assert!(!w.tick().contains(&"clock_started"));
    assert_eq!(w.tick(), [""; 0]);
    assert!(!w.case().clocks.contains_key(&again));
}
