//! What a copy holds, counted and compared while it goes by: rows and digests of each
//! table, every history from its first event to its head.
//!
//! Invariant: the same rows give the same digests, whichever engine they come from.

use std::collections::BTreeMap;

use candor_base::{CaseId, Digest};
use candor_ledger::ChainHead;
use sha2::{Digest as _, Sha256};

use super::format::{Cell, Header, Item, TableHead, TableSum, Trailer, json, row_bytes};
use super::{CopyError, Summary};
use crate::key::InstanceKey;
use crate::seal::keyed_hash;

/// A history under way.
struct Walk {
    /// Where the case says that it ends.
    known: ChainHead,
    /// How far its events lead.
    walked: ChainHead,
    /// An event does not follow from those before.
    broken: bool,
}

/// The table that is being counted.
struct Open {
    head: TableHead,
    rows: u64,
    sum: Sha256,
}

/// Counts and compares.
#[derive(Default)]
pub(super) struct Tally {
    header: Option<Header>,
    open: Option<Open>,
    tables: Vec<TableSum>,
    walks: BTreeMap<[u8; 16], Walk>,
    /// Events of no case, or rows that are not of the form they must have.
    strays: u64,
    events: u64,
    waiting: u64,
}

impl Tally {
    /// The next thing.
    pub(super) fn take(&mut self, item: &Item) -> Result<(), CopyError> {
        match item {
            Item::Header(header) => self.header = Some(header.clone()),
            Item::Table(head) => {
                self.close();
                if self.tables.iter().any(|t| t.name == head.name) {
                    return Err(CopyError::Damaged("a table is in it twice".to_owned()));
                }
                let mut sum = Sha256::new();
                sum.update(json(head)?);
                self.open = Some(Open {
                    head: head.clone(),
                    rows: 0,
                    sum,
                });
            }
            Item::Row(row) => {
                if let Some(open) = &mut self.open {
                    open.rows = open.rows.saturating_add(1);
                    let bytes = row_bytes(row);
                    open.sum.update(length(&bytes));
                    open.sum.update(&bytes);
                }
                self.histories(row);
            }
        }
        Ok(())
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            let sum: [u8; 32] = open.sum.finalize().into();
            self.tables.push(TableSum {
                name: open.head.name,
                rows: open.rows,
                sha256: Digest::from_bytes(sum),
            });
        }
    }

    fn histories(&mut self, row: &[Cell]) {
        let Some(open) = &self.open else { return };
        let fits = match open.head.name.as_str() {
            "cases" => case_row(&open.head, row).map(|(id, known)| {
                let case = CaseId::from_bytes(id);
                let walk = Walk {
                    known,
                    walked: ChainHead::start(&case),
                    broken: false,
                };
                self.walks.insert(id, walk).is_none()
            }),
            "event" => {
                self.events = self.events.saturating_add(1);
                event_row(&open.head, row).map(|(id, seq, sealed, hash)| {
                    self.walks.get_mut(&id).is_some_and(|walk| {
                        let case = CaseId::from_bytes(id);
                        walk.walked = walk.walked.next(&case, sealed);
                        walk.broken |= walk.walked.seq != seq || walk.walked.hash != hash;
                        true
                    })
                })
            }
            "outbox" => {
                let state = open.head.at("state").and_then(|at| row.get(at));
                if state == Some(&Cell::Text("waiting".to_owned())) {
                    self.waiting = self.waiting.saturating_add(1);
                }
                return;
            }
            _ => return,
        };
        if fits != Some(true) {
            self.strays = self.strays.saturating_add(1);
        }
    }

    /// What the contents ask the trailer to be. The keyed hash is zero without the key.
    pub(super) fn end(
        &mut self,
        missing: u64,
        key: Option<&InstanceKey>,
    ) -> Result<(Trailer, Summary), CopyError> {
        self.close();
        let header = self
            .header
            .clone()
            .ok_or_else(|| CopyError::Damaged("there is no header in it".to_owned()))?;
        let mut heads = Sha256::new();
        let mut broken = self.strays;
        for (case, walk) in &self.walks {
            heads.update(case);
            heads.update(walk.known.seq.to_be_bytes());
            heads.update(walk.known.hash.as_bytes());
            if walk.broken || walk.walked != walk.known {
                broken = broken.saturating_add(1);
            }
        }
        let heads: [u8; 32] = heads.finalize().into();
        let heads = Digest::from_bytes(heads);
        let mut whole = Sha256::new();
        for part in [json(&header)?, json(&self.tables)?, json(&heads)?] {
            whole.update(length(&part));
            whole.update(&part);
        }
        whole.update(missing.to_be_bytes());
        let whole: [u8; 32] = whole.finalize().into();
        let mac = key.map_or([0; 32], |key| {
            keyed_hash(key.inner("backups").bytes(), &[&whole])
        });
        let trailer = Trailer {
            tables: self.tables.clone(),
            heads,
            sha256: Digest::from_bytes(whole),
            mac: Digest::from_bytes(mac),
            missing,
        };
        let summary = Summary {
            header,
            tables: trailer.tables.clone(),
            heads,
            sha256: trailer.sha256,
            cases: u64::try_from(self.walks.len()).unwrap_or(u64::MAX),
            events: self.events,
            missing,
            broken,
            waiting: self.waiting,
        };
        Ok((trailer, summary))
    }

    /// Compares the trailer that was found with what the contents ask for.
    pub(super) fn compare(
        mut self,
        found: &Trailer,
        key: Option<&InstanceKey>,
    ) -> Result<Summary, CopyError> {
        let (mut asked, summary) = self.end(found.missing, key)?;
        if key.is_none() {
            asked.mac = found.mac;
        }
        let mac_differs = asked.mac != found.mac;
        asked.mac = found.mac;
        if asked != *found {
            return Err(CopyError::Damaged(
                "its contents are not those that its trailer names".to_owned(),
            ));
        }
        if mac_differs {
            return Err(CopyError::Foreign);
        }
        Ok(summary)
    }
}

fn length(bytes: &[u8]) -> [u8; 8] {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes()
}

fn bytes<'r, const N: usize>(
    head: &TableHead,
    row: &'r [Cell],
    column: &str,
) -> Option<&'r [u8; N]> {
    match row.get(head.at(column)?)? {
        Cell::Bytes(bytes) => bytes.as_slice().try_into().ok(),
        _ => None,
    }
}

fn number(head: &TableHead, row: &[Cell], column: &str) -> Option<u64> {
    match row.get(head.at(column)?)? {
        Cell::Int(number) => u64::try_from(*number).ok(),
        _ => None,
    }
}

fn case_row(head: &TableHead, row: &[Cell]) -> Option<([u8; 16], ChainHead)> {
    let known = ChainHead {
        seq: number(head, row, "head_seq")?,
        hash: Digest::from_bytes(*bytes(head, row, "head_hash")?),
    };
    Some((*bytes(head, row, "case_id")?, known))
}

fn event_row<'r>(head: &TableHead, row: &'r [Cell]) -> Option<([u8; 16], u64, &'r [u8], Digest)> {
    let Cell::Bytes(sealed) = row.get(head.at("sealed")?)? else {
        return None;
    };
    Some((
        *bytes(head, row, "case_id")?,
        number(head, row, "seq")?,
        sealed,
        Digest::from_bytes(*bytes(head, row, "hash")?),
    ))
}
