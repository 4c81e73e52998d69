//! What the repository does itself, and the limits it states.

use std::path::PathBuf;

use candor_base::RefusalCode;
use candor_case::FixStatus;
use candor_policy::model::DisclaimerKind;
use candor_testkit::parts::person;
use candor_testkit::{Story, act, on_line};

const MONDAY: &str = "2026-06-01T08:00:00Z";

/// A section of the policy page: its lines with their places.
fn section(story: &Story, id: &str) -> Vec<(String, Option<String>)> {
    let page = story.policy_page();
    let found = page.sections.into_iter().find(|s| s.id == id).unwrap();
    found.lines.into_iter().map(|l| (l.text, l.lines)).collect()
}

fn practice(line: u32, words: &str) -> Option<Story> {
    let story = Story::seed(2)?;
    let clause = on_line(&story.policy().practices, line);
    assert_eq!(clause.quote, words);
    let shown = (words.to_owned(), Some(format!("line {line}")));
    assert!(section(&story, "practices").contains(&shown));
    Some(story)
}

/// A file of this repository.
fn own_file(path: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

#[test]
fn s2_25_dependencies_are_watched_and_an_alert_can_become_a_case() {
    let Some(mut story) = practice(69, "Dependency monitoring via Dependabot") else {
        return;
    };
    // Candor's own repository does it for all it is made of.
    let config = own_file(".github/dependabot.yml");
    for ecosystem in ["cargo", "docker"] {
        let line = format!("package-ecosystem: {ecosystem}");
        assert!(config.contains(&line), "{ecosystem}");
    }
    let deny = own_file("deny.toml");
    assert!(deny.contains("[bans]") && deny.contains("[sources]"));
    // An alert that reached a maintainer yesterday is handed in and counts from then.
    story.handed_in("2026-06-02T08:00:00Z", MONDAY);
    assert_eq!(story.state().received.to_string(), MONDAY);
}

#[test]
fn s2_29_a_fix_links_its_change_and_its_reviewer() {
    let Some(mut story) = practice(77, "PR-based changes for traceability and review") else {
        return;
    };
    story.received_at(MONDAY).accepted();
    let branch = story.branch_names()[0].clone();
    story.team(act::fix(&branch, FixStatus::InDevelopment));
    let row = &story.state().fixes[0];
    assert_eq!(
        row.change.as_deref(),
        Some("https://git.example/team/product/pull/412")
    );
    assert_eq!(row.reviewer, Some(person(2)));
    let shown = story.case_page().branches[0].clone();
    assert_eq!(shown.reviewer.as_deref(), Some("Person 2"));
    assert_eq!(shown.change, row.change);
    // A name that tells what it is about is no plain change.
    let mut telling = act::fix_change(&branch, FixStatus::Ready);
    telling.change = Some("https://git.example/team/product/pull/security-fix".to_owned());
    story
        .team(candor_case::Command::Fix(Box::new(telling)))
        .refused(RefusalCode::FieldInvalid);
    let rules = own_file("CONTRIBUTING.md");
    for word in ["pull request", "other than its author reviews"] {
        assert!(rules.contains(word), "our own rules say the same: {word}");
    }
}

#[test]
fn s2_30_as_is_without_warranty_is_shown_word_for_word() {
    let Some(story) = Story::seed(2) else { return };
    let words = "This project is provided as-is, without warranty of any kind.";
    disclaimer(&story, DisclaimerKind::AsIs, words);
}

#[test]
fn s2_31_users_secure_their_own_deployments_is_shown_beside_the_advice() {
    let Some(story) = Story::seed(2) else { return };
    let words = "While reasonable steps are taken to reduce risk, users are responsible for \
                 securing their own deployment environments and data.";
    disclaimer(&story, DisclaimerKind::UserResponsibility, words);
    let advice = section(&story, "advice");
    assert_eq!(advice[0].1.as_deref(), Some("line 10"));
}

fn disclaimer(story: &Story, kind: DisclaimerKind, words: &str) {
    let clause = story
        .policy()
        .disclaimers
        .iter()
        .find(|c| c.value.kind == kind)
        .unwrap();
    assert_eq!(clause.quote, words);
    let shown = (words.to_owned(), Some("line 83".to_owned()));
    assert!(section(story, "disclaimers").contains(&shown));
}

/// Source and history of Candor itself are scanned by `cargo xtask secrets`.
#[test]
fn s2_28_a_secret_in_a_report_is_pointed_out_to_the_desk_and_never_repeated() {
    let Some(mut story) = Story::seed(2) else {
        return;
    };
    let token = format!("ghp_{}", "a1B2c3D4e5F6".repeat(3));
    story
        .received_at(MONDAY)
        .reporter(act::write("The log says nothing more."));
    let about = |story: &Story| -> Vec<String> {
        let mut alarms = story.case_page().alarms;
        alarms.retain(|a| a.starts_with("This looks like"));
        alarms
    };
    assert_eq!(about(&story), Vec::<String>::new());
    story.reporter(act::write(&format!("I found {token} in the image.")));
    let [alarm] = &about(&story)[..] else {
        panic!("one secret");
    };
    assert!(
        alarm.contains("a GitHub token") && alarm.contains("void"),
        "{alarm}"
    );
    assert!(!alarm.contains(&token));
    // The message stays as it was written.
    let page = story.case_page();
    assert!(page.messages.iter().any(|m| m.text.contains(&token)));
}
