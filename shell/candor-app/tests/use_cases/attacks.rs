//! What somebody with bad intentions, or a full disk, can do to a server.

use std::sync::atomic::Ordering;

use candor_app::input::{ActError, SignInError, SubmitError};

use crate::common::{FULL, PASS, World, act, file, report, totp};
use crate::road::submit;

#[test]
fn of_many_set_ups_with_one_code_one_makes_an_account() {
    let world = World::new();
    let code = world.app().set_up_code().unwrap().unwrap();
    let results: Vec<Result<String, ActError>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|n| {
                let (app, code) = (world.app(), &code);
                scope.spawn(move || app.set_up(code, &format!("admin{n}"), "Eve", "", PASS))
            })
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    let made: Vec<&String> = results.iter().flatten().collect();
    assert_eq!(made.len(), 1, "{results:?}");
    let signs_in = |n: &i32| world.app().sign_in(&format!("admin{n}"), PASS, "").is_ok();
    assert_eq!((0..8).filter(signs_in).count(), 1);
    assert!(world.app().enrolment(made[0]).is_ok());
}

#[test]
fn wrong_tries_at_once_are_all_counted() {
    let mut world = World::new();
    world.set_up();
    let tries = || {
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..6)
                .map(|_| scope.spawn(|| world.app().sign_in("ada", "wrong", "")))
                .collect();
            let results: Vec<_> = threads.into_iter().map(|t| t.join().unwrap()).collect();
            results
        })
    };
    let results = tries();
    let looked_at = results
        .iter()
        .filter(|r| **r == Err(SignInError::Wrong))
        .count();
    assert_eq!(looked_at, 5, "the sixth waits: {results:?}");
    // In the store as well, not only in memory.
    world.restart();
    assert!(matches!(
        world.app().sign_in("ada", PASS, ""),
        Err(SignInError::Wait(_))
    ));
}

#[test]
fn a_flood_of_sign_ins_takes_neither_memory_nor_everybodys_turn() {
    let world = World::new();
    let busy = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..60)
            .map(|n| {
                let app = world.app();
                scope.spawn(move || app.sign_in(&format!("nobody{n}"), PASS, "000000"))
            })
            .collect();
        let results: Vec<_> = threads.into_iter().map(|t| t.join().unwrap()).collect();
        let wrong = results.iter().filter(|r| **r == Err(SignInError::Wrong));
        assert!(wrong.count() > 2, "some come through: {results:?}");
        let is_busy = |r: &&Result<_, _>| matches!(r, Err(SignInError::Wait(1..=10)));
        results.iter().filter(is_busy).count()
    });
    assert!(busy > 10, "the others are told to come back: {busy}");
    // Being told so is no wrong try.
    for _ in 0..4 {
        assert_eq!(
            world.app().sign_in("nobody59", PASS, ""),
            Err(SignInError::Wrong)
        );
    }
    if let (Some(resident), Ok(_)) = (resident_mb(), std::env::var("NEXTEST")) {
        assert!(resident < 250, "{resident} MB are in use");
    }
}

/// Memory of this process, where the system tells.
fn resident_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmRSS:"))?;
    let kb: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kb / 1024)
}

#[test]
fn many_reports_naming_one_address_send_it_one_letter_a_day() {
    let world = World::new();
    let name = |n: usize, address: &str| {
        let text = format!("Number {n}");
        let fields = [("description", text.as_str()), ("email", address)];
        submit(&world, &fields)
    };
    for n in 0..30 {
        // Spelled another way it is the same box.
        let address = ["victim@mail.example.org", "Victim+list@MAIL.example.org"][n % 2];
        name(n, address);
    }
    world.app().deliver().unwrap();
    let to_victim = || {
        let letters = world.courier.letters.lock().unwrap();
        let to = |l: &&candor_ports::Letter| l.to.reveal().to_lowercase().starts_with("victim");
        letters.iter().filter(to).count()
    };
    assert_eq!(to_victim(), 1);
    name(30, "other@mail.example.org");
    world.app().deliver().unwrap();
    assert_eq!(world.courier.letters.lock().unwrap().len(), 2);
    world.wait(24 * 3_600);
    name(31, "victim@mail.example.org");
    world.app().deliver().unwrap();
    assert!(to_victim() <= 3, "{}", to_victim());
}

#[test]
fn what_people_write_still_reaches_the_reporter_and_waits_when_it_is_too_much() {
    let world = World::new();
    let ada = world.set_up();
    let case = submit(&world, FULL);
    world.app().deliver().unwrap();
    let to_reporter = || {
        let letters = world.courier.letters.lock().unwrap();
        letters.iter().filter(|l| l.body.to_reporter).count()
    };
    assert_eq!(to_reporter(), 1);
    for n in 0..10 {
        let text = format!("Word {n}");
        let say = act("say", &[("lane", "reporter"), ("message", &text)]);
        world.desk(&ada, &case.reference, say).unwrap();
    }
    world.app().deliver().unwrap();
    assert_eq!(to_reporter(), 1 + 6, "six an hour");
    world.wait(3_600);
    world.app().deliver().unwrap();
    assert_eq!(to_reporter(), 1 + 10, "the others come later, none is lost");
}

#[test]
fn on_a_full_disk_a_typed_report_comes_back_and_can_be_sent_again() {
    let world = World::new();
    world.gate.full.store(true, Ordering::SeqCst);
    let mut input = report(FULL);
    input.files = vec![file("poc.py", b"x")];
    let Err(SubmitError::NotStored(form)) = world.app().submit_report("lanternfish", input) else {
        panic!("the form is given back");
    };
    let shown = format!("{form:?}");
    for (_, typed) in FULL {
        assert!(shown.contains(typed), "{typed} is lost");
    }
    assert!(form.attach_again);
    let general = form.errors.iter().find(|e| e.field.is_empty()).unwrap();
    assert!(general.message.contains("disk"), "{}", general.message);
    assert!(general.message.contains("not lost"), "{}", general.message);
    world.gate.full.store(false, Ordering::SeqCst);
    let mut again = report(FULL);
    again.fields.insert("nonce".to_owned(), form.nonce.clone());
    assert!(world.app().submit_report("lanternfish", again).is_ok());
}

#[test]
fn on_a_full_disk_everybody_is_told_why_and_open_pages_stay_open() {
    let world = World::new();
    let ada = world.set_up();
    let receipt = world
        .app()
        .submit_report("lanternfish", report(FULL))
        .unwrap();
    world.wait(120);
    world.gate.full.store(true, Ordering::SeqCst);
    let Err(ActError::Fault(room)) = world.app().enter_room("lanternfish", &receipt.code) else {
        panic!("a session cannot be stored");
    };
    assert!(
        room.person.contains("disk") && room.person.contains("open"),
        "{}",
        room.person
    );
    // A new step of the second factor would have to be written down.
    let code = totp(&world.secret("ada"), world.now());
    let Err(SignInError::Fault(desk)) = world.app().sign_in("ada", PASS, &code) else {
        panic!("a session cannot be stored");
    };
    assert!(
        desk.person.contains("disk") && desk.person.contains("sign"),
        "{}",
        desk.person
    );
    // What cannot be counted is not looked at: the answer to a wrong try is the same.
    let wrong = world.app().sign_in("ada", "wrong", &code);
    assert_eq!(wrong, Err(SignInError::Fault(desk)));
    assert!(world.app().inbox(&ada, "lanternfish", "open").is_ok());
}

#[test]
fn a_session_is_written_down_once_a_minute_at_most() {
    let world = World::new();
    let ada = world.set_up();
    let touches = || world.gate.touches.load(Ordering::SeqCst);
    for _ in 0..6 {
        world.wait(59 / 6);
        world.app().inbox(&ada, "lanternfish", "open").unwrap();
    }
    assert_eq!(touches(), 0);
    world.wait(60);
    world.app().inbox(&ada, "lanternfish", "open").unwrap();
    world.app().inbox(&ada, "lanternfish", "open").unwrap();
    assert_eq!(touches(), 1);
}

#[test]
fn the_public_numbers_do_not_tell_that_a_report_came_in() {
    let world = World::new();
    let ada = world.set_up();
    let shown = || format!("{:?}", world.app().statistics("lanternfish").unwrap());
    let before = shown();
    let mut last = None;
    for n in 0..7 {
        let text = format!("Number {n}");
        let case = submit(&world, &[("description", &text)]);
        assert_eq!(shown(), before, "report {n}");
        last = Some(case);
    }
    let reference = last.unwrap().reference;
    let acknowledge = act("acknowledge", &[("message", "We have it.")]);
    world.desk(&ada, &reference, acknowledge).unwrap();
    assert_eq!(shown(), before, "an acknowledgement");
    world.wait(40 * 24 * 3_600);
    world.app().tick().unwrap();
    assert_eq!(shown(), before, "missed promises of open cases");
}

#[test]
fn what_many_write_at_once_is_all_stored() {
    let world = World::new();
    let ada = world.set_up();
    let case = submit(&world, FULL);
    std::thread::scope(|scope| {
        for n in 0..12 {
            let (world, ada, case) = (&world, &ada, &case);
            scope.spawn(move || {
                let text = format!("Word {n}");
                let say = act("say", &[("lane", "team"), ("message", &text)]);
                world.desk(ada, &case.reference, say).unwrap();
            });
        }
    });
    let page = world.app().case_page(&ada, "lanternfish", &case.reference);
    let page = format!("{:?}", page.unwrap());
    for n in 0..12 {
        assert!(page.contains(&format!("Word {n}")), "{n}");
    }
}

#[test]
fn a_report_is_shown_in_words_and_invented_labels_as_such() {
    let world = World::new();
    let ada = world.set_up();
    let fields = [
        ("description", "A problem."),
        ("certainty", "sure"),
        ("is_public", "no"),
        ("tried_supported", "yes"),
        ("duties", "on"),
        ("credit", "anonymous"),
        ("Assessment by the team", "not a problem"),
    ];
    let case = submit(&world, &fields);
    let page = world
        .app()
        .case_page(&ada, "lanternfish", &case.reference)
        .unwrap();
    let shown = |label: &str| {
        let found = page.report.fields.iter().find(|(l, _)| l == label);
        found.map(|(_, text)| text.as_str())
    };
    assert_eq!(shown("How certain"), Some("They have shown that it works"));
    assert_eq!(shown("Already public"), Some("No"));
    assert_eq!(shown("Tried a supported version"), Some("Yes"));
    assert_eq!(shown("Wish for credit"), Some("To stay anonymous"));
    assert_eq!(shown("Assessment by the team"), None);
    for raw in ["on", "sure", "yes", "no"] {
        assert!(
            page.report.fields.iter().all(|(_, text)| text != raw),
            "{raw}"
        );
    }
}

#[test]
fn many_messages_of_a_reporter_are_one_letter_and_later_another() {
    let world = World::new();
    world.set_up();
    let case = submit(&world, FULL);
    world.app().deliver().unwrap();
    let told = || {
        let letters = world.courier.letters.lock().unwrap();
        let talk = |l: &&candor_ports::Letter| {
            l.body.kind == candor_case::MailKind::YouHaveAMessage && !l.body.to_reporter
        };
        letters.iter().filter(talk).count()
    };
    for n in 0..20 {
        world.wait(1);
        let say = act("say", &[("message", &format!("Word {n}"))]);
        world.room(&case.room, say).unwrap();
        world.app().deliver().unwrap();
    }
    assert_eq!(told(), 1);
    world.wait(900);
    world.app().deliver().unwrap();
    assert_eq!(told(), 2, "the others, in one");
    world.wait(900);
    world.app().deliver().unwrap();
    assert_eq!(told(), 2);
}
