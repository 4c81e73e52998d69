//! Receipts and signed notes, seen from outside: what is signed verifies, and
//! nothing else does.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_base::{CaseRef, Digest, Instant, ProgramSlug, Span};
use candor_ledger::{
    Firmness, KeyError, KeyName, NoteError, Receipt, ReceiptError, ReceiptPromise, Salt,
    VerifierKey, VerifyError, open_note, sign, sign_note, verify,
};
use proptest::prelude::*;

const SEED: [u8; 32] = [42; 32];

fn name() -> KeyName {
    "candor.example.org/receipts".parse().unwrap()
}

fn vkey() -> String {
    VerifierKey::of_seed(&name(), &SEED).to_string()
}

fn receipt() -> Receipt {
    Receipt {
        case: "TDX-7K3F-9QMA".parse().unwrap(),
        program: "threatdex".parse().unwrap(),
        received: "2026-11-22T10:20:30Z".parse().unwrap(),
        policy: Digest::from_bytes([3; 32]),
        report: Digest::from_bytes([4; 32]),
        sealed: Digest::from_bytes([2; 32]),
        salt: Salt::from_bytes([1; 32]),
        promises: vec![
            ReceiptPromise {
                milestone: "acknowledgement".parse().unwrap(),
                due: Some("2026-11-24T10:20:30Z".parse().unwrap()),
                firmness: Firmness::Commit,
                source: Some(Span::line(42)),
            },
            ReceiptPromise {
                milestone: "fix".parse().unwrap(),
                due: None,
                firmness: Firmness::Target,
                source: Some(Span::lines(50, 53)),
            },
            ReceiptPromise {
                milestone: "status_update".parse().unwrap(),
                due: Some("2026-11-30T23:59:59Z".parse().unwrap()),
                firmness: Firmness::Typical,
                source: None,
            },
        ],
    }
}

/// The form is frozen: a change here breaks receipts already handed out.
#[test]
fn the_text_of_a_receipt_never_changes() {
    let expected = "\
candor.receipt/v1
case: TDX-7K3F-9QMA
program: threatdex
received: 2026-11-22T10:20:30Z
policy: 0303030303030303030303030303030303030303030303030303030303030303
report-sha256: 0404040404040404040404040404040404040404040404040404040404040404
sealed-sha256: 0202020202020202020202020202020202020202020202020202020202020202
salt: 0101010101010101010101010101010101010101010101010101010101010101
leaf: 3c5e2c57fd9da60d265e1d18385f15c0b21558d7a4b27b679d2b6d96e27560e9
promise: acknowledgement by 2026-11-24T10:20:30Z (commit, line 42)
promise: fix without a date yet (target, lines 50-53)
promise: status_update by 2026-11-30T23:59:59Z (typical, default)
";
    assert_eq!(receipt().to_text(), expected);
    assert_eq!(Receipt::parse(expected).unwrap(), receipt());
}

/// The worked example that Go's `sumdb/note` package documents: an independent
/// implementation made this key and this signature.
#[test]
fn a_note_signed_by_another_implementation_verifies() {
    let key: VerifierKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
        .parse()
        .unwrap();
    let text = "If you think cryptography is the answer to your problem,\n\
                then you don't know what your problem is.\n";
    let line = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    assert_eq!(open_note(&format!("{text}\n{line}"), &key).unwrap(), text);
    let changed = text.replace("answer", "Answer");
    assert_eq!(
        open_note(&format!("{changed}\n{line}"), &key),
        Err(NoteError::BadSignature)
    );
}

#[test]
fn other_signatures_beside_ours_are_tolerated() {
    let note = sign(&receipt(), &name(), &SEED).unwrap();
    let witness: KeyName = "witness.example".parse().unwrap();
    let second = sign_note(&receipt().to_text(), &witness, &[7; 32]).unwrap();
    let line = second.rsplit_once("\n\n").unwrap().1;
    assert_eq!(
        verify(&format!("{note}{line}"), &vkey()).unwrap(),
        receipt()
    );
    // A line under our name that does not verify spoils the note, wherever it stands.
    let other = sign_note("another text\n", &name(), &SEED).unwrap();
    let bad = other.rsplit_once("\n\n").unwrap().1;
    assert_eq!(
        verify(&format!("{note}{bad}"), &vkey()),
        Err(VerifyError::Note(NoteError::BadSignature))
    );
}

#[test]
fn wrong_keys_and_forms_are_named() {
    let note = sign(&receipt(), &name(), &SEED).unwrap();
    let stranger = VerifierKey::of_seed(&name(), &[9; 32]).to_string();
    assert_eq!(
        verify(&note, &stranger),
        Err(VerifyError::Note(NoteError::UnknownKey(name().to_string())))
    );
    assert_eq!(
        verify(&note, "nonsense"),
        Err(VerifyError::Key(KeyError::Form))
    );
    let swapped = vkey().replace("candor.example", "mallory.example");
    assert_eq!(
        verify(&note, &swapped),
        Err(VerifyError::Key(KeyError::Mismatch))
    );
    assert_eq!(
        verify(&note.replace('\n', "\r\n"), &vkey()),
        Err(VerifyError::Note(NoteError::Characters))
    );
    assert_eq!(verify("", &vkey()), Err(VerifyError::Note(NoteError::Form)));
    let large = "x".repeat(300_000);
    assert_eq!(
        verify(&large, &vkey()),
        Err(VerifyError::Note(NoteError::TooLarge))
    );
    for bad in ["", "a b", "a+b", "a\u{a0}b"] {
        assert_eq!(bad.parse::<KeyName>(), Err(KeyError::Name), "{bad:?}");
    }
    for bad in ["no line feed", "a\n\nb\n", "\n"] {
        assert_eq!(
            sign_note(bad, &name(), &SEED),
            Err(NoteError::Form),
            "{bad:?}"
        );
    }
}

#[test]
fn a_signed_text_that_is_no_receipt_is_refused() {
    let other = sign_note("hello\n", &name(), &SEED).unwrap();
    assert_eq!(
        verify(&other, &vkey()),
        Err(VerifyError::Receipt(ReceiptError::Origin))
    );
    let text = receipt().to_text();
    let forged = text.replace("received: 2026-11-22T10", "received: 2026-11-22T09");
    assert_eq!(Receipt::parse(&forged), Err(ReceiptError::Leaf));
    let missing = text.replace("program: threatdex\n", "");
    assert_eq!(Receipt::parse(&missing), Err(ReceiptError::Line("program")));
    let spelled = text.replace("line 42", "line 042");
    assert_eq!(Receipt::parse(&spelled), Err(ReceiptError::Spelling));
}

#[test]
fn every_single_byte_change_of_the_whole_file_is_refused() {
    let note = sign(&receipt(), &name(), &SEED).unwrap();
    let key = vkey();
    for at in 0..note.len() {
        for flip in [1_u8, 8, 32] {
            let mut bytes = note.clone().into_bytes();
            bytes[at] ^= flip;
            if let Ok(changed) = String::from_utf8(bytes) {
                assert!(verify(&changed, &key).is_err(), "byte {at} ^ {flip}");
            }
        }
        let mut shorter = note.clone().into_bytes();
        shorter.remove(at);
        if let Ok(changed) = String::from_utf8(shorter) {
            assert!(verify(&changed, &key).is_err(), "byte {at} removed");
        }
    }
}

fn promise() -> impl Strategy<Value = ReceiptPromise> {
    (
        "[a-z][a-z0-9_-]{0,20}",
        prop::option::of(0_i64..10_000_000_000),
        0_usize..3,
        prop::option::of((any::<u32>(), any::<u32>())),
    )
        .prop_map(|(milestone, due, firmness, source)| ReceiptPromise {
            milestone: milestone.parse().unwrap(),
            due: due.map(|s| Instant::from_unix(s).unwrap()),
            firmness: [Firmness::Commit, Firmness::Target, Firmness::Typical][firmness],
            source: source.map(|(a, b)| Span::lines(a, b)),
        })
}

prop_compose! {
    fn any_receipt()(
        tag in any::<[u8; 5]>(),
        digests in any::<[[u8; 32]; 3]>(),
        salt in any::<[u8; 32]>(),
        received in -100_000_000_000_i64..100_000_000_000,
        program in "[a-z][a-z0-9]{0,15}(-[a-z0-9]{1,8}){0,2}",
        promises in prop::collection::vec(promise(), 0..6),
    ) -> Receipt {
        Receipt {
            case: CaseRef::new("TDX", tag).unwrap(),
            program: program.parse::<ProgramSlug>().unwrap(),
            received: Instant::from_unix(received).unwrap(),
            policy: Digest::from_bytes(digests[0]),
            report: Digest::from_bytes(digests[1]),
            sealed: Digest::from_bytes(digests[2]),
            salt: Salt::from_bytes(salt),
            promises,
        }
    }
}

proptest! {
    #[test]
    fn what_is_signed_verifies(receipt in any_receipt(), seed in any::<[u8; 32]>()) {
        let note = sign(&receipt, &name(), &seed).unwrap();
        let key = VerifierKey::of_seed(&name(), &seed);
        prop_assert_eq!(key.to_string().parse::<VerifierKey>().unwrap(), key.clone());
        prop_assert_eq!(verify(&note, &key.to_string()).unwrap(), receipt);
    }

    #[test]
    fn any_changed_byte_is_refused(
        receipt in any_receipt(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let note = sign(&receipt, &name(), &SEED).unwrap();
        let mut bytes = note.clone().into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != byte);
        bytes[at] = byte;
        if let Ok(changed) = String::from_utf8(bytes) {
            prop_assert!(verify(&changed, &vkey()).is_err());
        }
    }

    #[test]
    fn reading_odd_text_never_panics(text in any::<String>(), key in any::<String>()) {
        let _ = Receipt::parse(&text);
        let _ = verify(&text, &key);
        let _ = verify(&text, &vkey());
    }

    #[test]
    fn reading_torn_receipts_never_panics(
        receipt in any_receipt(),
        from in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
    ) {
        let note = sign(&receipt, &name(), &SEED).unwrap();
        let chars: Vec<char> = note.chars().collect();
        let (a, b) = (from.index(chars.len()), to.index(chars.len()));
        let torn: String = chars[a.min(b)..a.max(b)].iter().collect();
        prop_assert!(verify(&torn, &vkey()).is_err());
        let _ = Receipt::parse(&torn);
    }
}
