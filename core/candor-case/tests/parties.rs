//! Other parties: terms before content, notices on their day, leaks (EM-8, EM-9, 5.2).
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

use candor_base::{Digest, RefusalCode};
use candor_case::model::cs::VendorPath;
use candor_case::model::pec::Consent;
use candor_case::*;
use candor_policy::model::Policy;
use common::*;

const DAY: i64 = 86_400;
const FIRST: Actor = Actor::Party(1);

fn code(n: u8) -> Digest {
    Digest::from_bytes([n; 32])
}

fn invite(kind: PartyKind, n: u8) -> Command {
    Command::InviteParty(Box::new(Invitation {
        kind,
        name: text(80, 9),
        contact: Some(text(81, 20)),
        terms: text(82, 400),
        code: code(n),
    }))
}

fn enter(used: u8, next: u8) -> Command {
    Command::EnterParty {
        number: 1,
        used: code(used),
        code: code(next),
    }
}

fn answer(accepted: bool) -> Command {
    Command::AnswerTerms { accepted }
}

fn notify() -> Command {
    Command::NotifyParty { number: 1 }
}

fn leak() -> Command {
    Command::RecordLeak {
        party: Some(1),
        what: text(83, 60),
    }
}

/// Accepted, with an embargo of so many days that the reporter agreed to.
fn bound_for(days: i64) -> World {
    let mut w = World::accepted(in_force(Policy::default()));
    w.ok(ANN, propose(w.now.plus_seconds(days * DAY)));
    w.ok(Actor::Reporter, Command::AnswerDate(DateAnswer::Accept));
    w
}

/// The same with one party that came and took the terms.
fn with_party(kind: PartyKind, days: i64) -> World {
    let mut w = bound_for(days);
    w.ok(ANN, invite(kind, 1));
    w.ok(Actor::System, enter(1, 2));
    w.ok(FIRST, answer(true));
    w
}

fn consent(w: &World) -> Consent {
    w.case().party(1).unwrap().consent
}

#[test]
fn nobody_sees_content_before_the_terms_are_taken() {
    let mut w = bound_for(30);
    assert_eq!(w.case().party_sees(1), PartySees::Nothing);
    w.ok(ANN, invite(PartyKind::Vendor, 1));
    let said = Command::Say {
        lane: Lane::Everyone,
        kind: MessageKind::Plain,
        message: message(90),
    };
    w.ok(Actor::System, enter(1, 2));
    assert_eq!(w.case().party_sees(1), PartySees::Terms);
    w.refused(FIRST, &said, RefusalCode::NotAllowed);
    let status = Command::PartyStatus {
        number: 1,
        status: PartyStatus::Affected,
        fix: VendorPath::Aware,
    };
    w.refused(FIRST, &status, RefusalCode::WrongStage);
    w.ok(FIRST, answer(true));
    assert_eq!(w.case().party_sees(1), PartySees::Content);
    w.refused(FIRST, &answer(true), RefusalCode::AlreadyDone);
    w.ok(FIRST, said);
    w.ok(FIRST, status);
    let party = w.case().party(1).unwrap();
    assert_eq!(
        party.report,
        ReportState::Accepted,
        "its own report machine"
    );
    assert_eq!(party.vendor, VendorPath::Aware);
    assert_eq!(w.case().party_sees(2), PartySees::Nothing);
}

#[test]
fn an_invitation_opens_once_and_a_lost_one_is_renewed() {
    let mut w = bound_for(30);
    w.ok(ANN, invite(PartyKind::Vendor, 1));
    w.refused(ANN, &invite(PartyKind::Vendor, 1), RefusalCode::AlreadyDone);
    w.refused(Actor::System, &enter(7, 2), RefusalCode::AlreadyDone);
    w.ok(Actor::System, enter(1, 2));
    w.refused(Actor::System, &enter(1, 3), RefusalCode::AlreadyDone);
    w.refused(Actor::System, &enter(2, 3), RefusalCode::AlreadyDone);
    let renew = Command::RenewInvitation {
        number: 1,
        code: code(4),
    };
    w.refused(FIRST, &renew, RefusalCode::NotAllowed);
    w.ok(ANN, renew);
    w.refused(Actor::System, &enter(2, 5), RefusalCode::AlreadyDone);
    w.ok(Actor::System, enter(4, 5));
}

#[test]
fn declining_or_leaving_ends_no_embargo_and_a_later_date_asks_again() {
    let mut w = with_party(PartyKind::Vendor, 30);
    let until = w.case().embargo.until.unwrap();
    // Earlier binds nobody longer; later does.
    w.alone(until.plus_seconds(-5 * DAY));
    assert_eq!(consent(&w), Consent::Signatory);
    w.ok(ANN, propose(until.plus_seconds(20 * DAY)));
    assert_eq!(
        consent(&w),
        Consent::Signatory,
        "the old terms hold meanwhile"
    );
    w.ok(Actor::Reporter, Command::AnswerDate(DateAnswer::Accept));
    assert_eq!(consent(&w), Consent::Signatory, "the party is asked, too");
    w.later(7 * DAY).tick();
    assert_eq!(consent(&w), Consent::Lapsed, "silence holds nobody up");
    assert_eq!(w.case().party_sees(1), PartySees::Terms);
    w.ok(FIRST, answer(false));
    assert_eq!(consent(&w), Consent::Declined);
    assert!(w.case().embargo.state.is_in_force(), "EM-8");
    w.ok(
        ANN,
        Command::RemoveParty {
            number: 1,
            reason: text(84, 20),
        },
    );
    assert!(w.case().embargo.state.is_in_force(), "EM-8");
    assert_eq!(w.case().party_sees(1), PartySees::Nothing);
    w.refused(FIRST, &answer(true), RefusalCode::WrongStage);
}

#[test]
fn the_end_of_the_embargo_frees_everybody_and_opens_nothing_early() {
    let mut w = with_party(PartyKind::Vendor, 30);
    w.ok(ANN, invite(PartyKind::Vendor, 9));
    w.later(30 * DAY).tick();
    assert_eq!(w.case().embargo.state, EmbargoState::Exited);
    assert_eq!(consent(&w), Consent::NoEmbargo);
    assert_eq!(
        w.case().party_sees(2),
        PartySees::Terms,
        "nothing is public yet"
    );
    w.ok(ANN, fact(AttackFact::Public));
    assert_eq!(w.case().party_sees(2), PartySees::Content);
    let unaware = w.case().party(2).unwrap();
    assert_eq!(
        unaware.vendor,
        VendorPath::Aware,
        "the public told this vendor"
    );
    w.refused(
        ANN,
        &invite(PartyKind::Vendor, 8),
        RefusalCode::EmbargoImpossible,
    );
}

#[test]
fn a_distributor_is_told_within_fourteen_days_with_an_advisory_and_terms_taken() {
    let mut w = with_party(PartyKind::Distributor, 30);
    assert_eq!(
        w.case().party_sees(1),
        PartySees::Terms,
        "not before its notice"
    );
    w.refused(ANN, &notify(), RefusalCode::AdvisoryIncomplete);
    w.ok(ANN, Command::SaveDraft(draft(50)));
    w.refused(ANN, &notify(), RefusalCode::TooEarly);
    let until = w.case().embargo.until.unwrap();
    let mut early = w.clone();
    early.now = until.plus_seconds(-14 * DAY - 1);
    early.refused(ANN, &notify(), RefusalCode::TooEarly);
    w.now = until.plus_seconds(-14 * DAY);
    w.ok(ANN, notify());
    assert_eq!(w.case().party_sees(1), PartySees::Content);
    w.refused(ANN, &notify(), RefusalCode::AlreadyDone);
    // The list keeps it fourteen days and not a second longer.
    w.refused(
        ANN,
        &propose(until.plus_seconds(1)),
        RefusalCode::FieldInvalid,
    );
    w.alone(until.plus_seconds(-DAY));
    let mut without = with_party(PartyKind::Distributor, 10);
    without.ok(ANN, Command::SaveDraft(draft(50)));
    let later = without.case().embargo.until.unwrap().plus_seconds(DAY);
    without.ok(ANN, propose(later));
    without.ok(Actor::Reporter, Command::AnswerDate(DateAnswer::Accept));
    without.refused(ANN, &notify(), RefusalCode::WrongStage);
}

#[test]
fn a_second_leak_leaves_a_party_out() {
    let mut w = with_party(PartyKind::Vendor, 30);
    w.ok(FIRST, leak());
    assert_eq!(w.case().party(1).unwrap().leaks, 1);
    assert_eq!(w.case().party_sees(1), PartySees::Content);
    let names = w.ok(ANN, leak());
    assert_eq!(names, ["leak_recorded", "party_removed"]);
    assert_eq!(w.case().party_sees(1), PartySees::Nothing);
    assert_eq!(w.case().leaks, 2);
}

#[test]
fn each_party_speaks_for_itself_and_a_ready_fix_is_not_taken_back() {
    let mut w = with_party(PartyKind::Vendor, 30);
    let say = |number, status, fix| Command::PartyStatus {
        number,
        status,
        fix,
    };
    w.ok(ANN, invite(PartyKind::Vendor, 9));
    let other = say(2, PartyStatus::NotAffected, VendorPath::Aware);
    w.refused(FIRST, &other, RefusalCode::NotAllowed);
    let odd = say(1, PartyStatus::NotAffected, VendorPath::FixReady);
    w.refused(FIRST, &odd, RefusalCode::FieldInvalid);
    w.ok(FIRST, say(1, PartyStatus::Affected, VendorPath::FixReady));
    let back = say(1, PartyStatus::Affected, VendorPath::Aware);
    w.refused(FIRST, &back, RefusalCode::FieldInvalid);
    w.ok(ANN, say(1, PartyStatus::Affected, VendorPath::FixDeployed));
    let whole = w.case().parties.iter().map(|p| p.vendor);
    assert_eq!(
        whole.collect::<Vec<_>>(),
        [VendorPath::FixDeployed, VendorPath::Unaware]
    );
}

#[test]
fn a_party_speaks_of_dates_and_decides_nothing_else() {
    let w = with_party(PartyKind::Coordinator, 30);
    let may = allowed(w.case(), &w.context(FIRST));
    let own = [
        "say",
        "propose_date",
        "answer_terms",
        "party_status",
        "record_leak",
        "leave_embargo",
    ];
    assert_eq!(may, own);
    w.refused(FIRST, &publish(50), RefusalCode::NotAllowed);
    w.refused(
        FIRST,
        &set_alone(w.now.plus_seconds(DAY)),
        RefusalCode::NotAllowed,
    );
}

#[test]
fn parties_are_invited_only_to_an_accepted_case_under_an_embargo() {
    let mut w = World::with_report(full_policy());
    w.refused(ANN, &invite(PartyKind::Vendor, 1), RefusalCode::WrongStage);
    w = World::accepted(in_force(Policy::default()));
    w.refused(
        ANN,
        &invite(PartyKind::Vendor, 1),
        RefusalCode::EmbargoImpossible,
    );
    assert_eq!(replay(&w.log), w.state);
}
