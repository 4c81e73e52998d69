//! What must be possible from every open stage (`domain.md` 2.4): public knowledge,
//! attacks, a leak, a second report, silence, withdrawal.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_base::RefusalCode;
use candor_case::{
    Actor, AttackFact, Attention, CloseReason, Command, CreditWish, EmbargoState, FixStatus,
    MailKind, PartyRole, Recipient, Reproduction, Stage,
};
use candor_policy::model::{ContentKey, Severity};
use candor_testkit::parts::{draft, instant, text, valid};
use candor_testkit::{Story, act, aside};

const TEXT: &str = "# Security Policy of Example\n\n\
    Report to security@example.org.\n\n\
    We acknowledge reports within 48 hours.\n\
    We publish within 90 days of the report.\n\n\
    ## Supported Versions\n\n\
    | Version | Supported |\n|---|---|\n| 2.x | yes |\n| 1.x | yes |\n";

const LATER: &str = "2026-06-02T08:00:00Z";

/// Every stage in which work goes on.
const OPEN: [Stage; 15] = [
    Stage::Received,
    Stage::Acknowledged,
    Stage::NeedsInfo,
    Stage::Reopened,
    Stage::Triaged,
    Stage::Reproduced,
    Stage::Deferred,
    Stage::Accepted,
    Stage::FixInDevelopment,
    Stage::FixReady,
    Stage::Tested,
    Stage::Backported,
    Stage::ReleaseScheduled,
    Stage::DistributorNotified,
    Stage::Released,
];

/// A case that stands at this stage on its first day, a day later.
fn at(stage: Stage) -> Story {
    let mut story = Story::of_text(TEXT);
    story.received_at("2026-06-01T08:00:00Z");
    match stage {
        Stage::Acknowledged => story.acknowledged(),
        Stage::NeedsInfo => story.acknowledged().team(act::ask(&[ContentKey::Steps])),
        Stage::Reopened => story
            .acknowledged()
            .reporter(Command::Withdraw { message: None })
            .team(act::close(CloseReason::Withdrawn))
            .team(Command::Reopen {
                reason: text("it affects 1.x after all"),
            })
            // The earlier embargo ended with the withdrawal.
            .team(act::propose_date("2026-08-01T08:00:00Z"))
            .reporter(act::accept_date()),
        Stage::Triaged => {
            let mut seen = valid(Severity::High);
            seen.reproduction = Reproduction::Reason(text("it needs hardware that we lack"));
            story.acknowledged().team(act::assess(seen))
        }
        Stage::Reproduced => story.assessed(Severity::High),
        Stage::Deferred => story
            .assessed(Severity::High)
            .team(aside::defer("2026-12-01T08:00:00Z")),
        Stage::Accepted => story.accepted(),
        Stage::FixInDevelopment => {
            story.accepted();
            let branch = story.branch_names()[0].clone();
            story.team(act::fix(&branch, FixStatus::InDevelopment))
        }
        Stage::FixReady => story.fix_ready(),
        Stage::Tested => {
            story.fix_ready();
            let branch = story.branch_names()[0].clone();
            story.team(act::fix(&branch, FixStatus::Tested))
        }
        Stage::Backported => story.tested(),
        Stage::ReleaseScheduled => scheduled(&mut story),
        Stage::DistributorNotified => scheduled(&mut story)
            .team(act::invite_distributor("Tidy Linux"))
            .system(Command::EnterParty {
                number: 1,
                used: text("Tidy Linux").sha256,
                code: text("its own code").sha256,
            })
            .act(Actor::Party(1), &Command::AnswerTerms { accepted: true })
            .team(act::notify_party(1)),
        Stage::Released => story.released(),
        _ => &mut story,
    };
    assert_eq!(story.stage(), stage, "the walk to it");
    assert_eq!(story.state().embargo.state, EmbargoState::Active);
    story.at(LATER);
    story
}

/// Tested everywhere, approved, and the day is agreed.
fn scheduled(story: &mut Story) -> &mut Story {
    story
        .tested()
        .date_agreed("2026-06-12T08:00:00Z")
        .team(act::approve(&draft()))
}

fn each(check: impl Fn(Stage, &mut Story)) {
    for stage in OPEN {
        let mut story = at(stage);
        check(stage, &mut story);
        // Whatever happened, the reporter can be written to and the case be read on.
        assert!(story.team_may().contains(&"say"), "{stage:?}");
        assert!(story.reporter_may().contains(&"say"), "{stage:?}");
    }
}

#[test]
fn public_knowledge_and_attacks_end_the_embargo_and_everybody_is_told() {
    for fact in [
        AttackFact::Public,
        AttackFact::ExploitPublic,
        AttackFact::AttacksObserved,
    ] {
        each(|stage, story| {
            story.team(act::fact(fact));
            let state = story.state();
            assert_eq!(
                state.embargo.state,
                EmbargoState::Exited,
                "{stage:?} {fact:?}"
            );
            assert_eq!(state.reporter_free_from, Some(instant(LATER)), "{stage:?}");
            let mails = story.mails();
            assert!(mails.contains(&(Recipient::Team, MailKind::EmbargoEnded)));
            assert!(mails.contains(&(Recipient::Reporter, MailKind::YouHaveAMessage)));
            story
                .team(act::propose_date("2026-07-01T00:00:00Z"))
                .refused(RefusalCode::EmbargoImpossible);
            let alarm = "publish what is known";
            let alarmed = story.case_page().alarms.iter().any(|a| a.contains(alarm));
            let known = fact != AttackFact::AttacksObserved;
            assert_eq!(alarmed, known, "{stage:?} {fact:?}");
        });
    }
}

#[test]
fn a_leak_is_suspected_and_decided() {
    each(|stage, story| {
        story.team(aside::suspect_leak());
        assert!(story.case_page().around.leak_open, "{stage:?}");
        story.team(aside::decide_leak(true));
        assert_eq!(
            story.state().embargo.state,
            EmbargoState::Active,
            "{stage:?}"
        );
        story
            .team(aside::decide_leak(true))
            .refused(RefusalCode::SecondPersonNeeded);
        story.person(2, aside::decide_leak(true));
        assert_eq!(
            story.state().embargo.state,
            EmbargoState::Exited,
            "{stage:?}"
        );
    });
}

#[test]
fn a_second_report_is_linked() {
    each(|stage, story| {
        story.system(aside::link("a later one", LATER, CreditWish::Anonymous));
        let told = story.mails().contains(&(
            Recipient::Team,
            MailKind::Attention {
                at: Attention::SecondReport,
            },
        ));
        assert!(told, "{stage:?}");
        let twice = |a: &String| a.contains("independently 2 times");
        assert!(story.case_page().alarms.iter().any(twice), "{stage:?}");
    });
}

#[test]
fn a_silent_reporter_is_reminded_and_then_gone_on_without() {
    each(|stage, story| {
        story.team(act::ask(&[ContentKey::Versions]));
        story.tick_at("2026-07-03T08:00:00Z");
        let last = MailKind::Reminder { number: 3 };
        assert!(
            story.mails().contains(&(Recipient::Reporter, last)),
            "{stage:?}"
        );
        story.team(aside::go_on());
        assert!(!story.team_may().contains(&"go_on"), "{stage:?}");
    });
}

#[test]
fn a_silent_party_is_noticed() {
    each(|stage, story| {
        story
            .team(aside::name_party(PartyRole::Upstream, false))
            .team(aside::told_party(1, LATER, false));
        story.tick_at("2026-06-09T08:00:00Z");
        let told = story.mails().contains(&(
            Recipient::Team,
            MailKind::Attention {
                at: Attention::PartySilent,
            },
        ));
        assert!(told, "{stage:?}");
        let page = story.case_page();
        assert!(page.waiting_on.contains("a party: Upstream"), "{stage:?}");
    });
}

#[test]
fn the_reporter_withdraws_and_accepted_work_goes_on() {
    each(|stage, story| {
        story.reporter(Command::Withdraw { message: None });
        let goes_on = !matches!(
            stage,
            Stage::Received
                | Stage::Acknowledged
                | Stage::NeedsInfo
                | Stage::Reopened
                | Stage::Triaged
                | Stage::Reproduced
                | Stage::Deferred
        );
        assert_eq!(story.stage() != Stage::Withdrawn, goes_on, "{stage:?}");
    });
}

#[test]
fn what_is_not_possible_says_why_and_what_is() {
    each(|stage, story| {
        let moves = story.team_moves();
        assert!(moves.iter().any(|m| m.blocked.is_none()), "{stage:?}");
        for m in &moves {
            let allowed = story.team_may().contains(&m.act);
            assert!(allowed || m.blocked.is_some(), "{stage:?} {}", m.act);
            if let Some(refusal) = &m.blocked {
                assert!(refusal.message.ends_with('.'), "{stage:?} {}", m.act);
                // What it names instead is possible now.
                for hint in &refusal.instead {
                    let acts = hint.acts;
                    let open = |act: &&str| {
                        let mut all = moves.iter();
                        all.any(|m| m.act == *act && m.blocked.is_none())
                    };
                    assert!(
                        acts.is_empty() || acts.iter().any(open),
                        "{stage:?} {hint:?}"
                    );
                }
            }
        }
        let find = |act: &str| moves.iter().find(|m| m.act == act).unwrap();
        assert!(find("publish").blocked.is_some(), "{stage:?}");
        // What is put aside ends after its review, or with the reporter's yes.
        assert!(find("close").blocked.is_some(), "{stage:?}");
        assert!(moves.iter().all(|m| m.act != "object" && m.act != "tick"));
    });
}
