//! Judges CSAF documents: 2.0 (OASIS Standard, 18 November 2022) and the draft of 2.1
//! (Committee Specification Draft 03, 29 July 2026).
//!
//! Invariants: the same findings in the same order every time; no document makes it
//! panic or run for long; nothing is asked of a network. `valid` means: the JSON can be
//! read, its shape is that of the schema, and no mandatory test fails.
//!
//! Deliberately absent: files, printing, and tests that need a network or a dictionary
//! (6.3.6, 6.3.7 and 6.3.8; see docs/validate.md).

mod finding;
mod help;
mod help21;
mod path;
mod read;
mod rules;
mod shape;

use serde_json::Value;

use finding::Findings;
pub use finding::{Finding, Level};
pub use read::{DEEPEST, LARGEST};

/// Every test that is run, with the sentence that says what it wants.
pub fn tests() -> impl Iterator<Item = (&'static str, &'static str)> {
    help::all()
}

/// A version of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// CSAF 2.0.
    V20,
    /// CSAF 2.1, a draft.
    V21,
}

impl Version {
    /// As in `csaf_version`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V20 => "2.0",
            Self::V21 => "2.1",
        }
    }
}

/// What was found in one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The version it says it is written in; `None` when it says none that is known.
    pub version: Option<Version>,
    /// The name that the standard wants for the file (section 5.1); `None` when the
    /// document has no id.
    pub file_name: Option<String>,
    /// What is wrong: the shape first, then the tests, theme by theme.
    pub findings: Vec<Finding>,
}

impl Judged {
    /// Whether the document is valid: nothing wrong with its shape, no mandatory test failed.
    pub fn valid(&self) -> bool {
        self.findings
            .iter()
            .all(|f| matches!(f.level(), Level::Optional | Level::Informative))
    }
}

/// Judges the bytes of a document.
pub fn judge(bytes: &[u8]) -> Judged {
    match read::read(bytes) {
        Ok(read) => {
            let mut judged = judge_value(&read.value);
            judged.findings.splice(0..0, read.doubled);
            if let (Some(place), Some(_)) = (read.unsorted, judged.version) {
                judged.findings.push(Finding {
                    test: "6.2.13",
                    pointer: place,
                    message: "this member comes after one with a later name".to_owned(),
                });
            }
            judged
        }
        Err(finding) => Judged {
            version: None,
            file_name: None,
            findings: vec![finding],
        },
    }
}

/// Judges a document that was read already.
pub fn judge_value(document: &Value) -> Judged {
    let mut out = Findings::default();
    let told = document.pointer("/document/csaf_version");
    let version = match told.and_then(Value::as_str) {
        Some("2.0") => Version::V20,
        Some("2.1") => Version::V21,
        _ => {
            let message = match told {
                Some(other) => {
                    let other: String = other.to_string().chars().take(60).collect();
                    format!("{other} is no version of CSAF that is known here (2.0, 2.1)")
                }
                None => "this is no CSAF document: it has no `document.csaf_version`".to_owned(),
            };
            let pointer = told.map_or("", |_| "/document/csaf_version");
            out.note("schema", pointer, message);
            return Judged {
                version: None,
                file_name: None,
                findings: out.into_vec(),
            };
        }
    };
    shape::check(document, version, &mut out);
    rules::check(document, version, &mut out);
    Judged {
        version: Some(version),
        file_name: document
            .pointer("/document/tracking/id")
            .and_then(Value::as_str)
            .map(rules::file_name),
        findings: out.into_vec(),
    }
}
