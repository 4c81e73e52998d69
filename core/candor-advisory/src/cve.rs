//! The CVE record 5.2, as the numbering authority (CNA) that assigned the id writes it.
//!
//! Invariants: the same bytes every time; every metric of a CVSS vector is written out
//! beside it; what an advisory does not say is `unknown`, never `unaffected`.
//!
//! Deliberately absent: dates that CVE Services sets, and talking to it.

use std::fmt;
use std::str::FromStr;

use candor_base::Body;
use candor_score::Version;
use serde_json::{Map, Value, json};

use crate::csaf::score;
use crate::ecosystem::{package, semver};
use crate::ids::Link;
use crate::model::{Advisory, AffectedProduct, Credit, CreditKind, Fix, Mitigation};
use crate::stretch::{Lower, Stretch, Stretches, Upper};
use crate::written::{Losses, WriteError, Written, first_and_last, put};

/// The longest text that the schema takes in one field.
const LONGEST: usize = 4096;

/// The number of an organisation at CVE Services: a version 4 UUID in small letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgId(String);

/// A text is no number of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is not the number of an organisation; it looks like 8d4d2f4f-27a1-4b6e-9f0c-1f7d7a4d5e11"
)]
pub struct OrgIdError;

impl FromStr for OrgId {
    type Err = OrgIdError;
    fn from_str(text: &str) -> Result<Self, OrgIdError> {
        let text = text.trim().to_ascii_lowercase();
        let hex = |t: &str| t.bytes().all(|b| b.is_ascii_hexdigit());
        let parts: Vec<&str> = text.split('-').collect();
        let lengths: Vec<usize> = parts.iter().map(|p| p.len()).collect();
        let good = lengths == [8, 4, 4, 4, 12]
            && parts.iter().all(|p| hex(p))
            && parts.get(2).is_some_and(|p| p.starts_with('4'))
            && parts
                .get(3)
                .is_some_and(|p| p.starts_with(['8', '9', 'a', 'b']));
        if good {
            Ok(Self(text))
        } else {
            Err(OrgIdError)
        }
    }
}

impl fmt::Display for OrgId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Writes the advisory as a CVE record of the authority `org`; `page` is its page for
/// people, which the record must refer to when the advisory names no other place.
pub fn to_cve(advisory: &Advisory, org: &OrgId, page: &Link) -> Result<Written, WriteError> {
    let Advisory { issue, content } = advisory;
    let (first, _) = first_and_last(issue)?;
    let id = content.cve.as_ref().ok_or(WriteError::NoCve)?;
    let mut losses = Losses::default();
    let mut cna = json!({
        "providerMetadata": { "orgId": org.to_string() },
        "title": cut(content.title.as_str(), 256),
        "datePublic": first.date,
        "descriptions": texts("summary", [content.summary.as_str()], &mut losses),
        "affected": affected(advisory, &mut losses),
        "references": references(advisory, page),
        "source": { "discovery": discovery(advisory), "advisory": issue.id },
    });
    put(&mut cna, "problemTypes", problem_types(advisory));
    put(&mut cna, "metrics", metrics(advisory));
    put(&mut cna, "credits", credits(&content.credits));
    let mut workarounds: Vec<&str> = content.interim.iter().map(Body::as_str).collect();
    if let Mitigation::Text(text) = &content.mitigation {
        workarounds.insert(0, text.as_str());
    }
    put(
        &mut cna,
        "workarounds",
        texts("mitigation", workarounds, &mut losses),
    );
    let solutions = solutions(advisory);
    put(
        &mut cna,
        "solutions",
        texts("fix", solutions.iter().map(String::as_str), &mut losses),
    );
    let exploits = content.exploitation.as_ref().map(Body::as_str);
    put(
        &mut cna,
        "exploits",
        texts("exploitation", exploits, &mut losses),
    );
    if content.details.is_some() {
        losses.note(
            "details",
            "the details stand on the page of the advisory only",
        );
    }
    losses.write(&json!({
        "dataType": "CVE_RECORD",
        "dataVersion": "5.2",
        "cveMetadata": {
            "cveId": id,
            "assignerOrgId": org.to_string(),
            "state": "PUBLISHED",
        },
        "containers": { "cna": cna },
    }))
}

/// At most so many characters, with a mark where something was cut off.
fn cut(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(longest.saturating_sub(2)).collect();
    out.push_str(" …");
    out
}

fn texts<'a>(
    field: &'static str,
    texts: impl IntoIterator<Item = &'a str>,
    losses: &mut Losses,
) -> Vec<Value> {
    let mut out: Vec<Value> = Vec::new();
    for text in texts {
        let short = cut(text, LONGEST);
        if short != text {
            losses.note(field, "the text is cut after 4,096 characters");
        }
        let value = json!({ "lang": "en", "value": short });
        // The schema wants no text twice.
        if !out.contains(&value) {
            out.push(value);
        }
    }
    out
}

/// Who found it, as far as the credits tell.
fn discovery(advisory: &Advisory) -> &'static str {
    let outside = |c: &Credit| matches!(c.kind, CreditKind::Finder | CreditKind::Reporter);
    if advisory.content.credits.iter().any(outside) {
        "EXTERNAL"
    } else {
        "UNKNOWN"
    }
}

fn problem_types(advisory: &Advisory) -> Vec<Value> {
    let named = advisory
        .content
        .cwe
        .and_then(|cwe| Some((cwe, cwe.name()?)));
    let value = named.map(|(cwe, name)| {
        json!({ "descriptions": [{
            "lang": "en",
            "type": "CWE",
            "cweId": cwe,
            "description": format!("{cwe} {name}"),
        }] })
    });
    value.into_iter().collect()
}

fn metrics(advisory: &Advisory) -> Vec<Value> {
    let vectors = advisory.content.cvss.iter();
    vectors
        .map(|vector| {
            let key = match vector.version() {
                Version::V2_0 => "cvssV2_0",
                Version::V3_0 => "cvssV3_0",
                Version::V3_1 => "cvssV3_1",
                Version::V4_0 => "cvssV4_0",
            };
            json!({
                "format": "CVSS",
                "scenarios": [{ "lang": "en", "value": "GENERAL" }],
                key: score(vector),
            })
        })
        .collect()
}

fn credits(credits: &[Credit]) -> Vec<Value> {
    let mut out: Vec<Value> = Vec::new();
    for credit in credits {
        let Some(name) = credit.who() else { continue };
        let kind = match credit.kind {
            CreditKind::Finder => "finder",
            CreditKind::Reporter => "reporter",
            CreditKind::Analyst => "analyst",
            CreditKind::Coordinator => "coordinator",
            CreditKind::RemediationDeveloper => "remediation developer",
            CreditKind::RemediationReviewer => "remediation reviewer",
            CreditKind::RemediationVerifier => "remediation verifier",
            CreditKind::Tool => "tool",
            CreditKind::Sponsor => "sponsor",
            CreditKind::Other => "other",
        };
        let value = json!({ "lang": "en", "value": name, "type": kind });
        if !out.contains(&value) {
            out.push(value);
        }
    }
    out
}

fn references(advisory: &Advisory, page: &Link) -> Vec<Value> {
    let mut out = vec![json!({
        "url": page,
        "name": "Advisory",
        "tags": ["vendor-advisory"],
    })];
    for r in &advisory.content.references {
        let value = json!({ "url": r.link, "name": cut(r.summary.as_str(), 512) });
        if r.link != *page && !out.contains(&value) {
            out.push(value);
        }
    }
    out.truncate(512);
    out
}

/// What to do, one sentence for each line of affected versions.
fn solutions(advisory: &Advisory) -> Vec<String> {
    let content = &advisory.content;
    let mut out = Vec::new();
    for product in &content.products {
        for row in &product.affected {
            let name = format!("{} {}", product.name, row.versions);
            out.push(match &row.fix {
                Fix::In(version) => {
                    format!("{name}: update to version {version} or later.")
                }
                Fix::NotPlanned(reason) => format!("{name}: no fix is planned. {reason}"),
                Fix::NotYet(reason) => format!("{name}: there is no fix yet. {reason}"),
            });
        }
    }
    out.extend(content.rebuild.as_ref().map(ToString::to_string));
    out
}

fn affected(advisory: &Advisory, losses: &mut Losses) -> Vec<Value> {
    let publisher = &advisory.issue.publisher.name;
    let products = advisory.content.products.iter();
    products
        .map(|product| {
            let mut out = json!({
                "vendor": cut(product.vendor.as_ref().unwrap_or(publisher).as_str(), 512),
                "product": product.name,
                "defaultStatus": "unknown",
            });
            put(&mut out, "versions", versions(product, losses));
            if let (Some(map), Some(purl)) = (out.as_object_mut(), &product.purl) {
                map.insert("packageURL".to_owned(), json!(purl));
            }
            out
        })
        .collect()
}

fn versions(product: &AffectedProduct, losses: &mut Losses) -> Vec<Value> {
    let mut out = Vec::new();
    let mut push = |value: Value| {
        if !out.contains(&value) {
            out.push(value);
        }
    };
    for row in &product.affected {
        let fixed = match &row.fix {
            Fix::In(version) => Some(version),
            Fix::NotPlanned(_) | Fix::NotYet(_) => None,
        };
        let Some(stretches) = Stretches::of(&row.versions) else {
            // Commits and images: the words, as one version of no known order.
            push(json!({
                "version": cut(&row.versions.words(), 1024),
                "status": "affected",
                "versionType": "custom",
            }));
            continue;
        };
        for single in &stretches.single {
            push(json!({ "version": single, "status": "affected" }));
        }
        for stretch in &stretches.between {
            let open = stretch.upper == Upper::Open;
            let ended = match (open, fixed) {
                (true, Some(fix)) => Stretch {
                    upper: Upper::Before(fix),
                    ..*stretch
                },
                _ => *stretch,
            };
            push(between(product, &ended, "affected", losses));
        }
        if let Some(fix) = fixed {
            push(json!({ "version": fix, "status": "unaffected" }));
        }
    }
    for range in &product.not_affected {
        match Stretches::of(range) {
            None => push(json!({
                "version": cut(&range.words(), 1024),
                "status": "unaffected",
                "versionType": "custom",
            })),
            Some(stretches) => {
                for single in &stretches.single {
                    push(json!({ "version": single, "status": "unaffected" }));
                }
                for stretch in &stretches.between {
                    push(between(product, stretch, "unaffected", losses));
                }
            }
        }
    }
    out
}

/// One stretch as the record writes it.
fn between(
    product: &AffectedProduct,
    stretch: &Stretch<'_>,
    status: &str,
    losses: &mut Losses,
) -> Value {
    let version = match stretch.lower {
        Lower::First => "0",
        Lower::From(version) => version.as_str(),
        Lower::After(version) => {
            losses.note(
                "products",
                format!(
                    "{}: {version} itself is called {status}, because the record has no border that leaves it out",
                    product.name
                ),
            );
            version.as_str()
        }
    };
    let mut out = Map::new();
    out.insert("version".to_owned(), json!(version));
    out.insert("status".to_owned(), json!(status));
    out.insert("versionType".to_owned(), json!(order(product, stretch)));
    match stretch.upper {
        // The schema writes an open end as a star.
        Upper::Open => out.insert("lessThan".to_owned(), json!("*")),
        Upper::Before(version) => out.insert("lessThan".to_owned(), json!(version)),
        Upper::UpTo(version) => out.insert("lessThanOrEqual".to_owned(), json!(version)),
    };
    Value::Object(out)
}

/// How the borders of a stretch are ordered; `custom` where that is not known.
fn order(product: &AffectedProduct, stretch: &Stretch<'_>) -> &'static str {
    let Some(package) = product.purl.as_ref().and_then(package) else {
        return "custom";
    };
    let lower = match stretch.lower {
        Lower::First => None,
        Lower::From(version) | Lower::After(version) => Some(version),
    };
    let upper = match stretch.upper {
        Upper::Open => None,
        Upper::Before(version) | Upper::UpTo(version) => Some(version),
    };
    let mut borders = lower.into_iter().chain(upper);
    if package.order == "semver" && !borders.all(|v| semver(v.as_str()).is_some()) {
        return "custom";
    }
    package.order
}
