//! OSV, CVE record, OpenVEX and CycloneDX: what is written keeps to the published
//! schema of its form, says what the advisory says, and tells what was lost.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::assigning_clones,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::path::{Path, PathBuf};

use candor_advisory::{
    Advisory, AdvisoryDraft, FixDraft, Link, OrgId, ProductDraft, Status, VersionsDraft,
    WriteError, Written, finish, to_cve, to_cyclonedx, to_github, to_openvex, to_osv,
};
use common::{any_draft, draft, issue};
use jsonschema::{Registry, Validator};
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

fn page() -> Link {
    "https://threatdex.example/p/threatdex/advisories/TDX-2026-7K3F9QMA"
        .parse()
        .unwrap()
}

fn org() -> OrgId {
    "8D4D2F4F-27A1-4B6E-9F0C-1F7D7A4D5E11".parse().unwrap()
}

fn advisory(change: impl Fn(&mut AdvisoryDraft)) -> Advisory {
    let mut draft = draft();
    draft.cve = "CVE-1900-0001".to_owned();
    change(&mut draft);
    finish(&draft, issue(Status::Final, &[0, 3600])).unwrap()
}

fn json(written: &Written) -> Value {
    serde_json::from_str(&written.text).unwrap()
}

/// A folder of schemas. Absence skips the test, and fails it in CI.
fn schemas(folder: &str) -> Option<PathBuf> {
    let relative = Path::new("shared/conformance").join(folder);
    let found = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|above| above.join(&relative))
        .find(|path| path.is_dir());
    if found.is_none() {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "{} is missing",
            relative.display()
        );
        println!("skipped: {} is not here", relative.display());
    }
    found
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn validator(schema: &Value, others: &[(&str, Value)]) -> Validator {
    let mut registry = Registry::new();
    for (name, other) in others {
        registry = registry.add(*name, other.clone()).unwrap();
    }
    let registry = registry.prepare().unwrap();
    jsonschema::options()
        .with_registry(&registry)
        .should_validate_formats(true)
        .build(schema)
        .unwrap()
}

type Write = fn(&Advisory) -> Result<Written, WriteError>;

/// Runs a judge over the example and many advisories.
fn keeps_to(validator: &Validator, write: Write) {
    let judge = |advisory: &Advisory| {
        let written = write(advisory).unwrap();
        assert_eq!(write(advisory).unwrap(), written, "the same every time");
        let value = json(&written);
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|e| format!("{} at {}", e, e.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}\n{}", written.text);
    };
    judge(&advisory(|_| {}));
    let mut runner = TestRunner::new(Config::with_cases(200));
    runner
        .run(&any_draft(), |mut draft| {
            if draft.cve.is_empty() {
                draft.cve = "CVE-1900-0002".to_owned();
            }
            judge(&finish(&draft, issue(Status::Interim, &[0])).unwrap());
            Ok(())
        })
        .unwrap();
}

#[test]
fn osv_keeps_to_its_schema() {
    let Some(folder) = schemas("osv") else { return };
    let schema = read(&folder.join("schema.json"));
    keeps_to(&validator(&schema, &[]), |a| to_osv(a, Some(&page())));
}

#[test]
fn the_cve_record_keeps_to_its_schema() {
    let Some(folder) = schemas("cve/schema-5.2.0") else {
        return;
    };
    let schema = read(&folder.join("CVE_Record_Format_bundled.json"));
    keeps_to(&validator(&schema, &[]), |a| to_cve(a, &org(), &page()));
}

#[test]
fn openvex_keeps_to_its_schema() {
    let Some(folder) = schemas("vex/openvex") else {
        return;
    };
    let schema = read(&folder.join("openvex_json_schema.json"));
    keeps_to(&validator(&schema, &[]), |a| to_openvex(a, &page()));
}

#[test]
fn cyclonedx_keeps_to_its_schema() {
    let Some(folder) = schemas("vex/cyclonedx/schema") else {
        return;
    };
    let schema = read(&folder.join("bom-1.6.schema.json"));
    let base = "http://cyclonedx.org/schema/";
    let names = ["spdx.schema.json", "jsf-0.82.schema.json"];
    let addresses = names.map(|name| format!("{base}{name}"));
    let others: Vec<(&str, Value)> = addresses
        .iter()
        .map(String::as_str)
        .zip(names.map(|name| read(&folder.join(name))))
        .collect();
    keeps_to(&validator(&schema, &others), |a| to_cyclonedx(a, &page()));
}

#[test]
fn a_draft_is_written_in_no_public_form() {
    let mut draft = draft();
    draft.cve = "CVE-1900-0001".to_owned();
    let advisory = finish(&draft, issue(Status::Draft, &[0])).unwrap();
    let forms: [Result<Written, WriteError>; 5] = [
        to_osv(&advisory, None),
        to_cve(&advisory, &org(), &page()),
        to_openvex(&advisory, &page()),
        to_cyclonedx(&advisory, &page()),
        to_github(&advisory, &page()),
    ];
    for form in forms {
        assert_eq!(form, Err(WriteError::Draft));
    }
}

#[test]
fn a_cve_record_needs_an_id() {
    let advisory = advisory(|d| d.cve.clear());
    assert_eq!(to_cve(&advisory, &org(), &page()), Err(WriteError::NoCve));
}

#[test]
fn osv_ranges_end_with_the_fix_where_scanners_look() {
    let rows = [
        (">= 2.0, < 2.4.1", FixDraft::In("2.4.1".to_owned())),
        ("3.0.0 to 3.2.0", FixDraft::In("3.2.1".to_owned())),
        ("1.x", FixDraft::NotPlanned("Too old.".to_owned())),
        ("4.0.1, 4.0.2", FixDraft::In("4.0.3".to_owned())),
        (">= 5.0.0", FixDraft::In("5.1.0".to_owned())),
    ];
    let advisory = advisory(|d| {
        let row = |(versions, fix): &(&str, FixDraft)| VersionsDraft {
            versions: (*versions).to_owned(),
            fix: fix.clone(),
        };
        d.products[0].affected = rows.iter().map(row).collect();
    });
    let value = json(&to_osv(&advisory, None).unwrap());
    let affected = &value["affected"][0];
    assert_eq!(affected["package"]["ecosystem"], "crates.io");
    assert_eq!(affected["versions"], serde_json::json!(["4.0.1", "4.0.2"]));
    let events: Vec<String> = affected["ranges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| format!("{} {}", r["type"].as_str().unwrap(), r["events"]))
        .collect();
    assert_eq!(
        events,
        [
            r#"SEMVER [{"introduced":"2.0.0"},{"fixed":"2.4.1"}]"#,
            r#"SEMVER [{"introduced":"3.0.0"},{"fixed":"3.2.1"}]"#,
            r#"SEMVER [{"introduced":"1.0.0"},{"fixed":"2.0.0"}]"#,
            r#"SEMVER [{"introduced":"5.0.0"},{"fixed":"5.1.0"}]"#,
        ]
    );
    let known = &affected["ranges"][1]["database_specific"];
    assert_eq!(known["last_known_affected_version_range"], "<= 3.2.0");
}

#[test]
fn what_a_form_has_no_place_for_is_said() {
    let odd = advisory(|d| {
        d.products.push(ProductDraft {
            name: "Image".to_owned(),
            affected: vec![VersionsDraft {
                versions: "main before 4f2c9d1".to_owned(),
                fix: FixDraft::NotYet("Wait.".to_owned()),
            }],
            ..ProductDraft::default()
        });
    });
    let osv = to_osv(&odd, None).unwrap();
    let said: Vec<&str> = osv.losses.iter().map(|l| l.why.as_str()).collect();
    assert_eq!(
        said,
        [
            "Image main before 4f2c9d1: commits and images are told in words only",
            "Image: it has no package address of an ecosystem that OSV knows, so scanners cannot find it",
        ]
    );
    let vex = to_openvex(&odd, &page()).unwrap();
    let fields: Vec<&str> = vex.losses.iter().map(|l| l.field).collect();
    assert_eq!(fields, ["cvss", "credits", "references", "details"]);
}

#[test]
fn each_version_gets_the_same_answer_in_every_form() {
    let advisory = advisory(|_| {});
    let cve = json(&to_cve(&advisory, &org(), &page()).unwrap());
    assert_eq!(
        cve["containers"]["cna"]["affected"][0]["versions"],
        serde_json::json!([
            { "version": "2.0", "lessThan": "2.4.1", "status": "affected", "versionType": "semver" },
            { "version": "2.4.1", "status": "unaffected" },
            { "version": "1", "lessThan": "2", "status": "affected", "versionType": "semver" },
            { "version": "0", "lessThan": "1.0", "status": "unaffected", "versionType": "semver" },
        ])
    );
    let cyclonedx = json(&to_cyclonedx(&advisory, &page()).unwrap());
    assert_eq!(
        cyclonedx["vulnerabilities"][0]["affects"][0]["versions"],
        serde_json::json!([
            { "range": "vers:generic/>=2.0|<2.4.1", "status": "affected" },
            { "range": "vers:generic/>=1|<2", "status": "affected" },
            { "version": "2.4.1", "status": "unaffected" },
            { "range": "vers:generic/<1.0", "status": "unaffected" },
        ])
    );
    let openvex = json(&to_openvex(&advisory, &page()).unwrap());
    let statements: Vec<String> = openvex["statements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| format!("{} {}", s["status"], s["products"][0]["@id"]))
        .collect();
    assert_eq!(
        statements,
        [
            r#""affected" "pkg:cargo/threatdex?vers=vers%3Ageneric%2F%3E%3D2.0%7C%3C2.4.1""#,
            r#""affected" "pkg:cargo/threatdex?vers=vers%3Ageneric%2F%3E%3D1%7C%3C2""#,
            r#""fixed" "pkg:cargo/threatdex@2.4.1""#,
            r#""not_affected" "pkg:cargo/threatdex?vers=vers%3Ageneric%2F%3C1.0""#,
        ]
    );
}

#[test]
fn names_of_people_stand_only_in_the_credits() {
    let advisory = advisory(|_| {});
    let name = "Ada Lovelace";
    for (written, place) in [
        (to_osv(&advisory, None), "/credits"),
        (
            to_cve(&advisory, &org(), &page()),
            "/containers/cna/credits",
        ),
        (to_openvex(&advisory, &page()), "/none"),
        (
            to_cyclonedx(&advisory, &page()),
            "/vulnerabilities/0/credits",
        ),
    ] {
        let mut value = json(&written.unwrap());
        if let Some(credits) = value.pointer_mut(place) {
            assert!(credits.to_string().contains(name), "{credits}");
            *credits = Value::Null;
        }
        assert!(!value.to_string().contains(name), "{value}");
    }
}

#[test]
fn numbers_of_organisations_are_random_ones() {
    assert_eq!(org().to_string(), "8d4d2f4f-27a1-4b6e-9f0c-1f7d7a4d5e11");
    for bad in ["", "8d4d2f4f", "8d4d2f4f-27a1-1b6e-9f0c-1f7d7a4d5e11", "x"] {
        assert!(bad.parse::<OrgId>().is_err(), "{bad:?}");
    }
}

/// The schema of what is sent to make an advisory, out of GitHub's own description.
#[test]
fn what_is_sent_to_github_keeps_to_its_description() {
    let Some(folder) = schemas("github") else {
        return;
    };
    let described = read(&folder.join("security-advisories.openapi.json"));
    let all = described["components"]["schemas"].as_object().unwrap();
    let mut schema = all["repository-advisory-create"].clone();
    let mut text = schema.to_string();
    for (name, part) in all {
        let link = format!("{{\"$ref\":\"#/components/schemas/{name}\"}}");
        text = text.replace(&link, &part.to_string());
    }
    schema = serde_json::from_str(&text).unwrap();
    nullable(&mut schema);
    keeps_to(&validator(&schema, &[]), |a| to_github(a, &page()));
    let value = json(&to_github(&advisory(|_| {}), &page()).unwrap());
    let rows = value["vulnerabilities"].as_array().unwrap();
    let said: Vec<String> = rows.iter().map(ToString::to_string).collect();
    for (row, parts) in said.iter().zip([
        [
            ">= 2.0, < 2.4.1",
            "\"patched_versions\":\"2.4.1\"",
            "\"rust\"",
        ],
        [">= 1, < 2", "\"patched_versions\":null", "threatdex"],
    ]) {
        assert!(parts.iter().all(|part| row.contains(part)), "{row}");
    }
    let text = value["description"].as_str().unwrap();
    assert!(text.contains("- Ada Lovelace (Analytical Engines) reported the vulnerability"));
    assert!(
        text.trim_end().ends_with(page().as_str()),
        "by it, it is found again"
    );
    assert_eq!(
        value["cvss_vector_string"],
        "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N"
    );
    assert_eq!(value.get("severity"), None, "GitHub takes one of them");
    let long = advisory(|d| d.details = "lantern ".repeat(9_000));
    let written = to_github(&long, &page()).unwrap();
    let text = json(&written)["description"].as_str().unwrap().to_owned();
    assert_eq!(text.chars().count(), 65_535);
    assert!(text.trim_end().ends_with(page().as_str()));
    assert_eq!(written.losses[0].field, "details");
}

/// A schema of `OpenAPI` 3.0 as one of JSON Schema: what is `nullable` may be null.
fn nullable(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if map.get("nullable") == Some(&Value::Bool(true))
                && let Some(kind) = map.get("type").cloned()
            {
                map.insert("type".to_owned(), serde_json::json!([kind, "null"]));
            }
            map.values_mut().for_each(nullable);
        }
        Value::Array(list) => list.iter_mut().for_each(nullable),
        _ => {}
    }
}
