//! The sign-in history, over both engines.
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
use candor_ports::{SignInAct, SignIns as _};
use common::House;

/// Seconds after a full hour.
fn at(seconds: i64) -> candor_base::Instant {
    common::at(seconds - 800)
}

fn the_history_counts_by_hour(house: &House) {
    let store = house.store();
    let ada = AccountId::from_bytes([7; 16]);
    let note = |account: Option<&AccountId>, act, seconds| {
        store.note_sign_in(account, act, at(seconds)).unwrap();
    };
    note(Some(&ada), SignInAct::Wrong, 10);
    note(Some(&ada), SignInAct::Wrong, 20);
    note(None, SignInAct::Wrong, 30);
    note(Some(&ada), SignInAct::SignedIn, 40);
    assert_eq!(store.wrong_sign_ins(at(50)).unwrap(), 3);
    assert_eq!(store.wrong_sign_ins(at(3_650)).unwrap(), 0, "another hour");
    note(Some(&ada), SignInAct::Wrong, 3_610);
    let lines = store.sign_ins(at(0), 10).unwrap();
    let seen: Vec<_> = lines
        .iter()
        .map(|l| (l.account, l.act, l.first, l.last, l.times))
        .collect();
    assert_eq!(
        seen,
        [
            (Some(ada), SignInAct::Wrong, at(3_610), at(3_610), 1),
            (Some(ada), SignInAct::SignedIn, at(40), at(40), 1),
            (None, SignInAct::Wrong, at(30), at(30), 1),
            (Some(ada), SignInAct::Wrong, at(10), at(20), 2),
        ]
    );
    assert_eq!(store.sign_ins(at(25), 2).unwrap().len(), 2, "the latest");
    for act in SignInAct::ALL {
        note(Some(&ada), act, 7_300);
    }
    assert_eq!(
        store.sign_ins(at(7_200), 50).unwrap().len(),
        SignInAct::ALL.len()
    );
    assert_eq!(store.sweep_sign_ins(at(41)).unwrap(), 3);
    let left = store.sign_ins(at(0), 50).unwrap().len();
    assert_eq!(left, SignInAct::ALL.len() + 1);
}

with_every_engine!(the_history_counts_by_hour);
