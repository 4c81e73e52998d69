//! Open clocks after an edit of the calendar: other holidays of the owner, or the zone
//! data and the table of holidays of a newer binary (`domain.md` 3.2).
//!
//! Invariants: an edit makes an open promise earlier or leaves it as it is, never later;
//! never earlier than 24 hours from now, so that nobody finds a miss that could not be
//! prevented; what was agreed (extended, re-rated) stays as it was agreed; zone and work
//! week stay those of the policy at receipt. Every recount that gives another instant is
//! an event.

use candor_base::Refusal;
use candor_calendar::{Due, WorkCalendar, after_edit, show};
use candor_policy::clocks::ClockRule;

use crate::clock::{CaseClock, ClockStatus};
use crate::draft::Draft;
use crate::due;
use crate::event::Event;

/// Counts again what was counted with tables that this binary no longer has.
pub(super) fn by_new_tables(d: &mut Draft<'_>) -> Result<(), Refusal> {
    let calendar = d.calendar.clone();
    let old = |c: &&CaseClock| !calendar.has_the_tables_of(&c.basis);
    let clocks: Vec<CaseClock> = d.case()?.clocks.values().filter(old).cloned().collect();
    for clock in &clocks {
        recount(d, clock, &calendar);
    }
    Ok(())
}

/// Counts again with the days that the owner gives now.
pub(super) fn by_owner(d: &mut Draft<'_>, edited: &WorkCalendar) -> Result<(), Refusal> {
    let mut calendar = d.calendar.clone();
    calendar.regions.clone_from(&edited.regions);
    calendar.holidays.clone_from(&edited.holidays);
    calendar.working_days.clone_from(&edited.working_days);
    let clocks: Vec<CaseClock> = d.case()?.clocks.values().cloned().collect();
    for clock in &clocks {
        recount(d, clock, &calendar);
    }
    Ok(())
}

fn recount(d: &mut Draft<'_>, clock: &CaseClock, calendar: &WorkCalendar) {
    let counts = matches!(
        clock.spec.rule,
        ClockRule::Within { .. } | ClockRule::Recurring { .. }
    );
    let open = matches!(clock.status, ClockStatus::Running | ClockStatus::Paused);
    let (Some(at), true, None) = (clock.due, open && counts, clock.original_due) else {
        return;
    };
    let pauses = due::closed(&clock.pauses);
    let new = due::of_rule(
        &clock.spec.rule,
        clock.anchor,
        &pauses,
        d.ctx.policy,
        calendar,
    );
    let Some(new_at) = new.at.filter(|new| *new != at) else {
        return;
    };
    let before = Due {
        at,
        plan_by: None,
        explanation: clock.explanation.clone(),
    };
    let recounted = Due {
        at: new_at,
        plan_by: None,
        explanation: new.why,
    };
    let mut after = after_edit(&before, recounted, calendar);
    let floor = d.now().plus_seconds(due::RERATED_FLOOR_SECONDS).min(at);
    if after.at < floor {
        after.at = floor;
        after.explanation.push(format!(
            "the calendar was edited: it would be due earlier than 24 hours after the edit; due {}",
            show(floor, calendar)
        ));
    } else if after.at < at {
        after.explanation.push(format!(
            "the calendar was edited: before, it was due {}",
            show(at, calendar)
        ));
    }
    // The same edit again says nothing new.
    let said = after.explanation.last();
    if after.at == at && said.is_some_and(|said| clock.explanation.contains(said)) {
        return;
    }
    d.push(Event::ClockRecounted {
        clock: clock.spec.key.clone(),
        due: after.at,
        explanation: after.explanation,
        basis: calendar.basis(),
    });
}
