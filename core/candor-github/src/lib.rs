//! What GitHub says about an advisory of a repository, as JSON, becomes values.
//!
//! Invariants: whatever the bytes are, reading them ends, in time and memory in proportion to
//! their number; only the id and a known state are needed; no text that leaves here holds a
//! control sign but tab and line feed, or is longer than its limit; nothing said is believed.
//!
//! Deliberately absent: asking GitHub, signatures of webhooks, and what becomes of an advisory.

mod advisory;
mod read;

pub use advisory::{Advisory, Credit, GhsaId, GhsaIdError, Product, State};
pub use read::{Entry, MOST_ADVISORIES, MOST_BYTES, NotTaken, Unreadable, read_all, read_one};
