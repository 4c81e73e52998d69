//! Erasing a case: its key is destroyed, and a tombstone says that it was there.
//!
//! Invariants: what the tombstone says is written in the transaction that destroys the key;
//! the sealed history stays, so chains, receipts and the public log still verify; an erased
//! case is never opened again, also not where somebody puts its key back.
//!
//! Deliberately absent: who may erase what, and copies elsewhere. A backup from before still
//! holds the key.

use candor_base::{AccountId, CaseId, CaseRef, Instant, ProgramSlug};
use candor_case::ErasureReason;
use serde::{Deserialize, Serialize};

use crate::store::StoreError;

/// What is left of an erased case. Whoever holds the receipt code and the team may read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    /// Its reference.
    pub reference: CaseRef,
    /// When it was erased.
    pub at: Instant,
    /// Who erased it.
    pub by: AccountId,
    /// Who had asked for that.
    pub asked_by: AccountId,
    /// Why.
    pub reason: ErasureReason,
}

/// How far the bytes themselves are gone from where the data lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cleared {
    /// Overwritten; the write-ahead log was emptied.
    Overwritten,
    /// Overwritten in the file. The write-ahead log is emptied once nobody reads from it.
    LogHeld,
    /// The database was told to clear what was removed (`VACUUM`).
    Vacuumed,
    /// The database clears what was removed when it comes to it.
    LeftToVacuum,
}

/// Erases cases, and tells of erased ones.
pub trait Erasing {
    /// Destroys the key of a case that stands at event `seq`, takes back its letters that
    /// were not sent, its words and its files, and leaves the tombstone.
    /// [`StoreError::Conflict`] when the case stands elsewhere by now, [`StoreError::Erased`]
    /// when it is erased already.
    fn erase(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
        seq: u64,
        tombstone: &Tombstone,
    ) -> Result<Cleared, StoreError>;
    /// The tombstone of a case; `None` where there is none.
    fn tombstone(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
    ) -> Result<Option<Tombstone>, StoreError>;
    /// All tombstones of a program, unordered.
    fn tombstones(&self, program: &ProgramSlug) -> Result<Vec<(CaseId, Tombstone)>, StoreError>;
}
