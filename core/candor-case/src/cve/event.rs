//! What happened with CVE ids, and folding it. Every variant ever stored keeps being read.
//! Folding cannot fail; an event about something that is not there changes nothing.

use candor_base::{CveId, Instant};
use serde::{Deserialize, Serialize};

use super::{CveEntry, CveLedger, CveRequest, CveStage};
use crate::event::Recorded;
use crate::parts::TextRef;

/// Something that happened with CVE ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum CveEvent {
    /// An id was asked for.
    CveRequested {
        /// Of whom.
        from: TextRef,
        /// When it was sent.
        at: Instant,
    },
    /// The silence after a request was pointed out.
    CveRequestSilent {
        /// Which request, from 0.
        request: u32,
        /// For which time, from 1.
        number: u8,
    },
    /// The open requests lead to nothing.
    CveRequestsEnded {
        /// Why.
        reason: TextRef,
    },
    /// An id is set aside.
    CveReserved {
        /// Which.
        id: CveId,
    },
    /// An id belongs to this vulnerability.
    CveAssigned {
        /// Which.
        id: CveId,
        /// It was, because the approved draft names it.
        by_draft: bool,
    },
    /// Its record is public.
    CvePublished {
        /// Which.
        id: CveId,
        /// Since when.
        at: Instant,
    },
    /// It was given back.
    CveRejected {
        /// Which.
        id: CveId,
        /// Why.
        reason: TextRef,
    },
    /// No id is needed.
    CveNotNeeded {
        /// Why.
        reason: TextRef,
    },
    /// So many hours passed since publication, and the record is not public.
    CveRecordLate {
        /// Which.
        id: CveId,
        /// 24 or 72.
        hours: u8,
        /// Until when it was to be public.
        due: Instant,
    },
}

impl CveEvent {
    /// The word for timelines and logs.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::CveRequested { .. } => "cve_requested",
            Self::CveRequestSilent { .. } => "cve_request_silent",
            Self::CveRequestsEnded { .. } => "cve_requests_ended",
            Self::CveReserved { .. } => "cve_reserved",
            Self::CveAssigned { .. } => "cve_assigned",
            Self::CvePublished { .. } => "cve_published",
            Self::CveRejected { .. } => "cve_rejected",
            Self::CveNotNeeded { .. } => "cve_not_needed",
            Self::CveRecordLate { .. } => "cve_record_late",
        }
    }

    /// The text in it that a person wrote.
    pub const fn text(&self) -> Option<TextRef> {
        match self {
            Self::CveRequested { from: text, .. }
            | Self::CveRequestsEnded { reason: text }
            | Self::CveRejected { reason: text, .. }
            | Self::CveNotNeeded { reason: text } => Some(*text),
            _ => None,
        }
    }

    /// Happens by the passing of time alone.
    pub const fn is_automatic(&self) -> bool {
        matches!(
            self,
            Self::CveRequestSilent { .. } | Self::CveRecordLate { .. }
        )
    }
}

/// Applies an event.
pub(crate) fn apply(ledger: &mut CveLedger, recorded: &Recorded, event: &CveEvent) {
    let now = recorded.at;
    match event {
        CveEvent::CveRequested { from, at } => {
            ledger.not_needed = None;
            ledger.requests.push(CveRequest {
                from: *from,
                at: *at,
                chased: 0,
                ended: None,
            });
        }
        CveEvent::CveRequestSilent { request, number } => {
            let place = usize::try_from(*request).ok();
            if let Some(found) = place.and_then(|n| ledger.requests.get_mut(n)) {
                found.chased = *number;
            }
        }
        CveEvent::CveRequestsEnded { .. } => {
            for request in ledger.requests.iter_mut().filter(|r| r.ended.is_none()) {
                request.ended = Some(now);
            }
        }
        CveEvent::CveReserved { id } => {
            enter(ledger, id, now);
        }
        CveEvent::CveAssigned { id, .. } => {
            let entry = enter(ledger, id, now);
            entry.stage = CveStage::Assigned;
            entry.assigned.get_or_insert(now);
        }
        CveEvent::CvePublished { id, at } => {
            if let Some(entry) = ledger.ids.get_mut(id) {
                entry.stage = CveStage::Published;
                entry.published = Some(*at);
            }
        }
        CveEvent::CveRejected { id, reason } => {
            if let Some(entry) = ledger.ids.get_mut(id) {
                entry.stage = CveStage::Rejected;
                entry.rejected = Some((now, recorded.actor, *reason));
            }
        }
        CveEvent::CveNotNeeded { reason } => {
            ledger.not_needed = Some((recorded.actor, *reason, now));
        }
        CveEvent::CveRecordLate { id, hours, .. } => {
            if let Some(entry) = ledger.ids.get_mut(id) {
                entry.late = *hours;
            }
        }
    }
}

/// The entry of an id; a new one answers the oldest open request.
fn enter<'a>(ledger: &'a mut CveLedger, id: &CveId, now: Instant) -> &'a mut CveEntry {
    ledger.not_needed = None;
    if !ledger.ids.contains_key(id)
        && let Some(request) = ledger.requests.iter_mut().find(|r| r.ended.is_none())
    {
        request.ended = Some(now);
    }
    ledger.ids.entry(id.clone()).or_insert(CveEntry {
        stage: CveStage::Reserved,
        since: now,
        assigned: None,
        published: None,
        rejected: None,
        late: 0,
    })
}
