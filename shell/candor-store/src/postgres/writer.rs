//! The writer of this process: a thread with the only writing connection, which commits
//! many jobs with one COMMIT.
//!
//! Each transaction begins with a lock on the row of the instance: of all processes on the
//! same database one writes at a time, in the order in which they asked, so no two can
//! wait for each other. Up to [`BATCH`] waiting jobs share a transaction, each inside a
//! savepoint of its own. Savepoints, and changes whose number nobody asks for, are sent
//! without waiting for their answers: a job waits when it has to know something, and at its end.
//!
//! Invariants: what was sealed under keys that were changed since is not written; a caller
//! is answered only after the COMMIT that holds its job. When the
//! connection is lost before COMMIT, nothing was stored, and all is run again; when it is
//! lost during COMMIT, the database is asked what became of the transaction by its name.
//!
//! Deliberately absent: what the jobs do.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread::JoinHandle;
use std::time::Duration;

use candor_ports::StoreError;

use super::Sent;
use super::error::Trouble;
use super::link::{Link, Session};
use crate::db::Value;

/// Jobs in one transaction at most.
const BATCH: usize = 128;
/// How often the same batch is tried.
const TRIES: u32 = 4;
/// How often, each a second after the other, the end of a transaction is asked for.
const ASKS: u32 = 15;

/// After so many jobs of this process the planner is told how large the table of cases is. A
/// plan made while it was empty went through all cases of the program for every event that was
/// stored, until the database's own daemon came round. By then most of the table is new.
const GROWN: [u64; 3] = [300, 3_000, 30_000];
const KNOWN: &str = "SELECT reltuples::bigint::text FROM pg_class WHERE oid = 'cases'::regclass";
const LOOK_ANEW: &str = "ANALYZE cases (program, case_id, changed)";

const BEGIN: &str = include_str!("../../sql/postgres/engine/begin.sql");
const OUTCOME: &str = include_str!("../../sql/postgres/engine/outcome.sql");
const SAVE: &str = "SAVEPOINT job";
const KEEP: &str = "RELEASE SAVEPOINT job";
const UNDO: &str = "ROLLBACK TO SAVEPOINT job; RELEASE SAVEPOINT job";

/// A job, whatever it gives back.
trait Job: Send {
    /// Runs it; says whether its changes stay.
    fn attempt(&mut self, session: &Session) -> bool;
    /// Tells the caller how the COMMIT went.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Typed<T, W> {
    work: W,
    result: Option<Result<T, StoreError>>,
    tell: SyncSender<Result<T, StoreError>>,
}

impl<T, W> Job for Typed<T, W>
where
    T: Send,
    W: Fn(&Session) -> Result<T, StoreError> + Send,
{
    fn attempt(&mut self, session: &Session) -> bool {
        let result = (self.work)(session);
        // What nobody waited for belongs to this job, and says more than what came of it.
        let result = session.settle().and(result);
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let answer = match (self.result, committed) {
            (Some(result), Ok(())) => result,
            (Some(Err(refused)), Err(_)) if refused_for_good(&refused) => Err(refused),
            (_, Err(error)) => Err(error),
            (None, Ok(())) => Err(StoreError::Failed("a job was not run".to_owned())),
        };
        // A caller that went away needs no answer.
        let _ = self.tell.send(answer);
    }
}

/// A refusal that rests on what was read, not on how the connection fared.
fn refused_for_good(error: &StoreError) -> bool {
    matches!(error, StoreError::Failed(_) | StoreError::Damaged(_))
}

/// The handle to the writer thread; dropping it waits for the jobs already sent.
#[derive(Debug)]
pub(crate) struct Writer {
    jobs: Option<Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(link: Arc<Link>, session: Session, epoch: i64) -> std::io::Result<Self> {
        let (jobs, inbox) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("candor-store-writer".to_owned())
            .spawn(move || serve(&link, session, epoch, &inbox))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Runs a job inside a transaction and returns once it is durable. It is run again
    /// when its transaction was given up, so it must not rest on an earlier run.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        work: impl Fn(&Session) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (tell, told) = mpsc::sync_channel(1);
        let job = Box::new(Typed {
            work,
            result: None,
            tell,
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

fn serve(link: &Link, session: Session, epoch: i64, inbox: &Receiver<Box<dyn Job>>) {
    let mut session = Some(session);
    let mut done = 0_u64;
    while let Ok(first) = inbox.recv() {
        let mut batch = vec![first];
        batch.extend(inbox.try_iter().take(BATCH - 1));
        let outcome = perform(link, &mut session, epoch, &mut batch);
        if let Err(error) = &outcome {
            tracing::error!(%error, jobs = batch.len(), "a write transaction failed");
        }
        let jobs = u64::try_from(batch.len()).unwrap_or(0);
        for job in batch {
            job.answer(outcome.clone());
        }
        let passed = |mark: &&u64| done < **mark && done.saturating_add(jobs) >= **mark;
        if let (Some(mark), Some(session)) = (GROWN.iter().find(passed), &session)
            && let Err(error) = look_anew(session, *mark)
        {
            tracing::warn!(%error, "the planner could not be told how many cases there are");
            // Nothing of it is for the next job, but that the connection may be lost.
            let _ = session.take_trouble();
        }
        done = done.saturating_add(jobs);
    }
}

/// Tells the planner how large the table of cases is, where it knows of fewer than these.
fn look_anew(session: &Session, jobs: u64) -> Result<(), StoreError> {
    let known = session.batch_text(KNOWN)?;
    let known = known.and_then(|text| text.parse::<i64>().ok());
    if known.is_none_or(|known| u64::try_from(known).unwrap_or(0) < jobs) {
        // Who may not do that is only warned by the database.
        session.batch(LOOK_ANEW)?;
    }
    Ok(())
}

/// How one try ended.
pub(super) enum Try {
    /// For good, one way or the other.
    Ended(Result<(), StoreError>),
    /// Nothing was stored; the same may go well the next time.
    Again(StoreError),
}

fn perform(
    link: &Link,
    session: &mut Option<Session>,
    epoch: i64,
    batch: &mut [Box<dyn Job>],
) -> Result<(), StoreError> {
    let mut last = StoreError::Unwritable("the database is gone".to_owned());
    for attempt in 0..TRIES {
        if attempt > 0 {
            std::thread::sleep(Duration::from_millis(50 << (2 * attempt.min(4))));
        }
        let current = match session.take() {
            Some(current) => Ok(current),
            None => link.connect(),
        };
        let current = match current {
            Ok(current) => current,
            Err(why) => {
                last = StoreError::Unwritable(why);
                continue;
            }
        };
        let tried = transaction(link, &current, epoch, batch);
        if current.take_trouble() != Trouble::Lost {
            *session = Some(current);
        }
        match tried {
            Try::Ended(outcome) => return outcome,
            Try::Again(error) => last = error,
        }
    }
    Err(last)
}

/// Runs all jobs in one transaction.
fn transaction(link: &Link, session: &Session, epoch: i64, batch: &mut [Box<dyn Job>]) -> Try {
    let name = match session.batch_text(BEGIN) {
        Ok(Some(said)) => {
            let Some(name) = of_epoch(&said, epoch) else {
                let _ = session.batch("ROLLBACK");
                let why = "a key was changed by another process; this one must be started anew";
                return Try::Ended(Err(StoreError::Unwritable(why.to_owned())));
            };
            name.to_owned()
        }
        Ok(None) => {
            let _ = session.batch("ROLLBACK");
            let why = "the row of the instance was removed from the database";
            return Try::Ended(Err(StoreError::Damaged(why.to_owned())));
        }
        Err(error) => return given_up(session, error),
    };
    for job in batch {
        if let Err(error) = in_savepoint(session, job.as_mut()) {
            return given_up(session, error);
        }
    }
    let Err(error) = session.batch("COMMIT") else {
        return Try::Ended(Ok(()));
    };
    match session.take_trouble() {
        Trouble::Lost => what_became_of(link, &name),
        Trouble::Again => Try::Again(error),
        // The server itself said that it did not commit.
        Trouble::None => Try::Ended(Err(error)),
    }
}

/// The name of the transaction, when no key was changed since this process began.
fn of_epoch(said: &str, epoch: i64) -> Option<&str> {
    let (name, now) = said.split_once(' ')?;
    (now.parse() == Ok(epoch)).then_some(name)
}

fn in_savepoint(session: &Session, job: &mut dyn Job) -> Result<(), StoreError> {
    session.go_ahead(SAVE);
    let keep = job.attempt(session);
    match session.take_trouble() {
        Trouble::None if keep => {
            session.go_ahead(KEEP);
            Ok(())
        }
        Trouble::None => session.batch(UNDO),
        Trouble::Again => Err(StoreError::Unwritable(
            "the database gave up the transaction for the sake of others".to_owned(),
        )),
        Trouble::Lost => Err(StoreError::Unwritable(
            "the connection to the database was lost".to_owned(),
        )),
    }
}

/// Ends a transaction that was not committed.
fn given_up(session: &Session, error: StoreError) -> Try {
    if session.take_trouble() != Trouble::Lost {
        let _ = session.batch("ROLLBACK");
    }
    Try::Again(error)
}

/// Asks, on another connection, how a transaction ended whose COMMIT was not answered.
pub(super) fn what_became_of(link: &Link, name: &str) -> Try {
    for _ in 0..ASKS {
        let asked = link
            .connect()
            .map_err(StoreError::Unwritable)
            .and_then(|s| {
                let rows = s.query(OUTCOME, &[Sent(Value::Text(name))])?;
                Ok(rows
                    .first()
                    .and_then(|row| row.try_get::<_, String>(0).ok()))
            });
        match asked.ok().flatten().as_deref() {
            Some("committed") => return Try::Ended(Ok(())),
            Some("aborted") => {
                let why = "the connection to the database was lost; nothing was stored";
                return Try::Again(StoreError::Unwritable(why.to_owned()));
            }
            _ => std::thread::sleep(Duration::from_secs(1)),
        }
    }
    let why =
        "the connection to the database was lost while it stored; whether it did is not known";
    Try::Ended(Err(StoreError::Unwritable(why.to_owned())))
}
