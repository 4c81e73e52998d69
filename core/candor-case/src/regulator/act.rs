//! What the team asks of a case about regulators.

use std::collections::BTreeSet;

use candor_base::{Digest, Instant};
use candor_duty::{RegimeId, StageId, Subject, Terms};
use serde::{Deserialize, Serialize};

use crate::parts::TextRef;

/// An act about regulators. Each is done by a person of the team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "act")]
pub enum RegulatorAct {
    /// Note a sign that a duty may exist: somebody has to judge it.
    NoteSignal {
        /// What it is about.
        subject: Subject,
        /// When the sign reached the project.
        at: Instant,
        /// What was seen.
        evidence: TextRef,
        /// The regimes that hold for the program.
        regimes: BTreeSet<RegimeId>,
    },
    /// Record that the project is aware: the timers of this regime start (K5).
    RecordAwareness {
        /// The regime with its times as they stand now.
        terms: Box<Terms>,
        /// Since when.
        at: Instant,
        /// What it rests on.
        evidence: TextRef,
        /// Why this is certain enough.
        reason: TextRef,
    },
    /// Record the decision that nothing is to be reported, and why.
    DecideNotReportable {
        /// The regime.
        regime: RegimeId,
        /// Because.
        reason: TextRef,
    },
    /// Save the facts for the reports of a regime.
    SavePack {
        /// The regime.
        regime: RegimeId,
        /// The sealed values.
        pack: TextRef,
    },
    /// Record what a person filed with the regulator.
    FileStage {
        /// The regime.
        regime: RegimeId,
        /// The stage.
        stage: StageId,
        /// When it was submitted, by the recipient's own time.
        at: Instant,
        /// The recipient's reference.
        reference: TextRef,
        /// SHA-256 of the facts as they stood, when there were any.
        pack: Option<Digest>,
        /// Required facts that were missing from them.
        missing: u32,
    },
    /// Record when a corrective or mitigating measure became available.
    RecordMeasure {
        /// When.
        at: Instant,
        /// Which, and where it can be had.
        evidence: TextRef,
    },
    /// Record that users were told.
    InformUsers {
        /// The regime.
        regime: RegimeId,
        /// When.
        at: Instant,
        /// How.
        how: TextRef,
    },
}

impl RegulatorAct {
    /// The word for logs, rights and pages.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NoteSignal { .. } => "note_signal",
            Self::RecordAwareness { .. } => "record_awareness",
            Self::DecideNotReportable { .. } => "decide_not_reportable",
            Self::SavePack { .. } => "save_pack",
            Self::FileStage { .. } => "file_stage",
            Self::RecordMeasure { .. } => "record_measure",
            Self::InformUsers { .. } => "inform_users",
        }
    }
}
