//! How long a forecast takes: `cargo run --release -p candor-forecast --example pace -- FILE`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a measurement reads a file and the time, and stops when it cannot"
)]

use candor_forecast::{Effort, Forecast, Load, Order, Scenario, Team, World};
use candor_policy::settings::{PolicyInForce, Settings};

fn main() {
    let path = std::env::args().nth(1).expect("a policy file");
    let bytes = std::fs::read(path).unwrap();
    let policy = candor_policy::compile(&bytes).unwrap().value;
    let scenario = Scenario {
        policy: PolicyInForce::assemble(&bytes, policy, Settings::default()),
        team: Team::of(2),
        load: Load::default(),
        effort: Effort::default(),
        order: Order::Due,
        start: "2027-01-01".parse().unwrap(),
        months: 12,
        seed: 1,
    };
    let start = std::time::Instant::now();
    let world = World::new(&scenario);
    let runs: Vec<_> = (0..200).map(|n| world.run(n)).collect();
    let forecast = Forecast::gather(&world, &runs);
    let took = start.elapsed();
    let cases: u32 = runs.iter().map(|r| r.reports).sum();
    println!("200 runs of 12 months, {cases} cases, on one thread: {took:.1?}");
    for p in &forecast.promises {
        println!("{:>7.3} {}", p.odds.unwrap_or(-1.0), p.words);
    }
}
