//! How and when details become public, and windows of time until then.
//!
//! Invariants: a window asked of the reporter is a rule of disclosure, never a
//! promise; no number is made of "expedited" or "extended".
//!
//! Deliberately absent: the project's own promise to publish by a time; see `promises`.

use super::{add, lead_in, publishing, sentences, times, windows};
use crate::model::{DisclosureKind, DisclosureRule, Origin, Policy};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, Rule, Topic};

/// Adds every rule.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        if matches!(unit.kind, UnitKind::Heading | UnitKind::Code) {
            continue;
        }
        if unit.topic == Topic::Until && unit.kind == UnitKind::Item {
            lead_in(doc, &mut policy.lead_ins, unit);
            push(policy, unit, DisclosureKind::UntilValidatedOrAgreed);
            continue;
        }
        for low in sentences(unit) {
            of_sentence(policy, unit, low);
        }
    }
}

fn of_sentence(policy: &mut Policy, unit: &Unit, low: &str) {
    if let Some(window) = windows::window(unit, low) {
        let d = window.duration;
        let from = window_origin(low, d.start, d.end);
        let rule = DisclosureKind::Window {
            amount: d.amount,
            unit: d.unit,
            from,
        };
        let severity = times::severities(low, false).first().copied();
        let value = DisclosureRule {
            rule,
            severity,
            stated: window.stated,
        };
        add(&mut policy.disclosure, "disclosure", unit, value);
        return;
    }
    if matches!(
        unit.topic,
        Topic::Contents | Topic::Advice | Topic::Versions
    ) {
        return;
    }
    let Some(rule) = vocab::first(low, |l| l.disclosure) else {
        return;
    };
    if rule == Rule::UntilFixed && !vocab::any(low, |l| l.rules.public) {
        return;
    }
    if rule == Rule::Extension && !publishing::is_about(unit, low) {
        return;
    }
    let kind = match rule {
        Rule::Coordinated => DisclosureKind::Coordinated,
        Rule::Agreed => DisclosureKind::Agreed,
        Rule::PrivateFirst => DisclosureKind::PrivateFirst,
        Rule::Expedited => DisclosureKind::Expedited,
        Rule::Extension => DisclosureKind::Extension,
        Rule::UntilFixed => DisclosureKind::UntilFixed,
        Rule::FreeAfterDate => DisclosureKind::FreeAfterDate,
        Rule::MayStayInternal => DisclosureKind::MayStayInternal,
        Rule::WhenApplicable => DisclosureKind::WhenApplicable,
        Rule::PublishMitigations => DisclosureKind::PublishMitigations,
    };
    push(policy, unit, kind);
}

fn push(policy: &mut Policy, unit: &Unit, rule: DisclosureKind) {
    let repeated = matches!(rule, DisclosureKind::Coordinated)
        && policy
            .disclosure
            .iter()
            .any(|c| c.value.rule == rule && c.span == unit.span);
    if repeated {
        return;
    }
    let severity = times::severities(&unit.low, false).first().copied();
    add(
        &mut policy.disclosure,
        "disclosure",
        unit,
        DisclosureRule {
            rule,
            severity,
            stated: false,
        },
    );
}

fn window_origin(low: &str, start: usize, end: usize) -> Origin {
    times::origin(low.get(end..).unwrap_or(""))
        .or_else(|| times::origin_before(low.get(..start).unwrap_or("")))
        .unwrap_or(Origin::Receipt)
}
