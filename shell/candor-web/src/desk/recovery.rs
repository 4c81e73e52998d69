//! Recovery codes, and another second factor.
//!
//! Invariants: codes are shown right after they were made and never again; no code that was
//! typed is sent back to the page.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use candor_access::view::FieldError;
use candor_app::input::ActError;

use super::{posted, session};
use crate::answer::{Stop, form_page, see_other, with_cookie};
use crate::cookies::{self, Session};
use crate::gate::Web;
use crate::guard;
use crate::ui::{Chrome, Field, Kind, Notice, Side, field};

#[derive(Debug, Template)]
#[template(path = "desk/recovery.html")]
pub(crate) struct RecoveryPage {
    pub chrome: Chrome,
    notice: Option<Notice>,
    /// Codes that were just made.
    codes: Vec<String>,
    left: usize,
    renew: Field,
    replace: Field,
}

impl RecoveryPage {
    /// How many are left.
    pub(crate) fn new(left: usize, guard: &str, form: &str, errors: &[FieldError]) -> Self {
        let code = |of: &str, label| {
            let error = errors.iter().find(|e| e.field == "totp" && form == of);
            let mut field = field("totp", label).kind(Kind::Code).required();
            field.id = format!("f-{of}-totp");
            field
                .complete("one-time-code")
                .error(error.map(|e| e.message.clone()))
        };
        Self {
            chrome: Chrome::plain("Recovery codes", Side::Desk, "you")
                .guarded(guard)
                .owned(false),
            notice: (!errors.is_empty()).then(|| Notice::fields(errors, Some(form))),
            codes: Vec::new(),
            left,
            renew: code("renew", "Six digits from your authenticator"),
            replace: code(
                "replace",
                "Six digits from your authenticator, or a recovery code",
            ),
        }
    }

    /// Codes that were just made, shown this once.
    pub(crate) fn made(codes: Vec<String>, guard: &str) -> Self {
        Self {
            codes,
            ..Self::new(0, guard, "", &[])
        }
    }
}

/// How many codes are left.
pub(crate) async fn recovery(State(web): State<Web>, headers: HeaderMap) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let key = token.clone();
    let left = web.ask(move |app| app.recovery_left(&key)).await??;
    let page = RecoveryPage::new(left, &guard::value(&token), "", &[]);
    Ok(form_page(StatusCode::OK, &page))
}

/// Makes new codes, or begins with another second factor.
pub(crate) async fn change_recovery(
    State(web): State<Web>,
    request: Request,
) -> Result<Response, Stop> {
    let (token, typed) = posted(&web, request).await?;
    let (key, code) = (token.clone(), typed.get("totp").to_owned());
    let form = if typed.get("do") == "replace" {
        "replace"
    } else {
        "renew"
    };
    let refused = if form == "replace" {
        match web
            .ask(move |app| app.replace_second_factor(&key, &code))
            .await?
        {
            Ok(half) => {
                let line = cookies::set(Session::Desk, &half, web.options());
                return Ok(with_cookie(see_other("/desk/enrol"), line));
            }
            Err(why) => why,
        }
    } else {
        match web
            .ask(move |app| app.new_recovery_codes(&key, &code))
            .await?
        {
            Ok(codes) => {
                let page = RecoveryPage::made(codes, &guard::value(&token));
                return Ok(form_page(StatusCode::OK, &page));
            }
            Err(why) => why,
        }
    };
    let ActError::Fields(errors) = refused else {
        return Err(refused.into());
    };
    let key = token.clone();
    let left = web.ask(move |app| app.recovery_left(&key)).await??;
    let page = RecoveryPage::new(left, &guard::value(&token), form, &errors);
    Ok(form_page(StatusCode::UNPROCESSABLE_ENTITY, &page))
}
