//! The words every other crate speaks: ids, bounded text, instants, spans,
//! findings and refusals.
//!
//! Invariants: a value of a type in here is valid by construction; nothing in
//! here reads a clock, draws a random number or touches the outside world.
//!
//! Deliberately absent: anything that knows what a case, a policy or a
//! database is.

mod cve;
mod findings;
mod ids;
mod instant;
mod refusal;
mod sensitive;
mod text;

pub use cve::{CveId, CveIdError};
pub use findings::{Finding, Findings, Level, Span};
pub use ids::{
    AccountId, BlobId, CaseId, CaseRef, Digest, IdError, MessageId, ProgramSlug, ReceiptCode,
    SessionId,
};
pub use instant::{Instant, InstantError};
pub use refusal::{Instead, Refusal, RefusalCode};
pub use sensitive::Sensitive;
pub use text::{Body, Line, TextError};
