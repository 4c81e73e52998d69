//! A house with two programs and tokens, and what each token gets from each route of the API.
#![allow(dead_code, reason = "each test file uses a part of it")]

use axum::http::Method;
use candor_app::input::NewApiToken;
use serde_json::Value;

use crate::house::{House, Reply};

pub(crate) const P: &str = "lanternfish";

/// Two programs, one case in the first, and tokens of the owner.
pub(crate) struct Api {
    pub(crate) house: House,
    pub(crate) session: String,
    pub(crate) secret: String,
    /// The path of the case in the API.
    pub(crate) case: String,
    pub(crate) file: String,
}

impl Api {
    pub(crate) async fn new() -> Self {
        let house = House::new();
        let policy = "# Security policy of Other\n\nReport to security@other.example.org. We answer within 3 days.\n";
        house
            .app
            .put_program("other", "SECURITY.md", policy.as_bytes())
            .unwrap();
        house.report().await;
        let (session, secret) = house.first_owner().await;
        let desk = format!("candor-desk={session}");
        let inbox = house.read("/desk/p/lanternfish", &desk).await;
        let on_desk = House::link(&inbox, "/desk/p/lanternfish/cases/");
        let page = house.read(&on_desk, &desk).await;
        let file = House::link(&page, &format!("{on_desk}/files/"));
        let api = |path: &str| path.replace("/desk/p/", "/api/v1/programs/");
        Self {
            case: api(&on_desk),
            file: api(&file),
            house,
            session,
            secret,
        }
    }

    pub(crate) fn wanted(&self, scope: &str, days: &str) -> NewApiToken {
        // A code of the second factor works once.
        self.house.wait(60);
        NewApiToken {
            name: "the nightly job".to_owned(),
            scope: scope.to_owned(),
            days: days.to_owned(),
            totp: self.house.totp(&self.secret),
        }
    }

    pub(crate) fn token(&self, program: &str, scope: &str) -> String {
        let wanted = self.wanted(scope, "30");
        let made = self
            .house
            .app
            .make_api_token(&self.session, program, &wanted);
        made.unwrap()
    }

    /// Sends an object; `more` are further headers.
    pub(crate) async fn post(&self, path: &str, more: &[(&str, &str)], body: &Value) -> Reply {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend_from_slice(more);
        let body = body.to_string().into_bytes();
        self.house.send(Method::POST, path, &headers, body).await
    }

    pub(crate) async fn get(&self, path: &str, token: Option<&str>) -> Reply {
        let line = token.map(|token| format!("Bearer {token}"));
        let headers: Vec<_> = line.iter().map(|l| ("authorization", l.as_str())).collect();
        self.house
            .send(Method::GET, path, &headers, Vec::new())
            .await
    }
}

pub(crate) fn parsed(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

/// Method and route; a path; what an anonymous program gets, one with a reading token, an
/// acting token, and an acting token of another program.
pub(crate) type Cell = (&'static str, &'static str, &'static str, [u16; 4]);

pub(crate) const CELLS: &[Cell] = &[
    ("GET", "/api/v1", "/api/v1", [200; 4]),
    (
        "GET",
        "/api/v1/openapi.json",
        "/api/v1/openapi.json",
        [200; 4],
    ),
    (
        "GET",
        "/api/v1/token",
        "/api/v1/token",
        [401, 200, 200, 200],
    ),
    (
        "POST",
        "/api/v1/session",
        "/api/v1/session",
        [401, 200, 200, 200],
    ),
    ("GET", "/api/v1/programs", "/api/v1/programs", [200; 4]),
    (
        "GET",
        "/api/v1/programs/{slug}/policy",
        "P/policy",
        [200; 4],
    ),
    (
        "GET",
        "/api/v1/programs/{slug}/advisories",
        "P/advisories",
        [200; 4],
    ),
    (
        "GET",
        "/api/v1/programs/{slug}/cases",
        "P/cases",
        [401, 200, 200, 404],
    ),
    (
        "GET",
        "/api/v1/programs/{slug}/cases/{reference}",
        "CASE",
        [401, 200, 200, 404],
    ),
    (
        "GET",
        "/api/v1/programs/{slug}/cases/{reference}/promises",
        "CASE/promises",
        [401, 200, 200, 404],
    ),
    (
        "GET",
        "/api/v1/programs/{slug}/cases/{reference}/files/{id}",
        "FILE",
        [401, 200, 200, 404],
    ),
    // What is sent is `{}`: whoever has the right learns which field is missing.
    (
        "POST",
        "/api/v1/programs/{slug}/cases/{reference}/acts/{act}",
        "CASE/acts/acknowledge",
        [401, 404, 422, 404],
    ),
    (
        "POST",
        "/api/v1/programs/{slug}/reports",
        "P/reports",
        [422; 4],
    ),
    // A token is no receipt code: `a_room_opens_by_its_code` asks with one.
    ("GET", "/api/v1/programs/{slug}/room", "P/room", [404; 4]),
    (
        "GET",
        "/api/v1/programs/{slug}/room/files/{id}",
        "P/room/files/00000000000000000000000000",
        [404; 4],
    ),
    (
        "POST",
        "/api/v1/programs/{slug}/room/acts/{act}",
        "P/room/acts/say",
        [404; 4],
    ),
];
