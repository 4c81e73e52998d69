//! The JSON form of clock test vectors (`candor.clock-vectors/1`), read and evaluated.
//!
//! Deliberately absent: reading a file, and judging; [`VectorOutcome::differences`]
//! only lists where an outcome and an expectation part.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use candor_base::Instant;

use crate::change::{Rating, extend_by, severity};
use crate::due::{Due, OutOfRange, due};
use crate::pause::Pause;
use crate::planned::{FixPlus, Grid, ReleaseDay, fix_plus, grid, lead, list_max, release_day};
use crate::recurring::{recurring, recurring_grid};
use crate::rule::{Mode, Unit, Within};
use crate::show::show_with_offset;
use crate::workcal::{WorkCalendar, Workweek};
use crate::zone::Zone;

/// A file of vectors.
#[derive(Debug, Clone, Deserialize)]
pub struct VectorFile {
    /// The name and version of the form.
    pub schema: String,
    /// The vectors.
    pub vectors: Vec<VectorCase>,
}

/// One vector: what is given, and what is expected when it says so.
#[derive(Debug, Clone, Deserialize)]
pub struct VectorCase {
    /// Its name.
    #[serde(default)]
    pub id: String,
    /// What it is about.
    #[serde(default)]
    pub title: String,
    /// The moment from which it counts.
    pub anchor: Instant,
    /// The zone of the policy.
    #[serde(default)]
    pub zone: Zone,
    /// The calendar; its zone is the one above.
    #[serde(default)]
    pub calendar: VectorCalendar,
    /// The rule.
    pub rule: VectorRule,
    /// What happened meanwhile.
    #[serde(default)]
    pub events: Vec<VectorEvent>,
    /// What should come out.
    #[serde(default)]
    pub expect: Expect,
    /// Whether something done at these moments kept the promise.
    #[serde(default)]
    pub checks: Vec<Check>,
}

/// A calendar without its zone.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct VectorCalendar {
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// The ISO weekdays on which people work.
    #[serde(default)]
    pub workweek: Workweek,
    /// The holidays.
    #[serde(default)]
    pub holidays: Vec<Date>,
    /// Days outside the work week on which people work.
    #[serde(default)]
    pub working_days: Vec<Date>,
}

/// A rule of any kind.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum VectorRule {
    /// Within so long of the anchor.
    Within(Within),
    /// So long before the anchor.
    Lead {
        /// How many units.
        amount: u32,
        /// The unit.
        unit: Unit,
    },
    /// Again and again, restarted by each update.
    Recurring(Within),
    /// Again and again from the first anchor.
    RecurringGrid {
        /// How many units lie between two.
        amount: u32,
        /// How often.
        count: u32,
        /// The unit; months when absent.
        unit: Option<Unit>,
        /// How each ends; at the second when absent.
        mode: Option<Mode>,
    },
    /// Days to fix, then days to update.
    FixPlus(FixPlus),
    /// The nth weekday of a month.
    Grid(Grid),
    /// An allowed day and hour.
    ReleaseDay(ReleaseDay),
    /// The longest embargo of a list.
    ListMax {
        /// The longest embargo.
        #[serde(flatten)]
        within: Within,
        /// The proposed publication, when it is not an event.
        proposed: Option<Instant>,
    },
    /// By severity.
    Severity {
        /// A rule for each severity word.
        table: BTreeMap<String, Option<Within>>,
        /// Hours after a change before which nothing is due.
        #[serde(default)]
        not_before_after_change_hours: u32,
        /// The word that holds from the anchor on, when it is not an event.
        #[serde(default, alias = "severity", alias = "value")]
        initial: Option<String>,
    },
}

/// Something that happened. Which fields matter depends on the type.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct VectorEvent {
    /// `update_sent`, `pause`, `patch_available`, `severity…`, `exten…` or `propos…`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When.
    pub at: Option<Instant>,
    /// When a pause began.
    pub from: Option<Instant>,
    /// When a pause ended; absent while it goes on.
    #[serde(alias = "until")]
    pub to: Option<Instant>,
    /// A severity word.
    #[serde(alias = "severity")]
    pub value: Option<String>,
    /// Days of an extension.
    pub days: Option<u32>,
    /// Units of an extension.
    pub amount: Option<u32>,
    /// The unit of an extension; days when absent.
    pub unit: Option<Unit>,
}

/// What should come out; only what is given is compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Expect {
    /// The due instant.
    pub due: Option<Instant>,
    /// The same with local time and offset.
    pub due_local: Option<String>,
    /// Every due instant in order.
    pub all_due: Option<Vec<Instant>>,
    /// How many periods passed in silence.
    pub breaches: Option<u32>,
    /// The moment up to which a recurring rule is followed; the last update when absent.
    pub evaluated_at: Option<Instant>,
    /// The date of the details.
    pub details_on: Option<Date>,
    /// The end of the last day for the fix.
    pub fix_due: Option<Instant>,
    /// Whether a list accepts the proposed moment.
    pub proposed_ok: Option<bool>,
}

/// Something done at a moment, and whether that was in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Check {
    /// When it was done.
    pub done_at: Instant,
    /// Whether that was in time.
    pub met: bool,
}

/// What came out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct VectorOutcome {
    /// The id of the vector.
    pub id: String,
    /// The due instant; the last of them when there are many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Instant>,
    /// The same with local time and offset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_local: Option<String>,
    /// The business day to plan for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_by: Option<Date>,
    /// Every due instant in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all_due: Option<Vec<Instant>>,
    /// How many periods passed in silence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breaches: Option<u32>,
    /// The due instant promised before a severity was lowered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<Instant>,
    /// The date of the details.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details_on: Option<Date>,
    /// The end of the last day for the fix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix_due: Option<Instant>,
    /// Whether a list accepts the proposed moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed_ok: Option<bool>,
    /// For each check, whether what was done was in time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub met: Vec<bool>,
    /// How it was counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub explanation: Vec<String>,
    /// Why nothing came out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

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
    }
    outcome
}

impl VectorCase {
    /// The calendar with its zone.
    pub fn calendar(&self) -> WorkCalendar {
        WorkCalendar {
            zone: self.zone.clone(),
            workweek: self.calendar.workweek,
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

    /// Applies the agreed extensions in order; one agreed after the due instant is none.
    fn extended(
        &self,
        mut due: Due,
        rule: &Within,
        calendar: &WorkCalendar,
    ) -> Result<Due, OutOfRange> {
        for event in self.events("exten") {
            if event.at.is_some_and(|at| at > due.at) {
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

impl From<Instant> for VectorOutcome {
    fn from(at: Instant) -> Self {
        Self {
            due: Some(at),
            ..Self::default()
        }
    }
}

fn by_kind(case: &VectorCase, calendar: &WorkCalendar) -> Result<VectorOutcome, OutOfRange> {
    let anchor = case.anchor;
    match &case.rule {
        VectorRule::Within(rule) => {
            let due = due(rule, anchor, calendar, &case.pauses())?;
            case.extended(due, rule, calendar).map(Into::into)
        }
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
            Ok(VectorOutcome {
                due: all.last().copied(),
                all_due: Some(all),
                ..VectorOutcome::default()
            })
        }
        VectorRule::FixPlus(rule) => {
            let patched = case.moments("patch").into_iter().min();
            let disclosure = fix_plus(rule, anchor, patched, calendar)?;
            Ok(VectorOutcome {
                details_on: Some(disclosure.details_on),
                fix_due: Some(disclosure.fix_due),
                ..VectorOutcome::default()
            })
        }
        VectorRule::Grid(rule) => grid(rule, anchor, calendar).map(Into::into),
        VectorRule::ReleaseDay(rule) => release_day(rule, anchor, calendar).map(Into::into),
        VectorRule::ListMax { within, proposed } => {
            let proposed = proposed.or_else(|| case.moments("propos").into_iter().next_back());
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

fn follow(
    case: &VectorCase,
    rule: &Within,
    calendar: &WorkCalendar,
) -> Result<VectorOutcome, OutOfRange> {
    let updates = case.moments("update");
    let last = updates.iter().copied().max().unwrap_or(case.anchor);
    let until = case.expect.evaluated_at.unwrap_or(last.max(case.anchor));
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
    pub fn differences(&self, case: &VectorCase) -> Vec<String> {
        fn differ<T: PartialEq + std::fmt::Debug>(
            what: &str,
            want: Option<&T>,
            got: Option<&T>,
        ) -> Option<String> {
            let want = want?;
            (got != Some(want)).then(|| format!("{what}: expected {want:?}, got {got:?}"))
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
