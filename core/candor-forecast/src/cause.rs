//! Why a promise was missed: a judgement by rules, the first that applies.
//!
//! Invariant: says something about every miss; the rules are those that
//! `docs/simulate.md` names, in the same order.

use candor_base::Instant;
use candor_policy::clocks::MetBy;

use crate::room::Room;
use crate::run::Run;
use crate::sample::{Cause, Sample};
use crate::scenario::DAY;
use crate::tasks::Job;

/// Less working time than this inside a promise is as good as none.
const HARDLY: i64 = 2 * 3_600;
/// So long a flood is felt.
const FLOOD_DAYS: i64 = 14;

/// The cause of a miss, at the moment it is recorded.
pub(crate) fn of(run: &Run<'_>, room: &Room, sample: &Sample) -> Cause {
    let Some(spec) = run.world.specs.get(sample.clock) else {
        return Cause::Queue;
    };
    let (from, due) = (sample.anchor, sample.due);
    if room.waits && spec.met_by != MetBy::HumanMessage {
        return Cause::Reporter;
    }
    let (all, there) = time_in(run, from, due);
    if all <= HARDLY {
        return Cause::OffHours;
    }
    if there <= HARDLY || doer_was_away(run, sample, from, due) {
        return Cause::Absence;
    }
    if work(room, spec.met_by) > most_capacity(run, from, due) {
        return Cause::Work;
    }
    if room.to_release.is_some_and(|since| since <= due) {
        return Cause::Rhythm;
    }
    let felt_from = due.plus_seconds(-FLOOD_DAYS * DAY);
    if run.flood_between(felt_from, due) {
        return Cause::Flood;
    }
    Cause::Queue
}

/// Working time of anybody in a stretch, with and without absences.
fn time_in(run: &Run<'_>, from: Instant, to: Instant) -> (i64, i64) {
    let each = run.world.rotas.iter().zip(&run.away);
    each.filter(|(rota, _)| !rota.watch)
        .map(|(rota, away)| rota.time_on_shift(away, from, to))
        .fold((0, 0), |(a, b), (all, there)| (a + all, b + there))
}

/// Whoever has the fix in hand was away for more than a third of the time.
fn doer_was_away(run: &Run<'_>, sample: &Sample, from: Instant, to: Instant) -> bool {
    let mut tasks = run.tasks.values();
    let doer = tasks
        .find(|t| t.room == sample.report && t.job == Job::Fix)
        .and_then(|t| t.doer);
    let Some((rota, away)) = doer.and_then(|d| Some((run.world.rotas.get(d)?, run.away.get(d)?)))
    else {
        return false;
    };
    let (all, there) = rota.time_on_shift(away, from, to);
    all - there > all / 3
}

/// Work of the case itself up to an act.
fn work(room: &Room, met_by: MetBy) -> i64 {
    let r = &room.report;
    match met_by {
        MetBy::HumanMessage => r.first_look,
        MetBy::PlanMessage | MetBy::ConversationMessage => r.first_look + r.plan,
        MetBy::StatusMessage => r.status,
        MetBy::Assessment | MetBy::AssessmentWithSeverity | MetBy::WorkStarted => {
            r.first_look + r.assessment
        }
        MetBy::FixReleased
        | MetBy::Published
        | MetBy::FixAndPublished
        | MetBy::DistributorsTold
        | MetBy::DateTold => r.first_look + r.assessment + r.fix + r.release,
    }
}

/// The most that one person could have worked on it.
fn most_capacity(run: &Run<'_>, from: Instant, to: Instant) -> i64 {
    let rotas = run.world.rotas.iter().filter(|r| !r.watch);
    rotas.map(|r| r.capacity(from, to)).max().unwrap_or(0)
}
