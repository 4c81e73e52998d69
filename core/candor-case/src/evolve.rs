//! From event to event: what a case is.
//!
//! Invariants: cannot fail and cannot refuse; an event out of its place in the
//! order changes nothing, so receiving one twice changes nothing; an event about
//! something that is not there only counts its place.

mod aside;
mod clocks;
mod course;
mod embargo;
mod party;

use std::collections::{BTreeMap, BTreeSet};

use candor_base::Instant;

use crate::aside::{Around, AsideEvent};
use crate::command::ReportFacts;
use crate::credit::{CreditKind, CreditQuestion};
use crate::cve::{self, CveLedger};
use crate::event::{Event, Recorded};
use crate::model::rm::ReportMove;
use crate::parts::{Actor, Lane, MessageKind, MessageRef, WaitingOn};
use crate::regulator::{self, Regulators};
use crate::state::{AdvisoryState, CaseMessage, CaseState, Embargo, EmbargoState, ReportState};

/// The case after one more event.
pub fn evolve(state: Option<CaseState>, recorded: &Recorded) -> Option<CaseState> {
    match state {
        None => match &recorded.event {
            Event::Received { facts, anchor } if recorded.seq == 1 => {
                Some(new_case(facts, *anchor, recorded.at))
            }
            _ => None,
        },
        Some(case) if recorded.seq != case.seq.saturating_add(1) => Some(case),
        Some(mut case) => {
            case.seq = recorded.seq;
            case.changed = recorded.at;
            if recorded.actor == Actor::Reporter {
                // Whoever acts in the room has read what stands there.
                case.unreached.clear();
            }
            let planned = case.embargo.until;
            apply(&mut case, recorded);
            if case.embargo.until != planned {
                case.date_moves = case.date_moves.saturating_add(1);
            }
            Some(case)
        }
    }
}

/// The case after all its events.
pub fn replay(events: &[Recorded]) -> Option<CaseState> {
    events.iter().fold(None, evolve)
}

fn new_case(facts: &ReportFacts, anchor: Instant, at: Instant) -> CaseState {
    CaseState {
        seq: 1,
        changed: at,
        received: anchor,
        acknowledged: None,
        report: ReportState::Start.along(&[ReportMove::Receive]),
        was_valid: false,
        lead: None,
        waiting_on: WaitingOn::Team,
        asked: BTreeSet::new(),
        asked_at: None,
        reminders: 0,
        missing: facts.missing.clone(),
        mandatory_missing: facts.mandatory_missing.clone(),
        waived: BTreeSet::new(),
        assessment: None,
        assessment_told: false,
        outcome_told: None,
        rating_told: None,
        accepted: None,
        fix_ready: None,
        fix_released: None,
        waits: Vec::new(),
        rejection: None,
        duplicate_of: None,
        objection: None,
        fixes: Vec::new(),
        target_release: None,
        mitigation: None,
        communication_plan: None,
        embargo: Embargo {
            state: EmbargoState::None,
            until: None,
            proposal: None,
            settled: false,
            date_told: false,
            overrides: None,
        },
        attack_facts: BTreeMap::new(),
        advisory: AdvisoryState {
            draft: None,
            approvals: Vec::new(),
            credit_changed: false,
            published: None,
            published_draft: None,
        },
        outlets: BTreeMap::new(),
        reporter_free_from: None,
        credit: facts.credit.clone(),
        credit_kind: CreditKind::default(),
        credit_question: CreditQuestion::default(),
        credits: Vec::new(),
        parties: Vec::new(),
        leaks: 0,
        withdrawn: None,
        went_on: None,
        closed: None,
        breaches: Vec::new(),
        messages: Vec::new(),
        clocks: BTreeMap::new(),
        last_update: None,
        mail_failures: BTreeMap::new(),
        unreached: BTreeSet::new(),
        follow_ups: 0,
        episode: 1,
        reopened: None,
        promises_go_on: false,
        date_moves: 0,
        regulators: Regulators::default(),
        cve: CveLedger::default(),
        around: Around::default(),
        facts: facts.clone(),
    }
}

fn apply(case: &mut CaseState, recorded: &Recorded) {
    if let Event::Regulator(event) = &recorded.event {
        regulator::apply(&mut case.regulators, recorded, event);
        return;
    }
    if let Event::Cve(event) = &recorded.event {
        cve::apply(&mut case.cve, recorded, event);
        return;
    }
    remember_messages(case, recorded);
    let until = case.embargo.until;
    let agreeing = embargo::agreeing(case, recorded.actor);
    if let Event::Aside { what } = &recorded.event {
        aside::apply(case, recorded, what);
        party::follow(case, until, &agreeing, recorded.at);
        return;
    }
    if clocks::apply(case, recorded) || party::apply(case, recorded) {
        return;
    }
    if !embargo::apply(case, recorded) {
        course::apply(case, recorded);
    }
    party::follow(case, until, &agreeing, recorded.at);
}

/// Files every message an event carries, and what a message alone changes.
fn remember_messages(case: &mut CaseState, recorded: &Recorded) {
    let Some((lane, kind, message)) = message_of(recorded) else {
        return;
    };
    let from = recorded.actor;
    case.messages.push(CaseMessage {
        at: recorded.at,
        from,
        lane,
        kind,
        message: message.clone(),
    });
    if lane == Lane::Team {
        return;
    }
    match from {
        Actor::Team(_) => {
            case.acknowledged.get_or_insert(recorded.at);
            if kind == MessageKind::Status {
                case.last_update = Some(recorded.at);
            }
            if kind == MessageKind::Decision {
                told(case, recorded.at);
            }
        }
        Actor::Reporter => answered(case, recorded.at),
        Actor::Party(_) | Actor::System => {}
    }
}

/// An outcome was told to the reporter.
fn told(case: &mut CaseState, at: Instant) {
    case.assessment_told = true;
    case.outcome_told.get_or_insert(at);
    if case.severity().is_some() {
        case.rating_told.get_or_insert(at);
    }
}

/// The reporter wrote: nobody waits for the reporter any more.
fn answered(case: &mut CaseState, at: Instant) {
    if case.waiting_on == WaitingOn::Reporter {
        stop_waiting(case, at, WaitingOn::Team);
    }
}

fn stop_waiting(case: &mut CaseState, at: Instant, now_on: WaitingOn) {
    if let Some(wait) = case.waits.last_mut()
        && wait.until.is_none()
    {
        wait.until = Some(at);
    }
    case.waiting_on = now_on;
    case.asked_at = None;
    case.reminders = 0;
}

/// The message an event carries: who reads it and what it is.
fn message_of(recorded: &Recorded) -> Option<(Lane, MessageKind, &MessageRef)> {
    let by_team = matches!(recorded.actor, Actor::Team(_));
    let (lane, kind, message) = match &recorded.event {
        Event::Acknowledged { message, plan } => {
            let kind = if *plan {
                MessageKind::Plan
            } else {
                MessageKind::Acknowledgement
            };
            (Lane::Reporter, kind, message)
        }
        Event::Asked { message, .. } => (Lane::Reporter, MessageKind::Question, message),
        Event::Said {
            lane,
            kind,
            message,
        } => (*lane, *kind, message),
        Event::Accepted { message, .. } | Event::MarkedDuplicate { message, .. } => {
            (Lane::Reporter, MessageKind::Decision, message)
        }
        Event::Rejected { reason, .. } | Event::ObjectionDecided { reason, .. } => {
            (Lane::Reporter, MessageKind::Decision, reason)
        }
        Event::Aside { what } => match &**what {
            AsideEvent::Deferred { message, .. } => {
                (Lane::Reporter, MessageKind::Decision, message)
            }
            AsideEvent::ReporterLeft { message } => (Lane::Reporter, MessageKind::Plain, message),
            _ => return None,
        },
        Event::Objected { reason } => (Lane::Reporter, MessageKind::Plain, reason),
        Event::DateSetAlone { message, .. } => (Lane::Reporter, MessageKind::DateNotice, message),
        Event::DateProposed {
            message: Some(message),
            ..
        } if by_team => (Lane::Reporter, MessageKind::DateNotice, message),
        Event::Supplied { message, .. }
        | Event::DateProposed {
            message: Some(message),
            ..
        }
        | Event::FollowedUp {
            message: Some(message),
        }
        | Event::Withdrawn {
            message: Some(message),
        } => (Lane::Reporter, MessageKind::Plain, message),
        // The assessment itself is applied before it counts as told: see `course`.
        _ => return None,
    };
    Some((lane, kind, message))
}
