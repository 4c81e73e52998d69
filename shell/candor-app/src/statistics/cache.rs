//! Frozen cases that were worked out already.
//!
//! Invariants: an entry holds for one length of the case's history, one policy version
//! and one month, so that nothing in it can be out of date; it can be lost at any time;
//! there is one entry for each case at most.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use candor_base::{CaseId, Digest, Instant};
use candor_statistics::{Frozen, Month};

use crate::app::lock;

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
    /// Of these cases, each with the number of its events: what is known, and which are
    /// yet to be worked out.
    pub(super) fn known(
        &self,
        heads: &[(CaseId, u64)],
        on: Basis,
    ) -> (Vec<Frozen>, BTreeSet<CaseId>) {
        let known = lock(&self.known);
        let mut found = Vec::new();
        let mut missing = BTreeSet::new();
        for (case, seq) in heads {
            match known.get(case) {
                Some(entry) if entry.seq >= *seq && entry.on == on => {
                    found.extend(entry.frozen.clone());
                }
                _ => {
                    missing.insert(*case);
                }
            }
        }
        (found, missing)
    }

    /// Keeps what was worked out of a case with so many events.
    pub(super) fn keep(&self, case: CaseId, seq: u64, on: Basis, frozen: Option<Frozen>) {
        lock(&self.known).insert(case, Found { seq, on, frozen });
    }
}
