//! S1-01 to S1-12: versions, channels, contents.

use candor_base::{RefusalCode, Span};
use candor_case::{Actor, CaseClock, EmbargoState, MailKind, Recipient, SupportClaim};
use candor_policy::model::{
    ChannelKind, ContentKey, Demand, DisclosureKind, PatchTarget, Severity, Support, VersionRange,
};
use candor_policy::{
    FormField, SupportAnswer, branches, complete, form, lint, not_yet_run, support,
};
use candor_testkit::parts::{lacks, public_place};
use candor_testkit::{Story, act, on_line};
use std::collections::BTreeMap;

pub(crate) fn field(story: &Story, key: ContentKey) -> FormField {
    form(story.in_force())
        .into_iter()
        .find(|f| f.key == key)
        .expect("this field is on the form")
}

#[test]
fn s1_01_only_the_latest_release_on_main_gets_fixes() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    let versions = &story.policy().versions;
    let latest = on_line(versions, 5);
    assert_eq!(
        latest.span,
        Span::lines(5, 6),
        "the row broken over two lines"
    );
    assert_eq!(latest.value.support, Support::Full);
    assert!(matches!(&latest.value.range, VersionRange::Latest { branch: Some(b) } if b == "main"));
    let older = on_line(versions, 7);
    assert_eq!(
        (older.value.range.clone(), older.value.support),
        (VersionRange::Older, Support::None)
    );
    assert_eq!(
        story.policy().patch_targets[0].value,
        PatchTarget::LatestOnly
    );
    assert_eq!(branches(story.in_force()).len(), 1);
    story.received_at("2026-06-01T08:00:00Z").accepted();
    assert_eq!(story.branch_names(), ["main (latest)"]);
}

#[test]
fn s1_02_an_older_version_is_asked_to_try_the_latest_and_may_still_send() {
    let releases = ["2.4.0", "2.3.9"]
        .map(|version| candor_policy::Release {
            version: version.to_owned(),
            supported: None,
            date: None,
        })
        .to_vec();
    let settings = candor_policy::Settings {
        releases,
        ..candor_policy::Settings::default()
    };
    let Some(mut story) = Story::seed_with(1, settings) else {
        return;
    };
    let SupportAnswer::Unsupported { clause, advice } = support(story.in_force(), "2.3.9") else {
        panic!("an older release is not supported");
    };
    assert!(advice.contains("upgrade before reporting"), "{advice}");
    assert!(matches!(
        support(story.in_force(), "2.4.0"),
        SupportAnswer::Supported { .. }
    ));
    assert!(
        form(story.in_force())
            .iter()
            .any(|f| f.key == ContentKey::Versions)
    );
    let row = on_line(&story.policy().versions, 7).id.clone();
    assert_eq!(clause.as_ref(), Some(&row));
    story.received_with("2026-06-01T08:00:00Z", |f| {
        f.support = SupportClaim::Unsupported {
            clause: row.clone(),
            tried_supported: Some(false),
        };
    });
    assert_eq!(
        story.due("promise-1"),
        "2026-06-03T23:59:59Z",
        "sent all the same"
    );
    assert!(matches!(
        story.state().facts.support,
        SupportClaim::Unsupported {
            tried_supported: Some(false),
            ..
        }
    ));
}

#[test]
fn s1_03_report_privately_first_and_say_whether_it_is_public() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    let rule = on_line(&story.policy().disclosure, 8);
    assert_eq!(rule.value.rule, DisclosureKind::PrivateFirst);
    story.received_with("2026-06-01T08:00:00Z", |f| {
        f.public = Some(public_place("a blog, since 30 May"));
    });
    assert!(story.state().is_public_knowledge());
    assert_eq!(story.state().embargo.state, EmbargoState::None);
    assert!(
        story
            .mails()
            .contains(&(Recipient::Team, MailKind::AlreadyPublic))
    );
}

#[test]
fn s1_04_no_public_issue_since_that_puts_users_at_risk() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    let bans = &story.policy().public_ban;
    assert!(
        on_line(bans, 9)
            .quote
            .contains("Do not open a public GitHub Issue")
    );
    assert!(on_line(bans, 10).quote.contains("puts all users at risk"));
    let public = |k: ChannelKind| k == ChannelKind::PublicIssue;
    assert!(!story.policy().channels.iter().any(|c| public(c.value.kind)));
    // An issue that was opened all the same is handed in as known to the public.
    let mut facts = candor_testkit::parts::facts(story.in_force());
    facts.channel = candor_case::IntakeChannel::HandedIn;
    facts.public = Some(public_place("issue 12, since this morning"));
    story.team(candor_case::Command::Receive(Box::new(facts)));
    assert!(story.state().is_public_knowledge());
    story
        .team(act::propose_date("2026-07-01T00:00:00Z"))
        .refused(RefusalCode::EmbargoImpossible);
}

#[test]
fn s1_05_the_mail_channel_is_known_and_its_example_domain_is_lint() {
    let Some(story) = Story::seed(1) else { return };
    let channel = on_line(&story.policy().channels, 12);
    assert_eq!(channel.value.kind, ChannelKind::Email);
    assert_eq!(
        channel.value.value.as_deref(),
        Some("security@threatdex.example.com")
    );
    let findings = lint(story.policy(), Vec::new());
    let example = findings
        .iter()
        .find(|f| f.code == "example-address")
        .expect("lint");
    assert_eq!(example.span, Some(Span::line(12)));
    let not_yet = not_yet_run(story.policy());
    assert!(
        not_yet
            .iter()
            .any(|(id, span, _)| *id == channel.id && *span == Span::line(12))
    );
}

#[test]
fn s1_06_a_brief_summary_is_a_field_and_never_part_of_a_mail() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    let summary = field(&story, ContentKey::Summary);
    assert_eq!((summary.demand, summary.multiline), (Demand::Asked, false));
    assert_eq!(summary.help, "A brief description of the vulnerability.");
    story.received_at("2026-06-01T08:00:00Z");
    // Effects name kinds of mail and clocks; there is no place for a title in them.
    let mails = story.mails();
    assert_eq!(
        mails,
        [
            (Recipient::Reporter, MailKind::Receipt),
            (Recipient::Team, MailKind::NewReport)
        ]
    );
}

#[test]
fn s1_07_the_affected_component_offers_the_policys_choices() {
    let Some(story) = Story::seed(1) else { return };
    let component = field(&story, ContentKey::Component);
    for choice in [
        "API endpoint",
        "authentication",
        "data ingestion worker",
        "frontend",
    ] {
        assert!(component.choices.iter().any(|c| c == choice), "{choice}");
    }
}

#[test]
fn s1_08_the_reporters_severity_stays_beside_the_projects() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    let severity = field(&story, ContentKey::Severity);
    assert_eq!(severity.choices, ["Critical", "High", "Medium", "Low"]);
    assert!(severity.help.ends_with("and why."));
    story
        .received_with("2026-06-01T08:00:00Z", |f| {
            f.reporter_severity = Some(Severity::Critical);
        })
        .assessed(Severity::Low);
    assert_eq!(
        story.state().facts.reporter_severity,
        Some(Severity::Critical)
    );
    assert_eq!(story.state().severity(), Some(Severity::Low));
}

#[test]
fn s1_09_numbered_steps_with_files_kept_as_they_came() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    let steps = field(&story, ContentKey::Steps);
    assert!(steps.multiline && steps.help.contains("numbered list"));
    let files = vec![candor_testkit::parts::file("#!/bin/sh\r\n")];
    story.received_with("2026-06-01T08:00:00Z", |f| f.files.clone_from(&files));
    assert_eq!(
        story.state().facts.files,
        files,
        "byte for byte: {} bytes",
        files[0].bytes
    );
}

#[test]
fn s1_10_a_proof_of_concept_is_welcome_and_its_absence_is_not_missing() {
    let Some(story) = Story::seed(1) else { return };
    let proof = field(&story, ContentKey::ProofOfConcept);
    assert_eq!(proof.demand, Demand::Optional);
    assert!(proof.help.contains("Sanitise any sensitive data"));
    let none = complete(story.in_force(), &BTreeMap::new(), 0);
    assert!(!none.missing_asked.contains(&ContentKey::ProofOfConcept));
    assert!(none.missing_asked.contains(&ContentKey::Steps));
}

#[test]
fn s1_11_a_suggested_remediation_is_never_counted_as_missing() {
    let Some(story) = Story::seed(1) else { return };
    let fix = field(&story, ContentKey::SuggestedFix);
    assert_eq!(fix.demand, Demand::Optional);
    let none = complete(story.in_force(), &BTreeMap::new(), 0);
    assert!(!none.missing_asked.contains(&ContentKey::SuggestedFix));
    assert!(!none.missing_mandatory.contains(&ContentKey::SuggestedFix));
}

#[test]
fn s1_12_contact_details_are_asked_for_and_may_be_left_out() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    assert!(
        field(&story, ContentKey::Contact)
            .help
            .contains("follow up")
    );
    let policy = story.in_force().clone();
    story.received_with("2026-06-01T08:00:00Z", |f| {
        f.contact_given = false;
        lacks(f, &policy, &[ContentKey::Contact]);
    });
    let running = story
        .state()
        .clocks
        .values()
        .filter(|c: &&CaseClock| c.is_open())
        .count();
    assert_eq!(running, 4, "an anonymous report has all its clocks");
    assert!(
        !story
            .mails()
            .iter()
            .any(|(to, _)| *to == Recipient::Reporter)
    );
    // No address is needed to be asked and to answer.
    story
        .team(act::ask(&[ContentKey::Steps]))
        .reporter(act::supply(&[ContentKey::Steps]));
    assert_eq!(story.log().last().map(|r| r.actor), Some(Actor::Reporter));
}
