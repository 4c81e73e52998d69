//! The policy as JSON, for programs.
//!
//! Invariants: the first key names the form; a key of `candor.policy.json/1` is never
//! renamed or given another meaning, and readers skip keys that they do not know; the
//! `policy` in it is read back by the same types.
//!
//! Deliberately absent: settings of the owner, findings.

use serde::Serialize;

use super::facts::{Key, facts};
use crate::model::Policy;
use crate::run::words::{PromiseLine, promises_in_words};
use crate::settings::PolicyInForce;

/// The form, named in the first key.
pub const JSON_FORMAT: &str = "candor.policy.json/1";

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    /// Every clause with its lines and words.
    policy: &'a Policy,
    /// The promises in plain words, Candor's own defaults last and marked.
    promises_in_words: Vec<PromiseLine>,
    /// How many clauses each part has; parts that say nothing are left out.
    parts: std::collections::BTreeMap<String, usize>,
}

/// Renders a policy as JSON in the form [`JSON_FORMAT`].
///
/// # Errors
/// When a value cannot be written as JSON; no policy that was compiled has one.
pub fn policy_json(policy: &PolicyInForce) -> Result<String, serde_json::Error> {
    let mut parts = std::collections::BTreeMap::new();
    for fact in facts(&policy.policy) {
        let (part, _): Key = fact.key;
        *parts.entry(part).or_insert(0) += 1;
    }
    serde_json::to_string_pretty(&Document {
        format: JSON_FORMAT,
        policy: &policy.policy,
        promises_in_words: promises_in_words(policy),
        parts,
    })
}
