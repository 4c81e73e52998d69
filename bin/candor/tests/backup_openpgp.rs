//! Backups for OpenPGP certificates: with the installed gpg, both ways.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::fs::File;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use candor_cluster::Gpg;
use common::{Ended, Place, opens, submit};

const OPS: &str = "ops@example.org";
const PASS: &str = "correct horse";
const BACKUP: [&str; 5] = ["backup", "--data", "data", "--key", "instance.key"];

/// A key ring with a locked key, its certificate and its secret key as files.
fn keys(place: &Place) -> Option<Gpg> {
    let gpg = Gpg::start()?;
    gpg.key_with(OPS, PASS, "future-default", "never");
    place.write("ops.asc", gpg.certificate(OPS));
    place.write("ops.sec", gpg.secret(OPS, PASS));
    place.write("phrase.txt", format!("{PASS}\n"));
    Some(gpg)
}

/// An instance with one report; gives the code of its receipt.
fn one_report(place: &Place) -> String {
    let policy = place.policy();
    let server = place.serve(&["--key", "instance.key", policy.to_str().unwrap()]);
    let answer = submit(&server.base, "lantern", "canary of the backup").unwrap();
    assert_eq!(answer.0, 201);
    let code = answer.1["code"].as_str().unwrap().to_owned();
    let (ended, log) = server.terminate();
    assert_eq!(ended, 0, "{log}");
    code
}

/// Runs it with a file as its standard input.
fn fed(place: &Place, args: &[&str], file: &str) -> Ended {
    let mut command = place.candor(args);
    command.stdin(File::open(place.path(file)).unwrap());
    Ended::of(command.output().unwrap())
}

#[test]
fn a_backup_for_a_certificate_is_opened_by_gpg_and_by_us() {
    let place = Place::new();
    let Some(gpg) = keys(&place) else { return };
    let code = one_report(&place);
    let make = [
        &BACKUP[..],
        &["--to", "one.pgp", "--recipient-openpgp", "ops.asc"],
    ]
    .concat();
    place.run(&make).must(0).says("1 cases").says("read back");
    place.run(&make).must(3).says("none is written over");

    // By us: from a file, from the environment, and not without the passphrase.
    let open = ["--openpgp-key", "ops.sec", "--key", "instance.key"];
    let verify = [&["verify-backup", "one.pgp"][..], &open].concat();
    let phrase = ["--passphrase-file", "phrase.txt"];
    place
        .run(&[&verify[..], &phrase].concat())
        .must(0)
        .says("whole")
        .says("all of it opens");
    place.run(&verify).must(2).says("is locked");
    let mut asked = place.candor(&verify);
    asked.env("CANDOR_OPENPGP_PASSPHRASE", PASS);
    Ended::of(asked.output().unwrap()).must(0).says("whole");
    let mut wrong = place.candor(&verify);
    wrong.env("CANDOR_OPENPGP_PASSPHRASE", "battery staple");
    let said = Ended::of(wrong.output().unwrap())
        .must(2)
        .says("does not unlock");
    assert!(!format!("{said:?}").contains("staple"));

    // By gpg, on standard input.
    let file = place.path("one.pgp");
    let decrypt = ["--passphrase", PASS, "--decrypt", file.to_str().unwrap()];
    place.write("clear", gpg.must(&decrypt));
    fed(&place, &["verify-backup", "-"], "clear")
        .must(0)
        .says("whole")
        .says("not tried");
    let with_key = ["verify-backup", "-", "--key", "instance.key"];
    fed(&place, &with_key, "clear")
        .must(0)
        .says("all of it opens");
    let restore = ["restore", "-", "--key", "instance.key", "--into", "by-gpg"];
    fed(&place, &restore, "clear")
        .must(0)
        .says("Every history holds");

    // And back again: what gpg encrypts, we put back.
    let clear = place.path("clear");
    let again = place.path("two.pgp");
    let mut encrypt = vec!["--recipient", OPS, "--output", again.to_str().unwrap()];
    encrypt.extend(["--encrypt", clear.to_str().unwrap()]);
    gpg.must(&encrypt);
    let mut restore = vec!["restore", "two.pgp", "--into", "by-us"];
    restore.extend(open);
    restore.extend(phrase);
    place.run(&restore).must(0).says("Every history holds");
    for folder in ["by-gpg", "by-us"] {
        let server = place.serve(&["--data", folder, "--key", "instance.key"]);
        assert!(opens(&server.base, "lantern", &code), "{folder}");
    }
}

#[test]
fn what_does_not_open_is_refused_in_words() {
    let place = Place::new();
    let Some(gpg) = keys(&place) else { return };
    one_report(&place);
    let make = [
        &BACKUP[..],
        &["--to", "one.pgp", "--recipient-openpgp", "ops.asc"],
    ]
    .concat();
    place.run(&make).must(0);
    let restore = |file: &str, key: &str| {
        let mut args = vec!["restore", file, "--openpgp-key", key, "--into", "to"];
        args.extend(["--key", "instance.key", "--passphrase-file", "phrase.txt"]);
        place.run(&args)
    };
    gpg.key("other@example.org", "future-default", "never");
    place.write("other.sec", gpg.secret("other@example.org", ""));
    restore("one.pgp", "other.sec")
        .must(1)
        .says("other recipients");
    restore("one.pgp", "ops.asc")
        .must(2)
        .says("no OpenPGP secret key");
    let bytes = std::fs::read(place.path("one.pgp")).unwrap();
    place.write("cut.pgp", &bytes[..bytes.len() - 100]);
    restore("cut.pgp", "ops.sec").must(1).says("damaged");
    for at in [bytes.len() / 2, bytes.len() - 3] {
        let mut bent = bytes.clone();
        bent[at] ^= 1;
        place.write("bent.pgp", &bent);
        restore("bent.pgp", "ops.sec").must(1).says("damaged");
    }
    place.write("text.pgp", "hello");
    restore("text.pgp", "ops.sec")
        .must(1)
        .says("not an OpenPGP file");
    assert!(!place.path("to/candor.db").exists());
    place
        .run(&[
            "restore",
            "one.pgp",
            "--into",
            "to",
            "--key",
            "instance.key",
        ])
        .must(2)
        .says("What opens this backup?");
    place
        .run(&["verify-backup", "-", "--openpgp-key", "ops.sec"])
        .must(2)
        .says("decrypted already");

    // Recipients that may not be.
    let to = |file: &str| {
        let more = ["--to", "no.pgp", "--recipient-openpgp", file];
        place.run(&[&BACKUP[..], &more].concat())
    };
    to("ops.sec").must(2).says("holds a secret key");
    to("phrase.txt").must(2).says("no OpenPGP certificate");
    gpg.must(&[
        "--passphrase",
        "",
        "--quick-gen-key",
        "signs@example.org",
        "ed25519",
        "sign",
    ]);
    place.write("signs.asc", gpg.certificate("signs@example.org"));
    to("signs.asc").must(2).says("no key for encryption");
    assert!(!place.path("no.pgp").exists());
    restore("one.pgp", "ops.sec").must(0);
}

fn backups(place: &Place) -> Vec<PathBuf> {
    let found = std::fs::read_dir(place.path("backups")).unwrap();
    let mut found: Vec<PathBuf> = found.map(|f| f.unwrap().path()).collect();
    found.sort();
    found
}

#[test]
fn a_server_makes_them_by_itself_and_says_when_a_certificate_ends() {
    let place = Place::new();
    let Some(gpg) = keys(&place) else { return };
    gpg.key("brief@example.org", "future-default", "5d");
    place.write("brief.asc", gpg.certificate("brief@example.org"));
    place.write("backups/candor-20200101T000000Z.age", "old");
    let config = |files: &str| {
        let folder = place.path("backups");
        format!(
            "[backup]\nevery = \"1h\"\nto = \"{}\"\nkeep = 1\nrecipients_openpgp = [{files}]\n",
            folder.display()
        )
    };
    let file = |name: &str| format!("\"{}\"", place.path(name).display());
    let both = format!("{}, {}", file("ops.asc"), file("brief.asc"));
    place.write("candor.toml", config(&both));
    let policy = place.policy();
    let args = ["--key", "instance.key", "--config", "candor.toml"];
    let server = place.serve(&[&args[..], &[policy.to_str().unwrap()]].concat());
    let until = Instant::now() + Duration::from_mins(1);
    let newest = loop {
        let found = backups(&place);
        match found.as_slice() {
            [one] if one.extension().is_some_and(|e| e == "pgp") => break one.clone(),
            _ => assert!(Instant::now() < until, "{found:?} {}", server.log()),
        }
        std::thread::sleep(Duration::from_millis(100));
    };
    let decrypt = ["--passphrase", PASS, "--decrypt", newest.to_str().unwrap()];
    place.write("clear", gpg.must(&decrypt));
    fed(&place, &["verify-backup", "-"], "clear")
        .must(0)
        .says("whole");
    let doctor = [&["doctor", "--data", "data"][..], &args].concat();
    place.run(&doctor).says("ends at").says("quick-set-expire");
    drop(server);

    // One that can receive nothing is an alarm, and no reason not to serve.
    gpg.must(&[
        "--passphrase",
        "",
        "--quick-gen-key",
        "signs@example.org",
        "ed25519",
        "sign",
    ]);
    place.write("signs.asc", gpg.certificate("signs@example.org"));
    place.write("candor.toml", config(&file("signs.asc")));
    std::fs::remove_file(&newest).unwrap();
    let server = place.serve(&args);
    let until = Instant::now() + Duration::from_mins(1);
    while !place.run(&doctor).out.contains("The last backup failed") {
        assert!(Instant::now() < until, "{}", server.log());
        std::thread::sleep(Duration::from_millis(200));
    }
    place.run(&doctor).says("No backup can be made for");
}
