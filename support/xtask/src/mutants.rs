//! `cargo xtask mutants [BASE]`: mutation testing of what changed since BASE.
//!
//! Invariants: only lines that differ are mutated, so that it ends in minutes; which
//! files are worth it stands in `.cargo/mutants.toml`. The tests first have to pass on the
//! code as it is: a run that cannot pass would call every mutant noticed.
//!
//! Deliberately absent: the full run (`cargo mutants -p candor-calendar`, hours); its
//! figures stand in `docs/measurements.md`.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

use crate::run::{cargo, has_cargo_tool, run};
use crate::{say, tree};

/// Mutates what changed since the base named behind `mutants`, else since `origin/main`.
pub(crate) fn task(args: &[String]) -> Result<bool> {
    let base = args.first().map_or("origin/main", String::as_str);
    of_changes(&tree::root()?, base)
}

/// Whether the tool is there.
pub(crate) fn is_installed(root: &Path) -> bool {
    has_cargo_tool(root, "mutants")
}

/// True when no mutant of a changed line lives.
pub(crate) fn of_changes(root: &Path, base: &str) -> Result<bool> {
    if !is_installed(root) {
        say("This needs cargo-mutants: cargo install --locked cargo-mutants");
        return Ok(false);
    }
    let range = format!("{base}...HEAD");
    let diff = Command::new("git")
        .current_dir(root)
        .args(["diff", &range, "--", "core"])
        .stdin(Stdio::null())
        .output()
        .context("git could not be started")?;
    anyhow::ensure!(diff.status.success(), "git knows no difference to {base}");
    if diff.stdout.is_empty() {
        say(&format!("Nothing in the core differs from {base}."));
        return Ok(true);
    }
    let folder = root.join("target");
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("changed.diff");
    std::fs::write(&file, &diff.stdout)?;
    let mut command = cargo(root);
    command.args(["mutants", "--no-shuffle", "--output"]);
    command.arg(&folder).arg("--in-diff").arg(&file);
    run(command)
}
