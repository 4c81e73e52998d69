//! `candor verify-backup` and `candor restore`.

use std::path::{Path, PathBuf};

use candor_ports::Store as _;
use candor_store::{
    CopyError, DatabaseUrl, Destination, InstanceKey, SealedStore, Summary, check_copy,
    restore_copy, verify_log as walk,
};
use serde_json::json;

use super::opening::Opening;
use super::{Shown, now, summary_json, summary_words, unsound};
use crate::blobs;
use crate::cli::backup::{RestoreArgs, VerifyBackupArgs};
use crate::config::{self, Config};
use crate::database::Home;
use crate::key_source::KeySource;
use crate::paths;
use crate::say;
use crate::stop::{Code, Done, Stop};
use crate::store_cmd::report_json;

/// What a failure is to the caller.
pub(super) fn stop(why: &CopyError) -> Stop {
    let message = why.for_person();
    let code = match why {
        CopyError::Open(_) | CopyError::Store(_) | CopyError::Io(_) => Code::Environment,
        _ => Code::Refused,
    };
    Stop { code, message }
}

fn key_of(file: &Path) -> Result<InstanceKey, Stop> {
    InstanceKey::load(file)
        .map_err(|why| Stop::environment(why.for_person()))?
        .ok_or_else(|| Stop::input(format!("There is no key file at {}.", file.display())))
}

/// `candor verify-backup`.
pub(super) fn verify(args: &VerifyBackupArgs) -> Done {
    let opening = Opening::of(&args.opening)?;
    let key = args.key.as_deref().map(key_of).transpose()?;
    let (found, opened) = match key.as_ref() {
        // What comes on standard input can be read once.
        Some(key) if opening.is_stream() => {
            let (found, opened) = open_all(&opening, key)?;
            (found, Some(opened))
        }
        key => {
            let found = check_copy(opening.input()?, key).map_err(|why| stop(&why))?;
            if let Some(words) = unsound(&found) {
                return Err(Stop::refused(words));
            }
            let opened = key.map(|key| open_all(&opening, key)).transpose()?;
            (found, opened.map(|(_, texts)| texts))
        }
    };
    if args.json {
        let mut value = summary_json(&found);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("opened".to_owned(), json!(opened));
        }
        say::line(&value.to_string());
    } else {
        say::line(&format!(
            "This backup is whole: {}; every digest, count and chain holds.",
            summary_words(&found)
        ));
        say::line(&match opened {
            Some(texts) => {
                format!("With this key all of it opens: {texts} texts and files were read.")
            }
            None => "Whether it opens was not tried: give the instance key with --key.".to_owned(),
        });
    }
    Ok(())
}

/// Puts it back into a temporary folder and opens everything; gives what is in it, and the
/// number of texts and files.
fn open_all(opening: &Opening, key: &InstanceKey) -> Result<(Summary, u64), Stop> {
    let cannot = |why: &dyn std::fmt::Display| {
        Stop::environment(format!("The backup could not be opened for a look: {why}."))
    };
    let place = tempfile::tempdir().map_err(|why| cannot(&why))?;
    let folder = place.path().join("data");
    let to = Destination::folder(&folder);
    let restored = restore_copy(opening.input()?, key, &to, now(), &mut |_, _| {});
    let found = restored.map_err(|why| stop(&why))?;
    let store = SealedStore::open(&folder, key).map_err(|why| cannot(&why.for_person()))?;
    let damaged = |why| {
        Stop::refused(format!(
            "Something sealed in this backup does not open: {why}."
        ))
    };
    let report = walk(&store).map_err(damaged)?;
    store.accounts().map_err(damaged)?;
    for program in store.programs().map_err(damaged)? {
        store.rows(&program.slug).map_err(damaged)?;
        store
            .policy(&program.slug, &program.policy)
            .map_err(damaged)?;
    }
    if report.holds() {
        Ok((found, report.bodies))
    } else {
        Err(Stop::refused(format!(
            "What is in this backup does not hold: {} histories or contents.",
            report.breaks.len()
        )))
    }
}

/// Where to, and the folder whose key is looked for.
fn target(args: &RestoreArgs, config: &Config) -> Result<(Destination, PathBuf), Stop> {
    let data = PathBuf::from(paths::DATA);
    match args.into.as_deref() {
        Some(into) => {
            let (to, data) = if let Some(url) = database(into)? {
                (Destination::database(&url), data)
            } else {
                let folder = paths::absolute(Path::new(into));
                (Destination::folder(&folder), folder)
            };
            Ok((to.with_bucket(blobs::bucket(config)?), data))
        }
        None => Home::of(&data, config)?
            .destination()
            .map(|to| (to, data))
            .ok_or_else(|| {
                Stop::input("Where to? The configuration names no database. Give --into.")
            }),
    }
}

/// The address of a database, when it is one.
pub(super) fn database(text: &str) -> Result<Option<DatabaseUrl>, Stop> {
    if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
        return Ok(None);
    }
    DatabaseUrl::parse(text).map(Some).map_err(|why| {
        Stop::input(format!(
            "The address of the database cannot be used: {why}."
        ))
    })
}

/// `candor restore`.
pub(super) fn restore(args: &RestoreArgs) -> Done {
    let config = config::load(args.config.as_deref())?;
    let (to, data) = target(args, &config)?;
    let source = KeySource::of(&data, args.key.as_deref(), &config.key)?;
    let key = source.load()?.ok_or_else(|| {
        Stop::input(format!(
            "The instance key of this backup is not in {}. It is never in a backup: name the \
             file in which you kept it with --key.",
            source.shown()
        ))
    })?;
    let input = Opening::of(&args.opening)?.input()?;
    let mut shown = Shown::new("Restore");
    let done = restore_copy(input, &key, &to, now(), &mut |done, all| {
        shown.at(done, all);
    });
    shown.end();
    let found = done.map_err(|why| stop(&why))?;
    let store = to
        .open(&key)
        .map_err(|why| Stop::environment(why.for_person()))?;
    let report = walk(&store)
        .map_err(|why| Stop::environment(format!("What was put back cannot be read: {why}.")))?;
    if args.json {
        let mut value = summary_json(&found);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("verified".to_owned(), report_json(&report));
        }
        say::line(&value.to_string());
    } else {
        tell(&found, &to, &source);
    }
    if report.holds() {
        Ok(())
    } else {
        Err(Stop::refused(
            "What was put back is what was backed up, but it did not hold then: see \
             `candor verify-log`.",
        ))
    }
}

/// What a restore means, and what to do next.
fn tell(found: &Summary, to: &Destination, source: &KeySource) {
    let made = candor_base::Instant::from_unix(found.header.made)
        .map_or_else(|_| "an unknown moment".to_owned(), |at| at.to_string());
    say::line(&format!(
        "{} holds what there was at {made}: {}. Every history holds.",
        to.shown(),
        summary_words(found)
    ));
    say::line(&format!("The key in use is {}.", source.shown()));
    say::line(
        "Reports that came after the backup are not there. Their receipts still verify \
         offline; ask those reporters to send again.",
    );
    say::line(&format!(
        "No letter leaves yet. {} letters and other acts were waiting when the backup was made; \
         some may have left since. To let them go: candor letters --send",
        found.waiting
    ));
    say::line("Nobody is signed in. See to it that no other server goes on with the same data.");
}
