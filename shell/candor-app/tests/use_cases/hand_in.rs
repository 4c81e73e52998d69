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
    empty.files.clear();
    assert_eq!(wrong(empty), "description");
    // Nobody else says on which way a report came.
    let odd = submit(&world, &[("description", "x"), ("came_by", "phone")]);
    let page = app.case_page(&ada, "lanternfish", &odd.reference).unwrap();
    assert!(!format!("{:?}", page.report).contains("Reached the team by"));
}

const FORWARDED: &[u8] =
    b"From: Ada <ada@project.example>\r\nDate: Sat, 30 May 2026 12:00:00 +0000\r\n\
Subject: Fwd\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nSee below.\r\n--x\r\n\
Content-Type: message/rfc822\r\n\r\nReceived: from a.example by mx.example; Fri, 29 May 2026 \
09:30:00 +0000\r\nFrom: Rosa <rosa@finder.example>\r\nSubject: Shell\r\nContent-Type: \
multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\nA header reaches a shell.\r\n--y\r\nContent-Type: \
image/png; name=shot.png\r\n\r\nPNG\r\n--y--\r\n\r\n--x--\r\n";

fn by_mail(way: &str, bytes: &[u8]) -> ReportInput {
    let mut input = report(&[("came_by", way)]);
    input.files.push(file("saved.eml", bytes));
    input
}

#[test]
fn a_mail_that_is_handed_in_says_everything_by_itself() {
    let world = World::new();
    let ada = world.set_up();
    let app = world.app();
    let input = by_mail("forwarded", FORWARDED);
    let done = app.hand_in(&ada, "lanternfish", input).unwrap();
    assert_eq!(done.received.at.to_string(), "2026-05-29T09:30:00Z");
    let page = app.case_page(&ada, "lanternfish", &done.reference).unwrap();
    let text = format!("{:?}", page.report);
    for part in [
        "A header reaches a shell.",
        "Shell",
        "saved.eml",
        "shot.png",
        "forwarded by",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("See below"), "{text}");
    app.deliver().unwrap();
    let letters = world.courier.letters.lock().unwrap();
    let to = |l: &&candor_ports::Letter| l.to.reveal().contains("rosa@finder.example");
    assert_eq!(letters.iter().filter(to).count(), 1, "a receipt");
}

#[test]
fn what_was_typed_goes_before_what_the_mail_says() {
    let world = World::new();
    let ada = world.set_up();
    let app = world.app();
    let mut input = by_mail("forwarded", FORWARDED);
    let typed = [
        ("received_date", "2026-05-30"),
        ("received_time", "08:00"),
        ("summary", "Mine"),
    ];
    for (name, text) in typed {
        input.fields.insert(name.to_owned(), text.to_owned());
    }
    let done = app.hand_in(&ada, "lanternfish", input).unwrap();
    assert_eq!(done.received.at.to_string(), "2026-05-30T08:00:00Z");
    let page = app.case_page(&ada, "lanternfish", &done.reference).unwrap();
    assert!(format!("{:?}", page.report).contains("Mine"));
}

#[test]
fn a_mail_that_says_two_senders_gives_nobody_a_receipt() {
    let world = World::new();
    let ada = world.set_up();
    let app = world.app();
    let two = b"From: a@victim.example\r\nFrom: b@finder.example\r\nDate: Fri, 29 May 2026 \
        09:30:00 +0000\r\n\r\nA hole.\r\n";
    let done = app
        .hand_in(&ada, "lanternfish", by_mail("mail", two))
        .unwrap();
    assert_eq!(done.received.at.to_string(), "2026-05-29T09:30:00Z");
    app.deliver().unwrap();
    let letters = world.courier.letters.lock().unwrap();
    let to = |l: &candor_ports::Letter| {
        l.to.reveal().contains("victim") || l.to.reveal().contains("finder")
    };
    assert!(!letters.iter().any(to));
}

#[test]
fn an_encrypted_mail_is_a_case_and_one_that_is_no_mail_is_said() {
    let world = World::new();
    let ada = world.set_up();
    let app = world.app();
    let locked = b"From: rosa@finder.example\r\nDate: Fri, 29 May 2026 09:30:00 +0000\r\n\
        Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=x\r\n\r\n\
        --x\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--x\r\n\
        Content-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n--x--\r\n";
    let done = app
        .hand_in(&ada, "lanternfish", by_mail("mail", locked))
        .unwrap();
    let page = app.case_page(&ada, "lanternfish", &done.reference).unwrap();
    assert!(format!("{:?}", page.report).contains("This mail is encrypted"));
    assert!(
        page.clocks.iter().any(|c| c.due.is_some()),
        "the clocks run"
    );
    let wrong = |input| match app.hand_in(&ada, "lanternfish", input) {
        Err(ActError::Fields(errors)) => (errors[0].field.clone(), errors[0].message.clone()),
        other => panic!("{other:?}"),
    };
    let (field, why) = wrong(by_mail("mail", b"\r\n\r\n"));
    assert!(
        field == "files" && why.contains("no header"),
        "{field}: {why}"
    );
    let (field, why) = wrong(by_mail("forwarded", b"From: a@b.example\r\n\r\nx"));
    assert!(
        field == "files" && why.contains("no other mail"),
        "{field}: {why}"
    );
}
