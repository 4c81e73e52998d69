//! The client against a real server that checks signatures, and against one that fails as
//! asked. Without the server the first kind says `skipped`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop"
)]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use candor_base::Sensitive;
use candor_bucket::{Bucket, Keys, Settings};
use candor_cluster::{BUCKET, BucketServer, KEY_ID, SECRET};
use candor_ports::{Objects as _, ObjectsError};

fn keys(secret: &str) -> Keys {
    Keys {
        id: Sensitive::new(KEY_ID.to_owned()),
        secret: Sensitive::new(secret.to_owned()),
        token: None,
    }
}

fn at(endpoint: String, bucket: &str, secret: &str) -> Bucket {
    let settings = Settings {
        url: format!("s3://{bucket}/team/one"),
        endpoint: Some(endpoint),
        ..Settings::default()
    };
    Bucket::new(&settings, &keys(secret)).unwrap()
}

#[test]
fn what_is_put_is_got_listed_and_removed() {
    let Some(server) = BucketServer::start() else {
        return;
    };
    let bucket = at(server.endpoint(), BUCKET, SECRET);
    assert_eq!(bucket.place(), "s3://bodies/team/one");
    let large: Vec<u8> = (0..3_000_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    bucket.put("room/ab/01", &large).unwrap();
    bucket.put("room/ab/02", b"").unwrap();
    bucket.put("other/ab/03", b"x").unwrap();
    assert_eq!(bucket.get("room/ab/01").unwrap().unwrap(), large);
    assert_eq!(bucket.get("room/ab/02").unwrap().unwrap(), b"");
    assert_eq!(bucket.get("room/ab/03").unwrap(), None);
    let mut seen = bucket.list("room/").unwrap();
    seen.sort_by(|a, b| a.name.cmp(&b.name));
    let names: Vec<&str> = seen.iter().map(|o| o.name.as_str()).collect();
    assert_eq!(names, ["room/ab/01", "room/ab/02"]);
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap();
    let now = i64::try_from(now.as_secs()).unwrap();
    assert!((now - seen[0].written.unwrap()).abs() < 60, "{seen:?}");
    bucket.delete("room/ab/01").unwrap();
    bucket.delete("room/ab/01").unwrap();
    assert_eq!(bucket.get("room/ab/01").unwrap(), None);
    assert_eq!(server.objects("team/one/room").len(), 1);
    assert!(!bucket.is_open_to_all("room/ab/02").unwrap());
}

#[test]
fn a_listing_goes_on_past_its_first_page() {
    let Some(server) = BucketServer::start() else {
        return;
    };
    let bucket = at(server.endpoint(), BUCKET, SECRET);
    let folder = server.folder().join("team/one/many");
    std::fs::create_dir_all(&folder).unwrap();
    for number in 0..1_005 {
        std::fs::write(folder.join(format!("{number:04}")), b"x").unwrap();
    }
    assert_eq!(bucket.list("many/").unwrap().len(), 1_005);
}

#[test]
fn wrong_keys_and_a_bucket_that_is_not_there_are_failures() {
    let Some(server) = BucketServer::start() else {
        return;
    };
    let refused = |why: &ObjectsError| matches!(why, ObjectsError::Refused(_));
    let bucket = at(server.endpoint(), BUCKET, "another secret");
    assert!(refused(&bucket.put("a", b"x").unwrap_err()));
    let got = bucket.get("a").unwrap_err();
    assert!(refused(&got), "{got}");
    assert!(refused(&bucket.list("").unwrap_err()));
    assert!(refused(&bucket.delete("a").unwrap_err()));
    assert!(server.objects("").is_empty());
    assert!(!format!("{got}{bucket:?}").contains("secret"), "{got}");
    // A bucket that is not there is not one without the object. (This server makes one
    // when something is put.)
    let bucket = at(server.endpoint(), "nowhere", SECRET);
    assert!(refused(&bucket.list("").unwrap_err()));
    let (address, _) = scripted(vec![answer(
        "404 Not Found",
        "<Error><Code>NoSuchBucket</Code></Error>",
    )]);
    let got = at(address, BUCKET, SECRET).get("a").unwrap_err();
    assert_eq!(got, ObjectsError::Refused("NoSuchBucket (404)".to_owned()));
}

#[test]
fn a_server_that_comes_back_in_time_is_waited_for() {
    let Some(mut server) = BucketServer::start() else {
        return;
    };
    let bucket = Arc::new(at(server.endpoint(), BUCKET, SECRET));
    server.stop();
    let began = Instant::now();
    let gone = bucket.put("a", b"x").unwrap_err();
    assert!(matches!(gone, ObjectsError::Unreachable(_)), "{gone}");
    assert!(
        began.elapsed() < Duration::from_secs(15),
        "{:?}",
        began.elapsed()
    );
    let later = std::thread::spawn({
        let bucket = Arc::clone(&bucket);
        move || bucket.put("a", b"y")
    });
    std::thread::sleep(Duration::from_millis(300));
    server.run();
    later.join().unwrap().unwrap();
    assert_eq!(bucket.get("a").unwrap().unwrap(), b"y");
}

/// A server that gives these answers, one a connection; and what it was asked.
fn scripted(answers: Vec<String>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let (mut head, mut buffer) = (Vec::new(), [0; 4096]);
            while !head.windows(4).any(|w| w == b"\r\n\r\n") {
                let n = stream.read(&mut buffer).unwrap();
                if n == 0 {
                    break;
                }
                head.extend_from_slice(&buffer[..n]);
            }
            let text = String::from_utf8_lossy(&head).into_owned();
            log.lock().unwrap().push(text);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (address, asked)
}

fn answer(status: &str, body: &str) -> String {
    let size = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n{body}")
}

#[test]
fn a_server_that_is_busy_is_asked_again_and_a_redirect_is_not_followed() {
    let (address, asked) = scripted(vec![
        answer("503 Slow Down", "<Error><Code>SlowDown</Code></Error>"),
        answer("429 Too Many", ""),
        answer("200 OK", "sealed"),
    ]);
    let bucket = at(address, BUCKET, SECRET);
    assert_eq!(bucket.get("a").unwrap().unwrap(), b"sealed");
    assert_eq!(asked.lock().unwrap().len(), 3);
    let away = "HTTP/1.1 307 Elsewhere\r\nLocation: http://127.0.0.1:1/\r\n\
                Content-Length: 0\r\nConnection: close\r\n\r\n";
    let (address, asked) = scripted(vec![away.to_owned(), answer("200 OK", "")]);
    let bucket = at(address, BUCKET, SECRET);
    let why = bucket.put("a", b"x").unwrap_err();
    assert_eq!(
        why,
        ObjectsError::Refused("no reason given (307)".to_owned())
    );
    let asked = asked.lock().unwrap();
    assert_eq!(asked.len(), 1);
    assert!(
        asked[0].contains("x-amz-checksum-sha256: LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE="),
        "{}",
        asked[0]
    );
    assert!(!asked[0].contains(SECRET));
}

#[test]
fn tries_end_and_what_is_open_to_all_is_seen() {
    let (address, asked) = scripted(vec![answer("500 No", ""); 5]);
    let bucket = at(address, BUCKET, SECRET);
    let why = bucket.delete("a").unwrap_err();
    assert!(matches!(why, ObjectsError::Unreachable(_)), "{why}");
    assert_eq!(asked.lock().unwrap().len(), 4);
    // An answer that breaks off is no object.
    let cut = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nhalf";
    let (address, _) = scripted(vec![cut.to_owned(); 4]);
    let bucket = at(address, BUCKET, SECRET);
    assert!(bucket.get("a").is_err());
    let (address, asked) = scripted(vec![answer("403 No", ""), answer("200 OK", "<a/>")]);
    let bucket = at(address, BUCKET, SECRET);
    assert!(bucket.is_open_to_all("a").unwrap());
    assert!(
        asked
            .lock()
            .unwrap()
            .iter()
            .all(|head| !head.contains("Signature"))
    );
}
