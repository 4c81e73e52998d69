//! Mail that is no case by itself: a person says what it is.
//!
//! Invariants: what a mail says is shown as text and never loaded; the mail itself is only
//! given out as a file to be saved.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use candor_access::view::{FieldError, HeldMailsView};
use candor_app::input::ActError;

use super::{posted, session};
use crate::answer::{Stop, download, form_page, see_other};
use crate::gate::Web;
use crate::guard;
use crate::ui::{Chrome, Notice, Side, program_chrome};

#[derive(Debug, Template)]
#[template(path = "desk/mail.html")]
pub(crate) struct HeldMailsPage {
    pub chrome: Chrome,
    pub v: HeldMailsView,
    notice: Option<Notice>,
}

impl HeldMailsPage {
    pub(crate) fn new(v: HeldMailsView, guard: &str, notice: Option<Notice>) -> Self {
        Self {
            chrome: program_chrome("Mail to look at", &v.program, Side::Desk, "inbox")
                .guarded(guard),
            notice,
            v,
        }
    }
}

async fn page(
    web: &Web,
    token: &str,
    slug: &str,
    notice: Option<Notice>,
) -> Result<HeldMailsPage, Stop> {
    let (key, slug) = (token.to_owned(), slug.to_owned());
    let v = web.ask(move |app| app.held_mails(&key, &slug)).await??;
    Ok(HeldMailsPage::new(v, &guard::value(token), notice))
}

/// The mails that wait.
pub(crate) async fn mail(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let mut page = page(&web, &token, &slug, None).await?;
    page.notice = web.take_said(&token).await.map(Notice::done);
    Ok(form_page(StatusCode::OK, &page))
}

/// A mail as it came.
pub(crate) async fn mail_file(
    State(web): State<Web>,
    Path((slug, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let bytes = web
        .ask(move |app| app.held_mail(&token, &slug, &id))
        .await??;
    Ok(download("mail.eml", bytes))
}

/// Somebody says what a mail is.
pub(crate) async fn settle_mail(
    State(web): State<Web>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Stop> {
    let (token, typed) = posted(&web, request).await?;
    let get = |name: &str| typed.get(name).to_owned();
    let (id, what, case) = (get("id"), get("what"), get("case"));
    let (key, program) = (token.clone(), slug.clone());
    let done = web
        .ask(move |app| app.settle_mail(&key, &program, &id, (&what, &case)))
        .await?;
    let errors = match done {
        Ok(words) => {
            web.say(&token, words).await;
            return Ok(see_other(&format!("/desk/p/{slug}/mail#said")));
        }
        Err(ActError::Fields(errors)) => errors,
        Err(ActError::Refused(refusal)) => vec![FieldError {
            field: String::new(),
            message: refusal.message,
        }],
        Err(error) => return Err(error.into()),
    };
    let page = page(&web, &token, &slug, Some(Notice::fields(&errors, None))).await?;
    Ok(form_page(StatusCode::UNPROCESSABLE_ENTITY, &page))
}
