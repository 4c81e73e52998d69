//! Frozen cases that were worked out already.
//!
//! Invariants: an entry holds for one length of the case's history, one policy version
//! and one month, so that nothing in it can be out of date; it can be lost at any time;
//! there is one entry for each case at most.

use std::collections::BTreeMap;
use std::sync::Mutex;

use candor_base::{CaseId, Digest, Instant};
use candor_statistics::{Frozen, Month};

use crate::app::lock;
use crate::input::Fault;

/// What an entry depends on beside the case: the register of releases, which is part of
/// the policy version, and the month that runs now.
pub(crate) type Basis = (Digest, Month);

/// What holds at an instant.
pub(super) fn basis(policy: &Digest, now: Instant) -> Basis {
    (*policy, Month::of(now))
}

/// What was found of a case, and what that depends on.
#[derive(Debug)]
struct Found {
    seq: u64,
    on: Basis,
    frozen: Option<Frozen>,
}

/// The cache.
#[derive(Debug, Default)]
pub(crate) struct FrozenCache {
    known: Mutex<BTreeMap<CaseId, Found>>,
}

impl FrozenCache {
    /// What is known of a case with so many events, worked out where it is not known.
    pub(super) fn get(
        &self,
        case: CaseId,
        seq: u64,
        on: Basis,
        work_out: impl FnOnce() -> Result<Option<Frozen>, Fault>,
    ) -> Result<Option<Frozen>, Fault> {
        if let Some(found) = lock(&self.known).get(&case)
            && found.seq == seq
            && found.on == on
        {
            return Ok(found.frozen.clone());
        }
        let frozen = work_out()?;
        let found = Found {
            seq,
            on,
            frozen: frozen.clone(),
        };
        lock(&self.known).insert(case, found);
        Ok(frozen)
    }
}
