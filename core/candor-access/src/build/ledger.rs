//! The ledger of promises, in words for the team.
//!
//! Invariant: nothing is left out: each promise and period is one line, kept or not.

use candor_base::Instant;
use candor_case::{
    ActRef, AlarmStep, CaseClock, CaseMessage, ClockStatus, PromiseEntry, PromiseState, TextRef,
    promise_ledger,
};
use candor_policy::clocks::{ClockRule, ClockSource};
use candor_policy::{clock_words, firmness_words, span_words};

use super::case::CaseMaterial;
use super::words;
use crate::view::{ClockLook, LedgerLine};

/// The ledger; what fell due last stands first.
pub(super) fn ledger(m: &CaseMaterial<'_>) -> Vec<LedgerLine> {
    let mut entries = promise_ledger(m.events);
    entries.sort_by_key(|e| std::cmp::Reverse((e.due, e.anchor)));
    entries.iter().map(|e| line(m, e)).collect()
}

/// Promises whose miss waits for an answer: key and words.
pub(super) fn alarms(m: &CaseMaterial<'_>) -> Vec<(String, String)> {
    m.state
        .open_alarms()
        .map(|c| (c.spec.key.to_string(), clock_words(&c.spec)))
        .collect()
}

/// Promises that still run, before they fall due: more days can be agreed on.
pub(super) fn extendable(m: &CaseMaterial<'_>) -> Vec<(String, String)> {
    still_open(m, |c| {
        matches!(
            c.spec.rule,
            ClockRule::Within { .. } | ClockRule::Recurring { .. }
        ) && c.due.is_some_and(|due| m.now <= due)
    })
}

/// Promises that the reporter can still do without.
pub(super) fn waivable(m: &CaseMaterial<'_>) -> Vec<(String, String)> {
    still_open(m, |_| true)
}

fn still_open(m: &CaseMaterial<'_>, fits: impl Fn(&CaseClock) -> bool) -> Vec<(String, String)> {
    m.state
        .clocks
        .values()
        .filter(|c| matches!(c.status, ClockStatus::Running | ClockStatus::Paused) && fits(c))
        .map(|c| {
            let what = clock_words(&c.spec);
            let words = match c.due {
                Some(due) => format!("{what}, due {}", m.when(due).words),
                None => what,
            };
            (c.spec.key.to_string(), words)
        })
        .collect()
}

fn line(m: &CaseMaterial<'_>, e: &PromiseEntry) -> LedgerLine {
    let (look, state) = state(m, e);
    let (clause, quote) = match &e.spec.source {
        ClockSource::Policy {
            clause,
            span,
            quote,
        }
        | ClockSource::Reading {
            clause,
            span,
            quote,
        } => (
            format!("{clause}, {}", span_words(*span)),
            Some(quote.clone()),
        ),
        ClockSource::Candor => (String::new(), None),
    };
    LedgerLine {
        what: clock_words(&e.spec),
        clause,
        quote,
        firmness: firmness_words(e.spec.firmness).to_owned(),
        policy: e.policy.to_string().chars().take(12).collect(),
        period: e.period,
        due: e.due.map(|at| m.when(at)),
        look,
        state,
        notes: notes(m, e),
    }
}

fn act(m: &CaseMaterial<'_>, by: Option<ActRef>) -> String {
    by.map_or_else(
        || "an act of the case".to_owned(),
        |act| {
            format!(
                "\u{201c}{}\u{201d} by {} on {} (event {})",
                act.event.replace('_', " "),
                m.actor(act.by, false),
                m.when(act.at).words,
                act.seq
            )
        },
    )
}

/// The reporter's own yes, or in older histories the message that was taken for one.
fn agreement(
    m: &CaseMaterial<'_>,
    consent: Option<candor_base::MessageId>,
    yes: Instant,
    reason: &TextRef,
) -> String {
    let of = |x: &&CaseMessage| Some(x.message.id) == consent;
    let said = match m.state.messages.iter().find(of) {
        Some(x) => format!("the reporter agreed in a message of {}", m.when(x.at).words),
        None => format!("the reporter agreed on {}", m.when(yes).words),
    };
    match m.text(reason) {
        reason if reason.is_empty() => said,
        reason => format!("{said}; the reason: {reason}"),
    }
}

fn state(m: &CaseMaterial<'_>, e: &PromiseEntry) -> (ClockLook, String) {
    match &e.state {
        PromiseState::Running if e.due.is_none() => (
            ClockLook::Unscheduled,
            "runs, without a date yet".to_owned(),
        ),
        PromiseState::Running => (ClockLook::Running, "runs".to_owned()),
        PromiseState::Paused { why } => (
            ClockLook::Paused,
            format!("stands still since {}", act(m, *why)),
        ),
        PromiseState::Met { by } => (ClockLook::Met, format!("kept by {}", act(m, *by))),
        PromiseState::Missed => {
            let late = e.due.map_or(0, |due| m.now.seconds_since(due));
            let words = words::duration(late);
            (ClockLook::Overdue, format!("missed, {words} overdue now"))
        }
        PromiseState::MetLate { by, late_seconds } => {
            let words = words::duration(*late_seconds);
            (
                ClockLook::Late,
                format!("missed by {words}, then done by {}", act(m, *by)),
            )
        }
        PromiseState::Waived {
            at,
            consent,
            reason,
            by,
        } => (
            ClockLook::Waived,
            format!(
                "waived, recorded by {} on {}: {}",
                m.actor(*by, false),
                m.when(*at).words,
                agreement(m, *consent, *at, reason)
            ),
        ),
        PromiseState::Over { why, .. } => (
            ClockLook::Stopped,
            format!("applies no more since {}", act(m, *why)),
        ),
    }
}

fn notes(m: &CaseMaterial<'_>, e: &PromiseEntry) -> Vec<String> {
    let mut out = Vec::new();
    for moved in &e.moved {
        let from = moved
            .from
            .map_or_else(|| "no date".to_owned(), |at| m.when(at).words);
        out.push(match &moved.agreed {
            Some((reason, consent)) => format!(
                "Extended by {}, was due {from}: {}",
                m.actor(moved.by, false),
                agreement(m, *consent, moved.at, reason)
            ),
            None if moved.calendar => {
                format!("Counted again after an edit of the calendar, was due {from}.")
            }
            None if e.spec.severity.is_some() => {
                format!("Moved by the rating, was due {from}.")
            }
            None => match e.spec.rule {
                ClockRule::Lead { .. } => {
                    format!("Moved with the planned publication, was due {from}.")
                }
                ClockRule::FixPlus { .. } => {
                    format!("Moved by what happened to the fix, was due {from}.")
                }
                _ => format!("Moved, was due {from}."),
            },
        });
    }
    for (percent, at) in &e.warned {
        out.push(format!("Warned at {percent} %: {}", m.when(*at).words));
    }
    for (step, at) in &e.escalated {
        out.push(format!(
            "Told to {}: {}",
            step_words(*step),
            m.when(*at).words
        ));
    }
    if let Some((who, at)) = e.seen {
        let when = m.when(at).words;
        out.push(format!("Seen by {}: {when}", m.actor(who, false)));
    }
    out
}

/// Who is meant by a step of the line of alarm.
pub fn step_words(step: AlarmStep) -> &'static str {
    match step {
        AlarmStep::Owner => "whoever leads the case",
        AlarmStep::Duty => "whoever is on duty",
        AlarmStep::Deputy => "the deputy",
        AlarmStep::Lead => "the head of the team",
    }
}
