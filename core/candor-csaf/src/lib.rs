//! Judges CSAF documents: 2.0 (OASIS Standard, 18 November 2022) and the draft of 2.1
//! (Committee Specification Draft 03, 29 July 2026); and the shapes of OSV records and
//! OpenVEX 0.2.0 documents.
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

/// The format of a document, told by the document itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// CSAF of a version that is known.
    Csaf(Version),
    /// An OSV record (`id`, with `modified` or `schema_version`).
    Osv,
    /// An OpenVEX document (`@context`).
    OpenVex,
    /// Anything else.
    Unknown,
}

impl Format {
    /// The name: `csaf-2.0`, `csaf-2.1`, `osv`, `openvex` or `unknown`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csaf(Version::V20) => "csaf-2.0",
            Self::Csaf(Version::V21) => "csaf-2.1",
            Self::Osv => "osv",
            Self::OpenVex => "openvex",
            Self::Unknown => "unknown",
        }
    }

    /// That of a document.
    fn of(document: &Value) -> Self {
        let text = |pointer: &str| document.pointer(pointer).and_then(Value::as_str);
        let has = |key: &str| document.get(key).is_some();
        match text("/document/csaf_version") {
            Some("2.0") => return Self::Csaf(Version::V20),
            Some("2.1") => return Self::Csaf(Version::V21),
            _ if has("document") => return Self::Unknown,
            _ => {}
        }
        if text("/@context").is_some_and(|c| c.starts_with("https://openvex.dev/ns")) {
            Self::OpenVex
        } else if text("/id").is_some() && (has("modified") || has("schema_version")) {
            Self::Osv
        } else {
            Self::Unknown
        }
    }
}

/// What was found in one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// What it is; `Unknown` for what cannot be read.
    pub format: Format,
    /// The name that the standard wants for the file (section 5.1); `None` when the
    /// document has no id.
    pub file_name: Option<String>,
    /// What is wrong: the shape first, then the tests, theme by theme.
    pub findings: Vec<Finding>,
}

impl Judged {
    /// The version of CSAF it says it is written in; `None` when it is no CSAF that is known.
    pub const fn version(&self) -> Option<Version> {
        match self.format {
            Format::Csaf(version) => Some(version),
            Format::Osv | Format::OpenVex | Format::Unknown => None,
        }
    }

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
            if let (Some(place), Some(_)) = (read.unsorted, judged.version()) {
                judged.findings.push(Finding {
                    test: "6.2.13",
                    pointer: place,
                    message: "this member comes after one with a later name".to_owned(),
                });
            }
            judged
        }
        Err(finding) => Judged {
            format: Format::Unknown,
            file_name: None,
            findings: vec![finding],
        },
    }
}

/// Judges a document that was read already.
pub fn judge_value(document: &Value) -> Judged {
    let mut out = Findings::default();
    let format = Format::of(document);
    let mut file_name = None;
    match format {
        Format::Csaf(told) => {
            shape::check(document, told, &mut out);
            rules::check(document, told, &mut out);
            let id = document.pointer("/document/tracking/id");
            file_name = id.and_then(Value::as_str).map(rules::file_name);
        }
        Format::Osv => shape::check_osv(document, &mut out),
        Format::OpenVex => shape::check_openvex(document, &mut out),
        Format::Unknown => unknown(document, &mut out),
    }
    Judged {
        format,
        file_name,
        findings: out.into_vec(),
    }
}

/// Says why a document is not judged.
fn unknown(document: &Value, out: &mut Findings) {
    let told = document.pointer("/document/csaf_version");
    let message = match told {
        Some(other) => {
            let other: String = other.to_string().chars().take(60).collect();
            format!("{other} is no version of CSAF that is known here (2.0, 2.1)")
        }
        None => "this is no CSAF document (it has no `document.csaf_version`), no OSV record \
                 and no OpenVEX document"
            .to_owned(),
    };
    let pointer = told.map_or("", |_| "/document/csaf_version");
    out.note("schema", pointer, message);
}
