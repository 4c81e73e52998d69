//! Secrets of the configuration: from a file, the environment or a command.
//!
//! Invariants: a secret is never part of an error, a log entry or an output; an
//! empty one is a mistake, not a secret.

use std::path::Path;
use std::process::Stdio;

use candor_base::Sensitive;

use crate::child;
use crate::stop::Stop;

/// Whose secret it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whose {
    /// In words.
    what: &'static str,
    /// Its part of the configuration.
    part: &'static str,
    /// What it is called.
    noun: &'static str,
    /// How its fields begin.
    field: &'static str,
}

impl Whose {
    /// The mail server's.
    pub(crate) const MAIL: Self = Self {
        what: "the mail server",
        part: "smtp",
        noun: "password",
        field: "password",
    };
    /// The database's.
    pub(crate) const DATABASE: Self = Self {
        what: "the database",
        part: "database",
        noun: "password",
        field: "password",
    };
    /// The bucket's.
    pub(crate) const BUCKET: Self = Self {
        what: "the bucket",
        part: "blobs",
        noun: "secret key",
        field: "secret_key",
    };
    /// GitHub's.
    pub(crate) const GITHUB: Self = Self {
        what: "GitHub",
        part: "github",
        noun: "token",
        field: "token",
    };
    /// The one that signs for the API.
    pub(crate) const API: Self = Self {
        what: "the API",
        part: "security",
        noun: "secret key",
        field: "secret_key",
    };
}

/// The ways in which a password may be given.
#[derive(Debug)]
pub(crate) struct Ways<'a> {
    /// A file that holds it.
    pub file: Option<&'a Path>,
    /// An environment variable.
    pub env: Option<&'a str>,
    /// A command that prints it.
    pub command: Option<&'a [String]>,
    /// The password itself.
    pub plain: Option<&'a Sensitive<String>>,
}

/// The password, when it is given in one way or in none.
pub(crate) fn one_of(whose: &Whose, ways: &Ways<'_>) -> Result<Option<Sensitive<String>>, Stop> {
    let mut found = Vec::new();
    if let Some(file) = ways.file {
        found.push(from_file(whose, file)?);
    }
    if let Some(name) = ways.env {
        found.push(from_environment(whose, name)?);
    }
    if let Some(command) = ways.command {
        found.push(from_command(whose, command)?);
    }
    found.extend(ways.plain.cloned());
    if found.len() > 1 {
        let Whose {
            what,
            part,
            noun,
            field,
        } = whose;
        return Err(Stop::input(format!(
            "In the configuration, the {noun} of {what} is given in more than one way. Keep \
             one of {part}.{field}_file, {part}.{field}_env and {part}.{field}_command."
        )));
    }
    Ok(found.pop())
}

/// The content of a file, without the line feed at its end.
fn from_file(whose: &Whose, file: &Path) -> Result<Sensitive<String>, Stop> {
    let text = std::fs::read_to_string(file).map_err(|why| {
        Stop::input(format!(
            "The {} file {} cannot be read: {why}.",
            whose.noun,
            file.display()
        ))
    })?;
    let whence = format!("The {} file {}", whose.noun, file.display());
    kept(&text, whose, &whence)
}

/// The value of an environment variable.
fn from_environment(whose: &Whose, name: &str) -> Result<Sensitive<String>, Stop> {
    let Whose {
        what,
        part,
        noun,
        field,
    } = whose;
    let text = std::env::var(name).map_err(|_| {
        Stop::input(format!(
            "The configuration takes the {noun} of {what} from the environment variable \
             {name}, which is not set. Set it, or name another one in {part}.{field}_env."
        ))
    })?;
    kept(&text, whose, &format!("The environment variable {name}"))
}

/// What a command prints. It gets no input and no shell.
fn from_command(whose: &Whose, command: &[String]) -> Result<Sensitive<String>, Stop> {
    let Whose { part, field, .. } = whose;
    let Some((program, arguments)) = command.split_first() else {
        return Err(Stop::input(format!(
            "In the configuration, {part}.{field}_command is empty. Write the program and its \
             arguments, such as [\"pass\", \"{part}\"]."
        )));
    };
    // Arguments are not repeated in errors: somebody may put a secret there.
    let output = child::command(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|why| {
            Stop::input(format!(
                "The command {program} of {part}.{field}_command cannot be run: {why}."
            ))
        })?;
    if !output.status.success() {
        return Err(Stop::input(format!(
            "The command {program} of {part}.{field}_command failed ({}).",
            output.status
        )));
    }
    let text = String::from_utf8(output.stdout).map_err(|_| {
        Stop::input(format!(
            "The command {program} of {part}.{field}_command printed something that is not text."
        ))
    })?;
    kept(&text, whose, &format!("The command {program}"))
}

fn kept(text: &str, whose: &Whose, whence: &str) -> Result<Sensitive<String>, Stop> {
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(Stop::input(format!(
            "{whence} gives an empty {}.",
            whose.noun
        )));
    }
    Ok(Sensitive::new(text.to_owned()))
}
