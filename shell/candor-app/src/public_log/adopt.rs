//! Going on after a backup was put back: the log takes over what was published meanwhile.
//!
//! Invariants: what was published is never taken back; it is taken over only when it is whole
//! and begins with what the database has. Leaves of reports that the backup did not have stay
//! in the tree, and nobody can say any more what they stood for but their reporters.

use std::collections::BTreeMap;

use candor_base::Digest;
use candor_ledger::{Checkpoint, Leaf, tile_hashes, tiles_since, tree};
use candor_ports::{LogGrowth, LogHead};
use serde::Serialize;

use super::{Kept, PublicLog};
use crate::input::Fault;

/// What was taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Adopted {
    /// Leaves that the database had.
    pub had: u64,
    /// Leaves that it has now.
    pub has: u64,
    /// Leaves of reports and steps that are in the database and found their place.
    pub known: u64,
    /// The folder was filled from the database.
    pub from_database: bool,
}

impl PublicLog {
    /// Takes over what was published. With `from_database` the other way round: where the
    /// folder is empty, it is filled from the database.
    ///
    /// # Errors
    /// When what was published is not whole, or does not begin with what the database has.
    pub fn adopt(&self, from_database: bool) -> Result<Adopted, Fault> {
        let head = self.store.log_head()?;
        let mut done = Adopted {
            had: head.size,
            has: head.size,
            known: 0,
            from_database: false,
        };
        let Some(note) = self.keeper.checkpoint()? else {
            if head.size > 0 && from_database {
                let none = Kept {
                    note: None,
                    size: 0,
                    root: candor_ledger::sha256(b""),
                };
                self.publish(&head, &none)?;
                done.from_database = true;
            } else if head.published > 0 {
                return Err(self.gone());
            }
            return Ok(done);
        };
        let checkpoint = self.opened(&note)?;
        if checkpoint.size <= head.size {
            // Refuses what does not fit.
            let kept = self.kept(&head)?;
            self.publish(&head, &kept)?;
            return Ok(done);
        }
        let growth = self.taken_over(&head, note, &checkpoint)?;
        done.known = u64::try_from(growth.placed.len()).unwrap_or(u64::MAX);
        done.has = growth.size;
        let size = growth.size;
        self.store.grow_log(growth)?;
        self.store.log_published(size)?;
        Ok(done)
    }

    /// The growth that leads from the database to what was published.
    fn taken_over(
        &self,
        head: &LogHead,
        note: String,
        published: &Checkpoint,
    ) -> Result<LogGrowth, Fault> {
        let all = self.leaves_of_folder(published.size)?;
        let old = usize::try_from(head.size).unwrap_or(usize::MAX);
        let (before, new) = all.split_at_checked(old).unwrap_or((&all, &[]));
        let nothing = &mut |_, _| Err(self.refused("its tiles are not whole"));
        let (_, root) = tree::grow(0, &all, nothing)?;
        if root != published.root {
            return Err(self.refused("the tiles beside it are not those of its tree"));
        }
        let (_, root_before) = tree::grow(0, before, nothing)?;
        if self.tiles().root(head.size)? != root_before {
            return Err(self.refused("it does not begin with the log in the database"));
        }
        let (gained, _) = self.tiles().grow(head.size, new)?;
        let places: BTreeMap<&Digest, u64> = new.iter().zip(head.size..).collect();
        let found = self.store.waiting_leaves()?.into_iter().filter_map(|leaf| {
            let hash = Leaf::from_digest(leaf.leaf).hash();
            Some((leaf.case, leaf.seq, *places.get(&hash)?))
        });
        Ok(LogGrowth {
            origin: published.origin.to_string(),
            from: head.size,
            size: published.size,
            slot: head.slot,
            note,
            gained: gained.iter().map(|g| (g.level, g.index, g.hash)).collect(),
            placed: found.collect(),
        })
    }

    /// All leaf hashes of a published log, out of its tiles.
    fn leaves_of_folder(&self, size: u64) -> Result<Vec<Digest>, Fault> {
        let mut all = Vec::new();
        for tile in tiles_since(0, size).iter().filter(|tile| tile.level == 0) {
            let bytes = self.keeper.tile(&tile.to_string())?;
            let hashes = bytes.and_then(|bytes| tile_hashes(&bytes));
            let whole = hashes.filter(|found| found.len() == usize::from(tile.width));
            let gone = || self.refused(&format!("its tile {tile} is gone or damaged"));
            all.extend(whole.ok_or_else(gone)?);
        }
        Ok(all)
    }
}
