//! What the categories of documents ask for: the tests of 6.1.27.

use std::collections::BTreeSet;

use serde_json::Value;

use super::doc::{Doc, items, text, texts};
use super::products::shown;
use crate::finding::Findings;

const INCIDENT: &str = "csaf_security_incident_response";
const INFORMATIONAL: &str = "csaf_informational_advisory";
const ADVISORY: &str = "csaf_security_advisory";
const VEX: &str = "csaf_vex";

pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    if doc.is_one_of(&[INFORMATIONAL, INCIDENT]) {
        notes(doc, out);
        references(doc, out);
    }
    if doc.is_one_of(&[INFORMATIONAL]) && doc.root.get("vulnerabilities").is_some() {
        let message = "an informational advisory speaks of no vulnerabilities";
        out.note("6.1.27.3", "/vulnerabilities", message);
    }
    if doc.is_one_of(&[ADVISORY, VEX]) {
        if doc.root.get("product_tree").is_none() {
            out.note("6.1.27.4", "", "the products are missing (`product_tree`)");
        }
        if doc.root.get("vulnerabilities").is_none() {
            out.note("6.1.27.11", "", "the vulnerabilities are missing");
        }
    }
    for (v, value) in doc.vulnerabilities.iter().enumerate() {
        let at = format!("/vulnerabilities/{v}");
        if doc.is_one_of(&[ADVISORY, VEX]) && value.get("notes").is_none() {
            out.note("6.1.27.5", at.clone(), "the vulnerability has no notes");
        }
        if doc.is_one_of(&[ADVISORY]) && value.get("product_status").is_none() {
            let message = "nothing is said of which products are affected (`product_status`)";
            out.note("6.1.27.6", at.clone(), message);
        }
        if doc.is_one_of(&[VEX]) {
            vex(doc, value, &at, out);
        }
    }
}

/// 6.1.27.1
fn notes(doc: &Doc<'_>, out: &mut Findings) {
    let told = |note: &Value| {
        matches!(
            text(note, "category"),
            Some("description" | "details" | "general" | "summary")
        )
    };
    if !items(doc.document, "notes").iter().any(told) {
        let message = "no note of the document is a description, details, general or a summary";
        out.note("6.1.27.1", "/document/notes", message);
    }
}

/// 6.1.27.2; a reference without a category is an external one.
fn references(doc: &Doc<'_>, out: &mut Findings) {
    let external =
        |r: &Value| r.get("category").is_none() || text(r, "category") == Some("external");
    if !items(doc.document, "references").iter().any(external) {
        let message = "no reference of the document leads to an external source";
        out.note("6.1.27.2", "/document/references", message);
    }
}

/// 6.1.27.7 to 6.1.27.10
fn vex(doc: &Doc<'_>, value: &Value, at: &str, out: &mut Findings) {
    let status = value.get("product_status").unwrap_or(&Value::Null);
    let answers = [
        "fixed",
        "known_affected",
        "known_not_affected",
        "under_investigation",
    ];
    if !answers.iter().any(|key| status.get(key).is_some()) {
        let message = "no product is called fixed, affected, not affected or under investigation";
        out.note("6.1.27.7", format!("{at}/product_status"), message);
    }
    if value.get("cve").is_none() && value.get("ids").is_none() {
        let message = "the vulnerability has neither a CVE id nor another id";
        out.note("6.1.27.8", at.to_owned(), message);
    }
    let impact = |threat: &&Value| text(threat, "category") == Some("impact");
    let explained: BTreeSet<&str> = items(value, "flags")
        .iter()
        .chain(items(value, "threats").iter().filter(impact))
        .flat_map(|item| doc.members(item))
        .collect();
    for (index, id) in texts(status, "known_not_affected") {
        if !explained.contains(id) {
            let message = format!("nothing says why {} is not affected", shown(id));
            out.note(
                "6.1.27.9",
                format!("{at}/product_status/known_not_affected/{index}"),
                message,
            );
        }
    }
    let helped: BTreeSet<&str> = items(value, "remediations")
        .iter()
        .flat_map(|item| doc.members(item))
        .collect();
    for (index, id) in texts(status, "known_affected") {
        if !helped.contains(id) {
            let message = format!("nothing says what to do about {}", shown(id));
            out.note(
                "6.1.27.10",
                format!("{at}/product_status/known_affected/{index}"),
                message,
            );
        }
    }
}
