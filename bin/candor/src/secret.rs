//! Secrets of the configuration: from a file, the environment or a command.
//!
//! Invariants: a secret is never part of an error, a log entry or an output; an
//! empty one is a mistake, not a secret.

use std::path::Path;
use std::process::{Command, Stdio};

use candor_base::Sensitive;

use crate::stop::Stop;

/// The content of a file, without the line feed at its end.
pub(crate) fn from_file(file: &Path) -> Result<Sensitive<String>, Stop> {
    let text = std::fs::read_to_string(file).map_err(|why| {
        Stop::input(format!(
            "The password file {} cannot be read: {why}.",
            file.display()
        ))
    })?;
    kept(&text, &format!("The password file {}", file.display()))
}

/// The value of an environment variable.
pub(crate) fn from_environment(name: &str) -> Result<Sensitive<String>, Stop> {
    let text = std::env::var(name).map_err(|_| {
        Stop::input(format!(
            "The configuration takes the password of the mail server from the environment \
             variable {name}, which is not set. Set it, or name another one in \
             smtp.password_env."
        ))
    })?;
    kept(&text, &format!("The environment variable {name}"))
}

/// What a command prints. It gets no input and no shell.
pub(crate) fn from_command(command: &[String]) -> Result<Sensitive<String>, Stop> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(Stop::input(
            "In the configuration, smtp.password_command is empty. Write the program and its \
             arguments, such as [\"pass\", \"mail\"].",
        ));
    };
    // Arguments are not repeated in errors: somebody may put a secret there.
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|why| {
            Stop::input(format!(
                "The command {program} of smtp.password_command cannot be run: {why}."
            ))
        })?;
    if !output.status.success() {
        return Err(Stop::input(format!(
            "The command {program} of smtp.password_command failed ({}).",
            output.status
        )));
    }
    let text = String::from_utf8(output.stdout).map_err(|_| {
        Stop::input(format!(
            "The command {program} of smtp.password_command printed something that is not text."
        ))
    })?;
    kept(&text, &format!("The command {program}"))
}

fn kept(text: &str, whence: &str) -> Result<Sensitive<String>, Stop> {
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(Stop::input(format!("{whence} gives an empty password.")));
    }
    Ok(Sensitive::new(text.to_owned()))
}
