//! Folding events about regulators. Cannot fail; an event about something that
//! is not there changes nothing.

use std::collections::BTreeSet;

use candor_base::Instant;
use candor_duty::RegimeId;

use super::event::RegulatorEvent;
use super::state::{
    Awareness, Filed, Informed, Measure, NotReportable, RegimeRecord, Regulators, Signal,
    StageClock,
};
use crate::event::Recorded;
use crate::parts::Actor;

/// Applies an event.
pub(crate) fn apply(r: &mut Regulators, recorded: &Recorded, event: &RegulatorEvent) {
    let (now, by) = (recorded.at, recorded.actor);
    match event {
        RegulatorEvent::SignalNoted {
            subject,
            at,
            evidence,
            due,
            regimes,
        } => {
            // What the project is aware of already needs no second judgement.
            let known = |id: &&RegimeId| r.records.get(*id).is_some_and(RegimeRecord::is_due);
            let judged: BTreeSet<RegimeId> = regimes.iter().filter(known).cloned().collect();
            r.signals.push(Signal {
                subject: *subject,
                at: *at,
                noted: now,
                by,
                evidence: *evidence,
                due: *due,
                regimes: regimes.clone(),
                answered: regimes.is_subset(&judged).then_some(now),
                judged,
                warned: 0,
                missed: false,
            });
        }
        RegulatorEvent::SignalWarned { signal, percent } => {
            if let Some(found) = signal_at(r, *signal) {
                found.warned = found.warned.max(*percent);
            }
        }
        RegulatorEvent::SignalMissed { signal, .. } => {
            if let Some(found) = signal_at(r, *signal) {
                found.missed = true;
            }
        }
        RegulatorEvent::AwarenessRecorded {
            terms,
            at,
            evidence,
            reason,
        } => {
            let record = r.records.entry(terms.regime.clone()).or_default();
            record.aware = Some(Awareness {
                at: *at,
                recorded: now,
                by,
                evidence: *evidence,
                reason: *reason,
            });
            record.not_reportable = None;
            record.terms = Some((**terms).clone());
            judged(r, &terms.regime, now);
        }
        RegulatorEvent::FoundNotReportable { regime, reason } => {
            let record = r.records.entry(regime.clone()).or_default();
            record.not_reportable = Some(NotReportable {
                at: now,
                by,
                reason: *reason,
            });
            judged(r, regime, now);
        }
        RegulatorEvent::MeasureRecorded { at, evidence } => {
            r.measure = Some(Measure {
                at: *at,
                by,
                evidence: *evidence,
            });
        }
        RegulatorEvent::UsersInformed { regime, at, how } => {
            if let Some(record) = r.records.get_mut(regime) {
                record.informed = Some(Informed {
                    at: *at,
                    by,
                    how: *how,
                });
            }
        }
        RegulatorEvent::PackSaved { regime, pack } => {
            r.records.entry(regime.clone()).or_default().pack = Some(*pack);
        }
        about_stage => stage(r, about_stage, now, by),
    }
}

fn signal_at(r: &mut Regulators, index: u32) -> Option<&mut Signal> {
    r.signals.get_mut(usize::try_from(index).ok()?)
}

/// A regime was judged: every open sign that asks about it is one nearer its end.
fn judged(r: &mut Regulators, regime: &RegimeId, now: Instant) {
    for signal in r.signals.iter_mut().filter(|s| s.is_open()) {
        if signal.regimes.contains(regime) {
            signal.judged.insert(regime.clone());
        }
        if signal.regimes.is_subset(&signal.judged) {
            signal.answered = Some(now);
        }
    }
}

fn stage(r: &mut Regulators, event: &RegulatorEvent, now: Instant, by: Actor) {
    let (RegulatorEvent::StageStarted { regime, stage, .. }
    | RegulatorEvent::StageWarned { regime, stage, .. }
    | RegulatorEvent::StageMissed { regime, stage, .. }
    | RegulatorEvent::StageStopped { regime, stage }
    | RegulatorEvent::StageFiled { regime, stage, .. }) = event
    else {
        return;
    };
    let Some(record) = r.records.get_mut(regime) else {
        return;
    };
    if let RegulatorEvent::StageStarted {
        anchor,
        due,
        explanation,
        ..
    } = event
    {
        let before = record.stages.remove(stage);
        let late = |f: &Filed| due.is_some_and(|due| f.at > due);
        let clock = StageClock {
            anchor: *anchor,
            due: *due,
            explanation: explanation.clone(),
            warned: 0,
            missed: before
                .as_ref()
                .is_some_and(|c| c.missed || c.filed.as_ref().is_some_and(late)),
            moves: before.as_ref().map_or(0, |c| c.moves.saturating_add(1)),
            stopped: None,
            filed: before.and_then(|c| c.filed),
        };
        record.stages.insert(stage.clone(), clock);
        return;
    }
    let Some(clock) = record.stages.get_mut(stage) else {
        return;
    };
    match event {
        RegulatorEvent::StageWarned { percent, .. } => clock.warned = clock.warned.max(*percent),
        RegulatorEvent::StageMissed { .. } => clock.missed = true,
        RegulatorEvent::StageStopped { .. } => clock.stopped = Some(now),
        RegulatorEvent::StageFiled {
            at,
            reference,
            pack,
            missing,
            ..
        } => {
            // Filed in time and written down late is not missed.
            clock.missed = clock.due.is_some_and(|due| *at > due);
            clock.filed = Some(Filed {
                at: *at,
                recorded: now,
                by,
                reference: *reference,
                pack: *pack,
                missing: *missing,
            });
        }
        _ => {}
    }
}
