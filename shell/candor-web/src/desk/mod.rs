//! The desk: sign-in, inbox, case page, settings, people, oneself.
//!
//! Invariants: without a session every desk page sends to the sign-in, whether
//! the thing asked for exists or not; a right is never decided here.

mod acts;
pub(crate) mod calendar;
pub(crate) mod case;
pub(crate) mod door;
pub(crate) mod erase;
mod fields;
mod figures;
mod hand_in;
pub(crate) mod house;
pub(crate) mod inbox;
pub(crate) mod mail;
mod passkey_form;
pub(crate) mod passkeys;
pub(crate) mod people;
pub(crate) mod policy;
pub(crate) mod recovery;
pub(crate) mod regulators;
pub(crate) mod search;
pub(crate) mod sessions;
pub(crate) mod sign_ins;
mod skill;
pub(crate) mod step_up;
pub(crate) mod tokens;
mod you;

pub(crate) use calendar::{calendar, change_calendar, feed};
pub(crate) use case::{act, case, file};
pub(crate) use door::{enrol, enrol_form, set_up, set_up_form, sign_in, sign_in_form, sign_out};
pub(crate) use erase::{erase, erase_form};
pub(crate) use figures::{figures, figures_csv, figures_json};
pub(crate) use hand_in::{hand_in, hand_in_form};
pub(crate) use house::{programs, save_settings, settings};
pub(crate) use inbox::{alarms, answer_alarms, assign, inbox};
pub(crate) use mail::{mail, mail_file, settle_mail};
pub(crate) use passkeys::{change_passkeys, passkeys, sign_in_by_passkey};
pub(crate) use people::{
    add_person, looked_into, people, remove_person, reset_person, sign_out_person,
};
pub(crate) use policy::{policy, preview, publish, reviewed};
pub(crate) use recovery::{change_recovery, recovery};
pub(crate) use regulators::{regulators, regulators_act, regulators_report};
pub(crate) use search::{search, search_form};
pub(crate) use sessions::{end_sessions, sessions};
pub(crate) use sign_ins::{review_sign_ins, sign_ins, wrong_looked_into};
pub(crate) use skill::skill;
pub(crate) use tokens::{change_tokens, tokens};
pub(crate) use you::{change_pass, you};

use axum::extract::Request;
use axum::http::HeaderMap;

use crate::answer::Stop;
use crate::cookies::{self, Session};
use crate::gate::Web;
use crate::guard;
use crate::typed::{self, Typed};

/// The session of a request, or the way to the sign-in.
fn session(web: &Web, headers: &HeaderMap) -> Result<String, Stop> {
    cookies::token(headers, Session::Desk, web.options()).ok_or(Stop::SignIn)
}

/// A form of somebody who is signed in: their session, and what was typed.
async fn posted(web: &Web, request: Request) -> Result<(String, Typed), Stop> {
    let token = session(web, request.headers())?;
    let slot = step_up::Slot::of(&request);
    let mut typed = typed::read(web, request).await;
    whole(&token, &typed, web.options().max_body)?;
    slot.read(web, &token, &mut typed).await?;
    Ok((token, typed))
}

/// Refuses a form that does not carry this session's value or could not be read.
fn whole(token: &str, typed: &Typed, limit: usize) -> Result<(), Stop> {
    if let Some(problem) = typed.problem {
        return Err(Stop::No(problem.words(limit)));
    }
    if guard::holds(token, typed.fields.get("guard")) {
        Ok(())
    } else {
        Err(Stop::OldForm)
    }
}
