//! Every table is copied, from either engine to the other; what is not whole is refused.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use candor_cluster::Cluster;
use candor_ports::{
    LETTERS_HELD, OutboxOutcome, RESTORED_AT, RESTORED_FROM, SessionKind, SessionRecord, Store as _,
};

use super::tables::{LEFT_OUT, ORDER, shapes, table_names};
use super::*;
use crate::db::Connection;
use crate::postgres::{self, DatabaseUrl};
use crate::store::SealedStore;
use crate::store::common::*;
use crate::{sqlite, verify_log};

fn url(cluster: &Cluster, name: &str) -> DatabaseUrl {
    DatabaseUrl::parse(&cluster.url(name)).unwrap()
}

fn folder(path: &Path) -> Destination {
    Destination::folder(path)
}

fn database(url: &DatabaseUrl) -> Destination {
    Destination::database(url)
}

/// A bit of everything, so that every table of the first day has rows.
fn fill(store: &SealedStore, cases: u32) {
    put_program(store, "threatdex");
    put_program(store, "other");
    for n in 0..cases {
        let seed = n.to_string();
        let mut first = commit(&seed, 0);
        first.events.push(event(2, "more"));
        first.blobs = vec![blob(&format!("body-{seed}"), b"text")];
        first.receipt = Some(receipt(&seed));
        first.wake = Some(at(50));
        first.outbox = vec![item(&format!("mail-{seed}"), at(1))];
        if n == 0 {
            first.blobs.push(blob("file", &vec![0xA7; 300 * 1024]));
            first.publication = Some(publication("TDX-1", at(1)));
        }
        store.commit(first).unwrap();
    }
    store.add_account(account("mia")).unwrap();
    store
        .add_session(SessionRecord {
            id: candor_base::SessionId::from_bytes([9; 32]),
            kind: SessionKind::Staff(account("mia").id),
            about: candor_ports::SessionAbout::default(),
            created: at(0),
            seen: at(0),
            expires: at(1_000_000),
        })
        .unwrap();
    store.put_setting("some", Some("thing")).unwrap();
}

fn written(from: &Origin) -> (Summary, Vec<u8>) {
    write_copy(from, &key(), at(7), Vec::new(), &mut |_, _| {}).unwrap()
}

fn restored(bytes: &[u8], to: &Destination) -> Result<Summary, CopyError> {
    restore_copy(bytes, &key(), to, at(9), &mut |_, _| {})
}

fn in_folder(cases: u32) -> (tempfile::TempDir, Origin) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data");
    fill(&SealedStore::open(&path, &key()).unwrap(), cases);
    let origin = Origin::folder(&path);
    (dir, origin)
}

/// Digests of all tables but those that a restore changes.
fn same(summary: &Summary) -> Vec<TableSum> {
    let kept = |t: &&TableSum| !["session", "setting"].contains(&t.name.as_str());
    summary.tables.iter().filter(kept).cloned().collect()
}

#[track_caller]
fn holds_everything(store: &SealedStore, cases: u32) {
    let program = slug("threatdex");
    let report = verify_log(store).unwrap();
    assert_eq!(report.cases, u64::from(cases));
    assert!(report.missing().is_none(), "{report:?}");
    let file = store.blob(&program, &case("0"), &blob("file", b"").id);
    assert_eq!(file.unwrap(), Some(vec![0xA7; 300 * 1024]));
    assert_eq!(store.accounts().unwrap().len(), 1);
    assert_eq!(store.publications(&program).unwrap().len(), 1);
    assert_eq!(store.setting("some").unwrap().as_deref(), Some("thing"));
    let found = store.receipt(&receipt("0").code_hash).unwrap();
    assert_eq!(found, Some((program, case("0"))));
    // And it goes on: positions, chains and the account.
    store.commit(commit("0", 2)).unwrap();
    store.commit(commit("later", 0)).unwrap();
    assert!(verify_log(store).unwrap().missing().is_none());
}

#[test]
fn every_table_of_either_engine_is_copied_or_left_out_knowingly() {
    let dir = tempfile::tempdir().unwrap();
    drop(SealedStore::open(dir.path(), &key()).unwrap());
    let conn = sqlite::open_read_only(&dir.path().join("candor.db")).unwrap();
    let conn = Connection::Sqlite(&conn);
    let named = |conn: &Connection<'_>| {
        for table in table_names(conn).unwrap() {
            let known = ORDER.contains(&table.as_str()) || LEFT_OUT.contains(&table.as_str());
            assert!(
                known,
                "the table {table} is new: put it into ORDER (after the tables it refers to), \
                 or into LEFT_OUT when a restored store makes it by itself"
            );
        }
    };
    let columns = |conn: &Connection<'_>| -> Vec<(String, Vec<String>)> {
        let found = shapes(conn).unwrap();
        let of_table = |s: tables::Shape| s.columns.into_iter().map(|c| c.name).collect();
        found
            .into_iter()
            .map(|s| (s.name.clone(), of_table(s)))
            .collect()
    };
    named(&conn);
    let here = columns(&conn);
    assert_eq!(here.len(), ORDER.len(), "ORDER names a table that is gone");
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let url = url(&cluster, "postgres");
    drop(SealedStore::connect(&url, &key()).unwrap());
    let (_link, session) = postgres::alone(&url).unwrap();
    let conn = Connection::Postgres(&session);
    named(&conn);
    assert_eq!(
        columns(&conn),
        here,
        "both engines have the same tables and columns"
    );
}

#[test]
fn a_backup_is_put_back_on_the_same_engine() {
    let (dir, origin) = in_folder(3);
    let (made, bytes) = written(&origin);
    assert!(made.is_sound());
    assert_eq!((made.cases, made.events), (3, 6));
    assert_eq!(check_copy(&*bytes, None).unwrap(), made);
    let to = dir.path().join("back");
    let found = restored(&bytes, &folder(&to)).unwrap();
    assert_eq!(found, made);
    let (again, _) = written(&Origin::folder(&to));
    assert_eq!(same(&again), same(&made));
    let store = SealedStore::open(&to, &key()).unwrap();
    // Nobody is signed in, no letter leaves, and it knows what it is.
    let session = candor_base::SessionId::from_bytes([9; 32]);
    assert_eq!(store.session(&session).unwrap(), None);
    for setting in [RESTORED_AT, LETTERS_HELD] {
        let at = store.setting(setting).unwrap();
        assert_eq!(at, Some(at_text(9)), "{setting}");
    }
    assert_eq!(store.setting(RESTORED_FROM).unwrap(), Some(at_text(7)));
    holds_everything(&store, 3);
    assert!(!to.join(sqlite::UNFINISHED).exists());
}

fn at_text(seconds: i64) -> String {
    at(seconds).unix().to_string()
}

#[test]
fn a_backup_is_put_back_on_the_other_engine_and_back_again() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let (dir, origin) = in_folder(3);
    let (made, bytes) = written(&origin);
    let there = url(&cluster, "postgres");
    restored(&bytes, &database(&there)).unwrap();
    let (second, bytes) = written(&Origin::database(&there));
    assert_eq!(
        same(&second),
        same(&made),
        "the same digests on either engine"
    );
    // It is not empty any more.
    let refused = restored(&bytes, &database(&there));
    assert!(
        matches!(refused, Err(CopyError::NotEmpty(_))),
        "{refused:?}"
    );
    let store = SealedStore::connect(&there, &key()).unwrap();
    holds_everything(&store, 3);
    let leased = store.lease_outbox(at(100), 60, 1).unwrap();
    let one = leased.first().unwrap();
    assert!(
        store
            .settle_outbox(&one.key, one.fence, OutboxOutcome::Done)
            .unwrap()
    );
    drop(store);
    let back = dir.path().join("back");
    restored(&bytes, &folder(&back)).unwrap();
    holds_everything(&SealedStore::open(&back, &key()).unwrap(), 3);
}

#[test]
fn a_copy_is_made_while_a_server_writes() {
    let (dir, origin) = in_folder(1);
    let store = SealedStore::open(&dir.path().join("data"), &key()).unwrap();
    let mut written_meanwhile = 0;
    let (made, bytes) = write_copy(&origin, &key(), at(7), Vec::new(), &mut |_, _| {
        store
            .commit(commit(&format!("meanwhile-{written_meanwhile}"), 0))
            .unwrap();
        written_meanwhile += 1;
    })
    .unwrap();
    assert!(written_meanwhile > 0);
    assert_eq!(made.cases, 1, "one snapshot, taken before");
    assert_eq!(check_copy(&*bytes, Some(&key())).unwrap(), made);
}

#[test]
fn what_does_not_fit_is_refused_with_its_own_words() {
    let (dir, origin) = in_folder(2);
    let (_, bytes) = written(&origin);
    let to = dir.path().join("to");
    let refused = |bytes: &[u8], key: &InstanceKey| {
        let done = restore_copy(bytes, key, &folder(&to), at(9), &mut |_, _| {});
        assert!(!to.join("candor.db").exists());
        assert!(!to.join(sqlite::UNFINISHED).exists());
        done.unwrap_err()
    };
    let other = InstanceKey::from_bytes([7; 32]);
    assert!(matches!(refused(&bytes, &other), CopyError::Foreign));
    assert!(matches!(
        check_copy(&*bytes, Some(&other)),
        Err(CopyError::Foreign)
    ));
    assert!(matches!(refused(b"", &key()), CopyError::NotACopy));
    assert!(matches!(
        refused(b"something else entirely", &key()),
        CopyError::NotACopy
    ));
    let newer = [b"candor-backup/9\n", &bytes[16..]].concat();
    assert!(matches!(refused(&newer, &key()), CopyError::NewerForm(_)));
    let schema = format!("\"schema\":{}", sqlite::known());
    let text = String::from_utf8_lossy(&bytes[..60]).into_owned();
    assert!(text.contains(&schema), "{text}");
    let newer = format!("\"schema\":{}", sqlite::known() + 90);
    let place = bytes
        .windows(schema.len())
        .position(|w| w == schema.as_bytes())
        .unwrap();
    let behind = &bytes[place + schema.len()..];
    let mut later = [&bytes[..place], newer.as_bytes(), behind].concat();
    // Behind the magic and a letter stands the length of the header.
    let length = u32::from_be_bytes(bytes[17..21].try_into().unwrap());
    let longer = length + u32::try_from(newer.len() - schema.len()).unwrap();
    later[17..21].copy_from_slice(&longer.to_be_bytes());
    assert!(matches!(
        refused(&later, &key()),
        CopyError::NewerSchema { .. }
    ));
    for cut in [20, bytes.len() / 2, bytes.len() - 1] {
        let done = refused(&bytes[..cut], &key());
        assert!(matches!(done, CopyError::Damaged(_)), "{cut}: {done:?}");
    }
    let longer = [&bytes[..], b"x"].concat();
    assert!(matches!(refused(&longer, &key()), CopyError::Damaged(_)));
    // And a folder in which something lies.
    std::fs::write(to.join("mine.txt"), b"mine").unwrap();
    let full = restored(&bytes, &folder(&to));
    assert!(matches!(full, Err(CopyError::NotEmpty(_))), "{full:?}");
    std::fs::remove_file(to.join("mine.txt")).unwrap();
    restored(&bytes, &folder(&to)).unwrap();
}

/// The next of a row of numbers that looks random and is the same each time.
fn next(state: &mut u64) -> usize {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 33).unwrap()
}

#[test]
fn a_thousand_changes_cuts_and_swaps_are_all_refused() {
    let (_dir, origin) = in_folder(2);
    let (_, bytes) = written(&origin);
    let mut state = 1;
    for round in 0..1_000 {
        let mut bent = bytes.clone();
        let at = next(&mut state) % bent.len();
        match round % 4 {
            0 | 1 => bent[at] ^= 1 << (next(&mut state) % 8),
            2 => bent.truncate(at),
            _ => {
                // Two pieces change places.
                let length = 1 + next(&mut state) % 64;
                let other = next(&mut state) % bent.len();
                let (low, high) = (at.min(other), at.max(other));
                if low + length > high || high + length > bent.len() {
                    bent.remove(at);
                } else {
                    let (left, right) = bent.split_at_mut(high);
                    left[low..low + length].swap_with_slice(&mut right[..length]);
                }
            }
        }
        if bent == bytes {
            continue;
        }
        assert!(
            check_copy(&*bent, None).is_err(),
            "round {round}, byte {at}"
        );
    }
}

#[test]
fn who_has_no_key_cannot_make_one_that_is_taken() {
    // Rows changed, and every digest made anew, as somebody without the key could.
    let (dir, origin) = in_folder(1);
    let forger = InstanceKey::from_bytes([8; 32]);
    let mut tally = Tally::default();
    let mut encoder = Encoder::new(Vec::new());
    let missing = origin
        .each(&key(), at(7), &mut |mut item| {
            if let Item::Row(row) = &mut item {
                for cell in row.iter_mut() {
                    if *cell == Cell::Text("other".to_owned()) {
                        *cell = Cell::Text("otter".to_owned());
                    }
                }
            }
            tally.take(&item)?;
            encoder.item(&item)
        })
        .unwrap();
    let (trailer, _) = tally.end(missing, Some(&forger)).unwrap();
    let bytes = encoder.end(&trailer).unwrap();
    assert!(check_copy(&*bytes, None).is_ok(), "in itself it fits");
    assert!(matches!(
        check_copy(&*bytes, Some(&key())),
        Err(CopyError::Foreign)
    ));
    let to = dir.path().join("to");
    assert!(matches!(
        restored(&bytes, &folder(&to)),
        Err(CopyError::Foreign)
    ));
    assert!(!to.join("candor.db").exists());
}

#[test]
fn a_restore_that_was_cut_off_is_not_served_and_can_be_made_again() {
    let (dir, origin) = in_folder(2);
    let (_, bytes) = written(&origin);
    let to = dir.path().join("to");
    let cut = catch_unwind(AssertUnwindSafe(|| {
        restore_copy(&*bytes, &key(), &folder(&to), at(9), &mut |done, _| {
            // As a kill would: in the midst of the first rows or tables.
            assert!(done > 0 || !to.join(sqlite::UNFINISHED).exists(), "cut off");
        })
    }));
    assert!(cut.is_err());
    let served = SealedStore::open(&to, &key());
    assert!(
        matches!(served, Err(OpenError::Unfinished { .. })),
        "{served:?}"
    );
    assert!(!to.join("candor.db").exists());
    restored(&bytes, &folder(&to)).unwrap();
    holds_everything(&SealedStore::open(&to, &key()).unwrap(), 2);
}

/// Moves with a cut after so many rows, then to the end; gives the rows of the second run
/// that were there already.
fn moved_in_two(from: &Origin, to: &Destination, cut: u64) {
    let first = catch_unwind(AssertUnwindSafe(|| {
        move_all(from, &key(), to, at(9), &mut |done, _| {
            assert!(done < cut, "cut off");
        })
    }));
    assert!(first.is_err());
    let open = to.open(&key());
    assert!(
        matches!(open, Err(OpenError::Unfinished { .. })),
        "{open:?}"
    );
    move_all(from, &key(), to, at(9), &mut |_, _| {}).unwrap();
}

#[test]
fn a_move_that_was_cut_off_goes_on_and_arrives_whole() {
    let (dir, origin) = in_folder(300);
    let (made, _) = written(&origin);
    let second = dir.path().join("second");
    moved_in_two(&origin, &folder(&second), 1_000);
    let (found, _) = written(&Origin::folder(&second));
    assert_eq!(found.tables, made.tables, "sessions and all");
    holds_everything(&SealedStore::open(&second, &key()).unwrap(), 300);

    let Some(cluster) = Cluster::start() else {
        return;
    };
    let there = url(&cluster, "postgres");
    moved_in_two(&origin, &database(&there), 1_000);
    let (found, _) = written(&Origin::database(&there));
    assert_eq!(found.tables, made.tables);
    // Something else does not go on with it, and nothing writes over it.
    let (_other_dir, other) = in_folder(1);
    let refused = move_all(&other, &key(), &database(&there), at(9), &mut |_, _| {});
    assert!(
        matches!(refused, Err(CopyError::NotEmpty(_))),
        "{refused:?}"
    );
    let back = dir.path().join("back");
    move_all(
        &Origin::database(&there),
        &key(),
        &folder(&back),
        at(9),
        &mut |_, _| {},
    )
    .unwrap();
    holds_everything(&SealedStore::open(&back, &key()).unwrap(), 300);
}

#[test]
fn a_backup_of_a_store_that_does_not_hold_says_so() {
    let (dir, origin) = in_folder(2);
    let path = dir.path().join("data/candor.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.execute(
        "UPDATE event SET sealed = randomblob(80) WHERE position = 2",
        [],
    )
    .unwrap();
    drop(conn);
    for file in walk(&dir.path().join("data/blobs")) {
        std::fs::remove_file(file).unwrap();
    }
    let (made, bytes) = written(&origin);
    assert_eq!((made.broken, made.missing), (1, 1));
    assert!(!made.is_sound());
    assert_eq!(check_copy(&*bytes, Some(&key())).unwrap(), made);
    let refused = restored(&bytes, &folder(&dir.path().join("to")));
    assert!(matches!(refused, Err(CopyError::Damaged(_))), "{refused:?}");
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let inside =
        |path: std::path::PathBuf| std::fs::read_dir(path).unwrap().map(|f| f.unwrap().path());
    inside(folder.to_owned()).flat_map(inside).collect()
}
