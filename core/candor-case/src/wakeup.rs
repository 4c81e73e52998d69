//! When a case must be looked at next.
//!
//! Invariant: a tick before this instant yields nothing, a tick at it something.

use candor_base::Instant;
use candor_calendar::WorkCalendar;
use candor_policy::settings::PolicyInForce;

use crate::alarm;
use crate::aside::HandOverWaits;
use crate::clock::{CaseClock, ClockStatus};
use crate::credit;
use crate::cve;
use crate::due;
use crate::model::pec::Consent;
use crate::parts::WaitingOn;
use crate::regulator;
use crate::state::{CaseState, Proposal};

/// Days after a question at which the reporter is reminded of it (`domain.md` 2.4).
pub(crate) const REMIND_AFTER_DAYS: [i64; 3] = [7, 14, 30];

/// The next instant at which time alone changes the case: a warning, a miss, a
/// reminder, the end of a pause or of an embargo. `None` when nothing is left to
/// wait for. The policy is the one the case was received under.
pub fn next_wakeup(case: &CaseState, policy: &PolicyInForce) -> Option<Instant> {
    let calendar = policy.calendar();
    let clocks = case.clocks.values().filter_map(|c| of_clock(c, &calendar));
    let alarms = case.clocks.values().filter_map(|c| alarm::next_at(case, c));
    clocks
        .chain(alarms)
        .chain(embargo_ends(case))
        .chain(proposal_lapses(case))
        .chain(credit::next(case).map(|(at, _)| at))
        .chain(reminder(case).map(|(at, _)| at))
        .chain(regulator::wakeups(&case.regulators))
        .chain(cve::wakeups(case))
        .chain(review(case))
        .chain(silent_parties(case).into_iter().map(|(at, _, _)| at))
        .chain(terms_waiting(case).into_iter().map(|(at, _, _)| at))
        .min()
}

fn of_clock(clock: &CaseClock, calendar: &WorkCalendar) -> Option<Instant> {
    match clock.status {
        ClockStatus::Running => {
            // Due itself is still in time.
            let missed = clock.due.map(|d| d.plus_seconds(1));
            [
                missed,
                warning(clock, 80, calendar),
                warning(clock, 50, calendar),
            ]
            .into_iter()
            .flatten()
            .min()
        }
        ClockStatus::Paused => due::pause_ends(clock),
        _ => None,
    }
}

/// When this warning comes, if it has not come yet.
pub(crate) fn warning(clock: &CaseClock, percent: u8, calendar: &WorkCalendar) -> Option<Instant> {
    let given = if percent >= 80 {
        clock.warned_most
    } else {
        clock.warned_half || clock.warned_most
    };
    if given {
        None
    } else {
        due::warns_at(clock, percent, calendar)
    }
}

/// When the embargo ends by itself.
pub(crate) fn embargo_ends(case: &CaseState) -> Option<Instant> {
    case.embargo
        .until
        .filter(|_| case.embargo.state.is_in_force())
}

/// When an unanswered proposal is overtaken: by its own date, or where other parties
/// are asked when their week is over. No timely answer is a rejection (EM-5).
pub(crate) fn proposal_lapses(case: &CaseState) -> Option<Instant> {
    case.embargo.proposal.as_ref().map(Proposal::answers_due)
}

/// When a case that was put aside is looked at again, until that was announced.
pub(crate) fn review(case: &CaseState) -> Option<Instant> {
    let deferral = case.around.deferral.as_ref()?;
    let open = case.closed.is_none() && !deferral.announced;
    open.then_some(deferral.review)
}

/// The next reminder of each party that was told and has not answered: when, which
/// party, which reminder.
pub(crate) fn silent_parties(case: &CaseState) -> Vec<(Instant, u32, u8)> {
    if case.closed.is_some() {
        return Vec::new();
    }
    case.around
        .hand_overs
        .iter()
        .filter(|h| h.waits_for() == HandOverWaits::Party)
        .filter_map(|h| {
            let days = REMIND_AFTER_DAYS.get(usize::from(h.reminders))?;
            let at = h.sent?.plus_seconds(days.saturating_mul(86_400));
            Some((at, h.number, h.reminders.saturating_add(1)))
        })
        .collect()
}

/// The next reminder of each party whose answer to the terms is out: when, which party,
/// which reminder.
pub(crate) fn terms_waiting(case: &CaseState) -> Vec<(Instant, u32, u8)> {
    if case.closed.is_some() || !case.embargo.state.is_in_force() {
        return Vec::new();
    }
    case.parties
        .iter()
        .filter(|p| p.removed.is_none())
        .filter(|p| matches!(p.consent, Consent::Invited | Consent::Lapsed))
        .filter_map(|p| {
            let days = REMIND_AFTER_DAYS.get(usize::from(p.reminders))?;
            let at = p.terms_since?.plus_seconds(days.saturating_mul(86_400));
            Some((at, p.number, p.reminders.saturating_add(1)))
        })
        .collect()
}

/// The next reminder of an open question: when, and which.
pub(crate) fn reminder(case: &CaseState) -> Option<(Instant, u8)> {
    if case.waiting_on != WaitingOn::Reporter {
        return None;
    }
    let asked = case.asked_at?;
    let days = REMIND_AFTER_DAYS.get(usize::from(case.reminders))?;
    Some((
        asked.plus_seconds(days.saturating_mul(86_400)),
        case.reminders.saturating_add(1),
    ))
}
