//! Accounts when several people act at the same moment.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::sync::Barrier;

use candor_ports::{Role, Store, StoreError};
use common::*;

with_every_engine! {
    settings_are_found_by_how_their_names_begin,
    of_many_first_accounts_one_is_made_and_the_code_is_spent_with_it,
    failures_at_once_all_count_and_a_pause_follows_from_their_number,
    changes_at_once_all_stay_and_counters_are_left_alone,
}

const AT_ONCE: usize = 8;

/// Calls `act` from several threads that start together.
fn together<T: Send>(act: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(AT_ONCE);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_ONCE)
            .map(|n| {
                let (start, act) = (&start, &act);
                scope.spawn(move || {
                    start.wait();
                    act(n)
                })
            })
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    })
}

/// And by nothing that only looks like it.
fn settings_are_found_by_how_their_names_begin(house: &House) {
    let store = house.store();
    for name in [
        "sub/a/2", "sub/a/1", "sub/ab/1", "sub%a/1", "subXa/1", "sub/a",
    ] {
        store.put_setting(name, Some(name)).unwrap();
    }
    let found = store.settings_under("sub/a/").unwrap();
    let both = |name: &str| (name.to_owned(), name.to_owned());
    assert_eq!(found, [both("sub/a/1"), both("sub/a/2")]);
    assert!(store.settings_under("sub/a/3").unwrap().is_empty());
}

fn of_many_first_accounts_one_is_made_and_the_code_is_spent_with_it(house: &House) {
    let store = house.store();
    store.put_setting("code", Some("x")).unwrap();
    let results = together(|n| store.add_first_account(account(&format!("a{n}")), "code"));
    assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 1);
    assert!(
        results
            .iter()
            .all(|r| matches!(r, Ok(()) | Err(StoreError::Exists)))
    );
    assert_eq!(store.accounts().unwrap().len(), 1);
    assert_eq!(store.setting("code").unwrap(), None);
    store.put_setting("code", Some("y")).unwrap();
    assert_eq!(
        store.add_first_account(account("late"), "code"),
        Err(StoreError::Exists)
    );
    assert_eq!(store.setting("code").unwrap().as_deref(), Some("y"));
}

fn failures_at_once_all_count_and_a_pause_follows_from_their_number(house: &House) {
    let store = house.store();
    let ada = account("ada");
    store.add_account(ada.clone()).unwrap();
    let pause = |count: u32| (count >= 8).then_some(60);
    for result in together(|_| store.note_failure(&ada.id, at(0), pause)) {
        result.unwrap();
    }
    let found = store.account(&ada.id).unwrap().unwrap();
    assert_eq!((found.failures, found.locked_until), (8, Some(at(60))));
    store.clear_failures(&ada.id).unwrap();
    assert_eq!(store.account(&ada.id).unwrap(), Some(ada));
    let stranger = account("nobody").id;
    assert!(store.note_failure(&stranger, at(0), pause).is_err());
    assert!(store.clear_failures(&stranger).is_err());
}

fn changes_at_once_all_stay_and_counters_are_left_alone(house: &House) {
    let store = house.store();
    let mut ada = account("ada");
    ada.roles.clear();
    store.add_account(ada.clone()).unwrap();
    store.note_failure(&ada.id, at(0), |_| None).unwrap();
    let results = together(|n| {
        store.change_account(&ada.id, &|a| {
            a.roles.push((slug(&format!("p{n}")), Role::Member));
            a.failures = 99;
            true
        })
    });
    assert!(results.iter().all(|r| *r == Ok(true)), "{results:?}");
    let found = store.account(&ada.id).unwrap().unwrap();
    assert_eq!(found.roles.len(), AT_ONCE);
    assert_eq!(found.failures, 1);
    assert_eq!(store.change_account(&ada.id, &|_| false), Ok(false));
    assert!(store.change_account(&account("x").id, &|_| true).is_err());
    store.add_account(account("bob")).unwrap();
    let taken = store.change_account(&ada.id, &|a| {
        "bob".clone_into(&mut a.login);
        true
    });
    assert_eq!(taken, Err(StoreError::Exists));
}
