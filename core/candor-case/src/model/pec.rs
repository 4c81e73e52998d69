//! Consent of one participant to the embargo (Vultron PEC; `cvd-state-model.md` 2).
//!
//! Invariant: only a [`Consent::Signatory`] has taken the terms that are in force;
//! new terms make a signatory [`Consent::Lapsed`] until it takes them, too.

use serde::{Deserialize, Serialize};

/// Where one participant stands with the terms of the embargo.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// There are no terms for it.
    #[default]
    NoEmbargo,
    /// Was asked, has not answered.
    Invited,
    /// Took the terms.
    Signatory,
    /// Refused them.
    Declined,
    /// Took earlier terms; these are new.
    Lapsed,
}

/// What happens to a consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConsentMove {
    /// Asked to take the terms.
    Invite,
    /// Takes them.
    Accept,
    /// Refuses them.
    Decline,
    /// The terms changed.
    Revise,
    /// The embargo is over.
    Reset,
}

use Consent as S;
use ConsentMove as M;

/// Every edge there is.
pub const EDGES: [(Consent, ConsentMove, Consent); 15] = [
    (S::NoEmbargo, M::Invite, S::Invited),
    (S::Lapsed, M::Invite, S::Invited),
    (S::Declined, M::Invite, S::Invited),
    (S::NoEmbargo, M::Accept, S::Signatory),
    (S::Invited, M::Accept, S::Signatory),
    (S::Lapsed, M::Accept, S::Signatory),
    (S::NoEmbargo, M::Decline, S::Declined),
    (S::Invited, M::Decline, S::Declined),
    (S::Lapsed, M::Decline, S::Declined),
    (S::Signatory, M::Revise, S::Lapsed),
    (S::NoEmbargo, M::Reset, S::NoEmbargo),
    (S::Invited, M::Reset, S::NoEmbargo),
    (S::Signatory, M::Reset, S::NoEmbargo),
    (S::Declined, M::Reset, S::NoEmbargo),
    (S::Lapsed, M::Reset, S::NoEmbargo),
];

impl Consent {
    /// All states.
    pub const ALL: [Self; 5] = [
        Self::NoEmbargo,
        Self::Invited,
        Self::Signatory,
        Self::Declined,
        Self::Lapsed,
    ];

    /// The state after this move; `None` where it is no edge.
    pub fn step(self, by: ConsentMove) -> Option<Self> {
        super::follow(&EDGES, self, by)
    }

    /// The state after this move, or the same where it is no edge.
    #[must_use]
    pub fn after(self, by: ConsentMove) -> Self {
        self.step(by).unwrap_or(self)
    }
}

impl ConsentMove {
    /// All moves.
    pub const ALL: [Self; 5] = [
        Self::Invite,
        Self::Accept,
        Self::Decline,
        Self::Revise,
        Self::Reset,
    ];
}
