//! A campaign against the data of a closed server: single bits, deletes, swaps and reorderings
//! in events, bodies, receipts, letters, publications, the read log, the public log and the
//! account of all that, each on a copy of its own. Each is found by the check, or refused
//! when somebody reads it.
//!
//! `cargo xtask soak tamper --runs N` does many, by the variable `CANDOR_TAMPER_RUNS`.
//!
//! Not tried: until when a letter is lent, and how often it was. The worst that does is that
//! it is sent late or twice.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use candor_app::{LogSettings, PublicLog};
use candor_base::Instant;
use candor_ports::{Entropy, Store};
use candor_store::{InstanceKey, LogFolder, SealedStore, verify_log};
use rusqlite::Connection;

use crate::common::{FULL, World, act, file, report};
use crate::road::to_approved;

/// Dice that always fall the same way.
#[derive(Debug)]
struct Dice(std::sync::Mutex<u64>);

impl Dice {
    fn next(&self) -> u64 {
        let mut state = self.0.lock().unwrap();
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        *state
    }

    fn below(&self, most: usize) -> usize {
        usize::try_from(self.next() % most as u64).unwrap()
    }
}

impl Entropy for Dice {
    fn fill(&self, buffer: &mut [u8]) {
        for byte in buffer {
            *byte = self.next().to_le_bytes()[3];
        }
    }
}

fn key() -> InstanceKey {
    InstanceKey::from_bytes([42; 32])
}

/// A closed server with two cases, one of them published, bodies of every size, letters that
/// wait or left, and a log.
fn filled(dice: &Dice) -> (tempfile::TempDir, PathBuf) {
    let world = World::new();
    let ada = world.set_up();
    world.colleague(&ada, "bob", "member");
    let case = crate::road::submit(&world, FULL);
    let digest = to_approved(&world, &ada, &case);
    world.at("2026-06-20T12:00:00Z");
    world.app().tick().unwrap();
    let (ada, bob) = (world.sign_in_again("ada"), world.sign_in_again("bob"));
    let publish = act("publish", &[("draft", &digest)]);
    world.desk(&bob, &case.reference, publish).unwrap();
    let page = world.app().case_page(&ada, "lanternfish", &case.reference);
    assert!(page.is_ok(), "somebody reads it");
    let mut note = act("say", &[("lane", "team"), ("message", "internal")]);
    note.files = vec![file("trace.bin", &[7; 100_000])];
    world.desk(&ada, &case.reference, note).unwrap();
    world
        .app()
        .submit_report("lanternfish", report(FULL))
        .unwrap();
    let (dir, data) = world.closed();
    let store = Arc::new(SealedStore::open(&data, &key()).unwrap());
    let settings = LogSettings {
        origin: "sec.example.org/log".parse().unwrap(),
        every: 3600,
        leaves: 300,
        witnesses: Vec::new(),
    };
    let folder = Arc::new(LogFolder::new(&data.join("log")));
    let vault = store.vault();
    let log = PublicLog::new(store, folder, &vault, settings);
    for hour in 0..2 {
        let now = Instant::from_unix(1_795_000_000 + 3600 * hour).unwrap();
        assert!(log.advance(now, dice).unwrap().is_some());
    }
    (dir, data)
}

/// What one look at the data gives; `None` when something is found or refused.
fn look(data: &Path) -> Option<usize> {
    let store = SealedStore::open(data, &key()).ok()?;
    if !verify_log(&store).ok()?.holds() {
        return None;
    }
    for (program, case) in store.all_cases().ok()? {
        store.load(&program, &case).ok()??;
        store.receipt_note(&program, &case).ok()??;
    }
    for program in store.programs().ok()? {
        store.rows(&program.slug).ok()?;
    }
    let later = Instant::from_unix(1_900_000_000).unwrap();
    Some(store.lease_outbox(later, 60, 1000).ok()?.len())
}

/// One table and what names a row in it.
struct Table {
    name: &'static str,
    key: &'static str,
    /// Columns of bytes whose bits are flipped and which are swapped.
    bytes: &'static [&'static str],
    /// Columns of numbers that are moved by one and reordered.
    numbers: &'static [&'static str],
    /// Rows are removed.
    deleted: bool,
}

const TABLES: &[Table] = &[
    Table {
        name: "event",
        key: "position",
        bytes: &["sealed", "hash"],
        numbers: &["seq"],
        deleted: true,
    },
    Table {
        name: "cases",
        key: "hex(case_id)",
        bytes: &["key_sealed", "head_hash", "head_mac", "row_sealed"],
        numbers: &["head_seq"],
        deleted: true,
    },
    Table {
        name: "blob",
        key: "hex(blob_id)",
        bytes: &["sealed"],
        numbers: &[],
        deleted: true,
    },
    Table {
        name: "receipt",
        key: "hex(case_id)",
        bytes: &["code_hash", "leaf", "note_sealed"],
        numbers: &[],
        deleted: true,
    },
    Table {
        name: "outbox",
        key: "key",
        bytes: &["effect_sealed", "state"],
        numbers: &["not_before"],
        deleted: true,
    },
    Table {
        name: "publication",
        key: "program || id",
        bytes: &["advisory", "csaf", "csaf_name", "id"],
        numbers: &["published", "updated"],
        deleted: true,
    },
    Table {
        name: "case_read",
        key: "rowid",
        bytes: &["account_id"],
        numbers: &["hour", "at"],
        deleted: true,
    },
    Table {
        name: "history_account",
        key: "only_row",
        bytes: &["root", "mac", "beside"],
        numbers: &["cases", "events"],
        deleted: true,
    },
    Table {
        name: "log_leaf",
        key: "hex(case_id) || seq",
        bytes: &["leaf", "salt"],
        numbers: &["seq", "from_seq", "place"],
        deleted: true,
    },
    Table {
        name: "log_tile",
        key: "level || '-' || place",
        bytes: &["hashes"],
        numbers: &["place"],
        deleted: true,
    },
    Table {
        name: "log_checkpoint",
        key: "size",
        bytes: &["note"],
        numbers: &["size"],
        deleted: true,
    },
];

/// The rows of a table.
fn keys(conn: &Connection, table: &Table) -> Vec<String> {
    let sql = format!(
        "SELECT CAST({} AS TEXT) FROM {} ORDER BY 1",
        table.key, table.name
    );
    let mut rows = conn.prepare(&sql).unwrap();
    let all = rows.query_map([], |row| row.get::<_, String>(0)).unwrap();
    all.map(Result::unwrap).collect()
}

/// Does one thing to the database; says what, or `None` when it changed nothing.
fn meddle(conn: &Connection, dice: &Dice) -> Option<String> {
    let table = &TABLES[dice.below(TABLES.len())];
    let (name, at) = (table.name, table.key);
    let rows = keys(conn, table);
    let row = rows.get(dice.below(rows.len().max(1)))?;
    let other = &rows[dice.below(rows.len())];
    let kind = dice.below(4);
    let of = |column: &str, key: &str| -> Option<rusqlite::types::Value> {
        let sql = format!("SELECT {column} FROM {name} WHERE CAST({at} AS TEXT) = ?1");
        conn.query_row(&sql, [key], |r| r.get(0)).ok()
    };
    let set = |column: &str, key: &str, value: &rusqlite::types::Value| {
        let sql = format!("UPDATE {name} SET {column} = ?1 WHERE CAST({at} AS TEXT) = ?2");
        conn.execute(&sql, rusqlite::params![value, key]).ok()
    };
    let any = |list: &[&'static str]| list.get(dice.below(list.len().max(1))).copied();
    match kind {
        0 => {
            let column = any(table.bytes)?;
            let mut value = of(column, row)?;
            let bytes = match &mut value {
                rusqlite::types::Value::Blob(bytes) => bytes,
                rusqlite::types::Value::Text(text) => {
                    // Stays text: a letter for a letter.
                    let place = dice.below(text.len());
                    let mut bytes = text.clone().into_bytes();
                    bytes[place] ^= 1;
                    *text = String::from_utf8(bytes).ok()?;
                    set(column, row, &value)?;
                    return Some(format!("{name}.{column}: one bit"));
                }
                _ => return None,
            };
            let place = dice.below(bytes.len());
            bytes[place] ^= 1 << dice.below(8);
            set(column, row, &value)?;
            Some(format!("{name}.{column}: one bit"))
        }
        1 if table.deleted => {
            let sql = format!("DELETE FROM {name} WHERE CAST({at} AS TEXT) = ?1");
            (conn.execute(&sql, [row]).ok()? == 1).then(|| format!("{name}: one row removed"))
        }
        2 => {
            let column = any(table.bytes)?;
            let (one, two) = (of(column, row)?, of(column, other)?);
            if one == two {
                return None;
            }
            set(column, row, &two)?;
            set(column, other, &one)?;
            Some(format!("{name}.{column}: two swapped"))
        }
        3 => {
            let column = any(table.numbers)?;
            let rusqlite::types::Value::Integer(number) = of(column, row)? else {
                return None;
            };
            set(column, row, &rusqlite::types::Value::Integer(number + 1))?;
            Some(format!("{name}.{column}: moved by one"))
        }
        _ => None,
    }
}

/// Flips one bit in the file of a body.
fn meddle_with_file(data: &Path, dice: &Dice) -> Option<String> {
    let mut files = Vec::new();
    let mut open = vec![data.join("blobs"), data.join("bodies")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                open.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    let file = files.get(dice.below(files.len().max(1)))?;
    let mut bytes = fs::read(file).unwrap();
    let place = dice.below(bytes.len());
    bytes[place] ^= 1 << dice.below(8);
    fs::write(file, bytes).unwrap();
    Some("file of a body: one bit".to_owned())
}

#[test]
fn whatever_is_changed_outside_is_found_or_refused() {
    let runs = std::env::var("CANDOR_TAMPER_RUNS");
    let runs: u32 = runs.map_or(150, |text| text.parse().unwrap());
    let dice = Dice(std::sync::Mutex::new(0x9E37_79B9_7F4A_7C15));
    let (_dir, data) = filled(&dice);
    let letters = look(&data).expect("nothing is wrong before");
    assert!(letters > 0);
    let place = tempfile::tempdir().unwrap();
    let own = place.path().join("data");
    let mut tried: BTreeMap<String, u32> = BTreeMap::new();
    let mut missed: BTreeMap<String, u32> = BTreeMap::new();
    let mut done = 0;
    while done < runs {
        let _ = fs::remove_dir_all(&own);
        crate::tamper::copy(&data, &own);
        let what = if dice.below(12) == 0 {
            meddle_with_file(&own, &dice)
        } else {
            let conn = Connection::open(own.join("candor.db")).unwrap();
            conn.pragma_update(None, "foreign_keys", false).unwrap();
            conn.pragma_update(None, "synchronous", "OFF").unwrap();
            // Whoever can write can take away what forbids it.
            conn.execute_batch("DROP TRIGGER case_read_stays; DROP TRIGGER case_read_is_kept")
                .unwrap();
            meddle(&conn, &dice)
        };
        let Some(what) = what else { continue };
        done += 1;
        *tried.entry(what.clone()).or_default() += 1;
        if look(&own) == Some(letters) {
            *missed.entry(what).or_default() += 1;
        }
    }
    for (what, times) in &tried {
        eprintln!("{times:6}  {what}");
    }
    assert!(missed.is_empty(), "not found: {missed:#?}");
    assert!(tried.len() >= 15, "{tried:#?}");
}
