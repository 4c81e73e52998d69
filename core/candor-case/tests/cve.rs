//! CVE ids of a case: from the request to the record, and what each step may not do.
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

use candor_base::{CveId, RefusalCode};
use candor_case::*;
use common::*;

const FIRST: &str = "CVE-1900-0001";

fn id(name: &str) -> CveId {
    name.parse().unwrap()
}

fn cve(act: CveAct) -> Command {
    Command::Cve(act)
}

fn request(moment: &str) -> Command {
    cve(CveAct::Request {
        from: text(90, 5),
        at: at(moment),
    })
}

fn reserve() -> Command {
    cve(CveAct::Reserve { id: id(FIRST) })
}

fn assign() -> Command {
    cve(CveAct::Assign { id: id(FIRST) })
}

fn public(moment: &str) -> Command {
    cve(CveAct::Publish {
        id: id(FIRST),
        at: at(moment),
    })
}

fn reject() -> Command {
    cve(CveAct::Reject {
        id: id(FIRST),
        reason: text(91, 30),
    })
}

fn naming(n: u8) -> AdvisoryDraftRef {
    AdvisoryDraftRef {
        has_cve: true,
        cve: Some(id(FIRST)),
        ..draft(n)
    }
}

fn approve(n: u8) -> Command {
    Command::Approve {
        draft: text(n, 0).sha256,
    }
}

/// A policy without dates, so that only CVE ids have times.
fn quiet() -> candor_policy::PolicyInForce {
    let mut policy = full_policy();
    policy.policy.promises.clear();
    policy.policy.disclosure.clear();
    policy.policy.outlets.clear();
    policy
}

/// Everything up to a draft that names the id and that Ann approved; credit is answered.
fn approved() -> World {
    let mut w = World::accepted(quiet());
    w.fix_to_release();
    w.ok(
        Actor::Reporter,
        Command::ChooseCredit {
            wish: CreditWish::Anonymous,
            kind: CreditKind::Reporter,
        },
    );
    w.ok(ANN, Command::SaveDraft(naming(60)));
    w.ok(ANN, approve(60));
    w
}

/// The same, published by Ben.
fn published(moment: &str) -> World {
    let mut w = approved();
    publish(&mut w, 60, moment);
    w
}

/// Published by Ben on the day that the reporter agreed to.
fn publish(w: &mut World, n: u8, moment: &str) {
    w.now = at(moment).plus_seconds(-3_600);
    w.ok(ANN, propose(at(moment)));
    w.ok(Actor::Reporter, Command::AnswerDate(DateAnswer::Accept));
    w.go(moment);
    w.ok(
        BEN,
        Command::Publish {
            draft: text(n, 0).sha256,
        },
    );
}

fn entry(w: &World) -> &CveEntry {
    &w.case().cve.ids[&id(FIRST)]
}

fn mails(w: &World, name: &str) -> Vec<Effect> {
    let found = w.log.iter().rfind(|r| r.event.name() == name).unwrap();
    react(w.case(), found)
}

#[test]
fn an_id_is_asked_for_reserved_assigned_and_published() {
    let mut w = approved_without_id();
    assert_eq!(
        w.ok(ANN, request("2026-06-01T08:00:00Z")),
        ["cve_requested"]
    );
    assert!(w.case().cve.open_requests().next().is_some());
    assert_eq!(w.ok(ANN, reserve()), ["cve_reserved"]);
    assert!(w.case().cve.open_requests().next().is_none(), "answered");
    assert!(mails(&w, "cve_reserved").is_empty());
    assert_eq!(w.ok(ANN, assign()), ["cve_assigned"]);
    let to_reporter = Effect::Mail {
        to: Recipient::Reporter,
        mail: MailKind::YouHaveAMessage,
    };
    assert_eq!(mails(&w, "cve_assigned"), [to_reporter]);

    // Not before the advisory, whatever moment is given.
    w.refused(
        ANN,
        &public("2026-06-01T08:00:00Z"),
        RefusalCode::WrongStage,
    );
    publish(&mut w, 50, "2026-06-10T08:00:00Z");
    w.refused(
        ANN,
        &public("2026-06-10T07:59:59Z"),
        RefusalCode::FieldInvalid,
    );
    w.refused(
        ANN,
        &public("2026-06-10T08:00:01Z"),
        RefusalCode::FieldInvalid,
    );
    assert_eq!(w.ok(ANN, public("2026-06-10T08:00:00Z")), ["cve_published"]);
    w.refused(
        ANN,
        &public("2026-06-10T08:00:00Z"),
        RefusalCode::AlreadyDone,
    );
    assert_eq!(replay(&w.log).as_ref(), w.state.as_ref());
}

/// A draft without an id, approved, with the credit answered: the advisory waits for none.
fn approved_without_id() -> World {
    let mut w = World::approved(quiet());
    w.ok(
        Actor::Reporter,
        Command::ChooseCredit {
            wish: CreditWish::Anonymous,
            kind: CreditKind::Reporter,
        },
    );
    w.ok(ANN, approve_again());
    w
}

fn approve_again() -> Command {
    approve(50)
}

#[test]
fn an_advisory_never_waits_for_an_id() {
    let mut w = approved_without_id();
    w.ok(ANN, request("2026-06-01T08:00:00Z"));
    publish(&mut w, 50, "2026-06-10T08:00:00Z");
    assert!(w.case().advisory.published.is_some());
}

#[test]
fn an_id_stands_in_a_case_once_and_is_not_used_after_it_was_rejected() {
    let mut w = World::accepted(quiet());
    w.refused(ANN, &reject(), RefusalCode::NotFound);
    w.refused(ANN, &public("2026-06-01T08:00:00Z"), RefusalCode::NotFound);
    w.ok(ANN, reserve());
    w.refused(ANN, &reserve(), RefusalCode::AlreadyDone);
    w.ok(ANN, assign());
    w.refused(ANN, &assign(), RefusalCode::AlreadyDone);
    w.refused(ANN, &reserve(), RefusalCode::AlreadyDone);
    let wordless = cve(CveAct::Reject {
        id: id(FIRST),
        reason: text(91, 0),
    });
    w.refused(ANN, &wordless, RefusalCode::FieldMissing);
    w.ok(ANN, reject());
    for act in [reserve(), assign(), reject()] {
        w.refused(ANN, &act, RefusalCode::AlreadyDone);
    }
    assert_eq!(entry(&w).stage, CveStage::Rejected);
    assert!("CVE-1900-1".parse::<CveId>().is_err());
}

#[test]
fn an_id_in_an_approved_draft_is_in_the_ledger_by_itself() {
    let w = approved();
    let names: Vec<&str> = w.log.iter().rev().map(|r| r.event.name()).collect();
    assert!(names.contains(&"cve_assigned"));
    assert_eq!(entry(&w).stage, CveStage::Assigned);

    // Approved by the second person, too: it is assigned once.
    let mut w = approved();
    assert!(!w.ok(BEN, approve(60)).contains(&"cve_assigned"));
}

#[test]
fn a_draft_and_the_ledger_do_not_contradict_each_other() {
    let mut w = approved();
    w.ok(ANN, reject());
    let publish = Command::Publish {
        draft: text(60, 0).sha256,
    };
    w.refused(BEN, &publish, RefusalCode::AdvisoryIncomplete);
    w.refused(BEN, &approve(60), RefusalCode::AdvisoryIncomplete);
    w.ok(ANN, Command::SaveDraft(draft(61)));
    w.ok(ANN, approve(61));
}

#[test]
fn a_case_does_not_end_while_an_id_or_a_request_is_open() {
    let mut w = published("2026-06-10T08:00:00Z");
    let close = Command::Close {
        reason: CloseReason::Disclosed,
        note: None,
    };
    w.refused(ANN, &close, RefusalCode::EvidenceMissing);
    w.ok(ANN, public("2026-06-10T08:00:00Z"));
    w.ok(ANN, request("2026-06-10T08:00:00Z"));
    w.refused(ANN, &close, RefusalCode::EvidenceMissing);
    let none = cve(CveAct::NotNeeded {
        reason: text(92, 20),
    });
    w.refused(ANN, &none, RefusalCode::FieldInvalid);
    w.ok(
        ANN,
        cve(CveAct::EndRequests {
            reason: text(92, 20),
        }),
    );
    w.ok(ANN, close.clone());
    assert!(w.case().closed.is_some());

    let mut w = published("2026-06-10T08:00:00Z");
    w.ok(ANN, reject());
    w.ok(ANN, none);
    assert!(w.case().cve.not_needed.is_some());
    w.ok(ANN, close);
}

#[test]
fn a_record_should_be_public_after_24_hours_and_must_after_72() {
    let mut w = published("2026-11-20T17:00:00Z");
    let dues = w.case().cve_dues(entry(&w)).unwrap();
    // E23 and E24.
    assert_eq!(
        dues,
        (at("2026-11-21T17:00:00Z"), at("2026-11-23T17:00:00Z"))
    );
    w.go("2026-11-21T17:00:00Z");
    assert!(w.tick().is_empty(), "due itself is in time");
    assert_eq!(
        next_wakeup(w.case(), &w.policy),
        Some(at("2026-11-21T17:00:01Z"))
    );
    w.go("2026-11-21T17:00:01Z");
    assert_eq!(w.tick(), ["cve_record_late"]);
    let due = Effect::Mail {
        to: Recipient::Team,
        mail: MailKind::Attention {
            at: Attention::CveDue,
        },
    };
    assert_eq!(mails(&w, "cve_record_late"), [due]);
    assert!(w.tick().is_empty());
    w.go("2026-11-23T17:00:01Z");
    assert_eq!(w.tick(), ["cve_record_late"]);
    assert_eq!(entry(&w).late, 72);
    assert!(w.tick().is_empty());
    assert!(
        w.case().clocks.values().all(|c| !c.spec.is_promise()),
        "no promise of the policy"
    );
    w.ok(ANN, public("2026-11-23T16:00:00Z"));
    assert_eq!(next_wakeup(w.case(), &w.policy), None);

    // After a long silence there is one word, the last.
    let mut w = published("2026-11-20T17:00:00Z");
    w.go("2026-12-20T17:00:00Z");
    assert_eq!(w.tick(), ["cve_record_late"]);
    assert_eq!(entry(&w).late, 72);
}

#[test]
fn an_id_that_came_after_the_advisory_counts_from_then() {
    let mut w = approved_without_id();
    publish(&mut w, 50, "2026-06-10T08:00:00Z");
    w.go("2026-06-20T08:00:00Z");
    w.ok(ANN, assign());
    let dues = w.case().cve_dues(entry(&w)).unwrap();
    assert_eq!(dues.1, at("2026-06-23T08:00:00Z"));
}

#[test]
fn the_silence_after_a_request_is_pointed_out() {
    let mut w = World::accepted(quiet());
    w.refused(
        ANN,
        &request("2026-06-02T08:00:00Z"),
        RefusalCode::FieldInvalid,
    );
    w.ok(ANN, request("2026-06-01T08:00:00Z"));
    w.go("2026-06-04T07:59:59Z");
    assert!(!w.tick().contains(&"cve_request_silent"));
    w.go("2026-06-04T08:00:00Z");
    assert!(w.tick().contains(&"cve_request_silent"));
    assert!(!w.tick().contains(&"cve_request_silent"));
    w.go("2026-06-20T08:00:00Z");
    w.tick();
    assert_eq!(w.case().cve.requests[0].chased, 3, "3, 7 and 14 days");
    w.ok(ANN, reserve());
    w.go("2026-08-20T08:00:00Z");
    assert!(!w.tick().contains(&"cve_request_silent"), "answered");
}

#[test]
fn only_the_team_notes_steps_and_not_on_a_closed_case() {
    let w = World::accepted(quiet());
    for other in [Actor::Reporter, Actor::Party(1), Actor::System] {
        w.refused(other, &reserve(), RefusalCode::NotAllowed);
    }
}
