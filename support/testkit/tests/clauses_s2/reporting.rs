//! Supported versions, channels, and what a report holds.

use std::collections::BTreeMap;

use candor_advisory::{AdvisoryDraft, FixDraft, Issue, ProductDraft, Publisher};
use candor_advisory::{PublisherCategory, Revision, Status, VersionsDraft, finish, plain_text};
use candor_base::{Line, RefusalCode};
use candor_case::{AttackFact, RejectionGround, Stage, SupportClaim, SupportedTest, Verdict};
use candor_policy::model::{
    AdviceKind, ChannelKind, ContentKey, Demand, PatchTarget, Support, VersionRange,
};
use candor_policy::settings::{Release, Settings};
use candor_policy::{FormField, SupportAnswer, branches, complete, form, questions, support};
use candor_score::SeverityWord;
use candor_testkit::parts::{instant, public_place};
use candor_testkit::{Story, act, on_line};

const MONDAY: &str = "2026-06-01T08:00:00Z";
const DIGEST: &str = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

fn builds(versions: &[&str]) -> Settings {
    Settings {
        releases: versions
            .iter()
            .map(|v| Release {
                version: (*v).to_owned(),
                supported: None,
                date: None,
            })
            .collect(),
        ..Settings::default()
    }
}

fn field(story: &Story, key: ContentKey) -> FormField {
    form(story.in_force())
        .into_iter()
        .find(|f| f.key == key)
        .unwrap_or_else(|| panic!("no field for {key:?}"))
}

#[test]
fn s2_01_only_the_latest_build_of_main_is_supported() {
    let Some(story) = Story::seed_with(2, builds(&[DIGEST, "sha256:0000"])) else {
        return;
    };
    assert_eq!(
        on_line(&story.policy().patch_targets, 4).value,
        PatchTarget::LatestOnly
    );
    let latest = on_line(&story.policy().versions, 7);
    assert_eq!(
        latest.value.range,
        VersionRange::Latest {
            branch: Some("main".to_owned())
        }
    );
    assert_ne!(latest.value.support, Support::None);
    // The digest of the image is a version like any other.
    let supported = SupportAnswer::Supported {
        clause: Some(latest.id.clone()),
    };
    assert_eq!(support(story.in_force(), DIGEST), supported);
    assert_eq!(support(story.in_force(), "main"), supported);
    let rows = branches(story.in_force());
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].latest.as_deref(), Some(DIGEST));
    // Where nobody said which build is the latest, nothing is guessed.
    let silent = Story::seed(2).unwrap();
    assert!(matches!(
        support(silent.in_force(), "4f2c91a"),
        SupportAnswer::Unknown { .. }
    ));
}

#[test]
fn s2_02_older_commits_and_images_are_not_supported() {
    let Some(mut story) = Story::seed_with(2, builds(&[DIGEST, "sha256:0000", "4f2c91a"])) else {
        return;
    };
    let older = on_line(&story.policy().versions, 8).clone();
    assert_eq!(older.value.range, VersionRange::Older);
    assert_eq!(older.value.support, Support::None);
    for old in ["sha256:0000", "4f2c91a"] {
        let SupportAnswer::Unsupported { clause, advice } = support(story.in_force(), old) else {
            panic!("{old} is an older build of the register");
        };
        assert_eq!(clause.as_ref(), Some(&older.id));
        assert!(advice.contains("latest"), "{advice}");
    }
    story.received_with(MONDAY, |f| {
        f.support = SupportClaim::Unsupported {
            clause: older.id.clone(),
            tried_supported: None,
        };
    });
    let reject = || {
        let ground = RejectionGround::UnsupportedVersion {
            clause: older.id.clone(),
            tested: SupportedTest::NotSaid,
        };
        act::reject(ground, Verdict::Unclear)
    };
    story.team(reject()).refused(RefusalCode::ReporterNotAsked);
    story
        .team(act::ask(&[ContentKey::Versions]))
        .reporter(act::supply(&[ContentKey::Versions]))
        .team(reject());
    assert_eq!(story.stage(), Stage::UnsupportedVersion);
}

#[test]
fn s2_03_rebuild_and_update_is_advice_and_advisories_name_the_image() {
    let Some(story) = Story::seed(2) else { return };
    let advice = on_line(&story.policy().advice, 10);
    assert_eq!(advice.value.kind, AdviceKind::Updating);
    let page = story.policy_page();
    let shown = page.sections.iter().find(|s| s.id == "advice").unwrap();
    assert_eq!(shown.lines[0].text, advice.quote);
    let rebuild = format!("Rebuild from registry.example/api@{DIGEST}.");
    let draft = AdvisoryDraft {
        title: "Images run as root".to_owned(),
        summary: "The service in the image runs as root.".to_owned(),
        products: vec![ProductDraft {
            name: "API".to_owned(),
            affected: vec![VersionsDraft {
                versions: "all".to_owned(),
                fix: FixDraft::NotYet("the next build of main".to_owned()),
            }],
            ..ProductDraft::default()
        }],
        severity: Some(SeverityWord::Low),
        no_mitigation_known: true,
        rebuild: rebuild.clone(),
        ..AdvisoryDraft::default()
    };
    let issue = Issue {
        id: "API-2026-7K3F9QMA".parse().unwrap(),
        publisher: Publisher {
            name: Line::new("The API project").unwrap(),
            namespace: "https://api.example".parse().unwrap(),
            category: PublisherCategory::Vendor,
        },
        status: Status::Final,
        reported: None,
        revisions: vec![Revision {
            number: 1,
            date: instant("2026-07-01T12:00:00Z"),
            summary: Line::new("Published.").unwrap(),
        }],
    };
    let advisory = finish(&draft, issue).unwrap();
    assert!(plain_text(&advisory).contains(&rebuild));
}

#[test]
fn s2_04_public_issues_are_never_offered() {
    let Some(mut story) = Story::seed(2) else {
        return;
    };
    assert_eq!(story.policy().public_ban[0].span.first, 14);
    let form = story.form_page();
    assert_eq!(form.public_ban[0].lines.as_deref(), Some("line 14"));
    assert!(form.channels.iter().all(|c| !c.text.contains("issue")));
    assert!(
        story
            .policy()
            .channels
            .iter()
            .all(|c| c.value.kind != ChannelKind::PublicIssue)
    );
    story.received_with(MONDAY, |f| f.public = Some(public_place("a public issue")));
    assert!(story.state().attack_facts.contains_key(&AttackFact::Public));
}

/// As the policy says, where nobody asks GitHub (S2-05).
#[test]
fn the_preferred_channel_comes_first() {
    let Some(story) = Story::seed(2) else { return };
    let github = on_line(&story.policy().channels, 18);
    assert_eq!(github.value.kind, ChannelKind::GithubAdvisory);
    assert!(github.value.preferred);
    let shown = story.form_page().channels;
    assert_eq!(shown[0].id, github.id.0);
    assert!(shown[0].text.contains("preferred"));
    assert_eq!(shown[1].id, "candor-form");
}

#[test]
fn s2_06_the_private_contact_is_offered_only_when_the_owner_gave_one() {
    let Some(story) = Story::seed(2) else { return };
    let contact = on_line(&story.policy().channels, 21);
    assert_eq!(contact.value.kind, ChannelKind::PrivateContact);
    assert!(contact.value.conditional);
    let id = contact.id.0.clone();
    let shown = |s: &Story| s.form_page().channels.into_iter().find(|c| c.id == id);
    assert_eq!(shown(&story), None);
    let noted = |s: &Story| {
        questions(s.in_force())
            .iter()
            .any(|f| f.code == "private-contact-without-address")
    };
    assert!(noted(&story));
    let settings = Settings {
        private_contact: Some("security@api.dev".to_owned()),
        ..Settings::default()
    };
    let given = Story::seed_with(2, settings).unwrap();
    assert_eq!(
        shown(&given).unwrap().note.as_deref(),
        Some("security@api.dev (given by the owner)")
    );
    assert!(!noted(&given));
}

#[test]
fn s2_07_description_steps_and_impact_are_asked_on_every_channel_of_candor() {
    let Some(story) = Story::seed(2) else { return };
    let keys = [
        ContentKey::Description,
        ContentKey::Steps,
        ContentKey::Impact,
    ];
    for key in keys {
        let on_22 = story
            .policy()
            .contents
            .iter()
            .find(|c| c.value.key == key && c.span.first == 22)
            .unwrap_or_else(|| panic!("{key:?} on line 22"));
        assert_eq!(field(&story, key).clause.as_ref(), Some(&on_22.id));
        assert_eq!(field(&story, key).demand, Demand::Asked);
    }
    let given = BTreeMap::from([(ContentKey::Component, "API".to_owned())]);
    let missing = complete(story.in_force(), &given, 0).missing_asked;
    for key in keys {
        assert!(missing.contains(&key), "{key:?}");
    }
}

#[test]
fn s2_08_the_affected_component_has_these_choices() {
    let Some(story) = Story::seed(2) else { return };
    let component = field(&story, ContentKey::Component);
    assert_eq!(
        component.choices,
        ["API", "Docker image", "dependency", "CI"]
    );
    let clause = on_line(&story.policy().contents, 26);
    assert_eq!(component.clause.as_ref(), Some(&clause.id));
}

#[test]
fn s2_09_steps_that_do_not_apply_are_complete_with_a_word_why() {
    let Some(story) = Story::seed(2) else { return };
    let item = on_line(&story.policy().contents, 28);
    assert_eq!(item.value.key, ContentKey::Steps);
    assert_eq!(item.value.demand, Demand::IfApplicable);
    let lacks = |steps: &str| {
        let given = BTreeMap::from([(ContentKey::Steps, steps.to_owned())]);
        complete(story.in_force(), &given, 0)
            .missing_asked
            .contains(&ContentKey::Steps)
    };
    assert!(lacks(""));
    assert!(lacks("Not applicable."), "without a word why");
    assert!(!lacks(
        "Not applicable: the key stands in the image itself."
    ));
    assert!(!lacks("Start the image, send the request."));
}

#[test]
fn s2_10_logs_traces_and_proofs_are_optional() {
    let Some(story) = Story::seed(2) else { return };
    for key in [ContentKey::Evidence, ContentKey::ProofOfConcept] {
        assert_eq!(field(&story, key).demand, Demand::Optional, "{key:?}");
        let clause = story
            .policy()
            .contents
            .iter()
            .find(|c| c.value.key == key)
            .unwrap();
        assert_eq!(clause.span.first, 30);
    }
    let nothing = complete(story.in_force(), &BTreeMap::new(), 0);
    assert!(!nothing.missing_asked.contains(&ContentKey::Evidence));
    let files = complete(story.in_force(), &BTreeMap::new(), 2);
    assert!(files.present.contains(&ContentKey::Evidence));
    assert!(files.present.contains(&ContentKey::ProofOfConcept));
}
