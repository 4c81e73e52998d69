//! What a finished advisory is, what blocks one, and what is written from it.
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

use candor_advisory::{
    Advisory, AdvisoryDraft, CsafError, CsafPlace, FixDraft, Status, changelog_entry, check,
    csaf_filename, finish, plain_text, to_csaf,
};
use candor_base::Level;
use common::{any_draft, draft, issue};
use proptest::prelude::*;
use serde_json::Value;

fn codes(draft: &AdvisoryDraft, level: Level) -> Vec<String> {
    let findings = check(draft).into_iter().filter(|f| f.level == level);
    findings.map(|f| f.code).collect()
}

fn errors(change: impl Fn(&mut AdvisoryDraft)) -> Vec<String> {
    let mut draft = draft();
    change(&mut draft);
    codes(&draft, Level::Error)
}

fn advisory() -> Advisory {
    finish(&draft(), issue(Status::Final, &[0])).unwrap()
}

#[test]
fn a_careful_draft_has_nothing_to_mend() {
    assert_eq!(check(&draft()), Vec::new());
}

#[test]
fn an_empty_draft_is_told_all_it_lacks_at_once() {
    assert_eq!(
        codes(&AdvisoryDraft::default(), Level::Error),
        [
            "title-missing",
            "summary-missing",
            "product-missing",
            "severity-missing",
            "mitigation-missing"
        ]
    );
}

#[test]
fn each_gate_blocks_by_itself() {
    type Change = fn(&mut AdvisoryDraft);
    let gates: [(&str, Change); 19] = [
        ("title-missing", |d| d.title = " ".to_owned()),
        ("title-unreadable", |d| d.title = "x".repeat(301)),
        ("summary-missing", |d| d.summary.clear()),
        ("product-missing", |d| d.products.clear()),
        ("product-name-missing", |d| d.products[0].name.clear()),
        ("affected-versions-missing", |d| {
            d.products[0].affected.clear();
        }),
        ("affected-versions-unreadable", |d| {
            d.products[0].affected[0].versions = "old ones".to_owned();
        }),
        ("fix-open", |d| {
            d.products[0].affected[0].fix = FixDraft::Open;
        }),
        ("fixed-version-missing", |d| {
            d.products[0].affected[0].fix = FixDraft::In(String::new());
        }),
        ("reason-for-no-fix-missing", |d| {
            d.products[0].affected[1].fix = FixDraft::NotPlanned(" ".to_owned());
        }),
        ("versions-contradict", |d| {
            d.products[0].not_affected = vec!["2.4.1".to_owned()];
        }),
        ("versions-contradict", |d| {
            d.products[0].affected[0].versions = "2.4.1".to_owned();
        }),
        ("versions-twice", |d| {
            let row = d.products[0].affected[0].clone();
            d.products[0].affected.push(row);
        }),
        ("product-twice", |d| {
            let mut other = d.products[0].clone();
            other.name = "THREATDEX".to_owned();
            d.products.push(other);
        }),
        ("severity-missing", |d| d.severity = None),
        ("mitigation-missing", |d| d.mitigation.clear()),
        ("mitigation-contradicts", |d| d.no_mitigation_known = true),
        ("cwe-prohibited", |d| d.cwe = "CWE-92".to_owned()),
        ("link-of-a-reference-unreadable", |d| {
            d.references[0].url = "javascript:alert(1)".to_owned();
        }),
    ];
    for (code, change) in gates {
        let found = errors(change);
        assert_eq!(found, [code]);
        let mut draft = draft();
        change(&mut draft);
        let refused = finish(&draft, issue(Status::Final, &[0])).unwrap_err();
        assert!(refused.iter().any(|f| f.code == code));
    }
}

#[test]
fn vectors_are_checked_and_compared_with_the_word() {
    assert_eq!(
        errors(|d| d.cvss[0] = "CVSS:3.1/AV:N".to_owned()),
        ["cvss-vector-unreadable"]
    );
    assert_eq!(errors(|d| d.cvss.push(d.cvss[0].clone())), ["cvss-twice"]);
    let mut far = draft();
    far.cvss = vec!["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".to_owned()];
    assert_eq!(codes(&far, Level::Warning), ["severity-and-score-apart"]);
    let mut four = draft();
    four.cvss = vec!["CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N".to_owned()];
    assert_eq!(codes(&four, Level::Error), Vec::<String>::new());
    assert_eq!(codes(&four, Level::Note), ["cvss-only-4"]);
    let text = to_csaf(
        &finish(&four, issue(Status::Final, &[0])).unwrap(),
        &CsafPlace::default(),
    );
    let json: Value = serde_json::from_str(&text.unwrap()).unwrap();
    let vulnerability = &json["vulnerabilities"][0];
    assert!(vulnerability["scores"].is_null());
    let note = vulnerability["notes"].as_array().unwrap().iter();
    assert_eq!(note.filter(|n| n["title"] == "CVSS 4.0").count(), 1);
}

#[test]
fn lists_have_an_end() {
    let many = |d: &mut AdvisoryDraft| d.interim = vec!["Wait.".to_owned(); 201];
    assert_eq!(errors(many), ["too-many"]);
    let enough = |d: &mut AdvisoryDraft| d.interim = vec!["Wait.".to_owned(); 200];
    assert_eq!(errors(enough), Vec::<String>::new());
}

#[test]
fn a_draft_does_not_show_in_debug_output() {
    let shown = format!("{:?} {:?}", draft(), draft().credits);
    assert!(
        !shown.contains("ThreatDex") && !shown.contains("Ada"),
        "{shown}"
    );
}

#[test]
fn a_name_in_the_text_is_warned_of() {
    let mut named = draft();
    named.summary = "Found by Ada Lovelace.".to_owned();
    assert_eq!(codes(&named, Level::Warning), ["credit-in-text"]);
    assert_eq!(
        errors(|d| {
            d.credits[0].name.clear();
            d.credits[0].organisation.clear();
        }),
        ["credit-empty"]
    );
}

#[test]
fn dates_and_revisions_must_be_in_order() {
    let refused = |change: fn(&mut candor_advisory::Issue)| {
        let mut issue = issue(Status::Final, &[0, 60]);
        change(&mut issue);
        finish(&draft(), issue).unwrap_err()[0].code.clone()
    };
    assert_eq!(refused(|i| i.revisions.clear()), "revision-missing");
    assert_eq!(refused(|i| i.revisions.reverse()), "revisions-out-of-order");
    assert_eq!(
        refused(|i| i.revisions[1].number = 3),
        "revisions-out-of-order"
    );
    assert_eq!(
        refused(|i| i.revisions[1].date = i.revisions[0].date),
        "revisions-out-of-order"
    );
    assert_eq!(
        refused(|i| i.reported = Some(i.revisions[0].date.plus_seconds(1))),
        "dates-out-of-order"
    );
}

#[test]
fn the_file_name_is_the_one_the_standard_demands() {
    assert_eq!(
        csaf_filename(&"TDX-2026-7K3F9QMA".parse().unwrap()),
        "tdx-2026-7k3f9qma.json"
    );
    assert_eq!(csaf_filename(&"A.._b.1".parse().unwrap()), "a_b_1.json");
    let wrong = CsafPlace {
        document: Some("https://threatdex.example/x.json".parse().unwrap()),
        page: None,
    };
    assert_eq!(
        to_csaf(&advisory(), &wrong),
        Err(CsafError::WrongFilename(
            "tdx-2026-7k3f9qma.json".to_owned()
        ))
    );
}

#[test]
fn a_draft_leaves_no_public_text() {
    let draft = finish(&draft(), issue(Status::Draft, &[0])).unwrap();
    assert_eq!(changelog_entry(&draft), None);
    let page = "https://threatdex.example/a".parse().unwrap();
    assert!(candor_advisory::atom::entry(&draft, &page).is_none());
    let csaf = to_csaf(&draft, &CsafPlace::default()).unwrap();
    assert!(csaf.contains("\"AMBER\"") && !csaf.contains("\"WHITE\""));
    assert!(plain_text(&draft).contains("DRAFT, not published"));
}

#[test]
fn a_draft_shows_no_date_of_what_has_not_happened() {
    let mut plain = draft();
    "https://threatdex.example/releases/2.4.1".clone_into(&mut plain.references[0].url);
    plain.references[0].summary.clear();
    let first = plain_text(&finish(&plain, issue(Status::Draft, &[0])).unwrap());
    assert!(first.contains("Published: not published yet"), "{first}");
    assert!(!first.contains("2026-11-22T10:00:00Z"), "{first}");
    assert!(!first.contains("Revisions"), "{first}");
    let link = "https://threatdex.example/releases/2.4.1";
    assert_eq!(first.matches(link).count(), 1, "{first}");

    let change = plain_text(&finish(&plain, issue(Status::Draft, &[0, 3600])).unwrap());
    assert!(
        change.contains("Published: 2026-11-22T10:00:00Z"),
        "{change}"
    );
    assert!(
        change.contains("This change: not published yet"),
        "{change}"
    );
    assert!(!change.contains("2026-11-22T11:00:00Z"), "{change}");
}

#[test]
fn commits_are_versions_in_csaf_and_ranges_of_commits_are_ranges() {
    let mut draft = draft();
    draft.products[0].affected[0].versions = "main before 4f2c9d1".to_owned();
    draft.products[0].affected[0].fix = FixDraft::In("4f2c9d1".to_owned());
    draft.products[0].affected[1].versions = "main (latest)".to_owned();
    let made = finish(&draft, issue(Status::Final, &[0])).unwrap();
    let csaf = to_csaf(&made, &CsafPlace::default()).unwrap();
    let csaf: Value = serde_json::from_str(&csaf).unwrap();
    let leaves = &csaf["product_tree"]["branches"][0]["branches"][0]["branches"];
    let leaf = |n: usize| {
        let leaf: &Value = &leaves[n];
        (
            leaf["category"].as_str().unwrap(),
            leaf["name"].as_str().unwrap(),
        )
    };
    assert_eq!(leaf(0), ("product_version_range", "main before 4f2c9d1"));
    assert_eq!(leaf(1), ("product_version", "4f2c9d1"));
    assert_eq!(leaf(2), ("product_version", "main (latest)"));
}

#[test]
fn the_changelog_entry_names_id_severity_and_versions() {
    assert_eq!(
        changelog_entry(&advisory()).unwrap(),
        "- **TDX-2026-7K3F9QMA**: Search in ThreatDex shows notes of other teams. \
         Severity Medium, CVSS 3.1 6.5. ThreatDex from 2.0, before 2.4.1: fixed in 2.4.1; \
         ThreatDex from 1, before 2: no fix planned.\n"
    );
}

#[test]
fn the_plain_text_says_everything() {
    let expected = "\
TDX-2026-7K3F9QMA: Search in ThreatDex shows notes of other teams
Severity: Medium
CVSS 3.1: 6.5 (Medium) CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N
Weakness: CWE-863, Incorrect Authorization
Publisher: The ThreatDex project
Reported: 2026-11-21T10:00:00Z
Published: 2026-11-22T10:00:00Z
Updated: 2026-11-22T11:00:00Z

A signed-in user can read notes of other teams through the search.
Update to 2.4.1.

The search did not filter by team.

- introduced in 1.0
- found in review

Affected
  ThreatDex from 2.0, before 2.4.1: fixed in 2.4.1
  ThreatDex from 1, before 2: no fix planned: 1.x is no longer supported.

Not affected
  ThreatDex before 1.0

Kind of fix
  patch

Mitigation
  Switch the search off: `search = false`.

For the time being
  Remove the search right from guests.

Rebuild
  Rebuild from registry.example/threatdex@sha256:0123.

Exploitation
  No attacks are known.

References
  Release notes of 2.4.1
  https://threatdex.example/releases/2.4.1

Thanks
  Ada Lovelace (Analytical Engines), reported the vulnerability https://ada.example/

Revisions
  1 2026-11-22T10:00:00Z: Published.
  2 2026-11-22T11:00:00Z: Corrected.
";
    let updated = finish(&draft(), issue(Status::Final, &[0, 3600])).unwrap();
    assert_eq!(plain_text(&updated), expected);
}

/// Removes the credits and everything in them.
fn without_acknowledgments(csaf: &Value) -> String {
    let mut csaf = csaf.clone();
    csaf["document"]
        .as_object_mut()
        .unwrap()
        .remove("acknowledgments");
    csaf.to_string()
}

fn ids(list: &Value) -> BTreeSet<String> {
    let list = list.as_array().cloned().unwrap_or_default();
    list.iter()
        .map(|id| id.as_str().unwrap().to_owned())
        .collect()
}

fn defined(node: &Value, out: &mut Vec<String>) {
    if let Some(id) = node["product"]["product_id"].as_str() {
        out.push(id.to_owned());
    }
    for branch in node["branches"].as_array().into_iter().flatten() {
        defined(branch, out);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_complete_draft_becomes_an_advisory(draft in any_draft()) {
        let advisory = finish(&draft, issue(Status::Final, &[0, 5])).unwrap();
        let json = serde_json::to_string(&advisory).unwrap();
        prop_assert_eq!(serde_json::from_str::<Advisory>(&json).unwrap(), advisory);
        let json = serde_json::to_string(&draft).unwrap();
        prop_assert_eq!(serde_json::from_str::<AdvisoryDraft>(&json).unwrap(), draft);
    }

    #[test]
    fn csaf_is_consistent_and_names_people_only_in_the_credits(draft in any_draft()) {
        let advisory = finish(&draft, issue(Status::Final, &[0, 5])).unwrap();
        let text = to_csaf(&advisory, &CsafPlace::default()).unwrap();
        prop_assert_eq!(&text, &to_csaf(&advisory, &CsafPlace::default()).unwrap());
        let csaf: Value = serde_json::from_str(&text).unwrap();
        for credit in &draft.credits {
            prop_assert!(!without_acknowledgments(&csaf).contains(&credit.name));
            prop_assert!(text.contains(&credit.name));
        }
        let vulnerability = &csaf["vulnerabilities"][0];
        let status = &vulnerability["product_status"];
        let mut all = Vec::new();
        defined(&csaf["product_tree"], &mut all);
        let unique: BTreeSet<String> = all.iter().cloned().collect();
        prop_assert_eq!(unique.len(), all.len(), "an id is defined twice");
        let affected = ids(&status["known_affected"]);
        let (fixed, safe) = (ids(&status["fixed"]), ids(&status["known_not_affected"]));
        prop_assert!(affected.is_disjoint(&fixed) && affected.is_disjoint(&safe) && fixed.is_disjoint(&safe));
        let said: BTreeSet<String> = affected.union(&fixed).chain(&safe).cloned().collect();
        prop_assert_eq!(said, unique, "an id is used but not defined, or the other way round");
        // Each affected version has exactly one answer.
        let answers = vulnerability["remediations"].as_array().unwrap().iter();
        let answers = answers.filter(|r| r["category"] != "mitigation" && r["category"] != "workaround");
        let answered: Vec<String> = answers.flat_map(|r| ids(&r["product_ids"])).collect();
        prop_assert_eq!(answered.len(), affected.len());
        prop_assert_eq!(answered.into_iter().collect::<BTreeSet<_>>(), affected);
    }

    #[test]
    fn texts_name_everything_that_is_affected(draft in any_draft()) {
        let advisory = finish(&draft, issue(Status::Final, &[0])).unwrap();
        let (plain, entry) = (plain_text(&advisory), changelog_entry(&advisory).unwrap());
        prop_assert_eq!(entry.lines().count(), 1);
        for product in &advisory.content.products {
            for row in &product.affected {
                let words = format!("{} {}", product.name, row.versions);
                prop_assert!(plain.contains(&words) && entry.contains(&words));
            }
        }
    }

    #[test]
    fn checking_odd_text_never_panics(texts in prop::collection::vec(".{0,40}", 12)) {
        let mut odd = draft();
        odd.title.clone_from(&texts[0]);
        odd.summary.clone_from(&texts[1]);
        odd.products[0].name.clone_from(&texts[2]);
        odd.products[0].affected[0].versions.clone_from(&texts[3]);
        odd.products[0].affected[0].fix = FixDraft::In(texts[4].clone());
        odd.products[0].not_affected = vec![texts[5].clone()];
        odd.cvss = vec![texts[6].clone()];
        odd.cwe.clone_from(&texts[7]);
        odd.cve.clone_from(&texts[8]);
        odd.references[0].url.clone_from(&texts[9]);
        odd.credits[0].link.clone_from(&texts[10]);
        odd.products[0].purl.clone_from(&texts[11]);
        let blocked = check(&odd).iter().any(|f| f.level == Level::Error);
        prop_assert_eq!(finish(&odd, issue(Status::Final, &[0])).is_err(), blocked);
    }
}
