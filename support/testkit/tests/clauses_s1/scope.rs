//! S1-22 to S1-28: in scope and out of it.

use candor_base::RefusalCode;
use candor_case::{RejectionGround, Stage, Verdict};
use candor_policy::model::{ContentKey, ScopeTopic};
use candor_policy::{ScopeMatch, scope_match};
use candor_testkit::{Story, act, on_line};

fn in_scope_name<'a>(story: &'a Story, path: &str) -> &'a str {
    match scope_match(story.policy(), path) {
        Some(ScopeMatch::In(clause)) => &clause.value.name,
        other => panic!("{path} is not in scope: {other:?}"),
    }
}

#[test]
fn s1_22_paths_of_the_policy_match_paths_of_a_report() {
    let Some(story) = Story::seed(1) else { return };
    assert_eq!(in_scope_name(&story, "apps/web/src/login.tsx"), "apps/web");
    assert_eq!(
        in_scope_name(&story, "apps/api/routes/users.py"),
        "apps/api"
    );
    assert_eq!(in_scope_name(&story, "workers/otx/pull.py"), "workers/*");
    assert_eq!(
        in_scope_name(&story, "packages/shared/index.ts"),
        "packages/*"
    );
    assert!(scope_match(story.policy(), "docs/readme.md").is_none());
    assert!(
        scope_match(story.policy(), "apps/webhook/x").is_none(),
        "a name is no prefix"
    );
}

#[test]
fn s1_23_container_configuration_is_infrastructure_in_scope() {
    let Some(story) = Story::seed(1) else { return };
    let clause = match scope_match(story.policy(), "infra/docker-compose.yml") {
        Some(ScopeMatch::In(clause)) => clause,
        other => panic!("not in scope: {other:?}"),
    };
    assert_eq!(clause.value.topic, ScopeTopic::Infrastructure);
    assert_eq!(clause.span.first, 34);
}

#[test]
fn s1_24_workflows_are_in_scope_as_workflow() {
    let Some(story) = Story::seed(1) else { return };
    let workflows: Vec<_> = story
        .policy()
        .in_scope
        .iter()
        .filter(|c| c.value.topic == ScopeTopic::Workflow)
        .collect();
    assert_eq!(workflows.len(), 1);
    assert!(workflows[0].value.detail.contains("secrets exposure"));
}

/// The exit cites this clause and closes nothing else.
fn exit_by(line: u32, topic: ScopeTopic) {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    let clause = on_line(&story.policy().out_of_scope, line).clone();
    assert_eq!(clause.value.topic, topic);
    story.received_at("2026-06-01T08:00:00Z");
    if topic == ScopeTopic::DenialOfService {
        story
            .team(act::reject_by(&clause.id))
            .refused(RefusalCode::ReporterNotAsked);
        story
            .team(act::ask(&[ContentKey::Steps]))
            .reporter(act::supply(&[ContentKey::Steps]));
    }
    story.team(act::reject_by(&clause.id));
    assert_eq!(story.stage(), Stage::OutOfScope);
    let rejection = story.state().rejection.clone().expect("a rejection");
    assert_eq!(
        rejection.ground,
        RejectionGround::OutOfScope { clause: clause.id }
    );
}

#[test]
fn s1_25_third_party_services_are_out_of_scope() {
    exit_by(36, ScopeTopic::ThirdParty);
    let Some(story) = Story::seed(1) else { return };
    assert!(
        on_line(&story.policy().out_of_scope, 36)
            .quote
            .contains("AlienVault OTX"),
        "whom to tell"
    );
}

#[test]
fn s1_26_social_engineering_is_out_of_scope() {
    exit_by(37, ScopeTopic::SocialEngineering);
}

#[test]
fn s1_27_denial_of_service_is_out_of_scope_after_asking_for_a_flaw_in_code() {
    exit_by(38, ScopeTopic::DenialOfService);
}

#[test]
fn s1_28_public_dependency_issues_go_upstream_and_others_stay() {
    exit_by(39, ScopeTopic::Dependency);
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    let clause = on_line(&story.policy().out_of_scope, 39).clone();
    assert!(clause.quote.contains("relevant upstream project"));
    let known = |id: &str| {
        act::reject(
            RejectionGround::KnownUpstream {
                clause: Some(candor_testkit::parts::clause(id)),
            },
            Verdict::Yes,
        )
    };
    story.received_at("2026-06-01T08:00:00Z");
    story
        .team(known("out-of-scope-77"))
        .refused(RefusalCode::NotFound);
    story.team(known(&clause.id.0));
    assert_eq!(story.stage(), Stage::Rejected);
    // One that is not public yet is taken like any other.
    let Some(mut unknown) = Story::seed(1) else {
        return;
    };
    unknown.received_at("2026-06-01T08:00:00Z").accepted();
    assert_eq!(unknown.stage(), Stage::Accepted);
}
