//! Scope in running text: "forks are out of scope", "we do not consider crashes a vulnerability".
//!
//! Invariants: only the words next to a cue become an item; a sentence that
//! leads into a list gives nothing itself.
//!
//! Deliberately absent: what "this" and "they" stand for.

use super::{Side, item::item, put};
use crate::model::Policy;
use crate::read::{Unit, UnitKind, lower, split_text};
use crate::vocab::{self, Topic};

/// Longest name that is taken from a sentence, in words.
const LONGEST: usize = 34;

/// Words between a thing and "out of scope" that belong to neither.
const BETWEEN: &[&str] = &[
    "is",
    "are",
    "be",
    "being",
    "was",
    "were",
    "will",
    "would",
    "may",
    "generally",
    "usually",
    "explicitly",
    "currently",
    "also",
    "therefore",
    "considered",
    "deemed",
    "regarded",
    "treated",
    "as",
    "to",
    "fall",
    "falls",
    "remain",
    "remains",
    "do",
    "does",
    "should",
    "can",
    "specifically",
    "strictly",
    "typically",
    "normally",
    "all",
    "lie",
    "lies",
    "both",
    "not",
    "squarely",
    "usually,",
    "security-wise",
    "always",
    "clearly",
    "certainly",
    "still",
    "however,",
    "thus",
    "hence",
    "sont",
    "est",
    "sind",
    "ist",
    "liegen",
    "liegt",
    "son",
    "está",
    "están",
    "são",
    "está",
    "estão",
    "sono",
];

/// Words with which a name does not begin.
const BEFORE: &[&str] = &[
    "please",
    "note",
    "that",
    "note:",
    "however,",
    "also,",
    "but",
    "and",
    "therefore,",
    "hence",
    "thus",
    "additionally,",
    "furthermore,",
    "moreover,",
    "finally,",
    "likewise,",
    "for",
    "now,",
    "the",
    "any",
    "a",
    "an",
    "all",
    "such",
];

/// Names that name nothing.
const EMPTY: &[&str] = &[
    "this",
    "these",
    "they",
    "it",
    "that",
    "those",
    "which",
    "following",
    "else",
    "everything else",
    "anything else",
    "issue",
    "issues",
    "bug",
    "bugs",
    "vulnerability",
    "vulnerabilities",
    "who",
    "report",
    "reports",
    "what",
    "others",
    "other",
    "issue is",
    "items",
    "items out",
    "such",
    "following issues",
    "following items",
    "we",
    "you",
    "if it",
    "not",
    "something",
    "problem",
    "also",
];

/// Which side the words of a text are on, if they say so themselves.
pub(super) fn side_of(low: &str) -> Option<Side> {
    if vocab::any(low, |l| l.out_before) || vocab::any(low, |l| l.out_behind) {
        Some(Side::Out)
    } else if vocab::any(low, |l| l.in_before) {
        Some(Side::In)
    } else {
        None
    }
}

/// Reads the sentences of a unit.
pub(super) fn read(policy: &mut Policy, unit: &Unit) {
    let elsewhere = matches!(
        unit.topic,
        Topic::Versions
            | Topic::Contents
            | Topic::Credit
            | Topic::SafeHarbour
            | Topic::Duties
            | Topic::Practices
            | Topic::Severity
    );
    if elsewhere || unit.low.ends_with(':') {
        return;
    }
    let texts = match unit.kind {
        UnitKind::Item => split_text(&unit.plain),
        _ => vec![unit.plain.as_str()],
    };
    for text in texts {
        one(policy, unit, text);
    }
}

/// The item that one sentence names.
fn one(policy: &mut Policy, unit: &Unit, text: &str) {
    let low = lower(text);
    // Places in the lower-case text are used in the text itself.
    if low.len() != text.len() || is_doubt(&low) {
        return;
    }
    let Some((side, start, end)) = named(&low) else {
        return;
    };
    let Some(name) = text.get(start..end).and_then(clean) else {
        return;
    };
    for part in listed(name) {
        put(policy, side, unit, item(part));
    }
    // "Only the server is in scope, not our web sites."
    let behind = low.get(end..).unwrap_or("");
    let turn = [", not ", ", but not ", " and not ", " but not "]
        .iter()
        .filter_map(|t| behind.find(t).map(|at| end + at + t.len()))
        .min();
    let other = turn.and_then(|at| text.get(at..)).and_then(clean);
    if let Some(other) = other.filter(|_| side == Side::In) {
        put(policy, Side::Out, unit, item(other));
    }
}

/// The parts of a name that is a list: "the server, the client and the web site".
fn listed(name: &str) -> Vec<&str> {
    const LAST: &[&str] = &[
        " and ", " or ", " und ", " oder ", " et ", " ou ", " y ", " e ",
    ];
    /// Two things with a preposition each: "à versão nova e ao cliente".
    const TWICE: &[&str] = &[
        " e ao ", " e à ", " e aos ", " e às ", " y a ", " et aux ", " et à ",
    ];
    let whole = vec![name];
    if let Some((head, tail)) = TWICE.iter().find_map(|w| name.split_once(w)) {
        return vec![head.trim(), tail.trim()];
    }
    let mut parts: Vec<&str> = name.split(", ").collect();
    let Some(last) = parts.pop().filter(|_| !parts.is_empty()) else {
        return whole;
    };
    let low_last = last.trim();
    match LAST.iter().find_map(|w| low_last.split_once(w)) {
        Some((a, b)) => parts.extend([a, b]),
        None => parts.push(
            LAST.iter()
                .find_map(|w| low_last.strip_prefix(w.trim_start()))
                .unwrap_or(low_last),
        ),
    }
    let phrase = |part: &&str| {
        let first = part.split_whitespace().next().unwrap_or("").to_lowercase();
        let clause = matches!(
            first.as_str(),
            "which"
                | "that"
                | "if"
                | "when"
                | "where"
                | "including"
                | "such"
                | "as"
                | "even"
                | "so"
                | "unless"
                | "e.g."
                | "because"
                | "since"
                | "but"
                | "only"
                | "except"
                | "to"
                | "in"
                | "for"
                | "with"
                | "without"
                | "on"
                | "not"
                | "we"
                | "it"
                | "they"
                | "you"
        ) || is_attribute(part);
        (1..=9).contains(&part.split_whitespace().count()) && !clause
    };
    if parts.len() >= 3
        && parts.iter().all(phrase)
        && !name.contains(['(', ')'])
        && !name.contains("e.g.")
    {
        parts.into_iter().map(str::trim).collect()
    } else {
        whole
    }
}

/// A part that only goes on about the part before it: "developed, maintained, or hosted by us".
fn is_attribute(part: &str) -> bool {
    let mut words = part.split_whitespace();
    let first = words.next().unwrap_or("");
    let next = words.next();
    first.ends_with("ed") && next.is_none_or(|w| matches!(w, "by" | "in" | "on" | "for" | "under"))
}

/// Questions, doubts and statements about scoring say nothing about the scope.
fn is_doubt(low: &str) -> bool {
    let of_money = !vocab::fits(low, "program covers")
        && vocab::fits_any(low, &["bug bount", "bounty", "reward"]);
    of_money
        || low.ends_with('?')
        || low.starts_with("for example")
        || vocab::fits_any(
            low,
            &[
                "if you are unsure",
                "if you're unsure",
                "not sure",
                "in or out of scope",
                "whether",
                "what counts",
                "determine",
                "e.g. if",
                "unsure",
                "in doubt",
                "even for out-of-scope",
                "even if",
                "semver",
                "before reporting",
                "before submitting",
                "to confirm that",
                "make sure",
                "consistent with this",
            ],
        )
}

/// The side and the place of what a sentence names.
fn named(low: &str) -> Option<(Side, usize, usize)> {
    for (_, from, closing) in vocab::all(low, |l| l.out_around) {
        let to = low.get(from..).and_then(|t| vocab::find(t, closing));
        if let Some((to, _)) = to.filter(|(to, _)| *to > 1) {
            return Some((Side::Out, from, from + to));
        }
    }
    if let Some((from, to)) = wanted(low) {
        return Some((Side::In, from, to));
    }
    let cue = |list: fn(&vocab::Language) -> &'static [&'static str]| {
        vocab::places(low, list).first().map(|(_, s, e)| (*s, *e))
    };
    if let Some((at, _)) = cue(|l| l.out_before) {
        return Some((Side::Out, subject(low, at)?, at));
    }
    if let Some((_, to)) = cue(|l| l.out_behind) {
        return Some((Side::Out, to, object(low, to)));
    }
    if let Some((at, _)) = cue(|l| l.in_before) {
        return Some((Side::In, subject(low, at)?, at));
    }
    let (_, to) = cue(|l| l.in_behind)?;
    Some((Side::In, to, object(low, to)))
}

/// "Reports involving path confinement, symlink handling or cleanup are especially valuable."
fn wanted(low: &str) -> Option<(usize, usize)> {
    const OPENINGS: &[&str] = &[
        "reports involving ",
        "reports about ",
        "reports concerning ",
        "reports on ",
        "reports of ",
        "issues involving ",
        "findings involving ",
    ];
    const CLOSINGS: &[&str] = &[
        " are especially ",
        " are particularly ",
        " are most welcome",
        " are very welcome",
        " are of particular interest",
        " are of special interest",
        " are of interest",
    ];
    let from = OPENINGS
        .iter()
        .filter(|w| low.starts_with(**w))
        .map(|w| w.len())
        .next()?;
    let to = CLOSINGS.iter().filter_map(|w| low.find(w)).min()?;
    let grumbles = low
        .get(to..)
        .is_some_and(|t| vocab::fits_any(t, &["unhelpful", "unwelcome", "not ", "discouraged"]));
    (to > from && !grumbles).then_some((from, to))
}

/// Where the words before a cue begin: behind the last mark or turn of the sentence.
fn subject(low: &str, cue: usize) -> Option<usize> {
    let before = low.get(..cue)?;
    let turns = [
        ". ",
        "; ",
        ": ",
        " — ",
        " – ",
        ", but ",
        ", so ",
        " because ",
        " since ",
    ];
    // "jsoncpp, boost etc. are out of scope" goes on behind its stop.
    let short = |at: usize| {
        ["etc", "e.g", "i.e", "incl"]
            .iter()
            .any(|w| before.get(..at).is_some_and(|b| b.ends_with(w)))
    };
    let start = turns
        .iter()
        .filter_map(|t| {
            before
                .rmatch_indices(t)
                .map(|(at, _)| at)
                .find(|at| !short(*at))
                .map(|at| at + t.len())
        })
        .max()
        .unwrap_or(0);
    Some(start)
}

/// Where the words behind a cue end.
fn object(low: &str, from: usize) -> usize {
    let rest = low.get(from..).unwrap_or("");
    let stops = [
        ". ",
        "; ",
        " unless ",
        " because ",
        " since ",
        ", please",
        ", as ",
        ", which ",
    ];
    stops
        .iter()
        .filter_map(|t| rest.find(t))
        .min()
        .map_or(low.len(), |at| from + at)
}

/// A name without the words around it; nothing when it names nothing.
fn clean(text: &str) -> Option<&str> {
    let mut name = text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '.' | ',' | ':' | ';' | '。' | '，' | '：' | '；')
    });
    // "Questions about issues that are not considered vulnerabilities" names the questions.
    let relative = |t: &str| [" that", " which", " who"].iter().any(|w| t.ends_with(w));
    while let Some((head, last)) = name.rsplit_once(' ') {
        if !BETWEEN.contains(&last.to_lowercase().as_str()) {
            break;
        }
        name = head.trim_end_matches([' ', ',']);
    }
    while let Some((first, rest)) = name.split_once(' ') {
        if !BEFORE.contains(&first.to_lowercase().as_str()) {
            break;
        }
        name = rest.trim_start();
    }
    let low = name.to_lowercase();
    let words = name.split_whitespace().count();
    let first = low.split_whitespace().next().unwrap_or("");
    let speaks = matches!(
        first,
        "if" | "example,"
            | "while"
            | "although"
            | "though"
            | "many"
            | "most"
            | "some"
            | "certain"
            | "when"
            | "we"
            | "you"
            | "this"
            | "these"
            | "it"
            | "they"
            | "what"
            | "as"
            | "in"
    );
    if relative(&low) || low.starts_with("following") {
        return None;
    }
    let names = (1..=LONGEST).contains(&words)
        && name.chars().count() > 2
        && !speaks
        && !EMPTY.contains(&low.as_str());
    names.then_some(name)
}
