//! The process, step by step, and what is asked of reporters.

use candor_base::RefusalCode;
use candor_case::{
    AttackFact, Command, EmbargoState, FixStatus, MailKind, MessageKind, Recipient, Stage,
};
use candor_ledger::{Firmness, KeyName, Receipt, ReceiptPromise, Salt, VerifierKey, sign, verify};
use candor_policy::model::{DisclosureKind, DutyKind, StepDemand, StepStage};
use candor_testkit::parts::{draft, draft_lacking, instant, text};
use candor_testkit::{Story, act, on_line};

const MONDAY: &str = "2026-06-01T08:00:00Z";

fn step(story: &Story, line: u32, number: u32, stage: StepStage) {
    let step = on_line(&story.policy().steps, line);
    assert_eq!(step.value.number, number);
    assert_eq!(step.value.stage, stage);
}

#[test]
fn s0_31_a_report_gets_a_signed_receipt_with_dates() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    step(&story, 49, 1, StepStage::Receipt);
    story.received_at(MONDAY);
    assert_eq!(story.log()[0].event.name(), "received");
    assert!(
        story
            .mails()
            .contains(&(Recipient::Reporter, MailKind::Receipt))
    );
    let case = story.state();
    let promises = case
        .clocks
        .values()
        .filter(|c| c.spec.is_promise())
        .map(|c| ReceiptPromise {
            milestone: serde_json::to_value(c.spec.milestone)
                .unwrap()
                .as_str()
                .unwrap()
                .parse()
                .unwrap(),
            due: c.due,
            firmness: Firmness::Commit,
            source: None,
        })
        .collect();
    let receipt = Receipt {
        case: case.facts.reference.clone(),
        program: case.facts.program.clone(),
        received: case.received,
        policy: case.facts.policy,
        report: case.facts.report.sha256,
        sealed: text("the report, sealed").sha256,
        salt: Salt::from_bytes([7; 32]),
        promises,
    };
    let name: KeyName = "story.example".parse().unwrap();
    let note = sign(&receipt, &name, &[9; 32]).unwrap();
    let key = VerifierKey::of_seed(&name, &[9; 32]).to_string();
    assert_eq!(verify(&note, &key).unwrap(), receipt);
    for due in [
        "acknowledgement by 2026-06-03T08:00:00Z",
        "assessment by 2026-06-08T23:59:59Z",
        "update by 2026-06-15T23:59:59Z",
        "disclosure by 2026-08-30T23:59:59Z",
    ] {
        assert!(note.contains(due), "{due} in\n{note}");
    }
    let forged = note.replace("2026-06-03", "2026-07-03");
    assert!(verify(&forged, &key).is_err());
}

#[test]
fn s0_32_acknowledged_and_under_investigation_are_seen_by_the_reporter() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    step(&story, 50, 2, StepStage::Acknowledgement);
    story.received_at(MONDAY);
    let done = |s: &Story, name: &str| {
        let steps = s.room().steps;
        steps.iter().find(|s| s.name == name).unwrap().done
    };
    assert!(!done(&story, "Acknowledged"));
    let before = story.room().status;
    story.at("2026-06-02T08:00:00Z").team(act::acknowledge());
    assert!(done(&story, "Acknowledged"));
    let status = story.room().status;
    assert_ne!(status, before);
    assert!(status.contains("looking into it"), "{status}");
    // What the team writes among itself is not there.
    story.team(act::note());
    assert_eq!(story.case_page().messages.len(), 2);
    assert_eq!(story.room().messages.len(), 1);
}

#[test]
fn s0_33_a_fix_that_is_ready_is_not_tested_and_not_released() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    let demands = &on_line(&story.policy().steps, 51).value.demands;
    assert!(demands.contains(&StepDemand::TestRecord));
    story.received_at(MONDAY).fix_ready();
    assert_eq!(story.stage(), Stage::FixReady);
    let branch = story.branch_names()[0].clone();
    story
        .team(act::release(&branch, "1.9.3"))
        .refused(RefusalCode::EvidenceMissing);
    let mut untested = act::fix_change(&branch, FixStatus::Tested);
    untested.test = None;
    story
        .team(Command::Fix(Box::new(untested)))
        .refused(RefusalCode::EvidenceMissing);
    story.team(act::fix(&branch, FixStatus::Tested));
    assert_eq!(story.stage(), Stage::Tested);
    story.team(act::release(&branch, "1.9.3"));
    assert_eq!(story.stage(), Stage::Released);
    assert!(story.state().fixes[0].test.is_some());
}

#[test]
fn s0_34_the_advisory_is_complete_before_a_date_is_fixed() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    step(&story, 52, 4, StepStage::AdvisoryDraft);
    story.received_at(MONDAY).accepted();
    let alone = || act::set_date_alone("2026-07-20T12:00:00Z");
    let notice = || act::say(MessageKind::DateNotice);
    story.team(alone()).refused(RefusalCode::AdvisoryIncomplete);
    story
        .team(notice())
        .refused(RefusalCode::AdvisoryIncomplete);
    story.team(act::save_draft(&draft_lacking(&["summary"])));
    story.team(alone()).refused(RefusalCode::AdvisoryIncomplete);
    story
        .team(notice())
        .refused(RefusalCode::AdvisoryIncomplete);
    story.team(act::save_draft(&draft())).team(alone());
    story.person(2, act::confirm_date("2026-07-20T12:00:00Z"));
    assert_eq!(
        story.state().embargo.until,
        Some(instant("2026-07-20T12:00:00Z"))
    );
}

#[test]
fn s0_35_nothing_is_published_before_the_reporter_was_told_the_date() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    step(&story, 53, 5, StepStage::DateNotice);
    story
        .received_at(MONDAY)
        .released()
        .team(act::save_draft(&draft()))
        .team(act::approve(&draft()))
        // The window of the policy is over.
        .at("2026-08-31T08:00:00Z")
        .person(2, act::publish(&draft()))
        .refused(RefusalCode::ReporterNotAsked);
    story
        .team(act::say(MessageKind::DateNotice))
        .person(2, act::publish(&draft()));
    assert_eq!(story.stage(), Stage::Disclosed);
}

#[test]
fn s0_36_release_and_advisory_are_one_plan_and_a_gap_is_warned_of() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    let demands = &on_line(&story.policy().steps, 54).value.demands;
    assert!(demands.contains(&StepDemand::Together));
    let warned = |s: &Story| {
        s.case_page()
            .alarms
            .iter()
            .any(|a| a.contains("not public"))
    };
    story
        .received_at(MONDAY)
        .date_agreed("2026-07-01T12:00:00Z")
        .tested()
        .team(act::approve(&draft()));
    assert!(!warned(&story));
    story.at("2026-06-29T12:00:00Z").released();
    assert!(warned(&story), "released two days before its advisory");
    story
        .at("2026-07-01T12:00:00Z")
        .person(2, act::publish(&draft()));
    assert!(!warned(&story));
    // Measured: both instants stay on the case.
    let case = story.state();
    let gap = case
        .advisory
        .published
        .unwrap()
        .seconds_since(case.fix_released.unwrap());
    assert_eq!(gap, 2 * 86_400);
}

#[test]
fn s0_37_the_reporter_is_free_from_the_agreed_date_and_not_before() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    step(&story, 55, 7, StepStage::ReporterFree);
    assert_eq!(
        on_line(&story.policy().disclosure, 55).value.rule,
        DisclosureKind::FreeAfterDate
    );
    story
        .received_at(MONDAY)
        .date_agreed("2026-07-01T12:00:00Z")
        // Released earlier: that alone frees nobody under this policy.
        .released()
        .tick_at("2026-07-01T11:59:59Z");
    assert_eq!(story.state().reporter_free_from, None);
    assert_eq!(story.room().free_to_publish, None);
    story.tick_at("2026-07-01T12:00:00Z");
    assert_eq!(
        story.state().reporter_free_from,
        Some(instant("2026-07-01T12:00:00Z"))
    );
    let said = story.room().free_to_publish.unwrap();
    assert!(said.contains("free to publish from"), "{said}");
    assert!(said.contains("2026"), "dated: {said}");
}

/// The duty is shown at intake and in the room, and accepted with the policy version.
fn duty(line: u32, kind: DutyKind) -> Option<Story> {
    let mut story = Story::seed(0)?;
    let clause = on_line(&story.policy().duties, line).clone();
    assert_eq!(clause.value.kind, kind);
    let shown = |lines: &[candor_access::view::ClauseLine]| {
        lines
            .iter()
            .any(|l| l.id == clause.id.0 && l.text == clause.quote)
    };
    assert!(shown(&story.form_page().duties), "at intake");
    story.received_with(MONDAY, |f| f.duties_accepted = true);
    assert!(shown(&story.room().duties), "in the room");
    assert!(story.state().facts.duties_accepted);
    assert_eq!(story.state().facts.policy, story.in_force().digest);
    Some(story)
}

#[test]
fn s0_41_reporters_allow_reasonable_time() {
    duty(60, DutyKind::ReasonableTime);
}

#[test]
fn s0_42_reporters_leave_others_data_alone_and_send_made_up_data() {
    let Some(story) = duty(61, DutyKind::NoDataAccess) else {
        return;
    };
    let form = story.form_page();
    assert!(
        form.fields.iter().any(|f| f.help.contains("made-up data")),
        "a hint on the form asks for made-up data"
    );
}

#[test]
fn s0_43_reporters_do_not_exploit_further_and_a_breach_is_a_persons_finding() {
    let Some(mut story) = duty(62, DutyKind::NoExploitation) else {
        return;
    };
    let duty = on_line(&story.policy().duties, 62).id.clone();
    let finding = |words: &str| Command::RecordBreach {
        duty: duty.clone(),
        finding: text(words),
    };
    story
        .system(finding("seen"))
        .refused(RefusalCode::NotAllowed);
    story
        .reporter(finding("seen"))
        .refused(RefusalCode::NotAllowed);
    story.team(finding("")).refused(RefusalCode::FieldMissing);
    let running = story.due("promise-1");
    story.team(finding("the log shows forty accounts read"));
    assert_eq!(story.state().breaches.len(), 1);
    assert_eq!(story.due("promise-1"), running, "clocks go on");
    story.acknowledged();
    assert!(story.is_met("promise-1"));
}

#[test]
fn s0_44_details_stay_private_until_a_patch_and_early_publication_is_known_public() {
    let Some(mut story) = duty(63, DutyKind::Confidential) else {
        return;
    };
    assert_eq!(
        on_line(&story.policy().disclosure, 63).value.rule,
        DisclosureKind::UntilFixed
    );
    let terms = story.room().embargo.unwrap();
    assert!(terms.contains("patch"), "the patch ends it: {terms}");
    assert_eq!(story.state().embargo.state, EmbargoState::Active);
    story.team(act::fact(AttackFact::Public));
    assert_eq!(story.state().embargo.state, EmbargoState::Exited);
    assert!(story.state().is_public_knowledge());
    assert!(
        story
            .mails()
            .contains(&(Recipient::Team, MailKind::EmbargoEnded))
    );
}
