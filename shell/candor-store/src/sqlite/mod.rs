//! The engine of one machine: SQLite in the data folder, one writer, readers beside it.
//!
//! Invariant: nothing outside this folder names the driver, but for the two wrappers in
//! `db`.

mod clearing;
mod copying;
mod error;
mod opening;
mod readers;
mod schema;
mod writer;

use candor_ports::StoreError;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, ToSql, params_from_iter};

use crate::db::{Params, Row, Value};
use crate::keyring::damaged;
use crate::sql::Statement;

pub(crate) use clearing::merge_words;
pub(crate) use copying::{batch, columns, each_row, put_row, table_names};
pub(crate) use opening::{DATABASE, Opened, UNFINISHED, open, schema_of};
pub(crate) use readers::{Readers, open_read_only};
pub(crate) use schema::{APPLICATION_ID, known, migrate, names};
pub(crate) use writer::{Writer, gather_words};

use error::from_sqlite;

/// `result.db()?` instead of a conversion trait: ports own `StoreError`, rusqlite owns its error.
pub(crate) trait Db<T> {
    /// Maps a database failure to what it means to the caller.
    fn db(self) -> Result<T, StoreError>;
}

impl<T> Db<T> for rusqlite::Result<T> {
    fn db(self) -> Result<T, StoreError> {
        self.map_err(|e| from_sqlite(&e))
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// A column of a row.
pub(crate) fn column<'r>(row: &'r rusqlite::Row<'_>, at: usize) -> Result<Value<'r>, StoreError> {
    match row.get_ref(at).db()? {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Int(number)),
        ValueRef::Blob(bytes) => Ok(Value::Bytes(bytes)),
        ValueRef::Text(text) => std::str::from_utf8(text)
            .map(Value::Text)
            .map_err(|_| damaged("a text")),
        ValueRef::Real(_) => Err(damaged("a number")),
    }
}

fn prepare(conn: &rusqlite::Connection, sql: Statement) -> Result<CachedStatement<'_>, StoreError> {
    conn.prepare_cached(sql.sqlite).db()
}

/// One row or none.
pub(crate) fn one<T>(
    conn: &rusqlite::Connection,
    sql: Statement,
    params: Params<'_>,
    read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let mut statement = prepare(conn, sql)?;
    let values = params_from_iter(params.iter().map(|p| p.value()));
    let mut rows = statement.query(values).db()?;
    let row = rows.next().db()?;
    row.map(|row| read(&Row::Sqlite(row))).transpose()
}

/// All rows.
pub(crate) fn many<T>(
    conn: &rusqlite::Connection,
    sql: Statement,
    params: Params<'_>,
    mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = prepare(conn, sql)?;
    let values = params_from_iter(params.iter().map(|p| p.value()));
    let mut rows = statement.query(values).db()?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().db()? {
        found.push(read(&Row::Sqlite(row))?);
    }
    Ok(found)
}

/// Changes rows; gives their number.
pub(crate) fn change(
    conn: &rusqlite::Connection,
    sql: Statement,
    params: Params<'_>,
) -> Result<usize, StoreError> {
    let mut statement = prepare(conn, sql)?;
    let values = params_from_iter(params.iter().map(|p| p.value()));
    statement.execute(values).db()
}
