//! Time passing over a million open clocks: `cargo bench -p candor-testkit`.
//!
//! What a server does each second is in the core one look at the earliest wake
//! instant, then for each case whose time has come: decide, evolve, the next wake
//! instant. The store keeps these instants in an index; here an ordered map does.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a measurement for the terminal"
)]

use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::Instant as Stopwatch;

use candor_base::Instant;
use candor_case::{Actor, CaseState, Command, Context, Team, decide, evolve, next_wakeup, record};
use candor_policy::compile;
use candor_policy::settings::{PolicyInForce, Settings};
use candor_testkit::parts::{facts, instant};

const POLICY: &str = "# Security\n\nWe acknowledge reports within 2 business days. We assess \
    reports within 5 business days. We send a status update every 7 days. We fix problems \
    within 60 days and publish an advisory within 90 days.\n";

/// Open clocks in all.
const CLOCKS: usize = 1_000_000;

fn act(
    case: Option<CaseState>,
    policy: &PolicyInForce,
    now: Instant,
    actor: Actor,
    command: &Command,
) -> (Option<CaseState>, usize) {
    let ctx = Context {
        now,
        actor,
        policy,
        team: Team { publishers: 3 },
    };
    let events = decide(case.as_ref(), command, &ctx).unwrap();
    let count = events.len();
    let recorded = record(case.as_ref(), events, &ctx);
    (recorded.iter().fold(case, evolve), count)
}
fn main() {
    let compiled = compile(POLICY.as_bytes()).unwrap().value;
    let settings = Settings {
        zone: Some("Europe/Oslo".parse().unwrap()),
        holiday_regions: ["NO".parse().unwrap()].into(),
        ..Settings::default()
    };
    let policy = PolicyInForce::assemble(POLICY.as_bytes(), compiled, settings);
    let begin = instant("2026-11-01T00:00:00Z");
    let receive = Command::Receive(Box::new(facts(&policy)));
    let mut cases: Vec<CaseState> = Vec::new();
    let mut clocks = 0;
    let watch = Stopwatch::now();
    while clocks < CLOCKS {
        // One report every twelve seconds.
        let at = begin.plus_seconds(i64::try_from(cases.len()).unwrap() * 12);
        let (case, _) = act(None, &policy, at, Actor::Reporter, &receive);
        let case = case.unwrap();
        clocks += case.clocks.values().filter(|c| c.is_open()).count();
        cases.push(case);
    }
    let seconds = watch.elapsed().as_secs_f64();
    println!(
        "{} cases with {clocks} open clocks received: {seconds:.1} s, {:.1} µs each",
        cases.len(),
        seconds * 1e6 / cases.len() as f64
    );

    let watch = Stopwatch::now();
    let mut queue: BTreeSet<(Instant, usize)> = cases
        .iter()
        .enumerate()
        .filter_map(|(i, case)| Some((next_wakeup(case, &policy)?, i)))
        .collect();
    let seconds = watch.elapsed().as_secs_f64();
    println!(
        "wake instants of all cases anew: {seconds:.2} s, {:.2} µs for a clock",
        seconds * 1e6 / clocks as f64
    );

    let watch = Stopwatch::now();
    for _ in 0..1_000_000 {
        black_box(queue.first().is_some_and(|(at, _)| *at <= begin));
    }
    println!(
        "a second in which nothing is due: {:.0} ns",
        watch.elapsed().as_secs_f64() * 1e3
    );

    // A day passes, then a week after a long stop.
    let last = cases.len();
    let mut now = begin.plus_seconds(i64::try_from(last).unwrap() * 12);
    for (name, more) in [
        ("to the last report", 0),
        ("a day more", 86_400),
        ("a week more", 604_800),
    ] {
        now = now.plus_seconds(more);
        let watch = Stopwatch::now();
        let (mut looked, mut happened) = (0_usize, 0_usize);
        while let Some(entry) = queue.first().copied().filter(|(at, _)| *at <= now) {
            queue.remove(&entry);
            let case = cases[entry.1].clone();
            let (case, events) = act(Some(case), &policy, now, Actor::System, &Command::Tick);
            cases[entry.1] = case.unwrap();
            if let Some(next) = next_wakeup(&cases[entry.1], &policy) {
                queue.insert((next, entry.1));
            }
            looked += 1;
            happened += events;
        }
        let seconds = watch.elapsed().as_secs_f64();
        println!(
            "{name}: {looked} cases looked at, {happened} events, {seconds:.1} s, {:.1} µs a case",
            seconds * 1e6 / looked.max(1) as f64
        );
    }
}
