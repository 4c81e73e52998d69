//! Backups, restores, moves: the commands, and what the server does by itself.
//!
//! Invariants: nothing is written over; nothing in clear touches a disk; what a person has
//! to do next is said.

mod age_file;
mod file;
mod move_cmd;
mod opening;
mod pgp_file;
mod restore_cmd;
pub(crate) mod schedule;

use candor_base::Instant;
use candor_ports::{LETTERS_HELD, MOVED_TO, Store, StoreError};
use candor_store::Summary;
use serde_json::json;

use self::file::Recipients;
use crate::cli::backup::{BackupArgs, KeepingCommand, LettersArgs};
use crate::database::Home;
use crate::key_source::KeySource;
use crate::say;
use crate::stop::{Done, Stop};
use crate::store_cmd::{Access, reach};
use crate::{config, store_cmd};

/// Runs one of them.
pub(crate) fn run(command: &KeepingCommand) -> Done {
    match command {
        KeepingCommand::Backup(args) => backup(args),
        KeepingCommand::VerifyBackup(args) => restore_cmd::verify(args),
        KeepingCommand::Restore(args) => restore_cmd::restore(args),
        KeepingCommand::Letters(args) => letters(args),
        KeepingCommand::Move(args) => move_cmd::run(args),
    }
}

/// The present moment, to the second.
fn now() -> Instant {
    Instant::from(jiff::Timestamp::now())
}

/// `candor backup`.
fn backup(args: &BackupArgs) -> Done {
    if let Some(file) = &args.make_identity {
        let recipient = age_file::make_identity(file)?;
        say::line(&recipient);
        say::note(&format!(
            "{} opens backups made for this recipient. Keep it away from this machine, and \
             keep the instance key somewhere else again.",
            file.display()
        ));
        return Ok(());
    }
    let recipients = if args.recipient_openpgp.is_empty() {
        Recipients::Age(age_file::recipients(&args.recipient)?)
    } else {
        pgp_file::recipients(&args.recipient_openpgp, now())?
    };
    let which = &args.data;
    let named = config::load(which.config.as_deref())?;
    let home = Home::of(&which.data, &named)?;
    if !home.has_data(&which.data)? {
        return Err(Stop::environment(format!(
            "There is no Candor data in {}. Name the data folder with --data, or the \
             configuration with --config when the data lies in a database.",
            home.shown(&which.data)
        )));
    }
    let source = KeySource::of(&which.data, which.key.as_deref(), &named.key)?;
    let key = store_cmd::key(&which.data, &source, &home)?;
    let from = home.origin(&which.data);
    let mut shown = Shown::new("Backup");
    let written = file::write(
        &from,
        &key,
        &args.to,
        &recipients,
        now(),
        &mut |done, all| {
            shown.at(done, all);
        },
    );
    shown.end();
    let written = written?;
    let found = &written.summary;
    if which.json {
        let mut value = summary_json(found);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("file".to_owned(), json!(written.path));
            fields.insert("bytes".to_owned(), json!(written.bytes));
        }
        say::line(&value.to_string());
    } else {
        say::line(&format!(
            "{}: {}, {} bytes, written and read back.",
            written.path.display(),
            summary_words(found),
            written.bytes
        ));
        say::line(
            "The instance key is not in it. Keep it elsewhere: without it nobody can read this.",
        );
    }
    unsound(found).map_or(Ok(()), |words| Err(Stop::refused(words)))
}

/// What does not hold in the data that was copied.
fn unsound(found: &Summary) -> Option<String> {
    (!found.is_sound()).then(|| {
        format!(
            "The data itself does not hold: {} broken histories, {} texts or files gone. \
             `candor verify-log` says more. Keep your older backups.",
            found.broken, found.missing
        )
    })
}

fn summary_words(found: &Summary) -> String {
    format!(
        "{} cases, {} events, {} rows",
        found.cases,
        found.events,
        found.rows()
    )
}

fn summary_json(found: &Summary) -> serde_json::Value {
    json!({
        "instance": found.header.instance,
        "schema": found.header.schema,
        "made": found.header.made,
        "cases": found.cases,
        "events": found.events,
        "rows": found.rows(),
        "waiting_letters": found.waiting,
        "missing": found.missing,
        "broken": found.broken,
        "heads": found.heads.to_string(),
        "sha256": found.sha256.to_string(),
    })
}

/// Progress on a terminal, of which the whole is known only later.
pub(crate) struct Shown {
    what: &'static str,
    line: Option<say::Progress>,
}

impl Shown {
    pub(crate) const fn new(what: &'static str) -> Self {
        Self { what, line: None }
    }

    pub(crate) fn at(&mut self, done: u64, all: u64) {
        let what = self.what;
        self.line
            .get_or_insert_with(|| say::Progress::start(what, all))
            .at(done);
    }

    pub(crate) fn end(self) {
        if let Some(line) = self.line {
            line.end();
        }
    }
}

/// Whether letters are held back, after letting them go where that is wanted.
pub(crate) fn letters_of(store: &dyn Store, send: bool) -> Result<bool, StoreError> {
    if send {
        store.put_setting(LETTERS_HELD, None)?;
    }
    Ok(store.setting(LETTERS_HELD)?.is_some())
}

/// `candor letters`.
fn letters(args: &LettersArgs) -> Done {
    let held = match reach((&args.data).into())? {
        Access::Store(store) => letters_of(&store, args.send)
            .map_err(|why| Stop::environment(format!("The data could not be read: {why}.")))?,
        Access::Server(mut link) => link
            .ask(&json!({"op": "letters", "send": args.send}))?
            .as_bool()
            .unwrap_or(false),
    };
    if args.data.json {
        say::line(&json!({"held": held}).to_string());
    } else if held {
        say::line(
            "Letters are held back, since this data was put back from a backup. Those that \
             left after it would leave again. To let them go: candor letters --send",
        );
    } else {
        say::line("Letters leave as they fall due.");
    }
    Ok(())
}

/// Refuses to serve what was moved elsewhere.
pub(crate) fn not_moved(store: &dyn Store) -> Done {
    let moved = store
        .setting(MOVED_TO)
        .map_err(|why| Stop::environment(format!("The data could not be read: {why}.")))?;
    match moved {
        None => Ok(()),
        Some(place) => Err(Stop::environment(format!(
            "This data was moved to {place}. Serve that one: two that go on with the same cases \
             would contradict each other. If the move is to count for nothing, say \
             `candor move --undo` first."
        ))),
    }
}
