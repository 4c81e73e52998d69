//! The throw-away instance: a folder with a key, a policy, cases, and one member of the
//! team who is signed in; the data in that folder, or in a database that was named.
//!
//! Invariants: everything but a database lies in one new folder that goes with the run; a
//! database that holds an instance is left alone; cases come in by the same use case as from
//! the form. Deliberately absent: the server, and measuring.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use candor_app::App;
use candor_app::PolicySource;
use candor_app::input::{ReportInput, SubmitError};
use candor_store::{DatabaseUrl, InstanceKey, SealedStore};
use tempfile::TempDir;

use crate::config::Config;
use crate::database::Home;
use crate::paths::DATABASE;
use crate::rebuild_cmd::alone;
use crate::say;
use crate::stop::Stop;

/// The program's name in addresses.
pub(crate) const SLUG: &str = "lantern";

/// A policy with the usual promises.
const POLICY: &str = "\
# Security Policy for Lantern

## Supported Versions

| Version | Supported |
| ------- | --------- |
| 2.x     | Yes       |
| 1.x     | No        |

## Reporting a Vulnerability

Please do not open a public issue. Write to security@lantern.example.

Please include a description of the vulnerability and steps to reproduce it.

## What happens next

We acknowledge your report within 48 hours, assess it within 5 business days and tell you
how it goes every 7 days. Details are published within 90 days.
";

/// Threads that bring reports in.
const HANDS: u32 = 16;
/// A word that stands in few reports.
pub(crate) const RARE: &str = "heliotrope";
/// One report in so many holds [`RARE`].
const RARITY: u32 = 1_000;

/// The folder, and who may see what in it.
#[derive(Debug)]
pub(crate) struct Place {
    folder: TempDir,
    home: Home,
    in_database: bool,
    /// Session of the member of the team.
    pub(crate) session: String,
    /// References of the cases.
    pub(crate) references: Vec<String>,
}

impl Place {
    /// Makes an instance with so many cases, in a new folder inside `under`, the data in this
    /// database where one is named.
    pub(crate) fn make(
        under: Option<&Path>,
        database: Option<&str>,
        cases: u32,
    ) -> Result<Self, Stop> {
        let mut builder = tempfile::Builder::new();
        builder.prefix("candor-bench-");
        let folder = match under {
            Some(parent) => builder.tempdir_in(parent),
            None => builder.tempdir(),
        }
        .map_err(|why| Stop::environment(format!("No folder could be made for it: {why}.")))?;
        let home = match database {
            None => Home::of(&data_in(folder.path()), &Config::default())?,
            Some(address) => in_database(folder.path(), address)?,
        };
        let mut place = Self {
            folder,
            home,
            in_database: database.is_some(),
            session: String::new(),
            references: Vec::new(),
        };
        let app = place.open()?;
        app.put_program_from(
            &PolicySource {
                hint: SLUG,
                file_name: "SECURITY.md",
                path: None,
            },
            POLICY.as_bytes(),
        )
        .map_err(|why| Stop::environment(format!("The policy was not taken: {why:?}.")))?;
        place.session = sign_in(&app)?;
        place.references = fill(&app, cases)?;
        Ok(place)
    }

    fn open(&self) -> Result<App, Stop> {
        let key = InstanceKey::load_or_create(&self.key())
            .map_err(|why| Stop::environment(why.for_person()))?;
        let store = self
            .home
            .open(&self.data(), &key)
            .map_err(|why| Stop::environment(why.for_person()))?;
        alone(store, &self.data())
    }

    /// The data folder.
    pub(crate) fn data(&self) -> PathBuf {
        data_in(self.folder.path())
    }

    /// The key file, beside the data and not in it.
    pub(crate) fn key(&self) -> PathBuf {
        self.folder.path().join("instance.key")
    }

    /// The configuration of its server, where there is one.
    pub(crate) fn config(&self) -> Option<PathBuf> {
        self.in_database.then(|| config_in(self.folder.path()))
    }

    /// What the run leaves behind, to be shown.
    pub(crate) fn left(&self) -> Option<String> {
        self.in_database.then(|| self.home.shown(&self.data()))
    }

    /// Size of the database with its log, in bytes; not known of a database elsewhere.
    pub(crate) fn database_bytes(&self) -> Option<u64> {
        let each = ["", "-wal"]
            .iter()
            .filter_map(|end| std::fs::metadata(self.data().join(format!("{DATABASE}{end}"))).ok());
        (!self.in_database).then(|| each.map(|file| file.len()).sum())
    }
}

fn data_in(folder: &Path) -> PathBuf {
    folder.join("data")
}

fn config_in(folder: &Path) -> PathBuf {
    folder.join("candor.toml")
}

/// The data in this database, and a configuration that says so.
fn in_database(folder: &Path, address: &str) -> Result<Home, Stop> {
    let url = DatabaseUrl::parse(address).map_err(|why| {
        Stop::input(format!(
            "--database cannot be used: {why}. Write it like postgres://candor@localhost/bench"
        ))
    })?;
    let there = SealedStore::is_there(&url).map_err(|why| Stop::environment(why.for_person()))?;
    if there {
        return Err(Stop::refused(format!(
            "{} holds an instance. Name a database that holds none: `createdb bench` makes one.",
            url.place()
        )));
    }
    let cannot = |why: std::io::Error| {
        Stop::environment(format!("No configuration could be written for it: {why}."))
    };
    let mut options = std::fs::OpenOptions::new();
    let file = options.write(true).create_new(true).mode(0o600);
    let mut file = file.open(config_in(folder)).map_err(cannot)?;
    // A text of JSON is one of TOML.
    let text = format!("[database]\nurl = {}\n", serde_json::Value::from(address));
    file.write_all(text.as_bytes()).map_err(cannot)?;
    Home::of_file(&data_in(folder), Some(&config_in(folder)))
}

/// The fields of report number `n`, as the form sends them.
pub(crate) fn report(n: u32) -> BTreeMap<String, String> {
    let rare = if n.is_multiple_of(RARITY) {
        RARE
    } else {
        "lamp"
    };
    let text = |parts: &[&str]| parts.concat();
    let number = n.to_string();
    [
        (
            "summary",
            text(&["The parser reads past its buffer, no. ", &number]),
        ),
        (
            "description",
            text(&[
                "A file with a long name makes the parser read past the end of its buffer. ",
                "The ",
                rare,
                " module trusts the length that stands in the header, so that whoever sends a \
                 file chooses how far it reads. Seen with the sample of run ",
                &number,
                ".",
            ]),
        ),
        (
            "steps",
            "1. Make a file with a name of 4,000 letters.\n2. Open it.\n3. Watch it fail."
                .to_owned(),
        ),
        ("version", "2.1".to_owned()),
        ("certainty", "sure".to_owned()),
        ("is_public", "no".to_owned()),
        ("credit", "anonymous".to_owned()),
        ("duties", "accepted".to_owned()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

/// Makes the first account with both factors; gives its session.
fn sign_in(app: &App) -> Result<String, Stop> {
    let failed = |what: &str| Stop::environment(format!("Signing in failed: {what}."));
    let code = app
        .set_up_code()?
        .ok_or_else(|| failed("there is an account already"))?;
    let pass = "a long phrase for a throw-away run";
    let half = app
        .set_up(&code, "bench", "Bench", "", pass)
        .map_err(|why| failed(&format!("{why:?}")))?;
    let enrolment = app
        .enrolment(&half)
        .map_err(|why| failed(&format!("{why:?}")))?;
    let secret = totp_rs::Secret::try_from_base32(enrolment.secret.replace(' ', ""))
        .map_err(|why| failed(&why.to_string()))?;
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_err(|_| failed("the clock of this machine stands before 1970"))?;
    let code = totp_rs::Builder::new()
        .with_secret(secret)
        .build()
        .map_err(|why| failed(&why.to_string()))?
        .generate(now.as_secs())
        .to_string();
    app.confirm_enrolment(&half, &code)
        .map(|done| done.token)
        .map_err(|why| failed(&format!("{why:?}")))
}

/// Brings reports in by many hands, as long as it takes.
fn fill(app: &App, cases: u32) -> Result<Vec<String>, Stop> {
    let next = AtomicU32::new(0);
    let made = Mutex::new((Vec::new(), None::<String>));
    std::thread::scope(|scope| {
        for _ in 0..HANDS {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= cases {
                        return;
                    }
                    let input = ReportInput {
                        fields: report(n),
                        ..ReportInput::default()
                    };
                    let taken = app.submit_report(SLUG, input);
                    let Ok(mut made) = made.lock() else { return };
                    match taken {
                        Ok(receipt) => made.0.push(receipt.reference),
                        Err(why) => {
                            made.1.get_or_insert_with(|| why_not(&why));
                            return;
                        }
                    }
                }
            });
        }
        let progress = say::Progress::start("filling", u64::from(cases));
        while next.load(Ordering::Relaxed) < cases {
            progress.at(u64::from(next.load(Ordering::Relaxed)));
            std::thread::sleep(Duration::from_millis(100));
            let broken = made.lock().is_ok_and(|made| made.1.is_some());
            if broken {
                break;
            }
        }
        progress.end();
    });
    let (references, broken) = made.into_inner().unwrap_or_default();
    match broken {
        Some(why) => Err(Stop::environment(format!("A report was not taken: {why}."))),
        None => Ok(references),
    }
}

fn why_not(why: &SubmitError) -> String {
    match why {
        SubmitError::NotFound => "there is no such program".to_owned(),
        SubmitError::Form(form) | SubmitError::NotStored(form) => form
            .errors
            .first()
            .map_or_else(|| "a field is wrong".to_owned(), |e| e.message.clone()),
        SubmitError::Fault(fault) => fault.operator.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_has_its_cases_and_somebody_who_sees_them() {
        let place = Place::make(None, None, 20).unwrap();
        assert_eq!(place.references.len(), 20);
        let app = place.open().unwrap();
        let inbox = app.inbox(&place.session, SLUG, "open").unwrap();
        assert_eq!(inbox.counts[0], 20);
        assert!(place.database_bytes() > Some(0));
        assert_eq!((place.config(), place.left()), (None, None));
    }

    #[test]
    fn a_database_with_an_instance_in_it_is_left_alone() {
        let Some(cluster) = candor_cluster::Cluster::start() else {
            return;
        };
        let address = cluster.database("bench");
        let place = Place::make(None, Some(&address), 5).unwrap();
        assert_eq!(place.references.len(), 5);
        assert_eq!(place.database_bytes(), None);
        let config = std::fs::read_to_string(place.config().unwrap()).unwrap();
        let read: toml::Table = toml::from_str(&config).unwrap();
        assert_eq!(read["database"]["url"].as_str(), Some(address.as_str()));
        let app = place.open().unwrap();
        let inbox = app.inbox(&place.session, SLUG, "open").unwrap();
        assert_eq!(inbox.counts[0], 5);
        let again = Place::make(None, Some(&address), 5).unwrap_err();
        assert!(
            again.message.contains("holds an instance"),
            "{}",
            again.message
        );
        let odd = Place::make(None, Some("mysql://u:canary@h/d"), 5).unwrap_err();
        assert!(!odd.message.contains("canary"), "{}", odd.message);
    }
}
