//! The policy on the desk: what Candor reads in it, a new version, its review.
//!
//! Invariants: a text is shown with what it changes before it can be published; what
//! was typed is never lost to a mistake in it.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use candor_access::view::{FieldError, PolicyPreviewView};
use candor_app::PolicyInput;
use candor_app::input::ActError;

use super::{posted, session};
use crate::answer::{Stop, form_page, see_other};
use crate::gate::Web;
use crate::guard;
use crate::public::{FindingsPart, PolicyPage, findings};
use crate::typed::Typed;
use crate::ui::{self, Badge, Chrome, Field, Kind, Notice, Side, field};

/// The fields of a new version, with what was typed.
pub(crate) fn version_fields(text: &str, errors: &[FieldError]) -> Vec<Field> {
    let error = errors.iter().find(|e| e.field == "text");
    vec![
        field("text", "New text")
            .kind(Kind::Area(12))
            .help("The whole SECURITY.md, or a canonical policy made by candor policy compile.")
            .value(text)
            .error(error.map(|e| e.message.clone())),
        field("files", "Or its file")
            .kind(Kind::Files)
            .help("When a file is chosen, it counts and the field above does not."),
    ]
}

/// The policy with everything Candor noticed in it, its versions and a way to a new one.
pub(crate) async fn policy(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let said = web.take_said(&token).await.map(Notice::done);
    let page = page(&web, &token, slug, "", &[], said).await?;
    Ok(form_page(StatusCode::OK, &page))
}

async fn page(
    web: &Web,
    token: &str,
    slug: String,
    text: &str,
    errors: &[FieldError],
    said: Option<Notice>,
) -> Result<PolicyPage, Stop> {
    let key = token.to_owned();
    let v = web.ask(move |app| app.policy_desk(&key, &slug)).await??;
    let notice = said.or_else(|| (!errors.is_empty()).then(|| Notice::fields(errors, None)));
    Ok(PolicyPage::desk(
        v,
        &guard::value(token),
        version_fields(text, errors),
        notice,
    ))
}

#[derive(Debug, Template)]
#[template(path = "desk/policy_preview.html")]
pub(crate) struct PreviewPage {
    pub chrome: Chrome,
    pub v: PolicyPreviewView,
    findings: FindingsPart,
}

impl PreviewPage {
    pub(crate) fn new(v: PolicyPreviewView, guard: &str) -> Self {
        Self {
            chrome: ui::program_chrome("New version", &v.program, Side::Desk, "policy")
                .guarded(guard),
            findings: findings(&v.findings),
            v,
        }
    }
}

fn effect(effect: &str) -> Badge {
    let look = match effect {
        "stronger" => "ok",
        "weaker" => "bad",
        _ => "warn",
    };
    ui::badge(look, effect)
}

/// What was sent: the file when there is one, else the text.
fn input(typed: &Typed) -> PolicyInput {
    let file = typed.files.iter().find(|file| !file.bytes.is_empty());
    let text = || typed.get("text").as_bytes().to_vec();
    PolicyInput {
        text: file.map_or_else(text, |file| file.bytes.clone()),
        file: file.map_or_else(|| typed.get("file").to_owned(), |file| file.name.clone()),
        sha256: typed.get("sha256").to_owned(),
        base: typed.get("base").to_owned(),
    }
}

/// The mistakes of a form, when that is what came of it.
fn mistakes(error: ActError) -> Result<Vec<FieldError>, Stop> {
    match error {
        ActError::Fields(errors) => Ok(errors),
        other => Err(other.into()),
    }
}

/// Shows what a new version would change.
pub(crate) async fn preview(
    State(web): State<Web>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Stop> {
    let (token, typed) = posted(&web, request).await?;
    let (key, owned, sent) = (token.clone(), slug.clone(), input(&typed));
    let answer = web
        .ask(move |app| app.preview_policy(&key, &owned, &sent))
        .await?;
    match answer {
        Ok(v) => {
            let page = PreviewPage::new(v, &guard::value(&token));
            Ok(form_page(StatusCode::OK, &page))
        }
        Err(error) => again(&web, &token, slug, &typed, error).await,
    }
}

/// Publishes what was shown.
pub(crate) async fn publish(
    State(web): State<Web>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Stop> {
    let (token, typed) = posted(&web, request).await?;
    let (key, owned, sent) = (token.clone(), slug.clone(), input(&typed));
    let answer = web
        .ask(move |app| app.publish_policy(&key, &owned, &sent))
        .await?;
    match answer {
        Ok(said) => {
            web.say(&token, said).await;
            Ok(see_other(&format!("/desk/p/{slug}/policy#said")))
        }
        Err(error) => again(&web, &token, slug, &typed, error).await,
    }
}

/// The page again, with what was typed and what is wrong with it.
async fn again(
    web: &Web,
    token: &str,
    slug: String,
    typed: &Typed,
    error: ActError,
) -> Result<Response, Stop> {
    let errors = mistakes(error)?;
    let page = page(web, token, slug, typed.get("text"), &errors, None).await?;
    Ok(form_page(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// Writes down that the policy was reviewed and stays as it is.
pub(crate) async fn reviewed(
    State(web): State<Web>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Stop> {
    let (token, typed) = posted(&web, request).await?;
    let (key, owned) = (token.clone(), slug.clone());
    let base = typed.get("base").to_owned();
    let answer = web
        .ask(move |app| app.policy_reviewed(&key, &owned, &base))
        .await?;
    match answer {
        Ok(said) => {
            web.say(&token, said).await;
            Ok(see_other(&format!("/desk/p/{slug}/policy#said")))
        }
        Err(error) => again(&web, &token, slug, &typed, error).await,
    }
}
