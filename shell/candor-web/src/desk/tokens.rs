//! A person's tokens of the API for a program: make, list, revoke.
//!
//! Invariants: a token is shown right after it was made and never again; no code of the second
//! factor is sent back to the page.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use candor_access::TokenScope;
use candor_access::view::FieldError;
use candor_app::input::{ActError, ApiTokens, NewApiToken};

use super::{posted, session};
use crate::answer::{Stop, form_page, see_other};
use crate::gate::Web;
use crate::guard;
use crate::ui::{self, Chrome, Field, Kind, Side, field};

/// A token in the list.
#[derive(Debug)]
struct Line {
    id: String,
    name: String,
    scope: &'static str,
    expires: String,
    used: String,
}

#[derive(Debug, Template)]
#[template(path = "desk/tokens.html")]
pub(crate) struct TokensPage {
    pub chrome: Chrome,
    slug: String,
    program: String,
    lines: Vec<Line>,
    made: Option<String>,
    problem: Option<String>,
    fields: Vec<Field>,
}

impl TokensPage {
    fn new(tokens: ApiTokens, guard: &str) -> Self {
        let lines = tokens.tokens.into_iter().map(|t| Line {
            id: t.id,
            name: t.name,
            scope: match t.scope {
                TokenScope::Read => "reads",
                TokenScope::Act => "reads and acts",
            },
            expires: t.expires.to_string(),
            used: t
                .used
                .map_or_else(|| "not yet".to_owned(), |at| at.to_string()),
        });
        Self {
            chrome: ui::program_chrome("Tokens of the API", &tokens.program, Side::Desk, "")
                .guarded(guard),
            lines: lines.collect(),
            slug: tokens.program.slug,
            program: tokens.program.name,
            made: None,
            problem: None,
            fields: fields(&NewApiToken::default(), &[]),
        }
    }
}

fn fields(typed: &NewApiToken, errors: &[FieldError]) -> Vec<Field> {
    let error = |name: &str| {
        let found = errors.iter().find(|e| e.field == name);
        found.map(|e| e.message.clone())
    };
    let or = |text: &str, other: &'static str| {
        if text.is_empty() {
            other.to_owned()
        } else {
            text.to_owned()
        }
    };
    vec![
        field("name", "What it is for")
            .value(&typed.name)
            .error(error("name"))
            .required(),
        field("scope", "What it may do")
            .kind(Kind::Radio)
            .option("read", "Read cases")
            .option("act", "Read cases and act on them")
            .value(or(&typed.scope, "read"))
            .error(error("scope")),
        field("days", "For how many days")
            .kind(Kind::Number)
            .value(or(&typed.days, "90"))
            .error(error("days"))
            .required(),
        field("totp", "Six digits from your authenticator")
            .kind(Kind::Code)
            .complete("one-time-code")
            .error(error("totp"))
            .required(),
    ]
}

/// The page.
pub(crate) async fn tokens(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let key = token.clone();
    let found = web.ask(move |app| app.api_tokens(&key, &slug)).await??;
    let page = TokensPage::new(found, &guard::value(&token));
    Ok(form_page(StatusCode::OK, &page))
}

/// Makes a token or revokes one.
pub(crate) async fn change_tokens(
    State(web): State<Web>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Stop> {
    let (session, typed) = posted(&web, request).await?;
    let get = |name: &str| typed.get(name).to_owned();
    let (key, program) = (session.clone(), slug.clone());
    if !get("end").is_empty() {
        let id = get("end");
        web.ask(move |app| app.end_api_token(&key, &id)).await??;
        return Ok(see_other(&format!("/desk/p/{slug}/tokens")));
    }
    let wanted = NewApiToken {
        name: get("name"),
        scope: get("scope"),
        days: get("days"),
        totp: get("totp"),
    };
    let asked = wanted.clone();
    let made = web
        .ask(move |app| app.make_api_token(&key, &program, &asked))
        .await?;
    let (status, made, problem, errors) = match made {
        Ok(token) => (StatusCode::OK, Some(token), None, Vec::new()),
        Err(ActError::Fields(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, None, None, errors),
        Err(ActError::Refused(no)) => (StatusCode::CONFLICT, None, Some(no.message), Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let key = session.clone();
    let found = web.ask(move |app| app.api_tokens(&key, &slug)).await??;
    let mut page = TokensPage::new(found, &guard::value(&session));
    if made.is_none() {
        page.fields = fields(&wanted, &errors);
    }
    page.made = made;
    page.problem = problem;
    Ok(form_page(status, &page))
}
