//! The proof that a leaf stands in a log: a file for whoever holds a receipt (C2SP
//! tlog-proof).
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! index 73894
//! one hash a line, base64, from the leaf upwards
//!
//! the signed checkpoint, as it was published
//! ```
//!
//! Invariants: a proof says nothing of a person or a case; it is checked without any
//! network. An `extra` line is read over: nobody vouches for it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use candor_base::Digest;

use crate::checkpoint::{Checkpoint, CheckpointError, base64_hash, read_hash, read_number};
use crate::leaf::Leaf;
use crate::merkle::verify_inclusion;
use crate::note::VerifierKey;

const FIRST: &str = "c2sp.org/tlog-proof@v1";
/// Longest path there can be in a tree.
const LONGEST: usize = 64;

/// A proof, as it is written to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogProof {
    /// Where the leaf stands, from 0.
    pub index: u64,
    /// From the leaf's neighbour up to the child of the root.
    pub hashes: Vec<Digest>,
    /// The signed checkpoint.
    pub checkpoint: String,
}

/// Why a proof was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// Not the form of a proof.
    #[error(
        "this is not a proof that this version of Candor knows; its first line should be \
         `c2sp.org/tlog-proof@v1`, and nothing in it may be changed"
    )]
    Form,
    /// The checkpoint in it does not hold.
    #[error("the checkpoint in the proof does not hold: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The hashes lead somewhere else.
    #[error(
        "the proof does not lead from this receipt to the root of the log; it belongs to \
         another receipt, or one of the two was changed"
    )]
    Path,
}

impl LogProof {
    /// The file.
    pub fn to_text(&self) -> String {
        let mut out = format!("{FIRST}\nindex {}\n", self.index);
        for hash in &self.hashes {
            out.push_str(&base64_hash(hash));
            out.push('\n');
        }
        out.push('\n');
        out.push_str(&self.checkpoint);
        out
    }

    /// Reads the file. This checks nothing: [`LogProof::verify`] does.
    ///
    /// # Errors
    /// When it has another form.
    pub fn parse(text: &str) -> Result<Self, ProofError> {
        let (head, checkpoint) = text.split_once("\n\n").ok_or(ProofError::Form)?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(FIRST) {
            return Err(ProofError::Form);
        }
        if let Some(extra) = lines.peek().and_then(|line| line.strip_prefix("extra ")) {
            STANDARD.decode(extra).map_err(|_| ProofError::Form)?;
            lines.next();
        }
        let index = lines
            .next()
            .and_then(|line| line.strip_prefix("index "))
            .and_then(read_number)
            .ok_or(ProofError::Form)?;
        let hashes = lines
            .map(read_hash)
            .collect::<Option<Vec<_>>>()
            .filter(|hashes| hashes.len() <= LONGEST)
            .ok_or(ProofError::Form)?;
        Ok(Self {
            index,
            hashes,
            checkpoint: checkpoint.to_owned(),
        })
    }

    /// Checks that the leaf stands in a log that this key signed; gives the checkpoint.
    ///
    /// # Errors
    /// When the checkpoint does not hold or the hashes lead elsewhere.
    pub fn verify(&self, leaf: &Leaf, key: &VerifierKey) -> Result<Checkpoint, ProofError> {
        let checkpoint = Checkpoint::open(&self.checkpoint, key)?;
        let (size, root) = (checkpoint.size, &checkpoint.root);
        if verify_inclusion(leaf.as_ref(), self.index, size, &self.hashes, root) {
            Ok(checkpoint)
        } else {
            Err(ProofError::Path)
        }
    }
}
