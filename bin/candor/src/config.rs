//! The configuration file: database, mail server and limits. Everything has a default.

use std::path::Path;

use candor_base::Sensitive;
use candor_mail::{Security, SmtpSettings};
use serde::Deserialize;
use yaml_rust2::{Yaml, YamlLoader};

use crate::backup::schedule::BackupConfig;
use crate::blobs::Blobs;
use crate::database::Database;
use crate::github_config::GithubConfig;
use crate::key_source::KeyConfig;
use crate::log_cmd::Log;
use crate::mail_config::MailIn;
use crate::secret::{self, Ways, Whose};
use crate::security::ApiSecurity;
use crate::stop::Stop;
use crate::tls::Tls;
use crate::updates::Updates;

/// Said where a password stands in the configuration itself.
pub(crate) const PLAIN_PASSWORD: &str = "The password of the mail server stands in the \
    configuration itself, where backups and colleagues find it. Put it into a file of its own \
    and name that in smtp.password_file, or use smtp.password_env or smtp.password_command.";

/// The file as a whole.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// A PostgreSQL database; none: the data lies in the data folder.
    pub database: Option<Database>,
    /// A bucket for large texts and files; none: they lie with the data.
    pub blobs: Option<Blobs>,
    /// Where the instance key comes from, when it is not a file named by `--key`.
    pub key: KeyConfig,
    /// Mail server; none: letters become files.
    pub smtp: Option<Smtp>,
    /// Address in `From`.
    pub mail_from: Option<String>,
    /// Mail that is taken; none: no mail is.
    pub mail_in: Option<MailIn>,
    /// Repositories on GitHub; none: GitHub is not asked.
    pub github: Option<GithubConfig>,
    /// Backups that the server makes by itself.
    pub backup: Option<BackupConfig>,
    /// Limits.
    pub limits: Limits,
    /// The public log.
    pub log: Log,
    /// Advisories about Candor itself.
    pub updates: Updates,
    /// A certificate of one's own; none: a proxy encrypts.
    pub tls: Option<Tls>,
    /// How the API signs, and which other sites may ask it.
    pub security: ApiSecurity,
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
    /// The environment variable that holds it.
    password_env: Option<String>,
    /// The command that prints it: a program and its arguments.
    password_command: Option<Vec<String>>,
    /// The password itself. Works, and is warned of.
    #[serde(default, deserialize_with = "sensitive")]
    password: Option<Sensitive<String>>,
    /// Certificates in PEM that are trusted beside the public authorities.
    ca_file: Option<std::path::PathBuf>,
    timeout_seconds: Option<u32>,
}

impl Smtp {
    /// The password stands in the configuration itself, for everybody who sees it.
    pub(crate) const fn has_plain_password(&self) -> bool {
        self.password.is_some()
    }

    fn password(&self) -> Result<Option<Sensitive<String>>, Stop> {
        secret::one_of(
            &Whose::MAIL,
            &Ways {
                file: self.password_file.as_deref(),
                env: self.password_env.as_deref(),
                command: self.password_command.as_deref(),
                plain: self.password.as_ref(),
            },
        )
    }
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
    /// Whoever of the team opens more cases within an hour is pointed out to the owners.
    pub cases_per_hour: u32,
    /// More wrong sign-ins within a clock hour ring at those who manage the instance.
    pub wrong_sign_ins_per_hour: u32,
    /// For so many minutes the second factor counts as fresh for acts that open doors.
    pub fresh_factor_minutes: u32,
    /// The sign-in history is to be gone through each so many days.
    pub sign_in_review_days: u32,
    /// Open connections at the same time.
    pub connections: u32,
    /// How long a server that was told to stop still takes requests while it says that it
    /// is not ready.
    pub drain_seconds: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            files_mebibytes: 25,
            room_idle_minutes: 15,
            desk_idle_minutes: 30,
            cases_per_hour: 30,
            wrong_sign_ins_per_hour: 10,
            fresh_factor_minutes: 10,
            sign_in_review_days: 30,
            connections: 512,
            drain_seconds: 0,
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
    let config: Config = match path.extension().and_then(|e| e.to_str()) {
        Some("yaml" | "yml") => of_yaml(path, &text)?,
        _ => toml::from_str(&text).map_err(|why| {
            Stop::input(format!(
                "The configuration file {} has a mistake{}: {}",
                path.display(),
                line_of(&text, why.span()),
                without_value(why.message())
            ))
        })?,
    };
    check(&config.limits)?;
    Ok(config)
}

/// The same names in YAML, as deployment advice in policies writes them.
fn of_yaml(path: &Path, text: &str) -> Result<Config, Stop> {
    let mistake = |what: String| {
        let path = path.display();
        Stop::input(format!("The configuration file {path} has a mistake{what}"))
    };
    // First as plain values: the messages of the reader show pieces of the file, where a
    // password may stand.
    let read = YamlLoader::load_from_str(text);
    let documents = read.map_err(|why| {
        let line = why.marker().line();
        mistake(format!(" in line {line}: this is no YAML."))
    })?;
    let values = match documents.as_slice() {
        [] | [Yaml::Null] => Some(serde_json::json!({})),
        [one] => plain(one),
        _ => None,
    };
    let values = values.ok_or_else(|| {
        mistake(": it holds more than names with texts, numbers, lists and yes or no.".to_owned())
    })?;
    serde_json::from_value(values)
        .map_err(|why| mistake(format!(": {}.", without_value(&why.to_string()))))
}

/// A message without the value it is about: that may be a password.
fn without_value(message: &str) -> String {
    match message.split_once(", expected ") {
        Some((what, expected)) if what.starts_with("invalid ") => {
            format!("a value is none that can stand there; expected {expected}")
        }
        _ => message.to_owned(),
    }
}

/// What a document says; `None` where a name is no text, or a value is none of the plain ones.
fn plain(yaml: &Yaml) -> Option<serde_json::Value> {
    use serde_json::Value;
    Some(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Boolean(yes) => Value::Bool(*yes),
        Yaml::Integer(number) => Value::from(*number),
        Yaml::Real(number) => Value::from(number.parse::<f64>().ok()?),
        Yaml::String(text) => Value::from(text.as_str()),
        Yaml::Array(all) => all.iter().map(plain).collect::<Option<Value>>()?,
        Yaml::Hash(map) => map
            .iter()
            .map(|(name, value)| Some((name.as_str()?.to_owned(), plain(value)?)))
            .collect::<Option<Value>>()?,
        Yaml::Alias(_) | Yaml::BadValue => return None,
    })
}

/// Where a mistake is. The line itself is not shown: a password may stand in it.
fn line_of(text: &str, span: Option<std::ops::Range<usize>>) -> String {
    span.and_then(|span| text.get(..span.start))
        .map_or_else(String::new, |before| {
            format!(" in line {}", before.matches('\n').count() + 1)
        })
}

/// A text that is never shown; an empty one is none.
pub(crate) fn sensitive<'de, D>(from: D) -> Result<Option<Sensitive<String>>, D::Error>
where
    D: serde::Deserializer<'de>,
{
    let text = Option::<String>::deserialize(from)?;
    Ok(text.filter(|t| !t.is_empty()).map(Sensitive::new))
}

fn check(limits: &Limits) -> Result<(), Stop> {
    let within = [
        ("files_mebibytes", limits.files_mebibytes, 1, 500),
        ("room_idle_minutes", limits.room_idle_minutes, 1, 240),
        ("desk_idle_minutes", limits.desk_idle_minutes, 1, 720),
        ("cases_per_hour", limits.cases_per_hour, 1, 100_000),
        (
            "wrong_sign_ins_per_hour",
            limits.wrong_sign_ins_per_hour,
            1,
            100_000,
        ),
        ("fresh_factor_minutes", limits.fresh_factor_minutes, 1, 720),
        ("sign_in_review_days", limits.sign_in_review_days, 1, 366),
        ("connections", limits.connections, 16, 20_000),
        ("drain_seconds", limits.drain_seconds, 0, 300),
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
        let sign_in = match (&self.user, self.password()?) {
            (None, None) => None,
            (Some(user), Some(password)) => Some((user.clone(), password)),
            _ => {
                return Err(Stop::input(
                    "In the configuration, smtp.user and one of smtp.password_file, \
                     smtp.password_env and smtp.password_command belong together.",
                ));
            }
        };
        Ok(SmtpSettings {
            host: self.host.clone(),
            port: self.port,
            security,
            sign_in,
            trusted: self.ca_file.as_deref().map(certificates).transpose()?,
            timeout_seconds: self.timeout_seconds.unwrap_or(30),
        })
    }
}

fn certificates(file: &Path) -> Result<Vec<u8>, Stop> {
    std::fs::read(file).map_err(|why| {
        Stop::input(format!(
            "The file of trusted certificates, smtp.ca_file {}, cannot be read: {why}.",
            file.display()
        ))
    })
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

    fn yaml(text: &str) -> Result<Config, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("candor.yaml");
        std::fs::write(&path, text).unwrap();
        load(Some(&path)).map_err(|s| s.message)
    }

    /// S0-50: the example of the policy, as it is written there.
    #[test]
    fn a_file_in_yaml_says_the_same() {
        let config = yaml("limits:\n  files_mebibytes: 7 # a remark\n").unwrap();
        assert_eq!(config.limits.files_mebibytes, 7);
        assert_eq!(yaml("").unwrap().limits.files_mebibytes, 25);
        assert_eq!(yaml("# nothing\n").unwrap().limits.files_mebibytes, 25);
        let unknown = yaml("limits:\n  files: 7\n").unwrap_err();
        assert!(unknown.contains("unknown field `files`"), "{unknown}");
        let tab = yaml("limits:\n\tx: 1\n").unwrap_err();
        assert!(tab.contains("in line 2"), "{tab}");
        for more in ["a: 1\n---\nb: 2\n", "1: canary\n", "- canary\n"] {
            let said = yaml(more).unwrap_err();
            assert!(!said.contains("canary"), "{said}");
        }
        for odd in [
            "limits: [",
            "limits:\n\tx: 1\n",
            "smtp: \"canary\nx",
            "a: &a [*a, canary",
        ] {
            let said = yaml(odd).unwrap_err();
            assert!(said.contains("no YAML"), "{said}");
            assert!(!said.contains("canary"), "{said}");
        }
    }

    fn password_of(lines: &str) -> Result<String, String> {
        let text = format!("[smtp]\nhost = \"a\"\nuser = \"u\"\n{lines}\n");
        let smtp = parse(&text)?.smtp.unwrap();
        let (_, password) = smtp.settings().map_err(|s| s.message)?.sign_in.unwrap();
        Ok(password.into_inner())
    }

    #[test]
    fn the_mail_password_comes_from_a_file_the_environment_or_a_command() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("secret");
        std::fs::write(&file, "canary-file\n").unwrap();
        let line = format!("password_file = \"{}\"", file.display());
        assert_eq!(password_of(&line).unwrap(), "canary-file");
        let command = "password_command = [\"printf\", \"%s\", \"canary-command\"]";
        assert_eq!(password_of(command).unwrap(), "canary-command");
        // Any variable that is there will do.
        let home = std::env::var("PATH").unwrap();
        assert_eq!(password_of("password_env = \"PATH\"").unwrap(), home);
        assert_eq!(
            password_of("password = \"canary-plain\"").unwrap(),
            "canary-plain"
        );
        let two = format!("{line}\n{command}");
        assert!(password_of(&two).unwrap_err().contains("more than one"));
        assert!(
            password_of("password_env = \"CANDOR_NO_SUCH_THING\"")
                .unwrap_err()
                .contains("CANDOR_NO_SUCH_THING")
        );
        assert!(password_of("password_command = []").is_err());
        assert!(password_of("password_command = [\"false\"]").is_err());
        assert!(
            password_of("password_command = [\"true\"]").is_err(),
            "empty"
        );
    }

    #[test]
    fn a_plain_password_is_known_and_never_shown() {
        let text = "[smtp]\nhost = \"a\"\nuser = \"u\"\npassword = \"canary-1\"\n";
        let config = parse(text).unwrap();
        assert!(config.smtp.as_ref().unwrap().has_plain_password());
        let settings = config.smtp.as_ref().unwrap().settings().unwrap();
        assert!(!format!("{config:?}{settings:?}").contains("canary"));
        let mistyped = parse("[smtp]\nhost = \"a\"\npasword = \"canary-2\"\n").unwrap_err();
        assert!(
            mistyped.contains("pasword") && mistyped.contains("line 3"),
            "{mistyped}"
        );
        assert!(!mistyped.contains("canary"), "{mistyped}");
        let kind = parse("[smtp]\nhost = \"a\"\npassword = 7711\n").unwrap_err();
        assert!(
            kind.contains("line 3") && kind.contains("expected"),
            "{kind}"
        );
        assert!(!kind.contains("7711"), "{kind}");
        let kind = yaml("smtp:\n  host: a\n  password: 7711\n").unwrap_err();
        assert!(
            kind.contains("expected") && !kind.contains("7711"),
            "{kind}"
        );
    }

    #[test]
    fn certificates_to_trust_come_from_a_file_that_must_be_there() {
        let gone = parse("[smtp]\nhost = \"a\"\nca_file = \"/nowhere/ca.pem\"\n").unwrap();
        let said = gone.smtp.unwrap().settings().unwrap_err().message;
        assert!(said.contains("/nowhere/ca.pem"), "{said}");
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("ca.pem");
        std::fs::write(&file, "PEM").unwrap();
        let text = format!("[smtp]\nhost = \"a\"\nca_file = \"{}\"\n", file.display());
        let there = parse(&text).unwrap().smtp.unwrap().settings().unwrap();
        assert_eq!(there.trusted.as_deref(), Some(b"PEM".as_slice()));
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
