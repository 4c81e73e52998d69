//! How often the policy itself is looked over.
//!
//! Invariants: a text about reports says nothing about the policy.
//!
//! Deliberately absent: credit, safe harbour, duties and contacts; they have their own
//! grammars.

use super::durations::durations;
use super::once;
use crate::model::{Policy, Review, TermUnit};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab;

/// Adds the first such sentence.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        if !matches!(unit.kind, UnitKind::Heading | UnitKind::Code) {
            review(policy, unit);
        }
    }
}

/// Whether a text says how often the policy itself is looked over. Such a text
/// promises nothing about a report.
pub(super) fn is_review(low: &str) -> bool {
    every_months(low).is_some()
}

/// The months between two reviews of the policy.
fn every_months(low: &str) -> Option<u32> {
    if let Some(months) = vocab::first(low, |l| l.rules.reviews) {
        return Some(months);
    }
    let about_policy =
        vocab::fits(low, "policy") && vocab::fits(low, "review") && !vocab::fits(low, "report");
    if !about_policy {
        return None;
    }
    let d = durations(low).into_iter().find(|d| d.every)?;
    match d.unit {
        TermUnit::Months => Some(d.amount),
        _ => None,
    }
}

fn review(policy: &mut Policy, unit: &Unit) {
    if let Some(every_months) = every_months(&unit.low) {
        once(&mut policy.review, "review", unit, Review { every_months });
    }
}
