//! A form with an act, sent by a page of a case: its way in, and its way back when the act
//! was not done. The same for the team, the reporter and other parties.
//!
//! Invariant: what was typed comes back with the words of what is wrong; nothing is taken
//! from a form that does not carry its session's value.
//!
//! Deliberately absent: which act it is, and who may do it.

use axum::extract::Request;
use axum::http::StatusCode;
use candor_app::input::ActError;

use crate::answer::Stop;
use crate::desk::step_up;
use crate::gate::Web;
use crate::guard;
use crate::typed::{self, Typed};
use crate::ui::{Again, Notice};

/// An act that was not done: the status, what the page says, and what was typed.
pub(crate) type NotDone = (StatusCode, Notice, Again);

/// The form, and what to show again should it be refused.
///
/// # Errors
///
/// The outer one for a form of another session, the inner one for a form that could not be
/// read whole.
pub(crate) async fn received(
    web: &Web,
    token: &str,
    request: Request,
) -> Result<Result<(Typed, Again), NotDone>, Stop> {
    let slot = step_up::Slot::of(&request);
    let mut typed = typed::read(web, request).await;
    let kept = again(&typed);
    if let Some(problem) = typed.problem {
        let notice = Notice::refused(problem.words(web.options().max_body), &[]);
        return Ok(Err((problem.status(), notice, kept)));
    }
    if !guard::holds(token, typed.fields.get("guard")) {
        return Err(Stop::OldForm);
    }
    slot.read(web, token, &mut typed).await?;
    Ok(Ok((typed, kept)))
}

/// What the page says of an act that was not done.
///
/// # Errors
///
/// What is no answer to the act: nobody is signed in, or nothing is there.
pub(crate) fn not_done(error: ActError, kept: Again) -> Result<NotDone, Stop> {
    match error {
        ActError::Fields(errors) => {
            let notice = Notice::fields(&errors, Some(&kept.form));
            let again = Again { errors, ..kept };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, notice, again))
        }
        ActError::Refused(refusal) => {
            let notice = Notice::refused(refusal.message.clone(), &refusal.instead_words());
            Ok((StatusCode::CONFLICT, notice, kept))
        }
        ActError::Fault(fault) => {
            tracing::error!(what = %fault.operator, "an act could not be stored");
            let notice = Notice::refused(fault.person, &[]);
            Ok((StatusCode::SERVICE_UNAVAILABLE, notice, kept))
        }
        error => Err(error.into()),
    }
}

/// What was typed, to be shown again.
fn again(typed: &Typed) -> Again {
    let form = match typed.get("form") {
        "" => typed.get("act"),
        form => form,
    };
    Again {
        form: form.to_owned(),
        fields: typed.fields.clone(),
        errors: Vec::new(),
    }
}
