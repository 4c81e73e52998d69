//! An advisory of a repository on GitHub, as it was read.
//!
//! Invariants: an id has the form that GitHub gives out; texts of a report are kept out of
//! logs.

use std::fmt;
use std::str::FromStr;

use candor_base::{CveId, Instant, Sensitive};

/// The id of an advisory on GitHub: `GHSA-` and three groups of four letters or digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct GhsaId(String);

/// A text is no id of an advisory on GitHub.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not the id of an advisory on GitHub; it looks like GHSA-2f6x-8mqp-9c3v")]
pub struct GhsaIdError;

impl GhsaId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for GhsaId {
    type Err = GhsaIdError;
    fn from_str(text: &str) -> Result<Self, GhsaIdError> {
        let lower = text.trim().to_ascii_lowercase();
        let rest = lower.strip_prefix("ghsa-").ok_or(GhsaIdError)?;
        let group = |g: &str| g.len() == 4 && g.bytes().all(|b| b.is_ascii_alphanumeric());
        if rest.split('-').count() == 3 && rest.split('-').all(group) {
            Ok(Self(format!("GHSA-{rest}")))
        } else {
            Err(GhsaIdError)
        }
    }
}

impl fmt::Display for GhsaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where an advisory stands on GitHub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Reported privately; nobody of the repository accepted it yet.
    Triage,
    /// Accepted, or begun by the team; not public.
    Draft,
    /// Public.
    Published,
    /// Ended without being published.
    Closed,
    /// Was public; taken back.
    Withdrawn,
}

impl State {
    /// The word that GitHub uses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Triage => "triage",
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Closed => "closed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of that word.
    pub fn of(word: &str) -> Option<Self> {
        let all = [
            Self::Triage,
            Self::Draft,
            Self::Published,
            Self::Closed,
            Self::Withdrawn,
        ];
        all.into_iter().find(|state| state.word() == word)
    }

    /// Work on it is still to be done.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Triage | Self::Draft)
    }
}

/// A package that it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Where the package is published, in GitHub's words, such as `npm`; empty when not said.
    pub ecosystem: String,
    /// Its name; empty when not said.
    pub name: String,
    /// Versions that are affected, as written, such as `< 1.0.0`.
    pub affected: Option<String>,
    /// Versions with the fix, as written.
    pub patched: Option<String>,
    /// Functions that are affected.
    pub functions: Vec<String>,
}

/// Somebody who is to be thanked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// The account.
    pub login: String,
    /// For what, in GitHub's words, such as `finder`.
    pub kind: String,
    /// What the account answered: `Some(true)` accepted, `Some(false)` declined.
    pub accepted: Option<bool>,
}

/// An advisory of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advisory {
    /// Its id.
    pub ghsa: GhsaId,
    /// The CVE id that it has.
    pub cve: Option<CveId>,
    /// Its page on GitHub.
    pub page: Option<String>,
    /// Where it stands.
    pub state: State,
    /// It came as a private report, and is no draft that the team began.
    pub reported: bool,
    /// The account that wrote it.
    pub author: Option<Sensitive<String>>,
    /// Its title; may be empty.
    pub summary: Sensitive<String>,
    /// Its text, Markdown; may be empty.
    pub description: Sensitive<String>,
    /// Critical, high, medium or low.
    pub severity: Option<String>,
    /// CVSS vectors, as written.
    pub vectors: Vec<String>,
    /// Weaknesses, such as `CWE-79`.
    pub cwes: Vec<String>,
    /// Packages that it concerns.
    pub products: Vec<Product>,
    /// Who is to be thanked.
    pub credits: Vec<Credit>,
    /// When it was made.
    pub created: Option<Instant>,
    /// When it was changed last.
    pub updated: Option<Instant>,
    /// When it was published.
    pub published: Option<Instant>,
    /// Something was longer than its limit; the whole stands in the text as it came.
    pub cut: bool,
}
