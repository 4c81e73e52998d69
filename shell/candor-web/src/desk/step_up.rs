//! The second factor asked again: whatever form wanted it is shown once more as one field for
//! the code, and sent on as it was typed.
//!
//! Invariants: only a form that carried the value of its session is sent on; no pass phrase and
//! no code that was typed is sent back; files are not carried, no such form has any.
//!
//! Deliberately absent: which acts want it, and how long a code counts as fresh.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use candor_app::input::{ActError, PasskeyQuestion};

use super::passkey_form::PasskeyForm;
use crate::answer::{Stop, form_page, scripted};
use crate::cookies::{self, Session};
use crate::gate::Web;
use crate::typed::Typed;
use crate::ui::{Chrome, Field, Kind, Side, field};

/// The field for the code.
const FIELD: &str = "second_factor";
/// The field for the answer of a device with a passkey.
const BY_PASSKEY: &str = "second_passkey";
/// Never sent back to a page.
const SECRET: [&str; 6] = [FIELD, BY_PASSKEY, "totp", "pass", "old", "code"];

/// Marks an answer: the code is wanted, with what was wrong with the one before.
#[derive(Debug, Clone)]
pub(crate) struct Wanted(pub(crate) Option<String>);

/// The fields of the form that is being answered.
#[derive(Debug, Clone, Default)]
struct Carried(Arc<Mutex<Option<BTreeMap<String, String>>>>);

#[derive(Debug, Template)]
#[template(path = "desk/step_up.html")]
pub(crate) struct StepUpPage {
    pub chrome: Chrome,
    action: String,
    fields: Vec<(String, String)>,
    code: Field,
    passkey: Option<PasskeyForm>,
}

impl StepUpPage {
    pub(crate) fn new(
        action: String,
        mut fields: BTreeMap<String, String>,
        wrong: Option<String>,
        ask: Option<PasskeyQuestion>,
    ) -> Self {
        let guard = fields.remove("guard").unwrap_or_default();
        fields.retain(|name, _| !SECRET.contains(&name.as_str()));
        let fields: Vec<(String, String)> = fields.into_iter().collect();
        Self {
            chrome: Chrome::plain("Your code again", Side::Desk, "")
                .guarded(&guard)
                .owned(false)
                .scripted(ask.is_some()),
            passkey: ask.map(|ask| PasskeyForm {
                ask,
                action: action.clone(),
                guard,
                fields: fields.clone(),
                answer: BY_PASSKEY,
                button: "Go on with a passkey",
            }),
            action,
            fields,
            code: field(FIELD, "Six digits from your authenticator")
                .kind(Kind::Code)
                .complete("one-time-code")
                .error(wrong)
                .required(),
        }
    }
}

/// The part of a request that is kept for a form that is to be sent on.
#[derive(Debug, Default)]
pub(crate) struct Slot(Option<Carried>);

impl Slot {
    /// Before the body of a request is read.
    pub(crate) fn of(request: &Request) -> Self {
        Self(request.extensions().get::<Carried>().cloned())
    }

    /// A form of this session was read: keeps what was typed, and where a code came along, gives
    /// the second factor again first.
    pub(crate) async fn read(self, web: &Web, token: &str, typed: &mut Typed) -> Result<(), Stop> {
        let Some(Carried(slot)) = self.0 else {
            return Ok(());
        };
        let code = typed.fields.remove(FIELD);
        let passkey = typed.fields.remove(BY_PASSKEY);
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(typed.fields.clone());
        let token = token.to_owned();
        let given = match (code, passkey) {
            (_, Some(said)) => {
                web.ask(move |app| app.step_up_by_passkey(&token, &said))
                    .await?
            }
            (Some(code), None) => web.ask(move |app| app.step_up(&token, &code)).await?,
            (None, None) => return Ok(()),
        };
        match given {
            Err(ActError::Fields(errors)) => {
                let words: Vec<String> = errors.into_iter().map(|e| e.message).collect();
                Err(Stop::StepUp(Some(words.join(" "))))
            }
            other => Ok(other?),
        }
    }
}

/// Puts the form for the code in the place of an answer that wants it.
pub(crate) async fn carry(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let carried = Carried::default();
    let action = request.uri().path().to_owned();
    let token = cookies::token(request.headers(), Session::Desk, web.options());
    request.extensions_mut().insert(carried.clone());
    let mut response = next.run(request).await;
    let Some(Wanted(wrong)) = response.extensions_mut().remove::<Wanted>() else {
        return response;
    };
    let fields = carried
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    let (Some(fields), Some(token)) = (fields, token) else {
        return response;
    };
    // Without the question of a passkey the page still takes a code.
    let ask = web.ask(move |app| app.passkey_again(&token)).await;
    let ask = ask.ok().and_then(Result::ok).flatten();
    let script = ask.is_some();
    let page = StepUpPage::new(action, fields, wrong, ask);
    let page = form_page(StatusCode::FORBIDDEN, &page);
    if script { scripted(page) } else { page }
}
