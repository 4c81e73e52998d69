//! Both ceremonies, told as a browser and a device tell them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use candor_passkey::{Algorithm, Device, Given, NewKey, Refused, Site, Use, claim, take};
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const QUESTION: &str = "Zm9ydHkgd2lua3M";
/// Present, verified.
const THERE: u8 = 0x05;

fn site() -> Site {
    Site::of("https://desk.example.org").expect("a site")
}

fn client(kind: &str) -> Value {
    json!({ "type": kind, "challenge": QUESTION, "origin": "https://desk.example.org" })
}

fn device(flags: u8, counter: u32, key: Option<&[u8]>) -> Vec<u8> {
    let mut bytes = Sha256::digest("desk.example.org").to_vec();
    bytes.push(flags | if key.is_some() { 0x40 } else { 0 });
    bytes.extend(counter.to_be_bytes());
    if let Some(id) = key {
        bytes.extend([0; 16]);
        bytes.extend(u16::try_from(id.len()).expect("short").to_be_bytes());
        bytes.extend(id);
        bytes.extend(b"the key once more, in CBOR");
    }
    bytes
}

fn made(client: &Value, device: &[u8], algorithm: i64) -> NewKey {
    let text = json!({
        "id": B64.encode("key-1"),
        "clientData": B64.encode(client.to_string()),
        "deviceData": B64.encode(device),
        "algorithm": algorithm,
        "publicKey": B64.encode("a public key"),
    });
    NewKey::read(&text.to_string()).expect("readable")
}

fn given(client: &Value, device: &[u8]) -> Given {
    let text = json!({
        "id": B64.encode("key-1"),
        "clientData": B64.encode(client.to_string()),
        "deviceData": B64.encode(device),
        "signature": B64.encode("signed"),
        "owner": B64.encode("somebody"),
    });
    Given::read(&text.to_string()).expect("readable")
}

#[test]
fn a_key_that_was_asked_for_is_taken() {
    let new = made(
        &client("webauthn.create"),
        &device(THERE, 3, Some(b"key-1")),
        -7,
    );
    let taken = take(&site(), QUESTION, &new);
    let expected = Device {
        id: b"key-1".to_vec(),
        algorithm: Algorithm::Es256,
        public: b"a public key".to_vec(),
        counter: 3,
        synced: false,
    };
    assert_eq!(taken, Ok(expected));
    let synced = made(
        &client("webauthn.create"),
        &device(0x1d, 0, Some(b"key-1")),
        -8,
    );
    assert!(take(&site(), QUESTION, &synced).expect("taken").synced);
}

#[test]
fn a_key_that_was_not_asked_for_is_refused() {
    let there = device(THERE, 0, Some(b"key-1"));
    let refused = |client: &Value, device: &[u8], algorithm| {
        take(&site(), QUESTION, &made(client, device, algorithm)).expect_err("refused")
    };
    let create = client("webauthn.create");
    assert_eq!(refused(&client("webauthn.get"), &there, -7), Refused::Kind);
    assert_eq!(refused(&create, &there, -47), Refused::Key);
    let other = device(THERE, 0, Some(b"key-2"));
    assert_eq!(refused(&create, &other, -7), Refused::Key);
    assert_eq!(refused(&create, &device(THERE, 0, None), -7), Refused::Key);
    let cut = there.get(..56).expect("long enough");
    assert_eq!(refused(&create, cut, -7), Refused::Key);
    // Synced, and made so that it cannot be.
    let odd = device(0x15, 0, Some(b"key-1"));
    assert_eq!(refused(&create, &odd, -7), Refused::Key);
}

#[test]
fn what_was_said_elsewhere_or_to_another_question_is_refused() {
    let asked = |client: &Value, device: &[u8]| {
        claim(&site(), QUESTION, &given(client, device)).expect_err("refused")
    };
    let there = device(THERE, 0, None);
    let with = |name: &str, value: Value| {
        let mut said = client("webauthn.get");
        said[name] = value;
        said
    };
    assert_eq!(asked(&client("webauthn.create"), &there), Refused::Kind);
    assert_eq!(
        asked(&with("challenge", json!("b3RoZXI")), &there),
        Refused::Question
    );
    for origin in [
        "https://desk.example.org.evil.example",
        "http://desk.example.org",
        "https://desk.example.org:8443",
        "https://desk.example.org/",
    ] {
        assert_eq!(asked(&with("origin", json!(origin)), &there), Refused::Site);
    }
    assert_eq!(
        asked(&with("crossOrigin", json!(true)), &there),
        Refused::Site
    );
    let top = with("topOrigin", json!("https://desk.example.org"));
    assert_eq!(asked(&top, &there), Refused::Site);
    let mut elsewhere = there.clone();
    elsewhere[0] ^= 1;
    assert_eq!(asked(&client("webauthn.get"), &elsewhere), Refused::Site);
    for flags in [0x00, 0x01, 0x04] {
        let absent = device(flags, 0, None);
        assert_eq!(asked(&client("webauthn.get"), &absent), Refused::Person);
    }
}

#[test]
fn a_use_is_judged_by_its_signature_and_by_what_the_device_counts() {
    let said = client("webauthn.get");
    let judged = |before, counter| {
        let given = given(&said, &device(THERE, counter, None));
        let claim = claim(&site(), QUESTION, &given).expect("in order");
        claim.judge(before, |_, _| true)
    };
    let used = |counter| {
        Ok(Use {
            counter,
            synced: false,
        })
    };
    assert_eq!(judged(0, 0), used(0));
    assert_eq!(judged(0, 1), used(1));
    assert_eq!(judged(4, 5), used(5));
    assert_eq!(judged(5, 5), Err(Refused::Copied));
    assert_eq!(judged(5, 0), Err(Refused::Copied));

    let there = device(THERE, 9, None);
    let claim = claim(&site(), QUESTION, &given(&said, &there)).expect("in order");
    let mut expected = there;
    expected.extend(Sha256::digest(said.to_string()));
    let told = claim.judge(0, |message, signature| {
        assert_eq!(message, expected);
        assert_eq!(signature, b"signed");
        false
    });
    assert_eq!(told, Err(Refused::Signature));
}

#[test]
fn what_is_too_long_or_of_another_form_is_not_read() {
    let long = format!("{{\"id\":\"{}\"}}", "A".repeat(20_000));
    for text in ["", "{}", "null", "[]", "{\"id\":\"\"}", &long] {
        assert!(
            NewKey::read(text).is_err() && Given::read(text).is_err(),
            "{text:.20}"
        );
    }
}

proptest! {
    #[test]
    fn whatever_is_said_reading_ends(text in "\\PC{0,300}", bytes in any::<Vec<u8>>()) {
        let _ = NewKey::read(&text);
        let _ = Given::read(&text);
        let said = json!({
            "id": B64.encode("key-1"),
            "clientData": B64.encode(client("webauthn.create").to_string()),
            "deviceData": B64.encode(&bytes),
            "algorithm": -7,
            "publicKey": "AA",
        });
        if let Ok(new) = NewKey::read(&said.to_string()) {
            let _ = take(&site(), QUESTION, &new);
        }
    }
}
