//! Erasing a case, and what is said of one that was erased.

use serde::Serialize;

use super::{ProgramCard, When};

/// A case that was erased: all that is left to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErasedView {
    /// Its program.
    pub program: ProgramCard,
    /// Its reference.
    pub reference: String,
    /// When it was erased.
    pub erased: When,
    /// Why, as a sentence.
    pub reason: String,
    /// Who erased it and who had asked for that; for the team only.
    pub people: Option<(String, String)>,
}

/// That somebody asked for an erasure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AskedView {
    /// Who.
    pub by: String,
    /// When.
    pub at: When,
    /// Why, as a sentence.
    pub reason: String,
    /// From when on the same person may erase it.
    pub alone_from: When,
}

/// The page on which owners erase a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErasureView {
    /// Its program.
    pub program: ProgramCard,
    /// Its reference.
    pub reference: String,
    /// What was asked for and still counts.
    pub asked: Option<AskedView>,
    /// Why whoever looks cannot ask for it, or do it, now.
    pub not_now: Option<String>,
    /// Whether an advisory of it is public, and stays so.
    pub published: bool,
    /// Until when backups hold the key, in words.
    pub backups: String,
}
