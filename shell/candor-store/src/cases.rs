//! Cases: the commit that appends to them, and every way to read them.
//!
//! Invariants: a commit is refused unless the case still stands at the head its
//! decision was made on; a case is read only when its chain holds up to its head.

use std::sync::Arc;

use candor_base::{BlobId, CaseId, CaseRef, Digest, Instant, ProgramSlug};
use candor_case::Recorded;
use candor_ledger::verify_chain_to;
use candor_ports::{CaseRow, Commit, HistoryCheck, Publication, StoreError, StoredEvent};

use crate::beside::{self, Body, Of, Sums};
use crate::db::{
    Column, Connection, Row, ask, change, count, instant, int, many, named, one, params,
    program_and_case, put,
};
use crate::heads::{Head, put_back, stored_head};
use crate::history::{HistoryKeys, Move};
use crate::keyring::damaged;
use crate::leaves;
use crate::reserve::Claim;
use crate::seal::Key;
use crate::sealing::{self, SealedBody, SealedCommit, Standing, first_standing};
use crate::search;
use crate::sql::{self, Statement};
use crate::store::SealedStore;

impl SealedStore {
    /// The head of a case, if it is the one that Candor wrote there.
    pub(crate) fn head(
        &self,
        conn: &Connection<'_>,
        program: &ProgramSlug,
        case: &CaseId,
    ) -> Result<Option<Head>, StoreError> {
        stored_head(conn, program, case)?
            .map(|found| self.genuine(program, case, found))
            .transpose()
    }

    /// A head, if it is the one that Candor wrote there.
    pub(crate) fn genuine(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
        found: Head,
    ) -> Result<Head, StoreError> {
        let erased = found.erased.as_deref();
        let history = self.keys.history();
        let mac = history.head(program, case, &found.chain, erased);
        if found.mac.as_deref() == Some(mac.as_slice()) {
            Ok(found)
        } else {
            let why = "the head of a history was changed outside Candor";
            Err(StoreError::Damaged(why.to_owned()))
        }
    }

    /// One column of a case's row in some table, found by program and case.
    fn column<T: Column>(
        conn: &Connection<'_>,
        sql: Statement,
        program: &ProgramSlug,
        case: &CaseId,
    ) -> Result<Option<T>, StoreError> {
        one(
            conn,
            sql,
            params![program.as_str(), case.as_bytes()],
            |row| row.get(0),
        )
    }

    /// The key of a case; `None` for a stranger.
    pub(crate) fn case_key(
        &self,
        conn: &Connection<'_>,
        program: &ProgramSlug,
        case: &CaseId,
    ) -> Result<Option<Key>, StoreError> {
        let of = params![program.as_str(), case.as_bytes()];
        let found = one(conn, sql::CASES_KEY, of, |row| {
            Ok((row.get::<Option<Vec<u8>>>(0)?, row.get(1)?))
        })?;
        match found {
            None => Ok(None),
            Some((None, Some::<Vec<u8>>(_))) => Err(StoreError::Erased),
            Some((Some(_), Some(_))) => Err(put_back()),
            Some((sealed, None)) => {
                let key = self.keys.case(conn, program, case, sealed.as_deref());
                key.map(Some)
            }
        }
    }

    pub(crate) fn append(&self, commit: Commit) -> Result<(), StoreError> {
        if commit.row.case != commit.case {
            return Err(StoreError::Failed("the row is of another case".to_owned()));
        }
        let standing = self.readers.read(|conn| self.standing(conn, &commit))?;
        let claim = self.room_for(&commit)?;
        let reference = self
            .keys
            .reference_hash(&commit.program, &commit.row.reference);
        let words = search::hide(&self.keys.words(&commit.program), &commit.words);
        let mut sealed = SealedCommit::new(commit, standing, reference, &self.bodies)?;
        sealed.words = words;
        let files = sealed.files();
        let keys = Arc::clone(&self.keys);
        let result = self
            .writer
            .run(move |tx| store(tx, keys.history(), &sealed));
        // Only a refusal is certain: after a failed COMMIT the files may yet be named.
        if matches!(result, Err(StoreError::Conflict | StoreError::Exists)) {
            self.bodies.discard(&files);
        }
        drop(claim);
        result
    }

    /// Room on the disk for a new case or a file; what else is written needs no leave.
    fn room_for(&self, commit: &Commit) -> Result<Option<Claim<'_>>, StoreError> {
        let Some(reserve) = &self.reserve else {
            return Ok(None);
        };
        let sizes = commit.blobs.iter().map(|blob| blob.bytes.reveal().len());
        // Those that go into a bucket take nothing here.
        let here =
            sizes.filter(|size| self.bodies.is_inline(*size) || self.bodies.room().is_none());
        let here: Vec<usize> = here.collect();
        let any_file = here.iter().any(|size| !self.bodies.is_inline(*size));
        if commit.expected_seq > 0 && !any_file {
            return Ok(None);
        }
        // Twice: a short one stands in the write-ahead log and in the database.
        let bytes = here.iter().sum::<usize>().saturating_mul(2);
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        reserve.claim(bytes).map(Some)
    }

    /// Finds where the case stands, or refuses early what the writer would refuse.
    fn standing(&self, conn: &Connection<'_>, commit: &Commit) -> Result<Standing, StoreError> {
        let (program, case) = (&commit.program, &commit.case);
        if let Some(receipt) = &commit.receipt
            && ask(
                conn,
                sql::RECEIPT_EXISTS,
                params![receipt.code_hash.as_bytes()],
            )?
        {
            return Err(StoreError::Exists);
        }
        let no_program = || StoreError::Failed(format!("there is no program {program}"));
        let program_key = self.keys.program(conn, program)?.ok_or_else(no_program)?;
        match self.head(conn, program, case)? {
            None if commit.expected_seq == 0 => first_standing(&program_key, program, case),
            Some(found) if found.chain.seq == commit.expected_seq => Ok(Standing {
                key: self.keys.case(conn, program, case, found.wrapped()?)?,
                head: found.chain,
                new_key: None,
            }),
            _ => Err(StoreError::Conflict),
        }
    }

    pub(crate) fn read_events(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
    ) -> Result<Option<Vec<Recorded>>, StoreError> {
        self.readers.read(|conn| {
            let Some(head) = self.head(conn, program, case)? else {
                return Ok(None);
            };
            let key = self.keys.case(conn, program, case, head.wrapped()?)?;
            let stored = stored_events(conn, program, case)?;
            let links = stored.iter().map(|e| (e.seq, &e.bytes, e.hash));
            verify_chain_to(case, &head.chain, links)
                .map_err(|e| StoreError::Damaged(format!("the history of a case: {e}")))?;
            open_events(&key, case, &stored).map(Some)
        })
    }

    pub(crate) fn find_case(
        &self,
        program: &ProgramSlug,
        reference: &CaseRef,
    ) -> Result<Option<CaseId>, StoreError> {
        let hash = self.keys.reference_hash(program, reference);
        self.readers.read(|conn| {
            one(
                conn,
                sql::CASES_FIND,
                params![program.as_str(), hash.as_bytes()],
                |row| row.get(0).map(CaseId::from_bytes),
            )
        })
    }

    pub(crate) fn read_rows(&self, program: &ProgramSlug) -> Result<Vec<CaseRow>, StoreError> {
        self.readers.read(|conn| {
            let read = |row: &Row<'_>| {
                let (key, sealed): (Vec<u8>, Vec<u8>) = (row.get(1)?, row.get(3)?);
                Ok((row.get(0)?, key, row.get::<i64>(2)?, sealed))
            };
            many(conn, sql::CASES_ROWS, params![program.as_str()], read)?
                .into_iter()
                .map(|(case, key, seq, sealed)| {
                    let case = CaseId::from_bytes(case);
                    let key = self.keys.case(conn, program, &case, Some(&key))?;
                    sealing::open_row(&key, program, &case, count(seq)?, &sealed)
                })
                .collect()
        })
    }

    pub(crate) fn read_blob(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
        blob: &BlobId,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.readers.read(|conn| {
            let place = one(
                conn,
                sql::BLOB_SELECT,
                params![program.as_str(), case.as_bytes(), blob.as_bytes()],
                |row| Ok((row.get::<Option<Vec<u8>>>(0)?, row.get(1)?)),
            )?;
            let Some(place) = place else {
                return Ok(None);
            };
            let key = self.case_key(conn, program, case)?;
            Ok(key.map(|key| (key, place)))
        })?;
        let Some((key, place)) = found else {
            return Ok(None);
        };
        let sealed = match place {
            (Some(sealed), _) => sealed,
            (None, Some(name)) => self
                .bodies
                .read(&name)
                .map_err(|e| StoreError::Away(e.to_string()))?
                .ok_or_else(|| StoreError::Damaged("the file of a body is gone".to_owned()))?,
            (None, None) => return Err(damaged("a body")),
        };
        let place = sealing::blob_place(program, case, blob);
        key.open(&place, &sealed)
            .map(Some)
            .ok_or_else(|| damaged("a body"))
    }

    pub(crate) fn find_receipt(
        &self,
        code_hash: &Digest,
    ) -> Result<Option<(ProgramSlug, CaseId)>, StoreError> {
        let found = self.readers.read(|conn| {
            one(
                conn,
                sql::RECEIPT_FIND,
                params![code_hash.as_bytes()],
                program_and_case,
            )
        })?;
        found.map(named).transpose()
    }

    pub(crate) fn read_note(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
    ) -> Result<Option<String>, StoreError> {
        self.readers.read(|conn| {
            let sealed: Option<Vec<u8>> = Self::column(conn, sql::RECEIPT_NOTE, program, case)?;
            let (Some(sealed), Some(key)) = (sealed, self.case_key(conn, program, case)?) else {
                return Ok(None);
            };
            let place = sealing::note_place(program, case);
            sealing::open_text(&key, &place, &sealed, "a receipt").map(Some)
        })
    }

    pub(crate) fn due_cases(
        &self,
        now: Instant,
        limit: u32,
    ) -> Result<Vec<(ProgramSlug, CaseId)>, StoreError> {
        self.readers
            .read(|conn| {
                many(
                    conn,
                    sql::CASES_DUE,
                    params![now.unix(), limit],
                    program_and_case,
                )
            })?
            .into_iter()
            .map(named)
            .collect()
    }

    pub(crate) fn earliest_wake(&self) -> Result<Option<Instant>, StoreError> {
        let wake: Option<Option<i64>> = self
            .readers
            .read(|conn| one(conn, sql::CASES_NEXT_WAKE, params![], |row| row.get(0)))?;
        wake.flatten().map(instant).transpose()
    }

    pub(crate) fn every_case(&self) -> Result<Vec<(ProgramSlug, CaseId)>, StoreError> {
        self.readers
            .read(|conn| many(conn, sql::CASES_ALL, params![], program_and_case))?
            .into_iter()
            .map(named)
            .collect()
    }

    pub(crate) fn read_chain(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        self.readers.read(|conn| stored_events(conn, program, case))
    }

    pub(crate) fn read_head(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
    ) -> Result<Option<(u64, Digest)>, StoreError> {
        let found = self.readers.read(|conn| stored_head(conn, program, case))?;
        Ok(found.map(|h| (h.chain.seq, h.chain.hash)))
    }

    pub(crate) fn rewrite_row(
        &self,
        program: &ProgramSlug,
        row: &CaseRow,
        seq: u64,
        wake: Option<Instant>,
    ) -> Result<(), StoreError> {
        let case = row.case;
        let found = self.readers.read(|conn| {
            let head = self.head(conn, program, &case)?;
            head.map(|head| {
                let key = self.keys.case(conn, program, &case, head.wrapped()?)?;
                Ok((key, head.chain))
            })
            .transpose()
        })?;
        let no_case = || StoreError::Failed("there is no such case".to_owned());
        let (key, chain) = found.ok_or_else(no_case)?;
        if chain.seq != seq {
            return Err(StoreError::Conflict);
        }
        let sealed = sealing::seal_row(&key, program, row, chain.seq)?;
        let wake = wake.map(Instant::unix);
        let program = program.clone();
        let keys = Arc::clone(&self.keys);
        self.writer.run(move |tx| {
            let step = Move {
                program: &program,
                case: &case,
                before: Some(&chain),
                after: &chain,
            };
            advance(tx, keys.history(), &step, &sealed, wake)
        })
    }

    /// A page of all texts and files, after this one; empty at the end.
    pub(crate) fn bodies_after(&self, after: Option<&BlobId>) -> Result<Vec<Body>, StoreError> {
        self.readers.read(|conn| beside::bodies(conn, after))
    }

    pub(crate) fn read_history_check(&self) -> Result<HistoryCheck, StoreError> {
        self.readers.read(|conn| self.keys.history().check(conn))
    }

    pub(crate) fn read_publications(
        &self,
        program: &ProgramSlug,
    ) -> Result<Vec<Publication>, StoreError> {
        let rows = self.readers.read(|conn| {
            many(
                conn,
                sql::PUBLICATION_LIST,
                params![program.as_str()],
                |row| {
                    let times: (i64, i64) = (row.get(1)?, row.get(2)?);
                    let texts: (String, String, String) = (row.get(3)?, row.get(4)?, row.get(5)?);
                    Ok((row.get::<String>(0)?, times, texts))
                },
            )
        })?;
        rows.into_iter()
            .map(|(id, (published, updated), (advisory, csaf, csaf_name))| {
                Ok(Publication {
                    id,
                    published: instant(published)?,
                    updated: instant(updated)?,
                    advisory,
                    csaf,
                    csaf_name,
                })
            })
            .collect()
    }
}

/// Opens the events of a case whose chain was checked.
pub(crate) fn open_events(
    key: &Key,
    case: &CaseId,
    stored: &[StoredEvent],
) -> Result<Vec<Recorded>, StoreError> {
    stored
        .iter()
        .map(|e| sealing::open_event(key, case, e.seq, &e.bytes))
        .collect()
}

fn stored_events(
    conn: &Connection<'_>,
    program: &ProgramSlug,
    case: &CaseId,
) -> Result<Vec<StoredEvent>, StoreError> {
    let rows = many(
        conn,
        sql::EVENT_CHAIN,
        params![program.as_str(), case.as_bytes()],
        |row| Ok((row.get::<i64>(0)?, row.get(1)?, row.get(2)?)),
    )?;
    rows.into_iter()
        .map(|(seq, bytes, hash)| {
            Ok(StoredEvent {
                seq: count(seq)?,
                bytes,
                hash: Digest::from_bytes(hash),
            })
        })
        .collect()
}

/// Stores a sealed commit, inside the writer's transaction.
fn store(tx: &Connection<'_>, keys: &HistoryKeys, commit: &SealedCommit) -> Result<(), StoreError> {
    let (program, case) = (commit.program.as_str(), commit.case.as_bytes());
    if let Some(receipt) = &commit.receipt
        && ask(
            tx,
            sql::RECEIPT_EXISTS,
            params![receipt.code_hash.as_bytes()],
        )?
    {
        return Err(StoreError::Exists);
    }
    let hashes = keys.beside();
    let mut sums = Sums::default();
    let of = Of {
        program: &commit.program,
        case: &commit.case,
    };
    place_case(tx, keys, commit)?;
    for (seq, sealed, hash) in &commit.events {
        let values = params![program, case, int(*seq)?, sealed, hash.as_bytes()];
        put(tx, sql::EVENT_INSERT, values)?;
    }
    for (id, body) in &commit.bodies {
        let (inline, file) = match body {
            SealedBody::Inline(sealed) => (Some(sealed), None),
            SealedBody::File(name) => (None, Some(name.as_slice())),
        };
        let values = params![id.as_bytes(), program, case, inline, file];
        put(tx, sql::BLOB_INSERT, values)?;
        hashes.put_body(&mut sums, of, id.as_bytes());
    }
    search::add(tx, commit)?;
    if let Some(receipt) = &commit.receipt {
        let (code, leaf) = (receipt.code_hash.as_bytes(), receipt.leaf.as_bytes());
        let values = params![code, program, case, leaf, receipt.note];
        put(tx, sql::RECEIPT_INSERT, values)?;
        hashes.put_receipt(&mut sums, of, receipt);
        leaves::of_receipt(tx, &commit.case, &receipt.leaf)?;
    }
    if let Some(leaf) = &commit.leaf {
        leaf.insert(tx, &commit.case)?;
    }
    for item in &commit.outbox {
        let values = params![item.key, program, case, item.effect, item.not_before];
        if change(tx, sql::OUTBOX_INSERT, values)? == 0 {
            let owner = one(tx, sql::OUTBOX_OWNER, params![&item.key], program_and_case)?;
            if owner != Some((program.to_owned(), *case)) {
                return Err(StoreError::Exists);
            }
        } else {
            hashes.put_item(&mut sums, of, item);
        }
    }
    if let Some(p) = &commit.publication {
        hashes.publication_as_found(tx, &mut sums, program, &p.id, -1)?;
        let (published, updated) = (p.published.unix(), p.updated.unix());
        let values = params![
            program,
            p.id,
            case,
            published,
            updated,
            p.advisory,
            p.csaf,
            p.csaf_name
        ];
        if change(tx, sql::PUBLICATION_UPSERT, values)? == 0 {
            return Err(StoreError::Exists);
        }
        hashes.publication_as_found(tx, &mut sums, program, &p.id, 1)?;
    }
    let step = Move {
        program: &commit.program,
        case: &commit.case,
        before: commit.new_key.is_none().then_some(&commit.before),
        after: &commit.after,
    };
    keys.advance(tx, &step, &sums)
}

/// Makes the case, or moves it on from the head the commit was made on.
fn place_case(
    tx: &Connection<'_>,
    keys: &HistoryKeys,
    commit: &SealedCommit,
) -> Result<(), StoreError> {
    let step = Move {
        program: &commit.program,
        case: &commit.case,
        before: Some(&commit.before),
        after: &commit.after,
    };
    let Some(key) = &commit.new_key else {
        return advance(tx, keys, &step, &commit.row, commit.wake);
    };
    if ask(tx, sql::CASES_EXISTS, params![commit.case.as_bytes()])? {
        return Err(StoreError::Conflict);
    }
    let values = params![
        commit.case.as_bytes(),
        commit.program.as_str(),
        commit.reference_hash.as_bytes(),
        key,
        int(commit.after.seq)?,
        commit.after.hash.as_bytes(),
        commit.row,
        commit.wake,
        keys.head(&commit.program, &commit.case, &commit.after, None)
    ];
    put(tx, sql::CASES_INSERT, values)
}

/// Moves a case from one head to the next; `Conflict` when it stands elsewhere.
fn advance(
    tx: &Connection<'_>,
    keys: &HistoryKeys,
    step: &Move<'_>,
    row: &[u8],
    wake: Option<i64>,
) -> Result<(), StoreError> {
    let (before, after) = (step.before.unwrap_or(step.after), step.after);
    let values = params![
        step.program.as_str(),
        step.case.as_bytes(),
        int(before.seq)?,
        before.hash.as_bytes(),
        int(after.seq)?,
        after.hash.as_bytes(),
        row,
        wake,
        keys.head(step.program, step.case, after, None)
    ];
    match change(tx, sql::CASES_ADVANCE, values)? {
        0 => Err(StoreError::Conflict),
        _ => Ok(()),
    }
}
