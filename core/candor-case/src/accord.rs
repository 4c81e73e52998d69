//! Who is asked about a date, and when the answers are due (S3-15; EM-5, EM-8).
//!
//! Invariants: a date that was proposed holds once everybody who was asked took it; one
//! refusal is enough and the old terms stay, so that the shortest term stands that all
//! would bear. A party's silence holds nobody up: when the answers are due, a date that
//! team and reporter took holds, and whoever was silent is asked to take the new terms.
//! Silence of team or reporter is a refusal. Who left the embargo is not waited for.

use std::collections::BTreeSet;

use candor_base::Instant;
use serde::{Deserialize, Serialize};

use crate::model::cs::VendorPath;
use crate::model::pec::Consent;
use crate::parts::{Actor, Lane};
use crate::party::{Party, PartyKind, PartySees, PartyStatus};
use crate::state::{CaseMessage, CaseState, EmbargoState, Proposal};

/// Days in which a party answers a proposed date (Vultron's default for an answer).
pub(crate) const ANSWER_DAYS: i64 = 7;

/// One side of an agreement about a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "side", content = "number")]
pub enum Side {
    /// The project, whoever of the team speaks.
    Team,
    /// The reporter.
    Reporter,
    /// Another party, by its number.
    Party(u32),
}

impl Side {
    /// The side for which somebody speaks; Candor itself speaks for nobody.
    pub const fn of(actor: Actor) -> Option<Self> {
        match actor {
            Actor::Team(_) => Some(Self::Team),
            Actor::Reporter => Some(Self::Reporter),
            Actor::Party(number) => Some(Self::Party(number)),
            Actor::System => None,
        }
    }
}

impl Proposal {
    /// Until when answers count: its own instant, and where parties are asked a week
    /// at most.
    pub fn answers_due(&self) -> Instant {
        if self.asked.is_empty() {
            return self.at;
        }
        self.at.min(self.on.plus_seconds(ANSWER_DAYS * 86_400))
    }
}

impl CaseState {
    /// Parties who have a say about a date now: bound by the terms that hold, with the
    /// case before them. A distributor only reads its notice.
    pub fn parties_asked(&self) -> BTreeSet<u32> {
        if !self.embargo.state.is_in_force() {
            return BTreeSet::new();
        }
        self.parties
            .iter()
            .filter(|p| p.consent == Consent::Signatory)
            .filter(|p| p.invitation.kind != PartyKind::Distributor)
            .filter(|p| self.party_sees(p.number) == PartySees::Content)
            .map(|p| p.number)
            .collect()
    }

    /// Whether the reporter takes part in keeping the matter private.
    pub fn reporter_takes_part(&self) -> bool {
        self.around.left.is_none() && self.withdrawn.is_none()
    }

    /// The reporter has left an embargo that still binds the others.
    pub fn reporter_is_outside(&self) -> bool {
        self.around.left.is_some() && self.embargo.state.is_in_force()
    }

    /// Whether the reporter still reads this message: of what everybody on the case
    /// writes to each other, nothing since the moment of leaving (EM-8).
    pub fn reporter_reads(&self, message: &CaseMessage) -> bool {
        let since = self.around.left.filter(|_| self.reporter_is_outside());
        match message.lane {
            Lane::Team => false,
            Lane::Reporter => true,
            Lane::Everyone => {
                message.from == Actor::Reporter || since.is_none_or(|left| message.at < left)
            }
        }
    }

    /// The reporter's own consent to the embargo (PEC).
    pub fn reporter_consent(&self) -> Consent {
        let invited = self
            .embargo
            .proposal
            .as_ref()
            .is_some_and(|p| p.by != Actor::Reporter);
        match self.embargo.state {
            EmbargoState::Proposed if invited => Consent::Invited,
            EmbargoState::None | EmbargoState::Proposed | EmbargoState::Exited => {
                Consent::NoEmbargo
            }
            _ if self.around.left.is_some() => Consent::Declined,
            EmbargoState::Active | EmbargoState::Revise => Consent::Signatory,
        }
    }

    /// The sides whose answer to the open proposal is still out, in order.
    pub fn answers_out(&self) -> Vec<Side> {
        let Some(proposal) = &self.embargo.proposal else {
            return Vec::new();
        };
        let by = Side::of(proposal.by);
        let here = self.parties_asked();
        let parties = proposal.asked.intersection(&here).copied();
        let reporter = self.reporter_takes_part().then_some(Side::Reporter);
        std::iter::once(Side::Team)
            .chain(reporter)
            .chain(parties.map(Side::Party))
            .filter(|side| Some(*side) != by && !proposal.taken.contains(side))
            .collect()
    }

    /// Whether the open proposal holds as it is when its answers are due: parties may
    /// be silent, team and reporter may not.
    pub(crate) fn taken_by_enough(&self) -> bool {
        let taken = self
            .embargo
            .proposal
            .as_ref()
            .is_some_and(|p| !p.taken.is_empty() && p.answers_due() < p.at);
        let waits = |side: &Side| matches!(side, Side::Team | Side::Reporter);
        taken && !self.answers_out().iter().any(waits)
    }

    /// Every vendor that says it is affected has its fix, and so has this project: the
    /// embargo may end before its day (EM-6).
    pub fn everybody_is_ready(&self) -> bool {
        let ready = |p: &Party| {
            p.removed.is_some()
                || p.status != PartyStatus::Affected
                || p.vendor >= VendorPath::FixReady
        };
        self.fix_ready.is_some() && self.parties.iter().all(ready)
    }
}
