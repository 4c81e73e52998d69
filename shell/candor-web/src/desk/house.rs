//! Programs and settings.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use candor_access::view::{FieldError, RunningView, SettingsView, StaffProgram};
use candor_app::input::ActError;

use super::fields::settings_groups;
use super::{posted, session};
use crate::answer::{Stop, form_page, see_other};
use crate::gate::Web;
use crate::guard;
use crate::public::{FindingsPart, findings};
use crate::ui::{self, Chrome, Field, Notice, Side};

#[derive(Debug, Template)]
#[template(path = "desk/programs.html")]
pub(crate) struct ProgramsPage {
    pub chrome: Chrome,
    pub name: String,
    pub list: Vec<StaffProgram>,
    /// People who opened unusually many cases.
    pub alarms: Vec<String>,
    /// Many sign-ins were wrong, and nobody looked into it.
    pub wrong_sign_ins: bool,
    /// What runs here, for who manages the server.
    pub running: Option<RunningView>,
}

/// The programs of whoever is signed in.
pub(crate) async fn programs(State(web): State<Web>, headers: HeaderMap) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let key = token.clone();
    let asked = web.ask(move |app| {
        let programs = app.staff_programs(&key)?;
        let alarms = (app.read_alarms(&key)?, app.sign_in_alarm(&key)?);
        Ok::<_, ActError>((programs, alarms, app.running(&key)?))
    });
    let ((name, admin, list), (alarms, wrong_sign_ins), running) = asked.await??;
    let chrome = Chrome::plain("Programs", Side::Desk, "programs")
        .guarded(guard::value(&token))
        .owned(admin || list.iter().any(|p| p.role == "owner"));
    Ok(form_page(
        StatusCode::OK,
        &ProgramsPage {
            chrome,
            name,
            list,
            alarms,
            wrong_sign_ins,
            running,
        },
    ))
}

#[derive(Debug, Template)]
#[template(path = "desk/settings.html")]
pub(crate) struct SettingsPage {
    pub chrome: Chrome,
    pub v: SettingsView,
    notice: Option<Notice>,
    groups: Vec<(&'static str, Vec<Field>)>,
    questions: FindingsPart,
    findings: FindingsPart,
}

impl SettingsPage {
    pub(crate) fn new(v: SettingsView, guard: &str, notice: Option<Notice>) -> Self {
        let notice =
            notice.or_else(|| (!v.errors.is_empty()).then(|| Notice::fields(&v.errors, None)));
        Self {
            chrome: ui::program_chrome("Settings", &v.program, Side::Desk, "settings")
                .guarded(guard),
            groups: settings_groups(&v),
            questions: findings(&v.questions),
            findings: findings(&v.findings),
            notice,
            v,
        }
    }
}

/// The settings of a program.
pub(crate) async fn settings(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let key = token.clone();
    let v = web.ask(move |app| app.settings(&key, &slug)).await??;
    let said = web.take_said(&token).await.map(Notice::done);
    Ok(form_page(
        StatusCode::OK,
        &SettingsPage::new(v, &guard::value(&token), said),
    ))
}

/// Saves them.
pub(crate) async fn save_settings(
    State(web): State<Web>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Stop> {
    let (token, typed) = posted(&web, request).await?;
    let mut fields = typed.fields;
    fields.remove("guard");
    let base = fields.remove("base").unwrap_or_default();
    let (key, owned, sent) = (token.clone(), slug.clone(), fields.clone());
    let shown = base.clone();
    let errors = match web
        .ask(move |app| app.save_settings(&key, &owned, sent, &shown))
        .await?
    {
        Ok(said) => {
            web.say(&token, said).await;
            return Ok(see_other(&format!("/desk/p/{slug}/settings#said")));
        }
        Err(ActError::Fields(errors)) => errors,
        Err(ActError::Refused(refusal)) => {
            vec![FieldError {
                field: String::new(),
                message: refusal.message,
            }]
        }
        Err(error) => return Err(error.into()),
    };
    let key = token.clone();
    let mut v = web.ask(move |app| app.settings(&key, &slug)).await??;
    v.values = fields;
    v.errors = errors;
    // What was typed belongs to the version that was on the screen.
    v.base = base;
    let page = SettingsPage::new(v, &guard::value(&token), None);
    Ok(form_page(StatusCode::UNPROCESSABLE_ENTITY, &page))
}
