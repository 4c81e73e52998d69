//! The ledger: which of several acts of one second kept a promise, what ended it, and
//! what people see of it meanwhile.
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

use candor_base::AccountId;
use candor_case::*;
use candor_policy::model::*;
use common::*;

/// Promised only for what is rated critical, each within 30 days from the receipt: they
/// begin with the rating and look back at what was done before.
fn promised_once_critical(milestone: Milestone) -> World {
    let mut policy = full_policy();
    policy.policy.steps.clear();
    policy.policy.promises = vec![clause(
        "promise-1",
        Promise {
            milestone,
            alternatives: Vec::new(),
            condition: None,
            severity: Some(Severity::Critical),
            term: Term::Within {
                amount: 30,
                at_least: None,
                unit: TermUnit::Days,
            },
            from: Origin::Receipt,
            firmness: Firmness::Commit,
        },
    )];
    let mut w = World::with_report(policy);
    w.later(60);
    w
}

fn say(lane: Lane, kind: MessageKind) -> Command {
    Command::Say {
        lane,
        kind,
        message: message(90),
    }
}

fn entry(w: &World, key: &str) -> PromiseEntry {
    let all = promise_ledger(&w.log);
    let mut found = all.into_iter().rev().filter(|e| e.spec.key.0 == key);
    found.next().unwrap()
}

/// All acts fall into one second, between a note of the team, a word of the reporter and a
/// change of the lead. The last of them is the one that keeps the promise.
#[track_caller]
fn keeps(milestone: Milestone, acts: Vec<Command>) {
    let mut w = promised_once_critical(milestone);
    w.ok(ANN, say(Lane::Team, MessageKind::Plain));
    w.ok(Actor::Reporter, say(Lane::Reporter, MessageKind::Plain));
    let mut place = 0;
    for act in acts {
        place = w.log.last().unwrap().seq + 1;
        w.ok(ANN, act);
    }
    let when = w.now;
    w.ok(
        ANN,
        Command::Assign {
            lead: AccountId::from_bytes([2; 16]),
        },
    );
    w.ok(ANN, say(Lane::Team, MessageKind::Plain));
    w.later(3_600);
    w.ok(ANN, assess(Some(Severity::Critical)));
    let PromiseState::Met { by: Some(by) } = entry(&w, "promise-1").state else {
        panic!("{:?}", entry(&w, "promise-1").state);
    };
    assert_eq!(
        (by.seq, by.at, by.by),
        (place, when, ANN),
        "{milestone:?}: {by:?}"
    );
}

#[test]
fn of_several_acts_of_one_second_the_ledger_names_the_one_that_was_promised() {
    use Milestone::{Acknowledgement, Conversation, Plan, Response};
    let reporter = |kind| say(Lane::Reporter, kind);
    keeps(Acknowledgement, vec![acknowledge(false)]);
    keeps(Acknowledgement, vec![ask()]);
    keeps(Acknowledgement, vec![reporter(MessageKind::Plain)]);
    keeps(Acknowledgement, vec![assess(Some(Severity::Low))]);
    // A bare "received" opens no exchange.
    keeps(Conversation, vec![acknowledge(false), ask()]);
    keeps(
        Conversation,
        vec![acknowledge(false), reporter(MessageKind::Plain)],
    );
    keeps(Conversation, vec![acknowledge(true)]);
    keeps(Plan, vec![acknowledge(true)]);
    keeps(
        Plan,
        vec![reporter(MessageKind::Plain), reporter(MessageKind::Plan)],
    );
    keeps(Plan, vec![acknowledge(false), reporter(MessageKind::Plan)]);
    keeps(
        Response,
        vec![reporter(MessageKind::Plain), reporter(MessageKind::Plan)],
    );
}

#[test]
fn a_silent_assessment_is_no_first_answer() {
    let mut w = promised_once_critical(Milestone::Acknowledgement);
    let silent = Command::Assess {
        assessment: Box::new(assessment(Some(Severity::Low))),
        message: None,
    };
    w.ok(ANN, silent);
    w.ok(ANN, say(Lane::Reporter, MessageKind::Plain));
    let said = w.log.iter().rev().find(|r| r.event.name() == "said");
    let place = said.unwrap().seq;
    w.later(60).ok(ANN, assess(Some(Severity::Critical)));
    let PromiseState::Met { by } = entry(&w, "promise-1").state else {
        panic!("not met");
    };
    assert_eq!(by.unwrap().seq, place);
}

#[test]
fn the_rhythm_of_candor_itself_is_no_promise_and_stands_in_no_ledger() {
    let w = World::with_report(in_force(Policy::default()));
    assert!(
        !w.case().clocks.is_empty(),
        "the team is reminded all the same"
    );
    assert_eq!(promise_ledger(&w.log), []);
}

#[test]
fn the_ledger_keeps_when_the_team_was_warned() {
    let mut w = World::with_report(full_policy());
    let due = w.clock("promise-6").due.unwrap();
    let mut warned = Vec::new();
    while w.now < due {
        w.now = next_wakeup(w.case(), &w.policy).unwrap();
        for r in w.try_do(Actor::System, &Command::Tick).unwrap() {
            if let Event::ClockWarned { clock, percent, .. } = &r.event
                && clock.0 == "promise-6"
            {
                warned.push((*percent, r.at));
            }
        }
    }
    assert_eq!(warned.iter().map(|(p, _)| *p).collect::<Vec<_>>(), [50, 80]);
    assert_eq!(entry(&w, "promise-6").warned, warned);
}

#[test]
fn what_ended_several_promises_at_once_is_named_for_each() {
    let mut w = World::accepted(full_policy());
    w.later(60);
    let place = w.log.last().unwrap().seq + 1;
    w.ok(ANN, reject(out_of_scope()));
    let mut over = 0;
    for key in ["promise-4", "promise-6"] {
        let PromiseState::Over { at, why } = entry(&w, key).state else {
            panic!("{key}: {:?}", entry(&w, key).state);
        };
        let why = why.unwrap();
        assert_eq!((at, why.event, why.by), (w.now, "rejected", ANN), "{key}");
        assert_eq!(why.seq, place, "{key}");
        over += 1;
    }
    assert_eq!(over, 2);
}

#[test]
fn what_is_done_in_the_last_second_is_kept_and_a_second_later_it_is_not() {
    for late in [0, 1, 2] {
        let mut w = World::with_report(full_policy());
        w.now = w.clock("promise-1").due.unwrap().plus_seconds(late);
        w.ok(ANN, acknowledge(false));
        match entry(&w, "promise-1").state {
            PromiseState::Met { .. } => assert_eq!(late, 0),
            PromiseState::MetLate { late_seconds, .. } => assert_eq!(late_seconds, late),
            other => panic!("{other:?}"),
        }
        assert_eq!(w.clock("promise-1").was_missed(), late > 0);
    }
}

#[test]
fn nothing_is_missed_in_the_second_in_which_it_falls_due() {
    for key in ["promise-1", "promise-3", "promise-6"] {
        let mut w = World::with_report(full_policy());
        if key == "promise-3" {
            w.ok(ANN, acknowledge(false));
        }
        w.now = w.clock(key).due.unwrap();
        w.tick();
        assert_eq!(w.clock(key).status, ClockStatus::Running, "{key}");
        assert!(!w.clock(key).was_missed(), "{key}");
        w.later(1).tick();
        assert!(w.clock(key).was_missed(), "{key}");
    }
}

#[test]
fn what_has_no_number_is_listed_once_and_the_credit_with_it() {
    let w = World::with_report(full_policy());
    let listed = |policy: &Policy| -> Vec<(String, Milestone)> {
        let all = plain_promises(w.case(), policy);
        all.into_iter().map(|p| (p.clause.0, p.milestone)).collect()
    };
    let mut policy = w.policy.policy.clone();
    let named = [("promise-7".to_owned(), Milestone::Credit)];
    assert_eq!(listed(&policy), named);
    let credit = Credit {
        with_consent: true,
        unless_anonymous: false,
        valid_only: false,
        hall_of_fame: None,
        more: Vec::new(),
    };
    policy.credit = Some(clause("credit-1", credit));
    assert_eq!(listed(&policy), named, "not said twice");
    policy.promises.pop();
    assert_eq!(
        listed(&policy),
        [("credit-1".to_owned(), Milestone::Credit)]
    );
}
