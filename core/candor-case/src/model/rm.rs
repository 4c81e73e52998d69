//! The report, as one participant handles it (Vultron RM; `cvd-state-model.md` 1).
//!
//! Invariants: nothing leaves [`ReportState::Closed`]; nothing goes back to the
//! start; a valid report is never closed without being accepted or deferred first.

use serde::{Deserialize, Serialize};

/// Where a participant stands with a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportState {
    /// Has not got it.
    Start,
    /// Stored, not judged.
    Received,
    /// Judged: not valid (yet).
    Invalid,
    /// Judged: valid.
    Valid,
    /// It will be worked on.
    Accepted,
    /// Valid, not worked on (duplicate, rejected after it was valid).
    Deferred,
    /// Over.
    Closed,
}

/// What a participant does with a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReportMove {
    /// Gets it.
    Receive,
    /// Judges it valid.
    Validate,
    /// Judges it invalid.
    Invalidate,
    /// Takes it on.
    Accept,
    /// Puts it aside.
    Defer,
    /// Ends with it.
    Close,
}

use ReportMove as M;
use ReportState as S;

/// Every edge there is.
pub const EDGES: [(ReportState, ReportMove, ReportState); 11] = [
    (S::Start, M::Receive, S::Received),
    (S::Received, M::Validate, S::Valid),
    (S::Received, M::Invalidate, S::Invalid),
    (S::Invalid, M::Validate, S::Valid),
    (S::Valid, M::Accept, S::Accepted),
    (S::Valid, M::Defer, S::Deferred),
    (S::Accepted, M::Defer, S::Deferred),
    (S::Deferred, M::Accept, S::Accepted),
    (S::Invalid, M::Close, S::Closed),
    (S::Deferred, M::Close, S::Closed),
    (S::Accepted, M::Close, S::Closed),
];

impl ReportState {
    /// All states.
    pub const ALL: [Self; 7] = [
        Self::Start,
        Self::Received,
        Self::Invalid,
        Self::Valid,
        Self::Accepted,
        Self::Deferred,
        Self::Closed,
    ];

    /// The state after this move; `None` where it is no edge.
    pub fn step(self, by: ReportMove) -> Option<Self> {
        super::follow(&EDGES, self, by)
    }

    /// The state after these moves; one that is no edge is left out.
    #[must_use]
    pub fn along(self, moves: &[ReportMove]) -> Self {
        moves
            .iter()
            .fold(self, |state, by| state.step(*by).unwrap_or(state))
    }

    /// Turned down: R becomes I; V and A become D (Q6).
    #[must_use]
    pub fn given_up(self) -> Self {
        self.along(&[M::Invalidate, M::Defer])
    }

    /// Known from elsewhere: judged valid, then put aside, never I (Q5).
    #[must_use]
    pub fn set_aside(self) -> Self {
        self.along(&[M::Validate, M::Defer])
    }
}

impl ReportMove {
    /// All moves.
    pub const ALL: [Self; 6] = [
        Self::Receive,
        Self::Validate,
        Self::Invalidate,
        Self::Accept,
        Self::Defer,
        Self::Close,
    ];
}
