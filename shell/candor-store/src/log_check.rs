//! Proof that the public log in the database is whole: every tile against the tiles below it,
//! every checkpoint against its tree, every receipt and every step of a case against its
//! leaf, every leaf against its place.
//!
//! Invariant: a leaf that was changed, moved, taken away or put back among those that wait is
//! named. Deliberately absent: the copy outside the database; who works on the log compares.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use candor_base::{CaseId, Digest};
use candor_ledger::{Checkpoint, Leaf, Salt, StepInput, VerifierKey, tile_hashes, tree};
use candor_ports::StoreError;

use crate::db::{Connection, many, one, params};
use crate::sql;
use crate::store::SealedStore;

/// A stored row of a leaf.
struct Row {
    seq: i64,
    from: i64,
    leaf: Digest,
    salt: Option<Vec<u8>>,
    place: Option<i64>,
}

type Hashes = BTreeMap<(u8, u64), Digest>;

impl SealedStore {
    /// What is wrong with the public log, in words; empty when it holds.
    pub(crate) fn check_log(&self) -> Result<Vec<String>, StoreError> {
        self.readers.read(|conn| {
            let mut faults = Vec::new();
            let (size, hashes) = tiles(conn, &mut faults)?;
            checkpoints(conn, self.keys.log(), size, &hashes, &mut faults)?;
            leaves(conn, &hashes, &mut faults)?;
            Ok(faults)
        })
    }
}

/// Reads all tiles and checks each hash above the leaves.
fn tiles(conn: &Connection<'_>, faults: &mut Vec<String>) -> Result<(u64, Hashes), StoreError> {
    let size: Option<i64> = one(conn, sql::LOG_STATE_SELECT, params![], |row| row.get(1))?;
    let Some(size) = size.and_then(|size| u64::try_from(size).ok()) else {
        faults.push("the state of the public log is gone".to_owned());
        return Ok((0, Hashes::new()));
    };
    let rows = many(conn, sql::LOG_TILE_ALL, params![], |row| {
        Ok((
            row.get::<i64>(0)?,
            row.get::<i64>(1)?,
            row.get::<Vec<u8>>(2)?,
        ))
    })?;
    let mut hashes = Hashes::new();
    for (level, place, bytes) in rows {
        let (Ok(level), Ok(place), Some(found)) = (
            u8::try_from(level),
            u64::try_from(place),
            tile_hashes(&bytes),
        ) else {
            faults.push("a tile of the public log is no tile".to_owned());
            continue;
        };
        let first = place.saturating_mul(tree::TILE);
        hashes.extend((first..).zip(found).map(|(i, hash)| ((level, i), hash)));
    }
    // Grown once more from the leaves alone, every hash must be the one that is stored.
    let mut bottom = Vec::new();
    while let Some(hash) = hashes.get(&(0, u64::try_from(bottom.len()).unwrap_or(u64::MAX))) {
        bottom.push(*hash);
    }
    let none = &mut |_, _| Ok::<_, Infallible>(Digest::from_bytes([0; 32]));
    let Ok((again, _)) = tree::grow(0, &bottom, none);
    let again: Hashes = again
        .into_iter()
        .map(|g| ((g.level, g.index), g.hash))
        .collect();
    if again != hashes || u64::try_from(bottom.len()).ok() != Some(size) {
        faults.push("a tile of the public log was changed, added or removed".to_owned());
    }
    Ok((size, hashes))
}

/// Every checkpoint that was signed has the root of its tree, and the newest is of today's.
fn checkpoints(
    conn: &Connection<'_>,
    key: &VerifierKey,
    size: u64,
    hashes: &Hashes,
    faults: &mut Vec<String>,
) -> Result<(), StoreError> {
    let origin: Option<Option<String>> =
        one(conn, sql::LOG_STATE_SELECT, params![], |row| row.get(0))?;
    let origin = origin.flatten();
    let notes = many(conn, sql::LOG_CHECKPOINT_ALL, params![], |row| {
        Ok((row.get::<i64>(0)?, row.get::<String>(1)?))
    })?;
    let mut newest = 0;
    for (at, note) in notes {
        let at = u64::try_from(at).unwrap_or(u64::MAX);
        newest = at;
        let holds = at <= size
            && Checkpoint::open(&note, key).is_ok_and(|checkpoint| {
                let mut read = |level, index| hashes.get(&(level, index)).copied().ok_or(());
                let root = tree::root(at, &mut read);
                checkpoint.size == at
                    && root == Ok(checkpoint.root)
                    && origin.as_deref() == Some(checkpoint.origin.as_str())
            });
        if !holds {
            faults.push(format!("checkpoint {at} of the public log was changed"));
        }
    }
    if newest != size {
        faults.push("the newest checkpoint of the public log is gone".to_owned());
    }
    Ok(())
}

/// Every receipt and every step has its leaf, and every leaf its place.
fn leaves(
    conn: &Connection<'_>,
    hashes: &Hashes,
    faults: &mut Vec<String>,
) -> Result<(), StoreError> {
    let mut cases: BTreeMap<CaseId, Vec<Row>> = BTreeMap::new();
    let rows = many(conn, sql::LOG_LEAF_ALL, params![], |row| {
        let found = Row {
            seq: row.get(1)?,
            from: row.get(2)?,
            leaf: Digest::from_bytes(row.get(3)?),
            salt: row.get(4)?,
            place: row.get(5)?,
        };
        Ok((CaseId::from_bytes(row.get(0)?), found))
    })?;
    for (case, row) in rows {
        cases.entry(case).or_default().push(row);
    }
    let placed: BTreeSet<Digest> = hashes
        .iter()
        .filter(|((level, _), _)| *level == 0)
        .map(|(_, hash)| *hash)
        .collect();
    let at_home = |row: &Row| {
        let hash = Leaf::from_digest(row.leaf).hash();
        match row.place.map(u64::try_from) {
            None => !placed.contains(&hash),
            Some(Ok(place)) => hashes.get(&(0, place)) == Some(&hash),
            Some(Err(_)) => false,
        }
    };
    let mut receipts = BTreeMap::new();
    let of_receipts = many(conn, sql::RECEIPT_LEAVES, params![], |row| {
        let case = CaseId::from_bytes(row.get(0)?);
        Ok((case, Digest::from_bytes(row.get(1)?)))
    })?;
    receipts.extend(of_receipts);
    let heads = many(conn, sql::HISTORY_HEADS, params![], |row| {
        Ok((CaseId::from_bytes(row.get(1)?), row.get::<i64>(2)?))
    })?;
    for (case, head) in heads {
        let rows = cases.remove(&case).unwrap_or_default();
        let links: BTreeMap<i64, Digest> =
            many(conn, sql::LOG_CHAIN, params![case.as_bytes()], |row| {
                Ok((row.get(0)?, Digest::from_bytes(row.get(1)?)))
            })?
            .into_iter()
            .collect();
        if !covered(&case, head, &rows, receipts.get(&case), &links) {
            faults.push(format!(
                "a leaf of case {case} in the public log was changed or removed"
            ));
        } else if !rows.iter().all(at_home) {
            faults.push(format!(
                "a leaf of case {case} is not where it stands in the public log"
            ));
        }
    }
    if !cases.is_empty() {
        faults.push("the public log has leaves of cases that are not there".to_owned());
    }
    Ok(())
}

/// Whether the leaves of a case stand for its receipt and all of its events.
fn covered(
    case: &CaseId,
    head: i64,
    rows: &[Row],
    receipt: Option<&Digest>,
    links: &BTreeMap<i64, Digest>,
) -> bool {
    let mut at = 0;
    let mut found = None;
    for row in rows {
        if row.seq == 0 {
            found = (row.from == 0 && row.salt.is_none()).then_some(&row.leaf);
            if found.is_none() {
                return false;
            }
            continue;
        }
        let salt = row.salt.as_deref().and_then(|salt| salt.try_into().ok());
        let (Some(salt), Some(link), Ok(before), Ok(after)) = (
            salt.map(Salt::from_bytes),
            links.get(&row.seq),
            u64::try_from(row.from),
            u64::try_from(row.seq),
        ) else {
            return false;
        };
        let leaf = Leaf::of_step(&StepInput {
            case,
            before,
            after,
            head: link,
            salt: &salt,
        });
        if row.from != at || *leaf.digest() != row.leaf {
            return false;
        }
        at = row.seq;
    }
    at == head && found == receipt
}
