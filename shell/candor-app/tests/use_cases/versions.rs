//! A policy that changes while cases run, and the review that comes round.

use candor_app::input::ActError;
use candor_app::{PolicyInput, ReleaseChange};
use candor_ports::{CourierError, LetterKind};

use crate::common::{FULL, World, act};
use crate::road::submit;

const NEW: &str = "# Security policy of Lanternfish

Report vulnerabilities to security@lanternfish.example.org.

We will acknowledge your report within 5 business days.
This policy is reviewed every 6 months.
";

fn input(text: &str) -> PolicyInput {
    PolicyInput {
        text: text.as_bytes().to_vec(),
        file: "C:\\policies\\NEW.md".to_owned(),
        ..PolicyInput::default()
    }
}

/// Looks at a text and publishes what was shown.
fn publish(world: &World, token: &str, text: &str) -> String {
    let app = world.app();
    let shown = app
        .preview_policy(token, "lanternfish", &input(text))
        .unwrap();
    let answer = PolicyInput {
        text: shown.text.into_bytes(),
        file: shown.file,
        sha256: shown.sha256,
        base: shown.base,
    };
    app.publish_policy(token, "lanternfish", &answer).unwrap()
}

/// What a case promises of its first answer, with the date.
fn promised(world: &World, token: &str, reference: &str) -> Vec<(String, Option<String>)> {
    let page = world
        .app()
        .case_page(token, "lanternfish", reference)
        .unwrap();
    let clocks = page
        .clocks
        .into_iter()
        .filter(|c| c.what.contains("answers you"));
    clocks.map(|c| (c.what, c.due.map(|d| d.words))).collect()
}

#[test]
fn a_case_keeps_the_policy_that_was_in_force_when_it_came() {
    let mut world = World::new();
    let ada = world.set_up();
    let app = world.app();
    let first = submit(&world, FULL);
    let before = promised(&world, &ada, &first.reference);
    assert_eq!(before.len(), 1);

    let shown = app
        .preview_policy(&ada, "lanternfish", &input(NEW))
        .unwrap();
    let acknowledgement = shown
        .changes
        .iter()
        .find(|c| c.what == "acknowledgement")
        .unwrap();
    assert_eq!(acknowledgement.effect, "weaker");
    assert_eq!(acknowledgement.new.as_deref(), Some("5 business days"));
    assert_eq!((shown.open_cases, shown.same), (1, false));
    assert_eq!(shown.file, "NEW.md");
    assert_eq!(
        app.policy_page("lanternfish").unwrap().version,
        shown.base.get(..12).unwrap(),
        "looking changes nothing"
    );

    world.wait(60);
    assert!(publish(&world, &ada, NEW).contains("in force"));
    let second = submit(&world, FULL);
    assert_eq!(
        promised(&world, &ada, &first.reference),
        before,
        "its dates stay"
    );
    assert_ne!(promised(&world, &ada, &second.reference), before);
    // The pages of the first case quote the first version.
    let room = world.app().room("lanternfish", &first.room).unwrap();
    let quotes: Vec<String> = room.clocks.into_iter().filter_map(|c| c.quote).collect();
    assert!(
        quotes.iter().any(|q| q.contains("Within 48 hours"))
            && !quotes.iter().any(|q| q.contains("acknowledge your report")),
        "{quotes:?}"
    );
    world.restart_with(NEW);
    assert_eq!(
        promised(&world, &ada, &first.reference),
        before,
        "also after a restart"
    );
}

#[test]
fn what_was_done_is_written_down_and_old_versions_can_be_read() {
    let world = World::new();
    let ada = world.set_up();
    let app = world.app();
    let old = app.policy_page("lanternfish").unwrap();
    world.wait(600);
    publish(&world, &ada, NEW);
    let desk = app.policy_desk(&ada, "lanternfish").unwrap();
    let by: Vec<Option<&str>> = desk.versions.iter().map(|v| v.by.as_deref()).collect();
    assert_eq!(by, [Some("Ada"), Some("the operator")]);
    let history = app.policy_history("lanternfish").unwrap();
    assert!(
        history.versions.iter().all(|v| v.by.is_none()),
        "no names outside"
    );
    let [new_line, old_line] = history.versions.as_slice() else {
        panic!("{history:?}");
    };
    assert_eq!(old_line.version, old.version);
    assert_eq!(old_line.until.as_ref().unwrap().at, new_line.from.at);
    let page = app.policy_version("lanternfish", &old_line.digest).unwrap();
    assert_eq!(page.promises, old.promises);
    assert!(page.past.unwrap().contains("reports that came in"));
    let page = app.policy_version("lanternfish", &new_line.digest).unwrap();
    assert!(page.past.is_none());
    for wrong in ["", "12", &"0".repeat(64)] {
        let answer = app.policy_version("lanternfish", wrong);
        assert!(matches!(answer, Err(ActError::NotFound)), "{wrong}");
    }
}

#[test]
fn only_what_was_shown_is_published_and_only_by_owners() {
    let world = World::new();
    let ada = world.set_up();
    let member = world.colleague(&ada, "bob", "member");
    let app = world.app();
    let shown = app
        .preview_policy(&ada, "lanternfish", &input(NEW))
        .unwrap();
    let answer = |text: &str, sha256: &str, base: &str| PolicyInput {
        text: text.as_bytes().to_vec(),
        file: String::new(),
        sha256: sha256.to_owned(),
        base: base.to_owned(),
    };
    let before = app.policy_page("lanternfish").unwrap().version;
    let other = NEW.replace("5 business", "50 business");
    for wrong in [
        answer(&other, &shown.sha256, &shown.base),
        answer(NEW, &shown.sha256, &"0".repeat(64)),
        answer(NEW, "", &shown.base),
        answer("", &shown.sha256, &shown.base),
        answer("A recipe for soup.", &shown.sha256, &shown.base),
        answer(
            "format = \"candor.policy/1\"\nx = 1",
            &shown.sha256,
            &shown.base,
        ),
    ] {
        let said = app.publish_policy(&ada, "lanternfish", &wrong);
        assert!(matches!(said, Err(ActError::Fields(_))), "{said:?}");
    }
    let right = answer(NEW, &shown.sha256, &shown.base);
    for (token, slug) in [(member.as_str(), "lanternfish"), (ada.as_str(), "nobody")] {
        let said = app.publish_policy(token, slug, &right);
        assert!(matches!(said, Err(ActError::NotFound)), "{said:?}");
        let said = app.preview_policy(token, slug, &right);
        assert!(matches!(said, Err(ActError::NotFound)), "{said:?}");
        assert!(matches!(
            app.policy_desk(token, slug),
            Err(ActError::NotFound)
        ));
        assert!(matches!(
            app.policy_reviewed(token, slug, &shown.base),
            Err(ActError::NotFound)
        ));
    }
    assert_eq!(app.policy_page("lanternfish").unwrap().version, before);
    app.publish_policy(&ada, "lanternfish", &right).unwrap();
    // The same answer again: its base is gone.
    let said = app.publish_policy(&ada, "lanternfish", &right);
    assert!(matches!(said, Err(ActError::Fields(_))), "{said:?}");
}

#[test]
fn a_review_is_asked_for_in_time_written_down_and_asked_for_again() {
    let world = World::new();
    let ada = world.set_up();
    world.colleague(&ada, "bob", "member");
    let app = world.app();
    publish(&world, &ada, NEW);
    let reminded = || {
        app.remind_reviews().unwrap();
        let letters = world.courier.letters.lock().unwrap();
        let about =
            |l: &&candor_ports::Letter| matches!(l.body.kind, LetterKind::PolicyReview { .. });
        letters.iter().filter(about).count()
    };
    assert_eq!(reminded(), 0, "published today");
    world.at("2026-11-05T09:00:00Z");
    let busy = CourierError::Transient {
        code: "451".to_owned(),
    };
    world.courier.failures.lock().unwrap().push(busy);
    assert_eq!(reminded(), 0);
    assert_eq!(reminded(), 1, "tried again, to the owner alone");
    assert_eq!(reminded(), 1, "once");
    world.at("2026-12-01T09:00:00Z");
    assert_eq!(reminded(), 2, "on the day");
    assert_eq!(reminded(), 2, "once");
    world.at("2026-12-02T09:00:00Z");
    assert_eq!(reminded(), 3, "once more when the day has passed");
    assert_eq!(reminded(), 3);
    let ada = world.sign_in_again("ada");
    let desk = app.policy_desk(&ada, "lanternfish").unwrap();
    assert!(
        desk.page
            .findings
            .iter()
            .any(|f| f.code == "review-overdue")
    );
    assert!(desk.page.review.unwrap().contains("UTC"));
    app.policy_reviewed(&ada, "lanternfish", &desk.base)
        .unwrap();
    let base = app.policy_desk(&ada, "lanternfish").unwrap().base;
    let said = app.policy_reviewed(&ada, "lanternfish", &base).unwrap();
    assert!(said.contains("already"), "{said}");
    let desk = app.policy_desk(&ada, "lanternfish").unwrap();
    assert!(
        !desk
            .page
            .findings
            .iter()
            .any(|f| f.code.starts_with("review-"))
    );
    assert!(desk.versions[0].what.starts_with("reviewed"));
    assert_eq!(desk.versions[0].by.as_deref(), Some("Ada"));
    assert_eq!(reminded(), 3);
    world.at("2027-05-20T09:00:00Z");
    assert_eq!(reminded(), 4, "the next one");
}

fn meanwhile(answer: Result<String, ActError>) {
    let Err(ActError::Fields(errors)) = answer else {
        panic!("{answer:?}");
    };
    assert!(
        errors[0].message.contains("in the meantime"),
        "{}",
        errors[0].message
    );
}

#[test]
fn what_somebody_else_changed_meanwhile_is_not_overwritten() {
    let world = World::new();
    let ada = world.set_up();
    let bob = world.colleague(&ada, "bob", "owner");
    let app = world.app();
    publish(&world, &ada, NEW);
    world.wait(86_400);
    let (ada, bob) = (world.sign_in_again("ada"), {
        drop(bob);
        world.sign_in_again("bob")
    });
    // Both open the settings; Ada is first.
    let shown = app.settings(&ada, "lanternfish").unwrap();
    let also = app.settings(&bob, "lanternfish").unwrap();
    let desk = app.policy_desk(&bob, "lanternfish").unwrap();
    let with = |mut values: std::collections::BTreeMap<String, String>, key: &str, value: &str| {
        values.insert(key.to_owned(), value.to_owned());
        values
    };
    let first = with(shown.values, "zone", "Asia/Tokyo");
    app.save_settings(&ada, "lanternfish", first, &shown.base)
        .unwrap();
    let second = with(also.values, "publisher", "Bob");
    meanwhile(app.save_settings(&bob, "lanternfish", second, &also.base));
    meanwhile(app.policy_reviewed(&bob, "lanternfish", &desk.base));
    let now = app.settings(&bob, "lanternfish").unwrap();
    assert_eq!(now.values["zone"], "Asia/Tokyo");
    assert_eq!(now.values["publisher"], "");

    // All at the same moment: one wins, the others are told.
    let answers: Vec<_> = std::thread::scope(|scope| {
        let save = |n: usize| {
            let (token, base) = (ada.as_str(), now.base.as_str());
            let fields = with(now.values.clone(), "publisher", &format!("Team {n}"));
            move || app.save_settings(token, "lanternfish", fields, base)
        };
        let all: Vec<_> = (0..6).map(|n| scope.spawn(save(n))).collect();
        all.into_iter().map(|t| t.join().unwrap()).collect()
    });
    let (won, told): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    told.into_iter().for_each(meanwhile);
}

#[test]
fn a_later_compiler_changes_nothing_until_it_is_published() {
    let mut world = World::new();
    let ada = world.set_up();
    publish(&world, &ada, NEW);
    // As if an earlier compiler had read 4 days where this one reads 5.
    world.read_by_an_earlier_version(NEW, &NEW.replace("5 business", "4 business"));
    let first = submit(&world, FULL);
    let before = promised(&world, &ada, &first.reference);
    assert!(
        before[0].1.as_deref().unwrap().starts_with("Fri 5 Jun"),
        "{before:?}"
    );

    // The file is the same, so that a start changes nothing either.
    world.restart_with(NEW);
    let app = world.app();
    assert_eq!(promised(&world, &ada, &first.reference), before);
    let page = app.policy_page("lanternfish").unwrap();
    assert!(page.promises.iter().any(|p| p.text.contains("4 business")));

    let desk = app.policy_desk(&ada, "lanternfish").unwrap();
    let reread = desk.reread.unwrap();
    assert_eq!(reread.changes.len(), 1, "{:?}", reread.changes);
    assert_eq!(reread.changes[0].new.as_deref(), Some("5 business days"));
    let shown = app
        .preview_policy(&ada, "lanternfish", &input(&reread.text))
        .unwrap();
    assert!(!shown.same);
    assert_eq!(shown.changes, reread.changes);

    publish(&world, &ada, &reread.text);
    let desk = app.policy_desk(&ada, "lanternfish").unwrap();
    assert!(desk.reread.is_none());
    assert_ne!(desk.versions[0].digest, desk.versions[1].digest);
    let second = submit(&world, FULL);
    let after = promised(&world, &ada, &second.reference);
    assert!(
        after[0].1.as_deref().unwrap().starts_with("Mon 8 Jun"),
        "{after:?}"
    );
    assert_eq!(
        promised(&world, &ada, &first.reference),
        before,
        "it keeps its own"
    );
}

#[test]
fn the_register_of_releases_holds_for_open_cases_too_and_only_owners_change_it() {
    let world = World::new();
    let ada = world.set_up();
    let bob = world.colleague(&ada, "bob", "member");
    let app = world.app();
    let case = submit(&world, FULL);
    let change = |token: &str, versions: &[&str], change: ReleaseChange| {
        let versions: Vec<String> = versions.iter().map(|v| (*v).to_owned()).collect();
        app.change_releases(
            token,
            "lanternfish",
            &versions,
            &std::collections::BTreeMap::new(),
            change,
        )
    };
    let said = change(&ada, &["2.3.0", "2.2.9"], ReleaseChange::Add).unwrap();
    assert_eq!(said, "2 releases added.");
    assert!(matches!(
        change(&bob, &["9.9.9"], ReleaseChange::Add),
        Err(ActError::NotFound)
    ));
    assert!(matches!(
        app.release_register(&bob, "lanternfish"),
        Err(ActError::NotFound)
    ));
    change(&ada, &["2.2.9"], ReleaseChange::Mark(false)).unwrap();
    let register = app.release_register(&ada, "lanternfish").unwrap();
    let shown: Vec<(&str, &str)> = register
        .releases
        .iter()
        .map(|r| (r.version.as_str(), r.support.as_str()))
        .collect();
    assert_eq!(shown, [("2.3.0", "supported"), ("2.2.9", "unsupported")]);
    // The case came under the version before: its fix is measured by today's register.
    let say = |name: &str, fields: &[(&str, &str)]| {
        world
            .desk(&ada, &case.reference, act(name, fields))
            .unwrap()
    };
    say("acknowledge", &[("message", "Thank you.")]);
    let page = app.case_page(&ada, "lanternfish", &case.reference).unwrap();
    let known: Vec<String> = register.branches.iter().map(|(b, _)| b.clone()).collect();
    assert_eq!(page.suggested_branches, known);
    assert_eq!(
        change(&ada, &["2.2.9"], ReleaseChange::Remove).unwrap(),
        "1 release taken out."
    );
    assert_eq!(
        change(&ada, &["2.2.9"], ReleaseChange::Remove).unwrap(),
        "Nothing was changed."
    );
}
