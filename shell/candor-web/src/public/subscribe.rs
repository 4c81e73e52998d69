//! Letters about advisories: asking for them, saying yes, and ending them (S0-60).
//!
//! Invariants: opening an address changes nothing, so that a mail server which looks at links
//! subscribes nobody; every answer to the form is the same; ending takes one press and neither
//! cookie nor sign-in (RFC 8058).

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use candor_access::view::ProgramCard;
use candor_app::Subscription;
use candor_app::input::ActError;

use crate::answer::{Stop, form_page};
use crate::gate::Web;
use crate::typed;
use crate::ui::{self, Chrome, Field, Kind, Notice, Side, field};

/// What the page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The form for an address.
    Form,
    /// No letter leaves this server.
    NoLetters,
    /// The question is on its way, if there is anything to ask.
    Asked,
    /// A yes is wanted.
    Confirm,
    /// It runs.
    Runs,
    /// A last press is wanted.
    Leave,
    /// It is over.
    Over,
}

#[derive(Debug, Template)]
#[template(path = "public/subscribe.html")]
pub(crate) struct SubscribePage {
    pub chrome: Chrome,
    pub program: ProgramCard,
    pub step: Step,
    pub notice: Option<Notice>,
    pub email: Field,
}

impl SubscribePage {
    pub(crate) fn new(program: ProgramCard, step: Step) -> Self {
        Self {
            chrome: ui::program_chrome(
                "Letters about advisories",
                &program,
                Side::Public,
                "advisories",
            ),
            notice: None,
            email: field("email", "E-mail address")
                .kind(Kind::Email)
                .complete("email"),
            program,
            step,
        }
    }
}

async fn show(web: &Web, slug: &str, step: Step) -> Result<Response, Stop> {
    let program = web.program(slug).await?;
    let page = SubscribePage::new(program, step);
    Ok(form_page(StatusCode::OK, &page))
}

/// The form.
pub(crate) async fn form(
    State(web): State<Web>,
    Path(slug): Path<String>,
) -> Result<Response, Stop> {
    let leave = web.ask(candor_app::App::letters_leave).await?;
    let step = if leave { Step::Form } else { Step::NoLetters };
    show(&web, &slug, step).await
}

/// Somebody typed an address.
pub(crate) async fn ask(
    State(web): State<Web>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Stop> {
    let program = web.program(&slug).await?;
    let typed = typed::read(&web, request).await;
    let (owned, email) = (slug.clone(), typed.get("email").to_owned());
    let sent = email.clone();
    match web.ask(move |app| app.subscribe(&owned, &sent)).await? {
        Ok(()) => show(&web, &slug, Step::Asked).await,
        Err(ActError::Fields(errors)) => {
            let mut page = SubscribePage::new(program, Step::Form);
            page.notice = Some(Notice::fields(&errors, None));
            let first = errors.into_iter().next().map(|e| e.message);
            page.email = page.email.value(email).error(first);
            Ok(form_page(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(other.into()),
    }
}

/// Where the question leads: a yes is one press away.
pub(crate) async fn asked(
    State(web): State<Web>,
    Path((slug, token)): Path<(String, String)>,
) -> Result<Response, Stop> {
    let owned = slug.clone();
    let stands = web
        .ask(move |app| app.subscription(&owned, &token))
        .await??;
    let step = match stands {
        Subscription::Asked => Step::Confirm,
        Subscription::Runs => Step::Runs,
    };
    show(&web, &slug, step).await
}

/// The press that says yes.
pub(crate) async fn confirm(
    State(web): State<Web>,
    Path((slug, token)): Path<(String, String)>,
) -> Result<Response, Stop> {
    let owned = slug.clone();
    web.ask(move |app| app.confirm_subscription(&owned, &token))
        .await??;
    show(&web, &slug, Step::Runs).await
}

/// Where the way out leads.
pub(crate) async fn leave(
    State(web): State<Web>,
    Path((slug, token)): Path<(String, String)>,
) -> Result<Response, Stop> {
    let owned = slug.clone();
    let stands = web.ask(move |app| app.subscription(&owned, &token)).await?;
    let step = match stands {
        Ok(_) => Step::Leave,
        // Pressed twice, it is over all the same.
        Err(ActError::NotFound) => Step::Over,
        Err(other) => return Err(other.into()),
    };
    show(&web, &slug, step).await
}

/// The press that ends it, by a person or by a mail program for one.
pub(crate) async fn end(
    State(web): State<Web>,
    Path((slug, token)): Path<(String, String)>,
) -> Result<Response, Stop> {
    let owned = slug.clone();
    match web
        .ask(move |app| app.end_subscription(&owned, &token))
        .await?
    {
        Ok(()) | Err(ActError::NotFound) => show(&web, &slug, Step::Over).await,
        Err(other) => Err(other.into()),
    }
}
