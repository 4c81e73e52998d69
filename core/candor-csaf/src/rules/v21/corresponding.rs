//! Fixed products and the affected ones they come from: tests 6.1.27.13 and 6.2.39.1.
//!
//! Two products correspond when they are versions of the same thing: in the branches,
//! when the branches above them are the same but for those that tell a version; in a
//! product path, when the beginnings correspond and all that follows is the same. A path
//! also corresponds to itself cut off before `installed_with`. Products that stand in no
//! branch cannot be told apart by a program: any of them may be the one that is meant.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::finding::Findings;
use crate::rules::doc::{At, Doc, items, text, texts};
use crate::rules::products::shown;

/// Branches that tell versions apart.
const VERSIONS: [&str; 4] = [
    "product_version",
    "product_version_range",
    "patch_level",
    "service_pack",
];

/// How deep paths are followed into each other.
const DEEPEST: usize = 20;

/// What a product is, its version aside: the words of each step, and the parts that
/// follow in a path with their ids.
type Family = Vec<String>;

struct Index<'d, 'a> {
    doc: &'d Doc<'a>,
    at: BTreeMap<&'a str, At>,
    /// For each product, from which others `installed_with` leads to it.
    hosts: BTreeMap<&'a str, Vec<&'a str>>,
}

pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    if !doc.is_one_of(&["csaf_security_advisory"]) {
        return;
    }
    let index = Index::of(doc);
    for (v, value) in doc.vulnerabilities.iter().enumerate() {
        let Some(status) = value.get("product_status") else {
            continue;
        };
        let affected: BTreeSet<&str> = ["first_affected", "known_affected", "last_affected"]
            .iter()
            .flat_map(|list| texts(status, list))
            .map(|(_, id)| id)
            .collect();
        unfixed(doc, &index, (v, value), out);
        let families: BTreeSet<Family> = affected.iter().map(|id| index.family(id, 0)).collect();
        for list in ["first_fixed", "fixed"] {
            for (place, id) in texts(status, list) {
                let mut mates = index.mates(id);
                if !mates.any(|mate| affected.contains(mate.0) || families.contains(&mate.1)) {
                    let message = format!(
                        "{} is fixed, and no version of it is named as affected",
                        shown(id)
                    );
                    let at = format!("/vulnerabilities/{v}/product_status/{list}/{place}");
                    out.note("6.1.27.13", at, message);
                }
            }
        }
    }
}

/// 6.2.39.1: an affected product whose fix exists has a fixed version beside it.
fn unfixed(doc: &Doc<'_>, index: &Index<'_, '_>, (v, value): (usize, &Value), out: &mut Findings) {
    let Some(status) = value.get("product_status") else {
        return;
    };
    let remedied = |categories: &[&str]| -> BTreeSet<&str> {
        items(value, "remediations")
            .iter()
            .filter(|r| text(r, "category").is_some_and(|c| categories.contains(&c)))
            .flat_map(|r| doc.members(r))
            .collect()
    };
    let without = remedied(&["fix_planned", "no_fix_planned", "none_available"]);
    let with = remedied(&["vendor_fix"]);
    let fixed: BTreeSet<Family> = ["first_fixed", "fixed"]
        .iter()
        .flat_map(|list| texts(status, list))
        .flat_map(|(_, id)| index.mates(id).map(|(_, family)| family))
        .collect();
    for list in ["first_affected", "known_affected", "last_affected"] {
        for (place, id) in texts(status, list) {
            let skipped = without.contains(id) && !with.contains(id);
            if !skipped && !fixed.contains(&index.family(id, 0)) {
                let message = format!(
                    "{} is affected, and no version of it is named as fixed",
                    shown(id)
                );
                let at = format!("/vulnerabilities/{v}/product_status/{list}/{place}");
                out.note("6.2.39.1", at, message);
            }
        }
    }
}

impl<'d, 'a> Index<'d, 'a> {
    fn of(doc: &'d Doc<'a>) -> Self {
        let mut at = BTreeMap::new();
        for product in &doc.products {
            at.entry(product.id).or_insert(product.at);
        }
        let mut hosts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for path in items(doc.tree, doc.relations()) {
            let [step] = items(path, "subpaths") else {
                continue;
            };
            if text(step, "category") == Some("installed_with")
                && let (Some(host), Some(guest)) = (
                    text(path, "beginning_product_reference"),
                    text(step, "next_product_reference"),
                )
            {
                hosts.entry(guest).or_default().push(host);
            }
        }
        Self { doc, at, hosts }
    }

    /// What a product is, its version aside.
    fn family(&self, id: &str, depth: usize) -> Family {
        match self.at.get(id) {
            Some(At::Branch(branch)) => self.branches(*branch),
            Some(At::Relation(index)) if depth < DEEPEST => self.path(*index, usize::MAX, depth),
            _ => Vec::new(),
        }
    }

    fn branches(&self, branch: usize) -> Family {
        let mut out = Vec::new();
        let mut next = Some(branch);
        while let Some(found) = next.and_then(|n| self.doc.branches.get(n)) {
            let category = text(found.value, "category").unwrap_or("");
            if !VERSIONS.contains(&category) {
                out.push(format!(
                    "{category}:{}",
                    text(found.value, "name").unwrap_or("")
                ));
            }
            next = found.above;
        }
        out
    }

    /// A path with no more than so many steps.
    fn path(&self, index: usize, steps: usize, depth: usize) -> Family {
        let Some(path) = items(self.doc.tree, self.doc.relations()).get(index) else {
            return Vec::new();
        };
        let beginning = text(path, "beginning_product_reference").unwrap_or("");
        let mut out = self.family(beginning, depth + 1);
        for step in items(path, "subpaths").iter().take(steps) {
            let category = text(step, "category").unwrap_or("");
            let next = text(step, "next_product_reference").unwrap_or("");
            out.push(format!("{category}>{next}"));
        }
        out
    }

    /// What may stand as affected for a fixed product: other ids, and families. An empty
    /// id stands for none.
    fn mates(&self, id: &str) -> impl Iterator<Item = (&'a str, Family)> {
        let mut out = vec![("", self.family(id, 0))];
        if let Some(At::Relation(index)) = self.at.get(id)
            && let Some(path) = items(self.doc.tree, self.doc.relations()).get(*index)
        {
            for (steps, step) in items(path, "subpaths").iter().enumerate() {
                if text(step, "category") == Some("installed_with") {
                    let whole = if steps == 0 {
                        text(path, "beginning_product_reference")
                    } else {
                        None
                    };
                    out.push((whole.unwrap_or(""), self.path(*index, steps, 0)));
                }
            }
        }
        for host in self.hosts.get(id).into_iter().flatten() {
            out.push((host, self.family(host, 0)));
        }
        out.into_iter()
    }
}
