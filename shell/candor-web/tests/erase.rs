//! Erasing a case through the pages, and what everybody sees afterwards.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod house;

use axum::http::{StatusCode, header};
use candor_app::input::{ActInput, SignedIn};
use house::{House, PASS, Reply, form};

const D: &str = "/desk/p/lanternfish";

fn act(name: &str, pairs: &[(&str, &str)]) -> ActInput {
    let pair = |(k, v): &(&str, &str)| ((*k).to_owned(), (*v).to_owned());
    ActInput {
        act: name.to_owned(),
        fields: pairs.iter().map(pair).collect(),
        ..ActInput::default()
    }
}

async fn post(house: &House, path: &str, line: &str, fields: &[(&str, &str)]) -> Reply {
    let guard = house.guard(path, line).await;
    let mut all = vec![("guard", guard.as_str())];
    all.extend_from_slice(fields);
    house.post(path, &[("cookie", line)], &form(&all)).await
}

#[tokio::test]
async fn an_owner_asks_and_erases_after_three_days() {
    let house = House::new();
    let code = house.report().await;
    let (name, room) = house.enter(&code).await;
    let (token, secret) = house.first_owner().await;
    let line = format!("candor-desk={token}");
    let inbox = house.read(D, &line).await;
    let case = House::link(&inbox, &format!("{D}/cases/"));
    let reference = case.rsplit('/').next().unwrap().to_owned();
    let erase = format!("{case}/erase");

    // An open case is not erased, and its page says why.
    let page = house.read(&erase, &line).await;
    assert!(page.contains("Only a closed case can be erased."), "{page}");
    assert!(!page.contains("Ask for the erasure"));
    assert!(!house.read(&case, &line).await.contains("Erase this case"));
    house
        .app
        .room_act("lanternfish", &room, act("withdraw", &[]))
        .unwrap();
    let close = act("close", &[("reason", "withdrawn")]);
    house
        .app
        .desk_act(&token, "lanternfish", &reference, close)
        .unwrap();
    assert!(house.read(&case, &line).await.contains("Erase this case"));

    // Asking wants a reason and a fresh code.
    house.wait(60);
    let reply = post(&house, &erase, &line, &[("step", "ask")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = [("step", "ask"), ("reason", "request"), ("totp", "000000")];
    let reply = post(&house, &erase, &line, &wrong).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.text().contains("This code does not fit."));
    house.wait(60);
    let totp = house.totp(&secret);
    let right = [("step", "ask"), ("reason", "request"), ("totp", &totp)];
    let reply = post(&house, &erase, &line, &right).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let page = house.read(&erase, &line).await;
    assert!(page.contains("Ada asked for it") && page.contains("Nothing is erased yet."));
    assert!(!page.contains("Erase the case for good"));
    house.wait(60);
    let totp = house.totp(&secret);
    let early = [("step", "erase"), ("totp", totp.as_str())];
    let reply = post(&house, &erase, &line, &early).await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(house.read(&case, &line).await.contains("CANARYDESC"));

    // Three days later, signed in anew.
    house.wait(72 * 3_600);
    let totp = house.totp(&secret);
    let SignedIn::Full(token) = house.app.sign_in("ada", PASS, &totp).unwrap() else {
        panic!("the second factor is set up");
    };
    let line = format!("candor-desk={token}");
    house.wait(60);
    let totp = house.totp(&secret);
    let late = [("step", "erase"), ("totp", totp.as_str())];
    let reply = post(&house, &erase, &line, &late).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    assert_eq!(reply.headers[header::LOCATION], case.as_str());

    let cookie = Some(("candor-desk", token.as_str()));
    let gone = house.get(&case, cookie).await;
    assert_eq!(gone.status, StatusCode::GONE);
    let text = gone.text();
    assert!(
        text.contains("was erased on") && text.contains("Erased by"),
        "{text}"
    );
    assert!(text.contains("Backups from before still hold the key"));
    assert!(!text.contains("CANARYDESC"));
    for path in [
        erase.clone(),
        format!("{case}/regulators"),
        format!("{case}/files/00000000000000000000000000000001"),
    ] {
        let reply = house.get(&path, cookie).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
    }
    for list in [
        "",
        "?list=closed",
        "/alarms",
        "/statistics",
        "/skill",
        "/calendar",
        "/search",
    ] {
        let reply = house.get(&format!("{D}{list}"), cookie).await;
        assert_eq!(reply.status, StatusCode::OK, "{list}");
        assert!(!reply.text().contains("CANARYDESC"), "{list}");
    }

    // The reporter reads that it is gone, not by whom; a stranger nothing.
    let (_, room) = house.enter(&code).await;
    let gone = house
        .get("/p/lanternfish/room", Some((&name, room.as_str())))
        .await;
    assert_eq!(gone.status, StatusCode::GONE);
    let text = gone.text();
    assert!(text.contains(&reference) && text.contains("Your receipt stays valid"));
    assert!(!text.contains("Ada") && !text.contains("CANARYDESC"));
    let stranger = house.get(&case, None).await;
    assert_eq!(stranger.status, StatusCode::SEE_OTHER);
    let door = house.get("/p/lanternfish/room", None).await;
    assert_eq!(door.status, StatusCode::OK);
}
