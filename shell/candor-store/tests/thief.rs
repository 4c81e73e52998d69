//! A thief of the data, on either engine: reads every byte, finds no word.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use candor_ports::{SessionKind, SessionRecord, Store, Vault as _};
use common::*;

/// Bytes as a text, one character each, so that the standard library's search serves.
fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|b| char::from(*b)).collect()
}

/// Every file below a folder, as one heap of bytes.
fn stolen(folder: &Path) -> String {
    let mut heap = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            heap.push_str(&stolen(&path));
        } else {
            heap.push_str(&latin(&fs::read(&path).unwrap()));
        }
    }
    heap
}

/// The forms in which a word could hide.
fn disguises(word: &str) -> Vec<Vec<u8>> {
    let hex: String = word
        .bytes()
        .fold(String::new(), |hex, b| hex + &format!("{b:02x}"));
    let mut forms = vec![
        word.as_bytes().to_vec(),
        word.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        word.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
    ];
    // Base 64 depends on where the word begins in its group of three bytes; the
    // letters at both ends mix with the neighbours and are cut off.
    for lead in 0..3 {
        let padded = [&vec![b'x'; lead], word.as_bytes()].concat();
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let text = engine.encode(&padded);
            forms.push(text.as_bytes()[4..text.len() - 3].to_vec());
        }
    }
    forms
}

fn found(heap: &str, word: &str) -> bool {
    let forms = disguises(word);
    forms.iter().any(|form| heap.contains(&latin(form)))
}

/// What every planted word begins with: whoever finds a word finds this.
const STEM: &str = "CANARYxZq7Kw";

/// Fills a store and gives the planted words.
fn plant(store: &candor_store::SealedStore) -> Vec<String> {
    let mut words = Vec::new();
    let mut canary = |field: &str| {
        let word = format!("{STEM}-{field}");
        words.push(word.clone());
        word
    };
    let mut policy = policy("text");
    policy.settings = canary("settings");
    let mut changed = program("second");
    changed.policy = policy.digest;
    store.put_program(changed, None, policy, None).unwrap();

    let mut c = commit("a", 0);
    c.row = row("a", &canary("title"));
    let event = event(1, &canary("event"));
    c.events = vec![event];
    let file = [
        vec![b'.'; 90_000],
        canary("file").into_bytes(),
        vec![b'.'; 90_000],
    ]
    .concat();
    c.blobs = vec![
        blob("report", canary("report").as_bytes()),
        blob("message", canary("message").as_bytes()),
        blob("file", &file),
    ];
    let mut receipt = receipt("a");
    receipt.note = canary("note");
    c.receipt = Some(receipt);
    let mut item = item("key", at(0));
    item.effect = canary("effect");
    c.outbox = vec![item];
    store.commit(c).unwrap();

    let mut ada = account(&canary("login"));
    ada.name = canary("name");
    ada.email = Some(canary("email"));
    ada.pass_hash = canary("pass-hash");
    ada.totp_sealed = Some(store.vault().seal("totp", canary("totp").as_bytes()));
    store.add_account(ada.clone()).unwrap();
    ada.name = canary("new-name");
    store.update_account(ada.clone()).unwrap();
    store
        .put_setting("set-up-code", Some(&canary("setting")))
        .unwrap();
    let session = SessionRecord {
        id: candor_base::SessionId::from_bytes([9; 32]),
        kind: SessionKind::Staff(ada.id),
        about: candor_ports::SessionAbout::default(),
        created: at(0),
        seen: at(0),
        expires: at(99),
    };
    store.add_session(session).unwrap();
    words.push(reference("a").to_string());
    words
}

with_every_engine!(a_thief_of_the_data_finds_no_word);

/// Where the data lies, of our server or that of the database.
fn disks(house: &House) -> String {
    match house {
        House::Sqlite(_) => stolen(&house.folder().unwrap()),
        House::Postgres(cluster) => {
            cluster.sql("postgres", "CHECKPOINT");
            stolen(&cluster.folder()) + &latin(cluster.dump("postgres").as_bytes())
        }
    }
}

fn a_thief_of_the_data_finds_no_word(house: &House) {
    let store = house.store();
    let words = plant(&store);
    assert!(words.len() >= 16);
    let (reference, planted) = words.split_last().unwrap();
    assert!(planted.iter().all(|word| word.contains(STEM)) && !reference.contains(STEM));
    let running = disks(house);
    drop(store);
    let stopped = disks(house);
    for heap in [&running, &stopped] {
        // What is public is found: the search works.
        assert!(found(heap, "threatdex"));
        for word in [STEM, words.last().unwrap()] {
            assert!(!found(heap, word), "{word}");
        }
    }
    assert!(!stopped.contains(&latin(&[42; 32])), "the instance key");
}

#[test]
fn the_search_sees_through_every_disguise() {
    let word = "CANARY-title-Zq7Kw";
    for form in disguises(word) {
        let heap = [b"before ", form.as_slice(), b" after"].concat();
        assert!(found(&latin(&heap), word));
    }
    for lead in 0..3 {
        let text = [&vec![b'-'; lead], word.as_bytes(), b" and more"].concat();
        assert!(found(&STANDARD_NO_PAD.encode(text), word));
    }
    assert!(!found("nothing of it", word));
}
