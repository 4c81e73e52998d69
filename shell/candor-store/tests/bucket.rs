//! Large bodies in a bucket: sealed, put before they are named, swept when nothing names
//! them, and part of every copy.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod common;
#[path = "common/shelf.rs"]
mod shelf;

use std::sync::atomic::Ordering::SeqCst;

use candor_case::ErasureReason;
use candor_ports::{Erasing as _, Objects as _, Store as _, StoreError, Tombstone};
use candor_store::{
    CopyError, DatabaseUrl, Destination, OpenError, Origin, SealedStore, Summary, move_all,
    restore_copy, verify_log, write_copy,
};
use common::*;
use shelf::Shelf;

const DAY: i64 = 24 * 3600;
const CANARY: &[u8] = b"canary-in-a-large-file ";

fn large(seed: &str) -> Vec<u8> {
    let mut bytes = CANARY.repeat(8_000);
    bytes.extend(seed.as_bytes());
    bytes
}

/// A commit with a small text and a large file.
fn with_file(seed: &str) -> candor_ports::Commit {
    let mut commit = commit(seed, 0);
    commit.blobs = vec![
        blob(&format!("small-{seed}"), b"text"),
        blob(&format!("large-{seed}"), &large(seed)),
    ];
    commit
}

fn file(store: &SealedStore, seed: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let id = blob(&format!("large-{seed}"), b"").id;
    store.blob(&slug("threatdex"), &case(seed), &id)
}

fn small(store: &SealedStore, seed: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let id = blob(&format!("small-{seed}"), b"").id;
    store.blob(&slug("threatdex"), &case(seed), &id)
}

fn shelf() -> std::sync::Arc<Shelf> {
    Shelf::new("s3://bodies/one", at(0).unix())
}

with_every_engine!(
    large_bodies_lie_sealed_in_the_bucket_and_small_ones_do_not,
    a_bucket_out_of_reach_stores_nothing_half_and_loses_nothing,
    what_no_commit_names_is_swept_once_it_is_a_day_old,
    a_store_with_a_bucket_is_not_opened_without_it_or_with_another,
    two_that_start_at_once_take_the_same_room,
    an_erased_case_leaves_the_bucket,
    an_erased_case_leaves_the_bucket_at_once_or_with_the_next_sweep,
);

fn large_bodies_lie_sealed_in_the_bucket_and_small_ones_do_not(house: &House) {
    let shelf = shelf();
    let store = house.store().with_bucket(Some(shelf.bucket())).unwrap();
    store.commit(with_file("a")).unwrap();
    assert_eq!(shelf.names().len(), 1);
    let bytes = shelf.bytes().remove(0);
    assert!(bytes.len() >= large("a").len());
    assert!(!bytes.windows(CANARY.len()).any(|w| w == CANARY));
    if let Some(folder) = house.folder() {
        assert!(!folder.join("blobs").exists());
    }
    drop(store);
    let store = house.open().with_bucket(Some(shelf.bucket())).unwrap();
    assert_eq!(file(&store, "a").unwrap(), Some(large("a")));
    assert_eq!(small(&store, "a").unwrap().as_deref(), Some(&b"text"[..]));
    assert!(verify_log(&store).unwrap().holds());
    // A commit that is surely refused takes its object away again.
    let again = store.commit(with_file("a"));
    assert!(again.is_err(), "{again:?}");
    assert_eq!(shelf.names().len(), 1);
    // What was changed in the bucket does not open.
    shelf.spoil();
    assert!(matches!(file(&store, "a"), Err(StoreError::Damaged(_))));
    assert_eq!(verify_log(&store).unwrap().breaks.len(), 1);
}

fn a_bucket_out_of_reach_stores_nothing_half_and_loses_nothing(house: &House) {
    let shelf = shelf();
    let store = house.store().with_bucket(Some(shelf.bucket())).unwrap();
    store.commit(with_file("a")).unwrap();
    shelf.gone.store(true, SeqCst);
    let refused = store.commit(with_file("b"));
    assert!(
        matches!(refused, Err(StoreError::Unwritable(_))),
        "{refused:?}"
    );
    assert_eq!(store.load(&slug("threatdex"), &case("b")).unwrap(), None);
    // What needs nothing of it goes on.
    store.commit(commit("c", 0)).unwrap();
    assert_eq!(small(&store, "a").unwrap().as_deref(), Some(&b"text"[..]));
    let away = file(&store, "a");
    assert!(matches!(away, Err(StoreError::Away(_))), "{away:?}");
    assert!(verify_log(&store).is_err(), "no walk is no damage");
    shelf.gone.store(false, SeqCst);
    assert_eq!(file(&store, "a").unwrap(), Some(large("a")));
    store.commit(with_file("b")).unwrap();
    assert!(verify_log(&store).unwrap().holds());
}

fn an_erased_case_leaves_the_bucket(house: &House) {
    let shelf = shelf();
    let store = house.store().with_bucket(Some(shelf.bucket())).unwrap();
    store.commit(with_file("a")).unwrap();
    store.commit(with_file("b")).unwrap();
    let tombstone = |seed: &str| candor_ports::Tombstone {
        reference: reference(seed),
        at: at(50),
        by: account("ada").id,
        asked_by: account("ada").id,
        reason: candor_case::ErasureReason::Mistake,
    };
    let erase = |seed: &str| {
        let program = slug("threatdex");
        store.erase(&program, &case(seed), 1, &tombstone(seed))
    };
    erase("a").unwrap();
    assert_eq!(shelf.names().len(), 1);
    assert_eq!(file(&store, "a"), Err(StoreError::Erased));
    assert_eq!(file(&store, "b").unwrap(), Some(large("b")));
    // A bucket out of reach keeps no key: its object goes with the orphans.
    shelf.gone.store(true, SeqCst);
    erase("b").unwrap();
    shelf.gone.store(false, SeqCst);
    assert_eq!(file(&store, "b"), Err(StoreError::Erased));
    assert_eq!(shelf.names().len(), 1);
    let report = verify_log(&store).unwrap();
    assert!(report.holds() && report.erased.len() == 2, "{report:?}");
}

fn what_no_commit_names_is_swept_once_it_is_a_day_old(house: &House) {
    let shelf = shelf();
    let store = house.store().with_bucket(Some(shelf.bucket())).unwrap();
    store.commit(with_file("a")).unwrap();
    let named = shelf.names().remove(0);
    let (folder, last) = named.split_at(named.len() - 1);
    let other = if last == "0" { "1" } else { "0" };
    let orphan = format!("{folder}{other}");
    shelf.put(&orphan, b"left by a crash").unwrap();
    shelf
        .put("another-room/ab/cd", b"of somebody else")
        .unwrap();
    let odd = format!("{folder}{other}.txt");
    shelf.put(&odd, b"not ours").unwrap();
    assert_eq!(store.sweep_bucket(at(DAY)).unwrap(), 0);
    assert_eq!(store.sweep_bucket(at(DAY + 1)).unwrap(), 1);
    assert!(!shelf.names().contains(&orphan));
    assert_eq!(shelf.names().len(), 3);
    assert_eq!(file(&store, "a").unwrap(), Some(large("a")));
}

fn a_store_with_a_bucket_is_not_opened_without_it_or_with_another(house: &House) {
    let shelf = shelf();
    drop(house.store().with_bucket(Some(shelf.bucket())).unwrap());
    let other = Shelf::new("s3://bodies/two", 0);
    for named in [None, Some(other.bucket())] {
        let refused = house.open().with_bucket(named).unwrap_err();
        assert!(
            matches!(refused, OpenError::OtherBucket { .. }),
            "{refused}"
        );
        assert!(refused.for_person().contains("s3://bodies/one"));
    }
    assert!(house.open().with_bucket(Some(shelf.bucket())).is_ok());
}

fn two_that_start_at_once_take_the_same_room(house: &House) {
    let shelf = shelf();
    let store = house.store();
    let store = match house {
        House::Sqlite(_) => store.with_bucket(Some(shelf.bucket())).unwrap(),
        House::Postgres(_) => {
            let others: Vec<SealedStore> = (0..4).map(|_| house.open()).collect();
            let opening = others.into_iter().map(|other| {
                let bucket = Some(shelf.bucket());
                std::thread::spawn(move || other.with_bucket(bucket).unwrap())
            });
            let opening: Vec<_> = opening.collect();
            for (n, other) in opening.into_iter().enumerate() {
                let other = other.join().unwrap();
                other.commit(with_file(&n.to_string())).unwrap();
            }
            store.with_bucket(Some(shelf.bucket())).unwrap()
        }
    };
    store.commit(with_file("a")).unwrap();
    let rooms: std::collections::BTreeSet<String> = shelf
        .names()
        .iter()
        .map(|name| name.split('/').next().unwrap().to_owned())
        .collect();
    assert_eq!(rooms.len(), 1, "{rooms:?}");
}

fn an_erased_case_leaves_the_bucket_at_once_or_with_the_next_sweep(house: &House) {
    let shelf = shelf();
    let store = house.store().with_bucket(Some(shelf.bucket())).unwrap();
    for seed in ["a", "b", "c"] {
        let mut commit = with_file(seed);
        commit
            .blobs
            .push(blob(&format!("more-{seed}"), &large(seed)));
        store.commit(commit).unwrap();
    }
    let erase = |seed: &str| {
        let tombstone = Tombstone {
            reference: reference(seed),
            at: at(50),
            by: account("ada").id,
            asked_by: account("bob").id,
            reason: ErasureReason::Request,
        };
        store
            .erase(&slug("threatdex"), &case(seed), 1, &tombstone)
            .unwrap();
    };
    erase("a");
    assert_eq!(shelf.names().len(), 4);
    shelf.gone.store(true, SeqCst);
    let before = shelf.asked.load(SeqCst);
    erase("b");
    assert_eq!(shelf.asked.load(SeqCst) - before, 1, "nobody waits twice");
    shelf.gone.store(false, SeqCst);
    assert!(matches!(file(&store, "b"), Err(StoreError::Erased)));
    assert_eq!(shelf.names().len(), 4);
    assert_eq!(store.sweep_bucket(at(2 * DAY)).unwrap(), 2);
    assert_eq!(file(&store, "c").unwrap(), Some(large("c")));
    assert!(verify_log(&store).unwrap().holds());
}

#[test]
fn files_from_before_the_bucket_are_still_read() {
    let (house, shelf) = (House::sqlite(), shelf());
    house.store().commit(with_file("before")).unwrap();
    let store = house.open().with_bucket(Some(shelf.bucket())).unwrap();
    store.commit(with_file("after")).unwrap();
    assert_eq!(shelf.names().len(), 1);
    for seed in ["before", "after"] {
        assert_eq!(file(&store, seed).unwrap(), Some(large(seed)), "{seed}");
    }
}

fn written(from: &Origin) -> (Summary, Vec<u8>) {
    write_copy(from, &key(), at(7), Vec::new(), &mut |_, _| {}).unwrap()
}

/// Digests of all tables but those that a restore changes.
fn tables(summary: &Summary) -> Vec<candor_store::TableSum> {
    let kept = |t: &&candor_store::TableSum| !["session", "setting"].contains(&t.name.as_str());
    summary.tables.iter().filter(kept).cloned().collect()
}

#[test]
fn a_copy_holds_the_bodies_and_goes_to_any_kind_of_place() {
    let (house, shelf) = (House::sqlite(), shelf());
    let store = house.store().with_bucket(Some(shelf.bucket())).unwrap();
    for seed in ["a", "b"] {
        store.commit(with_file(seed)).unwrap();
    }
    drop(store);
    let from = Origin::folder(&house.folder().unwrap());
    let refused = write_copy(&from, &key(), at(7), Vec::new(), &mut |_, _| {});
    assert!(matches!(
        refused,
        Err(CopyError::Open(OpenError::OtherBucket { .. }))
    ));
    let from = from.with_bucket(Some(shelf.bucket()));
    let (made, bytes) = written(&from);
    assert!(made.is_sound() && bytes.len() > 2 * large("a").len());

    let dir = tempfile::tempdir().unwrap();
    let mut places = vec![
        Destination::folder(&dir.path().join("files")),
        Destination::folder(&dir.path().join("bucket")).with_bucket(Some(shelf.bucket())),
    ];
    let cluster = candor_cluster::Cluster::start();
    for name in ["rows", "objects"] {
        let Some(cluster) = &cluster else {
            continue;
        };
        let url = DatabaseUrl::parse(&cluster.database(name)).unwrap();
        let bucket = (name == "objects").then(|| shelf.bucket());
        places.push(Destination::database(&url).with_bucket(bucket));
    }
    let mut objects = 2;
    for (n, to) in places.iter().enumerate() {
        let restored = restore_copy(bytes.as_slice(), &key(), to, at(9), &mut |_, _| {}).unwrap();
        assert_eq!(restored.tables, made.tables, "{n}");
        objects += if n % 2 == 1 { 2 } else { 0 };
        assert_eq!(shelf.names().len(), objects, "{n}");
        let store = to.open(&key()).unwrap();
        assert_eq!(file(&store, "b").unwrap(), Some(large("b")), "{n}");
        assert!(verify_log(&store).unwrap().holds());
        // Its room is its own: what it sweeps is named by no other.
        assert_eq!(store.sweep_bucket(at(3 * DAY)).unwrap(), 0, "{n}");
        drop(store);
        let (again, _) = written(to.origin());
        assert_eq!(tables(&again), tables(&made), "{n}");
        // And on from there, into files.
        let back = Destination::folder(&dir.path().join(format!("back-{n}")));
        let moved = move_all(to.origin(), &key(), &back, at(9), &mut |_, _| {}).unwrap();
        assert_eq!(tables(&moved), tables(&made), "{n}");
        assert!(verify_log(&back.open(&key()).unwrap()).unwrap().holds());
    }
    let store = house.open().with_bucket(Some(shelf.bucket())).unwrap();
    assert!(verify_log(&store).unwrap().holds());
}

#[test]
fn a_refused_backup_leaves_no_object_and_a_cut_move_goes_on_in_its_room() {
    let (house, shelf) = (House::sqlite(), shelf());
    let store = house.store();
    for n in 0..30 {
        store.commit(with_file(&n.to_string())).unwrap();
    }
    drop(store);
    let from = Origin::folder(&house.folder().unwrap());
    let (made, mut bytes) = written(&from);
    let last = bytes.len() - 40;
    bytes[last] ^= 1;
    let dir = tempfile::tempdir().unwrap();
    let to = Destination::folder(&dir.path().join("new")).with_bucket(Some(shelf.bucket()));
    assert!(restore_copy(bytes.as_slice(), &key(), &to, at(9), &mut |_, _| {}).is_err());
    assert!(shelf.names().is_empty(), "{:?}", shelf.names());

    // The bucket is full in the middle of a move: what was done stays, the rest follows.
    shelf.most.store(10, SeqCst);
    let cut = move_all(&from, &key(), &to, at(9), &mut |_, _| {});
    assert!(matches!(cut, Err(CopyError::Io(_))), "{cut:?}");
    assert_eq!(shelf.names().len(), 10);
    let without = Destination::folder(&dir.path().join("new"));
    let other = move_all(&from, &key(), &without, at(9), &mut |_, _| {});
    assert!(
        matches!(other, Err(CopyError::OtherUnfinished)),
        "{other:?}"
    );
    shelf.most.store(usize::MAX, SeqCst);
    move_all(&from, &key(), &to, at(9), &mut |_, _| {}).unwrap();
    assert_eq!(shelf.names().len(), 40);
    let store = to.open(&key()).unwrap();
    assert!(verify_log(&store).unwrap().holds());
    store.sweep_bucket(at(3 * DAY)).unwrap();
    assert_eq!(shelf.names().len(), 30, "what the cut left was swept");
    drop(store);
    assert_eq!(tables(&written(to.origin()).0), tables(&made));
}
