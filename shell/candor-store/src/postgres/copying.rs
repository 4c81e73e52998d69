//! Rows of any table, for copies: their names come from the catalogue.

use std::sync::Arc;

use candor_ports::StoreError;

use super::address::DatabaseUrl;
use super::link::{Link, Session};
use super::{Sent, column};
use crate::copy::{Cell, Column, CopyError};
use crate::db::{Param as _, Value};
use crate::keyring::damaged;

const TABLES: &str = include_str!("../../sql/postgres/engine/tables.sql");
const COLUMNS: &str = include_str!("../../sql/postgres/engine/columns.sql");
const OTHERS: &str = include_str!("../../sql/postgres/engine/others.sql");

/// A connection of its own. The link must live as long as it.
pub(crate) fn alone(url: &DatabaseUrl) -> Result<(Arc<Link>, Session), StoreError> {
    let link = Link::start(url).map_err(|why| StoreError::Unwritable(why.to_string()))?;
    let session = link.connect().map_err(StoreError::Unwritable)?;
    Ok((link, session))
}

/// How many others are connected to the same database.
pub(crate) fn others(session: &Session) -> Result<u64, StoreError> {
    let rows = session.query(OTHERS, &[])?;
    let number = rows.first().and_then(|row| row.try_get::<_, i64>(0).ok());
    number
        .and_then(|number| u64::try_from(number).ok())
        .ok_or_else(|| damaged("a count"))
}

/// Every table.
pub(crate) fn table_names(session: &Session) -> Result<Vec<String>, StoreError> {
    let rows = session.query(TABLES, &[])?;
    rows.iter()
        .map(|row| row.try_get(0).map_err(|_| damaged("a name")))
        .collect()
}

/// The columns of a table.
pub(crate) fn columns(session: &Session, table: &str) -> Result<Vec<Column>, StoreError> {
    let rows = session.query(COLUMNS, &[Sent(Value::Text(table))])?;
    let read = |row: &tokio_postgres::Row| {
        Ok::<_, tokio_postgres::Error>(Column {
            name: row.try_get(0)?,
            key: Some(row.try_get::<_, i64>(1)?).filter(|at| *at >= 0),
            text: row.try_get(2)?,
            counted: row.try_get(3)?,
        })
    };
    rows.iter()
        .map(|row| read(row).map_err(|_| damaged("a column")))
        .collect()
}

/// Each row of a statement as it comes.
pub(crate) fn each_row(
    session: &Session,
    text: &str,
    take: &mut dyn FnMut(Vec<Cell>) -> Result<(), CopyError>,
) -> Result<(), CopyError> {
    let mut failed = None;
    let ended = session.each(text, &[], |row| {
        let cells: Result<Vec<Cell>, StoreError> = (0..row.len())
            .map(|at| column(&row, at).map(Cell::from))
            .collect();
        take(cells?).map_err(|why| {
            failed = Some(why);
            StoreError::Failed("the copy was given up".to_owned())
        })
    });
    match failed {
        Some(why) => Err(why),
        None => Ok(ended?),
    }
}

/// Runs a statement with values.
pub(crate) fn put_row(session: &Session, text: &str, row: &[Cell]) -> Result<(), StoreError> {
    let values: Vec<Sent<'_>> = row.iter().map(|c| Sent(c.value())).collect();
    session.execute(text, &values).map(|_| ())
}
