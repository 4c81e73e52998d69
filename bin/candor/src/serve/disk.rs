//! The thread that sees to the reserve on the disk.
//!
//! Invariant: it only gives the reserve up and makes it again; it refuses nothing.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use candor_store::SealedStore;

use super::Bell;

/// How often is looked.
const LOOK: Duration = Duration::from_secs(10);

/// Starts the thread; the reserve is there before the first report is taken.
pub(super) fn start(store: &Arc<SealedStore>, bell: &Arc<Bell>) -> Option<JoinHandle<()>> {
    let (store, bell) = (Arc::clone(store), Arc::clone(bell));
    store.tend_reserve();
    let work = move || {
        while !bell.wait(LOOK) {
            store.tend_reserve();
        }
    };
    std::thread::Builder::new()
        .name("disk".to_owned())
        .spawn(work)
        .inspect_err(|why| tracing::error!(%why, "the thread of the disk could not be started"))
        .ok()
}
