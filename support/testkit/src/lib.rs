//! Stories for tests: a seed policy, a report, what people do, what must hold.
//!
//! A story reads as given, when, then:
//!
//! ```no_run
//! use candor_base::RefusalCode;
//! use candor_policy::model::Milestone;
//! use candor_testkit::{Story, act};
//!
//! let Some(mut story) = Story::seed(0) else { return };
//! story.received_at("2026-06-01T08:00:00Z");
//! assert_eq!(story.due(Milestone::Acknowledgement), "2026-06-03T08:00:00Z");
//! story.at("2026-06-02T08:00:00Z").team(act::acknowledge());
//! story.team(act::acknowledge()).refused(RefusalCode::AlreadyDone);
//! ```
//!
//! Invariants: everything is deterministic: ids and digests come from the words
//! given; a refusal that no test asks for fails the test; absent seed texts skip
//! a test on a developer's machine and fail it where `CI` is `true`.
//!
//! Deliberately absent: storage, sockets, the clock of the machine.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::missing_panics_doc,
    clippy::return_self_not_must_use,
    reason = "this crate is for tests: one that cannot go on should stop"
)]

pub mod act;
pub mod aside;
pub mod judge;
mod pages;
pub mod parts;
pub mod seeds;
pub mod sim;
mod story;
mod walk;

pub use seeds::{in_force, on_line, seed};
pub use story::{ClockName, Story};

/// OpenPGP as the program has it.
pub fn open_pgp() -> std::sync::Arc<dyn candor_ports::OpenPgp> {
    std::sync::Arc::new(candor_pgp::Pgp)
}
