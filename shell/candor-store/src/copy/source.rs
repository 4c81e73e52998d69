//! Where a copy comes from: every row as one snapshot shows it, whoever writes meanwhile.
//!
//! Invariants: reads only; takes no lock that a running server would feel; one row, with
//! the file that it names, is in memory at a time.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use candor_base::Instant;
use candor_ports::{Objects, StoreError};

use super::CopyError;
use super::format::{Cell, Header, Item, TableHead};
use super::tables::{self, Shape};
use crate::bodies::Bodies;
use crate::db::{Connection, one, params};
use crate::history::{self, key_check};
use crate::key::InstanceKey;
use crate::postgres::DatabaseUrl;
use crate::room::{At, BODIES_AT};
use crate::{postgres, sql, sqlite};

/// The table of settings.
const SETTINGS: &str = "setting";

/// One snapshot, that stands still however long it takes to read.
const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; \
    SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0";

/// A data folder or a database.
#[derive(Debug, Clone)]
pub(super) enum Place {
    Folder(PathBuf),
    Database(Box<DatabaseUrl>),
}

/// Data to be copied. Servers may be running with it.
#[derive(Debug, Clone)]
pub struct Origin {
    pub(super) place: Place,
    pub(super) bucket: Option<Arc<dyn Objects>>,
}

impl Origin {
    /// A data folder.
    pub fn folder(path: &Path) -> Self {
        Self {
            place: Place::Folder(path.to_owned()),
            bucket: None,
        }
    }

    /// A database.
    pub fn database(url: &DatabaseUrl) -> Self {
        Self {
            place: Place::Database(Box::new(url.clone())),
            bucket: None,
        }
    }

    /// With the bucket in which its large bodies lie.
    #[must_use]
    pub fn with_bucket(self, bucket: Option<Arc<dyn Objects>>) -> Self {
        Self { bucket, ..self }
    }

    /// Its bodies: in files of this folder, and in the room that the data names.
    fn bodies(
        &self,
        files: Bodies,
        conn: &Connection<'_>,
        key: &InstanceKey,
    ) -> Result<Bodies, CopyError> {
        let Some(at) = At::kept(conn, key)? else {
            return Ok(files);
        };
        let shown = match &self.place {
            Place::Folder(folder) => folder.display().to_string(),
            Place::Database(url) => url.place(),
        };
        Ok(files.in_room(at.enter(self.bucket.clone(), &shown)?))
    }

    /// How many others are connected to the database; nobody else can hold a data folder
    /// while its lock is held.
    pub fn others(&self) -> Result<u64, CopyError> {
        match &self.place {
            Place::Folder(_) => Ok(0),
            Place::Database(url) => {
                let (_link, session) = postgres::alone(url)?;
                Ok(postgres::others(&session)?)
            }
        }
    }

    /// Gives everything on, out of one snapshot; gives the number of texts and files that
    /// are gone.
    pub(super) fn each(
        &self,
        key: &InstanceKey,
        made: Instant,
        take: &mut dyn FnMut(Item) -> Result<(), CopyError>,
    ) -> Result<u64, CopyError> {
        match &self.place {
            Place::Folder(folder) => {
                let path = folder.join(sqlite::DATABASE);
                let failed =
                    |why: rusqlite::Error| CopyError::Store(StoreError::Failed(why.to_string()));
                let conn = sqlite::open_read_only(&path).map_err(failed)?;
                let tx = conn.unchecked_transaction().map_err(failed)?;
                let conn = Connection::Sqlite(&tx);
                let bodies = self.bodies(Bodies::new(folder), &conn, key)?;
                let missing = rows(&conn, &bodies, key, made, take)?;
                tx.finish().map_err(failed)?;
                Ok(missing)
            }
            Place::Database(url) => {
                let (_link, session) = postgres::alone(url)?;
                session.batch(SNAPSHOT)?;
                let conn = Connection::Postgres(&session);
                let bodies = self.bodies(Bodies::none(), &conn, key)?;
                let missing = rows(&conn, &bodies, key, made, take)?;
                session.batch("COMMIT")?;
                Ok(missing)
            }
        }
    }
}

fn rows(
    conn: &Connection<'_>,
    bodies: &Bodies,
    key: &InstanceKey,
    made: Instant,
    take: &mut dyn FnMut(Item) -> Result<(), CopyError>,
) -> Result<u64, CopyError> {
    let shapes = tables::shapes(conn)?;
    take(Item::Header(header(conn, &shapes, key, made)?))?;
    let mut missing = 0_u64;
    for shape in &shapes {
        let head = TableHead {
            name: shape.name.clone(),
            columns: shape.columns.iter().map(|c| c.name.clone()).collect(),
        };
        let body = (head.name == "blob")
            .then(|| Some((head.at("sealed")?, head.at("file")?)))
            .flatten();
        let name = (head.name == SETTINGS).then(|| head.at("key")).flatten();
        take(Item::Table(head))?;
        tables::each(conn, &shape.select(conn), &mut |row| {
            // Where bodies lie is no part of a copy: it has them in it.
            if name.and_then(|at| row.get(at)) == Some(&Cell::Text(BODIES_AT.to_owned())) {
                return Ok(());
            }
            let row = match body {
                Some(at) => with_file(row, at, bodies)?,
                None => Some(row),
            };
            let Some(row) = row else {
                missing = missing.saturating_add(1);
                return Ok(());
            };
            take(Item::Row(row))
        })?;
    }
    Ok(missing)
}

/// The row of a body with its bytes in it, wherever they lie; `None` when they are gone.
fn with_file(
    mut row: Vec<Cell>,
    (sealed, file): (usize, usize),
    bodies: &Bodies,
) -> Result<Option<Vec<Cell>>, CopyError> {
    let name: [u8; 16] = match row.get(file) {
        Some(Cell::Bytes(name)) => match name.as_slice().try_into() {
            Ok(name) => name,
            Err(_) => return Ok(None),
        },
        _ => return Ok(Some(row)),
    };
    let Some(bytes) = bodies.read(&name).map_err(CopyError::Io)? else {
        return Ok(None);
    };
    if let Some(cell) = row.get_mut(sealed) {
        *cell = Cell::Bytes(bytes);
    }
    if let Some(cell) = row.get_mut(file) {
        *cell = Cell::Null;
    }
    Ok(Some(row))
}

/// The schema of what is there, counted as SQLite does.
fn schema(conn: &Connection<'_>) -> Result<u32, StoreError> {
    let found: u32 = one(conn, sql::SCHEMA_VERSION, params![], |row| row.get(0))?.unwrap_or(0);
    Ok(match conn {
        Connection::Sqlite(_) => found,
        Connection::Postgres(_) => found.saturating_add(postgres::AHEAD),
    })
}

fn header(
    conn: &Connection<'_>,
    shapes: &[Shape],
    key: &InstanceKey,
    made: Instant,
) -> Result<Header, CopyError> {
    let schema = schema(conn)?;
    let instance = instance(conn, key, schema)?;
    let mut rows = std::collections::BTreeMap::new();
    for shape in shapes {
        let count = match tables::one_cell(conn, &shape.count())? {
            Some(Cell::Int(count)) => u64::try_from(count).unwrap_or(0),
            _ => 0,
        };
        rows.insert(shape.name.clone(), count);
    }
    Ok(Header {
        schema,
        candor: env!("CARGO_PKG_VERSION").to_owned(),
        // Written like an id.
        instance: candor_base::BlobId::from_bytes(instance).to_string(),
        made: made.unix(),
        rows,
    })
}

/// The id of the instance, whose key this must be.
pub(super) fn instance(
    conn: &Connection<'_>,
    key: &InstanceKey,
    schema: u32,
) -> Result<[u8; 16], CopyError> {
    let found = one(conn, sql::INSTANCE_SELECT, params![], |row| {
        Ok((row.get::<[u8; 16]>(0)?, row.get::<[u8; 32]>(1)?))
    })?;
    let Some((instance, check)) = found else {
        return Err(CopyError::Damaged(
            "the row of the instance is gone".to_owned(),
        ));
    };
    if key_check(key, &instance, schema.min(history::SINCE)) == check {
        Ok(instance)
    } else {
        Err(CopyError::Foreign)
    }
}
