//! The server's side of `candor case search`.
//!
//! Invariant: only for a session of a member of the team, and only in programs of that person.

use candor_access::view::Heard;
use candor_app::App;
use candor_app::input::ActError;
use serde_json::{Value, json};

/// Cases that are shown when nobody says how many.
const SHOWN: usize = 50;

/// Searches in one program, or in all of this person's.
pub(super) fn search(
    app: &App,
    token: &str,
    words: &str,
    program: Option<&str>,
    limit: Option<usize>,
) -> Result<Value, ActError> {
    let slugs: Vec<String> = if let Some(slug) = program {
        vec![slug.to_owned()]
    } else {
        let (_, _, mine) = app.staff_programs(token)?;
        mine.into_iter().map(|p| p.program.slug).collect()
    };
    let limit = limit.unwrap_or(SHOWN);
    let (mut cases, mut total, mut not_yet) = (Vec::new(), 0_usize, 0_u64);
    let mut left_out = false;
    for slug in slugs {
        let mut page = 0;
        loop {
            let view = app.search(token, &slug, words, page)?;
            if page == 0 {
                total = total.saturating_add(view.total);
                not_yet = not_yet.saturating_add(view.not_yet);
                left_out |= view.heard == Heard::Part;
            }
            let left = limit.saturating_sub(cases.len());
            cases.extend(view.rows.into_iter().take(left).map(|found| {
                let row = found.row;
                json!({
                    "program": slug,
                    "reference": row.reference,
                    "title": row.title,
                    "stage": row.stage,
                    "severity": row.severity.or(row.reporter_severity),
                    "received": row.received.at,
                    "found_in": found.places,
                })
            }));
            if !view.more || cases.len() >= limit {
                break;
            }
            page += 1;
        }
    }
    Ok(json!({"cases": cases, "total": total, "not_yet": not_yet, "left_out": left_out}))
}
