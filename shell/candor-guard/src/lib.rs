//! The only HTTP client: fetches a report form, sends a report, fetches a key, asks a forge.
//!
//! Invariants: no redirect is followed and no proxy is used, so that a report
//! goes where the person said and nowhere else; without encryption it goes to
//! this very machine only; every wait and every answer is bounded.
//!
//! Deliberately absent: cookies, credentials of its own (what a caller gives goes to the address
//! that it names, once), and anything that knows a case.

mod address;
mod client;
mod multipart;

pub use address::{Address, AddressError};
pub use client::{Answer, Client, Fetched, GuardError, Verb};
pub use multipart::FilePart;
