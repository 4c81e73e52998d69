//! A small pool of read-only connections.
//!
//! Each read sees one snapshot, whatever the writer does meanwhile. Callers
//! wait when all connections are busy; nobody holds two.

use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use candor_ports::StoreError;
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
    conn.set_prepared_statement_cache_capacity(64);
    Ok(conn)
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
        let snapshot = conn.unchecked_transaction().db()?;
        let value = work(&snapshot)?;
        snapshot.finish().db()?;
        Ok(value)
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
