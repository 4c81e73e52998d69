//! Two servers on one database: every clock strikes once, every letter goes out once, and
//! the histories are those that one server alone writes.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use candor_app::App;
use candor_base::Instant;

use crate::common::{FULL, World};
use crate::road::submit;

/// The instants at which the world is looked at.
const DAYS: &[&str] = &[
    "2026-06-02T08:00:00Z",
    "2026-06-03T09:00:00Z",
    "2026-06-10T09:00:00Z",
    "2026-07-20T09:00:00Z",
    "2026-09-30T09:00:00Z",
];

/// The kinds and instants of all events, by case.
type Histories = Vec<Vec<(u64, Instant, String)>>;

/// Five cases, and nobody who does anything; `work` is what the servers do each time.
fn months(world: World, work: &dyn Fn(&World)) -> (Histories, Vec<String>) {
    world.set_up();
    for _ in 0..5 {
        submit(&world, FULL);
    }
    work(&world);
    for day in DAYS {
        world.at(day);
        work(&world);
    }
    let tried = world.courier.tried.lock().unwrap().clone();
    let mut histories = world.histories();
    histories.sort();
    (histories, tried)
}

fn work(app: &App) {
    app.tick().unwrap();
    app.deliver().unwrap();
}

#[test]
fn two_servers_do_what_one_does_and_each_thing_once() {
    let Some(world) = World::on_postgres() else {
        return;
    };
    let others = [world.another(), world.another()];
    let (together, letters) = months(world, &|world| {
        std::thread::scope(|scope| {
            for app in others.iter().chain([world.app()]) {
                scope.spawn(move || work(app));
            }
        });
        // Whatever was in another's hands at that moment is settled by now.
        work(world.app());
    });
    drop(others);
    let once: BTreeSet<&String> = letters.iter().collect();
    assert_eq!(once.len(), letters.len(), "each letter once: {letters:#?}");

    let (alone, letters_alone) = months(World::new(), &|world| work(world.app()));
    assert_eq!(letters.len(), letters_alone.len());
    let of = |histories: &Histories| -> Vec<Vec<(Instant, String)>> {
        // A letter's outcome may be written down before or after a clock that strikes in
        // the same second.
        let mut all: Vec<Vec<_>> = histories
            .iter()
            .map(|events| {
                events
                    .iter()
                    .map(|(_, at, kind)| (*at, kind.clone()))
                    .collect()
            })
            .collect();
        for events in &mut all {
            events.sort();
        }
        all.sort();
        all
    };
    assert_eq!(of(&together), of(&alone));
    let missed = |events: &[(u64, Instant, String)]| {
        events
            .iter()
            .filter(|(_, _, kind)| kind == "ClockMissed")
            .count()
    };
    assert!(
        together.iter().all(|events| missed(events) >= 2),
        "{together:#?}"
    );
}

#[test]
fn a_slow_mail_server_does_not_get_a_letter_from_two_servers() {
    let Some(world) = World::on_postgres() else {
        return;
    };
    for n in 0..20 {
        let address = format!("rita{n}@reporter.example.org");
        submit(&world, &[("description", "It breaks"), ("email", &address)]);
    }
    // Each letter takes ten seconds, and the other server is not idle.
    let (other, clock) = (world.another(), world.clock());
    *world.courier.meanwhile.0.lock().unwrap() = Some(Box::new(move || {
        clock.0.fetch_add(10, Ordering::SeqCst);
        other.deliver().unwrap();
    }));
    for _ in 0..8 {
        world.app().deliver().unwrap();
        world.wait(60);
    }
    let tried = world.courier.tried.lock().unwrap();
    let once: BTreeSet<&String> = tried.iter().collect();
    assert_eq!((once.len(), tried.len()), (20, 20), "each letter once");
}
