//! Supported versions, scope and the exits out of it.

use candor_base::RefusalCode;
use candor_case::{
    FixStatus, MailKind, Recipient, RejectionGround, ScopeVerdict, Stage, SupportClaim,
    SupportedTest, Verdict,
};
use candor_policy::model::{
    CompareOp, ContentKey, FixKind, ScopeTopic, Severity, Support, VersionRange,
};
use candor_policy::settings::{Release, Settings};
use candor_policy::{SupportAnswer, branches, form, severity_for, support};
use candor_testkit::parts::valid;
use candor_testkit::{Story, act, on_line};

const MONDAY: &str = "2026-06-01T08:00:00Z";

fn release(version: &str, supported: Option<bool>) -> Release {
    Release {
        version: version.to_owned(),
        supported,
        date: None,
    }
}

#[test]
fn s0_01_only_1_x_is_supported_and_0_9_leads_to_its_own_path() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    let one = on_line(&story.policy().versions, 4).clone();
    let old = on_line(&story.policy().versions, 5).clone();
    assert_eq!(one.value.label, "1.x.x");
    assert_eq!(one.value.range, VersionRange::Prefix { parts: vec![1] });
    assert_ne!(one.value.support, Support::None);
    assert_eq!(old.value.label, "< 1.0");
    assert_eq!(
        old.value.range,
        VersionRange::Compare {
            op: CompareOp::Less,
            parts: vec![1, 0]
        }
    );
    assert_eq!(old.value.support, Support::None);
    assert_eq!(
        support(story.in_force(), "1.4"),
        SupportAnswer::Supported {
            clause: Some(one.id.clone())
        }
    );
    let SupportAnswer::Unsupported { clause, advice } = support(story.in_force(), "0.9") else {
        panic!("0.9 is not supported");
    };
    assert_eq!(clause, Some(old.id.clone()));
    assert!(advice.contains("supported"), "{advice}");

    // A report on 0.9 is turned down only after a test on a supported version was asked for.
    story.received_with(MONDAY, |f| {
        f.support = SupportClaim::Unsupported {
            clause: old.id.clone(),
            tried_supported: None,
        };
    });
    let ground = RejectionGround::UnsupportedVersion {
        clause: old.id,
        tested: SupportedTest::NotSaid,
    };
    story
        .team(act::reject(ground.clone(), Verdict::Unclear))
        .refused(RefusalCode::ReporterNotAsked);
    story
        .team(act::ask(&[ContentKey::Versions]))
        .reporter(act::supply(&[ContentKey::Versions]))
        .team(act::reject(ground, Verdict::Unclear));
    assert_eq!(story.stage(), Stage::UnsupportedVersion);

    // The row that says 1.4 is supported turns nothing down.
    let mut other = Story::seed(0).unwrap();
    other
        .received_at(MONDAY)
        .team(act::reject(
            RejectionGround::UnsupportedVersion {
                clause: one.id,
                tested: SupportedTest::NotSaid,
            },
            Verdict::Unclear,
        ))
        .refused(RefusalCode::NotFound);
}

#[test]
fn s0_02_patches_go_to_the_latest_minor_of_each_supported_major() {
    let settings = Settings {
        releases: vec![
            release("2.1.0", Some(true)),
            release("2.0.3", Some(true)),
            release("1.9.2", None),
            release("1.8.0", None),
            release("0.9.1", None),
        ],
        ..Settings::default()
    };
    let Some(mut story) = Story::seed_with(0, settings) else {
        return;
    };
    assert_eq!(story.policy().patch_targets[0].span.first, 6);
    let rows: Vec<(String, Option<String>)> = branches(story.in_force())
        .into_iter()
        .map(|b| (b.label, b.latest))
        .collect();
    assert_eq!(
        rows,
        [
            ("2.x".to_owned(), Some("2.1.0".to_owned())),
            ("1.x".to_owned(), Some("1.9.2".to_owned())),
        ]
    );

    story.received_at(MONDAY).tested();
    assert_eq!(story.branch_names(), ["2.x", "1.x"]);
    // 1.8 is not the latest minor of 1.x: the row stays open.
    story
        .team(act::release("1.x", "1.8.1"))
        .refused(RefusalCode::FieldInvalid);
    story.team(act::release("1.x", "1.9.3"));
    assert!(story.state().fix_released.is_none(), "2.x is still open");
    story.team(act::release("2.x", "2.1.1"));
    assert!(story.state().fix_released.is_some());
}

#[test]
fn s0_03_the_four_parts_of_the_product_are_components() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    let parts = [
        (8, "Backend API"),
        (9, "Frontend"),
        (10, "Database"),
        (11, "Worker Processes"),
    ];
    let fields = form(story.in_force());
    let field = fields
        .iter()
        .find(|f| f.key == ContentKey::Component)
        .unwrap();
    for (line, name) in parts {
        let item = on_line(&story.policy().in_scope, line);
        assert_eq!(item.value.name, name);
        assert_eq!(item.value.topic, ScopeTopic::Component);
        assert!(field.choices.iter().any(|c| c == name), "{name}");
    }
    let database = on_line(&story.policy().in_scope, 10).id.clone();
    let forks = on_line(&story.policy().out_of_scope, 16).id.clone();
    story.received_with(MONDAY, |f| f.component = Some(database.clone()));
    let mut assessment = valid(Severity::High);
    assessment.scope = ScopeVerdict::In {
        clause: Some(forks),
    };
    story
        .team(act::assess(assessment.clone()))
        .refused(RefusalCode::NotFound);
    assessment.scope = ScopeVerdict::In {
        clause: Some(database.clone()),
    };
    story.team(act::assess(assessment));
    let (assessed, _, _) = story.state().assessment.clone().unwrap();
    assert_eq!(
        assessed.scope,
        ScopeVerdict::In {
            clause: Some(database)
        }
    );
}

#[test]
fn s0_04_the_official_images_are_a_component_of_their_own() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    let images = on_line(&story.policy().in_scope, 12).clone();
    assert_eq!(images.value.topic, ScopeTopic::ContainerImage);
    assert_eq!(
        images.value.detail,
        "Official Docker images published by the project"
    );
    let alike = story
        .policy()
        .in_scope
        .iter()
        .filter(|c| c.value.topic == ScopeTopic::ContainerImage);
    assert_eq!(alike.count(), 1);
    // An image built by someone else is a modified version: its own exit, not this clause.
    let forks = on_line(&story.policy().out_of_scope, 16).id.clone();
    assert_ne!(forks, images.id);
    story
        .received_with(MONDAY, |f| f.component = Some(images.id.clone()))
        .team(act::reject_by(&images.id))
        .refused(RefusalCode::NotFound);
    story.team(act::reject_by(&forks));
    assert_eq!(story.stage(), Stage::OutOfScope);
}

#[test]
fn s0_05_a_dependency_is_named_with_its_version_and_may_be_fixed_by_an_update() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    let item = on_line(&story.policy().in_scope, 13);
    assert_eq!(item.value.topic, ScopeTopic::Dependency);
    let fields = form(story.in_force());
    let field = fields
        .iter()
        .find(|f| f.key == ContentKey::OtherProjects)
        .expect("a field for the dependency");
    let asks = format!("{} {}", field.label, field.help).to_lowercase();
    assert!(
        asks.contains("dependency") && asks.contains("name") && asks.contains("version"),
        "{asks}"
    );
    story.received_at(MONDAY).accepted();
    let branch = story.branch_names()[0].clone();
    let mut change = act::fix_change(&branch, FixStatus::InDevelopment);
    change.kind = FixKind::DependencyUpdate;
    story.team(candor_case::Command::Fix(Box::new(change)));
    assert_eq!(story.state().fixes[0].kind, FixKind::DependencyUpdate);
}

/// The form warns of the clause, sending is never blocked, the exit cites it.
fn out_of_scope_exit(line: u32, topic: ScopeTopic, asked_first: bool) -> Option<()> {
    let mut story = Story::seed(0)?;
    let item = on_line(&story.policy().out_of_scope, line).clone();
    assert_eq!(item.value.topic, topic);
    let form = story.form_page();
    let warning = form
        .out_of_scope
        .iter()
        .find(|l| l.id == item.id.0)
        .expect("a warning on the form");
    assert_eq!(warning.text, item.quote);
    assert_eq!(
        warning.lines.as_deref(),
        Some(format!("line {line}").as_str())
    );

    story.received_with(MONDAY, |f| f.warned_of = vec![item.id.clone()]);
    assert_eq!(story.stage(), Stage::Received);
    assert_eq!(
        story.case_page().report.warned_of,
        std::slice::from_ref(&item.quote)
    );
    if asked_first {
        story
            .team(act::reject_by(&item.id))
            .refused(RefusalCode::ReporterNotAsked);
        story
            .team(act::ask(&[ContentKey::Description]))
            .reporter(act::supply(&[ContentKey::Description]));
    }
    story.team(act::reject_by(&item.id));
    let rejection = story.state().rejection.clone().unwrap();
    assert_eq!(
        rejection.ground,
        RejectionGround::OutOfScope {
            clause: item.id.clone()
        }
    );
    let decision = story.case_page().decision.expect("a decision is shown");
    assert!(decision.contains(&item.quote), "{decision}");
    Some(())
}

/// Where a report goes that belongs elsewhere, as the form says it beside the clause.
fn pointer(line: u32) -> Option<String> {
    let story = Story::seed(0)?;
    let id = on_line(&story.policy().out_of_scope, line).id.0.clone();
    let form = story.form_page();
    let warning = form.out_of_scope.into_iter().find(|l| l.id == id)?;
    Some(warning.note.unwrap_or_default())
}

#[test]
fn s0_06_third_party_hosting_is_out_of_scope() {
    out_of_scope_exit(15, ScopeTopic::ThirdParty, false);
}

#[test]
fn s0_07_forks_are_out_of_scope_and_their_owner_is_the_one_to_tell() {
    out_of_scope_exit(16, ScopeTopic::Fork, false);
    if let Some(pointer) = pointer(16) {
        assert!(pointer.contains("fork"), "{pointer}");
    }
}

#[test]
fn s0_08_dependencies_not_integrated_are_out_of_scope_and_belong_upstream() {
    out_of_scope_exit(17, ScopeTopic::Dependency, false);
    if let Some(pointer) = pointer(17) {
        assert!(pointer.contains("upstream"), "{pointer}");
    }
}

#[test]
fn s0_09_social_engineering_is_out_of_scope_and_must_not_be_tested() {
    out_of_scope_exit(18, ScopeTopic::SocialEngineering, false);
    if let Some(pointer) = pointer(18) {
        assert!(pointer.contains("not test"), "{pointer}");
    }
}

#[test]
fn s0_10_denial_of_service_on_the_infrastructure_is_not_that_in_the_product() {
    // A flaw in the product may be behind it, so the reporter is asked first.
    out_of_scope_exit(19, ScopeTopic::DenialOfService, true);
    let Some(story) = Story::seed(0) else { return };
    assert_eq!(
        severity_for(story.policy(), "denial of service"),
        Some(Severity::Medium)
    );
    let rated = on_line(&story.policy().severities, 46);
    let out = on_line(&story.policy().out_of_scope, 19);
    assert_ne!(rated.id, out.id);
}

#[test]
fn s0_11_every_report_gets_an_id_a_clock_and_thanks() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    let said = on_line(&story.policy().statements, 20);
    assert!(said.quote.contains("appreciate responsible disclosure"));
    let page = story.policy_page();
    let shown = page.sections.iter().find(|s| s.id == "statements").unwrap();
    assert!(
        shown
            .lines
            .iter()
            .any(|l| l.lines.as_deref() == Some("line 20"))
    );

    // The barest report there is.
    story.received_with(MONDAY, |f| {
        f.given.clear();
        f.missing = [ContentKey::Description, ContentKey::Impact].into();
    });
    assert_eq!(story.stage(), Stage::Received);
    let reference = story.state().facts.reference.to_string();
    assert_eq!(story.room().reference, reference);
    assert_eq!(story.due("promise-1"), "2026-06-03T08:00:00Z");
    // The first letter is the one that thanks and gives the number.
    assert!(
        story
            .mails()
            .contains(&(Recipient::Reporter, MailKind::Receipt))
    );
}
