//! What surrounds a case, as the team sees it.

use serde::Serialize;

/// A context with its party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContextView {
    /// `implementation`, `configuration`, `dependency`, `deployment`.
    pub kind: String,
    /// The same in words.
    pub label: String,
    /// Whose it is.
    pub party: String,
    /// What was judged.
    pub circumstances: String,
    /// What came out.
    pub outcome: Option<String>,
}

/// A party that the case was handed over to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartyView {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// What it is to the case, in words.
    pub role: String,
    /// For whom it waits, in words.
    pub waits: String,
    /// Something is still to be done with it.
    pub open: bool,
    /// It was told something.
    pub told: bool,
    /// Label and text of each thing known.
    pub lines: Vec<(String, String)>,
}

/// Everything beside the straight road.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct AroundView {
    /// Put aside, in a sentence.
    pub deferral: Option<String>,
    /// A suspected leak: label and text.
    pub leak: Vec<(String, String)>,
    /// It waits for its decision.
    pub leak_open: bool,
    /// Contexts.
    pub contexts: Vec<ContextView>,
    /// Parties.
    pub parties: Vec<PartyView>,
    /// Other reports of the same: reference and words.
    pub linked: Vec<(String, String)>,
    /// What became of the offer to keep a suggestion.
    pub suggestion: Option<String>,
    /// What was asked of the reporter, or of a second person: what, and the answer.
    pub asked: Vec<(String, String)>,
    /// A date without agreement that another person is to confirm.
    pub date_alone: Option<super::When>,
    /// Duties and findings about them: label and text.
    pub duties: Vec<(String, String)>,
    /// Other projects that the report names.
    pub named_projects: Option<String>,
    /// Factors of the assessment that nobody has worked out yet.
    pub factors: Vec<String>,
}
