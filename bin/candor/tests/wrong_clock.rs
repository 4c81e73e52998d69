//! A real server whose clock is set wrong while it runs, with libfaketime.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use common::{Place, submit};

/// Where systems keep the library.
const PLACES: [&str; 4] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib64/faketime/libfaketimeMT.so.1",
    "/usr/lib/faketime/libfaketimeMT.so.1",
];

const DOUBT: &str = "The clock of this machine says";

/// What `candor doctor` says once it says this or no longer says it.
fn doctor(place: &Place, doubts: bool) -> common::Ended {
    let data = place.data();
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let told = place.run(&["doctor", "--data", data.to_str().unwrap()]);
        if told.out.contains(DOUBT) == doubts {
            return told;
        }
        assert!(Instant::now() < until, "{told:#?}");
        std::thread::sleep(Duration::from_millis(300));
    }
}

#[test]
fn a_clock_that_jumps_is_told_and_nothing_is_missed() {
    let Some(library) = PLACES.iter().map(PathBuf::from).find(|p| p.exists()) else {
        eprintln!("skipped: libfaketime is not on this machine");
        return;
    };
    let place = Place::new();
    let policy = place.policy();
    let time = place.write("time", "+0");
    let environment = [
        ("LD_PRELOAD", library.to_str().unwrap()),
        ("FAKETIME_TIMESTAMP_FILE", time.to_str().unwrap()),
        ("FAKETIME_NO_CACHE", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("DONT_FAKE_MONOTONIC", "1"),
    ];
    let server = place.serve_in(&[policy.to_str().unwrap()], &environment);
    let data = place.data();
    let data = data.to_str().unwrap();
    assert_eq!(submit(&server.base, "lantern", "first").unwrap().0, 201);
    doctor(&place, false);
    let list = || {
        place
            .run(&["case", "list", "--data", data, "--json"])
            .must(0)
            .out
    };
    let overdue = || {
        let rows: serde_json::Value = serde_json::from_str(&list()).unwrap();
        let rows = rows.as_array().unwrap().iter();
        rows.filter(|row| row["overdue"].as_u64() > Some(0)).count()
    };

    place.write("time", "+98d");
    doctor(&place, true).must(1).says("candor clock accept");
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(overdue(), 0);
    assert_eq!(submit(&server.base, "lantern", "second").unwrap().0, 201);

    place.write("time", "+0");
    doctor(&place, false);
    assert_eq!(overdue(), 0);

    place.write("time", "+98d");
    doctor(&place, true);
    let accept = ["clock", "accept", "--data", data];
    place.run(&accept).must(0).says("believes the clock");
    doctor(&place, false);
    let until = Instant::now() + Duration::from_secs(20);
    while overdue() < 2 {
        assert!(Instant::now() < until, "{}", list());
        std::thread::sleep(Duration::from_millis(300));
    }
    assert!(server.log().contains("in doubt"));
    drop(server);
    place.run(&["verify-log", "--data", data]).must(0);
}
