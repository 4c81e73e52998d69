//! Mail that is no case by itself: somebody has to look at it.
//!
//! Invariants: what is in a mail is sealed by whoever hands it over; a mail that was kept is
//! never lost until somebody settled it and its time is over; the same id twice is one mail.

use candor_base::{BlobId, Instant, ProgramSlug};

use crate::store::StoreError;

/// A mail that waits for a look, or did.
#[derive(Clone, PartialEq, Eq)]
pub struct HeldMail {
    /// The same mail has the same id.
    pub id: BlobId,
    /// Whose address it came to.
    pub program: ProgramSlug,
    /// When it came.
    pub received: Instant,
    /// When somebody settled it.
    pub settled: Option<Instant>,
    /// What the list shows of it, sealed.
    pub head: Vec<u8>,
    /// The mail as it came, sealed.
    pub mail: Vec<u8>,
}

impl std::fmt::Debug for HeldMail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[mail {}]", self.id)
    }
}

/// What became of a mail that was to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is durable.
    New,
    /// It was there already.
    Known,
    /// Too many wait for a look: nothing was kept.
    Full,
}

/// Keeps mail for a look.
pub trait HeldMails {
    /// Keeps a mail, while less than `most` of its program wait; durable when it returns.
    fn hold_mail(&self, mail: HeldMail, most: u32) -> Result<Kept, StoreError>;
    /// Mails of a program, those that wait before those that were settled, the latest first,
    /// without the mails themselves.
    fn held_mails(&self, program: &ProgramSlug, most: u32) -> Result<Vec<HeldMail>, StoreError>;
    /// How many of a program wait for a look.
    fn waiting_mails(&self, program: &ProgramSlug) -> Result<u32, StoreError>;
    /// One of them, whole.
    fn held_mail(&self, program: &ProgramSlug, id: &BlobId)
    -> Result<Option<HeldMail>, StoreError>;
    /// Writes down what became of it, with what is kept of the mail instead of it, where that is
    /// something else; false when it was settled already.
    fn settle_mail(
        &self,
        program: &ProgramSlug,
        id: &BlobId,
        at: Instant,
        head: Vec<u8>,
        instead: Option<Vec<u8>>,
    ) -> Result<bool, StoreError>;
    /// Forgets those that were settled before then.
    fn sweep_mails(&self, before: Instant) -> Result<u64, StoreError>;
}
