//! In scope, and the exits out of it.

use candor_base::RefusalCode;
use candor_case::{
    FixStatus, Matter, MessageKind, PartyRole, RejectionGround, ScopeVerdict, Stage,
};
use candor_policy::form;
use candor_policy::model::{ContentKey, FixKind, ScopeTopic, Severity};
use candor_testkit::parts::{reasoned, valid};
use candor_testkit::{Story, act, aside, on_line};

const MONDAY: &str = "2026-06-01T08:00:00Z";

/// A report is judged in scope by the clause on this line, and the clause is cited.
fn in_scope(line: u32, topic: ScopeTopic, words: &[&str]) -> Option<Story> {
    let mut story = Story::seed(2)?;
    let item = on_line(&story.policy().in_scope, line).clone();
    assert_eq!(item.value.topic, topic);
    for word in words {
        assert!(item.quote.contains(word), "{word} in {}", item.quote);
    }
    let mut assessment = valid(Severity::High);
    assessment.scope = ScopeVerdict::In {
        clause: Some(item.id.clone()),
    };
    story.received_at(MONDAY).team(act::assess(assessment));
    let page = story.case_page().assessment.unwrap();
    assert_eq!(
        page.lines[0],
        ("Scope".to_owned(), format!("in scope: {}", item.quote))
    );
    // The same clause puts nothing out.
    story
        .team(act::reject_by(&item.id))
        .refused(RefusalCode::NotFound);
    Some(story)
}

#[test]
fn s2_17_vulnerable_dependencies_of_three_kinds_are_in_scope() {
    let kinds = ["Python", "Docker base images", "CI tooling"];
    let Some(mut story) = in_scope(47, ScopeTopic::Dependency, &kinds) else {
        return;
    };
    // Where the fix lies upstream: which project, and an update as the fix.
    let fields = form(story.in_force());
    assert!(fields.iter().any(|f| f.key == ContentKey::OtherProjects));
    story.accepted();
    let branch = story.branch_names()[0].clone();
    let mut change = act::fix_change(&branch, FixStatus::InDevelopment);
    change.kind = FixKind::DependencyUpdate;
    story.team(candor_case::Command::Fix(Box::new(change)));
    assert_eq!(story.state().fixes[0].kind, FixKind::DependencyUpdate);
    // The project upstream is told, and gets the fix (P-25).
    story
        .team(aside::name_party(PartyRole::Upstream, false))
        .team(aside::told_party(1, MONDAY, false))
        .team(aside::party_answered(1))
        .team(aside::share_fix(1, true));
    let upstream = story.state().around.hand_over(1).unwrap();
    assert_eq!(upstream.fix_shared, Some(true));
}

#[test]
fn s2_18_api_exposure_is_in_scope() {
    let words = ["input handling", "serialization", "deserialization"];
    in_scope(49, ScopeTopic::Component, &words);
}

#[test]
fn s2_19_container_configuration_is_in_scope() {
    let words = ["privileges", "base image flaws"];
    in_scope(51, ScopeTopic::Infrastructure, &words);
}

#[test]
fn s2_20_the_pipeline_of_this_repository_is_in_scope() {
    in_scope(53, ScopeTopic::Workflow, &["this repository"]);
    let Some(mut story) = Story::seed(2) else {
        return;
    };
    // Another repository's pipeline is a system of others.
    let others = on_line(&story.policy().out_of_scope, 59).id.clone();
    story.received_at(MONDAY).team(act::reject_by(&others));
    assert_eq!(story.stage(), Stage::OutOfScope);
}

/// The exit cites the clause on this line.
fn exit(line: u32, topic: ScopeTopic) -> Option<Story> {
    let mut story = Story::seed(2)?;
    let item = on_line(&story.policy().out_of_scope, line).clone();
    assert_eq!(item.value.topic, topic);
    assert!(
        story
            .form_page()
            .out_of_scope
            .iter()
            .any(|l| l.text == item.quote)
    );
    story.received_with(MONDAY, |f| f.warned_of = vec![item.id.clone()]);
    if topic == ScopeTopic::DenialOfService {
        story
            .team(act::reject_by(&item.id))
            .refused(RefusalCode::ReporterNotAsked);
        story
            .team(act::ask(&[ContentKey::Environment]))
            .reporter(act::supply(&[ContentKey::Environment]));
    }
    story.team(act::reject_by(&item.id));
    assert_eq!(
        story.state().rejection.as_ref().unwrap().ground,
        RejectionGround::OutOfScope {
            clause: item.id.clone()
        }
    );
    let decision = story.case_page().decision.unwrap();
    assert!(decision.contains(&item.quote), "{decision}");
    Some(story)
}

#[test]
fn s2_21_user_deployed_infrastructure_is_out_of_scope() {
    exit(57, ScopeTopic::ThirdParty);
}

#[test]
fn s2_22_misconfigured_systems_of_others_are_forwarded_with_consent() {
    let Some(mut story) = exit(59, ScopeTopic::ThirdParty) else {
        return;
    };
    // The exit does not end it: whoever runs the system may be told, with a yes.
    story.team(aside::name_party(PartyRole::Operator, true));
    let asked = story.room().questions;
    assert!(
        asked[0]
            .1
            .contains("hand your report over to a party: Operator")
    );
    let forward = aside::told_party(1, MONDAY, true);
    story.team(&forward).refused(RefusalCode::ReporterNotAsked);
    story
        .reporter(aside::agree(Matter::HandOver(1), true))
        .team(forward)
        .team(aside::end_party(1));
    assert!(story.state().around.hand_over(1).unwrap().with_report);
}

#[test]
fn s2_23_unrealistic_traffic_is_out_of_scope_once_the_traffic_is_known() {
    let Some(story) = exit(61, ScopeTopic::DenialOfService) else {
        return;
    };
    // The traffic that was judged stands in the question, the answer and the reasons.
    let kinds: Vec<MessageKind> = story.state().messages.iter().map(|m| m.kind).collect();
    assert_eq!(
        kinds,
        [
            MessageKind::Question,
            MessageKind::Plain,
            MessageKind::Decision
        ]
    );
    let reasons = &story.state().messages[2].message;
    assert_eq!(reasons.text, reasoned().text);
    assert!(
        story.room().messages.len() == 3,
        "the reporter reads all of it"
    );
}

#[test]
fn s2_24_physical_access_is_out_of_scope() {
    exit(63, ScopeTopic::PhysicalAccess);
}
