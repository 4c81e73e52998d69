//! When a case may be erased, and by whom: one owner asks, another one does it, or the same
//! one three days later.
//!
//! Invariants: an open case is never erased, nor one that still owes somebody something; what
//! was asked for no longer counts once a person did something on the case.
//!
//! Deliberately absent: an event. A case that is erased tells nothing any more; what is left of
//! it is its tombstone, and until then the question stands beside the case.

use candor_base::{AccountId, Instant, Refusal, RefusalCode};
use serde::{Deserialize, Serialize};

use crate::event::Recorded;
use crate::parts::{Actor, ErasureReason};
use crate::regulator::{Signal, StageClock};
use crate::state::CaseState;

/// How long one owner alone has to wait, in hours.
pub const ERASURE_WAIT_HOURS: i64 = 72;

/// An owner asked for the erasure of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureAsked {
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Instant,
    /// Why.
    pub reason: ErasureReason,
    /// How many events the case had.
    pub seq: u64,
}

impl ErasureAsked {
    /// From when on whoever asked may do it alone.
    pub fn alone_from(&self) -> Instant {
        self.at.plus_seconds(ERASURE_WAIT_HOURS * 3_600)
    }

    /// Whether it still counts: only Candor itself wrote to the case since.
    pub fn counts(&self, events: &[Recorded]) -> bool {
        let mut since = events.iter().filter(|e| e.seq > self.seq);
        since.all(|e| e.actor == Actor::System)
    }
}

/// Whether a case is in a state in which it may be erased.
pub fn erasable(case: &CaseState) -> Result<(), Refusal> {
    let no = |why: &str, instead: &'static str| {
        Err(Refusal::new(RefusalCode::WrongStage, why).instead(instead))
    };
    if case.closed.is_none() {
        return no("Only a closed case can be erased.", "close the case");
    }
    if case
        .clocks
        .values()
        .any(|c| c.spec.is_promise() && c.is_open())
    {
        return no(
            "A promise to the reporter is still open on this case.",
            "keep it, or wait until it has ended",
        );
    }
    let r = &case.regulators;
    let mut stages = r.records.values().flat_map(|record| record.stages.values());
    if r.signals.iter().any(Signal::is_open) || stages.any(StageClock::is_open) {
        return no(
            "Something is still open with a regulator on this case.",
            "finish it under Regulators",
        );
    }
    if case.objection.as_ref().is_some_and(|o| o.upheld.is_none()) {
        return no(
            "An objection of the reporter is not decided yet.",
            "open the case again and decide the objection",
        );
    }
    Ok(())
}

/// Whether this person may erase the case now.
pub fn may_erase(
    case: &CaseState,
    events: &[Recorded],
    asked: &ErasureAsked,
    who: AccountId,
    now: Instant,
) -> Result<(), Refusal> {
    erasable(case)?;
    if !asked.counts(events) {
        let why = "Somebody acted on this case after its erasure was asked for.";
        return Err(Refusal::new(RefusalCode::Conflict, why).instead("ask for it again"));
    }
    if asked.by == who && now < asked.alone_from() {
        let why = "Whoever asked for an erasure waits for 72 hours, or another owner does it.";
        return Err(Refusal::new(RefusalCode::SecondPersonNeeded, why)
            .instead("ask another owner, or come back later"));
    }
    Ok(())
}
