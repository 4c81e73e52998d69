//! A document made from an advisory, and what the form had no place for; and what the
//! writers of all forms share.

use serde::Serialize;
use serde_json::Value;

use crate::model::{Issue, Revision, Status};

/// A document and what was lost on the way into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The document, with a line feed at the end.
    pub text: String,
    /// What the form had no place for, in the order of the advisory.
    pub losses: Vec<Loss>,
}

/// One thing that a form has no place for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Loss {
    /// Which part of the advisory (`products`, `rebuild`).
    pub field: &'static str,
    /// What became of it, in one sentence.
    pub why: String,
}

/// Why an advisory cannot be written in a form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// These documents are for the public: a draft has none.
    #[error("the advisory is a draft; only a published one is written in this form")]
    Draft,
    /// No revision, so no date. Cannot happen to an advisory made by [`crate::finish`].
    #[error("the advisory has no revision and so no date")]
    NoRevision,
    /// The form needs a CVE id.
    #[error("the advisory has no CVE id, and this form is about one")]
    NoCve,
    /// The document could not be written as JSON.
    #[error("the document could not be written: {0}")]
    Json(String),
}

/// The revisions that give a published advisory its dates.
pub(crate) fn first_and_last(issue: &Issue) -> Result<(&Revision, &Revision), WriteError> {
    if issue.status == Status::Draft {
        return Err(WriteError::Draft);
    }
    match issue.revisions.as_slice() {
        [] => Err(WriteError::NoRevision),
        [only] => Ok((only, only)),
        [first, .., last] => Ok((first, last)),
    }
}

/// Sets a list, unless it is empty: no form knows empty lists.
pub(crate) fn put(object: &mut Value, key: &str, list: Vec<Value>) {
    if let (Some(map), false) = (object.as_object_mut(), list.is_empty()) {
        map.insert(key.to_owned(), Value::Array(list));
    }
}

/// Losses as they are found; each is told once.
#[derive(Debug, Default)]
pub(crate) struct Losses(Vec<Loss>);

impl Losses {
    pub(crate) fn note(&mut self, field: &'static str, why: impl Into<String>) {
        let loss = Loss {
            field,
            why: why.into(),
        };
        if !self.0.contains(&loss) {
            self.0.push(loss);
        }
    }

    /// The document as indented text with what was lost.
    pub(crate) fn write(self, document: &Value) -> Result<Written, WriteError> {
        let text =
            serde_json::to_string_pretty(document).map_err(|e| WriteError::Json(e.to_string()))?;
        Ok(Written {
            text: text + "\n",
            losses: self.0,
        })
    }
}
