//! A bounded pool of connections for reading.
//!
//! Each read sees one snapshot (REPEATABLE READ), whatever is written meanwhile. Callers
//! wait when all connections are busy, but not for ever; nobody holds two. A read whose
//! connection was lost is made once more, on a new one.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use candor_ports::{Cleared, StoreError};

use super::error::Trouble;
use super::link::{Link, Session};

/// Connections at most.
const MOST: usize = 8;
/// Longest wait for one of them.
const LONGEST: Duration = Duration::from_secs(10);

/// Where something of an erased case was.
const CLEARED: &[&str] = &[
    "cases",
    "blob",
    "outbox",
    "search_token",
    "search_part",
    "search_case",
];

const OWNER: &str = include_str!("../../sql/postgres/engine/owner.sql");
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// The pool.
#[derive(Debug)]
pub(crate) struct Readers {
    link: Arc<Link>,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    idle: Vec<Session>,
    /// Connections that exist, idle or lent.
    open: usize,
}

impl Readers {
    pub(super) fn new(link: Arc<Link>) -> Self {
        Self {
            link,
            state: Mutex::default(),
            freed: Condvar::new(),
        }
    }

    /// Runs a read on one snapshot.
    pub(crate) fn read<T>(
        &self,
        work: impl Fn(&Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let (first, trouble) = self.once(&work)?;
        if trouble == Trouble::None || first.is_ok() {
            return first;
        }
        // The database may have been started anew; then all idle ones are gone with this.
        self.forget_idle();
        self.once(&work)?.0
    }

    /// Has the database clear what was removed from where cases, texts, letters and words
    /// lie. It may do so only for who owns the tables.
    pub(crate) fn clear(&self) -> Cleared {
        let cleared = self.link.connect().and_then(|session| {
            let owner = session.batch_text(OWNER).map_err(|e| e.to_string())?;
            if owner.as_deref() != Some("yes") {
                return Ok(Cleared::LeftToVacuum);
            }
            let each = |table: &&str| session.batch(&format!("VACUUM {table}"));
            CLEARED
                .iter()
                .try_for_each(each)
                .map_err(|e| e.to_string())?;
            Ok(Cleared::Vacuumed)
        });
        match cleared {
            Ok(cleared) => cleared,
            Err(error) => {
                tracing::warn!(%error, "the database could not be told to clear what was removed");
                Cleared::LeftToVacuum
            }
        }
    }

    fn once<T>(
        &self,
        work: &impl Fn(&Session) -> Result<T, StoreError>,
    ) -> Result<(Result<T, StoreError>, Trouble), StoreError> {
        let lent = self.borrow()?;
        let Some(session) = &lent.session else {
            // Cannot happen: `borrow` fills it or fails.
            return Err(StoreError::Failed("no connection".to_owned()));
        };
        // Beginning and end travel with the questions: a read of one question waits once.
        session.go_ahead(BEGIN);
        let result = work(session);
        session.end_of_read();
        let trouble = session.take_trouble();
        Ok((result, trouble))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A list of idle connections is never half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget_idle(&self) {
        let mut state = self.lock();
        let idle = std::mem::take(&mut state.idle);
        state.open = state.open.saturating_sub(idle.len());
        drop(state);
        self.freed.notify_all();
    }

    fn borrow(&self) -> Result<Lent<'_>, StoreError> {
        let busy = |state: &mut State| state.idle.is_empty() && state.open >= MOST;
        let (mut state, waited) = self
            .freed
            .wait_timeout_while(self.lock(), LONGEST, busy)
            .unwrap_or_else(PoisonError::into_inner);
        let session = state.idle.pop();
        if session.is_none() {
            if waited.timed_out() {
                let why = "all connections to the database are busy";
                return Err(StoreError::Unwritable(why.to_owned()));
            }
            state.open += 1;
        }
        drop(state);
        let mut lent = Lent {
            pool: self,
            session,
        };
        if lent.session.is_none() {
            let made = self.link.connect();
            lent.session = Some(made.map_err(StoreError::Unwritable)?);
        }
        Ok(lent)
    }
}

/// A connection on loan; dropping it gives it back, or frees its place when it is of no use.
struct Lent<'a> {
    pool: &'a Readers,
    session: Option<Session>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let usable = |s: &Session| s.take_trouble() != Trouble::Lost;
        let mut state = self.pool.lock();
        match self.session.take().filter(usable) {
            Some(session) => state.idle.push(session),
            None => state.open = state.open.saturating_sub(1),
        }
        drop(state);
        self.pool.freed.notify_one();
    }
}
