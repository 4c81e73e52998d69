//! What was reported on GitHub becomes a case, once, and stays as filed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use candor_app::input::{ActError, ErasureReason, ErasureStep, GithubOutcome};
use candor_base::{ProgramSlug, Sensitive};
use candor_ports::{Forge, ForgeError, ForgeListing, ForgePublication, ForgePublished};

use crate::common::{FULL, World, act, totp};
use crate::road::submit;

const ID: &str = "GHSA-2f6x-8mqp-9c3v";

/// A private report as GitHub's API gives it, in our own words.
pub(crate) fn advisory(state: &str, summary: &str) -> String {
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

/// An id that is made on the way, and what comes of it.
type Outcome = (Option<String>, Result<ForgePublished, ForgeError>);

/// A repository that says what it was told to say, round by round.
#[derive(Debug, Default)]
pub(crate) struct Repository {
    on: Mutex<Option<bool>>,
    rounds: Mutex<VecDeque<Result<Option<ForgeListing>, ForgeError>>>,
    marks: Mutex<Vec<Option<String>>>,
    /// An id that is made on the way, and what comes of it.
    outcomes: Mutex<VecDeque<Outcome>>,
    sent: Mutex<Vec<Sent>>,
}

/// What was sent to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) advisory: String,
    pub(crate) page: String,
    pub(crate) known: Option<String>,
    pub(crate) keep_credits: bool,
}

impl Repository {
    fn says(&self, answer: Result<Option<ForgeListing>, ForgeError>) {
        self.rounds.lock().unwrap().push_back(answer);
    }

    pub(crate) fn publishes(&self, outcome: Result<ForgePublished, ForgeError>) {
        self.outcomes.lock().unwrap().push_back((None, outcome));
    }

    pub(crate) fn makes_then_breaks(&self, id: &str) {
        let broke = Err(ForgeError::Transient {
            code: "it broke off".to_owned(),
        });
        let both = (Some(id.to_owned()), broke);
        self.outcomes.lock().unwrap().push_back(both);
    }

    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }

    pub(crate) fn lists(&self, mark: &str, advisories: &[String]) {
        let sealed = advisories.iter().cloned().map(Sensitive::new);
        self.says(Ok(Some(ForgeListing {
            advisories: sealed.collect(),
            mark: Some(mark.to_owned()),
        })));
    }
}

impl Forge for Repository {
    fn programs(&self) -> Vec<ProgramSlug> {
        ["lanternfish", "not-there"]
            .map(|p| p.parse().unwrap())
            .into()
    }

    fn report_page(&self, program: &ProgramSlug) -> Option<String> {
        let own = program.as_str() == "lanternfish";
        own.then(|| "https://github.com/lantern/fish/security/advisories/new".to_owned())
    }

    fn takes_reports(&self, _: &ProgramSlug) -> Result<Option<bool>, ForgeError> {
        Ok(*self.on.lock().unwrap())
    }

    fn advisories(
        &self,
        _: &ProgramSlug,
        mark: Option<&str>,
    ) -> Result<Option<ForgeListing>, ForgeError> {
        self.marks.lock().unwrap().push(mark.map(str::to_owned));
        self.rounds.lock().unwrap().pop_front().unwrap()
    }

    fn publish(
        &self,
        _: &ProgramSlug,
        what: &ForgePublication<'_>,
        made: &mut dyn FnMut(&str),
    ) -> Result<ForgePublished, ForgeError> {
        self.sent.lock().unwrap().push(Sent {
            advisory: what.advisory.to_owned(),
            page: what.page.to_owned(),
            known: what.known.map(str::to_owned),
            keep_credits: what.keep_credits,
        });
        let (id, outcome) = self.outcomes.lock().unwrap().pop_front().unwrap();
        if let Some(id) = id {
            made(&id);
        }
        outcome
    }
}

/// A server that asks a repository.
pub(crate) fn asking() -> (World, Arc<Repository>, String) {
    let mut world = World::new();
    let ada = world.set_up();
    let repository = Arc::new(Repository::default());
    world.ask(Arc::clone(&repository) as Arc<dyn Forge>);
    (world, repository, ada)
}

#[test]
fn what_is_filed_on_github_becomes_a_case_by_itself_and_once() {
    let (world, repository, ada) = asking();
    let app = world.app();
    let mine = advisory("triage", "Shell by a header");
    let broken = "{\"ghsa_id\": 7}".to_owned();
    repository.lists("one", &[mine.clone(), broken]);
    assert_eq!(app.ask_github().unwrap(), 1);
    let cases = app.operator_list().unwrap();
    assert_eq!(cases.len(), 1);
    let reference = cases[0].reference.clone();
    let page = app.case_page(&ada, "lanternfish", &reference).unwrap();
    assert!(format!("{:?}", page.report).contains("a private report on GitHub"));
    assert!(format!("{page:?}").contains("rosa-on-github"));
    let now = world.now();
    let past = |c: &candor_access::view::ClockView| c.due.as_ref().is_some_and(|d| d.at < now);
    assert!(page.clocks.iter().any(past), "they count from 29 May");
    // Nothing changed; then another list, in which it did.
    repository.says(Ok(None));
    assert_eq!(app.ask_github().unwrap(), 0);
    repository.lists("two", std::slice::from_ref(&mine));
    assert_eq!(app.ask_github().unwrap(), 0);
    repository.lists("three", &[advisory("draft", "Shell by two headers")]);
    assert_eq!(app.ask_github().unwrap(), 0);
    let marks = repository.marks.lock().unwrap().clone();
    let shown: Vec<Option<&str>> = marks.iter().map(Option::as_deref).collect();
    assert_eq!(shown, [None, Some("one"), Some("one"), Some("two")]);
    let page = app.case_page(&ada, "lanternfish", &reference).unwrap();
    let text = format!("{page:?}");
    assert!(
        text.contains("went from “triage” to “draft” on GitHub"),
        "{text}"
    );
    let filed = format!("{:?}", page.report);
    assert!(filed.contains("Shell by a header") && !filed.contains("two headers"));
    // A person who imports the same finds the same case.
    let import = app
        .import_github(&ada, "lanternfish", &mine, false)
        .unwrap();
    assert_eq!(import.reference.as_deref(), Some(reference.as_str()));
    assert_eq!(app.operator_list().unwrap().len(), 1);
}

#[test]
fn github_is_left_alone_as_long_as_it_asks_and_trouble_is_kept() {
    let (world, repository, _) = asking();
    let app = world.app();
    let state = || app.github_state("lanternfish").unwrap();
    assert_eq!(state(), None);
    repository.says(Err(ForgeError::Wait { seconds: 600 }));
    assert_eq!(app.ask_github().unwrap(), 0);
    world.wait(599);
    assert_eq!(app.ask_github().unwrap(), 0, "it is not asked");
    world.wait(1);
    let code = "GitHub does not know the token".to_owned();
    repository.says(Err(ForgeError::Refused { code: code.clone() }));
    assert_eq!(app.ask_github().unwrap(), 0);
    assert_eq!(state().unwrap().trouble, Some(code));
    repository.lists("one", &["{}".to_owned()]);
    assert_eq!(app.ask_github().unwrap(), 0);
    let now = state().unwrap();
    assert_eq!((now.trouble, now.not_taken), (None, 1));
}

/// A policy that prefers GitHub, and one that only says it may be there.
const PREFERS: &str = "# Security Policy\n\nReport vulnerabilities privately.\n\n\
    ## Reporting\n\n- GitHub Security Advisories (preferred): use the \"Report a vulnerability\" \
    button of the repository\n- Email: security@lanternfish.io\n";
const PERHAPS: &str = "# Security Policy\n\nReport vulnerabilities privately.\n\n\
    ## Reporting\n\n- Email: security@lanternfish.io\n- GitHub private vulnerability \
    reporting, if available\n";

#[test]
fn the_way_on_github_is_offered_only_where_it_is_switched_on() {
    const LINK: &str = "https://github.com/lantern/fish/security/advisories/new";
    for (text, firm) in [(PREFERS, true), (PERHAPS, false)] {
        let left = |l: &candor_access::view::ClauseLine| l.text.contains("GitHub");
        let alone = World::new();
        alone.put(text);
        let page = alone.app().policy_page("lanternfish").unwrap();
        assert!(page.not_yet_run.iter().any(left), "without asking GitHub");
        let (world, repository, _) = asking();
        let app = world.app();
        world.put(text);
        let shown = || {
            let page = app.policy_page("lanternfish").unwrap();
            let form = app.report_form("lanternfish").unwrap();
            assert_eq!(page.channels, form.channels);
            page.channels
        };
        let before = shown();
        for (says, on) in [(Some(true), true), (Some(false), false), (Some(true), true)] {
            *repository.on.lock().unwrap() = says;
            repository.says(Ok(None));
            app.ask_github().unwrap();
            let lines = shown();
            let at = lines.iter().position(|l| l.text.contains("GitHub"));
            let linked = lines.iter().any(|l| l.note.as_deref() == Some(LINK));
            assert_eq!(linked, on, "{lines:?}");
            if on {
                assert_eq!(at == Some(0), firm, "the preferred one first: {lines:?}");
            } else if firm {
                let line = &lines[at.unwrap()];
                assert!(at > Some(0), "no longer first");
                assert!(
                    line.note.as_ref().unwrap().contains("switched off"),
                    "{line:?}"
                );
            } else {
                assert_eq!(at, None, "{lines:?}");
            }
        }
        // Where GitHub does not say, the page says what the policy says.
        *repository.on.lock().unwrap() = None;
        repository.says(Ok(None));
        app.ask_github().unwrap();
        assert_eq!(shown(), before);
        let page = app.policy_page("lanternfish").unwrap();
        assert!(!page.not_yet_run.iter().any(left), "it is run here");
    }
}
