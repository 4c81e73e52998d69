//! Supported versions and where patches go.
//!
//! Invariants: the words of the policy decide; nothing in here is a default.
//!
//! Deliberately absent: how the words are read (see `grammar`).

use serde::{Deserialize, Serialize};

/// How much of a line of versions is supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// Receives fixes.
    Full,
    /// Security fixes only.
    SecurityOnly,
    /// Critical fixes only.
    CriticalOnly,
    /// Best effort.
    BestEffort,
    /// Still in development; fixes go into it.
    Development,
    /// The table says neither yes nor no.
    Unclear,
    /// Receives none.
    None,
}

/// One row of the support table, or one prose rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRule {
    /// As written: `1.x.x`, `< 1.0`, `main (latest)`, `Older releases`.
    pub label: String,
    /// What the label matches.
    pub range: VersionRange,
    /// Whether it gets fixes.
    pub support: Support,
    /// When support ends, as written: a date, an event, `TBD`.
    #[serde(default)]
    pub end: Option<String>,
}

/// What a version label matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum VersionRange {
    /// A numeric prefix: `1.x.x` is `[1]`, `5.1.x` is `[5, 1]`.
    Prefix {
        /// The fixed leading numbers.
        parts: Vec<u32>,
    },
    /// A comparison with one version: `< 1.0`, `>= 2.3`.
    Compare {
        /// The operator.
        op: CompareOp,
        /// The version compared with.
        parts: Vec<u32>,
    },
    /// The newest release or build, of a branch when one is named.
    Latest {
        /// The branch (`main`), when named.
        branch: Option<String>,
    },
    /// Everything that no other row names ("older releases", "other").
    Older,
    /// Delegated to another place (S4-01), or words that need a person.
    Words,
}

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompareOp {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `=`
    Equal,
}

/// Where a patch goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PatchTarget {
    /// The latest minor of each supported major line (S0-02).
    LatestMinorPerMajor,
    /// Only the latest release or build (S1-01, S2-01).
    LatestOnly,
    /// The next patch or minor release (S4-03, S4-32).
    NextPatchOrMinor,
    /// Backported to all earlier supported releases (S4-33).
    AllSupported,
}
