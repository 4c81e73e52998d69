//! Short words for what is done with a connection all day, whichever engine it leads to.
//!
//! Everything above this file speaks of statements by name, of [`params!`] and of columns;
//! only the folders `sqlite` and `postgres` know a driver.
//!
//! Invariant: every failure leaves as a [`StoreError`]; numbers and ids out of the
//! database are checked, since a stolen and returned database may hold anything.

use candor_base::{AccountId, CaseId, Instant, ProgramSlug};
use candor_ports::StoreError;

use crate::keyring::damaged;
use crate::sql::Statement;
use crate::{postgres, sqlite};

/// A connection inside a transaction.
pub(crate) enum Connection<'c> {
    /// To a SQLite file.
    Sqlite(&'c rusqlite::Connection),
    /// To a PostgreSQL database.
    Postgres(&'c postgres::Session),
}

/// A row that was found.
pub(crate) enum Row<'r> {
    /// In a SQLite file.
    Sqlite(&'r rusqlite::Row<'r>),
    /// In a PostgreSQL database.
    Postgres(&'r tokio_postgres::Row),
}

/// A value on its way into a statement, or out of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value<'v> {
    /// Nothing.
    Null,
    /// A number.
    Int(i64),
    /// A text.
    Text(&'v str),
    /// Bytes.
    Bytes(&'v [u8]),
}

/// What can be given to a statement.
pub(crate) trait Param {
    /// As the database takes it.
    fn value(&self) -> Value<'_>;
}

/// The values of a statement, in order.
pub(crate) type Params<'p> = &'p [&'p dyn Param];

/// `params![a, b]`: the values of a statement, in order.
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$(&$value as &dyn $crate::db::Param),*] as &[&dyn $crate::db::Param]
    };
}
pub(crate) use params;

impl Param for i64 {
    fn value(&self) -> Value<'_> {
        Value::Int(*self)
    }
}

impl Param for u32 {
    fn value(&self) -> Value<'_> {
        Value::Int(i64::from(*self))
    }
}

impl Param for str {
    fn value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl Param for String {
    fn value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl Param for [u8] {
    fn value(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl Param for Vec<u8> {
    fn value(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl<const N: usize> Param for [u8; N] {
    fn value(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl Param for AccountId {
    fn value(&self) -> Value<'_> {
        Value::Bytes(self.as_bytes())
    }
}

impl<T: Param + ?Sized> Param for &T {
    fn value(&self) -> Value<'_> {
        (**self).value()
    }
}

impl<T: Param> Param for Option<T> {
    fn value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, Param::value)
    }
}

/// What can be read out of a column.
pub(crate) trait Column: Sized {
    /// Out of a stored value; `None` when it is of another kind or size.
    fn read(value: Value<'_>) -> Option<Self>;
}

impl Column for i64 {
    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Int(number) => Some(number),
            _ => None,
        }
    }
}

impl Column for u32 {
    fn read(value: Value<'_>) -> Option<Self> {
        i64::read(value).and_then(|number| Self::try_from(number).ok())
    }
}

impl Column for bool {
    fn read(value: Value<'_>) -> Option<Self> {
        i64::read(value).map(|number| number != 0)
    }
}

impl Column for String {
    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.to_owned()),
            _ => None,
        }
    }
}

impl Column for Vec<u8> {
    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => Some(bytes.to_vec()),
            _ => None,
        }
    }
}

impl<const N: usize> Column for [u8; N] {
    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => bytes.try_into().ok(),
            _ => None,
        }
    }
}

impl<T: Column> Column for Option<T> {
    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::read(value).map(Some),
        }
    }
}

impl Row<'_> {
    /// The column at this place, counted from 0.
    pub(crate) fn get<T: Column>(&self, at: usize) -> Result<T, StoreError> {
        let value = match self {
            Self::Sqlite(row) => sqlite::column(row, at)?,
            Self::Postgres(row) => postgres::column(row, at)?,
        };
        T::read(value).ok_or_else(|| StoreError::Damaged("a column of another kind".to_owned()))
    }
}

/// One row or none.
pub(crate) fn one<T>(
    conn: &Connection<'_>,
    sql: Statement,
    params: Params<'_>,
    read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    match conn {
        Connection::Sqlite(conn) => sqlite::one(conn, sql, params, read),
        Connection::Postgres(session) => postgres::one(session, sql, params, read),
    }
}

/// All rows.
pub(crate) fn many<T>(
    conn: &Connection<'_>,
    sql: Statement,
    params: Params<'_>,
    read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    match conn {
        Connection::Sqlite(conn) => sqlite::many(conn, sql, params, read),
        Connection::Postgres(session) => postgres::many(session, sql, params, read),
    }
}

/// Changes rows; gives their number.
pub(crate) fn change(
    conn: &Connection<'_>,
    sql: Statement,
    params: Params<'_>,
) -> Result<usize, StoreError> {
    match conn {
        Connection::Sqlite(conn) => sqlite::change(conn, sql, params),
        Connection::Postgres(session) => postgres::change(session, sql, params),
    }
}

/// Changes rows whose number nobody asks for, inside a transaction. On PostgreSQL the answer is
/// not waited for: a failure is told by a later statement or at the end of the transaction's
/// job, which takes everything of the job back.
pub(crate) fn put(
    conn: &Connection<'_>,
    sql: Statement,
    params: Params<'_>,
) -> Result<(), StoreError> {
    match conn {
        Connection::Sqlite(conn) => sqlite::change(conn, sql, params).map(|_| ()),
        Connection::Postgres(session) => postgres::put(session, sql, params),
    }
}

/// A yes or no question.
pub(crate) fn ask(
    conn: &Connection<'_>,
    sql: Statement,
    params: Params<'_>,
) -> Result<bool, StoreError> {
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
pub(crate) fn program_and_case(row: &Row<'_>) -> Result<(String, [u8; 16]), StoreError> {
    Ok((row.get(0)?, row.get(1)?))
}

/// Both as typed ids.
pub(crate) fn named(
    (program, case): (String, [u8; 16]),
) -> Result<(ProgramSlug, CaseId), StoreError> {
    Ok((slug(&program)?, CaseId::from_bytes(case)))
}
