//! Starting other programs, with their output passed through.
//!
//! Deliberately absent: deciding what to start.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

/// The cargo that started us, else the one in the path.
pub(crate) fn cargo(root: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root).stdin(Stdio::null());
    command
}

/// Runs a command to its end, its output passed through.
pub(crate) fn run(mut command: Command) -> Result<bool> {
    let status = command
        .status()
        .with_context(|| format!("{} could not be started", program_name(&command)))?;
    Ok(status.success())
}

/// Runs a command, passes its output through and keeps the lines that `keep` wants.
pub(crate) fn run_and_keep(
    mut command: Command,
    keep: fn(&str) -> bool,
) -> Result<(bool, Vec<String>)> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let name = program_name(&command);
    let mut child = command
        .spawn()
        .with_context(|| format!("{name} could not be started"))?;
    let out = child.stdout.take().context("no output")?;
    let err = child.stderr.take().context("no error output")?;
    let other = std::thread::spawn(move || pass_on(err, keep));
    let mut kept = pass_on(out, keep);
    if let Ok(more) = other.join() {
        kept.extend(more);
    }
    Ok((child.wait()?.success(), kept))
}

fn pass_on(from: impl Read, keep: fn(&str) -> bool) -> Vec<String> {
    let mut kept = Vec::new();
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    while matches!(reader.read_until(b'\n', &mut line), Ok(n) if n > 0) {
        let _ = std::io::stdout().lock().write_all(&line);
        let text = without_colour(&String::from_utf8_lossy(&line));
        if keep(&text) {
            kept.push(text.trim().to_owned());
        }
        line.clear();
    }
    kept
}

/// The text without terminal colour codes.
fn without_colour(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        match (inside, c) {
            (false, '\u{1b}') => inside = true,
            (true, 'm') => inside = false,
            (true, _) => {}
            (false, c) => out.push(c),
        }
    }
    out
}

fn program_name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

/// Where a program lies in the path.
pub(crate) fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|dir| names.iter().map(move |n| dir.join(n)))
        .find(|candidate| candidate.is_file())
}

/// Whether `cargo NAME` can be run.
pub(crate) fn has_cargo_tool(root: &Path, name: &str) -> bool {
    cargo(root)
        .args([name, "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// Whether absence of a tool is a failure.
pub(crate) fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|v| !v.is_empty() && v != "0" && v != "false")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_codes_are_taken_out() {
        assert_eq!(without_colour("\u{1b}[32;1mok\u{1b}[0m 1"), "ok 1");
    }

    #[test]
    fn a_program_in_the_path_is_found_and_another_is_not() {
        assert!(find_program(&["sh"]).is_some());
        assert!(find_program(&["no-such-program-here"]).is_none());
    }

    #[test]
    fn output_is_kept_and_failure_is_seen() {
        let mut command = Command::new("sh");
        command.args([
            "-c",
            "echo keep this; echo not that; echo keep err >&2; exit 3",
        ]);
        let (ok, kept) = run_and_keep(command, |l| l.starts_with("keep")).unwrap();
        assert!(!ok);
        assert_eq!(kept, ["keep this", "keep err"]);
    }
}
