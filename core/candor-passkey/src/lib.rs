//! What a browser says of a passkey is held against what the site asked (Web Authentication,
//! level 3, sections 7.1 and 7.2).
//!
//! Invariants: nothing is taken that was said to another site, for another question, or without
//! the person being verified on the device; whatever the bytes are, reading them ends, within
//! limits; a use of a key leaves here only after its signature was judged (`Claim::judge`).
//!
//! Deliberately absent: checking signatures (the caller brings that), who made the device
//! (attestation is not asked for and not read), and the state of a question: that it is fresh and
//! counts once is the caller's to see.

mod algorithm;
mod ceremony;
mod device;
mod refused;
mod said;
mod site;

pub use algorithm::Algorithm;
pub use ceremony::{Claim, Use, claim, take};
pub use device::Device;
pub use refused::Refused;
pub use said::{Given, MOST_BYTES, NewKey, Unreadable};
pub use site::Site;
