//! The embargo of a case (Vultron EM; `cvd-state-model.md` 2).
//!
//! Invariants: at most one is active; [`EmbargoState::Revise`] keeps the old terms
//! in force; nothing leaves [`EmbargoState::Exited`].

use serde::{Deserialize, Serialize};

/// The embargo of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmbargoState {
    /// None.
    None,
    /// Proposed, not agreed.
    Proposed,
    /// In force.
    Active,
    /// In force; other terms are proposed.
    Revise,
    /// Over for good (in this episode).
    Exited,
}

/// What is done about an embargo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EmbargoMove {
    /// Terms are proposed.
    Propose,
    /// The proposed terms are taken.
    Accept,
    /// The proposed terms are refused, withdrawn or overtaken.
    Reject,
    /// It ends.
    Terminate,
}

use EmbargoMove as M;
use EmbargoState as S;

/// Every edge there is.
pub const EDGES: [(EmbargoState, EmbargoMove, EmbargoState); 10] = [
    (S::None, M::Propose, S::Proposed),
    (S::Proposed, M::Propose, S::Proposed),
    (S::Proposed, M::Reject, S::None),
    (S::Proposed, M::Accept, S::Active),
    (S::Active, M::Propose, S::Revise),
    (S::Revise, M::Propose, S::Revise),
    (S::Revise, M::Accept, S::Active),
    (S::Revise, M::Reject, S::Active),
    (S::Active, M::Terminate, S::Exited),
    (S::Revise, M::Terminate, S::Exited),
];

impl EmbargoState {
    /// All states.
    pub const ALL: [Self; 5] = [
        Self::None,
        Self::Proposed,
        Self::Active,
        Self::Revise,
        Self::Exited,
    ];

    /// The state after this move; `None` where it is no edge.
    pub fn step(self, by: EmbargoMove) -> Option<Self> {
        super::follow(&EDGES, self, by)
    }

    /// The state after these moves; one that is no edge is left out.
    #[must_use]
    pub fn along(self, moves: &[EmbargoMove]) -> Self {
        moves
            .iter()
            .fold(self, |state, by| state.step(*by).unwrap_or(state))
    }

    /// Terms proposed and taken in one act: a default nobody spoke against (Q7), or
    /// an earlier date that binds nobody longer.
    #[must_use]
    pub fn settled(self) -> Self {
        self.along(&[M::Propose, M::Accept])
    }

    /// Somebody is bound.
    pub const fn is_in_force(self) -> bool {
        matches!(self, Self::Active | Self::Revise)
    }

    /// What the embargo becomes when a fact leaves nothing to hold back: what is in
    /// force ends, what is proposed falls (EM-6).
    #[must_use]
    pub fn overtaken(self) -> Self {
        self.along(&[M::Terminate])
            .along(if self == Self::Proposed {
                &[M::Reject]
            } else {
                &[]
            })
    }
}

impl EmbargoMove {
    /// All moves.
    pub const ALL: [Self; 4] = [Self::Propose, Self::Accept, Self::Reject, Self::Terminate];
}
