//! The way from a request to a use case.
//!
//! Invariants: use cases block, so they run on threads of their own and at
//! most so many at a time; a panic in one becomes a plain 500 page. There are
//! three queues, and none can take the places of another: taking reports in,
//! hashing pass phrases, and everything else. A place belongs to the work until
//! it is done, also when the browser has gone.

use std::sync::Arc;
use std::time::Duration;

use candor_access::view::ProgramCard;
use candor_app::input::Fault;
use candor_app::{App, ReadyForm};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::answer::Stop;
use crate::body::Space;
use crate::public::ReadyForms;

/// Use cases at work at the same time, reports and hashing apart.
const AT_WORK: usize = 12;

/// Reports being taken in at the same time. Most of that time each waits for the disk, and all
/// that wait share one sync: with 4 a machine of two processors took in a third less.
const REPORTS: usize = 16;

/// Pass phrases being hashed at the same time.
const HASHING: usize = 2;

/// Those at it and those who wait for it; whoever comes then is sent away at once.
const HASHING_QUEUE: usize = HASHING + 16;

/// Longest wait for a place.
const PATIENCE: Duration = Duration::from_secs(20);

/// How the pages are served.
#[derive(Debug, Clone)]
pub struct WebOptions {
    /// The public address is https: cookies are `Secure` and named `__Host-…`.
    pub secure_cookies: bool,
    /// Development mode: the design system page is there.
    pub dev: bool,
    /// Largest body of a request, in bytes, files and text together.
    pub max_body: usize,
    /// Sites whose pages may ask the API from a browser, as `https://name`.
    pub cors_origins: Vec<String>,
}

impl Default for WebOptions {
    fn default() -> Self {
        Self {
            secure_cookies: false,
            dev: false,
            max_body: 26 * 1024 * 1024,
            cors_origins: Vec::new(),
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
    at_work: Arc<Semaphore>,
    reports: Arc<Semaphore>,
    hashing: Arc<Semaphore>,
    hashing_queue: Arc<Semaphore>,
    space: Space,
    forms: ReadyForms,
}

impl Web {
    pub(crate) fn new(app: Arc<App>, options: WebOptions) -> Self {
        Self(Arc::new(Inner {
            app,
            at_work: Arc::new(Semaphore::new(AT_WORK)),
            reports: Arc::new(Semaphore::new(REPORTS)),
            hashing: Arc::new(Semaphore::new(HASHING)),
            hashing_queue: Arc::new(Semaphore::new(HASHING_QUEUE)),
            space: Space::new(options.max_body),
            options,
            forms: ReadyForms::default(),
        }))
    }

    pub(crate) fn options(&self) -> &WebOptions {
        &self.0.options
    }

    /// Space for the bytes of forms.
    pub(crate) fn space(&self) -> &Space {
        &self.0.space
    }

    /// Report forms that are written already.
    pub(crate) fn forms(&self) -> &ReadyForms {
        &self.0.forms
    }

    /// What an empty report form is made of, where that is known without waiting.
    pub(crate) fn ready_form(&self, slug: &str) -> Option<ReadyForm> {
        self.0.app.ready_form(slug)
    }

    /// Runs a use case on a thread of its own.
    pub(crate) async fn ask<T, F>(&self, work: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: FnOnce(&App) -> T + Send + 'static,
    {
        let place = place(&self.0.at_work).await?;
        self.run(place, work).await
    }

    /// Runs what a report needs, in places that nothing else takes.
    pub(crate) async fn ask_for_report<T, F>(&self, work: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: FnOnce(&App) -> T + Send + 'static,
    {
        let place = place(&self.0.reports).await?;
        self.run(place, work).await
    }

    /// Runs a use case that hashes a pass phrase; [`Stop::Busy`] at once when
    /// the queue for that is full.
    pub(crate) async fn ask_hashing<T, F>(&self, work: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: FnOnce(&App) -> T + Send + 'static,
    {
        let queue = Arc::clone(&self.0.hashing_queue);
        let _waiting = queue.try_acquire_owned().map_err(|_| Stop::Busy)?;
        let place = place(&self.0.hashing).await?;
        self.run(place, work).await
    }

    async fn run<T, F>(&self, place: OwnedSemaphorePermit, work: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: FnOnce(&App) -> T + Send + 'static,
    {
        let app = Arc::clone(&self.0.app);
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            work(&app)
        });
        done.await.map_err(|_| broken("a use case panicked"))
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
    pub(crate) async fn say(&self, token: &str, words: String) {
        let token = token.to_owned();
        let kept = self.ask(move |app| app.keep_said(&token, &words)).await;
        if kept.is_err() {
            tracing::warn!("a sentence after an act could not be kept");
        }
    }

    /// Takes the sentence kept for this session.
    pub(crate) async fn take_said(&self, token: &str) -> Option<String> {
        let token = token.to_owned();
        self.ask(move |app| app.take_said(&token)).await.ok()?
    }
}

/// A place among those at work, or [`Stop::Busy`] after a while.
async fn place(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Stop> {
    let place = tokio::time::timeout(PATIENCE, Arc::clone(places).acquire_owned()).await;
    place
        .map_err(|_| Stop::Busy)?
        .map_err(|_| broken("the gate is closed"))
}

fn broken(operator: &str) -> Stop {
    Stop::Fault(Fault {
        person: "Something broke on our side. Nothing was stored. Please try again in a minute."
            .to_owned(),
        operator: operator.to_owned(),
    })
}
