//! Many histories at once, for figures about a whole program.
//!
//! Invariants: one statement each, however many cases there are; a history is given on
//! only when its chain holds up to its head, as when a case is read by itself.

use std::collections::BTreeSet;

use candor_base::{CaseId, Digest, ProgramSlug};
use candor_case::Recorded;
use candor_ledger::{ChainHead, verify_chain_to};
use candor_ports::{StoreError, StoredEvent};

use crate::cases::open_events;
use crate::db::{Connection, Row, count, many, params};
use crate::heads::Head;
use crate::sql;
use crate::store::SealedStore;

/// A case and its events as they are stored.
struct Whole {
    case: CaseId,
    head: Head,
    events: Vec<StoredEvent>,
}

impl SealedStore {
    pub(crate) fn read_heads(
        &self,
        program: &ProgramSlug,
    ) -> Result<Vec<(CaseId, u64)>, StoreError> {
        let read = |row: &Row<'_>| {
            let seq: i64 = row.get(1)?;
            Ok((CaseId::from_bytes(row.get(0)?), count(seq)?))
        };
        self.readers
            .read(|conn| many(conn, sql::CASES_HEADS, params![program.as_str()], read))
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
        let found = self.readers.read(|conn| {
            let stored = stored(conn, program, wanted)?;
            let open = |whole| self.opened(conn, program, whole);
            stored.into_iter().map(open).collect::<Result<Vec<_>, _>>()
        })?;
        for (case, events) in found {
            each(case, events);
        }
        Ok(())
    }

    /// Checks and opens a whole history.
    fn opened(
        &self,
        conn: &Connection<'_>,
        program: &ProgramSlug,
        whole: Whole,
    ) -> Result<(CaseId, Vec<Recorded>), StoreError> {
        let Whole { case, head, events } = whole;
        let head = self.genuine(program, &case, head)?;
        let key = self.keys.case(conn, program, &case, head.wrapped()?)?;
        let links = events.iter().map(|e| (e.seq, &e.bytes, e.hash));
        verify_chain_to(&case, &head.chain, links)
            .map_err(|e| StoreError::Damaged(format!("the history of a case: {e}")))?;
        Ok((case, open_events(&key, &case, &events)?))
    }
}

/// These histories of a program, in the order of their cases.
fn stored(
    conn: &Connection<'_>,
    program: &ProgramSlug,
    wanted: &BTreeSet<CaseId>,
) -> Result<Vec<Whole>, StoreError> {
    let mut out: Vec<Whole> = Vec::new();
    let read = |row: &Row<'_>| {
        let case = CaseId::from_bytes(row.get(0)?);
        if !wanted.contains(&case) {
            return Ok(());
        }
        let event = event(row)?;
        match out.last_mut() {
            Some(whole) if whole.case == case => whole.events.push(event),
            _ => out.push(Whole {
                case,
                head: head(row)?,
                events: vec![event],
            }),
        }
        Ok(())
    };
    many(conn, sql::EVENT_OF_PROGRAM, params![program.as_str()], read)?;
    Ok(out)
}

fn event(row: &Row<'_>) -> Result<StoredEvent, StoreError> {
    Ok(StoredEvent {
        seq: count(row.get(1)?)?,
        bytes: row.get(2)?,
        hash: Digest::from_bytes(row.get(3)?),
    })
}

fn head(row: &Row<'_>) -> Result<Head, StoreError> {
    Ok(Head {
        key: row.get(4)?,
        chain: ChainHead {
            seq: count(row.get(5)?)?,
            hash: Digest::from_bytes(row.get(6)?),
        },
        mac: row.get(7)?,
        // The statement leaves erased cases out.
        erased: None,
    })
}
