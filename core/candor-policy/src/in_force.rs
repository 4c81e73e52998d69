//! Putting text, policy and settings together into one policy in force, and keeping what
//! was read.
//!
//! Invariants: the digest changes whenever text, settings or what was read in the text
//! change, and only then; what was kept is read back the same by every later version.
//!
//! Deliberately absent: when it holds; that is the case's matter.

use candor_base::Digest;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::model::Policy;
use crate::settings::{PolicyInForce, Settings};

/// The version of the compiler in this program.
pub const COMPILER: &str = env!("CARGO_PKG_VERSION");

impl PolicyInForce {
    /// Joins a text, what it compiled to and what the owner added.
    ///
    /// The digest is SHA-256 over `candor.policy/v1`, the text, the settings as JSON and
    /// the compiled text as JSON, each after its length as eight big-endian bytes.
    pub fn assemble(text: &[u8], policy: Policy, settings: Settings) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"candor.policy/v1\n");
        for part in [text, &json(&settings), &json(&policy)] {
            let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
            hash.update(length.to_be_bytes());
            hash.update(part);
        }
        let mut bytes = [0_u8; 32];
        bytes.copy_from_slice(&hash.finalize());
        Self {
            digest: Digest::from_bytes(bytes),
            policy,
            settings,
        }
    }
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

impl Policy {
    /// Everything that was read, to be kept beside the text. A later compiler may read
    /// the text otherwise; what was promised stays what is written here.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn to_reading(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// What [`Policy::to_reading`] of this or an earlier version of Candor kept.
    ///
    /// # Errors
    /// When the text is something else.
    pub fn of_reading(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}
