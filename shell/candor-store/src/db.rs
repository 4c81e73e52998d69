//! Short words for what is done with a connection all day.
//!
//! Invariant: every failure leaves as a [`StoreError`]; numbers and ids out of the
//! database are checked, since a stolen and returned file may hold anything.

use candor_base::{CaseId, Instant, ProgramSlug};
use candor_ports::StoreError;
use rusqlite::{Connection, OptionalExtension as _, Params, Row};

use crate::error::from_sqlite;
use crate::keyring::damaged;

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

/// One row or none.
pub(crate) fn one<T, P: Params>(
    conn: &Connection,
    sql: &str,
    params: P,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>, StoreError> {
    conn.prepare_cached(sql)
        .and_then(|mut s| s.query_row(params, read).optional())
        .db()
}

/// All rows.
pub(crate) fn many<T, P: Params>(
    conn: &Connection,
    sql: &str,
    params: P,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = conn.prepare_cached(sql).db()?;
    let rows = statement.query_map(params, read).db()?;
    rows.collect::<Result<_, _>>().db()
}

/// Changes rows; gives their number.
pub(crate) fn change<P: Params>(
    conn: &Connection,
    sql: &str,
    params: P,
) -> Result<usize, StoreError> {
    conn.prepare_cached(sql)
        .and_then(|mut s| s.execute(params))
        .db()
}

/// A yes or no question.
pub(crate) fn ask<P: Params>(conn: &Connection, sql: &str, params: P) -> Result<bool, StoreError> {
    one(conn, sql, params, |row| row.get(0)).map(|answer| answer.unwrap_or(false))
}

/// A count as the database stores it.
pub(crate) fn int(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::Failed("a number is too large".to_owned()))
}

/// A stored count.
pub(crate) fn count(value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| damaged("a number"))
}

/// A stored instant.
pub(crate) fn instant(unix: i64) -> Result<Instant, StoreError> {
    Instant::from_unix(unix).map_err(|_| damaged("an instant"))
}

/// A stored program name.
pub(crate) fn slug(text: &str) -> Result<ProgramSlug, StoreError> {
    text.parse().map_err(|_| damaged("a program name"))
}

/// Program and case out of the first two columns.
pub(crate) fn program_and_case(row: &Row<'_>) -> rusqlite::Result<(String, [u8; 16])> {
    Ok((row.get(0)?, row.get(1)?))
}

/// Both as typed ids.
pub(crate) fn named(
    (program, case): (String, [u8; 16]),
) -> Result<(ProgramSlug, CaseId), StoreError> {
    Ok((slug(&program)?, CaseId::from_bytes(case)))
}
