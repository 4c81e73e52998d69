//! Everything that is kept as one stream, independent of the engine: backups, restores,
//! moves from one engine to the other.
//!
//! Invariants: a copy shows one moment; it holds every table, values as they are sealed;
//! the instance key is never in it; it is taken in whole or not at all.
//!
//! Deliberately absent: encryption of the stream, names of files, times of day. The caller
//! has those.

mod destination;
mod format;
mod source;
mod tables;
mod tally;
mod target;
#[cfg(test)]
mod tests;

use std::io::{self, Read, Write};

use candor_base::{Digest, Instant};
use candor_ports::StoreError;

use crate::error::OpenError;
use crate::key::InstanceKey;

pub use destination::Destination;
pub(crate) use format::Cell;
pub use format::{Header, TableSum, Trailer};
pub use source::Origin;
pub(crate) use tables::Column;

use format::{Encoder, Item, decode};
use tally::Tally;
use target::{Loader, Plan};

/// Why a copy was not made, or not taken.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// Something else.
    #[error("it is not a backup of Candor")]
    NotACopy,
    /// Of a form that this version does not know.
    #[error("it has the form {0}, which this version does not know")]
    NewerForm(String),
    /// Of data of a later version.
    #[error("it has schema {found}; this program knows up to {known}")]
    NewerSchema {
        /// Its schema.
        found: u32,
        /// The newest known here.
        known: u32,
    },
    /// Cut off, changed, put together from parts, or of histories that do not hold.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// Made under another instance key, or by somebody without it.
    #[error("it was not made under this instance key")]
    Foreign,
    /// The target holds something.
    #[error("{0} is not empty")]
    NotEmpty(String),
    /// The target holds an unfinished copy of something else.
    #[error("another copy into it was not finished")]
    OtherUnfinished,
    /// The data folder or the database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The engine says no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Reading or writing failed.
    #[error(transparent)]
    Io(io::Error),
}

impl CopyError {
    /// A failure while reading a backup: encryption that does not hold is damage.
    fn reading(why: io::Error) -> Self {
        match why.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                Self::Damaged(format!("it cannot be decrypted to its end ({why})"))
            }
            _ => Self::Io(why),
        }
    }

    /// What happened and what to do, for the person who asked.
    pub fn for_person(&self) -> String {
        match self {
            Self::NotACopy => "This is not a backup of Candor.".to_owned(),
            Self::NewerForm(_) | Self::NewerSchema { .. } => {
                format!("This backup was made by a newer Candor: {self}. Use that version.")
            }
            Self::Damaged(why) => format!(
                "This backup is damaged: {why}. Nothing was taken from it. Use another one."
            ),
            Self::Foreign => "This was made under another instance key, or by somebody without \
                 the key. Name the key file that belongs to it with --key."
                .to_owned(),
            Self::NotEmpty(place) => format!(
                "{place} is not empty. Candor never writes over anything: name an empty place."
            ),
            Self::OtherUnfinished => "A copy of something else into this place was begun and \
                 not finished. Finish that one, or name another place."
                .to_owned(),
            Self::Open(why) => why.for_person(),
            Self::Store(why) => format!("The data could not be read or written: {why}."),
            Self::Io(why) => format!("A file could not be read or written: {why}."),
        }
    }
}

/// What a copy holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Its head.
    pub header: Header,
    /// Its tables.
    pub tables: Vec<TableSum>,
    /// SHA-256 over the heads of all histories.
    pub heads: Digest,
    /// SHA-256 over all of it.
    pub sha256: Digest,
    /// Cases.
    pub cases: u64,
    /// Events.
    pub events: u64,
    /// Texts and files that were gone when it was made.
    pub missing: u64,
    /// Histories that do not hold.
    pub broken: u64,
    /// Letters and other acts that were still to be done.
    pub waiting: u64,
}

impl Summary {
    /// Every history holds, and nothing was gone.
    pub fn is_sound(&self) -> bool {
        self.broken == 0 && self.missing == 0
    }

    /// Rows of all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|t| t.rows).sum()
    }
}

/// Told every now and then: rows so far, and rows there are.
pub type Progress<'p> = &'p mut dyn FnMut(u64, u64);

/// Counts rows for who waits.
struct Meter<'p> {
    tell: Progress<'p>,
    done: u64,
    all: u64,
}

impl Meter<'_> {
    fn take(&mut self, item: &Item) {
        match item {
            Item::Header(header) => self.all = header.rows.values().sum(),
            Item::Table(_) => {}
            Item::Row(_) => {
                self.done = self.done.saturating_add(1);
                if !self.done.is_multiple_of(500) {
                    return;
                }
            }
        }
        (self.tell)(self.done, self.all);
    }
}

/// Writes a copy of everything, as it is at one moment, and gives back where it was
/// written to. A running server is not disturbed.
pub fn write_copy<W: Write>(
    from: &Origin,
    key: &InstanceKey,
    made: Instant,
    out: W,
    progress: Progress<'_>,
) -> Result<(Summary, W), CopyError> {
    let (mut tally, mut encoder) = (Tally::default(), Encoder::new(out));
    let mut meter = Meter {
        tell: progress,
        done: 0,
        all: 0,
    };
    let missing = from.each(key, made, &mut |item| {
        tally.take(&item)?;
        meter.take(&item);
        encoder.item(&item)
    })?;
    let (trailer, summary) = tally.end(missing, Some(key))?;
    Ok((summary, encoder.end(&trailer)?))
}

/// Reads a whole copy: its form, digests, counts and every history; with the key also
/// that it was made under it.
pub fn check_copy(input: impl Read, key: Option<&InstanceKey>) -> Result<Summary, CopyError> {
    let mut tally = Tally::default();
    let trailer = decode(input, &mut |item| tally.take(&item))?;
    tally.compare(&trailer, key)
}

/// Takes a copy into an empty place; whole, or not at all.
pub fn restore_copy(
    input: impl Read,
    key: &InstanceKey,
    to: &Destination,
    now: Instant,
    progress: Progress<'_>,
) -> Result<Summary, CopyError> {
    let mut loader = Loader::open(to, key, Plan::Restore(now))?;
    let mut tally = Tally::default();
    let mut meter = Meter {
        tell: progress,
        done: 0,
        all: 0,
    };
    let read = decode(input, &mut |item| {
        tally.take(&item)?;
        meter.take(&item);
        loader.take(item)
    });
    let good = read
        .and_then(|trailer| tally.compare(&trailer, Some(key)))
        .and_then(|summary| whole(&summary).map(|()| summary));
    match good {
        Ok(summary) => {
            loader.finish(&summary.header)?;
            Ok(summary)
        }
        Err(why) => {
            loader.discard();
            Err(why)
        }
    }
}

/// Takes everything from one place to an empty other one. A move that was cut off is gone
/// on with. Whoever calls sees to it that nobody writes to the first place.
pub fn move_all(
    from: &Origin,
    key: &InstanceKey,
    to: &Destination,
    now: Instant,
    progress: Progress<'_>,
) -> Result<Summary, CopyError> {
    let mut loader = Loader::open(to, key, Plan::Move)?;
    let mut tally = Tally::default();
    let mut meter = Meter {
        tell: progress,
        done: 0,
        all: 0,
    };
    let missing = from.each(key, now, &mut |item| {
        tally.take(&item)?;
        meter.take(&item);
        loader.take(item)
    })?;
    let (_, summary) = tally.end(missing, Some(key))?;
    if summary.broken > 0 {
        return whole(&summary).map(|()| summary);
    }
    loader.finish(&summary.header)?;
    // Read again from where it is now: the same tables, counts, digests and heads.
    let mut again = Tally::default();
    let there = to.origin();
    there.each(key, now, &mut |item| again.take(&item))?;
    let (_, found) = again.end(missing, Some(key))?;
    if found.tables == summary.tables && found.heads == summary.heads {
        Ok(summary)
    } else {
        let why = "what arrived is not what was sent";
        Err(CopyError::Damaged(why.to_owned()))
    }
}

/// Whether two places hold the same, row by row but for settings and sessions.
pub fn are_same(
    one: &Origin,
    other: &Origin,
    key: &InstanceKey,
    now: Instant,
) -> Result<bool, CopyError> {
    let sums = |place: &Origin| {
        let mut tally = Tally::default();
        let missing = place.each(key, now, &mut |item| tally.take(&item))?;
        let (_, mut summary) = tally.end(missing, Some(key))?;
        summary
            .tables
            .retain(|t| !["session", "setting"].contains(&t.name.as_str()));
        Ok::<_, CopyError>((summary.header.instance, summary.tables))
    };
    Ok(sums(one)? == sums(other)?)
}

fn whole(summary: &Summary) -> Result<(), CopyError> {
    if summary.broken == 0 {
        Ok(())
    } else {
        Err(CopyError::Damaged(format!(
            "{} histories in it do not hold",
            summary.broken
        )))
    }
}
