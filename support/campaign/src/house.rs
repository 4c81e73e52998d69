//! An instance on one of the two engines.

use std::path::{Path, PathBuf};

use candor_cluster::Cluster;

use crate::head::{Place, Server};

/// Which engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// SQLite in the data folder.
    Sqlite,
    /// A throw-away PostgreSQL cluster.
    Postgres,
}

impl Engine {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// A place with its key, its policy and, where it needs one, its database.
#[derive(Debug)]
pub struct House {
    /// Where everything lies.
    pub place: Place,
    /// The database server.
    pub cluster: Option<Cluster>,
    args: Vec<String>,
}

impl House {
    /// A new one; `None` on a machine without PostgreSQL.
    pub fn new(program: &Path, engine: Engine) -> Option<Self> {
        let cluster = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(Cluster::start()?),
        };
        Some(Self::with(program, cluster))
    }

    /// One on this database, or in its folder.
    pub fn with(program: &Path, cluster: Option<Cluster>) -> Self {
        let place = Place::new(program);
        let key = place.path("instance.key");
        let mut args = vec!["--key".to_owned(), key.to_str().unwrap().to_owned()];
        if let Some(cluster) = &cluster {
            let url = cluster.url("postgres");
            let config = place.write("candor.toml", format!("[database]\nurl = \"{url}\"\n"));
            args.extend(["--config".to_owned(), config.to_str().unwrap().to_owned()]);
        }
        place.policy();
        Self {
            place,
            cluster,
            args,
        }
    }

    /// What every command needs to find this instance.
    pub fn args(&self) -> Vec<&str> {
        self.args.iter().map(String::as_str).collect()
    }

    fn with_policy(&self) -> (Vec<&str>, PathBuf) {
        (self.args(), self.place.path("lantern/SECURITY.md"))
    }

    /// Starts a server, with the policy.
    pub fn serve(&self) -> Server {
        self.serve_in(&[])
    }

    /// The same, with more in its environment.
    pub fn serve_in(&self, environment: &[(&str, &str)]) -> Server {
        let (mut args, policy) = self.with_policy();
        args.push(policy.to_str().unwrap());
        self.place.serve_in(&args, environment)
    }

    /// The same without waiting for it.
    pub fn spawn(&self) -> Server {
        let (mut args, policy) = self.with_policy();
        args.push(policy.to_str().unwrap());
        self.place.spawn(&args, &[])
    }

    /// Checks every history and everything that it names; gives the number of cases, and
    /// what is wrong.
    pub fn verify(&self) -> (u64, Option<String>) {
        let data = self.place.data();
        let mut args = vec!["verify-log", "--data", data.to_str().unwrap(), "--json"];
        args.extend(self.args());
        let ended = self.place.run(&args);
        let report: serde_json::Value = serde_json::from_str(&ended.out).unwrap_or_default();
        let cases = report["cases"].as_u64();
        let wrong = (ended.code != 0 || cases.is_none()).then(|| format!("{ended:#?}"));
        (cases.unwrap_or(0), wrong)
    }
}
