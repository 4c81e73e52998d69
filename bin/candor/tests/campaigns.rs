//! The short forms of the campaigns; the long ones are `cargo xtask soak store-kill` and
//! its neighbours.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::path::Path;

use candor_campaign::{Engine, canaries, crash, faults, kill, replicas};
use common::PROGRAM;

const KILLS: kill::Plan = kill::Plan {
    kills: 5,
    senders: 16,
    longest: 250,
};

#[test]
fn sqlite_killed_under_sixteen_senders_loses_nothing() {
    let found = kill::run(Path::new(PROGRAM), Engine::Sqlite, KILLS).unwrap();
    assert!(found.accepted >= 16, "the stream was no stream: {found:?}");
}

#[test]
fn postgres_killed_under_sixteen_senders_loses_nothing() {
    if let Some(found) = kill::run(Path::new(PROGRAM), Engine::Postgres, KILLS) {
        assert!(found.accepted >= 16, "the stream was no stream: {found:?}");
    }
}

const CUTS: crash::Plan = crash::Plan {
    reports: 3,
    seeds: 1,
    each: 8,
    lying: false,
};

#[test]
fn a_power_cut_at_a_sync_loses_nothing_that_was_answered() {
    if let Some(found) = crash::run(Path::new(PROGRAM), CUTS) {
        assert_eq!(found.broken, Vec::<String>::new());
        assert!(found.cuts >= 15, "{found:?}");
    }
}

#[test]
fn a_disk_that_lies_about_its_syncs_is_found_out() {
    let lying = crash::Plan {
        lying: true,
        ..CUTS
    };
    if let Some(found) = crash::run(Path::new(PROGRAM), lying) {
        assert!(!found.broken.is_empty(), "the campaign sees no loss");
    }
}

#[test]
fn a_call_that_fails_is_said_or_does_no_harm() {
    let plan = faults::Plan {
        each: 6,
        cold: false,
        starts: false,
    };
    if let Some(found) = faults::run(Path::new(PROGRAM), plan) {
        assert!(found.refused >= 5, "{found:?}");
    }
}

#[test]
fn a_thief_of_a_data_folder_finds_no_planted_word() {
    let found = canaries::run(Path::new(PROGRAM), Engine::Sqlite, 11).unwrap();
    assert!(found.planted >= 150 && found.files >= 10, "{found:?}");
}

#[test]
fn a_thief_of_a_database_server_finds_no_planted_word() {
    if let Some(found) = canaries::run(Path::new(PROGRAM), Engine::Postgres, 6) {
        assert!(found.planted >= 80 && found.files >= 500, "{found:?}");
    }
}

#[test]
fn three_servers_killed_in_turn_lose_nothing_and_do_nothing_twice() {
    let plan = replicas::Plan {
        seconds: 8,
        senders: 4,
        pause: 1,
    };
    if let Some(found) = replicas::run(Path::new(PROGRAM), plan) {
        assert!(found.kills >= 2 && found.accepted >= 20, "{found:?}");
        assert!(found.warned > 0 && found.missed > 0, "{found:?}");
    }
}
