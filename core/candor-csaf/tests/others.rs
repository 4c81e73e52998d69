//! The shapes of OSV and OpenVEX against a general JSON schema validator with the published
//! schemas: records of real databases, examples, and thousands with one thing changed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::path::Path;

use candor_csaf::{Format, judge_value};
use common::{change, files, json, places, suite};
use jsonschema::{Draft, Validator};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

fn validator(schema: &Path) -> Validator {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .build(&json(schema))
        .unwrap()
}

/// Whether the shape is right; `None` when the document is not taken for this format.
fn agree(validator: &Validator, format: Format, document: &Value, name: &str) -> Option<bool> {
    let judged = judge_value(document);
    if judged.format != format {
        return None;
    }
    let theirs = validator.is_valid(document);
    if judged.valid() != theirs {
        let errors = validator.iter_errors(document);
        let errors: Vec<String> = errors
            .map(|e| format!("{:.300} at {}", e.to_string(), e.instance_path()))
            .collect();
        panic!(
            "{name}: the schema says {theirs}: {errors:#?}\nhere: {:#?}\n{document}",
            judged.findings
        );
    }
    Some(theirs)
}

/// Changes one thing in a document, thousands of times.
fn judges(validator: &Validator, format: Format, documents: &[Value], cases: u32) {
    let seed = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::with_cases(cases), seed);
    let any = (
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        0_u8..16,
    );
    let counted = std::cell::Cell::new([0_u32; 2]);
    runner
        .run(&any, |(which, place, kind)| {
            let mut document = which.get(documents).clone();
            let mut all = Vec::new();
            places(&document, "", &mut all);
            let place = place.get(&all).clone();
            change(&mut document, &place, kind);
            let name = format!("change {kind} at {place}");
            if let Some(valid) = agree(validator, format, &document, &name) {
                let mut counts = counted.get();
                counts[usize::from(valid)] += 1;
                counted.set(counts);
            }
            Ok(())
        })
        .unwrap();
    let [invalid, valid] = counted.get();
    assert!(invalid > 500 && valid > 500, "{invalid} {valid}");
}

/// The documents of a folder, each judged as it is; those of this format are given back.
fn real(validator: &Validator, format: Format, folder: &Path) -> Vec<Value> {
    let mut out = Vec::new();
    for path in files(folder) {
        let Ok(document) = serde_json::from_slice::<Value>(&common::bytes(&path)) else {
            continue;
        };
        if document.get("$schema").is_some() {
            continue;
        }
        let name = path.display().to_string();
        if agree(validator, format, &document, &name).is_some() {
            out.push(document);
        }
    }
    out
}

/// Corners that real records do not show.
fn osv_corners() -> Vec<Value> {
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let record = |more: Value| {
        let mut record = json!({ "id": "x_1", "modified": "2026-01-01T00:00:00Z" });
        let members = more.as_object().unwrap().clone();
        record.as_object_mut().unwrap().extend(members);
        record
    };
    let range = |range: Value| record(json!({ "affected": [{ "ranges": [range] }] }));
    let severity =
        |kind: &str, score: &str| record(json!({ "severity": [{ "type": kind, "score": score }] }));
    let v3 = "/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    vec![
        record(json!({ "severity": null, "affected": null, "aliases": null, "references": null })),
        record(json!({ "severity": [], "affected": [{ "severity": null }, {}] })),
        record(json!({ "severity": null, "affected": [{ "severity": [] }] })),
        range(json!({ "type": "GIT", "repo": "r", "events": [
            { "introduced": "0" }, { "fixed": commit } ] })),
        range(json!({ "type": "GIT", "events": [{ "introduced": "0" }] })),
        range(json!({ "type": "GIT", "repo": "r", "events": [{ "introduced": "1.0" }] })),
        range(json!({ "type": "SEMVER", "events": [
            { "introduced": "0" }, { "last_affected": "1" }, { "limit": "2" } ] })),
        range(json!({ "type": "SEMVER", "events": [
            { "introduced": "0" }, { "last_affected": "1" }, { "fixed": "2" } ] })),
        range(json!({ "type": "SEMVER", "events": [{ "introduced": "0", "fixed": "2" }] })),
        range(json!({ "type": "SEMVER", "events": [{ "introduced": 0, "fixed": "2" }] })),
        range(json!({ "type": "ECOSYSTEM", "events": [{ "fixed": "2" }] })),
        severity("CVSS_V2", "AV:N/AC:L/Au:N/C:P/I:P/A:P"),
        severity("CVSS_V3", &format!("CVSS:3.0{v3}")),
        severity("CVSS_V3", &format!("CVSS:3.2{v3}")),
        severity(
            "CVSS_V4",
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N",
        ),
        severity("Ubuntu", "high"),
        severity("Ubuntu", "huge"),
        record(json!({ "modified": "2026-01-01T00:00:00+00:00" })),
        record(json!({ "credits": [{ "name": "A", "type": "FINDER", "contact": ["a"] }] })),
        record(json!({ "affected": [{ "package": { "ecosystem": "Debian:12", "name": "a" } }] })),
        record(json!({ "affected": [{ "package": { "ecosystem": "Debian:", "name": "a" } }] })),
    ]
}

#[test]
fn the_shape_of_osv_is_that_of_its_schema() {
    let Some(suite) = suite("osv") else {
        return;
    };
    let validator = validator(&suite.join("schema.json"));
    let mut documents = real(&validator, Format::Osv, &suite);
    assert!(documents.len() > 280, "{}", documents.len());
    documents.retain(|document| document.to_string().len() < 8_000);
    let corners = osv_corners();
    for (number, corner) in corners.iter().enumerate() {
        let seen = agree(&validator, Format::Osv, corner, &format!("corner {number}"));
        assert!(seen.is_some(), "corner {number}");
    }
    judges(&validator, Format::Osv, &documents, 4_000);
    judges(&validator, Format::Osv, &corners, 4_000);
}

fn openvex_corners() -> Vec<Value> {
    let document = |statement: Value| {
        json!({
            "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.com/vex/ä",
            "author": "A", "role": "r", "tooling": "t", "version": 1.0,
            "timestamp": "2026-01-01T00:00:00Z", "last_updated": "2026-01-01T00:00:00+01:00",
            "statements": [statement],
        })
    };
    let one = |status: &str, more: Value| {
        let mut statement = json!({
            "@id": "urn:a", "version": 2, "status": status, "supplier": "s", "status_notes": "n",
            "vulnerability": { "@id": "urn:v", "name": "CVE-2026-1", "description": "d",
                "aliases": ["a", "b"] },
            "products": [{
                "@id": "pkg:generic/ü", "hashes": { "md5": "1", "sha3-512": "2" },
                "identifiers": { "purl": "p", "cpe22": "c" },
                "subcomponents": [{ "identifiers": { "cpe23": "c" } }, { "@id": "é:a" }],
            }],
        });
        let members = more.as_object().unwrap().clone();
        statement.as_object_mut().unwrap().extend(members);
        document(statement)
    };
    let plain = |status: &str, more: Value| {
        let mut document = one(status, more);
        document["statements"][0]["products"] = json!([{ "@id": "urn:p", "subcomponents": [
            { "@id": "urn:ü?\u{e000}" } ] }]);
        document
    };
    vec![
        one("fixed", json!({})),
        plain("fixed", json!({})),
        plain(
            "under_investigation",
            json!({ "timestamp": "2026-01-01T00:00:00Z" }),
        ),
        plain("affected", json!({})),
        plain(
            "affected",
            json!({ "action_statement": "a",
            "action_statement_timestamp": "2026-01-01T00:00:00Z" }),
        ),
        plain("not_affected", json!({})),
        plain("not_affected", json!({ "impact_statement": "i" })),
        plain(
            "not_affected",
            json!({ "justification": "component_not_present" }),
        ),
        plain("fixed", json!({ "products": [{}, {}] })),
        plain("fixed", json!({ "products": [{ "identifiers": {} }] })),
        plain("fixed", json!({ "@id": "urn:\u{e000}" })),
        plain("fixed", json!({ "@id": "urn:?a#\u{e000}" })),
        plain("fixed", json!({ "@id": "http://ä.example:1ä/" })),
    ]
}

#[test]
fn the_shape_of_openvex_is_that_of_its_schema() {
    let Some(suite) = suite("vex") else {
        return;
    };
    let folder = suite.join("openvex");
    let validator = validator(&folder.join("openvex_json_schema.json"));
    let mut documents = real(&validator, Format::OpenVex, &folder);
    assert!(documents.len() > 5, "{}", documents.len());
    for (number, corner) in openvex_corners().iter().enumerate() {
        let name = format!("corner {number}");
        assert!(agree(&validator, Format::OpenVex, corner, &name).is_some());
    }
    documents.extend(openvex_corners());
    judges(&validator, Format::OpenVex, &documents, 6_000);
}
