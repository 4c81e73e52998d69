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
                "-branches$",
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
        .or_else(|| DEFAULT_BRANCHES.iter().find_map(|b| vocab::find(part, b)))
        .and_then(|(from, to)| part.get(from..to))
        .or_else(|| bare_branch(part))
}

/// What the branch is called that the next release comes from, where it has no name.
const DEFAULT_BRANCHES: &[&str] = &[
    "default branch$",
    "development branch$",
    "rama principal$",
    "branche principale$",
    "branch principal$",
    "ramo principal$",
    "hauptbranch$",
    "hauptzweig$",
];

/// "Fixes land on `main`", "only the tip of main": the name alone, at the end of its part.
fn bare_branch(part: &str) -> Option<&str> {
    const BEFORE: [&str; 8] = ["on", "for", "of", "to", "and", "against", "in", "only"];
    // In a long sentence a branch is named beside the matter.
    const MOST_WORDS: usize = 14;
    if part.split_whitespace().count() > MOST_WORDS {
        return None;
    }
    let mut words = part.split_whitespace().peekable();
    let mut before = "";
    while let Some(word) = words.next() {
        let name = word.trim_matches(|c: char| !c.is_alphanumeric());
        let ends = word.len() > name.len()
            || words
                .peek()
                .is_none_or(|w| matches!(*w, "is" | "and" | "only" | "receives" | "gets"));
        let named = ["main", "master", "trunk", "head"].contains(&name);
        if named && ends && BEFORE.contains(&before) {
            return Some(name);
        }
        before = word;
    }
    None
}

/// "Versions older than 2.0", "version 3 and later": the phrase, and whether it means
/// what lies below the number.
pub(super) fn compared(part: &str) -> Option<(&str, &str, bool)> {
    const BELOW: [&str; 6] = [
        "older than ",
        "prior to ",
        "earlier than ",
        "lower than ",
        "before ",
        "below ",
    ];
    const ABOVE: [&str; 9] = [
        " and later",
        " and newer",
        " and above",
        " and higher",
        " and up",
        " or later",
        " or newer",
        " or above",
        " or higher",
    ];
    const NOUNS: [&str; 6] = [
        "versions",
        "version",
        "releases",
        "release",
        "anything",
        "everything",
    ];
    let noun = |until: usize| {
        let before = part.get(..until)?;
        let (at, noun) = NOUNS
            .iter()
            .filter_map(|n| Some((before.rfind(n)?, n)))
            .max_by_key(|(at, n)| (*at, n.len()))?;
        let between = before.get(at + noun.len()..)?;
        (between.split_whitespace().count() <= 1).then_some(at)
    };
    for word in BELOW {
        let Some(at) = part.find(word) else { continue };
        let rest = part.get(at + word.len()..)?;
        let number = rest.split_whitespace().next()?;
        let number = if number == "version" {
            rest.split_whitespace().nth(1)?
        } else {
            number
        };
        let number = number.trim_end_matches(['.', ',', ';', ':']);
        if let Some(from) = noun(at)
            && is_number(number)
        {
            let to = part.get(at..)?.find(number)? + at + number.len();
            return Some((part.get(from..to)?, number, true));
        }
    }
    ABOVE.iter().find_map(|word| {
        let at = part.find(word)?;
        let number = part.get(..at)?.split_whitespace().next_back()?;
        let from = noun(at)?;
        is_number(number).then_some((part.get(from..at + word.len())?, number, false))
    })
}

/// `2`, `v3.5`, `1.4.x`, not a year.
fn is_number(word: &str) -> bool {
    let bare = word.strip_prefix('v').unwrap_or(word);
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'x');
    let year = bare.len() == 4 && bare.bytes().all(|b| b.is_ascii_digit());
    bare.starts_with(|c: char| c.is_ascii_digit()) && bare.chars().all(plain) && !year
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
        if let Some(to) = noun_end(part, start, end) {
            return part.get(with_count(part, start)..to);
        }
        let to = word_end(part, end);
        part.get(noun_start(part, start, to)?..to)
    })
}

/// Words that stand behind their noun: "versions antérieures", "versión más reciente".
const TRAILING: &[&str] = &[
    "antérieures",
    "anciennes",
    "précédentes",
    "précédente",
    "plus récente",
    "plus récentes",
    "version courante",
    "version actuelle",
    "más reciente",
    "más recientes",
    "anteriores",
    "antiguas",
    "previas",
    "versiones previas",
    "versión actual",
    "mais recente",
    "mais recentes",
    "antigas",
    "versão atual",
];

/// Where the noun stands that such words follow; at most three words lie between.
fn noun_start(part: &str, start: usize, to: usize) -> Option<usize> {
    let opener = part.get(start..to)?;
    if !TRAILING.contains(&opener) {
        return None;
    }
    if way(opener, Way::VersionNoun) {
        return Some(start);
    }
    let before = part.get(..start)?;
    let mut at = before.len();
    for word in before.split_whitespace().rev().take(4) {
        at = before.get(..at)?.rfind(word)?;
        if ENDS.contains(&word) || word.ends_with([',', '.', ';', ':']) {
            return None;
        }
        if way(word, Way::VersionNoun) {
            return Some(at);
        }
    }
    None
}

/// Where the word ends that a pattern begins.
fn word_end(part: &str, end: usize) -> usize {
    let rest = part.get(end..).unwrap_or("");
    end + rest
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(rest.len())
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
            .filter(|n| n.0 <= 24)
            .min_by_key(|n| (n.0, std::cmp::Reverse(n.1)))?;
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
