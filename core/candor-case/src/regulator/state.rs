//! How a case stands with regulators.

use std::collections::{BTreeMap, BTreeSet};

use candor_base::{Digest, Instant};
use candor_duty::{RegimeId, StageId, Subject, Terms};
use serde::{Deserialize, Serialize};

use crate::parts::{Actor, TextRef};

/// Everything about regulators on one case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Regulators {
    /// Signs, in order.
    pub signals: Vec<Signal>,
    /// What became of each regime.
    pub records: BTreeMap<RegimeId, RegimeRecord>,
    /// The measure that ends or eases the harm.
    pub measure: Option<Measure>,
}

/// A sign that a duty may exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// What it is about.
    pub subject: Subject,
    /// When it reached the project.
    pub at: Instant,
    /// When it was noted.
    pub noted: Instant,
    /// By whom.
    pub by: Actor,
    /// What was seen.
    pub evidence: TextRef,
    /// Until when it is to be judged.
    pub due: Instant,
    /// The regimes to be judged.
    pub regimes: BTreeSet<RegimeId>,
    /// Regimes that are judged.
    pub judged: BTreeSet<RegimeId>,
    /// When the last of them was.
    pub answered: Option<Instant>,
    /// The highest warning given, in percent.
    pub warned: u8,
    /// It was not judged in time.
    pub missed: bool,
}

impl Signal {
    /// Somebody still has to judge it.
    pub const fn is_open(&self) -> bool {
        self.answered.is_none()
    }
}

/// The decision that the project is aware.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awareness {
    /// Since when.
    pub at: Instant,
    /// When that was recorded.
    pub recorded: Instant,
    /// Who decided.
    pub by: Actor,
    /// What it rests on.
    pub evidence: TextRef,
    /// Why this is certain enough.
    pub reason: TextRef,
}

/// The decision that nothing is to be reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotReportable {
    /// When.
    pub at: Instant,
    /// Who decided.
    pub by: Actor,
    /// Because.
    pub reason: TextRef,
}

/// What became of one regime.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegimeRecord {
    /// Its times, once the project is aware.
    pub terms: Option<Terms>,
    /// The decision to be aware.
    pub aware: Option<Awareness>,
    /// The decision that stands against it.
    pub not_reportable: Option<NotReportable>,
    /// Timers, by stage.
    pub stages: BTreeMap<StageId, StageClock>,
    /// The facts.
    pub pack: Option<TextRef>,
    /// Users were told.
    pub informed: Option<Informed>,
}

impl RegimeRecord {
    /// The project is aware and the duty stands.
    pub const fn is_due(&self) -> bool {
        self.aware.is_some() && self.not_reportable.is_none()
    }

    /// Users have to be told and were not.
    pub fn users_wait(&self) -> bool {
        self.is_due() && self.informed.is_none() && self.terms.as_ref().is_some_and(|t| t.users)
    }
}

/// A timer of a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageClock {
    /// What it counts from.
    pub anchor: Instant,
    /// When it falls due.
    pub due: Option<Instant>,
    /// How that came about.
    pub explanation: Vec<String>,
    /// The highest warning given, in percent.
    pub warned: u8,
    /// It fell due and was not filed.
    pub missed: bool,
    /// How often it was set anew.
    #[serde(default)]
    pub moves: u32,
    /// Nothing is to be reported any more, since then.
    pub stopped: Option<Instant>,
    /// What was filed.
    pub filed: Option<Filed>,
}

impl StageClock {
    /// Still to be filed.
    pub const fn is_open(&self) -> bool {
        self.filed.is_none() && self.stopped.is_none()
    }

    /// Seconds by which it was filed late; 0 in time or not filed.
    pub fn late_seconds(&self) -> i64 {
        match (&self.filed, self.due) {
            (Some(filed), Some(due)) => filed.at.seconds_since(due).max(0),
            _ => 0,
        }
    }
}

/// What a person filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed {
    /// When, by the recipient's time.
    pub at: Instant,
    /// When that was recorded.
    pub recorded: Instant,
    /// Who.
    pub by: Actor,
    /// The recipient's reference.
    pub reference: TextRef,
    /// SHA-256 of the facts as they stood.
    pub pack: Option<Digest>,
    /// Required facts that were missing from them.
    pub missing: u32,
}

/// A measure became available.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// When.
    pub at: Instant,
    /// Who recorded it.
    pub by: Actor,
    /// Which.
    pub evidence: TextRef,
}

/// Users were told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Informed {
    /// When.
    pub at: Instant,
    /// Who recorded it.
    pub by: Actor,
    /// How.
    pub how: TextRef,
}

impl Regulators {
    /// Every instant until which something is to be done and is not: judging a
    /// sign, filing a stage.
    pub fn open_dues(&self) -> impl Iterator<Item = Instant> + '_ {
        let signals = self.signals.iter().filter(|s| s.is_open()).map(|s| s.due);
        let stages = self
            .records
            .values()
            .flat_map(|r| r.stages.values())
            .filter(|c| c.is_open())
            .filter_map(|c| c.due);
        signals.chain(stages)
    }

    /// The first sign about a subject.
    pub fn first_signal(&self, subject: Subject) -> Option<Instant> {
        let about = self.signals.iter().filter(|s| s.subject == subject);
        about.map(|s| s.at).min()
    }

    /// Nothing was ever noted here.
    pub fn is_empty(&self) -> bool {
        self.signals.is_empty() && self.records.is_empty() && self.measure.is_none()
    }
}
