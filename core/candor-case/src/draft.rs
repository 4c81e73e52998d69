//! A decision in the making: the case as it would be after the events so far.
//!
//! Invariant: what is decided later in one command sees what was decided before
//! it, through the same `evolve` that will fold the events for good.

use std::collections::BTreeSet;

use candor_base::{Instant, Refusal, RefusalCode};
use candor_calendar::WorkCalendar;
use candor_policy::clocks::MetBy;
use candor_policy::model::Severity;
use candor_policy::settings::PolicyInForce;

use crate::event::{Event, Recorded};
use crate::evolve::evolve;
use crate::parts::Actor;
use crate::state::CaseState;
use crate::wakeup;

/// Who could take part in a decision beside the one who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Team {
    /// People of the program who may take the second look before a publication,
    /// the one who acts included.
    pub publishers: u32,
}

/// Everything a decision depends on beside the case and the command.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Now.
    pub now: Instant,
    /// Who acts.
    pub actor: Actor,
    /// The policy version this case was received under.
    pub policy: &'a PolicyInForce,
    /// The team.
    pub team: Team,
}

impl Context<'_> {
    /// The same for a case that knows a later moment than now: the clock of the machine
    /// was set back. The case goes on from its last event until the clock has caught up,
    /// so that no answer counts as given before its question.
    pub(crate) fn caught_up(&self, state: Option<&CaseState>) -> Self {
        Self {
            now: state.map_or(self.now, |case| self.now.max(case.changed)),
            ..*self
        }
    }

    /// Whether another person than the one who acts could decide.
    pub(crate) fn has_second_person(&self) -> bool {
        self.team.publishers > 1
    }
}

pub(crate) struct Draft<'a> {
    pub(crate) ctx: &'a Context<'a>,
    pub(crate) calendar: WorkCalendar,
    /// Severity before the command: tells a re-rating from a first rating.
    pub(crate) severity_before: Option<Severity>,
    /// The case was put aside before the command.
    pub(crate) deferred_before: bool,
    /// Acts done by this command, for clocks that begin anew with each of them.
    pub(crate) acts: BTreeSet<MetBy>,
    state: Option<CaseState>,
    events: Vec<Event>,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(state: Option<&CaseState>, ctx: &'a Context<'a>) -> Self {
        Self {
            ctx,
            calendar: ctx.policy.calendar(),
            severity_before: state.and_then(rated),
            deferred_before: state.is_some_and(|s| s.around.deferral.is_some()),
            acts: BTreeSet::new(),
            state: state.cloned(),
            events: Vec::new(),
        }
    }

    /// The case as it stands with the events so far.
    pub(crate) fn case(&self) -> Result<&CaseState, Refusal> {
        self.state.as_ref().ok_or_else(no_case)
    }

    /// The case as it stands, when there is one.
    pub(crate) fn state(&self) -> Option<&CaseState> {
        self.state.as_ref()
    }

    pub(crate) fn now(&self) -> Instant {
        self.ctx.now
    }

    pub(crate) fn push(&mut self, event: Event) {
        let recorded = Recorded {
            seq: self.state.as_ref().map_or(0, |s| s.seq).saturating_add(1),
            at: self.ctx.now,
            actor: self.ctx.actor,
            event,
        };
        self.state = evolve(self.state.take(), &recorded);
        self.events.push(recorded.event);
    }

    pub(crate) fn finish(self) -> Vec<Event> {
        self.events
    }
}

/// The severity under which promises run: the one in force, or, while a reopened case is
/// not assessed again, the one of the promises that go on.
fn rated(case: &CaseState) -> Option<Severity> {
    let running = || case.clocks.values().filter(|c| c.is_open());
    case.severity()
        .or_else(|| running().find_map(|c| c.spec.severity))
}

pub(crate) fn no_case() -> Refusal {
    Refusal::new(RefusalCode::NotFound, "There is no such case.")
}

/// Gives decided events their places, time and actors. What time alone caused is
/// Candor's own act, also when it was noticed while a person acted.
pub fn record(state: Option<&CaseState>, events: Vec<Event>, ctx: &Context<'_>) -> Vec<Recorded> {
    let ctx = &ctx.caught_up(state);
    let first = state.map_or(0, |s| s.seq);
    (1_u64..)
        .zip(events)
        .map(|(n, event)| Recorded {
            seq: first.saturating_add(n),
            at: ctx.now,
            actor: if event.is_automatic() || time_did_it(state, &event, ctx.now) {
                Actor::System
            } else {
                ctx.actor
            },
            event,
        })
        .collect()
}

/// An embargo or a proposal that ended by its own date.
fn time_did_it(state: Option<&CaseState>, event: &Event, now: Instant) -> bool {
    let Some(case) = state else { return false };
    let until = wakeup::embargo_ends(case).filter(|at| *at <= now);
    match event {
        Event::EmbargoExited { fact: None } => until.is_some(),
        Event::ReporterFree { from } => until == Some(*from),
        Event::DateDeclined { reason: None } => {
            wakeup::proposal_lapses(case).is_some_and(|at| at <= now)
        }
        _ => false,
    }
}
