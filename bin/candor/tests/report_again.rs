//! A report from the terminal whose answer is lost on the way: it is sent again and is one
//! case, and what nobody answered is kept with all that makes it the same report.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use common::Place;

/// Stands before a server: forwards what is asked, and keeps the answers to the first posts.
fn keeping_answers(to: &str, keep: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let here = format!("http://{}", listener.local_addr().unwrap());
    let to = to.strip_prefix("http://").unwrap().to_owned();
    let posts = Arc::new(AtomicUsize::new(0));
    std::thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            between(client, TcpStream::connect(&to).unwrap(), &posts, keep);
        }
    });
    here
}

fn between(client: TcpStream, server: TcpStream, posts: &Arc<AtomicUsize>, keep: usize) {
    let lost = Arc::new(AtomicBool::new(false));
    let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let (posts, told) = (Arc::clone(posts), Arc::clone(&lost));
    std::thread::spawn(move || {
        let mut part = [0; 8192];
        while let Ok(n @ 1..) = from.read(&mut part) {
            if part.starts_with(b"POST") && posts.fetch_add(1, Ordering::SeqCst) < keep {
                told.store(true, Ordering::SeqCst);
            }
            to.write_all(&part[..n]).unwrap();
        }
    });
    let (mut client, mut server) = (client, server);
    std::thread::spawn(move || {
        let mut part = [0; 8192];
        while let Ok(n @ 1..) = server.read(&mut part) {
            // The server has answered, and so has stored it.
            if lost.load(Ordering::SeqCst) || client.write_all(&part[..n]).is_err() {
                break;
            }
        }
        let _ = client.shutdown(Shutdown::Both);
        let _ = server.shutdown(Shutdown::Both);
    });
}

fn cases(place: &Place) -> usize {
    let data = place.data();
    let listed = place
        .run(&["case", "list", "--json", "--data", data.to_str().unwrap()])
        .must(0);
    let found: serde_json::Value = serde_json::from_str(&listed.out).unwrap();
    found.as_array().unwrap().len()
}

#[test]
fn an_answer_that_was_lost_makes_no_second_case() {
    let place = Place::new();
    let policy = place.policy();
    let server = place.serve(&[policy.to_str().unwrap()]);
    let url = format!("{}/p/lantern", keeping_answers(&server.base, 1));
    let fields = [
        "--field",
        "summary=heap",
        "--field",
        "description=It \"breaks\".\nTwice.",
    ];
    let sent = place.run(&[&["report", &url, "--receipt", "r.txt"], &fields[..]].concat());
    let sent = sent
        .must(0)
        .says("Sending the very same report again in 1 s.");
    assert!(!sent.err.contains("?."), "{}", sent.err);
    assert_eq!(cases(&place), 1);
    assert!(!place.path("candor-report-unsent.toml").exists());

    // Nobody answers at all: what was given is kept, and is the same report later.
    let url = format!("{}/p/lantern", keeping_answers(&server.base, 4));
    let lost = place
        .run(&[&["report", &url], &fields[..]].concat())
        .must(3)
        .says("It is not known whether the report was stored.")
        .says("--from candor-report-unsent.toml");
    assert!(!lost.err.contains("heap"), "{}", lost.err);
    let kept = place.path("candor-report-unsent.toml");
    let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&kept).unwrap());
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(cases(&place), 2);
    let url = server.program("lantern");
    let from = ["report", &url, "--from", "candor-report-unsent.toml"];
    let again = place.run(&[&from[..], &["--receipt", "again.txt"]].concat());
    again.must(0);
    assert_eq!(cases(&place), 2);
}
