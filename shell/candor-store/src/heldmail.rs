//! Mail that waits for a look.

use candor_base::{BlobId, Instant, ProgramSlug};
use candor_ports::{HeldMail, HeldMails, Kept, StoreError};

use crate::db::{change, count, instant, many, one, params};
use crate::sql;
use crate::store::SealedStore;

impl HeldMails for SealedStore {
    fn hold_mail(&self, mail: HeldMail, most: u32) -> Result<Kept, StoreError> {
        self.writer.run(move |tx| {
            let program = mail.program.as_str();
            let id = mail.id.as_bytes();
            let there = one(tx, sql::HELD_MAIL_EXISTS, params![program, id], |row| {
                row.get::<i64>(0)
            })?;
            if there.is_some() {
                return Ok(Kept::Known);
            }
            let waiting = one(tx, sql::HELD_MAIL_WAITING, params![program], |row| {
                row.get(0)
            })?;
            if count(waiting.unwrap_or(0))? >= u64::from(most) {
                return Ok(Kept::Full);
            }
            let received = mail.received.unix();
            let row = params![program, id, received, &mail.head, &mail.mail];
            change(tx, sql::HELD_MAIL_INSERT, row)?;
            Ok(Kept::New)
        })
    }

    fn held_mails(&self, program: &ProgramSlug, most: u32) -> Result<Vec<HeldMail>, StoreError> {
        let rows = self.readers.read(|conn| {
            let asked = params![program.as_str(), most];
            many(conn, sql::HELD_MAIL_LIST, asked, |row| {
                let times: (i64, Option<i64>) = (row.get(1)?, row.get(2)?);
                Ok((row.get::<[u8; 16]>(0)?, times, row.get::<Vec<u8>>(3)?))
            })
        })?;
        rows.into_iter()
            .map(|(id, (received, settled), head)| {
                Ok(HeldMail {
                    id: BlobId::from_bytes(id),
                    program: program.clone(),
                    received: instant(received)?,
                    settled: settled.map(instant).transpose()?,
                    head,
                    mail: Vec::new(),
                })
            })
            .collect()
    }

    fn waiting_mails(&self, program: &ProgramSlug) -> Result<u32, StoreError> {
        let found = self.readers.read(|conn| {
            let asked = params![program.as_str()];
            one(conn, sql::HELD_MAIL_WAITING, asked, |row| row.get::<i64>(0))
        })?;
        Ok(u32::try_from(found.unwrap_or(0)).unwrap_or(u32::MAX))
    }

    fn held_mail(
        &self,
        program: &ProgramSlug,
        id: &BlobId,
    ) -> Result<Option<HeldMail>, StoreError> {
        let found = self.readers.read(|conn| {
            let asked = params![program.as_str(), id.as_bytes()];
            one(conn, sql::HELD_MAIL_ONE, asked, |row| {
                let times: (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
                Ok((times, row.get::<Vec<u8>>(2)?, row.get::<Vec<u8>>(3)?))
            })
        })?;
        let Some(((received, settled), head, mail)) = found else {
            return Ok(None);
        };
        Ok(Some(HeldMail {
            id: *id,
            program: program.clone(),
            received: instant(received)?,
            settled: settled.map(instant).transpose()?,
            head,
            mail,
        }))
    }

    fn settle_mail(
        &self,
        program: &ProgramSlug,
        id: &BlobId,
        at: Instant,
        head: Vec<u8>,
        instead: Option<Vec<u8>>,
    ) -> Result<bool, StoreError> {
        let (program, id) = (program.clone(), *id);
        self.writer.run(move |tx| {
            let row = params![
                program.as_str(),
                id.as_bytes(),
                at.unix(),
                &head,
                instead.as_deref()
            ];
            Ok(change(tx, sql::HELD_MAIL_SETTLE, row)? == 1)
        })
    }

    fn sweep_mails(&self, before: Instant) -> Result<u64, StoreError> {
        self.writer.run(move |tx| {
            let gone = change(tx, sql::HELD_MAIL_SWEEP, params![before.unix()])?;
            Ok(u64::try_from(gone).unwrap_or(u64::MAX))
        })
    }
}
