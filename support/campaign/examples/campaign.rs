//! The long forms: `cargo xtask soak store-kill|store-faults|replicas|canaries`, which
//! build the program and name it with `--program`.
//!
//! `store-kill [--kills N] [--engine sqlite|postgres]`, `store-faults [--reports N]
//! [--seeds N] [--each N]`, `replicas [--seconds N]`, `canaries [--cases N] [--engine …]`.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "figures for the terminal"
)]

use std::path::PathBuf;
use std::process::ExitCode;

use candor_campaign::{Engine, canaries, crash, faults, kill, replicas};

struct Asked {
    what: String,
    program: PathBuf,
    numbers: std::collections::BTreeMap<String, u64>,
    engines: Vec<Engine>,
}

fn asked() -> Option<Asked> {
    let mut words = std::env::args().skip(1);
    let mut out = Asked {
        what: words.next()?,
        program: PathBuf::new(),
        numbers: std::collections::BTreeMap::new(),
        engines: vec![Engine::Sqlite, Engine::Postgres],
    };
    while let Some(word) = words.next() {
        let value = words.next()?;
        match word.as_str() {
            "--program" => out.program = PathBuf::from(value).canonicalize().ok()?,
            "--engine" if value == "sqlite" => out.engines = vec![Engine::Sqlite],
            "--engine" if value == "postgres" => out.engines = vec![Engine::Postgres],
            _ => {
                let name = word.strip_prefix("--")?.to_owned();
                out.numbers.insert(name, value.parse().ok()?);
            }
        }
    }
    out.program.is_file().then_some(out)
}

impl Asked {
    fn number(&self, name: &str, usual: u64) -> u64 {
        self.numbers.get(name).copied().unwrap_or(usual)
    }

    fn size(&self, name: &str, usual: u64) -> usize {
        usize::try_from(self.number(name, usual)).unwrap()
    }
}

fn main() -> ExitCode {
    let Some(asked) = asked() else {
        println!("Say what to do and name the program; see the head of this file.");
        return ExitCode::from(2);
    };
    let program = asked.program.as_path();
    match asked.what.as_str() {
        "store-kill" => {
            for engine in &asked.engines {
                let plan = kill::Plan {
                    kills: u32::try_from(asked.number("kills", 200)).unwrap(),
                    senders: asked.size("senders", 16),
                    longest: asked.number("longest", 900),
                };
                let found = kill::run(program, *engine, plan);
                println!("{}: {found:#?}", engine.name());
            }
        }
        "store-faults" => {
            let plan = crash::Plan {
                reports: asked.size("reports", 8),
                seeds: asked.number("seeds", 3),
                each: asked.size("each", 1),
                lying: false,
            };
            let found = crash::run(program, plan);
            println!("{found:#?}");
            if found.is_some_and(|found| !found.broken.is_empty()) {
                return ExitCode::FAILURE;
            }
            for cold in [false, true] {
                let plan = faults::Plan {
                    each: i64::try_from(asked.number("nth", 1)).unwrap(),
                    cold,
                    starts: cold,
                };
                println!("cold {cold}: {:#?}", faults::run(program, plan));
            }
        }
        "replicas" => {
            let plan = replicas::Plan {
                seconds: asked.number("seconds", 300),
                senders: asked.size("senders", 8),
                pause: asked.number("pause", 4),
            };
            println!("{:#?}", replicas::run(program, plan));
        }
        "canaries" => {
            for engine in &asked.engines {
                let found = canaries::run(program, *engine, asked.size("cases", 1_000));
                println!("{}: {found:#?}", engine.name());
            }
        }
        other => {
            println!("There is no campaign `{other}`.");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
