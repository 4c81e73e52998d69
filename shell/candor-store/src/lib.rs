//! The storage interface over SQLite or PostgreSQL: event log, read rows, due times, outbox,
//! sealed bodies, accounts, sessions, publications.
//!
//! Invariants:
//! - What a commit holds becomes durable together (one fsync) or not at all; the
//!   caller is answered after the fsync, never before.
//! - Whatever a person wrote is sealed before it reaches the disk, each value bound
//!   to its place: a value moved, swapped or changed does not open.
//! - The chain of a case is hashed over sealed bytes, so it verifies without keys and
//!   after the key of the case was destroyed.
//! - One process holds a data directory, many may share a database; a file that is not ours is never written to.
//!
//! Deliberately absent: decisions. Nothing in here knows what an event means, when
//! a promise falls due or who may read what. No clock either: `now` is an argument.

// Lets the builders of the integration tests serve the tests in here too.
#[cfg(test)]
extern crate self as candor_store;

mod accounts;
mod beside;
mod bodies;
mod cases;
mod changes;
mod contents;
mod copy;
mod counters;
mod db;
mod engine;
mod erasing;
mod error;
mod folder;
mod heads;
mod heldmail;
mod histories;
mod history;
mod key;
mod keyring;
mod leaves;
mod log;
mod log_check;
mod log_folder;
mod outbox;
mod postgres;
mod programs;
mod reads;
mod reserve;
mod room;
mod rotation;
mod schema;
mod seal;
mod sealing;
mod search;
mod signins;
mod sql;
mod sqlite;
mod store;
mod verify;

pub use contents::ContentFault;
pub use copy::{
    CopyError, Destination, Header, Origin, Progress, Summary, TableSum, Trailer, are_same,
    check_copy, move_all, restore_copy, write_copy,
};
pub use error::OpenError;
pub use folder::hold as hold_folder;
pub use key::{InstanceKey, KeyError, StableKey};
pub use log_folder::LogFolder;
pub use postgres::DatabaseUrl;
pub use rotation::{ProgramRotated, Rotated};
pub use schema::{Schema, Step};
pub use store::SealedStore;
pub use verify::{Break, Fault, Report, verify_log, verify_log_with};
