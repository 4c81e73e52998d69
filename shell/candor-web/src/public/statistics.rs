//! How promises were kept, drawn on the server, with a table beside each picture.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use candor_access::view::{StatLine, StatisticsView, TimeLine};
use candor_app::FigureFile;

use crate::answer::{Stop, public_file, public_page};
use crate::gate::Web;
use crate::ui::{self, Chrome, Side};

/// A promise with its bar: widths of kept, missed and running, then the starts of the
/// second and third part.
#[derive(Debug)]
pub(crate) struct DrawnPromise {
    pub line: StatLine,
    pub widths: [String; 3],
    pub starts: [String; 2],
}

/// A time with its bars: widths up to median, 90 of 100 and longest.
#[derive(Debug)]
pub(crate) struct DrawnTime {
    pub line: TimeLine,
    pub widths: [String; 3],
}

/// Everything drawn.
#[derive(Debug)]
pub(crate) struct Drawn {
    pub promises: Vec<DrawnPromise>,
    pub times: Vec<DrawnTime>,
    /// Each share as its width, in percent.
    pub shares: Vec<String>,
}

impl Drawn {
    pub(crate) fn new(v: &StatisticsView) -> Self {
        Self {
            promises: v.lines.iter().map(promise).collect(),
            times: v
                .times
                .iter()
                .map(|line| DrawnTime {
                    line: line.clone(),
                    widths: line.marks.map(permille),
                })
                .collect(),
            shares: v.shares.iter().map(|s| permille(s.permille)).collect(),
        }
    }
}

/// Thousandths as a percentage: `97.5%`.
pub(crate) fn permille(n: i64) -> String {
    let n = n.clamp(0, 1_000);
    format!("{}.{}%", n / 10, n % 10)
}

fn promise(line: &StatLine) -> DrawnPromise {
    let all = u64::from(line.kept) + u64::from(line.missed) + u64::from(line.running);
    let part = |n: u64| {
        let share = n.saturating_mul(1_000).checked_div(all).unwrap_or(0);
        permille(i64::try_from(share).unwrap_or(0))
    };
    let (kept, missed) = (u64::from(line.kept), u64::from(line.missed));
    DrawnPromise {
        line: line.clone(),
        widths: [part(kept), part(missed), part(u64::from(line.running))],
        starts: [part(kept), part(kept + missed)],
    }
}

#[derive(Debug, Template)]
#[template(path = "public/statistics.html")]
pub(crate) struct StatisticsPage {
    pub chrome: Chrome,
    pub v: StatisticsView,
    pub drawn: Drawn,
    /// The address of the files, without their ending.
    pub files: String,
    /// The team's page.
    pub team: bool,
}

impl StatisticsPage {
    pub(crate) fn new(v: StatisticsView) -> Self {
        Self {
            chrome: ui::program_chrome("Promises kept", &v.program, Side::Public, "promises"),
            files: format!("/p/{}/promises", v.program.slug),
            drawn: Drawn::new(&v),
            v,
            team: false,
        }
    }

    /// The page of the team, with everything.
    pub(crate) fn of_team(v: StatisticsView, guard: &str) -> Self {
        Self {
            chrome: ui::program_chrome("Figures", &v.program, Side::Desk, "statistics")
                .guarded(guard),
            files: format!("/desk/p/{}/statistics", v.program.slug),
            drawn: Drawn::new(&v),
            v,
            team: true,
        }
    }
}

/// How promises were kept.
pub(crate) async fn statistics(
    State(web): State<Web>,
    Path(slug): Path<String>,
) -> Result<Response, Stop> {
    let v = web.ask(move |app| app.statistics(&slug)).await??;
    Ok(public_page(&StatisticsPage::new(v)))
}

/// The same as a table for programs.
pub(crate) async fn statistics_csv(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let file = web
        .ask(move |app| app.statistics_file(&slug, FigureFile::Csv))
        .await??;
    Ok(public_file(&headers, file))
}

/// The same as JSON.
pub(crate) async fn statistics_json(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let file = web
        .ask(move |app| app.statistics_file(&slug, FigureFile::Json))
        .await??;
    Ok(public_file(&headers, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_width_is_a_percentage() {
        assert_eq!(permille(975), "97.5%");
        assert_eq!(permille(1_000), "100.0%");
        assert_eq!(permille(-3), "0.0%");
    }
}
