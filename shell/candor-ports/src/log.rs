//! The public log: leaves that wait, the tree in tiles, checkpoints, and the copy of what was
//! published that is kept outside the database.
//!
//! Invariant: whoever writes a leaf writes it in the transaction of what it stands for; that
//! is why there is no method here to add one.

use candor_base::{CaseId, Digest, Instant, ProgramSlug};

use crate::StoreError;

/// A leaf that has no place in the tree yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingLeaf {
    /// The case it belongs to.
    pub case: CaseId,
    /// 0 for the receipt; else the number of events after the step it stands for.
    pub seq: u64,
    /// The leaf.
    pub leaf: Digest,
}

/// How far the log has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogHead {
    /// The name of the log, once it has one.
    pub origin: Option<String>,
    /// Leaves in the tree.
    pub size: u64,
    /// The interval in which it grew last.
    pub slot: i64,
    /// The newest checkpoint as signed, with cosignatures.
    pub note: Option<String>,
    /// The largest checkpoint that anybody may have seen; 0 when there is none.
    pub published: u64,
    /// That checkpoint.
    pub published_note: Option<String>,
}

/// What one interval adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogGrowth {
    /// The name of the log.
    pub origin: String,
    /// Leaves before: the log grows only from there.
    pub from: u64,
    /// Leaves after.
    pub size: u64,
    /// The interval; the one of before where it did not change.
    pub slot: i64,
    /// The signed checkpoint.
    pub note: String,
    /// New hashes: level, index, hash, in ascending order.
    pub gained: Vec<(u8, u64, Digest)>,
    /// Leaves that got a place: case, `seq`, place.
    pub placed: Vec<(CaseId, u64, u64)>,
}

/// The log inside the database.
pub trait LogStore: Send + Sync + std::fmt::Debug {
    /// How far it has come.
    fn log_head(&self) -> Result<LogHead, StoreError>;
    /// Takes the work of an interval for so many seconds; `false` when it is done or
    /// somebody is at it.
    fn lease_log(&self, slot: i64, now: Instant, seconds: u32) -> Result<bool, StoreError>;
    /// All leaves without a place, in no order.
    fn waiting_leaves(&self) -> Result<Vec<WaitingLeaf>, StoreError>;
    /// The hashes of a tile, as many as there are.
    fn log_tile(&self, level: u8, index: u64) -> Result<Option<Vec<Digest>>, StoreError>;
    /// Grows the log; `Conflict` when it has another size by now or a leaf has a place.
    fn grow_log(&self, growth: LogGrowth) -> Result<(), StoreError>;
    /// Puts a checkpoint with more signatures in the place of the one that was read.
    fn cosign_log(&self, size: u64, before: &str, note: &str) -> Result<bool, StoreError>;
    /// Writes down that a checkpoint lies outside the database now.
    fn log_published(&self, size: u64) -> Result<(), StoreError>;
    /// The place of the leaf of a case's receipt; `None` while it waits.
    fn receipt_place(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
    ) -> Result<Option<u64>, StoreError>;
}

/// What was published, kept where no backup of the database reaches it.
pub trait LogKeeper: Send + Sync + std::fmt::Debug {
    /// The last checkpoint that was published.
    fn checkpoint(&self) -> Result<Option<String>, StoreError>;
    /// A tile, by its path in the layout of C2SP.
    fn tile(&self, path: &str) -> Result<Option<Vec<u8>>, StoreError>;
    /// Keeps a tile; the same path always has the same bytes.
    fn put_tile(&self, path: &str, bytes: &[u8]) -> Result<(), StoreError>;
    /// Keeps a checkpoint in the place of the one that was read; `Conflict` when another is
    /// there.
    fn put_checkpoint(&self, before: Option<&str>, note: &str) -> Result<(), StoreError>;
    /// Where that is, in words for the operator.
    fn place(&self) -> String;
}
