//! A mail as bytes becomes what was written in it.
//!
//! Invariants: whatever the bytes are, reading them ends, in time and memory in proportion to
//! their number; what cannot be read says why and stays with its bytes; no text that leaves
//! here holds a control sign or a sign that is not seen; nothing in a mail is taken as proof
//! of anything.
//!
//! Deliberately absent: opening encrypted mail, checking signatures, and what becomes of it.

mod bounce;
mod clean;
mod incoming;
mod limits;
mod read;

pub use bounce::{Bounce, BouncedTo};
pub use incoming::{AttachedFile, Incoming, Mailbox, Protection, Remark, ReturnPath, Signs};
pub use limits::{Limits, Unreadable};
pub use read::{key_of, read};
