//! The public log from outside: what a server answers is judged by a second implementation in
//! another language, a reporter gets a proof, a witness is heard, and a backup that was put
//! back forks nothing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use candor_ledger::{Checkpoint, WitnessKey, cosign, tiles_since};
use common::{Place, Server, submit};

/// Status, headers in small letters, body.
struct Reply {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Reply {
    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

fn http(base: &str, head: &str, body: &str) -> Reply {
    let host = base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let length = body.len();
    let request = format!(
        "{head}\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).unwrap();
    let end = all.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    let top = String::from_utf8(all[..end].to_vec()).unwrap();
    let mut lines = top.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    Reply {
        status: status.parse().unwrap(),
        headers: lines
            .filter_map(|l| l.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect(),
        body: all[end + 4..].to_vec(),
    }
}

fn get(base: &str, path: &str) -> Reply {
    http(base, &format!("GET {path} HTTP/1.1"), "")
}

fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + Duration::from_mins(1);
    while Instant::now() < end {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("{what} never came");
}

/// The checkpoint, once the log is longer than that.
fn checkpoint(server: &Server, longer_than: u64) -> String {
    until("a longer log", || {
        let reply = get(&server.base, "/log/checkpoint");
        let note = (reply.status == 200).then(|| reply.text())?;
        (size(&note) > longer_than).then_some(note)
    })
}

fn size(note: &str) -> u64 {
    let (text, _) = note.rsplit_once("\n\n").unwrap();
    Checkpoint::parse(&format!("{text}\n")).unwrap().size
}

/// Everything that a server answers under `/log`, in a folder.
fn mirror(place: &Place, server: &Server, name: &str, note: &str) -> PathBuf {
    for tile in tiles_since(0, size(note)) {
        let path = format!("tile/{tile}");
        let reply = get(&server.base, &format!("/log/{path}"));
        assert_eq!(reply.status, 200, "{path}");
        place.write(&format!("{name}/{path}"), reply.body);
    }
    place.write(&format!("{name}/checkpoint"), note);
    place.path(name)
}

/// The second judge; `None` on a machine without Python.
fn judge(args: &[&Path]) -> Option<(bool, String)> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../support/validators/log.py");
    let what = args[0].to_str().unwrap();
    match Command::new("python3").arg(script).args(args).output() {
        Ok(out) => {
            let said = [out.stdout, out.stderr].concat();
            let said = format!("{what}: {}", String::from_utf8_lossy(&said));
            Some((out.status.success(), said))
        }
        Err(why) => {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{why}");
            eprintln!("skipped: there is no Python on this machine");
            None
        }
    }
}

#[track_caller]
fn holds(args: &[&Path]) {
    if let Some((ok, said)) = judge(args) {
        assert!(ok, "{said}");
    }
}

/// Two judges must agree that this does not hold.
#[track_caller]
fn breaks(args: &[&Path]) {
    if let Some((ok, said)) = judge(args) {
        assert!(!ok && said.contains("does not hold"), "{said}");
    }
}

/// A report: its receipt as a file, and the code of its room.
fn report(place: &Place, server: &Server, name: &str) -> (PathBuf, String) {
    let (status, answer) = submit(&server.base, "lantern", name).unwrap();
    assert!(status < 300, "{answer}");
    let text = |key: &str| answer[key].as_str().unwrap().to_owned();
    let file = place.write(&format!("{name}.receipt"), text("note"));
    place.write("key", text("verifier_key"));
    (file, text("code"))
}

/// The proof of a receipt, once its room offers it.
fn proof(place: &Place, server: &Server, code: &str, name: &str) -> PathBuf {
    let entered = http(
        &server.base,
        "POST /p/lantern/room HTTP/1.1",
        &format!("code={code}"),
    );
    assert_eq!(entered.status, 303);
    let cookie = entered.header("set-cookie").split(';').next().unwrap();
    let ask = |path: &str| {
        let head = format!("GET /p/lantern/room{path} HTTP/1.1\r\nCookie: {cookie}");
        http(&server.base, &head, "")
    };
    let reply = until("the proof", || {
        Some(ask("/proof")).filter(|reply| reply.status == 200)
    });
    assert!(reply.header("content-disposition").contains(".tlog-proof"));
    assert!(ask("").text().contains("/p/lantern/room/proof"));
    place.write(&format!("{name}.tlog-proof"), reply.body)
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_reporter_gets_a_proof_that_two_judges_accept() {
    let place = Place::new();
    let policy = place.policy();
    let witness = WitnessKey::of_seed(&"witness.test/w1".parse().unwrap(), &[5; 32]);
    let config = format!("[log]\nevery = \"2s\"\nleaves = 8\nwitnesses = [\"{witness}\"]\n");
    let config = place.write("candor.toml", config);
    let server = place.serve(&[path(&policy), "--config", path(&config)]);
    let (receipt_file, code) = report(&place, &server, "first");
    let (other, _) = report(&place, &server, "second");
    let proof_file = proof(&place, &server, &code, "first");
    let key = place.path("key");

    // Both judges, and both say no to what does not fit.
    let verify = |receipt: &Path, proof: &Path, more: &[&str]| {
        let mut args = vec!["verify", path(receipt), "--proof", path(proof)];
        args.extend(["--key-file", path(&key)]);
        args.extend(more);
        place.run(&args)
    };
    verify(&receipt_file, &proof_file, &[])
        .must(0)
        .says("It stands in the public log.");
    let json = verify(&receipt_file, &proof_file, &["--json"]).must(0).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(json["log"]["index"].as_u64() < json["log"]["size"].as_u64());
    verify(&other, &proof_file, &[])
        .must(1)
        .says("another receipt");
    verify(&receipt_file, &receipt_file, &[]).must(1);
    verify(
        &receipt_file,
        &proof_file,
        &["--witness", &witness.to_string()],
    )
    .must(1)
    .says("did not sign");
    verify(&receipt_file, &proof_file, &["--witness", "nonsense"]).must(2);
    let word = Path::new;
    holds(&[word("receipt"), &receipt_file, &key]);
    holds(&[word("proof"), &receipt_file, &proof_file, &key]);
    breaks(&[word("proof"), &other, &proof_file, &key]);

    // The log as everybody sees it, and once more when it is longer.
    let old = checkpoint(&server, 0);
    let folder = mirror(&place, &server, "mirror", &old);
    holds(&[word("log"), &folder, &key]);
    let old_file = place.write("old", &old);
    let new = checkpoint(&server, size(&old));
    assert_eq!(
        (size(&new) - size(&old)) % 8,
        0,
        "a fixed number in each interval"
    );
    let folder = mirror(&place, &server, "later", &new);
    holds(&[word("log"), &folder, &key, &old_file]);
    let tile = folder
        .join("tile")
        .join(tiles_since(0, size(&new))[0].to_string());
    let mut bytes = std::fs::read(&tile).unwrap();
    bytes[3] ^= 1;
    std::fs::write(&tile, bytes).unwrap();
    breaks(&[word("log"), &folder, &key]);

    // Tiles are kept by caches, and nothing else is there.
    let first = format!("/log/tile/{}", tiles_since(0, 1)[0]);
    let reply = get(&server.base, &first);
    assert_eq!((reply.status, reply.body.len()), (200, 32));
    assert!(reply.header("cache-control").contains("immutable"));
    let etag = reply.header("etag").to_owned();
    assert!(etag.starts_with('"'));
    let head = format!("GET {first} HTTP/1.1\r\nIf-None-Match: {etag}");
    assert_eq!(http(&server.base, &head, "").status, 304);
    for none in [
        "0/001",
        "1/000",
        "0/000",
        "x",
        "0/000.p/0",
        "../checkpoint",
        "entries/000",
    ] {
        let reply = get(&server.base, &format!("/log/tile/{none}"));
        assert_eq!(reply.status, 404, "{none}");
    }

    // A witness is asked, answers, and is heard; a stranger is not.
    let data = place.data();
    let log = |args: &[&str]| {
        let mut all = vec!["log"];
        all.extend(args);
        all.extend(["--data", path(&data), "--config", path(&config)]);
        place.run(&all)
    };
    let taken = until("a checkpoint that stands still long enough", || {
        let body = log(&["request", "--old", &size(&old).to_string()])
            .must(0)
            .out;
        let (head, note) = body.split_once("\n\n").unwrap();
        assert!(head.starts_with(&format!("old {}", size(&old))));
        let at = candor_base::Instant::from_unix(1_795_000_000).unwrap();
        let stranger = cosign(note, &"stranger.test".parse().unwrap(), &[6; 32], at).unwrap();
        let file = place.write("stranger", stranger);
        log(&["cosign", path(&file)]).must(1);
        let line = cosign(note, witness.name(), &[5; 32], at).unwrap();
        let file = place.write("answer", line);
        let added = log(&["cosign", path(&file)]);
        (added.code == 0).then_some(added)
    });
    taken.says("witness.test/w1");
    log(&["status"]).must(0).says("every 2 seconds");
    let report = place
        .run(&["verify-log", "--data", path(&data), "--json"])
        .must(0);
    assert!(report.out.contains("\"log\": []"), "{}", report.out);
}

#[test]
fn a_backup_that_was_put_back_never_forks_the_log() {
    let place = Place::new();
    let policy = place.policy();
    let config = place.write("candor.toml", "[log]\nevery = \"2s\"\nleaves = 8\n");
    let serve = || place.serve(&[path(&policy), "--config", path(&config)]);
    let server = serve();
    let (before, code) = report(&place, &server, "before");
    checkpoint(&server, 0);
    server.terminate();
    // What a stopped server leaves: the file, and what is not folded into it yet.
    let parts = ["candor.db", "candor.db-wal"];
    let copy = |from: &Path, to: &Path| {
        for part in parts {
            let _ = std::fs::remove_file(to.join(part));
            if from.join(part).exists() {
                std::fs::copy(from.join(part), to.join(part)).unwrap();
            }
        }
    };
    std::fs::create_dir(place.path("backup")).unwrap();
    copy(&place.data(), &place.path("backup"));

    // What comes after the backup is published, and then lost.
    let server = serve();
    let (lost, lost_code) = report(&place, &server, "lost");
    let lost_proof = proof(&place, &server, &lost_code, "lost");
    let seen = checkpoint(&server, 16);
    let seen_file = place.write("seen", &seen);
    server.terminate();
    let _ = std::fs::remove_file(place.data().join("candor.db-shm"));
    copy(&place.path("backup"), &place.data());

    let server = serve();
    let data = place.data();
    let log = |args: &[&str]| {
        let mut all = vec!["log"];
        all.extend(args);
        all.extend(["--data", path(&data), "--config", path(&config)]);
        place.run(&all)
    };
    until("the alarm", || {
        let status = log(&["status"]);
        (status.code == 1).then(|| status.says("an older backup was put back"))
    });
    std::thread::sleep(Duration::from_secs(5));
    let kept = data.join("log/checkpoint");
    let there = std::fs::read_to_string(&kept).unwrap();
    assert!(size(&there) >= size(&seen), "what was published stays");
    assert!(server.log().contains("candor log adopt"));
    let reply = get(&server.base, "/log/checkpoint");
    assert!(
        size(&reply.text()) < size(&seen),
        "and nothing new is signed"
    );

    log(&["adopt"]).must(0).says("taken over");
    let next = checkpoint(&server, size(&there));
    let folder = mirror(&place, &server, "after", &next);
    let key = place.path("key");
    let word = Path::new;
    holds(&[word("log"), &folder, &key, &seen_file]);
    // Reports of before have their place, and the proof of the lost one holds for ever.
    let proof_file = proof(&place, &server, &code, "before");
    holds(&[word("proof"), &before, &proof_file, &key]);
    holds(&[word("proof"), &lost, &lost_proof, &key]);
    log(&["status"]).must(0);
    server.terminate();
    place.run(&["verify-log", "--data", path(&data)]).must(0);

    // The folder is lost: nothing is signed until somebody says that the data is not older.
    std::fs::remove_dir_all(data.join("log")).unwrap();
    let server = serve();
    until("the alarm", || {
        let status = log(&["status"]);
        (status.code == 1).then(|| status.says("adopt --database"))
    });
    assert!(!data.join("log").exists());
    log(&["adopt", "--database"]).must(0).says("were published");
    checkpoint(&server, size(&next));
}
