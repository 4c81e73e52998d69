//! OSV 1.7 (the Open Source Vulnerability format), one record for an advisory.
//!
//! Invariants: the same bytes every time; no version is called affected that the
//! advisory does not call so, but for what [`Written::losses`] says; a fixed version
//! is named where scanners look for it.
//!
//! The id carries the prefix `x_`, which the format keeps for publishers without a
//! prefix of their own. Deliberately absent: ranges of commits, because an advisory
//! holds them in words.

use serde_json::{Map, Value, json};

use crate::ecosystem::{Package, package, semver};
use crate::ids::Link;
use crate::model::{
    Advisory, AffectedProduct, AffectedVersions, Credit, CreditKind, Fix, Mitigation,
};
use crate::stretch::{Lower, Stretch, Stretches, Upper};
use crate::written::{Losses, WriteError, Written, first_and_last, put};

/// The version of the schema that the record keeps to.
const SCHEMA: &str = "1.7.0";

/// Writes the advisory as an OSV record; `page` is its page for people.
pub fn to_osv(advisory: &Advisory, page: Option<&Link>) -> Result<Written, WriteError> {
    let Advisory { issue, content } = advisory;
    let (first, last) = first_and_last(issue)?;
    let mut losses = Losses::default();
    let affected: Vec<Value> = content
        .products
        .iter()
        .map(|product| affected(product, advisory, &mut losses))
        .collect();
    let mut out = json!({
        "schema_version": SCHEMA,
        "id": format!("x_{}", issue.id),
        "modified": last.date,
        "published": first.date,
        "summary": content.title,
        "details": details(advisory),
        "affected": affected,
        "database_specific": {
            "advisory_id": issue.id,
            "publisher": issue.publisher.name,
            "severity": content.severity.to_string(),
        },
    });
    let severity = content.cvss.iter().map(|vector| {
        let kind = match vector.version() {
            candor_score::Version::V2_0 => "CVSS_V2",
            candor_score::Version::V3_0 | candor_score::Version::V3_1 => "CVSS_V3",
            candor_score::Version::V4_0 => "CVSS_V4",
        };
        json!({ "type": kind, "score": vector })
    });
    put(&mut out, "severity", severity.collect());
    put(
        &mut out,
        "aliases",
        content.cve.iter().map(|cve| json!(cve)).collect(),
    );
    put(&mut out, "references", references(advisory, page));
    put(
        &mut out,
        "credits",
        content.credits.iter().filter_map(credit).collect(),
    );
    if let (Some(cwe), Some(specific)) = (content.cwe, out.get_mut("database_specific"))
        && let Some(map) = specific.as_object_mut()
    {
        map.insert("cwe_ids".to_owned(), json!([cwe]));
    }
    losses.write(&out)
}

/// All the words: OSV has one place for them.
pub(crate) fn details(advisory: &Advisory) -> String {
    let content = &advisory.content;
    let mut out = content.summary.to_string();
    let mut section = |heading: &str, text: &str| {
        out.push_str("\n\n## ");
        out.push_str(heading);
        out.push_str("\n\n");
        out.push_str(text);
    };
    if let Some(text) = &content.details {
        section("Details", text.as_str());
    }
    if let Mitigation::Text(text) = &content.mitigation {
        section("Mitigation", text.as_str());
    }
    for text in &content.interim {
        section("Workaround", text.as_str());
    }
    if let Some(text) = &content.rebuild {
        section("Rebuild", text.as_str());
    }
    if let Some(text) = &content.exploitation {
        section("Exploitation", text.as_str());
    }
    for product in &content.products {
        for row in &product.affected {
            if let Some(reason) = row.fix.why_none() {
                section(&format!("{} {}", product.name, row.versions), &reason);
            }
        }
    }
    out
}

fn references(advisory: &Advisory, page: Option<&Link>) -> Vec<Value> {
    let page = page.map(|link| json!({ "type": "ADVISORY", "url": link }));
    let others = &advisory.content.references;
    let others = others
        .iter()
        .map(|r| json!({ "type": "WEB", "url": r.link }));
    page.into_iter().chain(others).collect()
}

fn credit(credit: &Credit) -> Option<Value> {
    let name = credit.who()?;
    let kind = match credit.kind {
        CreditKind::Finder => "FINDER",
        CreditKind::Reporter => "REPORTER",
        CreditKind::Analyst => "ANALYST",
        CreditKind::Coordinator => "COORDINATOR",
        CreditKind::RemediationDeveloper => "REMEDIATION_DEVELOPER",
        CreditKind::RemediationReviewer => "REMEDIATION_REVIEWER",
        CreditKind::RemediationVerifier => "REMEDIATION_VERIFIER",
        CreditKind::Tool => "TOOL",
        CreditKind::Sponsor => "SPONSOR",
        CreditKind::Other => "OTHER",
    };
    let mut out = json!({ "name": name, "type": kind });
    put(
        &mut out,
        "contact",
        credit.link.iter().map(|l| json!(l)).collect(),
    );
    Some(out)
}

fn affected(product: &AffectedProduct, advisory: &Advisory, losses: &mut Losses) -> Value {
    let package = product.purl.as_ref().and_then(package);
    let mut ranges = Vec::new();
    let mut versions = Vec::new();
    let mut written = Vec::new();
    for row in &product.affected {
        written.push(row.versions.vers());
        match Stretches::of(&row.versions) {
            None => losses.note(
                "products",
                format!(
                    "{} {}: commits and images are told in words only",
                    product.name, row.versions
                ),
            ),
            Some(stretches) => {
                versions.extend(stretches.single.iter().map(|v| json!(v)));
                for stretch in &stretches.between {
                    let range = range(product, row, stretch, package.as_ref(), losses);
                    ranges.extend(range);
                }
            }
        }
    }
    let mut specific = json!({
        "product": product.name,
        "vendor": product.vendor.as_ref().unwrap_or(&advisory.issue.publisher.name),
        "affected": written,
    });
    let safe = product.not_affected.iter().map(|r| json!(r.vers()));
    put(&mut specific, "not_affected", safe.collect());
    let mut out = json!({ "database_specific": specific });
    put(&mut out, "ranges", ranges);
    put(&mut out, "versions", versions);
    match (package, out.as_object_mut()) {
        (Some(package), Some(map)) => {
            map.insert(
                "package".to_owned(),
                json!({
                    "ecosystem": package.ecosystem,
                    "name": package.name,
                    "purl": product.purl,
                }),
            );
        }
        _ => losses.note(
            "products",
            format!(
                "{}: it has no package address of an ecosystem that OSV knows, so scanners cannot find it",
                product.name
            ),
        ),
    }
    out
}

/// One stretch as a range with events.
fn range(
    product: &AffectedProduct,
    row: &AffectedVersions,
    stretch: &Stretch<'_>,
    package: Option<&Package>,
    losses: &mut Losses,
) -> Option<Value> {
    let fixed = match &row.fix {
        Fix::In(version) => Some(version),
        Fix::NotPlanned(_) | Fix::NotYet(_) => None,
    };
    let mut specific = Map::new();
    let upper = match (stretch.upper, fixed) {
        (Upper::Before(version), _) => Some(("fixed", version)),
        // Scanners name the fix only when the range ends with it; the last version
        // known to be affected stands beside it.
        (Upper::UpTo(last), Some(fix)) => {
            specific.insert(
                "last_known_affected_version_range".to_owned(),
                json!(format!("<= {last}")),
            );
            Some(("fixed", fix))
        }
        (Upper::UpTo(last), None) => Some(("last_affected", last)),
        (Upper::Open, Some(fix)) => Some(("fixed", fix)),
        (Upper::Open, None) => None,
    };
    let lower = match stretch.lower {
        Lower::First => None,
        Lower::From(version) => Some(version),
        Lower::After(version) => {
            losses.note(
                "products",
                format!("{}: {version} itself is called affected, because OSV has no border that leaves it out", product.name),
            );
            Some(version)
        }
    };
    let borders = [lower, upper.map(|(_, version)| version)];
    let semver: Option<Vec<Option<String>>> = borders
        .iter()
        .map(|border| border.map_or(Some(None), |v| semver(v.as_str()).map(Some)))
        .collect();
    let (kind, texts) = match (package, semver) {
        (Some(Package { semver: false, .. }), _) | (Some(_), None) => (
            "ECOSYSTEM",
            borders.map(|b| b.map(ToString::to_string)).to_vec(),
        ),
        (_, Some(texts)) => ("SEMVER", texts),
        (None, None) => {
            losses.note(
                "products",
                format!("{} {}: an order of versions is known only for packages of an ecosystem and for Semantic Versioning", product.name, row.versions),
            );
            return None;
        }
    };
    let [low, high] = <[Option<String>; 2]>::try_from(texts).unwrap_or_default();
    let mut events = vec![json!({ "introduced": low.as_deref().unwrap_or("0") })];
    if let (Some((event, _)), Some(version)) = (upper, high) {
        events.push(json!({ event: version }));
    }
    let mut out = json!({ "type": kind, "events": events });
    if let (Some(map), false) = (out.as_object_mut(), specific.is_empty()) {
        map.insert("database_specific".to_owned(), Value::Object(specific));
    }
    Some(out)
}
