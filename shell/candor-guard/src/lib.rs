//! The only HTTP client: fetches a report form, sends a report, fetches a key.
//!
//! Invariants: no redirect is followed and no proxy is used, so that a report
//! goes where the person said and nowhere else; without encryption it goes to
//! this very machine only; every wait and every answer is bounded.
//!
//! Deliberately absent: cookies, credentials, and anything that knows a case.

mod address;
mod client;
mod multipart;

pub use address::{Address, AddressError};
pub use client::{Answer, Client, GuardError};
pub use multipart::FilePart;
