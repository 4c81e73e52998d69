//! Pages, socket and background work, until a signal says stop.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use candor_app::App;
use candor_store::SealedStore;
use candor_web::WebOptions;
use tokio::signal::unix::{SignalKind, signal};

use super::background::{self, Bell};
use super::connections::{self, Limits};
use super::{access_log, socket};
use crate::backup::schedule::{self, Keeper};
use crate::stop::{Done, Stop};

/// Longest wait for requests under way at a stop.
const GRACE: Duration = Duration::from_secs(10);

/// Everything a running server is made of.
pub(crate) struct Wiring {
    pub app: Arc<App>,
    pub store: Arc<SealedStore>,
    pub listener: TcpListener,
    pub data: PathBuf,
    pub options: WebOptions,
    /// The server listens beyond this machine without encryption.
    pub exposed: bool,
    /// Connections at the same time.
    pub connections: u32,
    /// Backups that are made by itself.
    pub keeper: Option<Keeper>,
}

/// Serves until SIGINT or SIGTERM.
pub(crate) fn until_stopped(wiring: Wiring) -> Done {
    let broke = |why: std::io::Error| Stop::environment(format!("The server cannot run: {why}."));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(broke)?;
    let bell = Arc::new(Bell::default());
    let mut threads = background::start(&wiring.app, &bell);
    let backups = wiring.keeper.as_ref().map(|k| Arc::clone(&k.status));
    threads.extend(wiring.keeper.and_then(|k| schedule::start(k, &bell)));
    let inside = Arc::new(socket::Inside {
        app: Arc::clone(&wiring.app),
        store: Arc::clone(&wiring.store),
        exposed: wiring.exposed,
        backups,
    });
    let door = socket::start(&inside, &wiring.data);
    let Wiring {
        app,
        listener,
        options,
        connections,
        ..
    } = wiring;
    let limits = Limits::of_this_process(connections);
    let served = runtime.block_on(async move {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let router =
            candor_web::router(app, options).layer(axum::middleware::from_fn(access_log::log));
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let server = connections::serve(listener, router, limits, stopped);
        tokio::select! {
            () = server => {}
            () = async {
                told_to_stop().await;
                let _ = stop.send(true);
                tokio::time::sleep(GRACE).await;
            } => {}
        }
        Ok(())
    });
    bell.ring();
    drop(door);
    for thread in threads {
        let _ = thread.join();
    }
    runtime.shutdown_timeout(GRACE);
    served.map_err(broke)
}

async fn told_to_stop() {
    let (Ok(mut terminate), Ok(mut interrupt)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) else {
        tracing::error!("signals cannot be heard; only kill stops this server");
        std::future::pending::<()>().await;
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
}
