//! Letters become files, or go to a mail server that answers as it likes.
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
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::thread::JoinHandle;

use candor_base::Sensitive;
use candor_case::MailKind;
use candor_mail::{EmlCourier, Security, Sender, SmtpCourier, SmtpSettings};
use candor_ports::{Courier as _, CourierError};
use common::letter;

fn sender() -> Sender {
    Sender::new("candor@project.test").unwrap()
}

/// Speaks just enough SMTP for one mail; gives back all lines it was sent.
struct Server {
    port: u16,
    heard: JoinHandle<Vec<String>>,
}

fn server(rcpt_answer: &'static str, data_answer: &'static str) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        talk(&stream, rcpt_answer, data_answer)
    });
    Server { port, heard }
}

fn talk(stream: &TcpStream, rcpt_answer: &str, data_answer: &str) -> Vec<String> {
    let mut heard = Vec::new();
    let say = |line: &str| {
        let mut writer = stream;
        writer.write_all(format!("{line}\r\n").as_bytes()).unwrap();
    };
    say("220 ready");
    let mut in_data = false;
    for line in BufReader::new(stream).lines() {
        let Ok(line) = line else { break };
        heard.push(line.clone());
        let verb = line.split([' ', ':']).next().unwrap().to_uppercase();
        match verb.as_str() {
            _ if in_data => {
                if line == "." {
                    in_data = false;
                    say(data_answer);
                }
            }
            "EHLO" => say("250 here"),
            "MAIL" | "RSET" => say("250 fine"),
            "RCPT" => say(rcpt_answer),
            "DATA" => {
                in_data = true;
                say("354 go on");
            }
            "QUIT" => {
                say("221 bye");
                break;
            }
            _ => say("500 what?"),
        }
    }
    heard
}

fn courier(port: u16, security: Security) -> SmtpCourier {
    let settings = SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: Some(port),
        security,
        sign_in: None,
        trusted: None,
        timeout_seconds: 5,
    };
    SmtpCourier::new(&settings, sender()).unwrap()
}

#[test]
fn a_letter_reaches_the_server_with_its_headers() {
    let server = server("250 yes", "250 taken");
    courier(server.port, Security::Plain)
        .deliver(&letter(MailKind::Receipt, true))
        .unwrap();
    let heard = server.heard.join().unwrap();
    for wanted in [
        "MAIL FROM:<>",
        "RCPT TO:<rita@reporter.test>",
        "From: \"ThreatDex security reports\" <candor@project.test>",
        "Subject: [TDX-7K3F-9QMA] Your report has arrived",
        "Auto-Submitted: auto-replied",
        "X-Candor-Loop: TDX-7K3F-9QMA",
        "Message-ID: <case1_3a4_3a0_3areporter@project.test>",
        "References: <thread-of-case1@project.test>",
        "Date: Sun, 22 Nov 2026 10:00:00 +0000",
    ] {
        assert!(
            heard.iter().any(|l| l.starts_with(wanted)),
            "{wanted} not in {heard:#?}"
        );
    }
}

#[test]
fn a_notice_to_the_team_can_bounce() {
    let server = server("250 yes", "250 taken");
    courier(server.port, Security::Plain)
        .deliver(&letter(MailKind::NewReport, false))
        .unwrap();
    let heard = server.heard.join().unwrap();
    assert!(
        heard
            .iter()
            .any(|l| l.starts_with("MAIL FROM:<candor@project.test>")),
        "{heard:#?}"
    );
    assert!(heard.iter().any(|l| l == "Auto-Submitted: auto-generated"));
}

#[test]
fn refusals_keep_their_code() {
    let cases = [
        (
            "550 no such person",
            "250 ok",
            CourierError::Permanent {
                code: "550".to_owned(),
            },
        ),
        (
            "451 later",
            "250 ok",
            CourierError::Transient {
                code: "451".to_owned(),
            },
        ),
        (
            "250 ok",
            "554 no",
            CourierError::Permanent {
                code: "554".to_owned(),
            },
        ),
        (
            "250 ok",
            "452 full",
            CourierError::Transient {
                code: "452".to_owned(),
            },
        ),
        (
            "530 sign in first",
            "250 ok",
            CourierError::Transient {
                code: "530".to_owned(),
            },
        ),
    ];
    for (rcpt, data, wanted) in cases {
        let server = server(rcpt, data);
        let got = courier(server.port, Security::Plain).deliver(&letter(MailKind::Receipt, true));
        assert_eq!(got, Err(wanted), "{rcpt} / {data}");
    }
}

#[test]
fn nobody_there_is_for_later() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let got = courier(port, Security::Plain).deliver(&letter(MailKind::Receipt, true));
    assert_eq!(
        got,
        Err(CourierError::Transient {
            code: "refused".to_owned()
        })
    );
    assert!(candor_mail::explain(&got.unwrap_err()).contains("host and port"));
}

#[test]
fn a_server_without_starttls_gets_nothing() {
    let server = server("250 yes", "250 taken");
    let got = courier(server.port, Security::StartTls).deliver(&letter(MailKind::Receipt, true));
    assert!(
        matches!(got, Err(CourierError::Transient { .. })),
        "{got:?}"
    );
    let heard = server.heard.join().unwrap();
    assert!(
        !heard
            .iter()
            .any(|l| l.starts_with("RCPT") || l.starts_with("MAIL")),
        "{heard:?}"
    );
}

#[test]
fn an_address_that_is_none_is_refused_for_good() {
    let mut odd = letter(MailKind::Receipt, true);
    odd.to = Sensitive::new("rita\r\nBcc: all@project.test".to_owned());
    let folder = tempfile::tempdir().unwrap();
    let got = EmlCourier::new(folder.path(), sender()).deliver(&odd);
    assert_eq!(
        got,
        Err(CourierError::Permanent {
            code: "address".to_owned()
        })
    );
}

#[test]
fn a_letter_becomes_one_file_for_its_owner_only() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("mail");
    let courier = EmlCourier::new(&folder, sender());
    let mail = letter(MailKind::YouHaveAMessage, true);
    courier.deliver(&mail).unwrap();
    courier.deliver(&mail).unwrap();
    let files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|e| e.unwrap())
        .collect();
    assert_eq!(files.len(), 1);
    assert_eq!(
        files[0].file_name().to_str().unwrap(),
        "case1_3a4_3a0_3areporter.eml"
    );
    assert_eq!(
        files[0].metadata().unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(
        std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777,
        0o700
    );
    let text = std::fs::read_to_string(files[0].path()).unwrap();
    assert!(text.contains("Subject: [TDX-7K3F-9QMA] There is a message for you"));
    assert!(text.contains("To: rita@reporter.test"));
    assert!(courier.describe().starts_with("writes .eml files to "));
}

#[test]
fn a_folder_that_cannot_be_made_is_for_later() {
    let data = tempfile::tempdir().unwrap();
    std::fs::write(data.path().join("mail"), "a file").unwrap();
    let got = EmlCourier::new(data.path().join("mail"), sender())
        .deliver(&letter(MailKind::Receipt, true));
    assert_eq!(
        got,
        Err(CourierError::Transient {
            code: "file".to_owned()
        })
    );
}

/// One press ends the letters in every mail program that knows RFC 8058.
#[test]
fn a_letter_to_a_subscriber_names_the_way_out_in_its_head() {
    let folder = tempfile::tempdir().unwrap();
    let mut news = letter(MailKind::Receipt, false);
    let leave = "https://reports.project.test/p/threatdex/unsubscribe/x";
    news.body.kind = candor_ports::LetterKind::News {
        advisory: "TDX-2026-7K3F9QMA".to_owned(),
        title: "Overflow".to_owned(),
        leave: leave.to_owned(),
    };
    EmlCourier::new(folder.path(), sender())
        .deliver(&news)
        .unwrap();
    let file = std::fs::read_dir(folder.path()).unwrap().next().unwrap();
    let mail = std::fs::read_to_string(file.unwrap().path()).unwrap();
    let head = mail.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
    assert!(
        head.contains(&format!("List-Unsubscribe: <{leave}>")),
        "{head}"
    );
    assert!(head.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
}
