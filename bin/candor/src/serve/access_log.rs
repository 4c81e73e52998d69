//! The log on standard error.
//!
//! Invariants: an entry of a request holds method, the route's pattern (never
//! the path, which holds names and ids), status and duration; no address, no
//! header, no text.

use std::io::IsTerminal as _;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

use crate::cli::LogForm;

/// Times in whole seconds: finer ones would only help to tell reporters apart.
struct Seconds;

impl FormatTime for Seconds {
    fn format_time(&self, out: &mut Writer<'_>) -> std::fmt::Result {
        write!(
            out,
            "{}",
            jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ")
        )
    }
}

/// Starts the log; where nobody sits before it, programs read it.
pub(crate) fn start(form: Option<LogForm>) {
    let form = form.unwrap_or(if std::io::stderr().is_terminal() {
        LogForm::Text
    } else {
        LogForm::Json
    });
    let base = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_timer(Seconds)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal());
    // Refused only when a log is already there.
    let _ = match form {
        LogForm::Json => base.with_max_level(LevelFilter::INFO).json().try_init(),
        LogForm::Text => base.with_max_level(LevelFilter::INFO).compact().try_init(),
        LogForm::Quiet => base.with_max_level(LevelFilter::WARN).compact().try_init(),
    };
}

/// Logs one request.
pub(crate) async fn log(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "(none)".to_owned(), |m| m.as_str().to_owned());
    let response = next.run(request).await;
    let milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(
        %method,
        route,
        status = response.status().as_u16(),
        milliseconds,
        "request"
    );
    response
}
