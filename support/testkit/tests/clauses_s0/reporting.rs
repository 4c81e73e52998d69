//! Channels, and what a report holds.

use std::collections::BTreeMap;

use candor_base::RefusalCode;
use candor_case::{AttackFact, EmbargoState, MailKind, Recipient, Stage};
use candor_policy::model::{Channel, ChannelKind, ContentKey, Demand, Severity};
use candor_policy::settings::Settings;
use candor_policy::{FormField, complete, form, questions, security_txt};
use candor_testkit::parts::{file, instant, lacks, public_place, valid};
use candor_testkit::{Story, act, on_line};

const MONDAY: &str = "2026-06-01T08:00:00Z";

fn field(story: &Story, key: ContentKey) -> FormField {
    form(story.in_force())
        .into_iter()
        .find(|f| f.key == key)
        .unwrap_or_else(|| panic!("no field for {key:?}"))
}

/// The field of this key comes from this line, with this demand.
fn asked_on(story: &Story, key: ContentKey, line: u32, demand: Demand) -> FormField {
    let field = field(story, key);
    let clause = story
        .policy()
        .contents
        .iter()
        .find(|c| c.value.key == key)
        .unwrap();
    assert_eq!(clause.span.first, line, "{key:?}");
    assert_eq!(field.clause.as_ref(), Some(&clause.id));
    assert_eq!(field.demand, demand, "{key:?}");
    field
}

/// All that seed 0 asks for, filled in, without these.
fn given_without(story: &Story, left_out: &[ContentKey]) -> BTreeMap<ContentKey, String> {
    story
        .policy()
        .contents
        .iter()
        .map(|c| (c.value.key, "as asked".to_owned()))
        .filter(|(key, _)| !left_out.contains(key))
        .collect()
}

fn missing(story: &Story, left_out: &[ContentKey], files: usize) -> Vec<ContentKey> {
    let c = complete(story.in_force(), &given_without(story, left_out), files);
    assert_eq!(c.missing_mandatory, [], "seed 0 makes nothing mandatory");
    c.missing_asked
}

#[test]
fn s0_12_public_issues_are_no_channel_and_a_public_report_is_known_public() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    let ban = on_line(&story.policy().public_ban, 21);
    assert_eq!(
        ban.quote,
        "Do not report security vulnerabilities through public GitHub issues."
    );
    let form = story.form_page();
    assert_eq!(form.public_ban[0].lines.as_deref(), Some("line 21"));
    assert!(
        story
            .policy()
            .channels
            .iter()
            .all(|c| c.value.kind != ChannelKind::PublicIssue)
    );
    assert!(form.channels.iter().all(|c| !c.text.contains("issues")));

    story.received_with(MONDAY, |f| {
        f.public = Some(public_place("a public issue, since yesterday"));
    });
    assert!(story.state().attack_facts.contains_key(&AttackFact::Public));
    assert_eq!(story.state().embargo.state, EmbargoState::None);
    assert!(
        story
            .mails()
            .contains(&(Recipient::Team, MailKind::AlreadyPublic))
    );
    assert_eq!(story.due("promise-1"), "2026-06-03T08:00:00Z");
    story
        .team(act::propose_date("2026-07-01T12:00:00Z"))
        .refused(RefusalCode::EmbargoImpossible);
}

#[test]
fn s0_13_the_mail_channel_has_no_address_until_the_owner_gives_one() {
    let Some(story) = Story::seed(0) else { return };
    let mail = on_line(&story.policy().channels, 23);
    assert_eq!(
        mail.value,
        Channel {
            kind: ChannelKind::Email,
            value: None,
            preferred: false,
            conditional: false
        }
    );
    assert!(
        story
            .findings()
            .contains(&("channel-without-address".to_owned(), Some(23)))
    );
    let asks = |s: &Story| {
        questions(s.in_force())
            .iter()
            .any(|f| f.code == "channel-without-address")
    };
    let text = |s: &Story| {
        let expires = instant("2027-06-01T00:00:00Z");
        security_txt(s.in_force(), "https://c.example", "/p/story", expires)
    };
    assert!(asks(&story));
    assert!(!text(&story).contains("mailto:"), "an address was guessed");
    assert!(text(&story).contains("Contact: https://c.example/p/story/report\n"));
    let shown = story.form_page().channels;
    let shown = shown.iter().find(|c| c.id == mail.id.0).unwrap();
    assert_eq!(
        shown.note.as_deref(),
        Some("The policy gives no address for it.")
    );

    let settings = Settings {
        security_address: Some("security@promethium.dev".to_owned()),
        ..Settings::default()
    };
    let answered = Story::seed_with(0, settings).unwrap();
    assert!(!asks(&answered));
    assert!(text(&answered).contains("Contact: mailto:security@promethium.dev\n"));
    let shown = answered.form_page().channels;
    let shown = shown.iter().find(|c| c.id == mail.id.0).unwrap();
    assert_eq!(
        shown.note.as_deref(),
        Some("security@promethium.dev (given by the owner)")
    );
}

/// Where nobody asks GitHub, what the owner says counts (S0-14).
#[test]
fn the_github_channel_is_offered_only_where_it_is_switched_on() {
    let Some(story) = Story::seed(0) else { return };
    let github = on_line(&story.policy().channels, 24);
    assert_eq!(github.value.kind, ChannelKind::GithubAdvisory);
    assert!(github.value.conditional, "if available");
    let id = github.id.0.clone();
    assert!(story.form_page().channels.iter().all(|c| c.id != id));
    let settings = Settings {
        github_repository: Some("promethium/promethium".to_owned()),
        ..Settings::default()
    };
    let on = Story::seed_with(0, settings).unwrap();
    let shown = on.form_page().channels;
    let shown = shown.iter().find(|c| c.id == id).unwrap();
    assert!(
        shown
            .note
            .as_ref()
            .unwrap()
            .contains("promethium/promethium/security/advisories/new")
    );
}

#[test]
fn s0_15_a_clear_description_is_asked_for() {
    let Some(story) = Story::seed(0) else { return };
    let field = asked_on(&story, ContentKey::Description, 26, Demand::Asked);
    assert_eq!(
        field.help,
        "A clear, detailed description of the vulnerability."
    );
    assert_eq!(
        missing(&story, &[ContentKey::Description], 0),
        [ContentKey::Description]
    );
    assert_eq!(missing(&story, &[], 0), []);
}

#[test]
fn s0_16_impact_and_severity_are_asked_and_the_reporters_rating_is_kept() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    asked_on(&story, ContentKey::Impact, 27, Demand::Asked);
    asked_on(&story, ContentKey::Severity, 27, Demand::Asked);
    story
        .received_with(MONDAY, |f| f.reporter_severity = Some(Severity::Low))
        .team(act::assess(valid(Severity::Critical)));
    assert_eq!(story.state().facts.reporter_severity, Some(Severity::Low));
    assert_eq!(story.state().severity(), Some(Severity::Critical));
    let page = story.case_page();
    assert_eq!(page.reporter_severity, Some(Severity::Low));
    assert_eq!(page.severity, Some(Severity::Critical));
}

#[test]
fn s0_17_affected_components_come_from_the_scope() {
    let Some(story) = Story::seed(0) else { return };
    let field = asked_on(&story, ContentKey::Component, 28, Demand::Asked);
    assert_eq!(
        field.choices,
        [
            "Backend API",
            "Frontend",
            "Database",
            "Worker Processes",
            "Container Images",
            "Dependencies"
        ]
    );
    assert_eq!(
        missing(&story, &[ContentKey::Component], 0),
        [ContentKey::Component]
    );
}

#[test]
fn s0_18_reproduction_steps_are_asked_for() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    let field = asked_on(&story, ContentKey::Steps, 29, Demand::Asked);
    assert!(field.multiline);
    assert_eq!(field.help, "Detailed steps to reproduce the issue.");
    assert_eq!(
        missing(&story, &[ContentKey::Steps], 0),
        [ContentKey::Steps]
    );
    // Missing steps are seen by the team and block nothing.
    let policy = story.in_force().clone();
    story.received_with(MONDAY, |f| lacks(f, &policy, &[ContentKey::Steps]));
    assert!(story.state().missing.contains(&ContentKey::Steps));
    assert!(story.state().mandatory_missing.is_empty());
    story.accepted();
    assert_eq!(story.stage(), Stage::Accepted);
}

#[test]
fn s0_19_a_proof_of_concept_is_optional_and_may_be_a_file() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    asked_on(&story, ContentKey::ProofOfConcept, 30, Demand::Optional);
    let left_out = [ContentKey::ProofOfConcept];
    assert_eq!(missing(&story, &left_out, 0), []);
    let with_file = complete(story.in_force(), &given_without(&story, &left_out), 1);
    assert!(with_file.present.contains(&ContentKey::ProofOfConcept));
    let without = complete(story.in_force(), &given_without(&story, &left_out), 0);
    assert!(!without.present.contains(&ContentKey::ProofOfConcept));
    story.received_with(MONDAY, |f| f.files = vec![file("poc.py")]);
    assert_eq!(story.case_page().report.files.len(), 1);
}

#[test]
fn s0_20_a_suggested_fix_is_optional() {
    let Some(story) = Story::seed(0) else { return };
    asked_on(&story, ContentKey::SuggestedFix, 31, Demand::Optional);
    assert_eq!(missing(&story, &[ContentKey::SuggestedFix], 0), []);
}

#[test]
fn s0_21_contact_is_explained_and_never_needed() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    let field = asked_on(&story, ContentKey::Contact, 32, Demand::Asked);
    assert_eq!(field.help, "So we can follow up with questions.");
    assert_eq!(missing(&story, &[ContentKey::Contact], 0), []);
    // Without an address no mail goes out, and the room carries the question.
    story
        .received_with(MONDAY, |f| f.contact_given = false)
        .team(act::ask(&[ContentKey::Versions]));
    assert!(
        story
            .all_effects()
            .iter()
            .all(|e| !format!("{e:?}").contains("Reporter")),
        "a letter to nobody"
    );
    assert_eq!(story.stage(), Stage::NeedsInfo);
    assert_eq!(story.room().asked[0].0, "versions");
    story.reporter(act::supply(&[ContentKey::Versions]));
    assert_eq!(story.stage(), Stage::Acknowledged);
}
