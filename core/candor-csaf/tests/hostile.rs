//! No document makes the judge panic or run for long.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_csaf::{Version, judge, judge_value};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A small document that passes the schema.
fn document() -> Value {
    json!({
        "document": {
            "category": "csaf_security_advisory",
            "csaf_version": "2.0",
            "lang": "en",
            "publisher": {
                "category": "vendor",
                "name": "The ThreatDex project",
                "namespace": "https://threatdex.example",
            },
            "title": "Search shows notes of other teams",
            "tracking": {
                "current_release_date": "2026-11-22T10:00:00Z",
                "id": "TDX-2026-7K3F9QMA",
                "initial_release_date": "2026-11-22T10:00:00Z",
                "revision_history": [
                    { "date": "2026-11-22T10:00:00Z", "number": "1", "summary": "Published." },
                ],
                "status": "final",
                "version": "1",
            },
        },
        "product_tree": {
            "branches": [{
                "category": "vendor", "name": "ThreatDex", "branches": [{
                    "category": "product_name", "name": "ThreatDex", "branches": [{
                        "category": "product_version", "name": "2.4.0",
                        "product": { "name": "ThreatDex 2.4.0", "product_id": "A" },
                    }],
                }],
            }],
            "relationships": [{
                "category": "installed_on",
                "full_product_name": { "name": "A on A", "product_id": "B" },
                "product_reference": "A",
                "relates_to_product_reference": "A",
            }],
        },
        "vulnerabilities": [{
            "cve": "CVE-1900-0001",
            "notes": [{ "category": "description", "text": "Notes of others are shown." }],
            "product_status": { "known_affected": ["A", "B"] },
            "scores": [{
                "products": ["A", "B"],
                "cvss_v3": {
                    "version": "3.1",
                    "vectorString": "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N",
                    "baseScore": 6.5,
                    "baseSeverity": "MEDIUM",
                },
            }],
            "remediations": [{ "category": "vendor_fix", "details": "Update.", "product_ids": ["A", "B"] }],
        }],
    })
}

#[test]
fn the_document_of_these_tests_is_valid() {
    let judged = judge(&serde_json::to_vec(&document()).unwrap());
    assert_eq!(judged.version(), Some(Version::V20));
    assert!(judged.valid(), "{:#?}", judged.findings);
}

#[test]
fn what_is_no_csaf_says_so_once() {
    for (text, words) in [
        ("", "this is not JSON"),
        ("[]", "no `document.csaf_version`"),
        ("7", "no `document.csaf_version`"),
        (
            r#"{"document": {"csaf_version": "2.2"}}"#,
            "\"2.2\" is no version",
        ),
        (
            r#"{"document": {"csaf_version": 2.0}}"#,
            "2.0 is no version",
        ),
    ] {
        let judged = judge(text.as_bytes());
        assert_eq!(judged.findings.len(), 1, "{text}");
        assert!(judged.findings[0].message.contains(words), "{judged:?}");
        assert!(!judged.valid());
    }
}

#[test]
fn long_chains_of_relations_take_no_long_time() {
    // Each product is made of the one before; the last one closes the circle.
    let mut document = document();
    let count = 20_000;
    let relations: Vec<Value> = (0..count)
        .map(|n| {
            json!({
                "category": "installed_on",
                "full_product_name": { "name": "x", "product_id": format!("R{n}") },
                "product_reference": format!("R{}", (n + 1) % count),
                "relates_to_product_reference": "A",
            })
        })
        .collect();
    document["product_tree"]["relationships"] = Value::Array(relations);
    let judged = judge_value(&document);
    assert!(judged.findings.iter().any(|f| f.test == "6.1.3"));
}

#[test]
fn deep_trees_of_branches_are_judged() {
    let mut branch = json!({ "category": "product_version", "name": "1" });
    for _ in 0..100 {
        branch = json!({ "category": "product_family", "name": "x", "branches": [branch] });
    }
    let mut document = document();
    document["product_tree"]["branches"] = json!([branch]);
    assert!(!judge_value(&document).valid());
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "A",
            "2.0",
            "1.0.0",
            "CVE-2026-0001",
            "CWE-79",
            "en",
            "draft"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let keys = prop::sample::select(vec![
            "product_id",
            "product_ids",
            "group_ids",
            "branches",
            "category",
            "name",
            "product",
            "hashes",
            "file_hashes",
            "cvss_v3",
            "vectorString",
            "number",
            "date",
            "purl",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((keys, inner), 0..6).prop_map(|members| {
                members
                    .into_iter()
                    .map(|(k, v)| (k.to_owned(), v))
                    .collect()
            }),
        ]
    })
}

/// Places whose content the rules look at.
const PLACES: [&str; 22] = [
    "/document",
    "/document/lang",
    "/document/category",
    "/document/publisher",
    "/document/tracking",
    "/document/tracking/id",
    "/document/tracking/version",
    "/document/tracking/revision_history",
    "/document/tracking/revision_history/0",
    "/document/tracking/revision_history/0/number",
    "/document/tracking/revision_history/0/date",
    "/product_tree",
    "/product_tree/branches",
    "/product_tree/branches/0/branches/0/branches/0",
    "/product_tree/relationships",
    "/product_tree/relationships/0/full_product_name",
    "/vulnerabilities",
    "/vulnerabilities/0",
    "/vulnerabilities/0/cve",
    "/vulnerabilities/0/product_status",
    "/vulnerabilities/0/scores/0/cvss_v3",
    "/vulnerabilities/0/remediations",
];

proptest! {
    #[test]
    fn any_part_may_be_anything(
        place in prop::sample::select(PLACES.to_vec()),
        part in any_json(),
        version in prop::sample::select(vec!["2.0", "2.1"]),
    ) {
        let mut document = document();
        *document.pointer_mut(place).unwrap() = part;
        if let Some(told) = document.pointer_mut("/document/csaf_version") {
            *told = Value::from(version);
        }
        let first = judge_value(&document);
        prop_assert_eq!(first, judge_value(&document));
    }

    #[test]
    fn any_bytes_may_come(cut in 0_usize..2000, byte in any::<u8>(), at in 0_usize..2000) {
        let mut bytes = serde_json::to_vec(&document()).unwrap();
        let at = at % bytes.len();
        bytes[at] = byte;
        bytes.truncate(bytes.len() - cut % bytes.len());
        let _ = judge(&bytes);
    }
}

#[test]
fn a_long_name_above_many_doubled_members_is_not_told_for_each() {
    let members: Vec<String> = (0..2000)
        .map(|n| format!("\"m{n}\":1,\"m{n}\":2"))
        .collect();
    let name = "k".repeat(20_000);
    let text = format!("{{\"{name}\":{{{}}}}}", members.join(","));
    let judged = judge(text.as_bytes());
    let told = judged
        .findings
        .iter()
        .filter(|f| f.message.contains("stands twice"));
    let bytes: Vec<usize> = told.map(|f| f.pointer.len()).collect();
    assert!(!bytes.is_empty());
    assert!(
        bytes.iter().sum::<usize>() < 2 * 1024 * 1024,
        "{}",
        bytes.len()
    );
}
