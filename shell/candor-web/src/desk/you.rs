//! One's own account: a new pass phrase.
//!
//! Invariants: no pass phrase and no code is sent back to the page; the session
//! that changed it goes on under a new token, all others are over.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use candor_access::view::FieldError;
use candor_app::input::ActError;

use super::door::FormPage;
use super::{posted, session};
use crate::answer::{Stop, form_page, see_other, with_cookie};
use crate::cookies::{self, Session};
use crate::gate::Web;
use crate::guard;
use crate::ui::Notice;

/// The form.
pub(crate) async fn you(State(web): State<Web>, headers: HeaderMap) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let key = token.clone();
    web.ask(move |app| app.own_account(&key)).await??;
    let said = web.take_said(&token).await.map(Notice::done);
    let page = FormPage::you(&guard::value(&token), &[], said);
    Ok(form_page(StatusCode::OK, &page))
}

/// Changes the pass phrase.
pub(crate) async fn change_pass(
    State(web): State<Web>,
    request: Request,
) -> Result<Response, Stop> {
    let (token, typed) = posted(&web, request).await?;
    let get = |name: &str| typed.get(name).to_owned();
    let (old, new, code) = (get("old"), get("pass"), get("totp"));
    let key = token.clone();
    let changed = web
        .ask_hashing(move |app| app.change_pass(&key, &old, &new, &code))
        .await?;
    let errors = match changed {
        Ok(fresh) => {
            web.say(&fresh, "Your pass phrase is changed.".to_owned())
                .await;
            let line = cookies::set(Session::Desk, &fresh, web.options());
            return Ok(with_cookie(see_other("/desk/you#said"), line));
        }
        Err(ActError::Fields(errors)) => errors,
        Err(ActError::Refused(refusal)) => vec![FieldError {
            field: String::new(),
            message: refusal.message,
        }],
        Err(error) => return Err(error.into()),
    };
    let page = FormPage::you(&guard::value(&token), &errors, None);
    Ok(form_page(StatusCode::UNPROCESSABLE_ENTITY, &page))
}
