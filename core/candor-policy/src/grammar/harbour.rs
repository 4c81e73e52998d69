//! Safe harbour and good faith.
//!
//! Invariants: support for good faith is not a promise of no legal action; lead-in and
//! items are one promise.
//!
//! Deliberately absent: judgement of what a promise is worth.

use std::collections::BTreeSet;

use super::add;
use crate::model::{Policy, Protection, SafeHarbour};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, Remark, Topic};

/// Adds every statement.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    let leads = leads(doc);
    for (place, unit) in doc.units.iter().enumerate() {
        if matches!(unit.kind, UnitKind::Heading | UnitKind::Code) {
            continue;
        }
        let led = unit.lead.is_some_and(|lead| leads.contains(&lead));
        one(doc, policy, unit, led || leads.contains(&place));
    }
}

fn promises_no_action(low: &str) -> bool {
    vocab::remarks(low, Remark::NoLegalAction)
}

/// Sentences that lead into a list of what the project does for good faith: "we will:"
/// with no legal action among the items, or no legal action promised by the lead itself.
fn leads(doc: &Document) -> BTreeSet<usize> {
    doc.units
        .iter()
        .filter_map(|unit| {
            let lead = unit.lead?;
            let words = doc.units.get(lead)?;
            let good_faith = vocab::remarks(&words.low, Remark::GoodFaith)
                || vocab::fits_any(
                    &words.low,
                    &["this policy", "these guidelines", "these rules"],
                );
            let legal = promises_no_action(&unit.low)
                || strong(&found(doc, unit)) && unit.topic != Topic::Duties;
            (promises_no_action(&words.low) || (good_faith && legal)).then_some(lead)
        })
        .collect()
}

fn strong(found: &[Protection]) -> bool {
    found
        .iter()
        .any(|p| !matches!(p, Protection::WorkTogether | Protection::Credit))
}

/// Words of sentences that may speak of the law or of good faith.
const LEGAL: [&str; 17] = [
    "legal",
    "good faith",
    "good-faith",
    "this policy",
    "research",
    "lawsuit",
    "sue$",
    "police",
    "court$",
    "lawyer",
    "harbo",
    "juridisch",
    "aangifte",
    "juristisch",
    "rechtlich",
    "strafanzeige",
    "legais",
];

/// Protections named by a unit, read together with the sentence that leads into it.
fn found(doc: &Document, unit: &Unit) -> Vec<Protection> {
    let lead = match doc.lead_of(unit) {
        // A line in bold before a list reads as a heading.
        "" if unit.kind == UnitKind::Item && vocab::any(&unit.heading, |l| l.project_speaks) => {
            unit.heading.as_str()
        }
        lead => lead,
    };
    let legal_place = unit.topic == Topic::SafeHarbour
        || !lead.is_ascii()
        || !unit.low.is_ascii()
        || vocab::fits_any(&unit.low, &LEGAL)
        || vocab::fits_any(lead, &LEGAL);
    if !legal_place {
        return Vec::new();
    }
    let words = if lead.is_empty() {
        unit.low.clone()
    } else {
        format!("{lead} {}", unit.low)
    };
    let mut out: Vec<Protection> = Vec::new();
    for (_, end, protection) in vocab::all(&words, |l| l.rules.harbour) {
        // What the lead alone says is told by the lead.
        if end > lead.len() && !out.contains(&protection) {
            out.push(protection);
        }
    }
    let no_lawyers_but_theirs = out.contains(&Protection::ThirdParty)
        && out.contains(&Protection::NoLegalAction)
        && !promises_no_action(&unit.low);
    if no_lawyers_but_theirs {
        out.retain(|p| *p != Protection::NoLegalAction);
    }
    out
}

fn one(doc: &Document, policy: &mut Policy, unit: &Unit, in_promise: bool) {
    let mut commitments = found(doc, unit);
    if !in_promise && !strong(&commitments) {
        commitments.clear();
    }
    let no_legal_action =
        promises_no_action(&unit.low) || commitments.contains(&Protection::NoLegalAction);
    let granted = vocab::any(&unit.low, |l| l.rules.grants);
    let said = in_promise
        || no_legal_action
        || granted
        || !commitments.is_empty()
        || vocab::remarks(&unit.low, Remark::GoodFaith);
    if said {
        if no_legal_action && !commitments.contains(&Protection::NoLegalAction) {
            commitments.insert(0, Protection::NoLegalAction);
        }
        let value = SafeHarbour {
            no_legal_action,
            in_promise,
            commitments,
            granted,
        };
        add(&mut policy.safe_harbour, "safe-harbour", unit, value);
    }
}
