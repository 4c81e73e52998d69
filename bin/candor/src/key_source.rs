//! Where the instance key comes from: a file, the environment, or a command that prints it
//! (the client of a key service).
//!
//! Invariants: it is given in one way; the key is in no error, log entry or output, nor in
//! the environment of a program that is started; a new key is only ever made as a file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use candor_store::InstanceKey;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::stop::Stop;
use crate::{child, paths};

/// The environment variable that holds the key: 32 bytes in Base64, or the line of a key file.
pub(crate) const VARIABLE: &str = "CANDOR_INSTANCE_KEY";
/// The environment variable that names the key file.
pub(crate) const FILE_VARIABLE: &str = "CANDOR_INSTANCE_KEY_FILE";
/// How long a command may take, in seconds.
const SECONDS: u32 = 30;

/// The part `[key]` of the configuration.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct KeyConfig {
    /// The file that holds it.
    file: Option<PathBuf>,
    /// The command that prints it: a program and its arguments.
    command: Option<Vec<String>>,
    /// How long that may take.
    timeout_seconds: Option<u32>,
}

/// Where the key comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeySource {
    /// A file; made at the first start.
    File(PathBuf),
    /// [`VARIABLE`].
    Environment,
    /// What a command prints.
    Command {
        /// The program.
        program: String,
        /// Its arguments.
        arguments: Vec<String>,
        /// How long it may take.
        time: Duration,
    },
}

/// What the environment says about the key. The key itself is not kept.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Environment {
    key: bool,
    file: Option<PathBuf>,
}

impl Environment {
    fn here() -> Self {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        Self {
            key: set(VARIABLE).is_some(),
            file: set(FILE_VARIABLE).map(PathBuf::from),
        }
    }
}

impl KeySource {
    /// By the option `--key`, the configuration and the environment; else the usual file.
    pub(crate) fn of(data: &Path, named: Option<&Path>, config: &KeyConfig) -> Result<Self, Stop> {
        match Self::chosen(named, config, &Environment::here())? {
            Some(source) => Ok(source),
            None => paths::key_file(data, None).map(Self::File),
        }
    }

    fn chosen(
        named: Option<&Path>,
        config: &KeyConfig,
        environment: &Environment,
    ) -> Result<Option<Self>, Stop> {
        let file = |path: &Path| Self::File(paths::absolute(path));
        let mut found: Vec<(&str, Self)> = Vec::new();
        found.extend(named.map(|path| ("--key", file(path))));
        found.extend(config.file.as_deref().map(|path| ("key.file", file(path))));
        if let Some(words) = &config.command {
            found.push(("key.command", Self::command(words, config.timeout_seconds)?));
        }
        if environment.key {
            found.push((VARIABLE, Self::Environment));
        }
        let path = environment.file.as_deref();
        found.extend(path.map(|path| (FILE_VARIABLE, file(path))));
        if found.len() > 1 {
            let ways: Vec<&str> = found.iter().map(|(way, _)| *way).collect();
            return Err(Stop::input(format!(
                "The instance key is given in more than one way: {}. Keep one of them.",
                ways.join(", ")
            )));
        }
        Ok(found.pop().map(|(_, source)| source))
    }

    fn command(words: &[String], seconds: Option<u32>) -> Result<Self, Stop> {
        let Some((program, arguments)) = words.split_first() else {
            return Err(Stop::input(
                "In the configuration, key.command is empty. Write the program and its \
                 arguments, such as [\"pass\", \"candor-key\"].",
            ));
        };
        let seconds = seconds.unwrap_or(SECONDS);
        if !(1..=600).contains(&seconds) {
            return Err(Stop::input(format!(
                "In the configuration, key.timeout_seconds is {seconds}; it may be 1 to 600."
            )));
        }
        Ok(Self::Command {
            program: program.clone(),
            arguments: arguments.to_vec(),
            time: Duration::from_secs(u64::from(seconds)),
        })
    }

    /// The file, where the key lies in one.
    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Environment | Self::Command { .. } => None,
        }
    }

    /// In words. Arguments of a command are left out: somebody may put a secret there.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::File(path) => format!("the file {}", path.display()),
            Self::Environment => format!("the environment variable {VARIABLE}"),
            Self::Command { program, .. } => format!("the command {program} (key.command)"),
        }
    }

    /// The key as it is there; `None` when there is no such file.
    pub(crate) fn load(&self) -> Result<Option<InstanceKey>, Stop> {
        let text = match self {
            Self::File(path) => {
                return InstanceKey::load(path).map_err(|why| Stop::environment(why.for_person()));
            }
            Self::Environment => Zeroizing::new(std::env::var(VARIABLE).unwrap_or_default()),
            Self::Command {
                program,
                arguments,
                time,
            } => {
                let said = child::printed(program, arguments, *time).map_err(|why| {
                    Stop::environment(format!(
                        "The command {program} of key.command {why}. Candor cannot open its \
                         data without the key that it prints."
                    ))
                })?;
                Zeroizing::new(String::from_utf8_lossy(&said).into_owned())
            }
        };
        InstanceKey::from_text(&text).map(Some).ok_or_else(|| {
            Stop::environment(format!(
                "{} gives no instance key. It must give 32 bytes in Base64, or the line of a \
                 key file.",
                capital(&self.shown())
            ))
        })
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str =
        "candor-instance-key-v1 0707070707070707070707070707070707070707070707070707070707070707";

    fn config(text: &str) -> KeyConfig {
        toml::from_str(text).unwrap()
    }

    fn chosen(
        named: Option<&str>,
        text: &str,
        key: bool,
        file: Option<&str>,
    ) -> Result<Option<KeySource>, String> {
        let environment = Environment {
            key,
            file: file.map(PathBuf::from),
        };
        KeySource::chosen(named.map(Path::new), &config(text), &environment).map_err(|s| s.message)
    }

    #[test]
    fn the_key_is_given_in_one_way() {
        let command = "command = [\"pass\", \"candor\"]";
        assert_eq!(chosen(None, "", false, None).unwrap(), None);
        assert!(
            matches!(chosen(Some("/k"), "", false, None).unwrap(), Some(KeySource::File(p)) if p == Path::new("/k"))
        );
        assert!(matches!(
            chosen(None, "file = \"/k\"", false, None).unwrap(),
            Some(KeySource::File(_))
        ));
        assert!(matches!(
            chosen(None, "", false, Some("/k")).unwrap(),
            Some(KeySource::File(_))
        ));
        assert_eq!(
            chosen(None, "", true, None).unwrap(),
            Some(KeySource::Environment)
        );
        assert!(matches!(
            chosen(None, command, false, None).unwrap(),
            Some(KeySource::Command { .. })
        ));
        let two = chosen(Some("/k"), command, true, None).unwrap_err();
        for way in ["--key", "key.command", VARIABLE] {
            assert!(two.contains(way), "{two}");
        }
        assert!(chosen(None, "command = []", false, None).is_err());
        let slow = format!("{command}\ntimeout_seconds = 0");
        assert!(chosen(None, &slow, false, None).is_err());
    }

    #[test]
    fn a_command_prints_the_key_and_what_it_prints_is_never_shown() {
        let loaded = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|w| (*w).to_owned()).collect();
            KeySource::command(&words, Some(1))
                .unwrap()
                .load()
                .map_err(|s| s.message)
        };
        let base64 = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
        let expected = InstanceKey::from_bytes([7; 32]);
        for text in [LINE, base64] {
            let key = loaded(&["printf", "%s\\n", text]).unwrap().unwrap();
            assert!(key.is_same(&expected), "{text}");
        }
        let wrong = loaded(&["printf", "%s", "canary-not-a-key"]).unwrap_err();
        assert!(
            !wrong.contains("canary") && wrong.contains("printf"),
            "{wrong}"
        );
        let slow = loaded(&["sleep", "30"]).unwrap_err();
        assert!(slow.contains("stopped"), "{slow}");
    }
}
