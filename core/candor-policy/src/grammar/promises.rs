//! The project's promises, gathered from tables, lists and sentences.
//!
//! Invariants: a number asked of the reporter is never the project's promise; a
//! time without a known milestone is none; the same promise is taken once.
//!
//! Deliberately absent: windows of disclosure asked of the reporter; see `disclosure`.

use candor_base::Span;

use super::cues::cues;
use super::times::pace;
use super::{add_at, history, listed, people, rows};
use crate::model::{Clause, Firmness, Milestone, Origin, Policy, Promise, Term};
use crate::read::{Document, UnitKind};
use crate::vocab::{self, Topic};

/// More promises than any policy makes; the bound keeps hostile texts cheap.
const MOST: usize = 400;

/// Adds every promise.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    let mut earlier = None;
    for unit in &doc.units {
        let before = earlier.replace(unit);
        if people::is_review(&unit.low) || history::is_no_promise(unit) {
            continue;
        }
        let found = match &unit.kind {
            UnitKind::Row { header, cells } => rows::promises(doc, unit, header, cells),
            UnitKind::Item => listed::promises(doc, unit),
            UnitKind::Sentence => {
                let before = before.filter(|b| b.kind == UnitKind::Sentence);
                listed::of_sentence(unit, before)
            }
            UnitKind::Heading => listed::of_heading(unit),
            UnitKind::Code => Vec::new(),
        };
        for promise in found {
            take(&mut policy.promises, unit.span, &unit.quote, promise);
        }
    }
}

fn take(list: &mut Vec<Clause<Promise>>, span: Span, quote: &str, promise: Promise) {
    if list.len() >= MOST {
        return;
    }
    let again = list.iter().any(|c| {
        c.value.milestone == promise.milestone
            && c.value.severity == promise.severity
            && c.value.condition == promise.condition
            && c.value.term == promise.term
    });
    let vague_again = is_vague(&promise.term)
        && list.iter().any(|c| {
            c.value.milestone == promise.milestone
                && c.value.severity == promise.severity
                && is_vague(&c.value.term)
                && pace(&c.value.term) == pace(&promise.term)
        });
    if !(again && promise.milestone != Milestone::Conduct || vague_again) {
        add_at(list, "promise", span, quote, promise);
    }
}

/// Without a number, but with words about time; "we will" alone is not.
fn is_vague(term: &Term) -> bool {
    matches!(term, Term::Unquantified { words } if !words.is_empty())
}

/// Topics in which no promise stands.
pub(super) fn is_elsewhere(topic: Topic) -> bool {
    matches!(
        topic,
        Topic::Advice
            | Topic::Practices
            | Topic::Versions
            | Topic::Contents
            | Topic::InScope
            | Topic::OutOfScope
            | Topic::Credit
            | Topic::WhenToReport
            | Topic::Contact
    )
}

/// A promise once from receipt, the common form.
pub(super) fn promise(milestone: Milestone, term: Term, firmness: Firmness) -> Promise {
    Promise {
        milestone,
        alternatives: Vec::new(),
        severity: None,
        condition: None,
        term,
        from: Origin::Receipt,
        firmness,
    }
}

/// The milestones a short text names.
pub(super) fn named(low: &str) -> Vec<Milestone> {
    let mut out: Vec<Milestone> = Vec::new();
    for (_, _, m) in cues(low) {
        if !out.contains(&m) {
            out.push(m);
        }
    }
    let fix = out.contains(&Milestone::Fix) || out.contains(&Milestone::PatchRelease);
    if fix && out.contains(&Milestone::Disclosure) {
        let fix = if out.contains(&Milestone::Fix) {
            Milestone::Fix
        } else {
            Milestone::PatchRelease
        };
        return vec![fix, Milestone::Disclosure];
    }
    // "Confirmation and analysis" confirms the flaw, not its receipt.
    let confirms = [
        "confirmation and",
        "confirmation &",
        "confirmation /",
        "confirmation et",
        "confirmación y",
        "confirmação e",
        "conferma e",
        "bestätigung und",
    ]
    .iter()
    .any(|w| low.starts_with(w));
    if confirms && out.get(1) == Some(&Milestone::Assessment) {
        return vec![Milestone::Assessment];
    }
    if out.contains(&Milestone::Acknowledgement)
        && (out.contains(&Milestone::Triage) || out.contains(&Milestone::Assessment))
        && vocab::fits(low, "acknowledg")
    {
        out.truncate(2);
        return out;
    }
    // "Initial assessment and remediation plan": two things by one date.
    let planned = matches!(
        out.as_slice(),
        [
            Milestone::Assessment | Milestone::Triage,
            Milestone::Plan,
            ..
        ]
    ) && [
        " and ", " & ", " und ", " et ", " y ", " e ", "と", "和", "与", "및",
    ]
    .iter()
    .any(|w| low.contains(w));
    out.truncate(if planned { 2 } else { 1 });
    out
}
