//! What is wrong with a document, where, and how bad that is.

use std::fmt;

/// How much a finding weighs (CSAF 2.0, chapter 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The JSON or its shape: the document is not what the schema describes.
    Schema,
    /// A mandatory test (section 6.1): the document is not valid.
    Mandatory,
    /// An optional test (section 6.2): valid, and should be mended.
    Optional,
    /// An informative test (section 6.3): worth a look.
    Informative,
}

impl Level {
    /// In small letters (`mandatory`).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Mandatory => "mandatory",
            Self::Optional => "optional",
            Self::Informative => "informative",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The test: `schema`, or its number in the standard (`6.1.8`).
    pub test: &'static str,
    /// Where, as a JSON pointer (RFC 6901); empty for the whole document.
    pub pointer: String,
    /// What is wrong, in plain words.
    pub message: String,
}

impl Finding {
    /// How much it weighs, told by the number of the test.
    pub fn level(&self) -> Level {
        if self.test.starts_with("6.1.") {
            Level::Mandatory
        } else if self.test.starts_with("6.2.") {
            Level::Optional
        } else if self.test.starts_with("6.3.") {
            Level::Informative
        } else {
            Level::Schema
        }
    }

    /// What the test wants and how to mend it, in one sentence.
    pub fn help(&self) -> &'static str {
        crate::help::of(self.test)
    }
}

/// Findings as they are made, in the order of the tests.
#[derive(Debug)]
pub(crate) struct Findings {
    list: Vec<Finding>,
    /// The test that a wrong shape fails at the place that is looked at.
    shape: &'static str,
}

impl Default for Findings {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            shape: "schema",
        }
    }
}

impl Findings {
    /// Notes one.
    pub(crate) fn note(
        &mut self,
        test: &'static str,
        pointer: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.list.push(Finding {
            test,
            pointer: pointer.into(),
            message: message.into(),
        });
    }

    /// The test that a wrong shape fails here: `schema`, or that of a part with a schema
    /// of its own.
    pub(crate) const fn shape(&self) -> &'static str {
        self.shape
    }

    /// Sets that test; gives the one before.
    pub(crate) const fn shape_of(&mut self, test: &'static str) -> &'static str {
        std::mem::replace(&mut self.shape, test)
    }

    /// How many of them say that the shape is wrong.
    pub(crate) fn wrong(&self) -> usize {
        self.list.iter().filter(|f| f.test != "6.2.20").count()
    }

    /// Takes over those of another list.
    pub(crate) fn take(&mut self, other: Self) {
        self.list.extend(other.list);
    }

    /// The list.
    pub(crate) fn into_vec(self) -> Vec<Finding> {
        self.list
    }
}
