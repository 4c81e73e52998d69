//! Scope: what is in, what is out, what needs its context worked out.
//!
//! Invariants: an item keeps the policy's own name; paths are only those that
//! look like paths; a sentence gives only what it names itself.
//!
//! Deliberately absent: judging a report.

mod headings;
mod item;
mod prose;
mod rows;

use super::{add, head_and_rest, lead_in, led};
use crate::model::{Clause, ContextFactor, Policy, ScopeItem, ScopeTopic};
use crate::read::{Document, Unit, UnitKind, lower, split_text};
use crate::vocab::{self, Remark, Topic};
use item::item;

/// Which side of the scope words are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    In,
    Out,
}

/// Adds scope items and context factors.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    let named = headings::named(doc);
    for (place, unit) in doc.units.iter().enumerate() {
        if named.replaced.contains(&place) {
            continue;
        }
        if let Some(side) = named.items.get(&place) {
            put(policy, *side, unit, item(&unit.plain));
            continue;
        }
        match &unit.kind {
            UnitKind::Item => listed(doc, policy, unit),
            UnitKind::Row { header, cells } => rows::read(policy, unit, header, cells),
            // A line with a mark before it that looks like a heading.
            UnitKind::Heading => {
                inline_list(policy, unit);
            }
            UnitKind::Sentence => sentence(policy, unit),
            UnitKind::Code => {}
        }
    }
    if policy.in_scope.is_empty() {
        products_in_prose(doc, policy);
    }
}

fn put(policy: &mut Policy, side: Side, unit: &Unit, value: ScopeItem) {
    let (list, name): (&mut Vec<Clause<ScopeItem>>, _) = match side {
        Side::In => (&mut policy.in_scope, "in-scope"),
        Side::Out => (&mut policy.out_of_scope, "out-of-scope"),
    };
    add(list, name, unit, value);
}

fn listed(doc: &Document, policy: &mut Policy, unit: &Unit) {
    match unit.topic {
        Topic::Context => {
            if let Some(factor) = factor(&unit.low) {
                lead_in(doc, &mut policy.lead_ins, unit);
                add(&mut policy.context_factors, "context-factor", unit, factor);
            }
        }
        Topic::InScope | Topic::OutOfScope | Topic::Scope if led(doc, unit) => {
            if inline_list(policy, unit) || is_lead(unit) {
                return;
            }
            if condition_leads(doc, unit) {
                return;
            }
            let first = split_text(&unit.plain)
                .first()
                .map_or(String::new(), |t| lower(t));
            let own = prose::side_of(&first);
            let side = match (unit.topic, own) {
                (Topic::OutOfScope, _) | (Topic::Scope, Some(Side::Out)) => Side::Out,
                _ => Side::In,
            };
            // Below a heading that leaves the side open, sentences tell their own; rules of
            // conduct tell none.
            if unit.topic == Topic::Scope && own.is_none() && explains(&unit.plain) {
                prose::read(policy, unit);
                return;
            }
            // "X is out of scope" in a list of what is in: the sentence decides.
            if own == Some(Side::Out) && side == Side::In {
                prose::read(policy, unit);
                return;
            }
            put(policy, side, unit, item(&unit.plain));
        }
        Topic::Contents | Topic::Duties | Topic::Versions => {}
        _ => {
            if !inline_list(policy, unit) {
                prose::read(policy, unit);
            }
        }
    }
}

/// Whether an item is an explanation or a rule, not the name of a thing.
fn explains(plain: &str) -> bool {
    const RULES: &[&str] = &[
        "do not ",
        "don't ",
        "please ",
        "never ",
        "avoid ",
        "only test",
        "you must",
        "you may",
        "you should",
        "we ",
        "if ",
        "there ",
        "this ",
        "follow ",
        "respect ",
        "comply ",
        "禁止",
        "遵守",
        "请勿",
        "不得",
        "仅测试",
        "不要",
        "keine ",
        "bitte ",
        "ne pas ",
        "no ",
        "não ",
        "rules ",
    ];
    const VERBS: &[&str] = &[
        "is$", "are$", "applies", "apply$", "must$", "should$", "means$",
    ];
    let low = lower(plain);
    let sentences = split_text(plain);
    let long = plain.split_whitespace().count() > 18 && plain.trim_end().ends_with('.');
    let first = sentences.first().map_or(String::new(), |t| lower(t));
    let told = vocab::fits_any(&first, VERBS) && first.ends_with('.');
    RULES.iter().any(|w| low.starts_with(w)) || (long && (sentences.len() > 1 || told))
}

/// "If you come across any of these, stop and tell us:" leads into no scope.
fn condition_leads(doc: &Document, unit: &Unit) -> bool {
    let lead = doc.lead_of(unit);
    let meets = [
        "if you encounter",
        "if you come across",
        "if you access",
        "if you see",
    ];
    let begins = |words: &[&str]| words.iter().any(|w| lead.starts_with(w));
    begins(&meets) || begins(&["if you", "when you"]) && vocab::lead_topic(lead).is_none()
}

/// An item that only leads into others: "The following:".
fn is_lead(unit: &Unit) -> bool {
    unit.low.ends_with(':') && unit.low.split_whitespace().count() <= 4
}

fn sentence(policy: &mut Policy, unit: &Unit) {
    if vocab::remarks(&unit.low, Remark::UnsafeDefaultsRefused) {
        let value = ScopeItem {
            name: "Lack of safe defaults".to_owned(),
            detail: unit.plain.clone(),
            paths: Vec::new(),
            topic: ScopeTopic::UnsafeDefaults,
        };
        put(policy, Side::Out, unit, value);
        return;
    }
    if !inline_list(policy, unit) {
        prose::read(policy, unit);
    }
}

/// "In scope: the server, the client and the library".
fn inline_list(policy: &mut Policy, unit: &Unit) -> bool {
    let Some((head, rest)) = head_and_rest(&unit.plain) else {
        return false;
    };
    let low = crate::read::lower(head);
    let side = match vocab::heading_topic(&low) {
        Some(Topic::InScope) => Side::In,
        Some(Topic::OutOfScope) => Side::Out,
        _ => return false,
    };
    if low.split_whitespace().count() > 5 || unit.topic == Topic::Contents {
        return false;
    }
    for part in parts(rest) {
        put(policy, side, unit, item(part));
    }
    true
}

/// Parts of a list in a line; brackets keep what stands in them together.
fn parts(text: &str) -> Vec<&str> {
    let mark = if text.contains(';') { ';' } else { ',' };
    let mut out = Vec::new();
    let mut depth = 0_usize;
    let mut from = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if c == mark && depth == 0 => {
                out.extend(text.get(from..at));
                from = at + c.len_utf8();
            }
            _ => {}
        }
    }
    out.extend(text.get(from..));
    out.into_iter()
        .map(|p| {
            let p = p.trim().trim_end_matches('.');
            let p = p.strip_prefix("and ").unwrap_or(p);
            p.strip_prefix("or ").unwrap_or(p).trim()
        })
        .filter(|p| !p.is_empty())
        .collect()
}

/// "a security vulnerability related to our products or a protected application, please report it".
fn products_in_prose(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        if unit.kind != UnitKind::Sentence || unit.topic != Topic::Reporting {
            continue;
        }
        let Some((_, from)) = vocab::find(&unit.low, "vulnerability related to") else {
            continue;
        };
        // Case does not change the length of the ASCII text this is meant for.
        if unit.low.len() != unit.plain.len() {
            continue;
        }
        let rest = unit.plain.get(from..).unwrap_or("");
        let span = rest.split(", please").next().unwrap_or("").trim();
        for name in span.split(" or ") {
            let name = name
                .trim()
                .trim_start_matches("a ")
                .trim_start_matches("an ");
            let words = name.split_whitespace().count();
            if (1..=6).contains(&words) {
                add(&mut policy.in_scope, "in-scope", unit, item(name));
            }
        }
        return;
    }
}

fn factor(low: &str) -> Option<ContextFactor> {
    if vocab::fits(low, "implementation") {
        Some(ContextFactor::Implementation)
    } else if vocab::fits(low, "configuration") {
        Some(ContextFactor::Configuration)
    } else if vocab::fits(low, "dependenc") || vocab::fits(low, "external dependenc") {
        Some(ContextFactor::Dependency)
    } else {
        None
    }
}
