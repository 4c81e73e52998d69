//! The stage that people see, one act at a time: what leads to it and what does not.
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

use candor_base::Digest;
use candor_case::*;
use candor_policy::model::*;
use common::*;

const DAY: i64 = 86_400;

/// Accepted for these branches.
fn accepted_for(branches: &[&str]) -> World {
    let mut w = World::with_report(full_policy());
    w.ok(ANN, acknowledge(false));
    w.ok(ANN, assess(Some(Severity::Critical)));
    let Command::Accept(acceptance) = accept() else {
        panic!("accept() accepts")
    };
    w.ok(
        ANN,
        Command::Accept(Acceptance {
            branches: branches.iter().map(|b| (*b).to_owned()).collect(),
            ..acceptance
        }),
    );
    w
}

fn on(branch: &str, status: FixStatus) -> Command {
    Command::Fix(Box::new(FixChange {
        branch: branch.to_owned(),
        ..row(status)
    }))
}

fn up_to_tested(w: &mut World, branch: &str) {
    for status in [
        FixStatus::InDevelopment,
        FixStatus::Ready,
        FixStatus::Tested,
    ] {
        w.ok(ANN, on(branch, status));
    }
}

fn approve(w: &mut World) {
    w.ok(ANN, Command::SaveDraft(draft(50)));
    w.ok(
        BEN,
        Command::Approve {
            draft: text(50, 0).sha256,
        },
    );
}

#[test]
fn a_report_about_an_unsupported_version_says_so() {
    let mut w = World::with_report(full_policy());
    w.ok(
        ANN,
        Command::Reject {
            ground: RejectionGround::UnsupportedVersion {
                clause: ClauseId(String::from("version-2")),
                tested: SupportedTest::NotAffected,
            },
            is_vulnerability: Verdict::Yes,
            reason: message(16),
            keep_as_suggestion: false,
        },
    );
    assert_eq!(w.case().stage(), Stage::UnsupportedVersion);
    let mut w = World::with_report(full_policy());
    w.ok(ANN, reject(out_of_scope()));
    assert_eq!(w.case().stage(), Stage::OutOfScope);
}

#[test]
fn known_to_the_public_is_a_stage_of_what_was_found_valid() {
    let mut w = World::with_report(full_policy());
    w.ok(ANN, acknowledge(false));
    w.ok(ANN, fact(AttackFact::Public));
    assert_eq!(w.case().stage(), Stage::Acknowledged, "not judged yet");
    w.ok(ANN, assess(Some(Severity::Critical)));
    assert_eq!(w.case().stage(), Stage::KnownPublic);
    w.ok(ANN, accept());
    assert_eq!(w.case().stage(), Stage::Accepted);
}

#[test]
fn a_fix_on_two_branches_goes_from_ready_to_tested_to_backported() {
    let mut w = accepted_for(&["main", "stable"]);
    assert_eq!(w.case().stage(), Stage::Accepted);
    w.ok(ANN, on("main", FixStatus::InDevelopment));
    assert_eq!(w.case().stage(), Stage::FixInDevelopment);
    w.ok(ANN, on("main", FixStatus::Ready));
    w.ok(ANN, on("stable", FixStatus::InDevelopment));
    assert_eq!(w.case().stage(), Stage::FixInDevelopment);
    w.ok(ANN, on("stable", FixStatus::Ready));
    assert_eq!(w.case().stage(), Stage::FixReady);
    w.ok(ANN, on("main", FixStatus::Tested));
    assert_eq!(w.case().stage(), Stage::Tested);
    w.ok(ANN, on("stable", FixStatus::Tested));
    assert_eq!(w.case().stage(), Stage::Backported);
    // One branch is not affected after all: nothing was carried over.
    let mut one = accepted_for(&["main", "stable"]);
    up_to_tested(&mut one, "main");
    one.ok(ANN, on("stable", FixStatus::NotAffected));
    assert_eq!(one.case().stage(), Stage::Tested);
}

#[test]
fn branches_that_need_no_fix_release_nothing() {
    let mut w = accepted_for(&["main"]);
    w.ok(ANN, on("main", FixStatus::NotAffected));
    assert_eq!(w.case().fix_released, None);
    assert_ne!(w.case().stage(), Stage::Released);
}

#[test]
fn a_release_is_scheduled_once_it_is_tested_approved_and_the_date_is_known() {
    let ready = || {
        let mut w = accepted_for(&["main"]);
        up_to_tested(&mut w, "main");
        w
    };
    let mut w = ready();
    approve(&mut w);
    assert_eq!(
        w.case().stage(),
        Stage::Tested,
        "the date of the policy was told to nobody"
    );
    w.agreed_in(30 * DAY);
    assert_eq!(w.case().stage(), Stage::ReleaseScheduled);
    let mut w = ready();
    w.agreed_in(30 * DAY);
    assert_eq!(w.case().stage(), Stage::Tested, "not approved");
    // Told, and not agreed to.
    let mut w = ready();
    approve(&mut w);
    w.alone(w.now.plus_seconds(30 * DAY));
    assert_eq!(w.case().stage(), Stage::ReleaseScheduled);
    // A fact ended the embargo: no date stands any more.
    w.ok(ANN, fact(AttackFact::Public));
    assert_eq!(w.case().stage(), Stage::Tested);
}

#[test]
fn distributors_that_were_notified_are_a_stage_and_vendors_are_not() {
    for (kind, stage) in [
        (PartyKind::Distributor, Stage::DistributorNotified),
        (PartyKind::Vendor, Stage::ReleaseScheduled),
    ] {
        let mut w = accepted_for(&["main"]);
        up_to_tested(&mut w, "main");
        approve(&mut w);
        w.agreed_in(10 * DAY);
        w.ok(
            ANN,
            Command::InviteParty(Box::new(Invitation {
                kind,
                name: text(80, 9),
                contact: Some(text(81, 20)),
                terms: text(82, 400),
                code: Digest::from_bytes([1; 32]),
            })),
        );
        w.ok(
            Actor::System,
            Command::EnterParty {
                number: 1,
                used: Digest::from_bytes([1; 32]),
                code: Digest::from_bytes([2; 32]),
            },
        );
        w.ok(Actor::Party(1), Command::AnswerTerms { accepted: true });
        assert_eq!(w.case().stage(), Stage::ReleaseScheduled, "{kind:?}");
        if kind == PartyKind::Distributor {
            w.ok(ANN, Command::NotifyParty { number: 1 });
        }
        assert_eq!(w.case().stage(), stage);
        let reason = text(83, 9);
        w.ok(ANN, Command::RemoveParty { number: 1, reason });
        assert_eq!(w.case().stage(), Stage::ReleaseScheduled, "{kind:?} left");
    }
}
