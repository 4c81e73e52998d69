//! Promises in the words of the policy's own list, and times for people.
//!
//! Invariant: a promise reads here as in `promises_in_words`, except that one which
//! is met only by fix and publication together says both.

use candor_policy::clocks::{ClockRule, ClockSource, ClockSpec, MetBy};
use candor_policy::{PromiseKind, PromiseLine, act_words, promises_in_words, term_words};

use crate::num::seconds;
use crate::scenario::World;
use crate::tally::PromiseForecast;

/// What a forecast says of a promise.
#[derive(Debug, Clone, Default)]
pub(crate) struct Said {
    pub(crate) words: String,
    pub(crate) firmness: String,
    pub(crate) lines: Option<String>,
}

/// Whether a clock is forecast: all but the next release while that is not known, and
/// word in advance.
pub(crate) fn is_dated(world: &World<'_>, spec: &ClockSpec) -> bool {
    let settings = &world.scenario.policy.settings;
    match spec.rule {
        ClockRule::NextRelease => settings.next_release.is_some(),
        // Nobody of the forecast tells distributors or the reporter of a day.
        ClockRule::Lead { .. } => false,
        _ => true,
    }
}

/// Words for each clock, in their order.
pub(crate) fn of_clocks(world: &World<'_>) -> Vec<Said> {
    let lines = promises_in_words(&world.scenario.policy);
    let is_own = |l: &&PromiseLine| l.kind == PromiseKind::CandorDefault;
    let mut own = lines.iter().filter(is_own);
    world
        .clocks()
        .iter()
        .map(|spec| match &spec.source {
            ClockSource::Candor => own.next().map(said).unwrap_or_default(),
            ClockSource::Policy { clause, span, .. }
            | ClockSource::Reading { clause, span, .. } => {
                let line = lines.iter().find(|l| l.clause.as_ref() == Some(clause));
                let mut out = line.map(said).unwrap_or_default();
                if spec.met_by == MetBy::FixAndPublished {
                    out.words = both(world, spec).unwrap_or(out.words);
                }
                out.lines = Some(span.to_string());
                out
            }
        })
        .collect()
}

fn both(world: &World<'_>, spec: &ClockSpec) -> Option<String> {
    let promises = &world.scenario.policy.policy.promises;
    let clause = promises.iter().find(|c| c.id.0 == spec.key.0)?;
    Some(format!(
        "{} {}",
        act_words(spec.milestone, spec.met_by),
        term_words(&clause.value.term)
    ))
}

fn said(line: &PromiseLine) -> Said {
    Said {
        words: line.text.clone(),
        firmness: line.firmness.clone(),
        lines: line.span.map(|s| s.to_string()),
    }
}

/// Promises that no clock follows from.
pub(crate) fn undated(world: &World<'_>) -> Vec<(String, Option<String>)> {
    let known = world.scenario.policy.settings.next_release.is_some();
    let undated = |l: &PromiseLine| match l.kind {
        PromiseKind::Number => !l.dated && !known,
        PromiseKind::NoNumber => true,
        PromiseKind::CandorDefault => false,
    };
    promises_in_words(&world.scenario.policy)
        .into_iter()
        .filter(undated)
        .map(|l| (l.text, l.span.map(|s| s.to_string())))
        .collect()
}

/// A time for people: "40 min", "17 h", "3.5 d".
pub fn time_words(time: i64) -> String {
    let hours = seconds(time) / 3_600.0;
    if hours < 1.0 {
        format!("{} min", time / 60)
    } else if hours < 48.0 {
        format!("{hours:.0} h")
    } else if hours < 240.0 {
        format!("{:.1} d", hours / 24.0)
    } else {
        format!("{:.0} d", hours / 24.0)
    }
}

/// How long the acts took: "half within 12 h, nine in ten within 3.3 d".
pub(crate) fn took_words(p: &PromiseForecast) -> String {
    let half = p.typical.map(time_words);
    let most = p.nine_in_ten.map(time_words);
    match (half, most) {
        (Some(half), Some(most)) => format!("half within {half}, nine in ten within {most}"),
        (Some(half), None) => {
            format!("half within {half}, nine in ten not by the end")
        }
        (None, _) => "half not by the end".to_owned(),
    }
}

/// Odds for people: 99.95 % is not yet always.
pub fn odds_words(odds: f64) -> String {
    let percent = odds * 100.0;
    if odds >= 1.0 {
        "100 %".to_owned()
    } else if percent >= 99.95 {
        ">99.9 %".to_owned()
    } else if odds > 0.0 && percent < 0.05 {
        "<0.1 %".to_owned()
    } else {
        format!("{percent:.1} %")
    }
}
