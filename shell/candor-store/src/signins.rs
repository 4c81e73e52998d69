//! The sign-in history.

use candor_base::{AccountId, Instant};
use candor_ports::{SignInAct, SignInLine, SignIns, StoreError};

use crate::db::{change, instant, many, one, params};
use crate::keyring::damaged;
use crate::sql;
use crate::store::SealedStore;

const HOUR: i64 = 3_600;
/// Stands for a login that nobody has.
const NOBODY: [u8; 16] = [0; 16];
const WHAT: &str = "the sign-in history";

impl SignIns for SealedStore {
    fn note_sign_in(
        &self,
        account: Option<&AccountId>,
        act: SignInAct,
        at: Instant,
    ) -> Result<(), StoreError> {
        let account = account.copied().unwrap_or(AccountId::from_bytes(NOBODY));
        self.writer.run(move |conn| {
            let (hour, at) = (at.unix().div_euclid(HOUR), at.unix());
            let row = params![account, act.word(), hour, at];
            change(conn, sql::SIGN_IN_NOTE, row).map(|_| ())
        })
    }

    fn sign_ins(&self, since: Instant, most: u32) -> Result<Vec<SignInLine>, StoreError> {
        let rows = self.readers.read(|conn| {
            let asked = params![since.unix(), most];
            many(conn, sql::SIGN_IN_SINCE, asked, |row| {
                let whose: ([u8; 16], String) = (row.get(0)?, row.get(1)?);
                let times: [i64; 3] = [row.get(2)?, row.get(3)?, row.get(4)?];
                Ok((whose, times))
            })
        })?;
        let line = |((account, word), [first, last, times]): (([u8; 16], String), [i64; 3])| {
            // A word that a newer program wrote beside this one: that one shows it.
            let known = SignInAct::ALL.into_iter().find(|act| act.word() == word);
            let Some(act) = known else { return Ok(None) };
            Ok(Some(SignInLine {
                account: (account != NOBODY).then(|| AccountId::from_bytes(account)),
                act,
                first: instant(first)?,
                last: instant(last)?,
                times: u32::try_from(times).map_err(|_| damaged(WHAT))?,
            }))
        };
        rows.into_iter()
            .filter_map(|row| line(row).transpose())
            .collect()
    }

    fn wrong_sign_ins(&self, at: Instant) -> Result<u32, StoreError> {
        let hour = at.unix().div_euclid(HOUR);
        let found = self.readers.read(|conn| {
            let asked = params![SignInAct::Wrong.word(), hour, hour * HOUR];
            one(conn, sql::SIGN_IN_WRONG, asked, |row| row.get::<i64>(0))
        })?;
        u32::try_from(found.unwrap_or_default()).map_err(|_| damaged(WHAT))
    }

    fn sweep_sign_ins(&self, before: Instant) -> Result<u64, StoreError> {
        self.writer.run(move |conn| {
            let gone = change(conn, sql::SIGN_IN_SWEEP, params![before.unix()])?;
            Ok(u64::try_from(gone).unwrap_or(u64::MAX))
        })
    }
}
