//! Due instants of a case's clocks, by the calendar of its policy.
//!
//! Invariant: a due instant that cannot be computed (absurd numbers, no business
//! day ever) is none, with the reason as its explanation; nothing is guessed.

use candor_base::Instant;
use candor_calendar::{
    PAUSE_CAP_SECONDS, Pause, Within, WorkCalendar, due, lead, paused_seconds, recurring_grid, show,
};
use candor_policy::clocks::{ClockRule, ClockSpec};
use candor_policy::model::{DisclosureKind, Milestone, Origin, Policy, Term, TermUnit};
use candor_policy::settings::PolicyInForce;

use crate::clock::CaseClock;
use crate::planned;
use crate::state::CaseState;

/// A raised severity never falls due earlier than this after the change (`domain.md` 3.1).
pub(crate) const RERATED_FLOOR_SECONDS: i64 = 24 * 3_600;

/// When something falls due and how that came about.
pub(crate) struct Computed {
    pub(crate) at: Option<Instant>,
    pub(crate) why: Vec<String>,
}

/// The due instant of one period of a clock.
pub(crate) fn of_rule(
    rule: &ClockRule,
    anchor: Instant,
    pauses: &[Pause],
    policy: &PolicyInForce,
    calendar: &WorkCalendar,
) -> Computed {
    match rule {
        ClockRule::Within { rule }
        | ClockRule::Recurring { rule }
        | ClockRule::RecurringGrid { rule } => within(rule, anchor, calendar, pauses),
        ClockRule::NextRelease => next_release(anchor, policy, calendar),
        ClockRule::Lead { .. } | ClockRule::FixPlus { .. } => Computed {
            at: None,
            why: vec![String::from("unscheduled: no publication is planned")],
        },
    }
}

/// What follows the planned publication or the fix, as things stand; `None` for rules
/// that count from their anchor alone.
pub(crate) fn following(
    rule: &ClockRule,
    case: &CaseState,
    anchor: Instant,
    calendar: &WorkCalendar,
) -> Option<Computed> {
    match rule {
        ClockRule::FixPlus { rule } => Some(planned::details_due(rule, case, anchor, calendar)),
        ClockRule::Lead { amount, unit } => {
            let in_force = case.embargo.state.is_in_force();
            let date = case.embargo.until.filter(|_| in_force)?;
            Some(match lead(*amount, *unit, date, calendar) {
                Ok(due) => Computed {
                    at: Some(due.at),
                    why: due.explanation,
                },
                Err(out_of_range) => Computed {
                    at: None,
                    why: vec![out_of_range.to_string()],
                },
            })
        }
        _ => None,
    }
}

/// The due instant of a period that begins: days on a grid count from the first anchor.
pub(crate) fn of_period(
    rule: &ClockRule,
    (first, start): (Instant, Instant),
    period: u32,
    policy: &PolicyInForce,
    calendar: &WorkCalendar,
) -> Computed {
    let ClockRule::RecurringGrid { rule } = rule else {
        return of_rule(rule, start, &[], policy, calendar);
    };
    match recurring_grid(rule, period, first, calendar).map(|mut all| all.pop()) {
        Ok(Some(due)) => Computed {
            at: Some(due.at),
            why: due.explanation,
        },
        Ok(None) => Computed {
            at: None,
            why: Vec::new(),
        },
        Err(out_of_range) => Computed {
            at: None,
            why: vec![out_of_range.to_string()],
        },
    }
}

fn within(rule: &Within, anchor: Instant, calendar: &WorkCalendar, pauses: &[Pause]) -> Computed {
    match due(rule, anchor, calendar, pauses) {
        Ok(due) => Computed {
            at: Some(due.at),
            why: due.explanation,
        },
        Err(out_of_range) => Computed {
            at: None,
            why: vec![out_of_range.to_string()],
        },
    }
}

fn next_release(anchor: Instant, policy: &PolicyInForce, calendar: &WorkCalendar) -> Computed {
    match policy.settings.next_release {
        Some(day) if calendar.end_of_day(day) >= anchor => {
            let at = calendar.end_of_day(day);
            Computed {
                at: Some(at),
                why: vec![
                    String::from("the day of the next release, as the owner gave it"),
                    format!("due {}", show(at, calendar)),
                ],
            }
        }
        _ => Computed {
            at: None,
            why: vec![String::from(
                "unscheduled: no day of the next release is known",
            )],
        },
    }
}

/// Holds a re-rated due instant to 24 hours after the change at the earliest. That day is
/// given once (`given`): rating down and up again gains no further time.
pub(crate) fn not_before_change(
    computed: Computed,
    now: Instant,
    given: Option<Instant>,
    calendar: &WorkCalendar,
) -> Computed {
    let day_on = now.plus_seconds(RERATED_FLOOR_SECONDS);
    let floor = given.map_or(day_on, |first| first.min(day_on));
    let why = if floor < day_on {
        "24 hours after a change were given before; rating again adds no more"
    } else {
        "the new severity would be due earlier than 24 hours after the change"
    };
    match computed.at {
        Some(at) if at < floor => Computed {
            at: Some(floor),
            why: vec![String::from(why), format!("due {}", show(floor, calendar))],
        },
        _ => computed,
    }
}

/// The due instant when a paused clock goes on now.
pub(crate) fn resumed(
    clock: &CaseClock,
    now: Instant,
    policy: &PolicyInForce,
    calendar: &WorkCalendar,
) -> Computed {
    let mut pauses = clock.pauses.clone();
    if let Some(open) = pauses.last_mut() {
        open.until = open.until.or(Some(now));
    }
    with_pauses(clock, &pauses, policy, calendar)
}

/// The due instant with these pauses. One that was moved (re-rated, extended) is
/// moved on by what the new pauses add to the old.
pub(crate) fn with_pauses(
    clock: &CaseClock,
    pauses: &[Pause],
    policy: &PolicyInForce,
    calendar: &WorkCalendar,
) -> Computed {
    let counted = closed(&clock.pauses);
    let before = of_rule(&clock.spec.rule, clock.anchor, &counted, policy, calendar);
    let after = of_rule(&clock.spec.rule, clock.anchor, pauses, policy, calendar);
    match (clock.due, before.at, after.at) {
        (Some(due), Some(b), Some(a)) if due != b => {
            let moved = due.plus_seconds(a.seconds_since(b));
            let mut why = clock.explanation.clone();
            why.push(format!(
                "moved on by the time the case waited for the reporter; due {}",
                show(moved, calendar)
            ));
            Computed {
                at: Some(moved),
                why,
            }
        }
        _ => after,
    }
}

pub(crate) fn closed(pauses: &[Pause]) -> Vec<Pause> {
    pauses
        .iter()
        .filter(|p| p.until.is_some())
        .copied()
        .collect()
}

/// When a pausable clock that stands still goes on by itself: thirty days of
/// waiting in all are the most (K4).
pub(crate) fn pause_ends(clock: &CaseClock) -> Option<Instant> {
    let open = clock.pauses.last().filter(|p| p.until.is_none())?;
    let from = open.from.max(clock.anchor);
    let used = paused_seconds(clock.anchor, &closed(&clock.pauses), from);
    Some(from.plus_seconds(PAUSE_CAP_SECONDS.saturating_sub(used).max(0)))
}

/// Whether a clock has used up the time for which it may stand still.
pub(crate) fn pause_used_up(clock: &CaseClock, now: Instant) -> bool {
    paused_seconds(clock.anchor, &clock.pauses, now) >= PAUSE_CAP_SECONDS
}

/// The end of the policy's own disclosure window from receipt, if it has one (EM-3).
pub(crate) fn default_embargo(
    policy: &Policy,
    received: Instant,
    calendar: &WorkCalendar,
) -> Option<Instant> {
    let window = policy.disclosure.iter().find_map(|c| match &c.value.rule {
        DisclosureKind::Window {
            amount,
            unit,
            from: Origin::Receipt,
        } if c.value.severity.is_none() => Some((*amount, *unit)),
        _ => None,
    });
    let promised = || {
        policy.promises.iter().find_map(|c| match &c.value.term {
            Term::Within { amount, unit, .. }
                if c.value.milestone == Milestone::Disclosure
                    && c.value.severity.is_none()
                    && c.value.condition.is_none()
                    && c.value.from == Origin::Receipt =>
            {
                Some((*amount, *unit))
            }
            _ => None,
        })
    };
    if let Some(at) = planned::default_details(policy, received, calendar) {
        return Some(planned::moved_to_a_day(policy, at, received, calendar));
    }
    let (amount, unit) = window.or_else(promised)?;
    let rule = match unit {
        TermUnit::Hours => Within::hours(amount),
        TermUnit::BusinessHours => Within::business_hours(amount),
        TermUnit::Days => Within::calendar_days(amount),
        TermUnit::BusinessDays => Within::business_days(amount),
        TermUnit::Weeks => Within::calendar_days(amount.checked_mul(7)?),
        TermUnit::Months => Within::months(amount),
    };
    let at = due(&rule, received, calendar, &[]).ok()?.at;
    Some(planned::moved_to_a_day(policy, at, received, calendar))
}

/// When a clock is warned of, for 50 or 80 percent; `None` without a due instant.
/// Both warnings of a business clock come in duty hours.
pub(crate) fn warns_at(clock: &CaseClock, percent: u8, calendar: &WorkCalendar) -> Option<Instant> {
    let due = clock.due?;
    match rule_of(&clock.spec) {
        Some(rule) => Some(candor_calendar::warn_on_duty(
            clock.anchor,
            due,
            percent,
            rule,
            calendar,
        )),
        None => Some(candor_calendar::warn_at(clock.anchor, due, percent)),
    }
}

fn rule_of(spec: &ClockSpec) -> Option<&Within> {
    match &spec.rule {
        ClockRule::Within { rule }
        | ClockRule::Recurring { rule }
        | ClockRule::RecurringGrid { rule } => Some(rule),
        ClockRule::NextRelease | ClockRule::Lead { .. } | ClockRule::FixPlus { .. } => None,
    }
}

/// Whether a clock may stand still for the reporter (K4).
pub(crate) fn is_pausable(spec: &ClockSpec) -> bool {
    rule_of(spec).is_some_and(|r| r.pausable)
}
