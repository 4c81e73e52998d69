//! Every mail for every reader, as it goes out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_base::Sensitive;
use candor_case::MailKind;
use candor_mail::words;
use candor_ports::{LetterKind, ReviewDay, Sealing, SignInAct};
use common::letter;

/// A kind in its stored form.
fn stored(json: &str) -> MailKind {
    serde_json::from_str(json).unwrap()
}

fn kinds() -> Vec<(&'static str, MailKind)> {
    vec![
        ("receipt", MailKind::Receipt),
        ("new_report", MailKind::NewReport),
        ("already_public", MailKind::AlreadyPublic),
        ("you_have_a_message", MailKind::YouHaveAMessage),
        (
            "due_soon",
            stored(
                r#"{"kind":"due_soon","clock":"acknowledgement","percent":80,"due":"2026-11-24T10:00:00Z"}"#,
            ),
        ),
        (
            "missed",
            stored(r#"{"kind":"missed","clock":"acknowledgement","due":"2026-11-24T10:00:00Z"}"#),
        ),
        ("follow_up", MailKind::FollowUp),
        ("objection", MailKind::Objection),
        ("embargo_ended", MailKind::EmbargoEnded),
        ("reminder", MailKind::Reminder { number: 2 }),
        ("published", MailKind::Published),
        ("mail_failed", MailKind::MailFailed),
        (
            "regulator_signal",
            stored(r#"{"kind":"regulator_signal","due":"2026-11-24T10:00:00Z"}"#),
        ),
        (
            "regulator_due_soon",
            stored(r#"{"kind":"regulator_due_soon","percent":80,"due":"2026-11-24T10:00:00Z"}"#),
        ),
        (
            "regulator_missed",
            stored(r#"{"kind":"regulator_missed","due":"2026-11-24T10:00:00Z"}"#),
        ),
    ]
}

#[test]
fn every_template() {
    for (name, kind) in kinds() {
        for (who, to_reporter) in [("reporter", true), ("team", false)] {
            let said = words(&letter(kind.clone(), to_reporter).body, None);
            insta::assert_snapshot!(
                format!("{name}_to_{who}"),
                format!("Subject: {}\n\n{}", said.subject, said.text)
            );
        }
    }
}

/// What only a letter holds that is encrypted, and what one says that could not be.
#[test]
fn letters_to_who_has_a_key() {
    let mut message = letter(MailKind::YouHaveAMessage, true);
    message.body.answerable = true;
    let said = Sensitive::new("Thank you.\nThe fix is in 1.4.3.".to_owned());
    let sealing = |said| Sealing {
        certificate: Sensitive::new(Vec::new()),
        secret: Sensitive::new(Vec::new()),
        said,
    };
    let with = words(&message.body, Some(&sealing(Some(said))));
    insta::assert_snapshot!("message_sealed", with.text);
    let mut receipt = letter(MailKind::Receipt, true);
    receipt.body.code = Some(Sensitive::new("AAAA-BBBB".to_owned()));
    let with = words(&receipt.body, Some(&sealing(None)));
    insta::assert_snapshot!("receipt_sealed", with.text);
    message.body.key_refused = Some("The certificate was revoked by its owner.".to_owned());
    insta::assert_snapshot!("message_key_refused", words(&message.body, None).text);
}

#[test]
fn owners_are_asked_to_review_the_policy() {
    for day in [ReviewDay::Soon, ReviewDay::Today, ReviewDay::Passed] {
        let mut body = letter(MailKind::Receipt, false).body;
        body.kind = LetterKind::PolicyReview { day };
        body.reference = None;
        let said = words(&body, None);
        assert!(said.subject.starts_with("[ThreatDex] "), "{}", said.subject);
        let passed = day == ReviewDay::Passed;
        assert_eq!(said.subject.contains("overdue"), passed);
        assert_eq!(said.subject.contains("today"), day == ReviewDay::Today);
        assert!(said.text.contains("2026-11-24 10:00:00 UTC") && !said.text.contains("the report"));
        assert!(said.text.lines().all(|l| l.chars().count() <= 78));
    }
}

#[test]
fn owners_are_told_of_somebody_who_reads_many_cases() {
    let mut body = letter(MailKind::Receipt, false).body;
    body.kind = LetterKind::ManyCasesRead { cases: 31 };
    body.reference = None;
    let said = words(&body, None);
    assert_eq!(
        said.subject,
        "[ThreatDex] Many cases were opened within an hour"
    );
    assert!(said.text.contains("31 cases or more"), "{}", said.text);
    assert!(said.text.lines().all(|l| l.chars().count() <= 78));
}

#[test]
fn who_manages_the_server_is_told_of_its_door() {
    let mut body = letter(MailKind::Receipt, false).body;
    body.reference = None;
    for (kind, subject, part) in [
        (
            LetterKind::WrongSignIns { tries: 11 },
            "[ThreatDex] Many sign-ins were wrong within an hour",
            "11 tries or more",
        ),
        (
            LetterKind::SignInReview { overdue: false },
            "[ThreatDex] The sign-ins are to be reviewed",
            "It is due to go through",
        ),
        (
            LetterKind::SignInReview { overdue: true },
            "[ThreatDex] The review of sign-ins is overdue",
            "was due a week ago",
        ),
    ] {
        body.kind = kind;
        let said = words(&body, None);
        assert_eq!(said.subject, subject);
        assert!(said.text.contains(part), "{}", said.text);
        assert!(said.text.lines().all(|l| l.chars().count() <= 78));
    }
}

#[test]
fn who_asks_for_the_key_gets_it_line_by_line() {
    let mut body = letter(MailKind::Receipt, true).body;
    body.reference = None;
    let armored =
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME\n=x\n-----END PGP PUBLIC KEY BLOCK-----";
    body.kind = LetterKind::PgpKey {
        armored: armored.to_owned(),
        fingerprint: "15CE 84C3".to_owned(),
    };
    let said = words(&body, None);
    assert_eq!(said.subject, "[ThreatDex] The OpenPGP key you asked for");
    assert!(said.text.contains(armored) && said.text.contains("15CE 84C3"));
}

#[test]
fn every_subject_is_neutral_and_every_line_short() {
    for (_, kind) in kinds() {
        for to_reporter in [true, false] {
            let said = words(&letter(kind.clone(), to_reporter).body, None);
            assert!(
                said.subject.starts_with("[TDX-7K3F-9QMA] "),
                "{}",
                said.subject
            );
            assert!(
                said.text.lines().all(|l| l.chars().count() <= 78),
                "{}",
                said.text
            );
            assert!(
                said.text
                    .contains("https://reports.project.test/p/threatdex/room")
            );
        }
    }
}

#[test]
fn somebody_is_told_what_happened_to_their_own_account() {
    let mut body = letter(MailKind::Receipt, false).body;
    body.reference = None;
    for (act, subject) in [
        (
            SignInAct::RecoveryUsed,
            "A recovery code of your account was used",
        ),
        (
            SignInAct::RecoveryMade,
            "New recovery codes were made for your account",
        ),
        (
            SignInAct::NewPlace,
            "Somebody signed in as you with a browser not seen before",
        ),
        (SignInAct::NewStart, "Your account was given a new start"),
        (
            SignInAct::PasskeyAdded,
            "A passkey was added to your account",
        ),
        (
            SignInAct::PasskeyCopied,
            "A passkey of your account was refused",
        ),
    ] {
        body.kind = LetterKind::YourAccount(act);
        let said = words(&body, None);
        assert_eq!(said.subject, format!("[ThreatDex] {subject}"));
        assert!(said.text.contains("If it was not you"), "{}", said.text);
        assert!(said.text.lines().all(|l| l.chars().count() <= 78));
    }
}

#[test]
fn subscribers_are_asked_and_told() {
    let mut body = letter(MailKind::Receipt, false).body;
    body.reference = None;
    body.kind = LetterKind::Subscribe;
    insta::assert_snapshot!("subscribe", words(&body, None).text);
    body.kind = LetterKind::News {
        advisory: "TDX-2026-7K3F9QMA".to_owned(),
        title: "Overflow\r\nin the parser".to_owned(),
        leave: "https://reports.project.test/p/threatdex/unsubscribe/x".to_owned(),
    };
    let said = words(&body, None);
    assert_eq!(
        said.subject,
        "[ThreatDex] TDX-2026-7K3F9QMA: Overflow in the parser"
    );
    insta::assert_snapshot!("news", said.text);
}
