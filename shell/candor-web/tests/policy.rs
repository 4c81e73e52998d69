//! A new version of a policy through the pages: looked at, published, read again.
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
use house::{BOUNDARY, House, Reply, form, multipart};

const DESK: &str = "/desk/p/lanternfish/policy";
const NEW: &str = "# Security policy of Lanternfish\r\n\r\nPlease report vulnerabilities to \
    \"security@lanternfish.example.org\" & nobody <b>else</b>.\r\n\r\nWe will acknowledge your \
    report within 3 business days.\r\nThis policy is reviewed every 6 months.\r\n";

struct Person {
    line: String,
    guard: String,
}

impl Person {
    async fn of(house: &House, token: &str) -> Self {
        let line = format!("candor-desk={token}");
        let guard = house.guard("/desk/you", &line).await;
        Self { line, guard }
    }

    async fn get(&self, house: &House, path: &str) -> Reply {
        let (name, value) = self.line.split_once('=').unwrap();
        house.get(path, Some((name, value))).await
    }

    async fn send(
        &self,
        house: &House,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Reply {
        let mut all = vec![("guard", self.guard.as_str())];
        all.extend_from_slice(fields);
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let headers = [("content-type", kind.as_str()), ("cookie", &self.line)];
        let body = multipart(&all, files);
        let path = format!("{DESK}/{path}");
        house
            .send(axum::http::Method::POST, &path, &headers, body)
            .await
    }
}

/// The value of a hidden field, as a browser would send it.
fn hidden(page: &str, name: &str) -> String {
    let from = page
        .split(&format!("name=\"{name}\" value=\""))
        .nth(1)
        .expect("the field is there");
    let value = from.split('"').next().unwrap();
    let mut out = value.to_owned();
    for (code, letter) in [
        ("&#34;", "\""),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#38;", "&"),
    ] {
        out = out.replace(code, letter);
    }
    out
}

/// What the page of a preview sends when it is agreed to.
fn answer(page: &str) -> Vec<(&'static str, String)> {
    ["text", "file", "sha256", "base"]
        .map(|name| (name, hidden(page, name).replace('\n', "\r\n")))
        .to_vec()
}

fn pairs<'a>(all: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    all.iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

#[tokio::test]
async fn a_version_is_looked_at_published_and_read_again() {
    let house = House::new();
    house.report().await;
    let token = house.set_up().await;
    let ada = Person::of(&house, &token).await;
    let page = ada.get(&house, DESK).await.text();
    assert!(
        page.contains("Compare") && page.contains("taken up from a file, by <bdi>the operator")
    );
    assert!(
        !page.contains("Reviewed, nothing to change"),
        "no review is promised yet"
    );

    let shown = ada.send(&house, "preview", &[("text", NEW)], &[]).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text());
    assert_eq!(shown.headers[header::CACHE_CONTROL], "no-store");
    let shown = shown.text();
    for words in [
        "48 hours",
        "3 business days",
        "weaker",
        "One case is open. It keeps",
    ] {
        assert!(shown.contains(words), "{words}");
    }
    assert!(!shown.contains("<b>else"), "escaped");
    let public = house.get("/p/lanternfish/", None).await.text();
    assert!(
        public.contains("within 48 hours"),
        "nothing is changed by looking"
    );

    let sent = answer(&shown);
    let reply = ada.send(&house, "publish", &pairs(&sent), &[]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let page = ada.get(&house, DESK).await.text();
    assert!(page.contains("The new version is in force") && page.contains("by <bdi>Ada"));
    let public = house.get("/p/lanternfish/", None).await.text();
    assert!(public.contains("within 3 business days") && public.contains("/versions\""));
    let history = house.get("/p/lanternfish/versions", None).await.text();
    assert!(!history.contains("Ada"), "no names outside");
    let old = history
        .split("href=\"")
        .filter_map(|part| part.split('"').next())
        .filter(|path| path.contains("/versions/"))
        .last()
        .unwrap();
    let old = house.get(old, None).await;
    assert_eq!(old.status, StatusCode::OK);
    let old = old.text();
    assert!(old.contains("within 48 hours") && old.contains("This version was in force from"));

    // The same answer once more, and one that was changed on the way.
    for change in [None, Some("more")] {
        let mut sent = sent.clone();
        sent[0].1.push_str(change.unwrap_or(""));
        let reply = ada.send(&house, "publish", &pairs(&sent), &[]).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(reply.text().contains("Nothing was changed"));
    }
    let reply = ada.send(&house, "reviewed", &[], &[]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    let page = ada.get(&house, DESK).await.text();
    assert!(
        page.contains("A review of today is written down already"),
        "publishing was one"
    );
    house.wait(86_400);
}

#[tokio::test]
async fn a_file_counts_before_the_text_and_mistakes_keep_what_was_typed() {
    let house = House::new();
    let token = house.set_up().await;
    let ada = Person::of(&house, &token).await;
    let files: [(&str, &[u8]); 1] = [("POLICY.md", NEW.as_bytes())];
    let typed = [("text", "typed words")];
    let shown = ada.send(&house, "preview", &typed, &files).await.text();
    assert_eq!(hidden(&shown, "file"), "POLICY.md");
    assert!(shown.contains("3 business days"));
    for wrong in [
        "typed words about soup",
        "format = \"candor.policy/1\"\nkept = 1",
    ] {
        let reply = ada.send(&house, "preview", &[("text", wrong)], &[]).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        let page = reply.text();
        assert!(page.contains("This cannot be used"), "{wrong}");
        assert!(
            page.contains(wrong.split(['"', '\n']).next().unwrap()),
            "{wrong}"
        );
    }
    let none = ada.send(&house, "preview", &[("text", " ")], &[]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    // A policy that promises no review cannot be reviewed.
    let reply = ada.send(&house, "reviewed", &[], &[]).await;
    assert_ne!(reply.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn members_and_strangers_see_nothing_there() {
    let house = House::new();
    let token = house.set_up().await;
    let ada = Person::of(&house, &token).await;
    let fields = [
        ("guard", ada.guard.as_str()),
        ("login", "grace"),
        ("name", "Grace"),
        ("email", "grace@team.example.org"),
        ("program", "lanternfish"),
        ("role", "member"),
    ];
    let headers = [("cookie", ada.line.as_str())];
    let made = house
        .post("/desk/people", &headers, &form(&fields))
        .await
        .text();
    let pass = made
        .split("receipt-code\" translate=\"no\">")
        .nth(1)
        .unwrap();
    let pass = pass.split('<').next().unwrap().trim();
    let (token, _) = house.first_sign_in("grace", pass).await;
    let grace = Person::of(&house, &token).await;
    let nowhere = house.get("/nowhere", None).await;
    let page = grace.get(&house, DESK).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(page.body, nowhere.body);
    for path in ["preview", "publish", "reviewed"] {
        let reply = grace.send(&house, path, &[("text", NEW)], &[]).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(reply.body, nowhere.body, "{path}");
        // Without the value of the session nothing is read.
        let bare = form(&[("text", NEW)]);
        let reply = house
            .post(&format!("{DESK}/{path}"), &[("cookie", &ada.line)], &bare)
            .await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn settings_of_somebody_else_are_not_overwritten() {
    const SETTINGS: &str = "/desk/p/lanternfish/settings";
    let house = House::new();
    let token = house.set_up().await;
    let ada = Person::of(&house, &token).await;
    let base = hidden(&ada.get(&house, SETTINGS).await.text(), "base");
    let save = async |publisher: &str, base: &str| {
        let fields = [
            ("guard", ada.guard.as_str()),
            ("base", base),
            ("publisher", publisher),
        ];
        house
            .post(SETTINGS, &[("cookie", &ada.line)], &form(&fields))
            .await
    };
    let reply = save("One", &base).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    for _ in 0..2 {
        let reply = save("Two", &base).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = reply.text();
        assert!(page.contains("in the meantime"));
        assert!(page.contains("value=\"Two\""), "what was typed is there");
        assert_eq!(hidden(&page, "base"), base, "pressing again does not help");
    }
    let page = ada.get(&house, SETTINGS).await.text();
    assert!(page.contains("value=\"One\""));
}
