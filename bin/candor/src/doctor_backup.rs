//! What `candor doctor` says of backups.
//!
//! Invariant: opens none, changes none.

use candor_base::Instant;

use crate::backup::schedule::BackupConfig;
use crate::cli::DoctorArgs;
use crate::config;
use crate::doctor::{Check, State, check};
use crate::overview::Overview;

const WHAT: &str = "backup";

/// Whether backups are made, and how old the newest is.
pub(crate) fn kept(args: &DoctorArgs) -> Option<Check> {
    // A configuration that cannot be read was said with the mail server.
    let config = config::load(args.config.as_deref()).ok()?;
    let now = Instant::from(jiff::Timestamp::now());
    Some(match config.backup.as_ref().map(BackupConfig::schedule) {
        None => check(
            WHAT,
            State::Note,
            "The server makes no backups by itself: [backup] in the configuration has it do so. \
             `candor backup` makes one now. The instance key is in none: keep it elsewhere, too.",
        ),
        Some(Err(stop)) => check(WHAT, State::Wrong, stop.message),
        Some(Ok(schedule)) => match schedule.alarm(now) {
            Some(words) => check(WHAT, State::Warning, words),
            None => check(
                WHAT,
                State::Fine,
                "The newest backup is no older than it may be. The instance key is in none: \
                 keep it elsewhere, too.",
            ),
        },
    })
}

/// What the inside says of it.
pub(crate) fn seen(found: &Overview) -> Vec<Check> {
    let failed = found
        .backup
        .as_ref()
        .map(|why| check(WHAT, State::Wrong, format!("The last backup failed. {why}")));
    let held = found.letters_held.then(|| {
        check(
            "letters",
            State::Warning,
            "This data was put back from a backup, and no letter leaves until you say so: \
             candor letters --send",
        )
    });
    let restored = found
        .restored
        .as_ref()
        .map(|words| check("restored", State::Note, words.clone()));
    let log = found.log.as_ref().map(|why| {
        check(
            "log",
            State::Wrong,
            format!("The public log stands still: {why} See `candor log status`."),
        )
    });
    let not_found_yet = (found.not_found_yet > 0).then(|| {
        check(
            "search",
            State::Note,
            format!(
                "The search does not find {} cases yet. A running server reads them by itself; \
                 candor rebuild does it at once.",
                found.not_found_yet
            ),
        )
    });
    let disk = found
        .disk
        .as_ref()
        .map(|words| check("disk", State::Wrong, words.clone()));
    let failed = disk.into_iter().chain(failed);
    let all = failed.chain(held).chain(restored);
    all.chain(log).chain(not_found_yet).collect()
}
