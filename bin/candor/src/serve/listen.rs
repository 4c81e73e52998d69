//! Pages, socket and background work, until a signal says stop.
//!
//! A stop goes in this order: the server says that it is not ready, and gives back what it
//! has in hand; new requests are still taken for the time of the drain; then the door is
//! closed, and what is under way ends. A second signal, or too long a wait, ends it at once:
//! what was answered is durable in any case.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use candor_app::App;
use candor_ports::Store;
use candor_store::SealedStore;
use candor_web::WebOptions;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::background::{self, Bell};
use super::connections::{self, Limits};
use super::health::Health;
use super::{access_log, disk, mail_in, redirect, socket};
use crate::backup::schedule::{self, Keeper};
use crate::blobs;
use crate::stop::{Done, Stop};
use crate::tls::Pair;
use crate::updates;

/// Longest wait for requests under way at a stop.
const GRACE: Duration = Duration::from_secs(10);
/// Connections in clear that are sent on at the same time.
const CLEAR: u32 = 64;

/// Everything a running server is made of.
pub(crate) struct Wiring {
    pub app: Arc<App>,
    pub store: Arc<SealedStore>,
    pub listener: TcpListener,
    /// The certificate, where this server encrypts by itself.
    pub tls: Option<Arc<Pair>>,
    /// Where requests in clear are sent on, and to which address.
    pub redirect: Option<(TcpListener, String)>,
    pub data: PathBuf,
    pub options: WebOptions,
    /// The server listens beyond this machine without encryption.
    pub exposed: bool,
    /// Connections at the same time.
    pub connections: u32,
    /// How long requests are still taken after a signal to stop.
    pub drain: Duration,
    /// Backups that are made by itself.
    pub keeper: Option<Keeper>,
    /// There is a bucket to be tidied.
    pub sweeps: bool,
    /// Where the site's mail server hands mail over.
    pub mail_door: Option<mail_in::Door>,
    /// Where advisories about Candor itself stand.
    pub advisories: Option<updates::Place>,
    /// How often GitHub is asked.
    pub asks_github: Option<Duration>,
    /// Says that the server is there, once its doors are open.
    pub announce: Box<dyn FnOnce()>,
}

/// Serves until SIGINT or SIGTERM.
pub(crate) fn until_stopped(wiring: Wiring) -> Done {
    let broke = |why: std::io::Error| Stop::environment(format!("The server cannot run: {why}."));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(broke)?;
    let bell = Arc::new(Bell::default());
    let mut threads = background::start(&wiring.app, wiring.asks_github, &bell);
    let backups = wiring.keeper.as_ref().map(|k| Arc::clone(&k.status));
    threads.extend(wiring.keeper.and_then(|k| schedule::start(k, &bell)));
    threads.extend(disk::start(&wiring.store, &bell));
    let acceptor = wiring.tls.as_ref().map(Pair::acceptor).transpose()?;
    threads.extend(wiring.tls.as_ref().and_then(|tls| tls.keep_fresh(&bell)));
    if wiring.sweeps {
        threads.extend(blobs::start(&wiring.store, &bell));
    }
    // A mail lies with its report as a file.
    let largest = wiring.options.max_body.saturating_sub(1024 * 1024);
    let place = wiring.advisories;
    threads.extend(place.and_then(|place| updates::start(place, &wiring.app, &bell)));
    let mail_in = wiring.mail_door;
    threads.extend(mail_in.and_then(|door| mail_in::start(door, &wiring.app, largest, &bell)));
    let inside = Arc::new(socket::Inside {
        app: Arc::clone(&wiring.app),
        store: Arc::clone(&wiring.store),
        exposed: wiring.exposed,
        backups,
    });
    let door = socket::start(&inside, &wiring.data);
    (wiring.announce)();
    let store: Arc<dyn Store> = wiring.store.clone();
    let health = Health::new(store, wiring.data.clone());
    let Wiring {
        app,
        listener,
        redirect: clear,
        options,
        connections,
        drain,
        ..
    } = wiring;
    let limits = Limits::of_this_process(connections);
    let served = runtime.block_on(async move {
        let mut signals = Signals::new()?;
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let router = candor_web::router(Arc::clone(&app), options)
            .merge(Arc::clone(&health).router())
            .layer(axum::middleware::from_fn(access_log::log));
        let (stop, stopped) = tokio::sync::watch::channel(false);
        if let Some((listener, public_url)) = clear {
            listener.set_nonblocking(true)?;
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let few = Limits { most: CLEAR };
            let router = redirect::router(public_url);
            tokio::spawn(connections::serve(
                listener,
                router,
                None,
                few,
                stopped.clone(),
            ));
        }
        let serving = connections::serve(listener, router, acceptor, limits, stopped);
        let server = tokio::spawn(serving);
        signals.told_to_stop().await;
        tracing::info!("stopping");
        // First nobody sends new requests, and what is in hand is given back.
        health.drain();
        app.stop_soon();
        bell.ring();
        let second = tokio::select! {
            () = tokio::time::sleep(drain) => false,
            () = signals.told_to_stop() => true,
        };
        // Only then the door is closed.
        let _ = stop.send(true);
        if second {
            return Ok(End::Cut);
        }
        let all = async {
            let _ = server.await;
            let _ = tokio::task::spawn_blocking(move || threads.into_iter().for_each(over)).await;
        };
        Ok(tokio::select! {
            () = all => End::Clean,
            () = tokio::time::sleep(GRACE) => End::Cut,
            () = signals.told_to_stop() => End::Cut,
        })
    });
    drop(door);
    runtime.shutdown_background();
    match served.map_err(broke)? {
        End::Clean => tracing::info!("stopped"),
        End::Cut => tracing::warn!("stopped before every request and letter had ended"),
    }
    Ok(())
}

/// How it ended.
enum End {
    /// Everything under way was done.
    Clean,
    /// Something was cut off.
    Cut,
}

fn over(thread: std::thread::JoinHandle<()>) {
    let _ = thread.join();
}

/// What tells a server to stop.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn told_to_stop(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
