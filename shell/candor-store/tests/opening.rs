//! Opening: each thing that can be wrong is said, and nothing is overwritten.
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
use std::path::Path;

use candor_ports::Store;
use candor_store::{InstanceKey, OpenError, SealedStore};
use common::*;

fn refused(folder: &Path) -> OpenError {
    let error = SealedStore::open(folder, &key()).unwrap_err();
    assert!(error.for_person().len() > 40, "{error}");
    error
}

/// Everything in a folder by name and hash, but the lock file and what SQLite keeps
/// beside an open database (looking at it read-only makes those).
fn content(folder: &Path) -> Vec<(String, candor_base::Digest)> {
    let beside = |name: &str, bytes: &[u8]| {
        name.ends_with("candor.lock")
            || name.ends_with("-shm")
            || (name.ends_with("-wal") && bytes.is_empty())
    };
    let mut all: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .map(|p| (p.display().to_string(), fs::read(&p).unwrap()))
        .filter(|(name, bytes)| !beside(name, bytes))
        .map(|(name, bytes)| (name, candor_ledger::sha256(&bytes)))
        .collect();
    all.sort();
    all
}

#[test]
fn one_process_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    assert!(matches!(refused(dir.path()), OpenError::Locked { .. }));
    drop(store);
    open(dir.path());
}

#[test]
fn a_directory_that_cannot_be_made_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, b"mine").unwrap();
    assert!(matches!(
        refused(&file.join("data")),
        OpenError::NotWritable { .. }
    ));
    assert!(matches!(refused(&file), OpenError::NotWritable { .. }));
    assert_eq!(fs::read(&file).unwrap(), b"mine");
}

#[test]
fn a_foreign_file_is_left_as_it_is() {
    let foreign: [&[u8]; 4] = [b"", b"hello", b"SQLite format 3\0", &[0; 5000]];
    for bytes in foreign {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("candor.db"), bytes).unwrap();
        let before = content(dir.path());
        assert!(matches!(refused(dir.path()), OpenError::Corrupt { .. }));
        assert_eq!(content(dir.path()), before);
    }
}

#[test]
fn a_database_of_another_program_is_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let other = rusqlite::Connection::open(dir.path().join("candor.db")).unwrap();
    other
        .execute_batch("CREATE TABLE recipes (name TEXT)")
        .unwrap();
    drop(other);
    let before = content(dir.path());
    let error = refused(dir.path());
    assert!(error.for_person().contains("another program"), "{error}");
    assert_eq!(content(dir.path()), before);
}

#[test]
fn a_damaged_database_is_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for i in 0..40 {
        store.commit(commit(&i.to_string(), 0)).unwrap();
    }
    drop(store);
    let path = dir.path().join("candor.db");
    let mut bytes = fs::read(&path).unwrap();
    let page = bytes.len() / 8192 * 4096;
    bytes[page..page + 4096].fill(0x5A);
    fs::write(&path, &bytes).unwrap();
    let before = content(dir.path());
    assert!(matches!(refused(dir.path()), OpenError::Corrupt { .. }));
    assert_eq!(content(dir.path()), before);
    bytes.truncate(page);
    fs::write(&path, &bytes).unwrap();
    assert!(matches!(refused(dir.path()), OpenError::Corrupt { .. }));
}

/// The check at the start goes table by table; none is passed over, nor is what holds the
/// tokens of the search.
#[test]
fn damage_in_any_table_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for i in 0..40 {
        store.commit(commit(&i.to_string(), 0)).unwrap();
    }
    drop(store);
    let path = dir.path().join("candor.db");
    let whole = fs::read(&path).unwrap();
    let looking = rusqlite::Connection::open(&path).unwrap();
    let number = |n: u32| usize::try_from(n).unwrap();
    let size = looking.query_row("PRAGMA page_size", [], |row| row.get(0));
    let size = number(size.unwrap());
    let roots: Vec<(String, usize)> = looking
        .prepare("SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 1")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, number(row.get(1)?))))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    drop(looking);
    for wanted in ["cases", "event", "outbox", "search_token_data", "setting"] {
        assert!(roots.iter().any(|(name, _)| name == wanted), "{wanted}");
    }
    for (name, page) in roots {
        let mut bytes = whole.clone();
        bytes[(page - 1) * size..page * size].fill(0x5A);
        fs::write(&path, &bytes).unwrap();
        assert!(
            matches!(refused(dir.path()), OpenError::Corrupt { .. }),
            "{name}"
        );
    }
    fs::write(&path, &whole).unwrap();
    open(dir.path());
}

#[test]
fn another_key_is_refused_and_the_right_one_still_works() {
    let dir = tempfile::tempdir().unwrap();
    open(dir.path()).commit(commit("a", 0)).unwrap();
    let before = content(dir.path());
    let wrong = SealedStore::open(dir.path(), &InstanceKey::from_bytes([1; 32])).unwrap_err();
    assert!(matches!(wrong, OpenError::WrongKey { .. }), "{wrong}");
    assert_eq!(content(dir.path()), before);
    let store = open(dir.path());
    assert!(
        store
            .load(&slug("threatdex"), &case("a"))
            .unwrap()
            .is_some()
    );
}

#[test]
fn a_newer_schema_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    let conn = rusqlite::Connection::open(dir.path().join("candor.db")).unwrap();
    let later = "INSERT INTO schema_version (version, name) VALUES (9999, 'later')";
    conn.execute(later, []).unwrap();
    drop(conn);
    let error = refused(dir.path());
    assert!(
        matches!(error, OpenError::NewerSchema { found: 9999, .. }),
        "{error}"
    );
}

#[test]
fn a_start_that_was_cut_off_is_begun_anew() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("candor.db.new"), b"half").unwrap();
    drop(open(dir.path()));
    assert!(!dir.path().join("candor.db.new").exists());
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_data() {
    use std::os::unix::fs::PermissionsExt as _;
    fn look(path: &Path) {
        let mode = fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} {mode:o}", path.display());
        if path.is_dir() {
            for entry in fs::read_dir(path).unwrap() {
                look(&entry.unwrap().path());
            }
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("deep/data");
    let store = open(&data);
    let mut c = commit("a", 0);
    c.blobs = vec![blob("file", &vec![9; 100_000])];
    store.commit(c).unwrap();
    look(&dir.path().join("deep"));
}

#[test]
fn bodies_of_commits_that_never_were_are_swept_at_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let mut c = commit("a", 0);
    c.blobs = vec![blob("file", &vec![9; 100_000])];
    store.commit(c).unwrap();
    drop(store);
    let folder = dir.path().join("blobs/ab");
    fs::create_dir_all(&folder).unwrap();
    let orphan = folder.join("0".repeat(30));
    let young = folder.join("1".repeat(30));
    fs::write(&young, b"sealed").unwrap();
    fs::write(&orphan, b"sealed").unwrap();
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_hours(25);
    for folder in fs::read_dir(dir.path().join("blobs")).unwrap() {
        for file in fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            if path != young {
                let file = fs::File::options().write(true).open(path).unwrap();
                file.set_modified(long_ago).unwrap();
            }
        }
    }
    let store = open(dir.path());
    assert!(!orphan.exists() && young.exists());
    let body = store.blob(&slug("threatdex"), &case("a"), &blob("file", b"").id);
    assert_eq!(body.unwrap(), Some(vec![9; 100_000]));
}
