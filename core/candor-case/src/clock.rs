//! A promise running on a case.
//!
//! Invariants: a due instant is computed once from the policy in force at
//! receipt and changes only by an event that says why; a miss is recorded and
//! stays, also when the act follows late.

use candor_base::Instant;
use candor_calendar::Pause;
use candor_policy::clocks::ClockSpec;
use serde::{Deserialize, Serialize};

use crate::alarm::Alarm;

/// One clock of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseClock {
    /// The promise behind it.
    pub spec: ClockSpec,
    /// 1 for the first period; counts up for recurring clocks.
    pub period: u32,
    /// What it counts from.
    pub anchor: Instant,
    /// When it falls due; `None` while unscheduled ("next release" without a date).
    pub due: Option<Instant>,
    /// The due instant before re-rating or extension, when it was changed.
    pub original_due: Option<Instant>,
    /// How the due instant came about, in words.
    pub explanation: Vec<String>,
    /// Where it stands.
    pub status: ClockStatus,
    /// Warned at 50 %.
    pub warned_half: bool,
    /// Warned at 80 %.
    pub warned_most: bool,
    /// Times it stood still for the reporter.
    pub pauses: Vec<Pause>,
    /// Periods that passed without the act (recurring clocks).
    pub missed_periods: u32,
    /// Periods in which the act came in time (recurring clocks).
    pub kept_periods: u32,
    /// The alarm that a miss set off, until the act is done.
    #[serde(default)]
    pub alarm: Option<Alarm>,
    /// Zone data, week and holidays it was counted with; empty in older states.
    #[serde(default)]
    pub basis: String,
    /// How often its due instant was set anew.
    #[serde(default)]
    pub moves: u32,
    /// The episode of the case in which it began or last went on; 0 in older states.
    #[serde(default)]
    pub episode: u32,
}

/// Where a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ClockStatus {
    /// Counting.
    Running,
    /// Standing still while the case waits for the reporter.
    Paused,
    /// Kept.
    Met {
        /// When.
        at: Instant,
    },
    /// Due passed, the act has not happened.
    Missed,
    /// Due passed, the act came later.
    MetLate {
        /// When.
        at: Instant,
        /// By how many seconds.
        late_seconds: i64,
    },
    /// The reporter waived it.
    Waived {
        /// When.
        at: Instant,
    },
    /// No longer applies (rejected, withdrawn, re-rated, held back by a fact).
    Stopped {
        /// When.
        at: Instant,
    },
}

impl CaseClock {
    /// Still open: the act can yet be done.
    pub fn is_open(&self) -> bool {
        matches!(
            self.status,
            ClockStatus::Running | ClockStatus::Paused | ClockStatus::Missed
        )
    }

    /// Was missed, whatever came later.
    pub fn was_missed(&self) -> bool {
        matches!(
            self.status,
            ClockStatus::Missed | ClockStatus::MetLate { .. }
        ) || self.missed_periods > 0
    }
}
