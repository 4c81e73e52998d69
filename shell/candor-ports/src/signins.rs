//! The sign-in history: who signed in, who tried in vain, and what became of accounts
//! (seed clauses S0-55 and S0-56).
//!
//! Invariants: one line for each account, act and clock hour, with how often; a login that
//! nobody has counts without its name.
//!
//! Deliberately absent: addresses, browsers and places. Nothing about them is kept.

use candor_base::{AccountId, Instant};

use crate::store::StoreError;

/// What happened at the door, or to a key of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInAct {
    /// Signed in with both factors.
    SignedIn,
    /// Pass phrase or code was wrong.
    Wrong,
    /// The second factor was set up.
    SecondFactor,
    /// The owner of the account changed the pass phrase.
    NewPass,
    /// Somebody else gave the account a new start.
    NewStart,
    /// The account was taken out.
    TakenOut,
    /// Somebody else ended all sessions of the account.
    SignedOut,
    /// A recovery code stood in for the second factor.
    RecoveryUsed,
    /// The owner of the account made new recovery codes.
    RecoveryMade,
    /// Signed in with a browser that was not seen before.
    NewPlace,
    /// The owner of the account added a passkey.
    PasskeyAdded,
    /// The owner of the account removed a passkey.
    PasskeyRemoved,
    /// A passkey whose device counts backwards was refused.
    PasskeyCopied,
}

impl SignInAct {
    /// Every act.
    pub const ALL: [Self; 13] = [
        Self::SignedIn,
        Self::Wrong,
        Self::SecondFactor,
        Self::NewPass,
        Self::NewStart,
        Self::TakenOut,
        Self::SignedOut,
        Self::RecoveryUsed,
        Self::RecoveryMade,
        Self::NewPlace,
        Self::PasskeyAdded,
        Self::PasskeyRemoved,
        Self::PasskeyCopied,
    ];

    /// The word under which it is kept.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SignedIn => "signed-in",
            Self::Wrong => "wrong",
            Self::SecondFactor => "second-factor",
            Self::NewPass => "new-pass",
            Self::NewStart => "new-start",
            Self::TakenOut => "taken-out",
            Self::SignedOut => "signed-out",
            Self::RecoveryUsed => "recovery-used",
            Self::RecoveryMade => "recovery-made",
            Self::NewPlace => "new-place",
            Self::PasskeyAdded => "passkey-added",
            Self::PasskeyRemoved => "passkey-removed",
            Self::PasskeyCopied => "passkey-copied",
        }
    }
}

/// What happened to one account within a clock hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInLine {
    /// Whose account; `None`: a login that nobody has.
    pub account: Option<AccountId>,
    /// What.
    pub act: SignInAct,
    /// For the first time in that hour.
    pub first: Instant,
    /// For the last time in that hour.
    pub last: Instant,
    /// How often.
    pub times: u32,
}

/// The sign-in history.
pub trait SignIns {
    /// Counts an act.
    fn note_sign_in(
        &self,
        account: Option<&AccountId>,
        act: SignInAct,
        at: Instant,
    ) -> Result<(), StoreError>;
    /// What happened since then, the latest first; at most so many lines.
    fn sign_ins(&self, since: Instant, most: u32) -> Result<Vec<SignInLine>, StoreError>;
    /// How many tries were wrong in the clock hour of that moment, of all accounts.
    fn wrong_sign_ins(&self, at: Instant) -> Result<u32, StoreError>;
    /// Forgets what happened last before then. Gives the number of lines.
    fn sweep_sign_ins(&self, before: Instant) -> Result<u64, StoreError>;
}
