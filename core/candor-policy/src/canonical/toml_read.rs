//! From TOML to the tree, with the line of every key and value.
//!
//! Invariant: what is no TOML is a mistake with its line; nothing panics.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::mistake::Mistake;
use super::node::{Entry, Node, Value};

/// Reads a file.
pub(crate) fn read(text: &str) -> Result<Node, Mistake> {
    let lines = Lines::new(text);
    let table = DeTable::parse(text).map_err(|why| {
        let line = why.span().map_or(0, |s| lines.of(s.start));
        let what = why.message().replace('\n', "; ");
        Mistake::new(line, format!("this is not TOML: {what}."))
    })?;
    let value = lines.table(table.get_ref())?;
    Ok(Node::at(1, value))
}

/// The first byte of each line.
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
        Self(ends.map(|(at, _)| at).collect())
    }

    fn of(&self, at: usize) -> u32 {
        let before = self.0.partition_point(|end| *end < at);
        u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
    }

    fn node(&self, value: &Spanned<DeValue<'_>>) -> Result<Node, Mistake> {
        let line = self.of(value.span().start);
        let wrong = |what: &str| Mistake::new(line, what.to_owned());
        let value = match value.get_ref() {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix())
                .map(Value::Int)
                .map_err(|_| wrong("this number is too large."))?,
            DeValue::Float(n) => n
                .as_str()
                .parse()
                .map(Value::Float)
                .map_err(|_| wrong("this is not a number."))?,
            DeValue::Boolean(b) => Value::Bool(*b),
            DeValue::Datetime(date) => Value::Text(date.to_string()),
            DeValue::Array(list) => {
                let items: Result<_, _> = list.iter().map(|item| self.node(item)).collect();
                Value::List(items?)
            }
            DeValue::Table(table) => self.table(table)?,
        };
        Ok(Node { line, value })
    }

    fn table(&self, table: &DeTable<'_>) -> Result<Value, Mistake> {
        let mut entries = Vec::new();
        for (key, value) in table {
            entries.push(Entry {
                key: key.get_ref().to_string(),
                line: self.of(key.span().start),
                node: self.node(value)?,
            });
        }
        entries.sort_by_key(|e| e.line);
        Ok(Value::Table(entries))
    }
}
