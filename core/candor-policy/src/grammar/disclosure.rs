//! How and when details become public, and windows of time until then.
//!
//! Invariants: a window asked of the reporter is a rule of disclosure, never a
//! promise; no number is made of "expedited" or "extended".
//!
//! Deliberately absent: the project's own promise to publish by a time; see `promises`.

use super::durations::durations;
use super::{add, lead_in, publishing, sentences, times};
use crate::model::{DisclosureKind, DisclosureRule, Policy};
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
        for low in &sentences(unit) {
            of_sentence(policy, unit, low);
        }
    }
}

fn of_sentence(policy: &mut Policy, unit: &Unit, low: &str) {
    if asks_or_states_window(unit, low) {
        if let Some(d) = durations(low).into_iter().next() {
            let from = times::origin(low.get(d.end..).unwrap_or(""));
            push(
                policy,
                unit,
                DisclosureKind::Window {
                    amount: d.amount,
                    unit: d.unit,
                    from,
                },
            );
        }
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
        DisclosureRule { rule, severity },
    );
}

/// Whether a sentence asks the reporter for a window of time, or states one
/// without the project saying that it will do something.
pub(super) fn asks_or_states_window(unit: &Unit, low: &str) -> bool {
    if matches!(unit.kind, UnitKind::Row { .. }) || durations(low).is_empty() {
        return false;
    }
    if super::promises::is_elsewhere(unit.topic) || vocab::any(low, |l| l.silence) {
        return false;
    }
    if vocab::any(low, |l| l.asked_of_reporter) {
        return [
            "disclos", "public", "embargo", "fix", "address", "resolve", "remediat", "patch",
            "respond",
        ]
        .iter()
        .any(|w| vocab::fits(low, w));
    }
    if vocab::fits(low, "embargo") {
        return true;
    }
    let states = [
        "to public disclosure",
        "until public disclosure",
        "disclosure window",
        "disclosure timeline",
        "disclosure deadline",
        "disclosure period",
        "before public disclosure",
        "before disclos",
        "before public",
    ]
    .iter()
    .any(|w| vocab::fits(low, w));
    let acts = [
        "we will",
        "we'll",
        "we aim",
        "we publish",
        "we disclose",
        "we strive",
    ]
    .iter()
    .any(|w| vocab::fits(low, w));
    states && !acts
}
