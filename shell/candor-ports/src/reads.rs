//! The read log: who of the team opened the content of which case, and when
//! (`threat-model.md`, abuse case 10; ISO 30111 7.3).
//!
//! Invariants: one line for each person, case and clock hour, written before the content
//! is given out; lines are only added.
//!
//! Deliberately absent: what of a case was read, and reporters and other parties, who
//! read their own case only.

use candor_base::{AccountId, CaseId, Instant, ProgramSlug};

use crate::store::StoreError;

/// One person who opened a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseReader {
    /// Who.
    pub account: AccountId,
    /// For the first time.
    pub first: Instant,
    /// For the last time, to the hour.
    pub last: Instant,
    /// In how many clock hours.
    pub hours: u32,
}

/// The read log.
pub trait ReadLog {
    /// Notes that somebody opens a case; durable when it returns. Once noted in a clock
    /// hour, it is noted.
    fn note_read(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
        account: &AccountId,
        at: Instant,
    ) -> Result<(), StoreError>;
    /// Who opened a case, the earliest first.
    fn case_readers(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
    ) -> Result<Vec<CaseReader>, StoreError>;
    /// How many cases somebody opened since then.
    fn cases_read(&self, account: &AccountId, since: Instant) -> Result<u32, StoreError>;
}
