//! A small pool of read-only connections.
//!
//! Each read sees one snapshot, whatever the writer does meanwhile. Callers
//! wait when all connections are busy; nobody holds two.

use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use candor_ports::{Cleared, StoreError};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::Db as _;

/// Connections at most.
const MOST: usize = 4;

/// The pool.
#[derive(Debug)]
pub(crate) struct Readers {
    path: PathBuf,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    idle: Vec<Connection>,
    /// Connections that exist, idle or lent.
    open: usize,
}

/// Opens a connection that cannot write.
pub(crate) fn open_read_only(path: &std::path::Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.pragma_update(None, "query_only", true)?;
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.busy_timeout(std::time::Duration::from_secs(5))?;
    keep_plans(&conn)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(conn)
}

/// Statements that a connection keeps prepared.
pub(crate) const STATEMENTS: usize = 128;

/// A statement keeps its plan whatever values it is given. Otherwise SQLite parses and plans
/// it anew at each use with another value, which took a tenth of every page.
pub(crate) fn keep_plans(conn: &Connection) -> rusqlite::Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map(|_| ())
}

impl Readers {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            path,
            state: Mutex::default(),
            freed: Condvar::new(),
        }
    }

    /// Runs a read on one snapshot.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let lent = self.borrow()?;
        let conn = lent.conn.as_ref().ok_or_else(|| {
            // Cannot happen: `borrow` fills it or fails.
            StoreError::Failed("no connection".to_owned())
        })?;
        let snapshot = Snapshot::begin(conn)?;
        let value = work(conn)?;
        snapshot.end()?;
        Ok(value)
    }

    /// Makes what was removed leave the bytes on the disk.
    pub(crate) fn clear(&self) -> Cleared {
        super::clearing::empty_log(&self.path)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A list of idle connections is never half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn borrow(&self) -> Result<Lent<'_>, StoreError> {
        let mut state = self.lock();
        let conn = loop {
            if let Some(conn) = state.idle.pop() {
                break Some(conn);
            }
            if state.open < MOST {
                state.open += 1;
                break None;
            }
            state = self
                .freed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        };
        drop(state);
        let mut lent = Lent { pool: self, conn };
        if lent.conn.is_none() {
            lent.conn = Some(open_read_only(&self.path).db()?);
        }
        Ok(lent)
    }
}

/// One moment of the database, until it is dropped. By kept statements: they are run at each
/// read, and the driver would parse them each time.
struct Snapshot<'c> {
    conn: &'c Connection,
}

impl<'c> Snapshot<'c> {
    fn begin(conn: &'c Connection) -> Result<Self, StoreError> {
        conn.prepare_cached("BEGIN").db()?.execute([]).db()?;
        Ok(Self { conn })
    }

    fn end(self) -> Result<(), StoreError> {
        let mut end = self.conn.prepare_cached("COMMIT").db()?;
        end.execute([]).db().map(|_| ())
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        // Only after a failure; nothing was written, so there is nothing to lose.
        if !self.conn.is_autocommit() {
            let _ = self.conn.execute_batch("ROLLBACK");
        }
    }
}

/// A connection on loan; dropping it gives it back, or frees its place when none could be opened.
struct Lent<'a> {
    pool: &'a Readers,
    conn: Option<Connection>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut state = self.pool.lock();
        match self.conn.take() {
            Some(conn) => state.idle.push(conn),
            None => state.open = state.open.saturating_sub(1),
        }
        drop(state);
        self.pool.freed.notify_one();
    }
}
