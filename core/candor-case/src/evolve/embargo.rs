//! Events about the embargo and the facts that end it.

use std::collections::BTreeSet;

use candor_base::Instant;

use crate::accord::Side;
use crate::event::{Event, Recorded};
use crate::model::em::EmbargoMove;
use crate::parts::{Actor, MessageKind};
use crate::state::{CaseState, Proposal, StoodBefore};

/// Applies an event about the embargo; false when it is about something else.
pub(super) fn apply(case: &mut CaseState, recorded: &Recorded) -> bool {
    let at = recorded.at;
    match &recorded.event {
        Event::EmbargoByDefault { until } => {
            case.embargo.state = case.embargo.state.settled();
            case.embargo.until = Some(*until);
        }
        Event::DateProposed {
            at: date, message, ..
        } => proposed(case, recorded.actor, *date, at, message.is_some()),
        Event::DateAgreed { at: date } => agreed(case, *date),
        Event::DateDeclined { .. } => declined(case),
        Event::DateSetAlone { at: date, .. } => {
            let embargo = &mut case.embargo;
            if embargo.overrides.is_none() {
                let until = embargo.until.filter(|_| embargo.state.is_in_force());
                embargo.overrides = Some(StoodBefore { until });
            }
            embargo.state = embargo.state.settled();
            embargo.until = Some(*date);
            embargo.proposal = None;
            embargo.settled = true;
            embargo.date_told = true;
            case.around.date_alone = None;
        }
        Event::EmbargoExited { .. } => {
            case.embargo.state = case.embargo.state.along(&[EmbargoMove::Terminate]);
            case.embargo.proposal = None;
            case.around.date_alone = None;
        }
        Event::FactRecorded { fact, .. } => {
            case.attack_facts.entry(*fact).or_insert(at);
        }
        Event::ReporterFree { from } => {
            case.reporter_free_from.get_or_insert(*from);
        }
        Event::Said {
            kind: MessageKind::DateNotice,
            ..
        } => case.embargo.date_told = true,
        _ => return false,
    }
    true
}

/// Parties who took the open proposal, made it, or speak now.
pub(super) fn agreeing(case: &CaseState, speaks: Actor) -> BTreeSet<u32> {
    let Some(proposal) = &case.embargo.proposal else {
        return BTreeSet::new();
    };
    let sides = [Side::of(proposal.by), Side::of(speaks)];
    let taken = proposal.taken.iter().copied();
    sides
        .into_iter()
        .flatten()
        .chain(taken)
        .filter_map(|side| match side {
            Side::Party(number) => Some(number),
            Side::Team | Side::Reporter => None,
        })
        .collect()
}

/// One side took the open proposal; others are still to answer.
pub(super) fn taken(case: &mut CaseState, by: Actor) {
    if let (Some(proposal), Some(side)) = (case.embargo.proposal.as_mut(), Side::of(by)) {
        proposal.taken.insert(side);
    }
}

/// The time to answer is over.
pub(super) fn answers_due(case: &mut CaseState, agreed_to: bool) {
    match case.embargo.proposal.as_ref().map(|p| p.at) {
        Some(date) if agreed_to => agreed(case, date),
        _ => declined(case),
    }
}

fn proposed(case: &mut CaseState, by: Actor, date: Instant, on: Instant, told: bool) {
    let mut asked = case.parties_asked();
    if let Actor::Party(own) = by {
        asked.remove(&own);
    }
    let embargo = &mut case.embargo;
    let Some(next) = embargo.state.step(EmbargoMove::Propose) else {
        return;
    };
    embargo.state = next;
    embargo.proposal = Some(Proposal {
        by,
        at: date,
        on,
        asked,
        taken: BTreeSet::new(),
    });
    if told && matches!(by, Actor::Team(_)) {
        embargo.date_told = true;
    }
}

/// The date holds. A standing proposal for a later date stays as a wish for revision (EM-4).
fn agreed(case: &mut CaseState, date: Instant) {
    let embargo = &mut case.embargo;
    let by_another = embargo
        .proposal
        .as_ref()
        .is_none_or(|p| p.at != date || !matches!(p.by, Actor::Team(_)));
    if by_another {
        // The reporter or a party named this date; that the project took it must still be told (S0-35).
        embargo.date_told = false;
    }
    embargo.until = Some(date);
    embargo.settled = true;
    embargo.overrides = None;
    embargo.state = embargo.state.along(&[EmbargoMove::Accept]);
    if embargo.proposal.as_ref().is_some_and(|p| p.at > date) {
        embargo.state = embargo.state.along(&[EmbargoMove::Propose]);
    } else {
        embargo.proposal = None;
    }
}

fn declined(case: &mut CaseState) {
    let embargo = &mut case.embargo;
    embargo.proposal = None;
    embargo.state = embargo.state.along(&[EmbargoMove::Reject]);
}
