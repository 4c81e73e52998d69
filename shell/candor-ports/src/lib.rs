//! The traits through which use cases reach the world: clock, entropy, store,
//! vault, courier, forge. Types and traits only.
//!
//! Invariants: every call is blocking and `Send + Sync`, so that the same use
//! cases run under a server, a test and a simulator (decision 0002). No call
//! here happens inside a database transaction but the store's own.
//!
//! Deliberately absent: every implementation.

mod account;
mod changes;
mod counters;
mod erasing;
mod forge;
mod heldmail;
mod keeping;
mod log;
mod mail;
mod objects;
mod pgp;
mod reads;
mod search;
mod signins;
mod store;

pub use account::{
    AccountRecord, Browser, Passkey, Role, SessionAbout, SessionKind, SessionRecord,
};
pub use changes::{Changes, RowChange};
pub use counters::{Change, Counters, Entry};
pub use erasing::{Cleared, Erasing, Tombstone};
pub use forge::{Forge, ForgeError, ForgeListing, ForgePublication, ForgePublished};
pub use heldmail::{HeldMail, HeldMails, Kept};
pub use keeping::{LETTERS_HELD, MOVED_TO, RESTORED_AT, RESTORED_FROM};
pub use log::{LogGrowth, LogHead, LogKeeper, LogStore, WaitingLeaf};
pub use mail::{
    Courier, CourierError, Letter, LetterBody, LetterDate, LetterKind, ReviewDay, Sealing,
};
pub use objects::{Objects, ObjectsError, SeenObject};
pub use pgp::{NotOpened, OpenPgp, OpenedMessage, OwnKey, TheirCertificate};
pub use reads::{CaseReader, ReadLog};
pub use search::{Search, WordPlace, Words};
pub use signins::{SignInAct, SignInLine, SignIns};
pub use store::{
    CaseRow, ClockRow, Commit, DateKind, DateRow, HistoryAccount, HistoryCheck, KeptReading,
    KeyFault, NewBlob, NewPolicy, NewReceipt, OutboxItem, OutboxLease, OutboxOutcome, PolicyAct,
    PolicyActKind, ProgramRecord, Publication, Space, Store, StoreError, StoredEvent,
};

use candor_base::Instant;

/// The only clock.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Now, in whole seconds.
    fn now(&self) -> Instant;

    /// A second clock that nobody sets, to judge the first by. `None`: there is none, and
    /// the first is believed whatever it says.
    fn steady(&self) -> Option<Steady> {
        None
    }
}

/// What the steady clock says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Steady {
    /// Seconds since the machine was started, also those it slept.
    pub seconds: i64,
    /// Which start it was: other words after each start of the machine. One word.
    pub start: std::sync::Arc<str>,
}

/// The only randomness.
pub trait Entropy: Send + Sync + std::fmt::Debug {
    /// Fills the buffer with random bytes fit for keys.
    fn fill(&self, buffer: &mut [u8]);
}

/// Secrets derived from the instance key; the key itself never leaves it.
pub trait Vault: Send + Sync + std::fmt::Debug {
    /// A key for one purpose (`receipt-code`, `note-signing`), always the same for the same words.
    fn derive(&self, purpose: &str) -> [u8; 32];
    /// Seals a small secret of the instance (a TOTP secret), bound to its context.
    fn seal(&self, context: &str, plain: &[u8]) -> Vec<u8>;
    /// Opens it again; `None` when it was changed or belongs to another context or instance.
    fn open(&self, context: &str, sealed: &[u8]) -> Option<Vec<u8>>;
}
