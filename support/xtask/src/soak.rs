//! `cargo xtask soak policy|calendar [--runs N]` and `cargo xtask soak sim`, in release, and `soak tamper`:
//! mutated policies against everything that works from a policy; random dates of each
//! kind of clock against the judge; the whole product on a virtual clock; changes to the data
//! of a closed server. And `cargo xtask soak store-kill|store-faults|replicas|canaries`: the
//! real program killed, cut off from its disk, many times over, and stolen from.
//!
//! Invariants: these tasks need no nightly compiler and no fuzzer; the work is
//! done by an example of a crate, since nothing here may know the core.
//!
//! Deliberately absent: what is done with a text or a date; see
//! `core/candor-policy/examples/soak.rs`, `support/judge/examples/calendar.rs`,
//! `support/testkit/examples/sim.rs` and `support/campaign/examples/campaign.rs`.

use std::path::Path;

use anyhow::Result;

use crate::run::{cargo, run};
use crate::{say, tree};

/// How many runs a soak has when nobody says otherwise.
const RUNS: &str = "1000000";

/// Runs the soak with the arguments behind `soak`; true when nothing was found.
pub(crate) fn task(args: &[String]) -> Result<bool> {
    let mut rest: Vec<&str> = args.iter().map(String::as_str).collect();
    let root = tree::root()?;
    match rest.first().copied() {
        Some("policy") => {
            rest.remove(0);
        }
        Some("calendar") => {
            rest.remove(0);
            return of_calendar(&root, &rest, true);
        }
        Some("sim") => {
            rest.remove(0);
            return of_product(&root, &rest);
        }
        Some("tamper") => {
            rest.remove(0);
            return of_data(&root, &rest);
        }
        Some("store-kill" | "store-faults" | "replicas" | "canaries") => {
            return of_program(&root, &rest);
        }
        Some(other) if !other.starts_with("--") => {
            say(&format!(
                "There is no soak `{other}`; there are `policy`, `calendar`, `sim`, `tamper`, \
                 `store-kill`, `store-faults`, `replicas` and `canaries`."
            ));
            return Ok(false);
        }
        _ => {}
    }
    if !rest.contains(&"--runs") {
        rest.extend(["--runs", RUNS]);
    }
    of_policy(&root, &rest, true)
}

/// Runs the example; in release for a long soak, as the tests are built for a short one.
pub(crate) fn of_policy(root: &Path, args: &[&str], release: bool) -> Result<bool> {
    let mut command = cargo(root);
    command.args([
        "run",
        "--quiet",
        "--package",
        "candor-policy",
        "--example",
        "soak",
    ]);
    if release {
        command.arg("--release");
    }
    command.arg("--");
    let corpus = root.join("../shared/policies/texts");
    if corpus.is_dir() {
        command.arg("--corpus").arg(corpus);
    }
    command.args(args);
    run(command)
}

/// Asks both calendars; a million dates of each kind when nobody says otherwise.
pub(crate) fn of_calendar(root: &Path, args: &[&str], release: bool) -> Result<bool> {
    let mut command = cargo(root);
    command.args(["run", "--quiet", "--package", "candor-judge"]);
    command.args(["--example", "calendar"]);
    if release {
        command.arg("--release");
    }
    command.arg("--").args(args);
    run(command)
}

/// Changes to the data of a closed server, 10,000 when nobody says otherwise: each is found
/// or refused.
fn of_data(root: &Path, args: &[&str]) -> Result<bool> {
    let runs = match args {
        [] => "10000",
        ["--runs", runs] => runs,
        _ => {
            say("Only `--runs N` is known here.");
            return Ok(false);
        }
    };
    let mut command = cargo(root);
    command.env("CANDOR_TAMPER_RUNS", runs);
    command.args(["test", "--quiet", "--package", "candor-app"]);
    command.args(["--test", "use_cases", "--", "--nocapture", "campaign::"]);
    run(command)
}

/// The simulator: so many case-years, one run again by its number, or the mistakes that
/// are built in.
fn of_product(root: &Path, args: &[&str]) -> Result<bool> {
    let mut command = cargo(root);
    command.args(["run", "--quiet", "--release", "--package", "candor-testkit"]);
    command.args(["--example", "sim", "--"]).args(args);
    run(command)
}

/// Campaigns against the real program: builds it, and names it.
fn of_program(root: &Path, args: &[&str]) -> Result<bool> {
    let mut building = cargo(root);
    building.args(["build", "--quiet", "--release", "--package", "candor"]);
    if !run(building)? {
        return Ok(false);
    }
    let built =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    let mut command = cargo(root);
    command.args(["run", "--quiet", "--release"]);
    command.args([
        "--package",
        "candor-campaign",
        "--example",
        "campaign",
        "--",
    ]);
    command.args(args);
    command.arg("--program").arg(built.join("release/candor"));
    run(command)
}
