//! Short-lived signed tokens, and pages of other sites: S0-51 and S0-52 of the seed policies.
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

use api_house::{Api, P, parsed};
use axum::http::{Method, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A signed token that stands for this one.
async fn signed(api: &Api, token: &str) -> (StatusCode, Value) {
    let line = format!("Bearer {token}");
    let with = [("authorization", line.as_str())];
    let reply = api.post("/api/v1/session", &with, &json!({})).await;
    (reply.status, parsed(&reply))
}

/// S0-51: HS256 and nothing else, 60 minutes and not a second more.
#[tokio::test]
async fn a_signed_token_is_refused_at_minute_sixty_and_under_any_other_algorithm() {
    let api = Api::new().await;
    let token = api.token(P, "act");
    let (status, made) = signed(&api, &token).await;
    assert_eq!(status, StatusCode::OK, "{made}");
    let text = made["token"].as_str().unwrap().to_owned();
    let parts: Vec<&str> = text.split('.').collect();
    let head = URL_SAFE_NO_PAD.decode(parts[0]).unwrap();
    let head: Value = serde_json::from_slice(&head).unwrap();
    assert_eq!(head["alg"], "HS256");
    let claims = URL_SAFE_NO_PAD.decode(parts[1]).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    let lasts = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    assert_eq!(lasts, 60 * 60);
    let says = String::from_utf8_lossy(&serde_json::to_vec(&claims).unwrap()).into_owned();
    assert!(!says.contains("ada") && !says.contains(&token), "{says}");

    assert_eq!(api.get(&api.case, Some(&text)).await.status, StatusCode::OK);
    for alg in ["none", "None", "HS384", "RS256"] {
        let head = format!("{{\"alg\":\"{alg}\",\"typ\":\"JWT\"}}");
        let head = URL_SAFE_NO_PAD.encode(head);
        for signature in ["", parts[2]] {
            let forged = format!("{head}.{}.{signature}", parts[1]);
            let reply = api.get(&api.case, Some(&forged)).await;
            assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{alg}");
        }
    }
    // It makes no other one, so that none outlives its token.
    let (status, _) = signed(&api, &text).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    api.house.wait(60 * 60 - 1);
    assert_eq!(api.get(&api.case, Some(&text)).await.status, StatusCode::OK);
    api.house.wait(1);
    let late = api.get(&api.case, Some(&text)).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
    let still = api.get(&api.case, Some(&token)).await;
    assert_eq!(still.status, StatusCode::OK, "the token itself holds on");
}

#[tokio::test]
async fn a_signed_token_gives_what_its_token_gives_and_ends_with_it() {
    let api = Api::new().await;
    let (read, act) = (api.token(P, "read"), api.token(P, "act"));
    let (_, of_read) = signed(&api, &read).await;
    let (_, of_act) = signed(&api, &act).await;
    let text = |made: &Value| made["token"].as_str().unwrap().to_owned();
    let say = format!("{}/acts/say", api.case);
    let body = json!({"lane": "team", "message": "noted"});
    for (made, status) in [(&of_read, 404), (&of_act, 200)] {
        let line = format!("Bearer {}", text(made));
        let with = [("authorization", line.as_str())];
        let reply = api.post(&say, &with, &body).await;
        assert_eq!(reply.status.as_u16(), status);
    }
    let app = &api.house.app;
    let lines = app.api_tokens(&api.session, P).unwrap().tokens;
    app.end_api_token(&api.session, &lines[1].id).unwrap();
    let gone = api.get(&api.case, Some(&text(&of_act))).await;
    assert_eq!(gone.status, StatusCode::UNAUTHORIZED, "revoked at once");
    let other = api.get(&api.case, Some(&text(&of_read))).await;
    assert_eq!(other.status, StatusCode::OK);
    // As a cookie it is nothing.
    let cookie = text(&of_read);
    let desk = api
        .house
        .get("/desk/p/lanternfish", Some(("candor-desk", &cookie)))
        .await;
    assert_eq!(desk.status, StatusCode::SEE_OTHER);
}

/// S0-52: the site that is named may ask, and no other.
#[tokio::test]
async fn a_named_site_may_ask_the_api_and_no_other() {
    let api = Api::new().await;
    let ask = async |method: Method, path: &str, origin: &str| {
        let headers = [
            ("origin", origin),
            ("sec-fetch-site", "cross-site"),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "authorization"),
            ("content-type", "application/json"),
        ];
        api.house.send(method, path, &headers, b"{}".to_vec()).await
    };
    let allowed = |reply: &house::Reply| {
        let line = reply.headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
        line.map(|v| v.to_str().unwrap().to_owned())
    };
    let ours = "https://app.example.org";
    let reports = "/api/v1/programs/lanternfish/reports";
    let named = ask(Method::OPTIONS, reports, ours).await;
    assert_eq!(named.status, StatusCode::OK);
    assert_eq!(allowed(&named).as_deref(), Some(ours));
    let words = named.headers[header::ACCESS_CONTROL_ALLOW_HEADERS]
        .to_str()
        .unwrap();
    assert!(words.contains("authorization"), "{words}");
    let read = ask(Method::GET, "/api/v1/programs", ours).await;
    assert_eq!(allowed(&read).as_deref(), Some(ours));
    let sent = ask(Method::POST, reports, ours).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "it was read");
    for other in [
        "https://evil.example",
        "https://app.example.org.evil.example",
        "http://app.example.org",
        "null",
    ] {
        for (method, path) in [
            (Method::OPTIONS, reports),
            (Method::GET, "/api/v1/programs"),
            (Method::POST, reports),
        ] {
            let reply = ask(method.clone(), path, other).await;
            assert_eq!(allowed(&reply), None, "{other} {method}");
            if method == Method::POST {
                assert_eq!(reply.status, StatusCode::FORBIDDEN, "{other}");
            }
        }
    }
    // Cookies are never sent along, and pages outside the API name no site at all.
    for path in ["/api/v1/programs", "/p/lanternfish/", "/desk"] {
        let reply = ask(Method::GET, path, ours).await;
        let credentials = reply.headers.get(header::ACCESS_CONTROL_ALLOW_CREDENTIALS);
        assert!(credentials.is_none(), "{path}");
        assert_eq!(
            allowed(&reply).is_some(),
            path.starts_with("/api/"),
            "{path}"
        );
    }
}
