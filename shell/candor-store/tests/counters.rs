//! What is remembered for a short while, over both engines, by two handles at once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::sync::Arc;

use candor_base::Digest;
use candor_ports::{Change, Counters as _, Entry};
use candor_store::SealedStore;
use common::*;

fn one_more() -> Change {
    Arc::new(|found: &[Option<String>]| {
        let before = found.iter().flatten().next();
        let number: u32 = before.map_or(0, |text| text.parse().unwrap());
        Entry::Put((number + 1).to_string(), at(100))
    })
}

fn read(store: &SealedStore, key: &Digest, seconds: i64) -> Option<String> {
    store.counted(key, at(seconds)).unwrap()
}

fn suite(house: &House) {
    let store = house.store();
    let (old, new) = (digest("yesterday"), digest("today"));
    store.count(&[old], at(0), one_more()).unwrap();
    store.count(&[new, old], at(1), one_more()).unwrap();
    assert_eq!(read(&store, &new, 2).as_deref(), Some("2"), "goes on");
    assert_eq!(read(&store, &new, 100), None, "it has ended");
    let keep: Change = Arc::new(|_| Entry::Keep);
    store.count(&[new], at(2), keep).unwrap();
    assert_eq!(read(&store, &new, 2).as_deref(), Some("2"));
    let remove: Change = Arc::new(|_| Entry::Remove);
    store.count(&[new, old], at(2), remove).unwrap();
    assert_eq!((read(&store, &new, 2), read(&store, &old, 2)), (None, None));

    for n in 0..20 {
        let put: Change = Arc::new(move |_| Entry::Put("x".to_owned(), at(10 + n)));
        let key = digest(&format!("key {n}"));
        store.count(&[key], at(2), put).unwrap();
    }
    assert_eq!(store.sweep_counters(at(14), 100).unwrap(), 5, "ended by 14");
    assert_eq!(store.sweep_counters(at(14), 4).unwrap(), 11, "too many");
    assert!(read(&store, &digest("key 15"), 14).is_none());
    assert!(
        read(&store, &digest("key 16"), 14).is_some(),
        "the last to end stay"
    );
}

#[test]
fn entries_end_and_their_number_is_bounded() {
    suite(&House::sqlite());
    if let Some(house) = House::postgres() {
        suite(&house);
    }
}

#[test]
fn two_processes_count_together_and_lose_nothing() {
    let Some(house) = House::postgres() else {
        return;
    };
    let stores = [house.store(), house.open()];
    let key = digest("together");
    std::thread::scope(|scope| {
        for store in &stores {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..10 {
                        store.count(&[key], at(0), one_more()).unwrap();
                    }
                });
            }
        }
    });
    for store in &stores {
        assert_eq!(read(store, &key, 1).as_deref(), Some("80"));
    }
}
