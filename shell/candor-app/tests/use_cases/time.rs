//! Time passing and letters going out: each thing once, also after a long stop.

use candor_case::MailKind;
use candor_ports::CourierError;

use crate::common::{FULL, World};
use crate::road::submit;

fn events(world: &World, desk: &str, reference: &str) -> Vec<String> {
    let page = world
        .app()
        .case_page(desk, "lanternfish", reference)
        .unwrap();
    page.timeline.into_iter().map(|e| e.event).collect()
}

#[test]
fn after_a_long_stop_everything_is_caught_up_once() {
    let mut world = World::new();
    world.set_up();
    let case = submit(&world, FULL);
    assert_eq!(world.app().tick().unwrap(), 0);
    let wake = world.app().next_wake().unwrap().unwrap();
    // Half of the 48 hours to the acknowledgement.
    assert_eq!(wake.to_string(), "2026-06-02T08:00:00Z");

    world.restart();
    world.at("2026-07-01T08:00:00Z");
    assert_eq!(world.app().tick().unwrap(), 1);
    assert_eq!(world.app().tick().unwrap(), 0);
    let ada = world.sign_in_again("ada");
    let after = events(&world, &ada, &case.reference);
    let missed = after.iter().filter(|e| *e == "clock_missed").count();
    assert!(missed >= 2, "{after:?}");
    world.restart();
    assert_eq!(world.app().tick().unwrap(), 0);
    assert_eq!(events(&world, &ada, &case.reference), after);
    let inbox = world.app().inbox(&ada, "lanternfish", "overdue").unwrap();
    assert_eq!(inbox.rows.len(), 1);
    assert!(world.app().next_wake().unwrap().unwrap() > world.now());
}

#[test]
fn rows_are_made_anew_from_events() {
    let world = World::new();
    let ada = world.set_up();
    submit(&world, FULL);
    let before = world.app().inbox(&ada, "lanternfish", "open").unwrap();
    assert_eq!(world.app().rebuild().unwrap(), 1);
    assert_eq!(
        world.app().inbox(&ada, "lanternfish", "open").unwrap(),
        before
    );
}

#[test]
fn letters_are_tried_again_and_each_goes_out_once() {
    let mut world = World::new();
    world.set_up();
    submit(&world, FULL);
    for _ in 0..2 {
        let busy = CourierError::Transient {
            code: "451".to_owned(),
        };
        world.courier.failures.lock().unwrap().push(busy);
    }
    assert_eq!(world.app().deliver().unwrap(), 0);
    assert_eq!(world.app().deliver().unwrap(), 0);
    assert_eq!(world.courier.tried.lock().unwrap().len(), 2);
    world.wait(60);
    world.restart();
    assert_eq!(world.app().deliver().unwrap(), 2);
    assert_eq!(world.app().deliver().unwrap(), 0);
    let letters = world.courier.letters.lock().unwrap();
    let has = |kind: MailKind| letters.iter().any(|l| l.body.kind == kind);
    assert!(has(MailKind::Receipt) && has(MailKind::NewReport));
    let receipt = letters
        .iter()
        .find(|l| l.body.kind == MailKind::Receipt)
        .unwrap();
    assert_eq!(
        receipt.body.link,
        "https://sec.example.org/p/lanternfish/room"
    );
    assert!(receipt.body.dates[0].when.contains("UTC"));
    assert!(receipt.body.follow_up.is_some());
}

#[test]
fn a_bounce_shows_on_the_case_and_makes_no_storm() {
    let world = World::new();
    let ada = world.set_up();
    let case = submit(&world, FULL);
    // Everything bounces: the letter to the reporter, the one to the team, and
    // those that tell of it.
    let bounce = || CourierError::Permanent {
        code: "550".to_owned(),
    };
    world
        .courier
        .failures
        .lock()
        .unwrap()
        .extend((0..50).map(|_| bounce()));
    world.app().deliver().unwrap();
    assert!(world.courier.tried.lock().unwrap().len() <= 6);
    world.courier.failures.lock().unwrap().clear();
    let page = world
        .app()
        .case_page(&ada, "lanternfish", &case.reference)
        .unwrap();
    assert!(page.alarms.iter().any(|a| a.contains("did not arrive")));
    assert!(page.timeline.iter().any(|e| e.what.contains("550")));
    assert!(world.app().inbox(&ada, "lanternfish", "open").unwrap().rows[0].mail_failed);
}

#[test]
fn a_letter_that_never_goes_through_is_given_up_at_last() {
    let world = World::new();
    world.set_up();
    submit(&world, &[("description", "No address given")]);
    let busy = || CourierError::Transient {
        code: "connect".to_owned(),
    };
    world
        .courier
        .failures
        .lock()
        .unwrap()
        .extend((0..200).map(|_| busy()));
    for _ in 0..40 {
        world.app().deliver().unwrap();
        world.wait(43_200);
    }
    let tried = world.courier.tried.lock().unwrap();
    let mut counts: std::collections::BTreeMap<&str, u32> = std::collections::BTreeMap::new();
    for key in tried.iter() {
        *counts.entry(key).or_default() += 1;
    }
    // The first try and eight more, for the first letter; no more for any other.
    assert_eq!(counts[tried[0].as_str()], 9);
    assert!(counts.values().all(|n| *n <= 9));
}

#[test]
fn days_off_that_change_reach_open_cases_and_make_nothing_later() {
    let world = World::new();
    let ada = world.set_up();
    let holidays = |days: &str| {
        let seen = world.app().settings(&ada, "lanternfish").unwrap();
        let mut fields = seen.values;
        fields.insert("holidays".to_owned(), days.to_owned());
        world
            .app()
            .save_settings(&ada, "lanternfish", fields, &seen.base)
            .unwrap()
    };
    holidays("2026-06-03 Team day");
    let case = submit(&world, FULL);
    let due = || {
        let page = world
            .app()
            .case_page(&ada, "lanternfish", &case.reference)
            .unwrap();
        let mut all: Vec<_> = page
            .clocks
            .into_iter()
            .map(|c| (c.key, c.due, c.explanation))
            .collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    };
    let before = due();
    let said = holidays("");
    assert!(said.contains("none became later"), "{said}");
    let earlier = due();
    assert!(events(&world, &ada, &case.reference).contains(&"clock_recounted".to_owned()));
    let moved: Vec<_> = before
        .iter()
        .zip(&earlier)
        .filter(|(a, b)| a.1 != b.1)
        .collect();
    assert!(!moved.is_empty());
    for (a, b) in moved {
        assert!(b.1.as_ref().unwrap().at < a.1.as_ref().unwrap().at);
        assert!(b.2.join("; ").contains("the calendar was edited"));
    }
    holidays("2026-06-02\n2026-06-03\n2026-06-04");
    let after = due();
    for (a, b) in earlier.iter().zip(&after) {
        assert_eq!(a.1, b.1, "{} became later", a.0);
    }
}
