//! Scope: what is in, what is out, what needs its context worked out.
//!
//! Invariants: an item keeps the policy's own name; paths are only those that
//! look like paths.
//!
//! Deliberately absent: judging a report.

use super::{add, head_and_rest, lead_in, short};
use crate::model::{ContextFactor, Policy, ScopeItem, ScopeTopic};
use crate::read::{Document, UnitKind};
use crate::vocab::{self, FILE_ENDINGS, FOLDERS, Remark, Topic};

/// Adds scope items and context factors.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        match (&unit.kind, unit.topic) {
            (UnitKind::Item | UnitKind::Row { .. }, Topic::InScope) => {
                add(&mut policy.in_scope, "in-scope", unit, item(&unit.plain));
            }
            (UnitKind::Item | UnitKind::Row { .. }, Topic::OutOfScope) => {
                add(
                    &mut policy.out_of_scope,
                    "out-of-scope",
                    unit,
                    item(&unit.plain),
                );
            }
            (UnitKind::Item, Topic::Context) => {
                if let Some(factor) = factor(&unit.low) {
                    lead_in(doc, &mut policy.lead_ins, unit);
                    add(&mut policy.context_factors, "context-factor", unit, factor);
                }
            }
            (UnitKind::Sentence, _) if vocab::remarks(&unit.low, Remark::UnsafeDefaultsRefused) => {
                let value = ScopeItem {
                    name: "Lack of safe defaults".to_owned(),
                    detail: unit.plain.clone(),
                    paths: Vec::new(),
                    topic: ScopeTopic::UnsafeDefaults,
                };
                add(&mut policy.out_of_scope, "out-of-scope", unit, value);
            }
            _ => {}
        }
    }
    if policy.in_scope.is_empty() {
        products_in_prose(doc, policy);
    }
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

fn item(text: &str) -> ScopeItem {
    let low = text.to_lowercase();
    let (name, detail) = match head_and_rest(text) {
        Some((head, rest)) => (head.to_owned(), rest.to_owned()),
        None => match text.split_once('(') {
            Some((head, rest)) if head.trim().chars().count() > 3 => (
                head.trim().to_owned(),
                rest.trim_end_matches(['.', ' '])
                    .trim_end_matches(')')
                    .to_owned(),
            ),
            _ => (text.to_owned(), String::new()),
        },
    };
    ScopeItem {
        name: short(&name, 100),
        detail,
        paths: paths(text),
        topic: topic(&name.to_lowercase(), &low),
    }
}

fn topic(name: &str, whole: &str) -> ScopeTopic {
    vocab::first(name, |l| l.scope_topics)
        .or_else(|| vocab::first(whole, |l| l.scope_topics))
        .unwrap_or(ScopeTopic::Component)
}

/// Words that look like paths of a repository.
fn paths(text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '—' | '`'))
        .map(|w| w.trim_end_matches(['.', ':', ';']))
        .filter(|w| is_path(w))
        .map(str::to_owned)
        .collect()
}

fn is_path(word: &str) -> bool {
    if word.contains("://") || word.contains('@') {
        return false;
    }
    let Some((first, rest)) = word.split_once('/') else {
        return false;
    };
    let known = FOLDERS.contains(&first);
    let ends = FILE_ENDINGS.iter().any(|e| rest.ends_with(e));
    !rest.is_empty() && (known || ends || rest.contains('*'))
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
