//! From the tree to a type, strictly: a key that the type does not know is a mistake,
//! and every mistake has the line of what is wrong.
//!
//! Deliberately absent: what serde itself buffers (tagged enums) cannot be seen from
//! here; `strict` compares that afterwards.

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, EnumAccess, IntoDeserializer as _, MapAccess, SeqAccess, VariantAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;

use super::fold::OWN;
use super::mistake::Mistake;
use super::node::{Entry, Node, Value};

/// A node as a source for serde.
#[derive(Debug, Clone, Copy)]
pub(crate) struct From<'n>(pub(crate) &'n Node);

impl From<'_> {
    fn any<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match &self.0.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(b) => visitor.visit_bool(*b),
            Value::Int(n) => match u64::try_from(*n) {
                Ok(n) => visitor.visit_u64(n),
                Err(_) => visitor.visit_i64(*n),
            },
            Value::Float(n) => visitor.visit_f64(*n),
            Value::Text(text) => visitor.visit_str(text),
            Value::List(list) => visitor.visit_seq(Items(list.iter())),
            Value::Table(entries) => visitor.visit_map(Keys {
                rest: entries.iter(),
                value: None,
            }),
        }
    }

    fn placed<T>(self, result: Result<T, Mistake>) -> Result<T, Mistake> {
        result.map_err(|why| why.or_at(self.0.line))
    }
}

impl<'de> de::Deserializer<'de> for From<'_> {
    type Error = Mistake;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.placed(self.any(visitor))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match self.0.value {
            Value::Null => self.placed(visitor.visit_none()),
            _ => self.placed(visitor.visit_some(self)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        self.placed(visitor.visit_newtype_struct(self))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        if fields.contains(&"span") && fields.contains(&"quote") && self.0.get("span").is_none() {
            return self.placed(Err(not_whole(self.0)));
        }
        for entry in self.0.entries() {
            if !fields.contains(&entry.key.as_str()) {
                return Err(Mistake::unknown_key(entry.line, &entry.key, fields));
            }
        }
        self.placed(self.any(visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        let read = match (&self.0.value, self.0.entries()) {
            (Value::Text(word), _) => visitor.visit_enum(Variant { word, node: None }),
            (Value::Table(_), [one]) => visitor.visit_enum(Variant {
                word: &one.key,
                node: Some(&one.node),
            }),
            _ => self.any(visitor),
        };
        self.placed(read)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string
        bytes byte_buf unit unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

/// A clause without all of its own keys: it was not unfolded, so they are named.
fn not_whole(node: &Node) -> Mistake {
    let missing: Vec<String> = OWN
        .iter()
        .filter(|key| node.get(key).is_none())
        .map(|key| format!("`{key}`"))
        .collect();
    Mistake::new(
        0,
        format!(
            "this entry needs {} too: the lines it stands in, its words, and a name of its own.",
            missing.join(" and ")
        ),
    )
}

struct Items<'n>(std::slice::Iter<'n, Node>);

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Mistake;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Mistake> {
        self.0
            .next()
            .map(|node| seed.deserialize(From(node)))
            .transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Keys<'n> {
    rest: std::slice::Iter<'n, Entry>,
    value: Option<&'n Entry>,
}

impl<'de> MapAccess<'de> for Keys<'_> {
    type Error = Mistake;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Mistake> {
        let Some(entry) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some(entry);
        let key: StrDeserializer<'_, Mistake> = entry.key.as_str().into_deserializer();
        seed.deserialize(key)
            .map(Some)
            .map_err(|why| why.or_at(entry.line))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Mistake> {
        let Some(entry) = self.value.take() else {
            return Err(Mistake::new(0, "a value was asked for before its key."));
        };
        seed.deserialize(From(&entry.node))
            .map_err(|why| why.or_at(entry.line))
    }
}

struct Variant<'n> {
    word: &'n str,
    node: Option<&'n Node>,
}

impl<'de, 'n> EnumAccess<'de> for Variant<'n> {
    type Error = Mistake;
    type Variant = Content<'n>;

    fn variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<(T::Value, Self::Variant), Mistake> {
        let word: StrDeserializer<'_, Mistake> = self.word.into_deserializer();
        Ok((seed.deserialize(word)?, Content(self.node)))
    }
}

struct Content<'n>(Option<&'n Node>);

impl Content<'_> {
    fn needed(&self) -> Result<From<'_>, Mistake> {
        self.0
            .map(From)
            .ok_or_else(|| Mistake::new(0, "this word needs a value: write it as a table."))
    }
}

impl<'de> VariantAccess<'de> for Content<'_> {
    type Error = Mistake;

    fn unit_variant(self) -> Result<(), Mistake> {
        match self.0 {
            None => Ok(()),
            Some(node) => Err(Mistake::new(node.line, "this word takes no value.")),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Mistake> {
        seed.deserialize(self.needed()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, Mistake> {
        self.needed()?.any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        de::Deserializer::deserialize_struct(self.needed()?, "", fields, visitor)
    }
}

/// Compares what was read with what it would be written as: a key that is lost on the
/// way was one that nobody knows.
pub(crate) fn strict(read: &Node, written: &Node) -> Result<(), Mistake> {
    match (&read.value, &written.value) {
        (Value::Table(read), Value::Table(written)) => {
            for entry in read {
                let Some(other) = written.iter().find(|e| e.key == entry.key) else {
                    if entry.node.is_empty() {
                        continue;
                    }
                    let known: Vec<&str> = written.iter().map(|e| e.key.as_str()).collect();
                    return Err(Mistake::unknown_key(entry.line, &entry.key, &known));
                };
                strict(&entry.node, &other.node)?;
            }
            Ok(())
        }
        (Value::List(read), Value::List(written)) if read.len() == written.len() => {
            read.iter().zip(written).try_for_each(|(r, w)| strict(r, w))
        }
        _ => Ok(()),
    }
}
