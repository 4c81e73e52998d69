//! A GitHub for tests: answers one request after the other as it was told, and gives what was
//! asked.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::thread::JoinHandle;

/// Answers, and what was asked.
pub(crate) struct Mock {
    /// Its address.
    pub(crate) api: String,
    asked: JoinHandle<Vec<String>>,
}

/// An answer as bytes.
pub(crate) fn answer(status: u16, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}",
        body.len()
    )
}

impl Mock {
    pub(crate) fn new(answers: Vec<String>) -> Self {
        let door = TcpListener::bind("127.0.0.1:0").unwrap();
        let api = format!("http://{}", door.local_addr().unwrap());
        let asked = std::thread::spawn(move || {
            let mut asked = Vec::new();
            for answer in answers {
                let (mut stream, _) = door.accept().unwrap();
                let mut from = BufReader::new(stream.try_clone().unwrap());
                let mut head = String::new();
                while !head.ends_with("\r\n\r\n") {
                    assert_ne!(from.read_line(&mut head).unwrap(), 0, "{head}");
                }
                let head = head.to_lowercase();
                let length = head
                    .lines()
                    .find_map(|l| l.strip_prefix("content-length: "));
                let mut body = vec![0; length.map_or(0, |l| l.parse().unwrap())];
                from.read_exact(&mut body).unwrap();
                asked.push(head + &String::from_utf8(body).unwrap());
                stream.write_all(answer.as_bytes()).unwrap();
            }
            asked
        });
        Self { api, asked }
    }

    /// Heads in small letters, each with its body behind it.
    pub(crate) fn heard(self) -> Vec<String> {
        self.asked.join().unwrap()
    }
}
