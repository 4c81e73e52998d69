//! Which database is behind the store: the one place where that is asked.
//!
//! Invariants: a read sees one snapshot; a write is durable when its call returns, and
//! runs alone among all writes of all processes on the same database.

use candor_ports::{Cleared, StoreError};

use crate::db::Connection;
use crate::{postgres, sqlite};

/// Reads, each on one snapshot.
#[derive(Debug)]
pub(crate) enum Readers {
    /// Read-only connections to a SQLite file.
    Sqlite(sqlite::Readers),
    /// Connections to a PostgreSQL database.
    Postgres(postgres::Readers),
}

impl Readers {
    /// Runs a read on one snapshot; again from its beginning when the connection was lost.
    pub(crate) fn read<T>(
        &self,
        work: impl Fn(&Connection<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match self {
            Self::Sqlite(readers) => readers.read(|conn| work(&Connection::Sqlite(conn))),
            Self::Postgres(readers) => readers.read(|s| work(&Connection::Postgres(s))),
        }
    }

    /// Makes what was removed leave the bytes on the disk, as far as the engine can.
    pub(crate) fn clear(&self) -> Cleared {
        match self {
            Self::Sqlite(readers) => readers.clear(),
            Self::Postgres(readers) => readers.clear(),
        }
    }
}

/// Writes, one after the other.
#[derive(Debug)]
pub(crate) enum Writer {
    /// The one writer of a SQLite file.
    Sqlite(sqlite::Writer),
    /// The writer of this process to a PostgreSQL database.
    Postgres(postgres::Writer),
}

impl Writer {
    /// Runs a write inside a transaction and returns once it is durable. It may be run
    /// more than once, each time on a transaction in which nothing of it stands yet.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        work: impl Fn(&Connection<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        match self {
            Self::Sqlite(writer) => writer.run(move |conn| work(&Connection::Sqlite(conn))),
            Self::Postgres(writer) => writer.run(move |s| work(&Connection::Postgres(s))),
        }
    }

    /// Writes some pages of the index of words anew, without what was removed from it; true
    /// when there is nothing more to do. Only SQLite keeps such an index.
    pub(crate) fn merge_words(&self, pages: i64) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(writer) => writer.run(move |conn| sqlite::merge_words(conn, pages)),
            Self::Postgres(_) => Ok(true),
        }
    }
}
