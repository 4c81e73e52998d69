//! The page "Regulators" and the calendar feed through the pages, without a script.
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
use house::{House, form};

const SETTINGS: &str = "/desk/p/lanternfish/settings";

/// Ids stand once, and nothing of a script is on a page.
fn check(page: &str) {
    let mut ids: Vec<&str> = page
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id stands twice");
    assert!(!page.contains("<script") && !page.contains(" style="));
}

#[tokio::test]
async fn from_the_question_to_the_text_to_copy() {
    let house = House::new();
    let code = house.report().await;
    let token = house.set_up().await;
    let line = format!("candor-desk={token}");
    let cookie = Some(("candor-desk", token.as_str()));
    let settings = house.get(SETTINGS, cookie).await.text();
    assert!(settings.contains("name=\"regulator_eu-cra\" value=\"no\" checked"));
    check(&settings);
    let guard = house.guard(SETTINGS, &line).await;
    let base = settings.split("name=\"base\" value=\"").nth(1).unwrap();
    let base = base.split('"').next().unwrap();
    let on = form(&[
        ("guard", guard.as_str()),
        ("base", base),
        ("regulator_cn-rmsv", "provider"),
    ]);
    let reply = house.post(SETTINGS, &[("cookie", &line)], &on).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);

    let inbox = house.get("/desk/p/lanternfish", cookie).await.text();
    let case = House::link(&inbox, "/desk/p/lanternfish/cases/");
    let path = format!("{case}/regulators");
    let of_case = house.get(&case, cookie).await.text();
    assert!(of_case.contains(&path));
    // Browsers keep the title of a page: it names the case by its reference only.
    let title = of_case.split("<title>").nth(1).unwrap();
    let title = title.split("</title>").next().unwrap();
    let reference = case.rsplit('/').next().unwrap();
    assert_eq!(title, format!("{reference} · Lanternfish"));
    let page = house.get(&path, cookie).await.text();
    assert!(page.contains("China RMSV") && page.contains("Note a sign"));
    check(&page);
    let act = async |fields: &[(&str, &str)]| {
        let mut all = vec![("guard", guard.as_str())];
        all.extend_from_slice(fields);
        let to = format!("{path}/act");
        house.post(&to, &[("cookie", &line)], &form(&all)).await
    };

    // What was typed wrong comes back with what was typed.
    let wrong = [
        ("act", "note_signal"),
        ("form", "note_signal"),
        ("subject", "vulnerability"),
        ("date", "soon"),
        ("evidence", "KEPT <b>words</b>"),
    ];
    let reply = act(&wrong).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = reply.text();
    assert!(page.contains("KEPT &") && !page.contains("KEPT <b>"));
    check(&page);
    let future = [
        ("act", "note_signal"),
        ("subject", "vulnerability"),
        ("date", "2027-01-01"),
        ("time", "08:00"),
        ("evidence", "logs"),
    ];
    assert_eq!(act(&future).await.status, StatusCode::CONFLICT);
    let sign = [
        ("act", "note_signal"),
        ("subject", "vulnerability"),
        ("date", "2026-06-01"),
        ("time", "07:00"),
        ("evidence", "CANARYSIGN in our logs"),
    ];
    assert_eq!(act(&sign).await.status, StatusCode::SEE_OTHER);
    let aware = [
        ("act", "record_awareness"),
        ("regime", "cn-rmsv-2021"),
        ("date", "2026-06-01"),
        ("time", "07:30"),
        ("evidence", "logs"),
        ("reason", "two people looked"),
    ];
    assert_eq!(act(&aware).await.status, StatusCode::SEE_OTHER);
    let page = house.get(&path, cookie).await.text();
    assert!(page.contains("CANARYSIGN") && page.contains("Aware since"));
    assert!(page.contains("2026-06-03T07:30:00Z"), "48 hours");
    assert!(page.contains("6 missing"));
    check(&page);

    let copy = house
        .get(&format!("{path}/cn-rmsv-2021/report.txt"), cookie)
        .await;
    assert_eq!(copy.status, StatusCode::OK);
    let name = copy.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(name.starts_with("attachment") && name.contains("cn-rmsv-2021-report.txt"));
    assert!(copy.text().contains("Technical nature:\n(missing)"));
    let stranger = house.get("/nowhere", None).await;
    for none in [
        "nothing/report.txt",
        "cn-rmsv-2021/report.exe",
        "cn-rmsv-2021/x.txt",
    ] {
        let reply = house.get(&format!("{path}/{none}"), cookie).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{none}");
        assert_eq!(reply.body, stranger.body, "{none}");
    }

    // Nothing of it is in the reporter's room, and its dates are a file of their own.
    let (name, room) = house.enter(&code).await;
    let room = Some((name.as_str(), room.as_str()));
    let seen = house.get("/p/lanternfish/room", room).await.text();
    assert!(!seen.contains("egulator") && !seen.contains("CANARYSIGN"));
    let own = house.get("/p/lanternfish/room/calendar", room).await;
    assert_eq!(own.status, StatusCode::OK);
    assert!(own.text().contains("BEGIN:VEVENT") && !own.text().contains("egulator"));
    for page in [
        "/p/lanternfish/promises",
        "/p/lanternfish/",
        "/p/lanternfish/feed.atom",
    ] {
        let text = house.get(page, None).await.text();
        assert!(
            !text.contains("RMSV") && !text.contains("egulator"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn a_calendar_feed_is_made_read_and_revoked() {
    let house = House::new();
    house.report().await;
    let token = house.set_up().await;
    let line = format!("candor-desk={token}");
    let path = "/desk/p/lanternfish/calendar";
    let guard = house.guard(path, &line).await;
    let change = async |what: &str| {
        let fields = form(&[("guard", guard.as_str()), ("do", what)]);
        house.post(path, &[("cookie", &line)], &fields).await.text()
    };
    let made = change("make").await;
    let secret = made
        .split("/calendar/")
        .find_map(|rest| rest.split_once(".ics"));
    let address = format!("/calendar/{}.ics", secret.unwrap().0);
    let feed = house.get(&address, None).await;
    assert_eq!(feed.status, StatusCode::OK);
    assert_eq!(
        feed.headers[header::CONTENT_TYPE],
        "text/calendar; charset=utf-8"
    );
    assert_eq!(feed.headers[header::CACHE_CONTROL], "private, no-cache");
    assert!(feed.text().contains("BEGIN:VEVENT"));
    let again = house.get(path, Some(("candor-desk", &token))).await.text();
    assert!(again.contains("You have a feed") && !again.contains(&address));
    assert!(change("end").await.contains("You have no feed"));
    let gone = house.get(&address, None).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert_eq!(gone.body, house.get("/nowhere", None).await.body);
}
