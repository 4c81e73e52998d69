//! Erasing a case: what goes and what stays, the question, and the deed.
//!
//! Invariants: a code of the second factor is never sent back to the page; no right is decided
//! here.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use candor_access::build::reason_words;
use candor_access::view::{ErasureView, FieldError};
use candor_app::input::{ActError, ErasureReason, ErasureStep};

use super::{posted, session};
use crate::answer::{Stop, form_page, see_other};
use crate::gate::Web;
use crate::guard;
use crate::ui::{self, Chrome, Field, Kind, Notice, Side, field};

/// The reasons as the form sends them.
const REASONS: [(&str, ErasureReason); 3] = [
    ("request", ErasureReason::Request),
    ("retention", ErasureReason::Retention),
    ("mistake", ErasureReason::Mistake),
];

/// One step that can be done.
#[derive(Debug)]
struct Step {
    heading: &'static str,
    text: &'static str,
    name: &'static str,
    fields: Vec<Field>,
    button: &'static str,
    grave: bool,
}

#[derive(Debug, Template)]
#[template(path = "desk/erase.html")]
pub(crate) struct ErasePage {
    chrome: Chrome,
    v: ErasureView,
    notice: Option<Notice>,
    /// The address of the case.
    case: String,
    forms: Vec<Step>,
}

fn code(errors: &[FieldError]) -> Field {
    field("totp", "Six digits from your authenticator")
        .kind(Kind::Code)
        .complete("one-time-code")
        .error(error_of(errors, "totp"))
        .required()
}

fn error_of(errors: &[FieldError], name: &str) -> Option<String> {
    let found = errors.iter().find(|e| e.field == name);
    found.map(|e| e.message.clone())
}

fn forms(v: &ErasureView, errors: &[FieldError]) -> Vec<Step> {
    let mut out = Vec::new();
    if v.asked.is_none() && v.not_now.is_none() {
        let mut reason = field("reason", "Why").kind(Kind::Radio).required();
        for (name, of) in REASONS {
            reason = reason.option(name, reason_words(of));
        }
        out.push(Step {
            heading: "Ask for it",
            text: "Nothing is erased yet. Another owner then erases the case, or you do after 72 \
                   hours.",
            name: "ask",
            fields: vec![reason.error(error_of(errors, "reason")), code(errors)],
            button: "Ask for the erasure",
            grave: false,
        });
    }
    if v.asked.is_some() && v.not_now.is_none() {
        out.push(Step {
            heading: "Erase it",
            text: "This cannot be taken back.",
            name: "erase",
            fields: vec![code(errors)],
            button: "Erase the case for good",
            grave: true,
        });
    }
    if v.asked.is_some() {
        out.push(Step {
            heading: "Take it back",
            text: "The case stays as it is.",
            name: "take_back",
            fields: Vec::new(),
            button: "Keep the case",
            grave: false,
        });
    }
    out
}

impl ErasePage {
    pub(crate) fn new(
        v: ErasureView,
        guard: &str,
        notice: Option<Notice>,
        errors: &[FieldError],
    ) -> Self {
        let chrome = ui::program_chrome(v.reference.clone(), &v.program, Side::Desk, "");
        Self {
            chrome: chrome.guarded(guard).owned(true),
            case: format!("/desk/p/{}/cases/{}", v.program.slug, v.reference),
            forms: forms(&v, errors),
            notice: notice.or_else(|| (!errors.is_empty()).then(|| Notice::fields(errors, None))),
            v,
        }
    }
}

/// Which case.
type CasePath = Path<(String, String)>;

async fn show(
    web: &Web,
    (slug, reference): (String, String),
    token: String,
    status: StatusCode,
    notice: Option<Notice>,
    errors: &[FieldError],
) -> Result<Response, Stop> {
    let key = token.clone();
    let v = web
        .ask(move |app| app.erasure_page(&key, &slug, &reference))
        .await??;
    let page = ErasePage::new(v, &guard::value(&token), notice, errors);
    Ok(form_page(status, &page))
}

/// The page.
pub(crate) async fn erase_form(
    State(web): State<Web>,
    Path(place): CasePath,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let said = web.take_said(&token).await.map(Notice::done);
    show(&web, place, token, StatusCode::OK, said, &[]).await
}

/// What was chosen.
fn step(step: &str, reason: &str) -> Result<ErasureStep, ActError> {
    match step {
        "ask" => {
            let found = REASONS.iter().find(|(name, _)| *name == reason);
            found.map(|(_, of)| ErasureStep::Ask(*of)).ok_or_else(|| {
                ActError::Fields(vec![FieldError {
                    field: "reason".to_owned(),
                    message: "Choose why the case is erased.".to_owned(),
                }])
            })
        }
        "take_back" => Ok(ErasureStep::TakeBack),
        "erase" => Ok(ErasureStep::Erase),
        _ => Err(ActError::NotFound),
    }
}

/// One step towards it.
pub(crate) async fn erase(
    State(web): State<Web>,
    Path((slug, reference)): CasePath,
    request: Request,
) -> Result<Response, Stop> {
    let (token, typed) = posted(&web, request).await?;
    let (name, reason) = (typed.get("step").to_owned(), typed.get("reason").to_owned());
    let code = typed.get("totp").to_owned();
    let (key, owned, which) = (token.clone(), slug.clone(), reference.clone());
    let erases = name == "erase";
    let done = web
        .ask(move |app| {
            // The right comes before the words of the form.
            app.erasure_page(&key, &owned, &which)?;
            app.erase_case(&key, &owned, &which, step(&name, &reason)?, &code)
        })
        .await?;
    let place = (slug.clone(), reference.clone());
    match done {
        Ok(said) => {
            web.say(&token, said).await;
            let case = format!("/desk/p/{slug}/cases/{reference}");
            Ok(see_other(&if erases {
                case
            } else {
                format!("{case}/erase")
            }))
        }
        Err(ActError::Fields(errors)) => {
            show(
                &web,
                place,
                token,
                StatusCode::UNPROCESSABLE_ENTITY,
                None,
                &errors,
            )
            .await
        }
        Err(ActError::Refused(refusal)) => {
            let notice = Notice::refused(refusal.message.clone(), &refusal.instead_words());
            show(&web, place, token, StatusCode::CONFLICT, Some(notice), &[]).await
        }
        Err(error) => Err(error.into()),
    }
}
