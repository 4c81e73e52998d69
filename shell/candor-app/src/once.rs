//! Acts that a program sends again because it did not hear the answer
//! (the header `Idempotency-Key`).
//!
//! Invariants: of all requests with one key of one caller, one is done; the others get its
//! sentence, or hear that it is not known how it ended. A key is remembered for a day, under a
//! keyed hash. What is remembered holds no word of a case and no code.
//!
//! Deliberately absent: what was refused. It did nothing, so it may be sent again.

use std::sync::{Arc, Mutex};

use candor_base::Digest;
use candor_ports::Entry;

use crate::app::{App, lock};
use crate::input::Fault;
use crate::random;

const DAY: i64 = 86_400;

/// How a request with a key begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Once {
    /// It is the first: do it, then say how it ended.
    First(OnceTurn),
    /// It was done already.
    Done,
    /// It runs at this moment, or broke off; what became of it stands in the case.
    Unknown,
    /// The key came with another request before.
    Other,
}

/// The turn of a request that is the first of its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnceTurn {
    key: Digest,
    request: Digest,
}

/// What is kept: whether it was done, and of which request.
fn kept(done: bool, request: &Digest) -> String {
    let word = if done { "done" } else { "begun" };
    format!("{word} {request}")
}

impl App {
    /// Begins a request with a key of this caller. `request` holds everything that makes it
    /// this request and no other.
    pub fn begin_once(&self, caller: &str, key: &str, request: &[&[u8]]) -> Result<Once, Fault> {
        let secret = self.vault().derive("api-once");
        let key = random::keyed(&secret, &[caller.as_bytes(), key.as_bytes()]);
        let turn = OnceTurn {
            key: Digest::from_bytes(key),
            request: Digest::from_bytes(random::keyed(&secret, request)),
        };
        let now = self.now();
        let answer = Arc::new(Mutex::new(Once::Unknown));
        let (said, asked) = (Arc::clone(&answer), turn.clone());
        let change = move |found: &[Option<String>]| {
            let before = found.iter().flatten().next();
            let (begun, done) = (kept(false, &asked.request), kept(true, &asked.request));
            let (once, entry) = match before {
                None => (
                    Once::First(asked.clone()),
                    Entry::Put(begun, now.plus_seconds(DAY)),
                ),
                Some(text) if *text == done => (Once::Done, Entry::Keep),
                Some(text) if *text == begun => (Once::Unknown, Entry::Keep),
                Some(_) => (Once::Other, Entry::Keep),
            };
            *lock(&said) = once;
            entry
        };
        self.store().count(&[turn.key], now, Arc::new(change))?;
        let answer = lock(&answer).clone();
        Ok(answer)
    }

    /// Ends a turn: what was done is remembered, what was refused is forgotten.
    pub fn end_once(&self, turn: &OnceTurn, done: bool) {
        let now = self.now();
        let text = kept(true, &turn.request);
        let change = move |_: &[Option<String>]| {
            if done {
                Entry::Put(text.clone(), now.plus_seconds(DAY))
            } else {
                Entry::Remove
            }
        };
        if let Err(why) = self.store().count(&[turn.key], now, Arc::new(change)) {
            // Sent again, it hears that its end is not known: it is not done twice.
            tracing::warn!(%why, "the end of a request with a key could not be written down");
        }
    }
}
