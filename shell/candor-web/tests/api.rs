//! The API, asked by strangers, by every kind of person without a token, and by programs with
//! tokens of every kind: what each gets from each route, and what every answer carries.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod api_house;
mod house;

use std::collections::BTreeSet;

use api_house::{Api, CELLS, P, parsed};
use axum::http::{Method, StatusCode, header};
use candor_web::api_routes;
use house::form;

fn method(name: &str) -> Method {
    name.parse().unwrap()
}

#[tokio::test]
async fn each_route_gives_each_token_what_is_its_own() {
    let api = Api::new().await;
    let tokens = [
        None,
        Some(api.token(P, "read")),
        Some(api.token(P, "act")),
        Some(api.token("other", "act")),
    ];
    let mut wrong = Vec::new();
    for (verb, _, path, statuses) in CELLS {
        let path = path
            .replace("CASE", &api.case)
            .replace("FILE", &api.file)
            .replace("P/", "/api/v1/programs/lanternfish/");
        for (token, status) in tokens.iter().zip(statuses) {
            let line = token.as_ref().map(|token| format!("Bearer {token}"));
            let mut headers: Vec<_> = line.iter().map(|l| ("authorization", l.as_str())).collect();
            headers.push(("content-type", "application/json"));
            let reply = api
                .house
                .send(method(verb), &path, &headers, b"{}".to_vec())
                .await;
            if reply.status.as_u16() != *status {
                wrong.push(format!("{verb} {path}: {} for {status}", reply.status));
            }
            let kind = reply.headers[header::CONTENT_TYPE].to_str().unwrap();
            let problem = reply.status.as_u16() >= 400;
            assert_eq!(kind == "application/problem+json", problem, "{path}");
            if *statuses != [200; 4] {
                assert_eq!(reply.headers[header::CACHE_CONTROL], "no-store", "{path}");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_route_of_the_api_has_its_cells() {
    let routes: BTreeSet<String> = api_routes()
        .into_iter()
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    let told: BTreeSet<String> = CELLS
        .iter()
        .map(|(method, route, _, _)| format!("{method} {route}"))
        .collect();
    let missing: Vec<_> = routes.symmetric_difference(&told).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test]
async fn without_a_token_all_answers_are_one_whatever_is_there() {
    let api = Api::new().await;
    let first = api.get(&api.case, None).await;
    assert_eq!(first.status, StatusCode::UNAUTHORIZED);
    assert_eq!(first.headers[header::WWW_AUTHENTICATE], "Bearer");
    let made_up = format!("candor_{}", "A".repeat(43));
    let cookie = format!("candor-desk={}", api.session);
    for path in [
        api.case.as_str(),
        "/api/v1/programs/lanternfish/cases/LAN-AAAA-AAAA",
        "/api/v1/programs/nobody/cases",
        "/api/v1/programs/lanternfish/cases?list=odd&nothing=x",
        "/api/v1/token",
    ] {
        // A cookie of the desk and its token in the header are no way in either.
        for headers in [
            vec![],
            vec![("authorization", format!("Bearer {made_up}"))],
            vec![("authorization", format!("Bearer {}", api.session))],
            vec![("cookie", cookie.clone())],
            vec![("authorization", "Basic YTpi".to_owned())],
        ] {
            let headers: Vec<_> = headers.iter().map(|(k, v)| (*k, v.as_str())).collect();
            let reply = api
                .house
                .send(Method::GET, path, &headers, Vec::new())
                .await;
            assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{path} {headers:?}");
            assert_eq!(reply.body, first.body, "{path}");
            assert_eq!(reply.headers, first.headers, "{path}");
        }
    }
}

#[tokio::test]
async fn what_is_not_its_own_looks_to_a_token_like_what_is_not_there() {
    let api = Api::new().await;
    let (here, other) = (api.token(P, "act"), api.token("other", "act"));
    let nothing = api
        .get(
            "/api/v1/programs/lanternfish/cases/LAN-AAAA-AAAA",
            Some(&here),
        )
        .await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    for path in [
        api.case.as_str(),
        api.file.as_str(),
        "/api/v1/programs/lanternfish/cases",
        "/api/v1/programs/nobody/cases",
        "/api/v1/nowhere",
        "/api/v1/programs/%ff/cases",
    ] {
        let reply = api.get(path, Some(&other)).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(reply.body, nothing.body, "{path}");
        assert_eq!(reply.headers, nothing.headers, "{path}");
    }
    let sent = api
        .house
        .send(Method::DELETE, "/api/v1/programs", &[], Vec::new())
        .await;
    assert_eq!(sent.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(parsed(&sent)["code"], "method");
}

#[tokio::test]
async fn a_token_is_no_session_and_a_page_takes_none() {
    let api = Api::new().await;
    let token = api.token(P, "act");
    for (name, value) in [("candor-desk", token.as_str()), ("candor-room", &token)] {
        let reply = api
            .house
            .get("/desk/p/lanternfish", Some((name, value)))
            .await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER);
    }
    let line = format!("Bearer {token}");
    let headers = [("authorization", line.as_str())];
    let reply = api
        .house
        .send(Method::GET, "/desk/p/lanternfish", &headers, Vec::new())
        .await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    // Nor do use cases that are the desk's alone.
    let app = &api.house.app;
    assert!(app.people(&token).is_err() && app.own_account(&token).is_err());
    assert!(app.api_tokens(&token, P).is_err());
    let again = api.wanted("act", "30");
    assert!(app.make_api_token(&token, P, &again).is_err());
}

#[tokio::test]
async fn a_case_is_read_as_its_page_shows_it() {
    let api = Api::new().await;
    let token = api.token(P, "read");
    let list = api
        .get("/api/v1/programs/lanternfish/cases?list=open", Some(&token))
        .await;
    let list = parsed(&list);
    assert_eq!(list["counts"]["open"], 1);
    let reference = list["cases"][0]["reference"].as_str().unwrap();
    assert!(api.case.ends_with(reference));
    let reply = api.get(&api.case, Some(&token)).await;
    let case = parsed(&reply);
    assert_eq!(case["reference"], reference);
    assert!(reply.text().contains("CANARYDESC"));
    assert_eq!(case["owner"], false, "a token changes no settings");
    assert!(
        case["clocks"][0].get("percent").is_none(),
        "nothing passing"
    );
    let tag = reply.headers[header::ETAG].to_str().unwrap().to_owned();
    assert!(tag.starts_with(&format!("\"{}-", case["seq"])), "{tag}");
    let line = format!("Bearer {token}");
    let known = [("authorization", line.as_str()), ("if-none-match", &tag)];
    let again = api
        .house
        .send(Method::GET, &api.case, &known, Vec::new())
        .await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert!(again.body.is_empty());
    let promises = api
        .get(&format!("{}/promises", api.case), Some(&token))
        .await;
    assert!(!parsed(&promises)["running"].as_array().unwrap().is_empty());
    assert_eq!(api.get(&api.file, Some(&token)).await.body, b"GET /q");
    let odd = api
        .get("/api/v1/programs/lanternfish/cases?after=x", Some(&token))
        .await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_token_ends_with_its_day_with_its_revocation_and_with_its_owner() {
    let api = Api::new().await;
    let works = async |token: &str| api.get("/api/v1/token", Some(token)).await.status;
    let app = &api.house.app;
    let (short, revoked, last) = (
        app.make_api_token(&api.session, P, &api.wanted("read", "1"))
            .unwrap(),
        api.token(P, "read"),
        api.token(P, "read"),
    );
    for token in [&short, &revoked, &last] {
        assert_eq!(works(token).await, StatusCode::OK);
    }
    let lines = app.api_tokens(&api.session, P).unwrap().tokens;
    assert_eq!(lines.len(), 3);
    assert!(lines.iter().all(|line| line.used.is_some()));
    app.end_api_token(&api.session, &lines[1].id).unwrap();
    assert_eq!(works(&revoked).await, StatusCode::UNAUTHORIZED);
    assert_eq!(works(&last).await, StatusCode::OK, "the others stay");
    assert!(app.end_api_token(&api.session, &lines[1].id).is_err());
    api.house.wait(86_400);
    assert_eq!(works(&short).await, StatusCode::UNAUTHORIZED);
    assert_eq!(works(&last).await, StatusCode::OK);
    app.operator_reset("ada").unwrap();
    assert_eq!(works(&last).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn more_than_ten_requests_a_second_wait() {
    let api = Api::new().await;
    let (busy, calm) = (api.token(P, "read"), api.token(P, "read"));
    for _ in 0..600 {
        let reply = api.get("/api/v1/token", Some(&busy)).await;
        assert_eq!(reply.status, StatusCode::OK);
    }
    let reply = api.get("/api/v1/token", Some(&busy)).await;
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    let wait = reply.headers[header::RETRY_AFTER].to_str().unwrap();
    let wait: i64 = wait.parse().unwrap();
    assert!((1..=60).contains(&wait));
    let other = api.get("/api/v1/token", Some(&calm)).await;
    assert_eq!(other.status, StatusCode::OK, "another token has its own");
    api.house.wait(wait);
    let later = api.get("/api/v1/token", Some(&busy)).await;
    assert_eq!(later.status, StatusCode::OK);
}

#[tokio::test]
async fn the_desk_makes_a_token_once_and_takes_a_fresh_code() {
    let api = Api::new().await;
    let cookie = format!("candor-desk={}", api.session);
    let path = "/desk/p/lanternfish/tokens";
    let guard = api.house.guard(path, &cookie).await;
    let headers = [("cookie", cookie.as_str())];
    let send = async |totp: &str| {
        let fields = form(&[
            ("guard", &guard),
            ("name", "dashboard"),
            ("scope", "read"),
            ("days", "7"),
            ("totp", totp),
        ]);
        api.house.post(path, &headers, &fields).await
    };
    assert_eq!(
        send("000000").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    api.house.wait(60);
    let code = api.house.totp(&api.secret);
    let made = send(&code).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    let page = made.text();
    let token = page.split("candor_").nth(1).unwrap();
    let token = format!("candor_{}", token.split('<').next().unwrap());
    let seen = parsed(&api.get("/api/v1/token", Some(&token)).await);
    assert_eq!(seen["name"], "dashboard");
    assert_eq!(seen["scope"], "read");
    let later = api.house.read(path, &cookie).await;
    assert!(later.contains("dashboard") && !later.contains("candor_"));
    let id = seen["id"].as_str().unwrap();
    let end = form(&[("guard", &guard), ("end", id)]);
    api.house.post(path, &headers, &end).await;
    let reply = api.get("/api/v1/token", Some(&token)).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
}
