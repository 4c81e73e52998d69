//! A clock that jumps: nothing is lost by it, nothing happens by it.

use candor_app::input::ActError;
use candor_base::RefusalCode;

use crate::common::{FULL, World, act};
use crate::road::{Case, submit, to_approved};

const DAY: i64 = 86_400;

/// A server of a machine with a steady clock, and one case.
fn world() -> (World, String, Case) {
    let world = World::new();
    world.steady();
    let ada = world.set_up();
    let case = submit(&world, FULL);
    assert_eq!(world.app().tick().unwrap(), 0);
    (world, ada, case)
}

fn timeline(world: &World, desk: &str, case: &Case) -> Vec<(String, String)> {
    let page = world
        .app()
        .case_page(desk, "lanternfish", &case.reference)
        .unwrap();
    let lines = page.timeline.into_iter();
    lines.map(|e| (e.event, e.when.at.to_string())).collect()
}

fn jump(world: &World, seconds: i64) {
    let now = world.now().plus_seconds(seconds).to_string();
    world.at(&now);
}

#[test]
fn a_jump_ahead_misses_nothing_ends_nothing_and_lifts_by_itself() {
    let (world, ada, case) = world();
    let before = timeline(&world, &ada, &case);
    // Nine months, and then to where years have four digits no longer.
    for far in [270 * DAY, 7_971 * 365 * DAY] {
        jump(&world, far);
        assert_eq!(world.app().tick().unwrap(), 0);
        world.wait(4);
        assert_eq!(world.app().tick().unwrap(), 0);
        assert_eq!(timeline(&world, &ada, &case), before);
        let doubt = world.app().clock_doubt().unwrap();
        assert!(doubt.believed.to_string().starts_with("2026-06-01T08:00:"));
        let told = world
            .app()
            .inbox(&ada, "lanternfish", "open")
            .unwrap()
            .clock;
        assert!(told.unwrap().contains("The clock of this server jumped"));
        jump(&world, -far);
        assert_eq!(world.app().clock_doubt(), None);
        let told = world
            .app()
            .inbox(&ada, "lanternfish", "open")
            .unwrap()
            .clock;
        assert_eq!(told, None);
    }
    // What was due is still found when its time has really come.
    world.wait(3 * DAY);
    assert_eq!(world.app().tick().unwrap(), 1);
}

#[test]
fn acts_and_reports_of_a_doubtful_time_carry_the_time_that_passed() {
    let (world, ada, case) = world();
    jump(&world, 98 * DAY);
    world.wait(60);
    let said = world
        .desk(
            &ada,
            &case.reference,
            act("acknowledge", &[("message", "Thank you for your report.")]),
        )
        .unwrap();
    assert!(said.contains("in doubt"), "{said}");
    let other = submit(&world, FULL);
    for case in [&case, &other] {
        for (event, at) in timeline(&world, &ada, case) {
            assert!(at.starts_with("2026-06-01T08:0"), "{event} {at}");
        }
    }
    jump(&world, -98 * DAY);
    world.wait(2 * DAY);
    world.app().tick().unwrap();
    let ada = world.sign_in_again("ada");
    let missed = |(event, _): &(String, String)| event == "clock_missed";
    assert!(!timeline(&world, &ada, &case).iter().any(missed));
}

#[test]
fn nothing_is_published_while_the_clock_is_in_doubt() {
    let (world, ada, case) = world();
    let bob = world.colleague(&ada, "bob", "member");
    let digest = to_approved(&world, &ada, &case);
    let publish = act("publish", &[("draft", &digest)]);
    world.wait(19 * DAY + 5 * 3_600);
    world.app().tick().unwrap();
    jump(&world, 2 * DAY);
    let bob_again = world.sign_in_again("bob");
    assert_ne!(bob, bob_again);
    let Err(ActError::Refused(no)) = world.desk(&bob_again, &case.reference, publish.clone())
    else {
        panic!("published by a clock that jumped");
    };
    assert_eq!(no.code, RefusalCode::TooEarly);
    assert!(no.message.contains("clock"), "{}", no.message);
    assert_eq!(world.app().advisories("lanternfish").unwrap(), []);
    jump(&world, -2 * DAY);
    world
        .desk(&bob_again, &case.reference, publish)
        .unwrap_or_else(|why| panic!("{why:?}"));
    assert_eq!(world.app().advisories("lanternfish").unwrap().len(), 1);
}

#[test]
fn the_operator_may_say_that_the_clock_is_right() {
    let (mut world, _, case) = world();
    jump(&world, 10 * DAY);
    assert_eq!(world.app().tick().unwrap(), 0);
    world.app().accept_clock().unwrap();
    assert_eq!(world.app().clock_doubt(), None);
    assert_eq!(world.app().tick().unwrap(), 1);
    // That word outlives the program.
    world.restart();
    assert_eq!(world.app().clock_doubt(), None);
    let ada = world.sign_in_again("ada");
    let missed = |(event, _): &(String, String)| event == "clock_missed";
    assert!(timeline(&world, &ada, &case).iter().any(missed));
}

#[test]
fn a_start_believes_weeks_of_standstill_but_no_year_and_no_way_back() {
    let (mut world, ada, case) = world();
    let before = timeline(&world, &ada, &case);
    // Only the program: the machine knows what passed.
    jump(&world, 20 * DAY);
    world.restart();
    assert_eq!(world.app().tick().unwrap(), 0);
    assert!(world.app().clock_doubt().is_some());
    jump(&world, -20 * DAY);

    world.reboot(400 * DAY);
    assert_eq!(world.app().tick().unwrap(), 0);
    assert!(world.app().clock_doubt().is_some());
    jump(&world, -500 * DAY);
    assert!(world.app().clock_doubt().is_some());
    assert_eq!(timeline(&world, &ada, &case), before);

    jump(&world, 130 * DAY);
    assert_eq!(
        world.app().clock_doubt(),
        None,
        "thirty days after the last word"
    );
    assert_eq!(world.app().tick().unwrap(), 1);
}

#[test]
fn a_history_never_runs_backwards() {
    let world = World::new();
    let ada = world.set_up();
    let case = submit(&world, FULL);
    // A small step back, or a machine without a steady clock.
    jump(&world, -300);
    let talk = act("acknowledge", &[("message", "Thank you for your report.")]);
    world.desk(&ada, &case.reference, talk).unwrap();
    let times: Vec<String> = timeline(&world, &ada, &case)
        .into_iter()
        .map(|(_, at)| at)
        .collect();
    assert!(
        times.iter().all(|at| at == "2026-06-01T08:00:00Z"),
        "{times:?}"
    );
}
