//! A policy as a bag of facts: what it says, without where and in which words.
//!
//! Invariants: two policies with the same facts promise the same; where a clause
//! stands, its words and its id are no facts.
//!
//! Deliberately absent: languages, lead-ins and blanks of a text, which are about the
//! words and not about what they say.

use std::collections::BTreeMap;

use candor_base::Span;
use serde_json::Value;

use crate::model::{DisclosureKind, Policy};

/// Parts that speak of the words only.
const OF_WORDS: [&str; 4] = ["languages", "kind", "lead_ins", "placeholders"];
/// Parts that are read once more from what other parts say: saying more of them is no
/// other policy.
pub(super) const SEEN_BESIDE: [&str; 1] = ["acts"];
/// Parts in which the order of the entries says something.
pub(super) const ORDERED: [&str; 3] = ["versions", "contents", "steps"];

/// A fact: its part, and its value as JSON.
pub(super) type Key = (String, String);

/// A fact with its words and lines.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    pub(super) key: Key,
    pub(super) quote: String,
    pub(super) span: Span,
    /// Its place among the clauses of its part.
    pub(super) place: usize,
}

/// Something that two policies do not share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unshared {
    /// The part of the policy, by its key (`promises`).
    pub part: String,
    /// Its words, or what it means where it has none.
    pub words: String,
    /// Its lines in its own text.
    pub span: Span,
}

/// Every fact, part by part.
pub(super) fn facts(policy: &Policy) -> Vec<Fact> {
    let Ok(Value::Object(parts)) = serde_json::to_value(policy) else {
        return Vec::new();
    };
    let repeated = repeated(policy);
    let mut out = Vec::new();
    for (part, value) in parts {
        if OF_WORDS.contains(&part.as_str()) {
            continue;
        }
        match value {
            Value::Array(list) => {
                let clauses = list.into_iter().enumerate();
                out.extend(clauses.filter_map(|(n, v)| fact(&part, n, v)));
            }
            other => out.extend(fact(&part, 0, other)),
        }
    }
    out.retain(|f| f.key.0 != "duties" || !repeated.contains(&f.key.1.as_str()));
    out
}

/// Duties that only repeat a rule of disclosure: who asks for a time asks for patience.
fn repeated(policy: &Policy) -> Vec<&'static str> {
    let mut out = Vec::new();
    for clause in &policy.disclosure {
        match &clause.value.rule {
            DisclosureKind::Window { .. } if !clause.value.stated => {
                out.push(r#"{"also":[],"kind":"reasonable_time"}"#);
            }
            DisclosureKind::TimeToFix => out.push(r#"{"also":[],"kind":"reasonable_time"}"#),
            DisclosureKind::UntilFixed | DisclosureKind::UntilValidatedOrAgreed => {
                out.push(r#"{"also":[],"kind":"confidential"}"#);
            }
            _ => {}
        }
    }
    out
}

fn fact(part: &str, place: usize, clause: Value) -> Option<Fact> {
    let quote = clause.get("quote")?.as_str()?.to_owned();
    let classes = clause.pointer("/value/classes");
    if part == "severities" && classes.is_some_and(|c| *c == Value::Array(Vec::new())) {
        // A severity without classes says nothing beyond the promise with it.
        return None;
    }
    let span = serde_json::from_value(clause.get("span")?.clone()).ok()?;
    Some(Fact {
        key: (part.to_owned(), key_text(part, clause)),
        quote,
        span,
        place,
    })
}

/// The value of a clause of this part, as a fact names it.
fn key_text(part: &str, clause: Value) -> String {
    let mut value = bare(clause);
    if part == "steps"
        && let Value::Object(step) = &mut value
    {
        // The place in the list says it.
        step.remove("number");
    }
    if part == "credit"
        && let Value::Object(credit) = &mut value
    {
        // Sentences on credit add up in any order; what they say stands beside them.
        credit.remove("more");
        let listed = credit
            .get("hall_of_fame")
            .is_some_and(|page| !page.is_null());
        credit.insert("hall_of_fame".to_owned(), Value::Bool(listed));
    }
    if part == "promises"
        && let Some(Value::String(words)) = value.pointer_mut("/term/words")
    {
        *words = words.to_lowercase();
    }
    if part == "severities"
        && let Value::Object(class) = &mut value
    {
        // The time in it is the time of the promise that is read from the same words.
        class.remove("response");
    }
    value.to_string()
}

/// A value without the ids, lines and words of the clauses in it.
fn bare(value: Value) -> Value {
    match value {
        Value::Object(mut map) if map.contains_key("quote") && map.contains_key("span") => {
            map.remove("value").map_or(Value::Null, bare)
        }
        Value::Object(map) => map.into_iter().map(|(k, v)| (k, bare(v))).collect(),
        Value::Array(list) => list.into_iter().map(bare).collect(),
        other => other,
    }
}

/// How often each fact has to be said: once, and as often as it stands where the order
/// counts.
pub(super) fn counts(facts: &[Fact]) -> BTreeMap<Key, usize> {
    let mut out = BTreeMap::new();
    for fact in facts {
        let said = out.entry(fact.key.clone()).or_insert(0);
        *said = if ORDERED.contains(&fact.key.0.as_str()) {
            *said + 1
        } else {
            1
        };
    }
    out
}

/// What the first policy says and the second does not; the other way round, `added`.
pub(super) fn missing(from: &Policy, other: &Policy, added: bool) -> Vec<Unshared> {
    let there = facts(other);
    let here = facts(from);
    let mut left = counts(&there);
    let mut out = Vec::new();
    for fact in &here {
        let beside = SEEN_BESIDE.contains(&fact.key.0.as_str());
        let again = !ORDERED.contains(&fact.key.0.as_str());
        if beside && added || again && left.contains_key(&fact.key) {
            continue;
        }
        match left.get_mut(&fact.key) {
            Some(n) if *n > 0 => *n -= 1,
            _ => out.push(Unshared {
                part: fact.key.0.clone(),
                words: if fact.quote.is_empty() {
                    fact.key.1.clone()
                } else {
                    fact.quote.clone()
                },
                span: fact.span,
            }),
        }
    }
    out
}

/// Whether two policies say the same, whatever the words and the places, and however
/// often: a thing that is said twice is said. The order
/// counts for versions, contents of a report and steps.
pub fn says_the_same(one: &Policy, other: &Policy) -> bool {
    let own = |policy: &Policy| -> Vec<Fact> {
        let all = facts(policy).into_iter();
        all.filter(|f| !SEEN_BESIDE.contains(&f.key.0.as_str()))
            .collect()
    };
    let (one, other) = (own(one), own(other));
    let in_order = |all: &[Fact], part: &str| -> Vec<String> {
        let own = all.iter().filter(|f| f.key.0 == part);
        own.map(|f| f.key.1.clone()).collect()
    };
    counts(&one) == counts(&other)
        && ORDERED
            .iter()
            .all(|part| in_order(&one, part) == in_order(&other, part))
}
