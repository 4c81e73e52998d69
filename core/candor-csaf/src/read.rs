//! From bytes to JSON, within limits.
//!
//! A member that stands twice in one object is a finding: readers differ in which of
//! the two they take. The last one is judged, as the reference validator does.
//!
//! Deliberately absent: a byte order mark. JSON texts that travel have none (RFC 8259,
//! section 8.1).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::finding::Finding;
use crate::path::Path;

/// The largest document that is read, in bytes: 100 MiB.
pub const LARGEST: usize = 100 * 1024 * 1024;

/// How deep objects and lists may lie in each other.
pub const DEEPEST: usize = 128;

fn schema(pointer: &str, message: impl Into<String>) -> Finding {
    Finding {
        test: "schema",
        pointer: pointer.to_owned(),
        message: message.into(),
    }
}

/// Reads a document; gives with it what stands twice.
pub(crate) fn read(bytes: &[u8]) -> Result<Read, Finding> {
    if bytes.len() > LARGEST {
        return Err(schema(
            "",
            format!(
                "the file has {} bytes; at most {LARGEST} are read",
                bytes.len()
            ),
        ));
    }
    if bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
        return Err(schema(
            "",
            "the file begins with a byte order mark, which JSON does not have; save it as UTF-8 without one",
        ));
    }
    if let Err(wrong) = std::str::from_utf8(bytes) {
        return Err(schema(
            "",
            format!(
                "the file is not UTF-8: look at byte {}",
                wrong.valid_up_to()
            ),
        ));
    }
    let notes = RefCell::new(Notes::default());
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let strict = Strict {
        notes: &notes,
        path: &Path::Root,
    };
    let value = strict
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|wrong| schema("", format!("this is not JSON: {wrong}")))?;
    let Notes {
        doubled, unsorted, ..
    } = notes.into_inner();
    let doubled = doubled.into_iter().map(|place| {
        let message = "this member stands twice in its object; readers differ in which they take";
        schema(&place, message)
    });
    Ok(Read {
        value,
        doubled: doubled.collect(),
        unsorted,
    })
}

/// A document, and what JSON values do not keep.
#[derive(Debug)]
pub(crate) struct Read {
    /// The document.
    pub(crate) value: Value,
    /// Members that stand twice.
    pub(crate) doubled: Vec<Finding>,
    /// The first member that comes after one with a later name.
    pub(crate) unsorted: Option<String>,
}

/// Bytes of places that are told of members that stand twice: a long name above many of
/// them would be told with each.
const MOST_TOLD: usize = 1024 * 1024;

/// What is noticed on the way.
#[derive(Debug, Default)]
struct Notes {
    doubled: BTreeSet<String>,
    /// Bytes of those.
    told: usize,
    unsorted: Option<String>,
}

impl Notes {
    /// The first is always told.
    fn note_doubled(&mut self, path: &Path<'_>) {
        if self.told < MOST_TOLD {
            let place = path.pointer();
            self.told += place.len();
            self.doubled.insert(place);
        }
    }
}

/// Reads a value and notes what stands twice or not in the order of the names.
#[derive(Clone, Copy)]
struct Strict<'a> {
    notes: &'a RefCell<Notes>,
    path: &'a Path<'a>,
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut out = Vec::new();
        loop {
            let path = Path::Index(self.path, out.len());
            let here = Strict {
                notes: self.notes,
                path: &path,
            };
            match list.next_element_seed(here)? {
                Some(item) => out.push(item),
                None => break,
            }
        }
        Ok(Value::Array(out))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut out: BTreeMap<String, Value> = BTreeMap::new();
        while let Some(key) = object.next_key::<String>()? {
            let path = Path::Key(self.path, &key);
            if out.contains_key(&key) {
                self.notes.borrow_mut().note_doubled(&path);
            }
            // The map is sorted: what comes last in it must come last in the document.
            let last = out.last_key_value().map(|(last, _)| last);
            if last.is_some_and(|last: &String| *last > key) {
                let mut notes = self.notes.borrow_mut();
                notes.unsorted.get_or_insert_with(|| path.pointer());
            }
            let value = object.next_value_seed(Strict {
                notes: self.notes,
                path: &path,
            })?;
            out.insert(key, value);
        }
        Ok(Value::Object(Map::from_iter(out)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(bytes: &[u8]) -> String {
        read(bytes).unwrap_err().message
    }

    #[test]
    fn what_is_no_json_is_said() {
        assert!(wrong(b"").starts_with("this is not JSON: EOF"));
        assert!(wrong(b"{} {}").starts_with("this is not JSON: trailing"));
        assert!(wrong(b"\xEF\xBB\xBF{}").contains("byte order mark"));
        assert!(wrong(b"{\"a\": \"\xFF\"}").contains("look at byte 7"));
        assert!(wrong(b"[1e999]").contains("number out of range"));
        assert!(wrong("[".repeat(DEEPEST + 1).as_bytes()).contains("recursion limit"));
    }

    #[test]
    fn what_stands_twice_is_said_and_the_last_one_counts() {
        let read = read(br#"{"a": 1, "b": {"a": 2}, "a": 3}"#).unwrap();
        assert_eq!(read.value, serde_json::json!({ "a": 3, "b": { "a": 2 } }));
        let places: Vec<&str> = read.doubled.iter().map(|f| f.pointer.as_str()).collect();
        assert_eq!(places, ["/a"]);
    }

    #[test]
    fn the_first_member_out_of_order_is_said() {
        let place = |text: &str| read(text.as_bytes()).unwrap().unsorted;
        assert_eq!(place(r#"{"a": [{"b": 1, "c": 2}], "b": 1}"#), None);
        assert_eq!(
            place(r#"{"a": [{"c": 1, "b": 2}], "c": 1, "b": 1}"#).as_deref(),
            Some("/a/0/b")
        );
    }
}
