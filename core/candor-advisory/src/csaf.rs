//! CSAF 2.0 (OASIS Standard, 18 November 2022), profile `csaf_security_advisory`.
//!
//! Invariants: keys stand in sorted order and the text is the same every time;
//! every metric of a CVSS vector is written out beside it; names of people
//! stand only under `acknowledgments`.
//!
//! CSAF 2.0 has no place for CVSS 4.0: such a vector is written as a note.
//! Deliberately absent: the files around the document (hashes, index, feed).

use candor_score::{Metric, Score, Vector, Version};
use serde_json::{Map, Value, json};

use crate::csaf_products::Products;
use crate::ids::{AdvisoryId, Link};
use crate::model::{Advisory, Credit, Fix, Mitigation, Status};
use crate::written::put;

/// Where the document will be found, if that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CsafPlace {
    /// The address of the document itself; its last part must be [`csaf_filename`].
    pub document: Option<Link>,
    /// The address of the page for people.
    pub page: Option<Link>,
}

/// Why an advisory cannot be written as CSAF. Cannot happen to one made by
/// [`crate::finish`]; can to one stored and changed by hand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CsafError {
    /// No revision, so no date.
    #[error("the advisory has no revision and so no date")]
    NoRevision,
    /// No affected product.
    #[error("the advisory names no affected product")]
    NoProduct,
    /// The address does not end in the file name that the standard demands.
    #[error("the address of the CSAF document must end in {0}")]
    WrongFilename(String),
    /// The document could not be written as JSON.
    #[error("the document could not be written: {0}")]
    Json(String),
}

/// The name that the standard demands for the file (CSAF 2.0, section 5.1):
/// the id in small letters, everything but `+`, `-`, letters and digits as `_`.
pub fn csaf_filename(id: &AdvisoryId) -> String {
    let mut name = String::new();
    for c in id.as_str().chars().map(|c| c.to_ascii_lowercase()) {
        if c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '+' | '-') {
            name.push(c);
        } else if !name.ends_with('_') {
            name.push('_');
        }
    }
    name + ".json"
}

/// Writes the advisory as a CSAF 2.0 document, indented, with a line feed at the end.
pub fn to_csaf(advisory: &Advisory, place: &CsafPlace) -> Result<String, CsafError> {
    let products = Products::of(advisory);
    if products.affected.is_empty() {
        return Err(CsafError::NoProduct);
    }
    let document = json!({
        "document": document(advisory, place)?,
        "product_tree": { "branches": products.branches },
        "vulnerabilities": [vulnerability(advisory, &products)],
    });
    serde_json::to_string_pretty(&document)
        .map(|text| text + "\n")
        .map_err(|e| CsafError::Json(e.to_string()))
}

fn document(advisory: &Advisory, place: &CsafPlace) -> Result<Value, CsafError> {
    let Advisory { issue, content } = advisory;
    let mut notes = vec![json!({
        "category": "summary",
        "title": "Summary",
        "text": content.summary,
    })];
    if let Some(rebuild) = &content.rebuild {
        notes.push(json!({ "category": "general", "title": "Rebuild", "text": rebuild }));
    }
    let label = match issue.status {
        Status::Draft => "AMBER",
        Status::Interim | Status::Final => "WHITE",
    };
    let mut out = json!({
        "aggregate_severity": { "text": content.severity.to_string() },
        "category": "csaf_security_advisory",
        "csaf_version": "2.0",
        "distribution": { "tlp": { "label": label, "url": "https://www.first.org/tlp/v1/" } },
        "lang": "en",
        "notes": notes,
        "publisher": {
            "category": issue.publisher.category,
            "name": issue.publisher.name,
            "namespace": issue.publisher.namespace,
        },
        "title": content.title,
        "tracking": tracking(advisory)?,
    });
    let references = references(advisory, place)?;
    put(&mut out, "references", references);
    put(
        &mut out,
        "acknowledgments",
        acknowledgments(&content.credits),
    );
    Ok(out)
}

fn tracking(advisory: &Advisory) -> Result<Value, CsafError> {
    let issue = &advisory.issue;
    let first = issue.revisions.first().ok_or(CsafError::NoRevision)?;
    let last = issue.revisions.last().ok_or(CsafError::NoRevision)?;
    let history: Vec<Value> = issue
        .revisions
        .iter()
        .map(|r| json!({ "date": r.date, "number": r.number.to_string(), "summary": r.summary }))
        .collect();
    let mut out = json!({
        "current_release_date": last.date,
        "generator": {
            "date": last.date,
            "engine": { "name": "Candor", "version": env!("CARGO_PKG_VERSION") },
        },
        "id": issue.id,
        "initial_release_date": first.date,
        "revision_history": history,
        "status": issue.status,
        "version": last.number.to_string(),
    });
    let aliases = advisory.content.cve.iter().map(|cve| json!(cve)).collect();
    put(&mut out, "aliases", aliases);
    Ok(out)
}

fn references(advisory: &Advisory, place: &CsafPlace) -> Result<Vec<Value>, CsafError> {
    let mut out = Vec::new();
    if let Some(link) = &place.document {
        let name = csaf_filename(&advisory.issue.id);
        if !link.as_str().ends_with(&format!("/{name}")) {
            return Err(CsafError::WrongFilename(name));
        }
        out.push(json!({ "category": "self", "summary": "This advisory as CSAF", "url": link }));
    }
    if let Some(link) = &place.page {
        out.push(json!({ "category": "self", "summary": "This advisory as a page", "url": link }));
    }
    for r in &advisory.content.references {
        out.push(json!({ "category": "external", "summary": r.summary, "url": r.link }));
    }
    Ok(out)
}

fn acknowledgments(credits: &[Credit]) -> Vec<Value> {
    credits
        .iter()
        .map(|credit| {
            let mut out = json!({ "summary": credit.kind.words() });
            put(
                &mut out,
                "names",
                credit.name.iter().map(|n| json!(n)).collect(),
            );
            put(
                &mut out,
                "urls",
                credit.link.iter().map(|l| json!(l)).collect(),
            );
            if let (Some(map), Some(organisation)) = (out.as_object_mut(), &credit.organisation) {
                map.insert("organization".to_owned(), json!(organisation));
            }
            out
        })
        .collect()
}

fn vulnerability(advisory: &Advisory, products: &Products) -> Value {
    let Advisory { issue, content } = advisory;
    let mut status = Map::new();
    status.insert("known_affected".to_owned(), json!(products.affected));
    if !products.fixed.is_empty() {
        status.insert("fixed".to_owned(), json!(products.fixed));
    }
    if !products.not_affected.is_empty() {
        status.insert(
            "known_not_affected".to_owned(),
            json!(products.not_affected),
        );
    }
    let mut out = json!({
        "ids": [{ "system_name": format!("Advisories of {}", issue.publisher.name), "text": issue.id }],
        "notes": notes(advisory),
        "product_status": status,
        "title": content.title,
    });
    put(&mut out, "remediations", remediations(advisory, products));
    put(
        &mut out,
        "scores",
        scores(&content.cvss, &products.affected),
    );
    if let Some(map) = out.as_object_mut() {
        if let Some(cve) = &content.cve {
            map.insert("cve".to_owned(), json!(cve));
        }
        if let Some((cwe, name)) = content.cwe.and_then(|c| Some((c, c.name()?))) {
            map.insert("cwe".to_owned(), json!({ "id": cwe, "name": name }));
        }
        if let Some(first) = issue.revisions.first() {
            map.insert("release_date".to_owned(), json!(first.date));
        }
        if let Some(text) = &content.exploitation {
            let threat = json!({
                "category": "exploit_status",
                "details": text,
                "product_ids": products.affected,
            });
            map.insert("threats".to_owned(), json!([threat]));
        }
    }
    out
}

fn notes(advisory: &Advisory) -> Vec<Value> {
    let content = &advisory.content;
    let mut out = vec![json!({
        "category": "description",
        "title": "Description",
        "text": content.summary,
    })];
    if let Some(details) = &content.details {
        out.push(json!({ "category": "details", "title": "Details", "text": details }));
    }
    if content.mitigation == Mitigation::NoneKnown {
        let text = "No mitigation is known.";
        out.push(json!({ "category": "other", "title": "Mitigation", "text": text }));
    }
    for vector in content.cvss.iter().filter(|v| v.version() == Version::V4_0) {
        let text = format!(
            "{vector}, score {} ({}, {}). CSAF 2.0 has no field for CVSS 4.0.",
            vector.score(),
            vector.band(),
            vector.nomenclature().unwrap_or("CVSS-B"),
        );
        out.push(json!({ "category": "other", "title": "CVSS 4.0", "text": text }));
    }
    out
}

fn remediations(advisory: &Advisory, products: &Products) -> Vec<Value> {
    let content = &advisory.content;
    let mut out = Vec::new();
    for answer in &products.answers {
        let (category, details) = match &answer.fix {
            Fix::In(version) => {
                let kind = content.fix_kind;
                let kind = kind.map_or(String::new(), |k| format!(" Kind of fix: {}.", k.words()));
                let rebuild = content.rebuild.as_ref();
                let rebuild = rebuild.map_or(String::new(), |text| format!("\n\n{text}"));
                let text = format!(
                    "Update {} to version {version} or later.{kind}{rebuild}",
                    answer.product
                );
                ("vendor_fix", text)
            }
            Fix::NotPlanned(reason) => ("no_fix_planned", reason.to_string()),
            Fix::NotYet(reason) => ("none_available", reason.to_string()),
        };
        out.push(json!({ "category": category, "details": details, "product_ids": answer.ids }));
    }
    if let Mitigation::Text(text) = &content.mitigation {
        out.push(json!({
            "category": "mitigation",
            "details": text,
            "product_ids": products.affected,
        }));
    }
    for text in &content.interim {
        out.push(json!({
            "category": "workaround",
            "details": text,
            "product_ids": products.affected,
        }));
    }
    out
}

fn scores(vectors: &[Vector], affected: &[String]) -> Vec<Value> {
    let mut out = Vec::new();
    for vector in vectors {
        let key = match vector.version() {
            Version::V2_0 => "cvss_v2",
            Version::V3_0 | Version::V3_1 => "cvss_v3",
            Version::V4_0 => continue,
        };
        out.push(json!({ key: score(vector), "products": affected }));
    }
    out
}

/// The object of FIRST's JSON schema for CVSS 2.0, 3.0, 3.1 and 4.0.
pub(crate) fn score(vector: &Vector) -> Value {
    let mut out = Map::new();
    let mut set = |key: &str, value: Value| out.insert(key.to_owned(), value);
    set("version", json!(vector.version()));
    set("vectorString", json!(vector));
    for Metric { name, value, .. } in vector.metrics() {
        set(name, json!(value));
    }
    let bands = vector.version() != Version::V2_0;
    let mut number = |name: &str, score: Score, band: &str| {
        set(&format!("{name}Score"), json!(score.number()));
        if bands {
            set(&format!("{name}Severity"), json!(band));
        }
    };
    number("base", vector.score(), vector.band().json());
    if let Some(score) = vector.temporal_score() {
        number("temporal", score, score.band().json());
    }
    if let Some(score) = vector.environmental_score() {
        number("environmental", score, score.band().json());
    }
    Value::Object(out)
}
