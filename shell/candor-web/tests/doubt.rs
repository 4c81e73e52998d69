//! A clock that jumped, through the pages: reports and acts are taken, owners are told.
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
use house::{House, form};

const JUMPED: &str = "The clock of this server jumped";

#[tokio::test]
async fn owners_are_told_and_reports_and_acts_are_taken() {
    let house = House::new();
    let token = house.set_up().await;
    let cookie = ("candor-desk", token.as_str());
    let inbox = "/desk/p/lanternfish";
    house.report().await;
    let page = house.get(inbox, Some(cookie)).await;
    assert!(!page.text().contains(JUMPED));

    house.set_wrong(98 * 86_400);
    house.wait(5);
    // The session goes on: time did not pass.
    let page = house.get(inbox, Some(cookie)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains(JUMPED));
    let code = house.report().await;
    house.enter(&code).await;
    let case = House::link(&page.text(), "/desk/p/lanternfish/cases/");
    let line = format!("candor-desk={token}");
    let guard = house.guard(&case, &line).await;
    let fields = [
        ("guard", guard.as_str()),
        ("act", "acknowledge"),
        ("message", "Thank you for your report."),
    ];
    let path = format!("{case}/act");
    let reply = house
        .post(&path, &[("cookie", &line)], &form(&fields))
        .await;
    assert!(
        reply.status.is_redirection() || reply.status.is_success(),
        "{}",
        reply.text()
    );

    house.set_wrong(0);
    let page = house.get(inbox, Some(cookie)).await;
    assert!(!page.text().contains(JUMPED));
}
