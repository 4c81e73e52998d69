//! The inbox with its filters, a lead for several cases, and alarms that are answered
//! together.
//!
//! Invariants: an address holds words of ours and references only; what was not done
//! stands on the page with its reason, beside what was.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use candor_access::view::{AlarmsView, InboxFilter, InboxView};
use candor_app::Turn;
use candor_app::input::{ActError, Together};
use serde::Deserialize;

use super::search::words_field;
use super::{posted, session};
use crate::answer::{Stop, form_page, see_other};
use crate::gate::Web;
use crate::guard;
use crate::typed::Typed;
use crate::ui::{self, Chrome, Field, Kind, Notice, Side, field};

#[derive(Debug, Template)]
#[template(path = "desk/inbox.html")]
pub(crate) struct InboxPage {
    pub chrome: Chrome,
    pub v: InboxView,
    tabs: Vec<(&'static str, &'static str, u32)>,
    empty: &'static str,
    overdue: bool,
    notice: Option<Notice>,
    words: Field,
    filters: Vec<Field>,
    lead: Field,
}

impl InboxPage {
    pub(crate) fn new(v: InboxView, guard: &str, notice: Option<Notice>) -> Self {
        let [open, mine, overdue, waiting, closed] = v.counts;
        let empty = match v.filter.list.as_str() {
            _ if v.filter.narrows() => "No case fits these filters.",
            "overdue" => "Nothing is overdue.",
            "mine" => "You lead no open case.",
            "waiting" => "No case waits for a reporter.",
            "closed" => "No case is closed yet.",
            _ => "No open case. New reports appear here at once.",
        };
        let team = v.team.iter().cloned();
        Self {
            chrome: ui::program_chrome("Inbox", &v.program, Side::Desk, "inbox")
                .guarded(guard)
                .owned(v.owner),
            tabs: vec![
                ("open", "Open", open),
                ("mine", "Mine", mine),
                ("overdue", "Overdue", overdue),
                ("waiting", "Waiting for the reporter", waiting),
                ("closed", "Closed", closed),
            ],
            empty,
            overdue: overdue > 0,
            notice,
            words: words_field(""),
            filters: filters(&v),
            lead: field("lead", "Lead of the chosen cases")
                .kind(Kind::Select)
                .option("", "Choose a person")
                .options(team),
            v,
        }
    }
}

fn filters(v: &InboxView) -> Vec<Field> {
    let asked = &v.filter;
    let one = |name: &str, label: &str, value: &str| {
        field(name, label)
            .kind(Kind::Select)
            .option("", "All")
            .value(value)
    };
    let mut stage = field("stage", "Stage").kind(Kind::Select).option("", "All");
    stage = stage.options(v.stages.clone()).value(&asked.stage);
    vec![
        field("reference", "Reference")
            .kind(Kind::Mono)
            .value(&asked.reference),
        stage,
        one("severity", "Severity", "")
            .option("critical", "Critical")
            .option("high", "High")
            .option("medium", "Medium")
            .option("low", "Low")
            .option("none", "Not rated")
            .value(&asked.severity),
        one("lead", "Lead", "")
            .option("mine", "Me")
            .option("nobody", "Nobody")
            .value(&asked.lead)
            .within("filter"),
        one("waiting", "Waits for", "")
            .option("team", "The team")
            .option("reporter", "The reporter")
            .option("nobody", "Nobody")
            .option("vendor", "A vendor")
            .option("upstream", "An upstream project")
            .option("distributor", "A distributor")
            .option("coordinator", "A coordinator")
            .option("cna", "A CVE numbering authority")
            .option("other", "Another party")
            .value(&asked.waiting),
        one("overdue", "Overdue", "")
            .option("yes", "Only overdue")
            .value(&asked.overdue),
    ]
}

/// What the inbox is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct InboxQuery {
    list: String,
    stage: String,
    severity: String,
    lead: String,
    waiting: String,
    overdue: String,
    reference: String,
    after: String,
    before: String,
}

impl InboxQuery {
    fn turn(&self) -> Turn {
        if !self.after.is_empty() {
            Turn::After(self.after.clone())
        } else if !self.before.is_empty() {
            Turn::Before(self.before.clone())
        } else {
            Turn::First
        }
    }
}

impl From<InboxQuery> for InboxFilter {
    fn from(q: InboxQuery) -> Self {
        Self {
            list: q.list,
            stage: q.stage,
            severity: q.severity,
            lead: q.lead,
            waiting: q.waiting,
            overdue: q.overdue,
            reference: q.reference,
        }
    }
}

/// The inbox.
pub(crate) async fn inbox(
    State(web): State<Web>,
    Path(slug): Path<String>,
    query: Result<Query<InboxQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let turn = query.turn();
    let asked = (query.into(), turn);
    let said = web.take_said(&token).await.map(Notice::done);
    show_inbox(&web, slug, token, asked, said, StatusCode::OK).await
}

async fn show_inbox(
    web: &Web,
    slug: String,
    token: String,
    (filter, turn): (InboxFilter, Turn),
    notice: Option<Notice>,
    status: StatusCode,
) -> Result<Response, Stop> {
    let key = token.clone();
    let v = web
        .ask(move |app| app.inbox_part(&key, &slug, filter, &turn))
        .await??;
    let page = InboxPage::new(v, &guard::value(&token), notice);
    Ok(form_page(status, &page))
}

/// Gives several cases a lead.
pub(crate) async fn assign(
    State(web): State<Web>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Stop> {
    let (token, typed) = posted(&web, request).await?;
    let filter = filter_of(&typed);
    let chosen = lines(&typed, "case");
    let lead = typed.get("lead").to_owned();
    let (key, owned) = (token.clone(), slug.clone());
    let done = web
        .ask(move |app| app.assign_several(&key, &owned, &chosen, &lead))
        .await?;
    match told(done, "got a lead")? {
        Ok(said) => {
            web.say(&token, said).await;
            Ok(see_other(&format!(
                "/desk/p/{slug}?{}#said",
                filter.query()
            )))
        }
        Err((status, notice)) => {
            let asked = (filter, Turn::First);
            show_inbox(&web, slug, token, asked, Some(notice), status).await
        }
    }
}

/// The list a form was sent from.
fn filter_of(typed: &Typed) -> InboxFilter {
    let get = |name: &str| typed.get(name).to_owned();
    InboxFilter {
        list: get("in-list"),
        stage: get("in-stage"),
        severity: get("in-severity"),
        lead: get("in-lead"),
        waiting: get("in-waiting"),
        overdue: get("in-overdue"),
        reference: get("in-reference"),
    }
    .clean()
}

/// The values of a name that was sent several times.
fn lines(typed: &Typed, name: &str) -> Vec<String> {
    let values = typed.get(name).lines().map(str::trim);
    values
        .filter(|v| !v.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What became of several acts: a sentence when all were done, else what the page says.
fn told(
    done: Result<Together, ActError>,
    words: &str,
) -> Result<Result<String, (StatusCode, Notice)>, Stop> {
    let done = match done {
        Ok(done) => done,
        Err(ActError::Fields(errors)) => {
            let text: Vec<String> = errors.into_iter().map(|e| e.message).collect();
            let notice = Notice::refused(text.join(" "), &[]);
            return Ok(Err((StatusCode::UNPROCESSABLE_ENTITY, notice)));
        }
        Err(error) => return Err(error.into()),
    };
    let list = match done.done.as_slice() {
        [] => "Nothing was done.".to_owned(),
        [one] => format!("1 {words}: {one}."),
        all => format!("{} {words}: {}.", all.len(), all.join(", ")),
    };
    if done.not_done.is_empty() {
        return Ok(Ok(list));
    }
    let why = done.not_done.into_iter();
    let notice = Notice {
        look: "bad",
        heading: Some("Not everything was done".to_owned()),
        text: list,
        points: why
            .map(|(reference, why)| (String::new(), format!("{reference}: {why}")))
            .collect(),
    };
    Ok(Err((StatusCode::CONFLICT, notice)))
}

#[derive(Debug, Template)]
#[template(path = "desk/alarms.html")]
pub(crate) struct AlarmsPage {
    pub chrome: Chrome,
    pub v: AlarmsView,
    notice: Option<Notice>,
}

impl AlarmsPage {
    pub(crate) fn new(v: AlarmsView, guard: &str, notice: Option<Notice>) -> Self {
        Self {
            chrome: ui::program_chrome("Overdue", &v.program, Side::Desk, "overdue")
                .guarded(guard)
                .owned(v.owner),
            v,
            notice,
        }
    }
}

/// What is overdue, and which misses want an answer.
pub(crate) async fn alarms(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let said = web.take_said(&token).await.map(Notice::done);
    show_alarms(&web, slug, token, said, StatusCode::OK).await
}

async fn show_alarms(
    web: &Web,
    slug: String,
    token: String,
    notice: Option<Notice>,
    status: StatusCode,
) -> Result<Response, Stop> {
    let key = token.clone();
    let v = web.ask(move |app| app.alarms(&key, &slug)).await??;
    let page = AlarmsPage::new(v, &guard::value(&token), notice);
    Ok(form_page(status, &page))
}

/// Answers several of them.
pub(crate) async fn answer_alarms(
    State(web): State<Web>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Stop> {
    let (token, typed) = posted(&web, request).await?;
    // All that the page showed, and none that came since.
    let all = typed.get("which") == "all";
    let chosen = lines(&typed, if all { "shown" } else { "alarm" });
    let (key, owned) = (token.clone(), slug.clone());
    let done = web
        .ask(move |app| app.answer_alarms(&key, &owned, &chosen))
        .await?;
    match told(done, "answered")? {
        Ok(said) => {
            web.say(&token, said).await;
            Ok(see_other(&format!("/desk/p/{slug}/alarms#said")))
        }
        Err((status, notice)) => show_alarms(&web, slug, token, Some(notice), status).await,
    }
}
