//! The history of a policy: every version, each readable as it stood.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use candor_access::view::PolicyHistoryView;

use super::PolicyPage;
use crate::answer::{Stop, public_page};
use crate::gate::Web;
use crate::ui::{self, Chrome, Side};

#[derive(Debug, Template)]
#[template(path = "public/versions.html")]
pub(crate) struct VersionsPage {
    pub chrome: Chrome,
    pub v: PolicyHistoryView,
}

impl VersionsPage {
    pub(crate) fn new(v: PolicyHistoryView) -> Self {
        Self {
            chrome: ui::program_chrome("Versions of the policy", &v.program, Side::Public, ""),
            v,
        }
    }
}

/// Every version of a policy.
pub(crate) async fn versions(
    State(web): State<Web>,
    Path(slug): Path<String>,
) -> Result<Response, Stop> {
    let v = web.ask(move |app| app.policy_history(&slug)).await??;
    Ok(public_page(&VersionsPage::new(v)))
}

/// One version.
pub(crate) async fn version(
    State(web): State<Web>,
    Path((slug, digest)): Path<(String, String)>,
) -> Result<Response, Stop> {
    let v = web
        .ask(move |app| app.policy_version(&slug, &digest))
        .await??;
    Ok(public_page(&PolicyPage::new(v, Side::Public)))
}
