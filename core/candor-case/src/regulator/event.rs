//! What happened about regulators. Every variant ever stored keeps being read.

use std::collections::BTreeSet;

use candor_base::{Digest, Instant};
use candor_duty::{RegimeId, StageId, Subject, Terms};
use serde::{Deserialize, Serialize};

use crate::parts::TextRef;

/// Something that happened about regulators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum RegulatorEvent {
    /// A sign was noted; it is to be judged until `due`.
    SignalNoted {
        /// What it is about.
        subject: Subject,
        /// When the sign reached the project.
        at: Instant,
        /// What was seen.
        evidence: TextRef,
        /// Until when it is to be judged.
        due: Instant,
        /// The regimes to be judged.
        regimes: BTreeSet<RegimeId>,
    },
    /// So much of the time to judge a sign is gone.
    SignalWarned {
        /// Which sign, from 0.
        signal: u32,
        /// 50 or 80.
        percent: u8,
    },
    /// A sign was not judged in time.
    SignalMissed {
        /// Which sign, from 0.
        signal: u32,
        /// When it was due.
        due: Instant,
    },
    /// The project is aware.
    AwarenessRecorded {
        /// The regime with its times.
        terms: Box<Terms>,
        /// Since when.
        at: Instant,
        /// What it rests on.
        evidence: TextRef,
        /// Why this is certain enough.
        reason: TextRef,
    },
    /// Nothing is to be reported under this regime.
    FoundNotReportable {
        /// The regime.
        regime: RegimeId,
        /// Because.
        reason: TextRef,
    },
    /// A timer started, or starts anew from an earlier moment.
    StageStarted {
        /// The regime.
        regime: RegimeId,
        /// The stage.
        stage: StageId,
        /// What it counts from.
        anchor: Instant,
        /// When it falls due.
        due: Option<Instant>,
        /// How that came about.
        explanation: Vec<String>,
    },
    /// So much of the time for a stage is gone.
    StageWarned {
        /// The regime.
        regime: RegimeId,
        /// The stage.
        stage: StageId,
        /// 50 or 80.
        percent: u8,
    },
    /// A stage fell due and was not filed.
    StageMissed {
        /// The regime.
        regime: RegimeId,
        /// The stage.
        stage: StageId,
        /// When it was due.
        due: Instant,
    },
    /// A timer no longer applies: nothing is to be reported.
    StageStopped {
        /// The regime.
        regime: RegimeId,
        /// The stage.
        stage: StageId,
    },
    /// A person filed a stage.
    StageFiled {
        /// The regime.
        regime: RegimeId,
        /// The stage.
        stage: StageId,
        /// When it was submitted.
        at: Instant,
        /// The recipient's reference.
        reference: TextRef,
        /// SHA-256 of the facts as they stood.
        pack: Option<Digest>,
        /// Required facts that were missing from them.
        missing: u32,
    },
    /// A measure became available.
    MeasureRecorded {
        /// When.
        at: Instant,
        /// Which.
        evidence: TextRef,
    },
    /// Users were told.
    UsersInformed {
        /// The regime.
        regime: RegimeId,
        /// When.
        at: Instant,
        /// How.
        how: TextRef,
    },
    /// The facts were saved.
    PackSaved {
        /// The regime.
        regime: RegimeId,
        /// The sealed values.
        pack: TextRef,
    },
}

impl RegulatorEvent {
    /// The word for timelines and logs.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::SignalNoted { .. } => "signal_noted",
            Self::SignalWarned { .. } => "signal_warned",
            Self::SignalMissed { .. } => "signal_missed",
            Self::AwarenessRecorded { .. } => "awareness_recorded",
            Self::FoundNotReportable { .. } => "found_not_reportable",
            Self::StageStarted { .. } => "stage_started",
            Self::StageWarned { .. } => "stage_warned",
            Self::StageMissed { .. } => "stage_missed",
            Self::StageStopped { .. } => "stage_stopped",
            Self::StageFiled { .. } => "stage_filed",
            Self::MeasureRecorded { .. } => "measure_recorded",
            Self::UsersInformed { .. } => "users_informed",
            Self::PackSaved { .. } => "pack_saved",
        }
    }

    /// Happens by the passing of time alone.
    pub const fn is_automatic(&self) -> bool {
        matches!(
            self,
            Self::SignalWarned { .. }
                | Self::SignalMissed { .. }
                | Self::StageWarned { .. }
                | Self::StageMissed { .. }
        )
    }
}
