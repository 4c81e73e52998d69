//! The process step by step, fix strategies, and outlets of advisories.
//!
//! Invariants: steps are numbered in the order of the text.
//!
//! Deliberately absent: what a case must do; that is the case's plan.

use super::{add, head_and_rest, sentences};
use crate::model::{FixKind, Outlet, OutletKind, Policy, Step};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, Topic};

/// Adds steps, fix kinds and outlets.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        if matches!(unit.kind, UnitKind::Heading | UnitKind::Code) {
            continue;
        }
        if unit.kind == UnitKind::Item && unit.topic == Topic::Process {
            step(policy, unit);
        }
        fix_kinds(policy, unit);
        outlets(policy, unit);
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
    if !["fix strateg", "remediation option", "fix option"]
        .iter()
        .any(|w| vocab::fits(head, w))
    {
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

fn outlets(policy: &mut Policy, unit: &Unit) {
    let listed = unit.kind == UnitKind::Item && unit.topic == Topic::Outlets;
    if listed {
        let kind = vocab::first(&unit.low, |l| l.outlets).unwrap_or(OutletKind::Other);
        push(policy, unit, kind, &unit.plain);
        return;
    }
    if matches!(
        unit.topic,
        Topic::Reporting | Topic::Contents | Topic::InScope | Topic::OutOfScope
    ) {
        return;
    }
    for low in &sentences(unit) {
        let tells = ["publish", "announce", "communicat", "advisories appear"]
            .iter()
            .any(|w| vocab::fits(low, w));
        let by_reporter = vocab::fits(low, "reporter may") || vocab::fits(low, "distributors");
        if !tells || by_reporter {
            continue;
        }
        let found = vocab::all(low, |l| l.outlets);
        for (start, end, kind) in &found {
            let name = low.get(*start..*end).unwrap_or("");
            push(policy, unit, *kind, &as_written(&unit.plain, name));
        }
        if !found.is_empty() && vocab::fits(low, "other channels") {
            push(policy, unit, OutletKind::Other, "other channels");
        }
    }
}

/// A lower-case name as the text writes it.
fn as_written(plain: &str, name: &str) -> String {
    let low = crate::read::lower(plain);
    let found = low
        .find(name)
        .filter(|_| low.len() == plain.len())
        .and_then(|at| {
            let rest = plain.get(at..)?;
            let tail = rest.get(name.len()..)?;
            // A pattern may end inside a word; the name does not.
            let more = tail
                .find(|c: char| !c.is_alphanumeric())
                .unwrap_or(tail.len());
            rest.get(..name.len() + more)
        });
    found.unwrap_or(name).to_owned()
}

fn push(policy: &mut Policy, unit: &Unit, kind: OutletKind, name: &str) {
    let named_twice = policy.outlets.iter().any(|c| {
        c.value.kind == kind
            && (c.value.name == name || kind != OutletKind::Other && c.span == unit.span)
    });
    if named_twice {
        return;
    }
    let value = Outlet {
        kind,
        name: name.to_owned(),
    };
    add(&mut policy.outlets, "outlet", unit, value);
}
