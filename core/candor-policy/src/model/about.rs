//! What kind of text it is, what it leaves to other places, and what was left unfilled.
//!
//! Invariants: a kind other than a policy needs a plain sign in the text.
//!
//! Deliberately absent: fetching what stands elsewhere.

use serde::{Deserialize, Serialize};

/// What kind of text about security this is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyKind {
    /// A policy for those who report.
    #[default]
    Policy,
    /// It only says where the policy is.
    Pointer,
    /// How the team itself works on a report; written for its members.
    ProcessDoc,
    /// Fields of a `security.txt` (RFC 9116).
    #[serde(rename = "security.txt")]
    SecurityTxt,
    /// A template whose blanks nobody filled in.
    TemplateUnfilled,
    /// Something else: a threat model, a manual, a list of changes.
    NotAPolicy,
}

/// A private list of those who hear of a problem before the public does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbargoList {
    /// Address of the list or of those who admit to it, when the text gives one.
    pub contact: Option<String>,
}
