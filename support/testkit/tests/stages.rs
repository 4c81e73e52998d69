//! The stages that people see (`domain.md` 2.2): each with what it is entered from, what
//! it asks for, the evidence that is kept, and what it does to the clocks.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use std::collections::BTreeSet;

use candor_base::RefusalCode;
use candor_case::{
    Actor, AttackFact, ClockStatus, CloseReason, Command, EmbargoState, FixStatus, MailKind,
    Recipient, RejectionGround, Reproduction, Stage, Verdict, WaitingOn,
};
use candor_policy::model::{ContentKey, Milestone, ScopeTopic, Severity};
use candor_testkit::parts::{draft, message, other_case, reasoned, text, valid};
use candor_testkit::{Story, act, aside};

const TEXT: &str = "# Security Policy of Example\n\n\
    ## Supported Versions\n\n\
    | Version | Supported |\n|---|---|\n| 2.x | yes |\n| 1.x | yes |\n| < 1.0 | no |\n\n\
    ## Reporting\n\n\
    Report to security@example.org.\n\n\
    We acknowledge reports within 48 hours.\n\
    We complete our initial assessment within 7 days.\n\
    We send status updates every 7 days.\n\
    We publish within 90 days of the report.\n\n\
    ## Out of scope\n\n\
    - Social engineering\n";

const RECEIVED: &str = "2026-06-01T08:00:00Z";
const DAY: &str = "2026-06-12T08:00:00Z";

fn story() -> Story {
    let mut story = Story::of_text(TEXT);
    story.received_at(RECEIVED);
    story
}

fn runs(story: &Story, milestone: Milestone) -> bool {
    let mut clocks = story.state().clocks.values();
    clocks.any(|c| c.spec.milestone == milestone && c.status == ClockStatus::Running)
}

/// What a row of the table is about, as it stands after its walk.
struct Row {
    stage: Stage,
    walk: fn(&mut Story),
    check: fn(&mut Story),
}

fn branch(story: &Story, number: usize) -> String {
    story.branch_names()[number].clone()
}

fn scheduled(story: &mut Story) {
    story.tested().date_agreed(DAY).team(act::approve(&draft()));
}

fn seen_without_record() -> candor_case::Assessment {
    let mut seen = valid(Severity::High);
    seen.reproduction = Reproduction::Reason(text("it needs hardware that we lack"));
    seen
}

fn rejected(story: &mut Story, ground: RejectionGround) {
    story
        .acknowledged()
        .team(act::reject(ground, Verdict::Unclear));
}

fn clause_of(story: &Story, topic: ScopeTopic) -> candor_policy::model::ClauseId {
    let out = &story.policy().out_of_scope;
    let found = out.iter().find(|c| c.value.topic == topic);
    found.unwrap_or(&out[0]).id.clone()
}

const TABLE: [Row; 23] = [
    Row {
        stage: Stage::Received,
        walk: |_| {},
        check: |s| {
            for milestone in [
                Milestone::Acknowledgement,
                Milestone::Assessment,
                Milestone::Update,
                Milestone::Disclosure,
            ] {
                assert!(runs(s, milestone), "{milestone:?}");
            }
            let facts = &s.state().facts;
            assert_eq!(facts.policy, s.in_force().digest, "the version in force");
            assert!(facts.report.chars > 0, "the report as filed");
            assert_eq!(s.state().embargo.state, EmbargoState::Active);
        },
    },
    Row {
        stage: Stage::Acknowledged,
        walk: |s| {
            s.team(act::acknowledge());
        },
        check: |s| {
            assert!(s.is_met(Milestone::Acknowledgement));
            assert!(runs(s, Milestone::Assessment));
            s.team(act::acknowledge()).refused(RefusalCode::AlreadyDone);
        },
    },
    Row {
        stage: Stage::NeedsInfo,
        walk: |s| {
            s.acknowledged().team(act::ask(&[ContentKey::Steps]));
        },
        check: |s| {
            assert_eq!(s.state().waiting_on, WaitingOn::Reporter);
            assert_eq!(s.state().asked, BTreeSet::from([ContentKey::Steps]));
            assert_eq!(s.clock(Milestone::Assessment).status, ClockStatus::Paused);
            // What the team promised of itself runs on (K4).
            assert!(runs(s, Milestone::Update));
            s.tick_at("2026-06-08T08:00:00Z");
            let reminder = MailKind::Reminder { number: 1 };
            assert!(s.mails().contains(&(Recipient::Reporter, reminder)));
        },
    },
    Row {
        stage: Stage::Triaged,
        walk: |s| {
            s.acknowledged().team(act::assess(seen_without_record()));
        },
        check: |s| {
            assert!(s.is_met(Milestone::Assessment));
            assert!(s.state().was_valid);
            assert_eq!(s.state().severity(), Some(Severity::High));
        },
    },
    Row {
        stage: Stage::Reproduced,
        walk: |s| {
            s.acknowledged().team(act::assess(seen_without_record()));
            s.team(act::assess(valid(Severity::High)));
        },
        check: |s| {
            let (seen, _, _) = s.state().assessment.as_ref().unwrap();
            assert!(matches!(seen.reproduction, Reproduction::Record(_)));
            assert!(s.is_met(Milestone::Assessment));
        },
    },
    Row {
        stage: Stage::KnownPublic,
        walk: |s| {
            s.team(act::fact(AttackFact::Public))
                .assessed(Severity::High);
        },
        check: |s| {
            assert_eq!(s.state().embargo.state, EmbargoState::Exited);
            s.team(act::propose_date(DAY))
                .refused(RefusalCode::EmbargoImpossible);
            // It goes on from there as from any valid report.
            s.accepted();
            assert_eq!(s.stage(), Stage::Accepted);
        },
    },
    Row {
        stage: Stage::Accepted,
        walk: |s| {
            s.team(act::accept(&["2.x"]))
                .refused(RefusalCode::WrongStage);
            s.accepted();
        },
        check: |s| {
            assert_eq!(s.branch_names().len(), 2, "branches to fix");
            assert!(s.state().accepted.is_some());
        },
    },
    Row {
        stage: Stage::Deferred,
        walk: |s| {
            s.team(aside::defer("2026-12-01T08:00:00Z"))
                .refused(RefusalCode::WrongStage);
            s.assessed(Severity::High)
                .team(aside::defer("2026-12-01T08:00:00Z"));
        },
        check: |s| {
            let deferral = s.state().around.deferral.as_ref().unwrap();
            assert_eq!(deferral.review.to_string(), "2026-12-01T08:00:00Z");
            // Updates come monthly.
            assert_eq!(s.due(Milestone::Update), "2026-07-01T23:59:59Z");
        },
    },
    Row {
        stage: Stage::Rejected,
        walk: |s| rejected(s, RejectionGround::NotReproducible),
        check: |s| {
            // All but the update stop, and fourteen days are for an objection.
            assert!(!runs(s, Milestone::Assessment) && !runs(s, Milestone::Disclosure));
            assert!(s.reporter_may().contains(&"object"));
            s.team(act::close(CloseReason::Rejected))
                .refused(RefusalCode::TooEarly);
            s.at("2026-06-15T08:00:01Z")
                .reporter(Command::Object {
                    reason: message("It works on 2.1 as well."),
                })
                .refused(RefusalCode::DeadlinePassed);
        },
    },
    Row {
        stage: Stage::OutOfScope,
        walk: |s| {
            let clause = clause_of(s, ScopeTopic::SocialEngineering);
            s.acknowledged().team(Command::Reject {
                ground: RejectionGround::OutOfScope { clause },
                // Out of scope is not "no vulnerability" (K8).
                is_vulnerability: Verdict::Yes,
                reason: reasoned(),
                keep_as_suggestion: false,
            });
        },
        check: |s| {
            let rejection = s.state().rejection.as_ref().unwrap();
            assert_eq!(rejection.is_vulnerability, Verdict::Yes);
            assert!(!runs(s, Milestone::Disclosure));
        },
    },
    Row {
        stage: Stage::UnsupportedVersion,
        walk: |s| {
            let clause = unsupported_row(s);
            rejected(
                s,
                RejectionGround::UnsupportedVersion {
                    clause,
                    tested: candor_case::SupportedTest::NotAffected,
                },
            );
        },
        check: |s| {
            assert!(s.reporter_may().contains(&"object"));
            assert!(!runs(s, Milestone::Disclosure));
        },
    },
    Row {
        stage: Stage::Duplicate,
        walk: |s| {
            let (of, reference) = other_case("the older one");
            s.acknowledged().team(Command::MarkDuplicate {
                of,
                reference,
                original_received: act::at("2026-05-01T08:00:00Z"),
                message: reasoned(),
            });
        },
        check: |s| {
            let found = s.state().duplicate_of.as_ref().map(|(id, _)| *id);
            assert_eq!(found, Some(other_case("the older one").0));
            assert!(s.is_met(Milestone::Acknowledgement), "its own");
        },
    },
    Row {
        stage: Stage::Withdrawn,
        walk: |s| {
            s.reporter(Command::Withdraw { message: None });
        },
        check: |s| assert!(s.team_may().contains(&"reopen"), "the team may go on alone"),
    },
    Row {
        stage: Stage::FixInDevelopment,
        walk: |s| {
            s.accepted();
            let mut telling = act::fix_change(&branch(s, 0), FixStatus::InDevelopment);
            telling.private_branch = Some("security-fix".to_owned());
            s.team(Command::Fix(Box::new(telling)))
                .refused(RefusalCode::FieldInvalid);
            s.team(act::fix(&branch(s, 0), FixStatus::InDevelopment));
        },
        check: |s| {
            let row = &s.state().fixes[0];
            assert_eq!(row.private_branch.as_deref(), Some("tidy-headers"));
        },
    },
    Row {
        stage: Stage::FixReady,
        walk: |s| {
            s.fix_ready();
        },
        check: |s| {
            assert!(s.state().fix_ready.is_some(), "every branch has its fix");
            assert!(s.state().fixes[0].change.is_some(), "the change");
        },
    },
    Row {
        stage: Stage::Tested,
        walk: |s| {
            s.fix_ready();
            let mut bare = act::fix_change(&branch(s, 0), FixStatus::Tested);
            bare.test = None;
            s.team(Command::Fix(Box::new(bare)))
                .refused(RefusalCode::EvidenceMissing);
            s.team(act::fix(&branch(s, 0), FixStatus::Tested));
        },
        check: |s| assert!(s.state().fixes[0].test.is_some()),
    },
    Row {
        stage: Stage::Backported,
        walk: |s| {
            s.tested();
        },
        check: |s| {
            let tested = s.state().fixes.iter().filter(|r| r.test.is_some());
            assert_eq!(tested.count(), 2, "each supported branch");
        },
    },
    Row {
        stage: Stage::ReleaseScheduled,
        walk: |s| {
            s.tested().date_agreed(DAY);
            assert_eq!(s.stage(), Stage::Backported, "the advisory is not approved");
            s.team(act::approve(&draft()));
        },
        check: |s| {
            let embargo = &s.state().embargo;
            assert_eq!(embargo.until.map(|at| at.to_string()).unwrap(), DAY);
            assert!(embargo.settled, "the reporter agreed");
            assert!(s.state().advisory.is_approved());
            // A draft that changes is read again before its day.
            let mut other = draft();
            other.text = text("another draft");
            s.team(act::save_draft(&other));
            assert_eq!(s.stage(), Stage::Backported);
        },
    },
    Row {
        stage: Stage::DistributorNotified,
        walk: |s| {
            scheduled(s);
            s.team(act::invite_distributor("Tidy Linux"));
            s.team(act::notify_party(1))
                .refused(RefusalCode::WrongStage);
            s.system(Command::EnterParty {
                number: 1,
                used: text("Tidy Linux").sha256,
                code: text("its own code").sha256,
            })
            .act(Actor::Party(1), &Command::AnswerTerms { accepted: true });
            assert_eq!(s.stage(), Stage::ReleaseScheduled);
            s.team(act::notify_party(1));
        },
        check: |s| {
            let party = s.state().party(1).unwrap();
            assert_eq!(party.notified, Some(s.now()));
            s.team(Command::RecordLeak {
                party: Some(1),
                what: text("seen on a public list"),
            });
            assert!(s.mails().contains(&(Recipient::Team, MailKind::Leak)));
        },
    },
    Row {
        stage: Stage::Released,
        walk: |s| {
            s.released();
        },
        check: |s| {
            let all = &s.state().fixes;
            let released = |r: &candor_case::FixRow| matches!(r.status, FixStatus::Released { .. });
            assert!(all.iter().all(released));
            assert!(runs(s, Milestone::Disclosure), "merged is not published");
            s.team(act::close(CloseReason::Disclosed))
                .refused(RefusalCode::WrongStage);
        },
    },
    Row {
        stage: Stage::Disclosed,
        walk: |s| {
            s.date_agreed(DAY)
                .released()
                .team(act::approve(&draft()))
                .at("2026-06-12T07:59:59Z")
                .person(2, act::publish(&draft()))
                .refused(RefusalCode::EmbargoActive);
            s.at(DAY).person(2, act::publish(&draft()));
        },
        check: |s| {
            assert!(s.is_met(Milestone::Disclosure));
            assert_eq!(s.state().embargo.state, EmbargoState::Exited);
        },
    },
    Row {
        stage: Stage::Closed,
        walk: |s| {
            s.published_on(DAY).team(act::close(CloseReason::Disclosed));
        },
        check: |s| {
            let open = s.state().clocks.values().filter(|c| c.is_open()).count();
            assert_eq!(open, 0, "all clocks ended");
        },
    },
    Row {
        stage: Stage::Reopened,
        walk: |s| {
            s.reporter(Command::Withdraw { message: None })
                .team(act::close(CloseReason::Withdrawn))
                .at("2026-07-01T08:00:00Z")
                .team(Command::Reopen {
                    reason: text("it affects 1.x after all"),
                });
        },
        check: |s| {
            assert_eq!(
                (s.state().episode, s.log()[0].event.name()),
                (2, "received")
            );
            assert!(runs(s, Milestone::Assessment), "counts anew");
            s.assessed(Severity::High);
            assert_eq!(s.stage(), Stage::Reproduced);
        },
    },
];

fn unsupported_row(story: &Story) -> candor_policy::model::ClauseId {
    match candor_policy::support(story.in_force(), "0.9") {
        candor_policy::SupportAnswer::Unsupported {
            clause: Some(clause),
            ..
        } => clause,
        other => panic!("0.9 is not supported: {other:?}"),
    }
}

#[test]
fn every_stage_is_entered_with_its_evidence_and_does_to_the_clocks_what_it_should() {
    for row in &TABLE {
        let mut story = story();
        (row.walk)(&mut story);
        assert_eq!(story.stage(), row.stage);
        let page = story.case_page();
        assert!(!page.stage.is_empty());
        let here = page.steps.iter().filter(|s| s.current).count();
        assert_eq!(here, 1, "{:?} stands on the drawn road", row.stage);
        (row.check)(&mut story);
    }
}

#[test]
fn the_table_holds_every_stage() {
    let all: BTreeSet<Stage> = TABLE.iter().map(|r| r.stage).collect();
    assert_eq!(all.len(), TABLE.len(), "each once");
    // A new stage stands here, or this does not compile.
    for stage in all {
        match stage {
            Stage::Received
            | Stage::Acknowledged
            | Stage::NeedsInfo
            | Stage::Triaged
            | Stage::Reproduced
            | Stage::KnownPublic
            | Stage::Accepted
            | Stage::FixInDevelopment
            | Stage::FixReady
            | Stage::Tested
            | Stage::Backported
            | Stage::ReleaseScheduled
            | Stage::DistributorNotified
            | Stage::Released
            | Stage::Disclosed
            | Stage::Deferred
            | Stage::Rejected
            | Stage::OutOfScope
            | Stage::UnsupportedVersion
            | Stage::Duplicate
            | Stage::Withdrawn
            | Stage::Reopened
            | Stage::Closed => {}
        }
    }
}

#[test]
fn a_single_branch_is_tested_and_has_nothing_to_backport() {
    let mut story = story();
    story.assessed(Severity::High).team(act::accept(&["2.x"]));
    story.tested();
    assert_eq!(story.stage(), Stage::Tested);
}
