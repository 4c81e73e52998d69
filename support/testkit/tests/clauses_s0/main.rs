//! Seed 0, clause by clause: each test carries the number of its clause.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod after;
mod fixing;
mod promises;
mod reporting;
mod scope;
mod times;
