//! What was removed leaves the bytes of the file: the index of words a few pages at a time,
//! the write-ahead log as soon as nobody reads from it.
//!
//! Invariant: nothing here keeps another write waiting for longer than [`WAIT`].

use std::path::Path;
use std::time::Duration;

use candor_ports::{Cleared, StoreError};
use rusqlite::{Connection, OpenFlags};

use super::Db as _;

/// How long one try may keep writes waiting.
const WAIT: Duration = Duration::from_millis(100);
/// Tries, and the time between them.
const TRIES: u32 = 10;
const BETWEEN: Duration = Duration::from_millis(50);

/// Merges parts of the index of words, some pages of them; a number below zero begins with
/// all parts. Entries that were removed are left out of what is written. True when nothing
/// was left to do.
pub(crate) fn merge_words(conn: &Connection, pages: i64) -> Result<bool, StoreError> {
    let changes = || conn.query_row("SELECT total_changes()", [], |row| row.get::<_, i64>(0));
    let before = changes().db()?;
    let merge = "INSERT INTO search_token (search_token, rank) VALUES ('merge', ?1)";
    conn.execute(merge, [pages]).db()?;
    // The statement itself counts as one (SQLite, FTS5, 6.8).
    Ok(changes().db()?.saturating_sub(before) < 2)
}

/// Writes everything into the file and empties the write-ahead log.
pub(crate) fn empty_log(path: &Path) -> Cleared {
    for attempt in 0..TRIES {
        if attempt > 0 {
            std::thread::sleep(BETWEEN);
        }
        match try_emptying(path) {
            Ok(true) => return Cleared::Overwritten,
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(%error, "the write-ahead log could not be emptied");
                return Cleared::LogHeld;
            }
        }
    }
    Cleared::LogHeld
}

fn try_emptying(path: &Path) -> rusqlite::Result<bool> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(WAIT)?;
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
        row.get::<_, i64>(0).map(|busy| busy == 0)
    })
}
