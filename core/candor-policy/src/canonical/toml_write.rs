//! From the tree to TOML text: one key a line, inner tables inline, no value that TOML
//! cannot hold.
//!
//! Invariants: what is written is read back the same; a comment can never become a
//! value, whatever stands in the text it quotes.

use std::fmt::Write as _;

use super::mistake::Mistake;
use super::node::{Entry, Node, Value};

/// Longest line written for a list before each item gets a line of its own.
const WIDTH: usize = 90;

/// The entries of a table, one a line; empty options are left out.
pub(crate) fn entries(out: &mut String, entries: &[Entry]) -> Result<(), Mistake> {
    for entry in entries.iter().filter(|e| e.node.value != Value::Null) {
        let _ = writeln!(out, "{} = {}", key(&entry.key), block(&entry.node)?);
    }
    Ok(())
}

/// A value after its key.
fn block(node: &Node) -> Result<String, Mistake> {
    let flat = inline(node)?;
    let Value::List(list) = &node.value else {
        return Ok(flat);
    };
    if flat.chars().count() <= WIDTH {
        return Ok(flat);
    }
    let mut out = "[\n".to_owned();
    for item in list {
        let _ = writeln!(out, "  {},", inline(item)?);
    }
    out.push(']');
    Ok(out)
}

/// A value on one line.
pub(crate) fn inline(node: &Node) -> Result<String, Mistake> {
    Ok(match &node.value {
        Value::Null => {
            return Err(Mistake::new(
                0,
                "a list with an empty place cannot be written.",
            ));
        }
        Value::Bool(b) => b.to_string(),
        Value::Int(n) => n.to_string(),
        Value::Float(n) => format!("{n:?}"),
        Value::Text(text) => string(text),
        Value::List(list) => {
            let items: Vec<String> = list.iter().map(inline).collect::<Result<_, _>>()?;
            format!("[{}]", items.join(", "))
        }
        Value::Table(entries) => {
            let mut items = Vec::new();
            for entry in entries.iter().filter(|e| e.node.value != Value::Null) {
                items.push(format!("{} = {}", key(&entry.key), inline(&entry.node)?));
            }
            if items.is_empty() {
                "{}".to_owned()
            } else {
                format!("{{ {} }}", items.join(", "))
            }
        }
    })
}

/// A key, quoted when it must be.
pub(crate) fn key(key: &str) -> String {
    let bare = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if !key.is_empty() && key.bytes().all(bare) {
        key.to_owned()
    } else {
        string(key)
    }
}

fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(2));
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || is_invisible(c) => {
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Letters that turn the direction of writing or cannot be seen: an editor would show
/// another text than the one that stands there.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}

/// Comment lines; an empty text gives an empty comment line.
pub(crate) fn comment(out: &mut String, text: &str) {
    let clean = |line: &str| -> String {
        line.chars()
            .map(|c| {
                if c.is_control() || is_invisible(c) {
                    ' '
                } else {
                    c
                }
            })
            .collect()
    };
    for line in text.split('\n') {
        let line = clean(line);
        let _ = writeln!(out, "{}", format!("# {line}").trim_end());
    }
}

/// Comment lines of a width that can be read.
pub(crate) fn comment_wrapped(out: &mut String, text: &str) {
    let mut line = String::new();
    for word in text.split_whitespace() {
        let long = line.chars().count().saturating_add(word.chars().count());
        if !line.is_empty() && long > WIDTH {
            comment(out, &line);
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        comment(out, &line);
    }
}
