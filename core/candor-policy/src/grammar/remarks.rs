//! Sentences that stand for themselves: when to report, who fields reports,
//! disclaimers, statements.
//!
//! Invariants: a sentence is kept as it stands.
//!
//! Deliberately absent: any reading of it beyond its kind.

use super::{add, once, sentences};
use crate::model::{Disclaimer, Policy};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, Remark, Topic};

/// Adds all such clauses.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        if matches!(unit.kind, UnitKind::Heading | UnitKind::Code) {
            continue;
        }
        one(policy, unit);
        lists(policy, unit);
        disclaimers(policy, unit);
    }
}

fn one(policy: &mut Policy, unit: &Unit) {
    let is = |kind| vocab::remarks(&unit.low, kind);
    let text = || unit.plain.clone();
    if is(Remark::KnownPublic) {
        once(&mut policy.known_public_rule, "known-public", unit, text());
    }
    if is(Remark::FieldedBy) {
        once(&mut policy.fielded_by, "fielded-by", unit, text());
    }
    if is(Remark::Subscribe) {
        once(&mut policy.subscribe, "subscribe", unit, text());
    }
}

fn lists(policy: &mut Policy, unit: &Unit) {
    let is = |kind| vocab::remarks(&unit.low, kind);
    let text = || unit.plain.clone();
    let lists_when = unit.kind == UnitKind::Item && unit.topic == Topic::WhenToReport;
    if lists_when || is(Remark::WhenToReport) {
        add(&mut policy.when_to_report, "when-to-report", unit, text());
    }
    if is(Remark::NotHere) {
        add(&mut policy.not_here, "not-here", unit, text());
    }
    if is(Remark::Distributors) {
        add(&mut policy.distributors, "distributor", unit, text());
    }
    if is(Remark::Basis) {
        add(
            &mut policy.assessment_basis,
            "assessment-basis",
            unit,
            text(),
        );
    }
    if is(Remark::Statement) && !is(Remark::KnownPublic) {
        add(&mut policy.statements, "statement", unit, text());
    }
}

fn disclaimers(policy: &mut Policy, unit: &Unit) {
    for low in sentences(unit) {
        let found =
            vocab::first(low, |l| l.disclaimers).or_else(|| vocab::first(low, |l| l.rules.limits));
        let Some(kind) = found else {
            continue;
        };
        let known = policy
            .disclaimers
            .iter()
            .any(|c| c.value.kind == kind && c.quote == unit.quote);
        if !known {
            add(
                &mut policy.disclaimers,
                "disclaimer",
                unit,
                Disclaimer { kind },
            );
        }
    }
}
