//! Where one is signed in: the list of one's sessions, and the way to end them.
//!
//! Invariants: only one's own are shown; ending the one that asks leads to the sign-in.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use candor_app::input::SessionLine;

use super::{posted, session};
use crate::answer::{Stop, form_page, see_other, with_cookie};
use crate::cookies::{self, Session};
use crate::gate::Web;
use crate::guard;
use crate::ui::{Chrome, Notice, Side};

#[derive(Debug, Template)]
#[template(path = "desk/sessions.html")]
pub(crate) struct SessionsPage {
    pub chrome: Chrome,
    notice: Option<Notice>,
    lines: Vec<SessionLine>,
    /// There is another one than this.
    others: bool,
}

impl SessionsPage {
    pub(crate) fn new(lines: Vec<SessionLine>, guard: &str, notice: Option<Notice>) -> Self {
        Self {
            chrome: Chrome::plain("Where you are signed in", Side::Desk, "you")
                .guarded(guard)
                .owned(false),
            notice,
            others: lines.iter().any(|line| !line.this),
            lines,
        }
    }
}

/// The list.
pub(crate) async fn sessions(State(web): State<Web>, headers: HeaderMap) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let key = token.clone();
    let lines = web.ask(move |app| app.own_sessions(&key)).await??;
    let said = web.take_said(&token).await.map(Notice::done);
    let page = SessionsPage::new(lines, &guard::value(&token), said);
    Ok(form_page(StatusCode::OK, &page))
}

/// Ends one session, or all others.
pub(crate) async fn end_sessions(
    State(web): State<Web>,
    request: Request,
) -> Result<Response, Stop> {
    let (token, typed) = posted(&web, request).await?;
    let (key, id) = (token.clone(), typed.get("end").to_owned());
    let words = if id == "others" {
        let ended = web.ask(move |app| app.end_other_sessions(&key)).await??;
        format!("Done. Sessions that ended: {ended}. You are signed in only here now.")
    } else {
        let own = web.ask(move |app| app.end_own_session(&key, &id)).await??;
        if own {
            let line = cookies::clear(Session::Desk, web.options());
            return Ok(with_cookie(see_other("/desk/sign-in"), line));
        }
        "Done. That session is over.".to_owned()
    };
    web.say(&token, words).await;
    Ok(see_other("/desk/you/sessions#said"))
}
