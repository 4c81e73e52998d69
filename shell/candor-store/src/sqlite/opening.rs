//! Opening a data directory, from harmless to writing: lock, look at the file's
//! head, check it read-only, check the key, and only then open it for writing.
//!
//! Invariants: a file that is not a database of this instance is never written to;
//! `candor.db` is never half made.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use candor_ports::StoreError;
use rusqlite::{Connection, ErrorCode, OpenFlags, params};

use crate::beside;
use crate::db::{self, change, one};
use crate::error::OpenError;
use crate::folder;
use crate::history::{self, HistoryKeys, key_check};
use crate::key::InstanceKey;
use crate::keyring::{KeyRow, new_stable};
use crate::leaves::leaves_as_found;
use crate::seal::random;
use crate::sql;

use super::gather_words;
use super::readers::{STATEMENTS, keep_plans, open_read_only};
use super::schema;

/// The schema from which on there is a public log.
const LOG_SINCE: u32 = 6;
/// The database in the data directory.
pub(crate) const DATABASE: &str = "candor.db";
/// The folder in which a copy is made until it is whole.
pub(crate) const UNFINISHED: &str = "unfinished-copy";

/// A data directory that this process holds.
pub(crate) struct Opened {
    /// Held as long as the store lives.
    pub(crate) lock: File,
    /// The database.
    pub(crate) path: PathBuf,
    /// The one connection that writes.
    pub(crate) conn: Connection,
    /// What it says of keys.
    pub(crate) keys: KeyRow,
}

/// Opens the data directory, or makes it.
pub(crate) fn open(folder: &Path, key: &InstanceKey) -> Result<Opened, OpenError> {
    let lock = folder::hold(folder)?;
    let path = folder.join(DATABASE);
    if path.symlink_metadata().is_err() {
        if folder.join(UNFINISHED).exists() {
            let path = folder.to_owned();
            return Err(OpenError::Unfinished { path });
        }
        create(folder, &path, key)?;
    }
    let version = check(&path, key)?;
    let conn = open_for_writing(&path, version, key)?;
    let keys = KeyRow::read(&db::Connection::Sqlite(&conn)).map_err(|why| OpenError::Corrupt {
        path: path.clone(),
        why: why.to_string(),
    })?;
    Ok(Opened {
        lock,
        path,
        conn,
        keys,
    })
}

/// Makes the database under another name and moves it into place when it is whole,
/// so that `candor.db` is never half made.
fn create(folder: &Path, path: &Path, key: &InstanceKey) -> Result<(), OpenError> {
    let temp = folder.join("candor.db.new");
    let not_writable = |source: io::Error| OpenError::NotWritable {
        path: folder.to_owned(),
        source,
    };
    // Left by a start that was cut off; the lock says that nobody else works on it.
    if temp.exists() {
        fs::remove_file(&temp).map_err(not_writable)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    folder::owner_only(&mut options);
    let file = options.open(&temp).map_err(not_writable)?;
    fill(&temp, key).map_err(|why| OpenError::Io {
        path: temp.clone(),
        why,
    })?;
    file.sync_all()
        .and_then(|()| fs::rename(&temp, path))
        .and_then(|()| folder::sync(folder))
        .map_err(not_writable)
}

/// Schema, mark and key check of a new database.
fn fill(path: &Path, key: &InstanceKey) -> Result<(), String> {
    let instance: [u8; 16] = random().map_err(|e| e.to_string())?;
    let filled = (|| -> rusqlite::Result<Result<(), StoreError>> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags)?;
        // No side files: what is cut off here is thrown away as a whole.
        conn.pragma_update(None, "journal_mode", "MEMORY")?;
        conn.pragma_update(None, "application_id", schema::APPLICATION_ID)?;
        let seal = |tx: &Connection, reached| sealed(tx, reached, key).map(|_| ());
        if let Err(why) = schema::migrate(&conn, 0, schema::known(), &seal) {
            return Ok(Err(why));
        }
        let check = key_check(key, &instance, schema::known());
        let stable = match new_stable(key, &instance) {
            Ok(stable) => stable,
            Err(why) => return Ok(Err(why)),
        };
        conn.execute(
            sql::INSTANCE_INSERT.sqlite,
            params![instance, check, stable],
        )?;
        // Switched here, where nobody looks on: a switch that is cut off leaves a
        // journal behind which only a writer can replay, and the check only reads.
        conn.pragma_update(None, "journal_mode", "WAL")?;
        conn.close().map_err(|(_, e)| e).map(Ok)
    })();
    filled
        .map_err(|e| e.to_string())?
        .map_err(|why| why.to_string())
}

/// What migrations do beside their text. That to the account of histories seals all heads as
/// found, with a key check that says so; a later one counts what lies beside them; that to the
/// public log gives each case that is there a leaf. Gives the number of cases that were sealed.
fn sealed(tx: &Connection, reached: u32, key: &InstanceKey) -> Result<u64, StoreError> {
    if reached == LOG_SINCE {
        return leaves_as_found(&db::Connection::Sqlite(tx)).map(|()| 0);
    }
    if reached == beside::SINCE {
        return HistoryKeys::new(key)
            .count_as_found(&db::Connection::Sqlite(tx))
            .map(|()| 0);
    }
    if reached != history::SINCE {
        return Ok(0);
    }
    let tx = &db::Connection::Sqlite(tx);
    let cases = HistoryKeys::new(key).seal_as_found(tx)?;
    // A new database has no such row yet; it gets the new check when it gets the row.
    let instance = one(tx, sql::INSTANCE_SELECT, db::params![], |row| {
        row.get::<[u8; 16]>(0)
    })?;
    if let Some(instance) = instance {
        let check = key_check(key, &instance, reached);
        change(tx, sql::INSTANCE_SET_CHECK, db::params![check])?;
        tracing::info!(cases, "all histories were sealed as they were found");
    }
    Ok(cases)
}

/// The schema of the data in a folder; `None` where there are none. Changes nothing, and goes
/// beside a running server.
pub(crate) fn schema_of(folder: &Path) -> Result<Option<(u32, u32)>, OpenError> {
    let path = folder.join(DATABASE);
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    if !matches!(application_id(&path), Ok(Some(schema::APPLICATION_ID))) {
        let why = "it is not a database of Candor".to_owned();
        return Err(OpenError::Corrupt { path, why });
    }
    let looked = open_read_only(&path).and_then(|conn| {
        let found = schema::version(&conn)?;
        // Older ones do not know that rule.
        let oldest = if found > schema::known() {
            schema::oldest(&conn)?
        } else {
            found
        };
        Ok(Some((found, oldest)))
    });
    looked.map_err(|why| unreadable(&path, &why))
}

/// Looks at the database without writing; gives its schema version.
fn check(path: &Path, key: &InstanceKey) -> Result<u32, OpenError> {
    let corrupt = |why: &str| OpenError::Corrupt {
        path: path.to_owned(),
        why: why.to_owned(),
    };
    match application_id(path) {
        Ok(Some(schema::APPLICATION_ID)) => {}
        Ok(Some(_)) => return Err(corrupt("it is a database of another program")),
        Ok(None) => return Err(corrupt("it is not a database")),
        Err(e) => {
            return Err(OpenError::Io {
                path: path.to_owned(),
                why: e.to_string(),
            });
        }
    }
    let broken = |e: rusqlite::Error| unreadable(path, &e);
    let conn = open_read_only(path).map_err(broken)?;
    if !is_whole(&conn).map_err(broken)? {
        return Err(corrupt("the database is damaged (quick_check)"));
    }
    let found = schema::version(&conn).map_err(broken)?;
    let known = schema::known();
    if found > known && schema::oldest(&conn).map_err(broken)? > known {
        let path = path.to_owned();
        return Err(OpenError::NewerSchema { path, found, known });
    }
    let (instance, stored): ([u8; 16], [u8; 32]) = conn
        .query_row(sql::INSTANCE_SELECT.sqlite, [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .map_err(broken)?;
    if key_check(key, &instance, found) == stored {
        Ok(found)
    } else if key_check(key, &instance, known) == stored {
        Err(corrupt(
            "its schema was set back by hand to one without the account of all histories",
        ))
    } else {
        let path = path.to_owned();
        Err(OpenError::WrongKey { path })
    }
}

/// Whether every table, with its indices, can be walked from end to end. Table by table, so
/// that the words of the search are not compared with their tokens one by one, which took
/// half of a start: the pages they lie on are walked, and `candor rebuild` makes them anew.
fn is_whole(conn: &Connection) -> rusqlite::Result<bool> {
    let mut tables = conn.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' \
         AND sql NOT LIKE 'CREATE VIRTUAL TABLE%' ORDER BY name",
    )?;
    let names = tables.query_map([], |row| row.get::<_, String>(0))?;
    for name in names {
        let quoted = name?.replace('"', "\"\"");
        let look = format!("PRAGMA quick_check(\"{quoted}\")");
        let said: String = conn.query_row(&look, [], |row| row.get(0))?;
        if said != "ok" {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Why a database of ours could not be looked at: its content, or the way to it.
fn unreadable(path: &Path, error: &rusqlite::Error) -> OpenError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            OpenError::NotWritable {
                path,
                source: io::Error::other(error.to_string()),
            }
        }
        Some(ErrorCode::SystemIoFailure | ErrorCode::DatabaseBusy | ErrorCode::OutOfMemory) => {
            OpenError::Io {
                path,
                why: error.to_string(),
            }
        }
        _ => OpenError::Corrupt {
            path,
            why: format!("the database is damaged ({error})"),
        },
    }
}

/// The program a SQLite file belongs to; `None` when it is no SQLite file. Reads the
/// head of the file itself, so that a foreign file is not even opened as a database.
fn application_id(path: &Path) -> io::Result<Option<u32>> {
    let mut head = Vec::with_capacity(100);
    File::open(path)?.take(100).read_to_end(&mut head)?;
    // SQLite file format, section 1.3: magic at 0, application id at 68, big end first.
    let magic = head.starts_with(b"SQLite format 3\0");
    let id: Option<[u8; 4]> = head.get(68..72).and_then(|b| b.try_into().ok());
    Ok(id.filter(|_| magic).map(u32::from_be_bytes))
}

/// The one connection that writes, brought up to the newest schema.
fn open_for_writing(path: &Path, version: u32, key: &InstanceKey) -> Result<Connection, OpenError> {
    let opened = (|| {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags)?;
        conn.busy_timeout(Duration::from_secs(5))?;
        let mode: String =
            conn.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
        // FULL: COMMIT returns after the fsync of the write-ahead log.
        conn.pragma_update(None, "synchronous", "FULL")?;
        conn.pragma_update(None, "foreign_keys", true)?;
        conn.pragma_update(None, "trusted_schema", false)?;
        conn.pragma_update(None, "cell_size_check", true)?;
        // A destroyed key is overwritten, not only forgotten.
        conn.pragma_update(None, "secure_delete", true)?;
        conn.pragma_update(None, "temp_store", "MEMORY")?;
        // Pages of the write-ahead log until it is copied into the database: 16 MiB. Copying
        // costs a sync in which nothing else is written.
        conn.pragma_update(None, "wal_autocheckpoint", 4_000)?;
        keep_plans(&conn)?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok((conn, mode))
    })();
    let failed = |why: String| OpenError::Io {
        path: path.to_owned(),
        why,
    };
    match opened.map_err(|e: rusqlite::Error| failed(e.to_string()))? {
        (conn, mode) if mode == "wal" => {
            let seal = |tx: &Connection, reached| sealed(tx, reached, key).map(|_| ());
            schema::migrate(&conn, version, schema::known(), &seal)
                .map_err(|why| failed(why.to_string()))?;
            gather_words(&conn).map_err(|why| failed(why.to_string()))?;
            Ok(conn)
        }
        (_, mode) => Err(failed(format!(
            "this file system does not carry a write-ahead log (journal mode {mode})"
        ))),
    }
}
