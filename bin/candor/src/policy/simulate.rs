//! `policy simulate`: the odds of keeping each promise, and what would make it safe.
//!
//! Invariants: nothing of a running server is read or changed; the result depends on
//! the arguments alone, never on the number of threads or the present time.
//!
//! Deliberately absent: the model itself; that is `candor-forecast`.

mod args;
mod inputs;

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use candor_forecast::{
    Advice, Assumption, Figure, Forecast, Scenario, Shown, World, advise, assumptions, svg, text,
};
use serde::Serialize;

pub(crate) use args::SimulateArgs;
use inputs::Input;

use super::json;
use super::put::{put, there};
use crate::say;
use crate::stop::{Done, Stop};

/// For the search of what would help, so many of the runs are enough.
const ADVICE_SHARE: u64 = 4;
const ADVICE_AT_LEAST: u64 = 25;

/// Everything a simulation found, for `--json`.
#[derive(Debug, Serialize)]
struct Found<'a> {
    about: &'a [String],
    seed: u64,
    months: u32,
    runs: u64,
    aim: f64,
    reached: bool,
    forecast: &'a Forecast,
    advice: Option<&'a [Advice]>,
    assumptions: &'a [Assumption],
    history: &'a [Figure],
}

/// `candor policy simulate`.
pub(crate) fn run(args: &SimulateArgs) -> Done {
    let Input {
        scenario,
        figures,
        about,
    } = inputs::gather(args)?;
    if let Some(path) = &args.svg {
        may_write(path)?;
    }
    let forecast = simulate(&scenario, args.runs, "simulating");
    let advice = (!args.no_advice).then(|| {
        let few = args
            .runs
            .min((args.runs / ADVICE_SHARE).max(ADVICE_AT_LEAST));
        advise(&scenario, &forecast, args.aim.0, &mut |changed| {
            simulate(changed, few, "looking for what would help")
        })
    });
    let assumptions = assumptions(&scenario, &figures);
    let aim = args.aim.0;
    let reached = forecast.below(aim).next().is_none();
    if let Some(path) = &args.svg {
        put(
            path,
            svg(&about, &forecast, aim).as_bytes(),
            there(path, 1)?.is_some(),
        )?;
    }
    if args.json {
        say::line(&json(&Found {
            about: &about,
            seed: args.seed,
            months: args.months,
            runs: args.runs,
            aim,
            reached,
            forecast: &forecast,
            advice: advice.as_deref(),
            assumptions: &assumptions,
            history: &figures,
        })?);
    } else {
        let shown = Shown {
            about: &about,
            forecast: &forecast,
            aim,
            advice: advice.as_deref(),
            assumptions: &assumptions,
            figures: &figures,
        };
        say::line(text(&shown).trim_end());
    }
    if args.check && !reached {
        return Err(Stop::refused("Not every promise reaches the aim."));
    }
    Ok(())
}

/// Whether a picture may be written there: nothing is there yet, or an older picture.
fn may_write(path: &Path) -> Done {
    let Some(before) = there(path, 1024)? else {
        return Ok(());
    };
    if before.trim_ascii_start().starts_with(b"<svg") {
        return Ok(());
    }
    Err(Stop::input(format!(
        "{} is there already and is no picture of this command. Name another file.",
        path.display()
    )))
}

/// Makes all runs of a scenario on all processors, and gathers them in their order.
fn simulate(scenario: &Scenario, runs: u64, what: &str) -> Forecast {
    let world = World::new(scenario);
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let next = AtomicU64::new(0);
    let mut results = std::thread::scope(|scope| {
        let worker = || {
            let mut own = Vec::new();
            loop {
                let run = next.fetch_add(1, Ordering::Relaxed);
                if run >= runs {
                    return own;
                }
                progress(what, run, runs);
                own.push((run, world.run(run)));
            }
        };
        let started: Vec<_> = (1..threads).map(|_| scope.spawn(worker)).collect();
        let mut all = worker();
        for thread in started {
            // A thread that panicked would end the program here: it cannot go on.
            all.extend(thread.join().unwrap_or_default());
        }
        all
    });
    progress(what, runs, runs);
    results.sort_by_key(|(run, _)| *run);
    let results: Vec<_> = results.into_iter().map(|(_, result)| result).collect();
    Forecast::gather(&world, &results)
}

/// One line on a terminal, written over and over; nothing elsewhere.
fn progress(what: &str, done: u64, all: u64) {
    let mut err = std::io::stderr().lock();
    if !err.is_terminal() || (!done.is_multiple_of(10) && done != all) {
        return;
    }
    let _ = if done >= all {
        write!(err, "\r\u{1b}[K")
    } else {
        write!(err, "\r  {what}: {done} of {all}\u{1b}[K")
    };
    let _ = err.flush();
}
