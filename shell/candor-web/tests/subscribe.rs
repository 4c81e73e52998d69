//! The pages of letters about advisories.
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

const PAGE: &str = "/p/lanternfish/subscribe";

#[tokio::test]
async fn every_answer_is_the_same_and_a_wrong_address_is_said() {
    let house = House::new();
    let ask = async |address: &str| house.post(PAGE, &[], &form(&[("email", address)])).await;
    let first = ask("sue@reader.test").await;
    assert_eq!(first.status, StatusCode::OK);
    assert!(first.text().contains("Look into your mailbox"));
    // Asked again, or by somebody else: the same bytes.
    assert_eq!(ask("sue@reader.test").await.text(), first.text());
    assert_eq!(ask("other@reader.test").await.text(), first.text());
    let wrong = ask("nobody").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong
            .text()
            .contains("does not look like an e-mail address")
    );
    assert!(
        wrong.text().contains("value=\"nobody\""),
        "what was typed stays"
    );
}

#[tokio::test]
async fn one_press_ends_letters_without_cookie_or_form() {
    let house = House::new();
    let token = "A".repeat(43);
    // A token that nobody has says nothing but that it is over.
    let way_out = format!("/p/lanternfish/unsubscribe/{token}");
    let press = house
        .post(&way_out, &[], "List-Unsubscribe=One-Click")
        .await;
    assert_eq!(press.status, StatusCode::OK);
    assert!(press.text().contains("your address is not kept"));
    let yes = format!("{PAGE}/{token}");
    let wrong = house.post(&yes, &[], "").await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
}
