//! kill -9 in the middle of a stream of reports: every receipt that was handed
//! out opens its room after the next start, and every history holds.
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
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use common::{Place, opens, submit};

const ROUNDS: u64 = 4;
const SENDERS: usize = 6;

#[test]
fn every_receipt_handed_out_survives_a_kill() {
    let place = Place::new();
    let policy = place.policy();
    drop(place.serve(&[policy.to_str().unwrap()]));
    let mut handed_out: Vec<String> = Vec::new();
    for round in 0..ROUNDS {
        let server = place.serve(&[]);
        let stop = Arc::new(AtomicBool::new(false));
        let count = Arc::new(AtomicU64::new(0));
        let senders: Vec<_> = (0..SENDERS)
            .map(|sender| {
                let (base, stop, count) =
                    (server.base.clone(), Arc::clone(&stop), Arc::clone(&count));
                std::thread::spawn(move || stream(&base, round, sender, &stop, &count))
            })
            .collect();
        // In the middle of the stream, at another moment in each round.
        let until = Instant::now() + Duration::from_secs(50);
        while count.load(Ordering::SeqCst) < 8 + 3 * round && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(3 + 2 * round));
        }
        server.kill();
        stop.store(true, Ordering::SeqCst);
        for sender in senders {
            handed_out.extend(sender.join().unwrap());
        }
    }
    assert!(
        handed_out.len() >= 20,
        "only {} receipts: the stream was no stream",
        handed_out.len()
    );
    let server = place.serve(&[]);
    for code in &handed_out {
        assert!(opens(&server.base, "lantern", code), "a receipt is lost");
    }
    let data = place.data();
    let report = place
        .run(&["verify-log", "--data", data.to_str().unwrap(), "--json"])
        .must(0);
    let report: serde_json::Value = serde_json::from_str(&report.out).unwrap();
    assert!(report["cases"].as_u64().unwrap() >= handed_out.len() as u64);
}

/// Sends reports until the server is gone; gives the codes of those that were answered.
fn stream(
    base: &str,
    round: u64,
    sender: usize,
    stop: &AtomicBool,
    count: &AtomicU64,
) -> Vec<String> {
    let mut codes = Vec::new();
    for number in 0.. {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        match submit(
            base,
            "lantern",
            &format!("report {round}-{sender}-{number}"),
        ) {
            Some((201, receipt)) => {
                codes.push(receipt["code"].as_str().unwrap().to_owned());
                count.fetch_add(1, Ordering::SeqCst);
            }
            Some((status, body)) => panic!("answered {status}: {body}"),
            None => break,
        }
    }
    codes
}
