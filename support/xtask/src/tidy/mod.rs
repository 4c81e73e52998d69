//! `cargo xtask tidy`: what the compiler cannot check.
//!
//! Invariants: each check is a pure function over the tree; every exception
//! stands in a list with its reason, and a stale exception is itself a problem,
//! so that the lists can only shrink.
//!
//! Deliberately absent: anything rustfmt or clippy already says.

mod columns;
mod documents;
mod edges;
mod exceptions;
mod files;
mod lints;
mod routes;
mod snapshots;
mod words;

use anyhow::{Context as _, Result};

use crate::tree::{load, root};
use crate::{Problem, container, run};
use exceptions::Exceptions;

/// Runs every check over the repository.
pub(crate) fn run() -> Result<Vec<Problem>> {
    let root = root()?;
    let tree = load(&root)?;
    let out = run::cargo(&root)
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .output()
        .context("cargo metadata")?;
    anyhow::ensure!(
        out.status.success(),
        "cargo metadata: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    let metadata: serde_json::Value = serde_json::from_slice(&out.stdout)?;

    let text = tree.get(exceptions::FILE).map_or("", String::as_str);
    let mut allowed = Exceptions::parse(text)?;
    let mut problems = Vec::new();
    problems.extend(edges::check(&tree, &metadata, &mut allowed));
    problems.extend(lints::check(&tree));
    problems.extend(files::check(&tree, &mut allowed));
    problems.extend(words::check(&tree, &mut allowed));
    problems.extend(columns::check(&tree));
    problems.extend(routes::check(&tree));
    problems.extend(documents::check(&tree));
    problems.extend(snapshots::check(&tree));
    problems.extend(container::check(&tree));
    problems.extend(allowed.stale());
    problems.sort();
    Ok(problems)
}
