//! Where the data lies: in the data folder, or in the PostgreSQL database that the
//! configuration names.
//!
//! Invariants: data in the folder is never left behind unseen when a database is named;
//! a password is in no message.

use std::path::Path;
use std::sync::Arc;

use candor_base::Sensitive;
use candor_ports::Objects;
use candor_store::{
    DatabaseUrl, Destination, InstanceKey, OpenError, Origin, Schema, SealedStore, hold_folder,
};
use serde::Deserialize;

use crate::config::Config;
use crate::secret::{self, Ways, Whose};
use crate::stop::Stop;
use crate::{blobs, config, paths};

/// Said where the password stands in the address of the database.
pub(crate) const PLAIN_PASSWORD: &str = "The password of the database stands in database.url, \
    where backups and colleagues find it. Take it out there, put it into a file of its own and \
    name that in database.password_file, or use database.password_env or \
    database.password_command.";

/// The part `[database]` of the configuration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Database {
    /// `postgres://user@host/name`.
    #[serde(deserialize_with = "sensitive")]
    url: Sensitive<String>,
    /// A file that holds the password.
    password_file: Option<std::path::PathBuf>,
    /// The environment variable that holds it.
    password_env: Option<String>,
    /// The command that prints it: a program and its arguments.
    password_command: Option<Vec<String>>,
    /// `false`: a server leaves an older form of the data alone and does not start;
    /// `candor migrate` brings them up to date.
    migrate: Option<bool>,
}

/// Who brings data up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Migration {
    /// Whoever opens them.
    Now,
    /// Only `candor migrate`.
    Apart,
}

fn sensitive<'de, D>(from: D) -> Result<Sensitive<String>, D::Error>
where
    D: serde::Deserializer<'de>,
{
    String::deserialize(from).map(Sensitive::new)
}

impl Database {
    /// The address, with its password.
    pub(crate) fn address(&self) -> Result<DatabaseUrl, Stop> {
        let url = DatabaseUrl::parse(self.url.reveal()).map_err(|why| {
            Stop::input(format!(
                "In the configuration, database.url cannot be used: {why}. Write it like \
                 postgres://candor@db.your.site/candor"
            ))
        })?;
        let password = secret::one_of(
            &Whose::DATABASE,
            &Ways {
                file: self.password_file.as_deref(),
                env: self.password_env.as_deref(),
                command: self.password_command.as_deref(),
                // In the address; it is there already.
                plain: None,
            },
        )?;
        match password {
            Some(_) if url.has_password() => Err(Stop::input(
                "In the configuration, the password of the database stands in database.url and \
                 is named once more. Take it out of database.url.",
            )),
            Some(password) => Ok(url.with_password(&password)),
            None => Ok(url),
        }
    }

    /// The password stands in the configuration itself, for everybody who sees it.
    pub(crate) fn has_plain_password(&self) -> bool {
        DatabaseUrl::parse(self.url.reveal()).is_ok_and(|url| url.has_password())
    }
}

/// Where the data of one data folder lies.
#[derive(Debug)]
pub(crate) struct Home {
    engine: Engine,
    /// The bucket of large texts and files.
    bucket: Option<Arc<dyn Objects>>,
}

#[derive(Debug)]
enum Engine {
    /// In the folder itself.
    Folder,
    /// In a database; the folder holds the socket and letters that were not sent.
    Database(Box<DatabaseUrl>, Migration),
}

impl Home {
    /// By the configuration of the command.
    pub(crate) fn of_file(data: &Path, config: Option<&Path>) -> Result<Self, Stop> {
        Self::of(data, &config::load(config)?)
    }

    /// By a configuration that was read.
    pub(crate) fn of(data: &Path, config: &Config) -> Result<Self, Stop> {
        let bucket = blobs::bucket(config)?;
        let Some(database) = &config.database else {
            return Ok(Self {
                engine: Engine::Folder,
                bucket,
            });
        };
        let url = database.address()?;
        let left = paths::absolute(data).join(paths::DATABASE);
        if left.exists() {
            return Err(Stop::environment(format!(
                "There is data in {}, but the configuration names the database {}. Candor does \
                 not copy the one into the other. Take database.url out of the configuration, \
                 or name another data folder with --data.",
                left.display(),
                url.place()
            )));
        }
        let migration = match database.migrate {
            Some(false) => Migration::Apart,
            Some(true) | None => Migration::Now,
        };
        Ok(Self {
            engine: Engine::Database(Box::new(url), migration),
            bucket,
        })
    }

    /// The same place, brought up to date when it is opened.
    pub(crate) fn brought_up_to_date(self) -> Self {
        let engine = match self.engine {
            Engine::Folder => Engine::Folder,
            Engine::Database(url, _) => Engine::Database(url, Migration::Now),
        };
        Self { engine, ..self }
    }

    /// How the form of what is there stands to this program. Changes nothing.
    pub(crate) fn schema(&self, data: &Path) -> Result<Schema, Stop> {
        let found = match &self.engine {
            Engine::Folder => SealedStore::schema_of_folder(data),
            Engine::Database(url, _) => SealedStore::schema_of_database(url),
        };
        found.map_err(|why| stop(&why))
    }

    /// Whether there is data already.
    pub(crate) fn has_data(&self, data: &Path) -> Result<bool, Stop> {
        match &self.engine {
            Engine::Folder => Ok(paths::absolute(data).join(paths::DATABASE).exists()),
            Engine::Database(url, _) => SealedStore::is_there(url).map_err(|why| stop(&why)),
        }
    }

    /// Opens it, or makes it.
    pub(crate) fn open(&self, data: &Path, key: &InstanceKey) -> Result<SealedStore, OpenError> {
        let store = match &self.engine {
            Engine::Folder => SealedStore::open(data, key),
            Engine::Database(url, Migration::Now) => SealedStore::connect(url, key),
            Engine::Database(url, Migration::Apart) => SealedStore::connect_as_it_is(url, key),
        };
        store?.with_bucket(self.bucket.clone())
    }

    /// Where it is copied from.
    pub(crate) fn origin(&self, data: &Path) -> Origin {
        let place = match &self.engine {
            Engine::Folder => Origin::folder(&paths::absolute(data)),
            Engine::Database(url, _) => Origin::database(url),
        };
        place.with_bucket(self.bucket.clone())
    }

    /// The database, as a place that a copy goes to; `None` when there is only the folder.
    pub(crate) fn destination(&self) -> Option<Destination> {
        match &self.engine {
            Engine::Folder => None,
            Engine::Database(url, _) => {
                Some(Destination::database(url).with_bucket(self.bucket.clone()))
            }
        }
    }

    /// What a server holds beside the store: the folder, where the store does not hold it.
    pub(crate) fn hold(&self, data: &Path) -> Result<Option<std::fs::File>, Stop> {
        match &self.engine {
            Engine::Folder => Ok(None),
            Engine::Database(..) => hold_folder(data).map(Some).map_err(|why| stop(&why)),
        }
    }

    /// The place, to be shown.
    pub(crate) fn shown(&self, data: &Path) -> String {
        match &self.engine {
            Engine::Folder => data.display().to_string(),
            Engine::Database(url, _) => url.place(),
        }
    }
}

fn stop(why: &OpenError) -> Stop {
    Stop::environment(why.for_person())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(data: &Path, text: &str) -> Result<String, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("c.toml");
        std::fs::write(&path, text).unwrap();
        Home::of_file(data, Some(&path))
            .map(|home| home.shown(data))
            .map_err(|s| s.message)
    }

    #[test]
    fn the_configuration_says_where_the_data_lies() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path();
        assert_eq!(home(data, "").unwrap(), data.display().to_string());
        let named = "[database]\nurl = \"postgres://candor@db.test/candor\"\n";
        assert_eq!(home(data, named).unwrap(), "postgres://db.test/candor");
        // A folder with data in it is not passed over.
        std::fs::write(data.join(paths::DATABASE), b"x").unwrap();
        let said = home(data, named).unwrap_err();
        assert!(said.contains(paths::DATABASE), "{said}");
        assert!(home(data, "").is_ok());
    }

    #[test]
    fn the_password_is_given_once_and_never_shown() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("secret");
        std::fs::write(&file, "canary\n").unwrap();
        let line = format!("password_file = \"{}\"\n", file.display());
        let with = format!("[database]\nurl = \"postgres://u@h/d\"\n{line}");
        assert_eq!(home(dir.path(), &with).unwrap(), "postgres://h/d");
        let twice = format!("[database]\nurl = \"postgres://u:canary@h/d\"\n{line}");
        let said = home(dir.path(), &twice).unwrap_err();
        assert!(
            said.contains("once more") && !said.contains("canary"),
            "{said}"
        );
        let env = "[database]\nurl = \"postgres://u@h/d\"\npassword_env = \"CANDOR_NO\"\n";
        let said = home(dir.path(), env).unwrap_err();
        assert!(said.contains("database.password_env"), "{said}");
        let wrong = "[database]\nurl = \"mysql://u:canary@h/d\"\n";
        let said = home(dir.path(), wrong).unwrap_err();
        assert!(
            said.contains("database.url") && !said.contains("canary"),
            "{said}"
        );
    }
}
