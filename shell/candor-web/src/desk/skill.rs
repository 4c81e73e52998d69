//! How disclosures go, against luck.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use candor_access::view::SkillView;

use super::session;
use crate::answer::{Stop, form_page};
use crate::gate::Web;
use crate::guard;
use crate::ui::{self, Chrome, Side};

#[derive(Debug, Template)]
#[template(path = "desk/skill.html")]
pub(crate) struct SkillPage {
    pub chrome: Chrome,
    pub v: SkillView,
}

impl SkillPage {
    pub(crate) fn new(v: SkillView, guard: &str) -> Self {
        Self {
            chrome: ui::program_chrome("How disclosures go", &v.program, Side::Desk, "skill")
                .guarded(guard),
            v,
        }
    }
}

/// The scores of a program.
pub(crate) async fn skill(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let key = token.clone();
    let v = web.ask(move |app| app.skill(&key, &slug)).await??;
    Ok(form_page(
        StatusCode::OK,
        &SkillPage::new(v, &guard::value(&token)),
    ))
}
