//! Where a copy goes to: an empty data folder or an empty database.
//!
//! Invariants: what is not empty is refused; what was begun and not finished is taken for
//! nothing whole by anybody: in a folder it lies under another name, in a database a table
//! says so. A backup goes in as one transaction; a move goes in in steps, and a step that
//! was done is not done again.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use candor_base::Instant;
use candor_ports::{LETTERS_HELD, Objects, RESTORED_AT, RESTORED_FROM, StoreError};

use super::destination::Destination;
use super::format::{Cell, Header, Item, TableHead};
use super::source::Place;
use super::tables::{self, SESSIONS, Shape, UNFINISHED};
use super::{CopyError, source};
use crate::bodies::{Bodies, FileName};
use crate::db::{Connection, change, params};
use crate::folder;
use crate::history::HistoryKeys;
use crate::key::InstanceKey;
use crate::keyring::{KeyRow, Keyring};
use crate::postgres;
use crate::programs::sealed_setting;
use crate::room::{At, BODIES_AT};
use crate::seal::random;
use crate::{sql, sqlite};

/// How the mark of an unfinished copy says which room in a bucket it uses.
const ROOM: &str = "bodies at ";

/// Rows of a move that become durable together.
const STEP: u32 = 500;
/// Bytes after which they do so earlier.
const HEAVY: usize = 8 * 1024 * 1024;

/// How a copy goes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan {
    /// A backup: whole or not at all. Nobody stays signed in, and no letter leaves before
    /// the operator says so.
    Restore(Instant),
    /// A move: in steps, and to be gone on with.
    Move,
}

impl Plan {
    /// What the mark says of an unfinished copy.
    fn mark(self, header: &Header) -> String {
        match self {
            Self::Restore(_) => format!("restore of {} of {}", header.instance, header.made),
            Self::Move => format!("move of {}", header.instance),
        }
    }
}

/// An open target.
enum Into {
    Folder {
        /// Held until the end.
        _lock: File,
        folder: PathBuf,
        conn: rusqlite::Connection,
    },
    Database {
        _link: Arc<postgres::Link>,
        session: postgres::Session,
        found: postgres::Found,
    },
}

/// The table that rows go into.
struct Open {
    head: TableHead,
    insert: String,
    /// Rows that an earlier run put in already.
    there: u64,
    /// Not put in at all.
    left_out: bool,
    /// Where a body and the name of its file stand.
    body: Option<(usize, usize)>,
}

/// Takes a copy in.
pub(super) struct Loader<'k> {
    into: Into,
    bodies: Bodies,
    /// Where large bodies go, when not into the place itself.
    bucket: Option<Arc<dyn Objects>>,
    /// The room in it.
    at: Option<At>,
    /// What was put there in this run.
    put: Vec<FileName>,
    key: &'k InstanceKey,
    plan: Plan,
    shapes: Vec<Shape>,
    open: Option<Open>,
    done: (u32, usize),
}

fn staging(folder: &Path) -> PathBuf {
    folder.join(sqlite::UNFINISHED)
}

fn sqlite_failed(why: &rusqlite::Error) -> CopyError {
    CopyError::Store(StoreError::Failed(why.to_string()))
}

impl<'k> Loader<'k> {
    /// Opens the target and looks whether it is empty. Changes nothing of what is there.
    pub(super) fn open(
        to: &Destination,
        key: &'k InstanceKey,
        plan: Plan,
    ) -> Result<Self, CopyError> {
        let (into, bodies) = match &to.origin().place {
            Place::Folder(folder) => {
                let lock = folder::hold(folder)?;
                empty(folder)?;
                let conn = begin_folder(folder, plan)?;
                let bodies = Bodies::new(&staging(folder));
                let folder = folder.clone();
                let into = Into::Folder {
                    _lock: lock,
                    folder,
                    conn,
                };
                (into, bodies)
            }
            Place::Database(url) => {
                let (link, session) = postgres::alone(url)?;
                session.batch(postgres::TURN)?;
                let found = postgres::look(&session, Path::new(&url.place()))?;
                if (found.ours && !found.unfinished) || found.foreign {
                    return Err(CopyError::NotEmpty(url.place()));
                }
                let into = Into::Database {
                    _link: link,
                    session,
                    found,
                };
                (into, Bodies::none())
            }
        };
        Ok(Self {
            into,
            bodies,
            bucket: to.origin().bucket.clone(),
            at: None,
            put: Vec::new(),
            key,
            plan,
            shapes: Vec::new(),
            open: None,
            done: (0, 0),
        })
    }

    fn conn(&self) -> Connection<'_> {
        match &self.into {
            Into::Folder { conn, .. } => Connection::Sqlite(conn),
            Into::Database { session, .. } => Connection::Postgres(session),
        }
    }

    /// The next thing.
    pub(super) fn take(&mut self, item: Item) -> Result<(), CopyError> {
        match item {
            Item::Header(header) => self.begin(&header),
            Item::Table(head) => self.table(head),
            Item::Row(row) => self.row(row),
        }
    }

    /// Makes the schema of the copy, or goes on with what is there.
    fn begin(&mut self, header: &Header) -> Result<(), CopyError> {
        let known = sqlite::known();
        if header.schema > known {
            return Err(CopyError::NewerSchema {
                found: header.schema,
                known,
            });
        }
        let mark = self.plan.mark(header);
        let there = match &self.into {
            Into::Folder { conn, .. } => sqlite::table_names(conn)?
                .iter()
                .any(|name| name == UNFINISHED),
            Into::Database { found, .. } => found.unfinished,
        };
        if there {
            let text = format!("SELECT what FROM {UNFINISHED} WHERE what NOT LIKE '{ROOM}%'");
            let found = tables::one_cell(&self.conn(), &text)?;
            if found != Some(Cell::Text(mark)) {
                return Err(CopyError::OtherUnfinished);
            }
        } else {
            self.create(header.schema)?;
            tables::batch(
                &self.conn(),
                &format!("CREATE TABLE {UNFINISHED} (what TEXT NOT NULL)"),
            )?;
            self.note(mark)?;
        }
        self.take_room(there)?;
        self.shapes = tables::shapes(&self.conn())?;
        if !there {
            // What the migrations put in comes with the copy.
            for shape in self.shapes.iter().rev() {
                tables::batch(&self.conn(), &shape.clear())?;
            }
        }
        Ok(())
    }

    /// Writes something into the mark of an unfinished copy.
    fn note(&self, what: String) -> Result<(), CopyError> {
        let column = ["what".to_owned()];
        let shape = Shape {
            name: UNFINISHED.to_owned(),
            columns: Vec::new(),
        };
        let insert = shape.insert(&self.conn(), &column);
        Ok(tables::put(&self.conn(), &insert, &[Cell::Text(what)])?)
    }

    /// Takes a new room in the bucket, or that of the run before.
    fn take_room(&mut self, there: bool) -> Result<(), CopyError> {
        let text = format!("SELECT what FROM {UNFINISHED} WHERE what LIKE '{ROOM}%'");
        let before = match tables::one_cell(&self.conn(), &text)? {
            Some(Cell::Text(text)) => Some(At::parse(text.strip_prefix(ROOM).unwrap_or_default())?),
            _ => None,
        };
        let at = match (before, &self.bucket) {
            (None, None) => return Ok(()),
            (Some(at), Some(bucket)) if at.place == bucket.place() => at,
            (None, Some(bucket)) if !there => {
                let at = At::new(bucket.as_ref())?;
                self.note(format!("{ROOM}{at}"))?;
                if self.plan == Plan::Move {
                    // Durable before the first object, so that none is ever forgotten.
                    self.step()?;
                }
                at
            }
            _ => return Err(CopyError::OtherUnfinished),
        };
        let room = at.clone().enter(self.bucket.clone(), "the copy")?;
        self.at = Some(at);
        let files = std::mem::replace(&mut self.bodies, Bodies::none());
        self.bodies = files.in_room(room);
        Ok(())
    }

    fn create(&self, schema: u32) -> Result<(), CopyError> {
        match &self.into {
            Into::Folder { conn, .. } => {
                sqlite::migrate(conn, 0, schema, &|_, _| Ok(()))?;
                conn.execute_batch("BEGIN IMMEDIATE")
                    .map_err(|why| sqlite_failed(&why))
            }
            Into::Database { session, .. } => {
                session.batch("CREATE SCHEMA IF NOT EXISTS candor")?;
                let until = schema.saturating_sub(postgres::AHEAD);
                Ok(postgres::migrate(session, 0, until)?)
            }
        }
    }

    fn table(&mut self, head: TableHead) -> Result<(), CopyError> {
        let shape = self.shapes.iter().find(|s| s.name == head.name);
        let fits = |s: &&Shape| s.columns.iter().map(|c| &c.name).eq(head.columns.iter());
        let Some(shape) = shape.filter(fits) else {
            return Err(CopyError::Damaged(format!(
                "its table {} is not one of this schema",
                head.name
            )));
        };
        let there = match tables::one_cell(&self.conn(), &shape.count())? {
            Some(Cell::Int(count)) => u64::try_from(count).unwrap_or(0),
            _ => 0,
        };
        let body = (head.name == "blob")
            .then(|| Some((head.at("sealed")?, head.at("file")?)))
            .flatten();
        self.open = Some(Open {
            insert: shape.insert(&self.conn(), &head.columns),
            there,
            left_out: head.name == SESSIONS && matches!(self.plan, Plan::Restore(_)),
            body,
            head,
        });
        Ok(())
    }

    fn row(&mut self, mut row: Vec<Cell>) -> Result<(), CopyError> {
        let Some(open) = &mut self.open else {
            return Ok(());
        };
        if open.there > 0 {
            open.there -= 1;
            return Ok(());
        }
        if open.left_out {
            return Ok(());
        }
        if row.len() != open.head.columns.len() {
            return Err(CopyError::Damaged("a row is of another form".to_owned()));
        }
        let size: usize = row.iter().map(weight).sum();
        if let Some(at) = open.body {
            let name = into_file(&mut row, at, &self.bodies)?;
            if self.at.is_some() {
                self.put.extend(name);
            }
        }
        let insert = open.insert.clone();
        tables::put(&self.conn(), &insert, &row)?;
        if self.plan == Plan::Move {
            self.done.0 += 1;
            self.done.1 = self.done.1.saturating_add(size);
            if self.done.0 >= STEP || self.done.1 >= HEAVY {
                self.done = (0, 0);
                self.step()?;
            }
        }
        Ok(())
    }

    /// Makes durable what was done, and goes on.
    fn step(&self) -> Result<(), CopyError> {
        tables::batch(&self.conn(), "COMMIT")?;
        Ok(tables::batch(&self.conn(), "BEGIN")?)
    }

    /// Takes back what a refused backup left. What cannot be taken back stays unfinished.
    pub(super) fn discard(self) {
        self.bodies.discard(&self.put);
        match self.into {
            Into::Folder {
                folder,
                conn,
                _lock,
            } => {
                drop(conn);
                let _ = fs::remove_dir_all(staging(&folder));
            }
            Into::Database { session, .. } => {
                let _ = session.batch("ROLLBACK");
            }
        }
    }

    /// Makes it whole. Everything that was given must have been found good before.
    pub(super) fn finish(self, header: &Header) -> Result<(), CopyError> {
        {
            let conn = self.conn();
            source::instance(&conn, self.key, header.schema)?;
            let check = HistoryKeys::new(self.key).check_since(&conn, header.schema)?;
            if !check.holds() {
                return Err(CopyError::Damaged(
                    "the account over all histories does not hold".to_owned(),
                ));
            }
            if let Plan::Restore(now) = self.plan {
                let settings = restored(header, now);
                put_settings(&conn, self.key, &settings)?;
            }
            if let Some(at) = &self.at {
                put_settings(&conn, self.key, &[(BODIES_AT, at.to_string())])?;
            }
            if matches!(conn, Connection::Postgres(_)) {
                for text in self.shapes.iter().flat_map(Shape::count_on) {
                    tables::one_cell(&conn, &text)?;
                }
            }
            tables::batch(&conn, &format!("DROP TABLE {UNFINISHED}"))?;
            tables::batch(&conn, "COMMIT")?;
        }
        match self.into {
            Into::Folder {
                folder,
                conn,
                _lock,
            } => into_place(&folder, conn),
            Into::Database { .. } => Ok(()),
        }
    }
}

fn weight(cell: &Cell) -> usize {
    match cell {
        Cell::Null | Cell::Int(_) => 8,
        Cell::Text(text) => text.len(),
        Cell::Bytes(bytes) => bytes.len(),
    }
}

/// The settings that a restored store is known by.
fn restored(header: &Header, now: Instant) -> [(&'static str, String); 3] {
    [
        (RESTORED_AT, now.unix().to_string()),
        (RESTORED_FROM, header.made.to_string()),
        (LETTERS_HELD, now.unix().to_string()),
    ]
}

fn put_settings(
    conn: &Connection<'_>,
    key: &InstanceKey,
    settings: &[(&str, String)],
) -> Result<(), CopyError> {
    let stable = KeyRow::read(conn)?.stable(key)?;
    let keys = Keyring::new(key, &stable);
    for (name, value) in settings {
        let sealed = sealed_setting(&keys, name, value)?;
        change(conn, sql::SETTING_UPSERT, params![name, sealed])?;
    }
    Ok(())
}

/// Large bodies go into files or objects, where there are such; gives the name.
fn into_file(
    row: &mut [Cell],
    (sealed, file): (usize, usize),
    bodies: &Bodies,
) -> Result<Option<FileName>, CopyError> {
    let Some(Cell::Bytes(bytes)) = row.get(sealed) else {
        return Err(CopyError::Damaged("a text or file is empty".to_owned()));
    };
    if bodies.is_inline(bytes.len()) {
        return Ok(None);
    }
    let name: FileName =
        random().map_err(|why| CopyError::Store(StoreError::Failed(why.to_string())))?;
    bodies.write(&name, bytes).map_err(CopyError::Io)?;
    if let Some(cell) = row.get_mut(sealed) {
        *cell = Cell::Null;
    }
    if let Some(cell) = row.get_mut(file) {
        *cell = Cell::Bytes(name.to_vec());
    }
    Ok(Some(name))
}

/// Nothing but what an unfinished copy leaves may lie in the folder.
fn empty(folder: &Path) -> Result<(), CopyError> {
    let unfinished = staging(folder).exists();
    for entry in fs::read_dir(folder).map_err(CopyError::Io)? {
        let name = entry.map_err(CopyError::Io)?.file_name();
        let ours =
            name == "candor.lock" || name == sqlite::UNFINISHED || (name == "blobs" && unfinished);
        if !ours {
            return Err(CopyError::NotEmpty(folder.display().to_string()));
        }
    }
    Ok(())
}

/// The database in the making: a new one, or for a move the one that is there.
fn begin_folder(folder: &Path, plan: Plan) -> Result<rusqlite::Connection, CopyError> {
    let place = staging(folder);
    let path = place.join(sqlite::DATABASE);
    // Bodies that were moved into place before the database could follow.
    let early = folder.join("blobs");
    if matches!(plan, Plan::Restore(_)) {
        // The lock says that nobody else works on it.
        for old in [&place, &early] {
            if old.exists() {
                fs::remove_dir_all(old).map_err(CopyError::Io)?;
            }
        }
    } else if path.exists() && !is_marked(&path)? {
        // Cut off before its first step.
        fs::remove_dir_all(&place).map_err(CopyError::Io)?;
    } else if early.exists() {
        fs::rename(&early, place.join("blobs")).map_err(CopyError::Io)?;
    }
    folder::make_private(&place).map_err(CopyError::Io)?;
    if !path.exists() {
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        folder::owner_only(&mut options);
        options.open(&path).map_err(CopyError::Io)?;
    }
    let flags =
        rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = (|| {
        let conn = rusqlite::Connection::open_with_flags(&path, flags)?;
        conn.pragma_update(None, "application_id", sqlite::APPLICATION_ID)?;
        conn.pragma_update(None, "foreign_keys", true)?;
        conn.pragma_update(None, "temp_store", "MEMORY")?;
        // A backup that is cut off is begun anew, a move goes on from its last step.
        let journal = if plan == Plan::Move {
            "DELETE"
        } else {
            "MEMORY"
        };
        conn.pragma_update(None, "journal_mode", journal)?;
        if sqlite::table_names(&conn).is_ok_and(|names| names.iter().any(|n| n == UNFINISHED)) {
            conn.execute_batch("BEGIN IMMEDIATE")?;
        }
        Ok(conn)
    })();
    opened.map_err(|why: rusqlite::Error| sqlite_failed(&why))
}

/// Whether a step of a move stands in this database.
fn is_marked(path: &Path) -> Result<bool, CopyError> {
    // Not read-only: a journal that a cut-off step left must be rolled back first.
    let flags =
        rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn =
        rusqlite::Connection::open_with_flags(path, flags).map_err(|why| sqlite_failed(&why))?;
    Ok(sqlite::table_names(&conn)?.iter().any(|n| n == UNFINISHED))
}

/// Moves what is whole to where a server looks for it, the database last.
fn into_place(folder: &Path, conn: rusqlite::Connection) -> Result<(), CopyError> {
    conn.pragma_update(None, "journal_mode", "WAL")
        .and_then(|()| conn.close().map_err(|(_, why)| why))
        .map_err(|why| sqlite_failed(&why))?;
    let place = staging(folder);
    let path = place.join(sqlite::DATABASE);
    let moved = File::open(&path)
        .and_then(|file| file.sync_all())
        .and_then(|()| {
            let bodies = place.join("blobs");
            if bodies.exists() {
                fs::rename(&bodies, folder.join("blobs"))?;
            }
            fs::rename(&path, folder.join(sqlite::DATABASE))?;
            folder::sync(folder)?;
            fs::remove_dir_all(&place)?;
            folder::sync(folder)
        });
    moved.map_err(CopyError::Io)
}
