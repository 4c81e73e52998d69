//! The drill: an instance is backed up while it runs, killed, put back on the other engine,
//! and goes on there. And moves, and backups that a server makes by itself.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use candor_cluster::Cluster;
use common::{Place, Server, opens, submit};

/// Makes an identity; gives its recipient.
fn identity(place: &Place) -> String {
    let made = place
        .run(&["backup", "--make-identity", "identity.txt"])
        .must(0);
    let recipient = made.out.trim().to_owned();
    assert!(recipient.starts_with("age1"), "{recipient}");
    place
        .run(&["backup", "--make-identity", "identity.txt"])
        .must(3)
        .says("none is written over");
    recipient
}

fn code(server: &Server, summary: &str) -> String {
    let answer = submit(&server.base, "lantern", summary).unwrap();
    assert_eq!(answer.0, 201);
    answer.1["code"].as_str().unwrap().to_owned()
}

/// A folder with a configuration that names the database.
fn on_database(place: &Place, cluster: &Cluster) {
    let url = cluster.url("postgres");
    place.write("candor.toml", format!("[database]\nurl = \"{url}\"\n"));
}

const FOLDER: [&str; 2] = ["--key", "instance.key"];
const DATABASE: [&str; 4] = ["--key", "instance.key", "--config", "candor.toml"];

/// Backs up a running server, kills it, and puts the backup back elsewhere.
fn drill(place: &Place, from: &[&str], into: &[&str], after: &[&str], data: &str) {
    let recipient = identity(place);
    let policy = place.policy();
    let mut args = from.to_vec();
    args.push(policy.to_str().unwrap());
    let server = place.serve(&args);
    let codes = [code(&server, "canary one"), code(&server, "canary two")];
    let data_folder = place.data();
    let mut args = vec!["backup", "--to", "one.age", "--recipient", &recipient];
    args.extend(["--data", data_folder.to_str().unwrap()]);
    args.extend(from);
    place.run(&args).must(0).says("2 cases").says("read back");
    place.run(&args).must(3).says("none is written over");
    let late = code(&server, "canary three");
    server.kill();

    let bytes = std::fs::read(place.path("one.age")).unwrap();
    assert!(bytes.starts_with(b"age-encryption.org/v1"));
    place
        .run(&[
            "verify-backup",
            "one.age",
            "--identity",
            "identity.txt",
            "--key",
            "instance.key",
        ])
        .must(0)
        .says("all of it opens");
    let mut args = vec!["restore", "one.age", "--identity", "identity.txt"];
    args.extend(["--key", "instance.key"]);
    args.extend(into);
    place
        .run(&args)
        .must(0)
        .says("Every history holds")
        .says("No letter leaves");
    place.run(&args).must(1).says("is not empty");

    let mut args = after.to_vec();
    args.extend(["--data", data]);
    let server = place.serve(&args);
    for code in &codes {
        assert!(opens(&server.base, "lantern", code));
    }
    assert!(
        !opens(&server.base, "lantern", &late),
        "it came after the backup"
    );
    place
        .run(&["letters", "--data", data])
        .must(0)
        .says("held back");
    let mut doctor = vec!["doctor", "--data", data];
    doctor.extend(after);
    place
        .run(&doctor)
        .says("put back from a backup")
        .says("Ask reporters who got no answer");
    place
        .run(&["letters", "--send", "--data", data])
        .must(0)
        .says("leave as they fall due");
    let new = code(&server, "canary four");
    assert!(opens(&server.base, "lantern", &new), "and it goes on");
    place
        .run(&["verify-log", "--data", data])
        .must(0)
        .says("3 cases")
        .says("0 broken");
    let (ended, log) = server.terminate();
    assert_eq!(ended, 0, "{log}");
    assert!(!log.contains("canary"));
}

#[test]
fn a_backup_of_a_data_folder_is_put_back_into_a_database() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let place = Place::new();
    on_database(&place, &cluster);
    let url = cluster.url("postgres");
    drill(&place, &FOLDER, &["--into", &url], &DATABASE, "second");
}

#[test]
fn a_backup_of_a_database_is_put_back_into_a_data_folder() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let place = Place::new();
    on_database(&place, &cluster);
    drill(&place, &DATABASE, &["--into", "second"], &FOLDER, "second");
}

#[test]
fn what_is_not_a_whole_backup_of_ours_is_refused() {
    let place = Place::new();
    let recipient = identity(&place);
    let policy = place.policy();
    drop(place.serve(&["--key", "instance.key", policy.to_str().unwrap()]));
    let backup = [
        "backup",
        "--to",
        "one.age",
        "--data",
        "data",
        "--key",
        "instance.key",
    ];
    place
        .run(&[&backup[..], &["--recipient", "age1nonsense"]].concat())
        .must(2)
        .says("not an age recipient");
    place
        .run(&[&backup[..], &["--recipient", &recipient]].concat())
        .must(0);
    let restore = |file: &str, identity: &str, key: &str| {
        place.run(&[
            "restore",
            file,
            "--identity",
            identity,
            "--key",
            key,
            "--into",
            "to",
        ])
    };
    // For somebody else.
    place
        .run(&["backup", "--make-identity", "other.txt"])
        .must(0);
    restore("one.age", "other.txt", "instance.key")
        .must(1)
        .says("other recipients");
    restore("one.age", "instance.key", "instance.key")
        .must(2)
        .says("no age identity");
    // Of another instance.
    drop(place.serve(&[
        "--data",
        "data2",
        "--key",
        "second.key",
        policy.to_str().unwrap(),
    ]));
    restore("one.age", "identity.txt", "second.key")
        .must(1)
        .says("another instance key");
    restore("one.age", "identity.txt", "no.key")
        .must(2)
        .says("never in a backup");
    // Cut off, changed, something else.
    let bytes = std::fs::read(place.path("one.age")).unwrap();
    place.write("cut.age", &bytes[..bytes.len() - 100]);
    restore("cut.age", "identity.txt", "instance.key")
        .must(1)
        .says("damaged");
    let mut bent = bytes.clone();
    let middle = bent.len() / 2;
    bent[middle] ^= 1;
    place.write("bent.age", &bent);
    restore("bent.age", "identity.txt", "instance.key")
        .must(1)
        .says("damaged");
    place.write("text.age", "hello");
    restore("text.age", "identity.txt", "instance.key")
        .must(1)
        .says("not an age file");
    assert!(!place.path("to/candor.db").exists());
    restore("one.age", "identity.txt", "instance.key").must(0);
}

#[test]
fn a_moved_instance_goes_on_there_and_not_here() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let place = Place::new();
    on_database(&place, &cluster);
    let url = cluster.url("postgres");
    let policy = place.policy();
    let server = place.serve(&["--key", "instance.key", policy.to_str().unwrap()]);
    let first = code(&server, "canary");
    let there = [
        "move",
        "--data",
        "data",
        "--key",
        "instance.key",
        "--to",
        &url,
    ];
    place.run(&there).must(3).says("already running");
    server.terminate();
    place.run(&there).must(0).says("are the same");
    place.run(&there).must(1).says("was moved to");
    let serve = [
        "serve",
        "--data",
        "data",
        "--key",
        "instance.key",
        "--listen",
        "127.0.0.1:0",
    ];
    place
        .run(&serve)
        .must(3)
        .says("This data was moved to postgres://");

    let mut args = DATABASE.to_vec();
    args.extend(["--data", "beside"]);
    let server = place.serve(&args);
    assert!(opens(&server.base, "lantern", &first));
    let second = code(&server, "canary two");
    let mut back = vec!["move", "--data", "beside", "--to", "again"];
    back.extend(DATABASE);
    place.run(&back).must(1).says("Stop every server");
    server.terminate();
    place.run(&back).must(0).says("are the same");
    let server = place.serve(&["--data", "again", "--key", "instance.key"]);
    for code in [&first, &second] {
        assert!(opens(&server.base, "lantern", code));
    }
    drop(server);
    place
        .run(&["move", "--undo", "--data", "data", "--key", "instance.key"])
        .must(0);
    drop(place.serve(&["--data", "data", "--key", "instance.key"]));
}

fn backups(place: &Place) -> Vec<PathBuf> {
    let found = std::fs::read_dir(place.path("backups")).unwrap();
    let mut found: Vec<PathBuf> = found.map(|f| f.unwrap().path()).collect();
    found.retain(|p| p.extension().is_some_and(|e| e == "age"));
    found.sort();
    found
}

#[test]
fn a_server_makes_backups_by_itself_and_removes_old_ones() {
    let place = Place::new();
    let recipient = identity(&place);
    let folder = place.path("backups");
    place.write("backups/candor-20200101T000000Z.age", "old");
    place.write("backups/candor-20200102T000000Z.age", "old");
    place.write("backups/mine.age", "mine");
    let config = format!(
        "[backup]\nevery = \"1h\"\nto = \"{}\"\nrecipients = [\"{recipient}\"]\nkeep = 2\n",
        folder.display()
    );
    place.write("candor.toml", config);
    let doctor = [
        "doctor",
        "--data",
        "data",
        "--key",
        "instance.key",
        "--config",
        "candor.toml",
    ];
    place.run(&doctor).says("newer ones failed");
    let policy = place.policy();
    let server = place.serve(&[&DATABASE[..], &[policy.to_str().unwrap()]].concat());
    let until = Instant::now() + Duration::from_mins(1);
    while backups(&place)
        .iter()
        .any(|p| p.ends_with("candor-20200101T000000Z.age"))
    {
        assert!(
            Instant::now() < until,
            "{:?} {}",
            backups(&place),
            server.log()
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    let found = backups(&place);
    assert_eq!(
        found.len(),
        3,
        "two of ours, and one that is not: {found:?}"
    );
    let newest = found.iter().rfind(|p| !p.ends_with("mine.age")).unwrap();
    place
        .run(&[
            "verify-backup",
            newest.to_str().unwrap(),
            "--identity",
            "identity.txt",
        ])
        .must(0)
        .says("whole");
    place.run(&doctor).says("no older than it may be");
    drop(server);
    // The folder is gone: the log, the doctor and the running server say so.
    std::fs::remove_dir_all(&folder).unwrap();
    let server = place.serve(&DATABASE);
    let until = Instant::now() + Duration::from_mins(1);
    loop {
        let said = place.run(&doctor);
        if said.out.contains("The last backup failed") {
            break;
        }
        assert!(Instant::now() < until, "{said:?}");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(server.log().contains("a backup failed"));
}
