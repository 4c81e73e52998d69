//! `candor account`: what the operator does for people who cannot sign in, and
//! about people who left. Beside a running server through its socket, else on the
//! data folder itself.
//!
//! Invariant: whoever may use it may open the data folder; nothing here reads a case.

use candor_app::{OperatorAccount, OperatorError};
use serde_json::{Value, json};

use crate::cli::{AccountCommand, AccountLoginArgs, DataJsonArgs};
use crate::local::Link;
use crate::rebuild_cmd::alone;
use crate::say::{self, Paint, Tone, harmless};
use crate::stop::{Done, Stop};
use crate::store_cmd::{Access, reach};
use crate::{paths, policy};

/// Who answers: the running server, or the data folder itself.
enum Desk {
    Server(Link),
    Alone(Box<candor_app::App>),
}

impl Desk {
    fn open(args: &DataJsonArgs) -> Result<Self, Stop> {
        // A server needs no key from us, wherever it has its own.
        if paths::socket(&args.data).exists()
            && let Ok(link) = Link::connect(&args.data)
        {
            return Ok(Self::Server(link));
        }
        Ok(match reach(args.into())? {
            Access::Server(link) => Self::Server(link),
            Access::Store(store) => Self::Alone(Box::new(alone(store, &args.data)?)),
        })
    }

    fn list(&mut self) -> Result<Vec<OperatorAccount>, Stop> {
        match self {
            Self::Server(link) => serde_json::from_value(link.ask(&json!({"op": "accounts"}))?)
                .map_err(|_| Stop::environment("The running server is of another version.")),
            Self::Alone(app) => Ok(app.operator_accounts()?),
        }
    }

    fn reset(&mut self, login: &str) -> Result<String, Stop> {
        match self {
            Self::Server(link) => {
                let pass = link.ask(&json!({"op": "account-reset", "login": login}))?;
                Ok(pass.as_str().unwrap_or_default().to_owned())
            }
            Self::Alone(app) => app.operator_reset(login).map_err(stop),
        }
    }

    fn remove(&mut self, login: &str) -> Done {
        match self {
            Self::Server(link) => link
                .ask(&json!({"op": "account-remove", "login": login}))
                .map(|_: Value| ()),
            Self::Alone(app) => app.operator_remove(login).map_err(stop),
        }
    }
}

fn stop(why: OperatorError) -> Stop {
    match why {
        OperatorError::Refused(words) => Stop::refused(words),
        OperatorError::Fault(fault) => fault.into(),
    }
}

/// Does what was asked.
pub(crate) fn run(command: &AccountCommand) -> Done {
    match command {
        AccountCommand::List(args) => list(args),
        AccountCommand::Reset(args) => reset(args),
        AccountCommand::Remove(args) => remove(args),
    }
}

fn list(args: &DataJsonArgs) -> Done {
    let accounts = Desk::open(args)?.list()?;
    if args.json {
        say::line(&policy::json(&accounts)?);
        return Ok(());
    }
    if accounts.is_empty() {
        say::line(
            "There is no account yet. `candor serve` prints a set-up code for the first one.",
        );
        return Ok(());
    }
    let paint = Paint::stdout();
    say::line(&format!(
        "{:<20} {:<14} {}",
        "LOGIN", "SECOND FACTOR", "ROLES"
    ));
    for account in &accounts {
        let mut roles = account.roles.clone();
        if account.admin {
            roles.insert(0, "manages this instance".to_owned());
        }
        if account.removed {
            roles.insert(0, "removed".to_owned());
        }
        if roles.is_empty() {
            roles.push("no role".to_owned());
        }
        let (tone, factor) = match (account.second_factor, account.removed) {
            (true, _) => (Tone::Good, "yes"),
            (false, true) => (Tone::Quiet, "-"),
            (false, false) => (Tone::Warn, "not yet"),
        };
        say::line(&format!(
            "{:<20} {} {}",
            harmless(&account.login),
            paint.paint(tone, &format!("{factor:<14}")),
            harmless(&roles.join(", "))
        ));
        if let Some(act) = &account.last_act {
            say::line(&format!("  last act of the operator: {}", harmless(act)));
        }
    }
    Ok(())
}

fn reset(args: &AccountLoginArgs) -> Done {
    let pass = Desk::open(&args.data)?.reset(&args.login)?;
    if args.data.json {
        say::line(&policy::json(
            &json!({"login": args.login, "first_pass_phrase": pass}),
        )?);
        return Ok(());
    }
    say::line(&format!(
        "New pass phrase: {}",
        Paint::stdout().paint(Tone::Strong, &pass)
    ));
    say::line(&format!(
        "  Give it to {} in person or by a call; it is shown only now. All sessions are ended,\n  \
         the old pass phrase and the old second factor are void. At the next sign-in the second\n  \
         factor is set up anew.",
        harmless(&args.login)
    ));
    Ok(())
}

fn remove(args: &AccountLoginArgs) -> Done {
    Desk::open(&args.data)?.remove(&args.login)?;
    if args.data.json {
        say::line(&policy::json(
            &json!({"login": args.login, "removed": true}),
        )?);
        return Ok(());
    }
    say::line(&format!(
        "{} cannot sign in any more and has no role. The name stays in the histories.",
        harmless(&args.login)
    ));
    Ok(())
}
