//! Supported versions in sentences and lists, where there is no table.
//!
//! Invariants: a rule is a phrase of the text ("the latest release", "prior versions",
//! "0.23.x"); what a clause says of it decides, never a default.
//!
//! Deliberately absent: dates and counting of releases.

use super::version_words::{branch, compared, phrase};
use super::versions::{range_of, support_of};
use super::{add, head_and_rest, sentences, short};
use crate::model::{Policy, Support, VersionRange, VersionRule};
use crate::read::{Document, Unit, UnitKind, lower};
use crate::vocab::{self, Remark, Topic, Way, way};

/// Most rules that sentences give.
const MOST: usize = 24;

/// Adds rules from items and sentences of the part about versions; without any there,
/// from sentences elsewhere that say which versions get security fixes.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        let only = vocab::remarks(&unit.low, Remark::LatestOnly);
        if policy.versions.len() >= MOST || !(unit.topic == Topic::Versions || only) {
            continue;
        }
        match unit.kind {
            UnitKind::Item if item(doc, policy, unit) => {}
            UnitKind::Item | UnitKind::Sentence => prose(policy, unit, false),
            _ => {}
        }
    }
    if !policy.versions.is_empty() {
        return;
    }
    for unit in &doc.units {
        let elsewhere = matches!(
            unit.topic,
            Topic::Contents | Topic::InScope | Topic::OutOfScope | Topic::Advice | Topic::Duties
        );
        let told = matches!(unit.kind, UnitKind::Sentence | UnitKind::Item);
        if told && !elsewhere && says_what_gets_fixes(&unit.low) {
            prose(policy, unit, false);
        }
    }
}

/// Adds rules that count versions ("the last 5 minor branches"), which stand beside a table.
pub(super) fn beside_table(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        if unit.topic == Topic::Versions && unit.kind == UnitKind::Sentence {
            prose(policy, unit, true);
        }
    }
}

/// "Security fixes are provided for …".
fn says_what_gets_fixes(low: &str) -> bool {
    let what = vocab::fits_any(
        low,
        &[
            "security update",
            "security fix",
            "security patch",
            "security support",
            "security advisories",
            "security release",
            "security bugs",
            "fixes land",
            "updates for",
            "sicherheitsupdates",
            "sicherheitskorrekturen",
            "correctifs de sécurité",
            "mises à jour de sécurité",
            "actualizaciones de seguridad",
            "parches de seguridad",
        ],
    );
    let how = vocab::fits_any(
        low,
        &[
            "provided for",
            "land on the latest",
            "land in the latest",
            "provided to",
            "available for",
            "applied to",
            "made for",
            "released for",
            "backported",
            "receive",
            "supported",
            "considered",
            "only for",
            "delivered for",
            "gibt es für",
            "erhalten",
            "erhält",
            "reçoivent",
            "reçoit",
            "reciben",
            "recibe",
        ],
    );
    what && how && !vocab::fits(low, "we recommend") && !vocab::fits(low, "users should")
}

/// "1.x: supported", "Current version: 1.0.0", "Version 1" in a list of versions.
fn item(doc: &Document, policy: &mut Policy, unit: &Unit) -> bool {
    let lead = doc.lead_of(unit);
    if let Some((head, rest)) = head_and_rest(&unit.plain) {
        // "Version 6.0, supported: ✅".
        let head = head.strip_suffix(", supported").unwrap_or(head);
        if is_version(head)
            && let Some(support) = support_of(&rest.to_lowercase())
        {
            return put(policy, unit, head, support);
        }
        // "Current version: ✅", "Older versions: ❌ not supported".
        let title = lower(head);
        let words = title.split_whitespace().count() <= 4
            && (way(&title, Way::Newest) || way(&title, Way::Older))
            && way(&title, Way::VersionNoun);
        if words
            && unit.topic == Topic::Versions
            && let Some(support) = support_of(&rest.to_lowercase())
        {
            return put(policy, unit, head, support);
        }
        if way(&title, Way::Newest) && way(&title, Way::VersionNoun) && is_version(rest) {
            return put(policy, unit, rest, Support::Full);
        }
        return false;
    }
    let negative = way(lead, Way::SupportsNot);
    let told = way(lead, Way::Supports) || way(&unit.heading, Way::Supports);
    if is_version(&unit.plain) && told {
        let support = if negative {
            Support::None
        } else {
            Support::Full
        };
        return put(policy, unit, &unit.plain, support);
    }
    false
}

/// Whether a short text is the name of a version or line of versions.
fn is_version(text: &str) -> bool {
    let text = text.trim().trim_end_matches(['.', ',']);
    let words = text.split_whitespace().count();
    let numbered = text.chars().any(|c| c.is_ascii_digit());
    (1..=3).contains(&words)
        && numbered
        && matches!(
            range_of(text),
            VersionRange::Prefix { .. } | VersionRange::Compare { .. }
        )
}

fn put(policy: &mut Policy, unit: &Unit, label: &str, support: Support) -> bool {
    let label = short(label, 90);
    let known = policy
        .versions
        .iter()
        .any(|c| c.value.label.eq_ignore_ascii_case(&label));
    if !known {
        let value = VersionRule {
            range: range_of(&label),
            label,
            support,
            end: None,
        };
        add(&mut policy.versions, "version", unit, value);
    }
    true
}

/// The rules of a sentence: each part of it speaks of its own versions.
fn prose(policy: &mut Policy, unit: &Unit, counted: bool) {
    for low in sentences(unit) {
        let low = low.as_str();
        let example = ASIDES.iter().any(|w| low.starts_with(w));
        let listed =
            (unit.kind == UnitKind::Item || is_bare_rule(low)) && unit.topic == Topic::Versions;
        if example || !listed && !way(low, Way::Supports) && !way(low, Way::SupportsNot) {
            continue;
        }
        let bare = without_brackets(low);
        for part in parts(&bare) {
            part_rules(policy, unit, &bare, part, counted);
        }
    }
}

/// How sentences begin that give an example or only point to where the rule stands.
const ASIDES: &[&str] = &[
    "for example",
    "e.g.",
    "for instance",
    "if the most",
    "if the latest",
    "example ",
    "upon the release",
    "during the development",
    "assuming ",
    "in order to find",
    "to find ",
    "to see ",
    "to learn ",
    "to check ",
    "for details",
    "for the list",
    "for a list",
    "please check",
    "please visit",
    "um die ",
    "pour connaître",
    "para conocer",
    "para saber",
];

/// A sentence without what stands in brackets: that explains and promises nothing.
fn without_brackets(low: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::with_capacity(low.len());
    for c in low.chars() {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' if depth > 0 => depth -= 1,
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// "Always the latest release.": nothing but the versions, where supported ones are told.
fn is_bare_rule(low: &str) -> bool {
    const WORDS: &[&str] = &[
        "always",
        "only",
        "just",
        "the",
        "our",
        "latest",
        "newest",
        "most",
        "recent",
        "current",
        "stable",
        "published",
        "tagged",
        "minor",
        "major",
        "release",
        "releases",
        "version",
        "versions",
        "two",
        "three",
        "one",
    ];
    let count = low.split_whitespace().count();
    (2..=6).contains(&count)
        && low
            .split_whitespace()
            .all(|w| WORDS.contains(&w.trim_matches(|c: char| !c.is_alphanumeric())))
}

/// Parts of a sentence that say different things.
fn parts(low: &str) -> Vec<&str> {
    const CUTS: [&str; 9] = [
        ", while ",
        " while ",
        " whereas ",
        " but ",
        "; ",
        " and will ",
        " and are not ",
        " and may ",
        ", and ",
    ];
    let mut out = vec![low];
    for cut in CUTS {
        out = out
            .into_iter()
            .flat_map(|part| match part.find(cut) {
                // The word that cuts belongs to what follows.
                Some(at) => vec![part.get(..at).unwrap_or(""), part.get(at..).unwrap_or("")],
                None => vec![part],
            })
            .collect();
    }
    out
}

fn part_rules(policy: &mut Policy, unit: &Unit, sentence: &str, part: &str, counted: bool) {
    let listed = (unit.kind == UnitKind::Item || is_bare_rule(sentence)) && part == sentence;
    let here = support_in(part).or(listed.then_some(Support::Full));
    let whole = || support_in(sentence);
    let told = numbers(part).into_iter().chain(numbers_behind_nouns(part));
    let newest = phrase(part, Way::Newest);
    for label in told.filter(|_| !counted) {
        // "The latest 0.x release" is one release of that line.
        if newest.is_some_and(|n| n.contains(label)) {
            continue;
        }
        if let Some(support) = here {
            put(policy, unit, label, support);
        }
    }
    comparison(policy, unit, part, counted);
    if let Some(branch) = branch(part).filter(|_| !counted)
        && let Some(support) = here.or_else(|| branch.contains(' ').then(whole).flatten())
        && support != Support::None
    {
        let known = policy.versions.iter().any(|c| is_branch(&c.value.label));
        if !known {
            put(policy, unit, branch, support);
        }
    }
    for (opener, older) in [(Way::Newest, false), (Way::Older, true), (Way::Kept, false)] {
        let Some(label) = phrase(part, opener) else {
            continue;
        };
        if counted && !counts(label) || !older && label.starts_with("next") && !in_the_next(part) {
            continue;
        }
        // "The newest state of the branch main" is that branch.
        let tip = branch(part).is_some_and(|b| {
            ["の", "的", "の最新", "的最新"]
                .iter()
                .any(|of| part.contains(&format!("{b}{of}")))
        });
        if tip && !older {
            continue;
        }
        let kept = opener == Way::Kept;
        if kept && (counted || phrase(part, Way::Newest).is_some() || way(part, Way::Older)) {
            continue;
        }
        // "Please upgrade to the latest release" beside a rule adds none.
        let moves = [
            "upgrade to",
            "update to",
            "up-to-date with",
            "up to date with",
        ];
        let none = [
            "there are no",
            "there is no",
            "there are currently no",
            "there is currently no",
            "we currently have no",
            "no official",
            "do not have",
            "no lts",
        ];
        if kept && vocab::fits_any(part, &none) {
            continue;
        }
        let advice = !policy.versions.is_empty() && vocab::fits_any(part, &moves);
        if advice && !older {
            continue;
        }
        let known = policy.versions.iter().any(|c| {
            let same = c.value.range != VersionRange::Words
                && is_older(&c.value) == older
                && !is_branch(&c.value.label)
                || way(&lower(&c.value.label), opener);
            same && !counted && !(unit.kind == UnitKind::Item && c.span != unit.span)
        });
        let counted_back = older && counts_back(label) && here == Some(Support::Full)
            || older && counts_back(label) && here.is_none() && whole() == Some(Support::Full);
        let support = if counted_back {
            Some(Support::Full)
        } else if older {
            older_support(part).or_else(|| older_support(sentence))
        } else {
            here.or_else(whole).filter(|s| *s != Support::None)
        };
        let Some(support) = support.filter(|_| !known) else {
            continue;
        };
        let label = as_written(unit, label);
        let range = if older {
            VersionRange::Older
        } else if kept {
            VersionRange::Words
        } else {
            let named = vocab::fits(part, "main$").then(|| "main".to_owned());
            VersionRange::Latest { branch: named }
        };
        let value = VersionRule {
            label: short(&label, 90),
            range,
            support,
            end: None,
        };
        add(&mut policy.versions, "version", unit, value);
    }
}

/// "Releases prior to 5.0 are not supported", "version 3 and later get fixes".
fn comparison(policy: &mut Policy, unit: &Unit, part: &str, counted: bool) {
    const OTHERS: &[&str] = &[
        "upgrade",
        "update to",
        "node",
        "python",
        "java$",
        "php",
        "require",
        "based on",
    ];
    let Some((label, number, below)) = compared(part).filter(|_| !counted) else {
        return;
    };
    let support = support_in(part).filter(|s| !below || *s != Support::Full);
    let sign = if below { "<" } else { ">=" };
    let range = range_of(&format!("{sign} {number}"));
    let known = policy.versions.iter().any(|c| c.value.range == range);
    if vocab::fits_any(part, OTHERS) || known {
        return;
    }
    let Some(support) = support else { return };
    let value = VersionRule {
        label: short(&as_written(unit, label), 90),
        range,
        support,
        end: None,
    };
    add(&mut policy.versions, "version", unit, value);
}

/// Whether a phrase counts versions.
fn counts(label: &str) -> bool {
    label
        .split_whitespace()
        .any(|w| w.bytes().all(|b| b.is_ascii_digit()) || COUNTED.contains(&w))
}

/// "One prior minor release", "the two previous versions": kept up beside the newest one.
fn counts_back(label: &str) -> bool {
    let first = label.split_whitespace().next().unwrap_or("");
    first == "one" || COUNTED.contains(&first) || first.bytes().all(|b| b.is_ascii_digit())
}

const COUNTED: &[&str] = &["single", "two", "three", "four", "five", "six"];

fn in_the_next(part: &str) -> bool {
    vocab::fits_any(part, &["in the next", "in the upcoming", "for the next"])
}

fn is_older(rule: &VersionRule) -> bool {
    rule.range == VersionRange::Older
}

fn is_branch(label: &str) -> bool {
    let low = lower(label);
    matches!(low.as_str(), "main" | "master" | "trunk" | "head") || branch(&low).is_some()
}

/// What a clause says of the versions it names.
fn support_in(part: &str) -> Option<Support> {
    if vocab::fits(part, "only .. critical") || vocab::fits(part, "critical .. only") {
        return Some(Support::CriticalOnly);
    }
    if way(part, Way::SupportsPerhaps) {
        return Some(Support::BestEffort);
    }
    if way(part, Way::SupportsNot) {
        return Some(Support::None);
    }
    way(part, Way::Supports).then_some(Support::Full)
}

fn older_support(part: &str) -> Option<Support> {
    if way(part, Way::SupportsPerhaps) {
        Some(Support::BestEffort)
    } else if way(part, Way::SupportsNot) || vocab::fits(part, "only ") || vocab::fits(part, "not ")
    {
        Some(Support::None)
    } else {
        None
    }
}

/// Names like `0.23.x`, `v2`, `1.x` in running text.
fn numbers(part: &str) -> Vec<&str> {
    if vocab::fits_any(part, &["upgrade to", "update to", "reproduces against"]) {
        return Vec::new();
    }
    part.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '`' | '/'))
        .map(|w| w.trim_end_matches('.'))
        .filter(|w| {
            let open = w.rsplit('.').next().is_some_and(|t| matches!(t, "x" | "*"));
            open && w.chars().any(|c| c.is_ascii_digit()) && is_version(w)
        })
        .collect()
}

/// "Version 7 and 6", "the 3.x and 2.7 branches": numbers beside the word for versions.
fn numbers_behind_nouns(part: &str) -> Vec<&str> {
    let moves = [
        "since",
        "before",
        "until",
        "upgrade",
        "update to",
        "starting",
        "older than",
        "below",
        "prior to",
        "newer",
        "or later",
        "and later",
        "and above",
        "and up",
        "based on",
        "from",
        "node",
        "python",
        "java$",
        "php",
        "requires",
    ];
    if vocab::fits_any(part, &moves) {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut open = false;
    for word in part.split_whitespace() {
        let name = word.trim_matches(|c: char| matches!(c, ',' | '.' | ';' | '`'));
        if NUMBERED_NOUNS.contains(&name) {
            open = true;
        } else if open && is_version(name) {
            out.push(name);
        } else if !matches!(
            name,
            "and" | "&" | "und" | "et" | "y" | "e" | "or" | "sowie"
        ) {
            open = false;
        }
    }
    out
}

/// Words behind which versions are listed by number.
const NUMBERED_NOUNS: &[&str] = &[
    "version",
    "versions",
    "versionen",
    "branch",
    "branches",
    "branche",
    "zweig",
    "zweige",
    "langzeitzweig",
    "versión",
    "versiones",
    "versão",
    "versões",
    "ramas",
    "series",
];

/// A lower-case phrase as the text writes it.
fn as_written(unit: &Unit, label: &str) -> String {
    let low = &unit.low;
    let written = low
        .find(label)
        .filter(|_| low.len() == unit.plain.len())
        .and_then(|at| unit.plain.get(at..at + label.len()));
    let words: Vec<&str> = written.unwrap_or(label).split_whitespace().collect();
    words.join(" ")
}
