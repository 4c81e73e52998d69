//! Campaigns against the real program over real HTTP: killed at any moment, its machine
//! losing power at any moment, its disk failing at any call, three of it on one database,
//! and a thief who reads every byte.
//!
//! Invariants: each campaign counts what it did and gives the counts; what must never
//! happen ends it at once, with the numbers to run it again. A short form of each stands in
//! `bin/candor/tests/campaigns.rs`, the long forms start with `cargo xtask soak store-…`.
//! The head that all tests of the program share (a place, a server, a report, a room) is
//! here as well, once.
//!
//! Deliberately absent: anything that ships, and a second way into the store.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::missing_panics_doc,
    clippy::return_self_not_must_use,
    reason = "only for tests: what cannot go on should stop"
)]

pub mod canaries;
pub mod crash;
mod disk;
pub mod faults;
mod head;
mod house;
mod http;
pub mod kill;
mod needle;
pub mod replicas;
mod shim;
mod staff;

pub use head::{Ended, POLICY, Place, Server, shared};
pub use house::{Engine, House};
pub use http::{Answer, Report, Room, ask, enter, opens, submit};
pub use staff::Staff;

/// A number below `most`, from the randomness of the system.
pub(crate) fn random(most: u64) -> u64 {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).unwrap();
    u64::from_le_bytes(bytes) % most.max(1)
}

/// Random numbers that a seed repeats (`SplitMix64`).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % most.max(1)
    }

    pub(crate) fn coin(&mut self) -> bool {
        self.below(2) == 0
    }
}
