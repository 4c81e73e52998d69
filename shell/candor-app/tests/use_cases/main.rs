//! The use cases over a real store, with a clock moved by hand.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod advisory;
mod alarm;
mod attacks;
mod calendar;
mod campaign;
mod common;
mod cve;
mod door;
mod doubt;
mod erasing;
mod exporting;
mod gated;
mod github;
mod github_out;
mod hand_in;
mod intake;
mod linked;
mod mail_in;
mod operator;
mod party;
mod passkeys;
mod pgp;
mod questions;
mod reads;
mod recovery;
mod regulators;
mod replicas;
mod road;
mod room;
mod said;
mod search;
mod skill;
mod staff;
mod statistics;
mod subscriptions;
mod tamper;
mod texts;
mod their_key;
mod time;
mod together;
mod together_counted;
mod troubles;
mod updates;
mod versions;
mod warn;
