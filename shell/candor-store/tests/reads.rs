//! The read log, over both engines.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_base::AccountId;
use candor_ports::{CaseReader, ReadLog, Store};
use common::*;

with_every_engine! {
    a_case_knows_who_opened_it_to_the_hour,
    cases_are_counted_once_whoever_else_opened_them,
}

const ADA: AccountId = AccountId::from_bytes([1; 16]);
const BEN: AccountId = AccountId::from_bytes([2; 16]);

fn a_case_knows_who_opened_it_to_the_hour(house: &House) {
    let store = house.store();
    let program = slug("threatdex");
    store.commit(commit("a", 0)).unwrap();
    let id = case("a");
    for (who, seconds) in [(ADA, 7_300), (ADA, 7_400), (BEN, 7_200), (ADA, 10_900)] {
        store.note_read(&program, &id, &who, at(seconds)).unwrap();
    }
    let reader = |account, first, last, hours| CaseReader {
        account,
        first: at(first),
        last: at(last),
        hours,
    };
    assert_eq!(
        store.case_readers(&program, &id).unwrap(),
        [reader(BEN, 7_200, 7_200, 1), reader(ADA, 7_300, 10_900, 2)]
    );
    assert_eq!(store.case_readers(&slug("other"), &id).unwrap(), []);
    assert!(
        store
            .note_read(&program, &case("none"), &ADA, at(1))
            .is_err()
    );
}

fn cases_are_counted_once_whoever_else_opened_them(house: &House) {
    let store = house.store();
    let program = slug("threatdex");
    for name in ["a", "b", "c"] {
        store.commit(commit(name, 0)).unwrap();
        for hour in [1, 2, 3] {
            let then = at(hour * 3_600);
            store.note_read(&program, &case(name), &ADA, then).unwrap();
        }
    }
    store
        .note_read(&program, &case("a"), &BEN, at(3_600))
        .unwrap();
    assert_eq!(store.cases_read(&ADA, at(0)).unwrap(), 3);
    assert_eq!(store.cases_read(&ADA, at(3 * 3_600)).unwrap(), 0);
    assert_eq!(store.cases_read(&BEN, at(0)).unwrap(), 1);
}
