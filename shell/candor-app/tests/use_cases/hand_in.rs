//! What reached somebody of the team otherwise becomes a case from its first receipt.

use candor_app::input::{ActError, ReportInput};

use crate::common::{FULL, World, file, report};
use crate::road::submit;

fn mail(date: &str, email: &str) -> ReportInput {
    let mut input = report(&[
        ("came_by", "mail"),
        ("received_date", date),
        ("received_time", "09:30"),
        ("description", "A header reaches a shell."),
        ("email", email),
    ]);
    input
        .files
        .push(file("original.eml", b"From: somebody\r\n\r\nA header"));
    input
}

#[test]
fn s4_08_clocks_count_from_when_a_maintainer_first_had_it() {
    let world = World::new();
    let ada = world.set_up();
    let app = world.app();
    let form = app.hand_in_form(&ada, "lanternfish").unwrap();
    assert_eq!(form.zone, "UTC");
    let done = app
        .hand_in(
            &ada,
            "lanternfish",
            mail("2026-05-29", "rosa@finder.example"),
        )
        .unwrap();
    assert_eq!(done.received.at.to_string(), "2026-05-29T09:30:00Z");
    let page = app.case_page(&ada, "lanternfish", &done.reference).unwrap();
    let text = format!("{:?}", page.report);
    for part in [
        "handed in by a member",
        "Reached the team by",
        "Mail",
        "original.eml",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // A promise of 48 hours is missed on the day of the entry, and says so.
    let now = world.now();
    let past = |c: &candor_access::view::ClockView| c.due.as_ref().is_some_and(|d| d.at < now);
    assert!(page.clocks.iter().any(past));
    app.deliver().unwrap();
    let letters = world.courier.letters.lock().unwrap();
    let to = |l: &&candor_ports::Letter| l.to.reveal().contains("rosa@finder.example");
    assert_eq!(letters.iter().filter(to).count(), 1, "a receipt");
    drop(letters);
    // The code opens the reporter's room.
    assert!(app.enter_room("lanternfish", &done.code).is_ok());
}

#[test]
fn handing_in_is_for_the_team_and_says_what_is_missing() {
    let world = World::new();
    let ada = world.set_up();
    let app = world.app();
    let case = submit(&world, FULL);
    let by_reporter = app.hand_in(&case.room, "lanternfish", mail("2026-05-29", ""));
    assert!(matches!(
        by_reporter,
        Err(ActError::SignedOut | ActError::NotFound)
    ));
    let wrong = |input: ReportInput| match app.hand_in(&ada, "lanternfish", input) {
        Err(ActError::Fields(errors)) => errors[0].field.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(wrong(mail("2026-06-02", "")), "received_date", "tomorrow");
    assert_eq!(wrong(mail("", "")), "received_date");
    assert_eq!(wrong(mail("0026-05-29", "")), "received_date", "a slip");
    let mut no_way = mail("2026-05-29", "");
    no_way.fields.remove("came_by");
    assert_eq!(wrong(no_way), "came_by");
    let mut empty = mail("2026-05-29", "");
    empty.fields.remove("description");
    assert_eq!(wrong(empty), "description");
    // Nobody else says on which way a report came.
    let odd = submit(&world, &[("description", "x"), ("came_by", "phone")]);
    let page = app.case_page(&ada, "lanternfish", &odd.reference).unwrap();
    assert!(!format!("{:?}", page.report).contains("Reached the team by"));
}
