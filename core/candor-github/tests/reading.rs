//! What GitHub answers is read as it stands; odd answers end with a reason.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_github::{Advisory, NotTaken, State, Unreadable, read_all, read_one};
use candor_testkit::seeds::shared_file;
use proptest::prelude::*;

/// A private report in our own words.
const REPORT: &str = r#"{
  "ghsa_id": "GHSA-2f6x-8mqp-9c3v", "cve_id": null, "state": "triage",
  "html_url": "https://github.com/lantern/fish/security/advisories/GHSA-2f6x-8mqp-9c3v",
  "summary": "A header reaches a shell", "description": "One\r\ntwo\u0000three",
  "severity": "high", "author": {"login": "rosa"}, "submission": {"accepted": false},
  "created_at": "2026-05-29T09:30:00Z", "updated_at": "2026-05-30T10:00:00Z",
  "published_at": null,
  "vulnerabilities": [{"package": {"ecosystem": "npm", "name": "fish"},
    "vulnerable_version_range": "< 2.0.1", "patched_versions": null,
    "vulnerable_functions": ["swim"]}, {"package": null}],
  "cvss": {"vector_string": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "score": 9.8},
  "cvss_severities": {"cvss_v3": {"vector_string":
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "score": 9.8}, "cvss_v4": null},
  "cwes": [{"cwe_id": "CWE-78", "name": "x"}], "cwe_ids": ["CWE-78", "odd"],
  "credits": [{"login": "rosa", "type": "finder"}],
  "credits_detailed": [{"user": {"login": "rosa"}, "type": "finder", "state": "accepted"}],
  "something_new": {"kept": true}
}"#;

fn taken(text: &str) -> Advisory {
    read_one(text.as_bytes()).unwrap().advisory.unwrap()
}

#[test]
fn a_private_report_is_read_whole() {
    let found = taken(REPORT);
    assert_eq!(found.ghsa.as_str(), "GHSA-2f6x-8mqp-9c3v");
    assert_eq!(found.state, State::Triage);
    assert!(found.reported && found.state.is_open() && !found.cut);
    assert_eq!(found.author.unwrap().reveal(), "rosa");
    assert_eq!(found.description.reveal(), "One\ntwo\u{fffd}three");
    assert_eq!(found.vectors.len(), 1, "said twice, kept once");
    assert_eq!(found.cwes, ["CWE-78"]);
    assert_eq!(found.products.len(), 2);
    assert_eq!(found.products[0].affected.as_deref(), Some("< 2.0.1"));
    assert_eq!(found.products[0].functions, ["swim"]);
    assert_eq!(found.credits.len(), 1);
    assert_eq!(found.credits[0].accepted, Some(true));
    assert_eq!(found.created.unwrap().to_string(), "2026-05-29T09:30:00Z");
    let raw = read_one(REPORT.as_bytes()).unwrap().raw;
    assert!(raw.reveal().contains("something_new"), "nothing is lost");
    assert!(!format!("{raw:?}").contains("shell"));
}

#[test]
fn lists_and_several_pages_are_read_and_one_odd_entry_hides_no_other() {
    let pages = format!("[{REPORT}, 7, {{\"ghsa_id\": \"GHSA-2f6x-8mqp-9c3v\"}}]\n[{REPORT}]");
    let all = read_all(pages.as_bytes()).unwrap();
    let good: Vec<bool> = all.iter().map(|e| e.advisory.is_ok()).collect();
    assert_eq!(good, [true, false, false, true]);
    assert_eq!(all[1].advisory, Err(NotTaken::NoId));
    assert!(matches!(all[2].advisory, Err(NotTaken::State(_))));
    assert_eq!(read_all(b"[]").unwrap(), []);
    assert!(read_one(pages.as_bytes()).is_err());
}

#[test]
fn what_is_no_advisory_says_why() {
    let refused = br#"{"message": "Not Found", "status": "404"}"#;
    let why = read_all(refused).unwrap_err();
    assert!(why.to_string().contains("GitHub said: Not Found"), "{why}");
    assert_eq!(read_all(b"").unwrap_err(), Unreadable::NoAdvisories(None));
    assert_eq!(
        read_all(b"[]\n{").unwrap_err(),
        Unreadable::NotJson { line: 2 }
    );
    let database = r#"{"ghsa_id": "GHSA-2f6x-8mqp-9c3v", "type": "reviewed"}"#;
    let entry = read_one(database.as_bytes()).unwrap();
    assert!(matches!(entry.advisory, Err(NotTaken::Database(_))));
    let many = format!("[{}1]", "1,".repeat(candor_github::MOST_ADVISORIES));
    assert_eq!(read_all(many.as_bytes()).unwrap_err(), Unreadable::TooMany);
    let deep = "[".repeat(100_000);
    assert!(matches!(
        read_all(deep.as_bytes()),
        Err(Unreadable::NotJson { .. })
    ));
}

#[test]
fn long_texts_are_cut_and_that_is_said() {
    let long = REPORT.replace("A header reaches a shell", &"x".repeat(5_000));
    let found = taken(&long);
    assert!(found.cut);
    assert_eq!(found.summary.reveal().len(), 2_048);
    let odd = REPORT.replace("https://github.com/lantern", "javascript:alert");
    assert_eq!(taken(&odd).page, None);
    for id in [
        "GHSA-2f6x-8mqp",
        "GHSA-2f6x-8mqp-9c3v-9c3v",
        "2f6x-8mqp-9c3v",
        "GHSA-é6x-8mqp-9c3v",
    ] {
        assert!(id.parse::<candor_github::GhsaId>().is_err(), "{id}");
    }
}

#[test]
fn the_examples_of_github_are_read() {
    let Some(bytes) = shared_file("conformance/github/api-examples.json") else {
        return;
    };
    let examples: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let of = |name: &str| {
        let bytes = serde_json::to_vec(&examples[name]["value"]).unwrap();
        read_all(&bytes).unwrap()
    };
    let listed = of("list-repository-advisories");
    assert_eq!(listed.len(), 2);
    assert!(listed.iter().all(|e| e.advisory.is_ok()));
    let one = of("repository-advisory").remove(0).advisory.unwrap();
    assert_eq!(one.state, State::Published);
    assert_eq!(one.products.len(), 2);
    assert!(one.published.is_some() && one.cve.is_some() && !one.vectors.is_empty());
    let private = of("repository-advisory-pvr").remove(0).advisory.unwrap();
    assert_eq!(private.state, State::Triage);
    assert!(private.reported && private.created.is_some());
    assert_eq!(private.cwes, ["CWE-123"]);
    assert_eq!(private.products[0].patched.as_deref(), Some("1.0.0"));
    let global = of("global-advisory").remove(0).advisory;
    assert!(matches!(global, Err(NotTaken::Database(_))));
}

proptest! {
    #[test]
    fn no_bytes_stop_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_all(&bytes);
    }

    #[test]
    fn a_broken_report_is_read_or_refused(at in 0..REPORT.len(), with in any::<u8>()) {
        let mut bytes = REPORT.as_bytes().to_vec();
        bytes[at] = with;
        if let Ok(all) = read_all(&bytes) {
            for advisory in all.into_iter().filter_map(|e| e.advisory.ok()) {
                let text = advisory.description.reveal();
                prop_assert!(text.chars().all(|c| !c.is_control() || "\n\t".contains(c)));
            }
        }
    }
}
