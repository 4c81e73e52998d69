//! Leaves of the public log: one for each receipt, one for each later step of a case, each
//! written in the transaction that stores what it stands for.
//!
//! Invariants: a case has a leaf for its receipt (`seq` 0) and leaves that together cover its
//! history from the first event to the last without a gap; each is made with random bytes of
//! its own, so that the log tells nothing of it.
//!
//! Deliberately absent: the tree (`log`), and when a leaf gets its place in it.

use candor_base::{CaseId, Digest};
use candor_ledger::{ChainHead, Leaf, Salt, StepInput};
use candor_ports::StoreError;

use crate::db::{Connection, count, int, many, params, put};
use crate::seal::random;
use crate::sql;

/// The leaf of one step of a case.
#[derive(Debug)]
pub(crate) struct StepLeaf {
    before: u64,
    after: u64,
    leaf: Leaf,
    salt: Salt,
}

impl StepLeaf {
    /// The leaf of a step from so many events to this head; `None` when that is no step.
    pub(crate) fn new(
        case: &CaseId,
        before: u64,
        head: &ChainHead,
    ) -> Result<Option<Self>, StoreError> {
        if head.seq <= before {
            return Ok(None);
        }
        let salt = Salt::from_bytes(random().map_err(|e| StoreError::Failed(e.to_string()))?);
        let leaf = Leaf::of_step(&StepInput {
            case,
            before,
            after: head.seq,
            head: &head.hash,
            salt: &salt,
        });
        Ok(Some(Self {
            before,
            after: head.seq,
            leaf,
            salt,
        }))
    }

    /// Lets it wait for its place.
    pub(crate) fn insert(&self, tx: &Connection<'_>, case: &CaseId) -> Result<(), StoreError> {
        let (after, before) = (int(self.after)?, int(self.before)?);
        let (leaf, salt) = (self.leaf.digest().as_bytes(), self.salt.as_bytes());
        let values = params![case.as_bytes(), after, before, leaf, salt];
        put(tx, sql::LOG_LEAF_INSERT, values)
    }
}

/// Lets the leaf of a receipt wait for its place.
pub(crate) fn of_receipt(
    tx: &Connection<'_>,
    case: &CaseId,
    leaf: &Digest,
) -> Result<(), StoreError> {
    let none: Option<Vec<u8>> = None;
    let values = params![case.as_bytes(), 0_i64, 0_i64, leaf.as_bytes(), none];
    put(tx, sql::LOG_LEAF_INSERT, values)
}

/// One leaf for the whole history of each case that is there, with the migration that brings
/// the log. (Those of receipts are copied by the migration itself.)
pub(crate) fn leaves_as_found(tx: &Connection<'_>) -> Result<(), StoreError> {
    let heads = many(tx, sql::HISTORY_HEADS, params![], |row| {
        let case = CaseId::from_bytes(row.get(1)?);
        let hash = Digest::from_bytes(row.get(3)?);
        Ok((case, row.get::<i64>(2)?, hash))
    })?;
    for (case, seq, hash) in heads {
        let head = ChainHead {
            seq: count(seq)?,
            hash,
        };
        if let Some(leaf) = StepLeaf::new(&case, 0, &head)? {
            leaf.insert(tx, &case)?;
        }
    }
    Ok(())
}
