//! A new version beside the old one: `candor migrate`, whether a server is ready, and how it
//! stops. With the real program, over both engines.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use candor_cluster::Cluster;
use common::{Place, Server, submit};

/// The two places a test runs over: a folder, and a database when there is PostgreSQL.
fn engines(test: impl Fn(&Place, Option<&Cluster>, String)) {
    test(&Place::new(), None, String::new());
    if let Some(cluster) = Cluster::start() {
        let database = format!("[database]\nurl = \"{}\"\n", cluster.url("postgres"));
        test(&Place::new(), Some(&cluster), database);
    }
}

fn tell_to_stop(server: &Server) {
    let id = server.child.id().to_string();
    let told = Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(told.success());
}

/// Waits until `/health/ready` answers with this status.
fn until_ready_is(server: &Server, status: u16) {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let page = server.page("health/ready");
        if page.status == status {
            let words = if status == 200 { "ok" } else { "not ready" };
            assert_eq!(page.text.trim(), words, "strangers learn nothing else");
            return;
        }
        assert!(Instant::now() < until, "{} {}", page.status, server.log());
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn ended(server: &mut Server, within: Duration) -> i32 {
    let until = Instant::now() + within;
    while server.lives() {
        assert!(Instant::now() < until, "it does not end: {}", server.log());
        std::thread::sleep(Duration::from_millis(20));
    }
    server.child.wait().unwrap().code().unwrap_or(-1)
}

#[test]
fn migrate_says_what_is_missing_and_does_it_without_serving() {
    engines(|place, _, database| {
        place.write(
            "candor.toml",
            format!("{database}[key]\nfile = \"a.key\"\n"),
        );
        let with = |more: &[&str]| {
            let mut args = vec!["migrate", "--data", "data", "--config", "candor.toml"];
            args.extend(more);
            place.run(&args)
        };
        with(&["--check"])
            .must(1)
            .says("There are no data")
            .says("missing");
        assert!(!place.path("a.key").exists(), "only looked at");
        with(&[])
            .must(0)
            .says("done       1  start")
            .says("the newest");
        with(&["--check"])
            .must(0)
            .says("the newest that this Candor knows");
        let json = with(&["--check", "--json"]).must(0).out;
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["schema"], json["known"]);
        assert_eq!(json["missing"], serde_json::json!([]));
    });
}

#[test]
fn a_server_that_may_not_migrate_leaves_older_data_alone() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let place = Place::new();
    let url = cluster.url("postgres");
    let text = format!("[database]\nurl = \"{url}\"\nmigrate = false\n[key]\nfile = \"a.key\"\n");
    place.write("candor.toml", text);
    let policy = place.policy();
    let refused = || {
        let policy = policy.to_str().unwrap();
        let listen = ["--listen", "127.0.0.1:0", "--data", "data"];
        let mut args = vec!["serve", "--config", "candor.toml", policy];
        args.extend(listen);
        place.run(&args).must(3).says("candor migrate")
    };
    let migrate = ["migrate", "--data", "data", "--config", "candor.toml"];
    refused().says("no data of Candor");
    place.run(&migrate).must(0);
    let serve = ["--config", "candor.toml", policy.to_str().unwrap()];
    drop(place.serve(&serve));
    // A database as the version before these migrations left it.
    let newest = "(SELECT max(version) FROM candor.schema_version)";
    let name = cluster.sql(
        "postgres",
        &format!("SELECT name FROM candor.schema_version WHERE version = {newest}"),
    );
    assert!(!name.trim().is_empty());
    cluster.sql(
        "postgres",
        "DELETE FROM candor.schema_version WHERE version >= 7; DROP TABLE candor.counter, candor.sign_in, candor.held_mail; \
         DROP TRIGGER cases_erased ON candor.cases; DROP FUNCTION candor.forget_words; \
         DROP TABLE candor.search_token, candor.search_part, candor.search_case; \
         ALTER TABLE candor.cases DROP COLUMN erased_sealed; \
         ALTER TABLE candor.schema_version DROP COLUMN oldest",
    );
    refused().says("schema version 6");
    place.run(&migrate).must(0).says("done       7  upgrade");
    drop(place.serve(&serve));
}

#[test]
fn a_server_that_is_told_to_stop_is_not_ready_first_and_ends_what_is_under_way() {
    engines(|place, _, database| {
        let text = format!("{database}[key]\nfile = \"a.key\"\n[limits]\ndrain_seconds = 3\n");
        place.write("candor.toml", text);
        let policy = place.policy();
        let mut server = place.serve(&["--config", "candor.toml", policy.to_str().unwrap()]);
        until_ready_is(&server, 200);
        assert_eq!(server.page("health/live").status, 200);

        // A request that is under way while it is told to stop.
        let address = server.base.strip_prefix("http://").unwrap();
        let mut slow = TcpStream::connect(address).unwrap();
        slow.write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\n")
            .unwrap();
        let began = Instant::now();
        tell_to_stop(&server);
        until_ready_is(&server, 503);
        assert_eq!(server.page("health/live").status, 200, "it lives");
        let taken = submit(&server.base, "lantern", "while it drains").unwrap();
        assert_eq!(taken.0, 201, "what comes in the meantime is taken");
        slow.write_all(b"Connection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        slow.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert_eq!(ended(&mut server, Duration::from_secs(20)), 0);
        assert!(began.elapsed() >= Duration::from_secs(3), "it waited");
        assert!(!place.data().join("candor.ready").exists());
    });
}

#[test]
fn a_second_signal_ends_it_at_once_and_nothing_taken_is_lost() {
    engines(|place, _, database| {
        let text = format!("{database}[key]\nfile = \"a.key\"\n[limits]\ndrain_seconds = 300\n");
        place.write("candor.toml", text);
        let policy = place.policy();
        let mut server = place.serve(&["--config", "candor.toml", policy.to_str().unwrap()]);
        until_ready_is(&server, 200);
        tell_to_stop(&server);
        until_ready_is(&server, 503);
        let taken = submit(&server.base, "lantern", "just before the end").unwrap();
        assert_eq!(taken.0, 201);
        tell_to_stop(&server);
        assert_eq!(ended(&mut server, Duration::from_secs(5)), 0);
        let again = place.serve(&["--config", "candor.toml"]);
        let code = taken.1["code"].as_str().unwrap();
        assert!(common::opens(&again.base, "lantern", code));
    });
}

#[test]
fn a_server_without_its_database_is_not_ready_and_is_again_with_it() {
    let Some(mut cluster) = Cluster::start() else {
        return;
    };
    let place = Place::new();
    let url = cluster.url("postgres");
    place.write("candor.toml", format!("[database]\nurl = \"{url}\"\n"));
    let policy = place.policy();
    let server = place.serve(&["--config", "candor.toml", policy.to_str().unwrap()]);
    until_ready_is(&server, 200);
    cluster.stop();
    until_ready_is(&server, 503);
    assert_eq!(server.page("health/live").status, 200);
    cluster.run();
    until_ready_is(&server, 200);
}
