//! The schema, and what happens when connections break.

use std::path::PathBuf;
use std::sync::Arc;

use candor_cluster::Cluster;
use candor_ports::{Store as _, StoreError};

use super::*;
use crate::error::OpenError;
use crate::key::InstanceKey;
use crate::store::SealedStore;
use crate::store::common::*;

fn url(cluster: &Cluster) -> DatabaseUrl {
    DatabaseUrl::parse(&cluster.url("postgres")).unwrap()
}

fn opened(cluster: &Cluster) -> SealedStore {
    SealedStore::connect(&url(cluster), &key()).unwrap()
}

/// The message for the person, and no password in it.
fn refused(address: &str, key: &InstanceKey) -> (OpenError, String) {
    let url = DatabaseUrl::parse(address).unwrap();
    let error = SealedStore::connect(&url, key).unwrap_err();
    let said = error.for_person();
    (error, said)
}

#[test]
fn every_statement_fits_the_real_schema() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    drop(opened(&cluster));
    let link = link::Link::start(&url(&cluster)).unwrap();
    let session = link.connect().unwrap();
    for statement in crate::sql::ALL {
        let prepared = match session.prepare(statement.postgres) {
            Ok(prepared) => prepared,
            Err(e) => panic!("{}: {e}", statement.name),
        };
        for kind in prepared.params() {
            assert!(Sent::accepts(kind), "{}: {kind}", statement.name);
        }
    }
}

#[test]
fn every_column_says_what_it_holds() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    drop(opened(&cluster));
    let columns = cluster.sql(
        "postgres",
        "SELECT table_name || ' ' || column_name FROM information_schema.columns \
         WHERE table_schema = 'candor'",
    );
    assert!(columns.lines().count() > 50);
    for line in columns.lines() {
        let (table, column) = line.split_once(' ').unwrap();
        let marked = opening::MIGRATIONS.iter().any(|m| {
            let start = format!("CREATE TABLE {table} (");
            let body = m.text.split_once(&start).map_or("", |(_, rest)| rest);
            let body = body.split_once("\n)").map_or(body, |(body, _)| body);
            let added = format!("ALTER TABLE {table} ADD COLUMN ");
            let later = m.text.split(&added).skip(1);
            body.lines()
                .chain(later.filter_map(|rest| rest.lines().next()))
                .filter(|l| l.trim_start().starts_with(&format!("{column} ")))
                .any(|l| {
                    let word = l.rsplit_once("-- ").map(|(_, word)| word);
                    matches!(word, Some("public" | "case" | "secret" | "personal"))
                })
        });
        assert!(marked, "{table}.{column} is not marked");
    }
}

#[test]
fn a_database_that_cannot_be_used_is_said_and_left_alone() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    // Not there.
    let (_, said) = refused("postgres://u:canary@localhost:1/candor", &key());
    assert!(said.contains("postgres://localhost:1/candor"), "{said}");
    assert!(!said.contains("canary"), "{said}");
    let (_, said) = refused(&cluster.url("nothing"), &key());
    assert!(said.contains("nothing"), "{said}");
    // Of another program.
    let foreign = cluster.database("other");
    cluster.sql(
        "other",
        "CREATE SCHEMA candor; CREATE TABLE candor.mine (x int)",
    );
    let (error, _) = refused(&foreign, &key());
    assert!(matches!(error, OpenError::Corrupt { .. }), "{error}");
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'candor'";
    assert_eq!(cluster.sql("other", tables), "1");
    // Of another encoding.
    cluster.sql(
        "postgres",
        "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0",
    );
    let (_, said) = refused(&cluster.url("latin"), &key());
    assert!(said.contains("LATIN1"), "{said}");
    // Under another key, and of a later version.
    let ours = url(&cluster);
    assert!(!SealedStore::is_there(&ours).unwrap());
    drop(opened(&cluster));
    assert!(SealedStore::is_there(&ours).unwrap());
    let other = InstanceKey::from_bytes([7; 32]);
    let (error, _) = refused(&cluster.url("postgres"), &other);
    assert!(matches!(error, OpenError::WrongKey { .. }), "{error}");
    cluster.sql(
        "postgres",
        "INSERT INTO candor.schema_version VALUES (99, 'later')",
    );
    let (error, _) = refused(&cluster.url("postgres"), &key());
    assert!(
        matches!(error, OpenError::NewerSchema { found: 99, .. }),
        "{error}"
    );
}

#[test]
fn many_starts_at_once_make_one_instance() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|_| scope.spawn(|| opened(&cluster))).collect();
        for one in all {
            one.join().unwrap();
        }
    });
    assert_eq!(
        cluster.sql("postgres", "SELECT count(*) FROM candor.instance"),
        "1"
    );
    assert_eq!(
        cluster.sql("postgres", "SELECT count(*) FROM candor.schema_version"),
        opening::MIGRATIONS.len().to_string()
    );
}

#[test]
fn a_commit_that_was_done_is_known_although_its_answer_was_lost() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    drop(opened(&cluster));
    let link = link::Link::start(&url(&cluster)).unwrap();
    let name = |end: &str| {
        let session = link.connect().unwrap();
        let begin = include_str!("../../sql/postgres/engine/begin.sql");
        let name = session.batch_text(begin).unwrap().unwrap();
        session.batch(end).unwrap();
        name
    };
    let (done, undone) = (name("COMMIT"), name("ROLLBACK"));
    let became = |name: &str| writer::what_became_of(&link, name);
    assert!(matches!(became(&done), writer::Try::Ended(Ok(()))));
    assert!(matches!(became(&undone), writer::Try::Again(_)));
}

#[test]
fn broken_connections_lose_nothing_and_double_nothing() {
    let Some(mut cluster) = Cluster::start() else {
        return;
    };
    let store = Arc::new(opened(&cluster));
    put_program(store.as_ref(), "threatdex");
    let program = slug("threatdex");
    let write = |from: u32, to: u32| {
        let store = Arc::clone(&store);
        std::thread::spawn(move || {
            let mut stored = Vec::new();
            for n in from..to {
                let seed = n.to_string();
                let mut new = commit(&seed, 0);
                new.receipt = Some(receipt(&seed));
                match store.commit(new) {
                    Ok(()) => stored.push(seed),
                    // The database was gone for longer than is waited for.
                    Err(StoreError::Unwritable(_)) => {}
                    Err(other) => panic!("{other:?}"),
                }
            }
            stored
        })
    };
    let writers: Vec<_> = (0..4).map(|n| write(n * 100, n * 100 + 60)).collect();
    for _ in 0..12 {
        std::thread::sleep(std::time::Duration::from_millis(40));
        cluster.sql(
            "postgres",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE application_name = 'candor'",
        );
    }
    cluster.kill();
    cluster.run();
    let mut stored: Vec<String> = Vec::new();
    for writer in writers {
        stored.extend(writer.join().unwrap());
    }
    assert!(stored.len() > 20, "{}", stored.len());
    let events = cluster.sql("postgres", "SELECT count(*) FROM candor.event");
    let cases = store.all_cases().unwrap().len();
    assert_eq!(events, cases.to_string(), "one event each, none twice");
    for seed in &stored {
        let found = store.load(&program, &case(seed)).unwrap();
        assert_eq!(found.map(|e| e.len()), Some(1), "{seed} is there");
    }
    assert!(cases <= 240 && cases >= stored.len());
    assert!(crate::verify_log(store.as_ref()).unwrap().holds());
}

#[test]
fn a_database_that_is_gone_is_said_before_anything_is_taken() {
    let Some(mut cluster) = Cluster::start() else {
        return;
    };
    let store = opened(&cluster);
    put_program(&store, "threatdex");
    store.commit(commit("a", 0)).unwrap();
    cluster.stop();
    let gone = store.commit(commit("b", 0));
    assert!(matches!(gone, Err(StoreError::Unwritable(_))), "{gone:?}");
    let gone = store.rows(&slug("threatdex"));
    assert!(matches!(gone, Err(StoreError::Unwritable(_))), "{gone:?}");
    cluster.run();
    assert_eq!(store.rows(&slug("threatdex")).unwrap().len(), 1);
    store.commit(commit("b", 0)).unwrap();
    assert_eq!(store.rows(&slug("threatdex")).unwrap().len(), 2);
}

#[test]
fn a_writer_that_stands_still_gives_up_its_turn() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let store = opened(&cluster);
    put_program(&store, "threatdex");
    let link = link::Link::start(&url(&cluster)).unwrap();
    let frozen = link.connect().unwrap();
    frozen
        .batch("SET idle_in_transaction_session_timeout = '1s'")
        .unwrap();
    let begin = include_str!("../../sql/postgres/engine/begin.sql");
    frozen.batch_text(begin).unwrap();
    store.commit(commit("a", 0)).unwrap();
    assert!(frozen.batch("COMMIT").is_err());
}

#[test]
fn the_planner_is_told_when_there_are_many_cases() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    cluster.sql("postgres", "ALTER SYSTEM SET autovacuum = off");
    cluster.sql("postgres", "SELECT pg_reload_conf()");
    let store = opened(&cluster);
    put_program(&store, "threatdex");
    // Unknown is -1.
    let known = || {
        let asked = "SELECT reltuples::int FROM pg_class WHERE oid = 'candor.cases'::regclass";
        cluster.sql("postgres", asked).parse::<i32>().unwrap()
    };
    for n in 0..290 {
        store.commit(commit(&n.to_string(), 0)).unwrap();
    }
    assert_eq!(known(), -1);
    for n in 290..310 {
        store.commit(commit(&n.to_string(), 0)).unwrap();
    }
    assert!(known() >= 290, "{}", known());
}

#[test]
fn what_nobody_waited_for_fails_the_job_that_sent_it() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let store = opened(&cluster);
    put_program(&store, "threatdex");
    store.commit(commit("a", 0)).unwrap();
    let crate::engine::Writer::Postgres(writer) = &store.writer else {
        panic!("another engine");
    };
    let twice = writer.run(|session| {
        let row = "INSERT INTO setting (key, value_sealed) VALUES ($1, $2)";
        let values = || vec![Kept::Text("one".to_owned()), Kept::Bytes(vec![1])];
        session.send_off(row, values())?;
        session.send_off(row, values())?;
        Ok(())
    });
    assert_eq!(twice, Err(StoreError::Exists));
    let settings = "SELECT count(*) FROM candor.setting WHERE key = 'one'";
    assert_eq!(
        cluster.sql("postgres", settings),
        "0",
        "all of it is undone"
    );
    // The next job is none the worse.
    store.commit(commit("b", 0)).unwrap();
    assert_eq!(store.rows(&slug("threatdex")).unwrap().len(), 2);
}

#[test]
fn the_address_of_a_store_is_shown_without_secrets() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let address = cluster.url("postgres").replace("candor@", "candor:canary@");
    let url = DatabaseUrl::parse(&address).unwrap();
    let store = SealedStore::connect(&url, &key()).unwrap();
    let shown = format!("{store:?} {}", PathBuf::from(url.place()).display());
    assert!(
        shown.contains("postgres://") && !shown.contains("canary"),
        "{shown}"
    );
}
