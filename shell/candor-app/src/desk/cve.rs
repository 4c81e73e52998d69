//! From fields to steps with CVE ids.

use candor_base::{CveId, Instant};
use candor_case::{Command, CveAct};

use crate::engine::Loaded;
use crate::fields::Fields;
use crate::input::ActError;
use crate::seal::{Bodies, field_error};

/// The step.
pub(super) fn command(
    fields: &Fields,
    loaded: &Loaded,
    now: Instant,
    bodies: &Bodies<'_>,
) -> Result<Command, ActError> {
    let reason = |why: &str| fields.need_text("reason", why, bodies);
    let act = match fields.get("step") {
        "request" => CveAct::Request {
            from: fields.need_text("from", "Say who was asked for the id.", bodies)?,
            at: moment(fields, loaded, now)?,
        },
        "reserve" => CveAct::Reserve { id: id(fields)? },
        "assign" => CveAct::Assign { id: id(fields)? },
        "publish" => CveAct::Publish {
            id: id(fields)?,
            at: moment(fields, loaded, now)?,
        },
        "reject" => CveAct::Reject {
            id: id(fields)?,
            reason: reason("Say why the id is rejected.")?,
        },
        "end_requests" => CveAct::EndRequests {
            reason: reason("Say why the request leads to nothing.")?,
        },
        "not_needed" => CveAct::NotNeeded {
            reason: reason("Say why no CVE id is needed.")?,
        },
        _ => return Err(field_error("step", "Choose what happened.")),
    };
    Ok(Command::Cve(act))
}

fn id(fields: &Fields) -> Result<CveId, ActError> {
    fields
        .get("id")
        .parse()
        .map_err(|_| field_error("id", "Write the id as it was given, such as CVE-1900-0001."))
}

/// Now, where nothing is given.
fn moment(fields: &Fields, loaded: &Loaded, now: Instant) -> Result<Instant, ActError> {
    let (date, time) = (fields.get("date"), fields.get("time"));
    if date.is_empty() && time.is_empty() {
        return Ok(now);
    }
    if time.is_empty() {
        return Err(field_error("time", "Give the time, too."));
    }
    let calendar = loaded.in_force.policy.calendar();
    crate::times::typed(date, time, &calendar).map_err(|why| field_error("date", why))
}
