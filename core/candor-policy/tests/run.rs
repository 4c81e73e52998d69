//! What works from a compiled policy: form, completeness, support, branches, words, security.txt.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::collections::BTreeMap;

use candor_policy::{
    Branch, ContentKey, Demand, Milestone, PolicyInForce, PromiseKind, Release, Settings, Severity,
    SupportAnswer, branches, complete, form, promises_in_words, security_txt, severity_for,
    support,
};
use common::{clocks, in_force, name};

const KITE: &str = "# Security policy\n\n\
## Supported versions\n\n\
| Version | Supported |\n|---|---|\n| 2.x | Yes |\n| 1.x | Yes |\n| < 1.0 | No |\n\n\
Security patches go to the latest minor version within each supported major line.\n\n\
## Reporting\n\nSend an email to security@kite.dev.\n\n\
Reports must include:\n\n\
- A description of the problem\n- Steps to reproduce (if applicable)\n- Supporting evidence\n\
- Your contact details\n- Suggested fix, if any\n\n\
## In scope\n\n- Backend\n- `src/line/*`\n\n\
## Severity levels\n\n\
| Severity | Examples | Response |\n|---|---|---|\n\
| Critical | Remote code execution | Immediate |\n| Medium | Denial of service | Within 30 days |\n\n\
## Response timeline\n\n- Acknowledgement: within 2 days\n";

fn kite(settings: Settings) -> PolicyInForce {
    in_force(KITE.as_bytes(), settings)
}

fn releases(list: &[&str]) -> Settings {
    Settings {
        releases: list
            .iter()
            .map(|v| Release {
                version: (*v).to_owned(),
                supported: None,
                date: None,
            })
            .collect(),
        ..Settings::default()
    }
}

fn given(pairs: &[(ContentKey, &str)]) -> BTreeMap<ContentKey, String> {
    pairs.iter().map(|(k, t)| (*k, (*t).to_owned())).collect()
}

#[test]
fn the_form_holds_what_is_asked_and_always_a_title_and_a_version() {
    let fields = form(&kite(Settings::default()));
    let keys: Vec<String> = fields.iter().map(|f| name(f.key)).collect();
    assert_eq!(
        keys,
        [
            "summary",
            "description",
            "versions",
            "steps",
            "evidence",
            "suggested_fix",
            "contact"
        ]
    );
    assert!(fields[0].clause.is_none() && fields[1].clause.is_some());
    assert_eq!(fields[1].demand, Demand::Mandatory);
    assert_eq!(fields[3].demand, Demand::IfApplicable);
}

#[test]
fn components_to_choose_come_from_the_scope() {
    let text = format!("{KITE}\n## What to include\n\n- Affected component\n");
    let fields = form(&in_force(text.as_bytes(), Settings::default()));
    let component = fields
        .iter()
        .find(|f| f.key == ContentKey::Component)
        .unwrap();
    assert_eq!(component.choices, ["Backend", "src/line/*"]);
}

#[test]
fn completeness_follows_the_demands() {
    let p = kite(Settings::default());
    let empty = complete(&p, &given(&[]), 0);
    assert_eq!(
        empty.missing_mandatory,
        [ContentKey::Description, ContentKey::Evidence]
    );
    assert_eq!(empty.missing_asked, [ContentKey::Steps]);
    let full = complete(
        &p,
        &given(&[
            (ContentKey::Description, "x"),
            (ContentKey::Steps, "n/a: seen while reading the code"),
        ]),
        1,
    );
    assert!(full.missing_mandatory.is_empty() && full.missing_asked.is_empty());
    assert_eq!(
        full.present,
        [
            ContentKey::Description,
            ContentKey::Steps,
            ContentKey::Evidence
        ]
    );
    let lazy = complete(
        &p,
        &given(&[
            (ContentKey::Steps, "N/A"),
            (ContentKey::Description, "not applicable"),
        ]),
        1,
    );
    assert_eq!(lazy.missing_asked, [ContentKey::Steps]);
    assert_eq!(lazy.missing_mandatory, [ContentKey::Description]);
}

#[test]
fn support_by_rows() {
    let p = kite(Settings::default());
    assert!(
        matches!(support(&p, "v1.4.2"), SupportAnswer::Supported { clause: Some(c) } if c.0 == "version-2")
    );
    assert!(
        matches!(support(&p, "0.9"), SupportAnswer::Unsupported { clause: Some(c), .. } if c.0 == "version-3")
    );
    assert!(matches!(support(&p, "7.0"), SupportAnswer::Unknown { .. }));
    assert!(matches!(
        support(&p, "4f2c91aa"),
        SupportAnswer::Unknown { .. }
    ));
    assert!(matches!(support(&p, " "), SupportAnswer::Unknown { .. }));
}

#[test]
fn support_of_the_latest_only() {
    let text = "# Security\n\nOnly the latest release on the main branch receives security fixes. Please upgrade before reporting a vulnerability.\n\n| Version | Supported |\n|---|---|\n| main (latest) | Yes |\n| Older releases | No |\n";
    let none = in_force(text.as_bytes(), Settings::default());
    assert!(matches!(
        support(&none, "main"),
        SupportAnswer::Supported { .. }
    ));
    assert!(matches!(
        support(&none, "sha256:0af3"),
        SupportAnswer::Unknown { .. }
    ));
    let SupportAnswer::Unknown { why, clause } = support(&none, "v2.1.0") else {
        panic!("nobody said which release is the newest")
    };
    assert_eq!(clause.unwrap().0, "version-2");
    assert!(
        why.contains("Unless it is the newest release") && why.contains("line 8"),
        "{why}"
    );
    assert!(why.contains("You can still send the report"), "{why}");
    // The branch that is supported, and an older release: not all of it is known.
    assert!(matches!(
        support(&none, "main at 4f2c9d1 and v0.9.2"),
        SupportAnswer::Unknown { .. }
    ));
    let known = in_force(text.as_bytes(), releases(&["2.3.0", "2.2.0"]));
    assert!(matches!(
        support(&known, "2.3.0"),
        SupportAnswer::Supported { .. }
    ));
    let SupportAnswer::Unsupported { clause, advice } = support(&known, "2.2.0") else {
        panic!("2.2.0 is older")
    };
    assert_eq!(clause.unwrap().0, "version-2");
    assert!(advice.contains("upgrade before reporting"));
    assert_eq!(
        branches(&known),
        [Branch {
            label: "main (latest)".to_owned(),
            latest: Some("2.3.0".to_owned())
        }]
    );
}

#[test]
fn one_branch_per_supported_major_at_its_latest_minor() {
    let p = kite(releases(&["2.10.1", "2.9.0", "1.4.2", "1.3.9", "0.9.0"]));
    assert_eq!(
        branches(&p),
        [
            Branch {
                label: "2.x".to_owned(),
                latest: Some("2.10.1".to_owned())
            },
            Branch {
                label: "1.x".to_owned(),
                latest: Some("1.4.2".to_owned())
            },
        ]
    );
    let unknown = branches(&kite(Settings::default()));
    assert_eq!(unknown.len(), 2);
    assert!(unknown.iter().all(|b| b.latest.is_none()));
}

#[test]
fn branches_of_a_register_the_owner_keeps() {
    let text = "# Security policy\n\nFor supported versions please refer to the releases page. We backport a patch release into all earlier supported releases.\n";
    let mut settings = releases(&["3.1.0", "3.0.4", "2.9.9"]);
    settings.releases[0].supported = Some(true);
    settings.releases[1].supported = Some(true);
    settings.releases[2].supported = Some(false);
    let labels: Vec<String> = branches(&in_force(text.as_bytes(), settings))
        .into_iter()
        .map(|b| b.label)
        .collect();
    assert_eq!(labels, ["3.1.x", "3.0.x"]);
}

#[test]
fn classes_suggest_a_severity() {
    let p = kite(Settings::default()).policy;
    assert_eq!(
        severity_for(&p, "RCE through a template"),
        Some(Severity::Critical)
    );
    assert_eq!(
        severity_for(&p, "denial-of-service"),
        Some(Severity::Medium)
    );
    assert_eq!(severity_for(&p, "open redirect"), None);
}

#[test]
fn the_owner_answers_what_response_means() {
    let asked = kite(Settings::default());
    assert!(
        clocks(&asked)
            .contains(&"response medium within 30 calendar_day work_started reading".to_owned())
    );
    assert!(
        candor_policy::questions(&asked)
            .iter()
            .any(|f| f.code == "response-ambiguous")
    );
    let answered = kite(Settings {
        response_means: Some(Milestone::Fix),
        ..Settings::default()
    });
    assert!(
        clocks(&answered)
            .contains(&"response medium within 30 calendar_day fix_released policy".to_owned())
    );
    assert!(
        candor_policy::questions(&answered)
            .iter()
            .all(|f| f.code != "response-ambiguous")
    );
}

#[test]
fn only_assessment_and_fix_clocks_pause() {
    let text = "# Security\n\n## Response timeline\n\n- Acknowledgement: 2 days\n- Assessment: 5 days\n- Fix: 2 months\n- Status update: every 2 weeks\n";
    for clock in candor_policy::clocks(&in_force(text.as_bytes(), Settings::default())) {
        let rule = serde_json::to_value(&clock.rule).unwrap();
        let pausable = rule["rule"]["pausable"].as_bool().unwrap();
        let may = matches!(clock.milestone, Milestone::Assessment | Milestone::Fix);
        assert_eq!(pausable, may, "{clock:?}");
        if clock.milestone == Milestone::Update {
            assert_eq!(rule["rule"]["amount"], 14);
        }
    }
}

#[test]
fn promises_in_words_tell_whose_they_are() {
    let lines = promises_in_words(&kite(Settings::default()));
    let ack = lines
        .iter()
        .find(|l| l.text == "A person answers you within 2 days")
        .unwrap();
    assert_eq!(ack.kind, PromiseKind::Number);
    assert_eq!(ack.firmness, "target");
    let own = lines
        .iter()
        .find(|l| l.kind == PromiseKind::CandorDefault)
        .unwrap();
    assert!(own.clause.is_none());
    assert_eq!(own.firmness, "Candor's default");
    assert!(
        lines
            .iter()
            .any(|l| l.text == "You get a status update every 14 days")
    );
}

#[test]
fn security_txt_has_what_rfc_9116_asks() {
    let at = "2027-06-01T00:00:00Z".parse().unwrap();
    let text = security_txt(
        &kite(Settings::default()),
        "https://candor.test/",
        "/p/kite/",
        at,
    );
    assert_eq!(
        text,
        "Contact: mailto:security@kite.dev\n\
         Contact: https://candor.test/p/kite/report\n\
         Expires: 2027-06-01T00:00:00Z\n\
         Acknowledgments: https://candor.test/p/kite/thanks\n\
         Preferred-Languages: en\n\
         Canonical: https://candor.test/.well-known/security.txt\n\
         Policy: https://candor.test/p/kite\n"
    );
}

#[test]
fn an_example_address_is_not_published() {
    let text = KITE.replace("kite.dev", "kite.example.com");
    let p = in_force(text.as_bytes(), Settings::default());
    let at = "2027-06-01T00:00:00Z".parse().unwrap();
    assert!(!security_txt(&p, "https://candor.test", "p/kite", at).contains("example.com"));
}

#[test]
fn what_is_not_run_yet_is_listed_with_its_clause() {
    let p = kite(Settings::default());
    let list = candor_policy::not_yet_run(&p.policy);
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].0.0, "channel-1");
}

#[test]
fn the_digest_names_text_and_settings() {
    let a = kite(Settings::default());
    let b = kite(Settings {
        four_eyes: true,
        ..Settings::default()
    });
    let c = in_force(format!("{KITE}\n").as_bytes(), Settings::default());
    assert!(a.digest != b.digest && a.digest != c.digest);
    assert_eq!(a.digest, kite(Settings::default()).digest);
}
