//! The reporter's side: sending a report, reading one's own room.
//!
//! Invariants: a receipt code comes in the header `Receipt-Code`, never in an address; a wrong
//! code and a code of another program have one answer; a report is taken in places that
//! nothing else takes.

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use candor_app::App;
use candor_app::input::{SubmitError, Via};
use sha2::{Digest as _, Sha256};

use super::Problem;
use super::act::{fields, once_key};
use super::door::receipt_code;
use super::read::{Keep, answer, value};
use crate::answer::download;
use crate::gate::Web;
use crate::public::{report_input, wrong_fields};

/// Shortest key of a report. Whoever sends the same report with the same key gets the same
/// receipt, so nobody may guess it.
const KEY_MIN: usize = 32;

/// Takes a report in.
pub(super) async fn report(
    State(web): State<Web>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let key = once_key(request.headers())?;
    if key.as_ref().is_some_and(|key| key.len() < KEY_MIN) {
        return Err(Problem::Query(
            "For a report, Idempotency-Key takes at least 32 letters that nobody can guess.",
        ));
    }
    let mut typed = fields(&web, request).await?;
    if let Some(key) = key {
        let mut hash = Sha256::new();
        hash.update(b"candor api report 1\0");
        hash.update(key.as_bytes());
        let nonce = URL_SAFE_NO_PAD.encode(hash.finalize());
        typed.fields.insert("nonce".to_owned(), nonce);
    }
    let held = std::mem::take(&mut typed.held);
    let input = report_input(typed, Via::Api);
    let taken = web
        .ask_for_report(move |app| {
            let _held = held;
            app.submit_report(&slug, input)
        })
        .await?;
    match taken {
        Ok(receipt) => {
            let kind = HeaderValue::from_static("application/json");
            let body = value(&receipt)?.to_string();
            let kind = [(header::CONTENT_TYPE, kind)];
            Ok((StatusCode::CREATED, kind, body).into_response())
        }
        Err(SubmitError::NotFound) => Err(Problem::NotFound),
        Err(SubmitError::Form(form)) => Err(Problem::Fields(wrong_fields(&form))),
        Err(SubmitError::NotStored(form)) => {
            let words = wrong_fields(&form).into_iter().map(|e| e.message);
            let words: Vec<String> = words.collect();
            let status = StatusCode::SERVICE_UNAVAILABLE;
            Err(Problem::Body(status, words.join(" ")))
        }
        Err(SubmitError::Fault(fault)) => Err(Problem::Fault(fault)),
    }
}

/// The room.
pub(super) async fn room(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let key = App::room_key(&receipt_code(&headers)?);
    let view = web.ask(move |app| app.room(&slug, &key)).await??;
    Ok(answer(&headers, Keep::Never, "", &value(&view)?))
}

/// A file of the room.
pub(super) async fn file(
    State(web): State<Web>,
    Path((slug, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let key = App::room_key(&receipt_code(&headers)?);
    let (name, bytes) = web
        .ask(move |app| app.room_file(&slug, &key, &id))
        .await??;
    Ok(download(&name, bytes))
}
