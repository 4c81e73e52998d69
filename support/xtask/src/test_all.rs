//! `cargo xtask test`: every check in order, each with a heading and its time.
//!
//! Invariants: every step runs even when an earlier one failed; a skipped step
//! says why; where `CI` is set, the browser and the validator must be there.
//!
//! Deliberately absent: installing anything; `.ci/run` does that.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result};

use crate::run::{cargo, find_program, has_cargo_tool, in_ci, run, run_and_keep};
use crate::{container, mutants, report, say, score, secrets, soak, tidy, tree};

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    /// Passed, failed: one each for a plain check, as many as there are for tests.
    Done(u32, u32),
    /// Not run, and why.
    Skipped(String),
}

impl From<bool> for Outcome {
    fn from(ok: bool) -> Self {
        if ok {
            Self::Done(1, 0)
        } else {
            Self::Done(0, 1)
        }
    }
}

type Step = (&'static str, fn(&Path) -> Result<Outcome>);

const STEPS: &[Step] = &[
    ("format", format),
    ("lints", lints),
    ("tidy", |_| tidy::run().map(|p| report("tidy", &p).into())),
    ("content of the container image", image),
    ("licences and sources", licences),
    ("secrets in files and history", |_| {
        secrets::run().map(|p| report("secrets", &p).into())
    }),
    ("tests", tests),
    ("documentation examples", doc_tests),
    ("mutated policies, a short soak", short_soak),
    ("mutations of what changed", mutations),
    ("accuracy on labelled policies", accuracy),
    ("the road in a real browser", browser),
    ("CSAF by an independent validator", csaf),
];

/// Runs every step, or those whose name holds one of the words; true when none failed.
pub(crate) fn run_all(only: &[String]) -> Result<bool> {
    let root = tree::root()?;
    let wanted = |name: &str| only.is_empty() || only.iter().any(|w| name.contains(w.as_str()));
    anyhow::ensure!(
        STEPS.iter().any(|(name, _)| wanted(name)),
        "no step is called {only:?}"
    );
    let mut lines = Vec::new();
    let (mut passed, mut failed, mut skipped) = (0_u32, 0_u32, 0_u32);
    for (name, step) in STEPS.iter().filter(|(name, _)| wanted(name)) {
        say(&format!("\n== {name}"));
        let start = Instant::now();
        let outcome = step(&root).unwrap_or_else(|why| {
            say(&format!("error: {why:#}"));
            Outcome::Done(0, 1)
        });
        let seconds = start.elapsed().as_secs_f64();
        let word = match &outcome {
            Outcome::Done(p, f) => {
                passed += p;
                failed += f;
                if *f == 0 {
                    "passed".to_owned()
                } else {
                    "FAILED".to_owned()
                }
            }
            Outcome::Skipped(why) => {
                skipped += 1;
                say(&format!("skipped: {why}"));
                format!("skipped: {why}")
            }
        };
        lines.push(format!("{seconds:8.1} s  {name}: {word}"));
    }
    say("\n== summary");
    for line in lines {
        say(&line);
    }
    say(&format!(
        "{passed} passed, {failed} failed, {skipped} skipped"
    ));
    Ok(failed == 0)
}

fn format(root: &Path) -> Result<Outcome> {
    let mut command = cargo(root);
    // Only the names of files: what differs, `cargo fmt` puts right.
    command.args(["fmt", "--all", "--check", "--", "-l"]);
    run(command).map(Outcome::from)
}

fn lints(root: &Path) -> Result<Outcome> {
    let mut command = cargo(root);
    command.args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]);
    run(command).map(Outcome::from)
}

fn image(root: &Path) -> Result<Outcome> {
    let problems = container::check(&tree::load(root)?);
    say(&format!(
        "the image holds: {}",
        container::CONTENT.join(" ")
    ));
    Ok(report("container", &problems).into())
}

fn licences(root: &Path) -> Result<Outcome> {
    if !has_cargo_tool(root, "deny") {
        return Ok(Outcome::Skipped("cargo-deny not installed".to_owned()));
    }
    let mut command = cargo(root);
    command.args([
        "deny",
        "--workspace",
        "check",
        "licenses",
        "bans",
        "sources",
    ]);
    run(command).map(Outcome::from)
}

fn tests(root: &Path) -> Result<Outcome> {
    let nextest = has_cargo_tool(root, "nextest");
    let mut command = cargo(root);
    command
        .env("INSTA_UPDATE", "no")
        .env("CARGO_TERM_COLOR", "always");
    if nextest {
        let profile = if in_ci() { "ci" } else { "default" };
        command.args([
            "nextest",
            "run",
            "--workspace",
            "--no-fail-fast",
            "--profile",
            profile,
        ]);
    } else {
        command.args([
            "test",
            "--workspace",
            "--no-fail-fast",
            "--lib",
            "--bins",
            "--tests",
        ]);
    }
    let (ok, lines) = run_and_keep(command, is_summary)?;
    let (passed, failed) = lines.iter().fold((0, 0), |sum, l| {
        let (p, f) = counts(l);
        (sum.0 + p, sum.1 + f)
    });
    // A failed build prints no summary; it must not look like success.
    Ok(Outcome::Done(
        passed,
        if ok { failed } else { failed.max(1) },
    ))
}

fn is_summary(line: &str) -> bool {
    line.contains("test result:") || (line.contains("Summary [") && line.contains("tests run"))
}

/// Passed and failed of `… 12 passed; 3 failed` or `… 12 passed, 3 failed, 1 timed out`.
fn counts(line: &str) -> (u32, u32) {
    let words: Vec<&str> = line
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let before = |wanted: &[&str]| -> u32 {
        words
            .windows(2)
            .filter_map(|pair| match pair {
                [number, word] if wanted.contains(word) => number.parse::<u32>().ok(),
                _ => None,
            })
            .sum()
    };
    (before(&["passed"]), before(&["failed", "timed", "exec"]))
}

fn doc_tests(root: &Path) -> Result<Outcome> {
    let mut command = cargo(root);
    command.args(["test", "--workspace", "--doc", "--quiet"]);
    let (ok, lines) = run_and_keep(command, is_summary)?;
    let passed = lines.iter().map(|l| counts(l).0).sum();
    Ok(Outcome::Done(passed, u32::from(!ok)))
}

/// A few thousand runs; `cargo xtask soak` does a million.
fn short_soak(root: &Path) -> Result<Outcome> {
    // Built for tests and on a busy machine, a text may take longer.
    let args = ["--runs", "3000", "--budget-ms", "5000"];
    soak::of_policy(root, &args, false).map(Outcome::from)
}

/// Only where `CANDOR_MUTANTS_BASE` names what to compare with, as a pull request has it.
fn mutations(root: &Path) -> Result<Outcome> {
    match std::env::var("CANDOR_MUTANTS_BASE") {
        Ok(base) if !base.is_empty() && mutants::is_installed(root) => {
            mutants::of_changes(root, &base).map(Outcome::from)
        }
        Ok(base) if !base.is_empty() => Ok(Outcome::Skipped("no cargo-mutants here".to_owned())),
        _ => Ok(Outcome::Skipped(
            "CANDOR_MUTANTS_BASE names nothing to compare with".to_owned(),
        )),
    }
}

fn accuracy(root: &Path) -> Result<Outcome> {
    match score::check(root)? {
        Err(why) => Ok(absent(&why)),
        Ok(wrong) => {
            for line in &wrong {
                say(line);
            }
            Ok(wrong.is_empty().into())
        }
    }
}

/// Absent tools: a failure where `CI` is set, else a skipped step.
fn absent(what: &str) -> Outcome {
    if in_ci() {
        say(&format!("{what}, and CI is set: this is a failure"));
        Outcome::Done(0, 1)
    } else {
        Outcome::Skipped(what.to_owned())
    }
}

fn target_dir(root: &Path) -> Result<PathBuf> {
    let out = cargo(root)
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .output()?;
    let metadata: serde_json::Value = serde_json::from_slice(&out.stdout)?;
    let dir = metadata
        .get("target_directory")
        .and_then(serde_json::Value::as_str)
        .context("cargo names no target directory")?;
    Ok(PathBuf::from(dir))
}

/// Where the walk leaves its pictures and the CSAF files it fetched.
fn walk_folder(root: &Path) -> Result<PathBuf> {
    Ok(target_dir(root)?.join("walk"))
}

fn browser(root: &Path) -> Result<Outcome> {
    let folder = root.join("support/browser");
    if find_program(&["node"]).is_none() {
        return Ok(absent("node is not installed"));
    }
    if find_program(&["chromium", "chromium-browser", "google-chrome"]).is_none() {
        return Ok(absent("chromium is not installed"));
    }
    if !folder.join("node_modules/playwright-core").is_dir() {
        return Ok(absent(
            "the walk's packages are missing (npm ci in support/browser)",
        ));
    }
    let mut build = cargo(root);
    build.args(["build", "--workspace", "--bin", "candor"]);
    if !run(build)? {
        return Ok(false.into());
    }
    let out = walk_folder(root)?;
    let _ = std::fs::remove_dir_all(&out);
    std::fs::create_dir_all(&out)?;
    let candor = target_dir(root)?.join("debug/candor");
    for road in ["walk.mjs", "passkey.mjs"] {
        let mut walk = Command::new("node");
        walk.arg(road)
            .current_dir(&folder)
            .stdin(Stdio::null())
            .env("CANDOR_BIN", &candor)
            .env("CANDOR_WALK_OUT", &out);
        if !run(walk)? {
            return Ok(false.into());
        }
    }
    Ok(true.into())
}

fn csaf(root: &Path) -> Result<Outcome> {
    let folder = root.join("support/validators");
    if find_program(&["node"]).is_none() {
        return Ok(absent("node is not installed"));
    }
    if !folder
        .join("node_modules/@secvisogram/csaf-validator-lib")
        .is_dir()
    {
        return Ok(absent(
            "the validator is missing (npm ci in support/validators)",
        ));
    }
    let produced = walk_folder(root)?;
    let files: Vec<PathBuf> = std::fs::read_dir(&produced)
        .map(|dir| dir.flatten().map(|e| e.path()).collect())
        .unwrap_or_default();
    let files: Vec<PathBuf> = files
        .into_iter()
        .filter(|p| p.extension().is_some_and(|e| e == "json"))
        .collect();
    if files.is_empty() {
        return Ok(absent("the walk left no CSAF file"));
    }
    let mut check = Command::new("node");
    check
        .arg("csaf.mjs")
        .args(&files)
        .current_dir(&folder)
        .stdin(Stdio::null());
    run(check).map(Outcome::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_runners_are_counted() {
        let nextest = "     Summary [  12.3s] 15 tests run: 12 passed (1 slow), 2 failed, 1 timed out, 3 skipped";
        assert!(is_summary(nextest));
        assert_eq!(counts(nextest), (12, 3));
        let plain = "test result: ok. 7 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out";
        assert!(is_summary(plain));
        assert_eq!(counts(plain), (7, 0));
        assert!(!is_summary("12 passed"));
    }
}
