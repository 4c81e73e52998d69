//! The outbox: leasing things to be done, and settling them.
//!
//! Invariants: an item is lent to one caller at a time; a lease that ran out, was
//! settled or was lent again settles nothing (the fence has moved on); a lease does not
//! outlive a clock that is set back.

use std::sync::Arc;

use candor_base::{CaseId, Instant, ProgramSlug};
use candor_ports::{OutboxLease, OutboxOutcome, StoreError};

use crate::beside::Sums;
use crate::db::{Row, change, count, int, many, params, slug};
use crate::keyring::damaged;
use crate::sealing::{open_text, outbox_place};
use crate::sql;
use crate::store::SealedStore;

/// A leased row before its effect is opened.
struct Leased {
    key: String,
    program: String,
    case: [u8; 16],
    sealed: Vec<u8>,
    tries: u32,
    fence: i64,
    not_before: i64,
}

fn leased(row: &Row<'_>) -> Result<Leased, StoreError> {
    Ok(Leased {
        key: row.get(0)?,
        program: row.get(1)?,
        case: row.get(2)?,
        sealed: row.get(3)?,
        tries: row.get(4)?,
        fence: row.get(5)?,
        not_before: row.get(6)?,
    })
}

impl SealedStore {
    pub(crate) fn lease(
        &self,
        now: Instant,
        seconds: u32,
        limit: u32,
    ) -> Result<Vec<OutboxLease>, StoreError> {
        let until = now.plus_seconds(i64::from(seconds)).unix();
        let mut rows = self.writer.run(move |tx| {
            many(
                tx,
                sql::OUTBOX_LEASE,
                params![now.unix(), until, limit],
                leased,
            )
        })?;
        rows.sort_by(|a, b| (a.not_before, &a.key).cmp(&(b.not_before, &b.key)));
        let mut leases = Vec::with_capacity(rows.len());
        for row in rows {
            let fence = count(row.fence)?;
            match self.open_item(&row, fence) {
                Ok(lease) => leases.push(lease),
                // One item that does not open must not hold up all others.
                Err(StoreError::Damaged(why)) => {
                    tracing::error!(%why, "an outbox item was given up");
                    let code = "damaged".to_owned();
                    self.settle(&row.key, fence, OutboxOutcome::Dead { code })?;
                }
                Err(other) => return Err(other),
            }
        }
        Ok(leases)
    }

    fn open_item(&self, row: &Leased, fence: u64) -> Result<OutboxLease, StoreError> {
        let program: ProgramSlug = slug(&row.program)?;
        let case = CaseId::from_bytes(row.case);
        let key = self
            .readers
            .read(|conn| self.case_key(conn, &program, &case))?
            .ok_or_else(|| damaged("the case of an outbox item"))?;
        let place = outbox_place(&program, &case, &row.key);
        let effect = open_text(&key, &place, &row.sealed, "an outbox item")?;
        Ok(OutboxLease {
            key: row.key.clone(),
            program,
            case,
            effect,
            tries: row.tries,
            fence,
        })
    }

    pub(crate) fn settle(
        &self,
        key: &str,
        fence: u64,
        outcome: OutboxOutcome,
    ) -> Result<bool, StoreError> {
        let (state, at, code) = match outcome {
            OutboxOutcome::Done => ("done", None, None),
            OutboxOutcome::Retry { at, code } => ("waiting", Some(at.unix()), Some(code)),
            OutboxOutcome::Dead { code } => ("dead", None, Some(code)),
        };
        let (key, fence) = (key.to_owned(), int(fence)?);
        let keys = Arc::clone(&self.keys);
        self.writer.run(move |tx| {
            let history = keys.history();
            let (mut before, mut after) = (Sums::default(), Sums::default());
            history
                .beside()
                .letter_as_found(tx, &mut before, &key, -1)?;
            let values = params![key, fence, state, at, code];
            if change(tx, sql::OUTBOX_SETTLE, values)? != 1 {
                return Ok(false);
            }
            history.beside().letter_as_found(tx, &mut after, &key, 1)?;
            before.add(&after);
            history.count(tx, &before).map(|()| true)
        })
    }
}
