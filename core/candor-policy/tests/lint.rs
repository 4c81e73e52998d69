//! What lint says, and what it does not say.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::collections::BTreeSet;

use candor_policy::{
    LINT_RULES, LintedFile, Standard, compile, coverage, ladder, lint, lint_on, lint_rule,
    lint_security_txt, sarif,
};
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 22);

/// Code and first line of everything said about a text.
fn said(text: &str) -> Vec<(String, Option<u32>)> {
    let compiled = compile(text.as_bytes()).unwrap();
    let mut all = lint(&compiled.value, compiled.findings);
    all.extend(lint_on(text, &compiled.value, TODAY));
    all.into_iter()
        .map(|f| (f.code, f.span.map(|s| s.first)))
        .collect()
}

fn has(text: &str, code: &str, line: u32) {
    let all = said(text);
    assert!(
        all.contains(&(code.to_owned(), Some(line))),
        "{code} on line {line} is not among {all:?} for:\n{text}"
    );
}

fn has_not(text: &str, code: &str) {
    let all = said(text);
    assert!(
        all.iter().all(|(c, _)| c != code),
        "{code} is among {all:?} for:\n{text}"
    );
}

/// A policy that leaves nothing to be said.
const GOOD: &str = "\
# Security Policy of Lantern

## Supported versions

Only the latest release gets security fixes.

## Reporting a vulnerability

Please use [private vulnerability reporting](https://github.com/lantern/lantern/security/advisories/new)
or write to security@lantern.dev. Please do not open a public issue.

Please include:

- the affected version
- steps to reproduce
- the impact

## Response

- Acknowledgement: within 2 business days
- Assessment: within 10 business days
- Status updates: every 14 days
- Fix released: within 60 days

## Disclosure

We follow coordinated disclosure. We publish details within 90 days of the report,
as a GitHub security advisory and in the changelog.
We credit reporters in the advisory unless they prefer to stay anonymous.

## Scope

In scope:

- The server and its API

Out of scope:

- Denial of service by volume

## Safe harbor

We consider research that follows this policy authorized, exempt it from our terms of
service, and will not take legal action against you.

We ask that you:

- use your own accounts
- do not access other people's data
";

#[test]
fn a_good_policy_has_nothing_to_mend() {
    assert_eq!(said(GOOD), [], "a good policy");
    let policy = compile(GOOD.as_bytes()).unwrap().value;
    assert_eq!(ladder(&policy).level, 5);
    assert_eq!(ladder(&policy).next, None);
    for one in coverage(&policy) {
        assert!(one.missing.is_empty(), "{one:?}");
    }
}

#[test]
fn each_finding_stands_on_its_line() {
    let head = "# Security policy\n\n";
    for (code, line, text) in [
        (
            "link-differs",
            3,
            "Report to [security@a.dev](mailto:old@a.dev).",
        ),
        (
            "obfuscated-address",
            3,
            "Report vulnerabilities to security [at] lantern.dev.",
        ),
        (
            "broken-anchor",
            3,
            "How to report a vulnerability: see [below](#reporting).",
        ),
        (
            "legal-threat",
            3,
            "Whoever attacks our servers will be prosecuted.",
        ),
        (
            "example-address",
            3,
            "Report vulnerabilities to security@example.com.",
        ),
        (
            "public-channel",
            3,
            "To report a vulnerability, please open a public issue.",
        ),
        (
            "promise-without-number",
            3,
            "We will respond to reports as soon as possible.",
        ),
        (
            "clock-runs-at-night",
            3,
            "We will acknowledge your report within 24 hours.",
        ),
        (
            "embargo-shorter-than-fix",
            4,
            "We will release a fix within 120 days of the report.\n\
             Please allow 90 days before public disclosure.",
        ),
        (
            "answer-after-assessment",
            3,
            "- Acknowledgement: within 10 days\n- Assessment: within 5 days",
        ),
        (
            "updates-rarer-than-fix",
            3,
            "- Status updates: every 90 days\n- Fix: within 30 days",
        ),
        (
            "severity-upside-down",
            5,
            "Fix times:\n\n- Critical: fixed within 30 days\n- Low: fixed within 7 days",
        ),
        (
            "two-deadlines",
            4,
            "- Acknowledgement: within 2 days\n- Acknowledgement: within 5 days",
        ),
        (
            "two-deadlines",
            5,
            "The embargo period is 90 days.\n\nThe embargo period is 30 days.",
        ),
        (
            "sample-versions",
            5,
            "| Version | Supported |\n|---|---|\n| 5.1.x | :white_check_mark: |\n| 5.0.x | :x: |\n\
             | 4.0.x | :white_check_mark: |\n| < 4.0 | :x: |",
        ),
    ] {
        has(&format!("{head}{text}\n"), code, line);
    }
}

#[test]
fn innocent_words_are_left_alone() {
    let head = "# Security policy\n\n";
    for (code, text) in [
        ("legal-threat", "We will not take legal action against you."),
        (
            "link-differs",
            "Report to [our team](mailto:security@a.dev).",
        ),
        (
            "link-differs",
            "Report to [security@a.dev](mailto:security@a.dev?subject=Report).",
        ),
        (
            "broken-anchor",
            "See [reporting](#reporting).\n\n## Reporting\n\nReport a vulnerability.",
        ),
        (
            "broken-anchor",
            "See [x](#y) on vulnerabilities.\n\n<a id=\"y\"></a>",
        ),
        (
            "obfuscated-address",
            "We look at (atomic) security problems.",
        ),
        (
            "clock-runs-at-night",
            "We will acknowledge your report within 2 business days.",
        ),
        (
            "clock-runs-at-night",
            "We will acknowledge your report within 72 hours.",
        ),
        (
            "embargo-shorter-than-fix",
            "We will release a fix within 90 days of the report.\n\
             Please allow 90 days before public disclosure.",
        ),
        (
            "answer-after-assessment",
            "- Acknowledgement: within 3 business days\n- Assessment: within 5 days",
        ),
        (
            "severity-upside-down",
            "Fix times:\n\n- Critical: fixed within 7 days\n- Low: fixed within 30 days",
        ),
        (
            "sample-versions",
            "| Version | Supported |\n|---|---|\n| 5.1.x | yes |\n| < 5.1 | no |",
        ),
    ] {
        has_not(&format!("{head}{text}\n"), code);
    }
}

#[test]
fn a_table_of_versions_grows_old() {
    let table = |day: &str| {
        format!(
            "# Security policy\n\n| Version | Supported | End of support |\n|---|---|---|\n\
             | 2.x | yes | {day} |\n| 1.x | no | 2020-01-01 |\n"
        )
    };
    has(&table("2026-11-21"), "support-ended", 5);
    has_not(&table("2026-11-22"), "support-ended");
}

#[test]
fn every_code_has_its_page_and_every_page_its_code() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/lint");
    let pages: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "README.md")
        .collect();
    let rules: BTreeSet<String> = LINT_RULES
        .iter()
        .map(|r| format!("{}.md", r.code))
        .collect();
    assert_eq!(pages, rules);
    assert_eq!(LINT_RULES.len(), rules.len(), "a code stands twice");
    let index = std::fs::read_to_string(format!("{folder}/README.md")).unwrap();
    for rule in LINT_RULES {
        assert!(rule.page.starts_with(&format!("# {}\n", rule.code)));
        assert!(
            index.contains(&format!("({}.md)", rule.code)),
            "{}",
            rule.code
        );
        assert_eq!(lint_rule(rule.code), Some(*rule));
    }
}

/// Every code that any source file of the crate writes is a rule.
#[test]
fn no_finding_is_without_a_rule() {
    let mut folders = vec![std::path::PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src"
    ))];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for (at, _) in source.match_indices("code: \"") {
                let code = source[at + 7..].split('"').next().unwrap();
                if source[at..].starts_with(&format!("code: \"{code}\".to_owned()")) {
                    assert!(lint_rule(code).is_some(), "{code} in {}", path.display());
                    seen += 1;
                }
            }
        }
    }
    assert!(seen >= 2, "the search found {seen} codes");
}

#[test]
fn sarif_names_rule_level_file_and_lines() {
    let text = "# Security policy\n\nReport vulnerabilities to security@example.com.\n";
    let compiled = compile(text.as_bytes()).unwrap();
    let findings = lint(&compiled.value, compiled.findings);
    let log = sarif(
        &[LintedFile {
            path: "docs/our policy.md",
            findings: &findings,
        }],
        "1.2.3",
        Some("https://your.site/candor/"),
    );
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["version"], "1.2.3");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), LINT_RULES.len());
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), findings.len());
    let one = results
        .iter()
        .find(|r| r["ruleId"] == "example-address")
        .unwrap();
    assert_eq!(one["level"], "error");
    let rule = &rules[usize::try_from(one["ruleIndex"].as_u64().unwrap()).unwrap()];
    assert_eq!(rule["id"], "example-address");
    assert_eq!(
        rule["helpUri"],
        "https://your.site/candor/docs/lint/example-address.md"
    );
    let place = &one["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "docs/our%20policy.md");
    assert_eq!(place["region"]["startLine"], 3);
    // A whole path is a whole address: hosts refuse relative references with a slash.
    let whole = LintedFile {
        path: "/srv/SECURITY.md",
        findings: &findings,
    };
    let log = sarif(&[whole], "1.2.3", None);
    assert_eq!(
        log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "file:///srv/SECURITY.md"
    );
}

#[test]
fn guides_say_what_is_missing() {
    let text = "# Security policy\n\nReport vulnerabilities to security@lantern.dev.\n";
    let policy = compile(text.as_bytes()).unwrap().value;
    assert_eq!(ladder(&policy).level, 1);
    let iso = coverage(&policy)
        .into_iter()
        .find(|c| c.standard == Standard::Iso29147)
        .unwrap();
    assert_eq!(iso.asked, 9);
    assert_eq!(iso.missing.len(), 8, "{iso:?}");
    assert!(!iso.missing.contains(&"a way to report"));
}

/// The recorded verdicts of another parser of security.txt.
#[test]
fn security_txt_is_judged_as_others_judge_it() {
    let Some(shared) = common::shared() else {
        return;
    };
    let path = shared.join("conformance/securitytxt/sectxt-cases.json");
    let cases: Vec<serde_json::Value> =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut judged = 0;
    for case in &cases {
        let text = case["content"].as_str().unwrap();
        // Cases without text are about how a file is served.
        if text.is_empty() {
            continue;
        }
        let day: Date = case["run_on"].as_str().unwrap().parse().unwrap();
        let found = lint_security_txt(text, day);
        let bad: Vec<&str> = found
            .iter()
            // That a file ends soon does not make it wrong.
            .filter(|f| f.level != candor_base::Level::Note && f.code != "security-txt-near")
            .map(|f| f.code.as_str())
            .collect();
        assert_eq!(
            bad.is_empty(),
            case["valid"].as_bool().unwrap(),
            "{}: {bad:?}, wanted {}\n{text}",
            case["test"],
            case["errors"]
        );
        judged += 1;
    }
    assert!(judged >= 20, "{judged} cases");
}

#[test]
fn a_security_txt_is_spoken_of_before_its_end() {
    let text = "Contact: mailto:security@lantern.dev\nExpires: 2026-11-30T00:00:00Z\n";
    let near = |day: &str| {
        let found = lint_security_txt(text, day.parse().unwrap());
        let about = found
            .into_iter()
            .find(|f| f.code.starts_with("security-txt-"));
        about.map(|f| (f.code, f.message))
    };
    assert_eq!(near("2026-10-30"), None);
    for (day, words) in [
        ("2026-10-31", "in 30 days"),
        ("2026-11-22", "in 8 days, on 2026-11-30"),
        ("2026-11-29", "tomorrow"),
        ("2026-11-30", "today"),
    ] {
        let (code, message) = near(day).unwrap();
        assert_eq!(code, "security-txt-near", "{day}");
        assert!(message.contains(words), "{message}");
    }
    assert_eq!(near("2026-12-01").unwrap().0, "security-txt-expired");
}
