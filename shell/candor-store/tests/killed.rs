//! Many at once, and killed at any moment: nothing acknowledged is lost.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use candor_cluster::Cluster;
use candor_ports::{Commit, Store, StoreError};
use candor_store::{SealedStore, verify_log};
use common::*;

with_every_engine!(many_threads_lose_nothing_and_conflict_only_over_one_case);

fn many_threads_lose_nothing_and_conflict_only_over_one_case(house: &House) {
    const THREADS: usize = 16;
    const EACH: u64 = 12;
    let store = house.store();
    store.commit(commit("shared", 0)).unwrap();
    let conflicts = AtomicU32::new(0);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (store, conflicts) = (&store, &conflicts);
            scope.spawn(move || {
                let own = format!("own-{thread}");
                for seq in 0..EACH {
                    store.commit(commit(&own, seq)).unwrap();
                    while let Err(e) = store.commit(commit("shared", seen(store))) {
                        assert_eq!(e, StoreError::Conflict);
                        conflicts.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let events = |seed: &str| {
        store
            .load(&slug("threatdex"), &case(seed))
            .unwrap()
            .unwrap()
            .len()
    };
    assert_eq!(
        events("shared"),
        1 + THREADS * usize::try_from(EACH).unwrap()
    );
    for thread in 0..THREADS {
        assert_eq!(
            events(&format!("own-{thread}")),
            usize::try_from(EACH).unwrap()
        );
    }
    assert!(
        conflicts.load(Ordering::Relaxed) > 0,
        "the test raced for nothing"
    );
    assert!(verify_log(&store).unwrap().holds());
}

fn seen(store: &dyn Store) -> u64 {
    let head = store
        .chain_head(&slug("threatdex"), &case("shared"))
        .unwrap();
    head.unwrap().0
}

/// Set in the child: where the data lies, and a number that no other round has.
const CHILD: &str = "CANDOR_TEST_KILLED_CHILD";
const NAME: &str = "child";

/// The data directory, or the address of a database.
fn open_at(place: &str) -> SealedStore {
    if !place.starts_with("postgres:") {
        return open(Path::new(place));
    }
    let store = connect(place);
    put_program(&store, "threatdex");
    store
}

/// What a submission commits; every eighth has a body in a file.
fn submission(seed: &str, number: u32) -> Commit {
    let mut c = commit(seed, 0);
    let size = if number.is_multiple_of(8) {
        80_000
    } else {
        500
    };
    c.blobs = vec![blob(seed, &vec![7; size])];
    c.receipt = Some(receipt(seed));
    c
}

/// Submits from four threads for ever, naming each submission once it is committed.
fn submit_until_killed(task: &str) {
    let (round, place) = task.split_once(' ').unwrap();
    let store = open_at(place);
    let ends = Instant::now() + Duration::from_secs(20);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let store = &store;
            scope.spawn(move || {
                for number in 0.. {
                    let seed = format!("{round}-{thread}-{number}");
                    store.commit(submission(&seed, number)).unwrap();
                    let line = format!("\nack {seed}\n");
                    let told = std::io::stdout().lock().write_all(line.as_bytes());
                    if told.is_err() || Instant::now() > ends {
                        std::process::exit(0);
                    }
                }
            });
        }
    });
}

/// Starts a child on the data, kills it at a random moment (while it starts, or after
/// its first acknowledgement, when it shall wait), and gives what it acknowledged.
fn killed_child(place: &str, round: u32, wait: bool) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture"])
        .env(CHILD, format!("{round} {place}"))
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let mut pipe = BufReader::new(child.stdout.take().unwrap());
    let (first, begun) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut acks = Vec::new();
        let mut line = String::new();
        while pipe.read_line(&mut line).unwrap() > 0 {
            // Without its end of line an acknowledgement was not given.
            let ack = line.strip_suffix('\n').and_then(|l| l.strip_prefix("ack "));
            if let Some(seed) = ack {
                acks.push(seed.to_owned());
                let _ = first.send(());
            }
            line.clear();
        }
        acks
    });
    if wait {
        begun.recv_timeout(Duration::from_secs(20)).unwrap();
        std::thread::sleep(random_millis(90));
    } else {
        std::thread::sleep(random_millis(30));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap()
}

fn random_millis(most: u64) -> Duration {
    let mut random = [0_u8; 2];
    getrandom::fill(&mut random).unwrap();
    Duration::from_micros(u64::from(u16::from_be_bytes(random)) * most * 1000 / 65536)
}

/// Not a test: what a child does.
#[test]
fn child() {
    if let Some(task) = std::env::var_os(CHILD) {
        submit_until_killed(task.to_str().unwrap());
    }
}

#[test]
fn a_killed_process_loses_nothing_it_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    loses_nothing(dir.path().to_str().unwrap());
}

#[test]
fn a_killed_process_loses_nothing_it_acknowledged_to_a_database() {
    if let Some(cluster) = Cluster::start() {
        loses_nothing(&cluster.url("postgres"));
    }
}

fn loses_nothing(place: &str) {
    let mut acknowledged = Vec::new();
    for round in 0..10 {
        let heard = killed_child(place, round, !round.is_multiple_of(5));
        all_are_there(&open_at(place), &heard);
        acknowledged.extend(heard);
    }
    // Nothing of an earlier round was lost to a later kill, and nothing is there by half.
    let store = open_at(place);
    all_are_there(&store, &acknowledged);
    let report = verify_log(&store).unwrap();
    assert!(report.holds(), "{:?}", report.breaks);
    assert_eq!(report.cases, report.events, "each case has its one event");
    let cases = store.all_cases().unwrap();
    assert!(cases.len() >= acknowledged.len());
    for (program, id) in &cases {
        assert!(store.receipt_note(program, id).unwrap().is_some());
    }
    assert_eq!(store.rows(&slug("threatdex")).unwrap().len(), cases.len());
    // Eight of the ten children were left alone until they had acknowledged something.
    assert!(acknowledged.len() >= 8);
}

#[test]
fn a_first_start_cut_off_at_any_moment_can_be_repeated() {
    for round in 0..12 {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let heard = killed_child(data.to_str().unwrap(), round, false);
        let store = open(&data);
        all_are_there(&store, &heard);
        assert!(verify_log(&store).unwrap().holds());
    }
}

fn all_are_there(store: &dyn Store, seeds: &[String]) {
    let program = slug("threatdex");
    for seed in seeds {
        let id = case(seed);
        let events = store.load(&program, &id).unwrap();
        assert!(events.is_some(), "{seed} is lost");
        let body = store.blob(&program, &id, &blob(seed, b"").id).unwrap();
        let whole = body.is_some_and(|b| b.iter().all(|b| *b == 7));
        assert!(whole, "the body of {seed} is lost");
        let found = store.receipt(&receipt(seed).code_hash).unwrap();
        let expected = Some((program.clone(), id));
        assert_eq!(found, expected, "the receipt of {seed} is lost");
    }
}
