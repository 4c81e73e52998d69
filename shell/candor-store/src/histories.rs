//! Many histories at once, for figures about a whole program.
//!
//! Invariants: one statement each, however many cases there are; a history is given on
//! only when its chain holds up to its head, as when a case is read by itself; one
//! history at a time stands in memory.

use std::collections::BTreeSet;

use candor_base::{CaseId, Digest, ProgramSlug};
use candor_case::Recorded;
use candor_ledger::{ChainHead, verify_chain_to};
use candor_ports::{StoreError, StoredEvent};
use rusqlite::{Connection, Row};

use crate::cases::{Head, open_events};
use crate::db::{Db as _, count, many};
use crate::sql;
use crate::store::SqliteStore;

/// A case whose events are being gathered.
struct Gathering {
    case: CaseId,
    head: Head,
    events: Vec<StoredEvent>,
}

impl SqliteStore {
    pub(crate) fn read_heads(
        &self,
        program: &ProgramSlug,
    ) -> Result<Vec<(CaseId, u64)>, StoreError> {
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)?));
        self.readers
            .read(|conn| many(conn, sql::CASES_HEADS, [program.as_str()], read))?
            .into_iter()
            .map(|(case, seq)| Ok((CaseId::from_bytes(case), count(seq)?)))
            .collect()
    }

    pub(crate) fn read_each(
        &self,
        program: &ProgramSlug,
        wanted: &BTreeSet<CaseId>,
        each: &mut dyn FnMut(CaseId, Vec<Recorded>),
    ) -> Result<(), StoreError> {
        if wanted.is_empty() {
            return Ok(());
        }
        self.readers.read(|conn| {
            let mut statement = conn.prepare_cached(sql::EVENT_OF_PROGRAM).db()?;
            let mut rows = statement.query([program.as_str()]).db()?;
            let mut at: Option<Gathering> = None;
            while let Some(row) = rows.next().db()? {
                let case = CaseId::from_bytes(row.get(0).db()?);
                if !wanted.contains(&case) {
                    continue;
                }
                if at.as_ref().is_some_and(|g| g.case != case)
                    && let Some(whole) = at.take()
                {
                    self.give(conn, program, whole, each)?;
                }
                let event = stored_event(row)?;
                match &mut at {
                    Some(gathering) => gathering.events.push(event),
                    None => {
                        at = Some(Gathering {
                            case,
                            head: head(row)?,
                            events: vec![event],
                        });
                    }
                }
            }
            match at {
                Some(whole) => self.give(conn, program, whole, each),
                None => Ok(()),
            }
        })
    }

    /// Checks and opens a whole history.
    fn give(
        &self,
        conn: &Connection,
        program: &ProgramSlug,
        whole: Gathering,
        each: &mut dyn FnMut(CaseId, Vec<Recorded>),
    ) -> Result<(), StoreError> {
        let Gathering { case, head, events } = whole;
        let head = self.genuine(program, &case, head)?;
        let key = self.keys.case(conn, program, &case, head.key.as_deref())?;
        let links = events.iter().map(|e| (e.seq, &e.bytes, e.hash));
        verify_chain_to(&case, &head.chain, links)
            .map_err(|e| StoreError::Damaged(format!("the history of a case: {e}")))?;
        each(case, open_events(&key, &case, &events)?);
        Ok(())
    }
}

fn stored_event(row: &Row<'_>) -> Result<StoredEvent, StoreError> {
    Ok(StoredEvent {
        seq: count(row.get(1).db()?)?,
        bytes: row.get(2).db()?,
        hash: Digest::from_bytes(row.get(3).db()?),
    })
}

fn head(row: &Row<'_>) -> Result<Head, StoreError> {
    Ok(Head {
        key: row.get(4).db()?,
        chain: ChainHead {
            seq: count(row.get(5).db()?)?,
            hash: Digest::from_bytes(row.get(6).db()?),
        },
        mac: row.get(7).db()?,
    })
}
