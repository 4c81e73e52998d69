//! SSVC: tests 6.1.47, 6.1.48, 6.2.34 to 6.2.37, 6.3.14 and 6.3.15.
//!
//! The registered decision points are those of the SSVC repository of 2026-07-20. A
//! version of a point that is newer than every one known here is judged by the newest.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;

use super::sharing;
use crate::finding::Findings;
use crate::rules::doc::{Doc, items, text, texts};
use crate::rules::products::shown;
use crate::rules::tracking::Number;

const TABLE: &str = include_str!("../../../data/ssvc-points.tsv");

/// The versions of a decision point with the keys of their values.
type Versions = Vec<(&'static str, Vec<&'static str>)>;

/// Decision points by namespace and key.
static POINTS: LazyLock<BTreeMap<(&'static str, &'static str), Versions>> = LazyLock::new(|| {
    let mut points: BTreeMap<_, Versions> = BTreeMap::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.split('\t');
        if let (Some(space), Some(key), Some(version), Some(values)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        {
            let values = values.split(' ').collect();
            points
                .entry((space, key))
                .or_default()
                .push((version, values));
        }
    }
    points
});

pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    for (v, value) in doc.vulnerabilities.iter().enumerate() {
        for (index, metric) in items(value, "metrics").iter().enumerate() {
            if let Some(ssvc) = metric.get("content").and_then(|c| c.get("ssvc_v2")) {
                let at = format!("/vulnerabilities/{v}/metrics/{index}/content/ssvc_v2");
                targets(doc, value, ssvc, &at, out);
                spaces(doc, ssvc, &at, out);
                for (place, selection) in items(ssvc, "selections").iter().enumerate() {
                    if let Err((member, why)) = judge(selection) {
                        out.note("6.1.48", format!("{at}/selections/{place}{member}"), why);
                    }
                }
            }
        }
    }
}

/// 6.1.47: the decision is about the vulnerability it stands in.
fn targets(doc: &Doc<'_>, value: &Value, ssvc: &Value, at: &str, out: &mut Findings) {
    let document = text(doc.tracking, "id");
    for (place, id) in texts(ssvc, "target_ids") {
        let known = text(value, "cve") == Some(id)
            || items(value, "ids")
                .iter()
                .any(|other| text(other, "text") == Some(id));
        let why = if document == Some(id) && doc.vulnerabilities.len() > 1 {
            "is the id of the document, which has more than one vulnerability"
        } else if !known {
            "is no id of this vulnerability"
        } else {
            continue;
        };
        out.note(
            "6.1.47",
            format!("{at}/target_ids/{place}"),
            format!("{} {why}", shown(id)),
        );
    }
}

/// The registered namespaces that have decision points of their own.
fn is_registered(base: &str) -> bool {
    let owner = base.split('#').next().unwrap_or(base);
    matches!(owner, "test" | "example" | "invalid")
        || POINTS.keys().any(|(known, _)| *known == base)
}

/// 6.2.34 to 6.2.37, 6.3.14 and 6.3.15: namespaces that readers may not know.
fn spaces(doc: &Doc<'_>, ssvc: &Value, at: &str, out: &mut Findings) {
    let clear = sharing::label(doc) == Some("CLEAR");
    for (place, selection) in items(ssvc, "selections").iter().enumerate() {
        let Some(space) = text(selection, "namespace") else {
            continue;
        };
        let (base, extension) = space.split_once('/').unwrap_or((space, ""));
        let at = || format!("{at}/selections/{place}/namespace");
        if !is_registered(base) {
            out.note(
                "6.2.34",
                at(),
                format!("{} is no namespace that is known here", shown(base)),
            );
        }
        if base.starts_with("x_") {
            let test = if clear { "6.2.35" } else { "6.3.14" };
            out.note(
                test,
                at(),
                format!("{} is not a registered namespace", shown(base)),
            );
        }
        if !extension.is_empty() {
            let test = if clear { "6.2.36" } else { "6.3.15" };
            out.note(
                test,
                at(),
                "the namespace has an extension that readers may not know",
            );
        }
        let explained = || {
            items(ssvc, "decision_point_resources")
                .iter()
                .any(|r| text(r, "summary").is_some_and(|summary| summary.contains(space)))
        };
        if (base.starts_with("x_") || !extension.is_empty()) && !explained() {
            let message = format!(
                "no resource of the decision points speaks of {}",
                shown(space)
            );
            out.note("6.2.37", at(), message);
        }
    }
}

/// Checks one selection; the error names the member, as the end of a pointer.
fn judge(selection: &Value) -> Result<(), (String, String)> {
    let (Some(space), Some(key), Some(version)) = (
        text(selection, "namespace"),
        text(selection, "key"),
        text(selection, "version"),
    ) else {
        return Ok(());
    };
    // What follows the first slash narrows or translates the point; it adds nothing.
    let base = space.split('/').next().unwrap_or(space);
    let owner = base.split('#').next().unwrap_or(base);
    match owner {
        "invalid" | "x_invalid" => {
            return Err((
                "/namespace".to_owned(),
                format!("`{owner}` is reserved for what is wrong"),
            ));
        }
        // Reserved for tests and examples: anything may stand there.
        "test" | "example" => return Ok(()),
        _ => {}
    }
    if !POINTS.keys().any(|(known, _)| *known == base) {
        return Ok(());
    }
    let Some(versions) = POINTS.get(&(base, key)) else {
        return Err((
            "/key".to_owned(),
            format!("{base} has no decision point {}", shown(key)),
        ));
    };
    let Some(right) = values_of(versions, version) else {
        return Err((
            "/version".to_owned(),
            format!("{base} has no version {} of {key}", shown(version)),
        ));
    };
    let mut rest = right.iter();
    for (place, value) in items(selection, "values").iter().enumerate() {
        let Some(told) = text(value, "key") else {
            continue;
        };
        if !rest.any(|known| *known == told) {
            let why = if right.contains(&told) {
                format!(
                    "{} is out of order; it is {}",
                    shown(told),
                    right.join(", ")
                )
            } else {
                format!(
                    "{} is no value of {key} {version}: {}",
                    shown(told),
                    right.join(", ")
                )
            };
            return Err((format!("/values/{place}"), why));
        }
    }
    Ok(())
}

fn values_of<'p>(versions: &'p Versions, version: &str) -> Option<&'p Vec<&'static str>> {
    if let Some((_, values)) = versions.iter().find(|(known, _)| *known == version) {
        return Some(values);
    }
    let told = Number::parse(version)?;
    let mut newest: Option<(Number<'static>, &Vec<&'static str>)> = None;
    for (known, values) in versions {
        let known = Number::parse(known)?;
        if newest.is_none_or(|(best, _)| known.compare(best) == Ordering::Greater) {
            newest = Some((known, values));
        }
    }
    newest
        .filter(|(best, _)| told.compare(*best) == Ordering::Greater)
        .map(|(_, values)| values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn wrong(space: &str, key: &str, version: &str, values: &[&str]) -> Option<String> {
        let values: Vec<Value> = values.iter().map(|v| json!({ "key": v })).collect();
        let selection =
            json!({ "namespace": space, "key": key, "version": version, "values": values });
        judge(&selection).err().map(|(member, _)| member)
    }

    #[test]
    fn points_are_judged_by_their_definition() {
        for (space, key, version, values) in [
            ("ssvc", "SI", "2.0.0", &["M", "R", "C"][..]),
            ("ssvc//.example.test$en-GB", "SI", "2.0.0", &["M", "C"]),
            ("cvss", "AC", "3.0.1", &["L"]),
            ("x_example.test#test", "ANY", "1.0.0", &["Z"]),
            ("test", "TEST", "2.0.0", &["A"]),
            ("nist#800-30", "", "", &[]),
        ] {
            let first = wrong(space, key, version, values);
            assert!(first.is_none() || key.is_empty(), "{space} {first:?}");
        }
        let at = |space, key, version, values: &[&str]| {
            wrong(space, key, version, values).unwrap_or_default()
        };
        assert_eq!(at("ssvc", "SIs", "2.0.0", &["M"]), "/key");
        assert_eq!(at("ssvc", "SI", "1.9.7", &["M"]), "/version");
        assert_eq!(at("ssvc", "SI", "2.0.0", &["M", "C", "R"]), "/values/2");
        assert_eq!(at("ssvc", "SI", "2.0.0", &["M", "M"]), "/values/1");
        assert_eq!(at("ssvc", "SI", "99.0.0", &["M", "X"]), "/values/1");
        assert_eq!(at("cvss", "AC", "3.0.1", &["E"]), "/values/0");
        assert_eq!(at("invalid", "A", "1.0.0", &[]), "/namespace");
        assert_eq!(at("x_invalid.test#a", "A", "1.0.0", &[]), "");
    }
}
