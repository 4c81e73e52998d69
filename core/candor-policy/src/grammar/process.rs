//! The process step by step, and fix strategies.
//!
//! Invariants: steps are numbered in the order of the text.
//!
//! Deliberately absent: what a case must do; that is the case's plan.

use super::{add, head_and_rest};
use crate::model::{FixKind, Policy, Step};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, Topic};

/// Adds steps and fix kinds.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        if matches!(unit.kind, UnitKind::Heading | UnitKind::Code) {
            continue;
        }
        if unit.kind == UnitKind::Item && unit.topic == Topic::Process {
            step(policy, unit);
        }
        fix_kinds(policy, unit);
    }
}

fn step(policy: &mut Policy, unit: &Unit) {
    let Some(stage) = vocab::first(&unit.low, |l| l.stages) else {
        return;
    };
    let mut demands = Vec::new();
    for (_, _, demand) in vocab::all(&unit.low, |l| l.step_demands) {
        if !demands.contains(&demand) {
            demands.push(demand);
        }
    }
    demands.sort_unstable();
    let number = u32::try_from(policy.steps.len())
        .unwrap_or(u32::MAX)
        .saturating_add(1);
    let value = Step {
        number,
        stage,
        demands,
    };
    add(&mut policy.steps, "step", unit, value);
}

/// "Fix strategy: patch, dependency update, or mitigation".
fn fix_kinds(policy: &mut Policy, unit: &Unit) {
    let Some((head, rest)) = head_and_rest(&unit.low) else {
        return;
    };
    if !vocab::fits_any(head, &["fix strateg", "remediation option", "fix option"]) {
        return;
    }
    for (word, kind) in [
        ("patch", FixKind::Patch),
        ("dependency update", FixKind::DependencyUpdate),
        ("mitigation", FixKind::Mitigation),
    ] {
        if vocab::fits(rest, word) {
            add(&mut policy.fix_kinds, "fix-kind", unit, kind);
        }
    }
}
