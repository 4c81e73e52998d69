//! A refusal: the answer "no, because", which is not a fault.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// Why something was refused, as a stable code that pages, API and tests share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// The stage of the case does not allow this act.
    WrongStage,
    /// Contents that the policy makes mandatory are missing and not waived by name.
    ContentsMissing,
    /// A required field of the act itself is missing or too short.
    FieldMissing,
    /// A field holds something that cannot be read.
    FieldInvalid,
    /// The act needs a second person.
    SecondPersonNeeded,
    /// The act needs a second look later by the same person; it is too early.
    TooEarly,
    /// An embargo is active.
    EmbargoActive,
    /// No embargo is possible: the matter is public, or attacks were seen.
    EmbargoImpossible,
    /// A supported branch has no answer yet.
    BranchOpen,
    /// A test record, review or reproduction record is missing.
    EvidenceMissing,
    /// The reporter must be told or asked first.
    ReporterNotAsked,
    /// The advisory is missing or incomplete.
    AdvisoryIncomplete,
    /// The advisory was changed after its approval.
    AdvisoryChanged,
    /// An outlet has no answer yet.
    OutletOpen,
    /// The clause, message, branch or other thing named does not exist.
    NotFound,
    /// The same was already done.
    AlreadyDone,
    /// The deadline has passed; it can no longer be extended.
    DeadlinePassed,
    /// This actor may not do this.
    NotAllowed,
    /// The text or file is too large.
    TooLarge,
    /// The case was changed by somebody else in the meantime.
    Conflict,
}

/// What is possible instead of what was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Instead {
    /// A short imperative ("ask for the missing items").
    pub words: Cow<'static, str>,
    /// The acts it means, by their names, of which one is possible; none where it means no
    /// act: a field to fill in, a moment to wait for.
    pub acts: &'static [&'static str],
}

impl Instead {
    /// One that means acts.
    pub const fn acts(words: &'static str, acts: &'static [&'static str]) -> Self {
        Self {
            words: Cow::Borrowed(words),
            acts,
        }
    }
}

impl From<&'static str> for Instead {
    fn from(words: &'static str) -> Self {
        Self::acts(words, &[])
    }
}

impl From<String> for Instead {
    fn from(words: String) -> Self {
        Self {
            words: Cow::Owned(words),
            acts: &[],
        }
    }
}

/// An answer "no", with the reason for a person and what is possible instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// The stable code.
    pub code: RefusalCode,
    /// What was refused and why, for the person who asked.
    pub message: String,
    /// What is possible now instead.
    pub instead: Vec<Instead>,
}

impl Refusal {
    /// A refusal with nothing to suggest.
    pub fn new(code: RefusalCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            instead: Vec::new(),
        }
    }

    /// Adds something that is possible instead.
    #[must_use]
    pub fn instead(mut self, what: impl Into<Instead>) -> Self {
        self.instead.push(what.into());
        self
    }

    /// What is possible instead, in words alone.
    pub fn instead_words(&self) -> Vec<String> {
        let words = self.instead.iter().map(|hint| hint.words.to_string());
        words.collect()
    }
}
