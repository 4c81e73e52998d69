//! The judge on clocks that count otherwise than from one anchor: on fixed days, towards
//! a planned publication, by "90+30", and again after an edit of the days off.

use candor_base::Instant;
use candor_calendar::{FixFacts, Within};
use candor_case::{AttackFact, CaseClock, CaseState, Command};
use candor_judge::plans;
use candor_policy::clocks::{ClockRule, ClockSpec};

use super::Watch;
use super::dues::{FLOOR, Judge, at, closed};

/// What the judge says of a clock of such a kind.
pub(super) enum Verdict {
    /// Due then, or without a date.
    Due(Option<Instant>),
    /// It cannot say.
    Unknown,
    /// The clock is of another kind.
    Other,
}

impl Watch {
    /// What a clock of such a kind is due at when it begins.
    pub(super) fn planned(
        &mut self,
        before: &CaseState,
        spec: &ClockSpec,
        (anchor, period): (Instant, u32),
        after: &CaseState,
    ) -> Verdict {
        let ClockRule::RecurringGrid { rule } = &spec.rule else {
            return self.follows(&spec.rule, anchor, before);
        };
        if period == 1 {
            self.firsts.insert(spec.key.clone(), anchor);
            let pauses = closed(&after.clocks[&spec.key].pauses);
            return Verdict::Due(Some(self.judge.within(rule, anchor, &pauses)));
        }
        // Taken up again where it stood: with the pauses of what lay between.
        let again = before
            .clocks
            .get(&spec.key)
            .is_some_and(|c| c.period == period);
        let first = self.firsts.get(&spec.key).filter(|_| !again);
        let due = first.and_then(|first| {
            let amount = rule.amount.checked_mul(period)?;
            let whole = Within {
                amount,
                ..rule.clone()
            };
            Some(self.judge.within(&whole, *first, &[]))
        });
        due.map_or(Verdict::Unknown, |due| Verdict::Due(Some(due)))
    }

    /// What follows the planned publication or the fix, as the case stands.
    pub(super) fn follows(&self, rule: &ClockRule, anchor: Instant, case: &CaseState) -> Verdict {
        let days = &self.judge.days;
        match rule {
            ClockRule::Lead { amount, unit } => {
                let in_force = case.embargo.state.is_in_force();
                let planned = case.embargo.until.filter(|_| in_force);
                Verdict::Due(planned.and_then(|planned| {
                    plans::lead(i64::from(*amount), *unit, planned.unix(), days).map(at)
                }))
            }
            ClockRule::FixPlus { rule } => {
                let attacked = case.attack_facts.get(&AttackFact::AttacksObserved);
                let facts = FixFacts {
                    patched: case.fix_released,
                    attacked: attacked.copied(),
                };
                let (details, _) = plans::fix_plus(rule, anchor.unix(), facts, days);
                Verdict::Due(Some(at(days.wall.end_of(details))))
            }
            _ => Verdict::Other,
        }
    }

    /// Counted again with the days off that were edited: never later, and not within a day
    /// from now but where it was due then anyhow.
    pub(super) fn recount(
        &self,
        old: &CaseClock,
        now: Instant,
        asked: Option<&Command>,
    ) -> Option<Instant> {
        let (ClockRule::Within { rule } | ClockRule::Recurring { rule }) = &old.spec.rule else {
            return None;
        };
        let Some(Command::Recount { calendar: edited }) = asked else {
            return None;
        };
        let mut calendar = self.policy.calendar();
        calendar.regions.clone_from(&edited.regions);
        calendar.holidays.clone_from(&edited.holidays);
        calendar.working_days.clone_from(&edited.working_days);
        let before = old.due?;
        let judge = Judge::of(&calendar, None);
        let counted = judge.within(rule, old.anchor, &closed(&old.pauses));
        let floor = now.plus_seconds(FLOOR).min(before);
        Some(counted.min(before).max(floor))
    }
}
