//! Diagnostics: a value together with what was noticed while it was made.

use serde::{Deserialize, Serialize};

/// Where in a source text something stands. Lines count from 1, inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First line.
    pub first: u32,
    /// Last line, not before the first.
    pub last: u32,
}

impl Span {
    /// One line.
    pub const fn line(line: u32) -> Self {
        Self {
            first: line,
            last: line,
        }
    }

    /// From the first to the last line; swapped when given the wrong way round.
    pub const fn lines(first: u32, last: u32) -> Self {
        if first <= last {
            Self { first, last }
        } else {
            Self {
                first: last,
                last: first,
            }
        }
    }
}

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.first == self.last {
            write!(f, "line {}", self.first)
        } else {
            write!(f, "lines {}-{}", self.first, self.last)
        }
    }
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing.
    Note,
    /// Should be mended.
    Warning,
    /// Must be mended before this can be relied on.
    Error,
}

/// One thing noticed: a stable code, what it is, why it matters, how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable code, lower case with dashes (`promise-without-number`).
    pub code: String,
    /// How much it matters.
    pub level: Level,
    /// Where it stands, when it stands somewhere.
    pub span: Option<Span>,
    /// What was noticed, in one sentence.
    pub message: String,
    /// How to mend it, in one sentence.
    pub help: String,
}

/// A value and what was noticed while it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings<T> {
    /// The value.
    pub value: T,
    /// What was noticed, in source order.
    pub findings: Vec<Finding>,
}
