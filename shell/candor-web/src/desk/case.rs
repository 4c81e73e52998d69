//! The page of a case, its acts and its files.
//!
//! Invariants: an act that was not done shows the page again with its reason
//! and everything that was typed.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use candor_access::view::CasePageView;
use candor_app::input::ActError;

use super::acts::{self, Group, NotNow};
use super::session;
use crate::acted::{not_done, received};
use crate::answer::{Stop, download, form_page, see_other};
use crate::erased::ErasedPage;
use crate::gate::Web;
use crate::guard;
use crate::public::{FindingsPart, findings};
use crate::ui::{self, Act, Again, Chrome, Forms, Notice, Side};

#[derive(Debug, Template)]
#[template(path = "desk/case.html")]
pub(crate) struct CasePage {
    pub chrome: Chrome,
    pub v: CasePageView,
    notice: Option<Notice>,
    /// The most sensible act, at the head of the page.
    next: Option<Act>,
    groups: Vec<Group>,
    /// What is not possible now, and why.
    not_now: Vec<NotNow>,
    file_base: String,
    findings: FindingsPart,
}

/// The colour of a backport row.
fn branch_look(status: &str) -> &'static str {
    match status {
        "released" | "tested" => "ok",
        "not_affected" => "plain",
        "wont_fix" => "bad",
        "open" => "warn",
        _ => "accent",
    }
}

/// How the embargo stands, as a sentence.
fn embargo_words(state: &str) -> &str {
    match state {
        "no embargo" => "There is no embargo.",
        "proposed" => "A date is proposed and not agreed yet.",
        "active" => "It holds: nothing is published before its end.",
        "active; another date is proposed" => "It holds. Another date is proposed.",
        "over" => "It is over.",
        other => other,
    }
}

impl CasePage {
    pub(crate) fn new(
        v: CasePageView,
        guard: &str,
        notice: Option<Notice>,
        again: Option<Again>,
    ) -> Self {
        let base = format!("/desk/p/{}/cases/{}", v.program.slug, v.reference);
        let blocked = v
            .acts
            .iter()
            .filter_map(|a| a.blocked.clone().map(|why| (a.act.clone(), why)));
        let forms = Forms {
            action: format!("{base}/act"),
            guard: guard.to_owned(),
            seq: Some(v.seq),
            again,
            next: acts::next(&v),
            blocked: blocked.collect(),
        };
        let (next, groups, not_now) = acts::groups(&v, &forms);
        Self {
            // The reference only: the title of a page lands in the history of browsers,
            // in synced tabs and in lists of windows.
            chrome: ui::program_chrome(v.reference.clone(), &v.program, Side::Desk, "")
                .guarded(guard)
                .owned(v.owner),
            next,
            groups,
            not_now,
            file_base: format!("{base}/files"),
            findings: findings(&v.draft.findings),
            notice,
            v,
        }
    }
}

/// Which case.
type CasePath = Path<(String, String)>;

/// The case page.
pub(crate) async fn case(
    State(web): State<Web>,
    Path((slug, reference)): CasePath,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let said = web.take_said(&token).await.map(Notice::done);
    show(&web, (slug, reference), token, StatusCode::OK, said, None).await
}

async fn show(
    web: &Web,
    (slug, reference): (String, String),
    token: String,
    status: StatusCode,
    notice: Option<Notice>,
    again: Option<Again>,
) -> Result<Response, Stop> {
    let key = token.clone();
    let asked = web
        .ask(move |app| match app.case_page(&key, &slug, &reference) {
            Err(ActError::NotFound) => app.case_tombstone(&key, &slug, &reference).map(Err),
            page => page.map(Ok),
        })
        .await??;
    let v = match asked {
        Ok(v) => v,
        Err(erased) => {
            return Ok(ErasedPage::desk(erased, &guard::value(&token), notice).answer());
        }
    };
    Ok(form_page(
        status,
        &CasePage::new(v, &guard::value(&token), notice, again),
    ))
}

/// An act of the team.
pub(crate) async fn act(
    State(web): State<Web>,
    Path((slug, reference)): CasePath,
    request: Request,
) -> Result<Response, Stop> {
    let token = session(&web, request.headers())?;
    let place = (slug.clone(), reference.clone());
    let (mut typed, kept) = match received(&web, &token, request).await? {
        Ok(form) => form,
        Err((status, notice, again)) => {
            return show(&web, place, token, status, Some(notice), Some(again)).await;
        }
    };
    let held = std::mem::take(&mut typed.held);
    let input = typed.into_act();
    let (key, owned, which) = (token.clone(), slug.clone(), reference.clone());
    match web
        .ask(move |app| {
            let _held = held;
            app.desk_act(&key, &owned, &which, input)
        })
        .await?
    {
        Ok(said) => {
            web.say(&token, said).await;
            Ok(see_other(&format!("/desk/p/{slug}/cases/{reference}#said")))
        }
        Err(error) => {
            let (status, notice, again) = not_done(error, kept)?;
            show(&web, place, token, status, Some(notice), Some(again)).await
        }
    }
}

/// A file of the case, saved and never shown.
pub(crate) async fn file(
    State(web): State<Web>,
    Path((slug, reference, id)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let (name, bytes) = web
        .ask(move |app| app.case_file(&token, &slug, &reference, &id))
        .await??;
    Ok(download(&name, bytes))
}
