//! The project's own style of Markdown, and the same text with its marks lost.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_policy::{DisclosureKind, Policy, compile};
use common::{channels, contents, name, promises, scope};

const LANTERN: &str = include_str!("fixtures/lantern.md");

fn policy(text: &str) -> Policy {
    compile(text.as_bytes()).unwrap().value
}

#[test]
fn promises_in_lists_sentences_words_and_ranges() {
    let p = policy(LANTERN);
    assert_eq!(
        promises(&p),
        [
            "28 acknowledgement - within 2 business days target",
            "29 assessment - within 1 to 2 weeks target",
            "30 update - every 10 days target",
            "31 patch-release critical within 30 days target",
            "31 patch-release - within 3 months target",
        ]
    );
}

#[test]
fn code_comments_and_session_times_promise_nothing() {
    let words = serde_json::to_string(&policy(LANTERN)).unwrap();
    for not_said in ["5 minutes", "\"amount\":12", "\"amount\":1,", "2 hours"] {
        assert!(!words.contains(not_said), "{not_said}");
    }
}

#[test]
fn a_window_asked_of_the_reporter_is_a_rule_and_no_promise() {
    let p = policy(LANTERN);
    let windows: Vec<&DisclosureKind> = p
        .disclosure
        .iter()
        .map(|c| &c.value.rule)
        .filter(|r| matches!(r, DisclosureKind::Window { .. }))
        .collect();
    assert_eq!(windows.len(), 1);
    assert_eq!(
        name(windows[0]),
        "{kind:window,amount:60,unit:days,from:receipt}"
    );
    assert_eq!(name(p.follow_up[0].value.after), "[1,weeks]");
}

#[test]
fn channels_contents_scope_and_versions() {
    let p = policy(LANTERN);
    assert_eq!(
        channels(&p),
        [
            "13-15 email security@lantern.dev",
            "13-15 github-advisory https://github.com/lantern/lantern/security/advisories/new *",
        ]
    );
    assert_eq!(
        contents(&p),
        [
            "21 summary asked",
            "22 steps asked",
            "23 versions asked",
            "24 proof_of_concept optional",
        ]
    );
    assert_eq!(
        scope(&p.out_of_scope),
        [
            "47 denial_of_service Denial of service by sheer traffic",
            "48 fork Forks"
        ]
    );
    assert_eq!(p.in_scope[0].value.paths, ["src/wick"]);
    let support: Vec<String> = p.versions.iter().map(|c| name(c.value.support)).collect();
    assert_eq!(support, ["full", "security_only", "none"]);
    assert!(p.safe_harbour[0].value.no_legal_action);
    assert!(p.credit.as_ref().unwrap().value.unless_anonymous);
}

/// What a text says, without its lines: for texts that differ only in marks.
fn said(p: &Policy) -> Vec<String> {
    let bare = |list: Vec<String>| {
        list.into_iter()
            .map(|t| t.split_once(' ').unwrap().1.to_owned())
            .collect::<Vec<_>>()
    };
    let mut out = bare(promises(p));
    out.extend(bare(contents(p)));
    out.extend(bare(scope(&p.in_scope)));
    out.extend(bare(scope(&p.out_of_scope)));
    out.extend(p.versions.iter().map(|c| c.value.label.clone()));
    out.push(name(
        p.channels.iter().map(|c| c.value.kind).collect::<Vec<_>>(),
    ));
    out
}

#[test]
fn lost_heading_marks_change_nothing() {
    let stripped: String = LANTERN
        .lines()
        .map(|l| l.trim_start_matches("### ").trim_start_matches("## "))
        .flat_map(|l| [l, "\n"])
        .collect();
    assert_eq!(said(&policy(&stripped)), said(&policy(LANTERN)));
}

#[test]
fn other_bullets_and_line_ends_change_nothing() {
    let dotted: Vec<String> = LANTERN
        .lines()
        .map(|l| match l.strip_prefix("- ") {
            Some(rest) => format!("· {rest}\r"),
            None => format!("{l}\r"),
        })
        .collect();
    let dotted = dotted.join("\n");
    assert_eq!(said(&policy(&dotted)), said(&policy(LANTERN)));
}

#[test]
fn a_promise_of_two_steps_in_one_row_is_two() {
    let text = "# Security\n\n| Step | Target |\n|---|---|\n| Fix and disclosure | 30 days |\n";
    assert_eq!(
        promises(&policy(text)),
        [
            "5 fix - within 30 days target",
            "5 disclosure - within 30 days target"
        ]
    );
}

#[test]
fn severity_tables_with_two_times_and_lists_by_severity() {
    let table = "# Security\n\n| Severity | First response | Fix |\n|---|---|---|\n| Critical | 24 hours | 7 days |\n| Low | 5 business days | next release |\n";
    assert_eq!(
        promises(&policy(table)),
        [
            "5 acknowledgement critical within 24 hours target",
            "5 fix critical within 7 days target",
            "6 acknowledgement low within 5 business days target",
            "6 fix low with the next release target",
        ]
    );
    let list = "# Security\n\nTarget fix times:\n\n- Critical/High: 7 days\n- Medium: 30 days\n";
    assert_eq!(
        promises(&policy(list)),
        [
            "5 fix critical within 7 days target",
            "5 fix high within 7 days target",
            "6 fix medium within 30 days target",
        ]
    );
}

#[test]
fn two_promises_in_one_sentence() {
    let text = "# Security policy\n\n## Reporting a vulnerability\n\nWe will acknowledge your report within 1 business day, followed by an initial assessment within five business days.\n";
    assert_eq!(
        promises(&policy(text)),
        [
            "5 acknowledgement - within 1 business day commit",
            "5 assessment - within 5 business days commit"
        ]
    );
}

#[test]
fn what_is_no_policy_is_said_so() {
    use candor_policy::NotAPolicy;
    assert_eq!(compile(b" \n\t\n").unwrap_err(), NotAPolicy::Empty);
    assert_eq!(
        compile(b"\x00\x01security").unwrap_err(),
        NotAPolicy::Binary
    );
    assert_eq!(
        compile(b"# Cake\n\nTake four eggs.\n").unwrap_err(),
        NotAPolicy::NotAboutSecurity
    );
    // A few lines of addresses are what a hobby project calls its policy.
    let card = compile(b"ada@lantern.dev\n\nben@lantern.dev\n")
        .unwrap()
        .value;
    assert_eq!(card.channels.len(), 2, "{:?}", card.channels);
    let large = vec![b'a'; (1 << 20) + 1];
    assert_eq!(compile(&large).unwrap_err(), NotAPolicy::TooLarge);
    for one in [
        NotAPolicy::Empty,
        NotAPolicy::Binary,
        NotAPolicy::NotAboutSecurity,
        NotAPolicy::TooLarge,
    ] {
        assert!(one.to_string().contains(char::is_whitespace) && one.code().starts_with("policy-"));
    }
}

#[test]
fn latin_1_is_read_and_noted() {
    let found = compile(b"# Security\n\nWe answer caf\xe9 reports within 3 days.\n").unwrap();
    assert!(found.findings.iter().any(|f| f.code == "encoding-latin-1"));
    assert_eq!(
        promises(&found.value),
        ["3 acknowledgement - within 3 days target"]
    );
}

#[test]
fn the_policy_of_this_repository_can_be_run() {
    let text = include_str!("../../../SECURITY.md");
    let found = compile(text.as_bytes()).unwrap();
    let mut said = found.findings;
    let day = "2026-11-22".parse().unwrap();
    said.extend(candor_policy::lint_on(text, &found.value, day));
    assert!(said.is_empty(), "clean under its own lint: {said:#?}");
    let p = found.value;
    assert!(!p.channels.is_empty() && !p.versions.is_empty() && !p.contents.is_empty());
    assert!(p.known_public_rule.is_some() && p.credit.is_some());
    assert!(p.safe_harbour.iter().any(|c| c.value.no_legal_action));
    let answered = p.promises.iter().any(|c| {
        c.value.milestone == candor_policy::Milestone::Acknowledgement
            && matches!(c.value.term, candor_policy::Term::Within { .. })
    });
    assert!(answered);
}

#[test]
fn how_often_the_policy_is_looked_over_promises_nothing_about_a_report() {
    for sentence in [
        "We review this policy every 6 months.",
        "This policy is reviewed every 6 months.",
        "We review and update this security policy every six months.",
    ] {
        let p = policy(&format!(
            "# Security Policy\n\nReport to security@example.org. {sentence}\n\n\
             We review your report within 5 business days.\n"
        ));
        assert_eq!(
            p.review.as_ref().unwrap().value.every_months,
            6,
            "{sentence}"
        );
        assert_eq!(
            promises(&p),
            ["5 assessment - within 5 business days target"],
            "{sentence}"
        );
    }
}
