//! Every route, asked by strangers and by those who belong there, over a real
//! store: what each may see, what every answer carries, what is refused.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod house;

use axum::http::{Method, StatusCode, header};
use house::{House, Reply, form, multipart};

/// Every GET route with its pattern, a path, and what a stranger gets.
const PUBLIC: &[(&str, &str, u16)] = &[
    ("/", "/", 303),
    ("/healthz", "/healthz", 200),
    (
        "/.well-known/security.txt",
        "/.well-known/security.txt",
        200,
    ),
    (
        "/.well-known/candor-receipt-key",
        "/.well-known/candor-receipt-key",
        200,
    ),
    ("/p/{slug}/", "/p/lanternfish/", 200),
    ("/p/{slug}", "/p/lanternfish", 303),
    ("/p/{slug}/security.txt", "/p/lanternfish/security.txt", 200),
    ("/p/{slug}/report", "/p/lanternfish/report", 200),
    ("/p/{slug}/report.json", "/p/lanternfish/report.json", 200),
    ("/p/{slug}/advisories", "/p/lanternfish/advisories", 200),
    ("/p/{slug}/feed.atom", "/p/lanternfish/feed.atom", 200),
    (
        "/.well-known/openpgpkey/policy",
        "/.well-known/openpgpkey/policy",
        200,
    ),
    (
        "/.well-known/openpgpkey/{host}/policy",
        "/.well-known/openpgpkey/a.test/policy",
        200,
    ),
    ("/p/{slug}/subscribe", "/p/lanternfish/subscribe", 200),
    (
        "/p/{slug}/unsubscribe/{token}",
        "/p/lanternfish/unsubscribe/x",
        200,
    ),
    ("/p/{slug}/thanks", "/p/lanternfish/thanks", 200),
    ("/p/{slug}/promises", "/p/lanternfish/promises", 200),
    ("/p/{slug}/promises.csv", "/p/lanternfish/promises.csv", 200),
    (
        "/p/{slug}/promises.json",
        "/p/lanternfish/promises.json",
        200,
    ),
    ("/p/{slug}/versions", "/p/lanternfish/versions", 200),
    ("/p/{slug}/room", "/p/lanternfish/room", 200),
];

/// What does not exist, or not for a stranger: one and the same answer.
const HIDDEN: &[(&str, &str)] = &[
    ("(none)", "/nowhere"),
    ("(none)", "/p/%ff/"),
    ("(none)", "/desk/nowhere"),
    ("/assets/{file}", "/assets/other.css"),
    ("/style", "/style"),
    ("/p/{slug}/", "/p/nobody/"),
    ("/p/{slug}", "/p/nobody"),
    ("/p/{slug}/report", "/p/nobody/report"),
    ("/p/{slug}/report.json", "/p/nobody/report.json"),
    ("/p/{slug}/room", "/p/nobody/room"),
    ("/p/{slug}/advisories", "/p/nobody/advisories"),
    (
        "/p/{slug}/advisories/{id}",
        "/p/lanternfish/advisories/LAN-2026-AAAAAAAA",
    ),
    (
        "/p/{slug}/advisories/{id}/{file}",
        "/p/lanternfish/advisories/LAN-2026-AAAAAAAA/osv.json",
    ),
    (
        "/p/{slug}/csaf/{year}/{file}",
        "/p/lanternfish/csaf/2026/lan-2026-aaaaaaaa.json",
    ),
    ("/p/{slug}/feed.atom", "/p/nobody/feed.atom"),
    ("/p/{slug}/openpgp.asc", "/p/nobody/openpgp.asc"),
    (
        "/.well-known/openpgpkey/hu/{name}",
        "/.well-known/openpgpkey/hu/nobody",
    ),
    (
        "/.well-known/openpgpkey/{host}/hu/{name}",
        "/.well-known/openpgpkey/a.test/hu/nobody",
    ),
    ("/p/{slug}/subscribe", "/p/nobody/subscribe"),
    ("/p/{slug}/subscribe/{token}", "/p/lanternfish/subscribe/x"),
    ("/p/{slug}/unsubscribe/{token}", "/p/nobody/unsubscribe/x"),
    ("/p/{slug}/thanks", "/p/nobody/thanks"),
    ("/p/{slug}/promises", "/p/nobody/promises"),
    ("/p/{slug}/promises.csv", "/p/nobody/promises.csv"),
    ("/p/{slug}/promises.json", "/p/nobody/promises.json"),
    ("/p/{slug}/security.txt", "/p/nobody/security.txt"),
    ("/p/{slug}/versions", "/p/nobody/versions"),
    ("/p/{slug}/versions/{digest}", "/p/lanternfish/versions/12"),
    ("/p/{slug}/versions/{digest}", "/p/nobody/versions/12"),
    (
        "/p/{slug}/room/files/{id}",
        "/p/lanternfish/room/files/00000000000000000000000000",
    ),
    (
        "/p/{slug}/party/files/{id}",
        "/p/lanternfish/party/files/00000000000000000000000000",
    ),
    ("/p/{slug}/room/receipt", "/p/lanternfish/room/receipt"),
    ("/p/{slug}/room/proof", "/p/lanternfish/room/proof"),
    ("/log/checkpoint", "/log/checkpoint"),
    ("/log/tile/{*path}", "/log/tile/0/000"),
    ("/p/{slug}/room/statement", "/p/lanternfish/room/statement"),
    ("/p/{slug}/room/calendar", "/p/lanternfish/room/calendar"),
    ("/calendar/{file}", "/calendar/nothing.ics"),
    (
        "/calendar/{file}",
        "/calendar/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics",
    ),
];

/// Pages of the desk: the same answer whether the thing asked for exists or not.
const DESK: &[(&str, &str)] = &[
    ("/desk", "/desk"),
    ("/desk/people", "/desk/people"),
    ("/desk/p/{slug}/mail", "/desk/p/lanternfish/mail"),
    (
        "/desk/p/{slug}/mail/{id}",
        "/desk/p/lanternfish/mail/00000000000000000000000000000000",
    ),
    ("/desk/sign-ins", "/desk/sign-ins"),
    ("/desk/you", "/desk/you"),
    ("/desk/you/sessions", "/desk/you/sessions"),
    ("/desk/you/recovery", "/desk/you/recovery"),
    ("/desk/you/passkeys", "/desk/you/passkeys"),
    ("/desk/enrol", "/desk/enrol"),
    ("/desk/p/{slug}", "/desk/p/lanternfish"),
    ("/desk/p/{slug}", "/desk/p/nobody"),
    ("/desk/p/{slug}/alarms", "/desk/p/lanternfish/alarms"),
    ("/desk/p/{slug}/settings", "/desk/p/lanternfish/settings"),
    ("/desk/p/{slug}/policy", "/desk/p/lanternfish/policy"),
    ("/desk/p/{slug}/hand-in", "/desk/p/lanternfish/hand-in"),
    ("/desk/p/{slug}/skill", "/desk/p/lanternfish/skill"),
    (
        "/desk/p/{slug}/statistics",
        "/desk/p/lanternfish/statistics",
    ),
    (
        "/desk/p/{slug}/statistics.csv",
        "/desk/p/lanternfish/statistics.csv",
    ),
    (
        "/desk/p/{slug}/statistics.json",
        "/desk/p/lanternfish/statistics.json",
    ),
    (
        "/desk/p/{slug}/cases/{reference}",
        "/desk/p/lanternfish/cases/LAN-AAAA-AAAA",
    ),
    (
        "/desk/p/{slug}/cases/{reference}/files/{id}",
        "/desk/p/lanternfish/cases/LAN-AAAA-AAAA/files/1",
    ),
    ("/desk/p/{slug}/calendar", "/desk/p/lanternfish/calendar"),
    ("/desk/p/{slug}/tokens", "/desk/p/lanternfish/tokens"),
    (
        "/desk/p/{slug}/cases/{reference}/erase",
        "/desk/p/lanternfish/cases/LAN-AAAA-AAAA/erase",
    ),
    (
        "/desk/p/{slug}/cases/{reference}/regulators",
        "/desk/p/lanternfish/cases/LAN-AAAA-AAAA/regulators",
    ),
    (
        "/desk/p/{slug}/cases/{reference}/regulators/{regime}/{file}",
        "/desk/p/lanternfish/cases/LAN-AAAA-AAAA/regulators/eu-cra-incident/final.txt",
    ),
];

/// Everything that is sent with POST, and what a stranger gets.
const POSTS: &[(&str, &str, u16)] = &[
    ("/p/{slug}/room/act", "/p/lanternfish/room/act", 200),
    ("/p/{slug}/room/leave", "/p/lanternfish/room/leave", 303),
    ("/p/{slug}/party/act", "/p/lanternfish/party/act", 200),
    ("/p/{slug}/party/leave", "/p/lanternfish/party/leave", 303),
    ("/p/{slug}/party", "/p/lanternfish/party", 422),
    ("/desk/p/{slug}/mail", "/desk/p/lanternfish/mail", 303),
    ("/desk/p/{slug}/hand-in", "/desk/p/lanternfish/hand-in", 303),
    ("/desk/p/{slug}/search", "/desk/p/lanternfish/search", 303),
    ("/desk/p/{slug}/assign", "/desk/p/lanternfish/assign", 303),
    ("/desk/p/{slug}/alarms", "/desk/p/lanternfish/alarms", 303),
    ("/desk/sign-out", "/desk/sign-out", 303),
    ("/desk/people", "/desk/people", 303),
    ("/desk/people/reset", "/desk/people/reset", 303),
    ("/desk/people/remove", "/desk/people/remove", 303),
    ("/desk/people/looked-into", "/desk/people/looked-into", 303),
    ("/desk/people/sign-out", "/desk/people/sign-out", 303),
    (
        "/desk/sign-ins/looked-into",
        "/desk/sign-ins/looked-into",
        303,
    ),
    ("/desk/sign-ins/reviewed", "/desk/sign-ins/reviewed", 303),
    ("/desk/you", "/desk/you", 303),
    ("/desk/you/sessions", "/desk/you/sessions", 303),
    ("/desk/you/recovery", "/desk/you/recovery", 303),
    ("/desk/you/passkeys", "/desk/you/passkeys", 303),
    ("/desk/enrol", "/desk/enrol", 303),
    (
        "/desk/p/{slug}/settings",
        "/desk/p/lanternfish/settings",
        303,
    ),
    (
        "/desk/p/{slug}/policy/preview",
        "/desk/p/lanternfish/policy/preview",
        303,
    ),
    (
        "/desk/p/{slug}/policy/publish",
        "/desk/p/lanternfish/policy/publish",
        303,
    ),
    (
        "/desk/p/{slug}/policy/reviewed",
        "/desk/p/lanternfish/policy/reviewed",
        303,
    ),
    (
        "/desk/p/{slug}/cases/{reference}/act",
        "/desk/p/lanternfish/cases/LAN-AAAA-AAAA/act",
        303,
    ),
    (
        "/desk/p/{slug}/cases/{reference}/erase",
        "/desk/p/lanternfish/cases/LAN-AAAA-AAAA/erase",
        303,
    ),
    (
        "/desk/p/{slug}/calendar",
        "/desk/p/lanternfish/calendar",
        303,
    ),
    ("/desk/p/{slug}/tokens", "/desk/p/lanternfish/tokens", 303),
    (
        "/desk/p/{slug}/cases/{reference}/regulators/act",
        "/desk/p/lanternfish/cases/LAN-AAAA-AAAA/regulators/act",
        303,
    ),
    ("/desk/set-up", "/desk/set-up", 422),
    ("/desk/sign-in", "/desk/sign-in", 422),
    ("/desk/passkey", "/desk/passkey", 422),
    ("/p/{slug}/room", "/p/lanternfish/room", 422),
    ("/p/{slug}/report", "/p/lanternfish/report", 422),
    ("/p/{slug}/room/receipt", "/p/lanternfish/room/receipt", 404),
];

const SCRIPTED: [&str; 3] = ["/desk/sign-in", "/desk/passkey", "/desk/you/passkeys"];

fn check_headers(path: &str, reply: &Reply) {
    let get = |name: &str| reply.headers.get(name).map_or("", |v| v.to_str().unwrap());
    let csp = get("content-security-policy");
    assert!(csp.contains("default-src 'none'"), "{path}: {csp}");
    assert!(!csp.contains("unsafe"), "{path}: {csp}");
    let script = csp.contains("script-src 'self';");
    assert_eq!(csp.contains("script-src"), script, "{path}: {csp}");
    // The one script of the house stands where a passkey is asked for.
    assert!(!script || SCRIPTED.contains(&path), "{path}: {csp}");
    assert_eq!(script, reply.text().contains("<script"), "{path}");
    assert_eq!(get("x-content-type-options"), "nosniff", "{path}");
    assert_eq!(get("cross-origin-opener-policy"), "same-origin", "{path}");
    assert!(
        matches!(get("referrer-policy"), "no-referrer" | "same-origin"),
        "{path}"
    );
    assert!(!get("cache-control").is_empty(), "{path}");
}

#[tokio::test]
async fn strangers_see_public_pages_and_get_no_cookie() {
    let house = House::new();
    for (_, path, status) in PUBLIC {
        let reply = house.get(path, None).await;
        assert_eq!(reply.status.as_u16(), *status, "{path}");
        assert!(
            !reply.headers.contains_key(header::SET_COOKIE),
            "{path} sets a cookie"
        );
        check_headers(path, &reply);
        let head = house.send(Method::HEAD, path, &[], Vec::new()).await;
        assert_eq!(head.status.as_u16(), *status, "HEAD {path}");
        assert!(head.body.is_empty(), "HEAD {path} has a body");
    }
}

#[tokio::test]
async fn what_is_hidden_looks_like_what_is_not_there() {
    let house = House::new();
    let first = house.get("/nowhere", None).await;
    for (_, path) in HIDDEN {
        let reply = house.get(path, None).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(reply.body, first.body, "{path}");
        assert_eq!(reply.headers, first.headers, "{path}");
    }
}

#[tokio::test]
async fn the_desk_sends_strangers_to_the_sign_in_whatever_they_ask_for() {
    let house = House::new();
    for (_, path) in DESK {
        let reply = house.get(path, None).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(reply.headers[header::LOCATION], "/desk/sign-in", "{path}");
        let forged = house
            .get(path, Some(("candor-desk", &"A".repeat(43))))
            .await;
        assert_eq!(
            forged.status,
            StatusCode::SEE_OTHER,
            "{path} with a made-up token"
        );
    }
}

#[tokio::test]
async fn forms_from_elsewhere_are_refused_before_anything_reads_them() {
    let house = House::new();
    let bad: [&[(&str, &str)]; 4] = [
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site")],
        &[
            ("sec-fetch-site", "same-site"),
            ("origin", "https://other.sec.example.org"),
        ],
    ];
    for (_, path, status) in POSTS {
        for headers in bad {
            let reply = house.post(path, headers, &form(&[("x", "y")])).await;
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
        }
        let own = [("sec-fetch-site", "same-origin"), ("origin", "null")];
        let reply = house.post(path, &own, &form(&[("x", "y")])).await;
        assert_eq!(reply.status.as_u16(), *status, "{path}");
        check_headers(path, &reply);
    }
}

#[tokio::test]
async fn a_report_opens_its_room_and_nobody_elses() {
    let house = House::new();
    let code = house.report().await;
    let (name, token) = house.enter(&code).await;
    let cookie = Some((name.as_str(), token.as_str()));
    let room = house.get("/p/lanternfish/room", cookie).await.text();
    assert!(
        room.contains("Lantern daemon runs commands"),
        "the room shows the report"
    );
    assert!(!room.contains(&code), "the code is never shown again");
    let note = house.get("/p/lanternfish/room/receipt", cookie).await;
    assert_eq!(note.status, StatusCode::OK);
    assert!(
        note.headers[header::CONTENT_DISPOSITION]
            .to_str()
            .unwrap()
            .starts_with("attachment")
    );
    assert!(
        note.headers[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap()
            .contains("sandbox")
    );
    let file = House::link(&room, "/p/lanternfish/room/files/");
    let file = house.get(&file, cookie).await;
    assert_eq!(file.body, b"GET /q");
    assert_eq!(
        file.headers[header::CONTENT_TYPE],
        "application/octet-stream"
    );
    // A reporter is nobody on the desk.
    let desk = house
        .get("/desk/p/lanternfish", Some(("candor-desk", &token)))
        .await;
    assert_eq!(desk.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_act_needs_the_value_of_its_session() {
    let house = House::new();
    let code = house.report().await;
    let (name, token) = house.enter(&code).await;
    let cookie = format!("{name}={token}");
    let headers = [("cookie", cookie.as_str())];
    let path = "/p/lanternfish/room/act";
    let bare = form(&[("act", "say"), ("message", "hello there")]);
    assert_eq!(
        house.post(path, &headers, &bare).await.status,
        StatusCode::FORBIDDEN
    );
    let guard = house.guard("/p/lanternfish/room", &cookie).await;
    let whole = form(&[
        ("act", "say"),
        ("message", "hello there"),
        ("guard", &guard),
    ]);
    let reply = house.post(path, &headers, &whole).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    let room = house
        .get("/p/lanternfish/room", Some((&name, &token)))
        .await
        .text();
    assert!(room.contains("hello there") && room.contains("notice-ok"));
    let empty = form(&[("act", "say"), ("message", ""), ("guard", &guard)]);
    let reply = house.post(path, &headers, &empty).await;
    assert!(
        matches!(reply.status.as_u16(), 409 | 422),
        "{}",
        reply.status
    );
    let leave = form(&[("guard", &guard)]);
    house
        .post("/p/lanternfish/room/leave", &headers, &leave)
        .await;
    let gone = house
        .get("/p/lanternfish/room", Some((&name, &token)))
        .await
        .text();
    assert!(!gone.contains("hello there"), "the session ended");
}

#[tokio::test]
async fn a_withdrawal_has_to_be_meant() {
    let house = House::new();
    let code = house.report().await;
    let (name, token) = house.enter(&code).await;
    let cookie = format!("{name}={token}");
    let headers = [("cookie", cookie.as_str())];
    let guard = house.guard("/p/lanternfish/room", &cookie).await;
    let path = "/p/lanternfish/room/act";
    let once = [
        ("act", "withdraw"),
        ("form", "withdraw"),
        ("guard", &guard),
        ("message", "kept words"),
    ];
    let reply = house.post(path, &headers, &form(&once)).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = reply.text();
    assert!(page.contains("tick that you are sure") && page.contains("kept words"));
    assert!(page.contains("may go on without you"));
    let mut meant = once.to_vec();
    meant.push(("sure", "on"));
    let reply = house.post(path, &headers, &form(&meant)).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
}

#[tokio::test]
async fn the_first_person_sets_up_signs_in_and_reads_the_case() {
    let house = House::new();
    house.report().await;
    let token = house.set_up().await;
    let cookie = Some(("candor-desk", token.as_str()));
    for path in [
        "/desk",
        "/desk/people",
        "/desk/sign-ins",
        "/desk/you",
        "/desk/you/sessions",
        "/desk/you/recovery",
        "/desk/you/passkeys",
        "/desk/p/lanternfish/settings",
        "/desk/p/lanternfish/policy",
    ] {
        let reply = house.get(path, cookie).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        check_headers(path, &reply);
        assert_eq!(reply.headers[header::CACHE_CONTROL], "no-store", "{path}");
    }
    let inbox = house
        .get("/desk/p/lanternfish?list=open", cookie)
        .await
        .text();
    let case = House::link(&inbox, "/desk/p/lanternfish/cases/");
    let page = house.get(&case, cookie).await.text();
    assert!(page.contains("CANARYDESC"));
    let file = House::link(&page, &format!("{case}/files/"));
    assert_eq!(house.get(&file, cookie).await.body, b"GET /q");
    let unknown = house
        .get("/desk/p/lanternfish/cases/LAN-AAAA-AAAA", cookie)
        .await;
    let stranger = house.get("/nowhere", None).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(unknown.body, stranger.body);
    let line = format!("candor-desk={token}");
    let guard = house.guard(&case, &line).await;
    let refused = form(&[
        ("act", "accept"),
        ("form", "accept"),
        ("guard", &guard),
        ("branches", "kept-branch"),
        ("message", "Accepted."),
    ]);
    let reply = house
        .post(&format!("{case}/act"), &[("cookie", &line)], &refused)
        .await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(reply.text().contains("That was not done"));
}

#[tokio::test]
async fn too_much_keeps_what_was_typed() {
    let house = House::new();
    let big = vec![b'x'; 3 * 1024 * 1024];
    let body = multipart(
        &[("summary", "typed before the file")],
        &[("big.bin", &big)],
    );
    let reply = house
        .post_parts("/p/lanternfish/report", &body, "text/html")
        .await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    let page = reply.text();
    assert!(page.contains("typed before the file") && page.contains("attach your files again"));
    let mut broken = multipart(&[("summary", "typed before the break")], &[]);
    broken.truncate(broken.len() - 8);
    let reply = house
        .post_parts("/p/lanternfish/report", &broken, "text/html")
        .await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    let empty = multipart(&[("version", "kept 1.2.3")], &[]);
    let reply = house
        .post_parts("/p/lanternfish/report", &empty, "text/html")
        .await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.text().contains("kept 1.2.3"));
    let json = house
        .post_parts("/p/lanternfish/report", &empty, "application/json")
        .await;
    assert_eq!(json.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(json.headers[header::CONTENT_TYPE], "application/json");
}

#[tokio::test]
async fn public_files_are_sent_once() {
    let house = House::new();
    for path in ["/p/lanternfish/feed.atom", "/.well-known/security.txt"] {
        let first = house.get(path, None).await;
        let tag = first.headers[header::ETAG].to_str().unwrap().to_owned();
        let again = house
            .send(Method::GET, path, &[("if-none-match", &tag)], Vec::new())
            .await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path}");
        assert!(again.body.is_empty());
    }
    let page = house.get("/p/lanternfish/", None).await.text();
    let style = House::link(&page, "/assets/candor.");
    let style = house.get(&style, None).await;
    assert_eq!(style.status, StatusCode::OK);
    assert!(
        style.headers[header::CACHE_CONTROL]
            .to_str()
            .unwrap()
            .contains("immutable")
    );
}
