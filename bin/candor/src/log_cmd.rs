//! `candor log`, and the part `[log]` of the configuration.
//!
//! Invariant: with a running server the server does the work; nothing here writes beside it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use candor_app::input::Fault;
use candor_app::{LogSettings, LogStatus, PublicLog};
use candor_ledger::{KeyName, WitnessKey};
use candor_store::{LogFolder, SealedStore};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::cli::LogCommand;
use crate::local::Link;
use crate::say::{self, Paint, Tone};
use crate::stop::{Done, Stop};
use crate::store_cmd::{self, Access, Which};
use crate::{config, paths, policy, verify_cmd};

/// The folder of what was published, in the data folder.
const FOLDER: &str = "log";

/// The part `[log]` of the configuration.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Log {
    /// Time between two checkpoints: `90s`, `30m`, `1h`, `1d`. Default: an hour.
    every: Option<String>,
    /// Leaves that each adds. Default: 64.
    leaves: Option<u32>,
    /// Where what was published is kept. Default: `log` in the data folder.
    folder: Option<PathBuf>,
    /// Keys of witnesses whose signatures are taken.
    witnesses: Vec<String>,
}

/// Shortest and longest time between two checkpoints, in seconds.
const EVERY: std::ops::RangeInclusive<u32> = 1..=7 * 86_400;

/// A time in words of one unit, in seconds.
fn seconds(text: &str) -> Option<u32> {
    let unit = text.chars().last()?;
    let each = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return None,
    };
    let number: u32 = text.strip_suffix(unit)?.parse().ok()?;
    number.checked_mul(each).filter(|all| EVERY.contains(all))
}

impl Log {
    fn settings(&self, origin: KeyName) -> Result<LogSettings, Stop> {
        let wrong = |what: String| Stop::input(format!("In the configuration, log.{what}"));
        let every = match self.every.as_deref() {
            None => 3600,
            Some(text) => seconds(text).ok_or_else(|| {
                wrong(format!(
                    "every is \"{text}\"; write it like \"1h\", at most \"7d\"."
                ))
            })?,
        };
        let leaves = self.leaves.unwrap_or(64);
        if !(4..=65_536).contains(&leaves) {
            return Err(wrong(format!("leaves is {leaves}; it may be 4 to 65536.")));
        }
        let witness = |text: &String| {
            text.parse::<WitnessKey>()
                .map_err(|why| wrong(format!("witnesses has a key that cannot be used: {why}.")))
        };
        Ok(LogSettings {
            origin,
            every,
            leaves,
            witnesses: self
                .witnesses
                .iter()
                .map(witness)
                .collect::<Result<_, _>>()?,
        })
    }

    /// The public log over this store.
    pub(crate) fn open(
        &self,
        store: Arc<SealedStore>,
        data: &Path,
        public_url: &str,
    ) -> Result<PublicLog, Stop> {
        let host = public_url
            .split_once("://")
            .map_or(public_url, |(_, rest)| rest);
        let origin = format!("{host}/log").parse().map_err(|_| {
            Stop::input("The public address of this server cannot be used. Check --public-url.")
        })?;
        let folder = self
            .folder
            .clone()
            .unwrap_or_else(|| paths::absolute(data).join(FOLDER));
        let keeper = Arc::new(LogFolder::new(&folder));
        let vault = store.vault();
        Ok(PublicLog::new(
            store,
            keeper,
            &vault,
            self.settings(origin)?,
        ))
    }
}

/// What is asked of a log.
#[derive(Debug, Deserialize)]
#[serde(tag = "log", rename_all = "kebab-case")]
pub(crate) enum Ask {
    /// How it is.
    Status,
    /// Take over what was published.
    Adopt {
        /// The other way round.
        database: bool,
    },
    /// What a witness is sent.
    Request {
        /// The size it saw last.
        old: u64,
    },
    /// Signatures of witnesses.
    Cosign {
        /// What they answered.
        text: String,
    },
}

/// Answers, in the server or beside it.
pub(crate) fn answer(log: &PublicLog, ask: Ask) -> Result<Value, String> {
    let said = |fault: Fault| fault.operator;
    let value = match ask {
        Ask::Status => serde_json::to_value(log.status().map_err(said)?),
        Ask::Adopt { database } => serde_json::to_value(log.adopt(database).map_err(said)?),
        Ask::Request { old } => {
            let body = log.request(old).map_err(said)?;
            let none = "Nothing was published that is so long. Wait for the next checkpoint.";
            Ok(Value::String(body.ok_or(none)?))
        }
        Ask::Cosign { text } => {
            let added = log.cosign(&text).map_err(said)?;
            let added = added.map_err(|why| format!("Nothing was added: {why}."))?;
            Ok(added.iter().map(|c| c.witness.to_string()).collect())
        }
    };
    value.map_err(|_| "The answer could not be written.".to_owned())
}

fn ask(which: Which<'_>, op: &Value) -> Result<Value, Stop> {
    match store_cmd::reach(which)? {
        Access::Server(mut link) => in_server(&mut link, op),
        Access::Store(store) => {
            let settings = config::load(which.config)?.log;
            let log = settings.open(Arc::new(store), which.data, "localhost")?;
            let ask = Ask::deserialize(op).map_err(|_| Stop::input("That cannot be asked."))?;
            answer(&log, ask).map_err(Stop::refused)
        }
    }
}

fn in_server(link: &mut Link, op: &Value) -> Result<Value, Stop> {
    let mut request = op.clone();
    if let Some(fields) = request.as_object_mut() {
        fields.insert("op".to_owned(), json!("log"));
    }
    link.ask(&request)
}

/// `candor log`.
pub(crate) fn run(command: &LogCommand) -> Done {
    match command {
        LogCommand::Status(args) => {
            let found = ask(args.into(), &json!({"log": "status"}))?;
            if args.json {
                say::line(&policy::json(&found)?);
            } else {
                say::line(&words(&found));
            }
            match found.get("trouble").and_then(Value::as_str) {
                None => Ok(()),
                Some(why) => Err(Stop::refused(format!("The log stands still: {why}"))),
            }
        }
        LogCommand::Adopt(args) => {
            let op = json!({"log": "adopt", "database": args.database});
            let done = ask((&args.data).into(), &op)?;
            let number = |name: &str| done.get(name).and_then(Value::as_u64).unwrap_or(0);
            if args.data.json {
                say::line(&policy::json(&done)?);
            } else if done.get("from_database") == Some(&Value::Bool(true)) {
                say::line(&format!(
                    "{} leaves of the database were published.",
                    number("has")
                ));
            } else if number("has") == number("had") {
                say::line("There was nothing to take over: the log is as it was published.");
            } else {
                say::line(&format!(
                    "{} leaves were taken over, {} of them of reports and steps that are here. \
                     The log has {} leaves.",
                    number("has").saturating_sub(number("had")),
                    number("known"),
                    number("has")
                ));
            }
            Ok(())
        }
        LogCommand::Request(args) => {
            let op = json!({"log": "request", "old": args.old});
            let body = ask((&args.data).into(), &op)?;
            say::line(body.as_str().unwrap_or_default().trim_end());
            Ok(())
        }
        LogCommand::Cosign(args) => {
            let text = verify_cmd::read(&args.file)?;
            let added = ask((&args.data).into(), &json!({"log": "cosign", "text": text}))?;
            if args.data.json {
                say::line(&policy::json(&added)?);
            } else {
                for name in added.as_array().into_iter().flatten() {
                    say::line(&format!("added: {}", name.as_str().unwrap_or_default()));
                }
            }
            Ok(())
        }
    }
}

fn words(found: &Value) -> String {
    let Ok(status) = LogStatus::deserialize(found) else {
        return String::new();
    };
    let mut out = vec![
        format!("log            {}", status.origin),
        format!("key            {}", status.verifier_key),
        format!(
            "published      {} leaves, every {} seconds",
            status.published, status.every_seconds
        ),
        format!("waiting        {} leaves", status.waiting),
        format!("kept in        {}", status.kept_in),
    ];
    for (name, at) in &status.cosigned {
        out.push(format!("cosigned       {name}, {at}"));
    }
    if status.trouble.is_some() {
        out.push(Paint::stdout().paint(Tone::Bad, "The log stands still."));
    }
    out.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_one_unit() {
        assert_eq!(seconds("1h"), Some(3600));
        assert_eq!(seconds("90s"), Some(90));
        assert_eq!(seconds("7d"), Some(604_800));
        for bad in [
            "",
            "h",
            "1",
            "0s",
            "8d",
            "-1h",
            "1w",
            "1 h",
            "99999999999h",
            "1é",
        ] {
            assert_eq!(seconds(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let settings = |text: &str| {
            let log: Log = toml::from_str(text).unwrap();
            log.settings("a.test/log".parse().unwrap())
                .map_err(|s| s.message)
        };
        let plain = settings("").unwrap();
        assert_eq!((plain.every, plain.leaves), (3600, 64));
        assert!(
            settings("every = \"soon\"")
                .unwrap_err()
                .contains("log.every")
        );
        assert!(settings("leaves = 1").unwrap_err().contains("log.leaves"));
        let wrong = settings("witnesses = [\"x\"]").unwrap_err();
        assert!(wrong.contains("log.witnesses"), "{wrong}");
    }
}
