//! Passkeys: made, used at the door and for the second factor, refused, removed.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use candor_app::input::{ActError, Place, SignInError, SignedIn};
use candor_ports::{LetterKind, SignInAct};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::common::{World, totp};

/// A device with one key, as a browser and it would answer.
struct Device {
    key: EcdsaKeyPair,
    host: &'static str,
    counter: u32,
    owner: String,
}

/// In front of every uncompressed P-256 point (RFC 5480).
const SPKI: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE";

impl Device {
    fn new() -> Self {
        Self {
            key: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap(),
            host: "sec.example.org",
            counter: 0,
            owner: String::new(),
        }
    }

    fn device_data(&self, new: bool) -> Vec<u8> {
        let mut bytes = Sha256::digest(self.host).to_vec();
        bytes.push(if new { 0x45 } else { 0x05 });
        bytes.extend(self.counter.to_be_bytes());
        if new {
            bytes.extend([0; 16]);
            bytes.extend([0, 5]);
            bytes.extend(b"key-1");
        }
        bytes
    }

    fn client_data(&self, kind: &str, question: &str) -> String {
        let origin = format!("https://{}", self.host);
        json!({ "type": kind, "challenge": question, "origin": origin }).to_string()
    }

    fn make(&mut self, world: &World, token: &str) -> String {
        let new = world.app().own_passkeys(token).unwrap().new.unwrap();
        self.owner.clone_from(&new.owner);
        let mut public = base64::engine::general_purpose::STANDARD
            .decode(SPKI)
            .unwrap();
        // The last byte of the head is the first of the point.
        public.pop();
        public.extend(self.key.public_key().as_ref());
        let client = self.client_data("webauthn.create", &new.ask.question);
        json!({
            "id": B64.encode("key-1"),
            "clientData": B64.encode(client),
            "deviceData": B64.encode(self.device_data(true)),
            "algorithm": -7,
            "publicKey": B64.encode(public),
        })
        .to_string()
    }

    fn give(&self, question: &str) -> String {
        let client = self.client_data("webauthn.get", question);
        let device = self.device_data(false);
        let mut message = device.clone();
        message.extend(Sha256::digest(&client));
        let signature = self.key.sign(&SystemRandom::new(), &message).unwrap();
        json!({
            "id": B64.encode("key-1"),
            "clientData": B64.encode(client),
            "deviceData": B64.encode(device),
            "signature": B64.encode(signature.as_ref()),
            "owner": self.owner,
        })
        .to_string()
    }
}

fn question(world: &World) -> String {
    world.app().passkey_question().unwrap().question
}

fn sign_in(world: &World, said: &str) -> Result<String, SignInError> {
    let arrived = world.app().sign_in_by_passkey(&Place::default(), said)?;
    match arrived.signed {
        SignedIn::Full(token) => Ok(token),
        SignedIn::Enrol(_) => panic!("nothing is left to set up"),
    }
}

/// Adds a passkey, with a code that was not used yet.
fn add(world: &World, token: &str, name: &str, made: &str) -> Result<(), ActError> {
    world.wait(30);
    let code = totp(&world.secret("ada"), world.now());
    world.app().add_passkey(token, (name, &code), made)
}

/// Ada, with a passkey on a device.
fn ada_with_a_passkey() -> (World, String, Device) {
    let mut world = World::new();
    world.fresh_minutes = 10;
    world.restart();
    let ada = world.set_up();
    let mut device = Device::new();
    let made = device.make(&world, &ada);
    add(&world, &ada, "My laptop", &made).unwrap();
    (world, ada, device)
}

#[test]
fn a_passkey_signs_in_without_pass_phrase_and_its_owner_was_told() {
    let (world, ada, device) = ada_with_a_passkey();
    let again = sign_in(&world, &device.give(&question(&world))).unwrap();
    let own = world.app().own_passkeys(&again).unwrap();
    assert_eq!(own.lines.len(), 1);
    assert_eq!(own.lines[0].name, "My laptop");
    assert!(own.lines[0].used.is_some() && !own.lines[0].synced);
    assert_eq!(own.new.unwrap().known, [B64.encode("key-1")]);

    world.app().housekeeping().unwrap();
    let letters = world.courier.letters.lock().unwrap();
    let added = LetterKind::YourAccount(SignInAct::PasskeyAdded);
    assert_eq!(letters.iter().filter(|l| l.body.kind == added).count(), 1);
    drop(letters);
    let seen = world.app().sign_in_history(&ada).unwrap();
    assert!(seen.rows.iter().any(|row| row.what == "added a passkey"));
}

#[test]
fn an_answer_counts_once_and_only_while_the_question_is_fresh() {
    let (world, _, device) = ada_with_a_passkey();
    let said = device.give(&question(&world));
    sign_in(&world, &said).unwrap();
    assert_eq!(
        sign_in(&world, &said),
        Err(SignInError::Wrong),
        "a second time"
    );
    let old = device.give(&question(&world));
    world.wait(900);
    assert_eq!(sign_in(&world, &old), Err(SignInError::Wrong), "too late");
    let own = B64.encode([7; 40]);
    assert_eq!(
        sign_in(&world, &device.give(&own)),
        Err(SignInError::Wrong),
        "not ours"
    );
}

#[test]
fn another_device_another_site_and_another_owner_are_refused() {
    let (world, _, mut device) = ada_with_a_passkey();
    let mut other = Device::new();
    other.owner.clone_from(&device.owner);
    let refused = |said: &str| assert_eq!(sign_in(&world, said), Err(SignInError::Wrong));
    refused(&other.give(&question(&world)));
    for owner in [String::new(), B64.encode([1; 16]), B64.encode([1; 3])] {
        let right = std::mem::replace(&mut device.owner, owner);
        refused(&device.give(&question(&world)));
        device.owner = right;
    }
    device.host = "sec.example.org.evil.example";
    refused(&device.give(&question(&world)));
    device.host = "sec.example.org";
    sign_in(&world, &device.give(&question(&world))).unwrap();
}

#[test]
fn a_device_that_counts_backwards_is_refused_and_told_of() {
    let (world, _, mut device) = ada_with_a_passkey();
    device.counter = 7;
    sign_in(&world, &device.give(&question(&world))).unwrap();
    device.counter = 6;
    assert_eq!(
        sign_in(&world, &device.give(&question(&world))),
        Err(SignInError::Wrong)
    );
    world.app().housekeeping().unwrap();
    let letters = world.courier.letters.lock().unwrap();
    let copied = LetterKind::YourAccount(SignInAct::PasskeyCopied);
    assert_eq!(letters.iter().filter(|l| l.body.kind == copied).count(), 1);
}

#[test]
fn a_passkey_gives_the_second_factor_again_in_its_own_session_only() {
    let (world, ada, device) = ada_with_a_passkey();
    world.wait(700);
    let late = world.app().remove_passkey(&ada, "0");
    assert!(matches!(late, Err(ActError::StepUp)), "{late:?}");
    let door = device.give(&question(&world));
    assert!(
        world.app().step_up_by_passkey(&ada, &door).is_err(),
        "asked at the door"
    );
    let ask = world.app().passkey_again(&ada).unwrap().unwrap();
    world
        .app()
        .step_up_by_passkey(&ada, &device.give(&ask.question))
        .unwrap();
    let id = world.app().own_passkeys(&ada).unwrap().lines[0].id.clone();
    world.app().remove_passkey(&ada, &id).unwrap();
    assert_eq!(world.app().own_passkeys(&ada).unwrap().lines, []);
    assert_eq!(world.app().passkey_again(&ada).unwrap(), None);
    assert_eq!(
        sign_in(&world, &device.give(&question(&world))),
        Err(SignInError::Wrong),
        "removed"
    );
}

#[test]
fn adding_takes_a_code_a_name_and_a_key_once() {
    let (world, ada, mut device) = ada_with_a_passkey();
    let wrong = |done: Result<(), ActError>| match done.unwrap_err() {
        ActError::Fields(errors) => errors[0].field.clone(),
        other => panic!("{other:?}"),
    };
    let same = device.make(&world, &ada);
    let twice = add(&world, &ada, "Again", &same);
    assert_eq!(wrong(twice), "passkey", "in the list already");
    let spent = add(&world, &ada, "Again", &same);
    assert_eq!(wrong(spent), "passkey", "answered before");
    let new = device.make(&world, &ada);
    assert_eq!(wrong(add(&world, &ada, " ", &new)), "name");
    let broken = new.replace(SPKI, "AAAA");
    assert_eq!(wrong(add(&world, &ada, "Broken", &broken)), "passkey");
    // However fresh the last code is.
    let guessed = world.app().add_passkey(&ada, ("Other", "000000"), &new);
    assert_eq!(wrong(guessed), "totp");
    assert_eq!(world.app().own_passkeys(&ada).unwrap().lines.len(), 1);
}

#[test]
fn a_lock_by_wrong_pass_phrases_does_not_lock_the_passkey() {
    let (world, _, device) = ada_with_a_passkey();
    for _ in 0..20 {
        let _ = world
            .app()
            .sign_in("ada", "a stranger tries this", "000000");
    }
    let code = totp(&world.secret("ada"), world.now());
    let locked = world.app().sign_in("ada", crate::common::PASS, &code);
    assert!(matches!(locked, Err(SignInError::Wait(_))), "{locked:?}");
    sign_in(&world, &device.give(&question(&world))).unwrap();
}

#[test]
fn a_new_start_takes_the_passkeys_away() {
    let (world, ada, device) = ada_with_a_passkey();
    let pass = world.app().operator_reset("ada");
    assert!(pass.is_ok());
    assert!(world.app().own_passkeys(&ada).is_err());
    let said = device.give(&question(&world));
    assert_eq!(sign_in(&world, &said), Err(SignInError::Wrong));
}
