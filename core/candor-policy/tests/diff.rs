//! Differences between two versions of a policy, as a reporter would name them.

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

use candor_policy::{Change, Effect, Policy, Settings, Term, compile, diff, diff_settings};
use proptest::prelude::*;

const HEAD: &str = "# Security policy of Lanternfish\n\nPlease report vulnerabilities to \
                    security@lanternfish.example.\n\n";

fn of(text: &str) -> Policy {
    compile(format!("{HEAD}{text}").as_bytes()).unwrap().value
}

fn words(old: &str, new: &str) -> Vec<String> {
    diff(&of(old), &of(new))
        .iter()
        .map(Change::in_words)
        .collect()
}

#[test]
fn a_promise_says_what_became_of_it() {
    assert_eq!(
        words(
            "We acknowledge your report within 48 hours.",
            "We acknowledge your report within 3 business days."
        ),
        ["acknowledgement: 48 hours \u{2192} 3 business days (weaker)"]
    );
    assert_eq!(
        words(
            "We acknowledge your report within 5 days.",
            "We acknowledge your report within 2 days.\n\nWe will send you status updates every 7 days."
        ),
        [
            "acknowledgement: 5 days \u{2192} 2 days (stronger)",
            "status update: new: every 7 days (stronger)"
        ]
    );
    assert_eq!(
        words(
            "We will acknowledge your report within 48 hours.",
            "We aim to acknowledge your report within 48 hours."
        ),
        ["acknowledgement: 48 hours, promised \u{2192} 48 hours, as a target (weaker)"]
    );
    let gone = words(
        "We acknowledge your report within 48 hours.",
        "We acknowledge your report as soon as possible.",
    );
    assert_eq!(gone.len(), 1, "{gone:?}");
    assert!(gone[0].ends_with("without a number (weaker)"), "{gone:?}");
}

#[test]
fn lines_of_both_versions_are_named() {
    let old = of("We acknowledge your report within 48 hours.");
    let new = of("\n\nWe acknowledge your report within 3 days.");
    let change = diff(&old, &new).remove(0);
    assert_eq!(change.places(), "old line 5, new line 7");
    assert_eq!(change.effect, Effect::Weaker);
}

#[test]
fn what_moved_or_is_said_twice_is_no_difference() {
    let one = "We acknowledge your report within 48 hours.\n\n## Scope\n\nIn scope:\n\n- The \
               server\n- The client\n\nOut of scope:\n\n- Social engineering\n";
    let two = "## Scope\n\nOut of scope:\n\n- Social engineering\n\nIn scope:\n\n- The \
               client\n- The server\n\n## Response\n\nYou can expect an acknowledgement \
               within 48 hours. We will acknowledge your report within 48 hours.\n";
    let only_response = words(one, two);
    assert!(
        !only_response.iter().any(|w| w.contains("scope")),
        "{only_response:?}"
    );
    let said = words(
        one,
        &format!("{one}\n\nWe acknowledge your report within 48 hours.\n"),
    );
    assert_eq!(said, Vec::<String>::new());
}

#[test]
fn other_parts_have_words_of_their_own() {
    let said = words(
        "| Version | Supported |\n|---|---|\n| 1.x | :white_check_mark: |\n| 2.x | :white_check_mark: |\n",
        "| Version | Supported |\n|---|---|\n| 1.x | :x: |\n| 2.x | :white_check_mark: |\n",
    );
    assert_eq!(
        said,
        ["version 1.x: supported \u{2192} not supported (weaker)"]
    );
    let said = words(
        "We follow coordinated disclosure.",
        "We follow coordinated disclosure. We publish details 90 days after the report.",
    );
    assert!(said.iter().any(|w| w.contains("90 days")), "{said:?}");
    let old = compile(b"Report vulnerabilities to a@lanternfish.example.").unwrap();
    let new = compile(b"Report vulnerabilities to b@lanternfish.example.").unwrap();
    let said = diff(&old.value, &new.value);
    assert_eq!(
        said[0].in_words(),
        "channel: e-mail: a@lanternfish.example \u{2192} b@lanternfish.example (changed)"
    );
    let harbour = words(
        "",
        "## Safe harbor\n\nWe will not take legal action against people who report in good faith.",
    );
    assert!(
        harbour
            .iter()
            .any(|w| w.starts_with("safe harbour: new:") && w.ends_with("(stronger)")),
        "{harbour:?}"
    );
}

#[test]
fn settings_that_reporters_feel_are_named() {
    let new = Settings {
        zone: Some("Europe/Oslo".parse().unwrap()),
        four_eyes: true,
        ..Settings::default()
    };
    let said: Vec<String> = diff_settings(&Settings::default(), &new)
        .iter()
        .map(Change::in_words)
        .collect();
    assert_eq!(said, ["setting: time zone: new: Europe/Oslo (changed)"]);
}

fn turned(change: &Change) -> Change {
    Change {
        old: change.new.clone(),
        new: change.old.clone(),
        effect: change.effect.turned(),
        ..change.clone()
    }
}

fn sorted(mut all: Vec<Change>) -> Vec<String> {
    all.sort_by_key(|c| format!("{c:?}"));
    all.iter().map(|c| format!("{c:?}")).collect()
}

fn laws(old: &Policy, new: &Policy) {
    assert!(diff(old, old).is_empty());
    let there = diff(old, new);
    let back: Vec<Change> = diff(new, old).iter().map(turned).collect();
    assert_eq!(sorted(there), sorted(back));
}

#[test]
fn the_laws_hold_between_all_seeds() {
    let seeds: Vec<Policy> = ["000", "001", "002", "003", "004"]
        .into_iter()
        .filter_map(common::seed)
        .collect();
    for old in &seeds {
        for new in &seeds {
            laws(old, new);
        }
        let mut all_numbers = 0;
        for n in 0..old.promises.len() {
            let mut new = old.clone();
            let number = match &mut new.promises[n].value.term {
                Term::Within { amount, .. } | Term::Every { amount, .. } => {
                    *amount += 1;
                    amount.to_string()
                }
                _ => continue,
            };
            all_numbers += 1;
            let said = diff(old, &new);
            assert!(
                said.iter().any(|c| c.part == "promises"
                    && c.new.as_ref().is_some_and(|s| s.text.contains(&number))),
                "{number}: {said:?}"
            );
            laws(old, &new);
        }
        println!("{all_numbers} numbers changed");
    }
}

fn sentence() -> impl Strategy<Value = String> {
    let number = 1..40_u32;
    let unit = prop_oneof![
        Just("hours"),
        Just("days"),
        Just("business days"),
        Just("weeks")
    ];
    prop_oneof![
        (number.clone(), unit.clone())
            .prop_map(|(n, u)| format!("We acknowledge your report within {n} {u}.")),
        (number.clone(), unit.clone())
            .prop_map(|(n, u)| format!("We fix critical vulnerabilities within {n} {u}.")),
        (number.clone(), unit.clone())
            .prop_map(|(n, u)| format!("We send an update every {n} {u}.")),
        (number, unit).prop_map(|(n, u)| format!("We publish details {n} {u} after the report.")),
        Just("We aim to answer as soon as possible.".to_owned()),
        Just("Reporters are credited if they wish.".to_owned()),
        Just("Do not open a public issue.".to_owned()),
        Just("We will not take legal action against you.".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_laws_hold_for_any_two(
        old in proptest::collection::vec(sentence(), 0..6),
        new in proptest::collection::vec(sentence(), 0..6),
    ) {
        laws(&of(&old.join("\n\n")), &of(&new.join("\n\n")));
    }

    #[test]
    fn the_order_of_sentences_is_no_difference(sentences in proptest::collection::vec(sentence(), 0..6)) {
        let mut turned = sentences.clone();
        turned.reverse();
        let said = diff(&of(&sentences.join("\n\n")), &of(&turned.join("\n\n")));
        prop_assert!(said.is_empty(), "{:?}", said);
    }
}
