//! The form for a report that reached the team otherwise.
//!
//! Invariants: works without JavaScript; whatever is wrong, what was typed comes back;
//! the code is shown once, to be passed on.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use candor_access::view::{FieldError, HandInView, ReceiptView};
use candor_app::input::{ActError, ReportInput, Via};

use super::{posted, session};
use crate::answer::{Stop, form_page};
use crate::gate::Web;
use crate::guard;
use crate::ui::{self, Chrome, Field, Kind, Notice, Side, field};

#[derive(Debug, Template)]
#[template(path = "desk/hand_in.html")]
pub(crate) struct HandInPage {
    pub chrome: Chrome,
    pub v: HandInView,
    notice: Option<Notice>,
    came: Vec<Field>,
    what: Vec<Field>,
    who: Vec<Field>,
}

impl HandInPage {
    pub(crate) fn new(
        v: HandInView,
        guard: &str,
        typed: &BTreeMap<String, String>,
        errors: &[FieldError],
    ) -> Self {
        let done = |field: Field| {
            let value = typed.get(&field.name).cloned().unwrap_or_default();
            let error = errors.iter().find(|e| e.field == field.name);
            field.value(value).error(error.map(|e| e.message.clone()))
        };
        let came = vec![
            field("came_by", "How did it come?")
                .kind(Kind::Radio)
                .option("mail", "By mail")
                .option("forwarded", "By mail, forwarded to us as an attachment")
                .option("github", "On GitHub")
                .option("phone", "By phone, or in person")
                .option("other", "Another way"),
            field(
                "received_date",
                "First day on which somebody of the team had it",
            )
            .kind(Kind::Date)
            .help(
                "The clocks count from then, not from now. Left empty for a mail that is \
                 attached, it is when the last server on its way took it in.",
            ),
            field("received_time", "And the time")
                .kind(Kind::Time)
                .help(format!(
                    "In {}. Left empty, the day counts from its start.",
                    v.zone
                )),
        ];
        let what = vec![
            field("summary", "What it is about, in one line"),
            field("description", "The report, in the words of who sent it")
                .kind(Kind::Area(12))
                .help(
                    "Copy what reached you, or attach the mail below: what you leave empty here \
                     is then read in it. It is sealed like any report.",
                ),
            field("version", "Affected version"),
            field("files", "The original message, and files")
                .kind(Kind::Files)
                .help(format!(
                    "Save the mail as it is (.eml) and attach it: it is kept as it came, and the \
                     files in it are taken out. Up to {} together.",
                    ui::size_words(v.max_files_bytes)
                )),
        ];
        let who = vec![
            field("name", "Name or handle"),
            field("email", "E-mail address")
                .kind(Kind::Email)
                .help("They get a receipt there, with the dates of your promises."),
            field("contact", "Another way to reach them").kind(Kind::Area(2)),
        ];
        let all = |fields: Vec<Field>| fields.into_iter().map(done).collect();
        Self {
            chrome: ui::program_chrome("Hand in a report", &v.program, Side::Desk, "inbox")
                .guarded(guard),
            notice: (!errors.is_empty()).then(|| Notice::fields(errors, None)),
            came: all(came),
            what: all(what),
            who: all(who),
            v,
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "desk/handed_in.html")]
pub(crate) struct HandedInPage {
    pub chrome: Chrome,
    pub v: ReceiptView,
    /// A letter goes to the reporter.
    mailed: bool,
}

/// The form.
pub(crate) async fn hand_in_form(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let key = token.clone();
    let v = web.ask(move |app| app.hand_in_form(&key, &slug)).await??;
    let page = HandInPage::new(v, &guard::value(&token), &BTreeMap::new(), &[]);
    Ok(form_page(StatusCode::OK, &page))
}

/// Takes it in.
pub(crate) async fn hand_in(
    State(web): State<Web>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Stop> {
    let (token, typed) = posted(&web, request).await?;
    let mut fields = typed.fields;
    fields.remove("guard");
    let mailed = fields.get("email").is_some_and(|t| !t.trim().is_empty());
    let input = ReportInput {
        fields: fields.clone(),
        files: typed.files,
        via: Via::Form,
    };
    let (key, program) = (token.clone(), slug.clone());
    match web
        .ask(move |app| app.hand_in(&key, &program, input))
        .await?
    {
        Ok(v) => {
            let chrome = ui::program_chrome("Handed in", &v.program, Side::Desk, "inbox")
                .guarded(guard::value(&token));
            let page = HandedInPage { chrome, v, mailed };
            Ok(form_page(StatusCode::CREATED, &page))
        }
        Err(ActError::Fields(errors)) => {
            let key = token.clone();
            let mut v = web.ask(move |app| app.hand_in_form(&key, &slug)).await??;
            if let Some(nonce) = fields.get("nonce") {
                v.nonce.clone_from(nonce);
            }
            let page = HandInPage::new(v, &guard::value(&token), &fields, &errors);
            Ok(form_page(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}
