//! What lies beside the histories: texts and files, receipts, letters, publications, the
//! read log. Counted and hashed under a key into the account of all histories, so that a row
//! that was taken away, added or changed is seen, although all that is left opens.
//!
//! For each kind there is a [`Sum`]: how many rows there are, and the XOR of a keyed hash of
//! each. XOR, because a commit then adds to it without looking at the others.
//!
//! Invariants: the sums move in the transaction that moves what they count, and only there;
//! a row is counted with everything that gives it its meaning, sealed bytes included.
//!
//! Deliberately absent: leases of letters (until when, how often). Whatever stands there, a
//! letter is sent late or a second time at worst. And what a text or file holds: it may lie in
//! the database, in a folder or elsewhere, and is opened and compared by `contents.rs`.

use candor_base::{BlobId, CaseId, ProgramSlug};
use candor_ports::StoreError;

use crate::db::{Connection, Row, many, named, one, params, program_and_case};
use crate::key::InstanceKey;
use crate::seal::{Key, keyed_hash};
use crate::sealing::{SealedItem, SealedReceipt};
use crate::sql::{self, Statement};

/// The schema of SQLite from which on the account counts this.
pub(crate) const SINCE: u32 = 9;

/// Rows that are read at once.
const PAGE: u32 = 200;

/// A text or file: its program, its case, its id.
pub(crate) type Body = (ProgramSlug, CaseId, BlobId);

/// A page of all texts and files, after this one; empty at the end.
pub(crate) fn bodies(
    conn: &Connection<'_>,
    after: Option<&BlobId>,
) -> Result<Vec<Body>, StoreError> {
    let after = after.map_or(Vec::new(), |id| id.as_bytes().to_vec());
    let rows = many(conn, sql::BESIDE_BODIES, params![after, PAGE], |row| {
        Ok((program_and_case(row)?, row.get::<[u8; 16]>(2)?))
    })?;
    rows.into_iter()
        .map(|(place, id)| {
            let (program, case) = named(place)?;
            Ok((program, case, BlobId::from_bytes(id)))
        })
        .collect()
}

/// What is counted. The order is that of the stored sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Texts and files.
    Body,
    /// Receipts.
    Receipt,
    /// Things to be done outside.
    Letter,
    /// Published advisories.
    Publication,
    /// Who read what.
    Read,
}

const KINDS: usize = 5;
const ALL: [Kind; KINDS] = [
    Kind::Body,
    Kind::Receipt,
    Kind::Letter,
    Kind::Publication,
    Kind::Read,
];

impl Kind {
    const fn place(self) -> usize {
        match self {
            Self::Body => 0,
            Self::Receipt => 1,
            Self::Letter => 2,
            Self::Publication => 3,
            Self::Read => 4,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Receipt => "receipt",
            Self::Letter => "letter",
            Self::Publication => "publication",
            Self::Read => "read",
        }
    }

    const fn said(self) -> (&'static str, &'static str) {
        match self {
            Self::Body => ("a text or file", "texts and files"),
            Self::Receipt => ("a receipt", "receipts"),
            Self::Letter => ("a letter, sent or waiting,", "letters, sent or waiting"),
            Self::Publication => ("a published advisory", "published advisories"),
            Self::Read => ("a line of the read log", "lines of the read log"),
        }
    }

    /// The rows of this kind after one, in the order of their keys.
    const fn after(self) -> Statement {
        match self {
            Self::Body => sql::BESIDE_BODIES,
            Self::Receipt => sql::BESIDE_RECEIPTS,
            Self::Letter => sql::BESIDE_LETTERS,
            Self::Publication => sql::BESIDE_PUBLICATIONS,
            Self::Read => sql::BESIDE_READS,
        }
    }
}

/// How many rows, and the XOR of their hashes. As a change, how many come and go.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Sum {
    rows: i64,
    root: [u8; 32],
}

/// The sums of every kind.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sums([Sum; KINDS]);

impl Sums {
    fn toggle(&mut self, kind: Kind, rows: i64, hash: &[u8; 32]) {
        if let Some(sum) = self.0.get_mut(kind.place()) {
            sum.rows = sum.rows.saturating_add(rows);
            for (to, from) in sum.root.iter_mut().zip(hash) {
                *to ^= from;
            }
        }
    }

    /// Adds a change.
    pub(crate) fn add(&mut self, change: &Self) {
        for (kind, sum) in ALL.into_iter().zip(&change.0) {
            self.toggle(kind, sum.rows, &sum.root);
        }
    }

    /// As it is stored: for each kind the number, big end first, and the hash.
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let each = |sum: &Sum| [sum.rows.to_be_bytes().as_slice(), &sum.root].concat();
        self.0.iter().flat_map(each).collect()
    }

    /// Out of its stored form.
    pub(crate) fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let mut out = Self::default();
        for sum in &mut out.0 {
            let (rows, rest) = bytes.split_first_chunk()?;
            let (root, rest) = rest.split_first_chunk()?;
            *sum = Sum {
                rows: i64::from_be_bytes(*rows),
                root: *root,
            };
            bytes = rest;
        }
        bytes.is_empty().then_some(out)
    }

    /// How what is there differs from these sums, in words for the operator.
    pub(crate) fn differences(&self, found: &Self) -> Vec<String> {
        let differs = |(kind, (was, is)): (Kind, (&Sum, &Sum))| {
            let (one, all) = kind.said();
            if was == is {
                None
            } else if was.rows == is.rows {
                Some(format!(
                    "{one} was changed outside Candor, or put in the place of another"
                ))
            } else {
                Some(format!(
                    "{all} were removed or added outside Candor: Candor wrote {}, and {} are there",
                    was.rows, is.rows
                ))
            }
        };
        let pairs = self.0.iter().zip(&found.0);
        ALL.into_iter().zip(pairs).filter_map(differs).collect()
    }
}

/// A row: its key, by which the next page goes on, and all that is hashed.
struct Counted {
    key: Vec<Part>,
    hash: [u8; 32],
}

/// One value of a key.
enum Part {
    Text(String),
    Bytes(Vec<u8>),
    Number(i64),
}

/// The key of the rows' hashes.
#[derive(Debug)]
pub(crate) struct Hashes(Key);

/// Program and case of what is stored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Of<'a> {
    pub(crate) program: &'a ProgramSlug,
    pub(crate) case: &'a CaseId,
}

impl Of<'_> {
    fn parts(&self) -> [&[u8]; 2] {
        [self.program.as_str().as_bytes(), self.case.as_bytes()]
    }
}

impl Hashes {
    pub(crate) fn new(key: &InstanceKey) -> Self {
        Self(key.inner("history-beside"))
    }

    fn hash(&self, kind: Kind, parts: &[&[u8]]) -> [u8; 32] {
        let parts: Vec<&[u8]> = [kind.word().as_bytes()]
            .into_iter()
            .chain(parts.iter().copied())
            .collect();
        keyed_hash(self.0.bytes(), &parts)
    }

    /// A text or file is stored.
    pub(crate) fn put_body(&self, sums: &mut Sums, of: Of<'_>, id: &[u8]) {
        let [program, case] = of.parts();
        let hash = self.hash(Kind::Body, &[program, case, id]);
        sums.toggle(Kind::Body, 1, &hash);
    }

    /// A receipt is stored.
    pub(crate) fn put_receipt(&self, sums: &mut Sums, of: Of<'_>, receipt: &SealedReceipt) {
        let [program, case] = of.parts();
        let (code, leaf) = (receipt.code_hash.as_bytes(), receipt.leaf.as_bytes());
        let parts = [program, case, code, leaf, &receipt.note];
        sums.toggle(Kind::Receipt, 1, &self.hash(Kind::Receipt, &parts));
    }

    /// A letter begins to wait.
    pub(crate) fn put_item(&self, sums: &mut Sums, of: Of<'_>, item: &SealedItem) {
        let [program, case] = of.parts();
        let hash = self.letter(&Letter {
            program,
            case,
            key: item.key.as_bytes(),
            effect: &item.effect,
            state: "waiting",
            when: item.not_before,
        });
        sums.toggle(Kind::Letter, 1, &hash);
    }

    /// Who read a case is written down.
    pub(crate) fn put_read(&self, sums: &mut Sums, of: Of<'_>, account: &[u8], times: [i64; 2]) {
        let [program, case] = of.parts();
        let [hour, at] = times.map(i64::to_be_bytes);
        let parts = [program, case, account, &hour, &at];
        sums.toggle(Kind::Read, 1, &self.hash(Kind::Read, &parts));
    }

    fn letter(&self, letter: &Letter<'_>) -> [u8; 32] {
        let parts = [
            letter.program,
            letter.case,
            letter.key,
            letter.effect,
            letter.state.as_bytes(),
            &letter.when.to_be_bytes(),
        ];
        self.hash(Kind::Letter, &parts)
    }

    /// The letter of this key as it stands there comes, or goes.
    pub(crate) fn letter_as_found(
        &self,
        tx: &Connection<'_>,
        sums: &mut Sums,
        key: &str,
        rows: i64,
    ) -> Result<(), StoreError> {
        let found = one(tx, sql::BESIDE_LETTER, params![key], |row| {
            self.counted(Kind::Letter, row)
        })?;
        if let Some(found) = found {
            sums.toggle(Kind::Letter, rows, &found.hash);
        }
        Ok(())
    }

    /// The publication of this id as it stands there comes, or goes.
    pub(crate) fn publication_as_found(
        &self,
        tx: &Connection<'_>,
        sums: &mut Sums,
        program: &str,
        id: &str,
        rows: i64,
    ) -> Result<(), StoreError> {
        let values = params![program, id];
        let found = one(tx, sql::BESIDE_PUBLICATION, values, |row| {
            self.counted(Kind::Publication, row)
        })?;
        if let Some(found) = found {
            sums.toggle(Kind::Publication, rows, &found.hash);
        }
        Ok(())
    }

    /// A row as the statements of its kind give it: program, case, then what is its own.
    fn counted(&self, kind: Kind, row: &Row<'_>) -> Result<Counted, StoreError> {
        let (program, case): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let (program, case) = (program.into_bytes(), case);
        Ok(match kind {
            Kind::Body => {
                let id: Vec<u8> = row.get(2)?;
                let hash = self.hash(kind, &[&program, &case, &id]);
                let key = vec![Part::Bytes(id)];
                Counted { key, hash }
            }
            Kind::Receipt => {
                let (code, leaf): (Vec<u8>, Vec<u8>) = (row.get(2)?, row.get(3)?);
                let note: Vec<u8> = row.get(4)?;
                let hash = self.hash(kind, &[&program, &case, &code, &leaf, &note]);
                let key = vec![Part::Bytes(code)];
                Counted { key, hash }
            }
            Kind::Letter => {
                let (key, effect): (String, Vec<u8>) = (row.get(2)?, row.get(3)?);
                let state: String = row.get(4)?;
                let hash = self.letter(&Letter {
                    program: &program,
                    case: &case,
                    key: key.as_bytes(),
                    effect: &effect,
                    state: &state,
                    when: row.get(5)?,
                });
                let key = vec![Part::Text(key)];
                Counted { key, hash }
            }
            Kind::Publication => {
                let id: String = row.get(2)?;
                let times: (i64, i64) = (row.get(3)?, row.get(4)?);
                let texts: [String; 3] = [row.get(5)?, row.get(6)?, row.get(7)?];
                let (published, updated) = (times.0.to_be_bytes(), times.1.to_be_bytes());
                let mut parts = vec![program.as_slice(), &case, id.as_bytes(), &published];
                parts.push(&updated);
                parts.extend(texts.iter().map(String::as_bytes));
                let hash = self.hash(kind, &parts);
                let program = String::from_utf8(program)
                    .map_err(|_| StoreError::Damaged("a program name".to_owned()))?;
                let key = vec![Part::Text(program), Part::Text(id)];
                Counted { key, hash }
            }
            Kind::Read => {
                let account: Vec<u8> = row.get(2)?;
                let times: [i64; 2] = [row.get(3)?, row.get(4)?];
                let [hour, at] = times.map(i64::to_be_bytes);
                let hash = self.hash(kind, &[&program, &case, &account, &hour, &at]);
                let hour = Part::Number(times.first().copied().unwrap_or_default());
                let key = vec![Part::Bytes(case), Part::Bytes(account), hour];
                Counted { key, hash }
            }
        })
    }

    /// The sums of what is there, a page at a time.
    pub(crate) fn walk(&self, conn: &Connection<'_>) -> Result<Sums, StoreError> {
        let mut sums = Sums::default();
        for kind in ALL {
            let mut after = first(kind);
            loop {
                let rows = self.page(conn, kind, &after)?;
                for row in &rows {
                    sums.toggle(kind, 1, &row.hash);
                }
                let full = rows.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX);
                match rows.into_iter().next_back() {
                    Some(last) if full => after = last.key,
                    _ => break,
                }
            }
        }
        Ok(sums)
    }

    fn page(
        &self,
        conn: &Connection<'_>,
        kind: Kind,
        after: &[Part],
    ) -> Result<Vec<Counted>, StoreError> {
        let read = |row: &Row<'_>| self.counted(kind, row);
        match after {
            [Part::Bytes(key)] => many(conn, kind.after(), params![key, PAGE], read),
            [Part::Text(key)] => many(conn, kind.after(), params![key, PAGE], read),
            [Part::Text(program), Part::Text(id)] => {
                many(conn, kind.after(), params![program, id, PAGE], read)
            }
            [Part::Bytes(case), Part::Bytes(account), Part::Number(hour)] => {
                let values = params![case, account, *hour, PAGE];
                many(conn, kind.after(), values, read)
            }
            _ => Err(StoreError::Failed("a key of another kind".to_owned())),
        }
    }
}

/// What comes before every key.
fn first(kind: Kind) -> Vec<Part> {
    match kind {
        Kind::Body | Kind::Receipt => vec![Part::Bytes(Vec::new())],
        Kind::Letter => vec![Part::Text(String::new())],
        Kind::Publication => vec![Part::Text(String::new()), Part::Text(String::new())],
        Kind::Read => vec![
            Part::Bytes(Vec::new()),
            Part::Bytes(Vec::new()),
            Part::Number(i64::MIN),
        ],
    }
}

/// A letter, as it is hashed.
struct Letter<'a> {
    program: &'a [u8],
    case: &'a [u8],
    key: &'a [u8],
    effect: &'a [u8],
    state: &'a str,
    when: i64,
}
