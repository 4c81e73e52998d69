//! The words in which the tables of shapes are written: constants, so that the
//! compiler builds them and a walk costs nothing but the walk.

use serde_json::{Map, Value};

use super::format::Format;
use super::pattern::Pattern;
use crate::finding::Findings;
use crate::path::Path;

/// What no table says of an object: how its members depend on each other.
pub(super) type Also = fn(&Map<String, Value>, &Path<'_>, &mut Findings);

/// What a value must look like.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// As described elsewhere; a shape may hold itself this way.
    See(&'static Shape),
    /// As described elsewhere by a schema of its own, which has a test of its own.
    Under(&'static str, &'static Shape),
    /// This or null.
    Maybe(&'static Shape),
    /// True or false.
    Truth,
    /// A whole number from this one on.
    Whole(f64),
    /// A number.
    Number {
        /// The smallest.
        least: f64,
        /// The largest.
        most: f64,
    },
    /// One of these words.
    Word(&'static [&'static str]),
    /// A text.
    Text(Text),
    /// A list.
    List(List),
    /// An object.
    Object(Object),
    /// Exactly one of these.
    OneOf(&'static [Shape]),
}

/// A rule for a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text {
    pub(super) least: usize,
    pub(super) most: usize,
    pub(super) pattern: Option<Pattern>,
    pub(super) format: Option<Format>,
}

/// A rule for a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct List {
    pub(super) least: usize,
    pub(super) unique: bool,
    pub(super) of: &'static Shape,
}

/// A rule for an object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Object {
    pub(super) required: &'static [&'static str],
    pub(super) properties: &'static [(&'static str, Shape)],
    /// How many members it has at least.
    pub(super) least: usize,
    /// How many members it has at most.
    pub(super) most: usize,
    /// Whether the schema forbids members that it does not know.
    pub(super) closed: bool,
    /// Whether any member is welcome.
    pub(super) free: bool,
    /// What else is asked of it.
    pub(super) also: Option<Also>,
}

pub(super) const fn see(shape: &'static Shape) -> Shape {
    Shape::See(shape)
}

pub(super) const fn under(test: &'static str, shape: &'static Shape) -> Shape {
    Shape::Under(test, shape)
}

pub(super) const fn maybe(shape: &'static Shape) -> Shape {
    Shape::Maybe(shape)
}

pub(super) const fn whole(least: f64) -> Shape {
    Shape::Whole(least)
}

pub(super) const fn truth() -> Shape {
    Shape::Truth
}

pub(super) const fn number(least: f64, most: f64) -> Shape {
    Shape::Number { least, most }
}

pub(super) const fn word(words: &'static [&'static str]) -> Shape {
    Shape::Word(words)
}

pub(super) const fn one_of(choices: &'static [Shape]) -> Shape {
    Shape::OneOf(choices)
}

/// A text of at least so many characters.
pub(super) const fn text(least: usize) -> Shape {
    Shape::Text(Text {
        least,
        most: usize::MAX,
        pattern: None,
        format: None,
    })
}

/// A list of at least so many items.
pub(super) const fn list(least: usize, of: &'static Shape) -> Shape {
    Shape::List(List {
        least,
        unique: false,
        of,
    })
}

/// An object with these members, some of them required.
pub(super) const fn object(
    required: &'static [&'static str],
    properties: &'static [(&'static str, Shape)],
) -> Shape {
    Shape::Object(Object {
        required,
        properties,
        least: 0,
        most: usize::MAX,
        closed: false,
        free: false,
        also: None,
    })
}

/// What narrows a shape. Said of another kind of shape, it says nothing.
impl Shape {
    pub(super) const fn at_most(self, most: usize) -> Self {
        match self {
            Self::Text(text) => Self::Text(Text { most, ..text }),
            other => other,
        }
    }

    pub(super) const fn like(self, pattern: Pattern) -> Self {
        match self {
            Self::Text(text) => Self::Text(Text {
                pattern: Some(pattern),
                ..text
            }),
            other => other,
        }
    }

    pub(super) const fn format(self, format: Format) -> Self {
        match self {
            Self::Text(text) => Self::Text(Text {
                format: Some(format),
                ..text
            }),
            other => other,
        }
    }

    pub(super) const fn unique(self) -> Self {
        match self {
            Self::List(list) => Self::List(List {
                unique: true,
                ..list
            }),
            other => other,
        }
    }

    pub(super) const fn at_least(self, least: usize) -> Self {
        match self {
            Self::Object(object) => Self::Object(Object { least, ..object }),
            other => other,
        }
    }

    pub(super) const fn at_most_keys(self, most: usize) -> Self {
        match self {
            Self::Object(object) => Self::Object(Object { most, ..object }),
            other => other,
        }
    }

    pub(super) const fn closed(self) -> Self {
        match self {
            Self::Object(object) => Self::Object(Object {
                closed: true,
                ..object
            }),
            other => other,
        }
    }

    pub(super) const fn free(self) -> Self {
        match self {
            Self::Object(object) => Self::Object(Object {
                free: true,
                ..object
            }),
            other => other,
        }
    }

    pub(super) const fn also(self, also: Also) -> Self {
        match self {
            Self::Object(object) => Self::Object(Object {
                also: Some(also),
                ..object
            }),
            other => other,
        }
    }
}
