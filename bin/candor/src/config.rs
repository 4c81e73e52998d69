//! The configuration file: mail server and limits. Everything has a default.

use std::path::Path;

use candor_base::Sensitive;
use candor_mail::{Security, SmtpSettings};
use serde::Deserialize;

use crate::stop::Stop;

/// The file as a whole.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// Mail server; none: letters become files.
    pub smtp: Option<Smtp>,
    /// Address in `From`.
    pub mail_from: Option<String>,
    /// Limits.
    pub limits: Limits,
}

/// The mail server.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Smtp {
    host: String,
    port: Option<u16>,
    /// `starttls` (usual), `tls` or `none`.
    security: Option<String>,
    user: Option<String>,
    /// A file that holds the password, so that this one can be shown.
    password_file: Option<std::path::PathBuf>,
    timeout_seconds: Option<u32>,
}

/// Limits.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Limits {
    /// Largest size of all files of one message together.
    pub files_mebibytes: u32,
    /// A reporter's session ends after so many minutes without use.
    pub room_idle_minutes: u32,
    /// A staff session ends after so many minutes without use.
    pub desk_idle_minutes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            files_mebibytes: 25,
            room_idle_minutes: 15,
            desk_idle_minutes: 30,
        }
    }
}

/// Reads the file; without one, the defaults.
pub(crate) fn load(path: Option<&Path>) -> Result<Config, Stop> {
    let Some(path) = path else {
        return Ok(Config::default());
    };
    let text = std::fs::read_to_string(path).map_err(|why| {
        Stop::input(format!(
            "The configuration file {} cannot be read: {why}.",
            path.display()
        ))
    })?;
    let config: Config = toml::from_str(&text).map_err(|why| {
        Stop::input(format!(
            "The configuration file {} has a mistake:\n{why}",
            path.display()
        ))
    })?;
    check(&config.limits)?;
    Ok(config)
}

fn check(limits: &Limits) -> Result<(), Stop> {
    let within = [
        ("files_mebibytes", limits.files_mebibytes, 1, 500),
        ("room_idle_minutes", limits.room_idle_minutes, 1, 240),
        ("desk_idle_minutes", limits.desk_idle_minutes, 1, 720),
    ];
    for (name, got, least, most) in within {
        if !(least..=most).contains(&got) {
            return Err(Stop::input(format!(
                "In the configuration, limits.{name} is {got}; it may be {least} to {most}."
            )));
        }
    }
    Ok(())
}

impl Smtp {
    /// The settings as the mail crate takes them.
    pub(crate) fn settings(&self) -> Result<SmtpSettings, Stop> {
        let security = match self.security.as_deref() {
            None | Some("starttls") => Security::StartTls,
            Some("tls") => Security::Tls,
            Some("none") => Security::Plain,
            Some(other) => {
                return Err(Stop::input(format!(
                    "In the configuration, smtp.security is \"{other}\"; it may be \
                     \"starttls\", \"tls\" or \"none\"."
                )));
            }
        };
        let sign_in = match (&self.user, &self.password_file) {
            (None, None) => None,
            (Some(user), Some(file)) => Some((user.clone(), password(file)?)),
            _ => {
                return Err(Stop::input(
                    "In the configuration, smtp.user and smtp.password_file belong together.",
                ));
            }
        };
        Ok(SmtpSettings {
            host: self.host.clone(),
            port: self.port,
            security,
            sign_in,
            timeout_seconds: self.timeout_seconds.unwrap_or(30),
        })
    }
}

fn password(file: &Path) -> Result<Sensitive<String>, Stop> {
    let text = std::fs::read_to_string(file).map_err(|why| {
        Stop::input(format!(
            "The password file {} cannot be read: {why}.",
            file.display()
        ))
    })?;
    Ok(Sensitive::new(
        text.trim_end_matches(['\r', '\n']).to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("c.toml");
        std::fs::write(&path, text).unwrap();
        load(Some(&path)).map_err(|s| s.message)
    }

    #[test]
    fn an_empty_file_gives_the_defaults() {
        let config = parse("").unwrap();
        assert!(config.smtp.is_none());
        assert_eq!(config.limits.files_mebibytes, 25);
    }

    #[test]
    fn mistakes_are_named() {
        assert!(
            parse("[smtp]\nhost = \"a\"\nsecurty = \"tls\"\n")
                .unwrap_err()
                .contains("securty")
        );
        assert!(
            parse("[limits]\nfiles_mebibytes = 0\n")
                .unwrap_err()
                .contains("1 to 500")
        );
        let odd = parse("[smtp]\nhost = \"a\"\nsecurity = \"ssl3\"\n").unwrap();
        assert!(
            odd.smtp
                .unwrap()
                .settings()
                .unwrap_err()
                .message
                .contains("ssl3")
        );
        let half = parse("[smtp]\nhost = \"a\"\nuser = \"u\"\n").unwrap();
        assert!(
            half.smtp
                .unwrap()
                .settings()
                .unwrap_err()
                .message
                .contains("belong together")
        );
    }
}
