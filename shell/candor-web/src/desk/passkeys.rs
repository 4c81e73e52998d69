//! Passkeys: the page of one's own, and the sign-in with one.
//!
//! Invariants: the script stands only on pages that ask for a passkey, and every form that needs
//! it stays hidden without it; what a device answered is never sent back to a page.
//!
//! Deliberately absent: whether an answer is good, and which acts want a fresh factor.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use candor_access::view::FieldError;
use candor_app::input::{ActError, Arrived, OwnPasskeys, SignInError};

use super::door::{sign_in_page, signed_in};
use super::{posted, session};
use crate::answer::{Stop, form_page, scripted, see_other};
use crate::browser;
use crate::gate::Web;
use crate::guard;
use crate::typed::{self, Typed};
use crate::ui::{Chrome, Field, Kind, Notice, Side, field};

#[derive(Debug, Template)]
#[template(path = "desk/passkeys.html")]
pub(crate) struct PasskeysPage {
    pub chrome: Chrome,
    notice: Option<Notice>,
    known: String,
    algorithms: String,
    name: Field,
    code: Field,
    own: OwnPasskeys,
}

impl PasskeysPage {
    pub(crate) fn new(
        own: OwnPasskeys,
        guard: &str,
        typed: &str,
        errors: &[FieldError],
        said: Option<Notice>,
    ) -> Self {
        let wrong = |name: &str| {
            let error = errors.iter().find(|e| e.field == name);
            error.map(|e| e.message.clone())
        };
        let known = own.new.as_ref().map(|new| new.known.join(" "));
        let numbers = |all: &[i64]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
        let algorithms = own.new.as_ref().map(|new| numbers(&new.algorithms));
        Self {
            chrome: Chrome::plain("Passkeys", Side::Desk, "you")
                .guarded(guard)
                .owned(false)
                .scripted(own.new.is_some()),
            notice: (!errors.is_empty())
                .then(|| Notice::fields(errors, None))
                .or(said),
            known: known.unwrap_or_default(),
            algorithms: algorithms.map(|all| all.join(" ")).unwrap_or_default(),
            name: field("name", "What do you call the device?")
                .help("So that you know it again in the list.")
                .value(typed)
                .error(wrong("name"))
                .required(),
            code: field("totp", "Six digits from your authenticator")
                .kind(Kind::Code)
                .complete("one-time-code")
                .error(wrong("totp"))
                .required(),
            own,
        }
    }
}

async fn shown(
    web: &Web,
    token: String,
    typed: &str,
    errors: &[FieldError],
    said: Option<Notice>,
) -> Result<Response, Stop> {
    let key = token.clone();
    let own = web.ask(move |app| app.own_passkeys(&key)).await??;
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = PasskeysPage::new(own, &guard::value(&token), typed, errors, said);
    Ok(scripted(form_page(status, &page)))
}

/// One's own passkeys.
pub(crate) async fn passkeys(State(web): State<Web>, headers: HeaderMap) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let said = web.take_said(&token).await.map(Notice::done);
    shown(&web, token, "", &[], said).await
}

/// Adds one, or removes one.
pub(crate) async fn change_passkeys(
    State(web): State<Web>,
    request: Request,
) -> Result<Response, Stop> {
    let (token, typed) = posted(&web, request).await?;
    let get = |name: &str| typed.get(name).to_owned();
    let (key, remove) = (token.clone(), get("remove"));
    let (name, made, code) = (get("name"), get("made"), get("totp"));
    let words = if remove.is_empty() {
        let added = web
            .ask(move |app| app.add_passkey(&key, (&name, &code), &made))
            .await?;
        match added {
            Err(ActError::Fields(errors)) => {
                return shown(&web, token, typed.get("name"), &errors, None).await;
            }
            other => other?,
        }
        "The passkey is added. Try it at your next sign-in."
    } else {
        web.ask(move |app| app.remove_passkey(&key, &remove))
            .await??;
        "The passkey is removed. It opens nothing any more."
    };
    web.say(&token, words.to_owned()).await;
    Ok(see_other("/desk/you/passkeys#said"))
}

/// Signs in with a passkey. Every wrong one gets the same answer.
pub(crate) async fn sign_in_by_passkey(
    State(web): State<Web>,
    request: Request,
) -> Result<Response, Stop> {
    let place = browser::place(request.headers(), web.options());
    let typed = typed::read(&web, request).await;
    if let Some(problem) = typed.problem {
        return Err(Stop::No(problem.words(web.options().max_body)));
    }
    let said = typed.get("passkey").to_owned();
    let answer = web
        .ask(move |app| app.sign_in_by_passkey(&place, &said))
        .await?;
    match answer {
        Ok(Arrived { signed, known }) => Ok(signed_in(&web, &signed, known.as_deref())),
        Err(SignInError::Fault(fault)) => Err(Stop::Fault(fault)),
        Err(SignInError::Wrong | SignInError::Wait(_)) => {
            let notice = Notice {
                look: "bad",
                text: "This passkey was not taken. This page may have been old, or the passkey \
                       was removed. Try once more, or sign in with pass phrase and code."
                    .to_owned(),
                ..Notice::default()
            };
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            sign_in_page(&web, status, &Typed::default(), Some(notice)).await
        }
    }
}
