//! `candor rebuild`: the lists made anew from the case histories.

use std::path::Path;
use std::sync::Arc;

use candor_app::{App, AppConfig, Parts};
use candor_store::SealedStore;
use serde_json::json;

use crate::cli::DataJsonArgs;
use crate::config::Config;
use crate::stop::{Done, Stop};
use crate::store_cmd::{Access, reach};
use crate::world::{SystemClock, SystemEntropy};
use crate::{courier, say};

/// The use cases on a data folder that no server holds.
pub(crate) fn alone(store: SealedStore, data: &Path) -> Result<App, Stop> {
    let config = AppConfig::default();
    let vault = Arc::new(store.vault());
    Ok(App::new(Parts {
        store: Arc::new(store),
        clock: Arc::new(SystemClock::new()),
        entropy: Arc::new(SystemEntropy),
        vault,
        courier: courier::courier(&Config::default(), data, &config.public_url)?,
        config,
    })?)
}

/// Rebuilds, through the server when one runs.
pub(crate) fn run(args: &DataJsonArgs) -> Done {
    let count = match reach(args.into())? {
        Access::Server(mut link) => link.ask(&json!({"op": "rebuild"}))?,
        Access::Store(store) => {
            let app = alone(store, &args.data)?;
            json!(app.rebuild().map_err(Stop::from)?)
        }
    };
    if args.json {
        say::line(&json!({"cases": count}).to_string());
    } else {
        say::line(&format!(
            "{} cases were read again.",
            count.as_u64().unwrap_or(0)
        ));
    }
    Ok(())
}
