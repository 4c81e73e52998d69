//! What one run found out: one sample for each promise of each case that fell due.
//!
//! Invariant: whether a promise was kept is what the case itself recorded
//! (`ClockMet`, `ClockMissed`); nothing here judges it a second time.

use candor_base::Instant;
use serde::{Deserialize, Serialize};

/// Why a promise was not kept. The first that applies, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The case waited for its reporter, and this clock does not stand still for that.
    Reporter,
    /// Nobody works between its start and its end: nights, weekends, holidays.
    OffHours,
    /// Somebody would have worked, but was on vacation or ill.
    Absence,
    /// The work alone, with nothing else to do, takes longer.
    Work,
    /// The fix was ready and waited for the day of a release.
    Rhythm,
    /// A flood of reports came in shortly before.
    Flood,
    /// Other work came first.
    Queue,
}

impl Cause {
    /// In words, to follow a number: "12 times the weekend".
    pub fn words(self) -> &'static str {
        match self {
            Self::Reporter => "waiting for the reporter",
            Self::OffHours => "nights, weekends and holidays",
            Self::Absence => "vacation or illness",
            Self::Work => "the work itself takes longer than promised",
            Self::Rhythm => "the fix was ready and waited for a release day",
            Self::Flood => "a flood of reports",
            Self::Queue => "other work came first",
        }
    }
}

/// One promise of one case that fell due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// Which clock of the policy, by its place.
    pub clock: usize,
    /// Which report of the run, by its place.
    pub report: usize,
    /// What it counted from.
    pub anchor: Instant,
    /// When it fell due.
    pub due: Instant,
    /// What the case recorded.
    pub kept: bool,
    /// Seconds from the start to the act; none when it was not done in the run.
    pub took: Option<i64>,
    /// Why not, where it was missed.
    pub cause: Option<Cause>,
}

/// Everything one run found out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RunResult {
    /// Promises that fell due in the time that counts.
    pub samples: Vec<Sample>,
    /// Reports that came in, in the time that counts.
    pub reports: u32,
    /// Of those, part of a flood.
    pub in_floods: u32,
    /// Seconds worked on reports.
    pub worked: i64,
    /// Seconds that the team had for them, absences taken off.
    pub had: i64,
    /// Cases with work left at the beginning and at the end of the time that counts.
    pub left: (u32, u32),
    /// Commands that the case refused, as name and code. Empty, or the model of how a
    /// team works does not fit this policy.
    pub refused: Vec<String>,
}
