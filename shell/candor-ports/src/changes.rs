//! What changed in a program since one looked last: how lists are kept in memory without
//! being read again each time.
//!
//! Invariants: marks only grow, in the order in which commits became visible, whichever
//! process made them; whoever has seen everything up to a mark misses nothing by asking
//! for what came after it.

use candor_base::{CaseId, ProgramSlug};

use crate::store::{CaseRow, StoreError};

/// A case that is new, went on, or was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange {
    /// The case.
    pub case: CaseId,
    /// Its mark: higher than that of every change before it in this program.
    pub mark: u64,
    /// Its row as it stands now; `None` once its key was destroyed.
    pub row: Option<CaseRow>,
}

/// Tells what changed.
pub trait Changes {
    /// Changes after a mark (0: all there are), oldest first, at most `limit`. Of a case
    /// that changed several times the last change is told.
    fn changes(
        &self,
        program: &ProgramSlug,
        after: u64,
        limit: u32,
    ) -> Result<Vec<RowChange>, StoreError>;
}
