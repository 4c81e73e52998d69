//! Rows of any table, for copies: their names come from the catalogue.

use candor_ports::StoreError;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params_from_iter};

use super::Db as _;
use crate::copy::{Cell, Column, CopyError};
use crate::db::{Param as _, Value};
use crate::keyring::damaged;

const TABLES: &str = include_str!("../../sql/sqlite/engine/tables.sql");
const COLUMNS: &str = include_str!("../../sql/sqlite/engine/columns.sql");

/// Every table.
pub(crate) fn table_names(conn: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = conn.prepare(TABLES).db()?;
    let names = statement.query_map([], |row| row.get(0)).db()?;
    names.collect::<rusqlite::Result<_>>().db()
}

/// The columns of a table.
pub(crate) fn columns(conn: &Connection, table: &str) -> Result<Vec<Column>, StoreError> {
    let mut statement = conn.prepare(COLUMNS).db()?;
    let columns = statement.query_map([table], |row| {
        Ok(Column {
            name: row.get(0)?,
            key: Some(row.get::<_, i64>(1)?).filter(|at| *at >= 0),
            text: row.get(2)?,
            counted: row.get(3)?,
        })
    });
    columns.db()?.collect::<rusqlite::Result<_>>().db()
}

fn cell(value: ValueRef<'_>) -> Result<Cell, StoreError> {
    Ok(match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Int(number),
        ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text).map_err(|_| damaged("a text"))?;
            Cell::from(Value::Text(text))
        }
        ValueRef::Real(_) => return Err(damaged("a number")),
    })
}

/// Each row of a statement as it comes.
pub(crate) fn each_row(
    conn: &Connection,
    text: &str,
    take: &mut dyn FnMut(Vec<Cell>) -> Result<(), CopyError>,
) -> Result<(), CopyError> {
    let mut statement = conn.prepare(text).db()?;
    let width = statement.column_count();
    let mut rows = statement.query([]).db()?;
    while let Some(row) = rows.next().db()? {
        let cells: Result<Vec<Cell>, StoreError> = (0..width)
            .map(|at| row.get_ref(at).db().and_then(cell))
            .collect();
        take(cells?)?;
    }
    Ok(())
}

/// Runs a statement with values.
pub(crate) fn put_row(conn: &Connection, text: &str, row: &[Cell]) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(text).db()?;
    let values = params_from_iter(row.iter().map(|c| c.value()));
    statement.execute(values).db().map(|_| ())
}

/// Runs statements without values.
pub(crate) fn batch(conn: &Connection, text: &str) -> Result<(), StoreError> {
    conn.execute_batch(text).db()
}
