//! The server on a PostgreSQL database, alone and as one of two.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_cluster::Cluster;
use common::{Place, Server, opens, submit};

/// A place whose configuration names the database; the key is the same for all.
fn place(cluster: &Cluster) -> Place {
    let place = Place::new();
    let url = cluster.url("postgres");
    place.write("candor.toml", format!("[database]\nurl = \"{url}\"\n"));
    place
}

fn serve(place: &Place, key: &str, more: &[&str]) -> Server {
    let mut args = vec!["--config", "candor.toml", "--key", key];
    args.extend(more);
    place.serve(&args)
}

fn code(answer: &(u16, serde_json::Value)) -> String {
    assert_eq!(answer.0, 201);
    answer.1["code"].as_str().unwrap().to_owned()
}

#[test]
fn two_servers_share_a_database_and_one_goes_on_without_the_other() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let (one, two) = (place(&cluster), place(&cluster));
    let key = one.path("shared.key");
    let key = key.to_str().unwrap();
    let policy = one.policy();
    let first = serve(&one, key, &[policy.to_str().unwrap()]);
    let second = serve(&two, key, &[]);
    assert!(second.text().contains("Lantern"), "{}", second.text());

    let a = code(&submit(&first.base, "lantern", "canary one").unwrap());
    let b = code(&submit(&second.base, "lantern", "canary two").unwrap());
    for server in [&first, &second] {
        assert!(opens(&server.base, "lantern", &a));
        assert!(opens(&server.base, "lantern", &b));
    }
    first.kill();
    let c = code(&submit(&second.base, "lantern", "canary three").unwrap());
    assert!(opens(&second.base, "lantern", &c));

    // Beside a server that runs, through its socket; and on the database itself.
    let data = two.data();
    let data = data.to_str().unwrap();
    two.run(&["verify-log", "--data", data])
        .must(0)
        .says("3 cases");
    let elsewhere = [
        "--data",
        "elsewhere",
        "--config",
        "candor.toml",
        "--key",
        key,
    ];
    let with = |command: &'static str| {
        let mut args = vec![command];
        args.extend(elsewhere);
        args
    };
    two.run(&with("verify-log"))
        .must(0)
        .says("3 cases")
        .says("0 broken");
    two.run(&with("rebuild")).must(0).says("3 cases");
    two.run(&with("doctor"))
        .must(0)
        .says("1 program, 0 people, 3 cases");
    let (ended, log) = second.terminate();
    assert_eq!(ended, 0, "{log}");
    for secret in ["canary", a.as_str(), "postgres://candor@"] {
        assert!(!log.contains(secret), "`{secret}` is in the log: {log}");
    }
    // Nothing of it lies in the folder, and nothing readable in the database.
    assert!(!two.data().join("candor.db").exists());
    let all = cluster.sql("postgres", "SELECT sealed FROM candor.event");
    assert!(all.lines().count() >= 3);

    // A history that is changed there is seen.
    cluster.sql(
        "postgres",
        "UPDATE candor.event SET sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1) \
         WHERE position = (SELECT min(position) FROM candor.event)",
    );
    two.run(&with("verify-log")).must(1).says("broken");
}

#[test]
fn what_does_not_fit_is_said_before_anything_is_done() {
    let Some(mut cluster) = Cluster::start() else {
        return;
    };
    let place = place(&cluster);
    let policy = place.policy();
    let policy = policy.to_str().unwrap();
    drop(serve(&place, "a.key", &[policy]));

    // The key is not there: none is made in its place.
    place
        .run(&[
            "serve",
            "--config",
            "candor.toml",
            "--key",
            "b.key",
            "--listen",
            "127.0.0.1:0",
        ])
        .must(3)
        .says("its key is not at");
    assert!(!place.path("b.key").exists());
    // Another key.
    place.write("c.key", "");
    std::fs::remove_file(place.path("c.key")).unwrap();
    drop(place.serve(&["--data", "own", "--key", "c.key", policy]));
    place
        .run(&[
            "verify-log",
            "--data",
            "x",
            "--config",
            "candor.toml",
            "--key",
            "c.key",
        ])
        .must(3)
        .says("does not fit the data");
    // Data in the folder is not passed over.
    place
        .run(&[
            "serve",
            "--data",
            "own",
            "--config",
            "candor.toml",
            "--key",
            "a.key",
            policy,
        ])
        .must(3)
        .says("does not copy");
    // One folder, one server.
    let server = serve(&place, "a.key", &[]);
    let data = place.data();
    place
        .run(&[
            "serve",
            "--data",
            data.to_str().unwrap(),
            "--config",
            "candor.toml",
            "--key",
            "a.key",
            "--listen",
            "127.0.0.1:0",
        ])
        .must(3)
        .says("already running");
    drop(server);
    // No database.
    cluster.stop();
    place
        .run(&[
            "doctor",
            "--data",
            "x",
            "--config",
            "candor.toml",
            "--key",
            "a.key",
        ])
        .must(1)
        .says("could not open postgres://");
}
