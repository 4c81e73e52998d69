//! `candor migrate`: makes the data, or brings them to the form of this version, without
//! serving.
//!
//! Invariant: `--check` changes nothing.

use std::cmp::Ordering;

use candor_store::{Schema, Step};
use serde_json::{Value, json};

use crate::cli::MigrateArgs;
use crate::database::Home;
use crate::key_source::KeySource;
use crate::stop::{Done, Stop};
use crate::{config, paths, policy, say, store_cmd};

/// Brings the data up to date, also where the configuration keeps servers from doing so.
pub(crate) fn run(args: &MigrateArgs) -> Done {
    let which = &args.data;
    let config = config::load(which.config.as_deref())?;
    let home = Home::of(&which.data, &config)?.brought_up_to_date();
    let data = paths::absolute(&which.data);
    let before = home.schema(&data)?;
    if !args.check && !before.missing.is_empty() {
        let source = KeySource::of(&which.data, which.key.as_deref(), &config.key)?;
        let (store, _) = store_cmd::open(&data, &home, &source)?
            .map_err(|why| Stop::environment(why.for_person()))?;
        drop(store);
    }
    let now = home.schema(&data)?;
    if which.json {
        say::line(&policy::json(&as_json(&before, &now))?);
    } else {
        tell(&home.shown(&data), &before, &now);
    }
    if now.too_new {
        return Err(Stop::refused(
            "A newer Candor brought these data to a form that this one cannot work with. Use \
             that version.",
        ));
    }
    match now.missing.len() {
        0 => Ok(()),
        1 => Err(Stop::refused("1 step is missing: candor migrate")),
        n => Err(Stop::refused(format!(
            "{n} steps are missing: candor migrate"
        ))),
    }
}

fn names(steps: &[Step]) -> Value {
    let all = steps.iter();
    all.map(|step| json!({"version": step.version, "name": step.name}))
        .collect()
}

/// What was missing before and is there now.
fn done<'a>(before: &'a Schema, now: &'a Schema) -> Vec<Step> {
    let ran = before.missing.iter();
    ran.filter(|step| !now.missing.contains(step))
        .cloned()
        .collect()
}

fn as_json(before: &Schema, now: &Schema) -> Value {
    json!({
        "found": before.found,
        "schema": now.found,
        "known": now.known,
        "ran": names(&done(before, now)),
        "missing": names(&now.missing),
        "too_new": now.too_new,
    })
}

fn tell(place: &str, before: &Schema, now: &Schema) {
    for step in done(before, now) {
        say::line(&format!("done     {:>3}  {}", step.version, step.name));
    }
    for step in &now.missing {
        say::line(&format!("missing  {:>3}  {}", step.version, step.name));
    }
    let newest = match now.found.cmp(&now.known) {
        Ordering::Less => format!("this Candor needs {}", now.known),
        Ordering::Equal => "the newest that this Candor knows".to_owned(),
        Ordering::Greater => format!("newer than the {} that this Candor knows", now.known),
    };
    say::line(&if now.found == 0 {
        format!("There are no data in {place} yet.")
    } else {
        format!(
            "The data in {place} have schema version {}, {newest}.",
            now.found
        )
    });
}
