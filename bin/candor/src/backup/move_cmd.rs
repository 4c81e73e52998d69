//! `candor move`: everything to another place, after which the old one is not served.
//!
//! Invariant: the server must be stopped. A read-only server would have to refuse reports
//! for as long as the move takes; a stopped one says so more plainly, and no report can
//! arrive in the old place after it was read.

use std::path::Path;
use std::sync::Arc;

use candor_ports::{MOVED_TO, Objects, Store as _};
use candor_store::{CopyError, Destination, Origin, are_same, move_all};

use super::restore_cmd::{database, stop};
use super::{Shown, now, summary_json, summary_words};
use crate::cli::backup::MoveArgs;
use crate::database::Home;
use crate::key_source::KeySource;
use crate::say;
use crate::stop::{Done, Stop};
use crate::{blobs, config, paths, store_cmd};

/// Moves, or takes the mark of a move back.
pub(super) fn run(args: &MoveArgs) -> Done {
    let named = config::load(args.config.as_deref())?;
    let home = Home::of(&args.data, &named)?;
    if !home.has_data(&args.data)? {
        return Err(Stop::environment(format!(
            "There is no Candor data in {}.",
            home.shown(&args.data)
        )));
    }
    let source = KeySource::of(&args.data, args.key.as_deref(), &named.key)?;
    let key = store_cmd::key(&args.data, &source, &home)?;
    let from = home.origin(&args.data);
    if from.others().map_err(|why| stop(&why))? > 0 {
        return Err(Stop::refused(
            "Somebody else is connected to this database. Stop every server that uses it, \
             then start the move again.",
        ));
    }
    // Holds the data folder until the end, so that no server can be started meanwhile.
    let store = home
        .open(&args.data, &key)
        .map_err(|why| Stop::environment(why.for_person()))?;
    let failed = |why| Stop::environment(format!("The data could not be read or written: {why}."));
    if args.undo {
        store.put_setting(MOVED_TO, None).map_err(failed)?;
        say::line("This data can be served again. See to it that the other place is not.");
        return Ok(());
    }
    if let Some(place) = store.setting(MOVED_TO).map_err(failed)? {
        return Err(Stop::refused(format!(
            "This data was moved to {place} already. To move it again, say \
             `candor move --undo` first."
        )));
    }
    let to = args.to.as_deref().unwrap_or_default();
    let to = match database(to)? {
        Some(url) => Destination::database(&url),
        None => Destination::folder(&paths::absolute(Path::new(to))),
    };
    let to = to.with_bucket(new_bucket(args.blobs.as_deref())?);
    let mut line = Shown::new("Move");
    let moved = move_all(&from, &key, &to, now(), &mut |done, all| line.at(done, all));
    line.end();
    let found = match moved {
        Ok(found) => Some(found),
        // Cut off after the last step, before the old place was marked.
        Err(CopyError::NotEmpty(_)) if arrived(&from, &to, &key) => None,
        Err(why) => return Err(stop(&why)),
    };
    store
        .put_setting(MOVED_TO, Some(&to.shown()))
        .map_err(failed)?;
    if args.json {
        let value = found.as_ref().map(summary_json);
        say::line(&serde_json::json!({"to": to.shown(), "moved": value}).to_string());
        return Ok(());
    }
    say::line(&match found {
        Some(found) => format!(
            "{} holds everything: {}; counts, digests and heads of all histories were read \
             there again and are the same.",
            to.shown(),
            summary_words(&found)
        ),
        None => format!("{} held everything already.", to.shown()),
    });
    say::line(&format!(
        "The key stays {}; serve the new place with it. The old place is marked and is not \
         served any more; delete it when you are sure.",
        source.shown()
    ));
    Ok(())
}

/// The bucket of the new place.
fn new_bucket(file: Option<&Path>) -> Result<Option<Arc<dyn Objects>>, Stop> {
    let Some(file) = file else {
        return Ok(None);
    };
    match blobs::bucket(&config::load(Some(file))?)? {
        Some(bucket) => Ok(Some(bucket)),
        None => Err(Stop::input(format!(
            "{} names no bucket: there is no [blobs] in it.",
            file.display()
        ))),
    }
}

fn arrived(from: &Origin, to: &Destination, key: &candor_store::InstanceKey) -> bool {
    are_same(from, to.origin(), key, now()).unwrap_or(false)
}
