//! Scores are for the team, and of at least five cases.

use std::sync::atomic::Ordering;

use crate::common::{FULL, World, act};
use crate::road::{submit, to_approved};

#[test]
fn one_published_case_is_counted_and_not_scored() {
    let world = World::new();
    let ada = world.set_up();
    let before = world.app().skill(&ada, "lanternfish").unwrap();
    assert_eq!((before.cases, before.lines.len()), (0, 9));
    let case = submit(&world, FULL);
    let digest = to_approved(&world, &ada, &case);
    world.colleague(&ada, "grace", "member");
    world.at("2026-06-20T12:00:00Z");
    let grace = world.sign_in_again("grace");
    world
        .desk(
            &grace,
            &case.reference,
            act("publish", &[("draft", &digest)]),
        )
        .unwrap();
    let asked = || world.gate.reads.load(Ordering::SeqCst);
    let before = asked();
    let after = world.app().skill(&grace, "lanternfish").unwrap();
    let between = asked();
    assert_eq!(after.cases, 1);
    let again = world.app().skill(&grace, "lanternfish").unwrap();
    assert_eq!(again, after, "what is kept counts the same");
    assert!(
        asked() - between < between - before,
        "no case was opened again"
    );
    let ready = after
        .lines
        .iter()
        .find(|l| l.what == "a fix was ready before the public knew")
        .unwrap();
    assert_eq!((ready.met, ready.of, ready.score.as_ref()), (1, 1, None));
    assert_eq!(ready.luck, "1 of 9");
    assert!(world.app().skill(&case.room, "lanternfish").is_err());
}
