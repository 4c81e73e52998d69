//! Promises of a case that was opened again.
//!
//! Invariants: closing and opening again takes no promise away. What ended with the close
//! applies again and counts from its first day when the team itself goes on; what fell
//! due in between is missed. After a withdrawal, or when the reporter's answer opens the
//! case, it counts from the reopening. What was kept, missed or waived is not asked twice,
//! but for the assessment and the updates, which begin anew (Q10).

use candor_base::{Instant, Refusal};
use candor_policy::clocks::{ClockKey, ClockRule, ClockSpec, MetBy};
use candor_policy::model::Origin;

use super::clocks::{again, anchor_of, start as begin, started};
use crate::clock::{CaseClock, ClockStatus};
use crate::draft::Draft;
use crate::due;
use crate::event::Event;
use crate::fulfil;
use crate::state::CaseState;

/// Starts this promise in a later episode, or lets the earlier one go on.
pub(super) fn start(d: &mut Draft<'_>, spec: &ClockSpec) -> Result<(), Refusal> {
    let case = d.case()?;
    let mut own = spec.clone();
    own.key = ClockKey(format!("{}@{}", spec.key, case.episode));
    let stopped = |c: &CaseClock| matches!(c.status, ClockStatus::Stopped { .. });
    if let Some(now) = case.clocks.get(&own.key) {
        if stopped(now) && !fulfil::is_over(case, &own) {
            let now = now.clone();
            again(d, &now);
        }
        return Ok(());
    }
    match earlier(case, spec) {
        Some(before) if stopped(before) && case.promises_go_on => {
            if !fulfil::is_over(case, &before.spec) {
                let before = before.clone();
                goes_on(d, &before)?;
            }
        }
        Some(before) if !stopped(before) && !begins_anew(case, spec, before) => {}
        _ => {
            let anchor = anchor(case, spec);
            if let Some(anchor) = anchor.filter(|_| !fulfil::is_over(case, &own)) {
                begin(d, own, anchor);
            }
        }
    }
    Ok(())
}

/// The same promise in the latest episode before this one that had it.
fn earlier<'a>(case: &'a CaseState, spec: &ClockSpec) -> Option<&'a CaseClock> {
    (2..case.episode)
        .rev()
        .find_map(|n| {
            let key = ClockKey(format!("{}@{n}", spec.key));
            case.clocks.get(&key)
        })
        .or_else(|| case.clocks.get(&spec.key))
}

/// Whether a promise that came to its end in an earlier episode is made again (Q10).
fn begins_anew(case: &CaseState, spec: &ClockSpec, before: &CaseClock) -> bool {
    if before.episode == case.episode {
        // It went on when the case was opened again: what became of it since is its end.
        return false;
    }
    let ended = match before.status {
        ClockStatus::Met { at } | ClockStatus::MetLate { at, .. } | ClockStatus::Waived { at } => {
            case.reopened.is_some_and(|opened| at < opened)
        }
        ClockStatus::Missed => true,
        _ => false,
    };
    let kind = matches!(
        spec.met_by,
        MetBy::Assessment | MetBy::AssessmentWithSeverity | MetBy::StatusMessage
    );
    ended && kind && spec.severity.is_none() && spec.from == Origin::Receipt
}

/// What it counts from. A promise of another severity goes on from where the one before
/// the close began; whatever counts from the receipt of a report that the reporter
/// brought back, or that begins anew, counts from the reopening.
fn anchor(case: &CaseState, spec: &ClockSpec) -> Option<Instant> {
    let first = anchor_of(case, spec)?;
    let twin = case.clocks.values().find(|c| {
        spec.severity.is_some()
            && c.spec.severity.is_some()
            && c.spec.met_by == spec.met_by
            && c.spec.milestone == spec.milestone
            && c.spec.from == spec.from
            && matches!(c.status, ClockStatus::Stopped { .. })
    });
    if case.promises_go_on {
        if let Some(twin) = twin {
            return Some(twin.anchor);
        }
        if earlier(case, spec).is_none() {
            return Some(first);
        }
    }
    if spec.from == Origin::Receipt && !matches!(spec.rule, ClockRule::Lead { .. }) {
        return case.reopened;
    }
    Some(first)
}

/// From where it stood. What fell due while the case was closed is missed; a promise that
/// recurs then begins its next period now.
fn goes_on(d: &mut Draft<'_>, clock: &CaseClock) -> Result<(), Refusal> {
    again(d, clock);
    let now = d.now();
    let running = d.case()?.clocks.get(&clock.spec.key).cloned();
    let Some(passed) = running.and_then(|c| c.due).filter(|due| now > *due) else {
        return Ok(());
    };
    d.push(Event::ClockMissed {
        clock: clock.spec.key.clone(),
        due: passed,
    });
    if clock.spec.recurs() {
        let next = due::of_rule(&clock.spec.rule, now, &[], d.ctx.policy, &d.calendar);
        let period = clock.period.saturating_add(1);
        d.push(started(&d.calendar, clock.spec.clone(), period, now, next));
    }
    Ok(())
}
