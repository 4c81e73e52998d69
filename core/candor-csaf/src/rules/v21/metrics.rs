//! Ratings and scores: tests 6.1.56, 6.2.47, 6.3.12 and 6.3.18.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::finding::Findings;
use crate::rules::doc::{Doc, items, text, texts};
use crate::rules::document::file_name;
use crate::rules::products::shown;

const CVSS: [&str; 3] = ["cvss_v2", "cvss_v3", "cvss_v4"];

pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    not_both(doc, out);
    words(doc, out);
    newest_cvss(doc, out);
}

fn has_cvss(content: &Value) -> bool {
    CVSS.iter().any(|key| content.get(key).is_some())
}

/// 6.2.47 and 6.3.18: a word for the severity says nothing of how it came about.
fn words(doc: &Doc<'_>, out: &mut Findings) {
    let name = text(doc.tracking, "id").map(file_name);
    // The address of the document itself, as 6.2.11 finds it.
    let own = items(doc.document, "references")
        .iter()
        .filter(|r| text(r, "category") == Some("self"))
        .filter_map(|r| text(r, "url"))
        .find(|url| url.starts_with("https://") && url.rsplit('/').next() == name.as_deref());
    for (v, value) in doc.vulnerabilities.iter().enumerate() {
        for (index, metric) in items(value, "metrics").iter().enumerate() {
            let content = metric.get("content");
            if content
                .and_then(|c| c.get("qualitative_severity_rating"))
                .is_none()
            {
                continue;
            }
            let at =
                format!("/vulnerabilities/{v}/metrics/{index}/content/qualitative_severity_rating");
            let source = text(metric, "source");
            if source.is_none() || source == own {
                let message = "the publisher rates with a word; CVSS or SSVC says more";
                out.note("6.2.47", at.clone(), message);
            }
            out.note(
                "6.3.18",
                at,
                "a word for the severity says nothing of how it came about",
            );
        }
    }
}

/// 6.3.12: where CVSS is used, 4.0 is, and each affected product has a score.
fn newest_cvss(doc: &Doc<'_>, out: &mut Findings) {
    for (v, value) in doc.vulnerabilities.iter().enumerate() {
        let mut scored: BTreeSet<&str> = BTreeSet::new();
        for (index, metric) in items(value, "metrics").iter().enumerate() {
            let Some(content) = metric.get("content").filter(|c| has_cvss(c)) else {
                continue;
            };
            scored.extend(texts(metric, "products").map(|(_, id)| id));
            if content.get("cvss_v4").is_none() {
                let at = format!("/vulnerabilities/{v}/metrics/{index}/content");
                out.note("6.3.12", at, "a score of CVSS 4.0 is missing");
            }
        }
        let Some(status) = value.get("product_status") else {
            continue;
        };
        for list in ["first_affected", "known_affected", "last_affected"] {
            for (index, id) in texts(status, list) {
                if !scored.contains(id) {
                    let at = format!("/vulnerabilities/{v}/product_status/{list}/{index}");
                    out.note(
                        "6.3.12",
                        at,
                        format!("{} is affected and has no score of CVSS", shown(id)),
                    );
                }
            }
        }
    }
}

/// 6.1.56: one source gives a product CVSS or a word for the severity, not both.
fn not_both(doc: &Doc<'_>, out: &mut Findings) {
    for (v, value) in doc.vulnerabilities.iter().enumerate() {
        let metrics = items(value, "metrics");
        let mut scored: BTreeMap<(&str, Option<&str>), usize> = BTreeMap::new();
        for (index, metric) in metrics.iter().enumerate() {
            let Some(content) = metric.get("content") else {
                continue;
            };
            if has_cvss(content) {
                for (_, id) in texts(metric, "products") {
                    scored.entry((id, text(metric, "source"))).or_insert(index);
                }
            }
        }
        for (index, metric) in metrics.iter().enumerate() {
            let rated = metric
                .get("content")
                .is_some_and(|c| c.get("qualitative_severity_rating").is_some());
            if !rated {
                continue;
            }
            for (_, id) in texts(metric, "products") {
                if let Some(other) = scored.get(&(id, text(metric, "source"))) {
                    let message = format!(
                        "{} has a score of CVSS from the same source (metric {other})",
                        shown(id)
                    );
                    out.note(
                        "6.1.56",
                        format!("/vulnerabilities/{v}/metrics/{index}/content/qualitative_severity_rating"),
                        message,
                    );
                }
            }
        }
    }
}
