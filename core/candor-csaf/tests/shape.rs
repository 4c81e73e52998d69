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
use common::{files, json, suite};
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

/// Every place in a document.
fn places(value: &Value, here: &str, out: &mut Vec<String>) {
    out.push(here.to_owned());
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let key = key.replace('~', "~0").replace('/', "~1");
                places(member, &format!("{here}/{key}"), out);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, &format!("{here}/{index}"), out);
            }
        }
        _ => {}
    }
}

/// Changes one thing at a place.
fn change(document: &mut Value, place: &str, kind: u8) {
    if kind == 0 || kind == 1 {
        // Takes the member out, or gives it another name.
        let Some((above, key)) = place.rsplit_once('/') else {
            return;
        };
        match document.pointer_mut(above) {
            Some(Value::Object(members)) => {
                let key = key.replace("~1", "/").replace("~0", "~");
                let value = members.remove(&key);
                if let (1, Some(value)) = (kind, value) {
                    members.insert(format!("{key}x"), value);
                }
            }
            Some(Value::Array(items)) => {
                items.remove(key.parse().unwrap());
            }
            _ => {}
        }
        return;
    }
    let Some(value) = document.pointer_mut(place) else {
        return;
    };
    match (kind, &mut *value) {
        (2, _) => *value = Value::Null,
        (3, _) => *value = json!(7),
        (4, _) => *value = json!(""),
        (5, _) => *value = json!([]),
        (6, _) => *value = json!({}),
        (7, Value::Array(items)) if !items.is_empty() => items.push(items[0].clone()),
        (7, Value::Number(number)) => *value = json!(number.as_f64().unwrap() + 0.05),
        (8, Value::String(text)) => text.push('x'),
        (9, Value::String(text)) => text.insert(0, ' '),
        (10, Value::String(text)) => *text = text.to_lowercase(),
        (11, Value::String(text)) => *text = text.to_uppercase(),
        (12, Value::String(text)) => *text = text.replacen(['1', '2'], "9", 1),
        (13, Value::String(text)) => {
            text.pop();
        }
        (14, _) => *value = json!(true),
        _ => *value = json!("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
    }
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
