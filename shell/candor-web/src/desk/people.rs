//! The people page: who works here, who comes, who goes.
//!
//! Invariants: a first pass phrase is shown once, on the answer to the form that
//! made it; what cannot be taken back has to be ticked first.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use candor_access::view::{FieldError, PeopleView};
use candor_app::App;
use candor_app::input::ActError;

use super::fields::person_fields;
use super::{posted, session};
use crate::answer::{Stop, form_page, see_other};
use crate::gate::Web;
use crate::guard;
use crate::ui::{Chrome, Field, Notice, Side};

#[derive(Debug, Template)]
#[template(path = "desk/people.html")]
pub(crate) struct PeoplePage {
    pub chrome: Chrome,
    pub v: PeopleView,
    notice: Option<Notice>,
    pass: Option<String>,
    fields: Vec<Field>,
    /// The login of whoever reads this.
    own: String,
}

impl PeoplePage {
    pub(crate) fn new(
        v: PeopleView,
        guard: &str,
        typed: &BTreeMap<String, String>,
        errors: &[FieldError],
        pass: Option<String>,
    ) -> Self {
        Self {
            chrome: Chrome::plain("People", Side::Desk, "people").guarded(guard),
            notice: (!errors.is_empty()).then(|| Notice::fields(errors, None)),
            fields: person_fields(&v, typed, errors),
            pass,
            own: String::new(),
            v,
        }
    }
}

/// The page for whoever is signed in.
async fn page(
    web: &Web,
    token: &str,
    typed: &BTreeMap<String, String>,
    errors: &[FieldError],
    pass: Option<String>,
) -> Result<PeoplePage, Stop> {
    let key = token.to_owned();
    let asked = web.ask(move |app| Ok::<_, ActError>((app.people(&key)?, app.own_account(&key)?)));
    let (v, (_, own)) = asked.await??;
    let page = PeoplePage::new(v, &guard::value(token), typed, errors, pass);
    Ok(PeoplePage { own, ..page })
}

/// Who works here.
pub(crate) async fn people(State(web): State<Web>, headers: HeaderMap) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let mut page = page(&web, &token, &BTreeMap::new(), &[], None).await?;
    page.notice = web.take_said(&token).await.map(Notice::done);
    Ok(form_page(StatusCode::OK, &page))
}

/// Adds a person; the pass phrase for the first sign-in is shown this once.
pub(crate) async fn add_person(State(web): State<Web>, request: Request) -> Result<Response, Stop> {
    let (token, typed) = posted(&web, request).await?;
    let mut fields = typed.fields;
    fields.remove("guard");
    let (key, sent) = (token.clone(), fields.clone());
    let added = web
        .ask_hashing(move |app| app.add_person(&key, sent))
        .await?;
    answer(&web, &token, fields, added).await
}

/// Shows the pass phrase for a first sign-in, or why there is none.
async fn answer(
    web: &Web,
    token: &str,
    fields: BTreeMap<String, String>,
    done: Result<String, ActError>,
) -> Result<Response, Stop> {
    let (status, typed, errors, pass) = match done {
        Ok(pass) => (StatusCode::OK, BTreeMap::new(), Vec::new(), Some(pass)),
        Err(ActError::Fields(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, fields, errors, None),
        Err(ActError::Refused(refusal)) => {
            let error = FieldError {
                field: String::new(),
                message: refusal.message,
            };
            (StatusCode::CONFLICT, fields, vec![error], None)
        }
        Err(error) => return Err(error.into()),
    };
    let page = page(web, token, &typed, &errors, pass).await?;
    Ok(form_page(status, &page))
}

/// Whom a button of the list is about; an error when the box beside it is not ticked.
async fn chosen(web: &Web, request: Request) -> Result<(String, Result<String, ActError>), Stop> {
    let (token, typed) = posted(web, request).await?;
    let login = typed.get("login").to_owned();
    let sure = typed.fields.contains_key("sure");
    let login = sure.then_some(login).ok_or_else(|| {
        let message = "Please tick that you are sure. Nothing was done.".to_owned();
        let field = String::new();
        ActError::Fields(vec![FieldError { field, message }])
    });
    Ok((token, login))
}

/// Gives a person a new start: a first pass phrase, shown this once, and a second
/// factor to be set up anew.
pub(crate) async fn reset_person(
    State(web): State<Web>,
    request: Request,
) -> Result<Response, Stop> {
    let (token, login) = chosen(&web, request).await?;
    let done = match login {
        Ok(login) => {
            let key = token.clone();
            web.ask_hashing(move |app| app.reset_person(&key, &login))
                .await?
        }
        Err(error) => Err(error),
    };
    answer(&web, &token, BTreeMap::new(), done).await
}

/// Takes a person out.
pub(crate) async fn remove_person(
    State(web): State<Web>,
    request: Request,
) -> Result<Response, Stop> {
    on_person(&web, request, |app, token, login| {
        app.remove_person(token, login)?;
        Ok("Done. This person has no role in your programs any more.".to_owned())
    })
    .await
}

/// Ends every session of a person.
pub(crate) async fn sign_out_person(
    State(web): State<Web>,
    request: Request,
) -> Result<Response, Stop> {
    on_person(&web, request, App::end_sessions_of_person).await
}

/// Does something to the person beside whom a button was pressed, and says what was done.
async fn on_person(
    web: &Web,
    request: Request,
    act: fn(&App, &str, &str) -> Result<String, ActError>,
) -> Result<Response, Stop> {
    let (token, login) = chosen(web, request).await?;
    let done = match login {
        Ok(login) => {
            let key = token.clone();
            web.ask_hashing(move |app| act(app, &key, &login)).await?
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(words) => {
            web.say(&token, words).await;
            Ok(see_other("/desk/people#said"))
        }
        Err(error) => answer(web, &token, BTreeMap::new(), Err(error)).await,
    }
}

/// Somebody looked into why a person opened so many cases.
pub(crate) async fn looked_into(
    State(web): State<Web>,
    request: Request,
) -> Result<Response, Stop> {
    let (token, typed) = posted(&web, request).await?;
    let (key, login) = (token.clone(), typed.get("login").to_owned());
    match web
        .ask(move |app| app.answer_read_alarm(&key, &login))
        .await?
    {
        Ok(words) => {
            web.say(&token, words).await;
            Ok(see_other("/desk/people#said"))
        }
        Err(error) => answer(&web, &token, BTreeMap::new(), Err(error)).await,
    }
}
