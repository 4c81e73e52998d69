//! What all servers of one instance remember together for a short while: tries to sign in,
//! letters that an address got, the sentence that a page shows after an act.
//!
//! Invariants: entries lie under keyed hashes, never under a name or an address; each has an
//! end; a change is made alone among all servers.
//!
//! Deliberately absent: what must last, and anything in a backup.

use std::sync::Arc;

use candor_base::{Digest, Instant};

use crate::store::StoreError;

/// What becomes of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// It stays as it is.
    Keep,
    /// This stands there from now on, until then.
    Put(String, Instant),
    /// Nothing stands there any more.
    Remove,
}

/// Told what stands under each of some keys, says what becomes of it. May be asked more than
/// once; the last time counts.
pub type Change = Arc<dyn Fn(&[Option<String>]) -> Entry + Send + Sync>;

/// Remembers for a while.
pub trait Counters {
    /// Changes what stands under `keys`: what is put comes under the first of them, and
    /// removing removes all. What has ended by `now` is not there.
    fn count(&self, keys: &[Digest], now: Instant, change: Change) -> Result<(), StoreError>;

    /// What stands under a key.
    fn counted(&self, key: &Digest, now: Instant) -> Result<Option<String>, StoreError>;

    /// Forgets what has ended by `now`; of the rest those that end first, until `most` are
    /// left. Gives the number of those forgotten.
    fn sweep_counters(&self, now: Instant, most: u32) -> Result<u64, StoreError>;
}
