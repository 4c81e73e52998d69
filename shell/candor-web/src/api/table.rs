//! Every route of the API, once: the router is made of this table, and so is what the API says
//! about itself.
//!
//! Invariant: a route that is not in here does not exist.

use axum::routing::{MethodRouter, get, post};

use super::{BASE, act, openapi, read, reporter};
use crate::gate::Web;

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// Anybody.
    Anybody,
    /// A program with a token of the team.
    Token,
    /// A program with a token of the team that may act.
    ActingToken,
    /// Whoever has the receipt code of a case.
    Receipt,
}

impl Who {
    /// In a word.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Anybody => "anybody",
            Self::Token => "token",
            Self::ActingToken => "acting token",
            Self::Receipt => "receipt code",
        }
    }
}

/// What is sent with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// Nothing.
    Nothing,
    /// The fields of an act.
    Act,
    /// A report.
    Report,
}

/// What an answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gives {
    /// JSON of this shape (`openapi`).
    Json(&'static str),
    /// A file.
    Bytes,
}

/// One route.
#[derive(Debug)]
pub(super) struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Its path behind the base, with its parameters in braces.
    pub path: &'static str,
    /// Who may ask.
    pub who: Who,
    /// What it does, in a sentence.
    pub what: &'static str,
    /// What is sent with it.
    pub takes: Takes,
    /// What it answers with.
    pub gives: Gives,
    /// What answers.
    pub answers: fn() -> MethodRouter<Web>,
}

fn reads(
    path: &'static str,
    who: Who,
    what: &'static str,
    gives: Gives,
    answers: fn() -> MethodRouter<Web>,
) -> Route {
    Route {
        method: "GET",
        path,
        who,
        what,
        takes: Takes::Nothing,
        gives,
        answers,
    }
}

fn sends(
    path: &'static str,
    who: Who,
    what: &'static str,
    takes: Takes,
    answers: fn() -> MethodRouter<Web>,
) -> Route {
    let gives = match takes {
        Takes::Report => Gives::Json("Receipt"),
        Takes::Nothing | Takes::Act => Gives::Json("Said"),
    };
    Route {
        method: "POST",
        takes,
        ..reads(path, who, what, gives, answers)
    }
}

/// Every route.
pub(super) fn routes() -> Vec<Route> {
    vec![
        reads(
            "/",
            Who::Anybody,
            "Lists the routes of the API.",
            Gives::Json("Index"),
            || get(read::index),
        ),
        reads(
            "/openapi.json",
            Who::Anybody,
            "This API as an OpenAPI document.",
            Gives::Json("OpenApi"),
            || get(openapi::document),
        ),
        reads(
            "/token",
            Who::Token,
            "Says what the token is good for, and until when.",
            Gives::Json("Token"),
            || get(read::token),
        ),
        Route {
            gives: Gives::Json("Session"),
            ..sends(
                "/session",
                Who::Token,
                "Signs a short-lived token that stands for the one that is sent.",
                Takes::Nothing,
                || post(read::session),
            )
        },
        reads(
            "/programs",
            Who::Anybody,
            "Lists the programs of this server.",
            Gives::Json("Programs"),
            || get(read::programs),
        ),
        reads(
            "/programs/{slug}/policy",
            Who::Anybody,
            "Shows the policy in force, as its page does.",
            Gives::Json("Policy"),
            || get(read::policy),
        ),
        reads(
            "/programs/{slug}/advisories",
            Who::Anybody,
            "Lists the published advisories, the newest first, with the addresses of their files.",
            Gives::Json("Advisories"),
            || get(read::advisories),
        ),
        reads(
            "/programs/{slug}/cases",
            Who::Token,
            "Lists cases, a page at a time, with the filters of the inbox.",
            Gives::Json("Cases"),
            || get(read::cases),
        ),
        reads(
            "/programs/{slug}/cases/{reference}",
            Who::Token,
            "Shows a case, as its page does; that counts as opening the case.",
            Gives::Json("Case"),
            || get(read::case),
        ),
        reads(
            "/programs/{slug}/cases/{reference}/promises",
            Who::Token,
            "Shows the promises of a case and what became of each. It counts as opening the case.",
            Gives::Json("Promises"),
            || get(read::promises),
        ),
        reads(
            "/programs/{slug}/cases/{reference}/files/{id}",
            Who::Token,
            "Gives a file of a case, as bytes.",
            Gives::Bytes,
            || get(read::file),
        ),
        sends(
            "/programs/{slug}/cases/{reference}/acts/{act}",
            Who::ActingToken,
            "Does an act of the team on a case.",
            Takes::Act,
            || post(act::desk),
        ),
        sends(
            "/programs/{slug}/reports",
            Who::Anybody,
            "Takes a report in and answers with its receipt.",
            Takes::Report,
            || post(reporter::report),
        ),
        reads(
            "/programs/{slug}/room",
            Who::Receipt,
            "Shows the reporter's room of the case.",
            Gives::Json("Room"),
            || get(reporter::room),
        ),
        reads(
            "/programs/{slug}/room/files/{id}",
            Who::Receipt,
            "Gives a file of the room, as bytes.",
            Gives::Bytes,
            || get(reporter::file),
        ),
        sends(
            "/programs/{slug}/room/acts/{act}",
            Who::Receipt,
            "Does an act of the reporter.",
            Takes::Act,
            || post(act::room),
        ),
    ]
}

/// The whole path of a route.
pub(super) fn whole(path: &str) -> String {
    format!("{BASE}{}", path.trim_end_matches('/'))
}

/// Method, whole path, and who may ask (`anybody`, `token`, `acting token`, `receipt code`) of every route of the API.
pub fn api_routes() -> Vec<(&'static str, String, &'static str)> {
    let named = routes().into_iter();
    named
        .map(|r| (r.method, whole(r.path), r.who.word()))
        .collect()
}
