//! A team of one, and a fix by somebody without an account.
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

use candor_base::{AccountId, RefusalCode};
use candor_case::*;
use candor_policy::model::*;
use common::*;

const ONE: AccountId = AccountId::from_bytes([1; 16]);
const TWO: AccountId = AccountId::from_bytes([2; 16]);

fn ready(team: u32) -> World {
    let mut policy = full_policy();
    policy.policy.steps.push(clause(
        "step-review",
        Step {
            number: 90,
            stage: StepStage::Testing,
            demands: vec![StepDemand::Review],
        },
    ));
    let mut w = World::accepted(policy);
    w.team = team;
    for status in [FixStatus::InDevelopment, FixStatus::Ready] {
        w.ok(ANN, fix(status, None, false, None));
    }
    w
}

fn fix(
    status: FixStatus,
    author: Option<AccountId>,
    outside: bool,
    reviewer: Option<AccountId>,
) -> Command {
    Command::Fix(Box::new(FixChange {
        author,
        author_outside: outside,
        reviewer,
        ..row(status)
    }))
}

#[test]
fn a_team_of_one_reviews_its_own_fix_and_it_is_said_so() {
    let mut w = ready(1);
    let own = fix(FixStatus::Tested, Some(ONE), false, Some(ONE));
    w.ok(ANN, own.clone());
    assert!(w.case().fixes[0].reviewed_alone);
    // The team grows: what was recorded stays what it was.
    w.team = 2;
    w.ok(ANN, fix(released(), None, false, None));
    assert!(w.case().fixes[0].reviewed_alone);

    let mut two = ready(2);
    two.refused(ANN, &own, RefusalCode::SecondPersonNeeded);
    let Err(refusal) = two.decide(ANN, &own) else {
        panic!("refused")
    };
    assert!(
        refusal.instead[0].words.contains("another person"),
        "{refusal:?}"
    );
    // Saying that it was alone does not make it so.
    let mut claimed = row(FixStatus::Tested);
    claimed.author = Some(ONE);
    claimed.reviewer = Some(ONE);
    claimed.reviewed_alone = true;
    let claimed = Command::Fix(Box::new(claimed));
    two.refused(ANN, &claimed, RefusalCode::SecondPersonNeeded);
    two.ok(ANN, fix(FixStatus::Tested, Some(ONE), false, Some(TWO)));
    assert!(!two.case().fixes[0].reviewed_alone);
}

#[test]
fn a_fix_by_somebody_without_an_account_is_reviewed_by_one_person() {
    let mut w = ready(1);
    let nobody = fix(FixStatus::Tested, None, false, Some(ONE));
    w.refused(ANN, &nobody, RefusalCode::EvidenceMissing);
    let unreviewed = fix(FixStatus::Tested, None, true, None);
    w.refused(ANN, &unreviewed, RefusalCode::EvidenceMissing);
    w.ok(ANN, fix(FixStatus::Tested, None, true, Some(ONE)));
    let row = &w.case().fixes[0];
    assert_eq!((row.author, row.author_outside), (None, true));
    assert!(!row.reviewed_alone, "two people looked at it");
    // An author named later replaces the answer.
    w.ok(ANN, fix(FixStatus::Tested, Some(TWO), false, None));
    assert!(!w.case().fixes[0].author_outside);
}
