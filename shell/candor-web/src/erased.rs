//! The page of a case that was erased, for the team and for its reporter.
//!
//! Invariant: only who could read the case sees it; everybody else gets the page of a stranger.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use candor_access::view::ErasedView;

use crate::answer::form_page;
use crate::ui::{self, Chrome, Notice, Side};

#[derive(Debug, Template)]
#[template(path = "erased.html")]
pub(crate) struct ErasedPage {
    chrome: Chrome,
    v: ErasedView,
    notice: Option<Notice>,
}

impl ErasedPage {
    /// For the team.
    pub(crate) fn desk(v: ErasedView, guard: &str, notice: Option<Notice>) -> Self {
        let chrome = ui::program_chrome(v.reference.clone(), &v.program, Side::Desk, "");
        Self {
            chrome: chrome.guarded(guard).owned(false),
            v,
            notice,
        }
    }

    /// For its reporter.
    pub(crate) fn room(v: ErasedView, guard: &str) -> Self {
        let chrome = ui::program_chrome("Your report", &v.program, Side::Public, "room");
        Self {
            chrome: chrome.guarded(guard),
            v,
            notice: None,
        }
    }

    /// Gone, and said so.
    pub(crate) fn answer(&self) -> Response {
        form_page(StatusCode::GONE, self)
    }
}
