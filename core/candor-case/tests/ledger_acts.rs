//! Which act kept a promise, and under which lane and kind each message is filed.
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

use candor_base::{CaseId, CaseRef};
use candor_case::*;
use candor_policy::model::*;
use common::*;

/// A policy that promises each of these within 30 days from receipt.
fn promising(milestones: &[Milestone]) -> World {
    let mut policy = full_policy();
    policy.policy.promises = milestones
        .iter()
        .zip(1_u32..)
        .map(|(milestone, n)| {
            let promise = clause(
                &format!("promise-{n}"),
                Promise {
                    milestone: *milestone,
                    alternatives: Vec::new(),
                    condition: None,
                    severity: None,
                    term: Term::Within {
                        amount: 30,
                        at_least: None,
                        unit: TermUnit::Days,
                    },
                    from: Origin::Receipt,
                    firmness: Firmness::Commit,
                },
            );
            // Two promises of one line would be one window.
            Clause {
                span: candor_base::Span::line(n),
                ..promise
            }
        })
        .collect();
    World::with_report(policy)
}

fn say(lane: Lane, kind: MessageKind) -> Command {
    Command::Say {
        lane,
        kind,
        message: message(90),
    }
}

/// The act by which this promise was kept: its name and its place in the log.
fn kept_by(w: &World, key: &str) -> Option<(&'static str, u64)> {
    let all = promise_ledger(&w.log);
    let entry = all.iter().find(|e| e.spec.key.0 == key).unwrap();
    match entry.state {
        PromiseState::Met { by } => by.map(|act| (act.event, act.seq)),
        _ => None,
    }
}

/// Acts of the same second that keep nothing.
fn busy(w: &mut World) {
    w.later(60);
    w.ok(
        ANN,
        Command::Assign {
            lead: candor_base::AccountId::from_bytes([w.log.len().to_le_bytes()[0]; 16]),
        },
    );
    w.ok(ANN, say(Lane::Team, MessageKind::Plain));
    w.ok(Actor::Reporter, say(Lane::Reporter, MessageKind::Plain));
}

/// Does it after other acts of the same second, and expects the promise to name it.
fn keeps(w: &mut World, key: &str, command: Command, event: &'static str) {
    busy(w);
    assert_eq!(kept_by(w, key), None, "{event}");
    w.ok(ANN, command);
    let place = w
        .log
        .iter()
        .rev()
        .find(|r| r.event.name() == event)
        .unwrap()
        .seq;
    assert_eq!(kept_by(w, key), Some((event, place)));
}

#[test]
fn the_ledger_names_the_act_that_kept_the_promise_and_no_other_of_that_second() {
    use Milestone::*;
    let first = || promising(&[Acknowledgement, Plan, Conversation]);
    keeps(
        &mut first(),
        "promise-1",
        acknowledge(false),
        "acknowledged",
    );
    keeps(&mut first(), "promise-1", ask(), "asked");
    keeps(
        &mut first(),
        "promise-1",
        reject(out_of_scope()),
        "rejected",
    );
    keeps(
        &mut first(),
        "promise-1",
        say(Lane::Reporter, MessageKind::Plain),
        "said",
    );
    keeps(
        &mut first(),
        "promise-1",
        assess(Some(Severity::Low)),
        "assessed",
    );
    keeps(&mut first(), "promise-2", acknowledge(true), "acknowledged");
    let mut w = first();
    w.ok(ANN, acknowledge(false));
    assert_eq!(
        (kept_by(&w, "promise-2"), kept_by(&w, "promise-3")),
        (None, None)
    );
    w.ok(ANN, say(Lane::Reporter, MessageKind::Plain));
    assert_eq!(kept_by(&w, "promise-3").unwrap().0, "said");
    keeps(
        &mut w,
        "promise-2",
        say(Lane::Reporter, MessageKind::Plan),
        "said",
    );

    let mut w = promising(&[Assessment, Response, Fix, Disclosure]);
    keeps(
        &mut w,
        "promise-1",
        assess(Some(Severity::Medium)),
        "assessed",
    );
    keeps(&mut w, "promise-2", accept(), "accepted");
    for status in [
        FixStatus::InDevelopment,
        FixStatus::Ready,
        FixStatus::Tested,
    ] {
        w.ok(ANN, Command::Fix(Box::new(row(status))));
    }
    keeps(
        &mut w,
        "promise-3",
        Command::Fix(Box::new(row(released()))),
        "fix_changed",
    );
    w.ok(ANN, Command::SaveDraft(draft(50)));
    let approve = Command::Approve {
        draft: text(50, 0).sha256,
    };
    w.ok(BEN, approve);
    w.ok(ANN, fact(AttackFact::Public));
    keeps(&mut w, "promise-4", publish(50), "published");

    let mut w = promising(&[Assessment]);
    keeps(&mut w, "promise-1", reject(out_of_scope()), "rejected");
    let mut w = promising(&[Assessment]);
    let received = w.now.plus_seconds(-1);
    let duplicate = Command::MarkDuplicate {
        of: CaseId::from_bytes([3; 16]),
        reference: CaseRef::new("TST", [5; 5]).unwrap(),
        original_received: received,
        message: message(22),
    };
    keeps(&mut w, "promise-1", duplicate, "marked_duplicate");
    let mut w = promising(&[Response]);
    keeps(
        &mut w,
        "promise-1",
        say(Lane::Reporter, MessageKind::Plan),
        "said",
    );
}

#[test]
fn a_promise_kept_before_it_began_names_the_act_of_that_time() {
    // The fix is out under one rating; another rating has its own promise.
    let mut w = World::accepted(full_policy());
    for status in [
        FixStatus::InDevelopment,
        FixStatus::Ready,
        FixStatus::Tested,
    ] {
        w.ok(ANN, Command::Fix(Box::new(row(status))));
    }
    w.later(3_600);
    w.ok(ANN, say(Lane::Team, MessageKind::Plain));
    w.ok(ANN, Command::Fix(Box::new(row(released()))));
    w.ok(ANN, say(Lane::Reporter, MessageKind::Plain));
    let out = w
        .log
        .iter()
        .rev()
        .find(|r| r.event.name() == "fix_changed")
        .unwrap();
    let (place, when) = (out.seq, out.at);
    w.later(3_600).ok(ANN, assess(Some(Severity::Medium)));
    assert_eq!(kept_by(&w, "promise-5"), Some(("fix_changed", place)));
    assert_eq!(w.clock("promise-5").status, ClockStatus::Met { at: when });
}

fn last(w: &World) -> (Lane, MessageKind, Actor) {
    let m = w.case().messages.last().unwrap();
    (m.lane, m.kind, m.from)
}

/// Does it and gives how its message was filed; every act here carries exactly one.
fn filed(w: &mut World, actor: Actor, command: Command) -> (Lane, MessageKind) {
    let before = w.case().messages.len();
    let name = command.name();
    w.ok(actor, command);
    assert_eq!(w.case().messages.len(), before + 1, "{name}");
    let (lane, kind, from) = last(w);
    assert_eq!(from, actor, "{name}");
    (lane, kind)
}

#[test]
fn every_message_is_filed_for_its_readers_as_what_it_is() {
    use MessageKind::*;
    let reporter = |kind| (Lane::Reporter, kind);
    let mut w = World::with_report(full_policy());
    assert_eq!(
        filed(&mut w, ANN, acknowledge(false)),
        reporter(Acknowledgement)
    );
    assert_eq!(filed(&mut w, ANN, ask()), reporter(Question));
    assert_eq!(filed(&mut w, Actor::Reporter, supply()), reporter(Plain));
    assert_eq!(
        w.case().waiting_on,
        WaitingOn::Team,
        "the answer ends the waiting"
    );
    assert_eq!(
        filed(&mut w, ANN, assess(Some(Severity::Critical))),
        reporter(Decision)
    );
    let mut turned_down = w.clone();
    assert_eq!(
        filed(&mut turned_down, ANN, reject(out_of_scope())),
        reporter(Decision)
    );
    let object = Command::Object {
        reason: message(20),
    };
    assert_eq!(
        filed(&mut turned_down, Actor::Reporter, object),
        reporter(Plain)
    );
    let decide = Command::DecideObjection {
        uphold: true,
        reason: message(21),
    };
    assert_eq!(filed(&mut turned_down, BEN, decide), reporter(Decision));
    let mut twice = w.clone();
    let duplicate = Command::MarkDuplicate {
        of: CaseId::from_bytes([3; 16]),
        reference: CaseRef::new("TST", [5; 5]).unwrap(),
        original_received: w.now.plus_seconds(-1),
        message: message(22),
    };
    assert_eq!(filed(&mut twice, ANN, duplicate), reporter(Decision));
    let mut aside = w.clone();
    let review = w.now.plus_seconds(86_400);
    let defer = Command::Aside(Aside::Defer {
        review,
        message: message(60),
    });
    assert_eq!(filed(&mut aside, ANN, defer), reporter(Decision));
    assert_eq!(filed(&mut w, ANN, accept()), reporter(Decision));
    let date = w.now.plus_seconds(30 * 86_400);
    let mut alone = w.clone();
    alone.ok(ANN, set_alone(date));
    assert_eq!(filed(&mut alone, BEN, confirm(date)), reporter(DateNotice));
    let mut theirs = w.clone();
    assert_eq!(
        filed(&mut theirs, Actor::Reporter, propose(date)),
        reporter(Plain)
    );
    assert_eq!(filed(&mut w, ANN, propose(date)), reporter(DateNotice));
    let leave = Command::Aside(Aside::LeaveEmbargo {
        message: message(81),
    });
    assert_eq!(filed(&mut theirs, Actor::Reporter, leave), reporter(Plain));
    let gone = Command::Withdraw {
        message: Some(message(92)),
    };
    assert_eq!(filed(&mut w, Actor::Reporter, gone), reporter(Plain));
    let note = say(Lane::Team, Plain);
    assert_eq!(filed(&mut w, ANN, note), (Lane::Team, Plain));
    let mut late = World::with_report(full_policy());
    late.later(4 * 86_400);
    let follow = Command::FollowUp {
        message: Some(message(93)),
    };
    assert_eq!(filed(&mut late, Actor::Reporter, follow), reporter(Plain));
    assert_eq!(filed(&mut late, ANN, acknowledge(true)), reporter(Plan));
}

#[test]
fn a_note_within_the_team_answers_nobody() {
    let mut w = World::with_report(full_policy());
    w.ok(ANN, say(Lane::Team, MessageKind::Plain));
    assert_eq!(w.case().acknowledged, None);
    w.ok(ANN, say(Lane::Reporter, MessageKind::Plain));
    assert_eq!(w.case().acknowledged, Some(w.now));
    assert_eq!(w.case().last_update, None);
    w.later(60).ok(ANN, status());
    assert_eq!(w.case().last_update, Some(w.now));
}

#[test]
fn an_event_out_of_its_place_changes_nothing() {
    let mut w = World::with_report(full_policy());
    w.ok(ANN, acknowledge(false));
    let whole = w.state.clone();
    for strange in w.log.clone() {
        assert_eq!(
            evolve(whole.clone(), &strange),
            whole,
            "told twice: {}",
            strange.seq
        );
        assert_eq!(evolve(None, &strange).is_some(), strange.seq == 1);
        let late = Recorded {
            seq: w.case().seq + 2,
            ..strange.clone()
        };
        assert_eq!(
            evolve(whole.clone(), &late),
            whole,
            "one is missing before it"
        );
        assert_eq!(evolve(None, &late), None);
    }
}

#[test]
fn each_new_planned_date_is_counted_as_one_move() {
    let mut w = World::accepted(full_policy());
    let moves = w.case().date_moves;
    w.ok(ANN, say(Lane::Team, MessageKind::Plain));
    assert_eq!(w.case().date_moves, moves);
    w.agreed_in(30 * 86_400);
    assert_eq!(w.case().date_moves, moves + 1);
}
