//! A promise as a receipt states it: what, until when, how firm, and where the
//! policy says so.
//!
//! One line: `acknowledgement by 2026-11-24T10:00:00Z (commit, line 42)`, or
//! `fix without a date yet (target, lines 12-13)`; `(typical, default)` when the
//! policy does not say it and it is Candor's own default.

use std::fmt;
use std::str::FromStr;

use candor_base::{Instant, Span};
use serde::{Deserialize, Serialize};

/// The short name of what is promised: lower-case letters, digits, `-` and `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Milestone(String);

/// A text is no milestone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a milestone has 1 to 60 lower-case letters, digits, dashes or underscores")]
pub struct MilestoneError;

impl Milestone {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Milestone {
    type Err = MilestoneError;
    fn from_str(text: &str) -> Result<Self, MilestoneError> {
        let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
        if (1..=60).contains(&text.len()) && text.bytes().all(good) {
            Ok(Self(text.to_owned()))
        } else {
            Err(MilestoneError)
        }
    }
}

impl TryFrom<String> for Milestone {
    type Error = MilestoneError;
    fn try_from(text: String) -> Result<Self, MilestoneError> {
        text.parse()
    }
}

impl From<Milestone> for String {
    fn from(milestone: Milestone) -> Self {
        milestone.0
    }
}

/// How firm a promise is (domain rules K2 and Q12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Firmness {
    /// "We will".
    Commit,
    /// "We aim to".
    Target,
    /// "Usually".
    Typical,
}

impl Firmness {
    const fn word(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::Target => "target",
            Self::Typical => "typical",
        }
    }
}

/// One promise, as stated at receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptPromise {
    /// What is promised.
    pub milestone: Milestone,
    /// Until when (UTC), when that is known at receipt already.
    pub due: Option<Instant>,
    /// How firm it is.
    pub firmness: Firmness,
    /// Where the policy says so; `None` for Candor's own default.
    pub source: Option<Span>,
}

impl fmt::Display for ReceiptPromise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.milestone.as_str())?;
        match self.due {
            Some(due) => write!(f, " by {due}")?,
            None => f.write_str(" without a date yet")?,
        }
        write!(f, " ({}, ", self.firmness.word())?;
        match self.source {
            Some(span) => write!(f, "{span})"),
            None => f.write_str("default)"),
        }
    }
}

impl ReceiptPromise {
    /// Reads one line back; `None` when it is not in the form above.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let (head, tail) = line.strip_suffix(')')?.split_once(" (")?;
        let (milestone, due) = match head.split_once(" by ") {
            Some((milestone, due)) => (milestone, Some(due.parse().ok()?)),
            None => (head.strip_suffix(" without a date yet")?, None),
        };
        let (firmness, source) = tail.split_once(", ")?;
        let firmness = [Firmness::Commit, Firmness::Target, Firmness::Typical]
            .into_iter()
            .find(|f| f.word() == firmness)?;
        let source = match source {
            "default" => None,
            other => Some(span(other)?),
        };
        Some(Self {
            milestone: milestone.parse().ok()?,
            due,
            firmness,
            source,
        })
    }
}

fn span(text: &str) -> Option<Span> {
    if let Some(line) = text.strip_prefix("line ") {
        return Some(Span::line(line.parse().ok()?));
    }
    let (first, last) = text.strip_prefix("lines ")?.split_once('-')?;
    Some(Span::lines(first.parse().ok()?, last.parse().ok()?))
}
