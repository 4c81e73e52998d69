//! The shape check against a general JSON schema validator with the published schemas:
//! official files, real documents, and thousands of documents with one thing changed.
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

use candor_csaf::{Version, judge_value};
use common::{change, files, json, places, suite};
use jsonschema::{Draft, Registry, Validator};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

/// Whether a shape is right: that of the document and those of the parts with schemas of
/// their own.
fn shapely(document: &Value) -> bool {
    let judged = judge_value(document);
    judged
        .findings
        .iter()
        .all(|f| !matches!(f.test, "schema" | "6.1.8" | "6.1.46" | "6.1.60.1"))
}

fn validator(folder: &Path, name: &str) -> Validator {
    let mut registry = Registry::new();
    let parts: [(&str, &str); 6] = [
        (
            "https://www.first.org/cvss/cvss-v2.0.json",
            "referenced/cvss-v2.0.json",
        ),
        (
            "https://www.first.org/cvss/cvss-v3.0.json",
            "referenced/cvss-v3.0.json",
        ),
        (
            "https://www.first.org/cvss/cvss-v3.1.json",
            "referenced/cvss-v3.1.json",
        ),
        (
            "https://www.first.org/cvss/cvss-v4.0.json",
            "referenced/cvss-v4.0.json",
        ),
        (
            "https://certcc.github.io/SSVC/data/schema/v2/SelectionList_2_0_0.schema.json",
            "referenced/SelectionList_2_0_0.schema.json",
        ),
        (
            "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/extension-content.json",
            "extension-content.json",
        ),
    ];
    let plain = |mut schema: Value| {
        // The newer ones name vocabularies of their own, which add nothing to a verdict.
        if let Some(map) = schema.as_object_mut() {
            let old = map.get("$schema").and_then(Value::as_str).unwrap_or("");
            if !old.contains("json-schema.org") {
                map.insert(
                    "$schema".to_owned(),
                    json!("https://json-schema.org/draft/2020-12/schema"),
                );
            }
            map.remove("$id");
            map.remove("id");
        }
        schema
    };
    for (address, file) in parts {
        let path = folder.join(file);
        if path.is_file() {
            registry = registry.add(address, plain(json(&path))).unwrap();
        }
    }
    let meta = folder.join("extension-metaschema.json");
    if meta.is_file() {
        let text = &json(&meta)["$defs"]["content_schema_t"];
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$defs": { "content_schema_t": text },
        });
        let address = "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/extension-metaschema.json";
        registry = registry.add(address, schema).unwrap();
    }
    let registry = registry.prepare().unwrap();
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .with_registry(&registry)
        .should_validate_formats(true)
        .build(&plain(json(&folder.join(name))))
        .unwrap()
}

fn agree(validator: &Validator, version: Version, document: &Value, name: &str) {
    let told = document["document"]["csaf_version"].as_str();
    if told != Some(version.as_str()) {
        return;
    }
    let theirs = validator.is_valid(document);
    if shapely(document) != theirs {
        let ours = judge_value(document).findings;
        let errors: Vec<String> = validator
            .iter_errors(document)
            .map(|e| {
                format!(
                    "{} at {}",
                    e.to_string().chars().take(300).collect::<String>(),
                    e.instance_path()
                )
            })
            .collect();
        let ours: Vec<_> = ours
            .iter()
            .filter(|f| f.test == "schema" || f.test.starts_with("6.1"))
            .collect();
        panic!("{name}: the schema says {theirs}: {errors:#?}\nhere: {ours:#?}");
    }
}

fn judges(validator: &Validator, version: Version, folders: &[&Path], cases: u32) {
    let all: Vec<_> = folders.iter().flat_map(|f| files(f)).collect();
    let mut documents = Vec::new();
    for path in &all {
        let Ok(document) = serde_json::from_slice::<Value>(&common::bytes(path)) else {
            continue;
        };
        agree(validator, version, &document, &path.display().to_string());
        // Small ones are changed: each place then has its turn.
        if document.to_string().len() < 20_000
            && document["document"]["csaf_version"] == version.as_str()
        {
            documents.push(document);
        }
    }
    assert!(documents.len() > 50);
    let seed = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::with_cases(cases), seed);
    let any = (
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        0_u8..16,
    );
    runner
        .run(&any, |(which, place, kind)| {
            let mut document = which.get(&documents).clone();
            let mut all = Vec::new();
            places(&document, "", &mut all);
            let place = place.get(&all).clone();
            change(&mut document, &place, kind);
            agree(
                validator,
                version,
                &document,
                &format!("change {kind} at {place}"),
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_shape_of_2_0_is_that_of_its_schema() {
    let (Some(suite), Some(real)) = (suite("csaf20"), suite("csaf-real")) else {
        return;
    };
    let validator = validator(&suite.join("schema"), "csaf_json_schema.json");
    let files = suite.join("testfiles");
    judges(&validator, Version::V20, &[&files, &real], 6000);
}

#[test]
fn the_shape_of_2_1_is_that_of_its_schema() {
    let Some(suite) = suite("csaf21") else {
        return;
    };
    let validator = validator(&suite.join("schema"), "csaf.json");
    let files = suite.join("testfiles");
    judges(&validator, Version::V21, &[&files], 6000);
}
