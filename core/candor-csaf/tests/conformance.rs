//! The official test files of CSAF 2.0, each judged as it is labelled, and real
//! documents with the verdict of the reference validator.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::collections::BTreeSet;

use candor_csaf::{Level, judge};
use common::{bytes, json, suite};

/// Tests that need a network or a dictionary, see docs/validate.md.
const LEFT_OUT: [&str; 3] = ["6.3.6", "6.3.7", "6.3.8"];

/// A file that is labelled valid and fails a mandatory test that is not the one it is
/// about: it lists SHA-1 twice for one file (6.1.25).
const ELSEWHERE: [&str; 1] = ["optional/oasis_csaf_tc-csaf_2_0-2021-6-2-09-02.json"];

#[test]
fn each_official_file_is_judged_as_labelled() {
    let Some(folder) = suite("csaf20/testfiles") else {
        return;
    };
    let cases = json(&folder.join("testcases.json"));
    let mut wrong = Vec::new();
    let mut judged = 0;
    for test in cases["tests"].as_array().unwrap() {
        let id = test["id"].as_str().unwrap();
        if LEFT_OUT.contains(&id) {
            continue;
        }
        for (list, fails) in [("failures", true), ("valid", false)] {
            for case in test[list].as_array().into_iter().flatten() {
                let name = case["name"].as_str().unwrap();
                let found = judge(&bytes(&folder.join(name)));
                judged += 1;
                let of_it = found.findings.iter().any(|f| f.test == id);
                let told = case["valid"].as_bool().unwrap();
                let as_told = found.valid() == told || ELSEWHERE.contains(&name);
                if of_it != fails || !as_told {
                    let shown: Vec<String> = found
                        .findings
                        .iter()
                        .filter(|f| f.test == id || f.level() <= Level::Mandatory)
                        .map(|f| format!("{} {} {}", f.test, f.pointer, f.message))
                        .collect();
                    wrong.push(format!("{id} {list} {name} told {told}: {shown:#?}"));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {judged}: {}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(judged > 150, "{judged}");
}

/// The test of a name like `mandatoryTest_6_1_27_3` or `csaf_2_0`.
fn number(name: &str) -> String {
    match name.split_once("Test_") {
        Some((_, number)) => number.replace('_', "."),
        None => "schema".to_owned(),
    }
}

#[test]
fn real_documents_get_the_verdict_of_the_reference() {
    let Some(folder) = suite("csaf-real") else {
        return;
    };
    let verdicts = json(&folder.join("verdicts.json"));
    let mut wrong = Vec::new();
    let mut judged = 0;
    for row in verdicts.as_array().unwrap() {
        let name = row["file"].as_str().unwrap();
        let Some(told) = row["secvisogram_2_0_10"].as_array() else {
            continue;
        };
        let found = judge(&bytes(&folder.join(name)));
        judged += 1;
        let blocking = |test: &str| test == "schema" || test.starts_with("6.1.");
        let theirs: BTreeSet<String> = told
            .iter()
            .map(|t| number(t.as_str().unwrap()))
            .filter(|t| blocking(t))
            .collect();
        let ours: BTreeSet<String> = found
            .findings
            .iter()
            .map(|f| f.test.to_owned())
            .filter(|t| blocking(t))
            .collect();
        if theirs != ours {
            let shown: Vec<String> = found
                .findings
                .iter()
                .filter(|f| blocking(f.test))
                .map(|f| format!("{} {} {}", f.test, f.pointer, f.message))
                .take(4)
                .collect();
            wrong.push(format!(
                "{name}: reference {theirs:?}, here {ours:?} {shown:#?}"
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {judged}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(judged > 150, "{judged}");
}
