//! `[github]` of the configuration: the repository of each program, and a token to ask about them.
//!
//! Invariant: the token is never part of a message, and is given to the API's address only.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use candor_base::{ProgramSlug, Sensitive};
use candor_forge::{API, Github};
use serde::Deserialize;

use crate::secret::{self, Ways, Whose};
use crate::stop::Stop;

/// Minutes between two rounds, where nothing else is said; and the most.
const MINUTES: u32 = 5;
const MOST_MINUTES: u32 = 24 * 60;

/// Said where the token stands in the configuration itself.
pub(crate) const PLAIN_TOKEN: &str = "The token of GitHub stands in the configuration itself, \
    where backups and colleagues find it. Put it into a file of its own and name that in \
    github.token_file, or use github.token_env or github.token_command.";

/// Repositories on GitHub that are asked for reports.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct GithubConfig {
    /// Where the API is, for a GitHub server of one's own.
    api: Option<String>,
    /// A file that holds the token.
    token_file: Option<PathBuf>,
    /// The environment variable that holds it.
    token_env: Option<String>,
    /// The command that prints it: a program and its arguments.
    token_command: Option<Vec<String>>,
    /// The token itself. Works, and is warned of.
    #[serde(deserialize_with = "crate::config::sensitive")]
    token: Option<Sensitive<String>>,
    /// Minutes between two rounds.
    every_minutes: Option<u32>,
    /// Program, as in its address, and `owner/name`.
    repositories: BTreeMap<String, String>,
}

fn wrong(what: &str) -> Stop {
    Stop::input(format!("In the configuration, github.{what}"))
}

impl GithubConfig {
    /// The token stands in the configuration itself, for everybody who sees it.
    pub(crate) const fn has_plain_token(&self) -> bool {
        self.token.is_some()
    }

    /// How long from one round to the next.
    pub(crate) fn every(&self) -> Result<Duration, Stop> {
        match self.every_minutes.unwrap_or(MINUTES) {
            n @ 1..=MOST_MINUTES => Ok(Duration::from_secs(u64::from(n) * 60)),
            n => Err(wrong(&format!(
                "every_minutes is {n}; it may be 1 to {MOST_MINUTES}."
            ))),
        }
    }

    /// What asks GitHub.
    pub(crate) fn forge(&self) -> Result<Github, Stop> {
        let mut repositories = BTreeMap::new();
        for (program, name) in &self.repositories {
            let slug: ProgramSlug = program.parse().map_err(|_| {
                wrong(&format!(
                    "repositories: “{program}” is no program. Write it as in its address, behind /p/."
                ))
            })?;
            let name = name.parse().map_err(|why| {
                wrong(&format!("repositories: “{name}” is no repository: {why}."))
            })?;
            repositories.insert(slug, name);
        }
        if repositories.is_empty() {
            return Err(wrong(
                "repositories is empty. Name the repository of each program, such as \
                 lumen = \"acme/lumen\".",
            ));
        }
        let ways = Ways {
            file: self.token_file.as_deref(),
            env: self.token_env.as_deref(),
            command: self.token_command.as_deref(),
            plain: self.token.as_ref(),
        };
        let token = secret::one_of(&Whose::GITHUB, &ways)?.ok_or_else(|| {
            wrong(
                "token_file is missing: a file with a token that has the permission “Repository \
                 security advisories” of the repositories; or use github.token_env or \
                 github.token_command.",
            )
        })?;
        Github::new(self.api.as_deref().unwrap_or(API), token, repositories)
            .map_err(|why| Stop::input(format!("In the configuration, github: {why}.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forge(text: &str) -> Result<Github, String> {
        let config: GithubConfig = toml::from_str(text).unwrap();
        config.forge().map_err(|stop| stop.message)
    }

    #[test]
    fn a_token_and_a_repository_of_a_program_are_needed() {
        let lines = "token = \"canary-token\"\n";
        let full = format!("{lines}[repositories]\nlumen = \"acme/lumen\"\n");
        assert!(forge(&full).is_ok());
        assert!(forge(lines).unwrap_err().contains("repositories is empty"));
        for (text, said) in [
            (
                "[repositories]\nlumen = \"acme/lumen\"\n".to_owned(),
                "token_file is missing",
            ),
            (
                format!("{lines}[repositories]\nlumen = \"acme\"\n"),
                "like acme/widget",
            ),
            (
                format!("{lines}[repositories]\n\"A B\" = \"a/b\"\n"),
                "no program",
            ),
            (
                format!("api = \"http://git.example\"\n{full}"),
                "address of the API",
            ),
            (full.replace("canary-token", "canary token"), "holds signs"),
            (
                format!("token_command = [\"printf\", \"x\"]\n{full}"),
                "github.token_file",
            ),
        ] {
            let why = forge(&text).unwrap_err();
            assert!(why.contains(said), "{said}: {why}");
            assert!(!why.contains("canary"), "{why}");
        }
    }

    #[test]
    fn the_rounds_are_a_minute_to_a_day_apart() {
        let every = |text: &str| {
            let config: GithubConfig = toml::from_str(text).unwrap();
            config.every().map_err(|stop| stop.message)
        };
        assert_eq!(every("").unwrap(), Duration::from_mins(5));
        assert_eq!(every("every_minutes = 1").unwrap(), Duration::from_mins(1));
        assert!(
            every("every_minutes = 0")
                .unwrap_err()
                .contains("1 to 1440")
        );
        assert!(every("every_minutes = 1441").is_err());
    }
}
