//! From fields to commands: what surrounds the straight road of a case.

use candor_base::Instant;
use candor_case::{Aside, Command, ContextKind, ContextRecord, HandOverStep, PartyRole};

use crate::engine::Loaded;
use crate::fields::Fields;
use crate::input::ActError;
use crate::seal::{Bodies, field_error};

/// The command of this name; `None` where it is another kind of act.
pub(super) fn command(
    name: &str,
    fields: &Fields,
    loaded: &Loaded,
    now: Instant,
    bodies: &Bodies<'_>,
) -> Result<Option<Command>, ActError> {
    let reason = |why: &str| fields.need_text("reason", why, bodies);
    let aside = match name {
        "defer" => Aside::Defer {
            review: moment(fields, loaded)?,
            message: fields.need_message(bodies)?,
        },
        "resume" => Aside::Resume {
            reason: reason("Say why it is taken up again.")?,
        },
        "ask_to_end" => Aside::AskToEnd {
            reason: reason("Say why the case should end now.")?,
        },
        "confirm_date" => Aside::ConfirmDate {
            at: fields
                .get("at")
                .parse::<i64>()
                .ok()
                .and_then(|s| Instant::from_unix(s).ok())
                .ok_or_else(|| field_error("at", "Read the date on the page again."))?,
        },
        "go_on" => Aside::GoOn {
            reason: reason("Say why it can be done without the answer.")?,
        },
        "suspect_leak" => Aside::SuspectLeak {
            what: fields.need_text("what", "Say what may have leaked.", bodies)?,
            how: fields.need_text("how", "Say how, or that nobody knows.", bodies)?,
            plan: fields.need_text("plan", "Say what is done about it.", bodies)?,
        },
        "decide_leak" => Aside::DecideLeak {
            go_public: fields.choice(
                "go_public",
                &[("yes", true), ("no", false)],
                "Choose whether to go public.",
            )?,
            reason: reason("Say why this was decided.")?,
        },
        "end_embargo" => Aside::EndEmbargo {
            reason: reason("Say why the embargo ends before its day.")?,
        },
        "link_advisory" => Aside::LinkAdvisory {
            number: fields
                .get("party")
                .parse()
                .map_err(|_| field_error("party", "Choose the party."))?,
            link: link(fields)?,
        },
        "work_out" => Aside::WorkOut(ContextRecord {
            kind: fields.choice(
                "kind",
                &[
                    ("implementation", ContextKind::Implementation),
                    ("configuration", ContextKind::Configuration),
                    ("dependency", ContextKind::Dependency),
                    ("deployment", ContextKind::Deployment),
                ],
                "Choose what it depends on.",
            )?,
            party: fields.need_text("party", "Name the party concerned.", bodies)?,
            circumstances: fields.need_text(
                "circumstances",
                "Write down the circumstances that were judged.",
                bodies,
            )?,
            outcome: fields.text("outcome", bodies)?,
        }),
        "hand_over" => Aside::HandOver {
            number: number(fields)?,
            step: step(fields, loaded, now, bodies)?,
        },
        _ => return Ok(None),
    };
    Ok(Some(Command::Aside(aside)))
}

/// The place of an advisory on the net.
pub(crate) fn link(fields: &Fields) -> Result<String, ActError> {
    let typed = fields.short("link")?;
    typed.ok_or_else(|| field_error("link", "Give the address of the advisory."))
}

/// A day and a time in the zone of the policy; in the morning where no time is given.
fn moment(fields: &Fields, loaded: &Loaded) -> Result<Instant, ActError> {
    let calendar = loaded.in_force.policy.calendar();
    let time = match fields.get("time") {
        "" => "09:00",
        time => time,
    };
    crate::times::typed(fields.get("date"), time, &calendar).map_err(|why| field_error("date", why))
}

fn number(fields: &Fields) -> Result<Option<u32>, ActError> {
    match fields.get("number") {
        "" => Ok(None),
        typed => typed
            .parse()
            .map(Some)
            .map_err(|_| field_error("number", "Choose a party of this case.")),
    }
}

fn step(
    fields: &Fields,
    loaded: &Loaded,
    now: Instant,
    bodies: &Bodies<'_>,
) -> Result<HandOverStep, ActError> {
    let note = |why: &str| fields.need_text("note", why, bodies);
    Ok(match fields.get("step") {
        "open" => HandOverStep::Open {
            role: fields.choice(
                "role",
                &[
                    ("upstream", PartyRole::Upstream),
                    ("application", PartyRole::Application),
                    ("operator", PartyRole::Operator),
                    ("other", PartyRole::Other),
                ],
                "Choose what the party is to this case.",
            )?,
            party: fields.need_text("party", "Name the party.", bodies)?,
            contact: fields.need_text(
                "contact",
                "Say by which private channel it is reached.",
                bodies,
            )?,
            ask_reporter: fields.is_on("ask_reporter"),
        },
        "sent" => HandOverStep::Sent {
            at: match fields.get("date") {
                "" => now,
                _ => moment(fields, loaded)?,
            },
            with_report: fields.is_on("with_report"),
            note: note("Write down what was sent.")?,
        },
        "answered" => HandOverStep::Answered {
            note: note("Write down what it answered.")?,
        },
        "fix_shared" | "fix_not_shared" => HandOverStep::FixShared {
            shared: fields.get("step") == "fix_shared",
            note: note("Write down how the fix was shared, or why not.")?,
        },
        "end" => HandOverStep::End {
            outcome: note("Write down what came out.")?,
        },
        _ => return Err(field_error("step", "Choose a step.")),
    })
}
