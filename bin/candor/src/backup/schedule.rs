//! Backups that the server makes by itself.
//!
//! Invariants: an older backup is removed only after a newer one was written, read back
//! and found sound; what lies in the folder under other names is never touched; a failure
//! is said in the log, by `candor doctor` and in the overview, until one succeeds.
//!
//! Deliberately absent: opening a backup. The server has no identity that could; `candor
//! verify-backup` does, elsewhere.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use candor_base::Instant;
use candor_store::{InstanceKey, Origin};
use serde::Deserialize;

use super::file::{self, Recipients, time_of};
use super::{age_file, now, pgp_file, summary_words, unsound};
use crate::serve::Bell;
use crate::stop::Stop;

/// How often is looked whether one is due.
const LOOK: Duration = Duration::from_secs(30);
/// How long after a failure it is tried again.
const AGAIN: i64 = 900;

/// The part `[backup]` of the configuration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BackupConfig {
    /// How often: `24h`, `30m`, `7d`.
    every: Option<String>,
    /// The folder.
    to: PathBuf,
    /// Who can open them, by an age identity.
    #[serde(default)]
    recipients: Vec<String>,
    /// Files of OpenPGP certificates, instead.
    #[serde(default)]
    recipients_openpgp: Vec<PathBuf>,
    /// How many are kept.
    keep: Option<u32>,
}

/// What is to be done, checked.
#[derive(Debug)]
pub(crate) struct Schedule {
    /// Seconds.
    every: i64,
    to: PathBuf,
    whom: Whom,
    keep: usize,
}

/// For whom they are made.
enum Whom {
    Age(Vec<age::x25519::Recipient>),
    /// Certificates are read for each backup: one that was extended counts without a restart,
    /// and one that expired is no reason not to serve.
    OpenPgp(Vec<PathBuf>),
}

impl fmt::Debug for Whom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Age(to) => write!(f, "Age({})", to.len()),
            Self::OpenPgp(files) => f.debug_tuple("OpenPgp").field(files).finish(),
        }
    }
}

impl Whom {
    fn of(config: &BackupConfig) -> Result<Self, Stop> {
        let files = &config.recipients_openpgp;
        match (config.recipients.as_slice(), files.as_slice()) {
            ([], []) => Err(Stop::input(
                "In the configuration, backup.recipients is empty: a backup needs at least one \
                 recipient, or backup.recipients_openpgp.",
            )),
            (names, []) => age_file::recipients(names).map(Self::Age),
            ([], files) => {
                for file in files {
                    pgp_file::certificate(file)?;
                }
                Ok(Self::OpenPgp(files.to_vec()))
            }
            _ => Err(Stop::input(
                "In the configuration, backup has recipients and recipients_openpgp. A file is of \
                 one form: keep one of them.",
            )),
        }
    }

    fn at(&self, now: Instant) -> Result<Recipients, Stop> {
        match self {
            Self::Age(to) => Ok(Recipients::Age(to.clone())),
            Self::OpenPgp(files) => pgp_file::recipients(files, now),
        }
    }

    /// What is wrong with them, or will be soon.
    fn alarm(&self, now: Instant) -> Option<String> {
        match self {
            Self::Age(_) => None,
            Self::OpenPgp(files) => match pgp_file::recipients(files, now) {
                Err(why) => Some(why.message),
                Ok(_) => pgp_file::soon(files, now),
            },
        }
    }
}

impl BackupConfig {
    /// Checks it.
    pub(crate) fn schedule(&self) -> Result<Schedule, Stop> {
        let text = self.every.as_deref().unwrap_or("24h").trim();
        let every = seconds(text).filter(|s| *s >= 60).ok_or_else(|| {
            Stop::input(format!(
                "In the configuration, backup.every is \"{text}\". Write it like 24h, 30m or 7d; \
                 a minute is the least."
            ))
        })?;
        let keep = self.keep.unwrap_or(7);
        if keep == 0 {
            return Err(Stop::input(
                "In the configuration, backup.keep is 0; it may be 1 or more.",
            ));
        }
        Ok(Schedule {
            every,
            to: self.to.clone(),
            whom: Whom::of(self)?,
            keep: usize::try_from(keep).unwrap_or(usize::MAX),
        })
    }
}

fn seconds(text: &str) -> Option<i64> {
    let unit = text.chars().next_back()?;
    let number: i64 = text.strip_suffix(unit)?.trim().parse().ok()?;
    let each = match unit {
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return None,
    };
    number.checked_mul(each)
}

/// `90 minutes`, `36 hours`, `7 days`: the largest unit that fits whole.
fn spoken(number: i64, unit: &str) -> String {
    match (unit, number) {
        ("minute", n) if n >= 60 && n % 60 == 0 => spoken(n / 60, "hour"),
        ("hour", n) if n >= 48 && n % 24 == 0 => format!("{} days", n / 24),
        (unit, 1) => format!("1 {unit}"),
        (unit, n) => format!("{n} {unit}s"),
    }
}

/// Our backups in a folder with their times, oldest first.
fn made(folder: &Path) -> std::io::Result<Vec<(Instant, PathBuf)>> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if let Some(at) = time_of(&path) {
            out.push((at, path));
        }
    }
    out.sort();
    Ok(out)
}

impl Schedule {
    /// What is wrong with the backups that lie there, for the operator.
    pub(crate) fn alarm(&self, now: Instant) -> Option<String> {
        let place = self.to.display();
        match made(&self.to) {
            Err(why) => Some(format!(
                "The folder of backups {place} cannot be read: {why}."
            )),
            Ok(found) => match found.last() {
                None => Some(format!("There is no backup in {place} yet.")),
                Some((at, _)) if now.seconds_since(*at) > self.every.saturating_mul(2) => Some(
                    format!("The newest backup in {place} is of {at}; newer ones failed."),
                ),
                Some(_) => self.whom.alarm(now),
            },
        }
    }

    /// Until when a backup made now is there, in words.
    pub(crate) fn kept_words(&self) -> String {
        let keep = i64::try_from(self.keep).unwrap_or(i64::MAX);
        let minutes = self.every.saturating_mul(keep) / 60;
        format!(
            "The server makes one every {} and keeps {keep}: the last one of now goes in {} if none \
             fails. Copies of them elsewhere are yours to remove.",
            spoken(self.every / 60, "minute"),
            spoken(minutes, "minute"),
        )
    }

    fn due(&self, now: Instant) -> bool {
        let newest = made(&self.to)
            .ok()
            .and_then(|found| found.last().map(|(at, _)| *at));
        // One that seems to come from the future is none to wait for.
        newest.is_none_or(|at| at > now || now.seconds_since(at) >= self.every)
    }

    /// Makes one; removes older ones when it is sound.
    fn make(&self, from: &Origin, key: &InstanceKey, now: Instant) -> Result<(), String> {
        let to = self.whom.at(now).map_err(|why| why.message)?;
        let written = file::write(from, key, &self.to, &to, now, &mut |_, _| {})
            .map_err(|why| why.message)?;
        if let Some(words) = unsound(&written.summary) {
            return Err(words);
        }
        tracing::info!(
            bytes = written.bytes,
            what = %summary_words(&written.summary),
            "a backup was written and read back"
        );
        let mut found = made(&self.to).map_err(|why| why.to_string())?;
        found.truncate(found.len().saturating_sub(self.keep));
        for (_, old) in found.into_iter().filter(|(_, old)| *old != written.path) {
            if let Err(error) = std::fs::remove_file(&old) {
                tracing::warn!(%error, "an old backup could not be removed");
            }
        }
        Ok(())
    }
}

/// How the last try went.
#[derive(Debug, Default)]
pub(crate) struct Status(Mutex<Option<String>>);

impl Status {
    /// What the last try failed of.
    pub(crate) fn alarm(&self) -> Option<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn set(&self, alarm: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = alarm;
    }
}

/// What a server needs for it.
#[derive(Debug)]
pub(crate) struct Keeper {
    pub(crate) schedule: Schedule,
    pub(crate) from: Origin,
    pub(crate) key: InstanceKey,
    pub(crate) status: Arc<Status>,
}

/// Starts the thread.
pub(crate) fn start(keeper: Keeper, bell: &Arc<Bell>) -> Option<JoinHandle<()>> {
    let bell = Arc::clone(bell);
    std::thread::Builder::new()
        .name("backup".to_owned())
        .spawn(move || run(&keeper, &bell))
        .inspect_err(|error| tracing::error!(%error, "the thread of backups could not be started"))
        .ok()
}

fn run(keeper: &Keeper, bell: &Bell) {
    let mut not_before = now();
    loop {
        let at = now();
        if at >= not_before && keeper.schedule.due(at) {
            match keeper.schedule.make(&keeper.from, &keeper.key, at) {
                Ok(()) => keeper.status.set(None),
                Err(why) => {
                    tracing::error!(what = %why, "a backup failed; it is tried again");
                    keeper.status.set(Some(why));
                    not_before = at.plus_seconds(AGAIN);
                }
            }
        }
        if bell.wait(LOOK) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Result<Schedule, String> {
        let recipient = age::x25519::Identity::generate().to_public();
        let whole = format!("to = \"/b\"\nrecipients = [\"{recipient}\"]\n{text}");
        let config: BackupConfig = toml::from_str(&whole).map_err(|e| e.to_string())?;
        config.schedule().map_err(|s| s.message)
    }

    #[test]
    fn how_long_a_backup_is_there_is_said_in_whole_units() {
        let words = |text: &str| config(text).unwrap().kept_words();
        assert!(
            words("")
                .contains("one every 24 hours and keeps 7: the last one of now goes in 7 days")
        );
        let short = words("every = \"1m\"\nkeep = 2");
        assert!(
            short.contains("one every 1 minute and keeps 2: the last one of now goes in 2 minutes")
        );
        let odd = words("every = \"90m\"\nkeep = 1");
        assert!(
            odd.contains(
                "one every 90 minutes and keeps 1: the last one of now goes in 90 minutes"
            )
        );
        let hour = words("every = \"36h\"\nkeep = 2");
        assert!(
            hour.contains("one every 36 hours and keeps 2: the last one of now goes in 3 days")
        );
    }

    #[test]
    fn the_schedule_is_read_and_mistakes_are_named() {
        assert_eq!(config("").unwrap().every, 86_400);
        assert_eq!(config("every = \"30m\"").unwrap().every, 1_800);
        assert_eq!(config("every = \"7d\"\nkeep = 3").unwrap().keep, 3);
        for bad in [
            "every = \"soon\"",
            "every = \"1s\"",
            "every = \"\"",
            "keep = 0",
        ] {
            assert!(config(bad).unwrap_err().contains("backup."), "{bad}");
        }
        for whom in [
            "recipients = []",
            "",
            "recipients_openpgp = [\"/no/such.asc\"]",
            "recipients = [\"age1nonsense\"]",
            "recipients = [\"age1x\"]\nrecipients_openpgp = [\"/b/key.asc\"]",
        ] {
            let bad: BackupConfig = toml::from_str(&format!("to = \"/b\"\n{whom}")).unwrap();
            assert!(bad.schedule().is_err(), "{whom}");
        }
    }

    #[test]
    fn a_missing_or_old_backup_is_an_alarm() {
        let dir = tempfile::tempdir().unwrap();
        let schedule = Schedule {
            to: dir.path().to_owned(),
            ..config("every = \"1h\"").unwrap()
        };
        let now: Instant = Instant::from_unix(1_795_414_500).unwrap();
        assert!(schedule.alarm(now).unwrap().contains("no backup"));
        assert!(schedule.due(now));
        // 2026-11-23 06:15:00.
        std::fs::write(dir.path().join("candor-20261123T061500Z.age"), b"").unwrap();
        assert_eq!(schedule.alarm(now), None);
        assert!(!schedule.due(now.plus_seconds(3_000)));
        assert!(schedule.due(now.plus_seconds(3_700)));
        assert!(
            schedule
                .alarm(now.plus_seconds(8_000))
                .unwrap()
                .contains("newer ones failed")
        );
    }
}
