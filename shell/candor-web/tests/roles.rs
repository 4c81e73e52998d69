//! Every route of the house, asked by each kind of person: what each gets. Routes that
//! are missing here are found by comparing with the list of routes itself.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod house;

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use house::{House, Team, form};

/// What a reporter, another party, a member and an owner get from a GET; strangers are
/// asked in `rights`.
type Line = (&'static str, &'static str, [u16; 4]);

const P: &str = "/p/lanternfish";
const D: &str = "/desk/p/lanternfish";

const PAGES: &[Line] = &[
    ("/", "/", [303; 4]),
    ("/healthz", "/healthz", [200; 4]),
    ("/assets/{file}", "/assets/other.css", [404; 4]),
    (
        "/.well-known/security.txt",
        "/.well-known/security.txt",
        [200; 4],
    ),
    (
        "/.well-known/candor-receipt-key",
        "/.well-known/candor-receipt-key",
        [200; 4],
    ),
    ("/p/{slug}/", "P/", [200; 4]),
    ("/p/{slug}", "P", [303; 4]),
    ("/p/{slug}/versions", "P/versions", [200; 4]),
    ("/p/{slug}/versions/{digest}", "P/versions/12", [404; 4]),
    ("/p/{slug}/security.txt", "P/security.txt", [200; 4]),
    ("/p/{slug}/report", "P/report", [200; 4]),
    ("/p/{slug}/report.json", "P/report.json", [200; 4]),
    ("/p/{slug}/advisories", "P/advisories", [200; 4]),
    (
        "/p/{slug}/advisories/{id}",
        "P/advisories/LAN-2026-AAAAAAAA",
        [404; 4],
    ),
    (
        "/p/{slug}/advisories/{id}/{file}",
        "P/advisories/LAN-2026-AAAAAAAA/osv.json",
        [404; 4],
    ),
    (
        "/p/{slug}/csaf/{year}/{file}",
        "P/csaf/2026/lan-2026-aaaaaaaa.json",
        [404; 4],
    ),
    ("/p/{slug}/openpgp.asc", "P/openpgp.asc", [404; 4]),
    (
        "/.well-known/openpgpkey/hu/{name}",
        "/.well-known/openpgpkey/hu/x",
        [404; 4],
    ),
    (
        "/.well-known/openpgpkey/{host}/hu/{name}",
        "/.well-known/openpgpkey/a.test/hu/x",
        [404; 4],
    ),
    (
        "/.well-known/openpgpkey/policy",
        "/.well-known/openpgpkey/policy",
        [200; 4],
    ),
    (
        "/.well-known/openpgpkey/{host}/policy",
        "/.well-known/openpgpkey/a.test/policy",
        [200; 4],
    ),
    ("/p/{slug}/feed.atom", "P/feed.atom", [200; 4]),
    ("/p/{slug}/subscribe", "P/subscribe", [200; 4]),
    ("/p/{slug}/subscribe/{token}", "P/subscribe/x", [404; 4]),
    ("/p/{slug}/unsubscribe/{token}", "P/unsubscribe/x", [200; 4]),
    ("/p/{slug}/thanks", "P/thanks", [200; 4]),
    ("/p/{slug}/promises", "P/promises", [200; 4]),
    ("/p/{slug}/promises.csv", "P/promises.csv", [200; 4]),
    ("/p/{slug}/promises.json", "P/promises.json", [200; 4]),
    ("/calendar/{file}", "/calendar/nothing.ics", [404; 4]),
    ("/p/{slug}/room", "P/room", [200; 4]),
    ("/p/{slug}/room/statement", "P/room/statement", [404; 4]),
    (
        "/p/{slug}/room/receipt",
        "P/room/receipt",
        [200, 404, 404, 404],
    ),
    (
        "/p/{slug}/room/calendar",
        "P/room/calendar",
        [200, 404, 404, 404],
    ),
    ("/p/{slug}/room/proof", "P/room/proof", [404; 4]),
    ("/log/checkpoint", "/log/checkpoint", [404; 4]),
    ("/log/tile/{*path}", "/log/tile/0/000", [404; 4]),
    (
        "/p/{slug}/room/files/{id}",
        "FILE-ROOM",
        [200, 404, 404, 404],
    ),
    ("/p/{slug}/party", "P/party", [200; 4]),
    (
        "/p/{slug}/party/files/{id}",
        "P/party/files/00000000000000000000000000",
        [404; 4],
    ),
    ("/desk", "/desk", [303, 303, 200, 200]),
    ("/desk/set-up", "/desk/set-up", [303; 4]),
    ("/desk/enrol", "/desk/enrol", [303; 4]),
    ("/desk/sign-in", "/desk/sign-in", [200; 4]),
    ("/desk/people", "/desk/people", [303, 303, 404, 200]),
    ("/desk/sign-ins", "/desk/sign-ins", [303, 303, 404, 200]),
    ("/desk/you", "/desk/you", [303, 303, 200, 200]),
    (
        "/desk/you/sessions",
        "/desk/you/sessions",
        [303, 303, 200, 200],
    ),
    (
        "/desk/you/recovery",
        "/desk/you/recovery",
        [303, 303, 200, 200],
    ),
    (
        "/desk/you/passkeys",
        "/desk/you/passkeys",
        [303, 303, 200, 200],
    ),
    ("/desk/p/{slug}", "D", [303, 303, 200, 200]),
    ("/desk/p/{slug}/search", "D/search", [303, 303, 200, 200]),
    ("/desk/p/{slug}/alarms", "D/alarms", [303, 303, 200, 200]),
    (
        "/desk/p/{slug}/settings",
        "D/settings",
        [303, 303, 404, 200],
    ),
    ("/desk/p/{slug}/mail", "D/mail", [303, 303, 200, 200]),
    (
        "/desk/p/{slug}/mail/{id}",
        "D/mail/00000000000000000000000000000000",
        [303, 303, 404, 404],
    ),
    ("/desk/p/{slug}/hand-in", "D/hand-in", [303, 303, 200, 200]),
    ("/desk/p/{slug}/skill", "D/skill", [303, 303, 200, 200]),
    (
        "/desk/p/{slug}/statistics",
        "D/statistics",
        [303, 303, 200, 200],
    ),
    (
        "/desk/p/{slug}/statistics.csv",
        "D/statistics.csv",
        [303, 303, 200, 200],
    ),
    (
        "/desk/p/{slug}/statistics.json",
        "D/statistics.json",
        [303, 303, 200, 200],
    ),
    (
        "/desk/p/{slug}/calendar",
        "D/calendar",
        [303, 303, 200, 200],
    ),
    ("/desk/p/{slug}/tokens", "D/tokens", [303, 303, 200, 200]),
    ("/desk/p/{slug}/policy", "D/policy", [303, 303, 404, 200]),
    (
        "/desk/p/{slug}/cases/{reference}",
        "CASE",
        [303, 303, 200, 200],
    ),
    (
        "/desk/p/{slug}/cases/{reference}/files/{id}",
        "FILE-DESK",
        [303, 303, 200, 200],
    ),
    (
        "/desk/p/{slug}/cases/{reference}/erase",
        "CASE/erase",
        [303, 303, 404, 200],
    ),
    (
        "/desk/p/{slug}/cases/{reference}/regulators",
        "CASE/regulators",
        [303, 303, 200, 200],
    ),
    (
        "/desk/p/{slug}/cases/{reference}/regulators/{regime}/{file}",
        "CASE/regulators/eu-cra-incident/final.txt",
        [303, 303, 200, 200],
    ),
];

/// What the same people get from a form that carries their own session's value, where
/// they have one, and nothing else that could be right.
const FORMS: &[Line] = &[
    ("/p/{slug}/report", "P/report", [422; 4]),
    ("/p/{slug}/subscribe", "P/subscribe", [422; 4]),
    ("/p/{slug}/subscribe/{token}", "P/subscribe/x", [404; 4]),
    ("/p/{slug}/unsubscribe/{token}", "P/unsubscribe/x", [200; 4]),
    ("/p/{slug}/room", "P/room", [422; 4]),
    ("/p/{slug}/room/act", "P/room/act", [404, 200, 200, 200]),
    ("/p/{slug}/room/receipt", "P/room/receipt", [404; 4]),
    ("/p/{slug}/party", "P/party", [422; 4]),
    ("/p/{slug}/party/act", "P/party/act", [200, 404, 200, 200]),
    ("/desk/set-up", "/desk/set-up", [422; 4]),
    ("/desk/sign-in", "/desk/sign-in", [422; 4]),
    ("/desk/enrol", "/desk/enrol", [303; 4]),
    ("/desk/people", "/desk/people", [303, 303, 404, 422]),
    (
        "/desk/people/reset",
        "/desk/people/reset",
        [303, 303, 404, 422],
    ),
    (
        "/desk/people/remove",
        "/desk/people/remove",
        [303, 303, 404, 422],
    ),
    (
        "/desk/people/sign-out",
        "/desk/people/sign-out",
        [303, 303, 404, 422],
    ),
    (
        "/desk/people/looked-into",
        "/desk/people/looked-into",
        [303, 303, 404, 404],
    ),
    (
        "/desk/sign-ins/looked-into",
        "/desk/sign-ins/looked-into",
        [303, 303, 404, 404],
    ),
    (
        "/desk/sign-ins/reviewed",
        "/desk/sign-ins/reviewed",
        [303, 303, 404, 303],
    ),
    ("/desk/you", "/desk/you", [303, 303, 422, 422]),
    (
        "/desk/you/sessions",
        "/desk/you/sessions",
        [303, 303, 404, 404],
    ),
    (
        "/desk/you/recovery",
        "/desk/you/recovery",
        [303, 303, 422, 422],
    ),
    (
        "/desk/you/passkeys",
        "/desk/you/passkeys",
        [303, 303, 422, 422],
    ),
    ("/desk/passkey", "/desk/passkey", [422; 4]),
    ("/desk/p/{slug}/search", "D/search", [303, 303, 200, 200]),
    ("/desk/p/{slug}/mail", "D/mail", [303, 303, 404, 404]),
    ("/desk/p/{slug}/assign", "D/assign", [303, 303, 422, 422]),
    ("/desk/p/{slug}/alarms", "D/alarms", [303, 303, 422, 422]),
    (
        "/desk/p/{slug}/settings",
        "D/settings",
        [303, 303, 404, 422],
    ),
    ("/desk/p/{slug}/hand-in", "D/hand-in", [303, 303, 422, 422]),
    (
        "/desk/p/{slug}/calendar",
        "D/calendar",
        [303, 303, 200, 200],
    ),
    ("/desk/p/{slug}/tokens", "D/tokens", [303, 303, 422, 422]),
    (
        "/desk/p/{slug}/policy/preview",
        "D/policy/preview",
        [303, 303, 404, 422],
    ),
    (
        "/desk/p/{slug}/policy/publish",
        "D/policy/publish",
        [303, 303, 404, 422],
    ),
    (
        "/desk/p/{slug}/policy/reviewed",
        "D/policy/reviewed",
        [303, 303, 404, 422],
    ),
    (
        "/desk/p/{slug}/cases/{reference}/act",
        "CASE/act",
        [303, 303, 404, 404],
    ),
    (
        "/desk/p/{slug}/cases/{reference}/erase",
        "CASE/erase",
        [303, 303, 404, 404],
    ),
    (
        "/desk/p/{slug}/cases/{reference}/regulators/act",
        "CASE/regulators/act",
        [303, 303, 404, 404],
    ),
    // These end the session: last.
    ("/p/{slug}/room/leave", "P/room/leave", [303; 4]),
    ("/p/{slug}/party/leave", "P/party/leave", [303; 4]),
    ("/desk/sign-out", "/desk/sign-out", [303; 4]),
];

#[tokio::test]
async fn each_route_gives_each_person_what_is_theirs() {
    let house = House::new();
    let team = Team::of(&house).await;
    let people = ["reporter", "party", "member", "owner"];
    let path_of = |path: &str| {
        path.replace("CASE", &team.case)
            .replace("FILE-ROOM", &team.room_file)
            .replace("FILE-DESK", &team.desk_file)
            .replace("P/", &format!("{P}/"))
            .replace("D/", &format!("{D}/"))
    };
    let full = |path: &str| match path {
        "P" => P.to_owned(),
        "D" => D.to_owned(),
        path => path_of(path),
    };
    let mut wrong = Vec::new();
    for (n, who) in people.iter().enumerate() {
        let cookie = [("cookie", team.cookies[n].as_str())];
        for (_, path, statuses) in PAGES {
            let path = full(path);
            let reply = house.send(Method::GET, &path, &cookie, Vec::new()).await;
            if reply.status.as_u16() != statuses[n] {
                wrong.push(format!("{who} GET {path}: {}", reply.status));
            }
            let text = String::from_utf8_lossy(&reply.body).into_owned();
            assert!(
                *who != "party" || !text.contains("CANARYDESC"),
                "{path} shows the report to a party"
            );
        }
        let guard = team.guards[n].as_str();
        for (_, path, statuses) in FORMS {
            let path = full(path);
            let with = [("guard", guard), ("act", "nothing")];
            let reply = house.post(&path, &cookie, &form(&with)).await;
            if reply.status.as_u16() != statuses[n] {
                wrong.push(format!("{who} POST {path}: {}", reply.status));
            }
            if matches!(*who, "member" | "owner") && path.starts_with("/desk/p/") {
                // Without the session's value nothing is read.
                let bare = form(&[("act", "nothing")]);
                let bare = house.post(&path, &cookie, &bare).await;
                if bare.status != StatusCode::FORBIDDEN {
                    wrong.push(format!("{who} bare POST {path}: {}", bare.status));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_route_stands_in_these_tables() {
    let source = include_str!("../src/routes.rs").replace(['\n', ' '], "");
    let mut routes = BTreeSet::new();
    for part in source.split(".route(\"").skip(1) {
        let (pattern, rest) = part.split_once('"').unwrap();
        let call = rest.split(".route(").next().unwrap();
        for method in ["get", "post"] {
            if call.contains(&format!("{method}(")) {
                routes.insert(format!("{method} {pattern}"));
            }
        }
    }
    let of = |method: &str, lines: &[Line]| -> Vec<String> {
        let named = lines
            .iter()
            .map(|(pattern, _, _)| format!("{method} {pattern}"));
        named.collect()
    };
    let mut told: BTreeSet<String> = of("get", PAGES).into_iter().collect();
    told.extend(of("post", FORMS));
    // Only with `--dev`.
    routes.remove("get /style");
    assert!(routes.len() > 60, "the list of routes was read: {routes:?}");
    let missing: Vec<_> = routes.symmetric_difference(&told).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
