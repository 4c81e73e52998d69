//! The report form and the receipt.
//!
//! Invariants: no cookie, no account, no script; whatever is wrong with what
//! was sent, the form comes back with every text that was typed.

use askama::Template;
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use candor_access::ContentKey;
use candor_access::view::{FieldError, FieldView, ReceiptView, ReportFormView};
use candor_app::ReadyForm;
use candor_app::input::{ReportInput, SubmitError, Via};

use crate::answer::{Stop, form_page};
use crate::gate::Web;
use crate::typed::{self, Problem, Typed};
use crate::ui::{self, Chrome, Field, Kind, Notice, Side, field};

#[derive(Debug, Template)]
#[template(path = "public/report.html")]
pub(crate) struct ReportPage {
    pub chrome: Chrome,
    pub v: ReportFormView,
    pub notice: Option<Notice>,
    /// Contents the policy asks for.
    fields: Vec<Field>,
    /// Who the reporter is.
    about: Vec<Field>,
    is_public: Field,
    public_where: Field,
    certainty: Field,
    version: Field,
    tried: Field,
    files: Field,
    warned: Option<Field>,
    credit: Field,
    credit_name: Field,
    duties: Field,
}

impl ReportPage {
    pub(crate) fn new(v: ReportFormView, notice: Option<Notice>) -> Self {
        let value = |name: &str| v.values.get(name).cloned().unwrap_or_default();
        let error = |name: &str| {
            v.errors
                .iter()
                .find(|e| e.field == name)
                .map(|e| e.message.clone())
        };
        let done = |field: Field| {
            let (value, error) = (value(&field.name), error(&field.name));
            field.value(value).error(error)
        };
        let personal = |f: &&FieldView| matches!(f.key, ContentKey::Contact | ContentKey::Identity);
        let mut about: Vec<Field> = v.fields.iter().filter(personal).map(content).collect();
        about.push(done(
            field("email", "E-mail address").kind(Kind::Email).complete("email").help(
                "Only to tell you that there is something new. Without it, look in with your code.",
            ),
        ));
        about.push(done(field("name", "Name or handle").complete("name")));
        about.push(done(
            field("affiliation", "Affiliation").complete("organization"),
        ));
        about.push(done(field("openpgp_key", "Your OpenPGP key").kind(Kind::Area(3)).help(
            "Optional, with an e-mail address: letters to you are then encrypted and hold what the \
             team writes, not only that it wrote. The public key, as gpg --armor --export gives it.",
        )));
        let notice = notice.or_else(|| summary(&v));
        Self {
            chrome: ui::program_chrome(
                "Report a vulnerability",
                &v.program,
                Side::Public,
                "report",
            ),
            fields: v
                .fields
                .iter()
                .filter(|f| !personal(f))
                .map(content)
                .collect(),
            about,
            is_public: done(is_public()),
            public_where: done(
                field("public_where", "Where, and since when?")
                    .kind(Kind::Area(2))
                    .help("Links and dates, as far as you know them."),
            ),
            certainty: done(certainty()),
            version: version(&v.version),
            tried: done(tried()),
            files: field("files", "Attach files")
                .kind(Kind::Files)
                .help(format!(
                    "Up to {} together. Kept sealed, never opened on the server. A photo can say \
                     where it was taken, a document who wrote it: take that out first if you \
                     want to.",
                    ui::size_words(v.max_files_bytes)
                )),
            warned: warned(&v),
            credit: done(credit_field(&v)),
            credit_name: done(
                field("credit_name", "Name to thank").help("As it should stand in the advisory."),
            ),
            duties: done(field("duties", "I have read this").kind(Kind::Check)),
            notice,
            v,
        }
    }
}

/// A content field in the policy's words.
fn content(view: &FieldView) -> Field {
    let kind = match (view.choices.is_empty(), view.multiline) {
        (false, false) => Kind::Radio,
        (_, true) => Kind::Area(match view.key {
            ContentKey::Steps => 7,
            ContentKey::Contact | ContentKey::Identity => 2,
            _ => 4,
        }),
        (true, false) => Kind::Text,
    };
    let mut help = view.help.clone();
    if kind != Kind::Radio && !view.choices.is_empty() {
        help = format!("{help} ({})", view.choices.join(", "));
    }
    field(&ui::content_name(view.key), &view.label)
        .kind(kind)
        .help(help)
        .options(
            view.choices
                .iter()
                .map(|choice| (choice.clone(), choice.clone())),
        )
        .value(view.value.clone())
        .demand(ui::demand_badge(view.demand))
        .error(view.error.clone())
}

/// The one field for the affected version, in the policy's words.
fn version(view: &FieldView) -> Field {
    field("version", &view.label)
        .help(view.help.clone())
        .value(view.value.clone())
        .demand(ui::demand_badge(view.demand))
        .error(view.error.clone())
}

fn is_public() -> Field {
    field("is_public", "Do other people know of it already?")
        .kind(Kind::Radio)
        .help("A public issue, a post, a talk, an exploit: say yes. The team is told at once.")
        .option("no", "No, not that I know of")
        .option("yes", "Yes, it is public")
}

fn certainty() -> Field {
    field("certainty", "How certain are you?")
        .kind(Kind::Radio)
        .help("Any answer is fine. An uncertain report is read just the same.")
        .option("sure", "I have shown that it works")
        .option("likely", "It is likely")
        .option("not_sure", "I am not sure")
}

fn tried() -> Field {
    field(
        "tried_supported",
        "Does it happen in a supported version too?",
    )
    .kind(Kind::Radio)
    .option("yes", "Yes")
    .option("no", "No, or I have not tried")
}

fn warned(v: &ReportFormView) -> Option<Field> {
    if v.out_of_scope.is_empty() {
        return None;
    }
    let chosen = v
        .values
        .get("warned")
        .cloned()
        .unwrap_or_default()
        .replace(' ', "\n");
    let items = v.out_of_scope.iter().map(|line| {
        // Where such a report goes instead, or what not to do, stands beside it.
        let note = line.note.as_deref().map(|n| format!(" ({n})"));
        let text = format!("{}{}", line.text, note.unwrap_or_default());
        (line.id.clone(), text)
    });
    Some(
        field("warned", "Is your report about one of these?")
            .kind(Kind::Checks)
            .help("The policy says these are out of scope. You can send the report all the same.")
            .options(items)
            .value(chosen),
    )
}

fn credit_field(v: &ReportFormView) -> Field {
    let help = v
        .credit
        .as_ref()
        .map_or_else(String::new, |line| line.text.clone());
    field("credit", "May the advisory name you?")
        .kind(Kind::Radio)
        .help(help)
        .option("named", "Yes, with the name below")
        .option("anonymous", "No, keep me anonymous")
        .option("", "I decide later")
}

/// Links every wrong field.
fn summary(v: &ReportFormView) -> Option<Notice> {
    let errors = wrong_fields(v);
    (!errors.is_empty()).then(|| Notice::fields(&errors, None))
}

/// Every wrong field of a form that comes back.
pub(crate) fn wrong_fields(v: &ReportFormView) -> Vec<FieldError> {
    let mut errors = v.errors.clone();
    errors.extend(v.fields.iter().filter_map(|f| {
        f.error.as_ref().map(|message| FieldError {
            field: ui::content_name(f.key),
            message: message.clone(),
        })
    }));
    errors.extend(v.version.error.as_ref().map(|message| FieldError {
        field: "version".to_owned(),
        message: message.clone(),
    }));
    errors.dedup_by(|a, b| a.field == b.field && a.message == b.message);
    errors
}

#[derive(Debug, Template)]
#[template(path = "public/receipt.html")]
pub(crate) struct ReceiptPage {
    pub chrome: Chrome,
    pub v: ReceiptView,
}

impl ReceiptPage {
    pub(crate) fn new(v: ReceiptView) -> Self {
        Self {
            chrome: ui::program_chrome("Receipt", &v.program, Side::Public, "report"),
            v,
        }
    }
}

/// The form.
pub(crate) async fn report_form(
    State(web): State<Web>,
    Path(slug): Path<String>,
) -> Result<Response, Stop> {
    let before = web.ready_form(&slug);
    let written = before.as_ref().map(|form| web.forms().page(&slug, form));
    if let Some(Some(page)) = written {
        return Ok(page);
    }
    let asked = slug.clone();
    let mut v = web
        .ask_for_report(move |app| app.report_form(&asked))
        .await??;
    // Kept only where no other version came into force while it was made.
    let after = web.ready_form(&slug);
    let same = |a: &ReadyForm, b: &ReadyForm| (a.policy, &a.name) == (b.policy, &b.name);
    let Some(form) = before.zip(after).filter(|(a, b)| same(a, b)) else {
        return Ok(form_page(StatusCode::OK, &ReportPage::new(v, None)));
    };
    v.nonce.clone_from(&form.1.nonce);
    let page = ReportPage::new(v, None);
    if let Ok(html) = page.render() {
        web.forms().keep(&slug, &form.1, &html);
    }
    Ok(form_page(StatusCode::OK, &page))
}

/// The form as data, for the command line.
pub(crate) async fn report_json(
    State(web): State<Web>,
    Path(slug): Path<String>,
) -> Result<Response, Stop> {
    let v = web
        .ask_for_report(move |app| app.report_form(&slug))
        .await??;
    Ok(Json(v).into_response())
}

fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.trim_start().starts_with("application/json"))
}

/// Takes a report in and answers with its receipt.
pub(crate) async fn submit(
    State(web): State<Web>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Stop> {
    let json = wants_json(request.headers());
    let mut typed = typed::read(&web, request).await;
    if let Some(problem) = typed.problem {
        let why = Why::unread(problem, web.options().max_body);
        return once_more(&web, &slug, typed, why, json).await;
    }
    let held = std::mem::take(&mut typed.held);
    let kept = Typed {
        fields: typed.fields.clone(),
        had_files: typed.had_files,
        ..Typed::default()
    };
    let via = if json { Via::Cli } else { Via::Form };
    let (owned, input) = (slug.clone(), report_input(typed, via));
    let answer = web
        .ask_for_report(move |app| {
            let _held = held;
            app.submit_report(&owned, input)
        })
        .await;
    let answer = match answer {
        Ok(answer) => answer,
        Err(Stop::Busy) => return once_more(&web, &slug, kept, Why::busy(), json).await,
        Err(other) => return Err(other),
    };
    match answer {
        Ok(receipt) if json => Ok((StatusCode::CREATED, Json(receipt)).into_response()),
        Ok(receipt) => Ok(form_page(StatusCode::OK, &ReceiptPage::new(receipt))),
        Err(SubmitError::NotFound) => Err(Stop::NotFound),
        Err(SubmitError::Fault(fault)) => {
            tracing::error!(what = %fault.operator, "a report could not be stored");
            once_more(&web, &slug, kept, Why::broken(fault.person), json).await
        }
        Err(SubmitError::Form(form)) => Ok(form_again(
            *form,
            StatusCode::UNPROCESSABLE_ENTITY,
            None,
            json,
        )),
        Err(SubmitError::NotStored(form)) => Ok(form_again(
            *form,
            StatusCode::SERVICE_UNAVAILABLE,
            None,
            json,
        )),
    }
}

pub(crate) fn report_input(mut typed: Typed, via: Via) -> ReportInput {
    if let Some(warned) = typed.fields.get_mut("warned") {
        *warned = warned.replace('\n', " ");
    }
    ReportInput {
        fields: typed.fields,
        files: typed.files,
        via,
    }
}

/// Seconds after which a report that could not be stored may be sent again.
const AGAIN: HeaderValue = HeaderValue::from_static("120");

fn form_again(
    form: ReportFormView,
    status: StatusCode,
    notice: Option<Notice>,
    json: bool,
) -> Response {
    let mut response = if json {
        (status, Json(form)).into_response()
    } else {
        form_page(status, &ReportPage::new(form, notice))
    };
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, AGAIN);
    }
    response
}

/// Why a report was not stored, though nothing in it is wrong.
struct Why {
    status: StatusCode,
    words: String,
}

impl Why {
    fn unread(problem: Problem, limit: usize) -> Self {
        Self {
            status: problem.status(),
            words: problem.words(limit),
        }
    }

    fn busy() -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            words: "Many reports arrive at this moment. Please send it again in a minute."
                .to_owned(),
        }
    }

    fn broken(words: String) -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            words,
        }
    }
}

/// The form with what was typed, after a report that was not stored.
async fn once_more(
    web: &Web,
    slug: &str,
    mut typed: Typed,
    why: Why,
    json: bool,
) -> Result<Response, Stop> {
    let owned = slug.to_owned();
    let mut form = web
        .ask_for_report(move |app| app.report_form(&owned))
        .await??;
    if let Some(nonce) = typed
        .fields
        .remove("nonce")
        .filter(|nonce| !nonce.is_empty())
    {
        form.nonce = nonce;
    }
    for view in &mut form.fields {
        if let Some(value) = typed.fields.remove(&ui::content_name(view.key)) {
            view.value = value;
        }
    }
    if let Some(value) = typed.fields.get("version") {
        form.version.value.clone_from(value);
    }
    form.values = typed.fields;
    form.attach_again = typed.had_files || why.status == StatusCode::PAYLOAD_TOO_LARGE;
    let words = why.words;
    form.errors.push(FieldError {
        field: String::new(),
        message: words.clone(),
    });
    let notice = Notice {
        look: "bad",
        heading: Some("Your report was not stored yet".to_owned()),
        text: words,
        points: Vec::new(),
    };
    Ok(form_again(form, why.status, Some(notice), json))
}
