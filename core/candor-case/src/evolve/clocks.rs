//! Events about clocks.

use candor_base::Instant;
use candor_calendar::Pause;

use crate::alarm::Alarm;
use crate::clock::{CaseClock, ClockStatus};
use crate::event::{Event, Recorded};
use crate::state::CaseState;

/// Applies an event about a clock; false when it is about something else.
pub(super) fn apply(case: &mut CaseState, recorded: &Recorded) -> bool {
    if let Event::ClockStarted { .. } = &recorded.event {
        started(case, &recorded.event);
        return true;
    }
    let (Event::ClockWarned { clock: key, .. }
    | Event::ClockMet { clock: key, .. }
    | Event::ClockReopened { clock: key }
    | Event::ClockMissed { clock: key, .. }
    | Event::ClockPaused { clock: key }
    | Event::ClockResumed { clock: key, .. }
    | Event::ClockMoved { clock: key, .. }
    | Event::ClockRecounted { clock: key, .. }
    | Event::ClockWaived { clock: key, .. }
    | Event::ClockEscalated { clock: key, .. }
    | Event::AlarmAnswered { clock: key }
    | Event::ClockStopped { clock: key }) = &recorded.event
    else {
        return false;
    };
    let waits_since = case
        .waits
        .last()
        .filter(|w| w.until.is_none())
        .map(|w| w.from);
    if let Some(clock) = case.clocks.get_mut(key) {
        change(clock, recorded, waits_since);
    }
    true
}

fn started(case: &mut CaseState, event: &Event) {
    let Event::ClockStarted {
        spec,
        period,
        anchor,
        due,
        explanation,
        basis,
    } = event
    else {
        return;
    };
    let before = case.clocks.get(&spec.key);
    let clock = CaseClock {
        spec: (**spec).clone(),
        period: *period,
        anchor: *anchor,
        due: *due,
        original_due: None,
        explanation: explanation.clone(),
        status: ClockStatus::Running,
        warned_half: false,
        warned_most: false,
        pauses: case
            .waits
            .iter()
            .filter(|w| w.until.is_some())
            .copied()
            .collect(),
        missed_periods: before.map_or(0, |c| c.missed_periods),
        kept_periods: before.map_or(0, |c| c.kept_periods),
        alarm: before.and_then(|c| c.alarm.clone()),
        basis: basis.clone(),
        moves: before.map_or(0, |c| c.moves.saturating_add(1)),
        episode: case.episode,
    };
    case.clocks.insert(spec.key.clone(), clock);
}

fn change(clock: &mut CaseClock, recorded: &Recorded, waits_since: Option<Instant>) {
    if matches!(
        recorded.event,
        Event::ClockResumed { .. } | Event::ClockMoved { .. }
    ) {
        clock.moves = clock.moves.saturating_add(1);
    }
    let recurring = clock.spec.recurs();
    match &recorded.event {
        Event::ClockWarned { percent, .. } => {
            clock.warned_half = true;
            clock.warned_most |= *percent >= 80;
        }
        Event::ClockMet { done, .. } => {
            clock.alarm = None;
            met(clock, done.unwrap_or(recorded.at), recurring);
        }
        Event::ClockReopened { .. } => reopened(clock, recorded.at),
        Event::ClockMissed { due, .. } => {
            clock.status = ClockStatus::Missed;
            // One that nobody answered goes on; after an answer a new miss is a new alarm.
            if clock.alarm.as_ref().is_none_or(|a| a.seen.is_some()) {
                clock.alarm = Some(Alarm::new(*due));
            }
            if recurring {
                clock.missed_periods = clock.missed_periods.saturating_add(1);
            }
        }
        Event::ClockPaused { .. } => {
            clock.status = ClockStatus::Paused;
            clock.pauses.push(Pause {
                from: waits_since.unwrap_or(recorded.at),
                until: None,
            });
        }
        Event::ClockResumed {
            due, explanation, ..
        } => {
            clock.status = ClockStatus::Running;
            if let Some(pause) = clock.pauses.last_mut() {
                pause.until = Some(recorded.at);
            }
            clock.due = *due;
            clock.explanation.clone_from(explanation);
        }
        Event::ClockMoved {
            due, explanation, ..
        } => {
            if clock.original_due.is_none() {
                clock.original_due = clock.due;
            }
            clock.due = *due;
            clock.explanation.clone_from(explanation);
            clock.warned_half = false;
            clock.warned_most = false;
        }
        Event::ClockRecounted {
            due,
            explanation,
            basis,
            ..
        } => {
            if clock.due != Some(*due) {
                // What was told of the later instant is told again of the earlier one.
                clock.warned_half = false;
                clock.warned_most = false;
                clock.moves = clock.moves.saturating_add(1);
            }
            clock.due = Some(*due);
            clock.explanation.clone_from(explanation);
            clock.basis.clone_from(basis);
        }
        Event::ClockWaived { .. } => clock.status = ClockStatus::Waived { at: recorded.at },
        Event::ClockEscalated { round, .. } => {
            if let Some(alarm) = clock.alarm.as_mut() {
                alarm.told = *round;
            }
        }
        Event::AlarmAnswered { .. } => {
            if let Some(alarm) = clock.alarm.as_mut() {
                alarm.seen.get_or_insert((recorded.actor, recorded.at));
            }
        }
        Event::ClockStopped { .. } if clock.status != ClockStatus::Missed => {
            clock.status = ClockStatus::Stopped { at: recorded.at };
        }
        _ => {}
    }
}

/// A miss stays one; its alarm begins anew, for what answered it turned out to be nothing.
fn reopened(clock: &mut CaseClock, at: Instant) {
    clock.status = match clock.status {
        ClockStatus::Met { .. } => ClockStatus::Running,
        ClockStatus::MetLate { .. } => {
            clock.alarm = Some(Alarm::new(at));
            ClockStatus::Missed
        }
        other => other,
    };
}

fn met(clock: &mut CaseClock, at: Instant, recurring: bool) {
    let late = clock.due.map_or(0, |due| at.seconds_since(due));
    // A recorded miss stays one, whatever the machine's clock says by now.
    if late > 0 || clock.status == ClockStatus::Missed {
        let late = late.max(1);
        clock.status = ClockStatus::MetLate {
            at,
            late_seconds: late,
        };
        return;
    }
    clock.status = ClockStatus::Met { at };
    if recurring {
        clock.kept_periods = clock.kept_periods.saturating_add(1);
    }
}
