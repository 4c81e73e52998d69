//! Which tables a copy holds, and the words in which rows are read and written.
//!
//! Tables and columns are found in the catalogue of the database, so that none can be
//! forgotten; the words are made from those names. Each table must be named in here all the
//! same: a test compares, so that somebody thinks of its order and of whether it is copied.

use candor_ports::StoreError;

use super::CopyError;
use super::format::Cell;
use crate::db::Connection;
use crate::{postgres, sqlite};

/// Tables that others refer to come before those. One that is not named comes last.
pub(super) const ORDER: &[&str] = &[
    "instance",
    "program",
    "policy",
    "policy_act",
    "cases",
    "case_read",
    "history_account",
    "event",
    "blob",
    "receipt",
    "log_leaf",
    "log_tile",
    "log_checkpoint",
    "log_state",
    "outbox",
    "publication",
    "account",
    "sign_in",
    "held_mail",
    "session",
    "setting",
];

/// Not copied: the target gets its own with its schema; what counts for a day at most; the
/// mark of an unfinished copy; what cases are found by, which is made anew and which either
/// engine keeps in its own form.
pub(super) const LEFT_OUT: &[&str] = &[
    "schema_version",
    "counter",
    UNFINISHED,
    "search_case",
    "search_part",
    "search_token",
    "search_token_config",
    "search_token_data",
    "search_token_docsize",
    "search_token_idx",
];

/// The table that says, in a database, that a copy into it is not finished.
pub(crate) const UNFINISHED: &str = "unfinished_copy";

/// Signed in before a backup: no longer after it was put back.
pub(super) const SESSIONS: &str = "session";

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    /// Its name.
    pub(crate) name: String,
    /// Its place in the primary key.
    pub(crate) key: Option<i64>,
    /// It holds texts.
    pub(crate) text: bool,
    /// The database counts it by itself.
    pub(crate) counted: bool,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) name: String,
    /// By name.
    pub(super) columns: Vec<Column>,
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Shape {
    fn table(&self) -> String {
        quoted(&self.name)
    }

    /// All rows, in the order of the primary key: the same on either engine.
    pub(super) fn select(&self, conn: &Connection<'_>) -> String {
        let columns: Vec<String> = self.columns.iter().map(|c| quoted(&c.name)).collect();
        let mut key: Vec<&Column> = self.columns.iter().filter(|c| c.key.is_some()).collect();
        key.sort_by_key(|c| c.key);
        let order: Vec<String> = key
            .into_iter()
            .map(|c| match conn {
                Connection::Postgres(_) if c.text => format!("{} COLLATE \"C\"", quoted(&c.name)),
                _ => quoted(&c.name),
            })
            .collect();
        let order = if order.is_empty() {
            String::new()
        } else {
            format!(" ORDER BY {}", order.join(", "))
        };
        format!("SELECT {} FROM {}{order}", columns.join(", "), self.table())
    }

    /// Puts in one row of these columns.
    pub(super) fn insert(&self, conn: &Connection<'_>, columns: &[String]) -> String {
        let names: Vec<String> = columns.iter().map(|c| quoted(c)).collect();
        let (mark, overriding) = match conn {
            Connection::Sqlite(_) => ('?', ""),
            Connection::Postgres(_) => ('$', " OVERRIDING SYSTEM VALUE"),
        };
        let marks: Vec<String> = (1..=columns.len()).map(|n| format!("{mark}{n}")).collect();
        format!(
            "INSERT INTO {} ({}){overriding} VALUES ({})",
            self.table(),
            names.join(", "),
            marks.join(", ")
        )
    }

    pub(super) fn count(&self) -> String {
        format!("SELECT count(*) FROM {}", self.table())
    }

    pub(super) fn clear(&self) -> String {
        format!("DELETE FROM {}", self.table())
    }

    /// Lets the database count on after the rows that were put in.
    pub(super) fn count_on(&self) -> Vec<String> {
        let counted = self.columns.iter().filter(|c| c.counted);
        counted
            .map(|c| {
                format!(
                    "SELECT setval(pg_get_serial_sequence('{}', '{}'), \
                     coalesce(max({col}), 1), max({col}) IS NOT NULL) FROM {}",
                    self.name,
                    c.name,
                    self.table(),
                    col = quoted(&c.name),
                )
            })
            .collect()
    }
}

/// Every table that is copied, in its order.
pub(super) fn shapes(conn: &Connection<'_>) -> Result<Vec<Shape>, StoreError> {
    let mut names = table_names(conn)?;
    names.retain(|name| !LEFT_OUT.contains(&name.as_str()));
    let place = |name: &String| ORDER.iter().position(|o| o == name).unwrap_or(ORDER.len());
    names.sort_by_key(place);
    names
        .into_iter()
        .map(|name| {
            let columns = columns(conn, &name)?;
            Ok(Shape { name, columns })
        })
        .collect()
}

/// Every table there is.
pub(super) fn table_names(conn: &Connection<'_>) -> Result<Vec<String>, StoreError> {
    match conn {
        Connection::Sqlite(conn) => sqlite::table_names(conn),
        Connection::Postgres(session) => postgres::table_names(session),
    }
}

fn columns(conn: &Connection<'_>, table: &str) -> Result<Vec<Column>, StoreError> {
    match conn {
        Connection::Sqlite(conn) => sqlite::columns(conn, table),
        Connection::Postgres(session) => postgres::columns(session, table),
    }
}

/// Each row of a statement as it comes.
pub(super) fn each(
    conn: &Connection<'_>,
    text: &str,
    take: &mut dyn FnMut(Vec<Cell>) -> Result<(), CopyError>,
) -> Result<(), CopyError> {
    match conn {
        Connection::Sqlite(conn) => sqlite::each_row(conn, text, take),
        Connection::Postgres(session) => postgres::each_row(session, text, take),
    }
}

/// Runs a statement with values.
pub(super) fn put(conn: &Connection<'_>, text: &str, row: &[Cell]) -> Result<(), StoreError> {
    match conn {
        Connection::Sqlite(conn) => sqlite::put_row(conn, text, row),
        Connection::Postgres(session) => postgres::put_row(session, text, row),
    }
}

/// Runs statements without values.
pub(super) fn batch(conn: &Connection<'_>, text: &str) -> Result<(), StoreError> {
    match conn {
        Connection::Sqlite(conn) => sqlite::batch(conn, text),
        Connection::Postgres(session) => session.batch(text),
    }
}

/// The one number or text that a statement gives.
pub(super) fn one_cell(conn: &Connection<'_>, text: &str) -> Result<Option<Cell>, CopyError> {
    let mut found = None;
    each(conn, text, &mut |row| {
        found = row.into_iter().next();
        Ok(())
    })?;
    Ok(found)
}
