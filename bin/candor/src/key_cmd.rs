//! `candor key rotate`.
//!
//! Invariant: the new instance key lies in a file before anything is sealed under it.

use candor_store::{InstanceKey, OpenError, SealedStore};
use serde_json::json;

use crate::cli::KeyRotateArgs;
use crate::database::Home;
use crate::key_source::KeySource;
use crate::say;
use crate::stop::{Done, Stop};
use crate::{config, key_file, paths, policy, store_cmd};

/// Changes a key of data that no server holds.
pub(crate) fn rotate(args: &KeyRotateArgs) -> Done {
    let config = config::load(args.data.config.as_deref())?;
    let home = Home::of(&args.data.data, &config)?;
    if !home.has_data(&args.data.data)? {
        return Err(Stop::environment(format!(
            "There is no Candor data in {}. Name the data folder with --data, or the \
             configuration with --config when the data lies in a database.",
            home.shown(&args.data.data)
        )));
    }
    let source = KeySource::of(&args.data.data, args.data.key.as_deref(), &config.key)?;
    let data = paths::absolute(&args.data.data);
    // A server whose data lies in a database does not hold that, but it holds its folder.
    let held = home.hold(&data)?;
    let (store, old) = store_cmd::open(&data, &home, &source)?.map_err(|why| match why {
        OpenError::Locked { .. } => Stop::refused(
            "A server runs on these data. Stop it, change the key, and start it again.",
        ),
        why => Stop::environment(why.for_person()),
    })?;
    let done = match &args.program {
        Some(program) => rotate_program(store, program, args.data.json),
        None => rotate_instance(store, &old, &source, args),
    };
    drop(held);
    done
}

fn rotate_instance(
    store: SealedStore,
    old: &InstanceKey,
    source: &KeySource,
    args: &KeyRotateArgs,
) -> Done {
    let place = match (&args.new, source.file()) {
        (Some(new), _) => paths::absolute(new),
        (None, Some(file)) => key_file::next(file),
        (None, None) => {
            return Err(Stop::input(format!(
                "The key in use comes from {}. Name a file for the new one with --new; when \
                 this is done, put that key where the old one came from.",
                source.shown()
            )));
        }
    };
    let new =
        InstanceKey::load_or_create(&place).map_err(|why| Stop::environment(why.for_person()))?;
    if new.is_same(old) {
        return Err(Stop::input(format!(
            "{} holds the key that is in use already. Name another file with --new.",
            place.display()
        )));
    }
    let rotated = store.rotate_instance(&new).map_err(|why| {
        Stop::environment(format!(
            "The key was not changed: {why}. The old key opens everything, as before. \
             `candor verify-log` says more about damaged histories."
        ))
    })?;
    let (file, kept) = match (&args.new, source.file()) {
        (None, Some(file)) => {
            let kept = key_file::put_in_place(file, old)?;
            (file.to_owned(), Some(kept))
        }
        _ => (place, None),
    };
    if args.data.json {
        let told = json!({
            "key": file.display().to_string(),
            "old_key": kept.map(|k| k.display().to_string()),
            "programs": rotated.programs,
            "accounts": rotated.accounts,
            "sessions": rotated.sessions,
            "settings": rotated.settings,
            "histories": rotated.histories,
        });
        say::line(&policy::json(&told)?);
        return Ok(());
    }
    say::line(&format!(
        "The instance key was changed: {} programs, {} accounts, {} sessions, {} settings and \
         the ends of {} histories are sealed under the new one.",
        rotated.programs, rotated.accounts, rotated.sessions, rotated.settings, rotated.histories
    ));
    match kept {
        Some(kept) => say::line(&format!(
            "The new key is {}. The old one is kept in {}: backups made until now need it. Keep \
             a copy of the new one apart from the data; delete the old one when the last such \
             backup is gone.",
            file.display(),
            kept.display()
        )),
        None => say::line(&format!(
            "The new key is in {}. Put it where Candor takes its key from ({}) before the next \
             start. Keep the old one as long as there are backups from before.",
            file.display(),
            source.shown()
        )),
    }
    say::line(
        "Whoever has the old key and old data can still read those. To shut out somebody who \
         has both from later cases, change the keys of the programs, too.",
    );
    Ok(())
}

fn rotate_program(store: SealedStore, name: &str, json: bool) -> Done {
    let unknown = || {
        Stop::input(format!(
            "There is no program {}. `candor doctor` lists the programs.",
            say::harmless(name)
        ))
    };
    let program = name.parse().map_err(|_| unknown())?;
    let programs = candor_ports::Store::programs(&store);
    let known = programs.map_err(|why| Stop::environment(format!("{why}.")))?;
    if !known.iter().any(|p| p.slug == program) {
        return Err(unknown());
    }
    let rotated = store.rotate_program(&program).map_err(|why| {
        Stop::environment(format!(
            "The key of {program} was not changed: {why}. The old one is in use, as before."
        ))
    })?;
    if json {
        let told =
            json!({"program": program, "cases": rotated.cases, "policies": rotated.policies});
        say::line(&policy::json(&told)?);
    } else {
        say::line(&format!(
            "The key of {program} was changed: the keys of {} cases and the settings of {} \
             policy versions are sealed under the new one.",
            rotated.cases, rotated.policies
        ));
    }
    Ok(())
}
