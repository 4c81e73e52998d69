//! What the passing of time alone causes.
//!
//! Invariants: a second look at the same instant finds nothing more; after a long
//! downtime every miss is recorded once, and a recurring clock counts every period
//! that passed; a warning that a later one overtook is not sent any more.

use std::collections::BTreeMap;

use candor_base::Refusal;

use super::clocks::{resume, started};
use crate::alarm;
use crate::aside::AsideEvent;
use crate::clock::{CaseClock, ClockStatus};
use crate::credit;
use crate::draft::Draft;
use crate::due;
use crate::event::Event;
use crate::state::Proposal;
use crate::wakeup;

/// Periods of one recurring clock that one look records at most; the next look goes on.
const PERIODS_AT_ONCE: u32 = 5_000;

/// Records what fell due up to now.
pub(super) fn catch_up(d: &mut Draft<'_>) -> Result<(), Refusal> {
    super::recount::by_new_tables(d)?;
    let clocks: Vec<CaseClock> = d.case()?.clocks.values().cloned().collect();
    for clock in clocks {
        match clock.status {
            ClockStatus::Running => run_on(d, clock),
            ClockStatus::Paused if due::pause_ends(&clock).is_some_and(|at| at <= d.now()) => {
                resume(d, &clock);
                // Going on, it may be due for a warning at this very look.
                let again = d.case()?.clocks.get(&clock.spec.key).cloned();
                if let Some(again) = again {
                    run_on(d, again);
                }
            }
            _ => {}
        }
    }
    escalate(d)?;
    crate::regulator::catch_up(d)?;
    crate::cve::catch_up(d)?;
    end_embargo(d)?;
    remind_of_credit(d)?;
    remind(d)?;
    look_again(d)
}

/// Each reminder counts from when the one before was really sent.
fn remind_of_credit(d: &mut Draft<'_>) -> Result<(), Refusal> {
    match credit::next(d.case()?).filter(|(at, _)| *at <= d.now()) {
        Some((_, Some(number))) => d.push(Event::CreditReminded { number }),
        Some((_, None)) => d.push(Event::CreditGivenUp),
        None => {}
    }
    Ok(())
}

/// Misses that nobody has answered climb.
fn escalate(d: &mut Draft<'_>) -> Result<(), Refusal> {
    let case = d.case()?;
    let now = d.now();
    let told: Vec<Event> = case
        .clocks
        .values()
        .filter_map(|clock| {
            let (round, step) = alarm::due_now(case, clock, now)?;
            let clock = clock.spec.key.clone();
            Some(Event::ClockEscalated { clock, round, step })
        })
        .collect();
    for event in told {
        d.push(event);
    }
    Ok(())
}

fn run_on(d: &mut Draft<'_>, clock: CaseClock) {
    if clock.due.is_some_and(|due| d.now() > due) {
        miss(d, clock);
    } else {
        warn(d, &clock);
    }
}

fn warn(d: &mut Draft<'_>, clock: &CaseClock) {
    for percent in [80, 50] {
        let due_now = wakeup::warning(clock, percent, &d.calendar).is_some_and(|at| at <= d.now());
        if due_now {
            d.push(Event::ClockWarned {
                clock: clock.spec.key.clone(),
                percent,
            });
            return;
        }
    }
}

fn miss(d: &mut Draft<'_>, clock: CaseClock) {
    let recurring = clock.spec.recurs();
    let first = d
        .state()
        .and_then(|case| super::clocks::anchor_of(case, &clock.spec))
        .unwrap_or(clock.anchor);
    let mut current = clock;
    for _ in 0..PERIODS_AT_ONCE {
        let Some(due) = current.due.filter(|due| d.now() > *due) else {
            break;
        };
        d.push(Event::ClockMissed {
            clock: current.spec.key.clone(),
            due,
        });
        if !recurring {
            return;
        }
        // The next period begins at the due instant that was missed (`domain.md` 3.1).
        let period = current.period.saturating_add(1);
        let computed = due::of_period(
            &current.spec.rule,
            (first, due),
            period,
            d.ctx.policy,
            &d.calendar,
        );
        if computed.at.is_none_or(|next| next <= due) {
            return;
        }
        current.period = period;
        current.anchor = due;
        current.due = computed.at;
        d.push(started(
            &d.calendar,
            current.spec.clone(),
            current.period,
            due,
            computed,
        ));
    }
    let last = d
        .state()
        .and_then(|c| c.clocks.get(&current.spec.key))
        .cloned();
    if let Some(last) = last.filter(|c| c.due.is_some_and(|due| d.now() <= due)) {
        warn(d, &last);
    }
}

fn end_embargo(d: &mut Draft<'_>) -> Result<(), Refusal> {
    let now = d.now();
    // Parties' answers that were due before the end come first: they may set it anew.
    let case = d.case()?;
    let first = case
        .embargo
        .proposal
        .as_ref()
        .filter(|p| !p.asked.is_empty())
        .map(Proposal::answers_due)
        .filter(|at| *at <= now)
        .is_some_and(|at| wakeup::embargo_ends(case).is_none_or(|until| at < until));
    if first {
        answers_due(d)?;
    }
    if let Some(until) = wakeup::embargo_ends(d.case()?).filter(|at| *at <= now) {
        d.push(Event::EmbargoExited { fact: None });
        if d.case()?.reporter_free_from.is_none() {
            d.push(Event::ReporterFree { from: until });
        }
    }
    if wakeup::proposal_lapses(d.case()?).is_some_and(|at| at <= now) {
        answers_due(d)?;
    }
    Ok(())
}

/// No timely answer (EM-5): of team or reporter a refusal; of a party it holds nobody up.
fn answers_due(d: &mut Draft<'_>) -> Result<(), Refusal> {
    let case = d.case()?;
    match &case.embargo.proposal {
        Some(proposal) if !proposal.asked.is_empty() => {
            let (at, agreed) = (proposal.at, case.taken_by_enough());
            super::aside::push(d, AsideEvent::AnswersDue { at, agreed });
        }
        _ => d.push(Event::DateDeclined { reason: None }),
    }
    Ok(())
}

/// A review whose day has come, and parties that have not answered: the last reminder
/// that is due, once.
fn look_again(d: &mut Draft<'_>) -> Result<(), Refusal> {
    let now = d.now();
    if wakeup::review(d.case()?).is_some_and(|at| at <= now) {
        super::aside::push(d, AsideEvent::ReviewDue);
    }
    let mut ahead = d.case()?.clone();
    let mut latest = BTreeMap::new();
    loop {
        let due: Vec<_> = wakeup::silent_parties(&ahead)
            .into_iter()
            .filter(|(at, _, _)| *at <= now)
            .collect();
        if due.is_empty() {
            break;
        }
        for (_, number, reminder) in due {
            latest.insert(number, reminder);
            for party in &mut ahead.around.hand_overs {
                if party.number == number {
                    party.reminders = reminder;
                }
            }
        }
    }
    for (number, reminder) in latest {
        super::aside::push(d, AsideEvent::PartySilent { number, reminder });
    }
    remind_of_terms(d)
}

/// Parties whose answer to the terms is out: the last reminder that is due, once.
fn remind_of_terms(d: &mut Draft<'_>) -> Result<(), Refusal> {
    let now = d.now();
    let mut ahead = d.case()?.clone();
    let mut latest = BTreeMap::new();
    loop {
        let mut due = wakeup::terms_waiting(&ahead);
        due.retain(|(at, _, _)| *at <= now);
        if due.is_empty() {
            break;
        }
        for (_, number, reminder) in due {
            latest.insert(number, reminder);
            for party in ahead.parties.iter_mut().filter(|p| p.number == number) {
                party.reminders = reminder;
            }
        }
    }
    for (number, reminder) in latest {
        super::aside::push(d, AsideEvent::TermsReminded { number, reminder });
    }
    Ok(())
}

fn remind(d: &mut Draft<'_>) -> Result<(), Refusal> {
    let now = d.now();
    let case = d.case()?;
    let mut latest = None;
    let mut ahead = case.clone();
    while let Some((_, number)) = wakeup::reminder(&ahead).filter(|(at, _)| *at <= now) {
        latest = Some(number);
        ahead.reminders = number;
    }
    if let Some(number) = latest {
        d.push(Event::Reminded { number });
    }
    Ok(())
}
