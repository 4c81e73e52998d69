//! Whom outside a case waits for (`domain.md` 2.1).
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

use candor_base::Digest;
use candor_case::model::cs::VendorPath;
use candor_case::*;
use candor_policy::model::Policy;
use common::*;

const DAY: i64 = 86_400;
const FIRST: Actor = Actor::Party(1);

fn waits(w: &World) -> Vec<Outsider> {
    w.case().waits_outside().into_iter().collect()
}

fn code(n: u8) -> Digest {
    Digest::from_bytes([n; 32])
}

/// Under an embargo of a month, with one party of this kind that was invited.
fn with_invited(kind: PartyKind) -> World {
    let mut w = World::accepted(in_force(Policy::default()));
    w.ok(ANN, propose(w.now.plus_seconds(30 * DAY)));
    w.ok(Actor::Reporter, Command::AnswerDate(DateAnswer::Accept));
    assert!(waits(&w).is_empty());
    w.ok(
        ANN,
        Command::InviteParty(Box::new(Invitation {
            kind,
            name: text(80, 9),
            contact: Some(text(81, 20)),
            terms: text(82, 400),
            code: code(1),
        })),
    );
    w
}

fn takes_the_terms(w: &mut World) {
    w.ok(
        Actor::System,
        Command::EnterParty {
            number: 1,
            used: code(1),
            code: code(2),
        },
    );
    w.ok(FIRST, Command::AnswerTerms { accepted: true });
}

#[test]
fn a_vendor_is_awaited_until_it_says_whether_it_is_affected() {
    let mut w = with_invited(PartyKind::Vendor);
    assert_eq!(waits(&w), [Outsider::Vendor]);
    assert!(matches!(w.case().awaited()[..], [Awaited::Terms(_)]));
    takes_the_terms(&mut w);
    assert!(matches!(w.case().awaited()[..], [Awaited::Status(_)]));
    w.ok(
        FIRST,
        Command::PartyStatus {
            number: 1,
            status: PartyStatus::Affected,
            fix: VendorPath::Aware,
        },
    );
    assert!(waits(&w).is_empty());
    let proposed = w.now;
    w.ok(ANN, propose(w.now.plus_seconds(40 * DAY)));
    let case = w.case();
    assert!(
        matches!(case.awaited()[..], [Awaited::Date(p, on)] if p.number == 1 && on == proposed)
    );
}

#[test]
fn a_distributor_is_awaited_for_the_terms_only() {
    let mut w = with_invited(PartyKind::Distributor);
    assert_eq!(waits(&w), [Outsider::Distributor]);
    takes_the_terms(&mut w);
    assert!(waits(&w).is_empty());
    let w = with_invited(PartyKind::Coordinator);
    assert_eq!(waits(&w), [Outsider::Coordinator]);
}

#[test]
fn whoever_declined_or_was_left_out_is_not_awaited() {
    let mut w = with_invited(PartyKind::Vendor);
    w.ok(
        Actor::System,
        Command::EnterParty {
            number: 1,
            used: code(1),
            code: code(2),
        },
    );
    w.ok(FIRST, Command::AnswerTerms { accepted: false });
    assert!(waits(&w).is_empty());
}

#[test]
fn a_cna_is_awaited_from_the_request_to_the_id() {
    let mut w = World::accepted(in_force(Policy::default()));
    let asked = w.now;
    w.ok(
        ANN,
        Command::Cve(CveAct::Request {
            from: text(90, 5),
            at: asked,
        }),
    );
    assert_eq!(waits(&w), [Outsider::Cna]);
    w.ok(
        ANN,
        Command::Cve(CveAct::Reserve {
            id: "CVE-1900-0001".parse().unwrap(),
        }),
    );
    assert!(waits(&w).is_empty());
}

#[test]
fn an_upstream_project_is_awaited_from_the_letter_to_the_answer() {
    for (role, who) in [
        (PartyRole::Upstream, Outsider::Upstream),
        (PartyRole::Application, Outsider::Vendor),
        (PartyRole::Operator, Outsider::Other),
        (PartyRole::Other, Outsider::Other),
    ] {
        let mut w = World::accepted(in_force(Policy::default()));
        let step = |number, step| Command::Aside(Aside::HandOver { number, step });
        w.ok(
            ANN,
            step(
                None,
                HandOverStep::Open {
                    role,
                    party: text(92, 9),
                    contact: text(93, 9),
                    ask_reporter: false,
                },
            ),
        );
        assert!(waits(&w).is_empty(), "nobody was told yet");
        let told = HandOverStep::Sent {
            at: w.now,
            with_report: false,
            note: text(94, 9),
        };
        w.ok(ANN, step(Some(1), told));
        assert_eq!(waits(&w), [who]);
        let note = text(95, 9);
        w.ok(ANN, step(Some(1), HandOverStep::Answered { note }));
        assert!(waits(&w).is_empty());
    }
}
