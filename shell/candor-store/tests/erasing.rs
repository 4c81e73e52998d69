//! Erasing a case: nothing of it opens any more, its bytes are gone where the engine can see
//! to it, and everything still verifies. Whatever a meddler does to tombstone or key is found.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_case::ErasureReason;
use candor_ports::{
    Changes as _, Cleared, Erasing as _, HistoryAccount, KeyFault, Search as _, Store as _,
    StoreError, Tombstone, WordPlace,
};
use candor_store::{
    DatabaseUrl, Destination, Fault, InstanceKey, Origin, SealedStore, restore_copy, verify_log,
    write_copy,
};
use common::*;

with_every_engine!(
    an_erased_case_is_gone_and_everything_verifies,
    only_the_case_as_it_was_seen_is_erased,
    a_tombstone_that_was_taken_away_is_found,
    a_key_that_was_put_back_is_found_and_not_used,
    a_case_put_back_whole_is_found,
    keys_change_around_a_tombstone,
);

fn tombstone(seed: &str) -> Tombstone {
    Tombstone {
        reference: reference(seed),
        at: at(50),
        by: account("ada").id,
        asked_by: account("bob").id,
        reason: ErasureReason::Request,
    }
}

/// Cases `a` and `b` with one of everything.
fn fill(store: &SealedStore) {
    for seed in ["a", "b"] {
        let mut first = commit(seed, 0);
        first.blobs = vec![
            blob(seed, &[3; 500]),
            blob(&format!("big-{seed}"), &vec![4; 90_000]),
        ];
        first.receipt = Some(receipt(seed));
        first.outbox = vec![item(&format!("item-{seed}"), at(0))];
        first.publication = Some(publication(&format!("TDX-{seed}"), at(5)));
        first.wake = Some(at(9));
        let tokens = ["both", seed].map(ToOwned::to_owned);
        first.words.insert(WordPlace::Title, tokens.into());
        store.commit(first).unwrap();
        store.commit(commit(seed, 1)).unwrap();
    }
}

fn filled(house: &House) -> SealedStore {
    let store = house.store();
    fill(&store);
    store
}

fn erase(store: &SealedStore, seed: &str) -> Cleared {
    let program = slug("threatdex");
    let done = store.erase(&program, &case(seed), 2, &tombstone(seed));
    done.unwrap()
}

#[allow(
    clippy::needless_pass_by_value,
    reason = "reads better where it is asked"
)]
fn is_erased<T: std::fmt::Debug>(result: Result<T, StoreError>) {
    assert!(matches!(result, Err(StoreError::Erased)), "{result:?}");
}

fn an_erased_case_is_gone_and_everything_verifies(house: &House) {
    let store = filled(house);
    let (program, id) = (slug("threatdex"), case("a"));
    let mark = store.changes(&program, 0, 9).unwrap()[1].mark;
    let before = store.chain(&program, &id).unwrap();
    let cleared = erase(&store, "a");
    match house {
        House::Sqlite(_) => assert_eq!(cleared, Cleared::Overwritten),
        House::Postgres(_) => assert_eq!(cleared, Cleared::Vacuumed),
    }
    let look = |store: &SealedStore| {
        is_erased(store.load(&program, &id));
        is_erased(store.blob(&program, &id, &blob("a", b"").id));
        is_erased(store.blob(&program, &id, &blob("big-a", b"").id));
        is_erased(store.receipt_note(&program, &id));
        is_erased(store.commit(commit("a", 2)));
        is_erased(store.erase(&program, &id, 2, &tombstone("a")));
        is_erased(store.replace_row(&program, row("a", "x"), 2, None));
        // What leads to the tombstone is still found.
        assert_eq!(store.find(&program, &reference("a")).unwrap(), Some(id));
        let found = store.receipt(&receipt("a").code_hash).unwrap();
        assert_eq!(found, Some((program.clone(), id)));
        let left = store.tombstone(&program, &id).unwrap();
        assert_eq!(left, Some(tombstone("a")));
        let all = store.tombstones(&program).unwrap();
        assert_eq!(all, [(id, tombstone("a"))]);
        assert_eq!(store.tombstone(&program, &case("b")).unwrap(), None);
        // Lists go on without it; what was published stays.
        assert_eq!(store.rows(&program).unwrap().len(), 1);
        assert_eq!(store.heads(&program).unwrap(), [(case("b"), 2)]);
        let changes = store.changes(&program, mark, 9).unwrap();
        assert_eq!((changes.len(), &changes[0].row), (1, &None));
        assert_eq!(changes[0].case, id);
        assert_eq!(store.due(at(99), 9).unwrap().len(), 0);
        assert_eq!(store.publications(&program).unwrap().len(), 2);
        let asked = [["both".to_owned()].into()];
        let hits = store.cases_with(&program, &asked).unwrap();
        assert_eq!(hits[0].keys().collect::<Vec<_>>(), [&case("b")]);
        assert_eq!(store.count_not_found_yet(None).unwrap(), 0);
        // The history is what it was, and all of it holds.
        assert_eq!(store.chain(&program, &id).unwrap(), before);
        let report = verify_log(store).unwrap();
        assert!(report.holds(), "{report:?}");
        assert_eq!((report.cases, report.events, report.unopened), (2, 4, 0));
        assert_eq!(report.erased, [(program.clone(), tombstone("a"))]);
    };
    look(&store);
    let leases = store.lease_outbox(at(1), 60, 9).unwrap();
    assert_eq!(leases.len(), 1, "its letter was taken back");
    assert_eq!(leases[0].case, case("b"));
    drop(store);
    look(&house.open());
}

fn only_the_case_as_it_was_seen_is_erased(house: &House) {
    let store = filled(house);
    let (program, id) = (slug("threatdex"), case("a"));
    let stale = store.erase(&program, &id, 1, &tombstone("a"));
    assert_eq!(stale, Err(StoreError::Conflict));
    let other = store.erase(&program, &case("none"), 1, &tombstone("a"));
    assert!(matches!(other, Err(StoreError::Failed(_))), "{other:?}");
    assert_eq!(store.load(&program, &id).unwrap().unwrap().len(), 2);
    assert!(verify_log(&store).unwrap().erased.is_empty());
}

fn id_of(house: &House, seed: &str) -> String {
    let id = case(seed).to_string();
    match house {
        House::Sqlite(_) => format!("case_id = x'{id}'"),
        House::Postgres(_) => format!("case_id = '\\x{id}'"),
    }
}

#[track_caller]
fn faults(store: &SealedStore) -> Vec<Fault> {
    let report = verify_log(store).unwrap();
    assert!(!report.holds());
    report.breaks.into_iter().map(|b| b.fault).collect()
}

fn a_tombstone_that_was_taken_away_is_found(house: &House) {
    let store = filled(house);
    erase(&store, "a");
    drop(store);
    let of = id_of(house, "a");
    house.meddle(&format!("UPDATE cases SET erased_sealed = NULL WHERE {of}"));
    let store = house.open();
    assert_eq!(faults(&store), [Fault::Head]);
    assert!(store.load(&slug("threatdex"), &case("a")).is_err());
}

fn a_key_that_was_put_back_is_found_and_not_used(house: &House) {
    let store = filled(house);
    drop(store);
    house.meddle("CREATE TABLE kept AS SELECT case_id, key_sealed FROM cases");
    let store = house.open();
    erase(&store, "a");
    drop(store);
    let of = id_of(house, "a");
    house.meddle(&format!(
        "UPDATE cases SET key_sealed = (SELECT key_sealed FROM kept WHERE {of}) WHERE {of}"
    ));
    let store = house.open();
    assert_eq!(faults(&store), [Fault::Key(KeyFault::PutBack)]);
    let (program, id) = (slug("threatdex"), case("a"));
    let opened = store.load(&program, &id);
    assert!(matches!(opened, Err(StoreError::Damaged(_))), "{opened:?}");
    assert_eq!(store.rows(&program).unwrap().len(), 1);
    assert!(store.commit(commit("a", 2)).is_err());
}

/// With key, row and keyed hash of its head, as an old copy of the table has them.
fn a_case_put_back_whole_is_found(house: &House) {
    let store = filled(house);
    drop(store);
    house.meddle("CREATE TABLE kept AS SELECT * FROM cases");
    let store = house.open();
    erase(&store, "a");
    drop(store);
    house.meddle("DELETE FROM cases; INSERT INTO cases SELECT * FROM kept");
    let report = verify_log(&house.open()).unwrap();
    let differs = HistoryAccount::Differs {
        cases: (2, 2),
        events: (4, 4),
    };
    assert_eq!(report.account, differs);
}

fn keys_change_around_a_tombstone(house: &House) {
    let store = filled(house);
    erase(&store, "a");
    store.rotate_program(&slug("threatdex")).unwrap();
    let next = InstanceKey::from_bytes([7; 32]);
    house.open().rotate_instance(&next).unwrap();
    let store = house.open_with(&next).unwrap();
    let report = verify_log(&store).unwrap();
    assert!(report.holds(), "{report:?}");
    assert_eq!(report.erased, [(slug("threatdex"), tombstone("a"))]);
    is_erased(store.load(&slug("threatdex"), &case("a")));
    assert!(
        store
            .load(&slug("threatdex"), &case("b"))
            .unwrap()
            .is_some()
    );
}

fn all_bytes(folder: &std::path::Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(all_bytes(&path));
        } else {
            all.extend(std::fs::read(&path).unwrap());
        }
    }
    all
}

fn holds(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window == needle)
}

/// What of a case lies in the file beside its chain: key, read row, a small body, its words.
fn sealed_of(path: &std::path::Path, seed: &str) -> Vec<Vec<u8>> {
    let conn = rusqlite::Connection::open(path).unwrap();
    let id = case(seed);
    let one = |sql: &str| conn.query_row(sql, [id.as_bytes()], |row| row.get(0));
    vec![
        one("SELECT key_sealed FROM cases WHERE case_id = ?1").unwrap(),
        one("SELECT row_sealed FROM cases WHERE case_id = ?1").unwrap(),
        one("SELECT sealed FROM blob WHERE case_id = ?1 AND sealed IS NOT NULL").unwrap(),
    ]
}

/// In file, write-ahead log and folder of large bodies, while the store is open.
#[test]
fn the_bytes_of_an_erased_case_leave_the_data_folder() {
    let house = House::sqlite();
    let store = filled(&house);
    // Rows before and behind, so that its cells lie among others.
    for n in 0..200 {
        store.commit(commit(&format!("other-{n}"), 0)).unwrap();
    }
    let folder = house.folder().unwrap();
    let sealed = sealed_of(&folder.join("candor.db"), "a");
    let others = sealed_of(&folder.join("candor.db"), "b");
    let files = std::fs::read_dir(folder.join("blobs")).unwrap().count();
    let before = all_bytes(&folder);
    for part in sealed.iter().chain(&others) {
        assert!(holds(&before, part));
    }
    erase(&store, "a");
    let log = folder.join("candor.db-wal").metadata().unwrap().len();
    assert_eq!(log, 0, "the write-ahead log is empty");
    let after = all_bytes(&folder);
    for (n, part) in sealed.iter().enumerate() {
        assert!(!holds(&after, part), "part {n} is still there");
        assert!(!holds(&after, &part[part.len() - 24..]), "its end is");
    }
    for part in &others {
        assert!(holds(&after, part));
    }
    let left: usize = std::fs::read_dir(folder.join("blobs"))
        .unwrap()
        .map(|dir| std::fs::read_dir(dir.unwrap().path()).unwrap().count())
        .sum();
    assert_eq!((files, left), (2, 1), "its large body is gone");
}

#[test]
fn a_read_under_way_is_waited_for_a_moment_and_then_said() {
    let house = House::sqlite();
    let store = filled(&house);
    let path = house.folder().unwrap().join("candor.db");
    let reader = rusqlite::Connection::open(&path).unwrap();
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM cases")
        .unwrap();
    assert_eq!(erase(&store, "a"), Cleared::LogHeld);
    is_erased(store.load(&slug("threatdex"), &case("a")));
    reader.execute_batch("COMMIT").unwrap();
    assert_eq!(erase(&store, "b"), Cleared::Overwritten);
}

#[test]
fn a_backup_carries_tombstones_and_an_older_one_carries_the_key() {
    let house = House::sqlite();
    let store = filled(&house);
    let origin = Origin::folder(&house.folder().unwrap());
    let copy = || write_copy(&origin, &key(), at(7), Vec::new(), &mut |_, _| {}).unwrap();
    let (_, older) = copy();
    erase(&store, "a");
    let (_, newer) = copy();
    let dir = tempfile::tempdir().unwrap();
    let restored = |name: &str, bytes: &[u8]| {
        let to = dir.path().join(name);
        let into = Destination::folder(&to);
        restore_copy(bytes, &key(), &into, at(9), &mut |_, _| {}).unwrap();
        SealedStore::open(&to, &key()).unwrap()
    };
    let later = restored("newer", &newer);
    is_erased(later.load(&slug("threatdex"), &case("a")));
    let report = verify_log(&later).unwrap();
    assert!(report.holds() && report.erased.len() == 1, "{report:?}");
    if let Some(cluster) = candor_cluster::Cluster::start() {
        let url = DatabaseUrl::parse(&cluster.url("postgres")).unwrap();
        let into = Destination::database(&url);
        restore_copy(&newer[..], &key(), &into, at(9), &mut |_, _| {}).unwrap();
        let there = SealedStore::connect(&url, &key()).unwrap();
        is_erased(there.load(&slug("threatdex"), &case("a")));
        let report = verify_log(&there).unwrap();
        assert!(report.holds() && report.erased.len() == 1, "{report:?}");
    }
    let earlier = restored("older", &older);
    let back = earlier.load(&slug("threatdex"), &case("a")).unwrap();
    assert_eq!(back.unwrap().len(), 2, "what guides say of old backups");
}

#[test]
fn a_user_that_does_not_own_the_tables_says_that_they_are_not_cleared_yet() {
    let Some(house) = House::postgres() else {
        return;
    };
    let store = filled(&house);
    let House::Postgres(cluster) = &house else {
        return;
    };
    let grants = "CREATE ROLE plain LOGIN; GRANT USAGE ON SCHEMA candor TO plain; \
                  GRANT ALL ON ALL TABLES IN SCHEMA candor TO plain; \
                  GRANT ALL ON ALL SEQUENCES IN SCHEMA candor TO plain";
    cluster.sql("postgres", grants);
    drop(store);
    let url = cluster.url("postgres");
    let (_, place) = url.split_once('@').unwrap();
    let url = DatabaseUrl::parse(&format!("postgres://plain@{place}")).unwrap();
    let store = SealedStore::connect_as_it_is(&url, &key()).unwrap();
    assert_eq!(erase(&store, "a"), Cleared::LeftToVacuum);
    is_erased(store.load(&slug("threatdex"), &case("a")));
    assert!(verify_log(&store).unwrap().holds());
}
