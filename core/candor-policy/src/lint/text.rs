//! Findings on the words themselves: links, disguised addresses, threats, tables of a template.
//!
//! Invariants: one pass over the text; a unit is looked at once.
//!
//! Deliberately absent: following a link.

use std::collections::BTreeSet;

use candor_base::{Finding, Span};

use super::add;
use super::rules::{
    ADDRESS_IN_IMAGE, BROKEN_ANCHOR, DEAD_DELEGATION, LEGAL_THREAT, LINK_DIFFERS,
    OBFUSCATED_ADDRESS, SAMPLE_VERSIONS,
};
use crate::model::{ChannelKind, Policy};
use crate::read::{Document, Link, Unit, UnitKind};
use crate::vocab;

pub(super) fn check(text: &str, doc: &Document, policy: &Policy, out: &mut Vec<Finding>) {
    let anchors = anchors(text, doc);
    for unit in &doc.units {
        if unit.kind == UnitKind::Code {
            continue;
        }
        for link in &unit.links {
            differs(unit, link, out);
            if anchors.misses(&link.url) {
                add(
                    out,
                    BROKEN_ANCHOR,
                    Some(unit.span),
                    format!("{} leads to no section of this text.", link.url),
                    "Mend the link, or the heading it names.",
                );
            }
        }
        disguised(unit, out);
        threat(unit, out);
    }
    sample_versions(policy, out);
    picture(text, doc, policy, out);
    nowhere(doc, policy, out);
}

/// "security@a.test" that leads to "mailto:other@b.test".
fn differs(unit: &Unit, link: &Link, out: &mut Vec<Finding>) {
    let Some(target) = link.url.strip_prefix("mailto:") else {
        return;
    };
    let target = target.split('?').next().unwrap_or(target);
    let shown = link.text.trim();
    let is_address = shown.contains('@') && !shown.contains(char::is_whitespace);
    if is_address && !shown.eq_ignore_ascii_case(target) {
        add(
            out,
            LINK_DIFFERS,
            Some(unit.span),
            format!("The text says {shown}, and the link writes to {target}."),
            "Make both the same.",
        );
    }
}

/// Anchors that a link inside the text can lead to.
struct Anchors {
    known: BTreeSet<String>,
}

impl Anchors {
    fn misses(&self, url: &str) -> bool {
        url.strip_prefix('#')
            .is_some_and(|a| !a.is_empty() && !self.known.contains(&a.to_lowercase()))
    }
}

fn anchors(text: &str, doc: &Document) -> Anchors {
    let mut known: BTreeSet<String> = doc
        .units
        .iter()
        .filter(|u| u.kind == UnitKind::Heading)
        .flat_map(|u| [slug(&u.low), slug(&u.quote.to_lowercase())])
        .collect();
    for mark in ["id=\"", "name=\"", "{#", "[[", "id='", "name='"] {
        for (at, _) in text.match_indices(mark) {
            let rest = text.get(at + mark.len()..).unwrap_or("");
            let name: String = rest
                .chars()
                .take(120)
                .take_while(|c| !matches!(c, '"' | '\'' | '}' | ']' | '\n'))
                .collect();
            known.insert(name.to_lowercase());
        }
    }
    Anchors { known }
}

/// The name a forge gives to a heading: words joined by dashes, marks left out.
fn slug(low: &str) -> String {
    low.trim()
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || matches!(c, '-' | '_') => Some(c),
            _ => None,
        })
        .collect()
}

const DISGUISES: [&str; 7] = ["[at]", "(at)", "{at}", " at] ", "[dot]", "(dot)", "nospam"];

fn disguised(unit: &Unit, out: &mut Vec<Finding>) {
    if DISGUISES.iter().any(|d| unit.low.contains(d)) {
        add(
            out,
            OBFUSCATED_ADDRESS,
            Some(unit.span),
            "This address is in disguise.",
            "Write the address as it is, or link a form.",
        );
    }
}

/// What a project says it will do to people; "will not" in the same sentence is the opposite.
const THREATS: [&str; 9] = [
    "will be prosecuted",
    "will prosecute",
    "be prosecuted to",
    "reserve the right to take legal action",
    "reserves the right to take legal action",
    "may result in legal action",
    "will result in legal action",
    "will pursue legal action",
    "may take legal action",
];

fn threat(unit: &Unit, out: &mut Vec<Finding>) {
    if vocab::fits_any(&unit.low, &THREATS) {
        add(
            out,
            LEGAL_THREAT,
            Some(unit.span),
            "This sentence threatens people with legal action.",
            "Say what you ask of testers instead, and that you leave those alone who follow it.",
        );
    }
}

/// The rows of the table that a well-known template starts with.
const SAMPLE_ROWS: [&str; 4] = ["5.1.x", "5.0.x", "4.0.x", "< 4.0"];

fn sample_versions(policy: &Policy, out: &mut Vec<Finding>) {
    let rows: Vec<&str> = policy
        .versions
        .iter()
        .map(|c| c.value.label.as_str())
        .collect();
    let as_given = rows.len() == SAMPLE_ROWS.len()
        && rows
            .iter()
            .zip(SAMPLE_ROWS)
            .all(|(a, b)| a.replace(' ', "") == b.replace(' ', ""));
    if let (true, Some(first), Some(last)) =
        (as_given, policy.versions.first(), policy.versions.last())
    {
        add(
            out,
            SAMPLE_VERSIONS,
            Some(Span::lines(first.span.first, last.span.last)),
            "These are the versions of the template, not yours.",
            "List your own versions, or say that only the latest release gets fixes.",
        );
    }
}

/// A picture, and no address in letters anywhere.
fn picture(text: &str, doc: &Document, policy: &Policy, out: &mut Vec<Finding>) {
    let promised = policy
        .channels
        .iter()
        .any(|c| c.value.kind == ChannelKind::Email && c.value.value.is_none());
    let reachable = policy.channels.iter().any(|c| c.value.value.is_some());
    if !promised || reachable {
        return;
    }
    let shown = text
        .lines()
        .zip(1u32..)
        .find(|(line, _)| line.contains("![") || line.contains("<img"));
    let inside = |line: u32| doc.units.last().is_none_or(|u| line <= u.span.last);
    if let Some((_, line)) = shown.filter(|(_, line)| inside(*line)) {
        add(
            out,
            ADDRESS_IN_IMAGE,
            Some(Span::line(line)),
            "The policy offers mail, gives no address, and shows a picture.",
            "Write the address in letters as well.",
        );
    }
}

/// Everything is said to stand elsewhere, and no link leads there.
fn nowhere(doc: &Document, policy: &Policy, out: &mut Vec<Finding>) {
    let Some(first) = policy.delegates_to.first() else {
        return;
    };
    let says_something = policy.channels.iter().any(|c| c.value.value.is_some())
        || !policy.promises.is_empty()
        || !policy.versions.is_empty();
    let leads =
        |url: &str| !url.is_empty() && !url.starts_with('#') && !vocab::is_example_address(url);
    let linked = doc.units.iter().any(|u| {
        u.links.iter().any(|l| leads(&l.url))
            || u.quote.contains("https://") && !vocab::is_example_address(&u.quote)
    });
    if !says_something && !linked {
        add(
            out,
            DEAD_DELEGATION,
            Some(first.span),
            "The policy says that its rules stand elsewhere, and gives no link that leads there.",
            "Link the place, or write the rules here.",
        );
    }
}
