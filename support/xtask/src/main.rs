//! The tasks of the house: `cargo xtask test` runs everything, `cargo xtask
//! tidy` checks what the compiler cannot, `cargo xtask secrets` looks for
//! secrets in source and history, `cargo xtask score` measures how well
//! policies are read, `cargo xtask soak` tries mutated ones, random dates and whole lives of cases,
//! `cargo xtask mutants` mutates what changed, `cargo xtask gen` renews tables.
//!
//! Invariants: a check is a pure function over texts, so that each has its own
//! tests; only `tree`, `run` and this file touch the machine.
//!
//! Deliberately absent: anything that ships.

mod container;
mod generate;
mod mutants;
mod run;
mod score;
mod score_page;
mod secrets;
mod soak;
mod test_all;
mod tidy;
mod tree;

use std::io::Write as _;
use std::process::ExitCode;

/// Writes one line to standard output; a closed pipe is no reason to fail.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// One thing that is wrong: which check, where, what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    /// Name of the check.
    pub check: &'static str,
    /// File, with a line where that helps.
    pub place: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl Problem {
    pub(crate) fn new(
        check: &'static str,
        place: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            check,
            place: place.into(),
            message: message.into(),
        }
    }
}

const HELP: &str = "\
cargo xtask test      everything: format, lints, tidy, licences, secrets, tests, browser walk
cargo xtask test W    only the steps whose name holds the word W
cargo xtask tidy      what the compiler cannot check: edges, words, columns, routes, documents
cargo xtask secrets   looks for secrets in the files and in the history
cargo xtask score     how well policies are read, on labelled ones (--write: into docs)
cargo xtask soak      a million mutated policies against the compiler (--runs N)
cargo xtask soak calendar  a million dates of each kind of clock against the judge (--runs N)
cargo xtask soak sim  10,000 case-years of the product on a virtual clock (--case-years N, --real);
                      --seed N runs one again, --bugs looks for mistakes that are built in
cargo xtask soak tamper  10,000 changes to the data of a closed server: each is found (--runs N)
cargo xtask soak store-kill  200 kills under 16 senders on each engine (--kills N, --engine E)
cargo xtask soak store-faults  a power cut at each sync, each call that fails (--reports N, --nth N)
cargo xtask soak replicas  three servers on one database, killed in turn (--seconds N)
cargo xtask soak canaries  a thief over 1,000 cases on each engine (--cases N, --engine E)
cargo xtask mutants   does a test notice each change of what differs from origin/main? (or BASE)
cargo xtask gen holidays   the table of public holidays anew (needs Python and its package)";

fn main() -> ExitCode {
    let task = std::env::args().nth(1).unwrap_or_default();
    let outcome = match task.as_str() {
        "test" => test_all::run_all(&std::env::args().skip(2).collect::<Vec<_>>()),
        "tidy" => tidy::run().map(|problems| report("tidy", &problems)),
        "score" => score::task(&std::env::args().skip(2).collect::<Vec<_>>()),
        "gen" => generate::task(&std::env::args().skip(2).collect::<Vec<_>>()),
        "mutants" => mutants::task(&std::env::args().skip(2).collect::<Vec<_>>()),
        "soak" => soak::task(&std::env::args().skip(2).collect::<Vec<_>>()),
        "secrets" => secrets::run().map(|problems| report("secrets", &problems)),
        "help" | "--help" | "-h" => {
            say(HELP);
            Ok(true)
        }
        other => {
            say(&format!("There is no task `{other}`.\n\n{HELP}"));
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            say(&format!("error: {why:#}"));
            ExitCode::from(3)
        }
    }
}

/// Prints the problems; true when there are none.
pub(crate) fn report(what: &str, problems: &[Problem]) -> bool {
    for p in problems {
        say(&format!("{}: {}: {}", p.check, p.place, p.message));
    }
    say(&format!("{what}: {} problems", problems.len()));
    problems.is_empty()
}
