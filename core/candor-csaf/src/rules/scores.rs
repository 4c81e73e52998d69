//! CVSS: tests 6.1.7, 6.1.9, 6.1.10, 6.2.3, 6.2.19, 6.3.1 and 6.3.2.
//!
//! Where a vector cannot be read, the shape check has said so (6.1.8) and nothing is
//! computed.

use std::collections::{BTreeMap, BTreeSet};

use candor_score::{Score, Vector, Version as Cvss};
use serde_json::Value;

use super::doc::{Doc, items, text, texts};
use super::products::shown;
use crate::Version;
use crate::finding::Findings;

/// One CVSS object of a vulnerability.
struct Scored<'a> {
    /// The item it stands in.
    item: &'a Value,
    /// The list and the place in it.
    index: usize,
    /// `cvss_v3`, in 2.1 `content/cvss_v3`.
    key: &'static str,
    /// The object.
    cvss: &'a Value,
    /// Its vector, when it can be read.
    vector: Option<Vector>,
}

impl Scored<'_> {
    fn pointer(&self, at: &str) -> String {
        let list = if self.key.starts_with("content/") {
            "metrics"
        } else {
            "scores"
        };
        format!("{at}/{list}/{}/{}", self.index, self.key)
    }

    /// The version as the object tells it, or its vector.
    fn version(&self) -> &str {
        text(self.cvss, "version")
            .unwrap_or_else(|| self.vector.as_ref().map_or("", |v| v.version().as_str()))
    }
}

/// The products that an item of scores or metrics is about.
fn products(item: &Value) -> impl Iterator<Item = &str> {
    texts(item, "products").map(|(_, id)| id)
}

fn scored<'a>(doc: &Doc<'a>, vulnerability: &'a Value) -> Vec<Scored<'a>> {
    let keys: &[(&str, &'static str)] = match doc.version {
        Version::V20 => &[("cvss_v2", "cvss_v2"), ("cvss_v3", "cvss_v3")],
        Version::V21 => &[
            ("cvss_v2", "content/cvss_v2"),
            ("cvss_v3", "content/cvss_v3"),
            ("cvss_v4", "content/cvss_v4"),
        ],
    };
    let list = match doc.version {
        Version::V20 => "scores",
        Version::V21 => "metrics",
    };
    let mut out = Vec::new();
    for (index, item) in items(vulnerability, list).iter().enumerate() {
        let holder = match doc.version {
            Version::V20 => Some(item),
            Version::V21 => item.get("content"),
        };
        for (name, key) in keys {
            if let Some(cvss) = holder.and_then(|h| h.get(name)) {
                let vector = text(cvss, "vectorString").and_then(|t| Vector::parse(t).ok());
                out.push(Scored {
                    item,
                    index,
                    key,
                    cvss,
                    vector,
                });
            }
        }
    }
    out
}

pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    for (v, value) in doc.vulnerabilities.iter().enumerate() {
        let at = format!("/vulnerabilities/{v}");
        let scored = scored(doc, value);
        once_each(doc, &scored, &at, out);
        for one in &scored {
            computed(one, &at, out);
            contradictions(one, &at, out);
        }
        covered(doc, value, &scored, &at, out);
        fixed(value, &scored, &at, out);
        old_versions(&scored, &at, out);
    }
}

/// 6.1.7: one score of each version for a product; in 2.1, from each source.
fn once_each(doc: &Doc<'_>, scored: &[Scored<'_>], at: &str, out: &mut Findings) {
    let mut seen: BTreeMap<(&str, &str, Option<&str>), usize> = BTreeMap::new();
    for (number, one) in scored.iter().enumerate() {
        let source = match doc.version {
            Version::V20 => None,
            Version::V21 => text(one.item, "source"),
        };
        for id in products(one.item) {
            let key = (id, one.version(), source);
            let before = *seen.entry(key).or_insert(number);
            if before != number {
                let message = format!(
                    "{} has a score of CVSS {} already",
                    shown(id),
                    one.version()
                );
                out.note("6.1.7", one.pointer(at), message);
            }
        }
    }
}

/// 6.1.9: scores and severities are those of the vector.
fn computed(one: &Scored<'_>, at: &str, out: &mut Findings) {
    let Some(vector) = &one.vector else {
        return;
    };
    let base = vector.score();
    let [temporal, environmental] = if vector.version() == Cvss::V4_0 {
        [None, None]
    } else {
        let [temporal, environmental] = vector.further_scores();
        let temporal = temporal.or(Some(base));
        [temporal, environmental.or(temporal)]
    };
    for (name, right) in [
        ("base", Some(base)),
        ("temporal", temporal),
        ("environmental", environmental),
    ] {
        let Some(right) = right else { continue };
        score(one, at, name, right, out);
    }
}

fn score(one: &Scored<'_>, at: &str, name: &str, right: Score, out: &mut Findings) {
    let (number, severity) = (format!("{name}Score"), format!("{name}Severity"));
    if let Some(told) = one.cvss.get(&number).and_then(Value::as_f64)
        && (told - right.number()).abs() > 0.001
    {
        let message = format!("the vector gives a score of {right}, not {told}");
        out.note("6.1.9", format!("{}/{number}", one.pointer(at)), message);
    }
    if let Some(told) = text(one.cvss, &severity)
        && told != right.band().json()
    {
        let message = format!("a score of {right} is {}", right.band().json());
        out.note("6.1.9", format!("{}/{severity}", one.pointer(at)), message);
    }
}

/// 6.1.10: members beside the vector say what it says. One that is absent says nothing.
fn contradictions(one: &Scored<'_>, at: &str, out: &mut Findings) {
    let (Some(vector), Some(members)) = (&one.vector, one.cvss.as_object()) else {
        return;
    };
    let metrics = vector.metrics();
    for (key, value) in members {
        let Some(told) = value.as_str() else { continue };
        // A metric that the vector leaves out may be told beside it: the official files of
        // 6.2.19 do so and are valid.
        let Some(metric) = metrics.iter().find(|m| m.name == key) else {
            continue;
        };
        let right = metric.value;
        if told != right {
            let told: String = told.chars().take(40).collect();
            let message = format!("the vector says {right}, and here stands {told}");
            out.note("6.1.10", format!("{}/{key}", one.pointer(at)), message);
        }
    }
    // The version stands in the vector, too.
    let told = text(one.cvss, "version").unwrap_or("");
    if !told.is_empty() && told != vector.version().as_str() {
        let message = format!("the vector is one of CVSS {}", vector.version().as_str());
        out.note("6.1.10", format!("{}/version", one.pointer(at)), message);
    }
}

/// 6.2.3: each affected product has a score.
fn covered(doc: &Doc<'_>, value: &Value, scored: &[Scored<'_>], at: &str, out: &mut Findings) {
    let Some(status) = value.get("product_status") else {
        return;
    };
    let known: BTreeSet<&str> = match doc.version {
        Version::V20 => scored
            .iter()
            .map(|one| one.item)
            .flat_map(products)
            .collect(),
        // Other metrics count, too.
        Version::V21 => items(value, "metrics").iter().flat_map(products).collect(),
    };
    for list in ["first_affected", "known_affected", "last_affected"] {
        for (index, id) in texts(status, list) {
            if !known.contains(id) {
                let message = format!("{} is affected and has no score", shown(id));
                out.note(
                    "6.2.3",
                    format!("{at}/product_status/{list}/{index}"),
                    message,
                );
            }
        }
    }
}

/// 6.2.19: a product with the fix has an environmental score of zero.
fn fixed(value: &Value, scored: &[Scored<'_>], at: &str, out: &mut Findings) {
    let Some(status) = value.get("product_status") else {
        return;
    };
    // Whether one of the scores of each product is zero.
    let mut zero: BTreeMap<&str, bool> = BTreeMap::new();
    for one in scored {
        let is_zero = is_zero(one);
        for id in products(one.item) {
            *zero.entry(id).or_default() |= is_zero;
        }
    }
    for list in ["first_fixed", "fixed"] {
        for (index, id) in texts(status, list) {
            if zero.get(id) == Some(&false) {
                let message = format!(
                    "{} has the fix, and its score does not say so with an environmental score of 0",
                    shown(id)
                );
                out.note(
                    "6.2.19",
                    format!("{at}/product_status/{list}/{index}"),
                    message,
                );
            }
        }
    }
}

/// Whether the members for the environment of CVSS 4.0 leave no impact.
fn nothing_left(cvss: &Value) -> bool {
    ["Confidentiality", "Integrity", "Availability"]
        .iter()
        .all(|impact| {
            text(cvss, &format!("modifiedVuln{impact}Impact")) == Some("NONE")
                && text(cvss, &format!("modifiedSub{impact}Impact")) == Some("NEGLIGIBLE")
        })
}

/// Whether nothing is left of the score where the product has the fix.
fn is_zero(one: &Scored<'_>) -> bool {
    let none = |key: &str| text(one.cvss, key) == Some("NONE");
    let told = one.cvss.get("environmentalScore").and_then(Value::as_f64);
    let vector = one.vector.as_ref().and_then(Vector::environmental_score);
    // The one score of 4.0 counts the environment in.
    let whole = one.vector.as_ref().filter(|v| v.version() == Cvss::V4_0);
    told.is_some_and(|score| score.abs() < 0.001)
        || whole.is_some_and(|v| v.score().tenths() == 0)
        || nothing_left(one.cvss)
        || vector.is_some_and(|score| score.tenths() == 0)
        || none("targetDistribution")
        || (none("modifiedConfidentialityImpact")
            && none("modifiedIntegrityImpact")
            && none("modifiedAvailabilityImpact"))
}

/// 6.3.1 and 6.3.2: not CVSS 2.0 alone, and not 3.0.
fn old_versions(scored: &[Scored<'_>], at: &str, out: &mut Findings) {
    let newer: BTreeSet<&str> = scored
        .iter()
        .filter(|one| !one.key.ends_with("cvss_v2"))
        .flat_map(|one| products(one.item))
        .collect();
    for one in scored {
        if one.key.ends_with("cvss_v2")
            && let Some(id) = products(one.item).find(|id| !newer.contains(id))
        {
            let message = format!("{} is rated by CVSS 2.0 alone", shown(id));
            out.note("6.3.1", one.pointer(at), message);
        }
        let vector = text(one.cvss, "vectorString").unwrap_or("");
        if text(one.cvss, "version") == Some("3.0") || vector.starts_with("CVSS:3.0") {
            out.note(
                "6.3.2",
                one.pointer(at),
                "CVSS 3.0 is used; 3.1 replaced it",
            );
        }
    }
}
