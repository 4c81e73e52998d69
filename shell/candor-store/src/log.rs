//! The public log in the database: its tree in tiles, its checkpoints, and the places of
//! leaves.
//!
//! Invariants: the log grows only from the size its growth was computed for; a hash that is
//! stored is never written again; a leaf gets one place.

use std::collections::BTreeMap;

use candor_base::{CaseId, Digest, Instant, ProgramSlug};
use candor_ledger::{tile_bytes, tile_hashes, tree};
use candor_ports::{LogGrowth, LogHead, LogStore, StoreError, WaitingLeaf};

use crate::db::{Connection, change, count, int, many, one, params};
use crate::keyring::damaged;
use crate::sql;
use crate::store::SealedStore;

/// A row of the state: origin, size, slot.
fn state(conn: &Connection<'_>) -> Result<(Option<String>, u64, i64), StoreError> {
    let row = one(conn, sql::LOG_STATE_SELECT, params![], |row| {
        Ok((row.get(0)?, row.get::<i64>(1)?, row.get(2)?))
    })?;
    let (origin, size, slot) = row.ok_or_else(|| damaged("the state of the log"))?;
    Ok((origin, count(size)?, slot))
}

/// The hashes of a tile.
fn tile(conn: &Connection<'_>, level: u8, index: u64) -> Result<Option<Vec<Digest>>, StoreError> {
    let values = params![i64::from(level), int(index)?];
    let bytes: Option<Vec<u8>> = one(conn, sql::LOG_TILE_SELECT, values, |row| row.get(0))?;
    bytes
        .map(|bytes| tile_hashes(&bytes).ok_or_else(|| damaged("a tile of the log")))
        .transpose()
}

/// Adds hashes to their tiles; each must be the next one there.
fn add_hashes(tx: &Connection<'_>, gained: &[(u8, u64, Digest)]) -> Result<(), StoreError> {
    let mut tiles: BTreeMap<(u8, u64), Vec<Digest>> = BTreeMap::new();
    for (level, index, hash) in gained {
        let at = (*level, index / tree::TILE);
        let hashes = match tiles.entry(at) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(tile(tx, at.0, at.1)?.unwrap_or_default())
            }
        };
        if u64::try_from(hashes.len()).ok() != Some(index % tree::TILE) {
            return Err(StoreError::Conflict);
        }
        hashes.push(*hash);
    }
    for ((level, index), hashes) in tiles {
        let values = params![i64::from(level), int(index)?, tile_bytes(&hashes)];
        change(tx, sql::LOG_TILE_UPSERT, values)?;
    }
    Ok(())
}

fn grow(tx: &Connection<'_>, growth: &LogGrowth) -> Result<(), StoreError> {
    let (from, size) = (int(growth.from)?, int(growth.size)?);
    let values = params![from, size, growth.slot, growth.origin];
    if change(tx, sql::LOG_STATE_ADVANCE, values)? == 0 {
        return Err(StoreError::Conflict);
    }
    add_hashes(tx, &growth.gained)?;
    for (case, seq, place) in &growth.placed {
        let values = params![case.as_bytes(), int(*seq)?, int(*place)?];
        if change(tx, sql::LOG_LEAF_PLACE, values)? == 0 {
            return Err(StoreError::Conflict);
        }
    }
    change(tx, sql::LOG_CHECKPOINT_INSERT, params![size, growth.note]).map(|_| ())
}

impl LogStore for SealedStore {
    fn log_head(&self) -> Result<LogHead, StoreError> {
        self.readers.read(|conn| {
            let (origin, size, slot) = state(conn)?;
            let note_of = |size: u64| {
                let values = params![int(size)?];
                one(conn, sql::LOG_CHECKPOINT_SELECT, values, |row| row.get(0))
            };
            let published: Option<i64> =
                one(conn, sql::LOG_CHECKPOINT_PUBLISHED, params![], |row| {
                    row.get(0)
                })?;
            let published = count(published.unwrap_or(0))?;
            Ok(LogHead {
                origin,
                size,
                slot,
                note: note_of(size)?,
                published,
                published_note: note_of(published)?,
            })
        })
    }

    fn lease_log(&self, slot: i64, now: Instant, seconds: u32) -> Result<bool, StoreError> {
        let until = now.plus_seconds(i64::from(seconds)).unix();
        self.writer.run(move |tx| {
            let values = params![slot, now.unix(), until];
            change(tx, sql::LOG_STATE_LEASE, values).map(|changed| changed == 1)
        })
    }

    fn waiting_leaves(&self) -> Result<Vec<WaitingLeaf>, StoreError> {
        let rows = self.readers.read(|conn| {
            many(conn, sql::LOG_LEAF_WAITING, params![], |row| {
                Ok((row.get(0)?, row.get::<i64>(1)?, row.get(2)?))
            })
        })?;
        rows.into_iter()
            .map(|(case, seq, leaf)| {
                Ok(WaitingLeaf {
                    case: CaseId::from_bytes(case),
                    seq: count(seq)?,
                    leaf: Digest::from_bytes(leaf),
                })
            })
            .collect()
    }

    fn log_tile(&self, level: u8, index: u64) -> Result<Option<Vec<Digest>>, StoreError> {
        self.readers.read(|conn| tile(conn, level, index))
    }

    fn grow_log(&self, growth: LogGrowth) -> Result<(), StoreError> {
        self.writer.run(move |tx| grow(tx, &growth))
    }

    fn cosign_log(&self, size: u64, before: &str, note: &str) -> Result<bool, StoreError> {
        let (size, before, note) = (int(size)?, before.to_owned(), note.to_owned());
        self.writer.run(move |tx| {
            let values = params![size, before, note];
            change(tx, sql::LOG_CHECKPOINT_SET_NOTE, values).map(|changed| changed == 1)
        })
    }

    fn log_published(&self, size: u64) -> Result<(), StoreError> {
        let size = int(size)?;
        self.writer
            .run(move |tx| change(tx, sql::LOG_CHECKPOINT_SET_PUBLISHED, params![size]).map(|_| ()))
    }

    fn receipt_place(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
    ) -> Result<Option<u64>, StoreError> {
        self.readers.read(|conn| {
            if self.case_key(conn, program, case)?.is_none() {
                return Ok(None);
            }
            let values = params![case.as_bytes()];
            let place: Option<Option<i64>> =
                one(conn, sql::LOG_LEAF_OF_RECEIPT, values, |row| row.get(0))?;
            place.flatten().map(count).transpose()
        })
    }
}
