//! Whoever follows the changes has the rows, whoever wrote them, however they came about.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use candor_base::CaseId;
use candor_cluster::Cluster;
use candor_ports::{CaseRow, Changes as _, Store as _, StoreError};
use candor_store::SealedStore;
use common::*;

with_every_engine!(
    following_gives_the_rows,
    a_program_hears_nothing_of_another,
    an_early_start_finds_what_was_there,
);

/// Rows kept in step by asking for what changed.
#[derive(Default)]
struct Follower {
    mark: u64,
    rows: BTreeMap<CaseId, CaseRow>,
}

impl Follower {
    /// Asks until nothing is new; whether marks only grew.
    fn follow(&mut self, store: &SealedStore, limit: u32) {
        loop {
            let changes = store.changes(&slug("threatdex"), self.mark, limit).unwrap();
            let few = changes.len() < limit as usize;
            for change in changes {
                assert!(change.mark > self.mark, "marks only grow");
                self.mark = change.mark;
                match change.row {
                    Some(row) => self.rows.insert(change.case, row),
                    None => self.rows.remove(&change.case),
                };
            }
            if few {
                return;
            }
        }
    }
}

fn fresh(store: &SealedStore) -> BTreeMap<CaseId, CaseRow> {
    let rows = store.rows(&slug("threatdex")).unwrap();
    rows.into_iter().map(|row| (row.case, row)).collect()
}

/// A commit that makes a case or moves it on, with a title of its own.
fn write(store: &SealedStore, seed: &str, title: u32) {
    loop {
        let head = store.chain_head(&slug("threatdex"), &case(seed)).unwrap();
        let mut next = commit(seed, head.map_or(0, |(seq, _)| seq));
        next.row.title = format!("title {title}");
        match store.commit(next) {
            Ok(()) => return,
            Err(StoreError::Conflict) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
}

fn following_gives_the_rows(house: &House) {
    let store = house.store();
    let (mut one, mut many) = (Follower::default(), Follower::default());
    let mut dice = 7_u32;
    for turn in 0..120 {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let seed = format!("case {}", (dice >> 16) % 20);
        if (dice >> 8).is_multiple_of(5)
            && let Some((seq, _)) = store.chain_head(&slug("threatdex"), &case(&seed)).unwrap()
        {
            let rebuilt = row(&seed, &format!("rebuilt {turn}"));
            store
                .replace_row(&slug("threatdex"), rebuilt, seq, None)
                .unwrap();
        } else {
            write(&store, &seed, turn);
        }
        one.follow(&store, 1);
        assert_eq!(one.rows, fresh(&store));
        if turn % 17 == 0 {
            many.follow(&store, 3);
            assert_eq!(many.rows, fresh(&store));
        }
    }
    // A refused commit leaves no trace.
    let mark = one.mark;
    assert_eq!(
        store.commit(commit("case 1", 99)),
        Err(StoreError::Conflict)
    );
    one.follow(&store, 10);
    assert_eq!(one.mark, mark);
}

fn a_program_hears_nothing_of_another(house: &House) {
    let store = house.store();
    put_program(&store, "other");
    let mut elsewhere = commit("z", 0);
    elsewhere.program = slug("other");
    store.commit(elsewhere).unwrap();
    assert_eq!(store.changes(&slug("threatdex"), 0, 10).unwrap(), vec![]);
    let found = store.changes(&slug("other"), 0, 10).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].row.as_ref().unwrap().case, case("z"));
    assert_eq!(store.changes(&slug("nowhere"), 0, 10).unwrap(), vec![]);
}

fn an_early_start_finds_what_was_there(house: &House) {
    let store = house.store();
    for n in 0..9 {
        write(&store, &n.to_string(), n);
    }
    drop(store);
    let store = house.open();
    let mut follower = Follower::default();
    follower.follow(&store, 4);
    assert_eq!(follower.rows, fresh(&store));
    assert_eq!(follower.rows.len(), 9);
}

/// Two processes write at once, a third follows while they do: nothing is missed.
#[test]
fn of_two_replicas_that_write_at_once_a_third_misses_nothing() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let open = || connect(&cluster.url("postgres"));
    let stores = [open(), open()];
    put_program(&stores[0], "threatdex");
    let third = open();
    let over = AtomicBool::new(false);
    let mut follower = Follower::default();
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..6_u32)
            .map(|hand| {
                let store = &stores[hand as usize % 2];
                scope.spawn(move || {
                    for turn in 0..40 {
                        write(store, &format!("case {}", (hand + turn) % 9), turn);
                    }
                })
            })
            .collect();
        let looking = scope.spawn(|| {
            let mut follower = Follower::default();
            while !over.load(Ordering::Relaxed) {
                follower.follow(&third, 2);
            }
            follower
        });
        for writer in writers {
            writer.join().unwrap();
        }
        over.store(true, Ordering::Relaxed);
        follower = looking.join().unwrap();
    });
    follower.follow(&third, 100);
    assert_eq!(follower.rows, fresh(&stores[0]));
    assert_eq!(follower.rows.len(), 9);
}
