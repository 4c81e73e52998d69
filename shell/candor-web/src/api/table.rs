//! Every route of the API, once: the router is made of this table, and so is what the API says
//! about itself.
//!
//! Invariant: a route that is not in here does not exist.

use axum::routing::{MethodRouter, get, post};

use super::{BASE, act, read, reporter};
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
    /// What answers.
    pub answers: fn() -> MethodRouter<Web>,
}

fn reads(
    path: &'static str,
    who: Who,
    what: &'static str,
    answers: fn() -> MethodRouter<Web>,
) -> Route {
    Route {
        method: "GET",
        path,
        who,
        what,
        answers,
    }
}

fn sends(
    path: &'static str,
    who: Who,
    what: &'static str,
    answers: fn() -> MethodRouter<Web>,
) -> Route {
    Route {
        method: "POST",
        ..reads(path, who, what, answers)
    }
}

/// Every route.
pub(super) fn routes() -> Vec<Route> {
    vec![
        reads("/", Who::Anybody, "Lists the routes of the API.", || {
            get(read::index)
        }),
        reads(
            "/token",
            Who::Token,
            "Says what the token is good for, and until when.",
            || get(read::token),
        ),
        reads(
            "/programs",
            Who::Anybody,
            "Lists the programs of this server.",
            || get(read::programs),
        ),
        reads(
            "/programs/{slug}/policy",
            Who::Anybody,
            "Shows the policy in force, as its page does.",
            || get(read::policy),
        ),
        reads(
            "/programs/{slug}/advisories",
            Who::Anybody,
            "Lists the published advisories, the newest first, with the addresses of their files.",
            || get(read::advisories),
        ),
        reads(
            "/programs/{slug}/cases",
            Who::Token,
            "Lists cases, a page at a time, with the filters of the inbox.",
            || get(read::cases),
        ),
        reads(
            "/programs/{slug}/cases/{reference}",
            Who::Token,
            "Shows a case, as its page does. It counts as opening the case.",
            || get(read::case),
        ),
        reads(
            "/programs/{slug}/cases/{reference}/promises",
            Who::Token,
            "Shows the promises of a case and what became of each. It counts as opening the case.",
            || get(read::promises),
        ),
        reads(
            "/programs/{slug}/cases/{reference}/files/{id}",
            Who::Token,
            "Gives a file of a case, as bytes.",
            || get(read::file),
        ),
        sends(
            "/programs/{slug}/cases/{reference}/acts/{act}",
            Who::ActingToken,
            "Does an act of the team on a case.",
            || post(act::desk),
        ),
        sends(
            "/programs/{slug}/reports",
            Who::Anybody,
            "Takes a report in and answers with its receipt.",
            || post(reporter::report),
        ),
        reads(
            "/programs/{slug}/room",
            Who::Receipt,
            "Shows the reporter's room of the case.",
            || get(reporter::room),
        ),
        reads(
            "/programs/{slug}/room/files/{id}",
            Who::Receipt,
            "Gives a file of the room, as bytes.",
            || get(reporter::file),
        ),
        sends(
            "/programs/{slug}/room/acts/{act}",
            Who::Receipt,
            "Does an act of the reporter.",
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
