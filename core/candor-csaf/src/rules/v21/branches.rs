//! Branches of the product tree in 2.1: tests 6.1.34, 6.1.50, 6.1.57, 6.1.58,
//! 6.1.59, 6.2.48, 6.2.49 and 6.2.51.

use std::collections::BTreeSet;

use super::vers::{self, Range};
use crate::finding::Findings;
use crate::rules::doc::{Doc, text};

/// How often `branches` may stand in the place of a product.
const DEEPEST: usize = 30;

pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    for (index, branch) in doc.branches.iter().enumerate() {
        let category = text(branch.value, "category").unwrap_or("");
        let name = text(branch.value, "name").unwrap_or("");
        let place = || format!("{}/name", doc.branch_pointer(index));
        match category {
            "product_version_range" => {
                let range = Range::read(name);
                for wrong in range.wrong() {
                    out.note("6.1.50", place(), wrong);
                }
                if range.is_open_above() {
                    out.note(
                        "6.2.49",
                        place(),
                        "the range has no end; each later version lies in it",
                    );
                }
                if range.is_single() {
                    let message = "this is one version and no range";
                    out.note("6.1.59", place(), message);
                }
                if let Some(kind) = range.kind().filter(|kind| !vers::REGISTERED.contains(kind)) {
                    let kind: String = kind.chars().take(60).collect();
                    let message = format!(
                        "`{kind}` is no registered type of vers; its order of versions is not known here"
                    );
                    out.note("6.2.51", place(), message);
                }
            }
            "vendor" => {
                let plain = name.chars().filter(|c| !c.is_whitespace());
                if plain.flat_map(char::to_lowercase).eq("opensource".chars()) {
                    out.note("6.2.48", place(), "no vendor is called Open Source");
                }
            }
            _ => {}
        }
        if branch
            .value
            .get("product")
            .is_some_and(serde_json::Value::is_object)
        {
            path(doc, index, out);
        }
    }
}

/// 6.1.34, 6.1.57 and 6.1.58: the branches above one product.
fn path(doc: &Doc<'_>, leaf: usize, out: &mut Findings) {
    let mut above = Vec::new();
    let mut next = Some(leaf);
    while let Some((index, found)) = next.and_then(|n| Some((n, doc.branches.get(n)?))) {
        above.push((index, text(found.value, "category").unwrap_or("")));
        next = found.above;
    }
    if above.len() > DEEPEST {
        let message = format!(
            "the product lies {} branches deep; {DEEPEST} are allowed",
            above.len()
        );
        out.note(
            "6.1.34",
            format!("{}/product", doc.branch_pointer(leaf)),
            message,
        );
    }
    let mut seen = BTreeSet::new();
    for (index, category) in above.iter().rev() {
        if !category.is_empty() && *category != "product_family" && !seen.insert(*category) {
            let message = format!("`{category}` stands twice on the way to one product");
            out.note(
                "6.1.57",
                format!("{}/category", doc.branch_pointer(*index)),
                message,
            );
        }
    }
    if seen.contains("product_version") && seen.contains("product_version_range") {
        let message = "a version and a range of versions stand on the way to one product";
        out.note(
            "6.1.58",
            format!("{}/category", doc.branch_pointer(leaf)),
            message,
        );
    }
}
