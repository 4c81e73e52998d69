//! What is said of products in a vulnerability, and the vulnerabilities themselves:
//! tests 6.1.6, 6.1.11, 6.1.23, 6.1.24, 6.1.29, 6.1.32, 6.1.33, 6.2.2, 6.2.7, 6.2.17,
//! 6.3.3 and 6.3.4.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::doc::{Doc, items, text, texts};
use super::products::shown;
use super::{cwe, tracking};
use crate::Version;
use crate::finding::Findings;

/// The groups of states that exclude each other.
const GROUPS: [(&str, &[&str]); 5] = [
    (
        "affected",
        &["first_affected", "known_affected", "last_affected"],
    ),
    ("not affected", &["known_not_affected"]),
    ("fixed", &["first_fixed", "fixed"]),
    ("under investigation", &["under_investigation"]),
    ("unknown", &["unknown"]),
];

/// The codes with which a flag justifies that a product is not affected (CISA's VEX).
const JUSTIFICATIONS: [&str; 5] = [
    "component_not_present",
    "inline_mitigations_already_exist",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_not_present",
];

pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    let mut cves: BTreeSet<&str> = BTreeSet::new();
    for (v, value) in doc.vulnerabilities.iter().enumerate() {
        let at = format!("/vulnerabilities/{v}");
        contradictions(doc, value, &at, out);
        unremedied(doc, value, &at, out);
        without_products(value, &at, out);
        flags(doc, value, &at, out);
        involvements(value, &at, out);
        if let Some(cve) = text(value, "cve")
            && !cves.insert(cve)
        {
            let message = format!("{} has an item of its own already", shown(cve));
            out.note("6.1.23", format!("{at}/cve"), message);
        }
        if value.get("cve").is_none() {
            out.note("6.3.3", at.clone(), "the vulnerability has no CVE id");
        }
        for (index, id) in items(value, "ids").iter().enumerate() {
            if text(id, "text").is_some_and(is_cve) {
                let message = "a CVE id stands among the other ids; it belongs under `cve`";
                out.note("6.2.17", format!("{at}/ids/{index}"), message);
            }
        }
        weaknesses(doc, value, &at, out);
    }
}

fn is_cve(text: &str) -> bool {
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    text.strip_prefix("CVE-")
        .and_then(|rest| rest.split_once('-'))
        .is_some_and(|(year, number)| {
            year.len() == 4 && digits(year) && number.len() >= 4 && digits(number)
        })
}

/// 6.1.6: no product is in two groups that contradict each other.
fn contradictions(doc: &Doc<'_>, value: &Value, at: &str, out: &mut Findings) {
    let Some(status) = value.get("product_status") else {
        return;
    };
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for (group, lists) in GROUPS {
        if group == "unknown" && doc.version == Version::V20 {
            continue;
        }
        for list in lists {
            for (index, id) in texts(status, list) {
                let before = *seen.entry(id).or_insert(group);
                if before != group {
                    let message = format!("{} is called {before} and {group}", shown(id));
                    out.note(
                        "6.1.6",
                        format!("{at}/product_status/{list}/{index}"),
                        message,
                    );
                }
            }
        }
    }
}

/// 6.2.2: something is said of what to do about each product that is or may be affected.
fn unremedied(doc: &Doc<'_>, value: &Value, at: &str, out: &mut Findings) {
    let Some(status) = value.get("product_status") else {
        return;
    };
    let helped: BTreeSet<&str> = items(value, "remediations")
        .iter()
        .flat_map(|r| doc.members(r))
        .collect();
    for list in [
        "first_affected",
        "known_affected",
        "last_affected",
        "under_investigation",
    ] {
        for (index, id) in texts(status, list) {
            if !helped.contains(id) {
                let message = format!("nothing is said of what to do about {}", shown(id));
                out.note(
                    "6.2.2",
                    format!("{at}/product_status/{list}/{index}"),
                    message,
                );
            }
        }
    }
}

/// 6.1.29 and 6.1.32: remediations and flags name products.
fn without_products(value: &Value, at: &str, out: &mut Findings) {
    for (test, list) in [("6.1.29", "remediations"), ("6.1.32", "flags")] {
        for (index, item) in items(value, list).iter().enumerate() {
            if item.get("product_ids").is_none() && item.get("group_ids").is_none() {
                let message = "it names neither products nor groups of products";
                out.note(test, format!("{at}/{list}/{index}"), message);
            }
        }
    }
}

/// 6.1.33: one justification at most for each product.
fn flags(doc: &Doc<'_>, value: &Value, at: &str, out: &mut Findings) {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, flag) in items(value, "flags").iter().enumerate() {
        if !text(flag, "label").is_some_and(|label| JUSTIFICATIONS.contains(&label)) {
            continue;
        }
        let members: BTreeSet<&str> = doc.members(flag).collect();
        for id in members {
            let before = *first.entry(id).or_insert(index);
            if before != index {
                let message = format!("{} has a justification in flag {before} already", shown(id));
                out.note("6.1.33", format!("{at}/flags/{index}"), message);
            }
        }
    }
}

/// 6.1.24 and 6.2.7: each party has one state at a time, with a date.
fn involvements(value: &Value, at: &str, out: &mut Findings) {
    let mut seen = BTreeSet::new();
    for (index, item) in items(value, "involvements").iter().enumerate() {
        let party = text(item, "party").unwrap_or("");
        let date = text(item, "date");
        if item.get("date").is_none() {
            let message = "the involvement has no date";
            out.note("6.2.7", format!("{at}/involvements/{index}"), message);
        }
        // The same instant may be written in several zones.
        let when =
            date.map(|d| tracking::instant(d).map_or_else(|| d.to_owned(), |t| t.to_string()));
        if !party.is_empty() && !seen.insert((party, when)) {
            let message = format!("{} stands here with the same date already", shown(party));
            out.note("6.1.24", format!("{at}/involvements/{index}"), message);
        }
    }
}

/// 6.1.11 and 6.3.4: the weakness is in the list, under its own name.
fn weaknesses(doc: &Doc<'_>, value: &Value, at: &str, out: &mut Findings) {
    match doc.version {
        Version::V20 => match value.get("cwe") {
            None => out.note("6.3.4", at.to_owned(), "the vulnerability has no CWE"),
            Some(cwe) => {
                if let Err((key, why)) = cwe::check(cwe) {
                    out.note("6.1.11", format!("{at}/cwe/{key}"), why);
                }
            }
        },
        Version::V21 => {
            if value.get("cwes").is_none() {
                out.note("6.3.4", at.to_owned(), "the vulnerability has no CWE");
            }
            // 6.1.11 goes by the edition of the list in 2.1: see `v21`.
        }
    }
}
