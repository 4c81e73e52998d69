//! Search in the words of cases.
//!
//! Invariant: what is looked for can name a flaw nobody knows of, so it travels in the body
//! of a form only: never in an address, a log or a redirect. The answer is the page.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use candor_access::view::{Heard, SearchView};

use super::{posted, session};
use crate::answer::{Stop, form_page};
use crate::gate::Web;
use crate::guard;
use crate::ui::{self, Chrome, Field, Kind, Side, field};

#[derive(Debug, Template)]
#[template(path = "desk/search.html")]
pub(crate) struct SearchPage {
    pub chrome: Chrome,
    pub v: SearchView,
    words: Field,
    /// What came of it; nothing before anything was asked.
    said: Option<String>,
    /// What is not found yet.
    not_yet: Option<String>,
    in_part: bool,
    /// The pages before and after this one, each with its words.
    pages: Vec<(usize, &'static str)>,
}

/// The box for words; also on the inbox.
pub(crate) fn words_field(typed: &str) -> Field {
    let help = "Cases that hold all the words. crypt* finds beginnings (3 to 7 letters), -word \
                leaves cases out.";
    field("words", "Words")
        .kind(Kind::Text)
        .help(help)
        .value(typed.to_owned())
}

impl SearchPage {
    pub(crate) fn new(v: SearchView, guard: &str) -> Self {
        let said = match (v.asked.is_empty(), v.heard, v.total) {
            (true, ..) => None,
            (_, Heard::Nothing, _) => {
                Some("Write at least one word of two letters or more.".to_owned())
            }
            (_, _, 0) => Some("No case holds all these words.".to_owned()),
            (_, _, 1) => Some("One case.".to_owned()),
            (_, _, n) if v.page > 0 || v.more => {
                let (from, to) = (v.first + 1, v.first + v.rows.len());
                Some(if v.rows.is_empty() {
                    format!("{n} cases. There are none on this page.")
                } else {
                    format!("{n} cases, the best first. These are {from} to {to}.")
                })
            }
            (_, _, n) => Some(format!("{n} cases, the best first.")),
        };
        let not_yet = (v.not_yet > 0).then(|| {
            let cases = if v.not_yet == 1 {
                "case is"
            } else {
                "cases are"
            };
            format!(
                "{} {cases} still being read after an update or a restore, and not found yet.",
                v.not_yet
            )
        });
        let earlier = v.page.checked_sub(1).map(|page| (page, "Previous page"));
        let next = v.page.saturating_add(1);
        let later = v.more.then_some((next, "Next page"));
        Self {
            chrome: ui::program_chrome("Search", &v.program, Side::Desk, "inbox")
                .guarded(guard)
                .owned(v.owner),
            words: words_field(&v.asked),
            said,
            not_yet,
            in_part: v.heard == Heard::Part,
            pages: earlier.into_iter().chain(later).collect(),
            v,
        }
    }
}

/// The empty form.
pub(crate) async fn search_form(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    show(&web, slug, token, String::new(), 0).await
}

/// What was found.
pub(crate) async fn search(
    State(web): State<Web>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Stop> {
    let (token, typed) = posted(&web, request).await?;
    let words = typed.get("words").to_owned();
    let page = typed.get("page").parse().unwrap_or(0);
    show(&web, slug, token, words, page).await
}

async fn show(
    web: &Web,
    slug: String,
    token: String,
    words: String,
    page: usize,
) -> Result<Response, Stop> {
    let key = token.clone();
    let v = web
        .ask(move |app| app.search(&key, &slug, &words, page))
        .await??;
    let page = SearchPage::new(v, &guard::value(&token));
    Ok(form_page(StatusCode::OK, &page))
}
