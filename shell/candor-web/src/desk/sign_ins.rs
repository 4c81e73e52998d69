//! The sign-in history, its alarm and its recurring review (S0-55, S0-56).
//!
//! Invariant: an owner sees the people of the programs they look after; who manages the
//! instance sees all, and is the one who answers the alarm and signs the review off.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use candor_access::view::SignInsView;

use super::{posted, session};
use crate::answer::{Stop, form_page, see_other};
use crate::gate::Web;
use crate::guard;
use crate::ui::{Chrome, Notice, Side};

/// Height of the drawing of days, in its own units.
const HEIGHT: u32 = 60;

/// One day of the drawing.
#[derive(Debug)]
struct Column {
    x: u32,
    /// Height and top of the part of right tries, then of wrong ones on it.
    right: (u32, u32),
    wrong: (u32, u32),
    words: String,
}

#[derive(Debug, Template)]
#[template(path = "desk/sign_ins.html")]
pub(crate) struct SignInsPage {
    pub chrome: Chrome,
    pub v: SignInsView,
    notice: Option<Notice>,
    columns: Vec<Column>,
    right: u32,
    wrong: u32,
}

impl SignInsPage {
    pub(crate) fn new(v: SignInsView, guard: &str) -> Self {
        let sum = |pick: fn(&candor_access::view::DoorDay) -> u32| {
            v.days
                .iter()
                .fold(0_u32, |n, day| n.saturating_add(pick(day)))
        };
        Self {
            chrome: Chrome::plain("Sign-ins", Side::Desk, "people").guarded(guard),
            notice: None,
            columns: columns(&v),
            right: sum(|day| day.right),
            wrong: sum(|day| day.wrong),
            v,
        }
    }
}

/// The days side by side; the fullest one has the whole height.
fn columns(v: &SignInsView) -> Vec<Column> {
    let all = |day: &candor_access::view::DoorDay| u64::from(day.right) + u64::from(day.wrong);
    let most = v.days.iter().map(all).max().unwrap_or(0).max(1);
    let high = |part: u32| {
        let units = u64::from(part) * u64::from(HEIGHT) / most;
        let units = u32::try_from(units).unwrap_or(HEIGHT);
        // What is there can be seen.
        units.max(u32::from(part > 0))
    };
    let column = |(x, day): (u32, &candor_access::view::DoorDay)| {
        let (right, wrong) = (high(day.right), high(day.wrong));
        let top = HEIGHT.saturating_sub(right);
        Column {
            x: x * 10,
            right: (right, top),
            wrong: (wrong, top.saturating_sub(wrong)),
            words: format!("{}: {} signed in, {} wrong", day.date, day.right, day.wrong),
        }
    };
    (0_u32..).zip(&v.days).map(column).collect()
}

/// Who signed in, and who tried.
pub(crate) async fn sign_ins(State(web): State<Web>, headers: HeaderMap) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let key = token.clone();
    let v = web.ask(move |app| app.sign_in_history(&key)).await??;
    let mut page = SignInsPage::new(v, &guard::value(&token));
    page.notice = web.take_said(&token).await.map(Notice::done);
    Ok(form_page(StatusCode::OK, &page))
}

/// Somebody looked into the wrong tries.
pub(crate) async fn wrong_looked_into(
    State(web): State<Web>,
    request: Request,
) -> Result<Response, Stop> {
    let (token, _) = posted(&web, request).await?;
    let key = token.clone();
    let words = web.ask(move |app| app.answer_sign_in_alarm(&key)).await??;
    web.say(&token, words).await;
    Ok(see_other("/desk/sign-ins#said"))
}

/// Somebody went through the history.
pub(crate) async fn review_sign_ins(
    State(web): State<Web>,
    request: Request,
) -> Result<Response, Stop> {
    let (token, _) = posted(&web, request).await?;
    let key = token.clone();
    let words = web.ask(move |app| app.review_sign_ins(&key)).await??;
    web.say(&token, words).await;
    Ok(see_other("/desk/sign-ins#said"))
}
