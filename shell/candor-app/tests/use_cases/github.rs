//! What was reported on GitHub becomes a case, once, and stays as filed.

use candor_app::input::{ActError, ErasureReason, ErasureStep, GithubOutcome};

use crate::common::{FULL, World, act, totp};
use crate::road::submit;

const ID: &str = "GHSA-2f6x-8mqp-9c3v";

/// A private report as GitHub's API gives it, in our own words.
fn advisory(state: &str, summary: &str) -> String {
    format!(
        r#"{{"ghsa_id": "{ID}", "cve_id": null, "state": "{state}", "summary": "{summary}",
        "html_url": "https://github.com/lantern/fish/security/advisories/{ID}",
        "description": "The field reaches a shell.", "severity": "high",
        "author": {{"login": "rosa-on-github"}}, "submission": {{"accepted": false}},
        "created_at": "2026-05-29T09:30:00Z", "cwe_ids": ["CWE-78"],
        "cvss": {{"vector_string": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}},
        "vulnerabilities": [{{"package": {{"ecosystem": "npm", "name": "fish"}},
            "vulnerable_version_range": "< 2.0.1", "patched_versions": "2.0.1"}}],
        "credits_detailed": [{{"user": {{"login": "rosa-on-github"}}, "type": "finder",
            "state": "accepted"}}], "new_field": "kept all the same"}}"#
    )
}

#[test]
fn a_report_filed_on_github_becomes_a_case_once() {
    let world = World::new();
    let ada = world.set_up();
    let app = world.app();
    let import = |json: &str| app.import_github(&ada, "lanternfish", json, false).unwrap();
    let first = import(&advisory("triage", "Shell by a header"));
    assert_eq!(first.outcome, GithubOutcome::New);
    let reference = first.reference.clone().unwrap();
    let page = app.case_page(&ada, "lanternfish", &reference).unwrap();
    let text = format!("{:?}", page.report);
    for part in [
        "Shell by a header",
        "The field reaches a shell.",
        "Reached the team by",
        "GitHub",
        "npm fish: affected < 2.0.1; fixed in 2.0.1",
        "CVSS:3.1/AV:N",
        "CWE-78",
        ID,
        "github-advisory.json",
        "To be named",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(format!("{page:?}").contains("rosa-on-github"));
    // Clocks count from when it was made there.
    let form = app.enter_room("lanternfish", first.code.as_deref().unwrap());
    assert!(form.is_ok(), "its reporter can come in with the code");
    let now = world.now();
    let past = |c: &candor_access::view::ClockView| c.due.as_ref().is_some_and(|d| d.at < now);
    assert!(
        page.clocks.iter().any(past),
        "48 hours from 29 May are over"
    );

    let again = import(&advisory("triage", "Shell by a header"));
    assert_eq!(again.outcome, GithubOutcome::Known);
    assert_eq!(again.reference.as_deref(), Some(reference.as_str()));
    assert_eq!(again.code, None);
    let cases = app.operator_list().unwrap();
    assert_eq!(cases.len(), 1);
}

#[test]
fn what_changes_on_github_is_a_note_and_the_report_stays_as_filed() {
    let world = World::new();
    let ada = world.set_up();
    let app = world.app();
    let import = |json: &str| app.import_github(&ada, "lanternfish", json, false).unwrap();
    let first = import(&advisory("triage", "Shell by a header"));
    let reference = first.reference.unwrap();
    let before = app.case_page(&ada, "lanternfish", &reference).unwrap();
    let other = import(&advisory("draft", "Another title"));
    assert_eq!(other.outcome, GithubOutcome::Changed);
    let after = app.case_page(&ada, "lanternfish", &reference).unwrap();
    assert_eq!(
        format!("{:?}", before.report),
        format!("{:?}", after.report),
        "the report as filed"
    );
    let text = format!("{after:?}");
    assert!(text.contains("went from “triage” to “draft”"), "{text}");
    assert!(text.contains("is not what was imported last"), "{text}");
    assert_eq!(
        import(&advisory("draft", "Another title")).outcome,
        GithubOutcome::Known
    );
    // Published there: told, although what is over is not taken in anew.
    let over = import(&advisory("published", "Another title"));
    assert_eq!(over.outcome, GithubOutcome::Changed);
    let page = app.case_page(&ada, "lanternfish", &reference).unwrap();
    let text = format!("{page:?}");
    assert!(text.contains("went from “draft” to “published”"), "{text}");
    // The note is for the team.
    let room = app.enter_room("lanternfish", &first.code.unwrap()).unwrap();
    let room = format!("{:?}", app.room("lanternfish", &room).unwrap());
    assert!(!room.contains("went from"), "{room}");
}

#[test]
fn what_is_over_is_left_unless_it_is_wanted_and_odd_input_is_no_report() {
    let world = World::new();
    let ada = world.set_up();
    let app = world.app();
    let over = advisory("closed", "Shell by a header");
    let left = app
        .import_github(&ada, "lanternfish", &over, false)
        .unwrap();
    assert_eq!(left.outcome, GithubOutcome::Left);
    assert!(app.operator_list().unwrap().is_empty());
    let taken = app.import_github(&ada, "lanternfish", &over, true).unwrap();
    assert_eq!(taken.outcome, GithubOutcome::New);
    let old = over
        .replace("2026-05-29", "2016-05-29")
        .replace("9c3v", "9c3w");
    for odd in [
        "",
        "{}",
        "[]",
        r#"{"message": "Not Found"}"#,
        old.as_str(),
        r#"{"ghsa_id": "GHSA-2f6x-8mqp-9c3v", "type": "reviewed"}"#,
    ] {
        let done = app.import_github(&ada, "lanternfish", odd, true);
        assert!(matches!(done, Err(ActError::Fields(_))), "{odd}: {done:?}");
    }
    assert_eq!(app.operator_list().unwrap().len(), 1);
}

#[test]
fn what_was_erased_is_not_taken_in_again() {
    let world = World::new();
    let ada = world.set_up();
    let app = world.app();
    // No promise may be open on what is erased.
    let made = ("2026-05-29T09:30", "2026-06-01T07:30");
    let json = advisory("triage", "Shell by a header").replace(made.0, made.1);
    let import = || app.import_github(&ada, "lanternfish", &json, true);
    let first = import().unwrap();
    let reference = first.reference.unwrap();
    let room = app.enter_room("lanternfish", &first.code.unwrap()).unwrap();
    world.room(&room, act("withdraw", &[])).unwrap();
    let close = act("close", &[("reason", "withdrawn")]);
    world.desk(&ada, &reference, close).unwrap();
    world.wait(60);
    let grace = world.colleague(&ada, "grace", "owner");
    for (token, login, step) in [
        (&ada, "ada", ErasureStep::Ask(ErasureReason::Request)),
        (&grace, "grace", ErasureStep::Erase),
    ] {
        world.wait(60);
        let code = totp(&world.secret(login), world.now());
        app.erase_case(token, "lanternfish", &reference, step, &code)
            .unwrap();
    }
    let again = import().unwrap();
    assert_eq!(again.outcome, GithubOutcome::Erased);
    assert_eq!((again.reference, again.code), (None, None));
    assert!(app.operator_list().unwrap().is_empty());
}

#[test]
fn only_the_team_of_the_program_imports() {
    let world = World::new();
    let ada = world.set_up();
    let app = world.app();
    let case = submit(&world, FULL);
    let json = advisory("triage", "Shell by a header");
    for token in [case.room.as_str(), "nobody"] {
        let done = app.import_github(token, "lanternfish", &json, false);
        assert!(
            matches!(done, Err(ActError::SignedOut | ActError::NotFound)),
            "{done:?}"
        );
    }
    let elsewhere = app.import_github(&ada, "another", &json, false);
    assert_eq!(elsewhere, Err(ActError::NotFound));
    assert_eq!(app.operator_list().unwrap().len(), 1);
}
