//! The planned publication and the rules of the policy that bound it: days of the week,
//! a day of the month, the longest embargo of a list, "90+30".
//!
//! Invariants: a rule never moves a date later than what was promised or agreed; what
//! is public, exploited or attacked has no planned date and so no rule (EM-6).
//!
//! Deliberately absent: word in advance, which is a clock; see `due`.

use candor_base::{Instant, Refusal, RefusalCode};
use candor_calendar::{
    Direction, Disclosure, FixFacts, FixPlus, Grid, ReleaseDay, Within, WorkCalendar, fix_plus,
    grid, lead, list_max, release_day, show,
};
use candor_policy::model::{Policy, TimetableRule};
use candor_policy::{fix_plus_of, list_maximum_hours, timetable_words};

use crate::due::Computed;
use crate::parts::AttackFact;
use crate::party::LIST_MAX_HOURS;
use crate::state::CaseState;

/// A rule that allows some days only.
enum Days {
    Week(ReleaseDay),
    Month(Grid),
}

impl Days {
    /// Where the text names no hour, the hour stays as it is.
    fn of(rule: TimetableRule, at: Instant, calendar: &WorkCalendar) -> Option<Self> {
        match rule {
            TimetableRule::ReleaseDays { weekdays, time_utc } => Some(Self::Week(ReleaseDay {
                time_utc: time_utc.unwrap_or(WorkCalendar::utc_mon_fri().local_time(at)),
                allowed_weekdays: weekdays,
                cut_outs: Vec::new(),
            })),
            rule => rule.month_grid(calendar.local_time(at)).map(Self::Month),
        }
    }

    fn allow(&self, at: Instant, calendar: &WorkCalendar) -> bool {
        let date = calendar.local_date(at);
        match self {
            Self::Week(rule) => rule.forbids(date, calendar).is_none(),
            Self::Month(rule) => grid(rule, calendar.end_of_day(date), calendar)
                .is_ok_and(|due| calendar.local_date(due.at) == date),
        }
    }

    /// The last allowed moment up to this one.
    fn earlier(&self, at: Instant, calendar: &WorkCalendar) -> Option<Instant> {
        let due = match self {
            Self::Week(rule) => release_day(rule, at, calendar),
            Self::Month(rule) => grid(rule, at, calendar),
        };
        due.ok().map(|due| due.at)
    }

    /// The first allowed moment from this one on.
    fn later(&self, at: Instant, calendar: &WorkCalendar) -> Option<Instant> {
        match self {
            Self::Month(rule) => {
                let ahead = rule.towards(Direction::FirstAtOrAfter);
                grid(&ahead, at, calendar).ok().map(|due| due.at)
            }
            Self::Week(rule) => {
                // Two weeks hold an allowed day, but for long holidays.
                let on = |n: i64| at.plus_seconds(n.saturating_mul(86_400));
                (0..=14)
                    .map(on)
                    .filter_map(|end| release_day(rule, end, calendar).ok())
                    .map(|due| due.at)
                    .find(|found| *found >= at)
            }
        }
    }
}

/// The allowed moment to which the policy's own date moves: earlier, and never so early
/// that it lies before `after`.
pub(crate) fn moved_to_a_day(
    policy: &Policy,
    at: Instant,
    after: Instant,
    calendar: &WorkCalendar,
) -> Instant {
    policy.timetable.iter().fold(at, |at, clause| {
        let earlier = Days::of(clause.value, at, calendar)
            .filter(|days| !days.allow(at, calendar))
            .and_then(|days| days.earlier(at, calendar));
        earlier.filter(|found| *found > after).unwrap_or(at)
    })
}

/// Refuses a date that the team names on a day on which the policy publishes nothing,
/// and says which days are near.
pub(crate) fn check_day(
    policy: &Policy,
    at: Instant,
    now: Instant,
    calendar: &WorkCalendar,
) -> Result<(), Refusal> {
    for clause in &policy.timetable {
        let Some(days) = Days::of(clause.value, at, calendar) else {
            continue;
        };
        if days.allow(at, calendar) {
            continue;
        }
        let mut refusal = Refusal::new(
            RefusalCode::FieldInvalid,
            format!(
                "This is no day of publication. By {}: {}.",
                candor_policy::span_words(clause.span),
                timetable_words(clause.value)
            ),
        );
        let near = [days.earlier(at, calendar), days.later(at, calendar)];
        for found in near.into_iter().flatten().filter(|found| *found > now) {
            refusal = refusal.instead(format!("choose {}", show(found, calendar)));
        }
        return Err(refusal);
    }
    Ok(())
}

/// How long a list may keep something private: fourteen days of 24 hours, or less where
/// the policy says less.
fn list_rule(policy: &Policy) -> Within {
    let own = list_maximum_hours(policy).unwrap_or(LIST_MAX_HOURS);
    Within::hours(own.min(LIST_MAX_HOURS))
}

fn in_days(rule: &Within) -> String {
    match (rule.amount % 24, rule.amount / 24) {
        (0, 1) => "one day".to_owned(),
        (0, days) => format!("{days} days"),
        _ => rule.to_string(),
    }
}

/// Refuses a date that lists who were told already would not keep.
pub(crate) fn check_lists(
    case: &CaseState,
    policy: &Policy,
    at: Instant,
    calendar: &WorkCalendar,
) -> Result<(), Refusal> {
    let told = case.parties.iter().filter(|p| p.removed.is_none());
    let Some(first) = told.filter_map(|p| p.notified).min() else {
        return Ok(());
    };
    let rule = list_rule(policy);
    let Ok(answer) = list_max(&rule, first, at, calendar) else {
        return Ok(());
    };
    if answer.accepted {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::FieldInvalid,
        format!(
            "Distributors were told already, and a list keeps something private for \
             {} at most: until {}.",
            in_days(&rule),
            show(answer.due.at, calendar)
        ),
    )
    .instead("choose a date up to then"))
}

/// The first moment at which a list may be told of this date.
pub(crate) fn check_notice(
    policy: &Policy,
    planned: Instant,
    now: Instant,
    calendar: &WorkCalendar,
) -> Result<(), Refusal> {
    let rule = list_rule(policy);
    let Ok(first) = lead(rule.amount, rule.unit, planned, calendar) else {
        return Ok(());
    };
    if now >= first.at {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::TooEarly,
        format!(
            "A list keeps something private for {} at most: the notice is possible from {} on.",
            in_days(&rule),
            show(first.at, calendar)
        ),
    )
    .instead("wait until then")
    .instead("agree on an earlier date"))
}

/// What bounds the planned publication of this case, in words: the policy's days of
/// publication, whether the planned date is none of them, and how long a list that was
/// told has to keep it.
pub fn publication_notes(
    case: &CaseState,
    policy: &Policy,
    calendar: &WorkCalendar,
) -> Vec<String> {
    let planned = case
        .embargo
        .until
        .filter(|_| case.embargo.state.is_in_force());
    let mut out = Vec::new();
    for clause in &policy.timetable {
        if matches!(clause.value, TimetableRule::UpdateGrid { .. }) {
            continue;
        }
        out.push(format!("{}.", timetable_words(clause.value)));
        let Some(at) = planned else { continue };
        let Some(days) = Days::of(clause.value, at, calendar) else {
            continue;
        };
        if !days.allow(at, calendar) {
            let near = days.earlier(at, calendar);
            let near = near.map_or_else(String::new, |near| {
                format!(" The last one before it is {}.", show(near, calendar))
            });
            out.push(format!("The planned date is no day of publication.{near}"));
        }
    }
    out.extend(long_for_lists(case, policy, calendar).map(|words| format!("{words}.")));
    out
}

/// Why the planned date is a long one for the lists that were told: they accept it, and
/// would rather have seven days or fewer.
fn long_for_lists(case: &CaseState, policy: &Policy, calendar: &WorkCalendar) -> Option<String> {
    let told = case.parties.iter().filter(|p| p.removed.is_none());
    let first = told.filter_map(|p| p.notified).min()?;
    let planned = case.embargo.until?;
    let answer = list_max(&list_rule(policy), first, planned, calendar).ok()?;
    let long = answer.longer_than_a_week || answer.shorter_than_a_day;
    (long && case.embargo.state.is_in_force())
        .then(|| answer.due.explanation.last().cloned())
        .flatten()
}

/// "90+30" of the policy, if it has such a rule.
fn fix_plus_rule(policy: &Policy) -> Option<FixPlus> {
    policy.timetable.iter().find_map(|c| fix_plus_of(c.value))
}

fn details(
    rule: &FixPlus,
    anchor: Instant,
    facts: FixFacts,
    calendar: &WorkCalendar,
) -> Option<Disclosure> {
    fix_plus(rule, anchor, facts, calendar).ok()
}

fn facts(case: &CaseState) -> FixFacts {
    FixFacts {
        patched: case.fix_released,
        attacked: case.attack_facts.get(&AttackFact::AttacksObserved).copied(),
    }
}

/// When the details become public by "90+30", as things stand.
pub(crate) fn details_due(
    rule: &FixPlus,
    case: &CaseState,
    anchor: Instant,
    calendar: &WorkCalendar,
) -> Computed {
    match fix_plus(rule, anchor, facts(case), calendar) {
        Ok(found) => Computed {
            at: Some(calendar.end_of_day(found.details_on)),
            why: found.explanation,
        },
        Err(out_of_range) => Computed {
            at: None,
            why: vec![out_of_range.to_string()],
        },
    }
}

/// The planned publication that "90+30" gives to a report nobody has fixed yet.
pub(crate) fn default_details(
    policy: &Policy,
    received: Instant,
    calendar: &WorkCalendar,
) -> Option<Instant> {
    let rule = fix_plus_rule(policy)?;
    let found = details(&rule, received, FixFacts::default(), calendar)?;
    Some(calendar.start_of_day(found.details_on))
}

/// The planned publication by "90+30" after what happened to the fix, where the date is
/// still the policy's own: one that was agreed, or is being discussed, stays.
pub(crate) fn details_after_the_fix(
    case: &CaseState,
    policy: &Policy,
    now: Instant,
    calendar: &WorkCalendar,
) -> Option<Instant> {
    let rule = fix_plus_rule(policy)?;
    let embargo = &case.embargo;
    if !embargo.state.is_in_force() || embargo.settled || embargo.proposal.is_some() {
        return None;
    }
    let found = details(&rule, case.received, facts(case), calendar)?;
    let at = calendar.start_of_day(found.details_on);
    let at = moved_to_a_day(policy, at, now, calendar);
    (at > now && embargo.until.is_some_and(|until| until != at)).then_some(at)
}
