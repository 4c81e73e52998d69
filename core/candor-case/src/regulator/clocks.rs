//! Timers about regulators: start, warn, miss.
//!
//! Invariants: nothing here pauses; a second look at the same instant finds
//! nothing more; a warning that a later one overtook is not given any more.

use candor_base::{Instant, Refusal};
use candor_calendar::warn_at;
use candor_duty::{Anchor, timer};

use super::event::RegulatorEvent;
use super::state::{RegimeRecord, Regulators, Signal, StageClock};
use crate::draft::Draft;
use crate::event::Event;

/// Percent of the time at which the team is warned, the later first.
const WARN_AT: [u8; 2] = [80, 50];

/// What time alone does; a miss outweighs every warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Passed {
    /// So much of the time is gone, in percent.
    Warning(u8),
    /// Due passed.
    Miss,
}

/// What a stage counts from; `None` while that has not happened.
fn anchor_of(record: &RegimeRecord, from: &Anchor, measure: Option<Instant>) -> Option<Instant> {
    let aware = record.aware.as_ref()?.at;
    match from {
        Anchor::Aware => Some(aware),
        // Nobody owes a report about something not yet known.
        Anchor::MeasureAvailable => measure.map(|at| at.max(aware)),
        Anchor::Submitted(stage) => record
            .stages
            .get(stage)
            .and_then(|c| c.filed.as_ref())
            .map(|f| f.at),
    }
}

/// Starts every timer whose anchor is there and that does not run from it.
pub(super) fn start(d: &mut Draft<'_>) -> Result<(), Refusal> {
    let mut events = Vec::new();
    let r = &d.case()?.regulators;
    let measure = r.measure.as_ref().map(|m| m.at);
    for (regime, record) in r.records.iter().filter(|(_, r)| r.is_due()) {
        let stages = record.terms.iter().flat_map(|t| &t.stages);
        for stage in stages {
            let Some(anchor) = anchor_of(record, &stage.from, measure) else {
                continue;
            };
            let runs = |c: &StageClock| c.anchor == anchor && c.stopped.is_none();
            if record.stages.get(&stage.id).is_some_and(runs) {
                continue;
            }
            let found = timer(stage, anchor, &d.calendar);
            events.push(RegulatorEvent::StageStarted {
                regime: regime.clone(),
                stage: stage.id.clone(),
                anchor,
                due: found.due,
                explanation: found.explanation,
            });
        }
    }
    push_all(d, events);
    Ok(())
}

/// Stops what is open of a regime: nothing is to be reported.
pub(super) fn stop(d: &mut Draft<'_>, regime: &candor_duty::RegimeId) -> Result<(), Refusal> {
    let stages = d.case()?.regulators.records.get(regime).map(|r| &r.stages);
    let events = stages
        .into_iter()
        .flatten()
        .filter(|(_, clock)| clock.is_open())
        .map(|(stage, _)| RegulatorEvent::StageStopped {
            regime: regime.clone(),
            stage: stage.clone(),
        })
        .collect();
    push_all(d, events);
    Ok(())
}

fn push_all(d: &mut Draft<'_>, events: Vec<RegulatorEvent>) {
    for event in events {
        d.push(Event::Regulator(event));
    }
}

/// What time alone does to something that runs from `anchor` to `due`.
fn next(anchor: Instant, due: Instant, warned: u8) -> impl Iterator<Item = (Instant, Passed)> {
    let warnings = WARN_AT
        .into_iter()
        .filter(move |percent| *percent > warned)
        .map(move |percent| (warn_at(anchor, due, percent), Passed::Warning(percent)));
    warnings.chain([(due.plus_seconds(1), Passed::Miss)])
}

fn of_signal(signal: &Signal) -> impl Iterator<Item = (Instant, Passed)> {
    let runs = signal.is_open() && !signal.missed;
    next(signal.at, signal.due, signal.warned).filter(move |_| runs)
}

fn of_stage(clock: &StageClock) -> impl Iterator<Item = (Instant, Passed)> {
    let runs = clock.is_open() && !clock.missed;
    let (anchor, warned) = (clock.anchor, clock.warned);
    clock
        .due
        .filter(|_| runs)
        .into_iter()
        .flat_map(move |due| next(anchor, due, warned))
}

/// When time alone changes something here.
pub(crate) fn wakeups(r: &Regulators) -> impl Iterator<Item = Instant> + '_ {
    let signals = r.signals.iter().flat_map(of_signal);
    let stages = r
        .records
        .values()
        .flat_map(|record| record.stages.values())
        .flat_map(of_stage);
    signals.chain(stages).map(|(at, _)| at)
}

/// What has come up to now: a miss, else the highest warning.
fn happened(all: impl Iterator<Item = (Instant, Passed)>, now: Instant) -> Option<Passed> {
    all.filter(|(at, _)| *at <= now).map(|(_, p)| p).max()
}

/// Records what fell due up to now.
pub(crate) fn catch_up(d: &mut Draft<'_>) -> Result<(), Refusal> {
    let now = d.now();
    let r = &d.case()?.regulators;
    let mut events = Vec::new();
    for (signal, found) in (0_u32..).zip(&r.signals) {
        match happened(of_signal(found), now) {
            Some(Passed::Miss) => events.push(RegulatorEvent::SignalMissed {
                signal,
                due: found.due,
            }),
            Some(Passed::Warning(percent)) => {
                events.push(RegulatorEvent::SignalWarned { signal, percent });
            }
            None => {}
        }
    }
    for (regime, record) in &r.records {
        for (stage, clock) in &record.stages {
            let (regime, stage) = (regime.clone(), stage.clone());
            match (happened(of_stage(clock), now), clock.due) {
                (Some(Passed::Miss), Some(due)) => {
                    events.push(RegulatorEvent::StageMissed { regime, stage, due });
                }
                (Some(Passed::Warning(percent)), _) => events.push(RegulatorEvent::StageWarned {
                    regime,
                    stage,
                    percent,
                }),
                _ => {}
            }
        }
    }
    push_all(d, events);
    Ok(())
}
