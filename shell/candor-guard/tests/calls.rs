//! The client against a tiny server on this machine.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread::JoinHandle;

use candor_guard::{Address, Client, FilePart, GuardError};

/// Answers one request with these bytes; gives back what it was sent.
fn server(answer: Vec<u8>) -> (Address, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/p/x", listener.local_addr().unwrap());
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut heard = Vec::new();
        let mut buffer = [0_u8; 4096];
        loop {
            let n = stream.read(&mut buffer).unwrap();
            heard.extend_from_slice(&buffer[..n]);
            let text = String::from_utf8_lossy(&heard).to_lowercase();
            let Some(end) = text.find("\r\n\r\n") else {
                continue;
            };
            let length = text
                .lines()
                .find_map(|l| {
                    l.strip_prefix("content-length: ")
                        .map(|v| v.trim().parse::<usize>().unwrap())
                })
                .unwrap_or(0);
            if n == 0 || heard.len() >= end + 4 + length {
                break;
            }
        }
        let _ = stream.write_all(&answer);
        String::from_utf8_lossy(&heard).into_owned()
    });
    (Address::parse(&address).unwrap(), heard)
}

fn plain(status: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

#[test]
fn a_form_is_fetched_and_a_report_is_sent() {
    let (address, heard) = server(plain("200 OK", "{}"));
    let answer = Client::new()
        .get(&address.join("report.json"), "application/json")
        .unwrap();
    assert_eq!((answer.status, answer.text.as_str()), (200, "{}"));
    let heard = heard.join().unwrap();
    assert!(
        heard.starts_with("GET /p/x/report.json HTTP/1.1"),
        "{heard}"
    );

    let (address, heard) = server(plain("422 No", "{\"errors\":[]}"));
    let fields = BTreeMap::from([("summary".to_owned(), "S".to_owned())]);
    let files = [FilePart {
        field: "files".to_owned(),
        name: "poc.txt".to_owned(),
        bytes: b"poc".to_vec(),
    }];
    let answer = Client::new().post(&address, &fields, &files).unwrap();
    assert_eq!(answer.status, 422);
    let heard = heard.join().unwrap();
    assert!(heard.contains("name=\"summary\"\r\n\r\nS\r\n"), "{heard}");
    assert!(heard.contains("filename=\"poc.txt\""), "{heard}");
}

#[test]
fn a_redirect_is_not_followed() {
    let (address, _heard) = server(b"HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec());
    let answer = Client::new().post(&address, &BTreeMap::new(), &[]).unwrap();
    assert_eq!(answer.status, 307);
}

#[test]
fn an_absent_server_and_an_endless_answer_are_said_plainly() {
    let gone = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Address::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap()
    };
    let why = Client::new().get(&gone, "*/*").unwrap_err();
    assert!(matches!(why, GuardError::Unreachable(_)), "{why:?}");
    assert!(why.to_string().contains("is the server running?"));

    let (address, _heard) = server(plain("200 OK", &"x".repeat(5 * 1024 * 1024)));
    assert_eq!(
        Client::new().get(&address, "*/*"),
        Err(GuardError::TooLarge)
    );
}
