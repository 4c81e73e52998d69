//! What a policy leaves to other places: its rules, its lists, or itself.
//!
//! Invariants: a place counts where the sentence sends the reader there for what a
//! policy holds; things to read beside it do not count.
//!
//! Deliberately absent: fetching those places.

use super::addresses::{Place, is_person, places};
use super::{add, short};
use crate::model::{ChannelKind, Policy};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, Remark, Topic, Way, way};

/// Links that explain terms, or lead to the reporter's tools.
const TERMS: &[&str] = &[
    "wikipedia.org",
    "docs.github.com",
    "help.github.com",
    "first.org",
    "cve.mitre.org",
    "cve.org",
    "cwe.mitre.org",
    "nvd.nist.gov",
    "owasp.org",
    "semver.org",
    "disclose.io",
    "rfc-editor",
    "ietf.org",
    "shields.io",
    "assurance",
    "security.txt",
    "/feed",
    "rss",
    "advisory-db",
    "status.",
    "contributing",
    "code_of_conduct",
    "code-of-conduct",
    "license",
    "readme",
    "changelog",
    "/issues",
    "/discussions",
    "/pull",
    "hall-of-fame",
    "hall_of",
    "acknowledg",
    "thanks",
    "pgp",
    "gpg",
    "keyserver",
    ".asc",
    "cna.",
    "cve-id",
    "faq",
    "maintainers",
    "codeowners",
    "authors",
    "audit",
    "certcc.github.io",
    "vuls.cert.org",
    "googleprojectzero",
];

/// Adds places that stand in for a part of the policy.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        if matches!(unit.kind, UnitKind::Heading | UnitKind::Code) || is_aside(unit) {
            continue;
        }
        let before = policy.delegates_to.len();
        let said = said(doc, unit);
        // Fields of a security.txt other than the policy's own place.
        let field = [
            "canonical:",
            "acknowledgments:",
            "encryption:",
            "hiring:",
            "contact:",
        ];
        if field.iter().any(|f| said.starts_with(f)) {
            continue;
        }
        for place in places(unit) {
            if sends_there(policy, unit, &said, &place) {
                put(policy, unit, place.url);
            }
        }
        if policy.delegates_to.len() == before && vocab::remarks(&unit.low, Remark::Delegates) {
            put(policy, unit, named_place(&unit.plain));
        }
    }
}

fn is_aside(unit: &Unit) -> bool {
    matches!(
        unit.topic,
        Topic::Contents
            | Topic::InScope
            | Topic::OutOfScope
            | Topic::Advice
            | Topic::Credit
            | Topic::Practices
    ) || unit.topic == Topic::Outlets && unit.kind == UnitKind::Item
        || vocab::fits(&unit.heading, "resource")
        || vocab::fits(&unit.heading, "reference")
}

fn put(policy: &mut Policy, unit: &Unit, place: String) {
    let known = policy
        .delegates_to
        .iter()
        .any(|c| c.value == place || c.value.starts_with(&place));
    if !known {
        add(&mut policy.delegates_to, "delegates-to", unit, place);
    }
}

/// What is said around a unit that is only a link: the words that lead to it.
fn said(doc: &Document, unit: &Unit) -> String {
    let alone = unit.plain.split_whitespace().count() <= 2
        || unit
            .links
            .first()
            .is_some_and(|l| l.text.trim() == unit.plain.trim());
    if alone {
        format!("{} {}", doc.lead_of(unit), unit.low)
    } else {
        unit.low.clone()
    }
}

fn sends_there(policy: &Policy, unit: &Unit, low: &str, place: &Place) -> bool {
    let url = place.url.to_lowercase();
    let url = url.split('#').next().unwrap_or("").to_owned();
    let is_place = url.starts_with("http") || is_path(&url);
    // A part of another file, or of the home page, may hold what a policy does.
    let named = vocab::fits_any(
        &place.words.to_lowercase(),
        &["polic", "report", "support", "threat model", "lifecycle"],
    );
    let term = TERMS
        .iter()
        .any(|t| url.contains(t) && !(named && matches!(*t, "readme" | "security.txt")));
    if !is_place || url.contains('@') || term || is_person(&url) {
        return false;
    }
    let bounty = url.ends_with("/bounty") || url.contains("join-the") || url.contains("meet-the");
    if bounty {
        return false;
    }
    let channel = policy.channels.iter().any(|c| {
        c.value.value.as_deref() == Some(place.url.as_str())
            && !matches!(c.value.kind, ChannelKind::Platform | ChannelKind::Page)
    });
    let advisories = url.contains("/security/advisories") || url.contains("issuable_template");
    if channel || advisories || way(low, Way::Published) && !way(low, Way::Subject) {
        return false;
    }
    let words = place.words.to_lowercase();
    let to_users = vocab::fits_any(
        low,
        &[
            "security features",
            "configur",
            "harden",
            "best practice",
            "production ready",
            "securing ",
        ],
    );
    let sends = way(low, Way::Elsewhere) && !to_users;
    let of_versions = unit.topic == Topic::Versions && !vocab::fits(low, "find the");
    let subject = way(&words, Way::Subject)
        || way(&url.replace(['-', '_', '/', '.'], " "), Way::Subject)
        || vocab::fits_any(&words, &["security", "support"])
        || of_versions
        || unit.plain.len() != low.len() && way(low, Way::Subject)
        || way(&near(low, &words), Way::Subject)
        || unit.topic == Topic::Reporting && way(low, Way::More);
    // "If you use the image, check its policy and report it there."
    let of_another = url.ends_with("/security.md")
        && url.starts_with("http")
        && vocab::fits_any(
            low,
            &["report it there", "report there", "report them there"],
        );
    sends && subject || of_another
}

/// Words around a link.
fn near(low: &str, words: &str) -> String {
    let Some(at) = low.find(words.trim()) else {
        return String::new();
    };
    let before: Vec<&str> = low
        .get(..at)
        .unwrap_or("")
        .split_whitespace()
        .rev()
        .take(8)
        .collect();
    let before: Vec<&str> = before.into_iter().rev().collect();
    before.join(" ")
}

/// A file of the repository: `docs/policy.md`.
fn is_path(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or("");
    [".md", ".rst", ".adoc", ".txt", ".html"]
        .iter()
        .any(|e| path.ends_with(e))
}

/// "please refer to the Releases page on this project's GitHub and/or …": the place.
fn named_place(plain: &str) -> String {
    let low = plain.to_lowercase();
    let start = ["refer to the ", "refer to ", "see the ", "see "]
        .iter()
        .filter_map(|w| low.rfind(w).map(|at| at + w.len()))
        .max()
        .unwrap_or(0);
    let rest = plain.get(start..).unwrap_or(plain);
    let end = [" and/or ", " for ", ", ", ". ", " and "]
        .iter()
        .filter_map(|w| rest.find(w))
        .min()
        .unwrap_or(rest.len());
    short(rest.get(..end).unwrap_or(rest), 120)
}
