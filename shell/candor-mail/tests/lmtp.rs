//! LMTP, line by line.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use std::cell::RefCell;
use std::io::BufReader;

use candor_mail::lmtp::{Address, LmtpLimits, Receiver, Taken, talk};
use proptest::prelude::*;

/// Sender, recipient, bytes.
type Mail = (Option<String>, String, Vec<u8>);

#[derive(Default)]
struct Kept {
    mails: RefCell<Vec<Mail>>,
    broken: bool,
}

impl Receiver for Kept {
    fn knows(&self, to: &str) -> Address {
        match to {
            "later@a.test" => Address::Later,
            to if to.ends_with("@a.test") => Address::Known,
            _ => Address::Unknown,
        }
    }

    fn take(&self, from: Option<&str>, to: &str, mail: &[u8]) -> Taken {
        if self.broken {
            return Taken::Later;
        }
        let mail = (from.map(str::to_owned), to.to_owned(), mail.to_vec());
        self.mails.borrow_mut().push(mail);
        Taken::Stored
    }
}

fn limits() -> LmtpLimits {
    LmtpLimits {
        bytes: 100,
        recipients: 2,
        mails: 3,
    }
}

/// The codes that were answered.
fn codes(kept: &Kept, input: &str) -> Vec<String> {
    let mut out = Vec::new();
    let ended = talk(
        BufReader::new(input.as_bytes()),
        &mut out,
        "here",
        limits(),
        kept,
    );
    let text = String::from_utf8(out).unwrap();
    let mut codes: Vec<String> = text
        .lines()
        .filter(|l| l.as_bytes()[3] == b' ')
        .map(|l| l.chars().take(3).collect())
        .collect();
    if ended.is_err() {
        codes.push("broken".to_owned());
    }
    codes
}

#[test]
fn a_mail_for_two_is_answered_for_each() {
    let kept = Kept::default();
    let said = "LHLO mx\r\nMAIL FROM:<kim@b.test> SIZE=20 BODY=8BITMIME\r\nRCPT TO:<one@a.test>\r\n\
                RCPT TO:<nobody@c.test>\r\nRCPT TO:<later@a.test>\r\nRCPT TO:<@x,@y:two@a.test>\r\n\
                RCPT TO:<three@a.test>\r\nDATA\r\nA: b\r\n\r\n..dot\r\n.x\r\n.\r\nQUIT\r\n";
    assert_eq!(
        codes(&kept, said),
        [
            "220", "250", "250", "250", "550", "451", "250", "452", "354", "250", "250", "221"
        ]
    );
    let mails = kept.mails.borrow();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1].1, "two@a.test");
    assert_eq!(mails[0].0.as_deref(), Some("kim@b.test"));
    assert_eq!(mails[0].2, b"A: b\r\n\r\n.dot\r\nx\r\n");
}

#[test]
fn what_is_out_of_order_or_too_large_is_refused_and_the_line_goes_on() {
    let kept = Kept::default();
    let large = "y".repeat(300);
    let said = format!(
        "MAIL FROM:<a@b>\r\nEHLO x\r\nLHLO x\r\nRCPT TO:<one@a.test>\r\nDATA\r\n\
         MAIL FROM:<a@b> SIZE=101\r\nMAIL FROM:<>\r\nMAIL FROM:<a@b>\r\nRCPT TO:<>\r\n\
         RCPT TO:<one@a.test>\r\nDATA\r\n{large}\r\n.\r\nNOOP\r\nRSET\r\nVRFY x\r\nBLA\r\n"
    );
    assert_eq!(
        codes(&kept, &said),
        [
            "220", "503", "500", "250", "503", "503", "552", "250", "503", "501", "250", "354",
            "552", "250", "250", "252", "500"
        ]
    );
    assert!(kept.mails.borrow().is_empty());
    let long = format!("{}\r\nQUIT\r\n", "x".repeat(10_000));
    assert_eq!(codes(&kept, &long), ["220", "500", "221"]);
}

#[test]
fn nothing_is_said_to_be_stored_that_is_not() {
    let broken = Kept {
        broken: true,
        ..Kept::default()
    };
    let mail = "LHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<one@a.test>\r\nDATA\r\nA: b\r\n";
    assert_eq!(
        codes(&broken, &format!("{mail}.\r\n")),
        ["220", "250", "250", "250", "354", "451"]
    );
    // The connection breaks before the dot: nothing came.
    let kept = Kept::default();
    assert_eq!(
        codes(&kept, mail),
        ["220", "250", "250", "250", "354", "broken"]
    );
    assert!(kept.mails.borrow().is_empty());
}

/// CVE-2023-51764 and its kin: what the mail server takes for text must not be commands here.
#[test]
fn a_bare_line_feed_ends_nothing() {
    for smuggled in ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r\n"] {
        let kept = Kept::default();
        let said = format!(
            "LHLO x\r\nMAIL FROM:<eve@b>\r\nRCPT TO:<one@a.test>\r\nDATA\r\nA: b{smuggled}\
             MAIL FROM:<kim@b>\r\n.\r\nQUIT\r\n"
        );
        assert_eq!(
            codes(&kept, &said),
            ["220", "250", "250", "250", "354", "250", "221"],
            "{smuggled:?}"
        );
        let mails = kept.mails.borrow();
        assert_eq!(mails.len(), 1);
        assert!(
            mails[0].2.ends_with(b"MAIL FROM:<kim@b>\r\n"),
            "{smuggled:?}"
        );
    }
}

#[test]
fn a_connection_ends_after_so_many_mails_or_mistakes() {
    let kept = Kept::default();
    let mail = "MAIL FROM:<a@b>\r\nRCPT TO:<one@a.test>\r\nDATA\r\nA: b\r\n.\r\n";
    let got = codes(&kept, &format!("LHLO x\r\n{}", mail.repeat(5)));
    assert_eq!(got.last().unwrap(), "421");
    assert_eq!(kept.mails.borrow().len(), 3);
    let got = codes(&kept, &"?\r\n".repeat(50));
    assert_eq!((got.len(), got.last().unwrap().as_str()), (22, "421"));
}

proptest! {
    #[test]
    fn anything_may_be_said(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let mut out = Vec::new();
        let _ = talk(BufReader::new(bytes.as_slice()), &mut out, "here", limits(), &Kept::default());
        prop_assert!(out.starts_with(b"220 "));
    }
}
