//! Credit: asked, reminded twice, then unnamed; others only with consent (CR-1, CR-2).
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

use candor_base::RefusalCode;
use candor_case::*;
use candor_policy::model::Policy;
use common::*;

const WEEK: i64 = 7 * 86_400;

fn choose(wish: CreditWish, kind: CreditKind) -> Command {
    Command::ChooseCredit { wish, kind }
}

fn lin(consent: u32) -> OtherCredit {
    OtherCredit {
        name: text(60, 3),
        kind: CreditKind::RemediationDeveloper,
        consent: text(61, consent),
    }
}

/// Everything is ready to publish and nothing presses: no embargo, no fact.
fn nothing_presses() -> World {
    let mut w = World::approved(in_force(Policy::default()));
    w.ok(ANN, propose(w.now.plus_seconds(WEEK)));
    w.ok(
        Actor::Reporter,
        Command::AnswerDate(DateAnswer::Decline { reason: None }),
    );
    assert_eq!(w.case().embargo.state, EmbargoState::None);
    w
}

#[test]
fn the_question_is_asked_again_twice_and_then_nobody_is_named() {
    let mut w = nothing_presses();
    w.refused(BEN, &publish(50), RefusalCode::ReporterNotAsked);
    let mut seen = Vec::new();
    let start = w.case().accepted.unwrap();
    for _ in 0..3 {
        let next = w.case().credit_question.asked.unwrap().plus_seconds(WEEK);
        w.now = next;
        for name in w.tick() {
            if name.starts_with("credit") {
                seen.push((name, w.now.seconds_since(start) / WEEK));
            }
        }
        if seen.len() < 3 {
            w.refused(BEN, &publish(50), RefusalCode::ReporterNotAsked);
        }
    }
    let wanted = [
        ("credit_reminded", 1),
        ("credit_reminded", 2),
        ("credit_given_up", 3),
    ];
    assert_eq!(seen, wanted);
    let mut published = w.clone();
    published.ok(BEN, publish(50));
    assert_eq!(published.case().credit, CreditWish::NotAnswered);
    // An answer that comes after all still counts, and needs another look.
    w.ok(
        Actor::Reporter,
        choose(CreditWish::Named(text(62, 4)), CreditKind::Finder),
    );
    assert_eq!(w.case().credit_kind, CreditKind::Finder);
    w.refused(BEN, &publish(50), RefusalCode::AdvisoryChanged);
}

#[test]
fn after_a_long_silence_each_reminder_still_counts_from_the_one_before() {
    let mut w = nothing_presses();
    w.later(50 * WEEK).tick();
    assert_eq!(w.case().credit_question.reminders, 1);
    assert!(w.decide(Actor::System, &Command::Tick).unwrap().is_empty());
    w.later(WEEK).tick();
    w.later(WEEK).tick();
    assert!(w.case().credit_question.given_up);
}

#[test]
fn reminders_go_to_a_reporter_with_an_address_and_stop_with_an_answer() {
    let mut w = nothing_presses();
    w.later(WEEK).tick();
    let last = w
        .log
        .iter()
        .rfind(|r| matches!(r.event, Event::CreditReminded { .. }))
        .unwrap();
    let mail = Effect::Mail {
        to: Recipient::Reporter,
        mail: MailKind::CreditReminder { number: 1 },
    };
    assert_eq!(react(w.case(), last), [mail]);
    w.ok(
        Actor::Reporter,
        choose(CreditWish::Anonymous, CreditKind::Reporter),
    );
    w.later(20 * WEEK).tick();
    assert_eq!(w.case().credit_question.reminders, 1);
}

#[test]
fn a_deadline_waits_for_no_answer_and_names_nobody() {
    let mut w = World::approved(full_policy());
    w.agreed_in(60);
    w.later(60);
    w.ok(BEN, publish(50));
    assert_eq!(w.case().credit, CreditWish::NotAnswered);
}

#[test]
fn others_are_thanked_only_with_consent_and_each_change_needs_another_look() {
    let mut w = World::approved(full_policy());
    w.refused(ANN, &Command::AddCredit(lin(0)), RefusalCode::FieldMissing);
    w.ok(ANN, Command::AddCredit(lin(30)));
    w.refused(ANN, &Command::AddCredit(lin(30)), RefusalCode::AlreadyDone);
    assert!(
        w.case().advisory.approvals.is_empty(),
        "who approved has not seen the name"
    );
    w.agreed_in(60);
    w.later(60);
    w.refused(BEN, &publish(50), RefusalCode::AdvisoryChanged);
    let remove = Command::RemoveCredit {
        name: text(60, 3).sha256,
        kind: CreditKind::RemediationDeveloper,
    };
    w.refused(Actor::Reporter, &remove, RefusalCode::NotAllowed);
    w.ok(ANN, remove.clone());
    assert!(w.case().credits.is_empty());
    w.refused(ANN, &remove, RefusalCode::WrongStage);
}
