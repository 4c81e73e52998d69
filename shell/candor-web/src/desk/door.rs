//! Set-up, enrolment, sign-in, sign-out.
//!
//! Invariants: the set-up code and every secret travel in a POST body; a pass
//! phrase or code is never sent back to the page.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use candor_access::view::FieldError;
use candor_app::App;
use candor_app::input::{ActError, Arrived, Enrolment, PasskeyQuestion, SignInError, SignedIn};

use super::passkey_form::PasskeyForm;
use super::recovery::RecoveryPage;
use super::session;
use crate::answer::{Stop, form_page, scripted, see_other, with_cookie};
use crate::browser;
use crate::cookies::{self, Session};
use crate::gate::Web;
use crate::guard;
use crate::typed::{self, Typed};
use crate::ui::{Chrome, Field, Kind, Notice, Side, field};

/// What else there is about one's own account.
const YOURS: &[(&str, &str)] = &[
    ("/desk/you/sessions", "Where you are signed in"),
    ("/desk/you/passkeys", "Passkeys"),
    (
        "/desk/you/recovery",
        "Recovery codes, and another authenticator",
    ),
];

#[derive(Debug, Template)]
#[template(path = "desk/form.html")]
pub(crate) struct FormPage {
    pub chrome: Chrome,
    heading: &'static str,
    text: &'static str,
    notice: Option<Notice>,
    /// Picture, secret, login.
    enrol: Option<(String, String, String)>,
    action: &'static str,
    fields: Vec<Field>,
    button: &'static str,
    /// A way in without any of these.
    passkey: Option<PasskeyForm>,
    /// Pages beside this one: address and words.
    links: &'static [(&'static str, &'static str)],
}

impl FormPage {
    /// The first account.
    pub(crate) fn set_up(typed: &Typed, errors: &[FieldError]) -> Self {
        let fill = |field: Field| filled(field, typed, errors);
        Self {
            chrome: Chrome::plain("Set up", Side::Door, ""),
            heading: "Set up Candor",
            text: "This makes the first account, the owner of every program on this server.",
            notice: (!errors.is_empty()).then(|| Notice::fields(errors, None)),
            enrol: None,
            action: "/desk/set-up",
            fields: vec![
                fill(
                    field("code", "Set-up code")
                        .kind(Kind::Mono)
                        .help("The server printed it when it started.")
                        .required(),
                ),
                fill(field("login", "Login").complete("username").required()),
                fill(field("name", "Your name").help("As reporters see it.").complete("name").required()),
                fill(
                    field("email", "E-mail address")
                        .kind(Kind::Email)
                        .help("For warnings about promises that fall due.")
                        .complete("email")
                        .required(),
                ),
                fill(
                    field("pass", "Pass phrase")
                        .kind(Kind::Secret)
                        .help("At least 15 characters. A few words that nobody else would put together.")
                        .complete("new-password")
                        .required(),
                ),
            ],
            button: "Create the account",
            passkey: None,
            links: &[],
        }
    }

    /// The second factor.
    pub(crate) fn enrol(enrolment: &Enrolment, guard: &str, error: Option<String>) -> Self {
        let qr = picture(&enrolment.qr_svg);
        Self {
            chrome: Chrome::plain("Second factor", Side::Door, "").guarded(guard),
            heading: "Set up the second factor",
            text: "Signing in takes your pass phrase and a code from your phone.",
            notice: None,
            enrol: Some((qr, enrolment.secret.clone(), enrolment.login.clone())),
            action: "/desk/enrol",
            fields: vec![
                field("totp", "Six digits")
                    .kind(Kind::Code)
                    .complete("one-time-code")
                    .error(error)
                    .required(),
            ],
            button: "Confirm",
            passkey: None,
            links: &[],
        }
    }

    /// The sign-in.
    pub(crate) fn sign_in(
        typed: &Typed,
        notice: Option<Notice>,
        passkey: Option<PasskeyQuestion>,
    ) -> Self {
        Self {
            chrome: Chrome::plain("Sign in", Side::Door, "").scripted(passkey.is_some()),
            heading: "Sign in to the desk",
            text: "For the team. Reporters open their report with the code from their receipt.",
            notice,
            enrol: None,
            action: "/desk/sign-in",
            fields: vec![
                field("login", "Login")
                    .complete("username")
                    .value(typed.get("login")),
                field("pass", "Pass phrase")
                    .kind(Kind::Secret)
                    .complete("current-password"),
                field("totp", "Six digits from your authenticator")
                    .kind(Kind::Code)
                    .help(
                        "Leave it empty if you have not set it up yet. Lost it? Type a recovery \
                         code instead.",
                    )
                    .complete("one-time-code"),
            ],
            button: "Sign in",
            passkey: passkey.map(PasskeyForm::door),
            links: &[],
        }
    }
}

impl FormPage {
    /// One's own account.
    pub(crate) fn you(guard: &str, errors: &[FieldError], said: Option<Notice>) -> Self {
        let fill = |field: Field| filled(field, &Typed::default(), errors);
        Self {
            chrome: Chrome::plain("You", Side::Desk, "you")
                .guarded(guard)
                .owned(false),
            heading: "Change your pass phrase",
            text: "Everybody else who is signed in as you is signed out with it.",
            notice: (!errors.is_empty())
                .then(|| Notice::fields(errors, None))
                .or(said),
            enrol: None,
            action: "/desk/you",
            fields: vec![
                fill(
                    field("old", "Pass phrase until now")
                        .kind(Kind::Secret)
                        .complete("current-password")
                        .required(),
                ),
                fill(
                    field("pass", "New pass phrase")
                        .kind(Kind::Secret)
                        .help("At least 15 characters. A few words that nobody else would put together.")
                        .complete("new-password")
                        .required(),
                ),
                fill(
                    field("totp", "Six digits from your authenticator")
                        .kind(Kind::Code)
                        .complete("one-time-code")
                        .required(),
                ),
            ],
            button: "Change it",
            passkey: None,
            links: YOURS,
        }
    }
}

fn filled(field: Field, typed: &Typed, errors: &[FieldError]) -> Field {
    let error = errors
        .iter()
        .find(|e| e.field == field.name)
        .map(|e| e.message.clone());
    if field.kind == Kind::Secret {
        return field.error(error);
    }
    let value = typed.get(&field.name).to_owned();
    field.value(value).error(error)
}

/// A picture as a data address: shown as an image, it can run nothing.
fn picture(svg: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::from("data:image/svg+xml,");
    for byte in svg.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// The form of the first account, while there is none.
pub(crate) async fn set_up_form(State(web): State<Web>) -> Result<Response, Stop> {
    if !web.ask(App::needs_set_up).await?? {
        return Ok(see_other("/desk/sign-in"));
    }
    Ok(form_page(
        StatusCode::OK,
        &FormPage::set_up(&Typed::default(), &[]),
    ))
}

/// Makes the first account.
pub(crate) async fn set_up(State(web): State<Web>, request: Request) -> Result<Response, Stop> {
    let typed = typed::read(&web, request).await;
    if let Some(problem) = typed.problem {
        return Err(Stop::No(problem.words(web.options().max_body)));
    }
    let get = |name: &str| typed.get(name).to_owned();
    let (code, login, name) = (get("code"), get("login"), get("name"));
    let (email, pass) = (get("email"), get("pass"));
    let made = web
        .ask_hashing(move |app| app.set_up(&code, &login, &name, &email, &pass))
        .await?;
    let errors = match made {
        Ok(half) => {
            let line = cookies::set(Session::Desk, &half, web.options());
            return Ok(with_cookie(see_other("/desk/enrol"), line));
        }
        Err(ActError::Fields(errors)) => errors,
        Err(ActError::Refused(refusal)) => {
            vec![FieldError {
                field: "code".to_owned(),
                message: refusal.message,
            }]
        }
        Err(ActError::NotFound | ActError::SignedOut | ActError::StepUp) => vec![FieldError {
            field: "code".to_owned(),
            message: "This set-up code is not valid. The server prints a new one at each start."
                .to_owned(),
        }],
        Err(ActError::Fault(fault)) => return Err(Stop::Fault(fault)),
    };
    Ok(form_page(
        StatusCode::UNPROCESSABLE_ENTITY,
        &FormPage::set_up(&typed, &errors),
    ))
}

async fn show_enrolment(web: &Web, token: String, error: Option<String>) -> Result<Response, Stop> {
    let half = token.clone();
    let enrolment = web.ask(move |app| app.enrolment(&half)).await?;
    let enrolment = match enrolment {
        Err(ActError::NotFound) => return Err(Stop::SignIn),
        other => other?,
    };
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok(form_page(
        status,
        &FormPage::enrol(&enrolment, &guard::value(&token), error),
    ))
}

/// The second factor, to be set up.
pub(crate) async fn enrol_form(
    State(web): State<Web>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    show_enrolment(&web, token, None).await
}

/// Confirms the second factor and signs in.
pub(crate) async fn enrol(State(web): State<Web>, request: Request) -> Result<Response, Stop> {
    let token = session(&web, request.headers())?;
    let place = browser::place(request.headers(), web.options());
    let typed = typed::read(&web, request).await;
    if !guard::holds(&token, typed.fields.get("guard")) {
        return Err(Stop::OldForm);
    }
    let (half, totp) = (token.clone(), typed.get("totp").to_owned());
    match web
        .ask(move |app| app.confirm_enrolment(&half, &totp))
        .await?
    {
        Ok(done) => {
            let line = cookies::set(Session::Desk, &done.token, web.options());
            let key = done.token.clone();
            let known = web.ask(move |app| app.know_browser(&key, &place)).await?;
            let known = known
                .ok()
                .and_then(|word| cookies::set_known(&word, web.options()));
            let page = RecoveryPage::made(done.codes, &guard::value(&done.token));
            let page = with_cookie(form_page(StatusCode::OK, &page), line);
            Ok(with_cookie(page, known))
        }
        Err(ActError::Fields(errors)) => {
            let words = errors
                .into_iter()
                .map(|e| e.message)
                .collect::<Vec<_>>()
                .join(" ");
            show_enrolment(&web, token, Some(words)).await
        }
        Err(ActError::Refused(refusal)) => show_enrolment(&web, token, Some(refusal.message)).await,
        Err(ActError::NotFound) => Err(Stop::SignIn),
        Err(error) => Err(error.into()),
    }
}

/// The sign-in; on a fresh server, the set-up.
pub(crate) async fn sign_in_form(State(web): State<Web>) -> Result<Response, Stop> {
    if web.ask(App::needs_set_up).await?? {
        return Ok(see_other("/desk/set-up"));
    }
    sign_in_page(&web, StatusCode::OK, &Typed::default(), None).await
}

/// Signs in. Every wrong value gets the same answer.
pub(crate) async fn sign_in(State(web): State<Web>, request: Request) -> Result<Response, Stop> {
    let place = browser::place(request.headers(), web.options());
    let typed = typed::read(&web, request).await;
    if let Some(problem) = typed.problem {
        return Err(Stop::No(problem.words(web.options().max_body)));
    }
    let get = |name: &str| typed.get(name).to_owned();
    let (login, pass, totp) = (get("login"), get("pass"), get("totp"));
    let asked = web.ask_hashing(move |app| app.sign_in_from(&place, &login, &pass, &totp));
    let answer = match asked.await {
        Ok(answer) => answer,
        // The queue of those who sign in is full.
        Err(Stop::Busy) => Err(SignInError::Wait(30)),
        Err(other) => return Err(other),
    };
    let (status, words) = match answer {
        Ok(Arrived { signed, known }) => {
            return Ok(signed_in(&web, &signed, known.as_deref()));
        }
        Err(SignInError::Wrong) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "Login, pass phrase or code is wrong. A code works only once.".to_owned(),
        ),
        Err(SignInError::Wait(seconds)) => (
            StatusCode::TOO_MANY_REQUESTS,
            format!("Too many attempts. Please try again in {seconds} seconds."),
        ),
        Err(SignInError::Fault(fault)) => return Err(Stop::Fault(fault)),
    };
    let notice = Notice {
        look: "bad",
        text: words,
        ..Notice::default()
    };
    sign_in_page(&web, status, &typed, Some(notice)).await
}

/// The sign-in, with the form for passkeys where there can be some.
pub(super) async fn sign_in_page(
    web: &Web,
    status: StatusCode,
    typed: &Typed,
    notice: Option<Notice>,
) -> Result<Response, Stop> {
    let ask = web.ask(|app: &App| app.passkey_question()).await?;
    let page = form_page(status, &FormPage::sign_in(typed, notice, ask.clone()));
    Ok(if ask.is_some() { scripted(page) } else { page })
}

/// Goes on with the session of somebody who signed in.
pub(super) fn signed_in(web: &Web, signed: &SignedIn, known: Option<&str>) -> Response {
    let (token, to) = match signed {
        SignedIn::Full(token) => (token, "/desk"),
        SignedIn::Enrol(half) => (half, "/desk/enrol"),
    };
    let line = cookies::set(Session::Desk, token, web.options());
    let known = known.and_then(|word| cookies::set_known(word, web.options()));
    with_cookie(with_cookie(see_other(to), line), known)
}

/// Signs out.
pub(crate) async fn sign_out(State(web): State<Web>, request: Request) -> Result<Response, Stop> {
    let token = session(&web, request.headers())?;
    let typed = typed::read(&web, request).await;
    if !guard::holds(&token, typed.fields.get("guard")) {
        return Err(Stop::OldForm);
    }
    web.ask(move |app| app.sign_out(&token)).await?;
    let line = cookies::clear(Session::Desk, web.options());
    Ok(with_cookie(see_other("/desk/sign-in"), line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_cannot_leave_its_attribute() {
        assert_eq!(
            picture("<a b=\"c\">"),
            "data:image/svg+xml,%3Ca%20b%3D%22c%22%3E"
        );
    }
}
