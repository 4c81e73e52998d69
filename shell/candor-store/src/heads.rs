//! The head of a case as it is stored: key, end of the chain, tombstone.
//!
//! Invariant: a key beside a tombstone is never used.

use candor_base::{CaseId, Digest, ProgramSlug};
use candor_ledger::ChainHead;
use candor_ports::StoreError;

use crate::db::{Connection, count, one, params};
use crate::sql;

/// Key and chain head of a case, and the keyed hash beside it.
pub(crate) struct Head {
    pub(crate) key: Option<Vec<u8>>,
    pub(crate) chain: ChainHead,
    pub(crate) mac: Option<Vec<u8>>,
    /// The tombstone of an erased case, sealed.
    pub(crate) erased: Option<Vec<u8>>,
}

impl Head {
    /// The wrapped key of a case that was not erased. A key that was put back is not used.
    pub(crate) fn wrapped(&self) -> Result<Option<&[u8]>, StoreError> {
        match (&self.erased, &self.key) {
            (None, key) => Ok(key.as_deref()),
            (Some(_), None) => Err(StoreError::Erased),
            (Some(_), Some(_)) => Err(put_back()),
        }
    }
}

/// What is said of a key beside a tombstone.
pub(crate) fn put_back() -> StoreError {
    StoreError::Damaged("a key was put back beside the tombstone of a case".to_owned())
}

/// The head as it is stored; whether it stands under the key is yet to be seen.
pub(crate) fn stored_head(
    conn: &Connection<'_>,
    program: &ProgramSlug,
    case: &CaseId,
) -> Result<Option<Head>, StoreError> {
    let row = one(
        conn,
        sql::CASES_HEAD,
        params![program.as_str(), case.as_bytes()],
        |row| {
            let key = row.get(0)?;
            let whole = (row.get(3)?, row.get(4)?);
            Ok((key, row.get::<i64>(1)?, row.get(2)?, whole))
        },
    )?;
    row.map(|(key, seq, hash, (mac, erased))| {
        let hash = Digest::from_bytes(hash);
        let seq = count(seq)?;
        Ok(Head {
            key,
            chain: ChainHead { seq, hash },
            mac,
            erased,
        })
    })
    .transpose()
}
