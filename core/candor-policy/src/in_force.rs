//! Putting text, policy and settings together into one policy in force.
//!
//! Invariants: the digest changes whenever text or settings change, and only then.
//!
//! Deliberately absent: when it holds; that is the case's matter.

use candor_base::Digest;
use sha2::{Digest as _, Sha256};

use crate::model::Policy;
use crate::settings::{PolicyInForce, Settings};

impl PolicyInForce {
    /// Joins a text, what it compiled to and what the owner added.
    ///
    /// The digest is SHA-256 over `candor.policy/v1`, the length of the text as
    /// eight big-endian bytes, the text and the settings as JSON.
    pub fn assemble(text: &[u8], policy: Policy, settings: Settings) -> Self {
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        let settings_json = serde_json::to_vec(&settings).unwrap_or_default();
        let mut hash = Sha256::new();
        hash.update(b"candor.policy/v1\n");
        hash.update(length.to_be_bytes());
        hash.update(text);
        hash.update(&settings_json);
        let mut bytes = [0_u8; 32];
        bytes.copy_from_slice(&hash.finalize());
        Self {
            digest: Digest::from_bytes(bytes),
            policy,
            settings,
        }
    }
}
