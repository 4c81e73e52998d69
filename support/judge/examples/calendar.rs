//! The long form: so many random dates of each kind of clock, both implementations.
//! `cargo xtask soak calendar [--runs N] [--seed S] [--kind NAME] [--from I]`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement for the terminal"
)]

use std::process::ExitCode;
use std::time::Instant;

use candor_judge::draw::World;
use candor_judge::{Kind, check};

/// What is shown of wrong answers; more are only counted.
const SHOWN: u64 = 3;

struct Asked {
    runs: u64,
    seed: u64,
    kind: Option<String>,
}

fn asked() -> Option<Asked> {
    let mut out = Asked {
        runs: 1_000_000,
        seed: 20_261_122,
        kind: None,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next()?;
        match word.as_str() {
            "--runs" => out.runs = value.parse().ok()?,
            "--seed" => out.seed = value.parse().ok()?,
            "--kind" => out.kind = Some(value),
            _ => return None,
        }
    }
    Some(out)
}

fn main() -> ExitCode {
    let Some(asked) = asked() else {
        println!("usage: soak calendar [--runs N] [--seed S] [--kind NAME]");
        return ExitCode::from(2);
    };
    let world = World::new();
    let mut wrong = 0_u64;
    println!("seeds {} and up, {} of each kind", asked.seed, asked.runs);
    for (name, kind) in Kind::ALL {
        if asked.kind.as_ref().is_some_and(|k| k != name) {
            continue;
        }
        let start = Instant::now();
        let mut here = 0_u64;
        for i in 0..asked.runs {
            if let Err(why) = check(&world, kind, asked.seed.wrapping_add(i)) {
                here += 1;
                if here <= SHOWN {
                    println!("{name}: {why}");
                }
            }
        }
        wrong += here;
        let seconds = start.elapsed().as_secs();
        println!(
            "{name:22} {} compared, {here} different, {seconds} s",
            asked.runs
        );
    }
    println!("{wrong} different in all");
    if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
