//! A real mail server between the world and the running program: Exim takes mail by SMTP,
//! hands it over by LMTP, and carries Candor's letters.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::time::{Duration, Instant};

use candor_campaign::{Room, Staff, enter};
use candor_cluster::{Exim, SITE};
use common::{Place, Server};

fn serve(place: &Place, mx: &Exim) -> Server {
    let policy = place.policy();
    place.write(
        "c.toml",
        format!(
            "mail_from = \"candor@{SITE}\"\n\
             [smtp]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n\
             [mail_in]\nlisten = \"127.0.0.1:{}\"\nanswers = \"answer@{SITE}\"\n",
            mx.port(),
            mx.hands_over_at()
        ),
    );
    place.serve(&[policy.to_str().unwrap(), "--config", "c.toml"])
}

fn mail(from: &str, number: u32, text: &str) -> String {
    format!(
        "From: Kim <{from}>\r\nTo: security@{SITE}\r\nSubject: Overflow\r\n\
         Message-ID: <{number}@reporter.org>\r\n\r\n{text}"
    )
}

fn header(letter: &str, name: &str) -> String {
    let unfolded = letter.replace("\r\n", "\n").replace("\n ", " ");
    let start = format!("{name}: ");
    let line = unfolded.lines().find_map(|line| line.strip_prefix(&start));
    line.unwrap_or_else(|| panic!("no {name}: {letter}"))
        .trim()
        .to_owned()
}

/// The receipt code of a letter.
fn code(letter: &str) -> &str {
    let is_code = |line: &&str| {
        line.len() > 26
            && line.contains('-')
            && line.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let mut lines = letter.lines().map(str::trim);
    lines.find(is_code).unwrap_or_else(|| panic!("{letter}"))
}

/// Waits until a page says something.
fn until(mx: &Exim, page: impl Fn() -> String, words: &str) {
    let began = Instant::now();
    loop {
        let text = page();
        if text.contains(words) {
            return;
        }
        let late = began.elapsed() > Duration::from_mins(1);
        assert!(!late, "no “{words}”: {text}\n{}", mx.log());
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_mail_through_a_mail_server_is_a_case_and_what_its_reporter_answers_lands_in_it() {
    let Some(mx) = Exim::start() else { return };
    let place = Place::new();
    let server = serve(&place, &mx);
    let kim = "kim@reporter.org";
    let report = mail(kim, 1, "The parser overflows: canary-text.");
    mx.send(kim, &format!("security@{SITE}"), &report);
    let receipt = mx.mails(kim, 1).remove(0);
    assert_eq!(header(&receipt, "Auto-Submitted"), "auto-replied");
    assert!(!receipt.contains("canary-text"), "{receipt}");
    let room: Room = enter(&server.base, "lantern", code(&receipt))
        .unwrap()
        .expect("the code opens the room");
    let page = || room.page(&server.base).unwrap().text;
    assert!(page().contains("canary-text"), "{}", page());

    let answer = mail(kim, 2, "It breaks with zeros, too: canary-answer.");
    let stranger = answer.replace("canary-answer", "canary-forged");
    let to = header(&receipt, "Reply-To");
    // Whoever only saw the address, and writes from another one, gets nothing in.
    mx.send(
        "eve@elsewhere.org",
        &to,
        &stranger.replace(kim, "eve@elsewhere.org"),
    );
    mx.send(kim, &to, &answer);
    until(&mx, page, "canary-answer");
    assert!(!page().contains("canary-forged"));

    // An address that is not taken is refused to the mail server, which tells its sender.
    mx.send(kim, &format!("nobody@{SITE}"), &mail(kim, 3, "Hello"));
    let came = mx.mails(kim, 2);
    let bounce = came.iter().find(|m| m.contains("X-Failed-Recipients"));
    let bounce = bounce.unwrap_or_else(|| panic!("{came:?}"));
    assert!(bounce.contains(&format!("nobody@{SITE}")), "{bounce}");

    let (ended, log) = server.terminate();
    assert_eq!(ended, 0, "{log}");
    for secret in ["canary-", kim, code(&receipt)] {
        assert!(!log.contains(secret), "{secret} in the log");
    }
    let cases = place
        .run(&["verify-log", "--json", "--data", "data"])
        .must(0);
    let found: serde_json::Value = serde_json::from_str(cases.out.trim()).unwrap();
    assert_eq!(found["cases"], 1, "{found}");
}

/// M-7: the mail server says later that there is nobody of that name.
#[test]
fn a_receipt_that_comes_back_through_a_mail_server_shows_on_its_case() {
    let Some(mx) = Exim::start() else { return };
    let place = Place::new();
    let server = serve(&place, &mx);
    let mia = Staff::set_up(&server, "Mia", "mia@team.org");
    let gone = "gone@reporter.org";
    mx.send(
        gone,
        &format!("security@{SITE}"),
        &mail(gone, 1, "It overflows."),
    );
    let list = || mia.page(&server.base, "/desk/p/lantern").unwrap().text;
    until(&mx, list, "/desk/p/lantern/cases/");
    let all = list();
    let (_, rest) = all.split_once("/desk/p/lantern/cases/").unwrap();
    let reference: String = rest.chars().take_while(|c| !"\"?#/".contains(*c)).collect();
    let path = format!("/desk/p/lantern/cases/{reference}");
    let page = || mia.page(&server.base, &path).unwrap().text;
    until(&mx, page, "A mail about this case did not arrive.");
    // It was the reporter who was not reached; the team was.
    assert!(mx.mails("mia@team.org", 1)[0].contains(&reference));
}
