//! The reporter's room: the code, the page, the acts, the files.
//!
//! Invariants: the code travels in a POST body only; without a session the
//! page is the form for the code, whether or not a case exists.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use candor_access::view::{FieldError, ProgramCard, RoomView};
use candor_app::input::ActError;

use crate::acted::{not_done, received};
use crate::answer::{Stop, download, form_page, saved, see_other, with_cookie};
use crate::cookies::{self, Session};
use crate::erased::ErasedPage;
use crate::gate::Web;
use crate::guard;
use crate::typed::{self, Typed};
use crate::ui::{self, Act, Again, Chrome, Field, Forms, Kind, Notice, Side, field};

/// The box to tick before a withdrawal.
const SURE: &str = "sure";

#[derive(Debug, Template)]
#[template(path = "room/door.html")]
pub(crate) struct DoorPage {
    pub chrome: Chrome,
    pub program: ProgramCard,
    pub notice: Option<Notice>,
    pub code: Field,
}

impl DoorPage {
    pub(crate) fn new(program: ProgramCard, typed: &str, error: Option<&str>) -> Self {
        Self {
            chrome: ui::program_chrome("Your report", &program, Side::Public, "room"),
            notice: None,
            code: field("code", "Receipt code")
                .kind(Kind::Mono)
                .help("Capital or small letters, with or without dashes.")
                .value(typed)
                .error(error.map(str::to_owned)),
            program,
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "room/room.html")]
pub(crate) struct RoomPage {
    pub chrome: Chrome,
    pub v: RoomView,
    pub notice: Option<Notice>,
    file_base: String,
    credit_words: String,
    /// What waits for the reporter, before the messages.
    urgent: Vec<Act>,
    /// Everything else.
    acts: Vec<Act>,
}

impl RoomPage {
    pub(crate) fn new(
        v: RoomView,
        guard: &str,
        notice: Option<Notice>,
        again: Option<Again>,
    ) -> Self {
        let slug = &v.program.slug;
        let forms = Forms {
            action: format!("/p/{slug}/room/act"),
            guard: guard.to_owned(),
            again,
            next: None,
            ..Forms::default()
        };
        let credit_words = match (v.credit.0.as_str(), &v.credit.1) {
            ("named", Some(name)) => format!("You will be named as {name}."),
            ("anonymous", _) => "You stay anonymous.".to_owned(),
            _ => "You have not said yet. Nobody is named without consent.".to_owned(),
        };
        Self {
            chrome: ui::program_chrome("Your report", &v.program, Side::Public, "room")
                .guarded(guard),
            file_base: format!("/p/{slug}/room/files"),
            credit_words,
            urgent: urgent(&v, &forms),
            acts: acts(&v, &forms),
            notice,
            v,
        }
    }
}

pub(crate) fn date_fields() -> Vec<Field> {
    vec![
        field("date", "Date").kind(Kind::Date),
        field("time", "Time")
            .kind(Kind::Time)
            .help("In the policy’s time zone."),
        field("reason", "Reason").kind(Kind::Area(2)),
    ]
}

/// A question that a yes or no answers.
fn agree(forms: &Forms, matter: &str, words: &str, answer: Option<bool>) -> Act {
    let title = match answer {
        None => "The team asks for your consent",
        Some(true) => "You consented; change your answer",
        Some(false) => "You did not consent; change your answer",
    };
    let answer = field("answer", "Your answer")
        .kind(Kind::Radio)
        .option("yes", "Yes")
        .option("no", "No");
    forms
        .keyed(&format!("agree-{matter}"), "agree", title, vec![answer])
        .intro(words)
        .hidden("matter", matter)
        .button("Send the answer")
}

/// Questions, an open date, a silent team: what waits for the reporter.
fn urgent(v: &RoomView, forms: &Forms) -> Vec<Act> {
    let mut list = Vec::new();
    if !v.asked.is_empty() {
        let mut fields: Vec<Field> = v
            .asked
            .iter()
            .map(|(name, label)| field(name, label).kind(Kind::Area(4)))
            .collect();
        fields.push(field("files", "Files").kind(Kind::Files));
        list.push(
            forms
                .act("supply", "Answer what the team asked for", fields)
                .intro("Fill in what you have. If something does not apply, say why in a word.")
                .button("Send the answer")
                .opened(),
        );
    }
    if let Some(date) = &v.proposed {
        let mut fields = vec![
            field("answer", "Your answer")
                .kind(Kind::Radio)
                .option("accept", "I agree")
                .option("counter", "I propose another date")
                .option("decline", "I do not agree"),
        ];
        fields.extend(date_fields());
        list.push(
            forms
                .act("answer_date", "Answer the proposed disclosure date", fields)
                .intro(format!("Proposed: {}.", date.words))
                .hidden("proposal", date.at.unix().to_string())
                .button("Send the answer")
                .opened(),
        );
    }
    for (matter, words, answer) in &v.questions {
        if answer.is_some() {
            continue;
        }
        list.push(agree(forms, matter, words, None).opened());
    }
    if v.can_follow_up {
        let fields = vec![
            field("message", "Message")
                .kind(Kind::Area(3))
                .help("Optional."),
        ];
        list.push(
            forms
                .act("follow_up", "Follow up", fields)
                .intro("The promised answer is late. This reaches more people of the project.")
                .opened(),
        );
    }
    list
}

fn acts(v: &RoomView, forms: &Forms) -> Vec<Act> {
    let mut list = Vec::new();
    let message = |label: &str, rows| field("message", label).kind(Kind::Area(rows));
    if v.can_write {
        let mut fields = vec![message("Message", 5)];
        if v.draft.is_some() && v.advisory.is_none() {
            fields.push(
                field("kind", "What is it about?")
                    .kind(Kind::Radio)
                    .option("plain", "Anything")
                    .option("draft_comment", "The draft of the advisory")
                    .value("plain"),
            );
        }
        fields.push(field("files", "Files").kind(Kind::Files));
        list.push(
            forms
                .act("say", "Write to the team", fields)
                .button("Send")
                .opened(),
        );
    }
    if v.credit_open {
        let fields = vec![
            field("credit", "May the advisory name you?")
                .kind(Kind::Radio)
                .option("named", "Yes, with the name below")
                .option("anonymous", "No, keep me anonymous")
                .value(v.credit.0.clone()),
            field("credit_name", "Name to thank").value(v.credit.1.clone().unwrap_or_default()),
            field("credit_kind", "For what")
                .kind(Kind::Select)
                .option("reporter", "I reported it")
                .option("finder", "I found it")
                .option("analyst", "I analysed it")
                .option("coordinator", "I coordinated the disclosure")
                .option("tool", "A tool of this name found it"),
        ];
        let mut form = forms
            .act("choose_credit", "Choose how you are credited", fields)
            .button("Save");
        if v.credit_asked {
            form = form
                .intro("The advisory is being prepared. Without an answer nobody is named.")
                .opened();
        }
        list.push(form);
    }
    if v.can_choose_key {
        list.push(key_form(v, forms));
    }
    if v.date_settled || (v.date.is_some() && v.proposed.is_none()) {
        list.push(
            forms
                .act(
                    "propose_date",
                    "Propose another disclosure date",
                    date_fields(),
                )
                .button("Propose"),
        );
    }
    for (matter, words, answer) in &v.questions {
        if answer.is_some() {
            list.push(agree(forms, matter, words, *answer));
        }
    }
    if v.can_object {
        list.push(
            forms
                .act(
                    "object",
                    "Object to the rejection",
                    vec![message("Why it should be looked at again", 4)],
                )
                .intro("Another person decides, where the project has one.")
                .button("Object"),
        );
    }
    if v.can_leave {
        list.push(leave_form(
            forms,
            "The case stays open; you see less of it.",
        ));
    }
    if v.can_withdraw {
        list.push(
            forms
                .act(
                    "withdraw",
                    "Withdraw the report",
                    vec![
                        message("Message", 2).help("Optional."),
                        field(SURE, "I am sure that I want to withdraw").kind(Kind::Check),
                    ],
                )
                .intro(
                    "You step back from this case, and this cannot be taken back. What you sent \
                     stays with the team, and the team may go on without you.",
                )
                .button("Withdraw")
                .grave(),
        );
    }
    list
}

/// The key for letters. To take it back is said in so many words, never by an empty field.
fn key_form(v: &RoomView, forms: &Forms) -> Act {
    let now = if v.key.is_some() { "key" } else { "" };
    let fields = vec![
        field("letters", "Letters to you")
            .kind(Kind::Radio)
            .option("key", "Encrypt them to the key below")
            .option(
                "plain",
                "No encryption: they only say that something is new",
            )
            .value(now),
        field("key", "Your OpenPGP key")
            .kind(Kind::Area(4))
            .help("The public key, as gpg --armor --export gives it."),
    ];
    forms
        .act("choose_key", "Choose how letters to you are protected", fields)
        .intro("An encrypted letter holds what the team writes, and is signed with the key of the project.")
        .button("Save")
}

/// Leaving the embargo: the same for the reporter and for another party.
pub(crate) fn leave_form(forms: &Forms, after: &str) -> Act {
    let fields = vec![
        field("message", "Why").kind(Kind::Area(3)).help(
            "The project reads this, and everybody bound by the embargo is told that you left.",
        ),
        field(SURE, "I am sure that I want to leave the embargo").kind(Kind::Check),
    ];
    forms
        .act("leave_embargo", "Leave the embargo", fields)
        .intro(format!(
            "You say that you do not keep the matter private any longer. It ends nothing for \
             the others. {after}"
        ))
        .button("Leave the embargo")
        .grave()
}

fn room_path(slug: &str) -> String {
    format!("/p/{slug}/room")
}

fn token_of(web: &Web, headers: &HeaderMap) -> Option<String> {
    cookies::token(headers, Session::Room, web.options())
}

async fn door(web: &Web, slug: &str) -> Result<Response, Stop> {
    let program = web.program(slug).await?;
    Ok(form_page(StatusCode::OK, &DoorPage::new(program, "", None)))
}

/// The room, or the form for the code.
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
    match web.ask(move |app| app.room(&owned, &key)).await? {
        Ok(v) => {
            let page = RoomPage::new(v, &guard::value(&token), notice, again);
            Ok(form_page(status, &page))
        }
        Err(ActError::NotFound) => erased(web, slug, token).await,
        // The session ended: type the code.
        Err(ActError::SignedOut) => door(web, &slug).await,
        Err(error) => Err(error.into()),
    }
}

/// The case was erased, or the session belongs to another program: then the form for the code.
async fn erased(web: &Web, slug: String, token: String) -> Result<Response, Stop> {
    let (owned, key) = (slug.clone(), token.clone());
    match web.ask(move |app| app.room_tombstone(&owned, &key)).await? {
        Ok(v) => Ok(ErasedPage::room(v, &guard::value(&token)).answer()),
        Err(ActError::SignedOut | ActError::NotFound) => door(web, &slug).await,
        Err(error) => Err(error.into()),
    }
}

/// Opens the room for a code.
pub(crate) async fn enter(
    State(web): State<Web>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Stop> {
    let program = web.program(&slug).await?;
    let typed = typed::read(&web, request).await;
    let code = typed.get("code").to_owned();
    let (owned, sent) = (slug.clone(), code.clone());
    match web.ask(move |app| app.enter_room(&owned, &sent)).await? {
        Ok(token) => {
            let line = cookies::set(Session::Room, &token, web.options());
            Ok(with_cookie(see_other(&room_path(&slug)), line))
        }
        Err(ActError::NotFound | ActError::Fields(_)) => {
            let error = "This code opens nothing here. Check it for typing errors, and that the \
                         report went to this project.";
            let page = DoorPage::new(program, &code, Some(error));
            Ok(form_page(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}

/// What is wrong where an act cannot be taken back and its box is not ticked.
pub(crate) fn not_sure(act: &str, typed: &mut Typed) -> Option<FieldError> {
    let message = match act {
        "withdraw" => "Please tick that you are sure. A withdrawal cannot be taken back.",
        "leave_embargo" => "Please tick that you are sure. Everybody on the case is told at once.",
        _ => return None,
    };
    if typed.fields.remove(SURE).is_some() {
        return None;
    }
    Some(FieldError {
        field: SURE.to_owned(),
        message: message.to_owned(),
    })
}

/// What cannot be taken back is done only with its box ticked.
pub(crate) fn unsure(typed: &mut Typed, kept: &mut Again) -> Option<Notice> {
    let act = typed.get("act").to_owned();
    kept.errors = vec![not_sure(&act, typed)?];
    Some(Notice::fields(&kept.errors, Some(&kept.form)))
}

/// An act of the reporter.
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
            app.room_act(&owned, &key, input)
        })
        .await?
    {
        Ok(said) => {
            web.say(&token, said).await;
            Ok(see_other(&format!("{}#said", room_path(&slug))))
        }
        Err(ActError::SignedOut) => door(&web, &slug).await,
        Err(error) => {
            let (status, notice, again) = not_done(error, kept)?;
            show(&web, slug, token, status, Some(notice), Some(again)).await
        }
    }
}

/// A file of the case, saved and never shown.
pub(crate) async fn file(
    State(web): State<Web>,
    Path((slug, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = token_of(&web, &headers).ok_or(Stop::NotFound)?;
    saved(
        web.ask(move |app| app.room_file(&slug, &token, &id))
            .await?,
    )
}

/// The dates of the case as a calendar file, for a session.
pub(crate) async fn calendar(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = token_of(&web, &headers).ok_or(Stop::NotFound)?;
    saved(web.ask(move |app| app.room_calendar(&slug, &token)).await?)
}

/// The signed receipt, for a session.
pub(crate) async fn receipt(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = token_of(&web, &headers).ok_or(Stop::NotFound)?;
    match web.ask(move |app| app.room(&slug, &token)).await? {
        Ok(RoomView {
            reference,
            receipt_note: Some(note),
            ..
        }) => Ok(download(&receipt_name(&reference), note.into_bytes())),
        Ok(_) | Err(ActError::SignedOut) => Err(Stop::NotFound),
        Err(error) => Err(error.into()),
    }
}

/// The proof that the receipt stands in the public log, for a session.
pub(crate) async fn proof(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = token_of(&web, &headers).ok_or(Stop::NotFound)?;
    match web.ask(move |app| app.room_proof(&slug, &token)).await? {
        Ok((reference, proof)) => {
            let name = format!("candor-receipt-{reference}.tlog-proof");
            Ok(download(&name, proof.into_bytes()))
        }
        Err(ActError::SignedOut) => Err(Stop::NotFound),
        Err(error) => Err(error.into()),
    }
}

/// The dated statement that the reporter may publish, for a session.
pub(crate) async fn statement(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = token_of(&web, &headers).ok_or(Stop::NotFound)?;
    match web.ask(move |app| app.room(&slug, &token)).await? {
        Ok(RoomView {
            reference,
            statement: Some(text),
            ..
        }) => {
            let name = format!("candor-statement-{reference}.txt");
            Ok(download(&name, text.into_bytes()))
        }
        Ok(_) | Err(ActError::SignedOut) => Err(Stop::NotFound),
        Err(error) => Err(error.into()),
    }
}

/// Largest note that is handed back.
const NOTE_MAX: usize = 64 * 1024;

/// The signed receipt as it stands on the receipt page: that page comes before
/// any session, so it sends its own note and gets it back as a file.
pub(crate) async fn receipt_of_page(
    State(web): State<Web>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Stop> {
    web.program(&slug).await?;
    let typed = typed::read(&web, request).await;
    let note = typed.get("note");
    if note.is_empty() || note.len() > NOTE_MAX {
        return Err(Stop::NotFound);
    }
    // A hidden field loses the line feed at its end; a signed note ends in one.
    let note = format!("{}\n", note.trim_matches('\n'));
    Ok(download(
        &receipt_name(typed.get("reference")),
        note.into_bytes(),
    ))
}

fn receipt_name(reference: &str) -> String {
    let reference: String = reference.chars().take(40).collect();
    format!("candor-receipt-{reference}.txt")
}

/// Ends the session.
pub(crate) async fn leave(
    State(web): State<Web>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Stop> {
    let Some(token) = token_of(&web, request.headers()) else {
        return Ok(see_other(&room_path(&slug)));
    };
    let typed = typed::read(&web, request).await;
    if !guard::holds(&token, typed.fields.get("guard")) {
        return Err(Stop::OldForm);
    }
    web.ask(move |app| app.leave(&token)).await?;
    let line = cookies::clear(Session::Room, web.options());
    Ok(with_cookie(see_other(&room_path(&slug)), line))
}
