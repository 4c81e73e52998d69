//! What the API reads.
//!
//! Invariants: an answer is the view of a page, without what only changes with the hour (how
//! far away an instant is, how much of a term is gone): two answers differ only when something
//! did, and their validator (`ETag`) tells; what is not public is kept by nobody on the way.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use candor_access::view::InboxFilter;
use candor_app::{App, Turn};
use candor_base::CaseRef;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::door::Bearer;
use super::{Problem, table};
use crate::answer::download;
use crate::assets::hex;
use crate::gate::Web;

/// What changes with the hour and says nothing new.
const PASSING: [&str; 3] = ["relative", "percent", "late"];

/// Whether an answer may be kept on the way.
#[derive(Clone, Copy)]
pub(super) enum Keep {
    /// Anybody may see it; it is asked for again each time.
    Public,
    /// Nobody keeps it.
    Never,
}

fn without_passing(value: Value) -> Value {
    match value {
        Value::Object(map) => map
            .into_iter()
            .filter(|(name, _)| !PASSING.contains(&name.as_str()))
            .map(|(name, value)| (name, without_passing(value)))
            .collect(),
        Value::Array(all) => all.into_iter().map(without_passing).collect(),
        other => other,
    }
}

/// A view without what passes.
pub(super) fn value<T: Serialize>(view: &T) -> Result<Value, Problem> {
    let value = serde_json::to_value(view);
    value.map(without_passing).map_err(|error| {
        Problem::Fault(candor_app::input::Fault {
            person: "This answer could not be written. Nothing was changed.".to_owned(),
            operator: format!("a view is no JSON: {error}"),
        })
    })
}

/// The answer, or 304 where whoever asks has it already. `mark` stands at the head of the
/// validator.
pub(super) fn answer(headers: &HeaderMap, keep: Keep, mark: &str, body: &Value) -> Response {
    let text = body.to_string();
    let digest = Sha256::digest(text.as_bytes());
    let tag = format!("\"{mark}{}\"", hex(digest.iter().take(16)));
    let known = headers.get_all(header::IF_NONE_MATCH).iter();
    let same = known
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag);
    let mut response = if same {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = HeaderValue::from_static("application/json");
        ([(header::CONTENT_TYPE, kind)], text).into_response()
    };
    let out = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(header::ETAG, tag);
    }
    let cache = match keep {
        Keep::Public => "no-cache",
        Keep::Never => "no-store",
    };
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

/// The routes.
pub(super) async fn index(headers: HeaderMap) -> Response {
    let routes = table::routes().into_iter().map(|r| {
        json!({
            "method": r.method,
            "path": table::whole(r.path),
            "who": r.who.word(),
            "what": r.what,
        })
    });
    let body = json!({"version": 1, "routes": routes.collect::<Vec<_>>()});
    answer(&headers, Keep::Public, "", &body)
}

/// What the token is good for.
pub(super) async fn token(bearer: Bearer, headers: HeaderMap) -> Result<Response, Problem> {
    let body = value(&bearer.line)?;
    Ok(answer(&headers, Keep::Never, "", &body))
}

/// A short-lived signed token that stands for the one that was sent.
pub(super) async fn session(bearer: Bearer, State(web): State<Web>) -> Result<Response, Problem> {
    let made = web
        .ask(move |app| app.make_api_session(&bearer.token))
        .await?;
    let (token, expires) = made?;
    let body = json!({"token": token, "expires": expires}).to_string();
    let kind = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, kind)], body).into_response())
}

/// The programs.
pub(super) async fn programs(
    State(web): State<Web>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let programs = web.ask(App::programs).await??;
    let body = json!({"programs": value(&programs)?});
    Ok(answer(&headers, Keep::Public, "", &body))
}

/// The policy in force.
pub(super) async fn policy(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = web.ask(move |app| app.policy_page(&slug)).await??;
    Ok(answer(&headers, Keep::Public, "", &value(&view)?))
}

/// Published advisories, with the addresses of their files.
pub(super) async fn advisories(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let program = web.program(&slug).await?;
    let list = web.ask(move |app| app.advisories(&slug)).await??;
    let mut out = Vec::new();
    for card in &list {
        let mut one = value(card)?;
        let page = format!("/p/{}/advisories/{}", program.slug, card.id);
        if let Value::Object(map) = &mut one {
            let files = json!({
                "page": page,
                "osv": format!("{page}/osv.json"),
                "openvex": format!("{page}/openvex.json"),
                "cyclonedx": format!("{page}/cyclonedx.json"),
            });
            map.insert("files".to_owned(), files);
        }
        out.push(one);
    }
    let body = json!({"advisories": out});
    Ok(answer(&headers, Keep::Public, "", &body))
}

/// Which cases are asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct CasesQuery {
    list: String,
    stage: String,
    severity: String,
    lead: String,
    waiting: String,
    overdue: String,
    reference: String,
    after: String,
    before: String,
}

impl CasesQuery {
    /// A cursor is the reference of a case on the page before or after.
    fn turn(&self) -> Result<Turn, Problem> {
        let cursor = |text: &str| {
            let read = text.parse::<CaseRef>();
            read.map(|case| case.to_string())
                .map_err(|_| Problem::Query("The cursor is none that a list gave."))
        };
        match (self.after.as_str(), self.before.as_str()) {
            ("", "") => Ok(Turn::First),
            (after, "") => Ok(Turn::After(cursor(after)?)),
            ("", before) => Ok(Turn::Before(cursor(before)?)),
            _ => Err(Problem::Query("Send one of after and before.")),
        }
    }
}

/// A page of cases.
pub(super) async fn cases(
    bearer: Bearer,
    State(web): State<Web>,
    Path(slug): Path<String>,
    query: Result<Query<CasesQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Query(query) =
        query.map_err(|_| Problem::Query("A filter is not known, or stands there twice."))?;
    let turn = query.turn()?;
    let filter = InboxFilter {
        list: query.list,
        stage: query.stage,
        severity: query.severity,
        lead: query.lead,
        waiting: query.waiting,
        overdue: query.overdue,
        reference: query.reference,
    };
    let view = web
        .ask(move |app| app.inbox_part(&bearer.token, &slug, filter, &turn))
        .await??;
    let [open, mine, overdue, waiting, closed] = view.counts;
    let body = json!({
        "cases": value(&view.rows)?,
        "filter": value(&view.filter)?,
        "counts": {
            "open": open, "mine": mine, "overdue": overdue, "waiting": waiting, "closed": closed,
        },
        "before": view.previous,
        "after": view.next,
    });
    Ok(answer(&headers, Keep::Never, "", &body))
}

/// Which case.
type CasePath = Path<(String, String)>;

/// A case.
pub(super) async fn case(
    bearer: Bearer,
    State(web): State<Web>,
    Path((slug, reference)): CasePath,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = web
        .ask(move |app| app.case_page(&bearer.token, &slug, &reference))
        .await??;
    let mark = format!("{}-", view.seq);
    Ok(answer(&headers, Keep::Never, &mark, &value(&view)?))
}

/// The promises of a case.
pub(super) async fn promises(
    bearer: Bearer,
    State(web): State<Web>,
    Path((slug, reference)): CasePath,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = web
        .ask(move |app| app.case_page(&bearer.token, &slug, &reference))
        .await??;
    let body = json!({
        "reference": view.reference,
        "running": value(&view.clocks)?,
        "ledger": value(&view.ledger)?,
    });
    Ok(answer(&headers, Keep::Never, "", &body))
}

/// A file of a case.
pub(super) async fn file(
    bearer: Bearer,
    State(web): State<Web>,
    Path((slug, reference, id)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let (name, bytes) = web
        .ask(move |app| app.case_file(&bearer.token, &slug, &reference, &id))
        .await??;
    Ok(download(&name, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_with_the_hour_is_left_out_at_every_depth() {
        let view = json!({
            "due": {"at": "2026-11-23T10:00:00Z", "relative": "in 2 days"},
            "clocks": [{"key": "a", "percent": 7, "late": null}],
        });
        assert_eq!(
            without_passing(view),
            json!({"due": {"at": "2026-11-23T10:00:00Z"}, "clocks": [{"key": "a"}]})
        );
    }

    #[test]
    fn a_cursor_is_a_reference_and_there_is_one() {
        let query = |after: &str, before: &str| CasesQuery {
            after: after.to_owned(),
            before: before.to_owned(),
            ..CasesQuery::default()
        };
        assert!(matches!(query("", "").turn(), Ok(Turn::First)));
        assert!(matches!(
            query("LAN-AAAA-AAAA", "").turn(),
            Ok(Turn::After(_))
        ));
        assert!(query("x", "").turn().is_err());
        assert!(query("LAN-AAAA-AAAA", "LAN-AAAA-AAAA").turn().is_err());
    }
}
