//! Remediations that contradict each other or the state of a product: tests 6.1.35,
//! 6.1.36 and 6.2.27.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Findings;
use crate::rules::doc::{Doc, items, text, texts};
use crate::rules::products::shown;

/// Pairs of categories that exclude each other for a product (section 3.2.4.14.1, first
/// table). A pair stands here once.
fn exclude(a: &str, b: &str) -> bool {
    const LONE: [&str; 2] = ["optional_patch", "none_available"];
    const FIXES: [&str; 3] = ["vendor_fix", "fix_planned", "no_fix_planned"];
    const KNOWN: [&str; 7] = [
        "workaround",
        "mitigation",
        "vendor_fix",
        "optional_patch",
        "none_available",
        "fix_planned",
        "no_fix_planned",
    ];
    if a == b || !KNOWN.contains(&a) || !KNOWN.contains(&b) {
        return false;
    }
    LONE.contains(&a) || LONE.contains(&b) || (FIXES.contains(&a) && FIXES.contains(&b))
}

/// Whether a category is prohibited for a group of states (second table there).
fn prohibited(category: &str, group: Group) -> bool {
    match group {
        Group::Affected => category == "optional_patch",
        Group::NotAffected => matches!(
            category,
            "workaround" | "mitigation" | "vendor_fix" | "none_available"
        ),
        Group::Fixed => matches!(
            category,
            "workaround"
                | "mitigation"
                | "vendor_fix"
                | "none_available"
                | "fix_planned"
                | "no_fix_planned"
        ),
        Group::Open => false,
    }
}

/// Whether a category is discouraged for a group of states (second table there).
fn discouraged(category: &str, group: Group) -> bool {
    match group {
        Group::Affected => false,
        Group::NotAffected => matches!(category, "fix_planned" | "no_fix_planned"),
        Group::Fixed => category == "optional_patch",
        Group::Open => matches!(
            category,
            "workaround" | "mitigation" | "vendor_fix" | "fix_planned"
        ),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Affected,
    NotAffected,
    Fixed,
    /// Under investigation or unknown.
    Open,
}

impl Group {
    const fn words(self) -> &'static str {
        match self {
            Self::Affected => "affected",
            Self::NotAffected => "not affected",
            Self::Fixed => "fixed",
            Self::Open => "not settled yet",
        }
    }
}

const LISTS: [(&str, Group); 8] = [
    ("first_affected", Group::Affected),
    ("known_affected", Group::Affected),
    ("last_affected", Group::Affected),
    ("known_not_affected", Group::NotAffected),
    ("first_fixed", Group::Fixed),
    ("fixed", Group::Fixed),
    ("under_investigation", Group::Open),
    ("unknown", Group::Open),
];

pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    for (v, value) in doc.vulnerabilities.iter().enumerate() {
        let mut states: BTreeMap<&str, Vec<Group>> = BTreeMap::new();
        if let Some(status) = value.get("product_status") {
            for (list, group) in LISTS {
                for (_, id) in texts(status, list) {
                    let of = states.entry(id).or_default();
                    if !of.contains(&group) {
                        of.push(group);
                    }
                }
            }
        }
        // The categories that a product has had so far; seven at most.
        let mut before: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (index, remediation) in items(value, "remediations").iter().enumerate() {
            let Some(category) = text(remediation, "category") else {
                continue;
            };
            let at = || format!("/vulnerabilities/{v}/remediations/{index}");
            let members: BTreeSet<&str> = doc.members(remediation).collect();
            for id in members {
                let had = before.entry(id).or_default();
                if let Some(other) = had.iter().find(|other| exclude(other, category)) {
                    let message = format!(
                        "{} has `{other}`, and `{category}` contradicts it",
                        shown(id)
                    );
                    out.note("6.1.35", at(), message);
                }
                had.insert(category);
                for group in states.get(id).into_iter().flatten() {
                    let test = match (prohibited(category, *group), discouraged(category, *group)) {
                        (true, _) => "6.1.36",
                        (false, true) => "6.2.27",
                        (false, false) => continue,
                    };
                    let message = format!(
                        "`{category}` does not fit: {} is {}",
                        shown(id),
                        group.words()
                    );
                    out.note(test, at(), message);
                }
            }
        }
    }
}
