//! Finding cases by words, without storing a readable word.
//!
//! Invariants: a token is any short text; the store keeps only a keyed hash of it. What a
//! token means is said by whoever makes it. The same tokens find the same cases whatever
//! the engine.
//!
//! Deliberately absent: what a word is, and in which order cases are shown.

use std::collections::{BTreeMap, BTreeSet};

use candor_base::{CaseId, ProgramSlug};

use crate::store::StoreError;

/// Where a word stands, the best place first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WordPlace {
    /// The reference of the case, a CVE number.
    Number,
    /// The title.
    Title,
    /// The report as filed.
    Report,
    /// The name of a file.
    File,
    /// A message that somebody outside the team wrote or reads.
    Message,
    /// What only the team reads.
    Note,
}

impl WordPlace {
    /// Every place, the best first.
    pub const ALL: [Self; 6] = [
        Self::Number,
        Self::Title,
        Self::Report,
        Self::File,
        Self::Message,
        Self::Note,
    ];
}

/// Tokens by the place where they stand.
pub type Words = BTreeMap<WordPlace, BTreeSet<String>>;

/// The blind index.
pub trait Search {
    /// For each set the cases of a program that hold one of its tokens, and where. All as of
    /// one moment.
    fn cases_with(
        &self,
        program: &ProgramSlug,
        any: &[BTreeSet<String>],
    ) -> Result<Vec<BTreeMap<CaseId, BTreeSet<WordPlace>>>, StoreError>;

    /// Cases after this one, at most `limit`, by whose latest words they are not found yet:
    /// those from before there was a search, and those out of a backup or a move.
    fn not_found_yet(
        &self,
        after: Option<&CaseId>,
        limit: u32,
    ) -> Result<Vec<(ProgramSlug, CaseId)>, StoreError>;

    /// How many those are, of one program or of all.
    fn count_not_found_yet(&self, program: Option<&ProgramSlug>) -> Result<u64, StoreError>;

    /// Replaces what a case is found by with what its first `seq` events give;
    /// [`StoreError::Conflict`] when the case stands elsewhere by now.
    fn replace_words(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
        seq: u64,
        words: Words,
    ) -> Result<(), StoreError>;
}
