//! The running program asks a GitHub that stands on this machine.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use common::{Place, Server};
use serde_json::{Value, json};

const TOKEN: &str = "canary-token-of-github";

/// A small GitHub: its advisories, and what was asked of it.
#[derive(Default)]
struct Github {
    advisories: Mutex<Vec<Value>>,
    asked: Mutex<Vec<String>>,
}

impl Github {
    fn start() -> (Arc<Self>, String) {
        let door = TcpListener::bind("127.0.0.1:0").unwrap();
        let api = format!("http://{}", door.local_addr().unwrap());
        let github = Arc::new(Self::default());
        let own = Arc::clone(&github);
        std::thread::spawn(move || {
            for stream in door.incoming() {
                own.answer(stream.unwrap());
            }
        });
        (github, api)
    }

    fn answer(&self, mut stream: TcpStream) {
        let mut from = BufReader::new(stream.try_clone().unwrap());
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if from.read_line(&mut head).unwrap_or(0) == 0 {
                return;
            }
        }
        let small = head.to_lowercase();
        let length = small
            .lines()
            .find_map(|l| l.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |l| l.parse().unwrap())];
        from.read_exact(&mut body).unwrap();
        let first = head.lines().next().unwrap().to_owned();
        let known = small.contains(&format!("authorization: bearer {TOKEN}"));
        let (status, said) = if known {
            self.said(&first, &small)
        } else {
            (401, json!({"message": "Bad credentials"}).to_string())
        };
        self.asked.lock().unwrap().push(format!("{status} {first}"));
        let tag = self.tag();
        let _ = write!(
            stream,
            "HTTP/1.1 {status} X\r\nETag: {tag}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{said}",
            said.len()
        );
    }

    fn tag(&self) -> String {
        format!("\"{}\"", self.advisories.lock().unwrap().len())
    }

    fn said(&self, first: &str, head: &str) -> (u16, String) {
        if first.starts_with("GET /repos/acme/lantern/private-vulnerability-reporting ") {
            return (200, json!({"enabled": true}).to_string());
        }
        if first.starts_with("GET /repos/acme/lantern/security-advisories?") {
            if head.contains(&format!("if-none-match: {}", self.tag())) {
                return (304, String::new());
            }
            let all = self.advisories.lock().unwrap().clone();
            return (200, Value::from(all).to_string());
        }
        (404, json!({"message": "Not Found"}).to_string())
    }

    /// Waits until it was asked for the list this often.
    fn rounds(&self, least: usize) {
        let until = Instant::now() + Duration::from_secs(30);
        let lists = || {
            let asked = self.asked.lock().unwrap();
            asked.iter().filter(|a| a.contains("-advisories?")).count()
        };
        while lists() < least {
            assert!(Instant::now() < until, "it was not asked");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn serve(place: &Place, api: &str) -> Server {
    let policy = place.policy();
    place.write("token", format!("{TOKEN}\n"));
    place.write(
        "c.toml",
        format!(
            "[github]\napi = \"{api}\"\ntoken_file = \"token\"\n[github.repositories]\n\
             lantern = \"acme/lantern\"\n"
        ),
    );
    place.serve(&[policy.to_str().unwrap(), "--config", "c.toml"])
}

/// Waits until the server has so many cases.
fn cases(place: &Place, wanted: usize) {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let list = place.run(&["case", "list", "--json", "--data", "data"]);
        let found: Value = serde_json::from_str(list.must(0).out.trim()).unwrap();
        let n = found.as_array().or(found["cases"].as_array()).map(Vec::len);
        if n == Some(wanted) {
            return;
        }
        assert!(Instant::now() < until, "{found}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_report_on_github_is_a_case_once_also_after_a_kill() {
    let place = Place::new();
    let (github, api) = Github::start();
    github.advisories.lock().unwrap().push(json!({
        "ghsa_id": "GHSA-2f6x-8mqp-9c3v", "state": "triage", "summary": "canary-title",
        "description": "canary-text", "author": {"login": "canary-author"},
        "submission": {"accepted": false}, "created_at": "2026-11-20T08:00:00Z",
    }));
    let server = serve(&place, &api);
    github.rounds(1);
    cases(&place, 1);
    server.kill();
    let server = serve(&place, &api);
    github.rounds(2);
    cases(&place, 1);
    // What it knows of the repository can be read beside it.
    let doctor = place.run(&["doctor", "--json", "--data", "data", "--config", "c.toml"]);
    assert!(
        doctor.out.contains("private reporting is switched on"),
        "{}",
        doctor.out
    );
    let (ended, log) = server.terminate();
    assert_eq!(ended, 0, "{log}");
    for secret in [TOKEN, "canary-title", "canary-text", "canary-author"] {
        assert!(!log.contains(secret), "{secret} in the log");
        assert!(!doctor.out.contains(secret), "{secret}");
    }
    let asked = github.asked.lock().unwrap();
    assert!(asked.iter().all(|a| a.starts_with("200 GET ")), "{asked:?}");
}
