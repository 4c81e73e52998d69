//! `/health/live` and `/health/ready`, for whatever starts servers and sends requests to them.
//!
//! Live: the process answers. Ready: the database answers, the data folder can be written to,
//! and the server was not told to stop.
//!
//! Invariants: a stranger learns yes or no, the log the reason; however often it is asked,
//! one look at most is made at a time, and one a second; every look has an end.
//!
//! Deliberately absent: a disk that is nearly full. Its pages are served all the same, and a
//! team that cannot reach them cannot acknowledge anything.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use candor_ports::Store;

/// How long an answer holds.
const FRESH: Duration = Duration::from_secs(1);
/// How long a look may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// Why a server should get no requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unready {
    /// It was told to stop.
    Draining,
    /// The database does not answer.
    Database,
    /// The data folder cannot be written to.
    Disk,
    /// The last look has not ended yet.
    Slow,
}

/// What is known about this server.
pub(crate) struct Health {
    store: Arc<dyn Store>,
    data: PathBuf,
    draining: AtomicBool,
    looking: AtomicBool,
    last: Mutex<Option<(Instant, Result<(), Unready>)>>,
}

impl Health {
    pub(crate) fn new(store: Arc<dyn Store>, data: PathBuf) -> Arc<Self> {
        Arc::new(Self {
            store,
            data,
            draining: AtomicBool::new(false),
            looking: AtomicBool::new(false),
            last: Mutex::new(None),
        })
    }

    /// From now on it is not ready.
    pub(crate) fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }

    /// Both pages.
    pub(crate) fn router(self: Arc<Self>) -> Router {
        Router::new()
            .route("/health/live", get(async || answer(true)))
            .route(
                "/health/ready",
                get(async move || answer(self.ready().await.is_ok())),
            )
    }

    async fn ready(self: &Arc<Self>) -> Result<(), Unready> {
        if self.draining.load(Ordering::SeqCst) {
            return Err(Unready::Draining);
        }
        if let Some((at, state)) = *self.last()
            && at.elapsed() < FRESH
        {
            return state;
        }
        let here = Arc::clone(self);
        let look = tokio::task::spawn_blocking(move || here.look());
        match tokio::time::timeout(PATIENCE, look).await {
            Ok(Ok(state)) => state,
            _ => Err(Unready::Slow),
        }
    }

    fn last(&self) -> std::sync::MutexGuard<'_, Option<(Instant, Result<(), Unready>)>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks, unless somebody else does.
    fn look(&self) -> Result<(), Unready> {
        if self.looking.swap(true, Ordering::SeqCst) {
            // What was found last holds until the other one is done, but not for ever.
            return match *self.last() {
                Some((at, state)) if at.elapsed() < PATIENCE => state,
                _ => Err(Unready::Slow),
            };
        }
        let found = self.found();
        let before = self.last().replace((Instant::now(), found));
        self.looking.store(false, Ordering::SeqCst);
        if before.map(|(_, state)| state) != Some(found) {
            match found {
                Ok(()) => tracing::info!("ready"),
                Err(why) => tracing::warn!(?why, "not ready"),
            }
        }
        found
    }

    fn found(&self) -> Result<(), Unready> {
        self.store.next_wake().map_err(|_| Unready::Database)?;
        if written(&self.data).is_err() {
            return Err(Unready::Disk);
        }
        Ok(())
    }
}

/// Writes a file and takes it away again.
fn written(folder: &Path) -> io::Result<()> {
    let path = folder.join("candor.ready");
    let tried = (|| {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let mut file = options.open(&path)?;
        file.write_all(&[0; 512])?;
        file.sync_data()
    })();
    let _ = fs::remove_file(&path);
    tried
}

fn answer(yes: bool) -> Response {
    let (status, text) = if yes {
        (StatusCode::OK, "ok\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
    };
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_written_to_is_seen_and_nothing_is_left_behind() {
        let dir = tempfile::tempdir().unwrap();
        assert!(written(dir.path()).is_ok());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        assert!(written(&dir.path().join("gone")).is_err());
        // A file is no folder, whoever asks: true also for root, whom modes do not bind.
        fs::write(dir.path().join("file"), b"x").unwrap();
        assert!(written(&dir.path().join("file")).is_err());
    }
}
