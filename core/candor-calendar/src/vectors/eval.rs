//! Evaluating a vector: from its rule and events to what came out.

use std::collections::BTreeMap;

use candor_base::Instant;
use jiff::civil::Date;

use super::{VectorCase, VectorEvent, VectorOutcome, VectorRule};
use crate::change::{Rating, after_edit, extend_by, severity};
use crate::due::{Due, OutOfRange, due};
use crate::fix_plus::{FixFacts, FixPlus, fix_plus};
use crate::grid::grid;
use crate::legal::legal_latest;
use crate::pause::Pause;
use crate::planned::{lead, list_max, release_day};
use crate::recurring::{recurring, recurring_grid};
use crate::rule::{Mode, Unit, Within};
use crate::show::show_with_offset;
use crate::warn::{lateness, warn_on_duty};
use crate::workcal::WorkCalendar;

/// Evaluates one vector.
pub fn evaluate(case: &VectorCase) -> VectorOutcome {
    let calendar = case.calendar();
    let mut outcome = match by_kind(case, &calendar) {
        Ok(outcome) => outcome,
        Err(why) => VectorOutcome {
            error: Some(why.to_string()),
            ..VectorOutcome::default()
        },
    };
    outcome.id.clone_from(&case.id);
    outcome.due_local = outcome.due.map(|at| show_with_offset(at, &calendar));
    if let Some(due) = outcome.due {
        outcome.met = case.checks.iter().map(|c| c.done_at <= due).collect();
        if outcome.met.contains(&false) {
            let all = case.checks.iter();
            outcome.late = all.map(|c| lateness(due, c.done_at, &calendar)).collect();
        }
    }
    outcome.basis = calendar.basis();
    outcome.differences = outcome.compared(case);
    outcome
}

impl VectorCase {
    /// The calendar with its zone.
    pub fn calendar(&self) -> WorkCalendar {
        let given = self.calendar.workweek;
        let usual = self.calendar.regions.first().map(|r| r.workweek());
        WorkCalendar {
            zone: self.zone.clone(),
            workweek: given.or(usual).unwrap_or_default(),
            regions: self.calendar.regions.iter().copied().collect(),
            holidays: self.calendar.holidays.iter().copied().collect(),
            working_days: self.calendar.working_days.iter().copied().collect(),
            name: self.calendar.name.clone(),
        }
    }

    fn events<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a VectorEvent> {
        self.events
            .iter()
            .filter(move |e| e.kind.starts_with(prefix))
    }

    fn moments(&self, prefix: &str) -> Vec<Instant> {
        self.events(prefix).filter_map(|e| e.at).collect()
    }

    fn pauses(&self) -> Vec<Pause> {
        self.events("pause")
            .filter_map(|e| {
                let from = e.from.or(e.at)?;
                Some(Pause { from, until: e.to })
            })
            .collect()
    }

    fn ratings(&self, initial: Option<&String>) -> Vec<Rating> {
        let first = initial.map(|value| Rating {
            value: value.clone(),
            at: self.anchor,
        });
        let later = self.events("severity").filter_map(|e| {
            let value = e.value.clone()?;
            Some(Rating { value, at: e.at? })
        });
        first.into_iter().chain(later).collect()
    }

    /// The due instant after the edits of the calendar, in order.
    fn edited(
        &self,
        mut open: Due,
        rule: &Within,
        calendar: &WorkCalendar,
    ) -> Result<Due, OutOfRange> {
        for event in self.events("calendar") {
            let Some(holidays) = &event.holidays else {
                continue;
            };
            let now = WorkCalendar {
                holidays: holidays.iter().copied().collect(),
                ..calendar.clone()
            };
            let recomputed = due(rule, self.anchor, &now, &self.pauses())?;
            open = after_edit(&open, recomputed, &now);
        }
        Ok(open)
    }

    /// Applies the agreed extensions in order; one agreed after the due instant is none.
    fn extended(
        &self,
        mut due: Due,
        rule: &Within,
        calendar: &WorkCalendar,
    ) -> Result<Due, OutOfRange> {
        for event in self.events("exten") {
            if event.at.is_some_and(|at| at > due.at) {
                let words = "an extension agreed after the due instant is none";
                due.explanation.push(words.to_owned());
                continue;
            }
            let amount = event.amount.or(event.days).unwrap_or(0);
            let unit = event.unit.unwrap_or(Unit::CalendarDay);
            due = extend_by(due.at, rule, amount, unit, calendar)?;
        }
        Ok(due)
    }
}

impl From<Due> for VectorOutcome {
    fn from(due: Due) -> Self {
        Self {
            due: Some(due.at),
            plan_by: due.plan_by,
            explanation: due.explanation,
            ..Self::default()
        }
    }
}

fn by_kind(case: &VectorCase, calendar: &WorkCalendar) -> Result<VectorOutcome, OutOfRange> {
    let anchor = case.anchor;
    match &case.rule {
        VectorRule::Within(rule) => once(case, rule, calendar),
        VectorRule::Lead { amount, unit } => lead(*amount, *unit, anchor, calendar).map(Into::into),
        VectorRule::Recurring(rule) => follow(case, rule, calendar),
        VectorRule::RecurringGrid {
            amount,
            count,
            unit,
            mode,
        } => {
            let mut rule = Within::new(*amount, unit.unwrap_or(Unit::Month));
            rule.mode = mode.unwrap_or(Mode::Elapsed);
            let all = recurring_grid(&rule, *count, anchor, calendar)?;
            let all_due = Some(all.iter().map(|due| due.at).collect());
            let last = all.into_iter().next_back().map(VectorOutcome::from);
            Ok(VectorOutcome {
                all_due,
                ..last.unwrap_or_default()
            })
        }
        VectorRule::FixPlus(rule) => details(case, rule, calendar),
        VectorRule::Grid(rule) => grid(rule, anchor, calendar).map(Into::into),
        VectorRule::ReleaseDay(rule) => release_day(rule, anchor, calendar).map(Into::into),
        VectorRule::ListMax { within, proposed } => {
            let proposed = proposed
                .or(case.proposed)
                .or_else(|| case.moments("propos").into_iter().next_back());
            let answer = list_max(within, anchor, proposed.unwrap_or(anchor), calendar)?;
            Ok(VectorOutcome {
                proposed_ok: proposed.map(|_| answer.accepted),
                ..answer.due.into()
            })
        }
        VectorRule::Severity {
            table,
            not_before_after_change_hours,
            initial,
        } => {
            let hours = *not_before_after_change_hours;
            by_severity(case, table, hours, initial.as_ref(), calendar)
        }
    }
}

/// A clock that runs once, with all that can happen to it.
fn once(
    case: &VectorCase,
    rule: &Within,
    calendar: &WorkCalendar,
) -> Result<VectorOutcome, OutOfRange> {
    let anchor = case.anchor;
    let first = due(rule, anchor, calendar, &case.pauses())?;
    let open = case.edited(first, rule, calendar)?;
    let due = case.extended(open, rule, calendar)?;
    let warning = |percent| warn_on_duty(anchor, due.at, percent, rule, calendar);
    let warnings = vec![warning(50), warning(80)];
    let legal_latest = if case.legal_note {
        legal_latest(rule, anchor, due.at, calendar)?
    } else {
        None
    };
    Ok(VectorOutcome {
        warnings,
        legal_latest,
        ..due.into()
    })
}

fn details(
    case: &VectorCase,
    rule: &FixPlus,
    calendar: &WorkCalendar,
) -> Result<VectorOutcome, OutOfRange> {
    let first = |kinds: &[&str]| {
        let all = kinds.iter().flat_map(|kind| case.moments(kind));
        all.min()
    };
    let facts = FixFacts {
        patched: first(&["patch"]),
        attacked: first(&["attack", "exploited", "in_the_wild"]),
    };
    let disclosure = fix_plus(rule, case.anchor, facts, calendar)?;
    Ok(VectorOutcome {
        details_on: Some(disclosure.details_on),
        fix_due: Some(disclosure.fix_due),
        explanation: disclosure.explanation,
        ..VectorOutcome::default()
    })
}

fn follow(
    case: &VectorCase,
    rule: &Within,
    calendar: &WorkCalendar,
) -> Result<VectorOutcome, OutOfRange> {
    let updates = case.moments("update");
    let last = updates.iter().copied().max().unwrap_or(case.anchor);
    let given = case.expect.evaluated_at.or(case.evaluated_at);
    let until = given.unwrap_or(last.max(case.anchor));
    let state = recurring(rule, case.anchor, &updates, until, calendar, &case.pauses())?;
    Ok(VectorOutcome {
        all_due: Some(state.all_due),
        breaches: Some(state.breaches),
        ..state.next.into()
    })
}

fn by_severity(
    case: &VectorCase,
    table: &BTreeMap<String, Option<Within>>,
    hours: u32,
    initial: Option<&String>,
    calendar: &WorkCalendar,
) -> Result<VectorOutcome, OutOfRange> {
    let rows: BTreeMap<String, Within> = table
        .iter()
        .filter_map(|(word, rule)| Some((word.clone(), rule.clone()?)))
        .collect();
    let ratings = case.ratings(initial);
    let Some(now) = severity(
        &rows,
        hours,
        &ratings,
        case.anchor,
        calendar,
        &case.pauses(),
    )?
    else {
        return Ok(VectorOutcome::default());
    };
    let last = ratings.iter().max_by_key(|r| r.at);
    let due = match last.and_then(|r| rows.get(&r.value)) {
        Some(rule) => case.extended(now.due, rule, calendar)?,
        None => now.due,
    };
    Ok(VectorOutcome {
        original: now.original,
        ..due.into()
    })
}

impl VectorOutcome {
    /// Where this and what the vector expects differ, each in words; empty when they agree.
    fn compared(&self, case: &VectorCase) -> Vec<String> {
        fn differ<T: PartialEq + Plainly>(
            what: &str,
            want: Option<&T>,
            got: Option<&T>,
        ) -> Option<String> {
            let want = want?;
            let came = got.map_or_else(|| "nothing".to_owned(), Plainly::plainly);
            (got != Some(want)).then(|| format!("{what}: expected {}, got {came}", want.plainly()))
        }
        let expect = &case.expect;
        let met: Vec<bool> = case.checks.iter().map(|c| c.met).collect();
        [
            differ("due", expect.due.as_ref(), self.due.as_ref()),
            differ(
                "due_local",
                expect.due_local.as_ref(),
                self.due_local.as_ref(),
            ),
            differ("all_due", expect.all_due.as_ref(), self.all_due.as_ref()),
            differ("breaches", expect.breaches.as_ref(), self.breaches.as_ref()),
            differ(
                "details_on",
                expect.details_on.as_ref(),
                self.details_on.as_ref(),
            ),
            differ("fix_due", expect.fix_due.as_ref(), self.fix_due.as_ref()),
            differ(
                "proposed_ok",
                expect.proposed_ok.as_ref(),
                self.proposed_ok.as_ref(),
            ),
            differ("met", (!met.is_empty()).then_some(&met), Some(&self.met)),
        ]
        .into_iter()
        .flatten()
        .chain(self.error.iter().map(|e| format!("error: {e}")))
        .collect()
    }
}

/// A value as people write it.
trait Plainly {
    fn plainly(&self) -> String;
}

macro_rules! as_displayed {
    ($($kind:ty),*) => {
        $(impl Plainly for $kind {
            fn plainly(&self) -> String {
                self.to_string()
            }
        })*
    };
}

as_displayed!(Instant, String, u32, Date);

impl Plainly for bool {
    fn plainly(&self) -> String {
        if *self { "yes" } else { "no" }.to_owned()
    }
}

impl<T: Plainly> Plainly for Vec<T> {
    fn plainly(&self) -> String {
        if self.is_empty() {
            return "none".to_owned();
        }
        let all: Vec<String> = self.iter().map(Plainly::plainly).collect();
        all.join(", ")
    }
}
