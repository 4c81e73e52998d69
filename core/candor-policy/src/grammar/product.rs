//! The name of the product or project, where the text gives it.
//!
//! Invariants: only phrases in which policies name their product count; the name that
//! most of them give wins; without one there is none.
//!
//! Deliberately absent: names of repositories and hosts; they are not the product.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::product_links::confirmed;
use super::product_words::{COMMON, NO_NAMES, ROLES, STARTERS, holds};
use super::{once, sentences};
use crate::model::Policy;
use crate::read::{Document, Unit, UnitKind};

/// Fewest points for a name to count.
const ENOUGH: u32 = 3;
/// Units in which the name is looked for: a text names its product early.
const NEAR_THE_TOP: usize = 400;
/// More names than any text gives.
const MOST: usize = 60;

/// Words before a name, and how strongly they say that it is the product's.
const BEFORE: &[(&str, u32)] = &[
    ("versions of ", 4),
    ("version of ", 3),
    ("release of ", 3),
    ("releases of ", 3),
    ("vulnerability in ", 3),
    ("vulnerabilities in ", 3),
    ("vulnerability within ", 3),
    ("vulnerabilities within ", 3),
    ("vulnerability affecting ", 3),
    ("vulnerabilities affecting ", 3),
    ("vulnerability for ", 3),
    ("exploit in ", 3),
    ("security issue in ", 3),
    ("security issues in ", 3),
    ("security problem in ", 3),
    ("security bug in ", 3),
    ("security flaw in ", 3),
    ("security hole in ", 3),
    ("security issue with ", 3),
    ("issue affecting ", 3),
    ("issue you find in ", 3),
    ("issues affecting ", 3),
    ("related to ", 3),
    ("helping keep ", 4),
    ("ayudarnos a mantener ", 4),
    ("ayudar a mantener ", 4),
    ("ajudar a manter ", 4),
    ("ajudar-nos a manter ", 4),
    ("aiutarci a mantenere ", 4),
    ("aider à sécuriser ", 4),
    ("aider à garder ", 4),
    ("patched in ", 3),
    ("fixed in ", 1),
    ("helping to keep ", 4),
    ("help keep ", 4),
    ("helping us keep ", 4),
    ("help us keep ", 4),
    ("helping secure ", 4),
    ("in making ", 3),
    ("help make ", 3),
    ("helping make ", 3),
    ("security of ", 1),
    ("improve the security of ", 2),
    ("release distribution of ", 2),
    ("official distribution of ", 3),
    ("policy for ", 4),
    ("Policy for ", 4),
    ("Policy of ", 3),
    ("logiciel \"", 3),
    ("policy of ", 3),
    ("policies for ", 4),
    ("members of the ", 1),
    ("users of ", 2),
    ("software \"", 3),
    ("produit ", 1),
    ("sicherheit von ", 3),
    ("Sicherheitslücke in ", 3),
    ("Sicherheitslücken in ", 3),
    ("Schwachstelle in ", 3),
    ("Schwachstellen in ", 3),
    ("vulnérabilité dans ", 3),
    ("vulnérabilités dans ", 3),
    ("vulnerabilidad en ", 3),
    ("vulnerabilidades en ", 3),
    ("vulnerabilidade em ", 3),
    ("vulnerabilidades em ", 3),
    ("reports for ", 2),
    ("versionen von ", 4),
    ("sécurité de ", 2),
    ("versions de ", 4),
    ("seguridad de ", 2),
    ("segurança do ", 2),
    ("versiones de ", 4),
    ("versões do ", 4),
];

/// Words behind a name.
const BEHIND: &[(&str, u32)] = &[
    (" team", 2),
    (" security team", 3),
    (" core team", 3),
    (" development team", 3),
    (" project team", 3),
    (" project", 3),
    (" projects", 2),
    (" maintainers", 3),
    (" maintainer", 3),
    (" developers", 2),
    (" community", 3),
    (" contributors", 2),
    (" repository", 3),
    (" codebase", 3),
    (" library", 2),
    (" security policy", 4),
    (" threat model", 3),
    (" takes ", 3),
    (" more secure", 3),
    (" even more secure", 3),
    (" safe for", 2),
    (" is an open", 3),
    (" is a fork", 4),
    (" is pre-", 3),
    (" is under active", 3),
    (" is in active", 3),
    (" is in early", 3),
    (" security vulnerability disclosure", 4),
    (" sicher zu halten", 4),
    (" sicherer zu machen", 4),
    (" is built ", 3),
    (" applies ", 2),
    (" has ", 2),
    (" supports ", 2),
    (" adheres ", 2),
    (" maintains ", 2),
    (" provides ", 2),
    (" vulnerability", 2),
    (" vulnerabilities", 2),
    (" is a ", 2),
    (" is an ", 2),
    (" is dedicated", 3),
    (" is committed", 3),
    (" is maintained", 3),
    (" is released", 3),
    (" follows ", 2),
    (" and its ", 2),
    (" leverages ", 2),
    ("'s security", 3),
    ("\u{2019}s security", 3),
    ("'s source code", 3),
    ("\u{2019}s source code", 3),
    ("'s codebase", 3),
    ("'s code base", 3),
    (" engineer ", 2),
    (" engineers", 4),
    (" server code", 3),
    ("'s public bug bounty", 3),
    ("-version", 3),
    (" befindet sich", 3),
    (" wird ", 1),
    (" は", 3),
    (" では", 2),
    (" 是", 2),
];

/// Ends of titles behind a name, lower case.
const TITLE_ENDS: &[&str] = &[
    " security policy",
    " security policies",
    "'s security policy",
    "'s security policies",
    " security and disclosure information",
    " security response policy",
    " security disclosure policy",
    " vulnerability disclosure policy",
    " vulnerability disclosure program",
    " vulnerability disclosure",
    " vulnerability reporting",
    " vulnerability response process",
    " responsible disclosure policy",
    " responsible disclosure",
    " coordinated vulnerability disclosure",
    " coordinated disclosure",
    " disclosure policy",
    " security process",
    " security reporting",
    " security guidelines",
    " bug bounty program",
    " bug bounty",
    " security",
    " sicherheitsrichtlinie",
];

/// Beginnings of titles before a name, lower case.
const TITLE_BEGINS: &[&str] = &[
    "security policy for ",
    "security policy of ",
    "security policy - ",
    "security policy – ",
    "security policy — ",
    "security policy: ",
    "security policies for ",
    "security at ",
    "security for ",
    "security in ",
    "reporting a vulnerability in ",
    "reporting security vulnerabilities in ",
    "reporting security vulnerabilities for ",
    "reporting a security vulnerability in ",
    "report security vulnerabilities in ",
    "how to report security vulnerabilities in ",
    "how to report a security vulnerability in ",
    "how to report a vulnerability in ",
    "how to report vulnerabilities in ",
    "how to report security issues in ",
    "how to report a security issue in ",
    "reporting vulnerabilities in ",
    "reporting security issues in ",
    "reporting a security issue in ",
    "politique de sécurité de ",
    "política de segurança do ",
    "política de seguridad de ",
];

/// A name with its points.
struct Name {
    words: String,
    points: u32,
    unit: usize,
}

/// Finds the name.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    let mut names: Vec<Name> = Vec::new();
    let mut headings = 0;
    for (place, unit) in doc.units.iter().enumerate().take(NEAR_THE_TOP) {
        if names.len() >= MOST {
            break;
        }
        match unit.kind {
            // Rows of tables name problems and parts, seldom the product.
            UnitKind::Code | UnitKind::Row { .. } => {}
            UnitKind::Heading => {
                headings += 1;
                let first = headings == 1 && place <= 4;
                if let Some(name) = of_title(&unit.plain, first) {
                    add(&mut names, name, if first { 8 } else { 3 }, place);
                }
                phrases(&mut names, &unit.plain, place);
            }
            _ => {
                if place == 0 && unit.plain.chars().count() < 80 {
                    let name = of_title(&unit.plain, true);
                    if let Some(name) = name {
                        add(&mut names, name, 8, place);
                    }
                }
                for sentence in written_sentences(unit) {
                    // "See the security policy for …" names something else.
                    if sentence.starts_with("See the ") {
                        continue;
                    }
                    phrases(&mut names, sentence, place);
                }
            }
        }
    }
    for name in &mut names {
        name.points += frequency(doc, &name.words).min(4) / 2 + u32::from(is_coined(&name.words));
    }
    let best = names
        .into_iter()
        .filter(|n| n.points >= ENOUGH)
        .max_by_key(|n| (n.points, std::cmp::Reverse(n.unit)));
    let found = best.map(|b| (b.words, b.unit)).or_else(|| confirmed(doc));
    if let Some((words, place)) = found
        && let Some(unit) = doc.units.get(place)
    {
        once(&mut policy.product, "product", unit, words);
    }
}

fn written_sentences(unit: &Unit) -> Vec<&str> {
    if matches!(unit.kind, UnitKind::Item) && sentences(unit).len() > 1 {
        crate::read::split_text(&unit.plain)
    } else {
        vec![unit.plain.as_str()]
    }
}

fn add(names: &mut Vec<Name>, words: String, points: u32, unit: usize) {
    match names.iter_mut().find(|n| n.words == words) {
        Some(known) => known.points += points,
        None => names.push(Name {
            words,
            points,
            unit,
        }),
    }
}

/// How many units hold a name.
fn frequency(doc: &Document, name: &str) -> u32 {
    let count = doc
        .units
        .iter()
        .take(NEAR_THE_TOP)
        .filter(|u| u.kind != UnitKind::Code && u.plain.contains(name))
        .take(8)
        .count();
    u32::try_from(count).unwrap_or(0)
}

/// "… Security Policy", "Security Policy for …".
fn of_title(plain: &str, first: bool) -> Option<String> {
    let text = plain.trim_matches(|c: char| !c.is_alphanumeric() && c != ')');
    let low = text.to_lowercase();
    let same = low.len() == text.len();
    if !same {
        return None;
    }
    for begin in TITLE_BEGINS {
        if low.starts_with(begin) {
            let rest = text.get(begin.len()..)?;
            return title_name(rest.strip_prefix("the ").unwrap_or(rest));
        }
    }
    let ends = if first {
        TITLE_ENDS
    } else {
        TITLE_ENDS.get(..4).unwrap_or(&[])
    };
    let end = ends.iter().find(|e| low.ends_with(*e))?;
    let name = text.get(..text.len().checked_sub(end.len())?)?;
    title_name(name.strip_prefix("The ").unwrap_or(name))
}

/// The name in a title: all its words, when the first could begin a name.
fn title_name(text: &str) -> Option<String> {
    let text = text.split(" / ").next().unwrap_or(text);
    let text = text
        .trim()
        .trim_end_matches([':', '-', '–', '—', '/'])
        .trim();
    let text = text
        .trim_end_matches(" project")
        .trim_end_matches(" Project")
        .trim_end_matches("'s")
        .trim_end_matches("\u{2019}s");
    let words: Vec<&str> = text.split_whitespace().collect();
    let first = words.first()?.to_lowercase();
    let fits = (1..=8).contains(&words.len())
        && !holds(NO_NAMES, &first)
        && !holds(COMMON, &first)
        && words.iter().any(|w| {
            w.chars().any(char::is_uppercase) || w.contains(['-', '.']) || words.len() == 1
        })
        && text.chars().any(char::is_alphabetic)
        && !text.starts_with(crate::vocab::is_unspaced);
    fits.then(|| text.to_owned())
}

/// Whether a single word has a capital inside, as names that were made up have.
fn is_coined(name: &str) -> bool {
    let begins = name.chars().next().is_some_and(char::is_uppercase);
    let letters: Vec<char> = name.chars().collect();
    let turns = letters
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if a.is_lowercase() && b.is_uppercase()))
        .count();
    begins && turns > 0 && letters.iter().all(|c| c.is_alphanumeric())
}

/// Names in the phrases of a sentence.
fn phrases(names: &mut Vec<Name>, text: &str, place: usize) {
    if let Some(rest) = text.strip_prefix("At ")
        && let Some(name) = name_at(rest, false)
        && rest
            .get(name.len()..)
            .is_some_and(|r| r.starts_with([',', ' ']))
    {
        add(names, name, 4, place);
    }
    let (mut taken, mut last) = (0, usize::MAX);
    for (number, at) in CUES.places(text) {
        taken = if number == last { taken + 1 } else { 0 };
        last = number;
        if taken >= 4 {
            continue;
        }
        if let Some((before, points)) = BEFORE.get(number) {
            let rest = text.get(at + before.len()..).unwrap_or("");
            let rest = rest
                .strip_prefix("the ")
                .or_else(|| rest.strip_prefix("any "))
                .unwrap_or(rest);
            if let Some(name) = name_at(rest, false) {
                add(names, name, *points, place);
            }
        } else if let Some((_, points)) = BEHIND.get(number - BEFORE.len())
            && let Some(name) = name_before(text.get(..at).unwrap_or(""))
        {
            add(names, name, *points, place);
        }
    }
}

/// The phrases before and behind names, found in one pass over a text.
struct Cues {
    /// Phrases and their numbers, those before names first; sorted by their words.
    sorted: Vec<(&'static [u8], usize)>,
    /// Where in `sorted` the phrases stand that begin with two bytes.
    by_pair: BTreeMap<[u8; 2], (usize, usize)>,
    /// Which two bytes begin a phrase, as bits: most places are told by one look.
    begins: [u64; 16],
}

/// The bit that stands for two bytes.
fn bit_of([a, b]: [u8; 2]) -> (usize, u64) {
    let mixed = (usize::from(a) * 37 + usize::from(b)) & 1023;
    (mixed >> 6, 1 << (mixed & 63))
}

static CUES: LazyLock<Cues> = LazyLock::new(|| {
    let mut sorted: Vec<(&[u8], usize)> = BEFORE
        .iter()
        .chain(BEHIND)
        .enumerate()
        .map(|(number, (words, _))| (words.as_bytes(), number))
        .collect();
    sorted.sort_unstable();
    let mut by_pair = BTreeMap::new();
    let mut begins = [0; 16];
    for (place, (words, _)) in sorted.iter().enumerate() {
        if let Some(pair) = words.first_chunk::<2>() {
            by_pair.entry(*pair).or_insert((place, place)).1 = place + 1;
            let (word, bit) = bit_of(*pair);
            if let Some(bits) = begins.get_mut(word) {
                *bits |= bit;
            }
        }
    }
    Cues {
        sorted,
        by_pair,
        begins,
    }
});

impl Cues {
    /// Numbers of phrases with where they stand, phrase by phrase.
    fn places(&self, text: &str) -> Vec<(usize, usize)> {
        let bytes = text.as_bytes();
        let mut out = Vec::new();
        let mut before = b' ';
        for (at, byte) in bytes.iter().enumerate() {
            // A phrase begins with a word, or with a sign.
            let begins = !(byte.is_ascii_alphanumeric() && before.is_ascii_alphanumeric());
            before = *byte;
            let rest = bytes.get(at..).filter(|_| begins).unwrap_or(&[]);
            let pair = rest.first_chunk::<2>().filter(|pair| {
                let (word, bit) = bit_of(**pair);
                self.begins.get(word).is_some_and(|bits| bits & bit != 0)
            });
            let range = pair.and_then(|p| self.by_pair.get(p));
            let Some((from, to)) = range else { continue };
            for (words, number) in self.sorted.get(*from..*to).unwrap_or(&[]) {
                if rest.starts_with(words) {
                    out.push((*number, at));
                }
            }
        }
        out.sort_unstable();
        out
    }
}

fn is_name_word(word: &str) -> bool {
    let first = word.chars().next();
    first.is_some_and(|c| c.is_uppercase() || c.is_ascii_digit())
        || word.chars().skip(1).any(char::is_uppercase)
}

/// A lower-case name such as `some-tool` or `tool2`.
fn is_low_name(word: &str) -> bool {
    let shaped = word.len() >= 3
        && word
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | '_'))
        && word.chars().next().is_some_and(|c| c.is_ascii_lowercase())
        && !word.ends_with(['.', '-']);
    shaped && !holds(COMMON, word) && !holds(NO_NAMES, word)
}

/// The name at the beginning of a text.
fn name_at(text: &str, low_too: bool) -> Option<String> {
    let mut words: Vec<&str> = Vec::new();
    for (count, word) in text.split(' ').take(6).enumerate() {
        let ends = word.ends_with([',', '.', ';', ':', ')', '!', '?', '"', '\u{201d}']);
        let bare = word
            .trim_matches(|c: char| !c.is_alphanumeric() && c != '+' && c != '#')
            .trim_end_matches("'s")
            .trim_end_matches("\u{2019}s")
            .trim_end_matches("-owned")
            .trim_end_matches("-maintained")
            .trim_end_matches("-based")
            .trim_end_matches("-related");
        let possessive = word.contains("'s") || word.contains("\u{2019}s");
        let low = count == 0
            && (low_too || bare.contains(['-', '.']) || bare.chars().any(|c| c.is_ascii_digit()))
            && is_low_name(bare);
        if !(is_name_word(bare) || low) || bare.is_empty() || word.starts_with('(') && count > 0 {
            break;
        }
        if count > 0 && bare.chars().all(|c| c.is_ascii_digit() || c == '.') && bare.len() > 2 {
            break;
        }
        words.push(bare);
        if ends || low || possessive {
            break;
        }
    }
    trimmed(words)
}

/// "48h": a time, and no name.
fn is_time(word: &str) -> bool {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < word.len() && matches!(rest, "h" | "d" | "w" | "m" | "hours" | "days")
}

/// The name at the end of a text.
fn name_before(text: &str) -> Option<String> {
    let mut words: Vec<&str> = Vec::new();
    let tokens: Vec<&str> = text.rsplit(' ').take(6).collect();
    for (count, word) in tokens.iter().enumerate() {
        let ends = count > 0 && word.ends_with([',', '.', ';', ':', ')', '!', '?']);
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '+' && c != '#');
        let article = tokens
            .get(count + 1)
            .is_some_and(|w| matches!(*w, "the" | "The" | "a" | "an"));
        let low =
            count == 0 && (article || bare.contains('-') && tokens.len() == 1) && is_low_name(bare);
        if ends || bare.is_empty() || !(is_name_word(bare) || low) {
            break;
        }
        words.push(bare);
        if low || word.starts_with(['"', '(', '\u{201c}']) {
            break;
        }
    }
    words.reverse();
    trimmed(words)
}

/// A name without what its team is called by, and none of the words that are no names.
fn trimmed(mut words: Vec<&str>) -> Option<String> {
    let all = words.len();
    while words.last().is_some_and(|w| holds(ROLES, w)) {
        // "Lantern Core" is a name, the "Lantern Core Team" is the team of one.
        if words.len() == all && words.last() == Some(&"Core") {
            break;
        }
        words.pop();
    }
    let starts = |w: &str| w.len() <= 1 || holds(STARTERS, w);
    while words.first().is_some_and(|w| starts(w)) {
        words.remove(0);
    }
    let first = words.first()?;
    if words.iter().all(|w| holds(NO_NAMES, w)) {
        return None;
    }
    let company = [
        "foundation",
        "inc",
        "ltd",
        "gmbh",
        "harbor",
        "harbour",
        "corporation",
    ];
    let last = words.last().map_or(String::new(), |w| w.to_lowercase());
    if words.len() > 1 && company.contains(&last.as_str()) {
        return None;
    }
    let letters = first.chars().any(char::is_alphabetic) && !is_time(first);
    let fits = letters
        && words.len() <= 4
        && words
            .iter()
            .all(|w| !w.contains(['@', '/', '\\', '=', '<', '>', '`', '[', ']', '(']))
        && words.concat().chars().count() >= 2;
    fits.then(|| words.join(" "))
}
