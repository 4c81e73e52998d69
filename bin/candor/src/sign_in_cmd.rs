//! `candor sign-in`: a session for the terminal, kept in a file of its own.
//!
//! Invariants: the file is readable by its owner only and lies outside the
//! data folder; pass phrase and code are asked for, never taken as arguments.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::cli::LocalArgs;
use crate::local::Link;
use crate::paths::session_file;
use crate::stop::{Done, Stop};
use crate::{say, terminal};

/// Signs in and keeps the session.
pub(crate) fn sign_in(args: &LocalArgs) -> Done {
    let mut link = Link::connect(&args.data)?;
    let login = terminal::ask("Login:")?;
    let pass = terminal::ask_secret("Pass phrase:")?;
    let totp = terminal::ask_secret("Code of your second factor:")?;
    let answer = link.ask(&json!({"op": "sign-in", "login": login, "pass": pass, "totp": totp}))?;
    let token = answer.as_str().unwrap_or_default();
    keep(&session_file(&args.data)?, token)?;
    say::line(
        "You are signed in. `candor case show REFERENCE` shows a case; `candor sign-out` ends this.",
    );
    Ok(())
}

/// Ends the session.
pub(crate) fn sign_out(args: &LocalArgs) -> Done {
    let file = session_file(&args.data)?;
    if let Some(token) = token(&args.data)? {
        // Also without a server: then only the file goes, and the session runs out.
        if let Ok(mut link) = Link::connect(&args.data) {
            let _: Result<Value, Stop> = link.ask(&json!({"op": "sign-out", "token": token}));
        }
        let _ = std::fs::remove_file(file);
    }
    say::line("You are signed out.");
    Ok(())
}

/// The session of this data folder, when there is one.
pub(crate) fn token(data: &Path) -> Result<Option<String>, Stop> {
    let file = session_file(data)?;
    match std::fs::read_to_string(&file) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(why) => Err(Stop::environment(format!(
            "The session file {} cannot be read: {why}.",
            file.display()
        ))),
    }
}

fn keep(file: &Path, token: &str) -> Done {
    let cannot = |why: std::io::Error| {
        Stop::environment(format!(
            "The session cannot be kept at {}: {why}.",
            file.display()
        ))
    };
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(cannot)?;
    }
    let _ = std::fs::remove_file(file);
    let mut out = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .map_err(cannot)?;
    writeln!(out, "{token}").map_err(cannot)
}
