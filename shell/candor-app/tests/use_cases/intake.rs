//! Taking in reports: nothing lost, nothing twice, nothing refused that is a report.

use candor_app::input::{ActError, SubmitError};
use candor_ledger::verify;

use crate::common::{FULL, World, file, report};

fn with_nonce(world: &World, extra: &[(&str, &str)]) -> candor_app::input::ReportInput {
    let form = world.app().report_form("lanternfish").unwrap();
    let mut input = report(FULL);
    input.fields.insert("nonce".to_owned(), form.nonce);
    for (name, text) in extra {
        input.fields.insert((*name).to_owned(), (*text).to_owned());
    }
    input
}

#[test]
fn the_same_submission_twice_is_one_case_and_shows_one_receipt() {
    let mut world = World::new();
    let input = with_nonce(&world, &[]);
    let first = world
        .app()
        .submit_report("lanternfish", input.clone())
        .unwrap();
    world.restart();
    let second = world
        .app()
        .submit_report("lanternfish", input.clone())
        .unwrap();
    assert_eq!(
        (&first.reference, &first.code, &first.note),
        (&second.reference, &second.code, &second.note)
    );
    let mut changed = input;
    changed
        .fields
        .insert("description".to_owned(), "Something else".to_owned());
    let third = world.app().submit_report("lanternfish", changed).unwrap();
    assert_ne!(first.reference, third.reference);
    assert_ne!(first.code, third.code);
    assert_eq!(world.app().operator_list().unwrap().len(), 2);
}

#[test]
fn the_same_submission_at_the_same_moment_is_one_case() {
    let world = World::new();
    let input = with_nonce(&world, &[]);
    let codes: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    world
                        .app()
                        .submit_report("lanternfish", input.clone())
                        .unwrap()
                        .code
                })
            })
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert!(codes.iter().all(|c| *c == codes[0]));
    assert_eq!(world.app().operator_list().unwrap().len(), 1);
}

#[test]
fn a_strange_nonce_never_costs_a_report() {
    let world = World::new();
    for nonce in ["", "x", &"=".repeat(43)] {
        let mut input = report(FULL);
        input.fields.insert("nonce".to_owned(), nonce.to_owned());
        world.app().submit_report("lanternfish", input).unwrap();
    }
    assert_eq!(world.app().operator_list().unwrap().len(), 3);
}

#[test]
fn the_receipt_verifies_offline_and_names_what_was_sent() {
    let world = World::new();
    let receipt = world
        .app()
        .submit_report("lanternfish", report(FULL))
        .unwrap();
    let key = world.app().verifier_key();
    assert_eq!(receipt.verifier_key, key);
    let read = verify(&receipt.note, &key).unwrap();
    assert_eq!(read.case.to_string(), receipt.reference);
    let acknowledgement = &read.promises[0];
    assert_eq!(acknowledgement.milestone.as_str(), "acknowledgement");
    assert_eq!(
        acknowledgement.due.unwrap().to_string(),
        "2026-06-03T08:00:00Z"
    );
    assert!(!receipt.note.contains(&receipt.code.replace('-', "")));
    for word in ["daemon", "Hopper", "finder", "CANARY"] {
        assert!(!receipt.note.contains(word));
    }
    let forged = receipt.note.replace("2026-06-03", "2026-07-03");
    assert!(verify(&forged, &key).is_err());
}

#[test]
fn what_is_missing_is_said_and_never_keeps_a_report_out() {
    let world = World::new();
    let receipt = world
        .app()
        .submit_report("lanternfish", report(&[("description", "It falls over.")]))
        .unwrap();
    assert!(
        receipt.missing.iter().any(|m| m.contains("Steps")),
        "{:?}",
        receipt.missing
    );
    assert!(receipt.follow_up.unwrap().contains("3 business days"));
    assert_eq!(receipt.duties.len(), 2);
}

#[test]
fn a_report_that_cannot_be_stored_keeps_what_was_typed() {
    let world = World::new();
    let mut input = with_nonce(&world, &[("impact", "bad\u{0}byte")]);
    input.files = vec![file("poc.txt", b"x")];
    let nonce = input.fields["nonce"].clone();
    let Err(SubmitError::Form(form)) = world.app().submit_report("lanternfish", input) else {
        panic!("binary text was stored");
    };
    let field = |name: &str| {
        form.fields
            .iter()
            .find(|f| candor_access::build::words::content_name(f.key) == name)
            .unwrap()
    };
    assert!(
        field("impact")
            .error
            .as_ref()
            .unwrap()
            .contains("binary content")
    );
    assert_eq!(
        field("summary").value,
        "Lantern daemon runs commands from the network"
    );
    assert_eq!(form.values["email"], "finder@mail.example.org");
    assert_eq!(form.nonce, nonce);
    assert!(form.attach_again);

    let mut large = report(FULL);
    large.files = vec![file("big", &vec![0; 1_000_001])];
    let Err(SubmitError::Form(form)) = world.app().submit_report("lanternfish", large) else {
        panic!("too large a file was stored");
    };
    assert_eq!(form.errors[0].field, "files");
    let Err(SubmitError::Form(form)) = world.app().submit_report("lanternfish", report(&[])) else {
        panic!("nothing was stored");
    };
    assert!(form.fields.iter().any(|f| f.error.is_some()));
    assert_eq!(world.app().operator_list().unwrap(), []);
    assert_eq!(
        world.app().submit_report("nobody", report(FULL)),
        Err(SubmitError::NotFound)
    );
}

#[test]
fn an_unsupported_version_and_an_out_of_scope_warning_stand_on_the_case() {
    let world = World::new();
    let ada = world.set_up();
    let policy = world.app().report_form("lanternfish").unwrap();
    let clause = policy.out_of_scope[0].id.clone();
    let mut input = with_nonce(
        &world,
        &[
            ("versions", "1.4"),
            ("tried_supported", "no"),
            ("warned", &clause),
        ],
    );
    input
        .fields
        .insert("is_public".to_owned(), "yes".to_owned());
    let receipt = world.app().submit_report("lanternfish", input).unwrap();
    let page = world
        .app()
        .case_page(&ada, "lanternfish", &receipt.reference)
        .unwrap();
    assert!(page.report.support.unwrap().contains("not supported"));
    assert_eq!(page.report.warned_of.len(), 1);
    assert!(page.alarms.iter().any(|a| a.contains("Details are public")));
    let identity = &page.report.identity;
    assert!(
        identity
            .iter()
            .any(|(_, text)| text == "finder@mail.example.org")
    );
    assert!(
        !page
            .report
            .fields
            .iter()
            .any(|(_, text)| text.contains("finder@"))
    );
}

#[test]
fn a_program_keeps_its_settings_and_old_cases_their_policy() {
    let world = World::new();
    let ada = world.set_up();
    let before = world
        .app()
        .submit_report("lanternfish", report(FULL))
        .unwrap();
    let shown = world.app().settings(&ada, "lanternfish").unwrap();
    let mut fields = shown.values;
    fields.insert("zone".to_owned(), "Asia/Tokyo".to_owned());
    world
        .app()
        .save_settings(&ada, "lanternfish", fields, &shown.base)
        .unwrap();
    let after = world
        .app()
        .submit_report("lanternfish", report(&[("description", "Later")]))
        .unwrap();
    assert!(after.received.words.contains("Asia/Tokyo"));
    let version = |reference: &str| {
        let page = world
            .app()
            .case_page(&ada, "lanternfish", reference)
            .unwrap();
        (
            page.policy_version,
            page.clocks[0].due.clone().unwrap().words,
        )
    };
    assert_ne!(version(&before.reference).0, version(&after.reference).0);
    assert!(!version(&before.reference).1.contains("Tokyo"));
    // A new text of the policy leaves the owner's settings as they were.
    let text = include_str!("fixtures/SECURITY.md").replace("48 hours", "24 hours");
    world.put(&text);
    let settings = world.app().settings(&ada, "lanternfish").unwrap();
    assert_eq!(settings.values["zone"], "Asia/Tokyo");
    let page = world.app().policy_page("lanternfish").unwrap();
    assert!(page.promises[0].text.contains("24 hours"));
    assert!(page.calendar.contains("Set by the owner"));
    assert_eq!(page.findings, []);
}

#[test]
fn what_is_no_policy_and_what_is_not_there() {
    use candor_app::input::ProgramError;
    let world = World::new();
    for bad in ["", "  \n", "A text about cooking."] {
        let put = world.app().put_program("x", "SECURITY.md", bad.as_bytes());
        assert!(matches!(put, Err(ProgramError::NotAPolicy(_))), "{bad:?}");
    }
    let same = world.app().put_program(
        "elsewhere",
        "SECURITY.md",
        include_bytes!("fixtures/SECURITY.md"),
    );
    assert!(matches!(same, Ok(_) | Err(ProgramError::SameName { .. })));
    for slug in ["nobody", "", "../etc", "LANTERNFISH"] {
        assert_eq!(
            world.app().policy_page(slug).unwrap_err(),
            ActError::NotFound,
            "{slug}"
        );
        assert_eq!(
            world.app().advisories(slug).unwrap_err(),
            ActError::NotFound
        );
        assert_eq!(
            world.app().security_txt(Some(slug)).unwrap_err(),
            ActError::NotFound
        );
    }
    assert_eq!(
        world.app().csaf("lanternfish", "x.json").unwrap_err(),
        ActError::NotFound
    );
    assert_eq!(
        world.app().advisory("lanternfish", "x").unwrap_err(),
        ActError::NotFound
    );
    assert_eq!(world.app().thanks("lanternfish").unwrap(), []);
    assert!(
        world
            .app()
            .statistics("lanternfish")
            .unwrap()
            .withheld
            .is_some()
    );
}
