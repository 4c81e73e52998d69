//! The long form: so many case-years, or one run again.
//! `cargo xtask soak sim [--case-years N] [--real] [--from SEED] [--steps N] [--threads N]`,
//! `cargo xtask soak sim --seed N [--real]`, `cargo xtask soak sim --bugs`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement for the terminal"
)]

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use candor_testkit::sim::{Broken, Bug, Form, Tally, simulate};

/// Steps of one run when nobody says otherwise.
const STEPS: u32 = 300;
/// Runs in which a mistake is looked for.
const TRIES: u64 = 200;

struct Asked {
    form: Form,
    case_years: i64,
    from: u64,
    steps: u32,
    threads: u32,
    seed: Option<u64>,
    bugs: bool,
}

fn asked() -> Option<Asked> {
    let mut out = Asked {
        form: Form::Fast,
        case_years: 10_000,
        from: 20_261_122,
        steps: STEPS,
        threads: 1,
        seed: None,
        bugs: false,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--real" => out.form = Form::Real,
            "--bugs" => out.bugs = true,
            "--case-years" => out.case_years = words.next()?.parse().ok()?,
            "--from" => out.from = words.next()?.parse().ok()?,
            "--steps" => out.steps = words.next()?.parse().ok()?,
            "--threads" => out.threads = words.next()?.parse().ok()?,
            "--seed" => out.seed = Some(words.next()?.parse().ok()?),
            _ => return None,
        }
    }
    Some(out)
}

fn main() -> ExitCode {
    let Some(asked) = asked() else {
        println!(
            "usage: soak sim [--case-years N] [--real] [--from SEED] [--steps N] [--threads N] \
             [--seed N] [--bugs]"
        );
        return ExitCode::from(2);
    };
    let fine = if asked.bugs {
        bugs(&asked)
    } else if let Some(seed) = asked.seed {
        one(&asked, seed)
    } else {
        many(&asked)
    };
    if fine {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn one(asked: &Asked, seed: u64) -> bool {
    match simulate(asked.form, seed, asked.steps, None) {
        Ok(tally) => {
            show(&tally);
            true
        }
        Err(broken) => {
            println!("{broken}");
            false
        }
    }
}

fn many(asked: &Asked) -> bool {
    let start = Instant::now();
    let next = AtomicU64::new(asked.from);
    let all = Mutex::new((Tally::default(), Vec::<Broken>::new()));
    std::thread::scope(|scope| {
        for _ in 0..asked.threads {
            scope.spawn(|| {
                loop {
                    let over = {
                        let all = all.lock().unwrap();
                        all.0.case_years() >= asked.case_years || all.1.len() >= 5
                    };
                    if over {
                        return;
                    }
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    let ran = simulate(asked.form, seed, asked.steps, None);
                    let mut all = all.lock().unwrap();
                    match ran {
                        Ok(tally) => all.0.add(&tally),
                        Err(broken) => {
                            println!("{broken}");
                            all.1.push(broken);
                        }
                    }
                }
            });
        }
    });
    let (tally, broken) = all.into_inner().unwrap();
    println!(
        "{:?}: seeds {} to {}, {} s",
        asked.form,
        asked.from,
        next.into_inner() - 1,
        start.elapsed().as_secs()
    );
    show(&tally);
    println!("{} laws broken", broken.len());
    broken.is_empty()
}

fn show(t: &Tally) {
    println!(
        "{} case-years, {} cases, {} steps",
        t.case_years(),
        t.cases,
        t.steps
    );
    println!(
        "{} acts done, {} refused, {} events",
        t.done, t.refused, t.events
    );
    println!(
        "{} promises missed, {} published, {} closed",
        t.missed, t.published, t.closed
    );
    println!(
        "{} breaks, {} starts, {} jumps back, {} policy edits",
        t.breaks, t.starts, t.jumps_back, t.policy_edits
    );
    println!(
        "{} letters tried, {} lost or doubled",
        t.letters, t.letters_lost_or_doubled
    );
    println!(
        "{} due instants judged, {} not judged",
        t.judged, t.not_judged
    );
}

/// In which run and step each mistake is found.
fn bugs(asked: &Asked) -> bool {
    let all: &[Bug] = match asked.form {
        Form::Fast => &Bug::ALL,
        Form::Real => &Bug::OF_PORTS,
    };
    let mut fine = true;
    for bug in all {
        let mut steps = 0_u32;
        let mut found = None;
        for seed in asked.from..asked.from + TRIES {
            match simulate(asked.form, seed, asked.steps, Some(*bug)) {
                Ok(tally) => steps += tally.steps,
                Err(broken) => {
                    steps += broken.step;
                    found = Some(broken);
                    break;
                }
            }
        }
        fine &= found.is_some();
        match found {
            Some(b) => println!("{bug:?}: after {steps} steps, seed {}: {}", b.seed, b.law),
            None => println!("{bug:?}: NOT FOUND in {steps} steps"),
        }
    }
    fine
}
