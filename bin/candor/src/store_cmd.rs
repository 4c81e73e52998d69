//! Commands on the data: opening it, `verify-log`.
//!
//! Invariant: a key is made only where there is no data yet, never beside
//! data that was sealed under another.

use std::path::Path;

use candor_store::{InstanceKey, OpenError, Report, SealedStore, verify_log_with as walk};
use serde_json::{Value, json};

use crate::backup::Shown;
use crate::cli::DataJsonArgs;
use crate::database::Home;
use crate::key_source::KeySource;
use crate::local::Link;
use crate::say;
use crate::stop::{Done, Stop};
use crate::{config, key_file, paths, policy};

/// The key of the data; makes one only where there is no data yet, and only as a file.
pub(crate) fn key(data: &Path, source: &KeySource, home: &Home) -> Result<InstanceKey, Stop> {
    if let Some(key) = source.load()? {
        return Ok(key);
    }
    let stop = |why: &candor_store::KeyError| Stop::environment(why.for_person());
    match source.file() {
        Some(file) if home.has_data(data)? => Err(Stop::environment(format!(
            "There is data in {}, but its key is not at {}. Put the key file back there, or \
             name it with --key. Without it nobody can read the data.",
            home.shown(data),
            file.display()
        ))),
        Some(file) => InstanceKey::load_or_create(file).map_err(|why| stop(&why)),
        None => Err(Stop::environment(format!(
            "{} gives no instance key.",
            source.shown()
        ))),
    }
}

/// Opens the data with its key. Where a change of the key file was cut off after the data
/// had been sealed anew, the new key opens them, and is put in its place.
pub(crate) fn open(
    data: &Path,
    home: &Home,
    source: &KeySource,
) -> Result<Result<(SealedStore, InstanceKey), OpenError>, Stop> {
    let key = key(data, source, home)?;
    let refused = match home.open(data, &key) {
        Ok(store) => return Ok(Ok((store, key))),
        Err(why @ OpenError::WrongKey { .. }) => why,
        Err(why) => return Ok(Err(why)),
    };
    let Some(file) = source.file() else {
        return Ok(Err(refused));
    };
    let Ok(Some(next)) = InstanceKey::load(&key_file::next(file)) else {
        return Ok(Err(refused));
    };
    let Ok(store) = home.open(data, &next) else {
        return Ok(Err(refused));
    };
    key_file::put_in_place(file, &key)?;
    tracing::warn!("a change of the instance key was cut off; its new file is in place now");
    Ok(Ok((store, next)))
}

/// Opens the store of an existing data folder, or says that a server holds it.
pub(crate) enum Access {
    /// Ours alone.
    Store(SealedStore),
    /// A running server answers for it.
    Server(Link),
}

/// Which data a command is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Which<'a> {
    /// The data folder.
    pub data: &'a Path,
    /// The key file, where it was named.
    pub key: Option<&'a Path>,
    /// The configuration, where it was named.
    pub config: Option<&'a Path>,
}

impl<'a> From<&'a DataJsonArgs> for Which<'a> {
    fn from(args: &'a DataJsonArgs) -> Self {
        Self {
            data: &args.data,
            key: args.key.as_deref(),
            config: args.config.as_deref(),
        }
    }
}

/// Reaches existing data, through the server when one runs.
pub(crate) fn reach(which: Which<'_>) -> Result<Access, Stop> {
    let Which { data, key, config } = which;
    let named = config::load(config)?;
    let home = Home::of(data, &named)?;
    // A server whose data lies in a database does not hold that: ask it when it is there.
    let folder_has = paths::absolute(data).join(paths::DATABASE).exists();
    if !folder_has
        && paths::socket(data).exists()
        && let Ok(link) = Link::connect(data)
    {
        return Ok(Access::Server(link));
    }
    if !home.has_data(data)? {
        return Err(Stop::environment(format!(
            "There is no Candor data in {}. Name the data folder with --data, or the \
             configuration with --config when the data lies in a database.",
            home.shown(data)
        )));
    }
    let source = KeySource::of(data, key, &named.key)?;
    let opened = match (open(data, &home, &source), key) {
        (Ok(opened), _) => opened,
        // A server that runs on the data has the key, wherever that lies.
        (Err(why), None) => {
            return Link::connect(data).map(Access::Server).map_err(|_| why);
        }
        (Err(why), Some(_)) => return Err(why),
    };
    match opened {
        Ok((store, _)) => Ok(Access::Store(store)),
        Err(OpenError::Locked { .. }) => Link::connect(data).map(Access::Server),
        Err(why) => Err(Stop::environment(why.for_person())),
    }
}

/// `candor verify-log`.
pub(crate) fn verify_log(args: &DataJsonArgs) -> Done {
    let report = match reach(args.into())? {
        Access::Store(store) => {
            let mut shown = Shown::new("Cases");
            let walked = walk(&store, &mut |done, of| shown.at(done, of));
            shown.end();
            report_json(&walked.map_err(|why| {
                Stop::environment(format!("The histories could not be read: {why}."))
            })?)
        }
        Access::Server(mut link) => {
            let mut shown = Shown::new("Cases");
            let request = json!({"op": "verify-log", "progress": true});
            let answer = link.ask_and_hear(&request, &mut |done, of| shown.at(done, of));
            shown.end();
            answer?
        }
    };
    let number = |name: &str| report.get(name).and_then(Value::as_u64).unwrap_or(0);
    let breaks = report
        .get("breaks")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let missing = report.get("missing").and_then(Value::as_str);
    let erased = report.get("erased").and_then(Value::as_array);
    let others: Vec<&str> = ["beside", "log"]
        .into_iter()
        .filter_map(|name| report.get(name).and_then(Value::as_array))
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if args.json {
        say::line(&policy::json(&report)?);
    } else {
        for found in &breaks {
            say::line(&format!("broken: {}", found.as_str().unwrap_or("a case")));
        }
        if let Some(missing) = missing {
            say::line(&format!("broken: {missing}"));
        }
        for what in &others {
            say::line(&format!("broken: {what}"));
        }
        for words in erased.into_iter().flatten().filter_map(Value::as_str) {
            say::line(words);
        }
        if number("unopened") > 0 {
            say::line(&format!(
                "not compared: {} cases do not open with this key; only their chains were walked",
                number("unopened")
            ));
        }
        say::line(&format!(
            "{} cases, {} events, {} texts and files, {} broken histories or contents{}",
            number("cases"),
            number("events"),
            number("bodies"),
            breaks.len(),
            if missing.is_some() {
                "; the account over all of them does not hold"
            } else {
                ""
            }
        ));
    }
    if breaks.is_empty() && missing.is_none() && others.is_empty() {
        Ok(())
    } else {
        Err(Stop::refused(
            "A history, or what it names, was changed outside Candor. Keep the data folder as \
             it is, and compare it with a backup.",
        ))
    }
}

/// The outcome of a walk as JSON: counts, each break in words, and what the account over
/// all histories misses, in words.
pub(crate) fn report_json(report: &Report) -> Value {
    let breaks: Vec<String> = report.breaks.iter().map(ToString::to_string).collect();
    let erased: Vec<String> = report
        .erased
        .iter()
        .map(|(program, tombstone)| {
            format!(
                "erased: {program} case {} on {}; its history holds and cannot be read",
                tombstone.reference, tombstone.at
            )
        })
        .collect();
    json!({
        "cases": report.cases,
        "events": report.events,
        "bodies": report.bodies,
        "unopened": report.unopened,
        "erased": erased,
        "breaks": breaks,
        "missing": report.missing(),
        "beside": report.beside,
        "log": report.log,
    })
}
