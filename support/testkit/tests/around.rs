//! What surrounds a case: contexts worked out with others, parties it is handed over to,
//! suspected leaks.
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
    Attention, CloseReason, ContextKind, EmbargoState, HandOverWaits, MailKind, Matter, PartyRole,
    Recipient, RejectionGround, Stage, Verdict,
};
use candor_policy::model::{ContextFactor, Severity};
use candor_testkit::parts::{instant, valid};
use candor_testkit::{Story, act, aside};

const RECEIVED: &str = "2026-06-01T08:00:00Z";
const TEXT: &str = "# Security Policy of Example\n\n\
    Report to security@example.org.\n\n\
    We acknowledge reports within 48 hours.\n\
    We publish within 90 days of the report.\n";

fn story() -> Story {
    let mut story = Story::of_text(TEXT);
    story.received_at(RECEIVED);
    story
}

#[test]
fn a_factor_that_the_policy_works_out_has_a_party_and_an_outcome_before_the_decision() {
    let Some(mut story) = Story::seed(3) else {
        return;
    };
    story.received_at(RECEIVED).acknowledged();
    let mut assessment = valid(Severity::Medium);
    assessment.factors = vec![ContextFactor::Implementation, ContextFactor::Dependency];
    story.team(act::assess(assessment));
    let accept = act::accept(&["main"]);
    story.team(&accept).refused(RefusalCode::EvidenceMissing);
    story.team(aside::work_out(ContextKind::Implementation, None));
    story
        .team(aside::work_out(ContextKind::Implementation, Some("medium")))
        .refused(RefusalCode::ReporterNotAsked);
    story
        .reporter(act::write("It is the example application, unchanged."))
        .team(aside::work_out(ContextKind::Implementation, Some("medium")));
    story
        .team(act::reject(RejectionGround::NotAVulnerability, Verdict::No))
        .refused(RefusalCode::EvidenceMissing);
    story
        .team(aside::work_out(ContextKind::Dependency, Some("none")))
        .team(aside::work_out(
            ContextKind::Deployment,
            Some("only if rooted"),
        ));
    assert_eq!(story.state().around.contexts.len(), 3);
    story.team(accept);
    assert_eq!(story.stage(), Stage::Accepted);
}

#[test]
fn upstream_is_told_answers_and_gets_the_fix_and_the_case_waits_for_the_outcome() {
    let mut story = story();
    story.accepted();
    story
        .team(aside::told_party(1, RECEIVED, false))
        .refused(RefusalCode::NotFound);
    story.team(aside::name_party(PartyRole::Upstream, false));
    story
        .team(aside::name_party(PartyRole::Upstream, false))
        .refused(RefusalCode::AlreadyDone);
    story
        .team(aside::party_answered(1))
        .refused(RefusalCode::WrongStage);
    story
        .team(aside::told_party(1, "2026-06-02T08:00:00Z", false))
        .refused(RefusalCode::FieldInvalid);
    story
        .at("2026-06-02T08:00:00Z")
        .team(aside::told_party(1, "2026-06-01T20:00:00Z", false));
    let waits = |s: &Story| s.state().around.hand_over(1).unwrap().waits_for();
    assert_eq!(waits(&story), HandOverWaits::Party);
    // Its silence is noticed after 7, 14 and 30 days, each once.
    story.tick_at("2026-06-08T19:59:59Z");
    assert!(!story.events().contains(&"party_silent"));
    story.tick_at("2026-06-08T20:00:00Z");
    assert!(story.mails().contains(&(
        Recipient::Team,
        MailKind::Attention {
            at: Attention::PartySilent
        }
    )));
    story.tick_at("2026-07-05T08:00:00Z");
    let last = story.state().around.hand_over(1).unwrap().reminders;
    assert_eq!(last, 3, "after a long stop only the last reminder");
    assert_eq!(
        story
            .events()
            .iter()
            .filter(|e| **e == "party_silent")
            .count(),
        1
    );
    story.team(aside::party_answered(1));
    assert_eq!(waits(&story), HandOverWaits::Team);
    story.team(aside::share_fix(1, true));
    assert_eq!(
        story.state().around.hand_over(1).unwrap().fix_shared,
        Some(true)
    );
    story.published_on("2026-07-10T12:00:00Z");
    story
        .team(act::close(CloseReason::Disclosed))
        .refused(RefusalCode::WrongStage);
    story.team(aside::end_party(1));
    assert_eq!(waits(&story), HandOverWaits::Nobody);
    story
        .team(aside::party_answered(1))
        .refused(RefusalCode::WrongStage);
    story.team(act::close(CloseReason::Disclosed));
}

#[test]
fn the_report_itself_goes_to_nobody_without_the_reporters_yes() {
    let mut story = story();
    story
        .acknowledged()
        .team(aside::name_party(PartyRole::Operator, true));
    assert!(
        story
            .mails()
            .contains(&(Recipient::Reporter, MailKind::YouHaveAMessage))
    );
    let with_report = aside::told_party(1, RECEIVED, true);
    story
        .team(&with_report)
        .refused(RefusalCode::ReporterNotAsked);
    story.reporter(aside::agree(Matter::HandOver(1), false));
    story
        .team(&with_report)
        .refused(RefusalCode::ReporterNotAsked);
    story
        .team(aside::told_party(1, RECEIVED, false))
        .reporter(aside::agree(Matter::HandOver(1), true))
        .team(with_report);
    story
        .reporter(aside::agree(Matter::HandOver(1), false))
        .refused(RefusalCode::DeadlinePassed);
}

#[test]
fn a_suspected_leak_answers_three_questions_and_is_decided() {
    let mut story = story();
    story
        .team(aside::decide_leak(true))
        .refused(RefusalCode::WrongStage);
    story.team(aside::suspect_leak());
    assert!(story.mails().contains(&(
        Recipient::Team,
        MailKind::Attention {
            at: Attention::Leak
        }
    )));
    story
        .team(aside::suspect_leak())
        .refused(RefusalCode::AlreadyDone);
    story.team(aside::decide_leak(false));
    assert_eq!(story.state().embargo.state, EmbargoState::Active);
    // Another one, and in doubt the matter goes public.
    story
        .team(aside::suspect_leak())
        .at("2026-06-04T08:00:00Z")
        .team(aside::decide_leak(true));
    // One person alone ends no embargo, where there is another.
    assert_eq!(story.state().embargo.state, EmbargoState::Active);
    assert!(story.case_page().around.leak_open);
    story
        .team(aside::decide_leak(true))
        .refused(RefusalCode::SecondPersonNeeded);
    story.person(2, aside::decide_leak(true));
    assert_eq!(story.state().embargo.state, EmbargoState::Exited);
    assert_eq!(
        story.state().reporter_free_from,
        Some(instant("2026-06-04T08:00:00Z"))
    );
    assert!(!story.state().is_public_knowledge(), "nothing is claimed");
    story
        .team(act::propose_date("2026-07-01T00:00:00Z"))
        .refused(RefusalCode::EmbargoImpossible);
}
