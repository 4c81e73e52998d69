//! Accounts through the pages: a new pass phrase, a new start, the way out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod house;

use axum::http::StatusCode;
use house::{House, PASS, Reply, cookie, form};

const NEW: &str = "eight loud trumpets over sand";

struct Person {
    line: String,
    guard: String,
}

async fn person(house: &House, token: &str) -> Person {
    let line = format!("candor-desk={token}");
    let guard = house.guard("/desk/you", &line).await;
    Person { line, guard }
}

impl Person {
    async fn send(&self, house: &House, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut all = vec![("guard", self.guard.as_str())];
        all.extend_from_slice(fields);
        house
            .post(path, &[("cookie", &self.line)], &form(&all))
            .await
    }
}

async fn signed_in(house: &House, token: &str) -> bool {
    let reply = house.get("/desk/you", Some(("candor-desk", token))).await;
    reply.status == StatusCode::OK
}

/// Adds Grace; gives her first pass phrase.
async fn add_grace(house: &House, ada: &Person) -> String {
    let fields = [
        ("login", "grace"),
        ("name", "Grace"),
        ("email", "grace@team.example.org"),
        ("program", "lanternfish"),
        ("role", "owner"),
    ];
    let reply = ada.send(house, "/desk/people", &fields).await;
    first_pass(&reply)
}

fn first_pass(reply: &Reply) -> String {
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let page = reply.text();
    let from = page
        .split("receipt-code\" translate=\"no\">")
        .nth(1)
        .unwrap();
    from.split('<').next().unwrap().trim().to_owned()
}

#[tokio::test]
async fn a_new_pass_phrase_takes_both_factors_and_ends_other_sessions() {
    let house = House::new();
    let token = house.set_up().await;
    let ada = person(&house, &token).await;
    let pass = add_grace(&house, &ada).await;
    let (token, secret) = house.first_sign_in("grace", &pass).await;
    let grace = person(&house, &token).await;
    house.wait(60);
    let code = house.totp(&secret);
    for (old, new, code) in [
        ("wrong words altogether", NEW, code.as_str()),
        (pass.as_str(), NEW, "000000"),
        (pass.as_str(), "short", code.as_str()),
        (pass.as_str(), pass.as_str(), code.as_str()),
    ] {
        let fields = [("old", old), ("pass", new), ("totp", code)];
        let reply = grace.send(&house, "/desk/you", &fields).await;
        assert_eq!(
            reply.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{old} {new}"
        );
        assert!(!reply.text().contains(NEW) && !reply.text().contains(pass.as_str()));
    }
    let fields = [("old", pass.as_str()), ("pass", NEW), ("totp", &code)];
    let reply = grace.send(&house, "/desk/you", &fields).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let (_, fresh) = cookie(&reply);
    assert!(!signed_in(&house, &token).await, "the old session goes on");
    assert!(signed_in(&house, &fresh).await);
    house.wait(60);
    let code = house.totp(&secret);
    let try_with = |pass: &str| form(&[("login", "grace"), ("pass", pass), ("totp", &code)]);
    let old = house.post("/desk/sign-in", &[], &try_with(&pass)).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
    let new = house.post("/desk/sign-in", &[], &try_with(NEW)).await;
    assert_eq!(new.status, StatusCode::SEE_OTHER, "{}", new.text());
}

#[tokio::test]
async fn a_new_start_and_the_way_out_have_to_be_meant() {
    let house = House::new();
    let token = house.set_up().await;
    let ada = person(&house, &token).await;
    let pass = add_grace(&house, &ada).await;
    let (first, _) = house.first_sign_in("grace", &pass).await;
    let about = |login| [("login", login), ("sure", "on")];
    let unsure = ada
        .send(&house, "/desk/people/reset", &[("login", "grace")])
        .await;
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(signed_in(&house, &first).await, "nothing was meant");
    let pass = first_pass(
        &ada.send(&house, "/desk/people/reset", &about("grace"))
            .await,
    );
    assert!(!signed_in(&house, &first).await, "the old session goes on");
    house.wait(60);
    let (second, _) = house.first_sign_in("grace", &pass).await;
    // An owner of a program cannot take over who manages the instance, nor oneself.
    let grace = person(&house, &second).await;
    for path in ["/desk/people/reset", "/desk/people/remove"] {
        let up = grace.send(&house, path, &about("ada")).await;
        assert_eq!(up.status, StatusCode::CONFLICT, "{path}");
        let own = grace.send(&house, path, &about("grace")).await;
        assert_eq!(own.status, StatusCode::CONFLICT, "{path}");
        let nobody = grace.send(&house, path, &about("nobody")).await;
        assert_eq!(nobody.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(signed_in(&house, &token).await);
    let out = ada
        .send(&house, "/desk/people/remove", &about("grace"))
        .await;
    assert_eq!(out.status, StatusCode::SEE_OTHER, "{}", out.text());
    assert!(!signed_in(&house, &second).await, "she is still inside");
    let again = form(&[("login", "grace"), ("pass", &pass)]);
    let again = house.post("/desk/sign-in", &[], &again).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let ada_again = form(&[("login", "ada"), ("pass", PASS), ("totp", "1")]);
    let wrong = house.post("/desk/sign-in", &[], &ada_again).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}
