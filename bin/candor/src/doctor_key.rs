//! What `candor doctor` says about the instance key: where it comes from, who can read it,
//! and whether one backup would hold key and data.
//!
//! Invariant: the key itself is never shown.

use std::path::{Path, PathBuf};

use crate::cli::DoctorArgs;
use crate::doctor::{Check, State, check, mode};
use crate::key_source::KeySource;
use crate::stop::Stop;
use crate::{config, paths};

/// Where the key comes from.
pub(crate) fn source(args: &DoctorArgs) -> Result<KeySource, Stop> {
    // A configuration that cannot be read is said with the mail server.
    let config = config::load(args.config.as_deref()).unwrap_or_default();
    KeySource::of(&args.data, args.key.as_deref(), &config.key)
}

/// Everything about it.
pub(crate) fn looks(data: &Path, source: &KeySource) -> Vec<Check> {
    match source.file() {
        Some(file) => {
            let mut checks = key_file(data, file);
            checks.push(one_backup(data, file));
            checks
        }
        None => vec![elsewhere(source)],
    }
}

/// A key that does not lie in a file.
fn elsewhere(source: &KeySource) -> Check {
    const WHAT: &str = "key";
    match source.load() {
        Err(stop) => check(WHAT, State::Wrong, stop.message),
        Ok(_) => check(
            WHAT,
            match source {
                KeySource::Environment => State::Note,
                KeySource::File(_) | KeySource::Command { .. } => State::Fine,
            },
            match source {
                KeySource::Environment => format!(
                    "The key comes from {}. Whoever may look into the process of Candor can \
                     read it there; a file or key.command keeps it apart. No program that \
                     Candor starts sees it.",
                    source.shown()
                ),
                KeySource::File(_) | KeySource::Command { .. } => format!(
                    "The key comes from {}. Make sure that a second way to it exists: without \
                     it nobody can read the data.",
                    source.shown()
                ),
            },
        ),
    }
}

fn key_file(data: &Path, key: &Path) -> Vec<Check> {
    const WHAT: &str = "key";
    match mode(key) {
        None if data.join(paths::DATABASE).exists() => vec![check(
            WHAT,
            State::Wrong,
            format!(
                "There is data, but its key is not at {}. Without it nobody can read the data. Put it back, or name it with --key.",
                key.display()
            ),
        )],
        None => vec![check(
            WHAT,
            State::Note,
            format!("There is no key at {} yet.", key.display()),
        )],
        Some(bits) if bits & 0o077 != 0 => vec![check(
            WHAT,
            State::Wrong,
            format!(
                "Others can read the key (mode {bits:o}), and Candor will not start. Make it private: chmod 600 {}",
                key.display()
            ),
        )],
        Some(_) => vec![check(
            WHAT,
            State::Fine,
            format!(
                "The key is {}. Keep a copy of it in a safe place, apart from the copies of the data.",
                key.display()
            ),
        )],
    }
}

/// Would one backup hold both data and key?
pub(crate) fn one_backup(data: &Path, key: &Path) -> Check {
    const WHAT: &str = "backup";
    let key_dir = key.parent().unwrap_or(key);
    if key.starts_with(data) || data.starts_with(key_dir) {
        return check(
            WHAT,
            State::Warning,
            format!(
                "The key and the data lie in one folder tree ({}). One stolen backup would hold both, and open itself. Move the key elsewhere and name it with --key.",
                if key.starts_with(data) {
                    data.display()
                } else {
                    key_dir.display()
                }
            ),
        );
    }
    let home = std::env::var_os("HOME").map(PathBuf::from);
    match home.filter(|h| h.parent().is_some() && data.starts_with(h) && key.starts_with(h)) {
        Some(home) => check(
            WHAT,
            State::Warning,
            format!(
                "The key and the data both lie in {}. A backup of that whole folder would hold both, and open itself. Leave one of them out of it, or move one.",
                home.display()
            ),
        ),
        None => check(WHAT, State::Fine, "The key and the data lie apart."),
    }
}
