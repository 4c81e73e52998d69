//! Which version of Candor runs here, how old it is, and what is known against it (S0-48).
//!
//! Invariants: shown to those who manage the server, and to nobody else; that nobody looked is
//! said, and never taken for "nothing is known".
//!
//! Deliberately absent: looking for them, and changing the version.

use candor_access::view::RunningView;
use candor_advisory::KnownAdvisory;
use candor_base::Instant;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::input::{ActError, Fault};

const FOUND: &str = "known-advisories";
const DAY: i64 = 86_400;
/// What was found is not relied on after so many days.
const STALE_DAYS: i64 = 3;

/// What runs here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// The version.
    pub version: String,
    /// The day it was made, at its beginning; `None` where nobody said.
    pub made: Option<Instant>,
    /// It is old after so many days.
    pub old_after_days: u32,
    /// Somebody said where advisories about Candor stand.
    pub looks: bool,
}

impl Default for Running {
    fn default() -> Self {
        Self {
            version: "0.0.0".to_owned(),
            made: None,
            old_after_days: 90,
            looks: false,
        }
    }
}

impl Running {
    /// Its age in whole days.
    pub fn days(&self, now: Instant) -> i64 {
        self.made
            .map_or(0, |made| now.seconds_since(made).max(0) / DAY)
    }

    /// Whether it is old.
    pub fn is_old(&self, now: Instant) -> bool {
        self.days(now) > i64::from(self.old_after_days)
    }
}

/// What was found last. Its shape is stored: fields are only ever added.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Found {
    version: String,
    looked: Option<Instant>,
    open: Vec<Open>,
    trouble: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Open {
    id: String,
    summary: String,
    fixed: Option<String>,
}

/// An advisory in a line: what it is, and what to do.
fn line(open: &Open) -> String {
    let what = if open.summary.is_empty() {
        open.id.clone()
    } else {
        format!("{}: {}", open.id, open.summary.trim_end_matches('.'))
    };
    match &open.fixed {
        Some(version) => format!("{what}. Fixed in {version}."),
        None => format!("{what}. There is no fix yet."),
    }
}

impl App {
    /// Somebody looked for advisories about the version that runs here.
    ///
    /// # Errors
    /// A fault.
    pub fn found_advisories(
        &self,
        looked: Result<Vec<KnownAdvisory>, String>,
    ) -> Result<(), Fault> {
        let mut found = self.kept_advisories()?;
        match looked {
            Ok(all) => {
                found.open = all
                    .into_iter()
                    .map(|known| Open {
                        id: known.id,
                        summary: known.summary,
                        fixed: known.fixed,
                    })
                    .collect();
                found.looked = Some(self.now());
                found.trouble = None;
            }
            Err(why) => found.trouble = Some(why),
        }
        self.keep(FOUND, Some(&found))
    }

    /// What was found about this very version.
    fn kept_advisories(&self) -> Result<Found, Fault> {
        let running = &self.parts.config.running;
        let kept = self.store().setting(FOUND)?;
        let found: Option<Found> = kept.and_then(|json| serde_json::from_str(&json).ok());
        let found = found.filter(|f| f.version == running.version);
        Ok(found.unwrap_or_else(|| Found {
            version: running.version.clone(),
            ..Found::default()
        }))
    }

    /// What runs here, for who manages the server; `None` for everybody else.
    ///
    /// # Errors
    /// As every act.
    pub fn running(&self, token: &str) -> Result<Option<RunningView>, ActError> {
        if !self.staff(token)?.account.admin {
            return Ok(None);
        }
        let (running, now) = (&self.parts.config.running, self.now());
        let found = self.kept_advisories()?;
        let days = running.days(now);
        let fresh = |at: Instant| now.seconds_since(at) <= STALE_DAYS * DAY;
        let unknown = if !running.looks {
            Some(
                "Nobody looks whether advisories about Candor itself concern it. Whoever runs this \
                 server can name a place in the configuration, under [updates]."
                    .to_owned(),
            )
        } else if found.looked.is_some_and(fresh) {
            None
        } else {
            let why = found
                .trouble
                .unwrap_or_else(|| "nobody has looked yet".to_owned());
            Some(format!(
                "Whether advisories about Candor itself concern it is not known: {why}."
            ))
        };
        Ok(Some(RunningView {
            version: running.version.clone(),
            age: match days {
                0 => "made today".to_owned(),
                1 => "1 day old".to_owned(),
                n => format!("{n} days old"),
            },
            old: running.is_old(now),
            advisories: found.open.iter().map(line).collect(),
            unknown,
        }))
    }
}
