//! Other parties of a case: vendors and distributors who are told before the day.
//!
//! Invariants: a party sees content only after it took the terms that are in force
//! now (EM-9); a distributor only after its notice, too; a removed one sees nothing;
//! whoever leaves or declines ends no embargo (EM-8). Names and addresses lie sealed.

use candor_base::{Digest, Instant};
use serde::{Deserialize, Serialize};

use crate::model::cs::VendorPath;
use crate::model::pec::Consent;
use crate::model::rm::ReportState;
use crate::parts::TextRef;
use crate::state::CaseState;

/// A list keeps something private so long at most: fourteen days of 24 hours
/// (linux-distros). A policy may say less.
pub(crate) const LIST_MAX_HOURS: u32 = 14 * 24;
/// A list that leaks so often is left out.
pub(crate) const LEAKS_UNTIL_REMOVAL: u32 = 2;
/// Most parties of one case.
pub(crate) const MOST: usize = 100;

/// What a party is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// Makes something that may be affected, and fixes it.
    Vendor,
    /// Passes the fix on; is told shortly before the day.
    Distributor,
    /// Helps the others to work together.
    Coordinator,
}

/// What a party says about its own product.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyStatus {
    /// Not said yet.
    #[default]
    Unknown,
    /// Affected.
    Affected,
    /// Not affected.
    NotAffected,
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// What it is.
    pub kind: PartyKind,
    /// The organisation, sealed.
    pub name: TextRef,
    /// Its one contact point, sealed.
    pub contact: Option<TextRef>,
    /// The terms it has to take before it sees anything.
    pub terms: TextRef,
    /// Keyed hash of the code that opens its page once.
    pub code: Digest,
}

/// A party of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Its number in the case, from 1.
    pub number: u32,
    /// How it was invited.
    pub invitation: Invitation,
    /// When.
    pub invited: Instant,
    /// Keyed hash of the code that opens its page now.
    pub code: Digest,
    /// When it first came.
    pub entered: Option<Instant>,
    /// Where it stands with the terms (PEC).
    pub consent: Consent,
    /// When it answered last.
    pub answered: Option<Instant>,
    /// Its own handling of the report (RM).
    pub report: ReportState,
    /// How far its own fix is (CS).
    pub vendor: VendorPath,
    /// What it says about its product.
    pub status: PartyStatus,
    /// When it got its notice before the day.
    pub notified: Option<Instant>,
    /// Leaks recorded.
    pub leaks: u32,
    /// When it was left out.
    pub removed: Option<Instant>,
    /// Since when the terms that hold wait for its answer.
    #[serde(default)]
    pub terms_since: Option<Instant>,
    /// Reminders of those terms so far.
    #[serde(default)]
    pub reminders: u8,
    /// Its own advisory, where it told of one: the place on the net (S4-37).
    #[serde(default)]
    pub advisory: Option<String>,
}

/// How much a party may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartySees {
    /// Nothing: there is no such party, or it was left out.
    Nothing,
    /// The terms, and until when they hold.
    Terms,
    /// What is shared with parties.
    Content,
}

impl CaseState {
    /// A party by its number.
    pub fn party(&self, number: u32) -> Option<&Party> {
        self.parties.iter().find(|p| p.number == number)
    }

    /// The read gate (EM-9).
    pub fn party_sees(&self, number: u32) -> PartySees {
        let Some(party) = self.party(number).filter(|p| p.removed.is_none()) else {
            return PartySees::Nothing;
        };
        let told = party.invitation.kind != PartyKind::Distributor || party.notified.is_some();
        let bound = self.embargo.state.is_in_force();
        let open = self.advisory.published.is_some() || self.is_public_knowledge();
        if (!bound && open) || (party.consent == Consent::Signatory && told) {
            PartySees::Content
        } else {
            PartySees::Terms
        }
    }

    /// Own advisories of other parties, in the order of the parties (S4-37).
    pub fn advisories_of_others(&self) -> impl Iterator<Item = &str> {
        self.parties.iter().filter_map(|p| p.advisory.as_deref())
    }
}
