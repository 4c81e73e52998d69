//! Broken documents of CSAF 2.1: whatever stands where, judging ends, says the same
//! twice, and points at places that exist.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a test that cannot go on should stop; one of them takes the time"
)]

mod common;

use candor_csaf::judge_value;
use common::{files, json, suite};
use proptest::prelude::*;
use serde_json::{Value, json};

/// What is put in place of a part of a document.
fn junk() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "",
        "*",
        "vers:",
        "vers:npm/",
        "vers:npm/%",
        "|",
        "\u{e9}\u{1F600}",
        "2024-02-30T00:00:00Z",
        "CWE-79",
        "pkg:",
        "pkg:a/b@",
        "LicenseRef-",
        "((",
        "ssvc",
        "CSAFPID-9080700",
        "final",
        "csaf_vex",
        "csaf_withdrawn",
        "99999999999999999999.0.0",
        "CVSS:4.0/",
        "vendor",
    ]);
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(|n| json!(n)),
        words.prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[["x"]], {"branches": [{"product": 1}]}, "CSAFPID-9080700"])),
    ]
}

/// How many values a document has, itself among them.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// Puts something in place of the value with this number; counts down on its way.
fn replace(value: &mut Value, number: &mut usize, junk: &Value) {
    if *number == 0 {
        *value = junk.clone();
    }
    *number = number.wrapping_sub(1);
    match value {
        Value::Array(items) => items.iter_mut().for_each(|v| replace(v, number, junk)),
        Value::Object(members) => members.values_mut().for_each(|v| replace(v, number, junk)),
        _ => {}
    }
}

#[test]
fn no_change_of_a_document_stops_the_judge() {
    let Some(folder) = suite("csaf21/testfiles/mandatory") else {
        return;
    };
    let documents: Vec<Value> = files(&folder)
        .iter()
        .filter(|path| !path.to_str().unwrap().ends_with(".result.json"))
        .map(|path| json(path))
        .collect();
    assert!(documents.len() > 300, "{}", documents.len());
    let changes = prop::collection::vec((any::<prop::sample::Index>(), junk()), 1..4);
    let cases = (any::<prop::sample::Index>(), changes);
    let config = ProptestConfig {
        cases: 3000,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let judged = proptest::test_runner::TestRunner::new(config).run(&cases, |(which, changes)| {
        let mut document = which.get(&documents).clone();
        for (place, junk) in changes {
            let mut number = place.index(count(&document));
            replace(&mut document, &mut number, &junk);
        }
        let found = judge_value(&document);
        prop_assert_eq!(&found, &judge_value(&document));
        for finding in &found.findings {
            let there = document.pointer(&finding.pointer).is_some();
            // A missing part of a product status is named where it belongs.
            let above = finding
                .pointer
                .rsplit_once('/')
                .map_or("", |(above, _)| above);
            prop_assert!(there || document.pointer(above).is_some(), "{:?}", finding);
            prop_assert!(finding.message.len() < 1500, "{:?}", finding);
            prop_assert!(!finding.help().is_empty());
        }
        Ok(())
    });
    judged.unwrap();
}

#[test]
fn a_large_document_is_judged_in_reasonable_time() {
    // Each product stands in one group of thousands that many remediations name.
    let ids: Vec<String> = (0..5000).map(|n| format!("P{n}")).collect();
    let names: Vec<Value> = ids
        .iter()
        .map(|id| json!({"product_id": id, "name": id}))
        .collect();
    let remediations: Vec<Value> = (0..50)
        .map(|n| {
            let category = if n % 2 == 0 {
                "vendor_fix"
            } else {
                "no_fix_planned"
            };
            json!({"category": category, "details": "x", "group_ids": ["G"]})
        })
        .collect();
    let document = json!({
        "document": {"category": "csaf_security_advisory", "csaf_version": "2.1"},
        "product_tree": {
            "full_product_names": names,
            "product_groups": [{"group_id": "G", "product_ids": ids}],
        },
        "vulnerabilities": [{
            "product_status": {"fixed": ids},
            "remediations": remediations,
        }],
    });
    let begun = std::time::Instant::now();
    let found = judge_value(&document);
    assert!(!found.valid());
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}
