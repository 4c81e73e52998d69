//! Products, groups and what tells them apart: tests 6.1.1 to 6.1.5, 6.1.13, 6.1.25,
//! 6.2.1, 6.2.8, 6.2.9, 6.2.16 and 6.3.5.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::doc::{At, Doc, items, text, texts};
use super::purl;
use crate::Version;
use crate::finding::Findings;

/// The lists of `product_status`.
pub(super) const STATUS: [&str; 9] = [
    "first_affected",
    "first_fixed",
    "fixed",
    "known_affected",
    "known_not_affected",
    "last_affected",
    "recommended",
    "under_investigation",
    "unknown",
];

/// A mention of a product or group: its id, and where it stands.
struct Mention<'a> {
    id: &'a str,
    place: Place<'a>,
}

/// A place that becomes a pointer only when something is wrong with it.
enum Place<'a> {
    Group(usize, usize),
    Relation(usize, &'static str),
    Beginning(usize),
    Path(usize, usize),
    Status(usize, &'static str, usize),
    Listed(usize, &'static str, usize, &'static str, usize),
    Note(&'a str, usize, &'static str, usize),
}

impl Place<'_> {
    fn pointer(&self) -> String {
        match self {
            Self::Group(group, item) => {
                format!("/product_tree/product_groups/{group}/product_ids/{item}")
            }
            Self::Beginning(path) => {
                format!("/product_tree/product_paths/{path}/beginning_product_reference")
            }
            Self::Relation(relation, key) => {
                format!("/product_tree/relationships/{relation}/{key}")
            }
            Self::Path(path, step) => {
                format!("/product_tree/product_paths/{path}/subpaths/{step}/next_product_reference")
            }
            Self::Status(v, list, item) => {
                format!("/vulnerabilities/{v}/product_status/{list}/{item}")
            }
            Self::Listed(v, list, index, key, item) => {
                format!("/vulnerabilities/{v}/{list}/{index}/{key}/{item}")
            }
            Self::Note(above, index, key, item) => format!("{above}/notes/{index}/{key}/{item}"),
        }
    }
}

/// The lists of a vulnerability whose items name products or groups.
fn lists(version: Version) -> &'static [(&'static str, &'static str)] {
    match version {
        Version::V20 => &[
            ("flags", "product_ids"),
            ("remediations", "product_ids"),
            ("scores", "products"),
            ("threats", "product_ids"),
        ],
        Version::V21 => &[
            ("first_known_exploitation_dates", "product_ids"),
            ("flags", "product_ids"),
            ("ids", "product_ids"),
            ("involvements", "product_ids"),
            ("metrics", "products"),
            ("notes", "product_ids"),
            ("remediations", "product_ids"),
            ("threats", "product_ids"),
        ],
    }
}

/// Every mention of a product outside its definition.
fn mentions<'a>(doc: &Doc<'a>) -> Vec<Mention<'a>> {
    let mut out = Vec::new();
    let mut push = |id: &'a str, place: Place<'a>| out.push(Mention { id, place });
    for (group, value) in items(doc.tree, "product_groups").iter().enumerate() {
        for (item, id) in texts(value, "product_ids") {
            push(id, Place::Group(group, item));
        }
    }
    for (index, relation) in items(doc.tree, doc.relations()).iter().enumerate() {
        match doc.version {
            Version::V20 => {
                for key in ["product_reference", "relates_to_product_reference"] {
                    if let Some(id) = text(relation, key) {
                        push(id, Place::Relation(index, key));
                    }
                }
            }
            Version::V21 => {
                if let Some(id) = text(relation, "beginning_product_reference") {
                    push(id, Place::Beginning(index));
                }
                for (step, value) in items(relation, "subpaths").iter().enumerate() {
                    if let Some(id) = text(value, "next_product_reference") {
                        push(id, Place::Path(index, step));
                    }
                }
            }
        }
    }
    for (v, value) in doc.vulnerabilities.iter().enumerate() {
        if let Some(status) = value.get("product_status") {
            for list in STATUS {
                for (item, id) in texts(status, list) {
                    push(id, Place::Status(v, list, item));
                }
            }
        }
        for (list, key) in lists(doc.version) {
            for (index, value) in items(value, list).iter().enumerate() {
                for (item, id) in texts(value, key) {
                    push(id, Place::Listed(v, list, index, key, item));
                }
            }
        }
    }
    if doc.version == Version::V21 {
        for (index, note) in items(doc.document, "notes").iter().enumerate() {
            for (item, id) in texts(note, "product_ids") {
                push(id, Place::Note("/document", index, "product_ids", item));
            }
        }
    }
    out
}

pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    let mentions = mentions(doc);
    let mut defined: BTreeMap<&str, usize> = BTreeMap::new();
    for product in &doc.products {
        *defined.entry(product.id).or_default() += 1;
    }
    for mention in &mentions {
        if !defined.contains_key(mention.id) {
            let message = format!("no product with the id {} is defined", shown(mention.id));
            out.note("6.1.1", mention.place.pointer(), message);
        }
    }
    doubles(doc, &defined, out);
    circles(doc, out);
    groups(doc, out);
    helpers(doc, out);
    if doc.category() != "csaf_informational_advisory" {
        let used: BTreeSet<&str> = mentions.iter().map(|m| m.id).collect();
        for product in &doc.products {
            if !product.id.is_empty() && !used.contains(product.id) {
                let message = format!("{} is defined and never used", shown(product.id));
                out.note(
                    "6.2.1",
                    format!("{}/product_id", doc.pointer(product.at)),
                    message,
                );
            }
        }
    }
}

/// An id as it is shown: bounded.
pub(super) fn shown(id: &str) -> String {
    let short: String = id.chars().take(80).collect();
    format!("`{short}`")
}

/// 6.1.2: no id is defined twice.
fn doubles(doc: &Doc<'_>, defined: &BTreeMap<&str, usize>, out: &mut Findings) {
    let mut seen = BTreeSet::new();
    for product in &doc.products {
        let double = defined.get(product.id).is_some_and(|count| *count > 1);
        if double && !product.id.is_empty() && !seen.insert(product.id) {
            let message = format!("{} was defined before", shown(product.id));
            out.note(
                "6.1.2",
                format!("{}/product_id", doc.pointer(product.at)),
                message,
            );
        }
    }
}

/// 6.1.3: no product is made of itself.
fn circles(doc: &Doc<'_>, out: &mut Findings) {
    let mut parts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let relations = items(doc.tree, doc.relations());
    for relation in relations {
        let Some(id) = relation
            .get("full_product_name")
            .and_then(|p| text(p, "product_id"))
        else {
            continue;
        };
        let of = parts.entry(id).or_default();
        for key in [
            "product_reference",
            "relates_to_product_reference",
            "beginning_product_reference",
        ] {
            of.extend(text(relation, key));
        }
        of.extend(
            items(relation, "subpaths")
                .iter()
                .filter_map(|step| text(step, "next_product_reference")),
        );
    }
    let circular = circular(&parts);
    for (index, relation) in relations.iter().enumerate() {
        let id = relation
            .get("full_product_name")
            .and_then(|p| text(p, "product_id"));
        if let Some(id) = id.filter(|id| circular.contains(id)) {
            let message = format!("{} is made of itself", shown(id));
            let at = doc.pointer(At::Relation(index));
            out.note("6.1.3", format!("{at}/product_id"), message);
        }
    }
}

/// Those that can be reached from themselves. Each is visited once: what has no part
/// left that is not settled is settled, and what is left at the end lies on a circle
/// or leads to one; of these the ones that reach themselves are kept.
fn circular<'a>(parts: &BTreeMap<&'a str, Vec<&'a str>>) -> BTreeSet<&'a str> {
    let mut open: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, of) in parts {
        let inner: BTreeSet<&str> = of
            .iter()
            .copied()
            .filter(|p| parts.contains_key(p))
            .collect();
        for part in &inner {
            users.entry(part).or_default().push(id);
        }
        open.insert(id, inner);
    }
    let mut settled: Vec<&str> = open
        .iter()
        .filter(|(_, of)| of.is_empty())
        .map(|(id, _)| *id)
        .collect();
    while let Some(id) = settled.pop() {
        open.remove(id);
        for user in users.get(id).into_iter().flatten() {
            if let Some(of) = open.get_mut(user)
                && of.remove(id)
                && of.is_empty()
            {
                settled.push(user);
            }
        }
    }
    let reaches_itself = |start: &&&str| {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut next: Vec<&str> = open.get(**start).into_iter().flatten().copied().collect();
        while let Some(id) = next.pop() {
            if id == **start {
                return true;
            }
            if seen.insert(id) {
                next.extend(open.get(id).into_iter().flatten());
            }
        }
        false
    };
    // A circle of thousands is told by its first ones.
    let told = open.keys().take(200).filter(reaches_itself);
    told.filter_map(|id| parts.get_key_value(id).map(|(id, _)| *id))
        .collect()
}

/// 6.1.4 and 6.1.5: groups are defined, and once.
fn groups(doc: &Doc<'_>, out: &mut Findings) {
    let mut seen = BTreeSet::new();
    for (index, group) in items(doc.tree, "product_groups").iter().enumerate() {
        if let Some(id) = text(group, "group_id")
            && !seen.insert(id)
        {
            let message = format!("the group {} was defined before", shown(id));
            out.note(
                "6.1.5",
                format!("/product_tree/product_groups/{index}/group_id"),
                message,
            );
        }
    }
    let mut missing = |value: &Value, place: &dyn Fn() -> String| {
        for (item, id) in texts(value, "group_ids") {
            if !seen.contains(id) {
                let message = format!("no group with the id {} is defined", shown(id));
                out.note("6.1.4", format!("{}/group_ids/{item}", place()), message);
            }
        }
    };
    for (v, value) in doc.vulnerabilities.iter().enumerate() {
        for (list, _) in lists(doc.version) {
            for (index, value) in items(value, list).iter().enumerate() {
                missing(value, &|| format!("/vulnerabilities/{v}/{list}/{index}"));
            }
        }
    }
    if doc.version == Version::V21 {
        for (index, note) in items(doc.document, "notes").iter().enumerate() {
            missing(note, &|| format!("/document/notes/{index}"));
        }
    }
}

/// Package addresses and hashes: 6.1.13, 6.1.25, 6.2.8, 6.2.9, 6.2.16, 6.3.5.
fn helpers(doc: &Doc<'_>, out: &mut Findings) {
    for product in &doc.products {
        let Some(helper) = product.value.get("product_identification_helper") else {
            let message = format!("nothing helps machines to recognise {}", shown(product.id));
            out.note("6.2.16", doc.pointer(product.at), message);
            continue;
        };
        let place = || format!("{}/product_identification_helper", doc.pointer(product.at));
        if let Some(address) = text(helper, "purl")
            && let Err(why) = purl::check(address)
        {
            out.note("6.1.13", format!("{}/purl", place()), why);
        }
        for (index, address) in texts(helper, "purls") {
            if let Err(why) = purl::check(address) {
                out.note("6.1.13", format!("{}/purls/{index}", place()), why);
            }
        }
        for (index, file) in items(helper, "hashes").iter().enumerate() {
            hashes(
                file,
                &|| format!("{}/hashes/{index}/file_hashes", place()),
                out,
            );
        }
    }
}

fn hashes(file: &Value, place: &dyn Fn() -> String, out: &mut Findings) {
    let list = items(file, "file_hashes");
    let mut names = BTreeSet::new();
    for (index, hash) in list.iter().enumerate() {
        let name = text(hash, "algorithm").unwrap_or("");
        if !name.is_empty() && !names.insert(name) {
            let message = format!("{} stands twice for one file", shown(name));
            out.note("6.1.25", format!("{}/{index}/algorithm", place()), message);
        }
        if text(hash, "value").is_some_and(|value| value.chars().count() < 64) {
            let message = "the hash has fewer than 64 characters; longer ones are safer";
            out.note("6.3.5", format!("{}/{index}/value", place()), message);
        }
    }
    let only = |name: &str| names.len() == 1 && names.contains(name);
    if only("md5") {
        let message = "MD5 is the only hash; two files with the same one can be made at will";
        out.note("6.2.8", place(), message);
    }
    if only("sha1") {
        let message = "SHA-1 is the only hash; two files with the same one can be made";
        out.note("6.2.9", place(), message);
    }
}
