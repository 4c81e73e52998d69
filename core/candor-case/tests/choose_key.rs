//! The key for letters to the reporter: theirs to name, and nobody else's.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_imports,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_base::RefusalCode;
use candor_case::*;
use common::*;

fn choose(key: Option<TextRef>) -> Command {
    Command::Aside(Aside::ChooseKey { key })
}

#[test]
fn s1_13_the_reporter_names_the_key_changes_it_and_takes_it_back() {
    let mut w = World::with_report(full_policy());
    assert_eq!(w.case().around.key, KeyChoice::AsFiled);
    for (key, then) in [
        (Some(text(1, 9)), KeyChoice::Named(text(1, 9))),
        (Some(text(2, 9)), KeyChoice::Named(text(2, 9))),
        (None, KeyChoice::TakenBack),
    ] {
        w.ok(Actor::Reporter, choose(key));
        assert_eq!(w.case().around.key, then);
        let again = w.try_do(Actor::Reporter, &choose(key)).unwrap_err();
        assert_eq!(again.code, RefusalCode::AlreadyDone);
    }
    assert_eq!(
        w.ok(Actor::Reporter, choose(Some(text(3, 9)))),
        ["key_chosen"]
    );
}

#[test]
fn nobody_else_names_it() {
    let mut w = World::with_report(full_policy());
    for actor in [ANN, Actor::System, Actor::Party(1)] {
        let refused = w.try_do(actor, &choose(Some(text(1, 9)))).unwrap_err();
        assert_eq!(refused.code, RefusalCode::NotAllowed, "{actor:?}");
    }
    assert_eq!(w.case().around.key, KeyChoice::AsFiled);
}
