//! The one writer: a thread that owns the only writing connection and commits
//! many jobs with one fsync.
//!
//! Up to [`BATCH`] waiting jobs share a transaction, each inside a savepoint of its
//! own, so that one job that fails takes nothing of the others with it. While the
//! disk syncs, the next jobs gather: the batch grows with the load by itself.
//!
//! Words for the search are gathered in a temporary table and written once before each
//! COMMIT: FTS5 writes what it holds in memory at every savepoint, which made a small piece
//! of index for every job, and many merges of those.
//!
//! Invariants: a caller is answered only after the COMMIT that holds its job; a
//! job that was answered with an error left nothing behind.
//!
//! When the disk is all but full, the reserve beside the database is given up first.
//!
//! Deliberately absent: what the jobs do, and retries.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;

use candor_ports::StoreError;
use rusqlite::{Connection, params};

use super::Db as _;
use crate::reserve::Reserve;

/// Jobs in one transaction at most.
const BATCH: usize = 128;

/// Words that wait for the end of the transaction, of parts that are still there then.
const GATHERED: &[&str] = &[
    "INSERT INTO search_token (rowid, tokens) \
     SELECT w.part, w.tokens FROM temp.search_waiting w JOIN main.search_part p ON p.part = w.part \
     ORDER BY w.part",
    "DELETE FROM temp.search_waiting",
];

/// Pieces of the index of words, of one size, that are left as they are before they are merged
/// into one: FTS5's most (its default, 4, wrote each word about twice as often). Beyond the
/// second number it merges all at once, in the transaction at hand.
const PIECES: [(&str, i64); 2] = [("automerge", 16), ("crisismerge", 64)];

/// Makes the place where words wait, and has the index keep its pieces longer. That place is of
/// this connection only, and in memory.
pub(crate) fn gather_words(conn: &Connection) -> rusqlite::Result<()> {
    for (what, pieces) in PIECES {
        let asked = "SELECT count(*) FROM search_token_config WHERE k = ?1 AND v = ?2";
        let kept: i64 = conn.query_row(asked, params![what, pieces], |row| row.get(0))?;
        if kept == 0 {
            let keep = "INSERT INTO search_token (search_token, rank) VALUES (?1, ?2)";
            conn.execute(keep, params![what, pieces])?;
        }
    }
    conn.execute_batch(
        "CREATE TEMP TABLE search_waiting (part INTEGER PRIMARY KEY, tokens TEXT NOT NULL)",
    )
}

/// A job that has run: whether its changes stay, and whom to tell how the COMMIT went.
struct Ran {
    keep: bool,
    answer: Box<dyn FnOnce(Result<(), StoreError>) + Send>,
}

/// A job. It is given the error instead of a connection when no transaction could begin.
type Job = Box<dyn FnOnce(Result<&Connection, StoreError>) -> Ran + Send>;

/// The handle to the writer thread; dropping it waits for the jobs already sent.
#[derive(Debug)]
pub(crate) struct Writer {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread, on a connection that was prepared by [`gather_words`].
    pub(crate) fn start(conn: Connection, reserve: Arc<Reserve>) -> std::io::Result<Self> {
        Self::start_with(conn, GATHERED, Some(reserve))
    }

    /// The same, with other statements before each COMMIT.
    fn start_with(
        conn: Connection,
        before: &'static [&'static str],
        reserve: Option<Arc<Reserve>>,
    ) -> std::io::Result<Self> {
        let (jobs, inbox) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("candor-store-writer".to_owned())
            .spawn(move || serve(&conn, before, reserve.as_deref(), &inbox))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Runs a job inside a transaction and returns once it is durable.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (tell, told) = mpsc::sync_channel(1);
        let job: Job = Box::new(move |conn| {
            let result = conn.and_then(work);
            Ran {
                keep: result.is_ok(),
                answer: Box::new(move |committed| {
                    // A caller that went away needs no answer.
                    let _ = tell.send(result.and_then(|value| committed.map(|()| value)));
                }),
            }
        });
        let gone = || StoreError::Failed("the writer has stopped".to_owned());
        let jobs = self.jobs.as_ref().ok_or_else(gone)?;
        jobs.send(job).map_err(|_| gone())?;
        told.recv().map_err(|_| gone())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(conn: &Connection, before: &[&str], reserve: Option<&Reserve>, inbox: &Receiver<Job>) {
    while let Ok(first) = inbox.recv() {
        let mut batch = VecDeque::from([first]);
        batch.extend(inbox.try_iter().take(BATCH - 1));
        while !batch.is_empty() {
            // Before, not after: what fails for want of room is answered with an error.
            if let Some(reserve) = reserve {
                reserve.give_up_when_low();
            }
            let stored = transaction(conn, before, &mut batch);
            if let (Err(StoreError::Unwritable(_)), Some(reserve)) = (stored, reserve) {
                reserve.give_up_after_failure();
            }
        }
    }
}

/// Runs jobs from the front of the batch in one transaction and answers them.
fn transaction(
    conn: &Connection,
    before: &[&str],
    batch: &mut VecDeque<Job>,
) -> Result<(), StoreError> {
    if let Err(error) = step(conn, "BEGIN IMMEDIATE") {
        tracing::error!(%error, "no write transaction could begin");
        for job in batch.drain(..) {
            (job(Err(error.clone())).answer)(Err(error.clone()));
        }
        return Err(error);
    }
    let mut ran = Vec::with_capacity(batch.len());
    let mut broken = None;
    while let Some(job) = batch.pop_front() {
        match in_savepoint(conn, job) {
            (job, Ok(())) => ran.push(job),
            (job, Err(error)) => {
                // SQLite gave up the whole transaction: nothing of this batch was stored.
                ran.push(job);
                broken = Some(error);
                break;
            }
        }
    }
    let outcome = match broken {
        None => before
            .iter()
            .chain(&["COMMIT"])
            .try_for_each(|text| step(conn, text)),
        Some(error) => Err(error),
    };
    if let Err(error) = &outcome {
        tracing::error!(%error, jobs = ran.len(), "a write transaction failed; nothing of it was stored");
        if !conn.is_autocommit() {
            let _ = conn.execute_batch("ROLLBACK");
        }
    }
    for job in ran {
        (job.answer)(outcome.clone());
    }
    outcome
}

/// Runs one job; an error means that the transaction around it is gone or unusable.
fn in_savepoint(conn: &Connection, job: Job) -> (Ran, Result<(), StoreError>) {
    if let Err(error) = step(conn, "SAVEPOINT job") {
        return (job(Err(error.clone())), Err(error));
    }
    let ran = job(Ok(conn));
    let end: &[&str] = if ran.keep {
        &["RELEASE job"]
    } else {
        &["ROLLBACK TO job", "RELEASE job"]
    };
    if conn.is_autocommit() {
        let lost = StoreError::Unwritable("the database gave up the transaction".to_owned());
        return (ran, Err(lost));
    }
    let ended = end.iter().try_for_each(|text| step(conn, text));
    (ran, ended)
}

/// A statement without values, kept prepared.
fn step(conn: &Connection, text: &str) -> Result<(), StoreError> {
    let mut kept = conn.prepare_cached(text).db()?;
    kept.execute([]).db().map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(writer: &Writer) -> i64 {
        writer
            .run(|c| c.query_row("SELECT count(*) FROM t", [], |r| r.get(0)).db())
            .unwrap()
    }

    fn table() -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("CREATE TABLE t (x INTEGER PRIMARY KEY, fat BLOB)")
            .unwrap();
        conn
    }

    /// Holds the writer busy, so that what is sent meanwhile lands in one batch.
    fn together(writer: &Writer, jobs: Vec<i64>) -> Vec<Result<(), StoreError>> {
        let (open, gate) = mpsc::channel::<()>();
        std::thread::scope(|scope| {
            let held = scope.spawn(move || {
                writer.run(move |_| {
                    let _ = gate.recv();
                    Ok(())
                })
            });
            let callers: Vec<_> = jobs
                .into_iter()
                .map(|x| {
                    scope.spawn(move || {
                        writer.run(move |c| {
                            c.execute("INSERT INTO t (x) VALUES (?1)", [x]).db()?;
                            if x < 0 {
                                return Err(StoreError::Conflict);
                            }
                            Ok(())
                        })
                    })
                })
                .collect();
            std::thread::sleep(std::time::Duration::from_millis(50));
            open.send(()).unwrap();
            held.join().unwrap().unwrap();
            callers.into_iter().map(|c| c.join().unwrap()).collect()
        })
    }

    #[test]
    fn a_job_that_fails_takes_nothing_of_its_neighbours_with_it() {
        let writer = Writer::start_with(table(), &[], None).unwrap();
        let results = together(&writer, vec![1, 2, -3, 4, -5, 6]);
        let failed = results.iter().filter(|r| **r == Err(StoreError::Conflict));
        assert_eq!(failed.count(), 2);
        assert_eq!(count(&writer), 4);
    }

    #[test]
    fn when_the_transaction_is_lost_its_jobs_are_told_and_later_ones_go_on() {
        let writer = Writer::start_with(table(), &[], None).unwrap();
        let lost = writer.run(|c| {
            c.execute("INSERT INTO t (x) VALUES (1)", []).db()?;
            // What SQLite does by itself on some disk errors.
            c.execute_batch("ROLLBACK").db()
        });
        assert!(matches!(lost, Err(StoreError::Unwritable(_))), "{lost:?}");
        assert_eq!(count(&writer), 0);
        assert!(together(&writer, vec![1, 2]).iter().all(Result::is_ok));
        assert_eq!(count(&writer), 2);
    }

    #[test]
    fn a_full_disk_is_said_and_leaves_nothing_half_stored() {
        let writer = Writer::start_with(table(), &[], None).unwrap();
        let full = writer.run(|c| {
            c.pragma_update(None, "max_page_count", 3).db()?;
            c.execute("INSERT INTO t (x) VALUES (1)", []).db()?;
            c.execute("INSERT INTO t (x, fat) VALUES (2, zeroblob(100000))", [])
                .db()?;
            Ok(())
        });
        assert!(matches!(full, Err(StoreError::Unwritable(_))), "{full:?}");
        assert_eq!(count(&writer), 0);
    }
}
