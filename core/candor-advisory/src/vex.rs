//! VEX, the answer to "is this version affected?", in two forms: OpenVEX 0.2.0 and
//! CycloneDX 1.6.
//!
//! Invariants: the same bytes every time; each version the advisory speaks of gets
//! the answer that the advisory gives; a range of versions is written as a `vers`
//! range, never left out.
//!
//! Deliberately absent: the parts of a product, and justifications that nobody gave.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use candor_score::Version;
use serde_json::{Value, json};

use crate::ids::Link;
use crate::model::{Advisory, AffectedProduct, Credit, CreditKind, Fix, Mitigation};
use crate::versions::{VersionRange, percent};
use crate::written::{Losses, WriteError, Written, first_and_last, put};

const EXAMINED: &str = "These versions were examined and are not affected.";

/// Writes the advisory as an OpenVEX document; `place` is where it will be found.
pub fn to_openvex(advisory: &Advisory, place: &Link) -> Result<Written, WriteError> {
    let Advisory { issue, content } = advisory;
    let (first, last) = first_and_last(issue)?;
    let mut losses = Losses::default();
    for (lost, field) in [
        (!content.cvss.is_empty(), "cvss"),
        (!content.credits.is_empty(), "credits"),
        (!content.references.is_empty(), "references"),
        (content.details.is_some(), "details"),
    ] {
        if lost {
            losses.note(field, "OpenVEX has no place for it");
        }
    }
    let mut statements = Vec::new();
    let vulnerability = vulnerability(advisory);
    for product in &content.products {
        for row in &product.affected {
            statements.push(json!({
                "vulnerability": vulnerability,
                "products": [component(advisory, product, &row.versions)],
                "status": "affected",
                "action_statement": action(advisory, product, &row.fix),
                "timestamp": last.date,
            }));
        }
        let fixed: BTreeSet<VersionRange> = fixed(product).collect();
        for range in fixed {
            statements.push(json!({
                "vulnerability": vulnerability,
                "products": [component(advisory, product, &range)],
                "status": "fixed",
                "timestamp": last.date,
            }));
        }
        for range in &product.not_affected {
            statements.push(json!({
                "vulnerability": vulnerability,
                "products": [component(advisory, product, range)],
                "status": "not_affected",
                "impact_statement": EXAMINED,
                "timestamp": last.date,
            }));
        }
    }
    losses.write(&json!({
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": place,
        "author": issue.publisher.name,
        "role": issue.publisher.category,
        "timestamp": first.date,
        "last_updated": last.date,
        "version": issue.revisions.len(),
        "tooling": concat!("Candor ", env!("CARGO_PKG_VERSION")),
        "statements": statements,
    }))
}

fn vulnerability(advisory: &Advisory) -> Value {
    let id = &advisory.issue.id;
    let title = &advisory.content.title;
    match &advisory.content.cve {
        Some(cve) => json!({ "name": cve, "description": title, "aliases": [id] }),
        None => json!({ "name": id, "description": title }),
    }
}

/// The versions with the fix.
fn fixed(product: &AffectedProduct) -> impl Iterator<Item = VersionRange> {
    product.affected.iter().filter_map(|row| match &row.fix {
        Fix::In(version) => Some(VersionRange::One(version.clone())),
        Fix::NotPlanned(_) | Fix::NotYet(_) => None,
    })
}

/// A product at some versions: by its package address where it has one.
fn component(advisory: &Advisory, product: &AffectedProduct, range: &VersionRange) -> Value {
    match &product.purl {
        Some(purl) => {
            let purl = match range {
                VersionRange::All => purl.to_string(),
                VersionRange::One(version) => {
                    format!("{purl}@{}", percent(version.as_str()))
                }
                _ => format!("{purl}?vers={}", quoted(&range.vers())),
            };
            json!({ "@id": purl, "identifiers": { "purl": purl } })
        }
        None => json!({ "@id": format!(
            "{}#product={}&versions={}",
            advisory.issue.publisher.namespace.as_str().split('#').next().unwrap_or_default(),
            quoted(product.name.as_str()),
            quoted(&range.vers()),
        ) }),
    }
}

/// A text as a part of an address: all but plain letters as percent codes.
fn quoted(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, b| {
        if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
        out
    })
}

/// What to do about affected versions.
fn action(advisory: &Advisory, product: &AffectedProduct, fix: &Fix) -> String {
    let mut out = match fix {
        Fix::In(version) => format!("Update {} to version {version} or later.", product.name),
        Fix::NotPlanned(_) | Fix::NotYet(_) => fix.why_none().unwrap_or_default(),
    };
    for text in helps(advisory) {
        out.push_str("\n\n");
        out.push_str(&text);
    }
    out
}

/// What helps until the fix is there.
fn helps(advisory: &Advisory) -> Vec<String> {
    let content = &advisory.content;
    let mut out = Vec::new();
    if let Mitigation::Text(text) = &content.mitigation {
        out.push(text.to_string());
    }
    out.extend(content.interim.iter().map(ToString::to_string));
    out.extend(content.rebuild.as_ref().map(ToString::to_string));
    out
}

/// Writes the advisory as a CycloneDX 1.6 document with one vulnerability; `page` is
/// its page for people.
pub fn to_cyclonedx(advisory: &Advisory, page: &Link) -> Result<Written, WriteError> {
    let Advisory { issue, content } = advisory;
    let (first, last) = first_and_last(issue)?;
    let losses = Losses::default();
    let products = || content.products.iter();
    let components: Vec<Value> = products().map(|p| part(advisory, p)).collect();
    let affects: Vec<Value> = products()
        .map(|p| json!({ "ref": p.name, "versions": answers(p) }))
        .collect();
    let mut vulnerability = json!({
        "bom-ref": issue.id,
        "id": content.cve.as_ref().map_or(json!(issue.id), |cve| json!(cve)),
        "source": { "name": issue.publisher.name, "url": page },
        "ratings": ratings(advisory),
        "description": content.summary,
        "recommendation": recommendation(advisory),
        "advisories": advisories(advisory, page),
        "published": first.date,
        "updated": last.date,
        "analysis": analysis(advisory),
        "affects": affects,
    });
    if let Some(map) = vulnerability.as_object_mut() {
        if let Some(cwe) = content.cwe {
            map.insert("cwes".to_owned(), json!([cwe.number()]));
        }
        if let Some(details) = &content.details {
            map.insert("detail".to_owned(), json!(details));
        }
        let workaround = helps(advisory).join("\n\n");
        if !workaround.is_empty() {
            map.insert("workaround".to_owned(), json!(workaround));
        }
        if let Some(credits) = credits(&content.credits) {
            map.insert("credits".to_owned(), credits);
        }
        if content.cve.is_some() {
            let own = json!([{
                "id": issue.id,
                "source": { "name": issue.publisher.name, "url": page },
            }]);
            map.insert("references".to_owned(), own);
        }
    }
    losses.write(&json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": issue.revisions.len(),
        "metadata": {
            "timestamp": last.date,
            "supplier": { "name": issue.publisher.name, "url": [issue.publisher.namespace] },
            "tools": { "components": [{
                "type": "application",
                "name": "Candor",
                "version": env!("CARGO_PKG_VERSION"),
            }] },
        },
        "components": components,
        "vulnerabilities": [vulnerability],
    }))
}

fn part(advisory: &Advisory, product: &AffectedProduct) -> Value {
    let vendor = product.vendor.as_ref();
    let mut out = json!({
        "type": "application",
        "bom-ref": product.name,
        "name": product.name,
        "supplier": { "name": vendor.unwrap_or(&advisory.issue.publisher.name) },
    });
    if let (Some(map), Some(purl)) = (out.as_object_mut(), &product.purl) {
        map.insert("purl".to_owned(), json!(purl));
    }
    out
}

/// The answer for each version or range; one that is named twice stands once.
fn answers(product: &AffectedProduct) -> Vec<Value> {
    let affected = product
        .affected
        .iter()
        .map(|row| (&row.versions, "affected"));
    let fixed: Vec<VersionRange> = fixed(product).collect();
    let fixed = fixed.iter().map(|range| (range, "unaffected"));
    let safe = product
        .not_affected
        .iter()
        .map(|range| (range, "unaffected"));
    let mut out: Vec<Value> = Vec::new();
    for (range, status) in affected.chain(fixed).chain(safe) {
        let value = match range {
            VersionRange::One(version) => json!({ "version": version, "status": status }),
            VersionRange::Builds(words) => {
                json!({ "version": words.as_str(), "status": status })
            }
            VersionRange::All | VersionRange::Range(_) => {
                json!({ "range": range.vers(), "status": status })
            }
        };
        if !out.contains(&value) {
            out.push(value);
        }
    }
    out
}

fn ratings(advisory: &Advisory) -> Vec<Value> {
    let content = &advisory.content;
    let source = json!({ "name": advisory.issue.publisher.name });
    let scores = content.cvss.iter().map(|vector| {
        let method = match vector.version() {
            Version::V2_0 => "CVSSv2",
            Version::V3_0 => "CVSSv3",
            Version::V3_1 => "CVSSv31",
            Version::V4_0 => "CVSSv4",
        };
        json!({
            "source": source,
            "score": vector.score().number(),
            "severity": vector.band().json().to_ascii_lowercase(),
            "method": method,
            "vector": vector,
        })
    });
    let word = json!({
        "source": source,
        "severity": content.severity.as_str(),
        "method": "other",
        "justification": "The word of the project's security policy.",
    });
    scores.chain([word]).collect()
}

fn recommendation(advisory: &Advisory) -> String {
    let mut out: Vec<String> = Vec::new();
    for product in &advisory.content.products {
        for row in &product.affected {
            let text = match &row.fix {
                Fix::In(version) => {
                    format!("Update {} to version {version} or later.", product.name)
                }
                Fix::NotPlanned(reason) => {
                    format!(
                        "{} {}: no fix is planned. {reason}",
                        product.name, row.versions
                    )
                }
                Fix::NotYet(reason) => {
                    format!(
                        "{} {}: there is no fix yet. {reason}",
                        product.name, row.versions
                    )
                }
            };
            if !out.contains(&text) {
                out.push(text);
            }
        }
    }
    out.join("\n")
}

fn advisories(advisory: &Advisory, page: &Link) -> Vec<Value> {
    let own = json!({ "title": advisory.issue.id, "url": page });
    let others = advisory.content.references.iter();
    let others = others.map(|r| json!({ "title": r.summary, "url": r.link }));
    [own].into_iter().chain(others).collect()
}

/// State and answers as CycloneDX names them.
fn analysis(advisory: &Advisory) -> Value {
    let content = &advisory.content;
    let rows = || content.products.iter().flat_map(|p| &p.affected);
    let mut response = Vec::new();
    if rows().any(|row| matches!(row.fix, Fix::In(_))) {
        response.push("update");
    }
    if rows().any(|row| matches!(row.fix, Fix::NotPlanned(_))) {
        response.push("will_not_fix");
    }
    if content.mitigation != Mitigation::NoneKnown || !content.interim.is_empty() {
        response.push("workaround_available");
    }
    let mut out = json!({ "state": "exploitable" });
    put(
        &mut out,
        "response",
        response.into_iter().map(|r| json!(r)).collect(),
    );
    if let (Some(map), Some(text)) = (out.as_object_mut(), &content.exploitation) {
        map.insert("detail".to_owned(), json!(text));
    }
    out
}

fn credits(credits: &[Credit]) -> Option<Value> {
    let mut people = Vec::new();
    let mut organisations = Vec::new();
    for credit in credits {
        let kind = credit.kind;
        match (&credit.name, &credit.organisation) {
            (Some(name), _) if kind != CreditKind::Tool => people.push(json!({ "name": name })),
            (Some(only), _) | (None, Some(only)) => organisations.push(json!({ "name": only })),
            (None, None) => {}
        }
    }
    let mut out = json!({});
    put(&mut out, "individuals", people);
    put(&mut out, "organizations", organisations);
    (out != json!({})).then_some(out)
}
