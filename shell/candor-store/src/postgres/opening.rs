//! Opening a database: look at it, check the key, bring the schema up to date.
//!
//! Everything of ours lies in the schema `candor` of the database. Several processes may
//! start at once: one after the other looks and migrates, under a lock.
//!
//! Invariants: what is not ours is never written to; schema, instance and account of all
//! histories are made together or not at all; migrations only go forward.

use std::path::PathBuf;
use std::sync::Arc;

use candor_ports::StoreError;

use super::address::DatabaseUrl;
use super::link::{Link, Session};
use super::{Readers, Writer};
use crate::beside;
use crate::db::{Connection, change, one, params};
use crate::error::OpenError;
use crate::history::{self, HistoryKeys, key_check};
use crate::key::InstanceKey;
use crate::keyring::{KeyRow, new_stable};
use crate::leaves::leaves_as_found;
use crate::schema;
use crate::seal::random;
use crate::sql;

/// The oldest server that is spoken to.
const OLDEST: i64 = 150_000;
/// SQLite's migrations up to the one with this number more are PostgreSQL's first one:
/// schemas are counted as SQLite counts them wherever both meet.
pub(crate) const AHEAD: u32 = 3;
/// Taken while looking and migrating: the letters `CNDR`.
pub(crate) const TURN: &str = "BEGIN; SELECT pg_advisory_xact_lock(1129202770)";
const LOOK: &str = include_str!("../../sql/postgres/engine/look.sql");

pub(super) struct Migration {
    version: u32,
    name: &'static str,
    pub(super) text: &'static str,
}

pub(super) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "start",
        text: include_str!("../../sql/postgres/migrations/0001_start.sql"),
    },
    Migration {
        version: 2,
        name: "case read",
        text: include_str!("../../sql/postgres/migrations/0002_case_read.sql"),
    },
    Migration {
        version: LOG_SINCE,
        name: "public log",
        text: include_str!("../../sql/postgres/migrations/0003_public_log.sql"),
    },
    Migration {
        version: 4,
        name: "changed",
        text: include_str!("../../sql/postgres/migrations/0004_changed.sql"),
    },
    Migration {
        version: 5,
        name: "key rotation",
        text: include_str!("../../sql/postgres/migrations/0005_key_rotation.sql"),
    },
    Migration {
        version: BESIDE_SINCE,
        name: "account beside",
        text: include_str!("../../sql/postgres/migrations/0006_account_beside.sql"),
    },
    Migration {
        version: schema::SINCE - AHEAD,
        name: "upgrade",
        text: include_str!("../../sql/postgres/migrations/0007_upgrade.sql"),
    },
    Migration {
        version: 8,
        name: "search",
        text: include_str!("../../sql/postgres/migrations/0008_search.sql"),
    },
    Migration {
        version: crate::history::ERASED_SINCE - AHEAD,
        name: "erasure",
        text: include_str!("../../sql/postgres/migrations/0009_erasure.sql"),
    },
    Migration {
        version: 10,
        name: "sign in",
        text: include_str!("../../sql/postgres/migrations/0010_sign_in.sql"),
    },
    Migration {
        version: 11,
        name: "held mail",
        text: include_str!("../../sql/postgres/migrations/0011_held_mail.sql"),
    },
];

/// The schema from which on there is a public log.
const LOG_SINCE: u32 = 3;
/// The schema from which on the account counts what lies beside histories.
const BESIDE_SINCE: u32 = beside::SINCE - AHEAD;

/// The newest schema this program knows.
pub(crate) fn known() -> u32 {
    MIGRATIONS.last().map_or(0, |m| m.version)
}

/// A database that is open.
pub(crate) struct Opened {
    pub(crate) readers: Readers,
    pub(crate) writer: Writer,
    /// What it says of keys.
    pub(crate) keys: KeyRow,
}

/// What stands in a database.
pub(crate) struct Found {
    /// Data of Candor.
    pub(crate) ours: bool,
    /// Something else under our name.
    pub(crate) foreign: bool,
    /// A copy into it that was not finished.
    pub(crate) unfinished: bool,
}

/// Number and name of each migration, oldest first.
pub(crate) fn names() -> impl Iterator<Item = (u32, &'static str)> {
    MIGRATIONS.iter().map(|m| (m.version, m.name))
}

/// Whether opening a database may change its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Migrating {
    /// One that is empty is filled, an older one brought up to date.
    Yes,
    /// Either is refused.
    No,
}

/// Opens the database, or fills an empty one.
pub(crate) fn open(
    url: &DatabaseUrl,
    key: &InstanceKey,
    migrating: Migrating,
) -> Result<Opened, OpenError> {
    let (link, session) = reach(url)?;
    let place = PathBuf::from(url.place());
    let found = look(&session, &place)?;
    let prepared = session.batch(TURN).map_err(|why| io(&place, &why));
    // Somebody else may have been first while we waited for our turn.
    let prepared = prepared
        .and_then(|()| look(&session, &place))
        .and_then(|again| {
            if again.unfinished {
                return Err(OpenError::Unfinished {
                    path: place.clone(),
                });
            }
            if again.ours {
                update(&session, &place, key, migrating)
            } else if migrating == Migrating::No {
                Err(OpenError::OlderSchema {
                    path: place.clone(),
                    found: 0,
                    needed: known(),
                })
            } else {
                create(&session, &place, found.foreign || again.foreign, key)
            }
        })
        .and_then(|()| {
            let keys = KeyRow::read(&Connection::Postgres(&session));
            keys.map_err(|why| io(&place, &why))
        })
        .and_then(|keys| match session.batch("COMMIT") {
            Ok(()) => Ok(keys),
            Err(why) => Err(io(&place, &why)),
        });
    let keys = match prepared {
        Ok(keys) => keys,
        Err(why) => {
            let _ = session.batch("ROLLBACK");
            return Err(why);
        }
    };
    let failed = |why: std::io::Error| OpenError::Io {
        path: place.clone(),
        why: why.to_string(),
    };
    Ok(Opened {
        readers: Readers::new(Arc::clone(&link)),
        writer: Writer::start(link, session, keys.epoch).map_err(failed)?,
        keys,
    })
}

/// The schema that is there, and the oldest that a program must know to work on it; `None`
/// where there are no data. Changes nothing.
pub(crate) fn schema_of(url: &DatabaseUrl) -> Result<Option<(u32, u32)>, OpenError> {
    let (_link, session) = reach(url)?;
    let place = PathBuf::from(url.place());
    if !look(&session, &place)?.ours {
        return Ok(None);
    }
    versions(&session, &place).map(Some)
}

fn versions(session: &Session, place: &std::path::Path) -> Result<(u32, u32), OpenError> {
    let tx = &Connection::Postgres(session);
    let number = |statement| {
        one(tx, statement, params![], |row| row.get::<u32>(0))
            .map(Option::unwrap_or_default)
            .map_err(|why| io(place, &why))
    };
    let found = number(sql::SCHEMA_VERSION)?;
    // Older ones do not know that rule.
    let oldest = if found > known() {
        number(sql::SCHEMA_OLDEST)?
    } else {
        found
    };
    Ok((found, oldest))
}

/// Whether there is data of Candor already.
pub(crate) fn has_data(url: &DatabaseUrl) -> Result<bool, OpenError> {
    let (_link, session) = reach(url)?;
    look(&session, &PathBuf::from(url.place())).map(|found| found.ours)
}

fn reach(url: &DatabaseUrl) -> Result<(Arc<Link>, Session), OpenError> {
    let failed = |why: String| OpenError::Io {
        path: PathBuf::from(url.place()),
        why,
    };
    let link = Link::start(url).map_err(|why| failed(why.to_string()))?;
    let session = link.connect().map_err(failed)?;
    Ok((link, session))
}

fn io(place: &std::path::Path, why: &StoreError) -> OpenError {
    OpenError::Io {
        path: place.to_owned(),
        why: why.to_string(),
    }
}

/// Looks without touching anything.
pub(crate) fn look(session: &Session, place: &std::path::Path) -> Result<Found, OpenError> {
    let rows = session.query(LOOK, &[]).map_err(|why| io(place, &why))?;
    let refused = |why: String| OpenError::Io {
        path: place.to_owned(),
        why,
    };
    let read = rows.first().and_then(|row| {
        let server: (i64, String, bool) = (
            row.try_get(0).ok()?,
            row.try_get(1).ok()?,
            row.try_get(2).ok()?,
        );
        let data: (bool, bool, bool) = (
            row.try_get(3).ok()?,
            row.try_get(4).ok()?,
            row.try_get(5).ok()?,
        );
        Some((server, data))
    });
    let Some(((version, encoding, durable), (ours, filled, unfinished))) = read else {
        return Err(refused("it gave no answer".to_owned()));
    };
    if version < OLDEST {
        return Err(refused(format!(
            "it is PostgreSQL {}, and Candor needs 15 or newer",
            version / 10_000
        )));
    }
    if encoding != "UTF8" {
        return Err(refused(format!(
            "its encoding is {encoding}, and Candor needs UTF8"
        )));
    }
    if !durable {
        tracing::warn!(
            "fsync or full_page_writes of the database is off: a power cut can take reports away"
        );
    }
    Ok(Found {
        ours,
        foreign: filled && !ours,
        unfinished,
    })
}

/// Makes everything in an empty database.
fn create(
    session: &Session,
    place: &std::path::Path,
    foreign: bool,
    key: &InstanceKey,
) -> Result<(), OpenError> {
    if foreign {
        return Err(OpenError::Corrupt {
            path: place.to_owned(),
            why: "there is a schema candor in it that is not Candor's".to_owned(),
        });
    }
    let made = (|| {
        session.batch("CREATE SCHEMA IF NOT EXISTS candor")?;
        migrate(session, 0, known())?;
        let instance: [u8; 16] = random().map_err(|e| StoreError::Failed(e.to_string()))?;
        let check = key_check(key, &instance, history::SINCE);
        let tx = &Connection::Postgres(session);
        let keys = HistoryKeys::new(key);
        keys.seal_as_found(tx)?;
        keys.count_as_found(tx)?;
        let stable = new_stable(key, &instance)?;
        change(tx, sql::INSTANCE_INSERT, params![instance, check, stable]).map(|_| ())
    })();
    made.map_err(|why| io(place, &why))
}

/// Checks the key and applies what is missing.
fn update(
    session: &Session,
    place: &std::path::Path,
    key: &InstanceKey,
    migrating: Migrating,
) -> Result<(), OpenError> {
    let tx = &Connection::Postgres(session);
    let path = || place.to_owned();
    let (found, oldest) = versions(session, place)?;
    let known = known();
    if found > known && oldest > known {
        return Err(OpenError::NewerSchema {
            path: path(),
            found,
            known,
        });
    }
    let instance = one(tx, sql::INSTANCE_SELECT, params![], |row| {
        Ok((row.get::<[u8; 16]>(0)?, row.get::<[u8; 32]>(1)?))
    });
    let Some((instance, stored)) = instance.map_err(|why| io(place, &why))? else {
        return Err(OpenError::Corrupt {
            path: path(),
            why: "the row of the instance was removed".to_owned(),
        });
    };
    if key_check(key, &instance, history::SINCE) != stored {
        return Err(OpenError::WrongKey { path: path() });
    }
    if found < known && migrating == Migrating::No {
        return Err(OpenError::OlderSchema {
            path: path(),
            found,
            needed: known,
        });
    }
    let migrated = migrate(session, found, known).and_then(|()| {
        if found < BESIDE_SINCE {
            HistoryKeys::new(key).count_as_found(tx)?;
        }
        Ok(())
    });
    migrated.map_err(|why| io(place, &why))
}

/// Applies what is missing after `from`, up to `until`.
pub(crate) fn migrate(session: &Session, from: u32, until: u32) -> Result<(), StoreError> {
    let wanted = |m: &&Migration| m.version > from && m.version <= until;
    for migration in MIGRATIONS.iter().filter(wanted) {
        session.batch(migration.text)?;
        let tx = &Connection::Postgres(session);
        if migration.version == LOG_SINCE {
            leaves_as_found(tx)?;
        }
        let values = params![migration.version, migration.name];
        change(tx, sql::SCHEMA_INSERT, values)?;
        if let Some(oldest) = schema::oldest(migration.version.saturating_add(AHEAD)) {
            let values = params![migration.version, oldest.saturating_sub(AHEAD)];
            change(tx, sql::SCHEMA_SET_OLDEST, values)?;
        }
    }
    Ok(())
}
