//! Which act meets which clock: one table, read from the case itself.
//!
//! Invariant: a clock is met only by the act that its promise names; an automatic
//! mail never counts, since only messages of people are filed as the team's.

use candor_base::Instant;
use candor_policy::clocks::{ClockSpec, MetBy};

use crate::parts::{Actor, Lane, MessageKind};
use crate::state::CaseState;

/// When the act that meets this clock was done, if it was. Acts before the anchor
/// of the clock do not count, except for lasting facts (fixed, published).
pub(crate) fn done_at(case: &CaseState, met_by: MetBy, anchor: Instant) -> Option<Instant> {
    match met_by {
        MetBy::HumanMessage => message(case, anchor, |_| true),
        MetBy::PlanMessage => message(case, anchor, |k| k == MessageKind::Plan),
        // A bare "received" opens no exchange; every other message does, a plan too.
        MetBy::ConversationMessage => message(case, anchor, |k| k != MessageKind::Acknowledgement),
        MetBy::StatusMessage => message(case, anchor, |k| k == MessageKind::Status),
        MetBy::Assessment => case.outcome_told.filter(|t| *t >= anchor),
        MetBy::AssessmentWithSeverity => case.rating_told.filter(|t| *t >= anchor),
        MetBy::WorkStarted => earliest(
            message(case, anchor, |k| k == MessageKind::Plan),
            case.accepted,
        ),
        MetBy::FixReleased => case.fix_released,
        MetBy::Published => case.advisory.published,
        MetBy::FixAndPublished => match (case.fix_released, case.advisory.published) {
            (Some(fixed), Some(published)) => Some(fixed.max(published)),
            _ => None,
        },
        MetBy::DistributorsTold => case.parties.iter().filter_map(|p| p.notified).min(),
        MetBy::DateTold => date_told(case),
    }
}

/// The notice with the date, or the proposal that told it.
fn date_told(case: &CaseState) -> Option<Instant> {
    let notice = message(case, case.received, |k| k == MessageKind::DateNotice);
    case.embargo
        .date_told
        .then(|| notice.unwrap_or(case.changed))
}

fn earliest(a: Option<Instant>, b: Option<Instant>) -> Option<Instant> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// The first message of a person of the team that the reporter can read.
fn message(
    case: &CaseState,
    anchor: Instant,
    counts: impl Fn(MessageKind) -> bool,
) -> Option<Instant> {
    case.messages
        .iter()
        .filter(|m| matches!(m.from, Actor::Team(_)) && m.lane != Lane::Team)
        .filter(|m| m.at >= anchor && counts(m.kind))
        .filter(|m| !case.unreached.contains(&m.at))
        .map(|m| m.at)
        .min()
}

/// Whether a clock of this kind has nothing left to run for. A missed clock stays
/// as it is whatever this says.
pub(crate) fn is_over(case: &CaseState, spec: &ClockSpec) -> bool {
    if case.closed.is_some() {
        return true;
    }
    // "Until fixed" (S1-17).
    if spec.recurs() && case.fix_released.is_some() {
        return true;
    }
    // Only another rating ends what a rating promised; taking the word back does not.
    if spec.severity.is_some() && case.severity().is_some_and(|s| Some(s) != spec.severity) {
        return true;
    }
    // Nothing is planned any more, so nobody is told of it in advance.
    let ahead = matches!(spec.met_by, MetBy::DistributorsTold | MetBy::DateTold);
    if ahead && !case.embargo.state.is_in_force() {
        return true;
    }
    let to_reporter = matches!(
        spec.met_by,
        MetBy::HumanMessage
            | MetBy::PlanMessage
            | MetBy::ConversationMessage
            | MetBy::StatusMessage
    );
    let about_reporter = to_reporter
        || matches!(
            spec.met_by,
            MetBy::Assessment | MetBy::AssessmentWithSeverity
        );
    if case.withdrawn.is_some() {
        // Nobody is left to be told; accepted work goes on.
        return about_reporter || case.is_turned_down();
    }
    if case.rejection.is_some() {
        // All but updates and a missing first answer (`domain.md` 2.2).
        return !matches!(spec.met_by, MetBy::StatusMessage | MetBy::HumanMessage);
    }
    if case.duplicate_of.is_some() {
        return !matches!(spec.met_by, MetBy::StatusMessage | MetBy::HumanMessage);
    }
    false
}
