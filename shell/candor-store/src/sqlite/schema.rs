//! The schema and its forward-only migrations.
//!
//! Invariant: a migration that was released is never edited; each runs in a
//! transaction of its own together with its line in `schema_version`.

use candor_ports::StoreError;
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::Db as _;
use crate::schema as rule;
use crate::sql;

/// Marks the file as Candor's (SQLite's `application_id`): the letters `CNDR`.
pub(crate) const APPLICATION_ID: u32 = 0x434E_4452;

struct Migration {
    version: u32,
    name: &'static str,
    text: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "start",
        text: include_str!("../../sql/sqlite/migrations/0001_start.sql"),
    },
    Migration {
        version: 2,
        name: "policy acts",
        text: include_str!("../../sql/sqlite/migrations/0002_policy_acts.sql"),
    },
    Migration {
        version: 3,
        name: "policy reading",
        text: include_str!("../../sql/sqlite/migrations/0003_policy_reading.sql"),
    },
    Migration {
        version: 4,
        name: "history account",
        text: include_str!("../../sql/sqlite/migrations/0004_history_account.sql"),
    },
    Migration {
        version: 5,
        name: "case read",
        text: include_str!("../../sql/sqlite/migrations/0005_case_read.sql"),
    },
    Migration {
        version: 6,
        name: "public log",
        text: include_str!("../../sql/sqlite/migrations/0006_public_log.sql"),
    },
    Migration {
        version: 7,
        name: "changed",
        text: include_str!("../../sql/sqlite/migrations/0007_changed.sql"),
    },
    Migration {
        version: 8,
        name: "key rotation",
        text: include_str!("../../sql/sqlite/migrations/0008_key_rotation.sql"),
    },
    Migration {
        version: 9,
        name: "account beside",
        text: include_str!("../../sql/sqlite/migrations/0009_account_beside.sql"),
    },
    Migration {
        version: rule::SINCE,
        name: "upgrade",
        text: include_str!("../../sql/sqlite/migrations/0010_upgrade.sql"),
    },
    Migration {
        version: 11,
        name: "search",
        text: include_str!("../../sql/sqlite/migrations/0011_search.sql"),
    },
    Migration {
        version: crate::history::ERASED_SINCE,
        name: "erasure",
        text: include_str!("../../sql/sqlite/migrations/0012_erasure.sql"),
    },
    Migration {
        version: 13,
        name: "sign in",
        text: include_str!("../../sql/sqlite/migrations/0013_sign_in.sql"),
    },
    Migration {
        version: 14,
        name: "held mail",
        text: include_str!("../../sql/sqlite/migrations/0014_held_mail.sql"),
    },
];

/// The newest schema this program knows.
pub(crate) fn known() -> u32 {
    MIGRATIONS.last().map_or(0, |m| m.version)
}

/// Number and name of each migration, oldest first.
pub(crate) fn names() -> impl Iterator<Item = (u32, &'static str)> {
    MIGRATIONS.iter().map(|m| (m.version, m.name))
}

/// The oldest schema that a program may know and still work on this newer one.
pub(crate) fn oldest(conn: &Connection) -> rusqlite::Result<u32> {
    conn.query_row(sql::SCHEMA_OLDEST.sqlite, [], |row| row.get(0))
}

/// The schema version of a database that has one.
pub(crate) fn version(conn: &Connection) -> rusqlite::Result<u32> {
    conn.query_row(sql::SCHEMA_VERSION.sqlite, [], |row| row.get(0))
        .optional()
        .map(Option::unwrap_or_default)
}

/// What a migration needs a key for, told the version just reached; in its transaction.
pub(crate) type Keyed<'a> = &'a dyn Fn(&Connection, u32) -> Result<(), StoreError>;

/// Applies what is missing after `from`, up to `until`.
pub(crate) fn migrate(
    conn: &Connection,
    from: u32,
    until: u32,
    keyed: Keyed<'_>,
) -> Result<(), StoreError> {
    let wanted = |m: &&Migration| m.version > from && m.version <= until;
    for migration in MIGRATIONS.iter().filter(wanted) {
        let tx = Transaction::new_unchecked(conn, TransactionBehavior::Immediate).db()?;
        tx.execute_batch(migration.text).db()?;
        keyed(&tx, migration.version)?;
        let values = params![migration.version, migration.name];
        tx.execute(sql::SCHEMA_INSERT.sqlite, values).db()?;
        if let Some(oldest) = rule::oldest(migration.version) {
            let values = params![migration.version, oldest];
            tx.execute(sql::SCHEMA_SET_OLDEST.sqlite, values).db()?;
        }
        tx.commit().db()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrating_twice_changes_nothing() {
        let conn = Connection::open_in_memory().unwrap();
        migrate(&conn, 0, known(), &|_, _| Ok(())).unwrap();
        let dump = |conn: &Connection| -> Vec<String> {
            let mut all = conn
                .prepare("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name")
                .unwrap();
            let rows = all.query_map([], |r| r.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        };
        let before = dump(&conn);
        let at = version(&conn).unwrap();
        assert_eq!(at, known());
        migrate(&conn, at, known(), &|_, _| Ok(())).unwrap();
        assert_eq!(dump(&conn), before);
        assert_eq!(version(&conn).unwrap(), known());
    }

    #[test]
    fn versions_count_up_by_one() {
        for (i, m) in MIGRATIONS.iter().enumerate() {
            assert_eq!(usize::try_from(m.version).unwrap(), i + 1, "{}", m.name);
        }
    }

    /// The column lines of the migrations, each with the word that says what it holds.
    #[test]
    fn every_column_says_what_it_holds() {
        let conn = Connection::open_in_memory().unwrap();
        migrate(&conn, 0, known(), &|_, _| Ok(())).unwrap();
        let mut columns = conn
            .prepare(
                "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c \
                 WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' \
                 AND t.name NOT LIKE 'search_token%'",
            )
            .unwrap();
        let columns: Vec<(String, String)> = columns
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert!(columns.len() > 50);
        for (table, column) in columns {
            let marked = MIGRATIONS.iter().any(|m| {
                let start = format!("CREATE TABLE {table} (");
                let body = m.text.split_once(&start).map_or("", |(_, rest)| rest);
                let body = body.split_once("\n)").map_or(body, |(body, _)| body);
                let added = format!("ALTER TABLE {table} ADD COLUMN ");
                let later = m.text.split(&added).skip(1);
                body.lines()
                    .chain(later.filter_map(|rest| rest.lines().next()))
                    .filter(|l| l.trim_start().starts_with(&format!("{column} ")))
                    .any(|l| {
                        let word = l.rsplit_once("-- ").map(|(_, word)| word);
                        matches!(word, Some("public" | "case" | "secret" | "personal"))
                    })
            });
            assert!(marked, "{table}.{column} is not marked");
        }
    }
}
