//! A meddler who swaps two sealed values of a column, on either engine: neither opens.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_base::SessionId;
use candor_ports::{SessionKind, SessionRecord, Store, StoreError};
use candor_store::{SealedStore, verify_log};
use common::*;

with_every_engine!(
    two_sealed_values_that_changed_places_do_not_open,
    an_item_of_the_outbox_in_another_place_is_given_up,
    a_value_that_was_cut_or_changed_does_not_open,
);

fn session(n: u8) -> SessionId {
    SessionId::from_bytes([n; 32])
}

/// Two of everything.
fn fill(store: &SealedStore) {
    put_program(store, "beacon");
    for (n, seed) in (1..).zip(["a", "b"]) {
        let mut c = commit(seed, 0);
        c.blobs = vec![blob(&format!("body-{seed}"), seed.as_bytes())];
        c.receipt = Some(receipt(seed));
        c.outbox = vec![item(&format!("item-{seed}"), at(0))];
        store.commit(c).unwrap();
        store.commit(commit(seed, 1)).unwrap();
        let ada = account(&format!("login-{seed}"));
        store
            .add_session(SessionRecord {
                id: session(n),
                kind: SessionKind::Staff(ada.id),
                about: candor_ports::SessionAbout::default(),
                created: at(0),
                seen: at(0),
                expires: at(99),
            })
            .unwrap();
        store.add_account(ada).unwrap();
        store.put_setting(seed, Some(seed)).unwrap();
    }
    let mut c = commit("c", 0);
    c.program = slug("beacon");
    store.commit(c).unwrap();
}

/// Swaps a column of the first two rows of a table.
fn swap(house: &House, table: &str, key: &str, column: &str) {
    let insert = match house {
        House::Sqlite(_) => format!("INSERT INTO {table}"),
        House::Postgres(_) => format!("INSERT INTO {table} OVERRIDING SYSTEM VALUE"),
    };
    let nth = |n: u8| {
        format!(
            "SELECT * FROM {table} WHERE {column} IS NOT NULL ORDER BY {key} LIMIT 1 OFFSET {n}"
        )
    };
    house.meddle(&format!(
        "CREATE TEMP TABLE one AS {}; CREATE TEMP TABLE two AS {}; \
         CREATE TEMP TABLE kept AS SELECT {column} FROM one; \
         DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM one UNION SELECT {key} FROM two); \
         UPDATE one SET {column} = (SELECT {column} FROM two); \
         UPDATE two SET {column} = (SELECT {column} FROM kept); \
         {insert} SELECT * FROM one; {insert} SELECT * FROM two; \
         DROP TABLE one; DROP TABLE two; DROP TABLE kept;",
        nth(0),
        nth(1)
    ));
}

type Look = fn(&SealedStore) -> Result<(), StoreError>;

/// Every sealed column, the key of its table, and who reads it.
const COLUMNS: [(&str, &str, &str, Look); 11] = [
    ("program", "slug", "key_sealed", |s| {
        s.load(&slug("threatdex"), &case("a")).map(drop)
    }),
    ("policy", "program", "settings_sealed", |s| {
        let digest = digest("policy-text");
        s.policy(&slug("beacon"), &digest).map(drop)?;
        s.policy(&slug("threatdex"), &digest).map(drop)
    }),
    ("cases", "case_id", "key_sealed", |s| {
        s.load(&slug("threatdex"), &case("a")).map(drop)?;
        s.load(&slug("threatdex"), &case("b")).map(drop)
    }),
    ("cases", "case_id", "row_sealed", |s| {
        s.rows(&slug("threatdex")).map(drop)
    }),
    ("event", "position", "sealed", |s| {
        s.load(&slug("threatdex"), &case("a")).map(drop)
    }),
    ("blob", "blob_id", "sealed", |s| {
        let body = |seed: &str| {
            let id = blob(&format!("body-{seed}"), b"").id;
            s.blob(&slug("threatdex"), &case(seed), &id).map(drop)
        };
        body("a")?;
        body("b")
    }),
    ("receipt", "code_hash", "note_sealed", |s| {
        s.receipt_note(&slug("threatdex"), &case("a")).map(drop)
    }),
    ("account", "account_id", "record_sealed", |s| {
        s.accounts().map(drop)
    }),
    ("account", "account_id", "login_hash", |s| {
        s.account_by_login("login-a").map(drop)
    }),
    ("session", "session_id", "kind_sealed", |s| {
        s.session(&session(1)).map(drop)
    }),
    ("setting", "key", "value_sealed", |s| {
        s.setting("a").map(drop)?;
        s.setting("b").map(drop)
    }),
];

fn two_sealed_values_that_changed_places_do_not_open(house: &House) {
    fill(&house.store());
    for (table, key, column, look) in COLUMNS {
        look(&house.open()).unwrap_or_else(|e| panic!("{table}.{column} before: {e:?}"));
        swap(house, table, key, column);
        let result = look(&house.open());
        assert!(
            matches!(result, Err(StoreError::Damaged(_))),
            "{table}.{column}: {result:?}"
        );
        // Put back, all is well again.
        swap(house, table, key, column);
        look(&house.open()).unwrap();
    }
    assert!(verify_log(&house.open()).unwrap().holds());
}

fn an_item_of_the_outbox_in_another_place_is_given_up(house: &House) {
    fill(&house.store());
    swap(house, "outbox", "key", "effect_sealed");
    assert_eq!(house.open().lease_outbox(at(1), 1, 10).unwrap(), vec![]);
    // They are dead, and stay so.
    assert_eq!(house.open().lease_outbox(at(100), 1, 10).unwrap(), vec![]);
}

fn a_value_that_was_cut_or_changed_does_not_open(house: &House) {
    fill(&house.store());
    for (table, key, column, look) in COLUMNS {
        if column == "login_hash" {
            continue;
        }
        // All rows, so that whoever reads one meets it.
        let cut = match house {
            House::Sqlite(_) => format!("substr({column}, 1, length({column}) - 1)"),
            House::Postgres(_) => {
                format!("substring({column} FROM 1 FOR octet_length({column}) - 1)")
            }
        };
        house.meddle(&format!(
            "CREATE TABLE kept AS SELECT {key} AS k, {column} AS v FROM {table}; \
             UPDATE {table} SET {column} = {cut}"
        ));
        let result = look(&house.open());
        assert!(
            matches!(result, Err(StoreError::Damaged(_))),
            "{table}.{column}: {result:?}"
        );
        house.meddle(&format!(
            "UPDATE {table} SET {column} = (SELECT v FROM kept WHERE k = {table}.{key}); \
             DROP TABLE kept"
        ));
        look(&house.open()).unwrap();
    }
}
