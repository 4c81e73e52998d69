//! Profiles of 2.1: what tests 6.1.27.3 to 6.1.27.19 ask for beyond 2.0, and 6.2.38.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::finding::Findings;
use crate::rules::doc::{Doc, items, text, texts};
use crate::rules::products::{STATUS, shown};

const ADVISORY: &str = "csaf_security_advisory";
const DEPRECATED: &str = "csaf_deprecated_security_advisory";
const SUPERSEDED: &str = "csaf_superseded";
const VEX: &str = "csaf_vex";
const WITHDRAWN: &str = "csaf_withdrawn";

pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    if doc.is_one_of(&[DEPRECATED]) {
        deprecated(doc, out);
    }
    if doc.is_one_of(&[VEX]) {
        for (v, value) in doc.vulnerabilities.iter().enumerate() {
            named(doc, value, v, out);
        }
    }
    if doc.is_one_of(&[ADVISORY]) {
        for (v, value) in doc.vulnerabilities.iter().enumerate() {
            if value.pointer("/product_status/known_affected").is_none() {
                let message = "no product is named as known to be affected";
                out.note("6.1.27.12", format!("/vulnerabilities/{v}"), message);
            }
        }
    }
    if doc.is_one_of(&[WITHDRAWN, SUPERSEDED]) {
        retired(doc, out);
    }
    if doc.category().starts_with("csaf_deprecated_") {
        let message = "this category is for old documents only";
        out.note("6.2.38", "/document/category", message);
    }
    let english = text(doc.document, "lang").is_none_or(is_english);
    if doc.is_one_of(&[WITHDRAWN]) && english {
        one_note(
            doc,
            "Reasoning for Withdrawal",
            "description",
            "6.1.27.17",
            out,
        );
    }
    if doc.is_one_of(&[SUPERSEDED]) && english {
        one_note(
            doc,
            "Reasoning for Supersession",
            "description",
            "6.1.27.18",
            out,
        );
        successor(doc, out);
    }
}

/// Whether a language tag is one of English.
pub(super) fn is_english(lang: &str) -> bool {
    let first = lang.split('-').next().unwrap_or("");
    first.eq_ignore_ascii_case("en")
}

/// 6.1.27.4, 6.1.27.5, 6.1.27.6 and 6.1.27.11 for the profile that carries on the
/// advisory of 2.0.
fn deprecated(doc: &Doc<'_>, out: &mut Findings) {
    if doc.root.get("product_tree").is_none() {
        out.note("6.1.27.4", "", "the products are missing (`product_tree`)");
    }
    if doc.root.get("vulnerabilities").is_none() {
        out.note("6.1.27.11", "", "the vulnerabilities are missing");
    }
    for (v, value) in doc.vulnerabilities.iter().enumerate() {
        let at = format!("/vulnerabilities/{v}");
        if value.get("notes").is_none() {
            out.note("6.1.27.5", at.clone(), "the vulnerability has no notes");
        }
        if value.get("product_status").is_none() {
            let message = "nothing is said of which products are affected (`product_status`)";
            out.note("6.1.27.6", at, message);
        }
    }
}

/// 6.1.27.8, second part: an id that stands for some products leaves others without.
fn named(doc: &Doc<'_>, value: &Value, v: usize, out: &mut Findings) {
    let ids = items(value, "ids");
    let bound = |id: &Value| id.get("product_ids").is_some() || id.get("group_ids").is_some();
    if value.get("cve").is_some() || ids.is_empty() || !ids.iter().all(bound) {
        return;
    }
    let known: BTreeSet<&str> = ids.iter().flat_map(|id| doc.members(id)).collect();
    let Some(status) = value.get("product_status") else {
        return;
    };
    for list in STATUS {
        for (index, id) in texts(status, list) {
            if !known.contains(id) {
                let message = format!("no id of the vulnerability stands for {}", shown(id));
                let at = format!("/vulnerabilities/{v}/product_status/{list}/{index}");
                out.note("6.1.27.8", at, message);
            }
        }
    }
}

/// 6.1.27.3 and 6.1.27.14 to 6.1.27.16: what is left of a document that is no longer used.
fn retired(doc: &Doc<'_>, out: &mut Findings) {
    for (test, key) in [
        ("6.1.27.3", "vulnerabilities"),
        ("6.1.27.15", "product_tree"),
    ] {
        if doc.root.get(key).is_some() {
            let message = format!("a document of this category has no `{key}`");
            out.note(test, format!("/{key}"), message);
        }
    }
    let described = |note: &Value| text(note, "category") == Some("description");
    if !items(doc.document, "notes").iter().any(described) {
        let message = "no note of the document is a description";
        out.note("6.1.27.14", "/document/notes", message);
    }
    if items(doc.tracking, "revision_history").len() < 2 {
        let message = "the revision history has fewer than two items; a document is not retired on its first day";
        out.note("6.1.27.16", "/document/tracking/revision_history", message);
    }
}

/// Exactly one note has this title, and it is of this category (6.1.27.17, 6.1.27.18
/// and 6.1.55).
pub(super) fn one_note(
    doc: &Doc<'_>,
    title: &str,
    category: &str,
    test: &'static str,
    out: &mut Findings,
) {
    let notes = items(doc.document, "notes").iter().enumerate();
    let titled: Vec<(usize, &Value)> = notes
        .filter(|(_, note)| text(note, "title") == Some(title))
        .collect();
    match titled.as_slice() {
        [] => out.note(
            test,
            "/document/notes",
            format!("no note has the title \"{title}\""),
        ),
        [(index, note)] => {
            if text(note, "category") != Some(category) {
                let message = format!("the note \"{title}\" is not of the category `{category}`");
                out.note(test, format!("/document/notes/{index}"), message);
            }
        }
        [_, more @ ..] => {
            for (index, _) in more {
                let message = format!("more than one note has the title \"{title}\"");
                out.note(test, format!("/document/notes/{index}"), message);
            }
        }
    }
}

/// 6.1.27.19: a reference leads to the document that comes after this one. The category
/// must be told here; the default is not enough.
fn successor(doc: &Doc<'_>, out: &mut Findings) {
    let leads = |reference: &Value| {
        text(reference, "category") == Some("external")
            && text(reference, "summary").is_some_and(|s| s.starts_with("Superseding Document"))
    };
    if !items(doc.document, "references").iter().any(leads) {
        let message = "no reference of the category `external` has a summary that begins with \"Superseding Document\"";
        out.note("6.1.27.19", "/document/references", message);
    }
}
