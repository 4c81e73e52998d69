//! What lies beside the histories cannot be changed unseen: texts, files, receipts, policies.

use std::fs;
use std::path::Path;

use candor_store::{InstanceKey, Report, SealedStore, verify_log};
use rusqlite::Connection;

use crate::common::{FULL, World, act, file, report};
use crate::road::assess;

/// A case with texts of both sides, and a file large enough to lie in the folder.
fn filled() -> World {
    let world = World::new();
    let ada = world.set_up();
    let case = crate::road::submit(&world, FULL);
    assess(&world, &ada, &case);
    let mut note = act("say", &[("lane", "team"), ("message", "internal")]);
    note.files = vec![file("trace.bin", &[7; 100_000])];
    world.desk(&ada, &case.reference, note).unwrap();
    world
        .app()
        .submit_report("lanternfish", report(FULL))
        .unwrap();
    world
}

fn verify(data: &Path) -> Report {
    let key = InstanceKey::from_bytes([42; 32]);
    verify_log(&SealedStore::open(data, &key).unwrap()).unwrap()
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// Verifies a copy after this was done to it.
fn after(data: &Path, meddle: impl Fn(&Connection)) -> Report {
    let dir = tempfile::tempdir().unwrap();
    let own = dir.path().join("data");
    copy(data, &own);
    let conn = Connection::open(own.join("candor.db")).unwrap();
    conn.pragma_update(None, "foreign_keys", false).unwrap();
    meddle(&conn);
    drop(conn);
    verify(&own)
}

fn ids(data: &Path, sql: &str) -> Vec<i64> {
    let conn = Connection::open(data.join("candor.db")).unwrap();
    let mut rows = conn.prepare(sql).unwrap();
    let found = rows.query_map([], |row| row.get(0)).unwrap();
    found.map(Result::unwrap).collect()
}

/// Flips one bit in the middle of a value.
fn flip(conn: &Connection, table: &str, column: &str, row: i64) {
    let read = format!("SELECT {column} FROM {table} WHERE rowid = {row}");
    let mut bytes: Vec<u8> = conn.query_row(&read, [], |r| r.get(0)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let write = format!("UPDATE {table} SET {column} = ?1 WHERE rowid = {row}");
    conn.execute(&write, [bytes]).unwrap();
}

#[test]
fn texts_files_receipts_and_policies_that_were_changed_or_removed_are_named() {
    let (dir, data) = filled().closed();
    let whole = verify(&data);
    assert!(whole.holds(), "{:?}", whole.breaks);
    assert_eq!(whole.unopened, 0);
    assert!(whole.bodies >= 6, "{}", whole.bodies);

    let (mut seen, mut unnamed) = (0, 0);
    for row in ids(&data, "SELECT rowid FROM blob WHERE sealed IS NOT NULL") {
        let gone = after(&data, |conn| {
            let sql = format!("DELETE FROM blob WHERE rowid = {row}");
            conn.execute(&sql, []).unwrap();
        });
        let changed = after(&data, |conn| flip(conn, "blob", "sealed", row));
        assert_eq!(gone.holds(), changed.holds(), "{row}");
        let words = changed.breaks[0].to_string();
        assert!(words.ends_with(" was changed outside Candor"), "{words}");
        if gone.breaks.is_empty() {
            let beside = gone.beside.join("; ");
            assert!(beside.contains("texts and files were removed"), "{beside}");
            unnamed += 1;
        } else {
            let words = (gone.breaks[0].to_string(), changed.breaks[0].to_string());
            assert!(words.0.ends_with(" is gone"), "{words:?}");
            assert!(
                words.1.ends_with(" was changed outside Candor"),
                "{words:?}"
            );
            assert!(gone.breaks[0].reference.is_some());
            seen += 1;
        }
    }
    assert!(unnamed > 0, "the name of a file stands in no event");
    // All but the file in the folder.
    assert_eq!(seen + unnamed + 1, whole.bodies);
    for row in ids(&data, "SELECT rowid FROM receipt") {
        assert!(!after(&data, |conn| flip(conn, "receipt", "note_sealed", row)).holds());
    }
    for table in ["receipt", "policy", "blob"] {
        let report = after(&data, |conn| {
            conn.execute(&format!("DELETE FROM {table}"), []).unwrap();
        });
        assert!(!report.holds(), "{table}");
    }
    drop(dir);
}

#[test]
fn a_file_in_the_folder_that_was_changed_or_removed_is_named() {
    let (_dir, data) = filled().closed();
    let folder = fs::read_dir(data.join("blobs")).unwrap().next().unwrap();
    let inside = fs::read_dir(folder.unwrap().path()).unwrap().next();
    let path = inside.unwrap().unwrap().path();
    let good = fs::read(&path).unwrap();
    let mut bad = good.clone();
    bad[50_000] ^= 1;
    fs::write(&path, &bad).unwrap();
    assert_eq!(verify(&data).breaks.len(), 1);
    fs::remove_file(&path).unwrap();
    assert_eq!(verify(&data).breaks.len(), 1);
    fs::write(&path, &good).unwrap();
    assert!(verify(&data).holds());
}
