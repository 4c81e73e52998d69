//! The way from a request to a use case.
//!
//! Invariants: use cases block, so they run on threads of their own and at
//! most so many at a time; a panic in one becomes a plain 500 page.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use candor_access::view::ProgramCard;
use candor_app::App;
use candor_app::input::Fault;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use crate::answer::Stop;

/// Use cases at work at the same time.
const AT_WORK: usize = 16;

/// Forms with files being read at the same time: each may hold the size limit in memory.
const READING: usize = 8;

/// Sentences waiting to be shown after a redirect.
const SAID_KEPT: usize = 1024;

/// How the pages are served.
#[derive(Debug, Clone)]
pub struct WebOptions {
    /// The public address is https: cookies are `Secure` and named `__Host-…`.
    pub secure_cookies: bool,
    /// Development mode: the design system page is there.
    pub dev: bool,
    /// Largest body of a request, in bytes, files and text together.
    pub max_body: usize,
}

impl Default for WebOptions {
    fn default() -> Self {
        Self {
            secure_cookies: false,
            dev: false,
            max_body: 26 * 1024 * 1024,
        }
    }
}

/// What every handler holds.
#[derive(Debug, Clone)]
pub(crate) struct Web(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    app: Arc<App>,
    options: WebOptions,
    at_work: Semaphore,
    reading: Semaphore,
    said: Mutex<BTreeMap<[u8; 32], String>>,
}

impl Web {
    pub(crate) fn new(app: Arc<App>, options: WebOptions) -> Self {
        Self(Arc::new(Inner {
            app,
            options,
            at_work: Semaphore::new(AT_WORK),
            reading: Semaphore::new(READING),
            said: Mutex::new(BTreeMap::new()),
        }))
    }

    pub(crate) fn options(&self) -> &WebOptions {
        &self.0.options
    }

    /// A place to read a large form in; held until the form is handled.
    pub(crate) async fn place_to_read(&self) -> Option<tokio::sync::SemaphorePermit<'_>> {
        self.0.reading.acquire().await.ok()
    }

    /// Runs a use case on a thread of its own.
    pub(crate) async fn ask<T, F>(&self, work: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: FnOnce(&App) -> T + Send + 'static,
    {
        let _place = self
            .0
            .at_work
            .acquire()
            .await
            .map_err(|_| broken("the gate is closed"))?;
        let app = Arc::clone(&self.0.app);
        tokio::task::spawn_blocking(move || work(&app))
            .await
            .map_err(|_| broken("a use case panicked"))
    }

    /// The program of a URL, or the page of a stranger.
    pub(crate) async fn program(&self, slug: &str) -> Result<ProgramCard, Stop> {
        let programs = self.ask(App::programs).await??;
        programs
            .into_iter()
            .find(|program| program.slug == slug)
            .ok_or(Stop::NotFound)
    }

    /// Keeps a sentence for the next page of this session.
    pub(crate) fn say(&self, token: &str, words: String) {
        if let Ok(mut said) = self.0.said.lock() {
            while said.len() >= SAID_KEPT {
                said.pop_first();
            }
            said.insert(key(token), words);
        }
    }

    /// Takes the sentence kept for this session.
    pub(crate) fn take_said(&self, token: &str) -> Option<String> {
        self.0.said.lock().ok()?.remove(&key(token))
    }
}

/// The session's place among the kept sentences: never the token itself.
fn key(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn broken(operator: &str) -> Stop {
    Stop::Fault(Fault {
        person: "Something broke on our side. Nothing was stored. Please try again in a minute."
            .to_owned(),
        operator: operator.to_owned(),
    })
}
