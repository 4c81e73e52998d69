//! The checkpoint: what the log says of itself, signed (C2SP tlog-checkpoint).
//!
//! Three lines: the origin (a name for this log and no other), the number of leaves, the
//! root over them in base64. The whole is a signed note by a key of the origin's name.
//!
//! Invariant: one spelling of each checkpoint. Deliberately absent: extension lines; a
//! witness says nothing about them, so Candor neither writes nor takes any. No instant
//! either: the log does not say when.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use candor_base::Digest;

use crate::note::{KeyName, NoteError, VerifierKey, open_note, sign_note, split_note};

/// How far a log has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log: `reports.example.org/log`.
    pub origin: KeyName,
    /// Leaves in it.
    pub size: u64,
    /// The root over them.
    pub root: Digest,
}

/// Why a note is no checkpoint of a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note does not hold.
    #[error("{0}")]
    Note(#[from] NoteError),
    /// The note says something else.
    #[error(
        "this is not a checkpoint of a log: three lines are needed, with the name of the log, \
         the number of its leaves and the root over them"
    )]
    Form,
}

/// A hash in base64.
pub(crate) fn base64_hash(hash: &Digest) -> String {
    STANDARD.encode(hash.as_bytes())
}

/// A hash out of base64, in its one spelling.
pub(crate) fn read_hash(text: &str) -> Option<Digest> {
    let bytes = STANDARD.decode(text).ok()?;
    Some(Digest::from_bytes(bytes.try_into().ok()?))
}

/// A decimal number in its one spelling.
pub(crate) fn read_number(text: &str) -> Option<u64> {
    let value: u64 = text.parse().ok()?;
    (value.to_string() == text).then_some(value)
}

impl Checkpoint {
    /// The text that is signed.
    pub fn to_text(&self) -> String {
        let root = base64_hash(&self.root);
        format!("{}\n{}\n{root}\n", self.origin, self.size)
    }

    /// Reads the text. This checks no signature: [`Checkpoint::open`] does.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let made = Self {
            origin: lines.next()?.parse().ok()?,
            size: read_number(lines.next()?)?,
            root: read_hash(lines.next()?)?,
        };
        lines.next().is_none().then_some(made)
    }

    /// Signs it with an Ed25519 seed, under the name of its origin.
    ///
    /// # Errors
    /// Never for a checkpoint that could be made; a note has a form to keep.
    pub fn sign(&self, seed: &[u8; 32]) -> Result<String, NoteError> {
        sign_note(&self.to_text(), &self.origin, seed)
    }

    /// Reads a signed checkpoint, if the key signed it under the name of its origin.
    ///
    /// The key may have another name; what counts is the key.
    ///
    /// # Errors
    /// When the note has another form, says something else, or is not signed by the key.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, CheckpointError> {
        let (text, _) = split_note(note)?;
        let made = Self::parse(text).ok_or(CheckpointError::Form)?;
        open_note(note, &key.named(&made.origin))?;
        Ok(made)
    }
}
