//! No rule and no word in a table names a project: the compiler is built for
//! the language of policies, not for the texts it is measured on.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a test that cannot go on should stop; it reads source and labels"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Names that are words of the language as well: "safe harbor", "git tag", a
/// scorecard; and a tracker that many projects run, told by its address.
const WORDS: [&str; 4] = ["bugzilla", "git", "harbor", "scorecard"];

fn labels() -> Option<PathBuf> {
    let found = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|a| a.join("shared/policies/labels"))
        .find(|p| p.is_dir());
    if found.is_none() {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "the shared test data is missing"
        );
        println!("skipped: no shared test data beside the repository");
    }
    found
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(files(&path, ending));
        } else if path.extension().is_some_and(|e| e == ending) {
            out.push(path);
        }
    }
    out.sort();
    out
}

/// Products and repositories of the labelled policies, lower case.
fn names(labels: &Path) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for path in files(labels, "json") {
        let label: serde_json::Value =
            serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        out.insert(stem.to_lowercase());
        out.extend(label["product"].as_str().map(str::to_lowercase));
    }
    out.retain(|name| !WORDS.contains(&name.as_str()));
    out
}

/// The text literals of a source file, lower case, without comments and tests.
fn literals(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().unwrap();
    let mut out = Vec::new();
    for line in source.lines().filter(|l| !l.trim_start().starts_with("//")) {
        let mut inside = false;
        let mut escaped = false;
        let mut text = String::new();
        for c in line.chars() {
            match c {
                '"' if !escaped => {
                    if inside {
                        out.push(std::mem::take(&mut text).to_lowercase());
                    }
                    inside = !inside;
                }
                c if inside => text.push(c),
                _ => {}
            }
            escaped = c == '\\' && !escaped;
        }
    }
    out
}

/// Whether a name stands in a text as words of its own.
fn stands_in(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        edge(before) && edge(after)
    })
}

#[test]
fn no_word_and_no_rule_names_a_project() {
    let Some(labels) = labels() else { return };
    let names = names(&labels);
    assert!(names.len() > 50, "the labels were not read");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut looked_at = 0;
    for folder in ["vocab", "grammar", "read"] {
        for path in files(&source.join(folder), "rs") {
            for literal in literals(&std::fs::read_to_string(&path).unwrap()) {
                looked_at += 1;
                let found = names.iter().find(|n| stands_in(&literal, n));
                assert!(
                    found.is_none(),
                    "{}: {literal:?} names {found:?}",
                    path.display()
                );
            }
        }
    }
    assert!(looked_at > 500, "the source was not read");
}

#[test]
fn names_are_found_as_words_only() {
    assert!(stands_in("write to lamp-tools now", "lamp-tools"));
    assert!(!stands_in("lamplight", "lamp"));
    assert_eq!(
        literals("x(\"A \\\"b\\\"\", \"C\"); // \"d\"\n// \"e\"")[..2],
        ["a \\\"b\\\"", "c"]
    );
}
