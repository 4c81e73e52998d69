//! After every command: clocks that begin, are met, stand still, go on or end.
//!
//! Invariants: the table in `fulfil` decides what meets a clock; a missed clock is
//! never stopped, so that a miss is never hidden.

use candor_base::{Instant, Refusal};
use candor_calendar::WorkCalendar;
use candor_policy::clocks::{ClockRule, ClockSpec};
use candor_policy::model::Origin;

use crate::aside::Wish;
use crate::clock::{CaseClock, ClockStatus};
use crate::draft::Draft;
use crate::due;
use crate::event::Event;
use crate::fulfil;
use crate::parts::WaitingOn;
use crate::planned;
use crate::state::{CaseState, Stage};

/// Brings all clocks into line with what was decided.
pub(super) fn settle(d: &mut Draft<'_>) -> Result<(), Refusal> {
    end_what_is_over(d)?;
    schedule_releases(d)?;
    follow_plan(d)?;
    start_what_can(d)?;
    meet_what_is_done(d)?;
    end_what_is_over(d)?;
    if d.deferred_before && d.case()?.around.deferral.is_none() {
        quicken(d)?;
    }
    pause_or_resume(d)
}

/// Taken up again: updates come as often as promised, the sooner of what was due before
/// the case was put aside and the usual time from now.
fn quicken(d: &mut Draft<'_>) -> Result<(), Refusal> {
    for clock in open_clocks(d.case()?) {
        let ClockRule::Recurring { rule } = &clock.spec.rule else {
            continue;
        };
        let usual = due::of_rule(&clock.spec.rule, d.now(), &[], d.ctx.policy, &d.calendar);
        let before = clock.original_due.filter(|at| *at >= d.now());
        let (Some(due), Some(usual_at), ClockStatus::Running) = (clock.due, usual.at, clock.status)
        else {
            continue;
        };
        let at = before.map_or(usual_at, |b| b.min(usual_at));
        if *rule != super::aside::slow_rule() && at < due {
            let mut why = vec![String::from(
                "taken up again: updates come as often as promised",
            )];
            why.push(format!("due {}", candor_calendar::show(at, &d.calendar)));
            d.push(Event::ClockMoved {
                clock: clock.spec.key,
                due: Some(at),
                explanation: why,
                agreed: None,
            });
        }
    }
    Ok(())
}

fn open_clocks(case: &CaseState) -> Vec<CaseClock> {
    let mut open: Vec<CaseClock> = case
        .clocks
        .values()
        .filter(|c| c.is_open())
        .cloned()
        .collect();
    open.sort_by(|a, b| a.spec.key.cmp(&b.spec.key));
    open
}

/// A promise that waits for the next release gets its day once the register knows it.
fn schedule_releases(d: &mut Draft<'_>) -> Result<(), Refusal> {
    for clock in open_clocks(d.case()?) {
        if clock.spec.rule != ClockRule::NextRelease || clock.due.is_some() {
            continue;
        }
        let known = due::of_rule(
            &clock.spec.rule,
            clock.anchor,
            &[],
            d.ctx.policy,
            &d.calendar,
        );
        if known.at.is_some_and(|at| at >= d.now()) {
            d.push(Event::ClockMoved {
                clock: clock.spec.key,
                due: known.at,
                explanation: known.why,
                agreed: None,
            });
        }
    }
    Ok(())
}

/// What follows the planned publication or the fix: the policy's own date first, then
/// the clocks that count from it.
fn follow_plan(d: &mut Draft<'_>) -> Result<(), Refusal> {
    let policy = &d.ctx.policy.policy;
    let by_fix = planned::details_after_the_fix(d.case()?, policy, d.now(), &d.calendar);
    if let Some(until) = by_fix {
        d.push(Event::EmbargoByDefault { until });
    }
    for clock in open_clocks(d.case()?) {
        let rule = &clock.spec.rule;
        let Some(now) = due::following(rule, d.case()?, clock.anchor, &d.calendar) else {
            continue;
        };
        if clock.status == ClockStatus::Running && now.at != clock.due {
            d.push(Event::ClockMoved {
                clock: clock.spec.key,
                due: now.at,
                explanation: now.why,
                agreed: None,
            });
        }
    }
    Ok(())
}

fn end_what_is_over(d: &mut Draft<'_>) -> Result<(), Refusal> {
    for clock in open_clocks(d.case()?) {
        // What was done by this very command is met below, not stopped.
        let done = fulfil::done_at(d.case()?, clock.spec.met_by, clock.anchor).is_some();
        let once = !clock.spec.recurs();
        if clock.status != ClockStatus::Missed
            && fulfil::is_over(d.case()?, &clock.spec)
            && !(once && done && clock.spec.severity.is_none())
        {
            d.push(Event::ClockStopped {
                clock: clock.spec.key,
            });
        }
    }
    Ok(())
}

fn start_what_can(d: &mut Draft<'_>) -> Result<(), Refusal> {
    for spec in candor_policy::clocks(d.ctx.policy) {
        if d.case()?.episode > 1 {
            super::episode::start(d, &spec)?;
            continue;
        }
        let case = d.case()?;
        let Some(anchor) = anchor_of(case, &spec) else {
            continue;
        };
        if fulfil::is_over(case, &spec) {
            continue;
        }
        match case.clocks.get(&spec.key) {
            None => start(d, spec, anchor),
            Some(c) if matches!(c.status, ClockStatus::Stopped { .. }) => again(d, &c.clone()),
            Some(_) => {}
        }
    }
    Ok(())
}

/// What a clock counts from; `None` while that has not happened.
pub(super) fn anchor_of(case: &CaseState, spec: &ClockSpec) -> Option<Instant> {
    if spec.severity.is_some() && spec.severity != case.severity() {
        return None;
    }
    if matches!(spec.rule, ClockRule::Lead { .. }) {
        // Others are told of what was accepted, once a date is planned.
        let planned = case.embargo.until.is_some() && case.embargo.state.is_in_force();
        return case.accepted.filter(|_| planned);
    }
    match spec.from {
        Origin::Receipt => Some(case.received),
        Origin::Acknowledgement => case.acknowledged,
        Origin::Triage => case.outcome_told,
        Origin::Acceptance => case.accepted,
        Origin::Fix => case.fix_ready,
        Origin::Release => case.fix_released,
        Origin::Disclosure => case.advisory.published,
    }
}

pub(super) fn start(d: &mut Draft<'_>, spec: ClockSpec, anchor: Instant) {
    let pauses = d.state().map(|c| due::closed(&c.waits)).unwrap_or_default();
    let following = d
        .state()
        .and_then(|case| due::following(&spec.rule, case, anchor, &d.calendar));
    let computed = following
        .unwrap_or_else(|| due::of_rule(&spec.rule, anchor, &pauses, d.ctx.policy, &d.calendar));
    let rerated =
        spec.severity.is_some() && d.severity_before.is_some_and(|s| Some(s) != spec.severity);
    if !rerated {
        d.push(started(&d.calendar, spec, 1, anchor, computed));
        return;
    }
    let given = day_given(d, &spec, anchor);
    let computed = due::not_before_change(computed, d.now(), given, &d.calendar);
    let computed = with_agreed_time(d, &spec, anchor, computed);
    let promised = promised_before(d, &spec);
    let key = spec.key.clone();
    match promised.filter(|old| computed.at.is_none_or(|new| *old < new)) {
        // Lowered: the earlier due instant was promised, so both are kept and shown.
        Some(old) => {
            let first = due::Computed {
                at: Some(old),
                why: vec![String::from("promised under the earlier severity")],
            };
            d.push(started(&d.calendar, spec, 1, anchor, first));
            d.push(Event::ClockMoved {
                clock: key,
                due: computed.at,
                explanation: computed.why,
                agreed: None,
            });
        }
        None => d.push(started(&d.calendar, spec, 1, anchor, computed)),
    }
}

/// The day after a change that this promise was given before, under this severity or a
/// graver one: a due instant later than the one that the rule alone gives. Moved on by
/// what the case waited since.
fn day_given(d: &Draft<'_>, spec: &ClockSpec, anchor: Instant) -> Option<Instant> {
    let case = d.state()?;
    let waits = due::closed(&case.waits);
    case.clocks
        .values()
        .filter(|c| c.anchor == anchor && c.spec.severity >= spec.severity)
        .filter(|c| c.spec.met_by == spec.met_by && c.spec.milestone == spec.milestone)
        .filter_map(|c| {
            let plain = due::of_rule(&c.spec.rule, anchor, &waits, d.ctx.policy, &d.calendar);
            let stood = due::with_pauses(c, &waits, d.ctx.policy, &d.calendar).at?;
            plain.at.is_some_and(|at| at < stood).then_some(stood)
        })
        .min()
}

/// More time for this very promise that the reporter agreed to stays agreed.
fn with_agreed_time(
    d: &Draft<'_>,
    spec: &ClockSpec,
    anchor: Instant,
    computed: due::Computed,
) -> due::Computed {
    let agreed = d.state().and_then(|case| {
        let longer = |wish: &Wish| matches!(wish, Wish::Extend { .. });
        let mut all = case.around.agreed_about(&spec.key);
        let clock = case.clocks.get(&spec.key).filter(|c| c.anchor == anchor)?;
        let waits = due::closed(&case.waits);
        all.any(|(wish, _)| longer(wish))
            .then(|| due::with_pauses(clock, &waits, d.ctx.policy, &d.calendar))
    });
    match agreed {
        Some(longer) if longer.at > computed.at && computed.at.is_some() => longer,
        _ => computed,
    }
}

/// The due instant that the same promise had under the severity before.
fn promised_before(d: &Draft<'_>, spec: &ClockSpec) -> Option<Instant> {
    d.state()?
        .clocks
        .values()
        .filter(|c| c.spec.severity.is_some() && c.spec.severity == d.severity_before)
        .find(|c| c.spec.met_by == spec.met_by && c.spec.milestone == spec.milestone)
        .and_then(|c| c.original_due.or(c.due))
}

/// A stopped clock applies again: from where it stood, never from now. What the case
/// waited for the reporter in between counts as it would have.
pub(super) fn again(d: &mut Draft<'_>, clock: &CaseClock) {
    let follows = matches!(
        clock.spec.rule,
        ClockRule::Lead { .. } | ClockRule::FixPlus { .. }
    );
    let rerated = d
        .severity_before
        .is_some_and(|s| Some(s) != clock.spec.severity);
    if (clock.spec.severity.is_some() && rerated) || follows {
        start(d, clock.spec.clone(), clock.anchor);
        return;
    }
    let waits = d.state().map(|c| due::closed(&c.waits)).unwrap_or_default();
    let mut now_due = due::with_pauses(clock, &waits, d.ctx.policy, &d.calendar);
    now_due
        .why
        .push(String::from("applies again, counted from its first day"));
    let (key, spec) = (clock.spec.key.clone(), clock.spec.clone());
    let Some(original) = clock.original_due else {
        d.push(started(
            &d.calendar,
            spec,
            clock.period,
            clock.anchor,
            now_due,
        ));
        return;
    };
    // Extended before: both due instants stay visible.
    let first = due::Computed {
        at: Some(original),
        why: clock.explanation.clone(),
    };
    d.push(started(
        &d.calendar,
        spec,
        clock.period,
        clock.anchor,
        first,
    ));
    d.push(Event::ClockMoved {
        clock: key,
        due: now_due.at,
        explanation: now_due.why,
        agreed: None,
    });
}

pub(super) fn started(
    calendar: &WorkCalendar,
    spec: ClockSpec,
    period: u32,
    anchor: Instant,
    computed: due::Computed,
) -> Event {
    Event::ClockStarted {
        spec: Box::new(spec),
        period,
        anchor,
        due: computed.at,
        explanation: computed.why,
        basis: calendar.basis(),
    }
}

fn meet_what_is_done(d: &mut Draft<'_>) -> Result<(), Refusal> {
    for clock in open_clocks(d.case()?) {
        if clock.spec.recurs() {
            next_period(d, clock)?;
            continue;
        }
        if let Some(at) = fulfil::done_at(d.case()?, clock.spec.met_by, clock.anchor) {
            d.push(Event::ClockMet {
                clock: clock.spec.key,
                done: (at < d.now()).then_some(at),
            });
        }
    }
    Ok(())
}

/// A qualifying act restarts the period from its own date (S1-17).
fn next_period(d: &mut Draft<'_>, clock: CaseClock) -> Result<(), Refusal> {
    let on_grid = matches!(clock.spec.rule, ClockRule::RecurringGrid { .. });
    // On fixed days a second act counts for the day it was due on, not for the next.
    if !d.acts.contains(&clock.spec.met_by) || (on_grid && d.now() < clock.anchor) {
        return Ok(());
    }
    d.push(Event::ClockMet {
        clock: clock.spec.key.clone(),
        done: None,
    });
    let now = d.now();
    // While the case is put aside, updates come monthly.
    let slow = ClockRule::Recurring {
        rule: super::aside::slow_rule(),
    };
    let rule = if d.case()?.stage() == Stage::Deferred && !on_grid {
        &slow
    } else {
        &clock.spec.rule
    };
    let first = anchor_of(d.case()?, &clock.spec).unwrap_or(clock.anchor);
    let start = clock.due.filter(|_| on_grid).unwrap_or(now);
    let period = clock.period.saturating_add(1);
    let computed = due::of_period(rule, (first, start), period, d.ctx.policy, &d.calendar);
    d.push(started(&d.calendar, clock.spec, period, start, computed));
    Ok(())
}

fn pause_or_resume(d: &mut Draft<'_>) -> Result<(), Refusal> {
    let waiting = d.case()?.waiting_on == WaitingOn::Reporter;
    for clock in open_clocks(d.case()?) {
        if waiting
            && clock.status == ClockStatus::Running
            && due::is_pausable(&clock.spec)
            && !due::pause_used_up(&clock, d.now())
        {
            d.push(Event::ClockPaused {
                clock: clock.spec.key,
            });
        } else if !waiting && clock.status == ClockStatus::Paused {
            resume(d, &clock);
        }
    }
    Ok(())
}

pub(super) fn resume(d: &mut Draft<'_>, clock: &CaseClock) {
    let computed = due::resumed(clock, d.now(), d.ctx.policy, &d.calendar);
    d.push(Event::ClockResumed {
        clock: clock.spec.key.clone(),
        due: computed.at,
        explanation: computed.why,
    });
}
