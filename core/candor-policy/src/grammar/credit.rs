//! Credit for reporters, and reporters who stay unnamed.
//!
//! Invariants: thanks to others and words that take credit away give none.
//!
//! Deliberately absent: consent; that is asked on the case.

use super::{add, add_at, once, sentences};
use crate::model::{Clause, Credit, Policy};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::rule_words::CreditWord;
use crate::vocab::{self, Topic};

/// Adds every sentence about credit.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        // A whole sentence may stand as a heading: "We maintain a hall of fame".
        let title =
            unit.kind == UnitKind::Heading && !unit.low.starts_with("we ") && !is_page_title(unit);
        if title || unit.kind == UnitKind::Code || unit.topic == Topic::Advice {
            continue;
        }
        for low in sentences(unit) {
            sentence(policy, unit, low);
        }
    }
}

fn sentence(policy: &mut Policy, unit: &Unit, low: &str) {
    let found = vocab::all(low, |l| l.rules.credit);
    let has = |kind| found.iter().any(|(_, _, k)| *k == kind);
    if has(CreditWord::Not) {
        return;
    }
    let listed = unit.kind == UnitKind::Item
        && matches!(
            low.trim_matches(|c: char| !c.is_alphanumeric()),
            "credit" | "credits"
        );
    let page = has(CreditWord::Hall) || names_page(unit);
    let chosen = has(CreditWord::Chosen);
    let given = chosen || listed || page || has(CreditWord::Given);
    let asked_for = unit.topic == Topic::Contents;
    if has(CreditWord::Unnamed) && !given {
        let words = low.trim().to_owned();
        add(&mut policy.anonymity, "anonymity", unit, words);
    }
    let named = vocab::fits_any(low, &["we can credit", "we will credit", "to credit you"]);
    if !given || (asked_for && !chosen && !named) {
        return;
    }
    let said = Credit {
        with_consent: chosen || has(CreditWord::Consent),
        unless_anonymous: has(CreditWord::Unless) || has(CreditWord::Unnamed),
        valid_only: has(CreditWord::ValidOnly),
        hall_of_fame: page.then(|| low.trim().to_owned()),
        more: Vec::new(),
    };
    keep(policy, unit, low, said);
}

fn keep(policy: &mut Policy, unit: &Unit, low: &str, said: Credit) {
    let Some(clause) = &mut policy.credit else {
        once(&mut policy.credit, "credit", unit, said);
        return;
    };
    clause.value.with_consent |= said.with_consent;
    clause.value.unless_anonymous |= said.unless_anonymous;
    clause.value.valid_only |= said.valid_only;
    if clause.value.hall_of_fame.is_none() {
        clause.value.hall_of_fame = said.hall_of_fame;
    }
    let more: &mut Vec<Clause<String>> = &mut clause.value.more;
    add_at(
        more,
        "credit-more",
        unit.span,
        &unit.quote,
        low.trim().to_owned(),
    );
}

/// A heading that is the title of such a page and nothing else: "Hall of fame".
fn is_page_title(unit: &Unit) -> bool {
    let words = unit.low.split_whitespace().count();
    words <= 4
        && vocab::all(&unit.low, |l| l.rules.credit)
            .iter()
            .any(|(_, _, kind)| *kind == CreditWord::Hall)
}

/// A link to a page that lists reporters.
fn names_page(unit: &Unit) -> bool {
    unit.links.iter().any(|l| {
        let url = l.url.to_lowercase();
        url.contains("hall") && url.contains("fame")
    })
}
