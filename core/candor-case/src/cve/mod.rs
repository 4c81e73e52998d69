//! CVE ids of a case: asked for, reserved, assigned, their records published or the ids
//! rejected (`domain.md` 2.1 and 5.5).
//!
//! Invariants: each step is written down by a person, after it happened elsewhere, save
//! that an id in an approved draft is assigned by that approval; an id stands in the
//! ledger once; a record is never noted as public before the advisory is (K9); nothing
//! here holds up an advisory; a case does not end while an id or a request is open.
//!
//! Deliberately absent: talking to whoever assigns ids. What is asked for, sent and
//! published there is done by hand.

mod decide;
mod event;

use std::collections::BTreeMap;

use candor_base::{CveId, Instant};
use serde::{Deserialize, Serialize};

use crate::parts::{Actor, TextRef};
use crate::state::CaseState;

pub(crate) use decide::{catch_up, decide, fits_draft, follow_draft, none_open};
pub use event::CveEvent;
pub(crate) use event::apply;

/// Ids and requests that one case keeps at most, of each.
pub(crate) const MOST_IDS: usize = 50;
/// Hours after publication within which the record should be public (CNA rules 4.5.1.3).
pub const RECORD_SHOULD_HOURS: u8 = 24;
/// Hours after publication within which it must be (CNA rules 4.5.1.4).
pub const RECORD_MUST_HOURS: u8 = 72;
/// Days after which a request without an answer is pointed out: first after the 72 hours
/// of CNA rules 4.2.1, then as every other open question.
const CHASE_AFTER_DAYS: [i64; 4] = [3, 7, 14, 30];

/// A step with an id, as a person of the team writes it down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum CveAct {
    /// An id was asked for.
    Request {
        /// Of whom.
        from: TextRef,
        /// When it was sent.
        at: Instant,
    },
    /// An id is set aside for this case.
    Reserve {
        /// Which.
        id: CveId,
    },
    /// An id belongs to this vulnerability. The reporter is told (CNA rules 4.3.3).
    Assign {
        /// Which.
        id: CveId,
    },
    /// The record of an id is public.
    Publish {
        /// Which.
        id: CveId,
        /// Since when.
        at: Instant,
    },
    /// An id was given back.
    Reject {
        /// Which.
        id: CveId,
        /// Why (CNA rules 4.5.3.7).
        reason: TextRef,
    },
    /// The requests that are open lead to nothing.
    EndRequests {
        /// Why.
        reason: TextRef,
    },
    /// No id is needed.
    NotNeeded {
        /// Why.
        reason: TextRef,
    },
}

/// Somebody was asked for an id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CveRequest {
    /// Who was asked.
    pub from: TextRef,
    /// When it was sent.
    pub at: Instant,
    /// How often its silence was pointed out.
    pub chased: u8,
    /// Since when it is answered, or leads to nothing.
    pub ended: Option<Instant>,
}

/// How far an id is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CveStage {
    /// Set aside.
    Reserved,
    /// Belongs to this vulnerability.
    Assigned,
    /// Its record is public.
    Published,
    /// Given back.
    Rejected,
}

/// One id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CveEntry {
    /// How far it is.
    pub stage: CveStage,
    /// Since when it stands in the ledger.
    pub since: Instant,
    /// Since when it belongs to this vulnerability.
    pub assigned: Option<Instant>,
    /// Since when its record is public.
    pub published: Option<Instant>,
    /// When it was given back, by whom and why.
    pub rejected: Option<(Instant, Actor, TextRef)>,
    /// The hours after publication whose passing was pointed out last: 0, 24 or 72.
    pub late: u8,
}

impl CveEntry {
    /// Neither is its record public nor was it given back.
    pub const fn is_open(&self) -> bool {
        matches!(self.stage, CveStage::Reserved | CveStage::Assigned)
    }
}

/// All ids of a case, and what was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CveLedger {
    /// Requests, in the order in which they were written down.
    pub requests: Vec<CveRequest>,
    /// Ids.
    pub ids: BTreeMap<CveId, CveEntry>,
    /// No id is needed: who said so, why and when.
    pub not_needed: Option<(Actor, TextRef, Instant)>,
}

impl CveLedger {
    /// Requests that nobody has answered.
    pub fn open_requests(&self) -> impl Iterator<Item = &CveRequest> {
        self.requests.iter().filter(|r| r.ended.is_none())
    }

    /// Ids whose record is not public and that were not given back.
    pub fn open_ids(&self) -> impl Iterator<Item = (&CveId, &CveEntry)> {
        self.ids.iter().filter(|(_, entry)| entry.is_open())
    }
}

impl CaseState {
    /// When the record of this id should and when it must be public: 24 and 72 hours after
    /// the advisory, or after the id stood in the ledger where that was later. Candor's
    /// own clocks, after the rules for who assigns ids; never a promise of the policy.
    pub fn cve_dues(&self, entry: &CveEntry) -> Option<(Instant, Instant)> {
        let from = self.advisory.published?.max(entry.since);
        let after = |hours: u8| from.plus_seconds(i64::from(hours).saturating_mul(3_600));
        Some((after(RECORD_SHOULD_HOURS), after(RECORD_MUST_HOURS)))
    }
}

/// When time alone changes something here. Due itself is still in time.
pub(crate) fn wakeups(case: &CaseState) -> impl Iterator<Item = Instant> + '_ {
    let open = case.closed.is_none();
    let chases = case
        .cve
        .open_requests()
        .filter_map(|r| chase_at(r, r.chased));
    let records = case.cve.open_ids().filter_map(|(_, entry)| {
        let (should, must) = case.cve_dues(entry)?;
        let next = match entry.late {
            0 => should,
            RECORD_SHOULD_HOURS => must,
            _ => return None,
        };
        Some(next.plus_seconds(1))
    });
    chases.chain(records).filter(move |_| open)
}

/// When the silence after a request is pointed out for the next time.
fn chase_at(request: &CveRequest, chased: u8) -> Option<Instant> {
    let days = CHASE_AFTER_DAYS.get(usize::from(chased))?;
    Some(request.at.plus_seconds(days.saturating_mul(86_400)))
}
