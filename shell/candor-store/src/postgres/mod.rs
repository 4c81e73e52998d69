//! The engine of many machines: PostgreSQL, one writer a process that takes turns with
//! the writers of all others, readers beside it.
//!
//! Invariants: a caller is answered after the COMMIT; whoever writes holds the lock on the
//! row of the instance, so all writes of all processes come one after another, and unique
//! keys and the heads of the chains refuse what came too late all the same; every wait has
//! an end. Nothing here runs, no thread and no memory, unless a database is named.
//!
//! Deliberately absent: files. Bodies of every size lie in the database.

mod address;
mod copying;
mod error;
mod link;
mod opening;
mod readers;
#[cfg(test)]
mod tests;
mod tls;
mod wait;
mod writer;

use candor_ports::StoreError;
use tokio_postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};

use crate::db::{Params, Row, Value};
use crate::keyring::damaged;
use crate::sql::Statement;

pub use address::DatabaseUrl;
pub(crate) use copying::{alone, columns, each_row, others, put_row, table_names};
pub(crate) use link::{Link, Session};
pub(crate) use opening::{
    AHEAD, Found, Migrating, Opened, TURN, has_data, known, look, migrate, names, open, schema_of,
};
pub(crate) use readers::Readers;
pub(crate) use writer::Writer;

/// A value as the driver sends it.
#[derive(Debug)]
struct Sent<'v>(Value<'v>);

impl ToSql for Sent<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(number) => number.to_sql(ty, out),
            Value::Text(text) => text.to_sql(ty, out),
            Value::Bytes(bytes) => bytes.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        // Each statement says of what kind its values are; a test prepares them all.
        [Type::INT8, Type::TEXT, Type::BYTEA].contains(ty)
    }

    to_sql_checked!();
}

/// A value that outlives the call that sends it.
#[derive(Debug)]
enum Kept {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Kept {
    fn of(value: Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Int(number) => Self::Int(number),
            Value::Text(text) => Self::Text(text.to_owned()),
            Value::Bytes(bytes) => Self::Bytes(bytes.to_vec()),
        }
    }

    fn sent(&self) -> Sent<'_> {
        Sent(match self {
            Self::Null => Value::Null,
            Self::Int(number) => Value::Int(*number),
            Self::Text(text) => Value::Text(text),
            Self::Bytes(bytes) => Value::Bytes(bytes),
        })
    }
}

fn sent(params: Params<'_>) -> Vec<Sent<'_>> {
    params.iter().map(|p| Sent(p.value())).collect()
}

/// A column of a row.
pub(crate) fn column(row: &tokio_postgres::Row, at: usize) -> Result<Value<'_>, StoreError> {
    let kind = row.columns().get(at).map(tokio_postgres::Column::type_);
    let other = |_| damaged("a column");
    Ok(match kind {
        Some(&Type::INT8) => row
            .try_get::<_, Option<i64>>(at)
            .map_err(other)?
            .map_or(Value::Null, Value::Int),
        Some(&Type::BOOL) => row
            .try_get::<_, Option<bool>>(at)
            .map_err(other)?
            .map_or(Value::Null, |yes| Value::Int(i64::from(yes))),
        Some(&Type::TEXT) => row
            .try_get::<_, Option<&str>>(at)
            .map_err(other)?
            .map_or(Value::Null, Value::Text),
        Some(&Type::BYTEA) => row
            .try_get::<_, Option<&[u8]>>(at)
            .map_err(other)?
            .map_or(Value::Null, Value::Bytes),
        _ => return Err(damaged("a column")),
    })
}

/// One row or none.
pub(crate) fn one<T>(
    session: &Session,
    sql: Statement,
    params: Params<'_>,
    read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let rows = session.query(sql.postgres, &sent(params))?;
    rows.first()
        .map(|row| read(&Row::Postgres(row)))
        .transpose()
}

/// All rows.
pub(crate) fn many<T>(
    session: &Session,
    sql: Statement,
    params: Params<'_>,
    mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut found = Vec::new();
    session.each(sql.postgres, &sent(params), |row| {
        found.push(read(&Row::Postgres(&row))?);
        Ok(())
    })?;
    Ok(found)
}

/// Changes rows; gives their number.
pub(crate) fn change(
    session: &Session,
    sql: Statement,
    params: Params<'_>,
) -> Result<usize, StoreError> {
    let changed = session.execute(sql.postgres, &sent(params))?;
    usize::try_from(changed).map_err(|_| damaged("a count"))
}

/// Changes rows and waits for nothing: what fails is told with a later answer.
pub(crate) fn put(session: &Session, sql: Statement, params: Params<'_>) -> Result<(), StoreError> {
    let values = params.iter().map(|p| Kept::of(p.value())).collect();
    session.send_off(sql.postgres, values)
}
