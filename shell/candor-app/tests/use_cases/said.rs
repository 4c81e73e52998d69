//! What pages, rooms, receipts and letters say of a policy is what the policy says.

use candor_access::ContentKey;
use candor_app::input::{ActError, SubmitError};
use candor_ledger::verify;

use crate::common::{FULL, World, act, report};
use crate::road::submit;

const KESTREL: &str = "\
# Security policy of Kestrel

Please report privately by mail to security@kestrel.example.org.

## What to include

- Affected version: the exact release or commit
- Affected component: which part of it

## Scope

The following are in scope:

- Server
- Command line

## Response times

We are committed to the following timelines:

| Milestone | Target |
|---|---|
| Acknowledgement of receipt | Within 2 business days |
| Fix and public disclosure | Within 90 days of receipt |

## Safe harbour

If you act in good faith, following this policy, we will:

- Not pursue legal action against you
- Work with you to understand and resolve the issue
- Credit you in the advisory (if you wish)

We ask that you:

- Give us reasonable time to fix the issue before public disclosure

This policy is reviewed annually.
";

const BOTH: &str = "The problem is fixed and details are published";

fn kestrel() -> World {
    let world = World::new();
    world
        .app()
        .put_program("kestrel", "SECURITY.md", KESTREL.as_bytes())
        .unwrap();
    world
}

#[test]
fn a_promise_of_fix_and_publication_is_worded_as_both() {
    let world = kestrel();
    let token = world.set_up();
    let receipt = world
        .app()
        .submit_report("kestrel", report(&[("description", "It opens a shell.")]))
        .unwrap();
    assert!(receipt.clocks.iter().any(|c| c.what == BOTH));
    let read = verify(&receipt.note, &receipt.verifier_key).unwrap();
    let joint: Vec<(&str, String)> = read
        .promises
        .iter()
        .filter(|p| p.milestone.as_str() != "acknowledgement")
        .map(|p| (p.milestone.as_str(), p.due.unwrap().to_string()))
        .collect();
    let due = "2026-08-30T23:59:59Z".to_owned();
    assert_eq!(joint, [("fix", due.clone()), ("disclosure", due)]);
    let room = world.app().enter_room("kestrel", &receipt.code).unwrap();
    let room = world.app().room("kestrel", &room).unwrap();
    assert!(room.clocks.iter().any(|c| c.what == BOTH));
    let case = |token: &str| {
        world
            .app()
            .case_page(token, "kestrel", &receipt.reference)
            .unwrap()
    };
    assert!(case(&token).clocks.iter().any(|c| c.what == BOTH));
    let hello = act("acknowledge", &[("message", "Thank you. We look into it.")]);
    world
        .app()
        .desk_act(&token, "kestrel", &receipt.reference, hello)
        .unwrap();
    // Past the half of the time the team is warned, in the words of the whole promise.
    world.at("2026-08-20T08:00:00Z");
    world.app().tick().unwrap();
    world.app().deliver().unwrap();
    let letters = world.courier.letters.lock().unwrap();
    assert!(
        letters
            .iter()
            .any(|l| l.body.promise.as_deref() == Some(BOTH))
    );
    let later = world.sign_in_again("ada");
    assert!(
        case(&later)
            .timeline
            .iter()
            .any(|line| line.what.contains(BOTH))
    );
}

#[test]
fn the_version_is_asked_once_and_its_answer_counts() {
    let world = kestrel();
    let token = world.set_up();
    let form = world.app().report_form("kestrel").unwrap();
    let versions = |key: ContentKey| key == ContentKey::Versions;
    assert!(!form.fields.iter().any(|f| versions(f.key)));
    assert!(form.version.help.contains("exact release"), "{form:?}");
    let component = form
        .fields
        .iter()
        .find(|f| f.key == ContentKey::Component)
        .unwrap();
    assert_eq!(component.choices.last().unwrap(), "Other / not sure");
    let other = "Other / not sure";
    let sent = [
        ("description", "It opens a shell."),
        ("version", "2.3.1"),
        ("component", other),
    ];
    let receipt = world.app().submit_report("kestrel", report(&sent)).unwrap();
    assert!(receipt.missing.is_empty(), "{:?}", receipt.missing);
    let case = world
        .app()
        .case_page(&token, "kestrel", &receipt.reference)
        .unwrap();
    let shown = case
        .report
        .fields
        .iter()
        .filter(|(_, text)| text == "2.3.1");
    assert_eq!(shown.count(), 1);
    // A form that comes back has the version in its place, and its error beside it.
    let wrong = [("version", "2.3\u{0}")];
    let Err(SubmitError::Form(again)) = world.app().submit_report("kestrel", report(&wrong)) else {
        panic!("no description, and a version that cannot be stored")
    };
    assert!(again.version.error.is_some());
    assert!(again.errors.iter().all(|e| e.field != "version"));
}

#[test]
fn the_owner_sees_that_a_review_is_due_and_records_it() {
    let world = kestrel();
    let token = world.set_up();
    let codes = |token: &str| -> Vec<String> {
        let page = world.app().settings(token, "kestrel").unwrap();
        page.findings.into_iter().map(|f| f.code).collect()
    };
    assert!(codes(&token).contains(&"review-not-recorded".to_owned()));
    world.at("2027-06-02T08:00:00Z");
    let token = world.sign_in_again("ada");
    assert!(codes(&token).contains(&"review-overdue".to_owned()));
    let public = world.app().policy_page("kestrel").unwrap();
    assert!(public.review.unwrap().contains("overdue"));
    let shown = world.app().settings(&token, "kestrel").unwrap();
    let mut values = shown.values;
    values.insert("last_review".to_owned(), "2027-06-02".to_owned());
    world
        .app()
        .save_settings(&token, "kestrel", values, &shown.base)
        .unwrap();
    assert!(!codes(&token).iter().any(|c| c.starts_with("review")));
    let public = world.app().policy_page("kestrel").unwrap();
    assert!(public.review.unwrap().contains("2028-06-02"));
}

#[test]
fn a_draft_that_says_nothing_is_not_saved() {
    let world = World::new();
    let desk = world.set_up();
    let case = submit(&world, FULL);
    let save =
        |fields: &[(&str, &str)]| world.desk(&desk, &case.reference, act("save_draft", fields));
    for empty in [&[][..], &[("title", "  "), ("cwe", "CWE-79")][..]] {
        let Err(ActError::Fields(errors)) = save(empty) else {
            panic!("an empty draft was taken")
        };
        assert_eq!(errors[0].field, "title");
    }
    let room = world.app().room("lanternfish", &case.room).unwrap();
    assert!(room.draft.is_none());
}
