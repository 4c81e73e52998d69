//! The team's figures, of all cases.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use candor_app::FigureFile;
use serde::Deserialize;

use super::session;
use crate::answer::{Stop, form_page, public_file};
use crate::gate::Web;
use crate::guard;
use crate::public::StatisticsPage;

/// Which reports count, by the day on which they came in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Period {
    since: String,
    until: String,
}

/// Figures of all cases.
pub(crate) async fn figures(
    State(web): State<Web>,
    Path(slug): Path<String>,
    Query(period): Query<Period>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let key = token.clone();
    let Period { since, until } = period;
    let v = web
        .ask(move |app| app.team_statistics(&key, &slug, &since, &until))
        .await??;
    Ok(form_page(
        StatusCode::OK,
        &StatisticsPage::of_team(v, &guard::value(&token)),
    ))
}

/// The same as a table for programs.
pub(crate) async fn figures_csv(
    State(web): State<Web>,
    Path(slug): Path<String>,
    Query(period): Query<Period>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    figures_file(&web, slug, period, &headers, FigureFile::Csv).await
}

/// The same as JSON.
pub(crate) async fn figures_json(
    State(web): State<Web>,
    Path(slug): Path<String>,
    Query(period): Query<Period>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    figures_file(&web, slug, period, &headers, FigureFile::Json).await
}

async fn figures_file(
    web: &Web,
    slug: String,
    period: Period,
    headers: &HeaderMap,
    form: FigureFile,
) -> Result<Response, Stop> {
    let token = session(web, headers)?;
    let file = web
        .ask(move |app| {
            let days = [period.since.as_str(), period.until.as_str()];
            app.team_statistics_file(&token, &slug, days, form)
        })
        .await??;
    let mut response = public_file(headers, file);
    let value = HeaderValue::from_static("private, no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, value);
    Ok(response)
}
