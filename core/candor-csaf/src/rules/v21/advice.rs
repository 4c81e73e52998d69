//! Smaller advice on titles, notes and products: tests 6.2.22, 6.2.31, 6.2.32, 6.2.39.2
//! to 6.2.39.4, 6.2.40, 6.2.46, 6.2.52 and 6.3.22.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::profiles::{is_english, one_note};
use crate::finding::Findings;
use crate::rules::doc::{At, Doc, items, text};
use crate::rules::products::shown;

/// Algorithms of hashes that section 3.1.4.3.2 names.
const HASHES: [&str; 24] = [
    "blake2b512",
    "blake2s256",
    "md4",
    "md5",
    "md5-sha1",
    "mdc2",
    "ripemd",
    "ripemd160",
    "rmd160",
    "sha1",
    "sha224",
    "sha256",
    "sha3-224",
    "sha3-256",
    "sha3-384",
    "sha3-512",
    "sha384",
    "sha512",
    "sha512-224",
    "sha512-256",
    "shake128",
    "shake256",
    "sm3",
    "whirlpool",
];

pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    title(doc, out);
    translated(doc, out);
    descriptions(doc, out);
    hardware(doc, out);
    shared_helpers(doc, out);
    nested(doc, out);
}

/// 6.2.22
fn title(doc: &Doc<'_>, out: &mut Findings) {
    if let (Some(title), Some(id)) = (text(doc.document, "title"), text(doc.tracking, "id"))
        && !id.is_empty()
        && title.contains(id)
    {
        out.note(
            "6.2.22",
            "/document/title",
            "the title holds the id of the document",
        );
    }
}

/// The terms of the standard in German, the one translation that is recorded.
struct German;

impl German {
    const WITHDRAWAL: &str = "Begründung für die Zurückziehung";
    const SUPERSESSION: &str = "Begründung für die Ersetzung";
    const SUCCESSOR: &str = "Ersetzendes Dokument";
    const LICENSE: &str = "Lizenz";
    const DESCRIPTION: &str = "Produktbeschreibung";
}

fn is_german(doc: &Doc<'_>) -> bool {
    let first = text(doc.document, "lang").and_then(|lang| lang.split('-').next());
    first.is_some_and(|first| first.eq_ignore_ascii_case("de"))
}

/// 6.2.39.2 to 6.2.39.4, and 6.2.46: what English documents are told by 6.1.27.17 to
/// 6.1.27.19 and 6.1.55, for a language whose words are recorded.
fn translated(doc: &Doc<'_>, out: &mut Findings) {
    if !is_german(doc) {
        return;
    }
    if doc.is_one_of(&["csaf_withdrawn"]) {
        one_note(doc, German::WITHDRAWAL, "description", "6.2.39.2", out);
    }
    if doc.is_one_of(&["csaf_superseded"]) {
        one_note(doc, German::SUPERSESSION, "description", "6.2.39.3", out);
        let leads = |reference: &Value| {
            text(reference, "category") == Some("external")
                && text(reference, "summary").is_some_and(|s| s.starts_with(German::SUCCESSOR))
        };
        if !items(doc.document, "references").iter().any(leads) {
            let message = format!(
                "no reference of the category `external` has a summary that begins with \"{}\"",
                German::SUCCESSOR
            );
            out.note("6.2.39.4", "/document/references", message);
        }
    }
    let told = text(doc.document, "license_expression");
    if told.is_some_and(super::license::has_own) {
        one_note(doc, German::LICENSE, "legal_disclaimer", "6.2.46", out);
    }
}

/// 6.2.40: a description of a product says of which.
fn descriptions(doc: &Doc<'_>, out: &mut Findings) {
    let title = if text(doc.document, "lang").is_none_or(is_english) {
        "Product Description"
    } else if is_german(doc) {
        German::DESCRIPTION
    } else {
        return;
    };
    for (index, note) in items(doc.document, "notes").iter().enumerate() {
        if text(note, "title").is_some_and(|told| told.starts_with(title))
            && text(note, "category") == Some("description")
            && note.get("product_ids").is_none()
            && note.get("group_ids").is_none()
        {
            let message = "the note describes a product and does not say which";
            out.note("6.2.40", format!("/document/notes/{index}"), message);
        }
    }
}

/// 6.2.31: hardware carries software; a product path says so.
fn hardware(doc: &Doc<'_>, out: &mut Findings) {
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for path in items(doc.tree, "product_paths") {
        used.extend(text(path, "beginning_product_reference"));
        let steps = items(path, "subpaths").iter();
        used.extend(steps.filter_map(|step| text(step, "next_product_reference")));
    }
    for product in &doc.products {
        let helper = product.value.get("product_identification_helper");
        let is_hardware = helper
            .is_some_and(|h| h.get("serial_numbers").is_some() || h.get("model_numbers").is_some());
        if is_hardware && !used.contains(product.id) {
            let message = format!(
                "{} is hardware, and no product path speaks of it",
                shown(product.id)
            );
            out.note("6.2.31", doc.pointer(product.at), message);
        }
    }
}

/// 6.2.32 and 6.2.52: one thing stands for one product, and hashes are of known kinds.
fn shared_helpers(doc: &Doc<'_>, out: &mut Findings) {
    let mut first: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for (number, product) in doc.products.iter().enumerate() {
        let helper = product.value.get("product_identification_helper");
        for (key, value) in helper.and_then(Value::as_object).into_iter().flatten() {
            let place = || {
                format!(
                    "{}/product_identification_helper/{key}",
                    doc.pointer(product.at)
                )
            };
            let parts: Vec<(String, String)> = match value {
                Value::Array(list) => list
                    .iter()
                    .enumerate()
                    .map(|(index, item)| (item.to_string(), format!("{}/{index}", place())))
                    .collect(),
                other => vec![(other.to_string(), place())],
            };
            for (part, at) in parts {
                if *first.entry((key.as_str(), part)).or_insert(number) != number {
                    let message = format!("another product has this under `{key}`, too");
                    out.note("6.2.32", at, message);
                }
            }
        }
        for (file, hashes) in helper
            .map_or(&[][..], |h| items(h, "hashes"))
            .iter()
            .enumerate()
        {
            for (index, hash) in items(hashes, "file_hashes").iter().enumerate() {
                let told = text(hash, "algorithm").filter(|told| !HASHES.contains(told));
                if let Some(told) = told {
                    let at = format!(
                        "{}/product_identification_helper/hashes/{file}/file_hashes/{index}/algorithm",
                        doc.pointer(product.at)
                    );
                    let message = format!("the standard does not name the hash {}", shown(told));
                    out.note("6.2.52", at, message);
                }
            }
        }
    }
}

/// 6.3.22: a path that leads over another path is hard to follow.
fn nested(doc: &Doc<'_>, out: &mut Findings) {
    let paths: BTreeSet<&str> = doc
        .products
        .iter()
        .filter(|product| matches!(product.at, At::Relation(_)))
        .map(|product| product.id)
        .collect();
    for (index, path) in items(doc.tree, "product_paths").iter().enumerate() {
        let at = format!("/product_tree/product_paths/{index}");
        let message = |id: &str| format!("{} is a product path itself", shown(id));
        if let Some(id) = text(path, "beginning_product_reference").filter(|id| paths.contains(id))
        {
            out.note(
                "6.3.22",
                format!("{at}/beginning_product_reference"),
                message(id),
            );
        }
        for (step, value) in items(path, "subpaths").iter().enumerate() {
            if let Some(id) = text(value, "next_product_reference").filter(|id| paths.contains(id))
            {
                let place = format!("{at}/subpaths/{step}/next_product_reference");
                out.note("6.3.22", place, message(id));
            }
        }
    }
}
