//! Which Candor this is, how old it is, and advisories about Candor itself (S0-48): the part
//! `[updates]` of the configuration, the thread that looks, and what `candor doctor` says.
//!
//! Invariants: nothing is asked unless somebody named a place; a look that failed stops
//! nothing and is never taken for good news; what is fetched is bounded.
//!
//! Deliberately absent: changing the version. That is a person's doing.

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use candor_advisory::{KnownAdvisory, MOST_KNOWN_BYTES, against};
use candor_app::{App, Running};
use candor_base::Instant;
use candor_guard::{Address, Client};
use serde::Deserialize;

use crate::config::{self, Config};
use crate::doctor::{Check, State, check};
use crate::say::harmless;
use crate::serve::Bell;
use crate::stop::Stop;

/// The day on which this version was made. Changed together with the version: a test holds it
/// against the changelog.
macro_rules! made {
    () => {
        "2026-11-24"
    };
}

/// The version and its day, for `--version`.
pub(crate) const WORDS: &str = concat!(env!("CARGO_PKG_VERSION"), " (", made!(), ")");
/// The name of the package in advisories.
const PACKAGE: &str = "candor";
/// How often a place on the net is looked at, and how often a file.
const NET: Duration = Duration::from_hours(24);
const FILE: Duration = Duration::from_hours(1);

/// Advisories about Candor itself.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Updates {
    /// A file with OSV records, or an address that answers with them.
    advisories: Option<String>,
    /// The version is old after so many days.
    old_after_days: Option<u32>,
}

/// Where advisories stand.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// A file.
    File(std::path::PathBuf),
    /// An address.
    Net(Address),
}

impl Updates {
    /// Where to look; `None`: nowhere.
    pub(crate) fn place(&self) -> Result<Option<Place>, Stop> {
        let Some(text) = &self.advisories else {
            return Ok(None);
        };
        if !text.contains("://") {
            return Ok(Some(Place::File(text.into())));
        }
        Address::parse(text)
            .map(Place::Net)
            .map(Some)
            .map_err(|why| Stop::input(format!("In the configuration, updates.advisories: {why}.")))
    }

    /// What runs here.
    pub(crate) fn running(&self) -> Result<Running, Stop> {
        let days = self.old_after_days.unwrap_or(90);
        if !(1..=3_650).contains(&days) {
            return Err(Stop::input(
                "In the configuration, updates.old_after_days is between 1 and 3650.",
            ));
        }
        let made: Result<Instant, _> = concat!(made!(), "T00:00:00Z").parse();
        Ok(Running {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            made: Some(made.map_err(|why| Stop::environment(why.to_string()))?),
            old_after_days: days,
            looks: self.advisories.is_some(),
        })
    }
}

/// Looks now; else why nothing is known, to go on after a colon.
fn look(place: &Place) -> Result<Vec<KnownAdvisory>, String> {
    let bytes = match place {
        Place::File(path) => read(path)?,
        Place::Net(address) => {
            let answer = Client::new().get(address, "application/json");
            let answer = answer.map_err(|why| why.to_string())?;
            if answer.status != 200 {
                return Err(format!(
                    "the place that was named answered {}",
                    answer.status
                ));
            }
            answer.text.into_bytes()
        }
    };
    let version = semver::Version::parse(env!("CARGO_PKG_VERSION")).map_err(|w| w.to_string())?;
    against(&bytes, PACKAGE, &version)
        .map_err(|why| format!("what stands there cannot be read: {why}"))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let cannot = |why: std::io::Error| format!("{} cannot be read: {why}", path.display());
    let most = u64::try_from(MOST_KNOWN_BYTES).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(cannot)?;
    file.take(most.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(cannot)?;
    Ok(bytes)
}

/// Starts the thread that looks.
pub(crate) fn start(place: Place, app: &Arc<App>, bell: &Arc<Bell>) -> Option<JoinHandle<()>> {
    let (app, bell) = (Arc::clone(app), Arc::clone(bell));
    let every = match place {
        Place::File(_) => FILE,
        Place::Net(_) => NET,
    };
    let work = move || {
        loop {
            let found = look(&place);
            match &found {
                Ok(open) if open.is_empty() => {}
                Ok(open) => tracing::warn!(
                    advisories = open.len(),
                    "advisories concern this version of Candor; the desk and `candor doctor` name them"
                ),
                Err(why) => tracing::warn!(%why, "advisories about Candor could not be looked at"),
            }
            if let Err(fault) = app.found_advisories(found) {
                tracing::error!(what = %fault.operator, "what was found about Candor was not kept");
            }
            if bell.wait(every) {
                return;
            }
        }
    };
    std::thread::Builder::new()
        .name("updates".to_owned())
        .spawn(work)
        .inspect_err(|why| tracing::error!(%why, "the thread that looks for advisories could not be started"))
        .ok()
}

/// What `doctor` says of the version.
pub(crate) fn looks(file: Option<&Path>) -> Vec<Check> {
    let config = config::load(file).unwrap_or_else(|_| Config::default());
    let running = match config.updates.running() {
        Ok(running) => running,
        Err(why) => return vec![check("version", State::Wrong, why.message)],
    };
    let now = Instant::from_unix(jiff::Timestamp::now().as_second());
    let days = now.as_ref().map_or(0, |now| running.days(*now));
    let words = format!("This is Candor {WORDS}, {days} days old.");
    let is_old = now.is_ok_and(|now| running.is_old(now));
    let mut out = vec![if is_old {
        let more = "Look whether there is a newer one: “A new version” in the operator's guide.";
        check("version", State::Warning, format!("{words} {more}"))
    } else {
        check("version", State::Fine, words)
    }];
    out.push(match config.updates.place() {
        Err(why) => check("advisories", State::Wrong, why.message),
        Ok(None) => check(
            "advisories",
            State::Note,
            "Nobody looks whether advisories about Candor itself concern this version. Name a place \
             in the configuration: [updates] advisories = \"…\".",
        ),
        Ok(Some(place)) => match look(&place) {
            Err(why) => check(
                "advisories",
                State::Warning,
                harmless(&format!(
                    "Whether advisories concern this version is not known: {why}."
                )),
            ),
            Ok(open) if open.is_empty() => check(
                "advisories",
                State::Fine,
                "No advisory about this version is known.",
            ),
            Ok(open) => {
                let ids: Vec<&str> = open.iter().map(|k| k.id.as_str()).collect();
                let all = format!("These advisories concern this version: {}.", ids.join(", "));
                check("advisories", State::Wrong, harmless(&all))
            }
        },
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_that_of_the_changelog() {
        let log = include_str!("../../../CHANGELOG.md");
        let newest = log
            .lines()
            .find_map(|line| line.strip_prefix("## "))
            .unwrap();
        let (version, day) = newest.split_once(" (").unwrap();
        assert_eq!(version, env!("CARGO_PKG_VERSION"));
        // While it is not released, the day is that of the last change of this line.
        let day = day.trim_end_matches(')');
        assert!(day == made!() || day == "not released", "{day}");
        assert!(Updates::default().running().unwrap().made.is_some());
    }

    #[test]
    fn a_file_is_read_and_what_is_no_place_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("osv.json");
        let updates = |text: &str| Updates {
            advisories: Some(text.to_owned()),
            old_after_days: None,
        };
        let at = |text: &str| updates(text).place().unwrap().unwrap();
        let place = at(path.to_str().unwrap());
        assert!(look(&place).unwrap_err().contains("cannot be read"));
        let record = |fixed: &str| {
            format!(
                "{{\"vulns\": [{{\"id\": \"CAN-1\", \"affected\": [{{\"package\": {{\"name\": \
                 \"candor\"}}, \"ranges\": [{{\"type\": \"SEMVER\", \"events\": [{{\"introduced\": \
                 \"0\"}}, {{\"fixed\": \"{fixed}\"}}]}}]}}]}}]}}"
            )
        };
        std::fs::write(&path, record("999.0.0")).unwrap();
        assert_eq!(look(&place).unwrap()[0].id, "CAN-1");
        std::fs::write(&path, record("0.0.1")).unwrap();
        assert!(look(&place).unwrap().is_empty());
        std::fs::write(&path, "<html>").unwrap();
        assert!(look(&place).unwrap_err().contains("no JSON"));
        assert!(
            updates("http://a.example/osv").place().is_err(),
            "not in clear"
        );
        let odd = Updates {
            advisories: None,
            old_after_days: Some(0),
        };
        assert!(odd.running().is_err());
    }
}
