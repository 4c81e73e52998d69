//! What a report must fulfil before it is looked at.
//!
//! Invariants: one clause per sentence or item; lists of what is in or out of
//! scope and advice to users hold none.
//!
//! Deliberately absent: checks; the form asks, people decide.

use super::{add_at, sentences};
use crate::model::{Policy, PrerequisiteKind};
use crate::read::{Document, UnitKind};
use crate::vocab::{self, Topic};

/// Adds every prerequisite.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    // Where the last wish of no kind of its own stood: what follows it at once goes with it.
    let mut other: Option<usize> = None;
    for (place, unit) in doc.units.iter().enumerate() {
        let elsewhere = matches!(
            unit.topic,
            Topic::InScope
                | Topic::OutOfScope
                | Topic::Advice
                | Topic::Practices
                | Topic::Outlets
                | Topic::Credit
                | Topic::SafeHarbour
                | Topic::Process
                | Topic::Response
        );
        if elsewhere || matches!(unit.kind, UnitKind::Heading | UnitKind::Code) {
            continue;
        }
        if matches!(unit.kind, UnitKind::Row { .. }) {
            continue;
        }
        for low in sentences(unit) {
            let Some(kind) = vocab::first(low, |l| l.prerequisites) else {
                continue;
            };
            // "We don't encrypt the store" says what the project does.
            let own = low.trim_start().starts_with("we ") && kind == PrerequisiteKind::Other;
            let again = kind == PrerequisiteKind::EnoughDetail && policy.incomplete_rule.is_some();
            if own || again {
                continue;
            }
            if kind == PrerequisiteKind::Other && unit.kind == UnitKind::Sentence {
                let goes_on = other.is_some_and(|at| at < place && at + 2 >= place);
                other = Some(place);
                if goes_on {
                    continue;
                }
            }
            let known = policy.prerequisites.iter().any(|c| c.value == kind)
                && kind != PrerequisiteKind::Other;
            if !known {
                add_at(
                    &mut policy.prerequisites,
                    "prerequisite",
                    unit.span,
                    &unit.quote,
                    kind,
                );
            }
        }
    }
}
