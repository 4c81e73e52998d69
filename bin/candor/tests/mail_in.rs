//! Mail handed over to the running program by LMTP.
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
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use common::{Place, Server, opens};

/// One talk with the server; gives the last line of each answer.
fn talk(socket: &Path, lines: &[&str]) -> Vec<String> {
    let mut line = UnixStream::connect(socket).unwrap();
    line.set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let mut answers = BufReader::new(line.try_clone().unwrap());
    let mut last = || loop {
        let mut text = String::new();
        answers.read_line(&mut text).unwrap();
        if text.as_bytes().get(3) != Some(&b'-') {
            return text.trim_end().to_owned();
        }
    };
    let mut out = vec![last()];
    for said in lines {
        line.write_all(said.as_bytes()).unwrap();
        line.write_all(b"\r\n").unwrap();
        out.push(last());
    }
    out
}

fn hand_over(socket: &Path, from: &str, to: &str, mail: &str) -> String {
    let (from, to) = (format!("MAIL FROM:<{from}>"), format!("RCPT TO:<{to}>"));
    let mail = format!("{mail}\r\n.");
    let said = talk(socket, &["LHLO test", &from, &to, "DATA", &mail]);
    said.last().unwrap().clone()
}

/// Letters that were written so far, by whom they are for.
fn letters(place: &Place, to: &str, least: usize) -> Vec<String> {
    let folder = place.data().join("mail");
    let wanted = format!("To: {to}");
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let files = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        let texts = files.filter_map(|f| std::fs::read_to_string(f.path()).ok());
        let mut found: Vec<String> = texts.filter(|t| t.contains(&wanted)).collect();
        found.sort();
        if found.len() >= least || Instant::now() > until {
            return found;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn header(letter: &str, name: &str) -> String {
    let unfolded = letter.replace("\r\n ", " ");
    let line = unfolded
        .lines()
        .find_map(|l| l.strip_prefix(&format!("{name}: ")));
    line.unwrap_or_else(|| panic!("no {name}: {letter}"))
        .trim()
        .to_owned()
}

fn serve(place: &Place) -> (Server, PathBuf) {
    let policy = place.policy();
    let socket = place.path("lmtp");
    place.write(
        "c.toml",
        format!(
            "mail_from = \"candor@lantern.test\"\n[mail_in]\nlisten = \"unix:{}\"\n\
             answers = \"answer@lantern.test\"\n",
            socket.display()
        ),
    );
    let server = place.serve(&[policy.to_str().unwrap(), "--config", "c.toml"]);
    (server, socket)
}

const MAIL: &str = "From: Kim <kim@reporter.org>\r\nSubject: Overflow\r\n\
    Message-ID: <1@reporter.org>\r\n\r\nThe parser overflows: canary-text.";

#[test]
fn a_mail_is_a_case_its_code_opens_it_and_an_answer_reaches_it() {
    let place = Place::new();
    let (server, socket) = serve(&place);
    let said = hand_over(&socket, "kim@reporter.org", "security@lantern.test", MAIL);
    assert!(said.starts_with("250 "), "{said}");
    let unknown = talk(
        &socket,
        &["LHLO test", "MAIL FROM:<>", "RCPT TO:<nobody@lantern.test>"],
    );
    assert!(unknown[3].starts_with("550 "), "{unknown:?}");
    let [receipt] = letters(&place, "kim@reporter.org", 1).try_into().unwrap();
    assert!(!receipt.contains("canary-text"));
    assert_eq!(header(&receipt, "Auto-Submitted"), "auto-replied");
    let code = receipt
        .lines()
        .map(str::trim)
        .find(|l| {
            l.len() > 26
                && l.contains('-')
                && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        })
        .unwrap_or_else(|| panic!("no code: {receipt}"));
    assert!(opens(&server.base, "lantern", code));
    let to = header(&receipt, "Reply-To");
    let answer = MAIL
        .replace("<1@", "<2@")
        .replace("canary-text", "canary-answer");
    let said = hand_over(&socket, "kim@reporter.org", &to, &answer);
    assert!(said.starts_with("250 "), "{said}");
    // Killed right after it said so, nothing is lost, and sent again it is the same case.
    server.kill();
    let (server, socket) = serve(&place);
    let said = hand_over(&socket, "kim@reporter.org", "security@lantern.test", MAIL);
    assert!(said.starts_with("250 "), "{said}");
    assert!(opens(&server.base, "lantern", code));
    let (ended, log) = server.terminate();
    assert_eq!(ended, 0, "{log}");
    for secret in ["canary-text", "canary-answer", "kim@reporter.org", code] {
        assert!(!log.contains(secret), "{secret} in the log");
    }
    let cases = place
        .run(&["verify-log", "--json", "--data", "data"])
        .must(0);
    let found: serde_json::Value = serde_json::from_str(cases.out.trim()).unwrap();
    assert_eq!(found["cases"], 1, "{found}");
}

#[test]
fn a_mail_that_is_too_large_is_refused_and_a_door_in_use_is_said() {
    let place = Place::new();
    let (_server, socket) = serve(&place);
    let said = talk(
        &socket,
        &["LHLO test", "MAIL FROM:<kim@reporter.org> SIZE=999999999"],
    );
    assert!(said[2].starts_with("552 "), "{said:?}");
    let other = Place::new();
    other.write(
        "c.toml",
        format!("[mail_in]\nlisten = \"unix:{}\"\n", socket.display()),
    );
    let policy = other.policy();
    other
        .run(&[
            "serve",
            policy.to_str().unwrap(),
            "--config",
            "c.toml",
            "--listen",
            "127.0.0.1:0",
        ])
        .must(3)
        .says("Mail cannot be taken at");
    other.write("c.toml", "[mail_in]\nlisten = \"0.0.0.0:24\"\n");
    other
        .run(&[
            "serve",
            policy.to_str().unwrap(),
            "--config",
            "c.toml",
            "--listen",
            "127.0.0.1:0",
        ])
        .must(2)
        .says("beyond this machine");
}

/// The armoured message of a PGP/MIME letter.
fn armored(letter: &str) -> String {
    let (begin, end) = ("-----BEGIN PGP MESSAGE-----", "-----END PGP MESSAGE-----");
    let (_, rest) = letter.split_once(begin).unwrap();
    let (inside, _) = rest.split_once(end).unwrap();
    format!("{begin}{inside}{end}\n")
}

/// S1-13: the letter is read by the real gpg, and nothing of it on its way.
#[test]
fn s1_13_a_letter_to_who_sent_a_key_along_is_opened_by_gpg_and_signed_by_the_program() {
    let Some(gpg) = candor_cluster::Gpg::start() else {
        return;
    };
    let kim = "kim@reporter.org";
    gpg.key(kim, "future-default", "never");
    let key = String::from_utf8(gpg.certificate(kim)).unwrap();
    let place = Place::new();
    let (server, socket) = serve(&place);
    let mail = format!(
        "From: Kim <{kim}>\r\nSubject: Overflow\r\nMessage-ID: <1@reporter.org>\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n\
         The parser overflows.\r\n--b\r\nContent-Type: application/pgp-keys\r\n\
         Content-Disposition: attachment; filename=kim.asc\r\n\r\n{}\r\n--b--",
        key.replace('\n', "\r\n")
    );
    let said = hand_over(&socket, kim, "security@lantern.test", &mail);
    assert!(said.starts_with("250 "), "{said}");
    let [letter] = letters(&place, kim, 1).try_into().unwrap();
    let kind = header(&letter, "Content-Type");
    assert!(kind.starts_with("multipart/encrypted;"), "{kind}");
    assert!(kind.contains("protocol=\"application/pgp-encrypted\""));
    assert!(header(&letter, "Subject").ends_with("] Encrypted message"));
    assert!(letter.contains("\r\nVersion: 1\r\n"), "{letter}");
    assert!(!letter.contains("arrived"), "{letter}");

    let ours = server.page("p/lantern/openpgp.asc").text;
    let ours_file = gpg.path("ours.asc");
    std::fs::write(&ours_file, ours).unwrap();
    gpg.must(&["--import", ours_file.to_str().unwrap()]);
    let (file, status) = (gpg.path("letter.asc"), gpg.path("status"));
    std::fs::write(&file, armored(&letter)).unwrap();
    let inner = gpg.must(&[
        "--status-file",
        status.to_str().unwrap(),
        "--decrypt",
        file.to_str().unwrap(),
    ]);
    let inner = String::from_utf8(inner).unwrap();
    assert!(header(&inner, "Subject").ends_with("Your report has arrived"));
    assert!(header(&inner, "Content-Type").contains("protected-headers=\"v1\""));
    assert!(inner.contains("receipt code"), "{inner}");
    let status = std::fs::read_to_string(status).unwrap();
    assert!(status.contains("GOODSIG"), "{status}");
}
