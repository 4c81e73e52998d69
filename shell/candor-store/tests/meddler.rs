//! A meddler with the data directory: what is moved, changed or put back is found. What
//! is swapped: `swapped.rs`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use candor_ports::{HistoryAccount, KeyFault, Store, StoreError};
use candor_store::{Fault, SealedStore, verify_log};
use common::*;
use rusqlite::Connection;

/// Two cases of three events each, with bodies; then the store is closed.
fn filled() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let store = open(&data);
    for seed in ["a", "b"] {
        let mut c = commit(seed, 0);
        c.blobs = vec![
            blob(&format!("small-{seed}"), seed.as_bytes()),
            blob(&format!("large-{seed}"), &vec![seed.as_bytes()[0]; 100_000]),
        ];
        c.receipt = Some(receipt(seed));
        c.outbox = vec![item(&format!("item-{seed}"), at(0))];
        store.commit(c).unwrap();
        store.commit(commit(seed, 1)).unwrap();
        store.commit(commit(seed, 2)).unwrap();
        store
            .add_account(account(&format!("login-{seed}")))
            .unwrap();
        store.put_setting(seed, Some(seed)).unwrap();
    }
    (dir, data)
}

/// Does something to the closed database with the foreign keys off.
fn meddle(data: &Path, sql: &str) {
    let conn = Connection::open(data.join("candor.db")).unwrap();
    conn.pragma_update(None, "foreign_keys", false).unwrap();
    conn.execute_batch(sql).unwrap();
}

fn swap(data: &Path, table: &str, column: &str) {
    meddle(
        data,
        &format!(
            "CREATE TEMP TABLE s AS SELECT rowid AS r, {column} AS v FROM {table} \
             WHERE {column} IS NOT NULL ORDER BY rowid LIMIT 2; \
             UPDATE {table} SET {column} = zeroblob(length({column})) \
             WHERE rowid = (SELECT min(r) FROM s); \
             UPDATE {table} SET {column} = (SELECT v FROM s WHERE s.r < {table}.rowid) \
             WHERE rowid = (SELECT max(r) FROM s); \
             UPDATE {table} SET {column} = (SELECT v FROM s WHERE s.r > {table}.rowid) \
             WHERE rowid = (SELECT min(r) FROM s);"
        ),
    );
}

fn reopen(data: &Path) -> SealedStore {
    SealedStore::open(data, &key()).unwrap()
}

/// Takes the result's error alone, so that any call can stand inside.
fn is_damaged<T>(result: Result<T, StoreError>) {
    let result = result.map(drop);
    assert!(matches!(result, Err(StoreError::Damaged(_))), "{result:?}");
}

#[test]
fn swapped_changed_or_lost_files_do_not_open() {
    let (_dir, data) = filled();
    let mut files = Vec::new();
    for folder in fs::read_dir(data.join("blobs")).unwrap() {
        for file in fs::read_dir(folder.unwrap().path()).unwrap() {
            files.push(file.unwrap().path());
        }
    }
    assert_eq!(files.len(), 2);
    let bodies: Vec<_> = files.iter().map(|f| fs::read(f).unwrap()).collect();
    let open = |seed: &str| {
        let id = blob(&format!("large-{seed}"), b"").id;
        reopen(&data).blob(&slug("threatdex"), &case(seed), &id)
    };
    assert!(open("a").is_ok() && open("b").is_ok());
    fs::write(&files[0], &bodies[1]).unwrap();
    fs::write(&files[1], &bodies[0]).unwrap();
    is_damaged(open("a"));
    is_damaged(open("b"));
    let mut cut = bodies[0].clone();
    cut.pop();
    fs::write(&files[0], &cut).unwrap();
    fs::remove_file(&files[1]).unwrap();
    is_damaged(open("a"));
    is_damaged(open("b"));
}

#[test]
fn an_old_row_beside_newer_events_does_not_open() {
    let (_dir, data) = filled();
    meddle(
        &data,
        "CREATE TABLE kept AS SELECT case_id, row_sealed FROM cases",
    );
    reopen(&data).commit(commit("a", 3)).unwrap();
    meddle(
        &data,
        "UPDATE cases SET row_sealed = (SELECT row_sealed FROM kept WHERE kept.case_id = cases.case_id)",
    );
    is_damaged(reopen(&data).rows(&slug("threatdex")));
}

#[test]
fn every_changed_byte_of_every_event_is_found() {
    let (_dir, data) = filled();
    let honest = verify_log(&reopen(&data)).unwrap();
    assert_eq!((honest.cases, honest.events, honest.holds()), (2, 6, true));
    let path = data.join("candor.db");
    let whole = fs::read(&path).unwrap();
    let conn = Connection::open(&path).unwrap();
    let sizes: Vec<(i64, u16)> = conn
        .prepare("SELECT position, length(sealed) FROM event")
        .unwrap()
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    drop(conn);
    assert_eq!(sizes.len(), 6);
    // A handful of places in each event, and its hash.
    for (position, sealed) in sizes {
        let sealed = usize::from(sealed);
        let places = [0, 1, sealed / 2, sealed - 1].map(|i| ("sealed", i));
        let hashes = [0, 31].map(|i| ("hash", i));
        for (column, byte) in places.into_iter().chain(hashes) {
            fs::write(&path, &whole).unwrap();
            let conn = Connection::open(&path).unwrap();
            let read = format!("SELECT {column} FROM event WHERE position = ?1");
            let mut bytes: Vec<u8> = conn.query_row(&read, [position], |r| r.get(0)).unwrap();
            bytes[byte] ^= 0x10;
            let write = format!("UPDATE event SET {column} = ?2 WHERE position = ?1");
            conn.execute(&write, rusqlite::params![position, bytes])
                .unwrap();
            drop(conn);
            let store = reopen(&data);
            let report = verify_log(&store).unwrap();
            assert_eq!(
                report.breaks.len(),
                1,
                "{column} {byte} of event {position}"
            );
            let broken = &report.breaks[0];
            is_damaged(store.load(&broken.program, &broken.case));
        }
    }
}

#[test]
fn events_taken_away_added_or_moved_are_found() {
    let hurt = [
        "DELETE FROM event WHERE seq = 1",
        "DELETE FROM event WHERE seq = 2",
        "DELETE FROM event WHERE seq = 3",
        "DELETE FROM event",
        "UPDATE event SET seq = seq + 10 WHERE seq = 2",
        "UPDATE event SET seq = 9 WHERE seq = 1; UPDATE event SET seq = 1 WHERE seq = 2; \
         UPDATE event SET seq = 2 WHERE seq = 9",
        "INSERT INTO event SELECT NULL, program, case_id, 4, sealed, hash FROM event WHERE seq = 3",
        "UPDATE cases SET head_seq = 2",
        "UPDATE cases SET head_hash = zeroblob(32)",
        "DELETE FROM cases",
    ];
    for sql in hurt {
        let (_dir, data) = filled();
        meddle(&data, sql);
        let report = verify_log(&reopen(&data)).unwrap();
        assert_eq!(report.breaks.len(), 2, "{sql}");
    }
}

#[test]
fn a_case_key_that_was_removed_hides_the_case_and_is_found() {
    let (_dir, data) = filled();
    let hex = case("a").to_string();
    meddle(
        &data,
        &format!("UPDATE cases SET key_sealed = NULL WHERE hex(case_id) = upper('{hex}')"),
    );
    let store = reopen(&data);
    is_damaged(store.load(&slug("threatdex"), &case("a")));
    is_damaged(store.blob(&slug("threatdex"), &case("a"), &blob("small-a", b"").id));
    is_damaged(store.commit(commit("a", 3)));
    assert_eq!(store.rows(&slug("threatdex")).unwrap().len(), 1);
    assert!(
        store
            .load(&slug("threatdex"), &case("b"))
            .unwrap()
            .is_some()
    );
    let report = verify_log(&store).unwrap();
    assert!(!report.holds() && report.erased.is_empty());
    assert_eq!(report.breaks.len(), 1);
    assert_eq!(report.breaks[0].case, case("a"));
    assert_eq!(report.breaks[0].fault, Fault::Key(KeyFault::Gone));
}

#[test]
fn a_body_that_cannot_be_written_is_said_and_nothing_is_stored() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    fs::write(dir.path().join("blobs"), b"in the way").unwrap();
    let mut c = commit("a", 0);
    c.blobs = vec![blob("large", &vec![1; 100_000])];
    let result = store.commit(c.clone());
    assert!(
        matches!(result, Err(StoreError::Unwritable(_))),
        "{result:?}"
    );
    assert_eq!(store.all_cases().unwrap(), vec![]);
    fs::remove_file(dir.path().join("blobs")).unwrap();
    store.commit(c).unwrap();
}

#[test]
fn a_break_is_told_in_words() {
    let (_dir, data) = filled();
    meddle(&data, "DELETE FROM cases; DELETE FROM event WHERE seq > 1");
    let report = verify_log(&reopen(&data)).unwrap();
    let words = report.breaks[0].to_string();
    assert!(
        words.starts_with("threatdex case ") && words.ends_with("is gone"),
        "{words}"
    );
    let (_dir, data) = filled();
    meddle(&data, "UPDATE event SET hash = zeroblob(32) WHERE seq = 2");
    let report = verify_log(&reopen(&data)).unwrap();
    assert!(report.breaks[0].to_string().contains("event 2"));
}

/// What cuts the last event of case `a` off and sets its head to the event before.
fn cut_off() -> String {
    let id = format!("case_id = x'{}'", case("a"));
    format!(
        "DELETE FROM event WHERE {id} AND seq = 3; \
         UPDATE cases SET head_seq = 2, \
         head_hash = (SELECT hash FROM event WHERE {id} AND seq = 2) WHERE {id};"
    )
}

/// What takes every row of case `a` away.
fn taken_away() -> String {
    let id = format!("case_id = x'{}'", case("a"));
    ["event", "blob", "receipt", "outbox", "cases"]
        .map(|table| format!("DELETE FROM {table} WHERE {id};"))
        .concat()
}

#[test]
fn a_history_that_was_cut_off_together_with_its_head_is_found() {
    let (_dir, data) = filled();
    meddle(&data, &cut_off());
    let store = reopen(&data);
    let report = verify_log(&store).unwrap();
    assert_eq!(report.breaks.len(), 1);
    assert_eq!(report.breaks[0].fault, Fault::Head);
    assert!(report.breaks[0].to_string().contains("cut off"));
    let differs = HistoryAccount::Differs {
        cases: (2, 2),
        events: (6, 5),
    };
    assert_eq!(report.account, differs);
    assert!(report.missing().unwrap().contains("6 events"));
    // Nothing is shown of it, and nothing is written on top of it.
    is_damaged(store.load(&slug("threatdex"), &case("a")));
    is_damaged(store.commit(commit("a", 2)));
}

#[test]
fn a_case_that_was_taken_away_is_found_and_stays_found() {
    let (_dir, data) = filled();
    meddle(&data, &taken_away());
    let store = reopen(&data);
    let report = verify_log(&store).unwrap();
    assert_eq!((report.breaks.len(), report.holds()), (0, false));
    // Later work, even a new case, does not make the account good again.
    store.commit(commit("b", 3)).unwrap();
    store.commit(commit("c", 0)).unwrap();
    let differs = HistoryAccount::Differs {
        cases: (3, 2),
        events: (8, 5),
    };
    assert_eq!(verify_log(&store).unwrap().account, differs);
}

#[test]
fn an_old_head_with_its_own_keyed_hash_put_back_is_found() {
    let (_dir, data) = filled();
    meddle(&data, "CREATE TABLE kept AS SELECT * FROM cases");
    reopen(&data).commit(commit("a", 3)).unwrap();
    meddle(
        &data,
        "DELETE FROM event WHERE seq = 4; DELETE FROM cases; \
         INSERT INTO cases SELECT * FROM kept; DROP TABLE kept",
    );
    let store = reopen(&data);
    let report = verify_log(&store).unwrap();
    assert_eq!((report.breaks.len(), report.holds()), (0, false));
    store.commit(commit("a", 3)).unwrap();
    assert!(!verify_log(&store).unwrap().holds());
}

#[test]
fn an_account_that_was_changed_or_removed_is_said_and_never_made_good() {
    let hurt = [
        (
            "UPDATE history_account SET cases = 1",
            HistoryAccount::Changed,
        ),
        (
            "UPDATE history_account SET events = 5",
            HistoryAccount::Changed,
        ),
        (
            "UPDATE history_account SET events = -1",
            HistoryAccount::Changed,
        ),
        (
            "UPDATE history_account SET root = zeroblob(32)",
            HistoryAccount::Changed,
        ),
        ("DELETE FROM history_account", HistoryAccount::Gone),
    ];
    for (sql, expected) in hurt {
        let (_dir, data) = filled();
        meddle(&data, sql);
        let store = reopen(&data);
        assert_eq!(verify_log(&store).unwrap().account, expected, "{sql}");
        store.commit(commit("b", 3)).unwrap();
        assert_eq!(verify_log(&store).unwrap().account, expected, "{sql}");
    }
}

#[test]
fn a_head_of_another_case_does_not_stand_in() {
    let (_dir, data) = filled();
    swap(&data, "cases", "head_mac");
    let report = verify_log(&reopen(&data)).unwrap();
    assert_eq!(report.breaks.len(), 2);
    assert!(report.breaks.iter().all(|b| b.fault == Fault::Head));
}

/// Takes a database back to the schema before the account, as a meddler without key can.
const SET_BACK: &str = "DROP TABLE history_account; ALTER TABLE cases DROP COLUMN head_mac; \
     DELETE FROM schema_version WHERE version >= 4;";

#[test]
fn a_schema_that_was_set_back_to_have_all_sealed_anew_is_refused() {
    let (_dir, data) = filled();
    meddle(&data, &(taken_away() + SET_BACK));
    let why = SealedStore::open(&data, &key()).unwrap_err();
    assert!(why.to_string().contains("set back"), "{why}");
}
