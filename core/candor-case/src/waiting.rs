//! Whom outside a case waits for, beside team and reporter (`domain.md` 2.1, `waiting_on`).
//!
//! Invariants: read from what is recorded, never set by hand; a case that is over waits
//! for nobody; whoever is awaited was asked, and when is known.
//!
//! Deliberately absent: a regulator. Candor files nothing, and no record of a case waits
//! for a regulator's answer.

use std::collections::BTreeSet;

use candor_base::Instant;
use serde::{Deserialize, Serialize};

use crate::accord::Side;
use crate::aside::{HandOver, HandOverWaits, PartyRole};
use crate::cve::CveRequest;
use crate::model::pec::Consent;
use crate::party::{Party, PartyKind, PartySees, PartyStatus};
use crate::state::CaseState;

/// What somebody outside is to the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outsider {
    /// Makes something that may be affected.
    Vendor,
    /// The project of a component in which the fault lies.
    Upstream,
    /// Passes the fix on.
    Distributor,
    /// Helps the others to work together.
    Coordinator,
    /// Gives out CVE ids.
    Cna,
    /// Anybody else it was handed over to.
    Other,
}

impl Outsider {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 6] = [
        Self::Vendor,
        Self::Upstream,
        Self::Distributor,
        Self::Coordinator,
        Self::Cna,
        Self::Other,
    ];
}

/// An answer that is out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaited<'a> {
    /// Of whom it was handed over to, since it was told.
    HandOver(&'a HandOver),
    /// Of an invited party: whether it takes the terms, since they hold.
    Terms(&'a Party),
    /// Of an invited party: whether a proposed date suits it, since it was proposed.
    Date(&'a Party, Instant),
    /// Of an invited vendor that took the terms: whether it is affected.
    Status(&'a Party),
    /// Of whoever gives out CVE ids, since it was asked.
    CveId(&'a CveRequest),
}

impl Awaited<'_> {
    /// What the one who is awaited is to the case.
    pub const fn who(&self) -> Outsider {
        match self {
            Self::HandOver(h) => match h.role {
                PartyRole::Upstream => Outsider::Upstream,
                PartyRole::Application => Outsider::Vendor,
                PartyRole::Operator | PartyRole::Other => Outsider::Other,
            },
            Self::Terms(p) | Self::Date(p, _) | Self::Status(p) => match p.invitation.kind {
                PartyKind::Vendor => Outsider::Vendor,
                PartyKind::Distributor => Outsider::Distributor,
                PartyKind::Coordinator => Outsider::Coordinator,
            },
            Self::CveId(_) => Outsider::Cna,
        }
    }
}

impl CaseState {
    /// Every answer of somebody outside that is out. One party is awaited once, for what
    /// comes first.
    pub fn awaited(&self) -> Vec<Awaited<'_>> {
        if self.closed.is_some() {
            return Vec::new();
        }
        let handed_over = self
            .around
            .hand_overs
            .iter()
            .filter(|h| h.waits_for() == HandOverWaits::Party)
            .map(Awaited::HandOver);
        let ids = self.cve.open_requests().map(Awaited::CveId);
        let parties = self.parties.iter().filter_map(|p| self.awaited_of(p));
        handed_over.chain(parties).chain(ids).collect()
    }

    /// Whom outside the case waits for.
    pub fn waits_outside(&self) -> BTreeSet<Outsider> {
        self.awaited().iter().map(Awaited::who).collect()
    }

    fn awaited_of<'a>(&'a self, party: &'a Party) -> Option<Awaited<'a>> {
        if party.removed.is_some() || !self.embargo.state.is_in_force() {
            return None;
        }
        if matches!(party.consent, Consent::Invited | Consent::Lapsed) {
            return Some(Awaited::Terms(party));
        }
        if let Some(proposal) = &self.embargo.proposal
            && self.answers_out().contains(&Side::Party(party.number))
        {
            return Some(Awaited::Date(party, proposal.on));
        }
        let silent = party.invitation.kind == PartyKind::Vendor
            && party.status == PartyStatus::Unknown
            && self.party_sees(party.number) == PartySees::Content;
        silent.then_some(Awaited::Status(party))
    }
}
