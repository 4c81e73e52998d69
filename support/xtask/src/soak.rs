//! `cargo xtask soak [policy] [--runs N]`: mutated policies, in release, against
//! everything that works from a policy.
//!
//! Invariants: this task needs no nightly compiler and no fuzzer; the work is
//! done by an example of the crate, since nothing here may know the core.
//!
//! Deliberately absent: what is done with a text; see `core/candor-policy/examples/soak.rs`.

use std::path::Path;

use anyhow::Result;

use crate::run::{cargo, run};
use crate::{say, tree};

/// How many runs a soak has when nobody says otherwise.
const RUNS: &str = "1000000";

/// Runs the soak with the arguments behind `soak`; true when nothing was found.
pub(crate) fn task(args: &[String]) -> Result<bool> {
    let mut rest: Vec<&str> = args.iter().map(String::as_str).collect();
    if rest.first() == Some(&"policy") {
        rest.remove(0);
    } else if let Some(other) = rest.first().filter(|a| !a.starts_with("--")) {
        say(&format!("There is no soak `{other}`; there is `policy`."));
        return Ok(false);
    }
    if !rest.contains(&"--runs") {
        rest.extend(["--runs", RUNS]);
    }
    of_policy(&tree::root()?, &rest, true)
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
