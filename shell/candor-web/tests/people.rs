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

use axum::http::{StatusCode, header};
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

/// Signs in with a browser that says this of itself; gives the session.
async fn sign_in_with(house: &House, agent: &str, pass: &str, secret: &str) -> String {
    house.wait(60);
    let code = house.totp(secret);
    let fields = form(&[("login", "grace"), ("pass", pass), ("totp", &code)]);
    let with = [("user-agent", agent)];
    let reply = house.post("/desk/sign-in", &with, &fields).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    cookie(&reply).1
}

/// The numbers of the sessions that the page lists, the newest first.
fn numbers(page: &str) -> Vec<String> {
    let mark = "name=\"end\" value=\"";
    let found = page.split(mark).skip(1);
    let found = found.filter_map(|rest| rest.split('"').next());
    found
        .filter(|n| *n != "others")
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn one_sees_where_one_is_signed_in_and_ends_what_one_does_not_know() {
    const SESSIONS: &str = "/desk/you/sessions";
    let house = House::new();
    let token = house.set_up().await;
    let ada = person(&house, &token).await;
    let pass = add_grace(&house, &ada).await;
    let (first, secret) = house.first_sign_in("grace", &pass).await;
    let fox = sign_in_with(&house, "X Firefox/150.0", &pass, &secret).await;
    let edge = sign_in_with(&house, "X Chrome/156 Safari/5 Edg/156", &pass, &secret).await;
    let grace = person(&house, &edge).await;
    let page = house.read(SESSIONS, &grace.line).await;
    let at = |word: &str| page.find(word).unwrap_or_else(|| panic!("{word}: {page}"));
    assert!(at("<h2>Edge") < at("this one") && at("this one") < at("<h2>Firefox"));
    assert!(page.contains("<h2>another browser") && page.contains("within the last ten minutes"));
    let shown = numbers(&page);
    assert_eq!(shown.len(), 3, "{shown:?}");
    for secret in [&first, &fox, &edge] {
        assert!(!page.contains(secret.as_str()), "a token is on the page");
    }
    // Ada's list has only hers; what is not one's own is not there.
    let hers = numbers(&house.read(SESSIONS, &ada.line).await);
    assert_eq!(hers.len(), 1);
    let theirs = grace.send(&house, SESSIONS, &[("end", &hers[0])]).await;
    assert_eq!(theirs.status, StatusCode::NOT_FOUND);
    assert!(signed_in(&house, &token).await);
    // One of the others, then all of them, then this one.
    let one = grace.send(&house, SESSIONS, &[("end", &shown[1])]).await;
    assert_eq!(one.status, StatusCode::SEE_OTHER);
    assert!(!signed_in(&house, &fox).await && signed_in(&house, &first).await);
    let all = grace.send(&house, SESSIONS, &[("end", "others")]).await;
    assert_eq!(all.status, StatusCode::SEE_OTHER);
    assert!(!signed_in(&house, &first).await && signed_in(&house, &edge).await);
    assert!(signed_in(&house, &token).await, "somebody else's stays");
    let own = grace.send(&house, SESSIONS, &[("end", &shown[0])]).await;
    assert_eq!(own.headers["location"], "/desk/sign-in");
    assert!(!signed_in(&house, &edge).await);
}

#[tokio::test]
async fn who_looks_after_people_signs_somebody_out_everywhere() {
    let house = House::new();
    let token = house.set_up().await;
    let ada = person(&house, &token).await;
    let pass = add_grace(&house, &ada).await;
    let (first, secret) = house.first_sign_in("grace", &pass).await;
    let fox = sign_in_with(&house, "X Firefox/150.0", &pass, &secret).await;
    let about = |login| [("login", login), ("sure", "on")];
    let path = "/desk/people/sign-out";
    let grace = person(&house, &fox).await;
    let up = grace.send(&house, path, &about("ada")).await;
    assert_eq!(up.status, StatusCode::CONFLICT, "not who manages it all");
    assert!(signed_in(&house, &token).await);
    let unsure = ada.send(&house, path, &[("login", "grace")]).await;
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = ada.send(&house, path, &about("grace")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let said = house.read("/desk/people", &ada.line).await;
    assert!(said.contains("2 sessions of Grace ended"), "{said}");
    assert!(!signed_in(&house, &first).await && !signed_in(&house, &fox).await);
    let history = house.read("/desk/sign-ins", &ada.line).await;
    assert!(history.contains("was signed out everywhere by somebody else"));
    sign_in_with(&house, "", &pass, &secret).await;
}

#[tokio::test]
async fn who_is_taken_out_is_out_on_every_surface_at_once() {
    let house = House::new();
    house.report().await;
    let token = house.set_up().await;
    let ada = person(&house, &token).await;
    let pass = add_grace(&house, &ada).await;
    let (session, secret) = house.first_sign_in("grace", &pass).await;
    house.wait(60);
    let wanted = candor_app::input::NewApiToken {
        name: "her job".to_owned(),
        scope: "read".to_owned(),
        days: "30".to_owned(),
        totp: house.totp(&secret),
    };
    let made = house.app.make_api_token(&session, "lanternfish", &wanted);
    let api_token = made.unwrap();
    let (signed, _) = house.app.make_api_session(&api_token).unwrap();
    let grace = person(&house, &session).await;
    let fields = [("do", "make")];
    let calendar = "/desk/p/lanternfish/calendar";
    let made = grace.send(&house, calendar, &fields).await;
    let page = made.text();
    let feed = page.split("/calendar/").find(|part| part.contains(".ics"));
    let feed = feed.and_then(|part| part.split(".ics").next()).unwrap();
    let feed = format!("/calendar/{feed}.ics");
    let seen = async || {
        let mut seen = Vec::new();
        for bearer in [&api_token, &signed] {
            let line = format!("Bearer {bearer}");
            let with = [("authorization", line.as_str())];
            let path = "/api/v1/programs/lanternfish/cases";
            let reply = house
                .send(axum::http::Method::GET, path, &with, Vec::new())
                .await;
            seen.push(reply.status.as_u16());
        }
        seen.push(house.get(&feed, None).await.status.as_u16());
        let desk = Some(("candor-desk", session.as_str()));
        for path in ["/desk", "/desk/p/lanternfish", "/desk/you/sessions"] {
            seen.push(house.get(path, desk).await.status.as_u16());
        }
        seen
    };
    assert_eq!(seen().await, [200; 6]);
    let about = [("login", "grace"), ("sure", "on")];
    let out = ada.send(&house, "/desk/people/remove", &about).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER, "{}", out.text());
    assert_eq!(seen().await, [401, 401, 404, 303, 303, 303]);
}

/// Sends a form with the code that is asked for.
async fn with_code(
    house: &House,
    who: &Person,
    path: &str,
    fields: &[(&str, &str)],
    code: &str,
) -> Reply {
    let mut all = fields.to_vec();
    all.push(("second_factor", code));
    who.send(house, path, &all).await
}

#[tokio::test]
async fn what_opens_a_door_asks_for_a_fresh_code_and_keeps_what_was_typed() {
    let house = House::fresh_for(10);
    let (token, secret) = house.first_owner().await;
    let ada = person(&house, &token).await;
    let about = [
        ("login", "grace"),
        ("name", "Grace <b>Hopper</b>"),
        ("email", ""),
        ("program", "lanternfish"),
        ("role", "member"),
        ("pass", "CANARYPASS"),
    ];
    house.wait(10 * 60);
    let asked = ada.send(&house, "/desk/people", &about).await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
    let page = asked.text();
    assert!(page.contains("name=\"second_factor\"") && page.contains("action=\"/desk/people\""));
    assert!(page.contains("name=\"login\" value=\"grace\"") && !page.contains("<b>Hopper"));
    assert!(!page.contains("CANARYPASS"), "no secret is sent back");
    let people = house.read("/desk/people", &ada.line).await;
    assert!(!people.contains("Hopper"), "nothing was done");
    // A wrong code asks again; without the value of the session nothing is asked.
    let wrong = with_code(&house, &ada, "/desk/people", &about, "000000").await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    assert!(wrong.text().contains("This code does not fit"));
    let bare = house
        .post("/desk/people", &[("cookie", &ada.line)], &form(&about))
        .await;
    assert!(bare.text().contains("out of date"), "{}", bare.text());
    let code = house.totp(&secret);
    let right = with_code(&house, &ada, "/desk/people", &about, &code).await;
    first_pass(&right);
    // For ten minutes nothing is asked again, and then it is.
    let out = [("login", "grace"), ("sure", "on")];
    house.wait(10 * 60 - 1);
    let gone = ada.send(&house, "/desk/people/sign-out", &out).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text());
    house.wait(1);
    for path in ["sign-out", "reset", "remove"] {
        let path = format!("/desk/people/{path}");
        let again = ada.send(&house, &path, &out).await;
        assert_eq!(again.status, StatusCode::FORBIDDEN, "{path}");
    }
    let feed = [("do", "make")];
    let feed = ada
        .send(&house, "/desk/p/lanternfish/calendar", &feed)
        .await;
    assert_eq!(feed.status, StatusCode::FORBIDDEN);
    let end = [("end", "0123456789ab")];
    let end = ada.send(&house, "/desk/p/lanternfish/tokens", &end).await;
    assert_eq!(end.status, StatusCode::FORBIDDEN);
    // What is read or written every day asks for nothing.
    assert!(signed_in(&house, &token).await);
    let search = [("text", "lantern")];
    let search = ada
        .send(&house, "/desk/p/lanternfish/search", &search)
        .await;
    assert_eq!(search.status, StatusCode::OK);
}

#[tokio::test]
async fn a_browser_is_known_again_by_a_cookie_that_opens_nothing() {
    let house = House::new();
    let token = house.set_up().await;
    let ada = person(&house, &token).await;
    let pass = add_grace(&house, &ada).await;
    let (_, secret) = house.first_sign_in("grace", &pass).await;
    let sign_in = async |known: Option<&str>| {
        house.wait(60);
        let code = house.totp(&secret);
        let fields = form(&[("login", "grace"), ("pass", &pass), ("totp", &code)]);
        let line = known.map(|word| format!("candor-known={word}"));
        let with: Vec<_> = line.iter().map(|l| ("cookie", l.as_str())).collect();
        let reply = house.post("/desk/sign-in", &with, &fields).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
        let all = reply.headers.get_all("set-cookie").iter();
        let all: Vec<_> = all.map(|l| l.to_str().unwrap().to_owned()).collect();
        let known = all.iter().find_map(|l| l.strip_prefix("candor-known="));
        let known = known.unwrap();
        assert!(known.contains("HttpOnly") && known.contains("Max-Age=15552000"));
        known.split(';').next().unwrap().to_owned()
    };
    let word = sign_in(None).await;
    assert_eq!(sign_in(Some(&word)).await, word);
    let page = house.read("/desk/sign-ins", &ada.line).await;
    let marked = "signed in with a browser not seen before";
    let row = page.split("<tr>").find(|row| row.contains(marked)).unwrap();
    assert!(row.contains("class=\"num\">1<"), "once: {row}");
    let as_session = house.get("/desk", Some(("candor-desk", &word))).await;
    assert_eq!(as_session.headers["location"], "/desk/sign-in");
}

#[tokio::test]
async fn the_script_for_passkeys_is_served_and_its_forms_wait_for_it() {
    let house = House::new();
    let token = house.set_up().await;
    let door = house.get("/desk/sign-in", None).await;
    let page = house
        .get("/desk/you/passkeys", Some(("candor-desk", token.as_str())))
        .await;
    for reply in [&door, &page] {
        let html = reply.text();
        let form = html.split("<form").find(|f| f.contains("data-passkey="));
        let form = form.expect("a form for a passkey");
        let tag = form.split('>').next().unwrap_or_default();
        assert!(tag.contains(" hidden "), "{tag}");
        let script = html.split("<script src=\"").nth(1).unwrap_or_default();
        let path = script.split('"').next().unwrap_or_default();
        let script = house.get(path, None).await;
        assert_eq!(script.status, StatusCode::OK, "{path}");
        let kind = &script.headers[header::CONTENT_TYPE];
        assert_eq!(kind, "text/javascript; charset=utf-8");
    }
    let front = house
        .get("/desk/you", Some(("candor-desk", token.as_str())))
        .await;
    assert!(!front.text().contains("<script"));
}
