//! What pages say of a policy stands in the policy: each line shown with a number is
//! found in those lines, and sentences about the policy appear only with their clause.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_access::view::ClauseLine;
use candor_policy::model::DisclosureKind;
use candor_testkit::{Story, seeds};

const RECEIVED: &str = "2026-06-01T08:00:00Z";

/// Letters and digits alone: marks and blanks differ between a source and a page.
fn bare(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    // The target of a link is no word of its sentence.
    while let Some((before, after)) = rest.split_once("](") {
        out.push_str(before);
        rest = after.split_once(')').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// `line 4` and `lines 4-7` as places in the source.
fn span(words: &str) -> (usize, usize) {
    let numbers: Vec<usize> = words
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|n| n.parse().ok())
        .collect();
    (numbers[0], *numbers.last().unwrap())
}

fn source_of(text: &str, lines: &str) -> String {
    let (first, last) = span(lines);
    let all: Vec<&str> = text.lines().collect();
    bare(&all[first - 1..last].join(" "))
}

fn stands_there(text: &str, line: &ClauseLine, place: &str) {
    let Some(lines) = &line.lines else { return };
    let source = source_of(text, lines);
    assert!(
        source.contains(&bare(&line.text)),
        "{place}, {lines}: {}",
        line.text
    );
    for mark in ["**", "`", "]("] {
        assert!(!line.text.contains(mark), "{place}: {}", line.text);
    }
}

#[test]
fn every_line_with_a_number_quotes_these_lines() {
    for seed in 0..5 {
        let Some(mut story) = Story::seed(seed) else {
            return;
        };
        story.received_at(RECEIVED);
        let bytes = seeds::seed(seed).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let form = story.form_page();
        let room = story.room();
        let page = story.policy_page();
        for (place, lines) in [
            ("form: ban", &form.public_ban),
            ("form: duties", &form.duties),
            ("form: safe harbour", &form.safe_harbour),
            ("form: when", &form.when_to_report),
            ("form: out of scope", &form.out_of_scope),
            ("form: channels", &form.channels),
            ("room: duties", &room.duties),
            ("room: safe harbour", &room.safe_harbour),
        ] {
            for line in lines {
                stands_there(&text, line, &format!("seed {seed}, {place}"));
            }
        }
        // Severities are drawn from a row, not quoted.
        for section in page.sections.iter().filter(|s| s.id != "severity") {
            for line in &section.lines {
                stands_there(&text, line, &format!("seed {seed}, policy: {}", section.id));
            }
        }
        for promise in &page.promises {
            if let (Some(quote), Some(lines)) = (&promise.quote, &promise.lines) {
                assert!(source_of(&text, lines).contains(&bare(quote)), "{quote}");
            }
        }
    }
}

#[test]
fn the_room_says_of_the_embargo_only_what_the_policy_says() {
    for seed in 0..5 {
        let Some(mut story) = Story::seed(seed) else {
            return;
        };
        story.received_at(RECEIVED);
        let bytes = seeds::seed(seed).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let terms = story.room().embargo.unwrap_or_default();
        let asks = story.policy().disclosure.iter().any(|c| {
            matches!(
                c.value.rule,
                DisclosureKind::UntilFixed | DisclosureKind::UntilValidatedOrAgreed
            )
        });
        assert!(!terms.contains("silence"), "seed {seed}: {terms}");
        assert!(asks || !terms.contains("The policy asks"), "{terms}");
        // Each sentence about the policy carries the policy's own words and their place.
        let said = terms.matches("The policy").count();
        let quotes: Vec<&str> = terms.split('\u{201c}').skip(1).collect();
        assert_eq!(said, quotes.len(), "seed {seed}: {terms}");
        for quote in quotes {
            let (words, rest) = quote.split_once('\u{201d}').unwrap();
            let lines = rest.split_once(')').unwrap().0;
            assert!(source_of(&text, lines).contains(&bare(words)), "{words}");
        }
        match seed {
            0 => assert!(terms.contains("The policy asks"), "{terms}"),
            1 => assert!(
                terms.contains("line 30") && !terms.contains("The policy asks"),
                "{terms}"
            ),
            _ => assert!(terms.is_empty(), "seed {seed}: {terms}"),
        }
    }
}

#[test]
fn an_item_that_asks_for_two_things_is_shown_once() {
    for seed in 0..5 {
        let Some(story) = Story::seed(seed) else {
            return;
        };
        let page = story.policy_page();
        let contents = page.sections.iter().find(|s| s.id == "contents").unwrap();
        for (i, line) in contents.lines.iter().enumerate() {
            assert!(
                !contents.lines[..i]
                    .iter()
                    .any(|l| l.text == line.text && l.lines == line.lines),
                "seed {seed}: {} twice",
                line.text
            );
        }
    }
}

#[test]
fn the_safe_harbour_of_seed_1_is_one_promise_in_order() {
    let Some(story) = Story::seed(1) else { return };
    for lines in [
        story.form_page().safe_harbour,
        story
            .policy_page()
            .sections
            .into_iter()
            .find(|s| s.id == "safe-harbour")
            .unwrap()
            .lines,
    ] {
        let shown: Vec<(&str, &str, Option<&str>)> = lines
            .iter()
            .map(|l| {
                (
                    l.lines.as_deref().unwrap(),
                    l.text.as_str(),
                    l.note.as_deref(),
                )
            })
            .collect();
        let part = Some("part of the promise");
        assert_eq!(
            shown,
            [
                (
                    "line 47",
                    "We strongly support good-faith security research.",
                    Some("a statement of support, not a promise of no legal action")
                ),
                (
                    "line 47",
                    "If you act in good faith, following this policy, we will:",
                    part
                ),
                ("line 48", "Not pursue legal action against you", part),
                (
                    "line 49",
                    "Work with you to understand and resolve the issue",
                    part
                ),
                (
                    "line 50",
                    "Credit you in the security advisory (if you wish)",
                    part
                ),
            ]
        );
    }
}
