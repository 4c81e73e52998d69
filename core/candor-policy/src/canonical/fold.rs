//! Clauses as people write them: meaning first, then `lines`, `quote` and `id`, in
//! one flat table.
//!
//! Invariant: `unfold(fold(x)) == x` for every tree that serde makes of a policy.

use super::mistake::Mistake;
use super::node::{Entry, Node, Value};

/// The keys of a clause as serde writes it.
const CLAUSE: [&str; 4] = ["id", "span", "quote", "value"];
/// The keys that every clause has in the file.
pub(crate) const OWN: [&str; 3] = ["lines", "quote", "id"];

/// From serde's form to the form of the file.
pub(crate) fn fold(node: Node) -> Node {
    let line = node.line;
    let value = match node.value {
        Value::List(list) => Value::List(list.into_iter().map(fold).collect()),
        Value::Table(entries) => {
            let entries: Vec<Entry> = entries
                .into_iter()
                .map(|e| Entry {
                    node: fold(e.node),
                    ..e
                })
                .collect();
            Value::Table(if is_clause(&entries) {
                flat(entries)
            } else {
                entries
            })
        }
        other => other,
    };
    Node { line, value }
}

fn is_clause(entries: &[Entry]) -> bool {
    entries.len() == CLAUSE.len() && entries.iter().all(|e| CLAUSE.contains(&e.key.as_str()))
}

fn flat(entries: Vec<Entry>) -> Vec<Entry> {
    let mut inner = None;
    let mut own: Vec<(usize, Entry)> = Vec::new();
    for entry in entries {
        match entry.key.as_str() {
            "value" => inner = Some(entry.node),
            "span" => own.push((0, Entry::new("lines", Node::text(lines_words(&entry.node))))),
            "quote" => own.push((1, entry)),
            _ => own.push((2, entry)),
        }
    }
    own.sort_by_key(|(place, _)| *place);
    let mut out = match inner {
        Some(Node {
            value: Value::Table(keys),
            ..
        }) if can_lie_flat(&keys) => keys,
        Some(other) => vec![Entry::new("value", other)],
        None => Vec::new(),
    };
    out.extend(own.into_iter().map(|(_, e)| e));
    out
}

/// A table lies flat unless its keys could be taken for those of the clause.
fn can_lie_flat(keys: &[Entry]) -> bool {
    let mut present = keys.iter().filter(|e| e.node.value != Value::Null);
    let only_value = present.next().is_none_or(|e| e.key == "value") && present.next().is_none();
    !only_value && keys.iter().all(|e| !OWN.contains(&e.key.as_str()))
}

fn lines_words(span: &Node) -> String {
    let end = |key: &str| match span.get(key).map(|n| &n.value) {
        Some(Value::Int(n)) => *n,
        _ => 0,
    };
    let (first, last) = (end("first"), end("last"));
    if first == last {
        first.to_string()
    } else {
        format!("{first}-{last}")
    }
}

/// From the form of the file to serde's.
pub(crate) fn unfold(node: Node) -> Result<Node, Mistake> {
    let line = node.line;
    let value = match node.value {
        Value::List(list) => Value::List(list.into_iter().map(unfold).collect::<Result<_, _>>()?),
        Value::Table(entries) => {
            let clause = OWN.iter().all(|k| entries.iter().any(|e| e.key == *k));
            let entries = if clause {
                nested(line, entries)?
            } else {
                entries
            };
            let inner: Result<Vec<Entry>, Mistake> = entries
                .into_iter()
                .map(|e| {
                    Ok(Entry {
                        node: unfold(e.node)?,
                        key: e.key,
                        line: e.line,
                    })
                })
                .collect();
            Value::Table(inner?)
        }
        other => other,
    };
    Ok(Node { line, value })
}

fn nested(line: u32, entries: Vec<Entry>) -> Result<Vec<Entry>, Mistake> {
    let mut out = Vec::new();
    let mut inner = Vec::new();
    for entry in entries {
        match entry.key.as_str() {
            "lines" => out.push(Entry::new("span", span(&entry.node)?)),
            "quote" | "id" => out.push(entry),
            _ => inner.push(entry),
        }
    }
    let only_value = matches!(inner.as_slice(), [one] if one.key == "value");
    let value = match inner.pop() {
        Some(one) if only_value => one.node,
        last => {
            inner.extend(last);
            Node::at(line, Value::Table(inner))
        }
    };
    out.push(Entry::new("value", value));
    Ok(out)
}

fn span(node: &Node) -> Result<Node, Mistake> {
    let wrong = || {
        Mistake::new(
            node.line,
            "`lines` says where this stands: write \"34\" or \"34-36\". Lines count from 1.",
        )
    };
    let number = |text: &str| text.trim().parse::<u32>().map_err(|_| wrong());
    let (first, last) = match &node.value {
        Value::Int(n) => {
            let n = u32::try_from(*n).map_err(|_| wrong())?;
            (n, n)
        }
        Value::Text(text) => match text.split_once('-') {
            Some((first, last)) => (number(first)?, number(last)?),
            None => (number(text)?, number(text)?),
        },
        _ => return Err(wrong()),
    };
    if first > last || first == 0 {
        return Err(wrong());
    }
    let end = |key: &str, n: u32| Entry::new(key, Node::at(node.line, Value::Int(i64::from(n))));
    let ends = vec![end("first", first), end("last", last)];
    Ok(Node::at(node.line, Value::Table(ends)))
}
