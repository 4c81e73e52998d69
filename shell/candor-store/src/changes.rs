//! What changed in a program after a mark.
//!
//! Invariant: a row opens only beside the number of events it was made from, so an old
//! row put back is noticed here too. The database gives the marks (migration `changed`).

use candor_base::{CaseId, ProgramSlug};
use candor_ports::{Changes, RowChange, StoreError};

use crate::db::{Row, count, int, many, params};
use crate::sealing;
use crate::sql;
use crate::store::SealedStore;

impl Changes for SealedStore {
    fn changes(
        &self,
        program: &ProgramSlug,
        after: u64,
        limit: u32,
    ) -> Result<Vec<RowChange>, StoreError> {
        let after = int(after)?;
        self.readers.read(|conn| {
            let read = |row: &Row<'_>| {
                let (case, key): ([u8; 16], Option<Vec<u8>>) = (row.get(0)?, row.get(1)?);
                let (seq, sealed): (i64, Vec<u8>) = (row.get(2)?, row.get(3)?);
                Ok((
                    CaseId::from_bytes(case),
                    key,
                    seq,
                    sealed,
                    row.get::<i64>(4)?,
                ))
            };
            let found = params![program.as_str(), after, limit];
            many(conn, sql::CASES_CHANGED, found, read)?
                .into_iter()
                .map(|(case, key, seq, sealed, mark)| {
                    let row = key
                        .map(|key| {
                            let key = self.keys.case(conn, program, &case, Some(&key))?;
                            sealing::open_row(&key, program, &case, count(seq)?, &sealed)
                        })
                        .transpose()?;
                    let mark = count(mark)?;
                    Ok(RowChange { case, mark, row })
                })
                .collect()
        })
    }
}
