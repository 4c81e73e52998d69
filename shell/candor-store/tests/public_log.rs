//! The public log over both engines: every receipt and step gets a leaf with what it stands
//! for, the log grows only from where it is, and a change to it is found.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::convert::Infallible;

use candor_base::Digest;
use candor_ledger::{Checkpoint, Leaf, tree};
use candor_ports::{LogGrowth, LogKeeper, LogStore, Store, StoreError, Vault, WaitingLeaf};
use candor_store::{LogFolder, SealedStore, verify_log};
use common::*;

fn on_both(test: fn(&House)) {
    test(&House::sqlite());
    match House::postgres() {
        Some(house) => test(&house),
        None => eprintln!("skipped: there is no PostgreSQL on this machine"),
    }
}

/// The growth by these leaves from nothing, signed by the key of the store.
fn growth(store: &SealedStore, leaves: &[WaitingLeaf], slot: i64) -> LogGrowth {
    let hashes: Vec<Digest> = leaves
        .iter()
        .map(|l| Leaf::from_digest(l.leaf).hash())
        .collect();
    let none = &mut |_, _| -> Result<Digest, Infallible> { unreachable!() };
    let (gained, root) = tree::grow(0, &hashes, none).unwrap();
    let checkpoint = Checkpoint {
        origin: "site.test/log".parse().unwrap(),
        size: leaves.len() as u64,
        root,
    };
    LogGrowth {
        origin: "site.test/log".to_owned(),
        from: 0,
        size: checkpoint.size,
        slot,
        note: checkpoint
            .sign(&store.vault().derive("receipt-signing"))
            .unwrap(),
        gained: gained.iter().map(|g| (g.level, g.index, g.hash)).collect(),
        placed: (0..).zip(leaves).map(|(i, l)| (l.case, l.seq, i)).collect(),
    }
}

fn filled(store: &SealedStore) {
    for seed in ["a", "b"] {
        let mut c = commit(seed, 0);
        c.receipt = Some(receipt(seed));
        store.commit(c).unwrap();
        store.commit(commit(seed, 1)).unwrap();
    }
}

#[test]
fn every_receipt_and_every_step_waits_for_its_place() {
    on_both(|house| {
        let store = house.store();
        filled(&store);
        let waiting = store.waiting_leaves().unwrap();
        let of = |seed: &str| {
            let mut seqs: Vec<u64> = waiting
                .iter()
                .filter(|l| l.case == case(seed))
                .map(|l| l.seq)
                .collect();
            seqs.sort_unstable();
            seqs
        };
        assert_eq!(of("a"), [0, 1, 2]);
        assert_eq!(of("b"), [0, 1, 2]);
        let given = waiting
            .iter()
            .find(|l| l.case == case("a") && l.seq == 0)
            .unwrap();
        assert_eq!(given.leaf, receipt("a").leaf);
        assert!(verify_log(&store).unwrap().holds());
        // A commit that was refused leaves no leaf behind.
        let mut again = commit("c", 0);
        again.receipt = Some(receipt("a"));
        assert_eq!(store.commit(again), Err(StoreError::Exists));
        assert_eq!(store.waiting_leaves().unwrap().len(), 6);
    });
}

#[test]
fn the_log_grows_only_from_where_it_is_and_one_replica_works_on_it() {
    on_both(|house| {
        let store = house.store();
        filled(&store);
        assert!(store.lease_log(7, at(0), 60).unwrap());
        assert!(!store.lease_log(7, at(1), 60).unwrap(), "somebody is at it");
        assert!(
            store.lease_log(7, at(60), 60).unwrap(),
            "who had it is gone"
        );
        let waiting = store.waiting_leaves().unwrap();
        let growth = growth(&store, &waiting, 7);
        store.grow_log(growth.clone()).unwrap();
        assert_eq!(store.grow_log(growth.clone()), Err(StoreError::Conflict));
        assert!(
            !store.lease_log(7, at(1000), 60).unwrap(),
            "the interval is done"
        );
        assert!(store.lease_log(8, at(1000), 60).unwrap());
        let head = store.log_head().unwrap();
        assert_eq!((head.size, head.slot, head.published), (6, 7, 0));
        assert_eq!(head.note.as_deref(), Some(growth.note.as_str()));
        assert_eq!(head.published_note, None);
        store.log_published(6).unwrap();
        let head = store.log_head().unwrap();
        assert_eq!(
            (head.published, head.published_note),
            (6, Some(growth.note.clone()))
        );
        assert!(store.waiting_leaves().unwrap().is_empty());
        let place = waiting.iter().position(|l| l.leaf == receipt("b").leaf);
        let program = slug("threatdex");
        assert_eq!(
            store.receipt_place(&program, &case("b")).unwrap(),
            place.map(|p| p as u64)
        );
        assert_eq!(store.receipt_place(&program, &case("x")).unwrap(), None);
        assert_eq!(store.log_tile(0, 0).unwrap().unwrap().len(), 6);
        assert_eq!(store.log_tile(1, 0).unwrap(), None);
        assert!(verify_log(&store).unwrap().holds());
        let longer = format!("{}— witness AAAA\n", growth.note);
        assert!(store.cosign_log(6, &growth.note, &longer).unwrap());
        assert!(!store.cosign_log(6, &growth.note, &longer).unwrap());
    });
}

#[test]
fn what_does_not_follow_is_not_stored_at_all() {
    on_both(|house| {
        let store = house.store();
        filled(&store);
        let mut twice = growth(&store, &store.waiting_leaves().unwrap(), 1);
        twice.placed.push(twice.placed[0]);
        assert_eq!(store.grow_log(twice), Err(StoreError::Conflict));
        let mut gap = growth(&store, &store.waiting_leaves().unwrap(), 1);
        gap.gained.remove(2);
        assert_eq!(store.grow_log(gap), Err(StoreError::Conflict));
        assert_eq!(store.log_head().unwrap().size, 0);
        assert_eq!(store.waiting_leaves().unwrap().len(), 6);
    });
}

#[test]
fn a_folder_replaces_a_checkpoint_only_for_whoever_read_it() {
    let dir = tempfile::tempdir().unwrap();
    let folder = LogFolder::new(&dir.path().join("log"));
    assert_eq!(folder.checkpoint().unwrap(), None);
    folder.put_checkpoint(None, "one\n").unwrap();
    assert_eq!(
        folder.put_checkpoint(None, "two\n"),
        Err(StoreError::Conflict)
    );
    folder.put_checkpoint(Some("one\n"), "two\n").unwrap();
    assert_eq!(folder.checkpoint().unwrap().as_deref(), Some("two\n"));
    folder.put_tile("0/000.p/2", b"ab").unwrap();
    folder.put_tile("0/000.p/2", b"ab").unwrap();
    assert!(folder.put_tile("0/000.p/2", b"cd").is_err());
    assert_eq!(
        folder.tile("0/000.p/2").unwrap().as_deref(),
        Some(&b"ab"[..])
    );
    assert_eq!(folder.tile("0/001").unwrap(), None);
    for path in ["../checkpoint", "0/../../x", "checkpoint", "/etc/passwd"] {
        assert!(folder.tile(path).is_err(), "{path}");
        assert!(folder.put_tile(path, b"x").is_err(), "{path}");
    }
}
