//! A report comes in.
//!
//! Invariant: every report is stored and gets its clocks, whatever it lacks; what
//! is missing, out of scope or unsupported stops nothing here (S0-11, S3-08).

use candor_base::{Refusal, RefusalCode};

use crate::command::ReportFacts;
use crate::draft::Draft;
use crate::due;
use crate::event::Event;
use crate::parts::{Actor, AttackFact, IntakeChannel};

/// A report that is handed in came no longer ago than this, in days. Each period of a
/// promise since then counts as missed, so that a slip in the year would miss thousands.
pub const OLDEST_FIRST_RECEIPT_DAYS: i64 = 5 * 366;

pub(super) fn receive(d: &mut Draft<'_>, facts: &ReportFacts) -> Result<(), Refusal> {
    if d.state().is_some() {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "This report is already stored.",
        ));
    }
    check(d, facts)?;
    let anchor = facts.first_received.unwrap_or(d.now());
    d.push(Event::Received {
        facts: Box::new(facts.clone()),
        anchor,
    });
    if let Some(public) = &facts.public {
        // Known to the public: no embargo is possible, and the team is alarmed (S4-05).
        d.push(Event::FactRecorded {
            fact: AttackFact::Public,
            evidence: public.place,
        });
        return Ok(());
    }
    let until = due::default_embargo(&d.ctx.policy.policy, anchor, &d.calendar);
    if let Some(until) = until.filter(|at| *at > d.now()) {
        d.push(Event::EmbargoByDefault { until });
    }
    Ok(())
}

fn check(d: &Draft<'_>, facts: &ReportFacts) -> Result<(), Refusal> {
    let handed_in = facts.channel == IntakeChannel::HandedIn;
    if matches!(d.ctx.actor, Actor::Team(_)) != handed_in {
        return Err(Refusal::new(
            RefusalCode::NotAllowed,
            "The team hands in reports that reached it personally; every other report comes from its reporter.",
        ));
    }
    if facts.policy != d.ctx.policy.digest {
        return Err(Refusal::new(
            RefusalCode::Conflict,
            "The policy changed while this report was written. Please read it again and send once more.",
        ));
    }
    let invalid = |message: &str| Err(Refusal::new(RefusalCode::FieldInvalid, message));
    match facts.first_received {
        Some(_) if !facts.channel.came_elsewhere() => {
            invalid("Only a report that first came elsewhere has an earlier date of receipt.")
        }
        Some(at) if at > d.now() => {
            invalid("The date of receipt lies in the future. Please correct it.")
        }
        Some(at) if at < d.now().plus_seconds(-OLDEST_FIRST_RECEIPT_DAYS * 86_400) => {
            invalid("The date of receipt lies more than five years back. Please correct it.")
        }
        _ if !facts.mandatory_missing.is_subset(&facts.missing) => {
            invalid("What is mandatory and missing must be among what is missing.")
        }
        _ => Ok(()),
    }
}
