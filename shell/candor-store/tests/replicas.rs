//! Several processes on one database: each thing once, whoever does it.
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

use candor_cluster::Cluster;
use candor_ports::{OutboxOutcome, Store as _, StoreError};
use candor_store::{SealedStore, verify_log};
use common::*;

/// Two stores on one database, as two processes have them; `None` without PostgreSQL.
fn two() -> Option<(Cluster, [SealedStore; 2])> {
    let cluster = Cluster::start()?;
    let open = || connect(&cluster.url("postgres"));
    let stores = [open(), open()];
    put_program(&stores[0], "threatdex");
    Some((cluster, stores))
}

#[test]
fn of_acts_on_one_case_at_once_each_finds_the_one_before_it() {
    let Some((_cluster, stores)) = two() else {
        return;
    };
    let program = slug("threatdex");
    for seed in ["a", "b"] {
        stores[0].commit(commit(seed, 0)).unwrap();
    }
    // Each does twenty acts on either case, deciding anew when somebody else was first.
    let act = |store: &SealedStore, seed: &str| loop {
        let (seq, _) = store.chain_head(&program, &case(seed)).unwrap().unwrap();
        match store.commit(commit(seed, seq)) {
            Ok(()) => return,
            Err(StoreError::Conflict) => {}
            Err(other) => panic!("{other:?}"),
        }
    };
    std::thread::scope(|scope| {
        for store in &stores {
            for seed in ["a", "b"] {
                scope.spawn(move || (0..20).for_each(|_| act(store, seed)));
            }
        }
    });
    for seed in ["a", "b"] {
        let events = stores[1].load(&program, &case(seed)).unwrap().unwrap();
        assert_eq!(events.len(), 41);
        assert!(events.iter().zip(1..).all(|(event, n)| event.seq == n));
    }
    let report = verify_log(&stores[0]).unwrap();
    assert_eq!((report.cases, report.events, report.holds()), (2, 82, true));
}

#[test]
fn each_item_is_lent_to_one_of_them_at_a_time() {
    const ITEMS: usize = 60;
    let Some((_cluster, stores)) = two() else {
        return;
    };
    let mut first = commit("a", 0);
    first.outbox = (0..ITEMS).map(|n| item(&format!("k{n}"), at(0))).collect();
    stores[0].commit(first).unwrap();
    let work = |store: &SealedStore| {
        let mut done = Vec::new();
        loop {
            let leases = store.lease_outbox(at(1), 60, 7).unwrap();
            if leases.is_empty() {
                return done;
            }
            for lease in leases {
                let settled = store.settle_outbox(&lease.key, lease.fence, OutboxOutcome::Done);
                assert!(settled.unwrap());
                done.push(lease.key);
            }
        }
    };
    let all: Vec<Vec<String>> = std::thread::scope(|scope| {
        let both: Vec<_> = stores.iter().map(|s| scope.spawn(|| work(s))).collect();
        both.into_iter().map(|t| t.join().unwrap()).collect()
    });
    let mut times: BTreeMap<&str, u32> = BTreeMap::new();
    for key in all.iter().flatten() {
        *times.entry(key).or_default() += 1;
    }
    assert_eq!(times.len(), ITEMS);
    assert!(times.values().all(|n| *n == 1), "{times:?}");
}

#[test]
fn what_a_killed_one_had_borrowed_goes_to_the_other_when_the_lease_ends() {
    let Some((_cluster, [killed, alive])) = two() else {
        return;
    };
    let mut first = commit("a", 0);
    first.outbox = vec![item("letter", at(0))];
    killed.commit(first).unwrap();
    let lost = killed.lease_outbox(at(0), 60, 10).unwrap();
    assert_eq!(lost.len(), 1);
    assert_eq!(alive.lease_outbox(at(59), 60, 10).unwrap(), vec![]);
    let taken = alive.lease_outbox(at(60), 60, 10).unwrap();
    assert_eq!((taken.len(), taken[0].tries), (1, 1));
    // It was only slow, not dead: what it says now counts no more.
    let late = killed.settle_outbox("letter", lost[0].fence, OutboxOutcome::Done);
    assert!(!late.unwrap());
    drop(killed);
    let settled = alive.settle_outbox("letter", taken[0].fence, OutboxOutcome::Done);
    assert!(settled.unwrap());
}

#[test]
fn of_two_first_accounts_and_two_second_factors_one_counts() {
    let Some((_cluster, stores)) = two() else {
        return;
    };
    stores[0].put_setting("code", Some("x")).unwrap();
    let both = |act: &(dyn Fn(&SealedStore, usize) -> bool + Sync)| {
        std::thread::scope(|scope| {
            let both: Vec<_> = stores
                .iter()
                .zip(0..)
                .map(|(store, n)| scope.spawn(move || act(store, n)))
                .collect();
            let results = both.into_iter().map(|t| t.join().unwrap());
            results.filter(|won| *won).count()
        })
    };
    let first = |store: &SealedStore, n: usize| {
        let made = store.add_first_account(account(&format!("a{n}")), "code");
        made.is_ok()
    };
    assert_eq!(both(&first), 1);
    let all = stores[1].accounts().unwrap();
    assert_eq!(all.len(), 1);
    let id = all[0].id;
    let spend = |store: &SealedStore, _| store.use_totp_step(&id, 7).unwrap();
    assert_eq!(both(&spend), 1);
    let fail = |store: &SealedStore, _| store.note_failure(&id, at(0), |_| None).is_ok();
    assert_eq!(both(&fail), 2);
    assert_eq!(stores[0].account(&id).unwrap().unwrap().failures, 2);
}
