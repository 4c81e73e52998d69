//! What the owner corrected by hand outlives a new reading, wherever the sentence behind
//! it is the same.
//!
//! Invariants: an entry is kept only under words that still stand in the text; it takes
//! the lines where they stand now; no two entries share an id.
//!
//! Deliberately absent: telling a correction from the reading of an earlier compiler (both
//! are what the owner confirmed), and entries that the owner took out: their sentence is
//! read anew.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::model::Policy;

/// An entry that stayed as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEntry {
    /// The part of the policy (`promises`).
    pub part: String,
    /// The words it was read from.
    pub quote: String,
}

/// Points from one entry to others by their lines; the new reading has the right ones.
const BY_LINES: &str = "lead_ins";

/// The new reading, with the entries of the confirmed policy wherever they differ and
/// their words are unchanged. `text` is what was read.
pub fn keep_corrected(confirmed: &Policy, new: &Policy, text: &str) -> (Policy, Vec<KeptEntry>) {
    let mut kept = Vec::new();
    let merged = match (tree(confirmed), tree(new)) {
        (Some(old), Some(mut root)) => {
            let mut ids = BTreeSet::new();
            root.values().for_each(|part| collect_ids(part, &mut ids));
            let lines: Vec<String> = text.lines().map(folded).collect();
            for (key, part) in root.iter_mut().filter(|(key, _)| *key != BY_LINES) {
                let Some(before) = old.get(key) else {
                    continue;
                };
                merge(before, part, &lines, &mut ids, &mut |quote| {
                    kept.push(KeptEntry {
                        part: key.clone(),
                        quote: quote.to_owned(),
                    });
                });
            }
            serde_json::from_value(Value::Object(root)).ok()
        }
        _ => None,
    };
    match merged {
        Some(policy) => (policy, kept),
        // Parts of two policies make a policy again, so this is not reached.
        None => (new.clone(), Vec::new()),
    }
}

fn tree(policy: &Policy) -> Option<Map<String, Value>> {
    match serde_json::to_value(policy).ok()? {
        Value::Object(map) => Some(map),
        _ => None,
    }
}

fn quote(entry: &Value) -> &str {
    entry.get("quote").and_then(Value::as_str).unwrap_or("")
}

fn collect_ids(part: &Value, ids: &mut BTreeSet<String>) {
    let one = |entry: &Value| entry.get("id").and_then(Value::as_str).map(str::to_owned);
    match part {
        Value::Array(list) => ids.extend(list.iter().filter_map(one)),
        other => ids.extend(one(other)),
    }
}

fn merge(
    old: &Value,
    new: &mut Value,
    lines: &[String],
    ids: &mut BTreeSet<String>,
    kept: &mut dyn FnMut(&str),
) {
    match (old, &mut *new) {
        (Value::Array(old), Value::Array(list)) => {
            let merged = merged(old, list, lines, ids, kept);
            *list = merged;
        }
        (Value::Object(old), Value::Object(entry)) => {
            let same = old.get("quote").is_some() && old.get("quote") == entry.get("quote");
            let differs = old.get("value") != entry.get("value");
            if let Some(value) = old.get("value").filter(|_| same && differs) {
                entry.insert("value".to_owned(), value.clone());
                kept(old.get("quote").and_then(Value::as_str).unwrap_or(""));
            }
        }
        (Value::Object(entry), Value::Null) if entry.contains_key("quote") => {
            if let Some(found) = placed(old, lines, ids) {
                kept(quote(old));
                *new = found;
            }
        }
        _ => {}
    }
}

fn merged(
    old: &[Value],
    new: &[Value],
    lines: &[String],
    ids: &mut BTreeSet<String>,
    kept: &mut dyn FnMut(&str),
) -> Vec<Value> {
    let of = |list: &[Value], words: &str| -> Vec<Value> {
        list.iter().filter(|e| quote(e) == words).cloned().collect()
    };
    let mut out = Vec::new();
    let mut done: BTreeSet<String> = BTreeSet::new();
    for entry in new {
        let words = quote(entry);
        if words.is_empty() {
            out.push(entry.clone());
            continue;
        }
        if !done.insert(words.to_owned()) {
            continue;
        }
        let (before, now) = (of(old, words), of(new, words));
        let values = |list: &[Value]| -> Vec<Option<Value>> {
            list.iter().map(|e| e.get("value").cloned()).collect()
        };
        if before.is_empty() || values(&before) == values(&now) {
            out.extend(now);
            continue;
        }
        kept(words);
        for (n, mut one) in before.into_iter().enumerate() {
            if let Some(now) = now.get(n) {
                copy(now, &mut one, &["id", "span"]);
            } else {
                copy(entry, &mut one, &["span"]);
                own_id(&mut one, ids);
            }
            out.push(one);
        }
    }
    // What only the owner read there.
    for entry in old {
        let words = quote(entry);
        if words.is_empty() || done.contains(words) {
            continue;
        }
        if let Some(found) = placed(entry, lines, ids) {
            kept(words);
            out.push(found);
        }
    }
    out
}

fn copy(from: &Value, to: &mut Value, keys: &[&str]) {
    if let Value::Object(map) = to {
        for key in keys {
            if let Some(value) = from.get(*key) {
                map.insert((*key).to_owned(), value.clone());
            }
        }
    }
}

/// The entry at the line where its words stand now, if they do.
fn placed(entry: &Value, lines: &[String], ids: &mut BTreeSet<String>) -> Option<Value> {
    let words = folded(quote(entry));
    let at = lines.iter().position(|line| line.contains(&words))?;
    let line = u32::try_from(at).ok()?.saturating_add(1);
    let mut out = entry.clone();
    copy(
        &json!({"span": {"first": line, "last": line}}),
        &mut out,
        &["span"],
    );
    own_id(&mut out, ids);
    Some(out)
}

/// Gives an entry an id that no other has.
fn own_id(entry: &mut Value, ids: &mut BTreeSet<String>) {
    let name = entry
        .get("id")
        .and_then(Value::as_str)
        .unwrap_or("entry")
        .to_owned();
    let mut free = name.clone();
    let mut n = 2_u32;
    while !ids.insert(free.clone()) {
        free = format!("{name}-{n}");
        n = n.saturating_add(1);
    }
    copy(&json!({ "id": free }), entry, &["id"]);
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
