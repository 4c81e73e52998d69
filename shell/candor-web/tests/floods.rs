//! Many at once, and with bad intent: reports still get through.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod house;

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Method, StatusCode, header};
use house::{House, form, multipart};
use hyper::body::Frame;
use tokio::time::timeout;

/// The beginning of a form, and then nothing more and no end.
struct Half(Option<Bytes>);

impl HttpBody for Half {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0
            .take()
            .map_or(Poll::Pending, |b| Poll::Ready(Some(Ok(Frame::data(b)))))
    }
}

#[tokio::test]
async fn half_sent_forms_do_not_keep_reports_out() {
    let house = Arc::new(House::new());
    let mut begun = multipart(&[("summary", "half")], &[("a.bin", b"half of it")]);
    begun.truncate(begun.len() - 30);
    let mut held = Vec::new();
    for path in ["/p/lanternfish/report", "/p/lanternfish/room"] {
        for _ in 0..20 {
            let (house, begun) = (Arc::clone(&house), Bytes::from(begun.clone()));
            held.push(tokio::spawn(async move {
                let kind = format!("multipart/form-data; boundary={}", house::BOUNDARY);
                let headers = [("content-type", kind.as_str())];
                let body = Body::new(Half(Some(begun)));
                house.send_body(Method::POST, path, &headers, body).await
            }));
        }
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let code = timeout(Duration::from_secs(15), house.report()).await;
    assert!(
        !code
            .expect("the report waits for those who only hold a place")
            .is_empty()
    );
    for one in held {
        one.abort();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_sign_ins_is_sent_away_and_reports_get_through() {
    let house = Arc::new(House::new());
    let mut tries = Vec::new();
    for n in 0..40 {
        let house = Arc::clone(&house);
        tries.push(tokio::spawn(async move {
            let login = format!("nobody{n}");
            let fields = form(&[
                ("login", &login),
                ("pass", "some words or other"),
                ("totp", "1"),
            ]);
            let reply = house.post("/desk/sign-in", &[], &fields).await;
            (reply, Instant::now())
        }));
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    house.report().await;
    let reported = Instant::now();
    let mut waits = 0;
    let mut last = reported;
    for one in tries {
        let (reply, at) = one.await.unwrap();
        last = last.max(at);
        if reply.status == StatusCode::TOO_MANY_REQUESTS {
            assert!(reply.headers.contains_key(header::RETRY_AFTER));
            assert!(reply.text().contains("Too many"), "{}", reply.text());
            waits += 1;
        } else {
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
    }
    assert!(waits >= 20, "only {waits} of 40 were sent away");
    assert!(waits < 40, "nobody was looked at");
    assert!(last > reported, "the report came after all sign-ins");
}

#[tokio::test]
async fn a_form_of_a_million_fields_costs_little() {
    let house = House::new();
    let many = "a&".repeat(400_000);
    let before = Instant::now();
    let reply = house.post("/p/lanternfish/room", &[], &many).await;
    assert!(before.elapsed() < Duration::from_secs(5));
    assert!(reply.status.is_client_error(), "{}", reply.status);
    let fields: Vec<(String, String)> = (0..600)
        .map(|n| (format!("f{n}"), "x".to_owned()))
        .collect();
    let mut fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    fields.insert(0, ("version", "kept 1.2.3"));
    let body = multipart(&fields, &[]);
    let reply = house
        .post_parts("/p/lanternfish/report", &body, "text/html")
        .await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(reply.text().contains("kept 1.2.3"));
    let files: Vec<(&str, &[u8])> = vec![("a.txt", b"x".as_slice()); 60];
    let body = multipart(&[("version", "kept 1.2.3")], &files);
    let reply = house
        .post_parts("/p/lanternfish/report", &body, "text/html")
        .await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(reply.text().contains("kept 1.2.3") && reply.text().contains("At most 50 files"));
}

#[tokio::test]
async fn odd_paths_and_methods_get_pages() {
    let house = House::new();
    let stranger = house.get("/nowhere", None).await;
    for path in ["/p/%ff/", "/p/%c3%28/report", "/%ff"] {
        let reply = house.get(path, None).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(reply.body, stranger.body, "{path}");
    }
    let odd = house.send(Method::DELETE, "/desk", &[], Vec::new()).await;
    assert_eq!(odd.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(odd.text().contains("not possible here"));
}
