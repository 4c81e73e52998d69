//! The signed receipt: what a reporter holds in hand at once.
//!
//! Form `candor.receipt/v1` (never changed; a new form is a new version): one
//! line each, in this order, `name: value`:
//!
//! ```text
//! candor.receipt/v1
//! case: TDX-7K3F-9QMA
//! program: threatdex
//! received: 2026-11-22T10:20:30Z
//! policy: SHA-256 of the policy text in force
//! report-sha256: SHA-256 of the report as filed, so that the reporter can check it
//! sealed-sha256: SHA-256 of the report as sealed and stored
//! salt: 32 random bytes
//! leaf: the leaf of the log, recomputed at every check
//! promise: acknowledgement by 2026-11-24T10:20:30Z (commit, line 42)
//! ```
//!
//! with as many `promise:` lines as there are. Digests, salt and leaf are
//! lower-case hexadecimal; moments are UTC. The whole is a C2SP signed note.
//!
//! Invariants: the leaf is always the leaf of the other lines; there is exactly
//! one spelling of each receipt. Never in it: the receipt code, the report's
//! text, the reporter's name.

use std::fmt::Write as _;

use candor_base::{CaseRef, Digest, Instant, ProgramSlug};
use serde::{Deserialize, Serialize};

use crate::leaf::{Leaf, LeafInput, Salt};
use crate::note::{KeyError, KeyName, NoteError, VerifierKey, open_note, sign_note};
use crate::promise::ReceiptPromise;

const ORIGIN: &str = "candor.receipt/v1";

/// What was received, when, under which policy, and what was promised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The case that the report opened.
    pub case: CaseRef,
    /// The program it was sent to.
    pub program: ProgramSlug,
    /// When it was stored.
    pub received: Instant,
    /// SHA-256 of the policy text in force.
    pub policy: Digest,
    /// SHA-256 of the report as filed.
    pub report: Digest,
    /// SHA-256 of the report as sealed.
    pub sealed: Digest,
    /// The salt of the leaf.
    pub salt: Salt,
    /// What was promised, in the policy's order.
    pub promises: Vec<ReceiptPromise>,
}

/// Why a text is no receipt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Another kind of note, or a newer form.
    #[error(
        "this is not a receipt that this version of Candor knows; its first line should be `candor.receipt/v1`"
    )]
    Origin,
    /// A line is missing, in the wrong place, or unreadable.
    #[error("the line `{0}:` is missing, stands in the wrong place or cannot be read")]
    Line(&'static str),
    /// The leaf is not the leaf of the other lines.
    #[error("the leaf does not fit the other lines of this receipt")]
    Leaf,
    /// The same receipt in a second spelling.
    #[error("this receipt is written in another way than Candor writes receipts; it was changed")]
    Spelling,
}

/// Why a signed receipt was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The verifier key cannot be used.
    #[error("{0}")]
    Key(#[from] KeyError),
    /// The note does not hold.
    #[error("{0}")]
    Note(#[from] NoteError),
    /// The note holds, but its text is no receipt.
    #[error("{0}")]
    Receipt(#[from] ReceiptError),
}

impl Receipt {
    /// The leaf that stands for this receipt in the log.
    pub fn leaf(&self) -> Leaf {
        Leaf::of(&LeafInput {
            receipt: &self.case,
            salt: &self.salt,
            sealed: &self.sealed,
            policy: &self.policy,
            received: self.received,
        })
    }

    /// The text that is signed; ends in a line feed.
    pub fn to_text(&self) -> String {
        let mut out = format!(
            "{ORIGIN}\ncase: {}\nprogram: {}\nreceived: {}\npolicy: {}\nreport-sha256: {}\nsealed-sha256: {}\nsalt: {}\nleaf: {}\n",
            self.case,
            self.program,
            self.received,
            self.policy,
            self.report,
            self.sealed,
            self.salt,
            self.leaf(),
        );
        for promise in &self.promises {
            let _ = writeln!(out, "promise: {promise}");
        }
        out
    }

    /// Reads a receipt's text. Strict: only what [`Receipt::to_text`] writes is taken.
    ///
    /// This checks no signature: [`verify`] does.
    pub fn parse(text: &str) -> Result<Self, ReceiptError> {
        let body = text.strip_suffix('\n').ok_or(ReceiptError::Spelling)?;
        let mut lines = body.split('\n');
        if lines.next() != Some(ORIGIN) {
            return Err(ReceiptError::Origin);
        }
        let receipt = Self {
            case: field(&mut lines, "case")?,
            program: field(&mut lines, "program")?,
            received: field(&mut lines, "received")?,
            policy: field(&mut lines, "policy")?,
            report: field(&mut lines, "report-sha256")?,
            sealed: field(&mut lines, "sealed-sha256")?,
            salt: field(&mut lines, "salt")?,
            promises: Vec::new(),
        };
        let leaf: Digest = field(&mut lines, "leaf")?;
        if leaf != *receipt.leaf().digest() {
            return Err(ReceiptError::Leaf);
        }
        let promises = lines
            .map(|line| {
                line.strip_prefix("promise: ")
                    .and_then(ReceiptPromise::parse)
            })
            .collect::<Option<Vec<_>>>()
            .ok_or(ReceiptError::Line("promise"))?;
        let receipt = Self {
            promises,
            ..receipt
        };
        if receipt.to_text() == text {
            Ok(receipt)
        } else {
            Err(ReceiptError::Spelling)
        }
    }
}

fn field<'a, T: std::str::FromStr>(
    lines: &mut impl Iterator<Item = &'a str>,
    name: &'static str,
) -> Result<T, ReceiptError> {
    lines
        .next()
        .and_then(|line| line.strip_prefix(name)?.strip_prefix(": "))
        .and_then(|value| value.parse().ok())
        .ok_or(ReceiptError::Line(name))
}

/// Signs a receipt with an Ed25519 seed; gives the file for the reporter.
///
/// # Errors
/// Only when the receipt is larger than a note may be (some thousand promises).
pub fn sign(receipt: &Receipt, name: &KeyName, seed: &[u8; 32]) -> Result<String, NoteError> {
    sign_note(&receipt.to_text(), name, seed)
}

/// Checks a signed receipt against a verifier key (`name+id+key`), the leaf included.
pub fn verify(note: &str, verifier_key: &str) -> Result<Receipt, VerifyError> {
    let key: VerifierKey = verifier_key.parse()?;
    Ok(Receipt::parse(open_note(note, &key)?)?)
}
