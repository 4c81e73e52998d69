//! `policy show`, `policy lint`, `clock eval`, and the policy of Candor itself.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use common::{Place, shared};

#[test]
fn our_own_policy_runs_without_a_mistake() {
    let place = Place::new();
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../../SECURITY.md");
    place.run(&["policy", "lint", own]).must(0);
    let shown = place.run(&["policy", "show", own, "--json"]).must(0);
    let policy: serde_json::Value = serde_json::from_str(&shown.out).unwrap();
    assert_eq!(policy["product"]["value"], "Candor");
    let promises: Vec<&str> = policy["promises_in_words"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["text"].as_str().unwrap())
        .collect();
    for wanted in [
        "A person answers you within 2 business days",
        "You get a first assessment within 5 business days",
        "You get a status update every 7 days",
        "Critical: The problem is fixed within 14 days",
        "High: The problem is fixed within 30 days",
        "Medium: The problem is fixed within 90 days",
        "Low: The problem is fixed within 90 days",
        "Details are published within 90 days",
    ] {
        assert!(
            promises.contains(&wanted),
            "`{wanted}` not in {promises:#?}"
        );
    }
    let numbers = promises
        .iter()
        .filter(|p| !p.contains("(no number given)"))
        .count();
    assert_eq!(numbers, 8, "{promises:#?}");
    for part in [
        "channels",
        "public_ban",
        "contents",
        "versions",
        "in_scope",
        "out_of_scope",
        "safe_harbour",
        "duties",
        "disclosure",
    ] {
        assert!(
            !policy[part].as_array().unwrap().is_empty(),
            "{part} is empty"
        );
    }
    assert!(policy["credit"].is_object() && policy["review"].is_object());
}

#[test]
fn a_policy_is_shown_with_its_lines_and_what_it_leaves_open() {
    let place = Place::new();
    let policy = place.policy();
    let file = policy.to_str().unwrap();
    place
        .run(&["policy", "show", file])
        .must(0)
        .says("Product: Lantern")
        .says("A person answers you within 48 hours")
        .says("Candor's default")
        .says("not stated");
    let labels = place.run(&["policy", "show", file, "--labels"]).must(0);
    assert!(
        serde_json::from_str::<serde_json::Value>(&labels.out)
            .unwrap()
            .is_object()
    );
    // The address of the fixture is one that nobody reads: a mistake, exit code 1.
    let findings = place.run(&["policy", "lint", file, "--json"]).must(1);
    let said: serde_json::Value = serde_json::from_str(&findings.out).unwrap();
    let codes: Vec<&str> = said["files"][0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["code"].as_str().unwrap())
        .collect();
    assert!(codes.contains(&"example-address"), "{codes:?}");
}

#[test]
fn a_policy_comes_from_standard_input_too() {
    let place = Place::new();
    let policy = std::fs::File::open(place.policy()).unwrap();
    let out = place
        .candor(&["policy", "show", "-"])
        .stdin(policy)
        .output()
        .unwrap();
    assert!(String::from_utf8(out.stdout).unwrap().contains("Lantern"));
    place.run(&["policy", "show", "-"]).must(2).says("empty");
}

#[test]
fn every_test_policy_is_shown() {
    let Some(shared) = shared() else { return };
    let place = Place::new();
    let mut seen = 0;
    for entry in std::fs::read_dir(shared.join("policies/texts")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.starts_with("00") && path.extension().is_some_and(|e| e == "txt") {
            place
                .run(&["policy", "show", path.to_str().unwrap()])
                .must(0)
                .says("Promises");
            seen += 1;
        }
    }
    assert_eq!(seen, 5);
}

#[test]
fn clock_vectors_come_out_as_expected() {
    let Some(shared) = shared() else { return };
    let place = Place::new();
    let file = shared.join("clocks/vectors.json");
    place
        .run(&["clock", "eval", file.to_str().unwrap(), "--words"])
        .must(0)
        .says(" 0 different");
    let out = place
        .run(&["clock", "eval", file.to_str().unwrap()])
        .must(0)
        .out;
    let list: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
    let of = |id: &str| list.iter().find(|o| o["id"] == id).unwrap();
    assert_eq!(of("S01")["due"], "2026-03-29T14:10:00Z");
    assert_eq!(of("S07")["breaches"], 0);
    assert_eq!(of("S17")["details_on"], "2026-04-20");
    assert!(of("S17").get("due").is_none() && of("S01").get("all_due").is_none());
    let text = std::fs::read_to_string(&file).unwrap();
    let wrong = text.replacen("\"due\": \"2026", "\"due\": \"2031", 1);
    if wrong != text {
        let wrong = place.write("wrong.json", wrong);
        place
            .run(&["clock", "eval", wrong.to_str().unwrap()])
            .must(1)
            .says("differences");
    }
    let none = place.write("none.json", "{}");
    place
        .run(&["clock", "eval", none.to_str().unwrap()])
        .must(2);
}

/// A pipeline chooses what fails it, and reads exit codes, JSON or SARIF.
#[test]
fn lint_serves_a_pipeline() {
    let place = Place::new();
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../../SECURITY.md");
    place.run(&["policy", "lint", own]).must(0);
    // The policy of this repository is clean under its own lint.
    place
        .run(&["policy", "lint", own, "--deny", "note"])
        .must(0)
        .says("Nothing to mend.");
    let short = place.write(
        "short.md",
        "# Security Policy\n\nReport vulnerabilities to security@lantern.dev.\n",
    );
    let short = short.to_str().unwrap();
    place
        .run(&["policy", "lint", short, "--deny", "note"])
        .must(1);
    place
        .run(&["policy", "lint", short, "--deny", "never"])
        .must(0);
    let file = place.policy();
    let file = file.to_str().unwrap();
    place
        .run(&["policy", "lint", own, file])
        .must(1)
        .says("1 of 2 files has findings");
    let log = place
        .run(&["policy", "lint", own, file, "--sarif", "--deny", "never"])
        .must(0);
    let log: serde_json::Value = serde_json::from_str(&log.out).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(results.iter().any(|r| r["ruleId"] == "example-address"));
    place.run(&["policy", "lint", "no-such-file.md"]).must(2);
    place.run(&["policy", "lint"]).must(2);
}

#[test]
fn a_rule_is_explained() {
    let place = Place::new();
    let page = place
        .run(&["policy", "lint", "--explain", "no-safe-harbour"])
        .must(0);
    assert!(page.out.starts_with("# no-safe-harbour"), "{}", page.out);
    place
        .run(&["policy", "lint", "--explain", "no-such-rule"])
        .must(2)
        .says("There is no rule");
}

/// A security.txt is judged by its own rules and by the day.
#[test]
fn a_security_txt_is_judged_by_the_day() {
    let place = Place::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("security.txt");
    std::fs::write(
        &file,
        "Contact: mailto:security@lantern.dev\nExpires: 2027-01-31T00:00:00Z\n",
    )
    .unwrap();
    let file = file.to_str().unwrap();
    let on = |day| place.run(&["policy", "lint", file, "--today", day]);
    on("2027-01-31").must(0);
    let late = on("2027-02-01").must(1);
    assert!(late.out.contains("security-txt-expired"), "{}", late.out);
    assert!(late.out.contains("security.txt:2:"), "{}", late.out);
}

/// A text that is no policy has labels too: it promises nothing.
#[test]
fn labels_of_a_text_that_is_no_policy() {
    let place = Place::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("CAKE.md");
    std::fs::write(
        &file,
        "# Cake\n\nTake four eggs and bake them within 40 minutes.\n",
    )
    .unwrap();
    let file = file.to_str().unwrap();
    let labels = place.run(&["policy", "show", file, "--labels"]).must(0);
    let labels: serde_json::Value = serde_json::from_str(&labels.out).unwrap();
    assert_eq!(labels["policy_kind"], "not-a-policy");
    assert_eq!(labels["timeline"], serde_json::json!([]));
    place.run(&["policy", "show", file]).must(2);
}
