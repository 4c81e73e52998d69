//! S3-01 to S3-12: what a report must hold, and how it is assessed.

use std::collections::BTreeMap;

use candor_base::{RefusalCode, Span};
use candor_case::{
    Acceptance, CloseReason, Command, ContextKind, RejectionGround, ReportState, Stage, Verdict,
    WaitingOn,
};
use candor_policy::model::{ChannelKind, ContentKey, ContextFactor, Demand, Milestone, Severity};
use candor_policy::{complete, form, not_yet_run};
use candor_testkit::parts::{lacks, message, text, valid};
use candor_testkit::{Story, act, aside, on_line};

const RECEIVED: &str = "2026-06-01T08:00:00Z";

/// The five required items, as fields.
const REQUIRED: [ContentKey; 6] = [
    ContentKey::Description,
    ContentKey::Component,
    ContentKey::Steps,
    ContentKey::Evidence,
    ContentKey::Environment,
    ContentKey::Impact,
];

fn lacking(keys: &[ContentKey]) -> Option<Story> {
    let mut story = Story::seed(3)?;
    let policy = story.in_force().clone();
    story.received_with(RECEIVED, |f| lacks(f, &policy, keys));
    Some(story)
}

#[test]
fn s3_01_products_and_protected_applications_by_mail() {
    let Some(story) = Story::seed(3) else { return };
    let channel = on_line(&story.policy().channels, 10);
    assert_eq!(
        (channel.value.kind, channel.value.value.as_deref()),
        (ChannelKind::Email, Some("security@promon.io"))
    );
    assert!(
        not_yet_run(story.policy())
            .iter()
            .any(|(id, _, _)| *id == channel.id)
    );
    let choice = form(story.in_force())
        .into_iter()
        .find(|f| f.key == ContentKey::Component)
        .expect("a choice of product");
    assert_eq!(
        choice.choices,
        ["Promon products", "Promon-protected application"]
    );
}

#[test]
fn s3_02_completeness_decides_whether_assessment_may_start() {
    let Some(mut story) = lacking(&REQUIRED) else {
        return;
    };
    story.acknowledged();
    for key in REQUIRED {
        story
            .team(act::assess(valid(Severity::High)))
            .refused(RefusalCode::ContentsMissing);
        story.reporter(act::supply(&[key]));
    }
    story.team(act::assess(valid(Severity::High)));
    assert_eq!(story.stage(), Stage::Reproduced);
}

/// The item on this line is mandatory and, alone, holds the assessment up.
fn mandatory(line: u32, keys: &[ContentKey]) {
    let Some(story) = Story::seed(3) else { return };
    let found: Vec<ContentKey> = story
        .policy()
        .contents
        .iter()
        .filter(|c| c.span == Span::line(line))
        .map(|c| {
            assert_eq!(c.value.demand, Demand::Mandatory);
            c.value.key
        })
        .collect();
    assert_eq!(found, keys);
    let none = complete(story.in_force(), &BTreeMap::new(), 0);
    for key in keys {
        assert!(none.missing_mandatory.contains(key), "{key:?}");
        let Some(mut story) = lacking(&[*key]) else {
            return;
        };
        story.acknowledged();
        story
            .team(act::assess(valid(Severity::High)))
            .refused(RefusalCode::ContentsMissing);
    }
}

#[test]
fn s3_03_a_clear_description_and_affected_components() {
    mandatory(17, &[ContentKey::Description, ContentKey::Component]);
}

#[test]
fn s3_04_step_by_step_reproduction() {
    mandatory(19, &[ContentKey::Steps]);
}

#[test]
fn s3_05_supporting_evidence_by_text_or_file() {
    mandatory(21, &[ContentKey::Evidence]);
    let Some(story) = Story::seed(3) else { return };
    let with_file = complete(story.in_force(), &BTreeMap::new(), 1);
    assert!(
        with_file.present.contains(&ContentKey::Evidence),
        "a file is evidence"
    );
    let words = BTreeMap::from([(ContentKey::Evidence, String::from("the log says so"))]);
    assert!(
        complete(story.in_force(), &words, 0)
            .present
            .contains(&ContentKey::Evidence)
    );
}

#[test]
fn s3_06_test_environment_and_configuration() {
    mandatory(23, &[ContentKey::Environment]);
}

#[test]
fn s3_07_an_assessment_of_potential_impact() {
    mandatory(25, &[ContentKey::Impact]);
}

#[test]
fn s3_08_without_enough_detail_a_report_is_taken_in_asked_about_and_not_progressed() {
    let Some(mut story) = lacking(&[ContentKey::Steps, ContentKey::Evidence]) else {
        return;
    };
    let rule = story.policy().incomplete_rule.clone().expect("the rule");
    assert_eq!(rule.span, Span::line(28));
    assert_eq!(story.stage(), Stage::Received, "taken in all the same");
    assert_eq!(
        story.due(Milestone::Acknowledgement),
        "2026-06-04T23:59:59Z"
    );
    story.acknowledged();
    assert!(story.is_met(Milestone::Acknowledgement));
    let incomplete = act::reject(RejectionGround::Incomplete, Verdict::Unclear);
    story
        .team(&incomplete)
        .refused(RefusalCode::ReporterNotAsked);
    story.team(act::ask(&[ContentKey::Steps, ContentKey::Evidence]));
    assert_eq!(
        (story.stage(), story.state().waiting_on),
        (Stage::NeedsInfo, WaitingOn::Reporter)
    );
    story.reporter(act::supply(&[ContentKey::Steps]));
    story.team(act::assess(valid(Severity::High)));
    let refusal = story.refusal_of_last_step();
    assert!(refusal.message.contains("supporting evidence") && !refusal.message.contains("steps"));
    assert!(refusal.instead.iter().any(|i| i.words.contains("waive")));
    // Silence: three reminders, then the end, which an answer undoes.
    story.team(act::ask(&[ContentKey::Evidence]));
    story.team(&incomplete).refused(RefusalCode::TooEarly);
    for (day, number) in [("2026-06-08", 1), ("2026-06-15", 2), ("2026-07-01", 3)] {
        story.tick_at(&format!("{day}T08:00:00Z"));
        assert_eq!(story.state().reminders, number);
    }
    story.team(&incomplete);
    story
        .at("2026-07-16T08:00:00Z")
        .team(act::close(CloseReason::Rejected));
    story
        .at("2026-07-20T08:00:00Z")
        .reporter(act::supply(&[ContentKey::Evidence]));
    assert_eq!(
        (story.state().episode, story.state().report),
        (2, ReportState::Received)
    );
    story.team(act::assess(valid(Severity::High)));
    // What is waived is named.
    let Some(mut waived) = lacking(&[ContentKey::Evidence]) else {
        return;
    };
    waived.acknowledged().team(Command::Waive {
        items: [ContentKey::Evidence].into(),
    });
    waived
        .team(act::assess(valid(Severity::High)))
        .team(Command::Accept(Acceptance {
            waived: [].into(),
            branches: vec![String::from("latest release")],
            target_release: None,
            message: message("We take it."),
        }));
    assert!(waived.state().waived.contains(&ContentKey::Evidence));
}

#[test]
fn s3_09_the_assessment_states_the_deployment_condition() {
    let Some(mut story) = lacking(&[]) else {
        return;
    };
    assert_eq!(story.policy().assessment_basis[0].span, Span::line(31));
    story.acknowledged();
    let mut a = valid(Severity::High);
    a.deployment = None;
    story
        .team(act::assess(a.clone()))
        .refused(RefusalCode::EvidenceMissing);
    a.deployment = Some(text("a rooted phone, protection at its defaults"));
    story.team(act::assess(a.clone()));
    let kept = story
        .state()
        .assessment
        .as_ref()
        .map(|(kept, _, _)| kept.deployment);
    assert_eq!(kept, Some(a.deployment));
}

/// The factor of the policy is recorded with the assessment, and its context stated.
fn factor(line: u32, factor: ContextFactor, kind: ContextKind) {
    let Some(mut story) = lacking(&[]) else {
        return;
    };
    assert_eq!(on_line(&story.policy().context_factors, line).value, factor);
    story.acknowledged();
    let mut a = valid(Severity::Medium);
    a.factors = vec![factor];
    a.deployment = None;
    story
        .team(act::assess(a.clone()))
        .refused(RefusalCode::EvidenceMissing);
    a.deployment = Some(text("the context as worked out with the reporter"));
    story.team(act::assess(a));
    let kept = story
        .state()
        .assessment
        .as_ref()
        .map(|(kept, _, _)| kept.factors.clone());
    assert_eq!(kept, Some(vec![factor]));
    // Worked out with the reporter and a named party before the decision.
    let accept = act::accept(&["main"]);
    story.team(&accept).refused(RefusalCode::EvidenceMissing);
    story
        .reporter(act::write("It was the application of a customer."))
        .team(aside::work_out(kind, Some("medium there, none by default")))
        .team(accept);
    let page = story.case_page();
    let context = &page.around.contexts[0];
    assert_eq!(context.party, "the vendor of the wallet application");
    assert!(context.outcome.is_some());
}

#[test]
fn s3_10_application_implementation_is_a_recorded_factor() {
    factor(
        35,
        ContextFactor::Implementation,
        ContextKind::Implementation,
    );
}

#[test]
fn s3_11_configuration_choices_are_a_recorded_factor() {
    factor(37, ContextFactor::Configuration, ContextKind::Configuration);
}

#[test]
fn s3_12_external_dependencies_are_a_recorded_factor() {
    factor(39, ContextFactor::Dependency, ContextKind::Dependency);
}
