//! The page of another party: reference and code, terms, what is shared, answers.
//!
//! Invariants: codes travel in a POST body only and are shown once; the page holds
//! what the party's view holds and nothing else.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use candor_access::view::{PartyRoomView, ProgramCard};
use candor_app::input::ActError;

use crate::acted::{not_done, received};
use crate::answer::{Stop, form_page, saved, see_other, with_cookie};
use crate::cookies::{self, Session};
use crate::gate::Web;
use crate::guard;
use crate::room::{date_fields, leave_form, unsure};
use crate::typed;
use crate::ui::{self, Act, Again, Chrome, Field, Forms, Kind, Notice, Side, field};

#[derive(Debug, Template)]
#[template(path = "party/door.html")]
pub(crate) struct PartyDoor {
    pub chrome: Chrome,
    pub program: ProgramCard,
    reference: Field,
    code: Field,
}

impl PartyDoor {
    pub(crate) fn new(program: ProgramCard, reference: &str, error: Option<&str>) -> Self {
        Self {
            chrome: ui::program_chrome("For invited parties", &program, Side::Public, "party"),
            reference: field("reference", "Number of the case")
                .kind(Kind::Mono)
                .value(reference),
            code: field("code", "Code")
                .kind(Kind::Mono)
                .help("From your invitation the first time; after that your own.")
                .error(error.map(str::to_owned)),
            program,
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "party/room.html")]
pub(crate) struct PartyPage {
    pub chrome: Chrome,
    pub v: PartyRoomView,
    pub notice: Option<Notice>,
    acts: Vec<Act>,
    file_base: String,
}

impl PartyPage {
    pub(crate) fn new(
        v: PartyRoomView,
        guard: &str,
        notice: Option<Notice>,
        again: Option<Again>,
    ) -> Self {
        let forms = Forms {
            action: format!("/p/{}/party/act", v.program.slug),
            guard: guard.to_owned(),
            again,
            ..Forms::default()
        };
        Self {
            chrome: ui::program_chrome("For invited parties", &v.program, Side::Public, "party")
                .guarded(guard),
            acts: acts(&v, &forms),
            file_base: format!("/p/{}/party/files", v.program.slug),
            notice,
            v,
        }
    }
}

fn acts(v: &PartyRoomView, forms: &Forms) -> Vec<Act> {
    let mut list = Vec::new();
    if v.can_answer {
        let answer = vec![
            field("answer", "Your answer")
                .kind(Kind::Radio)
                .option("accept", "We take these terms")
                .option("decline", "We do not take them"),
        ];
        list.push(
            forms
                .act("answer_terms", "Answer the terms", answer)
                .intro(
                    "You see the case once you have taken them. Declining ends nothing for others.",
                )
                .button("Send the answer")
                .opened(),
        );
    }
    list.extend(dates(v, forms));
    if v.can_say_status {
        list.push(
            forms
                .act(
                    "party_status",
                    "Say how your product stands",
                    status_fields(),
                )
                .button("Save")
                .opened(),
        );
    }
    if v.can_write {
        let message = vec![
            field("message", "Message").kind(Kind::Area(5)),
            field("files", "Files").kind(Kind::Files),
        ];
        list.push(
            forms
                .act("say", "Write to everyone on the case", message)
                .intro("The project, the reporter and the other parties read it.")
                .button("Send"),
        );
    }
    if v.content {
        let leak = vec![field("what", "What leaked, to whom, and how").kind(Kind::Area(4))];
        list.push(
            forms
                .act("record_leak", "Say that something leaked", leak)
                .intro("Please do so at once. The project decides what to do.")
                .button("Tell the project"),
        );
    }
    if v.can_link {
        let place = vec![field("link", "Its address").help("It begins with https://.")];
        list.push(
            forms
                .act("link_advisory", "Link your own advisory", place)
                .intro("The project’s advisory is public. It links to yours.")
                .button("Link it"),
        );
    }
    if v.can_leave {
        list.push(leave_form(forms, "This page opens no more after that."));
    }
    list
}

/// What a party says about dates.
fn dates(v: &PartyRoomView, forms: &Forms) -> Vec<Act> {
    let mut list = Vec::new();
    if let Some((who, at)) = v.proposed.as_ref().filter(|_| v.can_answer_date) {
        let mut answer = vec![
            field("answer", "Your answer")
                .kind(Kind::Radio)
                .option("accept", "We agree")
                .option("counter", "We propose another date")
                .option("decline", "We do not agree"),
        ];
        answer.extend(date_fields());
        list.push(
            forms
                .act("answer_date", "Answer the proposed disclosure date", answer)
                .intro(format!(
                    "Proposed by {who}: {}. Without your answer it can hold all the same after a \
                     week; you are then asked to take the new terms.",
                    at.words
                ))
                .hidden("proposal", at.at.unix().to_string())
                .button("Send the answer")
                .opened(),
        );
    }
    if v.can_propose {
        list.push(
            forms
                .act(
                    "propose_date",
                    "Propose another disclosure date",
                    date_fields(),
                )
                .intro("A later date needs a reason. The date that stands holds meanwhile.")
                .button("Propose"),
        );
    }
    list
}

/// How a product stands: the same for a party and for the team.
pub(crate) fn status_fields() -> Vec<Field> {
    vec![
        field("status", "Product")
            .kind(Kind::Radio)
            .option("affected", "Affected")
            .option("not_affected", "Not affected")
            .option("unknown", "Not known yet"),
        field("fix", "Fix")
            .kind(Kind::Select)
            .option("none", "None yet")
            .option("ready", "Ready")
            .option("deployed", "Deployed"),
    ]
}

fn path(slug: &str) -> String {
    format!("/p/{slug}/party")
}

fn token_of(web: &Web, headers: &HeaderMap) -> Option<String> {
    cookies::token(headers, Session::Party, web.options())
}

async fn door(web: &Web, slug: &str) -> Result<Response, Stop> {
    let program = web.program(slug).await?;
    Ok(form_page(
        StatusCode::OK,
        &PartyDoor::new(program, "", None),
    ))
}

/// The page, or the form for the code.
pub(crate) async fn page(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let Some(token) = token_of(&web, &headers) else {
        return door(&web, &slug).await;
    };
    let said = web.take_said(&token).await.map(Notice::done);
    show(&web, slug, token, StatusCode::OK, said, None).await
}

async fn show(
    web: &Web,
    slug: String,
    token: String,
    status: StatusCode,
    notice: Option<Notice>,
    again: Option<Again>,
) -> Result<Response, Stop> {
    let (owned, key) = (slug.clone(), token.clone());
    match web.ask(move |app| app.party_room(&owned, &key)).await? {
        Ok(v) => {
            let page = PartyPage::new(v, &guard::value(&token), notice, again);
            Ok(form_page(status, &page))
        }
        Err(ActError::SignedOut | ActError::NotFound) => door(web, &slug).await,
        Err(error) => Err(error.into()),
    }
}

/// Opens the page for a code.
pub(crate) async fn enter(
    State(web): State<Web>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Stop> {
    let program = web.program(&slug).await?;
    let typed = typed::read(&web, request).await;
    let reference = typed.get("reference").to_owned();
    let (owned, of, code) = (
        slug.clone(),
        reference.clone(),
        typed.get("code").to_owned(),
    );
    match web
        .ask(move |app| app.enter_party(&owned, &of, &code))
        .await?
    {
        Ok((token, own)) => {
            if let Some(own) = own {
                web.say(
                    &token,
                    format!(
                        "Your invitation is used up. From now on this code opens the page: {own} \
                         Write it down; it is shown only now."
                    ),
                )
                .await;
            }
            let line = cookies::set(Session::Party, &token, web.options());
            Ok(with_cookie(see_other(&path(&slug)), line))
        }
        Err(ActError::NotFound | ActError::Fields(_) | ActError::Refused(_)) => {
            let error = "Number and code open nothing here. Check both for typing errors; an \
                         invitation opens the page only once.";
            let page = PartyDoor::new(program, &reference, Some(error));
            Ok(form_page(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}

/// An act of a party.
pub(crate) async fn act(
    State(web): State<Web>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Stop> {
    let Some(token) = token_of(&web, request.headers()) else {
        return door(&web, &slug).await;
    };
    let (mut typed, mut kept) = match received(&web, &token, request).await? {
        Ok(form) => form,
        Err((status, notice, again)) => {
            return show(&web, slug, token, status, Some(notice), Some(again)).await;
        }
    };
    if let Some(notice) = unsure(&mut typed, &mut kept) {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return show(&web, slug, token, status, Some(notice), Some(kept)).await;
    }
    let held = std::mem::take(&mut typed.held);
    let input = typed.into_act();
    let (owned, key) = (slug.clone(), token.clone());
    match web
        .ask(move |app| {
            let _held = held;
            app.party_act(&owned, &key, input)
        })
        .await?
    {
        Ok(said) => {
            web.say(&token, said).await;
            Ok(see_other(&format!("{}#said", path(&slug))))
        }
        Err(ActError::SignedOut) => door(&web, &slug).await,
        Err(error) => {
            let (status, notice, again) = not_done(error, kept)?;
            show(&web, slug, token, status, Some(notice), Some(again)).await
        }
    }
}

/// A file of a message.
pub(crate) async fn file(
    State(web): State<Web>,
    Path((slug, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = token_of(&web, &headers).ok_or(Stop::NotFound)?;
    saved(
        web.ask(move |app| app.party_file(&slug, &token, &id))
            .await?,
    )
}

/// Ends the session.
pub(crate) async fn leave(
    State(web): State<Web>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Stop> {
    let Some(token) = token_of(&web, request.headers()) else {
        return Ok(see_other(&path(&slug)));
    };
    let typed = typed::read(&web, request).await;
    if !guard::holds(&token, typed.fields.get("guard")) {
        return Err(Stop::OldForm);
    }
    web.ask(move |app| app.leave(&token)).await?;
    let line = cookies::clear(Session::Party, web.options());
    Ok(with_cookie(see_other(&path(&slug)), line))
}
