//! What anybody may read: policy, form, advisories, feeds, statistics.
//!
//! Invariants: no handler here reads a cookie or sets one; what is shown comes
//! from views made for the public.

pub(crate) mod advisory;
mod log;
mod ready;
pub(crate) mod report;
mod statistics;
pub(crate) mod subscribe;
pub(crate) mod versions;

pub(crate) use advisory::{advisories, advisory};
pub(crate) use log::{log_checkpoint, log_tile};
pub(crate) use ready::ReadyForms;
pub(crate) use report::{report_form, report_input, report_json, submit, wrong_fields};
pub(crate) use statistics::{
    StatisticsPage, permille, statistics, statistics_csv, statistics_json,
};
pub(crate) use versions::{version, versions};

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use candor_access::view::{PolicyDeskView, PolicyPageView, ProgramCard, ThanksLine};
use candor_app::App;
use candor_base::{Finding, Level};

use crate::answer::{Stop, public_file, public_page, see_other};
use crate::assets;
use crate::gate::Web;
use crate::ui::{self, Badge, Chrome, Field, Notice, Side};

#[derive(Debug, Template)]
#[template(path = "public/front.html")]
pub(crate) struct FrontPage {
    pub chrome: Chrome,
    pub programs: Vec<ProgramCard>,
}

/// The front page; with one program, its policy page.
pub(crate) async fn front(State(web): State<Web>) -> Result<Response, Stop> {
    let programs = web.ask(App::programs).await??;
    if let [only] = programs.as_slice() {
        return Ok(see_other(&format!("/p/{}/", only.slug)));
    }
    let chrome = Chrome::plain("Report a vulnerability", Side::Public, "");
    Ok(public_page(&FrontPage { chrome, programs }))
}

/// Says that the server answers.
pub(crate) async fn healthy() -> &'static str {
    "ok\n"
}

/// The stylesheet and the script under the names of their hashes; any other name is unknown.
pub(crate) async fn asset(Path(file): Path<String>) -> Result<Response, Stop> {
    let (kind, text) = if file == *assets::STYLE_FILE {
        ("text/css; charset=utf-8", assets::STYLE)
    } else if file == *assets::SCRIPT_FILE {
        ("text/javascript; charset=utf-8", assets::SCRIPT)
    } else {
        return Err(Stop::NotFound);
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        ),
    ];
    Ok((headers, text).into_response())
}

/// Findings of a policy, for the owner.
#[derive(Debug, Template)]
#[template(path = "ui/findings.html")]
pub(crate) struct FindingsPart {
    list: Vec<Finding>,
}

impl askama::filters::HtmlSafe for FindingsPart {}

/// Shows findings.
pub(crate) fn findings(list: &[Finding]) -> FindingsPart {
    FindingsPart {
        list: list.to_vec(),
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "templates hand over references"
)]
fn level(level: &Level) -> Badge {
    match level {
        Level::Note => ui::badge("plain", "note"),
        Level::Warning => ui::badge("warn", "warning"),
        Level::Error => ui::badge("bad", "error"),
    }
}

#[derive(Debug, Template)]
#[template(path = "public/policy.html")]
pub(crate) struct PolicyPage {
    pub chrome: Chrome,
    pub v: PolicyPageView,
    pub owner: bool,
    pub findings: FindingsPart,
    pub desk: Option<DeskPart>,
}

/// What stands on the page for the owner alone.
#[derive(Debug)]
pub(crate) struct DeskPart {
    v: PolicyDeskView,
    questions: FindingsPart,
    fields: Vec<Field>,
    notice: Option<Notice>,
}

impl PolicyPage {
    pub(crate) fn new(v: PolicyPageView, side: Side) -> Self {
        let chrome = ui::program_chrome("Security policy", &v.program, side, "policy");
        let findings = findings(&v.findings);
        Self {
            chrome,
            v,
            owner: side == Side::Desk,
            findings,
            desk: None,
        }
    }

    /// The page of the owner, with versions and a way to a new one.
    pub(crate) fn desk(
        v: PolicyDeskView,
        guard: &str,
        fields: Vec<Field>,
        notice: Option<Notice>,
    ) -> Self {
        let mut page = Self::new(v.page.clone(), Side::Desk);
        guard.clone_into(&mut page.chrome.guard);
        page.desk = Some(DeskPart {
            questions: findings(&v.questions),
            v,
            fields,
            notice,
        });
        page
    }
}

/// The policy page.
pub(crate) async fn policy(
    State(web): State<Web>,
    Path(slug): Path<String>,
) -> Result<Response, Stop> {
    let v = web.ask(move |app| app.policy_page(&slug)).await??;
    Ok(public_page(&PolicyPage::new(v, Side::Public)))
}

/// The same with a slash forgotten.
pub(crate) async fn policy_without_slash(
    State(web): State<Web>,
    Path(slug): Path<String>,
) -> Result<Response, Stop> {
    let program = web.program(&slug).await?;
    Ok(see_other(&format!("/p/{}/", program.slug)))
}

/// `security.txt` of the host.
pub(crate) async fn host_security_txt(
    State(web): State<Web>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let file = web.ask(|app| app.security_txt(None)).await??;
    Ok(public_file(&headers, file))
}

/// `security.txt` of one program.
pub(crate) async fn security_txt(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let file = web.ask(move |app| app.security_txt(Some(&slug))).await??;
    Ok(public_file(&headers, file))
}

/// The OpenPGP key of a program.
pub(crate) async fn key(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let file = web.ask(move |app| app.pgp_file(&slug)).await??;
    Ok(public_file(&headers, file))
}

/// The key for an address of the very host that is asked (Web Key Directory, direct).
pub(crate) async fn key_by_address(
    State(web): State<Web>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok());
    let host = host.unwrap_or_default();
    let host = host
        .rsplit_once(':')
        .map_or(host, |(host, _)| host)
        .to_owned();
    let file = web
        .ask(move |app| app.pgp_by_address(&host, &name))
        .await??;
    Ok(public_file(&headers, file))
}

/// The key for an address of a host that is named (Web Key Directory, advanced).
pub(crate) async fn key_by_host(
    State(web): State<Web>,
    Path((host, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let file = web
        .ask(move |app| app.pgp_by_address(&host, &name))
        .await??;
    Ok(public_file(&headers, file))
}

/// The rules of the directory: it has none beyond those of the draft.
pub(crate) async fn key_rules() -> Response {
    let kind = [(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    )];
    (kind, "").into_response()
}

/// The key that checks receipts.
pub(crate) async fn receipt_key(State(web): State<Web>) -> Result<Response, Stop> {
    let key = web.ask(App::verifier_key).await?;
    let kind = [(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    )];
    Ok((StatusCode::OK, kind, format!("{key}\n")).into_response())
}

/// A CSAF document.
pub(crate) async fn csaf(
    State(web): State<Web>,
    Path((slug, year, file)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) || !file.contains(&year) {
        return Err(Stop::NotFound);
    }
    let file = web.ask(move |app| app.csaf(&slug, &file)).await??;
    Ok(public_file(&headers, file))
}

/// An advisory in a form for machines.
pub(crate) async fn advisory_file(
    State(web): State<Web>,
    Path((slug, id, file)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let file = web
        .ask(move |app| app.advisory_file(&slug, &id, &file))
        .await??;
    Ok(public_file(&headers, file))
}

/// The Atom feed.
pub(crate) async fn atom(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let file = web.ask(move |app| app.atom(&slug)).await??;
    Ok(public_file(&headers, file))
}

#[derive(Debug, Template)]
#[template(path = "public/thanks.html")]
pub(crate) struct ThanksPage {
    pub chrome: Chrome,
    pub program: ProgramCard,
    pub lines: Vec<ThanksLine>,
}

/// The thanks page.
pub(crate) async fn thanks(
    State(web): State<Web>,
    Path(slug): Path<String>,
) -> Result<Response, Stop> {
    let program = web.program(&slug).await?;
    let lines = web.ask(move |app| app.thanks(&slug)).await??;
    let chrome = ui::program_chrome("Thanks", &program, Side::Public, "thanks");
    Ok(public_page(&ThanksPage {
        chrome,
        program,
        lines,
    }))
}
