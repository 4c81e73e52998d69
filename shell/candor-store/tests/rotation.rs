//! Keys are changed whole or not at all; afterwards the new one opens everything, the old one
//! nothing, and everything is still found by what people hold in their hands.
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
use std::process::{Command, Stdio};
use std::time::Duration;

use candor_base::SessionId;
use candor_ports::{SessionKind, SessionRecord, Store, StoreError, Vault as _};
use candor_store::{DatabaseUrl, InstanceKey, OpenError, SealedStore, verify_log};
use common::*;

with_every_engine! {
    a_new_instance_key_opens_everything_and_the_old_one_nothing,
    a_new_program_key_opens_everything,
    a_changed_history_is_not_sealed_anew,
    killed_at_any_moment_one_of_both_keys_opens_everything,
}

fn new_key(number: u8) -> InstanceKey {
    InstanceKey::from_bytes([number; 32])
}

fn session(seed: &str) -> SessionRecord {
    SessionRecord {
        id: SessionId::from_bytes(*digest(seed).as_bytes()),
        kind: SessionKind::Staff(account("ada").id),
        about: candor_ports::SessionAbout::default(),
        created: at(0),
        seen: at(0),
        expires: at(1000),
    }
}

/// One of everything that can be sealed.
fn fill(store: &SealedStore) {
    for seed in ["a", "b"] {
        let mut c = commit(seed, 0);
        c.blobs = vec![
            blob(seed, &[3; 500]),
            blob(&format!("big-{seed}"), &vec![4; 90_000]),
        ];
        c.receipt = Some(receipt(seed));
        c.outbox = vec![item(&format!("item-{seed}"), at(0))];
        store.commit(c).unwrap();
    }
    put_program(store, "other");
    store.add_account(account("ada")).unwrap();
    store.add_session(session("s")).unwrap();
    store.put_setting("code", Some("words")).unwrap();
}

/// Everything that [`fill`] stored is found and opens.
#[track_caller]
fn whole(store: &SealedStore) {
    let program = slug("threatdex");
    for seed in ["a", "b"] {
        let id = case(seed);
        assert!(store.load(&program, &id).unwrap().is_some());
        assert_eq!(store.find(&program, &reference(seed)).unwrap(), Some(id));
        let found = store.receipt(&receipt(seed).code_hash).unwrap();
        assert_eq!(found, Some((program.clone(), id)));
        let note = store.receipt_note(&program, &id).unwrap().unwrap();
        assert_eq!(note, receipt(seed).note);
        for (name, size) in [(seed.to_owned(), 500), (format!("big-{seed}"), 90_000)] {
            let body = store.blob(&program, &id, &blob(&name, b"").id).unwrap();
            assert_eq!(body.unwrap().len(), size);
        }
    }
    assert_eq!(store.rows(&program).unwrap().len(), 2);
    assert_eq!(store.programs().unwrap().len(), 2);
    let policy = store.policy(&program, &policy("text").digest).unwrap();
    assert_eq!(policy.unwrap().settings, "{}");
    let ada = store.account_by_login("ada").unwrap().unwrap();
    assert_eq!(ada.email, account("ada").email);
    let kind = store.session(&session("s").id).unwrap().unwrap().kind;
    assert_eq!(kind, session("s").kind);
    assert_eq!(store.setting("code").unwrap().as_deref(), Some("words"));
    assert!(verify_log(store).unwrap().holds());
}

fn a_new_instance_key_opens_everything_and_the_old_one_nothing(house: &House) {
    let store = house.store();
    fill(&store);
    let derived = store.vault().derive("receipt-signing");
    let same = store.rotate_instance(&key()).unwrap_err();
    assert!(matches!(same, StoreError::Failed(_)), "{same}");
    let done = house.open().rotate_instance(&new_key(1)).unwrap();
    assert_eq!((done.programs, done.accounts, done.sessions), (2, 1, 1));
    assert_eq!((done.settings, done.histories), (1, 2));
    let old = house.open_with(&key()).unwrap_err();
    assert!(matches!(old, OpenError::WrongKey { .. }), "{old}");
    let store = house.open_with(&new_key(1)).unwrap();
    whole(&store);
    assert_eq!(store.key_epoch().unwrap(), 1);
    assert_eq!(store.vault().derive("receipt-signing"), derived);
    // Life goes on under it, and it can be changed again.
    store.commit(commit("a", 1)).unwrap();
    assert_eq!(store.lease_outbox(at(1), 60, 9).unwrap().len(), 2);
    store.rotate_instance(&new_key(2)).unwrap();
    let store = house.open_with(&new_key(2)).unwrap();
    whole(&store);
    assert_eq!(store.vault().derive("receipt-signing"), derived);
}

#[test]
fn what_never_changes_is_not_the_first_instance_key() {
    let [one, two] = [House::sqlite(), House::sqlite()];
    let derived = |house: &House| house.open().vault().derive("receipt-signing");
    assert_ne!(
        derived(&one),
        derived(&two),
        "the same instance key, another stable one"
    );
    assert_eq!(derived(&one), derived(&one));
}

fn a_new_program_key_opens_everything(house: &House) {
    let store = house.store();
    fill(&store);
    let unknown = store.rotate_program(&slug("nobody")).unwrap_err();
    assert!(matches!(unknown, StoreError::Failed(_)), "{unknown}");
    let done = house.open().rotate_program(&slug("threatdex")).unwrap();
    assert_eq!((done.cases, done.policies), (2, 1));
    let store = house.open();
    whole(&store);
    assert_eq!(store.key_epoch().unwrap(), 1);
    store.commit(commit("a", 1)).unwrap();
    store.commit(commit("c", 0)).unwrap();
    drop(store);
    assert!(verify_log(&house.open()).unwrap().holds());
}

/// Runs SQL on the database itself, as somebody who found it would.
fn meddle(house: &House, text: &str) {
    match house {
        House::Sqlite(dir) => {
            let conn = rusqlite::Connection::open(dir.path().join("data/candor.db")).unwrap();
            conn.execute_batch(text).unwrap();
        }
        House::Postgres(cluster) => {
            let text = format!("SET search_path = candor; {text}");
            cluster.sql("postgres", &text);
        }
    }
}

fn a_changed_history_is_not_sealed_anew(house: &House) {
    let store = house.store();
    fill(&store);
    drop(store);
    meddle(house, "UPDATE history_account SET events = events + 1");
    let refused = house.open().rotate_instance(&new_key(1)).unwrap_err();
    assert!(matches!(refused, StoreError::Damaged(_)), "{refused}");
    meddle(house, "UPDATE history_account SET events = events - 1");
    whole(&house.open());
    assert!(house.open_with(&new_key(1)).is_err());
}

#[test]
fn a_server_that_began_before_writes_nothing_more() {
    let Some(house) = House::postgres() else {
        return;
    };
    let before = house.store();
    fill(&before);
    house.open().rotate_program(&slug("threatdex")).unwrap();
    // It still has the old key of the program in its memory, and would seal a case under it.
    let refused = before.commit(commit("lost", 0)).unwrap_err();
    assert!(
        matches!(&refused, StoreError::Unwritable(why) if why.contains("started anew")),
        "{refused}"
    );
    let store = house.open();
    assert_eq!(store.load(&slug("threatdex"), &case("lost")).unwrap(), None);
    whole(&store);
}

/// Set in the child: where the data are, and the numbers of both keys.
const CHILD: &str = "CANDOR_TEST_ROTATING_CHILD";

#[test]
fn child() {
    let Some(task) = std::env::var_os(CHILD) else {
        return;
    };
    let task = task.into_string().unwrap();
    let mut words = task.splitn(3, ' ');
    let mut number = || words.next().unwrap().parse::<u8>().unwrap();
    let (from, to) = (new_key(number()), new_key(number()));
    let place = words.next().unwrap();
    let store = if place.starts_with("postgres:") {
        SealedStore::connect(&DatabaseUrl::parse(place).unwrap(), &from).unwrap()
    } else {
        SealedStore::open(std::path::Path::new(place), &from).unwrap()
    };
    std::io::stdout().lock().write_all(b"\nready\n").unwrap();
    store.rotate_instance(&to).unwrap();
}

fn killed_at_any_moment_one_of_both_keys_opens_everything(house: &House) {
    let store = house.store();
    fill(&store);
    // Enough that it takes a moment.
    for n in 0..60 {
        put_program(&store, &format!("more-{n}"));
        store.commit(commit(&format!("more-{n}"), 0)).unwrap();
    }
    store.rotate_instance(&new_key(1)).unwrap();
    let place = match house {
        House::Sqlite(dir) => dir.path().join("data").display().to_string(),
        House::Postgres(cluster) => cluster.url("postgres"),
    };
    let mut now = 1;
    let mut moved = 0;
    for round in 0..12 {
        let next = now + 1;
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--nocapture"])
            .env(CHILD, format!("{now} {next} {place}"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap() == "ready"));
        std::thread::sleep(Duration::from_micros(round * round * round * 400));
        child.kill().unwrap();
        child.wait().unwrap();
        let mut tries = 0;
        let store = loop {
            match (
                house.open_with(&new_key(now)),
                house.open_with(&new_key(next)),
            ) {
                (Ok(store), Err(_)) => break store,
                (Err(_), Ok(store)) => {
                    now = next;
                    moved += 1;
                    break store;
                }
                (one, two) => {
                    // The database may still be ending what the dead process began.
                    tries += 1;
                    assert!(tries < 50, "{one:?} {two:?}");
                    drop((one, two));
                    std::thread::sleep(Duration::from_millis(100));
                }
            }
        };
        assert_eq!(store.rows(&slug("threatdex")).unwrap().len(), 62);
        assert!(store.account_by_login("ada").unwrap().is_some());
        assert_eq!(store.setting("code").unwrap().as_deref(), Some("words"));
        assert!(verify_log(&store).unwrap().holds());
    }
    assert!(
        moved > 0,
        "no change came through: the kills were too early"
    );
}
