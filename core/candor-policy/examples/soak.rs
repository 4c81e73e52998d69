//! Feeds mutated policies to everything that works from a policy:
//! `soak [--runs N] [--seed S] [--threads T] [--corpus DIR] [--keep DIR] [--budget-ms M]`.
//!
//! The same seed and threads give the same texts. A text that stops the compiler or is
//! slow is written to the folder of `--keep`, so that it can be tried again.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a tool for the terminal, outside the core"
)]

#[path = "soak/engine.rs"]
mod engine;
#[path = "soak/mutate.rs"]
mod mutate;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use engine::{Random, run_one};
use mutate::Corpus;

/// What was asked for.
struct Plan {
    runs: u64,
    seed: u64,
    threads: u64,
    corpus: Option<PathBuf>,
    keep: PathBuf,
    budget: Duration,
}

fn plan() -> Option<Plan> {
    let mut plan = Plan {
        runs: 4_000,
        seed: 20_261_122,
        threads: 1,
        corpus: None,
        keep: std::env::temp_dir().join("candor-soak"),
        budget: Duration::from_millis(500),
    };
    let mut args = std::env::args().skip(1);
    while let Some(flag) = args.next() {
        let value = args.next()?;
        match flag.as_str() {
            "--runs" => plan.runs = value.parse().ok()?,
            "--seed" => plan.seed = value.parse().ok()?,
            "--threads" => plan.threads = value.parse().ok().filter(|t| (1..=64).contains(t))?,
            "--corpus" => plan.corpus = Some(PathBuf::from(value)),
            "--keep" => plan.keep = PathBuf::from(value),
            "--budget-ms" => plan.budget = Duration::from_millis(value.parse().ok()?),
            _ => return None,
        }
    }
    Some(plan)
}

/// What went wrong, and how it went in all.
#[derive(Default)]
struct Tally {
    done: u64,
    policies: u64,
    panics: u64,
    slow: u64,
    bytes: u64,
    slowest: (Duration, usize),
}

fn main() -> ExitCode {
    let Some(plan) = plan() else {
        println!(
            "soak [--runs N] [--seed S] [--threads T] [--corpus DIR] [--keep DIR] [--budget-ms M]"
        );
        return ExitCode::from(2);
    };
    let corpus = Corpus::load(plan.corpus.as_deref());
    println!(
        "soak: {} runs, seed {}, {} threads, {} texts in the corpus",
        plan.runs,
        plan.seed,
        plan.threads,
        corpus.texts()
    );
    let start = Instant::now();
    let (plan, corpus) = (&plan, &corpus);
    let tally = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..plan.threads)
            .map(|part| scope.spawn(move || of_thread(plan, corpus, part)))
            .collect();
        parts
            .into_iter()
            .map(|part| part.join().unwrap_or_default())
            .fold(Tally::default(), |sum, part| sum.and(&part))
    });
    println!(
        "soak: {} executions ({} compiled to a policy), {} MB, {:.0} s; slowest {:.1} ms ({} bytes); {} panics, {} slower than {} ms",
        tally.done,
        tally.policies,
        tally.bytes / 1_000_000,
        start.elapsed().as_secs_f64(),
        tally.slowest.0.as_secs_f64() * 1000.0,
        tally.slowest.1,
        tally.panics,
        tally.slow,
        plan.budget.as_millis()
    );
    if tally.panics + tally.slow == 0 && tally.done == plan.runs {
        ExitCode::SUCCESS
    } else {
        println!("soak: the texts lie in {}", plan.keep.display());
        ExitCode::FAILURE
    }
}

/// The share of one thread.
fn of_thread(plan: &Plan, corpus: &Corpus, part: u64) -> Tally {
    let mut random = Random::new(plan.seed + part);
    let mut tally = Tally::default();
    let mut number = part;
    while number < plan.runs {
        let text = corpus.text(&mut random);
        one(plan, number, &text, &mut tally);
        number += plan.threads;
    }
    tally
}

impl Tally {
    fn and(&self, other: &Self) -> Self {
        Self {
            done: self.done + other.done,
            policies: self.policies + other.policies,
            panics: self.panics + other.panics,
            slow: self.slow + other.slow,
            bytes: self.bytes + other.bytes,
            slowest: self.slowest.max(other.slowest),
        }
    }
}

fn one(plan: &Plan, number: u64, text: &[u8], tally: &mut Tally) {
    tally.done += 1;
    tally.bytes += text.len() as u64;
    let mut took = measured(text, tally);
    if took.is_some_and(|t| t > plan.budget) {
        // Once more: a busy machine is no fault of the text.
        took = took.min(measured(text, tally));
    }
    match took {
        None => {
            tally.panics += 1;
            keep(plan, number, "panic", text);
        }
        Some(took) => {
            if took > plan.budget {
                tally.slow += 1;
                keep(plan, number, "slow", text);
            }
            tally.slowest = tally.slowest.max((took, text.len()));
        }
    }
}

/// How long a text took; none when it stopped the compiler.
fn measured(text: &[u8], tally: &mut Tally) -> Option<Duration> {
    let start = Instant::now();
    let outcome = std::panic::catch_unwind(|| run_one(text));
    let took = start.elapsed();
    tally.policies += u64::from(matches!(outcome, Ok(true)));
    outcome.ok().map(|_| took)
}

fn keep(plan: &Plan, number: u64, kind: &str, text: &[u8]) {
    let path = plan.keep.join(format!("{kind}-{}-{number}.txt", plan.seed));
    let written = std::fs::create_dir_all(&plan.keep).and_then(|()| std::fs::write(&path, text));
    match written {
        Ok(()) => println!("soak: {kind}: {}", path.display()),
        Err(why) => println!("soak: {kind}: run {number} could not be kept: {why}"),
    }
}
