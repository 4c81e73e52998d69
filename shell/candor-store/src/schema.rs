//! Which programs may work on which schema, so that a new version runs beside the old one
//! while servers are replaced one by one (decision 0014).
//!
//! Invariants: each migration says with its line which schema a program must know at least;
//! one that says nothing wants its own. Versions here are counted as SQLite counts them.

use std::path::Path;

use crate::error::OpenError;
use crate::key::InstanceKey;
use crate::postgres::DatabaseUrl;
use crate::store::SealedStore;
use crate::{postgres, sqlite};

/// The migration that brought the rule.
pub(crate) const SINCE: u32 = 10;

/// Migrations beside which a program may go on that knows only the one before: it neither
/// reads nor writes anything that they changed, and leaves nothing wrong behind that a newer
/// program would read. All others are not in here.
const BESIDE: &[u32] = &[
    // The sign-in history: a table of its own, which only newer programs fill.
    13, // Mail that waits for a look: the same.
    14,
];

/// The oldest schema that a program may know to work on a database after this migration;
/// `None` before there was the rule.
pub(crate) fn oldest(version: u32) -> Option<u32> {
    (version >= SINCE).then(|| {
        let mut at = version;
        while at > SINCE && BESIDE.contains(&at) {
            at -= 1;
        }
        at
    })
}

/// A migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its number, as its engine counts.
    pub version: u32,
    /// What it is about.
    pub name: &'static str,
}

/// How the form of some data stands to this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    /// The version found; 0 where there are no data yet.
    pub found: u32,
    /// The newest that this program knows.
    pub known: u32,
    /// Migrations that would run, in order.
    pub missing: Vec<Step>,
    /// The data are of a newer program, beside which this one cannot work.
    pub too_new: bool,
}

impl Schema {
    fn new(
        (found, oldest): (u32, u32),
        known: u32,
        all: impl Iterator<Item = (u32, &'static str)>,
    ) -> Self {
        Self {
            found,
            known,
            missing: all
                .filter(|(version, _)| *version > found)
                .map(|(version, name)| Step { version, name })
                .collect(),
            too_new: found > known && oldest > known,
        }
    }
}

impl SealedStore {
    /// The schema of the data in a folder. Changes nothing, and goes beside a running server.
    pub fn schema_of_folder(folder: &Path) -> Result<Schema, OpenError> {
        let found = sqlite::schema_of(folder)?.unwrap_or((0, 0));
        Ok(Schema::new(found, sqlite::known(), sqlite::names()))
    }

    /// The schema of a PostgreSQL database. Changes nothing.
    pub fn schema_of_database(url: &DatabaseUrl) -> Result<Schema, OpenError> {
        let found = postgres::schema_of(url)?.unwrap_or((0, 0));
        Ok(Schema::new(found, postgres::known(), postgres::names()))
    }

    /// Opens a PostgreSQL database that is there and in a form that this program can work
    /// with; brings nothing up to date.
    pub fn connect_as_it_is(url: &DatabaseUrl, key: &InstanceKey) -> Result<Self, OpenError> {
        Self::connect_to(url, key, postgres::Migrating::No)
    }
}

#[cfg(test)]
mod tests {
    use candor_ports::Store as _;

    use super::*;
    use crate::store::common::*;

    #[test]
    fn who_says_nothing_wants_its_own_schema() {
        assert_eq!(oldest(SINCE - 1), None);
        assert_eq!(oldest(SINCE), Some(SINCE));
        let newest = sqlite::known();
        for version in SINCE..=newest {
            let least = oldest(version).unwrap();
            assert!((SINCE..=version).contains(&least));
            assert_eq!(BESIDE.contains(&version), least < version, "{version}");
        }
        assert!(BESIDE.iter().all(|v| *v > SINCE && *v <= newest));
    }

    /// What a newer program would leave behind: a line for a migration that this one does not
    /// know, and which schema a program must know at least.
    fn later(known: u32, oldest: u32) -> String {
        format!(
            "DELETE FROM schema_version WHERE name = 'later'; \
             INSERT INTO schema_version (version, name, oldest) VALUES ({}, 'later', {oldest})",
            known + 1
        )
    }

    #[test]
    fn a_folder_of_a_newer_program_opens_where_that_one_permits_it() {
        let dir = tempfile::tempdir().unwrap();
        let nothing = SealedStore::schema_of_folder(dir.path()).unwrap();
        let known = sqlite::known();
        assert_eq!((nothing.found, nothing.missing.len()), (0, known as usize));
        open(dir.path()).commit(commit("a", 0)).unwrap();
        let now = SealedStore::schema_of_folder(dir.path()).unwrap();
        assert_eq!((now.found, now.missing.len()), (known, 0));

        let conn = rusqlite::Connection::open(dir.path().join("candor.db")).unwrap();
        conn.execute_batch(&later(known, known)).unwrap();
        let store = open(dir.path());
        store.commit(commit("a", 1)).unwrap();
        assert!(crate::verify_log(&store).unwrap().holds());
        drop(store);
        let now = SealedStore::schema_of_folder(dir.path()).unwrap();
        assert_eq!((now.found, now.too_new), (known + 1, false));
        conn.execute_batch(&later(known, known + 1)).unwrap();
        let refused = SealedStore::open(dir.path(), &key());
        assert!(matches!(refused, Err(OpenError::NewerSchema { found, .. }) if found == known + 1));
        assert!(SealedStore::schema_of_folder(dir.path()).unwrap().too_new);
    }

    #[test]
    fn so_does_a_database_and_one_process_goes_on_beside_the_change() {
        let Some(cluster) = candor_cluster::Cluster::start() else {
            return;
        };
        let name = "beside";
        let url = DatabaseUrl::parse(&cluster.database(name)).unwrap();
        let none = SealedStore::schema_of_database(&url).unwrap();
        let known = postgres::known();
        assert_eq!((none.found, none.missing.len()), (0, known as usize));
        let apart = SealedStore::connect_as_it_is(&url, &key());
        assert!(matches!(
            apart,
            Err(OpenError::OlderSchema { found: 0, .. })
        ));

        let first = SealedStore::connect(&url, &key()).unwrap();
        put_program(&first, "threatdex");
        first.commit(commit("a", 0)).unwrap();
        let sql = |text: &str| cluster.sql(name, &format!("SET search_path TO candor; {text}"));
        sql(&later(known, known));
        first.commit(commit("a", 1)).unwrap();
        let second = SealedStore::connect_as_it_is(&url, &key()).unwrap();
        second.commit(commit("a", 2)).unwrap();
        assert!(crate::verify_log(&second).unwrap().holds());
        drop(second);
        sql(&later(known, known + 1));
        let refused = SealedStore::connect(&url, &key());
        assert!(matches!(refused, Err(OpenError::NewerSchema { .. })));

        // Some steps back: refused where migrating is kept apart, made where it is not.
        sql(&format!(
            "DELETE FROM schema_version WHERE version >= {};\
             DROP TRIGGER cases_erased ON cases; DROP FUNCTION forget_words; \
             DROP TABLE search_token, search_part, search_case; \
             DROP TABLE counter; DROP TABLE sign_in; DROP TABLE held_mail; ALTER TABLE cases DROP COLUMN erased_sealed; \
             ALTER TABLE schema_version DROP COLUMN oldest",
            SINCE - postgres::AHEAD
        ));
        let apart = SealedStore::connect_as_it_is(&url, &key());
        assert!(matches!(apart, Err(OpenError::OlderSchema { found, .. }) if found > 0));
        drop(SealedStore::connect(&url, &key()).unwrap());
        assert!(SealedStore::connect_as_it_is(&url, &key()).is_ok());
    }
}
