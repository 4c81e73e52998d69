//! Erasing a case: its wrapped key is destroyed, the tombstone takes its place, and all that
//! is not part of the chain goes with it: read row, bodies, waiting letters, words.
//!
//! Invariants: all of that is one transaction; events, receipt and leaves of the public log
//! stay as they are, so that everything still verifies; what has to leave the bytes on the
//! disk afterwards (index of words, write-ahead log) is done in steps that keep no other
//! write waiting, and is done at the next start where it was cut off.
//!
//! Deliberately absent: who may erase, and copies elsewhere (backups, replicas, snapshots of
//! a disk).

use std::sync::Arc;

use candor_base::{CaseId, ProgramSlug};
use candor_ports::{Cleared, Erasing, StoreError, Tombstone};

use crate::beside::Sums;
use crate::bodies::FileName;
use crate::db::{Connection, ask, change, int, many, one, params};
use crate::heads::Head;
use crate::keyring::{Keyring, damaged, seal};
use crate::seal::Place;
use crate::sealing::{open_json, to_json};
use crate::sql;
use crate::store::SealedStore;

/// Pages of the index that one step writes anew: some milliseconds.
const PAGES: i64 = 64;
/// More steps than any index needs (16 GB).
const STEPS: u32 = 65_536;

fn place(program: &ProgramSlug, case: &CaseId) -> Place {
    Place::new("candor/tombstone/v1")
        .at(program.as_str().as_bytes())
        .at(case.as_bytes())
}

/// An erasure made ready for the writer.
struct Grave {
    program: ProgramSlug,
    case: CaseId,
    head: Head,
    tombstone: Vec<u8>,
}

impl Grave {
    /// Destroys the key and all that goes with it; gives the files to remove.
    fn fill(&self, tx: &Connection<'_>, keys: &Keyring) -> Result<Vec<FileName>, StoreError> {
        let (program, case) = (self.program.as_str(), self.case.as_bytes());
        let (chain, history) = (&self.head.chain, keys.history());
        let mac = history.head(&self.program, &self.case, chain, Some(&self.tombstone));
        let nothing: &[u8] = &[];
        let values = params![
            program,
            case,
            int(chain.seq)?,
            chain.hash.as_bytes(),
            nothing,
            self.tombstone,
            mac
        ];
        if change(tx, sql::CASES_ERASE, values)? != 1 {
            return Err(StoreError::Conflict);
        }
        let of = params![program, case];
        let files = many(tx, sql::BLOB_FILES_OF, of, |row| row.get(0))?;
        change(tx, sql::BLOB_EMPTY, params![program, case, nothing])?;
        let mut sums = Sums::default();
        for key in many(tx, sql::OUTBOX_WAITING_OF, of, |row| row.get::<String>(0))? {
            let beside = history.beside();
            beside.letter_as_found(tx, &mut sums, &key, -1)?;
            change(tx, sql::OUTBOX_WITHDRAW, params![key])?;
            beside.letter_as_found(tx, &mut sums, &key, 1)?;
        }
        let of = (&self.program, &self.case, chain);
        history.erase(tx, of, &self.tombstone, &sums)?;
        Ok(files)
    }
}

impl SealedStore {
    /// Takes the words of erased cases out of the bytes of the index, a few pages at a time.
    pub(crate) fn sweep_words(&self) -> Result<(), StoreError> {
        if !self
            .readers
            .read(|conn| ask(conn, sql::SEARCH_UNSWEPT, params![]))?
        {
            return Ok(());
        }
        // The first step says that all parts are to become one, the others do it.
        let mut pages = -PAGES;
        for _ in 0..STEPS {
            if self.writer.merge_words(pages)? {
                break;
            }
            pages = PAGES;
        }
        self.writer
            .run(|tx| change(tx, sql::SEARCH_SWEPT, params![]).map(|_| ()))
    }

    fn open_tombstone(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
        sealed: &[u8],
    ) -> Result<Tombstone, StoreError> {
        let key = self.keys.tombstone();
        open_json(key, &place(program, case), sealed, "a tombstone")
    }
}

impl Erasing for SealedStore {
    fn erase(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
        seq: u64,
        tombstone: &Tombstone,
    ) -> Result<Cleared, StoreError> {
        let head = self.readers.read(|conn| self.head(conn, program, case))?;
        let head = head.ok_or_else(|| StoreError::Failed("there is no such case".to_owned()))?;
        if head.wrapped()?.is_none() {
            return Err(damaged("the key of a case"));
        }
        if head.chain.seq != seq {
            return Err(StoreError::Conflict);
        }
        let json = to_json(tombstone)?;
        let grave = Grave {
            program: program.clone(),
            case: *case,
            head,
            tombstone: seal(self.keys.tombstone(), &place(program, case), &json)?,
        };
        let keys = Arc::clone(&self.keys);
        let files = self.writer.run(move |tx| grave.fill(tx, &keys))?;
        // The key is destroyed. What follows makes bytes go that nobody can open any more.
        self.bodies.discard(&files);
        if let Err(error) = self.sweep_words() {
            tracing::warn!(%error, "words of an erased case leave the index at the next start");
        }
        Ok(self.readers.clear())
    }

    fn tombstone(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
    ) -> Result<Option<Tombstone>, StoreError> {
        let of = params![program.as_str(), case.as_bytes()];
        let sealed = self.readers.read(|conn| {
            one(conn, sql::CASES_KEY, of, |row| {
                row.get::<Option<Vec<u8>>>(1)
            })
        })?;
        let sealed = sealed.flatten();
        sealed
            .map(|sealed| self.open_tombstone(program, case, &sealed))
            .transpose()
    }

    fn tombstones(&self, program: &ProgramSlug) -> Result<Vec<(CaseId, Tombstone)>, StoreError> {
        let of = params![program.as_str()];
        let rows = self.readers.read(|conn| {
            many(conn, sql::CASES_ERASED, of, |row| {
                Ok((row.get::<[u8; 16]>(0)?, row.get::<Vec<u8>>(1)?))
            })
        })?;
        rows.into_iter()
            .map(|(case, sealed)| {
                let case = CaseId::from_bytes(case);
                let tombstone = self.open_tombstone(program, &case, &sealed)?;
                Ok((case, tombstone))
            })
            .collect()
    }
}
