//! Phrases for versions in a sentence: branches, and from "latest" or "older" to its noun.
//!
//! Invariants: a phrase is a piece of the text; what is said of it is not looked at.
//!
//! Deliberately absent: numbers of versions.

use crate::vocab::{self, Way, is_unspaced, way, ways};

/// "main branch", "master branch".
pub(super) fn branch(part: &str) -> Option<&str> {
    ["main", "master", "trunk", "develop"]
        .iter()
        .flat_map(|name| {
            [
                " branch$",
                " branches$",
                "-branch$",
                "-zweig$",
                " ブランチ",
                "ブランチ",
                " 分支",
                "分支",
            ]
            .iter()
            .map(move |noun| format!("{name}{noun}"))
        })
        .find_map(|pattern| vocab::find(part, &pattern))
        .or_else(|| named_branch(part))
        .and_then(|(from, to)| part.get(from..to))
}

/// "the branch `main`", "rama main", "主分支（main）".
fn named_branch(part: &str) -> Option<(usize, usize)> {
    const NOUNS: [&str; 8] = [
        "branch",
        "branche",
        "zweig",
        "rama",
        "ramo",
        "ветк",
        "主分支",
        "默认分支",
    ];
    let quoted = |name: &str| {
        [
            format!(" {name}$"),
            format!(" `{name}`"),
            format!("（{name}）"),
        ]
    };
    ["main", "master", "trunk", "develop"]
        .iter()
        .find_map(|name| {
            NOUNS.iter().find_map(|noun| {
                quoted(name)
                    .iter()
                    .find_map(|q| vocab::find(part, &format!("{noun}{q}")))
            })
        })
}

/// Words that cannot stand inside a phrase for versions.
const ENDS: &[&str] = &[
    "is",
    "are",
    "was",
    "were",
    "will",
    "be",
    "of",
    "for",
    "to",
    "in",
    "on",
    "we",
    "that",
    "which",
    "with",
    "by",
    "at",
    "from",
    "please",
    "you",
    "your",
    "if",
    "not",
    "has",
    "have",
    "receive",
    "receives",
    "get",
    "gets",
    "should",
    "can",
    "may",
    "than",
    "before",
    "after",
    "security",
    "updates",
    "fixes",
    "patches",
    "issues",
    "vulnerabilities",
    "ist",
    "sind",
    "wird",
    "werden",
    "est",
    "sont",
    "es",
    "son",
    "é",
    "são",
];

/// Words that may stand before the opener and belong to the phrase.
const COUNTS: &[&str] = &[
    "one", "two", "three", "four", "five", "all", "any", "most", "single", "2", "3", "4", "5",
];

/// "latest release", "three most recent minor releases", "prior versions": from the
/// opener, with a count before it, to the noun.
pub(super) fn phrase(part: &str, opener: Way) -> Option<&str> {
    ways(part, opener).into_iter().find_map(|(start, end)| {
        let from = with_count(part, start);
        let to = noun_end(part, start, end)?;
        part.get(from..to)
    })
}

fn with_count(part: &str, start: usize) -> usize {
    let before = part.get(..start).unwrap_or("").trim_end();
    let word = before.split_whitespace().next_back().unwrap_or("");
    if COUNTS.contains(&word) {
        before.len().saturating_sub(word.len())
    } else {
        start
    }
}

/// Where the noun behind an opener ends; at most six words lie between.
fn noun_end(part: &str, start: usize, end: usize) -> Option<usize> {
    let rest = part.get(start..)?;
    if rest.starts_with(is_unspaced) {
        let noun = ways(rest, Way::VersionNoun)
            .into_iter()
            .find(|n| n.0 <= 24)?;
        return Some(start + noun.1);
    }
    let mut at = start;
    let mut best = None;
    for (count, word) in rest.split_inclusive(char::is_whitespace).enumerate() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        // What stood in brackets here was left out.
        if word.trim().is_empty() {
            at += word.len();
            continue;
        }
        let last = word
            .trim_end()
            .ends_with(['.', ',', ';', ':', '!', ')', '?']);
        let past_opener = at >= end || at + bare.len() >= end;
        if count > 6 || ENDS.contains(&bare) || bare.is_empty() {
            break;
        }
        let compound = bare.rsplit('-').next().unwrap_or(bare);
        if past_opener && way(compound, Way::VersionNoun) {
            best = Some(at + word.trim_end_matches(|c: char| !c.is_alphanumeric()).len());
        } else if best.is_some() {
            // "the latest release notes" are no versions.
            if matches!(
                bare,
                "notes" | "note" | "page" | "process" | "cycle" | "candidate"
            ) {
                return None;
            }
            break;
        }
        if last {
            break;
        }
        at += word.len();
    }
    best
}
