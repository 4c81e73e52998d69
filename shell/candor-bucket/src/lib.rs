//! The client of an S3-compatible store: keeps, reads, lists and removes objects in one
//! bucket, under one prefix.
//!
//! Invariants: no redirect is followed and no proxy is used; without encryption nothing is
//! sent but to this very machine, unless somebody said so; every wait, every answer and the
//! number of tries are bounded; no key, no signature and no address with one is in an error.
//!
//! Deliberately absent: what an object holds (it is sealed before it comes here), several
//! parts for one object, versions, and making or opening buckets to others.

mod client;
mod settings;

pub use client::Bucket;
pub use settings::{Keys, Settings, SettingsError};
