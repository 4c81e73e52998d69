//! What programs do through the API: acts of the team and of the reporter, reports; once for
//! each key, and not on a case that changed.
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
use serde_json::json;

#[tokio::test]
async fn an_act_is_done_by_the_same_fields_as_a_form() {
    let api = Api::new().await;
    let (read, act) = (api.token(P, "read"), api.token(P, "act"));
    let line = |token: &str| format!("Bearer {token}");
    let (read, act) = (line(&read), line(&act));
    let path = format!("{}/acts/acknowledge", api.case);
    let body = json!({"message": "Thank you, we look into it. CANARYTALK"});
    let refused = api.post(&path, &[("authorization", &read)], &body).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND, "a token that reads");
    let empty = json!({});
    let empty = api.post(&path, &[("authorization", &act)], &empty).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(parsed(&empty)["fields"][0]["field"], "message");
    let done = api.post(&path, &[("authorization", &act)], &body).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    assert_eq!(parsed(&done)["said"], "The reporter was answered.");
    let token = act.strip_prefix("Bearer ").unwrap();
    let case = api.get(&api.case, Some(token)).await;
    assert!(case.text().contains("CANARYTALK"));
    // Several values of one field, and what the case itself refuses.
    let path = format!("{}/acts/accept", api.case);
    let accept = json!({"branches": ["2.x", "1.x"], "message": "We fix it."});
    let no = api.post(&path, &[("authorization", &act)], &accept).await;
    assert_eq!(no.status, StatusCode::CONFLICT);
    let no = parsed(&no);
    assert!(no["code"].is_string() && no["instead"].is_array(), "{no}");
    for unknown in ["nothing", "tick", "supply"] {
        let path = format!("{}/acts/{unknown}", api.case);
        let reply = api.post(&path, &[("authorization", &act)], &accept).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{unknown}");
    }
    for odd in [json!([1]), json!({"message": {"a": 1}})] {
        let reply = api.post(&path, &[("authorization", &act)], &odd).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{odd}");
    }
}

#[tokio::test]
async fn nothing_is_done_in_a_case_that_changed_since_it_was_read() {
    let api = Api::new().await;
    let token = api.token(P, "act");
    let line = format!("Bearer {token}");
    let reply = api.get(&api.case, Some(&token)).await;
    let tag = reply.headers[header::ETAG].to_str().unwrap().to_owned();
    let path = format!("{}/acts/say", api.case);
    let say = json!({"lane": "team", "message": "noted"});
    let with = [("authorization", line.as_str()), ("if-match", tag.as_str())];
    assert_eq!(api.post(&path, &with, &say).await.status, StatusCode::OK);
    let late = api.post(&path, &with, &say).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(parsed(&late)["code"], "changed");
    let odd = [("authorization", line.as_str()), ("if-match", "\"x\"")];
    let odd = api.post(&path, &odd, &say).await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);
    let case = parsed(&api.get(&api.case, Some(&token)).await);
    let notes = case["messages"].as_array().unwrap().iter();
    assert_eq!(notes.filter(|m| m["text"] == "noted").count(), 1);
}

#[tokio::test]
async fn what_is_sent_twice_with_one_key_is_done_once() {
    let api = Api::new().await;
    let token = api.token(P, "act");
    let line = format!("Bearer {token}");
    let path = format!("{}/acts/say", api.case);
    let say = |text: &str| json!({"lane": "team", "message": text});
    let with = [
        ("authorization", line.as_str()),
        ("idempotency-key", "3f9c-once"),
    ];
    // Refused: it did nothing, so the key is free.
    let wrong = api.post(&path, &with, &say("")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let first = api.post(&path, &with, &say("noted once")).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    assert!(!first.headers.contains_key("idempotency-replayed"));
    let again = api.post(&path, &with, &say("noted once")).await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(again.headers["idempotency-replayed"], "true");
    let other = api.post(&path, &with, &say("something else")).await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    assert_eq!(parsed(&other)["code"], "idempotency_key");
    // Keys of another token are its own.
    let second = format!("Bearer {}", api.token(P, "act"));
    let mine = [
        ("authorization", second.as_str()),
        ("idempotency-key", "3f9c-once"),
    ];
    let mine = api.post(&path, &mine, &say("noted once")).await;
    assert!(!mine.headers.contains_key("idempotency-replayed"));
    let case = parsed(&api.get(&api.case, Some(&token)).await);
    let notes = case["messages"].as_array().unwrap().iter();
    assert_eq!(notes.filter(|m| m["text"] == "noted once").count(), 2);
    // Forgotten after a day.
    api.house.wait(86_400);
    let later = api.post(&path, &with, &say("noted once")).await;
    assert!(!later.headers.contains_key("idempotency-replayed"));
}

#[tokio::test]
async fn a_report_is_taken_and_a_room_opens_by_its_code() {
    let api = Api::new().await;
    let path = "/api/v1/programs/lanternfish/reports";
    let report = json!({
        "summary": "The parser reads behind its end",
        "description": "A frame of length 0 makes it. CANARYAPI",
        "steps": "Send such a frame.",
    });
    let weak = [("idempotency-key", "1")];
    let weak = api.post(path, &weak, &report).await;
    assert_eq!(weak.status, StatusCode::BAD_REQUEST);
    let key = [("idempotency-key", "a2b9f0d4-6c1e-4f57-9d0a-3b8c7e5d1f20")];
    let first = api.post(path, &key, &report).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
    let again = api.post(path, &key, &report).await;
    let (first, again) = (parsed(&first), parsed(&again));
    assert_eq!(first["reference"], again["reference"], "one case");
    let code = first["code"].as_str().unwrap().to_owned();
    let empty = api.post(path, &[], &json!({"version": "1.2"})).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let nobody = api
        .post("/api/v1/programs/nobody/reports", &[], &report)
        .await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    let page = [("sec-fetch-site", "cross-site")];
    let page = api.post(path, &page, &report).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "unawares");

    let room = "/api/v1/programs/lanternfish/room";
    let with = [("receipt-code", code.as_str())];
    let get = async |path: &str, with: &[(&str, &str)]| {
        api.house.send(Method::GET, path, with, Vec::new()).await
    };
    let reply = get(room, &with).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    assert_eq!(reply.headers[header::CACHE_CONTROL], "no-store");
    assert!(reply.text().contains("CANARYAPI"));
    assert!(!reply.headers.contains_key(header::SET_COOKIE));
    let wrong = get(room, &[("receipt-code", "AAAAA-AAAAA")]).await;
    let other = get("/api/v1/programs/other/room", &with).await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
    assert_eq!((wrong.status, &wrong.body), (other.status, &other.body));
    assert_eq!(wrong.headers, other.headers);

    let say = format!("{room}/acts/say");
    let talk = json!({"message": "One more thing."});
    let said = api.post(&say, &with, &talk).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.text());
    assert!(get(room, &with).await.text().contains("One more thing."));
    let withdraw = format!("{room}/acts/withdraw");
    let unsure = api.post(&withdraw, &with, &json!({})).await;
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
    let team = format!("{room}/acts/acknowledge");
    let team = api.post(&team, &with, &talk).await;
    assert_eq!(team.status, StatusCode::NOT_FOUND, "an act of the team");
    let sure = api.post(&withdraw, &with, &json!({"sure": true})).await;
    assert_eq!(sure.status, StatusCode::OK, "{}", sure.text());
}

#[tokio::test]
async fn a_publication_with_a_token_takes_a_code_of_its_person() {
    let api = Api::new().await;
    let token = api.token(P, "act");
    let line = format!("Bearer {token}");
    let path = format!("{}/acts/publish", api.case);
    let body = json!({"draft": "00".repeat(32)});
    let sent = async |code: Option<&str>| {
        let mut with = vec![("authorization", line.as_str())];
        with.extend(code.map(|code| ("second-factor", code)));
        let reply = api.post(&path, &with, &body).await;
        (reply.status.as_u16(), parsed(&reply)["code"].clone())
    };
    assert_eq!(sent(None).await, (403, json!("second_factor")));
    assert_eq!(sent(Some("000000")).await, (422, json!("fields")));
    api.house.wait(60);
    let code = api.house.totp(&api.secret);
    let (status, why) = sent(Some(&code)).await;
    assert_eq!(status, 409, "the code is good, and the case says no: {why}");
    assert_ne!(why, json!("second_factor"));
    assert_eq!(sent(Some(&code)).await, (422, json!("fields")), "once");
    // A reading token, and one of another program, learn nothing of it.
    let read = api.token(P, "read");
    let with = format!("Bearer {read}");
    let reply = api.post(&path, &[("authorization", &with)], &body).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}
