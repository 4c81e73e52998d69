//! How anyone can check that nothing was written later: hash chains of case
//! events, leaves, signed receipts and Merkle proofs.
//!
//! Invariants: pure functions of their arguments; every byte form that leaves
//! this crate carries a version and is never changed once used, because
//! receipts in the hands of reporters must verify for ever.
//!
//! Deliberately absent: secrets (keys come in as arguments), randomness (salts
//! come in as bytes), clocks, and any text of a report.

mod bundle;
mod chain;
mod checkpoint;
mod framed;
mod leaf;
pub mod merkle;
mod note;
mod promise;
mod proof;
mod receipt;
mod tiles;
pub mod tree;
mod witness;

pub use bundle::{Placed, bundle, bundle_size};
pub use chain::{BreakReason, ChainBreak, ChainHead, link, verify_chain, verify_chain_to};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use framed::sha256;
pub use leaf::{Leaf, LeafInput, Salt, SaltError, StepInput, bucket};
pub use note::{KeyError, KeyName, NoteError, VerifierKey, open_note, sign_note};
pub use promise::{Firmness, Milestone, MilestoneError, ReceiptPromise};
pub use proof::{LogProof, ProofError};
pub use receipt::{Receipt, ReceiptError, VerifyError, sign, verify};
pub use tiles::{TileError, TileId, tile_bytes, tile_hashes, tiles_since};
pub use witness::{
    Cosignature, WitnessError, WitnessKey, add_cosignatures, cosign, cosignatures, request,
};
