//! Asks GitHub about the advisories of repositories, and publishes there, over its REST API.
//!
//! Invariants: the token goes to the address that was configured and nowhere else: no redirect is
//! followed, and of a link to the next page only the cursor is taken; every call is over within a
//! bounded time; no answer of GitHub is believed to be small or well formed; no text of an
//! advisory stands in an error.
//!
//! Deliberately absent: what becomes of an advisory, and when to ask.

mod answer;
mod github;
mod publish;
mod repository;

#[cfg(test)]
mod mock;

pub use github::{API, Github, Mistake};
pub use repository::Repository;
