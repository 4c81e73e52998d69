//! Many connections, slow ones and silent ones: pages are served all the same.
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
use std::net::TcpStream;
use std::time::{Duration, Instant};

use common::{Place, Server};

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.base.strip_prefix("http://").unwrap()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_mins(1)))
        .unwrap();
    stream
}

/// Everything that comes until the other side ends the connection; a reset is an end.
fn rest(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let mut part = [0; 4096];
    loop {
        match stream.read(&mut part) {
            Ok(0) => break,
            Ok(n) => all.extend_from_slice(&part[..n]),
            Err(why) if why.kind() == std::io::ErrorKind::WouldBlock => {
                panic!("the connection was never ended")
            }
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&all).into_owned()
}

/// A plain request for the front page on a connection of its own.
fn front(server: &Server) -> String {
    let mut stream = connect(server);
    let asked = stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    // Turned away before it could ask: the answer is there all the same.
    let _ = asked;
    rest(&mut stream)
}

#[test]
fn silent_connections_make_room() {
    let place = Place::new();
    let policy = place.policy();
    let server = place.serve(&[policy.to_str().unwrap()]);
    let mut silent: Vec<TcpStream> = (0..600).map(|_| connect(&server)).collect();
    let began = Instant::now();
    for _ in 0..20 {
        let answer = front(&server);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    assert!(
        began.elapsed() < Duration::from_secs(9),
        "nobody waits for the silent ones to run out: {:?}",
        began.elapsed()
    );
    assert_eq!(rest(&mut silent[0]), "", "the oldest had to leave");
    let newest = silent.last_mut().unwrap();
    newest
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .unwrap();
    assert!(rest(newest).starts_with("HTTP/1.1 200"), "the newest stays");
    let (code, log) = server.terminate();
    assert_eq!(code, 0, "{log}");
}

#[test]
fn slow_heads_and_slow_bodies_are_cut_and_busy_places_are_said() {
    let place = Place::new();
    let policy = place.policy();
    place.write("c.toml", "[limits]\nconnections = 16\n");
    let server = place.serve(&[policy.to_str().unwrap(), "--config", "c.toml"]);

    // A head that never ends, however often a byte comes; and a line that asks no more.
    let mut dripping = connect(&server);
    dripping
        .write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        .unwrap();
    let mut kept = connect(&server);
    kept.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    let began = Instant::now();
    let mut drip = dripping.try_clone().unwrap();
    let dripper = std::thread::spawn(move || {
        while drip.write_all(b"a").is_ok() && began.elapsed() < Duration::from_mins(1) {
            std::thread::sleep(Duration::from_millis(500));
        }
    });
    let head = std::thread::spawn(move || (rest(&mut dripping), began.elapsed()));
    let answered = rest(&mut kept);
    assert!(answered.starts_with("HTTP/1.1 200"), "{answered}");
    assert!(began.elapsed() < Duration::from_secs(25));
    let (said, took) = head.join().unwrap();
    assert!(!said.contains("200 OK"), "{said}");
    assert!(took < Duration::from_secs(25), "{took:?}");
    dripper.join().unwrap();

    // Sixteen forms that stop arriving keep every place busy, but not for long.
    let began = Instant::now();
    let mut forms: Vec<TcpStream> = (0..16)
        .map(|_| {
            let mut stream = connect(&server);
            stream
                .write_all(
                    b"POST /desk/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 90\r\n\
                      Content-Type: application/x-www-form-urlencoded\r\n\r\nlogin=a",
                )
                .unwrap();
            stream
        })
        .collect();
    std::thread::sleep(Duration::from_millis(500));
    let answer = front(&server);
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    let first = rest(&mut forms[0]);
    assert!(
        !first.contains(" 200 ") && !first.contains(" 303 "),
        "{first}"
    );
    assert!(began.elapsed() < Duration::from_secs(45));
    for form in &mut forms {
        rest(form);
    }
    assert!(front(&server).starts_with("HTTP/1.1 200"));
}
