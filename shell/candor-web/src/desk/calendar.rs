//! A person's calendar feed of a program: make, replace, revoke; and the feed.
//!
//! Invariants: the address of a feed is shown right after it was made and never
//! again; what it opens are dates.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use candor_app::input::CalendarFeed;

use super::{posted, session};
use crate::answer::{Stop, form_page, public_file};
use crate::gate::Web;
use crate::guard;
use crate::ui::{self, Chrome, Side};

#[derive(Debug, Template)]
#[template(path = "desk/calendar.html")]
pub(crate) struct CalendarPage {
    pub chrome: Chrome,
    feed: CalendarFeed,
}

impl CalendarPage {
    pub(crate) fn new(feed: CalendarFeed, guard: &str) -> Self {
        Self {
            chrome: ui::program_chrome("Calendar", &feed.program, Side::Desk, "").guarded(guard),
            feed,
        }
    }
}

/// The page.
pub(crate) async fn calendar(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let key = token.clone();
    let feed = web.ask(move |app| app.calendar_feed(&key, &slug)).await??;
    let page = CalendarPage::new(feed, &guard::value(&token));
    Ok(form_page(StatusCode::OK, &page))
}

/// Makes a feed or revokes it.
pub(crate) async fn change_calendar(
    State(web): State<Web>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Stop> {
    let (token, typed) = posted(&web, request).await?;
    let make = typed.get("do") == "make";
    let key = token.clone();
    let feed = web
        .ask(move |app| {
            if make {
                app.make_calendar_feed(&key, &slug)
            } else {
                app.end_calendar_feed(&key, &slug)
            }
        })
        .await??;
    let page = CalendarPage::new(feed, &guard::value(&token));
    Ok(form_page(StatusCode::OK, &page))
}

/// The feed itself, for a calendar program: its secret is its right.
pub(crate) async fn feed(
    State(web): State<Web>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let file = web.ask(move |app| app.team_calendar(&file)).await??;
    let mut response = public_file(&headers, file);
    let value = HeaderValue::from_static("private, no-cache");
    response.headers_mut().insert(header::CACHE_CONTROL, value);
    Ok(response)
}
