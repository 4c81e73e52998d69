//! Money for reports: a bounty is offered, or it is not.
//!
//! Invariants: "perhaps some day" and other people's programmes say neither.
//!
//! Deliberately absent: amounts.

use super::{add, sentences};
use crate::model::{Bounty, Policy};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::rule_words::BountyWord;
use crate::vocab::{self, Topic};

/// Adds what is said about money.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        let elsewhere = matches!(
            unit.topic,
            Topic::Contents | Topic::OutOfScope | Topic::Duties | Topic::Advice
        );
        if matches!(unit.kind, UnitKind::Heading | UnitKind::Code) || elsewhere {
            continue;
        }
        for low in sentences(unit) {
            if let Some(offered) = offers(doc, unit, low) {
                add(&mut policy.bounty, "bounty", unit, Bounty { offered });
            }
        }
    }
}

fn offers(doc: &Document, unit: &Unit, low: &str) -> Option<bool> {
    let own = vocab::first(low, |l| l.rules.bounty);
    let under = vocab::first(&unit.heading, |l| l.rules.bounty).is_some();
    if own.is_none() && !under {
        return None;
    }
    let lead = doc.lead_of(unit);
    // "See the page for details including: bug bounty scope" names what stands elsewhere.
    if unit.kind == UnitKind::Item
        && unit.links.is_empty()
        && vocab::fits_any(
            lead,
            &["for details", "more information", "for information"],
        )
    {
        return None;
    }
    let denied = matches!(unit.kind, UnitKind::Item | UnitKind::Row { .. })
        && (denies(lead) || denies(&unit.heading));
    match own {
        Some(BountyWord::Refused) => Some(false),
        Some(BountyWord::Open) => None,
        // "Kein Bug-Bounty-Programm" holds the English name of what it refuses.
        Some(_) if refuses(low) => Some(false),
        Some(_) if denied => Some(false),
        Some(BountyWord::Offered) => Some(true),
        Some(BountyWord::Named) => leads_there(unit, low).then_some(true),
        None => {
            let pays = low.contains('$') || low.contains('\u{20ac}') || vocab::fits(low, "usd");
            (!unit.links.is_empty() || pays).then_some(true)
        }
    }
}

fn refuses(low: &str) -> bool {
    vocab::all(low, |l| l.rules.bounty)
        .iter()
        .any(|(_, _, word)| *word == BountyWord::Refused)
}

/// "What we do not offer".
fn denies(words: &str) -> bool {
    vocab::fits_any(words, &["not$", "don't", "cannot", "can't"])
}

/// A link or an address of a bounty programme.
fn leads_there(unit: &Unit, low: &str) -> bool {
    low.contains("bounty@")
        || low.contains("//bounty")
        || unit
            .links
            .iter()
            .any(|l| l.url.to_lowercase().contains("bounty"))
}
