//! S4-22 to S4-32: the seven steps.

use candor_base::{RefusalCode, Span};
use candor_case::{
    Command, CveAct, Effect, FixStatus, MessageKind, RejectionGround, Stage, Verdict,
};
use candor_policy::model::{Milestone, PatchTarget, Severity, StepDemand, StepStage};
use candor_testkit::parts::{draft, instant, message_of, text, valid};
use candor_testkit::{Story, act, on_line};

const RECEIVED: &str = "2026-06-01T08:00:00Z";

fn received() -> Option<Story> {
    let mut story = Story::seed(4)?;
    story.received_at(RECEIVED);
    Some(story)
}

#[test]
fn s4_22_effects_and_criticality_are_both_determined() {
    let Some(mut story) = received() else { return };
    let step = on_line(&story.policy().steps, 51);
    assert_eq!(step.value.demands, [StepDemand::EffectsAndCriticality]);
    story.acknowledged();
    let mut a = valid(Severity::High);
    let effects = a.effects.take();
    story
        .team(act::assess(a.clone()))
        .refused(RefusalCode::EvidenceMissing);
    a.effects = effects;
    a.criticality = None;
    story
        .team(act::assess(a))
        .refused(RefusalCode::EvidenceMissing);
    story.team(act::assess(valid(Severity::High)));
    assert_eq!(story.stage(), Stage::Reproduced);
}

#[test]
fn s4_23_a_rejection_is_a_paragraph_that_names_its_ground_and_is_sent() {
    let Some(mut story) = received() else { return };
    assert_eq!(
        on_line(&story.policy().steps, 52).value.stage,
        StepStage::Rejection
    );
    let with = |chars| Command::Reject {
        ground: RejectionGround::NotAVulnerability,
        is_vulnerability: Verdict::No,
        reason: message_of(chars),
        keep_as_suggestion: false,
    };
    story.team(with(79)).refused(RefusalCode::FieldMissing);
    story.team(with(80));
    let rejection = story.state().rejection.clone().expect("a rejection");
    assert_eq!(rejection.ground, RejectionGround::NotAVulnerability);
    let sent = story.state().messages.last().expect("a message");
    assert_eq!(
        (sent.kind, sent.message.id),
        (MessageKind::Decision, rejection.reason)
    );
    assert!(
        !story.mails().is_empty(),
        "the reporter is told to come and read"
    );
}

#[test]
fn s4_24_a_conversation_within_three_days_which_a_plan_also_opens() {
    let Some(mut story) = received() else { return };
    assert_eq!(
        on_line(&story.policy().promises, 53).value.milestone,
        Milestone::Conversation
    );
    assert_eq!(story.due(Milestone::Conversation), "2026-06-04T23:59:59Z");
    story.team(act::say(MessageKind::Plain));
    assert!(story.is_met(Milestone::Conversation));
    assert!(!story.is_met(Milestone::Plan), "not the other way round");
    let Some(mut plan) = received() else { return };
    plan.team(act::plan());
    assert!(plan.is_met(Milestone::Conversation) && plan.is_met(Milestone::Plan));
}

#[test]
fn s4_25_the_release_waits_for_the_communication_plan() {
    let Some(mut story) = received() else { return };
    assert_eq!(
        on_line(&story.policy().steps, 54).value.stage,
        StepStage::CommunicationPlan
    );
    story.tested().team(act::mitigate(Some("switch it off")));
    let branch = story.branch_names().remove(0);
    story
        .team(act::release(&branch, "1.2.3"))
        .refused(RefusalCode::EvidenceMissing);
    story
        .team(act::plan_communication())
        .team(act::release(&branch, "1.2.3"));
    assert_eq!(story.stage(), Stage::Released);
}

#[test]
fn s4_26_mitigating_steps_or_none_known_before_the_release() {
    let Some(mut story) = received() else { return };
    assert_eq!(
        on_line(&story.policy().steps, 54).value.demands,
        [StepDemand::Mitigation]
    );
    // It may go out earlier: before anything is accepted.
    story.team(act::mitigate(Some("switch it off")));
    let Some(mut late) = received() else { return };
    late.tested().team(act::plan_communication());
    let branch = late.branch_names().remove(0);
    late.team(act::release(&branch, "1.2.3"))
        .refused(RefusalCode::EvidenceMissing);
    late.team(act::mitigate(None))
        .team(act::release(&branch, "1.2.3"));
    assert_eq!(late.state().mitigation, Some(None), "none known");
    assert!(story.state().mitigation.is_some());
}

#[test]
fn s4_27_the_calculator_is_3_0_and_the_vector_is_never_relabelled() {
    let Some(mut story) = received() else { return };
    let scoring = story.policy().scoring.clone().expect("a calculator");
    assert_eq!(
        (scoring.value.cvss.as_deref(), scoring.span),
        (Some("3.0"), Span::line(55))
    );
    let mut a = valid(Severity::High);
    let vector = "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N";
    a.cvss = Some(vector.to_owned());
    story.acknowledged().team(act::assess(a.clone()));
    let kept = story
        .state()
        .assessment
        .as_ref()
        .and_then(|(a, _, _)| a.cvss.clone());
    assert_eq!(kept.as_deref(), Some(vector));
    a.cvss = Some(String::from("CVSS:3.0/AV:N"));
    story
        .team(act::assess(a))
        .refused(RefusalCode::FieldInvalid);
}

#[test]
fn s4_28_maintainers_make_the_final_call_and_disagreement_blocks_nothing() {
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    let call = story
        .policy()
        .scoring
        .as_ref()
        .and_then(|s| s.value.final_call.clone());
    assert!(call.is_some_and(|c| c.contains("final call")));
    story.received_with(RECEIVED, |f| f.reporter_severity = Some(Severity::Critical));
    story.accepted_as(Severity::Low);
    let (assessment, author, _) = story.state().assessment.clone().expect("an assessment");
    assert_eq!(assessment.severity, Some(Severity::Low));
    assert!(
        matches!(author, candor_case::Actor::Team(_)),
        "with its author"
    );
    assert_eq!(
        story.state().facts.reporter_severity,
        Some(Severity::Critical),
        "shown beside it"
    );
    assert_eq!(story.stage(), Stage::Accepted);
}

#[test]
fn s4_30_a_draft_changes_nothing_that_the_public_sees() {
    let Some(mut story) = received() else { return };
    let step = on_line(&story.policy().steps, 55);
    assert_eq!(step.value.demands, [StepDemand::PrivateDraft]);
    story.accepted().team(act::save_draft(&draft()));
    assert!(story.effects().is_empty(), "{:?}", story.effects());
    story.team(act::approve(&draft()));
    assert!(!story.all_effects().contains(&Effect::Publish));
    assert_eq!(story.state().advisory.published, None);
}

#[test]
fn s4_31_internal_testing_is_recorded_before_the_release() {
    let Some(mut story) = received() else { return };
    assert!(
        on_line(&story.policy().steps, 56)
            .value
            .demands
            .contains(&StepDemand::TestRecord)
    );
    story
        .fix_ready()
        .team(act::mitigate(None))
        .team(act::plan_communication());
    let branch = story.branch_names().remove(0);
    story
        .team(act::release(&branch, "1.2.3"))
        .refused(RefusalCode::EvidenceMissing);
    story
        .team(act::fix(&branch, FixStatus::Tested))
        .team(act::release(&branch, "1.2.3"));
    assert!(story.state().fixes[0].test.is_some());
}

#[test]
fn s4_32_the_fix_goes_into_the_next_patch_or_minor_release_with_its_version() {
    let Some(mut story) = received() else { return };
    let targets: Vec<PatchTarget> = story
        .policy()
        .patch_targets
        .iter()
        .filter(|t| t.span == Span::line(57))
        .map(|t| t.value)
        .collect();
    assert_eq!(
        targets,
        [PatchTarget::NextPatchOrMinor, PatchTarget::AllSupported]
    );
    story.released();
    assert!(
        matches!(&story.state().fixes[0].status, FixStatus::Released { version } if version == "9.0.1")
    );
    assert!(story.is_met(Milestone::PatchRelease));
}

/// That the text of the request answers MITRE's form is shown on the case page, in
/// `a_request_for_a_cve_id_is_prepared_from_the_draft` of the use cases.
#[test]
fn s4_29_a_request_for_a_cve_id_is_kept_and_chased_and_nothing_waits_for_it() {
    let Some(mut story) = received() else { return };
    story.accepted().team(Command::Cve(CveAct::Request {
        from: text("MITRE"),
        at: instant(RECEIVED),
    }));
    let request = |story: &Story| story.state().cve.requests[0].clone();
    assert_eq!(request(&story).at, instant(RECEIVED), "the day it was sent");
    story.tick_at("2026-06-04T08:00:00Z");
    assert_eq!(request(&story).chased, 1, "72 hours without an answer");

    story.published_on("2026-06-20T10:00:00Z");
    assert!(story.state().advisory.published.is_some(), "nothing waited");
    assert!(request(&story).ended.is_none());

    let id: candor_base::CveId = "CVE-1900-0001".parse().unwrap();
    story.team(Command::Cve(CveAct::Assign { id: id.clone() }));
    assert!(story.state().cve.ids.contains_key(&id));
    assert!(request(&story).ended.is_some(), "answered by the id");
    assert!(
        story
            .room()
            .cve
            .iter()
            .any(|(shown, _)| *shown == id.to_string()),
        "the reporter is told the id"
    );
}
