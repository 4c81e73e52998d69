//! Hashes of the log, read tile by tile and each tile once.

use std::cell::RefCell;
use std::collections::BTreeMap;

use candor_base::Digest;
use candor_ledger::tree::{self, Gained, TILE};
use candor_ports::{LogStore, StoreError};

/// One look at the tiles of a log.
pub(super) struct Tiles<'s> {
    store: &'s dyn LogStore,
    read: RefCell<BTreeMap<(u8, u64), Vec<Digest>>>,
    /// Hashes that are not stored yet.
    fresh: BTreeMap<(u8, u64), Digest>,
}

impl<'s> Tiles<'s> {
    pub(super) fn new(store: &'s dyn LogStore) -> Self {
        Self {
            store,
            read: RefCell::default(),
            fresh: BTreeMap::new(),
        }
    }

    /// The same, with hashes that are yet to be stored.
    pub(super) fn with(mut self, gained: &[Gained]) -> Self {
        let fresh = gained.iter().map(|g| ((g.level, g.index), g.hash));
        self.fresh.extend(fresh);
        self
    }

    fn hash(&self, level: u8, index: u64) -> Result<Digest, StoreError> {
        if let Some(hash) = self.fresh.get(&(level, index)) {
            return Ok(*hash);
        }
        let gone = || StoreError::Damaged("a tile of the public log is gone".to_owned());
        let at = (level, index / TILE);
        let mut read = self.read.borrow_mut();
        let tile = match read.entry(at) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(entry) => {
                let tile = self.store.log_tile(at.0, at.1)?;
                entry.insert(tile.ok_or_else(gone)?)
            }
        };
        let place = usize::try_from(index % TILE).unwrap_or(usize::MAX);
        tile.get(place).copied().ok_or_else(gone)
    }

    /// The root of the first leaves.
    pub(super) fn root(&self, size: u64) -> Result<Digest, StoreError> {
        tree::root(size, &mut |level, index| self.hash(level, index))
    }

    /// What the log gains with these leaf hashes, and its root then.
    pub(super) fn grow(
        &self,
        size: u64,
        leaves: &[Digest],
    ) -> Result<(Vec<Gained>, Digest), StoreError> {
        tree::grow(size, leaves, &mut |level, index| self.hash(level, index))
    }

    /// That the larger log begins with the smaller one.
    pub(super) fn consistency(&self, old: u64, new: u64) -> Result<Vec<Digest>, StoreError> {
        let proof = tree::consistency(old, new, &mut |level, index| self.hash(level, index))?;
        proof.ok_or_else(|| StoreError::Failed("the log is not that long".to_owned()))
    }

    /// The way from a leaf to the root.
    pub(super) fn inclusion(
        &self,
        place: u64,
        size: u64,
    ) -> Result<Option<Vec<Digest>>, StoreError> {
        tree::inclusion(place, size, &mut |level, index| self.hash(level, index))
    }
}
