//! Wrong files, wrong folders, taken ports: said plainly, nothing touched.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::net::TcpListener;

use common::{POLICY, Place};

/// Nothing was made: no data, no key.
fn untouched(place: &Place) {
    assert!(!place.data().exists(), "a data folder was made");
    assert!(
        !place.path("config").exists(),
        "a configuration folder was made"
    );
}

fn serve_fails(place: &Place, policy: &str) -> common::Ended {
    let data = place.data();
    let listen = ["--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()];
    let mut args = vec!["serve", policy];
    args.extend(listen);
    place.run(&args)
}

#[test]
fn a_file_that_is_no_policy_touches_nothing() {
    let place = Place::new();
    let cases: [(&str, Vec<u8>, &str); 4] = [
        ("empty.md", b"  \n".to_vec(), "empty"),
        ("binary.md", vec![0, 159, 146, 150, 0, 1, 2], "not text"),
        (
            "novel.md",
            b"Once upon a time there was a small village by the sea.\n".to_vec(),
            "does not speak of security",
        ),
        (
            "large.md",
            POLICY.repeat(3000).into_bytes(),
            "larger than 1 MiB",
        ),
    ];
    for (name, bytes, words) in cases {
        let path = place.write(name, bytes);
        serve_fails(&place, path.to_str().unwrap())
            .must(2)
            .says(words)
            .says(name);
        untouched(&place);
    }
}

#[test]
fn a_file_that_is_not_there_or_a_folder_is_named() {
    let place = Place::new();
    serve_fails(&place, "nowhere.md")
        .must(2)
        .says("nowhere.md")
        .says("no such file");
    std::fs::create_dir(place.path("folder")).unwrap();
    serve_fails(&place, "folder")
        .must(2)
        .says("is a folder")
        .says("folder/SECURITY.md");
    untouched(&place);
}

#[test]
fn one_bad_policy_among_good_ones_stops_the_start() {
    let place = Place::new();
    let good = place.policy();
    let bad = place.write("b/SECURITY.md", "");
    let data = place.data();
    place
        .run(&[
            "serve",
            good.to_str().unwrap(),
            bad.to_str().unwrap(),
            "--data",
            data.to_str().unwrap(),
        ])
        .must(2)
        .says("empty");
    untouched(&place);
}

#[test]
fn no_policy_and_no_data_asks_for_one() {
    let place = Place::new();
    place.run(&["serve"]).must(2).says("Name at least one");
    untouched(&place);
}

#[test]
fn two_policies_of_one_name_are_refused() {
    let place = Place::new();
    let (a, b) = (place.policy(), place.write("other/SECURITY.md", POLICY));
    let data = place.data();
    place
        .run(&[
            "serve",
            a.to_str().unwrap(),
            b.to_str().unwrap(),
            "--listen",
            "127.0.0.1:0",
            "--data",
            data.to_str().unwrap(),
        ])
        .must(2)
        .says("lantern");
}

#[test]
fn a_port_in_use_is_said_before_anything_is_made() {
    let place = Place::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (policy, data) = (place.policy(), place.data());
    place
        .run(&[
            "serve",
            policy.to_str().unwrap(),
            "--listen",
            &address,
            "--data",
            data.to_str().unwrap(),
        ])
        .must(3)
        .says("in use")
        .says("--listen");
    untouched(&place);
}

#[test]
fn a_folder_that_cannot_be_made_is_said() {
    let place = Place::new();
    place.write("file", "not a folder");
    let policy = place.policy();
    place
        .run(&[
            "serve",
            policy.to_str().unwrap(),
            "--listen",
            "127.0.0.1:0",
            "--data",
            "file/data",
        ])
        .must(3)
        .says("file/data");
}

#[test]
fn a_damaged_or_foreign_database_is_left_as_it_is() {
    for (bytes, words) in [
        (
            b"this is no database at all, only some text".repeat(300),
            "not a database",
        ),
        (foreign_database(), "another program"),
    ] {
        let place = Place::new();
        let database = place.write("data/candor.db", &bytes);
        // A key, so that only the database is at fault.
        let key = place.write(
            "key",
            format!("candor-instance-key-v1 {}\n", "7".repeat(64)),
        );
        std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600))
            .unwrap();
        let (policy, data) = (place.policy(), place.data());
        place
            .run(&[
                "serve",
                policy.to_str().unwrap(),
                "--listen",
                "127.0.0.1:0",
                "--data",
                data.to_str().unwrap(),
                "--key",
                key.to_str().unwrap(),
            ])
            .must(3)
            .says(words)
            .says("left it as it is");
        assert_eq!(
            std::fs::read(&database).unwrap(),
            bytes,
            "the file was changed"
        );
    }
}

/// The head of an SQLite file that belongs to another program.
fn foreign_database() -> Vec<u8> {
    let mut bytes = vec![0_u8; 4096];
    bytes[..16].copy_from_slice(b"SQLite format 3\0");
    bytes[68..72].copy_from_slice(&0x1234_5678_u32.to_be_bytes());
    bytes
}

#[test]
fn a_data_folder_in_use_is_said() {
    let place = Place::new();
    let policy = place.policy();
    let server = place.serve(&[policy.to_str().unwrap()]);
    serve_fails(&place, policy.to_str().unwrap())
        .must(3)
        .says("already running");
    assert_eq!(server.page("healthz").status, 200, "the first one goes on");
}

#[test]
fn data_without_its_key_gets_no_new_one() {
    let place = Place::new();
    let policy = place.policy();
    place.serve(&[policy.to_str().unwrap()]).kill();
    std::fs::rename(place.path("config"), place.path("elsewhere")).unwrap();
    serve_fails(&place, policy.to_str().unwrap())
        .must(3)
        .says("its key is not at");
    assert!(!place.path("config").exists(), "no new key was made");
    let data = place.data();
    place
        .run(&["verify-log", "--data", data.to_str().unwrap()])
        .must(3)
        .says("its key is not at");
    std::fs::rename(place.path("elsewhere"), place.path("config")).unwrap();
    drop(place.serve(&[]));
}

#[test]
fn a_wrong_key_and_an_open_key_are_said() {
    let place = Place::new();
    let policy = place.policy();
    place.serve(&[policy.to_str().unwrap()]).kill();
    let other = place.write(
        "other.key",
        format!("candor-instance-key-v1 {}\n", "5".repeat(64)),
    );
    let data = place.data();
    let serve = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--data",
        data.to_str().unwrap(),
        "--key",
        other.to_str().unwrap(),
    ];
    place.run(&serve).must(3).says("chmod 600");
    std::fs::set_permissions(&other, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    place.run(&serve).must(3).says("does not fit");
}

#[test]
fn a_configuration_with_a_mistake_is_named() {
    let place = Place::new();
    let (policy, config) = (
        place.policy(),
        place.write("c.toml", "[smpt]\nhost = \"x\"\n"),
    );
    let data = place.data();
    place
        .run(&[
            "serve",
            policy.to_str().unwrap(),
            "--config",
            config.to_str().unwrap(),
            "--data",
            data.to_str().unwrap(),
        ])
        .must(2)
        .says("smpt");
    place
        .run(&[
            "serve",
            policy.to_str().unwrap(),
            "--public-url",
            "reports",
            "--listen",
            "127.0.0.1:0",
            "--data",
            data.to_str().unwrap(),
        ])
        .must(2)
        .says("https://reports.your.site");
    let plain = place.write(
        "d.toml",
        "mail_from = \"a@lantern.test\"\n[smtp]\nhost = \"mail.lantern.test\"\nsecurity = \"none\"\n",
    );
    place
        .run(&[
            "serve",
            policy.to_str().unwrap(),
            "--listen",
            "127.0.0.1:0",
            "--config",
            plain.to_str().unwrap(),
            "--data",
            data.to_str().unwrap(),
        ])
        .must(2)
        .says("without encryption");
    untouched(&place);
}

#[test]
fn a_policy_without_channel_and_promise_runs_with_warnings() {
    let place = Place::new();
    let policy = place.write(
        "thin/SECURITY.md",
        "# Security\n\nPlease tell us about vulnerabilities.\n",
    );
    let server = place.serve(&[policy.to_str().unwrap()]);
    let text = server.text();
    assert!(text.contains("Warnings:"), "{text}");
    assert!(
        text.contains("Candor's"),
        "its own rhythm is marked: {text}"
    );
    assert_eq!(server.page("p/thin/").status, 200);
}

#[test]
fn wrong_usage_is_exit_code_two() {
    let place = Place::new();
    place.run(&["serve", "--listen", "nonsense"]).must(2);
    place
        .run(&["verify", "missing.txt", "--key", "x"])
        .must(2)
        .says("missing.txt");
    place
        .run(&["report", "http://reports.lantern.test/p/x"])
        .must(2)
        .says("https://");
    place.run(&["clock", "eval", "missing.json"]).must(2);
    place
        .run(&["case", "list"])
        .must(3)
        .says("No server is running");
}
