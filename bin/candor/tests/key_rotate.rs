//! `candor key rotate` with the real program: whoever holds a receipt code still gets in, the
//! proofs hold, and a change that is cut off anywhere is gone on with by itself.
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
use std::path::{Path, PathBuf};
use std::time::Duration;

use common::{Place, opens, submit};

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A place with a case, its receipt code, and its key file.
fn with_a_case(place: &Place) -> (String, PathBuf) {
    let policy = place.policy();
    let key = place.path("keys/instance.key");
    let server = place.serve(&[policy.to_str().unwrap(), "--key", key.to_str().unwrap()]);
    let (status, answer) = submit(&server.base, "lantern", "A lamp that never goes out").unwrap();
    assert_eq!(status, 201);
    let data = place.data();
    let running = place
        .run(&[
            "key",
            "rotate",
            "--instance",
            "--data",
            data.to_str().unwrap(),
            "--key",
            key.to_str().unwrap(),
        ])
        .must(1);
    assert!(running.err.contains("Stop it"), "{running:?}");
    drop(server);
    (answer["code"].as_str().unwrap().to_owned(), key)
}

#[test]
fn keys_are_changed_and_everybody_still_gets_in() {
    let place = Place::new();
    let (code, key) = with_a_case(&place);
    let data = place.data();
    let common = [
        "--data",
        data.to_str().unwrap(),
        "--key",
        key.to_str().unwrap(),
    ];
    let run = |words: &[&str]| place.run(&[words, &common].concat());
    let before = fs::read(&key).unwrap();
    run(&["key", "rotate", "--instance"])
        .must(0)
        .says("backups made until now");
    assert_ne!(fs::read(&key).unwrap(), before);
    let kept = names(key.parent().unwrap());
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert_eq!(fs::read(key.with_file_name(&kept[1])).unwrap(), before);
    run(&["key", "rotate", "--program", "lantern"])
        .must(0)
        .says("1 cases");
    run(&["key", "rotate", "--program", "nobody"])
        .must(2)
        .says("no program nobody");
    run(&["key", "rotate"]).must(2);
    run(&["verify-log"]).must(0).says("0 broken");
    let server = place.serve(&["--key", key.to_str().unwrap()]);
    assert!(opens(&server.base, "lantern", &code));
    drop(server);
    // The old key opens nothing any more.
    let old = key.with_file_name(&kept[1]);
    place
        .run(&[
            "verify-log",
            "--data",
            data.to_str().unwrap(),
            "--key",
            old.to_str().unwrap(),
        ])
        .must(3);
    // A key that does not come from a file needs a place for the new one.
    let hex = fs::read_to_string(&key).unwrap();
    let rotate = [
        "key",
        "rotate",
        "--instance",
        "--data",
        data.to_str().unwrap(),
    ];
    let from_environment = |more: &[&str]| {
        let words = [&rotate, more].concat();
        place
            .candor(&words)
            .env("CANDOR_INSTANCE_KEY", hex.trim())
            .output()
            .unwrap()
    };
    assert_eq!(from_environment(&[]).status.code(), Some(2));
    let new = place.path("keys/new.key");
    let done = from_environment(&["--new", new.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    let server = place.serve(&["--key", new.to_str().unwrap()]);
    assert!(opens(&server.base, "lantern", &code));
}

#[test]
fn a_change_that_was_cut_off_is_gone_on_with() {
    let place = Place::new();
    let (code, key) = with_a_case(&place);
    let data = place.data();
    let common = [
        "--data",
        data.to_str().unwrap(),
        "--key",
        key.to_str().unwrap(),
    ];
    let verify = || {
        let done = place.run(&[&["verify-log"], &common[..]].concat());
        done.must(0).says("1 cases")
    };
    // Cut off before the data were touched: the new key waits, the old one opens.
    let next = key.with_file_name("instance.key.next");
    let waiting = format!("candor-instance-key-v1 {}\n", "5a".repeat(32));
    fs::write(&next, &waiting).unwrap();
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&next, fs::Permissions::from_mode(0o600)).unwrap();
    }
    verify();
    assert!(next.exists());
    place
        .run(&[&["key", "rotate", "--instance"], &common[..]].concat())
        .must(0);
    assert_eq!(
        fs::read_to_string(&key).unwrap(),
        waiting,
        "the waiting key was taken"
    );
    // Cut off after the data were sealed anew: as if the file had not been moved yet.
    let kept = names(key.parent().unwrap());
    fs::rename(&key, &next).unwrap();
    fs::rename(key.with_file_name(&kept[1]), &key).unwrap();
    verify();
    assert_eq!(names(key.parent().unwrap()), kept);
    assert_eq!(fs::read_to_string(&key).unwrap(), waiting);
    // Killed at other moments.
    for round in 0..8_u64 {
        let mut child = place
            .candor(&[&["key", "rotate", "--instance"], &common[..]].concat())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(round * 12));
        let _ = child.kill();
        child.wait().unwrap();
        verify();
    }
    let server = place.serve(&["--key", key.to_str().unwrap()]);
    assert!(opens(&server.base, "lantern", &code));
}
