//! A small ordered tree between a policy and its TOML: what serde sees on one side
//! and a person on the other.
//!
//! Invariants: entries keep their order; every node knows its line, 0 when it was
//! made from a value and not from a text.
//!
//! Deliberately absent: what the keys mean.

use std::fmt;

use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A value with its line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// Line in the file, from 1; 0 without a file.
    pub(crate) line: u32,
    /// The value.
    pub(crate) value: Value,
}

/// What a value can be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// Nothing: `None`.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// Text, also a date.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A table, in order.
    Table(Vec<Entry>),
}

/// One key of a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    /// The key.
    pub(crate) key: String,
    /// The line of the key.
    pub(crate) line: u32,
    /// Its value.
    pub(crate) node: Node,
}

impl Node {
    /// A node that stands in no file.
    pub(crate) const fn new(value: Value) -> Self {
        Self { line: 0, value }
    }

    /// A node at a line.
    pub(crate) const fn at(line: u32, value: Value) -> Self {
        Self { line, value }
    }

    /// A text.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::new(Value::Text(text.into()))
    }

    /// The entries of a table; none for anything else.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Table(entries) => entries,
            _ => &[],
        }
    }

    /// An entry of a table.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        let found = self.entries().iter().find(|e| e.key == key);
        found.map(|e| &e.node)
    }

    /// Nothing stands in it: no value, an empty list or an empty table.
    pub(crate) fn is_empty(&self) -> bool {
        match &self.value {
            Value::Null => true,
            Value::List(list) => list.is_empty(),
            Value::Table(entries) => entries.is_empty(),
            _ => false,
        }
    }
}

impl Entry {
    /// An entry that stands in no file.
    pub(crate) fn new(key: impl Into<String>, node: Node) -> Self {
        Self {
            key: key.into(),
            line: node.line,
            node,
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Any).map(Self::new)
    }
}

/// Takes whatever comes.
struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E: de::Error>(self, v: bool) -> Result<Value, E> {
        Ok(Value::Bool(v))
    }

    fn visit_i64<E: de::Error>(self, v: i64) -> Result<Value, E> {
        Ok(Value::Int(v))
    }

    fn visit_u64<E: de::Error>(self, v: u64) -> Result<Value, E> {
        i64::try_from(v).map(Value::Int).map_err(E::custom)
    }

    fn visit_f64<E: de::Error>(self, v: f64) -> Result<Value, E> {
        Ok(Value::Float(v))
    }

    fn visit_str<E: de::Error>(self, v: &str) -> Result<Value, E> {
        Ok(Value::Text(v.to_owned()))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(node) = seq.next_element::<Node>()? {
            list.push(node);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, node)) = map.next_entry::<String, Node>()? {
            entries.push(Entry::new(key, node));
        }
        Ok(Value::Table(entries))
    }
}
