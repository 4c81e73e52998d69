//! The form of a copy: framed records, the same whichever engine wrote them.
//!
//! ```text
//! candor-backup/1\n
//! H  header, JSON           once, first
//! T  name and columns, JSON  once a table
//! R  one row                 as many as there are
//! E  trailer, JSON           once
//! S  SHA-256 of all before   once, last
//! ```
//!
//! A frame is its letter, its length (4 bytes, big end first), its bytes. A cell of a row
//! is `0` (nothing), `1` and 8 bytes (a number), `2` (text) or `3` (bytes) with a length.
//!
//! Invariants: nothing is believed before it was checked; a length that lies costs no
//! memory; one row is in memory at a time.
//!
//! Deliberately absent: encryption of the whole. What a person wrote is sealed already;
//! times and counts are not, so whoever stores a copy encrypts it.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use candor_base::Digest;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::CopyError;
use crate::db::{Param, Value};

/// What every copy begins with.
pub(super) const MAGIC: &[u8] = b"candor-backup/1\n";
/// The part of it that later forms begin with, too.
const FAMILY: &[u8] = b"candor-backup/";
/// Longest header, table or trailer, in bytes.
const SHORT: u32 = 4 * 1024 * 1024;
/// Longest row, in bytes; a file of a report is the longest thing there is.
const LONG: u32 = 1024 * 1024 * 1024;

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Nothing.
    Null,
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Param for Cell {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Int(number) => Value::Int(*number),
            Self::Text(text) => Value::Text(text),
            Self::Bytes(bytes) => Value::Bytes(bytes),
        }
    }
}

impl From<Value<'_>> for Cell {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Int(number) => Self::Int(number),
            Value::Text(text) => Self::Text(text.to_owned()),
            Value::Bytes(bytes) => Self::Bytes(bytes.to_vec()),
        }
    }
}

/// What stands at the head of a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The schema of the data, counted as SQLite's migrations are.
    pub schema: u32,
    /// The version of Candor that made it.
    pub candor: String,
    /// Which instance this is: 32 hexadecimal digits.
    pub instance: String,
    /// When it was made, in seconds of Unix time.
    pub made: i64,
    /// How many rows each table has, to show how far one is. The trailer is what counts.
    pub rows: BTreeMap<String, u64>,
}

/// A table, before its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableHead {
    /// Its name.
    pub(crate) name: String,
    /// Its columns, by name.
    pub(crate) columns: Vec<String>,
}

impl TableHead {
    /// Where a column stands in a row.
    pub(super) fn at(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|c| c == column)
    }
}

/// What a table held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableSum {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// SHA-256 over its columns and rows, the same on either engine.
    pub sha256: Digest,
}

/// What stands at the end of a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trailer {
    /// Every table, in its order.
    pub tables: Vec<TableSum>,
    /// SHA-256 over the heads of all histories.
    pub heads: Digest,
    /// SHA-256 over header, tables and heads.
    pub sha256: Digest,
    /// Keyed hash of that under the instance key: only who has the key can make it.
    pub mac: Digest,
    /// Texts and files that were gone when the copy was made.
    pub missing: u64,
}

/// What a copy is made of, one after the other.
pub(crate) enum Item {
    /// First.
    Header(Header),
    /// A table begins.
    Table(TableHead),
    /// A row of the table that began last.
    Row(Vec<Cell>),
}

/// A row as bytes.
pub(super) fn row_bytes(row: &[Cell]) -> Vec<u8> {
    fn sized(out: &mut Vec<u8>, tag: u8, bytes: &[u8]) {
        out.push(tag);
        // Longer rows are refused where frames are written.
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        out.extend(length.to_be_bytes());
        out.extend(bytes);
    }
    let mut out = Vec::new();
    for cell in row {
        match cell {
            Cell::Null => out.push(0),
            Cell::Int(number) => {
                out.push(1);
                out.extend(number.to_be_bytes());
            }
            Cell::Text(text) => sized(&mut out, 2, text.as_bytes()),
            Cell::Bytes(bytes) => sized(&mut out, 3, bytes),
        }
    }
    out
}

/// A row out of bytes; `None` when they are none.
fn parse_row(mut bytes: &[u8], columns: usize) -> Option<Vec<Cell>> {
    fn sized<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (value, rest) = rest.split_at_checked(length)?;
        *bytes = rest;
        Some(value)
    }
    let mut row = Vec::with_capacity(columns);
    for _ in 0..columns {
        let (tag, rest) = bytes.split_first()?;
        bytes = rest;
        row.push(match tag {
            0 => Cell::Null,
            1 => {
                let (number, rest) = bytes.split_first_chunk::<8>()?;
                bytes = rest;
                Cell::Int(i64::from_be_bytes(*number))
            }
            2 => Cell::Text(String::from_utf8(sized(&mut bytes)?.to_vec()).ok()?),
            3 => Cell::Bytes(sized(&mut bytes)?.to_vec()),
            _ => return None,
        });
    }
    bytes.is_empty().then_some(row)
}

/// Writes the frames of a copy.
pub(super) struct Encoder<W> {
    out: W,
    sum: Sha256,
}

impl<W: Write> Encoder<W> {
    pub(super) fn new(out: W) -> Self {
        Self {
            out,
            sum: Sha256::new(),
        }
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), CopyError> {
        self.sum.update(bytes);
        self.out.write_all(bytes).map_err(CopyError::Io)
    }

    fn frame(&mut self, letter: u8, bytes: &[u8]) -> Result<(), CopyError> {
        let length = u32::try_from(bytes.len()).ok().filter(|l| *l <= LONG);
        let length = length.ok_or_else(|| CopyError::Damaged("a row is too long".to_owned()))?;
        self.put(&[letter])?;
        self.put(&length.to_be_bytes())?;
        self.put(bytes)
    }

    /// The next thing.
    pub(super) fn item(&mut self, item: &Item) -> Result<(), CopyError> {
        match item {
            Item::Header(header) => {
                self.put(MAGIC)?;
                self.frame(b'H', &json(header)?)
            }
            Item::Table(head) => self.frame(b'T', &json(head)?),
            Item::Row(row) => self.frame(b'R', &row_bytes(row)),
        }
    }

    /// The last thing; gives back where it wrote to.
    pub(super) fn end(mut self, trailer: &Trailer) -> Result<W, CopyError> {
        self.frame(b'E', &json(trailer)?)?;
        let sum: [u8; 32] = self.sum.clone().finalize().into();
        self.frame(b'S', &sum)?;
        Ok(self.out)
    }
}

pub(super) fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, CopyError> {
    serde_json::to_vec(value).map_err(|why| CopyError::Damaged(why.to_string()))
}

/// Reads the frames of a copy.
struct Decoder<R> {
    input: R,
    sum: Sha256,
}

/// What comes next.
struct Frame {
    letter: u8,
    bytes: Vec<u8>,
}

fn cut() -> CopyError {
    CopyError::Damaged("it ends before its end".to_owned())
}

fn bent(what: &str) -> CopyError {
    CopyError::Damaged(format!("{what} cannot be read"))
}

impl<R: Read> Decoder<R> {
    fn exactly(&mut self, length: u32) -> Result<Vec<u8>, CopyError> {
        let mut bytes = Vec::new();
        let read = Read::take(&mut self.input, u64::from(length))
            .read_to_end(&mut bytes)
            .map_err(CopyError::reading)?;
        if u32::try_from(read) != Ok(length) {
            return Err(cut());
        }
        self.sum.update(&bytes);
        Ok(bytes)
    }

    fn magic(&mut self) -> Result<(), CopyError> {
        let length = u64::try_from(MAGIC.len()).unwrap_or(0);
        let mut found = Vec::new();
        Read::take(&mut self.input, length)
            .read_to_end(&mut found)
            .map_err(CopyError::reading)?;
        self.sum.update(&found);
        if found == MAGIC {
            Ok(())
        } else if found.starts_with(FAMILY) {
            let form = found.get(FAMILY.len()..).unwrap_or_default();
            let form = String::from_utf8_lossy(form).trim().to_owned();
            Err(CopyError::NewerForm(form))
        } else {
            Err(CopyError::NotACopy)
        }
    }

    fn frame(&mut self) -> Result<Frame, CopyError> {
        let head = self.exactly(5)?;
        let (letter, length) = match head.as_slice() {
            [letter, length @ ..] => (*letter, <[u8; 4]>::try_from(length)),
            [] => return Err(cut()),
        };
        let length = u32::from_be_bytes(length.map_err(|_| cut())?);
        let most = if letter == b'R' { LONG } else { SHORT };
        if length > most {
            return Err(bent("a length in it"));
        }
        let bytes = self.exactly(length)?;
        Ok(Frame { letter, bytes })
    }
}

/// Reads a whole copy and gives each thing on; gives its trailer. What was given on holds
/// only when this ends well and the trailer is the one that its contents ask for.
pub(super) fn decode(
    input: impl Read,
    each: &mut dyn FnMut(Item) -> Result<(), CopyError>,
) -> Result<Trailer, CopyError> {
    let mut decoder = Decoder {
        input,
        sum: Sha256::new(),
    };
    decoder.magic()?;
    let first = decoder.frame()?;
    if first.letter != b'H' {
        return Err(bent("its header"));
    }
    let header = serde_json::from_slice(&first.bytes).map_err(|_| bent("its header"))?;
    each(Item::Header(header))?;
    let mut columns = None;
    let trailer: Trailer = loop {
        let Frame { letter, bytes } = decoder.frame()?;
        match (letter, columns) {
            (b'T', _) => {
                let head: TableHead =
                    serde_json::from_slice(&bytes).map_err(|_| bent("the head of a table"))?;
                columns = Some(head.columns.len());
                each(Item::Table(head))?;
            }
            (b'R', Some(columns)) => {
                let row = parse_row(&bytes, columns).ok_or_else(|| bent("a row"))?;
                each(Item::Row(row))?;
            }
            (b'E', _) => break serde_json::from_slice(&bytes).map_err(|_| bent("its trailer"))?,
            _ => return Err(bent("a part of it")),
        }
    };
    let sum: [u8; 32] = decoder.sum.clone().finalize().into();
    let last = decoder.frame()?;
    if last.letter != b'S' || last.bytes != sum {
        return Err(CopyError::Damaged("its checksum is another one".to_owned()));
    }
    let mut more = [0_u8; 1];
    if decoder.input.read(&mut more).map_err(CopyError::reading)? != 0 {
        return Err(CopyError::Damaged("there is more after its end".to_owned()));
    }
    Ok(trailer)
}
