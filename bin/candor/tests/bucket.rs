//! The whole program with its large files in a bucket, on a server that checks signatures:
//! reports, the bucket gone and back, doctor, backups, restores and moves.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::time::Duration;

use candor_campaign::{Report, Staff};
use candor_cluster::{BUCKET, BucketServer, Cluster, KEY_ID, SECRET};
use common::{Place, Server, opens};

const CANARY: &[u8] = b"canary-in-a-large-file ";
const SLUG: &str = "lantern";

fn large() -> Vec<u8> {
    CANARY.repeat(10_000)
}

/// A configuration that names the bucket, and something before.
fn configure(place: &Place, bucket: &BucketServer, name: &str, prefix: &str, before: &str) {
    place.write("bucket.secret", SECRET);
    let secret = place.path("bucket.secret");
    let text = format!(
        "{before}[blobs]\nurl = \"s3://{BUCKET}/{prefix}\"\nendpoint = \"{}\"\n\
         access_key = \"{KEY_ID}\"\nsecret_key_file = \"{}\"\n",
        bucket.endpoint(),
        secret.display()
    );
    place.write(name, text);
}

fn serve(place: &Place, more: &[&str]) -> Server {
    let policy = place.policy();
    let mut args = vec!["--key", "instance.key", policy.to_str().unwrap()];
    args.extend(more);
    place.serve(&args)
}

/// Sends a report with a large file; status, code and reference.
fn send(server: &Server, summary: &str) -> (u16, String, String) {
    let report = Report::new(summary, "it breaks when fed with zeros");
    let report = report.with_file("proof.bin", large());
    let answer = report.send(&server.base, SLUG).unwrap();
    let value = answer.json();
    let of = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    (answer.status, of("code"), of("reference"))
}

fn small(server: &Server, summary: &str) -> u16 {
    let report = Report::new(summary, "a small one");
    report.send(&server.base, SLUG).unwrap().status
}

/// The page of a case, and the address of its first file.
fn file_of(staff: &Staff, base: &str, reference: &str) -> String {
    let case = format!("/desk/p/{SLUG}/cases/{reference}");
    let page = staff.page(base, &case).unwrap();
    assert_eq!(page.status, 200, "{}", page.text);
    let id = page.between("/files/", "\"").unwrap();
    format!("{case}/files/{id}")
}

fn round(place: &Place, bucket: &mut BucketServer, before: &str, args: &[&str]) {
    configure(place, bucket, "candor.toml", "one", before);
    let server = serve(place, args);
    let staff = Staff::set_up(&server, "Mia", "mia@example.org");
    let (status, code, reference) = send(&server, "canary one");
    assert_eq!(status, 201);
    let objects = bucket.objects("one");
    assert_eq!(objects.len(), 1, "{objects:?}");
    let sealed = std::fs::read(&objects[0]).unwrap();
    assert!(sealed.len() >= large().len());
    assert!(!sealed.windows(CANARY.len()).any(|w| w == CANARY));
    let file = file_of(&staff, &server.base, &reference);
    let got = staff.page(&server.base, &file).unwrap();
    assert_eq!((got.status, got.text.into_bytes()), (200, large()));

    // Without the bucket: what needs it is refused and nothing half is there, the rest goes on.
    bucket.stop();
    assert_eq!(send(&server, "canary two").0, 503);
    assert_eq!(small(&server, "canary three"), 201);
    let away = staff.page(&server.base, &file).unwrap();
    assert_eq!(away.status, 503);
    assert!(
        away.text.contains("cannot be read at the moment"),
        "{}",
        away.text
    );
    file_of(&staff, &server.base, &reference);
    let mut doctor = vec!["doctor", "--key", "instance.key", "--config", "candor.toml"];
    let data = place.data();
    doctor.extend(["--data", data.to_str().unwrap()]);
    place
        .run(&doctor)
        .must(1)
        .says("s3://bodies/one cannot be used");
    bucket.run();
    let again = staff.page(&server.base, &file).unwrap();
    assert_eq!(again.status, 200);
    assert_eq!(send(&server, "canary four").0, 201);
    place
        .run(&doctor)
        .says("takes, gives and removes objects")
        .says("No secret stands in the configuration");
    assert_eq!(bucket.objects("one").len(), 2, "no probe is left");
    let mut verify = vec![
        "verify-log",
        "--key",
        "instance.key",
        "--config",
        "candor.toml",
    ];
    verify.extend(["--data", data.to_str().unwrap()]);
    place.run(&verify).must(0).says("3 cases").says("0 broken");
    assert!(opens(&server.base, SLUG, &code));
    let (ended, log) = server.terminate();
    assert_eq!(ended, 0, "{log}");
    for word in ["canary", SECRET, "Signature"] {
        assert!(!log.contains(word), "{log}");
    }
    assert!(log.contains("out of reach"), "{log}");
}

fn backup_and_back(place: &Place, bucket: &BucketServer) {
    let made = place
        .run(&["backup", "--make-identity", "identity.txt"])
        .must(0);
    let recipient = made.out.trim().to_owned();
    let data = place.data();
    let of_old = ["--key", "instance.key", "--config", "candor.toml"];
    let mut args = vec!["backup", "--to", "one.age", "--recipient", &recipient];
    args.extend(["--data", data.to_str().unwrap()]);
    args.extend(of_old);
    place.run(&args).must(0).says("3 cases").says("read back");
    let opening = ["--identity", "identity.txt", "--key", "instance.key"];
    let mut args = vec!["verify-backup", "one.age"];
    args.extend(opening);
    place.run(&args).must(0).says("all of it opens");
    // Into files, without any bucket; and into a room of its own in the same bucket.
    let mut args = vec!["restore", "one.age", "--into", "on-disk"];
    args.extend(opening);
    place.run(&args).must(0).says("Every history holds");
    let verify = |data: &str, config: &[&str]| {
        let mut args = vec!["verify-log", "--key", "instance.key", "--data", data];
        args.extend(config);
        place.run(&args).must(0).says("3 cases").says("0 broken");
    };
    verify("on-disk", &[]);
    configure(place, bucket, "disk.toml", "one", "");
    let with = ["--config", "disk.toml"];
    let mut args = vec!["restore", "one.age", "--into", "in-bucket"];
    args.extend(opening);
    args.extend(with);
    place.run(&args).must(0).says("Every history holds");
    assert_eq!(bucket.objects("one").len(), 4);
    verify("in-bucket", &with);
    place
        .run(&["verify-log", "--key", "instance.key", "--data", "in-bucket"])
        .must(3)
        .says("lie in the bucket s3://bodies/one");
}

#[test]
fn large_files_of_a_data_folder_lie_in_a_bucket() {
    let Some(mut bucket) = BucketServer::start() else {
        return;
    };
    let place = Place::new();
    round(&place, &mut bucket, "", &["--config", "candor.toml"]);
    backup_and_back(&place, &bucket);
}

#[test]
fn large_files_of_a_database_lie_in_a_bucket() {
    let (Some(mut bucket), Some(cluster)) = (BucketServer::start(), Cluster::start()) else {
        return;
    };
    let place = Place::new();
    let url = cluster.url("postgres");
    let before = format!("[database]\nurl = \"{url}\"\n");
    round(&place, &mut bucket, &before, &["--config", "candor.toml"]);
    backup_and_back(&place, &bucket);
}

#[test]
fn what_lies_on_a_disk_moves_into_a_bucket_and_back() {
    let (Some(bucket), Some(cluster)) = (BucketServer::start(), Cluster::start()) else {
        return;
    };
    let place = Place::new();
    let server = serve(&place, &[]);
    let (status, code, _) = send(&server, "canary one");
    assert_eq!(status, 201);
    server.terminate();
    let url = cluster.url("postgres");
    let database = format!("[database]\nurl = \"{url}\"\n");
    configure(&place, &bucket, "candor.toml", "moved", &database);
    let key = ["--key", "instance.key"];
    let mut args = vec![
        "move",
        "--data",
        "data",
        "--to",
        &url,
        "--blobs",
        "candor.toml",
    ];
    args.extend(key);
    place.run(&args).must(0).says("holds everything");
    assert_eq!(bucket.objects("moved").len(), 1);
    let server = serve(&place, &["--config", "candor.toml", "--data", "other"]);
    assert!(opens(&server.base, SLUG, &code));
    let (status, second, _) = send(&server, "canary two");
    assert_eq!((status, bucket.objects("moved").len()), (201, 2));
    server.terminate();
    let mut args = vec!["move", "--data", "other", "--config", "candor.toml"];
    args.extend(["--to", "back"]);
    args.extend(key);
    place.run(&args).must(0).says("holds everything");
    let server = serve(&place, &["--data", "back"]);
    for code in [&code, &second] {
        assert!(opens(&server.base, SLUG, code));
    }
    server.terminate();
    let verify = ["verify-log", "--key", "instance.key", "--data", "back"];
    place.run(&verify).must(0).says("2 cases").says("0 broken");
    place
        .run(&[
            "move",
            "--data",
            "back",
            "--to",
            "x",
            "--blobs",
            "none.toml",
            "--key",
            "instance.key",
        ])
        .must(2)
        .says("none.toml");
}

#[test]
fn what_was_answered_is_whole_after_kills_of_server_and_bucket() {
    let Some(mut bucket) = BucketServer::start() else {
        return;
    };
    let place = Place::new();
    configure(&place, &bucket, "candor.toml", "one", "");
    let (mut answered, mut tried) = (0, 0);
    for round in 0..8_u64 {
        let server = serve(&place, &["--config", "candor.toml"]);
        let base = server.base.clone();
        let sending = std::thread::spawn(move || {
            let mut answered = 0;
            for n in 0..20 {
                let report = Report::new(&format!("canary {round} {n}"), "it breaks");
                let report = report.with_file("proof.bin", large());
                match report.send(&base, SLUG) {
                    Ok(answer) if answer.status == 201 => answered += 1,
                    // Refused, or nobody is there any more.
                    _ => return (answered, n + 1),
                }
            }
            (answered, 20)
        });
        std::thread::sleep(Duration::from_millis(200 + 100 * round));
        if round % 2 == 1 {
            bucket.stop();
        } else {
            server.kill();
        }
        let (whole, all) = sending.join().unwrap();
        answered += whole;
        tried += all;
        if round % 2 == 1 {
            bucket.run();
        }
    }
    assert!(answered > 0, "of {tried}");
    let data = place.data();
    let mut verify = vec![
        "verify-log",
        "--key",
        "instance.key",
        "--config",
        "candor.toml",
    ];
    verify.extend(["--data", data.to_str().unwrap()]);
    let done = place.run(&verify).must(0).says("0 broken");
    let cases: u64 = done.out.split(' ').next().unwrap().parse().unwrap();
    assert!(
        (answered..=tried).contains(&cases),
        "{answered} {cases} {tried}"
    );
    // At most what was under way is left without a case.
    let objects = u64::try_from(bucket.objects("one").len()).unwrap();
    assert!(
        (cases..=tried).contains(&objects),
        "{cases} {objects} {tried}"
    );
    println!("{tried} sent, {answered} answered, {cases} cases, {objects} objects");
}
