//! Many simulated cases under each seed policy: no law is broken. A failing run names
//! its number, whose rest by five is its seed; `CANDOR_SIM=<number>` repeats it alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_testkit::in_force;
use candor_testkit::sim::{Bug, Outcome, Sim};

const RUNS: u64 = 25;
const STEPS: u32 = 80;

fn runs(seed: u8) -> Vec<Outcome> {
    let settings = candor_policy::Settings {
        second_look_minutes: 30,
        ..candor_policy::Settings::default()
    };
    let Some(policy) = in_force(seed, settings) else {
        return Vec::new();
    };
    let numbers: Vec<u64> = match one_alone() {
        Some(number) if number % 5 == u64::from(seed) => vec![number],
        Some(_) => return Vec::new(),
        None => (0..RUNS).map(|n| n * 5 + u64::from(seed)).collect(),
    };
    numbers
        .into_iter()
        .map(|number| Sim::new(policy.clone(), number).run(STEPS))
        .collect()
}

fn one_alone() -> Option<u64> {
    std::env::var("CANDOR_SIM").ok()?.parse().ok()
}

/// Runs go far enough to mean something.
fn far_enough(outcomes: &[Outcome]) {
    if outcomes.len() < 2 {
        return;
    }
    let total = |f: fn(&Outcome) -> u32| outcomes.iter().map(f).sum::<u32>();
    assert!(
        total(|o| o.done) > total(|o| o.refused),
        "more is refused than done"
    );
    assert!(total(|o| o.missed) > 0, "nothing was ever missed");
    assert!(
        outcomes.iter().any(|o| o.published),
        "nothing was ever published"
    );
    assert!(outcomes.iter().all(|o| o.events > 5 && o.days > 30));
}

#[test]
fn seed_0_breaks_no_law() {
    far_enough(&runs(0));
}

#[test]
fn seed_1_breaks_no_law() {
    far_enough(&runs(1));
}

#[test]
fn seed_2_breaks_no_law() {
    far_enough(&runs(2));
}

#[test]
fn seed_3_breaks_no_law() {
    far_enough(&runs(3));
}

#[test]
fn seed_4_breaks_no_law() {
    far_enough(&runs(4));
}

#[test]
fn the_same_number_gives_the_same_run() {
    let Some(policy) = in_force(1, candor_policy::Settings::default()) else {
        return;
    };
    let run = |n| Sim::new(policy.clone(), n).run(STEPS);
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}

#[test]
fn the_judge_finds_mistakes_that_are_built_in() {
    let Some(policy) = in_force(1, candor_policy::Settings::default()) else {
        return;
    };
    for bug in [Bug::LosesMisses, Bug::KeepsEmbargo, Bug::WarnsTwice] {
        let found = (0..40).any(|n| {
            let sim = Sim::new(policy.clone(), n).with_bug(bug);
            std::panic::catch_unwind(move || sim.run(STEPS)).is_err()
        });
        assert!(found, "{bug:?} was not found");
    }
}
