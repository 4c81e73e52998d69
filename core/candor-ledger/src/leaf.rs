//! The leaf: 32 bytes that stand for one received report, or one later step of a case, in
//! the log.
//!
//! Form (version 1, never changed): SHA-256 over the framed fields
//! `candor/receipt-leaf/v1`, the receipt's id (the case reference as text,
//! `TDX-7K3F-9QMA`), salt (32 bytes), digest of the sealed report (32), digest
//! of the policy in force (32), received-at bucket (Unix seconds floored to
//! the whole hour, eight bytes, two's complement, big end first). "Framed"
//! means: each field behind its length in eight bytes, big end first.
//!
//! The leaf of a step (version 1, never changed): SHA-256 over the framed fields
//! `candor/step-leaf/v1`, the id of the case (16 bytes), the number of events before the
//! step and after it (eight bytes each, big end first), the hash of the chain after it (32)
//! and a salt (32). It says: at the latest when this leaf was written down, the history of
//! the case stood there, and every event in it.
//!
//! Whoever sees only the leaf learns nothing: the salt goes to the reporter
//! alone, and even the hour of receipt is inside the hash.

use std::fmt;
use std::str::FromStr;

use candor_base::{CaseId, CaseRef, Digest, Instant};
use serde::{Deserialize, Serialize};

use crate::framed::Framed;
use crate::merkle::leaf_hash;

/// Length of a bucket: one hour, in seconds.
const BUCKET: i64 = 3600;

/// The moment floored to the whole hour (UTC), in Unix seconds.
///
/// The log can so prove "not later than this hour" without giving the second
/// away to those who can open the leaf.
pub fn bucket(received: Instant) -> i64 {
    let at = received.unix();
    at - at.rem_euclid(BUCKET)
}

/// 32 random bytes that keep a leaf from being guessed. Only the reporter gets them.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Salt([u8; 32]);

/// A text is no salt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not a salt: it takes 64 lower-case hexadecimal digits")]
pub struct SaltError;

impl Salt {
    /// Takes 32 random bytes.
    pub const fn from_bytes(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Digest::from_bytes(self.0), f)
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[salt]")
    }
}

impl FromStr for Salt {
    type Err = SaltError;
    fn from_str(text: &str) -> Result<Self, SaltError> {
        // The same 32 bytes in the same hexadecimal form as a digest.
        let bytes: Digest = text.parse().map_err(|_| SaltError)?;
        Ok(Self(*bytes.as_bytes()))
    }
}

impl TryFrom<String> for Salt {
    type Error = SaltError;
    fn try_from(text: String) -> Result<Self, SaltError> {
        text.parse()
    }
}

impl From<Salt> for String {
    fn from(salt: Salt) -> Self {
        salt.to_string()
    }
}

/// What a leaf is made of.
#[derive(Debug, Clone, Copy)]
pub struct LeafInput<'a> {
    /// The receipt's id: the reference of the case it opened.
    pub receipt: &'a CaseRef,
    /// The salt that only the reporter gets.
    pub salt: &'a Salt,
    /// SHA-256 of the report as sealed.
    pub sealed: &'a Digest,
    /// SHA-256 of the policy text in force at receipt.
    pub policy: &'a Digest,
    /// When the report was received; only its hour goes in.
    pub received: Instant,
}

/// What the leaf of a step is made of.
#[derive(Debug, Clone, Copy)]
pub struct StepInput<'a> {
    /// The case.
    pub case: &'a CaseId,
    /// Events before the step.
    pub before: u64,
    /// Events after it.
    pub after: u64,
    /// The hash of the chain after it.
    pub head: &'a Digest,
    /// What keeps the leaf from being guessed.
    pub salt: &'a Salt,
}

/// One leaf of the log.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Leaf(Digest);

impl Leaf {
    /// The leaf of this input.
    pub fn of(input: &LeafInput<'_>) -> Self {
        let hash = Framed::new("candor/receipt-leaf/v1")
            .field(input.receipt.as_str().as_bytes())
            .field(input.salt.as_bytes())
            .field(input.sealed.as_bytes())
            .field(input.policy.as_bytes())
            .field(&bucket(input.received).to_be_bytes())
            .finish();
        Self(hash)
    }

    /// The leaf of a step of a case.
    pub fn of_step(input: &StepInput<'_>) -> Self {
        let hash = Framed::new("candor/step-leaf/v1")
            .field(input.case.as_bytes())
            .field(&input.before.to_be_bytes())
            .field(&input.after.to_be_bytes())
            .field(input.head.as_bytes())
            .field(input.salt.as_bytes())
            .finish();
        Self(hash)
    }

    /// What stands for it in the tree.
    pub fn hash(&self) -> Digest {
        leaf_hash(self.0.as_bytes())
    }

    /// A leaf as stored.
    pub const fn from_digest(digest: Digest) -> Self {
        Self(digest)
    }

    /// The digest.
    pub const fn digest(&self) -> &Digest {
        &self.0
    }
}

impl AsRef<[u8]> for Leaf {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn the_bucket_is_the_whole_hour_before() {
        let hour = at("2026-11-22T10:00:00Z").unix();
        assert_eq!(bucket(at("2026-11-22T10:00:00Z")), hour);
        assert_eq!(bucket(at("2026-11-22T10:59:59Z")), hour);
        assert_eq!(bucket(at("2026-11-22T11:00:00Z")), hour + 3600);
        assert_eq!(bucket(at("1969-12-31T23:59:59Z")), -3600);
    }

    /// Computed apart from this code (Python's hashlib) from the form in the module head.
    #[test]
    fn the_form_of_a_leaf_never_changes() {
        let leaf = Leaf::of(&LeafInput {
            receipt: &"TDX-7K3F-9QMA".parse().unwrap(),
            salt: &Salt::from_bytes([1; 32]),
            sealed: &Digest::from_bytes([2; 32]),
            policy: &Digest::from_bytes([3; 32]),
            received: at("2026-11-22T10:20:30Z"),
        });
        assert_eq!(
            leaf.to_string(),
            "3c5e2c57fd9da60d265e1d18385f15c0b21558d7a4b27b679d2b6d96e27560e9"
        );
    }

    /// Computed apart from this code (Python's hashlib) from the form in the module head.
    #[test]
    fn the_form_of_the_leaf_of_a_step_never_changes() {
        let leaf = Leaf::of_step(&StepInput {
            case: &CaseId::from_bytes([4; 16]),
            before: 3,
            after: 5,
            head: &Digest::from_bytes([2; 32]),
            salt: &Salt::from_bytes([1; 32]),
        });
        assert_eq!(
            leaf.to_string(),
            "fb87c615c62d07d2b0f0e1411248a1ee474bd13b679f752d7cf98c5592311318"
        );
    }

    #[test]
    fn a_salt_does_not_show_in_debug_output() {
        assert_eq!(format!("{:?}", Salt::from_bytes([9; 32])), "[salt]");
    }
}
