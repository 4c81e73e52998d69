//! What would make a promise safe: small changes, each tried by running it again.
//!
//! Invariants: nothing is said to help that was not simulated with the same luck;
//! changes come from the smallest to the largest; a changed word is only ever a
//! proposal, the policy stays as it is.
//!
//! Deliberately absent: counting the receipt as an answer. A machine's mail meets no
//! promise that a person answers.

use candor_policy::clocks::MetBy;
use candor_policy::model::{DisclosureKind, Term, TermUnit};
use candor_policy::settings::PolicyInForce;
use candor_policy::term_words;
use serde::Serialize;

use crate::num::whole;
use crate::scenario::{Scenario, World};
use crate::tally::Forecast;
use crate::team::MOST_MEMBERS;

/// What would make one promise safe.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Advice {
    /// The clock.
    pub key: String,
    /// The promise in words.
    pub words: String,
    /// Its odds as things are.
    pub odds: f64,
    /// What was tried, from the smallest change to the largest.
    pub tried: Vec<Tried>,
    /// The smallest of them that reaches the aim.
    pub safe: Option<String>,
}

/// One change that was tried.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tried {
    /// The change in words.
    pub change: String,
    /// The odds with it.
    pub odds: f64,
    /// Whether they reach the aim.
    pub reaches: bool,
}

/// How small a change is: the smallest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Size {
    Deputies,
    Watch,
    DeputiesAndWatch,
    OtherUnit,
    LongerNumber,
    People(usize),
    /// More than twice as long: no small change any more.
    MuchLongerNumber,
}

impl Size {
    fn is_number(self) -> bool {
        matches!(self, Self::LongerNumber | Self::MuchLongerNumber)
    }
}

/// A promise that needs help.
struct Weak {
    key: String,
    met_by: MetBy,
    advice: Advice,
    tried: Vec<(Size, Tried)>,
}

/// Looks for changes that bring every promise of the policy to the aim. `simulate`
/// makes a forecast of a changed scenario; it is called about ten times.
pub fn advise(
    scenario: &Scenario,
    forecast: &Forecast,
    aim: f64,
    simulate: &mut dyn FnMut(&Scenario) -> Forecast,
) -> Vec<Advice> {
    let world = World::new(scenario);
    let mut weak: Vec<Weak> = forecast
        .below(aim)
        .filter_map(|p| {
            let spec = world.clocks().iter().find(|c| c.key.0 == p.key)?;
            Some(Weak {
                key: p.key.clone(),
                met_by: spec.met_by,
                advice: Advice {
                    key: p.key.clone(),
                    words: p.words.clone(),
                    odds: p.odds.unwrap_or_default(),
                    tried: Vec::new(),
                    safe: None,
                },
                tried: Vec::new(),
            })
        })
        .collect();
    if weak.is_empty() {
        return Vec::new();
    }
    stand_in(scenario, aim, &mut weak, simulate);
    other_unit(scenario, aim, &mut weak, simulate);
    longer(scenario, forecast, aim, &mut weak, simulate);
    more_people(scenario, aim, &mut weak, simulate);
    weak.into_iter().map(finish).collect()
}

fn finish(mut weak: Weak) -> Advice {
    weak.tried.sort_by_key(|(size, _)| *size);
    let mut advice = weak.advice;
    let safe = weak.tried.iter().find(|(_, t)| t.reaches);
    advice.safe = safe.map(|(_, t)| t.change.clone());
    advice.tried = weak.tried.into_iter().map(|(_, t)| t).collect();
    advice
}

impl Weak {
    fn note(&mut self, size: Size, change: &str, forecast: &Forecast, aim: f64) {
        if let Some(odds) = forecast.promise(&self.key).and_then(|p| p.odds) {
            self.tried.push((
                size,
                Tried {
                    change: change.to_owned(),
                    odds,
                    reaches: odds >= aim,
                },
            ));
        }
    }

    fn is_safe(&self) -> bool {
        self.tried.iter().any(|(_, t)| t.reaches)
    }

    fn is_answer(&self) -> bool {
        self.met_by == MetBy::HumanMessage
    }
}

/// Deputies for absences, and somebody who looks at weekends.
fn stand_in(
    scenario: &Scenario,
    aim: f64,
    weak: &mut [Weak],
    simulate: &mut dyn FnMut(&Scenario) -> Forecast,
) {
    let team = &scenario.team;
    let mut deputies = scenario.clone();
    deputies.team.deputies = true;
    let absent = team
        .members
        .iter()
        .any(|m| m.vacation_days + m.sick_days > 0);
    let with_deputies = !team.deputies && absent;
    if with_deputies {
        let forecast = simulate(&deputies);
        for w in weak.iter_mut() {
            w.note(Size::Deputies, DEPUTIES, &forecast, aim);
        }
    }
    if team.watch || !weak.iter().any(Weak::is_answer) {
        return;
    }
    let mut watch = scenario.clone();
    watch.team.watch = true;
    let forecast = simulate(&watch);
    for w in weak.iter_mut().filter(|w| w.is_answer()) {
        w.note(Size::Watch, WATCH, &forecast, aim);
    }
    if with_deputies && weak.iter().any(|w| w.is_answer() && !w.is_safe()) {
        deputies.team.watch = true;
        let forecast = simulate(&deputies);
        let both = format!("{DEPUTIES}, and {WATCH}");
        for w in weak.iter_mut().filter(|w| w.is_answer()) {
            w.note(Size::DeputiesAndWatch, &both, &forecast, aim);
        }
    }
}

const DEPUTIES: &str = "somebody stands in for vacation and illness";
const WATCH: &str = "somebody looks at new reports once a day on days off";

/// The same with up to three more people like the first.
fn more_people(
    scenario: &Scenario,
    aim: f64,
    weak: &mut [Weak],
    simulate: &mut dyn FnMut(&Scenario) -> Forecast,
) {
    let Some(like) = scenario.team.members.first() else {
        return;
    };
    let mut more = scenario.clone();
    for n in 1..=3 {
        if more.team.members.len() >= MOST_MEMBERS {
            return;
        }
        more.team.members.push(like.clone());
        let forecast = simulate(&more);
        let words = match n {
            1 => "one more person".to_owned(),
            n => format!("{n} more people"),
        };
        let reached = |w: &Weak| {
            w.tried
                .iter()
                .any(|(s, t)| matches!(s, Size::People(_)) && t.reaches)
        };
        for w in weak.iter_mut().filter(|w| !reached(w)) {
            w.note(Size::People(n), &words, &forecast, aim);
        }
        if weak.iter().all(reached) {
            return;
        }
    }
}

/// A term in other words.
#[derive(Debug, Clone)]
struct NewTerm {
    key: String,
    amount: u32,
    unit: TermUnit,
    was: String,
    size: Size,
    /// So much longer that the number would help nobody.
    far: bool,
}

impl NewTerm {
    fn words(&self) -> String {
        let now = Term::Within {
            amount: self.amount,
            at_least: None,
            unit: self.unit,
        };
        if self.far {
            return format!(
                "promise this without a number: only \u{201c}{}\u{201d} would be kept, not \
                 \u{201c}{}\u{201d}",
                term_words(&now),
                self.was
            );
        }
        format!(
            "say \u{201c}{}\u{201d} instead of \u{201c}{}\u{201d}",
            term_words(&now),
            self.was
        )
    }
}

/// Amount and unit of a promise that falls due once.
fn term_of(policy: &PolicyInForce, key: &str) -> Option<(u32, TermUnit)> {
    let promised = policy.policy.promises.iter().find(|c| c.id.0 == key);
    if let Some(clause) = promised {
        return match clause.value.term {
            Term::Within { amount, unit, .. } => Some((amount, unit)),
            _ => None,
        };
    }
    let rule = policy.policy.disclosure.iter().find(|c| c.id.0 == key)?;
    match rule.value.rule {
        DisclosureKind::Window { amount, unit, .. } => Some((amount, unit)),
        _ => None,
    }
}

/// The policy with other terms. Two halves of one sentence ("fix and disclosure within
/// 90 days") change together.
fn with_terms(scenario: &Scenario, terms: &[NewTerm]) -> Scenario {
    let mut out = scenario.clone();
    let policy = &mut out.policy.policy;
    for new in terms {
        let old = policy.promises.iter().find(|c| c.id.0 == new.key).cloned();
        for clause in &mut policy.promises {
            let same = old.as_ref().is_some_and(|o| {
                o.span == clause.span
                    && o.value.term == clause.value.term
                    && o.value.severity == clause.value.severity
            });
            if same {
                clause.value.term = Term::Within {
                    amount: new.amount,
                    at_least: None,
                    unit: new.unit,
                };
            }
        }
        for rule in policy.disclosure.iter_mut().filter(|c| c.id.0 == new.key) {
            if let DisclosureKind::Window { amount, unit, .. } = &mut rule.value.rule {
                (*amount, *unit) = (new.amount, new.unit);
            }
        }
    }
    out
}

fn was(amount: u32, unit: TermUnit) -> String {
    term_words(&Term::Within {
        amount,
        at_least: None,
        unit,
    })
}

fn hours(amount: u32, unit: TermUnit) -> u64 {
    let one = match unit {
        TermUnit::Hours | TermUnit::BusinessHours => 1,
        TermUnit::Days | TermUnit::BusinessDays => 24,
        TermUnit::Weeks => 168,
        TermUnit::Months => 730,
    };
    u64::from(amount) * one
}

/// Ten times the old number is no other number for the same promise.
fn is_far(new: u32, unit: TermUnit, old: u32, old_unit: TermUnit) -> bool {
    hours(new, unit) > hours(old, old_unit) * 10
}

/// Up to twice the old number is a longer one; beyond is much longer.
fn how_much(new: u32, unit: TermUnit, old: u32, old_unit: TermUnit) -> Size {
    let (new, old) = (hours(new, unit), hours(old, old_unit));
    if new <= old * 2 {
        Size::LongerNumber
    } else {
        Size::MuchLongerNumber
    }
}

/// Hours and short days as business days.
fn other_unit(
    scenario: &Scenario,
    aim: f64,
    weak: &mut [Weak],
    simulate: &mut dyn FnMut(&Scenario) -> Forecast,
) {
    let terms: Vec<NewTerm> = weak
        .iter()
        .filter_map(|w| {
            let (amount, unit) = term_of(&scenario.policy, &w.key)?;
            let days = match unit {
                TermUnit::Hours if amount <= 240 => amount.div_ceil(24),
                TermUnit::Days if amount <= 14 => amount,
                _ => return None,
            };
            Some(NewTerm {
                key: w.key.clone(),
                amount: days,
                unit: TermUnit::BusinessDays,
                was: was(amount, unit),
                size: Size::OtherUnit,
                far: false,
            })
        })
        .collect();
    try_terms(scenario, aim, weak, &terms, simulate);
}

/// Longer numbers: as much as the times that were taken ask for, then a step more.
fn longer(
    scenario: &Scenario,
    forecast: &Forecast,
    aim: f64,
    weak: &mut [Weak],
    simulate: &mut dyn FnMut(&Scenario) -> Forecast,
) {
    let mut terms: Vec<NewTerm> = weak
        .iter()
        .filter_map(|w| {
            let (amount, unit) = term_of(&scenario.policy, &w.key)?;
            let stretch = forecast.promise(&w.key)?.stretch_for(aim)?;
            let wanted = u32::try_from(whole(f64::from(amount) * stretch)).ok()?;
            let (longer, to) = step(wanted.max(amount + 1), unit)?;
            Some(NewTerm {
                key: w.key.clone(),
                amount: longer,
                unit: to,
                was: was(amount, unit),
                size: how_much(longer, to, amount, unit),
                far: is_far(longer, to, amount, unit),
            })
        })
        .collect();
    for _ in 0..3 {
        try_terms(scenario, aim, weak, &terms, simulate);
        let open = |t: &NewTerm| {
            let own = weak.iter().find(|w| w.key == t.key);
            own.is_some_and(|w| !w.tried.iter().any(|(s, t)| s.is_number() && t.reaches))
        };
        if !terms.iter().any(open) {
            return;
        }
        terms = terms
            .iter()
            .filter(|t| open(t))
            .filter_map(|t| {
                let (amount, unit) = step(t.amount + 1, t.unit)?;
                let (first, first_unit) = term_of(&scenario.policy, &t.key)?;
                Some(NewTerm {
                    amount,
                    unit,
                    size: how_much(amount, unit, first, first_unit),
                    far: is_far(amount, unit, first, first_unit),
                    ..t.clone()
                })
            })
            .collect();
    }
}

/// All new terms in one simulation, as one new text of the policy would have them.
fn try_terms(
    scenario: &Scenario,
    aim: f64,
    weak: &mut [Weak],
    terms: &[NewTerm],
    simulate: &mut dyn FnMut(&Scenario) -> Forecast,
) {
    if terms.is_empty() {
        return;
    }
    let forecast = simulate(&with_terms(scenario, terms));
    for w in weak.iter_mut() {
        if let Some(term) = terms.iter().find(|t| t.key == w.key) {
            // Of several numbers tried only the last is told.
            w.tried
                .retain(|(s, _)| !(s.is_number() && term.size.is_number()));
            w.note(term.size, &term.words(), &forecast, aim);
        }
    }
}

/// The next number from here on that people use for this unit.
fn step(from: u32, unit: TermUnit) -> Option<(u32, TermUnit)> {
    let numbers: &[u32] = match unit {
        TermUnit::Hours => &[24, 36, 48, 72, 96, 120],
        TermUnit::BusinessHours => &[8, 16, 24, 40, 80],
        TermUnit::Days => &[
            1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 150, 180, 270, 365,
        ],
        TermUnit::BusinessDays => &[1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180],
        TermUnit::Weeks => &[1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 26, 39, 52],
        TermUnit::Months => &[1, 2, 3, 4, 6, 9, 12],
    };
    match numbers.iter().find(|n| **n >= from) {
        Some(n) => Some((*n, unit)),
        None if unit == TermUnit::Hours => step(from.div_ceil(24), TermUnit::Days),
        None => None,
    }
}
