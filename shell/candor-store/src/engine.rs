//! Which database is behind the store: the one place where that is asked.
//!
//! Invariants: a read sees one snapshot; a write is durable when its call returns, and
//! runs alone among all writes of all processes on the same database.

use candor_ports::StoreError;

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
}
