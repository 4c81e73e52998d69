//! The read log: who opened which case, and when.

use std::sync::Arc;

use candor_base::{AccountId, CaseId, Instant, ProgramSlug};
use candor_ports::{CaseReader, ReadLog, StoreError};

use crate::beside::{Of, Sums};
use crate::db::{change, instant, many, one, params};
use crate::keyring::damaged;
use crate::sql;
use crate::store::SealedStore;

const HOUR: i64 = 3_600;

impl ReadLog for SealedStore {
    fn note_read(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
        account: &AccountId,
        at: Instant,
    ) -> Result<(), StoreError> {
        let (program, case, account) = (program.clone(), *case, *account);
        let keys = Arc::clone(&self.keys);
        self.writer.run(move |conn| {
            let (hour, at) = (at.unix().div_euclid(HOUR), at.unix());
            let row = params![program.as_str(), case.as_bytes(), account, hour, at];
            if change(conn, sql::READ_INSERT, row)? == 0 {
                return Ok(());
            }
            let mut sums = Sums::default();
            let of = Of {
                program: &program,
                case: &case,
            };
            let hashes = keys.history().beside();
            hashes.put_read(&mut sums, of, account.as_bytes(), [hour, at]);
            keys.history().count(conn, &sums)
        })
    }

    fn case_readers(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
    ) -> Result<Vec<CaseReader>, StoreError> {
        let rows = self.readers.read(|conn| {
            let of = params![program.as_str(), case.as_bytes()];
            many(conn, sql::READ_OF_CASE, of, |row| {
                let account: [u8; 16] = row.get(0)?;
                let times: (i64, i64) = (row.get(1)?, row.get(2)?);
                Ok((account, times, row.get::<i64>(3)?))
            })
        })?;
        rows.into_iter()
            .map(|(account, (first, last), hours)| {
                Ok(CaseReader {
                    account: AccountId::from_bytes(account),
                    first: instant(first)?,
                    last: instant(last)?,
                    hours: u32::try_from(hours).map_err(|_| damaged("the read log"))?,
                })
            })
            .collect()
    }

    fn cases_read(&self, account: &AccountId, since: Instant) -> Result<u32, StoreError> {
        let found = self.readers.read(|conn| {
            let of = params![account, since.unix()];
            one(conn, sql::READ_COUNT, of, |row| row.get::<i64>(0))
        })?;
        u32::try_from(found.unwrap_or_default()).map_err(|_| damaged("the read log"))
    }
}
