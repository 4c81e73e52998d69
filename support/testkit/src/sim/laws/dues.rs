//! Each due instant is what `support/judge` says.

use std::cell::RefCell;
use std::collections::BTreeMap;

use candor_base::Instant;
use candor_calendar::{NonbusinessReceipt, Pause, Region, Unit, Within, WorkCalendar};
use candor_case::{Aside, CaseClock, CaseState, Command, Event, Matter, Recorded, Stage, Wish};
use candor_judge::days::{Days, RegionDays, day};
use candor_judge::wall::Wall;
use candor_judge::{course, walk};
use candor_policy::clocks::{ClockRule, ClockSpec};
use candor_policy::settings::PolicyInForce;

use super::plans::Verdict;
use super::{Law, Watch, law};

/// A raised severity never falls due earlier than this after the change.
pub(super) const FLOOR: i64 = 24 * 3_600;

thread_local! {
    // Made once for each thread and kept to its end: both are large, and a judge borrows them.
    static WALLS: RefCell<BTreeMap<String, &'static Wall>> = const { RefCell::new(BTreeMap::new()) };
    static REGIONS: RefCell<BTreeMap<Vec<Region>, &'static [RegionDays]>> =
        const { RefCell::new(BTreeMap::new()) };
}

/// The judge with the calendar of one policy version.
#[derive(Debug)]
pub(crate) struct Judge {
    pub(super) days: Days<'static>,
    next_release: Option<i64>,
}

impl Judge {
    pub(crate) fn new(policy: &PolicyInForce) -> Self {
        let next_release = policy.settings.next_release.map(day);
        Self::of(&policy.calendar(), next_release)
    }

    pub(super) fn of(calendar: &WorkCalendar, next_release: Option<i64>) -> Self {
        let zone = calendar.zone.name().to_owned();
        let wall: &'static Wall = WALLS.with_borrow_mut(|all| {
            let make = || -> &'static Wall { Box::leak(Box::new(Wall::of(&zone))) };
            *all.entry(zone.clone()).or_insert_with(make)
        });
        let names: Vec<Region> = calendar.regions.iter().copied().collect();
        let regions: &'static [RegionDays] = REGIONS.with_borrow_mut(|all| {
            let make = || -> &'static [RegionDays] {
                Vec::leak(names.iter().map(|r| RegionDays::of(*r)).collect())
            };
            *all.entry(names.clone()).or_insert_with(make)
        });
        Self {
            days: Days::new(wall, regions, calendar),
            next_release,
        }
    }

    pub(super) fn within(&self, rule: &Within, anchor: Instant, pauses: &[Pause]) -> Instant {
        at(walk::due(rule, anchor.unix(), &self.days, pauses))
    }

    fn due(&self, rule: &ClockRule, anchor: Instant, pauses: &[Pause]) -> Option<Instant> {
        match rule {
            ClockRule::Within { rule } | ClockRule::Recurring { rule } => {
                Some(self.within(rule, anchor, pauses))
            }
            ClockRule::NextRelease => self
                .next_release
                .map(|day| at(self.days.wall.end_of(day)))
                .filter(|end| *end >= anchor),
            ClockRule::RecurringGrid { .. }
            | ClockRule::Lead { .. }
            | ClockRule::FixPlus { .. } => None,
        }
    }

    /// When half and most of the time has passed, in duty hours for business clocks.
    pub(super) fn warnings(
        &self,
        rule: &ClockRule,
        anchor: Instant,
        due: Instant,
    ) -> (Instant, Instant) {
        let when = |percent| match rule {
            ClockRule::Within { rule }
            | ClockRule::Recurring { rule }
            | ClockRule::RecurringGrid { rule } => {
                course::on_duty(rule, anchor.unix(), due.unix(), percent, &self.days)
            }
            _ => course::share(anchor.unix(), due.unix(), percent),
        };
        (at(when(50)), at(when(80)))
    }

    /// More days that were agreed on.
    fn extended(&self, rule: &Within, old: Instant, days: u32) -> Instant {
        let more = Within {
            amount: days,
            unit: Unit::CalendarDay,
            mode: rule.mode,
            pausable: false,
            cutoff: None,
            nonbusiness: NonbusinessReceipt::CountNext,
            hours: rule.hours,
        };
        self.within(&more, old, &[])
    }
}

pub(super) fn at(unix: i64) -> Instant {
    Instant::from_unix(unix).unwrap()
}

pub(super) fn closed(pauses: &[Pause]) -> Vec<Pause> {
    let over = pauses.iter().filter(|p| p.until.is_some());
    over.copied().collect()
}

impl Watch {
    /// The day of the next release, as it is known from now on.
    pub(crate) fn release_known(&mut self, policy: &PolicyInForce) {
        self.judge.next_release = policy.settings.next_release.map(day);
    }

    /// The due instant of one event about a clock.
    pub(super) fn due(
        &mut self,
        start: Option<&CaseState>,
        before: &CaseState,
        after: &CaseState,
        recorded: &Recorded,
        asked: Option<&Command>,
    ) -> Law {
        match &recorded.event {
            Event::ClockStarted {
                spec,
                anchor,
                due,
                period,
                ..
            } => {
                let old = before.clocks.get(&spec.key);
                let moved = old.is_some_and(|c| c.original_due.is_some());
                let rerated = spec.severity.is_some()
                    && start
                        .and_then(CaseState::severity)
                        .is_some_and(|s| Some(s) != spec.severity);
                self.recounted.remove(&spec.key);
                let again = before.episode > 1 && spec.severity.is_some();
                if moved || rerated || again {
                    self.not_judged += 1;
                    return Ok(());
                }
                match self.planned(before, spec, (*anchor, *period), after) {
                    Verdict::Due(judged) => {
                        self.judged += 1;
                        return same(*due, judged, false, spec);
                    }
                    Verdict::Unknown => {
                        self.not_judged += 1;
                        return Ok(());
                    }
                    Verdict::Other => {}
                }
                // A day that was named for the next release stays, whatever release the
                // register names by the time the case is opened again.
                if let Some(named) = old.filter(|c| c.anchor == *anchor).and_then(|c| c.due)
                    && spec.rule == ClockRule::NextRelease
                {
                    self.judged += 1;
                    return same(*due, Some(named), false, spec);
                }
                // A later period begins after every pause.
                let pauses = match period {
                    1 => closed(&after.clocks[&spec.key].pauses),
                    _ => Vec::new(),
                };
                self.judged += 1;
                let judged = self.judge.due(&spec.rule, *anchor, &pauses);
                let slow = after.stage() == Stage::Deferred
                    && matches!(spec.rule, ClockRule::Recurring { .. })
                    && *due == Some(self.judge.within(&Within::months(1), *anchor, &[]));
                same(*due, judged, slow, spec)
            }
            Event::ClockResumed { clock, .. }
                if self.recounted.contains(clock)
                    || self
                        .judge
                        .due(&before.clocks[clock].spec.rule, before.received, &[])
                        .is_none() =>
            {
                self.not_judged += 1;
                Ok(())
            }
            Event::ClockResumed { clock, due, .. } => {
                let (old, new) = (&before.clocks[clock], &after.clocks[clock]);
                self.judged += 1;
                let judged = self.resumed(old, new);
                same(*due, judged, false, &new.spec)
            }
            Event::ClockMoved {
                clock,
                due,
                agreed: Some(_),
                ..
            } => {
                let old = &before.clocks[clock];
                let (ClockRule::Within { rule } | ClockRule::Recurring { rule }) = &old.spec.rule
                else {
                    return Err("more time for what has no length".to_owned());
                };
                let asked = match asked {
                    Some(Command::Aside(Aside::Agree {
                        matter: Matter::Question(number),
                        given: true,
                    })) => before.around.question(*number),
                    _ => None,
                };
                let (Some(Wish::Extend { days, clock: about }), Some(from)) =
                    (asked.map(|q| &q.wish), old.due)
                else {
                    return Err("more time that the reporter did not agree to".to_owned());
                };
                law(about == clock, "more time for another promise")?;
                self.judged += 1;
                let judged = self.judge.extended(rule, from, *days);
                same(*due, Some(judged), false, &old.spec)
            }
            Event::ClockRecounted { clock, due, .. } => {
                self.recounted.insert(clock.clone());
                let old = &before.clocks[clock];
                let Some(judged) = self.recount(old, recorded.at, asked) else {
                    self.not_judged += 1;
                    return Ok(());
                };
                self.judged += 1;
                same(Some(*due), Some(judged), false, &old.spec)
            }
            Event::ClockMoved { clock, due, .. } => {
                let old = &before.clocks[clock];
                if let Verdict::Due(judged) = self.follows(&old.spec.rule, old.anchor, before) {
                    self.judged += 1;
                    return same(*due, judged, false, &old.spec);
                }
                self.not_judged += 1;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// A clock that goes on: what its rule gives with its pauses; one that was moved, on
    /// by what the new pause adds.
    fn resumed(&self, old: &CaseClock, new: &CaseClock) -> Option<Instant> {
        let rule = &old.spec.rule;
        let before = self.judge.due(rule, old.anchor, &closed(&old.pauses));
        let after = self.judge.due(rule, old.anchor, &new.pauses);
        match (old.due, before, after) {
            (Some(due), Some(b), Some(a)) if due != b => Some(due.plus_seconds(a.seconds_since(b))),
            _ => after,
        }
    }

    /// A new rating counts from the first day, and never ends before a day has passed.
    /// That day is given once: by this rating or by a graver one.
    pub(super) fn rerated(
        &mut self,
        start: Option<&CaseState>,
        held: &CaseState,
        new: &[Recorded],
    ) -> Law {
        let Some(old) = start.and_then(CaseState::severity) else {
            return Ok(());
        };
        for recorded in new {
            let Event::ClockStarted { spec, anchor, .. } = &recorded.event else {
                continue;
            };
            if spec.severity.is_none() || spec.severity == Some(old) {
                continue;
            }
            let clock = &held.clocks[&spec.key];
            let Some(judged) = self.judge.due(&spec.rule, *anchor, &closed(&clock.pauses)) else {
                continue;
            };
            // What was moved by an agreement or a pause since is not counted again here.
            let known = |c: &&CaseClock| {
                c.anchor == *anchor
                    && c.spec.severity >= spec.severity
                    && c.spec.met_by == spec.met_by
                    && c.spec.milestone == spec.milestone
            };
            let earlier: Vec<&CaseClock> = start
                .into_iter()
                .flat_map(|case| case.clocks.values())
                .filter(known)
                .collect();
            let since = |c: &&CaseClock| closed(&c.pauses) != closed(&clock.pauses);
            if earlier.iter().any(since) || earlier.iter().any(|c| c.original_due.is_some()) {
                self.not_judged += 1;
                continue;
            }
            self.judged += 1;
            let given = earlier.iter().filter_map(|c| {
                let plain = self
                    .judge
                    .due(&c.spec.rule, *anchor, &closed(&clock.pauses));
                c.due.filter(|due| plain.is_some_and(|at| at < *due))
            });
            let first = given.min();
            let day_on = recorded.at.plus_seconds(FLOOR);
            let judged = judged.max(first.map_or(day_on, |first| first.min(day_on)));
            same(clock.due, Some(judged), !clock.is_open(), spec)?;
        }
        Ok(())
    }
}

fn same(due: Option<Instant>, judged: Option<Instant>, otherwise: bool, spec: &ClockSpec) -> Law {
    law(
        otherwise || due == judged,
        &format!(
            "a due instant is not the judge's: {} is due {due:?}, the judge says {judged:?}",
            spec.key
        ),
    )
}
