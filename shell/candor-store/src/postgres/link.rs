//! Connections: how one is made, and what is asked over it.
//!
//! Invariants: every wait has an end; a connection that did not answer in time is not used
//! again; statements are prepared once a connection; questions are answered in the order in
//! which they were sent, and what failed of those that nobody waited for is told with the next
//! answer, before it, or by [`Session::settle`].

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use candor_ports::StoreError;
use futures_util::future::join;
use futures_util::{FutureExt as _, TryStreamExt as _};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage, Statement};

use super::address::DatabaseUrl;
use super::error::{Trouble, from_postgres, trouble, words};
use super::wait::wait;
use super::{Kept, Sent};

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Longest wait for an answer; the server gives up before (`statement_timeout`).
const ANSWER: Duration = Duration::from_secs(40);

/// Makes connections; the driver's work is done on its one thread.
pub(crate) struct Link {
    runtime: Option<tokio::runtime::Runtime>,
    url: DatabaseUrl,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

impl Link {
    /// Starts the driver's thread; connects to nothing yet.
    pub(super) fn start(url: &DatabaseUrl) -> std::io::Result<Arc<Self>> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(4)
            .thread_name("candor-postgres")
            .enable_io()
            .enable_time()
            .build()?;
        Ok(Arc::new(Self {
            runtime: Some(runtime),
            url: url.clone(),
        }))
    }

    /// A new connection, or why there is none.
    pub(crate) fn connect(&self) -> Result<Session, String> {
        let gone = || "the database driver has stopped".to_owned();
        let runtime = self.runtime.as_ref().ok_or_else(gone)?;
        let config = self.url.config();
        let handle = runtime.handle().clone();
        let made = if let Some(tls) = self.url.tls()? {
            runtime.spawn(async move {
                let (client, driver) = config.connect(tls).await?;
                handle.spawn(driver);
                Ok::<_, tokio_postgres::Error>(client)
            })
        } else {
            runtime.spawn(async move {
                let (client, driver) = config.connect(NoTls).await?;
                handle.spawn(driver);
                Ok(client)
            })
        };
        let stop = made.abort_handle();
        let Some(made) = wait(made, CONNECT) else {
            stop.abort();
            return Err("it did not answer within 10 seconds".to_owned());
        };
        let client = made.map_err(|_| gone())?.map_err(|e| words(&e))?;
        let session = Session {
            client: Arc::new(client),
            prepared: RefCell::default(),
            trouble: Cell::new(Trouble::None),
            ahead: RefCell::default(),
            unheard: RefCell::default(),
        };
        session
            .batch(include_str!("../../sql/postgres/engine/session.sql"))
            .map_err(|e| e.to_string())?;
        Ok(session)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // Not waiting: the last owner may go on a thread that must not wait.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The answer to a statement that changes rows.
type Answer = Pin<Box<dyn Future<Output = Result<u64, tokio_postgres::Error>> + Send>>;

/// A connection, lent to one thread at a time.
pub(crate) struct Session {
    client: Arc<Client>,
    prepared: RefCell<BTreeMap<String, Statement>>,
    trouble: Cell<Trouble>,
    /// Statements without values that go with the next question, right before it.
    ahead: RefCell<String>,
    /// Answers that nobody waited for yet, the earliest first.
    unheard: RefCell<Vec<Answer>>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

impl Session {
    /// The worst that happened on it since it was asked last.
    pub(super) fn take_trouble(&self) -> Trouble {
        if self.client.is_closed() {
            return Trouble::Lost;
        }
        match self.trouble.get() {
            Trouble::Lost => Trouble::Lost,
            other => {
                self.trouble.set(Trouble::None);
                other
            }
        }
    }

    /// Waits for the answer to a question, which is sent with what was to go ahead of it.
    /// What failed before it is what went wrong.
    fn answered<T>(
        &self,
        question: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, StoreError> {
        let ahead = self.ahead.take();
        let answer = self.heard(async {
            if ahead.is_empty() {
                return question.await;
            }
            let (before, answer) = join(self.client.batch_execute(&ahead), question).await;
            before.and(answer)
        });
        self.settle().and(answer)
    }

    /// Waits for one answer, for so long and no longer.
    fn heard<T>(
        &self,
        answer: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, StoreError> {
        if self.trouble.get() == Trouble::Lost {
            return Err(StoreError::Unwritable("the connection is gone".to_owned()));
        }
        match wait(answer, ANSWER) {
            Some(Ok(value)) => Ok(value),
            Some(Err(error)) => {
                let found = trouble(&error);
                if found != Trouble::None {
                    self.trouble.set(found);
                }
                Err(from_postgres(&error))
            }
            None => {
                self.trouble.set(Trouble::Lost);
                let why = "the database did not answer in time";
                Err(StoreError::Unwritable(why.to_owned()))
            }
        }
    }

    /// Sends statements without values with the next question, right before it.
    pub(super) fn go_ahead(&self, text: &str) {
        let mut ahead = self.ahead.borrow_mut();
        ahead.push_str(text);
        ahead.push(';');
    }

    /// Ends a transaction that only read. Nobody waits for that: nothing can come of it, and
    /// the next question is answered after it.
    pub(super) fn end_of_read(&self) {
        if self.ahead.take().is_empty() {
            // Sent by being asked once for its answer.
            let _ = self.client.batch_execute("COMMIT").now_or_never();
        }
    }

    /// Sends a statement that changes rows, and waits for nothing.
    pub(super) fn send_off(&self, text: &str, values: Vec<Kept>) -> Result<(), StoreError> {
        let statement = self.prepare(text)?;
        let (client, ahead) = (Arc::clone(&self.client), self.ahead.take());
        let mut answer: Answer = Box::pin(async move {
            let values: Vec<Sent<'_>> = values.iter().map(Kept::sent).collect();
            let values = borrowed(&values);
            let question = client.execute(&statement, &values);
            if ahead.is_empty() {
                return question.await;
            }
            let (before, answer) = join(client.batch_execute(&ahead), question).await;
            before.and(answer)
        });
        // Sent by being asked once for its answer.
        match answer.as_mut().now_or_never() {
            None => self.unheard.borrow_mut().push(answer),
            Some(answer) => {
                let answer: Answer = Box::pin(std::future::ready(answer));
                self.unheard.borrow_mut().push(answer);
            }
        }
        Ok(())
    }

    /// Waits for all that nobody waited for yet; the first failure is what went wrong.
    pub(super) fn settle(&self) -> Result<(), StoreError> {
        let unheard = self.unheard.take();
        let mut first = Ok(());
        for answer in unheard {
            let heard = self.heard(answer).map(|_| ());
            first = first.and(heard);
        }
        first
    }

    pub(super) fn prepare(&self, text: &str) -> Result<Statement, StoreError> {
        // Taken for a moment only, never across a wait.
        let known = self.prepared.borrow().get(text).cloned();
        if let Some(statement) = known {
            return Ok(statement);
        }
        let statement = self.answered(self.client.prepare(text))?;
        self.prepared
            .borrow_mut()
            .insert(text.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Rows of a statement.
    pub(super) fn query(
        &self,
        text: &str,
        values: &[Sent<'_>],
    ) -> Result<Vec<tokio_postgres::Row>, StoreError> {
        let statement = self.prepare(text)?;
        self.answered(self.client.query(&statement, &borrowed(values)))
    }

    /// Each row of a statement as it comes, never all of them at once.
    pub(super) fn each(
        &self,
        text: &str,
        values: &[Sent<'_>],
        mut take: impl FnMut(tokio_postgres::Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let statement = self.prepare(text)?;
        let rows = self.answered(self.client.query_raw(&statement, borrowed(values)))?;
        let mut rows = pin!(rows);
        while let Some(row) = self.answered(rows.try_next())? {
            take(row)?;
        }
        Ok(())
    }

    /// Runs a statement; gives the number of rows changed.
    pub(super) fn execute(&self, text: &str, values: &[Sent<'_>]) -> Result<u64, StoreError> {
        let statement = self.prepare(text)?;
        self.answered(self.client.execute(&statement, &borrowed(values)))
    }

    /// Runs several statements without values.
    pub(crate) fn batch(&self, text: &str) -> Result<(), StoreError> {
        self.answered(self.client.batch_execute(text))
    }

    /// Runs several statements without values; gives the first text that came back.
    pub(super) fn batch_text(&self, text: &str) -> Result<Option<String>, StoreError> {
        let said = self.answered(self.client.simple_query(text))?;
        Ok(said.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        }))
    }
}

fn borrowed<'v>(values: &'v [Sent<'v>]) -> Vec<&'v (dyn ToSql + Sync)> {
    values.iter().map(|v| v as &(dyn ToSql + Sync)).collect()
}
