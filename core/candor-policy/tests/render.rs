//! Rendering: compiling a rendered policy gives the policy again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_policy::{Policy, Rendered, compile, says_the_same, security_md};

fn unlike(r: &Rendered) -> String {
    // Acts are read from lists of any kind; without them a text promises the same.
    let list = |name: &str, all: &[candor_policy::Unshared]| -> String {
        let told = all.iter().filter(|u| u.part != "acts");
        let lines: Vec<String> = told
            .map(|u| format!("{name} {} [{}] {}\n", u.part, u.span, u.words))
            .collect();
        lines.concat()
    };
    list("lost", &r.lost) + &list("added", &r.added)
}

/// Renders, compiles again, and says what is not the same.
fn again(policy: &Policy) -> String {
    let rendered = security_md(policy);
    let back = compile(rendered.text.as_bytes()).unwrap().value;
    let mut out = unlike(&rendered);
    if out.is_empty() && !says_the_same(&back, policy) {
        out.push_str("another order\n");
    }
    if !out.is_empty() {
        out.push_str(&rendered.text);
    }
    out
}

#[test]
fn the_seeds_come_back() {
    let mut all = String::new();
    for prefix in ["000_", "001_", "002_", "003_", "004_"] {
        let Some(policy) = common::seed(prefix) else {
            return;
        };
        let out = again(&policy);
        if !out.is_empty() {
            all = format!("{all}== {prefix}\n{out}\n");
        }
    }
    assert!(all.is_empty(), "{all}");
}

#[test]
fn own_fixtures_come_back() {
    let policy = compile(include_bytes!("fixtures/lantern.md"))
        .unwrap()
        .value;
    let out = again(&policy);
    assert!(out.is_empty(), "{out}");
}

/// Real policies: how many come back wholly. What cannot be said again is named in
/// `lost`, never silently left out.
#[test]
fn most_real_policies_come_back() {
    let Some(folder) = common::shared().map(|s| s.join("policies/texts")) else {
        return;
    };
    let (mut whole, mut all, mut out) = (0, 0, String::new());
    let mut facts = [0_usize; 3];
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    files.sort();
    for file in files {
        let Ok(compiled) = compile(&std::fs::read(&file).unwrap()) else {
            continue;
        };
        let rendered = security_md(&compiled.value);
        all += 1;
        facts[0] += rendered.lost.len();
        facts[1] += rendered.added.len();
        if unlike(&rendered).is_empty() {
            whole += 1;
        } else {
            out = format!("{out}== {}\n{}", file.display(), unlike(&rendered));
        }
    }
    assert!(
        whole * 100 >= all * 60,
        "{whole} of {all}, {facts:?}\n{out}"
    );
}

/// "We will NOT:" and what follows it: the items alone would say the opposite.
#[test]
fn a_list_that_is_denied_keeps_its_denial() {
    for lead in ["**We will NOT:**", "We will not:"] {
        let text = format!(
            "# Security Policy\n\nReport to security@acme.dev.\n\n## Safe Harbor\n\n\
             We support security research conducted in good faith.\n\n{lead}\n\n\
             - Initiate legal action against you\n- Contact law enforcement\n"
        );
        let policy = compile(text.as_bytes()).unwrap().value;
        let rendered = security_md(&policy);
        let (before, _) = rendered.text.split_once("Initiate legal action").unwrap();
        let before = before.to_lowercase();
        assert!(
            before
                .trim_end_matches(['\n', ' ', '-'])
                .ends_with("we will not:"),
            "{}",
            rendered.text
        );
        assert_eq!(unlike(&rendered), "", "{}", rendered.text);
    }
}

#[test]
fn a_draft_is_a_good_policy() {
    let answers = candor_policy::Answers {
        project: "Lanternfish".to_owned(),
        contact: "security@lanternfish.dev".to_owned(),
        repository: "lantern/lanternfish".to_owned(),
        ..candor_policy::Answers::default()
    };
    let draft = answers.draft().unwrap();
    let text = &draft.rendered.text;
    assert_eq!(unlike(&draft.rendered), "", "{text}");
    let compiled = compile(text.as_bytes()).unwrap();
    assert!(says_the_same(&compiled.value, &draft.policy), "{text}");
    assert!(
        compiled.findings.is_empty(),
        "{:#?}\n{text}",
        compiled.findings
    );
    let rung = candor_policy::ladder(&compiled.value);
    assert_eq!(rung.level, 5, "{rung:?}");
    assert_eq!(compiled.value.languages, ["en"]);
    for coverage in candor_policy::coverage(&compiled.value) {
        assert!(coverage.missing.is_empty(), "{coverage:?}");
    }
}

#[test]
fn answers_are_checked() {
    let with = |change: fn(&mut candor_policy::Answers)| {
        let mut answers = candor_policy::Answers {
            contact: "security@lanternfish.dev".to_owned(),
            ..candor_policy::Answers::default()
        };
        change(&mut answers);
        match answers.draft() {
            Ok(draft) => {
                assert_eq!(unlike(&draft.rendered), "", "{}", draft.rendered.text);
                let worst = compile(draft.rendered.text.as_bytes()).unwrap().findings;
                let bad = worst.iter().any(|f| f.level != candor_base::Level::Note);
                assert!(!bad, "{worst:?}");
                "fine".to_owned()
            }
            Err(why) => why.key.to_owned(),
        }
    };
    assert_eq!(with(|_| ()), "fine");
    assert_eq!(with(|a| a.contact.clear()), "contact");
    assert_eq!(
        with(|a| a.contact = "security at site".to_owned()),
        "contact"
    );
    assert_eq!(
        with(|a| a.contact = "security@example.com".to_owned()),
        "contact"
    );
    assert_eq!(with(|a| a.repository = "acme".to_owned()), "repository");
    assert_eq!(with(|a| a.form = "http://x".to_owned()), "form");
    assert_eq!(with(|a| a.key = "https://x.dev/key.asc".to_owned()), "fine");
    assert_eq!(
        with(|a| a.acknowledgement = "soon".to_owned()),
        "acknowledgement"
    );
    assert_eq!(with(|a| a.acknowledgement = "none".to_owned()), "fine");
    assert_eq!(
        with(|a| a.versions = vec!["2.x".to_owned(), ">= 1.4".to_owned()]),
        "fine"
    );
    assert_eq!(
        with(|a| a.versions = vec!["all of them".to_owned()]),
        "versions"
    );
    assert_eq!(
        with(|a| a.in_scope = vec!["The API: everything under api/*".to_owned()]),
        "fine"
    );
    assert_eq!(
        with(|a| a.out_of_scope = vec!["a\nb".to_owned()]),
        "out_of_scope"
    );
    assert_eq!(with(|a| a.credit = false), "fine");
    assert_eq!(
        with(|a| a.safe_harbour = candor_policy::Harbour::Basic),
        "fine"
    );
    assert_eq!(
        with(|a| a.safe_harbour = candor_policy::Harbour::None),
        "fine"
    );
    assert_eq!(with(|a| a.review_months = 6), "fine");
}
