//! From texts to tokens, and from what somebody looks for to the same tokens.
//!
//! A text is brought into Unicode's form NFKC and out of upper case. Three things are found:
//! - a word, by its stem in English and in the languages of the program's policy, and by
//!   its first 3 to 7 letters;
//! - what holds a digit and a sign within, as it is written (`cve-2026-1234`, `1.4.2`);
//! - in scripts that write no spaces, each two letters that stand side by side.
//!
//! Invariant: texts and questions go through the same steps, so that what was typed as it
//! stands in a text finds it.
//!
//! Deliberately absent: a list of words that do not count; the order of words.

use std::collections::BTreeSet;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization as _;

/// Tokens of one place of one commit at most; words beyond are not found.
const MOST: usize = 10_000;
/// Longer words are cut, in letters.
const LONGEST: usize = 48;
/// Shortest and longest beginning of a word that is found, in letters.
const START: std::ops::RangeInclusive<usize> = 3..=7;
/// Words that are looked for at once.
const WORDS: usize = 12;

/// The languages in which words are brought to their stems: English and those of a policy.
pub(crate) struct Tongues(Vec<Stemmer>);

impl Tongues {
    /// By their codes (`de`, `pt-br`); one that is not known changes nothing.
    pub(crate) fn new(codes: &[String]) -> Self {
        let mut known = vec![Algorithm::English];
        for code in codes {
            let algorithm = algorithm(code.split(['-', '_']).next().unwrap_or_default());
            known.extend(algorithm.filter(|a| !known.contains(a)));
        }
        Self(known.into_iter().map(Stemmer::create).collect())
    }

    fn stems<'a>(&'a self, word: &'a str) -> impl Iterator<Item = String> + 'a {
        // A number has no stem, and neither has a word with one in it.
        let has_stem = word.chars().all(char::is_alphabetic);
        let stemmers = if has_stem { self.0.as_slice() } else { &[] };
        let as_written = (!has_stem).then(|| format!("w:{word}"));
        let stems = stemmers.iter().map(move |s| format!("w:{}", s.stem(word)));
        stems.chain(as_written)
    }
}

fn algorithm(code: &str) -> Option<Algorithm> {
    Some(match code {
        "ar" => Algorithm::Arabic,
        "da" => Algorithm::Danish,
        "de" => Algorithm::German,
        "el" => Algorithm::Greek,
        "es" => Algorithm::Spanish,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "hu" => Algorithm::Hungarian,
        "it" => Algorithm::Italian,
        "nl" => Algorithm::Dutch,
        "no" | "nb" | "nn" => Algorithm::Norwegian,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "sv" => Algorithm::Swedish,
        "ta" => Algorithm::Tamil,
        "tr" => Algorithm::Turkish,
        _ => return None,
    })
}

/// A thing of a text that is found by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Piece {
    /// A word.
    Word(String),
    /// Letters, digits and signs in one.
    Joined(String),
    /// Two letters of a script without spaces, or one that stands alone.
    Pair(String),
}

/// One form of a text for all ways to write the same.
pub(crate) fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Upper and then lower case makes one of `ß`, `SS` and `ss`.
    let upper = text.nfkc().collect::<String>().to_uppercase();
    let lower: String = upper.to_lowercase().nfkc().collect();
    // A dotted capital I comes apart into an i and a dot, which is no letter.
    lower.replace('ς', "σ").replace("i\u{307}", "i")
}

const fn joins(c: char) -> bool {
    matches!(c, '-' | '.' | '_' | '+')
}

/// Signs of scripts that write no spaces between words.
const fn is_dense(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

fn cut(word: &str) -> String {
    word.chars().take(LONGEST).collect()
}

/// What holds a digit and a sign within.
fn is_joined(run: &str) -> bool {
    run.contains(joins) && run.contains(char::is_numeric)
}

/// Runs of letters, digits and signs that join them.
fn runs(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split(|c: char| !c.is_alphanumeric() && !joins(c))
        .map(|run| run.trim_matches(joins))
        .filter(|run| !run.is_empty())
}

/// The words of a run, each given on.
fn words(run: &str, take: &mut dyn FnMut(Piece)) {
    for word in run.split(joins) {
        let mut rest = word;
        while let Some(first) = rest.chars().next() {
            let dense = is_dense(first);
            let end = rest.find(|c| is_dense(c) != dense).unwrap_or(rest.len());
            let (part, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            rest = after;
            if dense {
                pairs(part, take);
            } else if part.chars().nth(1).is_some() {
                take(Piece::Word(cut(part)));
            }
        }
    }
}

fn pairs(part: &str, take: &mut dyn FnMut(Piece)) {
    let next = part.chars().skip(1);
    let mut alone = true;
    for (a, b) in part.chars().zip(next) {
        alone = false;
        take(Piece::Pair([a, b].into_iter().collect()));
    }
    if alone {
        take(Piece::Pair(part.to_owned()));
    }
}

/// All that a text is found by.
pub(crate) fn pieces(text: &str, take: &mut dyn FnMut(Piece)) {
    let folded = folded(text);
    for run in runs(&folded) {
        if is_joined(run) {
            take(Piece::Joined(cut(run)));
            // A version in the name of a file: `libpng-1.6.3`.
            let versions = run.split(|c: char| joins(c) && c != '.');
            for version in versions.map(|v| v.trim_matches('.')) {
                if version != run && is_joined(version) {
                    take(Piece::Joined(cut(version)));
                }
            }
        }
        words(run, take);
    }
}

/// The beginnings of a word by which it is found.
fn starts(word: &str) -> impl Iterator<Item = String> + '_ {
    let letters = word.chars().count();
    START
        .take_while(move |n| *n <= letters)
        .map(|n| word.chars().take(n).collect::<String>())
        .map(|start| format!("p:{start}"))
}

/// The tokens of a text, added to what is there. Of a text that is too long its first words
/// are kept, and whole words before beginnings.
pub(crate) fn add(tokens: &mut BTreeSet<String>, tongues: &Tongues, text: &str) {
    let (mut seen, mut in_order) = (BTreeSet::new(), Vec::new());
    pieces(text, &mut |piece| {
        if in_order.len() < MOST && seen.insert(piece.clone()) {
            in_order.push(piece);
        }
    });
    for piece in &in_order {
        if tokens.len() >= MOST {
            return;
        }
        match piece {
            Piece::Word(word) => tokens.extend(tongues.stems(word)),
            Piece::Joined(run) => {
                tokens.insert(format!("j:{run}"));
            }
            Piece::Pair(pair) => {
                tokens.insert(format!("b:{pair}"));
            }
        }
    }
    for piece in &in_order {
        if tokens.len() >= MOST {
            return;
        }
        if let Piece::Word(word) = piece {
            tokens.extend(starts(word));
        }
    }
}

/// One thing that is looked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sought {
    /// Which unwanted thing it is a piece of. A case that holds all pieces of one is left out.
    pub(crate) without: Option<usize>,
    /// A case holds it that holds one of these.
    pub(crate) tokens: BTreeSet<String>,
}

/// What somebody looks for.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    /// All of it.
    pub(crate) words: BTreeSet<Sought>,
    /// Something that was typed is not looked for: what comes after the last word that
    /// counts, or a letter that stands alone.
    pub(crate) left_out: bool,
}

impl Question {
    /// Whether anything is wanted; what is only unwanted is no question.
    pub(crate) fn is_one(&self) -> bool {
        self.words.iter().any(|word| word.without.is_none())
    }
}

/// What is looked for. A star at the end of a word asks for its beginning, a minus before
/// it for cases without. A beginning that is too short is a word, one too long is cut.
pub(crate) fn sought(typed: &str, tongues: &Tongues) -> Question {
    let mut out = Question::default();
    for (at, part) in folded(typed).split_whitespace().enumerate() {
        let without = part.starts_with(['-', '\u{2212}']).then_some(at);
        let starred = part.ends_with('*');
        for run in runs(part) {
            let mut found = Vec::new();
            if is_joined(run) && !starred {
                found.push(Piece::Joined(cut(run)));
            } else {
                words(run, &mut |piece| found.push(piece));
                let single = |word: &str| word.chars().nth(1).is_none();
                let singles = run.split(joins).filter(|word| !word.is_empty());
                out.left_out |= singles.filter(|word| single(word)).count() > 0
                    && found.iter().all(|piece| !matches!(piece, Piece::Pair(_)));
            }
            let last = found.len().saturating_sub(1);
            for (at, piece) in found.into_iter().enumerate() {
                let tokens = looked_for(&piece, starred && at == last, tongues);
                let sought = Sought { without, tokens };
                if out.words.len() >= WORDS && !out.words.contains(&sought) {
                    out.left_out = true;
                    continue;
                }
                out.words.insert(sought);
            }
        }
    }
    out
}

fn looked_for(piece: &Piece, starred: bool, tongues: &Tongues) -> BTreeSet<String> {
    match piece {
        Piece::Word(word) if starred => match starts(word).last() {
            Some(start) => BTreeSet::from([start]),
            None => tongues.stems(word).collect(),
        },
        Piece::Word(word) => tongues.stems(word).collect(),
        Piece::Joined(run) => BTreeSet::from([format!("j:{run}")]),
        Piece::Pair(pair) => BTreeSet::from([format!("b:{pair}")]),
    }
}

#[cfg(test)]
mod tests;
