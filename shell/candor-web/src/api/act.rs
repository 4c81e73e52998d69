//! Acts of the team and of the reporter.
//!
//! Invariants: the fields are those of the forms, and the same use case reads them; with
//! `If-Match` nothing is done in a case that changed since it was read; with `Idempotency-Key`
//! an act is done once, however often it is sent.

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use candor_app::input::{ActError, ActInput};
use candor_app::{App, Once, OnceTurn};
use candor_base::RefusalCode;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::Problem;
use super::door::{Bearer, receipt_code};
use crate::gate::Web;
use crate::room::not_sure;
use crate::typed::{self, Typed};

/// Longest key.
const KEY_MAX: usize = 255;

/// What an act is sent with, beside its fields.
struct Conditions {
    seq: Option<u64>,
    key: Option<String>,
}

impl Conditions {
    fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        Ok(Self {
            seq: read_at(headers)?,
            key: once_key(headers)?,
        })
    }
}

/// The number of events in the validator of a case. One that no case gave fits none.
fn read_at(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let mut all = headers.get_all(header::IF_MATCH).iter();
    let Some(first) = all.next() else {
        return Ok(None);
    };
    let tag = first.to_str().ok().filter(|_| all.next().is_none());
    let tag = tag.ok_or(ONE_TAG)?;
    if tag.trim() == "*" {
        return Ok(None);
    }
    let bare = tag
        .trim()
        .strip_prefix('"')
        .and_then(|t| t.strip_suffix('"'));
    let seq = bare.and_then(|tag| tag.split_once('-'));
    let seq = seq.filter(|(_, hash)| hash.bytes().all(|b| b.is_ascii_hexdigit()));
    let seq = seq.and_then(|(seq, _)| seq.parse().ok());
    seq.map(Some).ok_or(ONE_TAG)
}

const ONE_TAG: Problem = Problem::Query("If-Match takes the ETag of the case, and one only.");

/// The key that makes requests one.
pub(super) fn once_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut all = headers.get_all("idempotency-key").iter();
    let Some(first) = all.next() else {
        return Ok(None);
    };
    let key = first.to_str().ok().filter(|_| all.next().is_none());
    let key = key.filter(|key| (1..=KEY_MAX).contains(&key.len()));
    let key = key.ok_or(Problem::Query(
        "Idempotency-Key takes one key of at most 255 letters.",
    ))?;
    Ok(Some(key.to_owned()))
}

/// The body of a request as fields, or why it cannot be read.
pub(super) async fn fields(web: &Web, request: Request) -> Result<Typed, Problem> {
    let typed = typed::read_json(web, request).await;
    match typed.problem {
        None => Ok(typed),
        Some(typed::Problem::Malformed) => Err(Problem::Body(
            StatusCode::BAD_REQUEST,
            "Send a flat object as application/json, or a form with files as multipart/form-data. \
             Nothing was done."
                .to_owned(),
        )),
        Some(problem) => Err(Problem::Body(
            problem.status(),
            problem.words(web.options().max_body),
        )),
    }
}

/// Everything that makes a request this one and no other.
fn fingerprint(path: &str, input: &ActInput) -> Vec<Vec<u8>> {
    let mut out = vec![path.as_bytes().to_vec()];
    for (name, value) in &input.fields {
        out.push(name.as_bytes().to_vec());
        out.push(value.as_bytes().to_vec());
    }
    for file in &input.files {
        out.push(file.name.as_bytes().to_vec());
        out.push(Sha256::digest(&file.bytes).to_vec());
    }
    out
}

/// Who acts, where, and how it is done.
struct Deed {
    /// Opens what it is about; never shown.
    key: String,
    /// Whose keys (`Idempotency-Key`) are told apart from those of others.
    caller: String,
    path: String,
    conditions: Conditions,
    input: ActInput,
}

/// Does an act, once where a key says so.
fn done(
    app: &App,
    deed: Deed,
    act: impl FnOnce(&App, &str, ActInput) -> Result<String, ActError>,
) -> Result<Response, Problem> {
    let Deed {
        key,
        caller,
        path,
        conditions,
        mut input,
    } = deed;
    input.seq = conditions.seq;
    input.exact = conditions.seq.is_some();
    let exact = input.exact;
    let turn = match &conditions.key {
        None => None,
        Some(once) => match first_turn(app, &caller, once, &path, &input)? {
            Some(turn) => Some(turn),
            None => return Ok(again()),
        },
    };
    let outcome = act(app, &key, input);
    if let Some(turn) = &turn {
        // A fault may have come after the act was stored: what became of it is not known.
        if !matches!(outcome, Err(ActError::Fault(_))) {
            app.end_once(turn, outcome.is_ok());
        }
    }
    match outcome {
        Ok(said) => Ok(sentence(&said)),
        Err(ActError::Refused(no)) if exact && no.code == RefusalCode::Conflict => {
            Err(Problem::Changed(no))
        }
        Err(other) => Err(other.into()),
    }
}

/// The turn of a request with a key; `None` where it was done before.
fn first_turn(
    app: &App,
    caller: &str,
    key: &str,
    path: &str,
    input: &ActInput,
) -> Result<Option<OnceTurn>, Problem> {
    let parts = fingerprint(path, input);
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    match app.begin_once(caller, key, &parts)? {
        Once::First(turn) => Ok(Some(turn)),
        Once::Done => Ok(None),
        Once::Unknown => Err(Problem::Key(
            "A request with this key is being done, or broke off. Read the case to see what \
             became of it; to do it again, send another key.",
        )),
        Once::Other => Err(Problem::Key(
            "This key came with another request before. Send a key of its own with each.",
        )),
    }
}

fn sentence(said: &str) -> Response {
    let kind = HeaderValue::from_static("application/json");
    let body = json!({"said": said}).to_string();
    ([(header::CONTENT_TYPE, kind)], body).into_response()
}

/// The answer to a request that was done before. What was shown once is not shown again.
fn again() -> Response {
    let mut response = sentence("This was done when it was sent before; nothing was done now.");
    let yes = HeaderValue::from_static("true");
    response.headers_mut().insert("idempotency-replayed", yes);
    response
}

/// An act of the team.
pub(super) async fn desk(
    bearer: Bearer,
    State(web): State<Web>,
    Path((slug, reference, act)): Path<(String, String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let conditions = Conditions::of(request.headers())?;
    let second_factor = request.headers().get("second-factor");
    let second_factor = second_factor.and_then(|code| code.to_str().ok());
    let second_factor = second_factor.map(str::to_owned);
    let path = request.uri().path().to_owned();
    let mut typed = fields(&web, request).await?;
    let held = std::mem::take(&mut typed.held);
    let deed = Deed {
        key: bearer.token,
        caller: bearer.line.id,
        path,
        conditions,
        input: ActInput {
            act,
            second_factor,
            ..typed.into_act()
        },
    };
    web.ask(move |app| {
        let _held = held;
        done(app, deed, |app, key, input| {
            app.desk_act(key, &slug, &reference, input)
        })
    })
    .await?
}

/// An act of the reporter.
pub(super) async fn room(
    State(web): State<Web>,
    Path((slug, act)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let code = receipt_code(request.headers())?;
    let conditions = Conditions {
        seq: None,
        key: once_key(request.headers())?,
    };
    let path = request.uri().path().to_owned();
    let mut typed = fields(&web, request).await?;
    if let Some(error) = not_sure(&act, &mut typed) {
        return Err(Problem::Fields(vec![error]));
    }
    let held = std::mem::take(&mut typed.held);
    let deed = Deed {
        key: App::room_key(&code),
        caller: code,
        path,
        conditions,
        input: ActInput {
            act,
            ..typed.into_act()
        },
    };
    web.ask(move |app| {
        let _held = held;
        done(app, deed, |app, key, input| app.room_act(&slug, key, input))
    })
    .await?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_validator_says_where_the_case_stood() {
        let with = |line: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_MATCH, line.parse().unwrap());
            read_at(&headers)
        };
        assert!(matches!(read_at(&HeaderMap::new()), Ok(None)));
        assert!(matches!(with("*"), Ok(None)));
        assert!(matches!(with("\"17-00ff\""), Ok(Some(17))));
        for odd in ["17-00ff", "W/\"17-00ff\"", "\"x\"", "\"1-a\", \"2-b\"", ""] {
            assert!(with(odd).is_err(), "{odd}");
        }
    }
}
