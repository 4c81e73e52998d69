//! Credit, safe harbour, contacts, review of the policy.
//!
//! Invariants: support for good faith is not a promise of no legal action.
//!
//! Deliberately absent: consent; that is asked on the case.

use std::collections::BTreeSet;

use super::durations::durations;
use super::{add, add_at, once, sentences};
use crate::model::{Clause, Credit, Policy, Review, SafeHarbour, TermUnit};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, Remark, Topic};

/// Adds everything about people.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    let leads = harbour_leads(doc);
    for (place, unit) in doc.units.iter().enumerate() {
        if matches!(unit.kind, UnitKind::Heading | UnitKind::Code) {
            continue;
        }
        credit(policy, unit);
        let led = unit.lead.is_some_and(|lead| leads.contains(&lead));
        harbour(policy, unit, led || leads.contains(&place));
        review(policy, unit);
    }
}

fn credit(policy: &mut Policy, unit: &Unit) {
    if matches!(unit.topic, Topic::Contents | Topic::Advice) {
        return;
    }
    for low in &sentences(unit) {
        let is = |kind| vocab::remarks(low, kind);
        let with_consent = is(Remark::CreditWithConsent);
        let unless_anonymous = is(Remark::CreditUnlessAnonymous);
        let valid_only = is(Remark::CreditValidOnly);
        if !(with_consent || unless_anonymous || valid_only || is(Remark::Credit)) {
            continue;
        }
        match &mut policy.credit {
            None => once(
                &mut policy.credit,
                "credit",
                unit,
                Credit {
                    with_consent,
                    unless_anonymous,
                    valid_only,
                    more: Vec::new(),
                },
            ),
            Some(clause) => {
                clause.value.with_consent |= with_consent;
                clause.value.unless_anonymous |= unless_anonymous;
                clause.value.valid_only |= valid_only;
                let more: &mut Vec<Clause<String>> = &mut clause.value.more;
                add_at(
                    more,
                    "credit-more",
                    unit.span,
                    &unit.quote,
                    low.trim().to_owned(),
                );
            }
        }
    }
}

/// Sentences that lead into a list of what the project does for good faith: "we will:"
/// with no legal action among the items, or no legal action promised by the lead itself.
fn harbour_leads(doc: &Document) -> BTreeSet<usize> {
    let promises = |unit: &Unit| vocab::remarks(&unit.low, Remark::NoLegalAction);
    doc.units
        .iter()
        .filter_map(|unit| {
            let lead = unit.lead?;
            let words = doc.units.get(lead)?;
            let good_faith = vocab::remarks(&words.low, Remark::GoodFaith);
            (promises(words) || (good_faith && promises(unit))).then_some(lead)
        })
        .collect()
}

fn harbour(policy: &mut Policy, unit: &Unit, in_promise: bool) {
    let no_legal_action = vocab::remarks(&unit.low, Remark::NoLegalAction);
    if in_promise || no_legal_action || vocab::remarks(&unit.low, Remark::GoodFaith) {
        add(
            &mut policy.safe_harbour,
            "safe-harbour",
            unit,
            SafeHarbour {
                no_legal_action,
                in_promise,
            },
        );
    }
}

/// Whether a text says how often the policy itself is looked over. Such a text
/// promises nothing about a report.
pub(super) fn is_review(low: &str) -> bool {
    let about_policy =
        vocab::fits(low, "policy") && vocab::fits(low, "review") && !vocab::fits(low, "report");
    vocab::remarks(low, Remark::ReviewYearly)
        || about_policy && durations(low).iter().any(|d| d.every)
}

fn review(policy: &mut Policy, unit: &Unit) {
    let low = &unit.low;
    if vocab::remarks(low, Remark::ReviewYearly) {
        once(
            &mut policy.review,
            "review",
            unit,
            Review { every_months: 12 },
        );
    } else if is_review(low)
        && let Some(d) = durations(low).into_iter().find(|d| d.every)
        && d.unit == TermUnit::Months
    {
        once(
            &mut policy.review,
            "review",
            unit,
            Review {
                every_months: d.amount,
            },
        );
    }
}
