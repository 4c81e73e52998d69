//! Who signed in, who tried, and what was done with accounts.
//!
//! Invariant: words and numbers only; no address and no place.

use serde::Serialize;

/// Sign-ins of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoorDay {
    /// The day.
    pub date: String,
    /// Sign-ins with both factors.
    pub right: u32,
    /// Wrong tries.
    pub wrong: u32,
}

/// What happened to one account at the door within an hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignInRow {
    /// For the last time, in words.
    pub when: String,
    /// Who; `None`: a login that nobody has.
    pub who: Option<String>,
    /// What, in words.
    pub what: String,
    /// How often.
    pub times: u32,
    /// It was a wrong try.
    pub wrong: bool,
}

/// Many tries were wrong, and nobody looked into it yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignInAlarm {
    /// When it was noticed, in words.
    pub at: String,
    /// How many there were by then.
    pub wrong: u32,
}

/// The recurring review of the sign-in history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignInReview {
    /// When it is due, in words.
    pub due: String,
    /// That has passed.
    pub overdue: bool,
    /// Who reviewed it, and when; the latest first.
    pub made: Vec<(String, String)>,
}

/// Somebody who looks after people did something with an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonAct {
    /// When, in words.
    pub when: String,
    /// Who did it.
    pub by: String,
    /// Whose account.
    pub about: String,
    /// What happened to it, in words.
    pub what: String,
}

/// The sign-in history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignInsView {
    /// Right and wrong tries of each of the last 30 days, the oldest first.
    pub days: Vec<DoorDay>,
    /// What happened, the latest first.
    pub rows: Vec<SignInRow>,
    /// There is more than is shown.
    pub more: bool,
    /// What was done with accounts by others, the latest first.
    pub acts: Vec<PersonAct>,
    /// For those who manage the instance.
    pub alarm: Option<SignInAlarm>,
    /// For those who manage the instance.
    pub review: Option<SignInReview>,
}
