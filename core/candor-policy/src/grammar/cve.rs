//! CVE ids: whether the text speaks of them, whether the project sees to one, and of whom.
//!
//! Invariants: a link in a list of links speaks of nothing; what is asked of the reporter
//! promises nothing.
//!
//! Deliberately absent: ids themselves.

use super::{add, sentences};
use crate::model::{Cve, CveAssigner, CveCommitment, Policy};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, Topic};

/// Most words beside a link in an entry of a list of links.
const LINK_WORDS: usize = 2;

/// Adds every sentence that speaks of CVE ids. A numbering authority alone is no such
/// sentence, yet it tells who gives them.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    let mut authorities: Vec<(&Unit, Cve)> = Vec::new();
    for unit in &doc.units {
        if matches!(unit.kind, UnitKind::Heading | UnitKind::Code) || is_link_entry(unit) {
            continue;
        }
        let linked = unit.links.iter().any(|l| is_registry(&l.url));
        for low in sentences(unit) {
            let authority = vocab::fits(low, "cna$");
            let named = linked || speaks(low);
            if !named && !authority {
                continue;
            }
            let commitment = if named { commitment(unit, low) } else { None };
            let assigner =
                assigner(low).filter(|a| commitment.is_some() || *a != CveAssigner::Other);
            let value = Cve {
                commitment,
                assigner,
            };
            if named {
                add(&mut policy.cve, "cve", unit, value);
            } else {
                authorities.push((unit, value));
            }
        }
    }
    if !policy.cve.is_empty() {
        for (unit, value) in authorities {
            add(&mut policy.cve, "cve", unit, value);
        }
    }
}

fn speaks(low: &str) -> bool {
    vocab::fits_any(
        low,
        &["cve$", "cves$", "common vulnerabilities and exposures"],
    )
}

fn is_registry(url: &str) -> bool {
    let low = url.to_lowercase();
    low.contains("cve.org") || low.contains("cve.mitre.org") || low.contains("cveform.mitre.org")
}

/// An item that is a link and hardly more.
fn is_link_entry(unit: &Unit) -> bool {
    let words = unit.plain.split_whitespace().count();
    let linked: usize = unit
        .links
        .iter()
        .map(|l| l.text.split_whitespace().count())
        .sum();
    unit.kind == UnitKind::Item && !unit.links.is_empty() && words <= linked + LINK_WORDS
}

fn commitment(unit: &Unit, low: &str) -> Option<CveCommitment> {
    if matches!(unit.topic, Topic::Contents | Topic::OutOfScope) {
        return None;
    }
    // A row of a list of past problems names their ids and promises none.
    if matches!(unit.kind, UnitKind::Row { .. }) && vocab::fits_any(low, &["cve-1", "cve-2"]) {
        return None;
    }
    let found = vocab::first(low, |l| l.rules.cve)?;
    let fits = |words: &[&str]| vocab::fits_any(low, words);
    let asks = fits(&[
        "please",
        "you may",
        "you can",
        "you already",
        "you have",
        "when cve",
        "assignment requires",
        "assigning a cve number for multiple",
    ]);
    let forbids = fits(&["do not", "don't"]);
    match found {
        // Not for some problems says nothing about the others.
        CveCommitment::WillNot if fits(&["for$"]) => None,
        CveCommitment::WillNot if fits(&["we$", "project", "team", "maintainer"]) => Some(found),
        _ if asks || forbids => None,
        CveCommitment::Will if vocab::any(low, |l| l.rules.where_due) => Some(CveCommitment::May),
        _ => Some(found),
    }
}

fn assigner(low: &str) -> Option<CveAssigner> {
    vocab::first(low, |l| l.rules.assigners)
}
