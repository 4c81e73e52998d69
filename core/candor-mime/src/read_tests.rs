//! How mails of every kind are read; these tests see what is private to `read`.

use super::*;

fn mail(text: &str) -> Incoming {
    read(text.replace('\n', "\r\n").as_bytes(), &Limits::default()).unwrap()
}

#[test]
fn a_plain_mail_is_read() {
    let got = mail(
        "Return-Path: <kim@a.test>\n\
         Received: from mx.a.test by mx.b.test; Mon, 23 Nov 2026 10:00:00 +0000\n\
         Authentication-Results: mx.b.test; dkim=pass header.d=a.test\n\
         From: \"Kim =?utf-8?q?S=C3=B8rensen?=\" <kim@a.test>\n\
         To: security@b.test\n\
         Subject: =?utf-8?q?A_hole=E2=80=AE?=\n\
         Date: Mon, 23 Nov 2026 10:59:00 +0100\n\
         Message-ID: <1@a.test>\n\
         In-Reply-To: <0@b.test>\n\
         References: <root@b.test> <0@b.test>\n\n\
         Hello\n  there\n",
    );
    assert_eq!(got.sender().unwrap().address, "kim@a.test");
    assert_eq!(got.subject.reveal(), "A hole");
    assert_eq!(got.message_id.as_deref(), Some("1@a.test"));
    assert_eq!(got.follows, ["0@b.test", "root@b.test"]);
    assert_eq!(got.received, Some("2026-11-23T10:00:00Z".parse().unwrap()));
    assert_eq!(got.date, Some("2026-11-23T09:59:00Z".parse().unwrap()));
    assert_eq!(got.return_path, ReturnPath::To("kim@a.test".to_owned()));
    assert_eq!(got.text.reveal(), "Hello\n  there");
    assert!(got.evidence[0].contains("dkim=pass"));
    assert!(!got.signs.is_any() && got.remarks.is_empty());
    assert_eq!(got.protection, Protection::None);
    let shown = format!("{got:?}");
    assert!(
        !shown.contains("kim@") && !shown.contains("Hello"),
        "{shown}"
    );
}

#[test]
fn signs_of_machines_are_seen() {
    let signs = |head: &str| mail(&format!("From: a@b.test\n{head}\n\nx")).signs;
    assert!(!signs("Auto-Submitted: no").is_any());
    assert!(signs("Auto-Submitted: auto-replied; owner-email=\"x\"").automatic);
    assert!(signs("List-Id: <x.test>").list);
    assert!(signs("Precedence: Junk").bulk);
    assert!(!signs("Precedence: first-class").is_any());
    assert!(signs("X-Candor-Loop: TDX-1").own);
    assert_eq!(
        mail("Return-Path: <>\nFrom: a@b\n\nx").return_path,
        ReturnPath::Nowhere
    );
}

#[test]
fn html_becomes_text_and_files_come_out() {
    let got = mail(
        "From: a@b.test\nFrom: c@d.test\nContent-Type: multipart/mixed; boundary=\"x\"\n\n\
         --x\nContent-Type: text/html\n\n<style>p{}</style><p>One &amp; two</p>\
         <script>evil()</script><img src=\"http://t.test/a.png\">\n\
         --x\nContent-Type: application/octet-stream; name=\"../a.bin\"\n\
         Content-Transfer-Encoding: base64\n\nAAEC\n\
         --x\nContent-Type: message/rfc822\n\nFrom: kim@e.test\nSubject: inner\n\nbody\n--x--\n",
    );
    assert_eq!(got.text.reveal().trim(), "One & two");
    assert_eq!(got.files[0].name, "a.bin");
    assert_eq!(got.files[0].bytes, [0, 1, 2]);
    assert_eq!(got.files[1].name, "message.eml");
    let inner = read(&got.mails.reveal()[0], &Limits::default()).unwrap();
    assert_eq!(inner.subject.reveal(), "inner");
    assert_eq!(got.remarks, [Remark::HeaderTwice]);
}

#[test]
fn files_beyond_the_limits_are_left_and_said() {
    let part = "--x\nContent-Type: application/zip\n\nPK\n";
    let text = format!(
        "From: a@b.test\nContent-Type: multipart/mixed; boundary=x\n\n{}--x--\n",
        part.repeat(30)
    );
    let got = mail(&text);
    assert_eq!(got.files.len(), Limits::default().files);
    assert!(got.remarks.contains(&Remark::FilesLeft));
}

#[test]
fn protection_is_told_by_form() {
    let kind = |head: &str, body: &str| mail(&format!("From: a@b\n{head}\n\n{body}")).protection;
    let encrypted =
        "Content-Type: multipart/encrypted; boundary=x; protocol=\"application/pgp-encrypted\"";
    assert_eq!(kind(encrypted, "--x--"), Protection::Encrypted);
    let inline = "-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----";
    assert_eq!(kind("X: y", inline), Protection::Encrypted);
    let signed = "Content-Type: multipart/signed; boundary=x";
    assert_eq!(kind(signed, "--x--"), Protection::Signed);
}

#[test]
fn a_report_on_delivery_names_the_letter() {
    let got = mail(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.test\nAuto-Submitted: auto-replied\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n\
         --x\n\nSorry.\n--x\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.test\n\nFinal-Recipient: rfc822; kim@a.test\nAction: failed\n\
         Status: 5.1.1\n\n--x\nContent-Type: text/rfc822-headers\n\n\
         Message-ID: <key@candor.test>\nSubject: x\n\n--x--\n",
    );
    let bounce = got.bounce.unwrap();
    assert_eq!(bounce.about.as_deref(), Some("key@candor.test"));
    assert!(bounce.is_final());
    assert_eq!(bounce.recipients[0].address, "kim@a.test");
}

#[test]
fn what_is_no_mail_says_so() {
    let why = |bytes: &[u8]| read(bytes, &Limits::default()).unwrap_err();
    assert_eq!(why(b""), Unreadable::NoMail);
    assert_eq!(why(b"\r\n\r\n"), Unreadable::NoMail);
    assert!(read(b"From kim Mon\nFrom: a@b\n\nx", &Limits::default()).is_ok());
}

#[test]
#[allow(
    clippy::disallowed_methods,
    reason = "this test measures how long reading takes"
)]
fn mails_made_to_cost_much_end_soon() {
    let mut costly = vec![
        "a:b\n".repeat(99_000),
        format!(
            "Content-Type: multipart/mixed; boundary=b\n\n{}",
            "--b\n\n".repeat(49_000)
        ),
        format!(
            "Content-Type: multipart/mixed; boundary=b\n\n{}",
            "--b".repeat(49_000)
        ),
        "Content-Type: message/rfc822\n\n".repeat(50),
        format!("Subject: {}\n\nx", "=?utf-8?q?".repeat(200_000)),
        format!("From: {}\n\nx", "<(\"".repeat(300_000)),
        format!("References: {}\n\nx", "<a@b> ".repeat(200_000)),
        format!("Content-Type: text/html\n\n{}", "<a<!--&#".repeat(300_000)),
        format!(
            "Content-Type: text/plain; {}\n\nx",
            "a*0*=x;".repeat(100_000)
        ),
    ];
    costly.push("\n".repeat(3_000_000));
    for (n, text) in costly.iter().enumerate() {
        let begun = std::time::Instant::now();
        let _ = read(text.as_bytes(), &Limits::default());
        let took = begun.elapsed();
        assert!(took.as_secs() < 20, "mail {n} took {took:?}");
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..600)) {
        let _ = read(&bytes, &Limits::default());
    }

    #[test]
    fn any_pieces_of_mail_are_read_or_refused(
        pieces in proptest::collection::vec(0_usize..16, 0..60)
    ) {
        const PIECES: [&str; 16] = [
            "Content-Type: multipart/mixed; boundary=b\n", "Content-Type: message/rfc822\n",
            "Content-Type: multipart/digest; boundary=\"c\"\n", "\n", "--b\n", "--b--\n", "--c\n",
            "Content-Transfer-Encoding: base64\n", "QUJD\n", "From: a@b.test\n", " folded\n",
            "Content-Type: message/delivery-status\n", "Final-Recipient: rfc822; a@b\n",
            "Content-Type: text/html; charset=utf-7\n", "<p>&lt;\u{0}\n", "Subject: =?x?q?=ZZ?=\n",
        ];
        let text: String = pieces.iter().filter_map(|n| PIECES.get(*n).copied()).collect();
        if let Ok(got) = read(text.as_bytes(), &Limits::default()) {
            let hidden = |t: &str| t.chars().any(|c| c.is_control() && c != '\n' && c != '\t');
            proptest::prop_assert!(!hidden(got.text.reveal()) && !hidden(got.subject.reveal()));
        }
    }
}
