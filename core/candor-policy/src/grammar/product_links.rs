//! The name of the product where a link to its repository confirms a word of the text.
//!
//! Invariants: the words are the text's own; a repository's name alone names nothing,
//! and a name that any repository may have is none.
//!
//! Deliberately absent: hosts without repositories.

use super::addresses::places;
use super::product_words::{COMMON, NO_NAMES, holds};
use crate::read::{Document, Unit, UnitKind};

/// Hosts of repositories.
const FORGES: &[&str] = &["github.com/", "gitlab.com/", "codeberg.org/"];

/// First parts of a path that are no owner of a repository.
const NO_OWNERS: &str = "advisories settings orgs features docs security sponsors apps about \
    topics marketplace github-archive users groups";

/// Names that any repository may have.
const ANY_REPOSITORY: &str = "community docs documentation website site web server client core \
    cli sdk api app apps frontend backend issues project projects tools examples template \
    templates policies policy security repo repository code governance meta main advisories \
    advisory-db advisory-database audits releases infra infrastructure tests foundation \
    organization organisation program platform service services plugin plugins library github \
    .github awesome guide guides handbook wiki test demo sample samples bot dashboard portfolio";

/// Most names, units and words that are compared.
const MOST: (usize, usize, usize) = (12, 400, 400);

/// The name and the unit that gives it first.
pub(super) fn confirmed(doc: &Document) -> Option<(String, usize)> {
    let names = repositories(doc);
    let mut best: Option<(u32, usize, String)> = None;
    // A list of repositories names no product.
    if names.iter().filter(|(_, weight)| *weight > 2).count() > 2 {
        return None;
    }
    for (bare, weight) in names {
        let mut found: Option<(usize, String)> = None;
        let mut count = 0;
        for (place, unit) in doc.units.iter().enumerate().take(MOST.1) {
            if unit.kind == UnitKind::Code {
                continue;
            }
            if let Some(written) = written(unit, &bare) {
                count += 1;
                found.get_or_insert((place, written));
            }
        }
        // A bare link may lead to anybody's repository.
        let own = |written: &str| weight > 1 || count > 1 || written.contains(char::is_uppercase);
        if let Some((place, written)) = found.filter(|(_, w)| own(w)) {
            let points = weight + count.min(4);
            if best.as_ref().is_none_or(|b| points > b.0) {
                best = Some((points, place, written));
            }
        }
    }
    best.map(|(_, place, words)| (words, place))
}

/// Names of repositories that the text links to, without their signs, and how much the
/// link tells that it is the product's own.
fn repositories(doc: &Document) -> Vec<(String, u32)> {
    let mut out: Vec<(String, u32)> = Vec::new();
    for unit in doc.units.iter().take(MOST.1) {
        for link in places(unit) {
            let Some((owner, repository, rest)) = parts(&link.url) else {
                continue;
            };
            let weight = match rest {
                "security" => 3,
                "issues" | "releases" => 2,
                "" | "blob" => 1,
                _ => continue,
            };
            // "product/community" belongs to the product.
            let shared = holds(ANY_REPOSITORY, repository);
            let name = if shared { owner } else { repository };
            let bare = bare(name);
            let taken = out.iter().any(|(n, _)| *n == bare);
            if !taken && may_name(name, &bare) && out.len() < MOST.0 {
                out.push((bare, weight));
            }
        }
    }
    out
}

fn parts(url: &str) -> Option<(&str, &str, &str)> {
    let path = FORGES
        .iter()
        .find_map(|f| url.split_once(f).map(|(_, path)| path))?;
    let mut parts = path.split(['/', '?', '#']);
    let owner = parts.next()?;
    let repository = parts.next()?.trim_end_matches(".git");
    let known = !owner.is_empty() && !repository.is_empty() && !holds(NO_OWNERS, owner);
    known.then_some((owner, repository, parts.next().unwrap_or("")))
}

fn may_name(name: &str, bare: &str) -> bool {
    bare.chars().count() >= 3
        && !bare.chars().all(|c| c.is_ascii_digit())
        && !holds(ANY_REPOSITORY, name)
        && !holds(ANY_REPOSITORY, bare)
        && !holds(COMMON, name)
        && !holds(NO_NAMES, name)
        && !holds(NO_NAMES, bare)
}

fn bare(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The words of a unit that are a name but for case and signs between.
fn written(unit: &Unit, name: &str) -> Option<String> {
    let words: Vec<&str> = unit.plain.split_whitespace().take(MOST.2).collect();
    for from in 0..words.len() {
        let mut joined = String::new();
        for (count, word) in words.get(from..)?.iter().take(4).enumerate() {
            let word = cut(word);
            let ends = word.ends_with([',', '.', ';', ':', '!', '?', ')']);
            if word.contains(['/', '@', '[', ']', '=', '\\']) {
                break;
            }
            joined.push_str(&bare(word));
            if joined == name {
                let to = from + count + 1;
                let text = words.get(from..to)?.iter().map(|w| cut(w));
                let text: Vec<&str> = text
                    .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric() && c != '+'))
                    .collect();
                return Some(text.join(" "));
            }
            if ends || !name.starts_with(&joined) {
                break;
            }
        }
    }
    None
}

/// A word without its possessive ending.
fn cut(word: &str) -> &str {
    let bare = word.trim_end_matches([',', '.', ';', ':']);
    let short = bare
        .strip_suffix("'s")
        .or_else(|| bare.strip_suffix("\u{2019}s"));
    short.unwrap_or(word)
}
