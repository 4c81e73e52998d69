//! Bounded text: one line, or a body of lines.
//!
//! Invariants: no NUL and no other control character but tab and line feed;
//! never longer than the bound; line ends are `\n`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("this must not be empty")]
    Empty,
    /// Longer than allowed.
    #[error("this is {got} characters long; at most {max} are possible")]
    TooLong {
        /// Length found, in characters.
        got: usize,
        /// Longest allowed, in characters.
        max: usize,
    },
    /// A control character that no text needs.
    #[error("this holds a control character (U+{0:04X}); please send binary content as a file")]
    Control(u32),
}

/// One line of text, trimmed, not empty, at most 300 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Line(String);

impl Line {
    /// Longest line, in characters.
    pub const MAX: usize = 300;

    /// Takes a text; line breaks and tabs become blanks.
    pub fn new(text: &str) -> Result<Self, TextError> {
        let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
        check(&joined, Self::MAX)?;
        if joined.is_empty() {
            Err(TextError::Empty)
        } else {
            Ok(Self(joined))
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Lines of text, not empty, at most 100,000 characters.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Body(String);

impl Body {
    /// Longest body, in characters.
    pub const MAX: usize = 100_000;

    /// Takes a text; carriage returns are folded into line feeds, blank ends trimmed.
    pub fn new(text: &str) -> Result<Self, TextError> {
        let folded = text.replace("\r\n", "\n").replace('\r', "\n");
        let trimmed = folded.trim_end().trim_start_matches('\n');
        check(trimmed, Self::MAX)?;
        if trimmed.trim().is_empty() {
            Err(TextError::Empty)
        } else {
            Ok(Self(trimmed.to_owned()))
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check(text: &str, max: usize) -> Result<(), TextError> {
    let got = text.chars().count();
    if got > max {
        return Err(TextError::TooLong { got, max });
    }
    match text
        .chars()
        .find(|c| c.is_control() && !matches!(c, '\n' | '\t'))
    {
        Some(bad) => Err(TextError::Control(u32::from(bad))),
        None => Ok(()),
    }
}

macro_rules! text_traits {
    ($t:ty) => {
        impl TryFrom<String> for $t {
            type Error = TextError;
            fn try_from(text: String) -> Result<Self, TextError> {
                Self::new(&text)
            }
        }
        impl From<$t> for String {
            fn from(text: $t) -> String {
                text.0
            }
        }
        impl fmt::Display for $t {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        // Texts come from people: only their length is fit for a log.
        impl fmt::Debug for $t {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "[text of {} characters]", self.0.chars().count())
            }
        }
    };
}
text_traits!(Line);
text_traits!(Body);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_bounded_and_free_of_controls() {
        assert_eq!(Line::new("  a\n b ").unwrap().as_str(), "a b");
        assert_eq!(Line::new(" \n"), Err(TextError::Empty));
        assert_eq!(Line::new("a\u{0}b"), Err(TextError::Control(0)));
        assert!(Line::new(&"x".repeat(301)).is_err());
    }

    #[test]
    fn a_body_folds_line_ends_and_hides_itself_from_debug() {
        let body = Body::new("one\r\ntwo\rthree\n\n").unwrap();
        assert_eq!(body.as_str(), "one\ntwo\nthree");
        assert_eq!(format!("{body:?}"), "[text of 13 characters]");
    }
}
