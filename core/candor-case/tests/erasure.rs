//! Which cases may be erased, by whom and when.
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

use std::collections::BTreeSet;

use candor_base::{AccountId, Refusal, RefusalCode};
use candor_case::*;
use common::*;

fn id(actor: Actor) -> AccountId {
    match actor {
        Actor::Team(id) => id,
        other => panic!("{other:?}"),
    }
}

fn close(reason: CloseReason) -> Command {
    Command::Close { reason, note: None }
}

fn withdrawn() -> World {
    let mut w = World::with_report(full_policy());
    w.ok(Actor::Reporter, Command::Withdraw { message: None });
    w.ok(ANN, close(CloseReason::Withdrawn));
    w
}

fn asked(w: &World) -> ErasureAsked {
    ErasureAsked {
        by: id(ANN),
        at: w.now,
        reason: ErasureReason::Request,
        seq: w.case().seq,
    }
}

fn may(w: &World, asked: &ErasureAsked, who: Actor) -> Result<(), Refusal> {
    may_erase(w.case(), &w.log, asked, id(who), w.now)
}

#[track_caller]
fn refused(result: Result<(), Refusal>, code: RefusalCode) {
    assert_eq!(result.unwrap_err().code, code);
}

#[test]
fn an_open_case_is_kept_and_a_closed_one_may_go() {
    let mut w = World::with_report(full_policy());
    refused(erasable(w.case()), RefusalCode::WrongStage);
    w.ok(Actor::Reporter, Command::Withdraw { message: None });
    refused(erasable(w.case()), RefusalCode::WrongStage);
    w.ok(ANN, close(CloseReason::Withdrawn));
    erasable(w.case()).unwrap();
    w.ok(
        ANN,
        Command::Reopen {
            reason: text(70, 40),
        },
    );
    refused(erasable(w.case()), RefusalCode::WrongStage);
}

#[test]
fn what_is_owed_to_a_regulator_keeps_a_closed_case() {
    let mut w = withdrawn();
    let about = Command::Regulator(RegulatorAct::NoteSignal {
        subject: candor_duty::Subject::Vulnerability,
        at: w.now,
        evidence: text(80, 60),
        regimes: BTreeSet::from(["eu-cra-vulnerability".parse().unwrap()]),
    });
    w.ok(ANN, about);
    assert!(w.case().regulators.open_dues().next().is_some());
    let refusal = erasable(w.case()).unwrap_err();
    assert!(refusal.message.contains("regulator"), "{refusal:?}");
}

#[test]
fn another_owner_at_once_the_same_one_after_three_days() {
    let mut w = withdrawn();
    let question = asked(&w);
    may(&w, &question, BEN).unwrap();
    refused(may(&w, &question, ANN), RefusalCode::SecondPersonNeeded);
    w.later(72 * 3_600 - 1);
    refused(may(&w, &question, ANN), RefusalCode::SecondPersonNeeded);
    w.later(1);
    may(&w, &question, ANN).unwrap();
}

#[test]
fn whatever_a_person_does_voids_the_question() {
    let mut w = withdrawn();
    let question = asked(&w);
    w.tick();
    may(&w, &question, BEN).unwrap();
    let say = Command::Say {
        lane: Lane::Reporter,
        kind: MessageKind::Plain,
        message: message(72),
    };
    w.ok(Actor::Reporter, say);
    refused(may(&w, &question, BEN), RefusalCode::Conflict);
    may(&w, &asked(&w), BEN).unwrap();
}
