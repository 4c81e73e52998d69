//! Ratings beside CVSS: test 6.1.56.

use std::collections::BTreeMap;

use crate::finding::Findings;
use crate::rules::doc::{Doc, items, text, texts};
use crate::rules::products::shown;

/// 6.1.56: one source gives a product CVSS or a word for the severity, not both.
pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    for (v, value) in doc.vulnerabilities.iter().enumerate() {
        let metrics = items(value, "metrics");
        let mut scored: BTreeMap<(&str, Option<&str>), usize> = BTreeMap::new();
        for (index, metric) in metrics.iter().enumerate() {
            let Some(content) = metric.get("content") else {
                continue;
            };
            if ["cvss_v2", "cvss_v3", "cvss_v4"]
                .iter()
                .any(|key| content.get(key).is_some())
            {
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
