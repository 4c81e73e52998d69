//! Rows of a fix: every step, its evidence, the second look, and names that tell nothing.
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

fn change(edit: impl FnOnce(&mut FixChange)) -> Command {
    let mut row = row(FixStatus::InDevelopment);
    edit(&mut row);
    Command::Fix(Box::new(row))
}

fn to(status: FixStatus) -> Command {
    Command::Fix(Box::new(row(status)))
}

/// A policy that demands nothing of a fix.
fn easy() -> World {
    let mut policy = full_policy();
    policy.policy.steps.clear();
    World::accepted(policy)
}

fn demanding(demands: &[StepDemand]) -> World {
    let mut policy = full_policy();
    policy.policy.steps = vec![clause(
        "step-9",
        Step {
            number: 9,
            stage: StepStage::Fix,
            demands: demands.to_vec(),
        },
    )];
    World::accepted(policy)
}

fn status_of(w: &World) -> FixStatus {
    w.case().fixes[0].status.clone()
}

#[test]
fn one_step_forward_any_step_back_and_nothing_after_a_release() {
    let road = [
        FixStatus::Open,
        FixStatus::InDevelopment,
        FixStatus::Ready,
        FixStatus::Tested,
        released(),
    ];
    let mut w = easy();
    for (n, from) in road.iter().enumerate() {
        if n > 0 {
            w.ok(ANN, to(from.clone()));
        }
        for (m, next) in road.iter().enumerate() {
            // A ready fix may be released untested where no test is promised.
            let fits = n < 4 && (m <= n + 1 || (n, m) == (2, 4));
            let here = n == m;
            let answer = w.decide(ANN, &to(next.clone()));
            if here && n > 0 {
                assert_eq!(
                    answer.unwrap_err().code,
                    RefusalCode::AlreadyDone,
                    "{next:?}"
                );
            } else {
                assert_eq!(answer.is_ok(), fits || here, "{from:?} to {next:?}");
            }
        }
        let none = w.decide(ANN, &to(FixStatus::NotAffected));
        assert_eq!(none.is_ok(), n < 4, "{from:?}");
    }
    let mut w = easy();
    w.ok(ANN, to(FixStatus::NotAffected));
    for status in [FixStatus::Ready, FixStatus::Tested, released()] {
        w.refused(ANN, &to(status), RefusalCode::WrongStage);
    }
    w.ok(ANN, to(FixStatus::InDevelopment));
    assert_eq!(status_of(&w), FixStatus::InDevelopment);
}

#[test]
fn a_promised_test_comes_before_the_release() {
    let mut w = demanding(&[StepDemand::TestRecord]);
    for status in [FixStatus::InDevelopment, FixStatus::Ready] {
        let untested = change(|r| {
            r.status = status;
            r.test = None;
        });
        w.ok(ANN, untested);
    }
    w.refused(ANN, &to(released()), RefusalCode::EvidenceMissing);
    // A test record is asked for at "tested", whatever the policy says.
    for mut w in [w, easy_and_ready()] {
        let bare = change(|r| {
            r.status = FixStatus::Tested;
            r.test = None;
        });
        w.refused(ANN, &bare, RefusalCode::EvidenceMissing);
        w.ok(ANN, to(FixStatus::Tested));
        w.ok(ANN, to(released()));
        assert!(w.case().fix_released.is_some());
    }
}

fn easy_and_ready() -> World {
    let mut w = easy();
    for status in [FixStatus::InDevelopment, FixStatus::Ready] {
        w.ok(
            ANN,
            change(|r| {
                r.status = status;
                r.test = None;
            }),
        );
    }
    w
}

#[test]
fn a_promised_private_branch_is_named_once_the_fix_is_ready() {
    let bare = |status| {
        change(|r| {
            r.status = status;
            r.private_branch = None;
        })
    };
    let mut w = demanding(&[StepDemand::PrivateBranch]);
    w.ok(ANN, bare(FixStatus::InDevelopment));
    w.refused(ANN, &bare(FixStatus::Ready), RefusalCode::EvidenceMissing);
    // What was named once is not asked again.
    w.ok(ANN, to(FixStatus::Ready));
    w.ok(ANN, bare(FixStatus::Tested));
    assert!(w.case().fixes[0].private_branch.is_some());
    let mut w = easy();
    w.ok(ANN, bare(FixStatus::InDevelopment));
    w.ok(ANN, bare(FixStatus::Ready));
    // Where no fix is needed, none is asked for evidence.
    let mut w = demanding(&[StepDemand::PrivateBranch, StepDemand::Review]);
    let none = change(|r| {
        *r = FixChange {
            private_branch: None,
            author: None,
            reviewer: None,
            test: None,
            ..row(FixStatus::NotAffected)
        };
    });
    w.ok(ANN, none);
}

fn reviewed(author: Option<u8>, outside: bool, reviewer: Option<u8>) -> Command {
    let person = |n: u8| AccountId::from_bytes([n; 16]);
    change(|r| {
        r.status = FixStatus::Tested;
        r.author = author.map(person);
        r.author_outside = outside;
        r.reviewer = reviewer.map(person);
    })
}

/// Ready, with a review promised and nobody named yet.
fn to_review() -> World {
    let mut w = demanding(&[StepDemand::Review]);
    for status in [FixStatus::InDevelopment, FixStatus::Ready] {
        w.ok(
            ANN,
            change(|r| {
                r.status = status;
                r.author = None;
                r.reviewer = None;
            }),
        );
    }
    w
}

#[test]
fn a_promised_review_names_two_people_or_says_that_there_was_only_one() {
    let mut w = to_review();
    w.refused(
        ANN,
        &reviewed(None, false, Some(2)),
        RefusalCode::EvidenceMissing,
    );
    w.refused(
        ANN,
        &reviewed(Some(1), false, None),
        RefusalCode::EvidenceMissing,
    );
    w.refused(
        ANN,
        &reviewed(Some(1), false, Some(1)),
        RefusalCode::SecondPersonNeeded,
    );
    let mut outside = w.clone();
    outside.ok(ANN, reviewed(None, true, Some(2)));
    assert!(outside.case().fixes[0].author_outside);
    // Somebody with an account turns out to have written it.
    outside.ok(ANN, reviewed(Some(1), false, Some(2)));
    let row = &outside.case().fixes[0];
    assert!(!row.author_outside && row.author.is_some());
    // And the other way round.
    outside.ok(ANN, reviewed(None, true, Some(2)));
    let row = &outside.case().fixes[0];
    assert!(row.author_outside && row.author.is_none());
    let mut alone = w.clone();
    alone.team = 1;
    alone.ok(ANN, reviewed(Some(1), false, Some(1)));
    assert!(alone.case().fixes[0].reviewed_alone, "and it is said");
    // The team grows: what was reviewed alone stays so, and is not asked again.
    alone.team = 2;
    alone.ok(
        ANN,
        change(|r| {
            r.status = released();
            r.author = None;
            r.reviewer = None;
        }),
    );
    assert!(alone.case().fixes[0].reviewed_alone);
    w.ok(ANN, reviewed(Some(1), false, Some(2)));
    assert!(!w.case().fixes[0].reviewed_alone);
}

#[test]
fn a_release_names_its_version_and_waits_for_mitigation_and_plan() {
    let unnamed = || {
        to(FixStatus::Released {
            version: String::from("  "),
        })
    };
    let tested = |mut w: World| {
        for status in [
            FixStatus::InDevelopment,
            FixStatus::Ready,
            FixStatus::Tested,
        ] {
            w.ok(ANN, to(status));
        }
        w
    };
    let w = tested(easy());
    w.refused(ANN, &unnamed(), RefusalCode::FieldMissing);

    let mut by_step = tested(demanding(&[StepDemand::Mitigation]));
    let mut policy = full_policy();
    policy.policy.steps.clear();
    policy.policy.disclosure.push(clause(
        "disclosure-8",
        DisclosureRule {
            stated: true,
            rule: DisclosureKind::PublishMitigations,
            severity: None,
        },
    ));
    let mut by_rule = tested(World::accepted(policy));
    for w in [&mut by_step, &mut by_rule] {
        w.refused(ANN, &to(released()), RefusalCode::EvidenceMissing);
        let empty = Command::Mitigate {
            text: Some(text(1, 0)),
        };
        w.refused(ANN, &empty, RefusalCode::FieldMissing);
        w.ok(ANN, Command::Mitigate { text: None });
        w.ok(ANN, to(released()));
    }

    let mut policy = full_policy();
    policy.policy.steps = vec![clause(
        "step-9",
        Step {
            number: 9,
            stage: StepStage::CommunicationPlan,
            demands: Vec::new(),
        },
    )];
    let mut w = tested(World::accepted(policy));
    w.refused(ANN, &to(released()), RefusalCode::EvidenceMissing);
    let plan = |chars| Command::PlanCommunication {
        text: text(2, chars),
    };
    w.refused(ANN, &plan(0), RefusalCode::FieldMissing);
    w.ok(ANN, plan(9));
    w.ok(ANN, to(released()));
}

#[test]
fn a_branch_found_later_gets_a_row_until_the_fix_is_out() {
    let named = |name: &str| {
        let name = name.to_owned();
        change(|r| r.branch = name)
    };
    let mut w = easy();
    w.refused(ANN, &named(" "), RefusalCode::FieldInvalid);
    w.refused(ANN, &named(&"b".repeat(201)), RefusalCode::FieldInvalid);
    w.ok(ANN, named(&"b".repeat(200)));
    w.ok(ANN, named("stable"));
    assert_eq!(w.case().fixes.len(), 3);
    for n in 3..200 {
        w.ok(ANN, named(&format!("line-{n}")));
    }
    w.refused(ANN, &named("one-more"), RefusalCode::FieldInvalid);
    let mut w = easy();
    w.ok(ANN, to(FixStatus::InDevelopment));
    w.ok(ANN, to(FixStatus::Ready));
    w.ok(ANN, to(released()));
    w.refused(ANN, &named("stable"), RefusalCode::NotFound);
}

#[test]
fn names_that_strangers_read_tell_nothing_before_the_day() {
    let w = easy();
    let branch = |name: &str| {
        let name = name.to_owned();
        change(|r| r.private_branch = Some(name))
    };
    let link = |name: &str| {
        let name = name.to_owned();
        change(|r| r.change = Some(name))
    };
    let reference = w.case().facts.reference.as_str().to_lowercase();
    for telling in [
        "fix-xss",
        "poc3",
        "SECURITY",
        "a.vulnerable",
        &format!("x-{reference}-y"),
    ] {
        w.refused(ANN, &branch(telling), RefusalCode::FieldInvalid);
        w.refused(ANN, &link(telling), RefusalCode::FieldInvalid);
        let url = format!("https://code.example/owner/repository/pull/{telling}");
        w.refused(ANN, &link(&url), RefusalCode::FieldInvalid);
    }
    // Host, owner and repository are not chosen for the fix.
    let mut plain = w.clone();
    plain.ok(ANN, link("https://security.example/leak/exploit/pull/12"));
    plain.ok(ANN, branch("rework-parser"));
    // Once it is known to all, nothing is given away.
    let mut public = w.clone();
    public.ok(ANN, fact(AttackFact::Public));
    public.ok(ANN, branch("security-fix"));
}

#[test]
fn a_released_fix_frees_the_reporter_where_the_policy_says_until_addressed() {
    let with = |kinds: &[DisclosureKind]| {
        let mut policy = full_policy();
        policy.policy.steps.clear();
        for kind in kinds {
            policy.policy.disclosure.push(clause(
                "disclosure-7",
                DisclosureRule {
                    stated: true,
                    rule: kind.clone(),
                    severity: None,
                },
            ));
        }
        let mut w = World::accepted(policy);
        w.ok(ANN, to(FixStatus::InDevelopment));
        w.ok(ANN, to(FixStatus::Ready));
        w.ok(ANN, to(released()));
        w.case().reporter_free_from.is_some()
    };
    assert!(with(&[DisclosureKind::UntilValidatedOrAgreed]));
    assert!(!with(&[]));
    assert!(!with(&[
        DisclosureKind::UntilValidatedOrAgreed,
        DisclosureKind::FreeAfterDate
    ]));
}

#[test]
fn what_a_change_leaves_out_stays_as_it_was() {
    let mut w = easy();
    w.ok(
        ANN,
        change(|r| {
            r.change = Some(String::from("pull/412"));
        }),
    );
    w.ok(
        ANN,
        change(|r| {
            *r = FixChange {
                private_branch: None,
                change: None,
                author: None,
                reviewer: None,
                test: None,
                ..row(FixStatus::Ready)
            };
        }),
    );
    let row = &w.case().fixes[0];
    assert_eq!(row.change.as_deref(), Some("pull/412"));
    assert_eq!(row.private_branch.as_deref(), Some("tidy-headers"));
    assert!(row.author.is_some() && row.reviewer.is_some() && row.test.is_some());
}
