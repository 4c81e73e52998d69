//! The date is agreed with everybody who is bound by it (S3-15; EM-5, EM-6, EM-8), who
//! leaves is not waited for, and parties who say nothing are reminded.
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

use candor_base::{Digest, Instant, RefusalCode};
use candor_case::model::cs::VendorPath;
use candor_case::model::pec::Consent;
use candor_case::*;
use candor_policy::model::Policy;
use common::*;

const DAY: i64 = 86_400;
const FIRST: Actor = Actor::Party(1);
const SECOND: Actor = Actor::Party(2);
const REPORTER: Actor = Actor::Reporter;

fn code(n: u8) -> Digest {
    Digest::from_bytes([n; 32])
}

fn party(w: &mut World, kind: PartyKind, number: u32) {
    let n = u8::try_from(number).unwrap();
    let invitation = Invitation {
        kind,
        name: text(80, 9),
        contact: Some(text(81, 20)),
        terms: text(82, 400),
        code: code(n),
    };
    w.ok(ANN, Command::InviteParty(Box::new(invitation)));
    let enter = Command::EnterParty {
        number,
        used: code(n),
        code: code(100 + n),
    };
    w.ok(Actor::System, enter);
    w.ok(
        Actor::Party(number),
        Command::AnswerTerms { accepted: true },
    );
}

/// Bound for thirty days, with two vendors that took the terms.
fn world() -> World {
    let mut w = World::accepted(in_force(Policy::default()));
    w.ok(ANN, propose(w.now.plus_seconds(30 * DAY)));
    w.ok(REPORTER, take());
    party(&mut w, PartyKind::Vendor, 1);
    party(&mut w, PartyKind::Vendor, 2);
    w
}

fn take() -> Command {
    Command::AnswerDate(DateAnswer::Accept)
}

fn refuse() -> Command {
    Command::AnswerDate(DateAnswer::Decline { reason: None })
}

fn leave() -> Command {
    Command::Aside(Aside::LeaveEmbargo {
        message: message(91),
    })
}

fn end() -> Command {
    Command::Aside(Aside::EndEmbargo {
        reason: text(92, 40),
    })
}

fn link(number: u32, link: &str) -> Command {
    Command::Aside(Aside::LinkAdvisory {
        number,
        link: link.to_owned(),
    })
}

fn until(w: &World) -> Instant {
    w.case().embargo.until.unwrap()
}

fn consent(w: &World, number: u32) -> Consent {
    w.case().party(number).unwrap().consent
}

#[test]
fn a_date_holds_once_everybody_who_was_asked_took_it() {
    let mut w = world();
    let (old, new) = (until(&w), until(&w).plus_seconds(20 * DAY));
    w.ok(FIRST, propose(new));
    assert_eq!(
        w.case().answers_out(),
        [Side::Team, Side::Reporter, Side::Party(2)]
    );
    w.refused(FIRST, &take(), RefusalCode::NotAllowed);
    for (who, names) in [
        (ANN, ["date_taken"]),
        (REPORTER, ["date_taken"]),
        (SECOND, ["date_agreed"]),
    ] {
        assert_eq!(until(&w), old, "old terms hold meanwhile");
        assert_eq!(w.ok(who, take()), names);
        if who != SECOND {
            w.refused(who, &take(), RefusalCode::AlreadyDone);
        }
    }
    assert_eq!(until(&w), new);
    assert!(w.case().embargo.proposal.is_none());
    let both = [consent(&w, 1), consent(&w, 2)];
    assert_eq!(both, [Consent::Signatory; 2], "they took the new date");
    assert_eq!(replay(&w.log), w.state);
}

#[test]
fn one_refusal_keeps_the_shorter_term_and_another_date_asks_everybody_anew() {
    let mut w = world();
    let old = until(&w);
    w.ok(ANN, propose(old.plus_seconds(20 * DAY)));
    w.ok(REPORTER, take());
    w.ok(FIRST, refuse());
    assert_eq!(until(&w), old);
    assert_eq!(w.case().embargo.state, EmbargoState::Active);
    // A shorter one, by a party; the other names one between the two.
    w.ok(FIRST, propose(old.plus_seconds(-10 * DAY)));
    w.ok(REPORTER, take());
    let between = old.plus_seconds(-5 * DAY);
    let counter = Command::AnswerDate(DateAnswer::Counter {
        at: between,
        reason: Some(text(90, 9)),
    });
    w.ok(SECOND, counter);
    assert_eq!(
        w.case().answers_out(),
        [Side::Team, Side::Reporter, Side::Party(1)]
    );
    for who in [FIRST, REPORTER, ANN] {
        w.ok(who, take());
    }
    assert_eq!(until(&w), between);
}

#[test]
fn a_silent_party_holds_nobody_up_and_takes_the_terms_anew() {
    let mut w = world();
    let new = until(&w).plus_seconds(20 * DAY);
    w.ok(ANN, propose(new));
    w.ok(REPORTER, take());
    w.ok(FIRST, take());
    w.later(7 * DAY - 1).tick();
    assert!(w.case().embargo.proposal.is_some());
    w.later(1).tick();
    assert_eq!(until(&w), new);
    assert_eq!(
        [consent(&w, 1), consent(&w, 2)],
        [Consent::Signatory, Consent::Lapsed]
    );
    assert_eq!(
        w.log
            .iter()
            .filter(|r| r.event.name() == "answers_due")
            .count(),
        1
    );
    w.refused(
        SECOND,
        &propose(new.plus_seconds(-DAY)),
        RefusalCode::NotAllowed,
    );
}

#[test]
fn silence_of_team_or_reporter_is_a_refusal() {
    for (by, takes) in [(ANN, FIRST), (FIRST, ANN), (FIRST, REPORTER)] {
        let mut w = world();
        let old = until(&w);
        w.ok(by, propose(old.plus_seconds(20 * DAY)));
        w.ok(takes, take());
        w.later(7 * DAY).tick();
        assert_eq!(until(&w), old, "{by:?} {takes:?}");
        assert_eq!(w.case().embargo.state, EmbargoState::Active);
    }
}

#[test]
fn answers_that_were_due_before_the_old_day_count_after_a_long_downtime() {
    let mut w = world();
    let (old, new) = (until(&w), until(&w).plus_seconds(20 * DAY));
    w.ok(ANN, propose(new));
    w.ok(REPORTER, take());
    w.now = old.plus_seconds(DAY);
    w.tick();
    assert_eq!(until(&w), new);
    assert!(w.case().embargo.state.is_in_force());
    let mut slept = world();
    slept.ok(ANN, propose(new));
    slept.ok(REPORTER, take());
    slept.now = new.plus_seconds(DAY);
    slept.tick();
    assert_eq!(slept.case().embargo.state, EmbargoState::Exited);
    assert_eq!(slept.case().reporter_free_from, Some(new));
}

#[test]
fn distributors_and_who_has_not_taken_the_terms_are_not_asked() {
    let mut w = world();
    party(&mut w, PartyKind::Distributor, 3);
    w.ok(ANN, propose(until(&w).plus_seconds(-DAY)));
    let asked = &w.case().embargo.proposal.as_ref().unwrap().asked;
    assert_eq!(asked.iter().copied().collect::<Vec<_>>(), [1, 2]);
    w.refused(Actor::Party(3), &take(), RefusalCode::NotAllowed);
    w.refused(
        Actor::Party(3),
        &propose(w.now.plus_seconds(DAY)),
        RefusalCode::NotAllowed,
    );
    // Whoever is left out meanwhile is not waited for.
    w.ok(
        ANN,
        Command::RemoveParty {
            number: 2,
            reason: text(84, 20),
        },
    );
    w.ok(REPORTER, take());
    assert_eq!(w.ok(FIRST, take()), ["date_agreed"]);
}

#[test]
fn a_reporter_leaves_the_embargo_and_the_case_stays_open() {
    let mut w = world();
    assert_eq!(w.case().reporter_consent(), Consent::Signatory);
    w.ok(REPORTER, propose(until(&w).plus_seconds(DAY)));
    let names = w.ok(REPORTER, leave());
    assert_eq!(names, ["date_declined", "reporter_left"]);
    assert_eq!(w.case().reporter_consent(), Consent::Declined);
    assert!(w.case().embargo.state.is_in_force(), "EM-8");
    assert!(w.case().closed.is_none() && w.case().withdrawn.is_none());
    assert!(
        w.case().reporter_free_from.is_none(),
        "no statement is made"
    );
    w.refused(REPORTER, &leave(), RefusalCode::AlreadyDone);
    // The others agree on dates without the reporter.
    let earlier = until(&w).plus_seconds(-2 * DAY);
    w.refused(REPORTER, &propose(earlier), RefusalCode::NotAllowed);
    w.ok(ANN, propose(earlier));
    assert_eq!(w.case().answers_out(), [Side::Party(1), Side::Party(2)]);
    w.ok(FIRST, take());
    w.ok(SECOND, take());
    assert_eq!(until(&w), earlier);
    // What all write to each other is not for the reporter any more.
    let said = |who, n| {
        let command = Command::Say {
            lane: Lane::Everyone,
            kind: MessageKind::Plain,
            message: message(n),
        };
        (who, command)
    };
    w.later(1);
    let (who, command) = said(FIRST, 93);
    w.ok(who, command);
    let last = w.case().messages.last().unwrap();
    assert!(!w.case().reporter_reads(last));
    let before = w.case().messages.first().unwrap();
    assert!(w.case().reporter_reads(before));
    w.ok(ANN, end());
    assert_eq!(w.case().embargo.state, EmbargoState::Exited);
    assert_eq!(w.case().reporter_free_from, Some(w.now));
    let last = w.case().messages.last().unwrap();
    assert!(w.case().reporter_reads(last), "nothing is kept any more");
    assert_eq!(replay(&w.log), w.state);
}

#[test]
fn a_reporter_who_takes_a_new_date_is_bound_again() {
    let mut w = world();
    w.ok(REPORTER, leave());
    w.ok(ANN, propose(until(&w).plus_seconds(-DAY)));
    assert_eq!(w.ok(REPORTER, take()), ["reporter_joined", "date_taken"]);
    assert_eq!(w.case().reporter_consent(), Consent::Signatory);
}

#[test]
fn a_party_leaves_and_the_embargo_ends_early_only_where_it_may() {
    let mut w = world();
    w.refused(ANN, &end(), RefusalCode::WrongStage);
    w.refused(ANN, &leave(), RefusalCode::NotAllowed);
    w.refused(FIRST, &end(), RefusalCode::NotAllowed);
    assert_eq!(w.ok(FIRST, leave()), ["party_removed"]);
    assert_eq!(w.case().party_sees(1), PartySees::Nothing);
    assert!(w.case().embargo.state.is_in_force());
    let ready = |fix| Command::PartyStatus {
        number: 2,
        status: PartyStatus::Affected,
        fix,
    };
    w.ok(SECOND, ready(VendorPath::Aware));
    for status in [FixStatus::InDevelopment, FixStatus::Ready] {
        w.ok(ANN, Command::Fix(Box::new(row(status))));
    }
    w.refused(ANN, &end(), RefusalCode::WrongStage);
    w.ok(SECOND, ready(VendorPath::FixReady));
    w.ok(ANN, end());
    assert_eq!(consent(&w, 2), Consent::NoEmbargo);
}

#[test]
fn a_party_that_does_not_answer_the_terms_is_reminded_three_times() {
    let mut w = World::accepted(in_force(Policy::default()));
    w.ok(ANN, propose(w.now.plus_seconds(90 * DAY)));
    w.ok(REPORTER, take());
    party(&mut w, PartyKind::Vendor, 1);
    let invitation = Invitation {
        kind: PartyKind::Vendor,
        name: text(85, 9),
        contact: None,
        terms: text(82, 400),
        code: code(50),
    };
    w.ok(ANN, Command::InviteParty(Box::new(invitation)));
    let from = w.now;
    let reminded = |w: &World| w.case().party(2).unwrap().reminders;
    for (days, so_far) in [(6, 0), (7, 1), (14, 2), (29, 2), (30, 3), (60, 3)] {
        w.now = from.plus_seconds(days * DAY);
        w.tick();
        assert_eq!(reminded(&w), so_far, "day {days}");
    }
    assert_eq!(w.case().party(1).unwrap().reminders, 0, "it answered");
    w.ok(SECOND, Command::AnswerTerms { accepted: true });
    let next = next_wakeup(w.case(), &w.policy);
    assert!(next.is_none_or(|at| at > w.now));
}

#[test]
fn a_party_links_its_own_advisory_once_the_matter_is_public() {
    let mut w = world();
    let place = "https://distributor.example/advisories/7";
    w.refused(FIRST, &link(1, place), RefusalCode::WrongStage);
    w.ok(ANN, fact(AttackFact::Public));
    w.ok(ANN, Command::SaveDraft(draft(50)));
    w.ok(
        ANN,
        Command::Approve {
            draft: draft(50).text.sha256,
        },
    );
    w.later(DAY);
    w.ok(BEN, publish(50));
    for bad in [
        "http://distributor.example/7",
        "https://a b",
        "",
        "javascript:1",
    ] {
        w.refused(FIRST, &link(1, bad), RefusalCode::FieldInvalid);
    }
    w.ok(FIRST, link(2, place));
    assert_eq!(w.case().party(2).unwrap().advisory, None, "each its own");
    w.ok(ANN, link(2, "https://other.example/1"));
    w.refused(FIRST, &link(1, place), RefusalCode::AlreadyDone);
    let all: Vec<&str> = w.case().advisories_of_others().collect();
    assert_eq!(all, [place, "https://other.example/1"]);
}
