//! The draft of an advisory: what people edit. Every field may be empty, and
//! text is text as typed; [`crate::check`] says what is missing or unreadable.

use std::fmt;

use candor_score::SeverityWord;
use serde::{Deserialize, Serialize};

use crate::model::{CreditKind, FixKind};

/// An advisory in the making.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AdvisoryDraft {
    /// One line: what can happen in which product.
    pub title: String,
    /// What a reader must know, in a few sentences.
    pub summary: String,
    /// More, in Markdown or plain text.
    pub details: String,
    /// What is affected.
    pub products: Vec<ProductDraft>,
    /// The policy's word.
    pub severity: Option<SeverityWord>,
    /// CVSS vectors, at most one of each version.
    pub cvss: Vec<String>,
    /// The type of weakness (`CWE-79`).
    pub cwe: String,
    /// The CVE id, once there is one.
    pub cve: String,
    /// What kind of fix it is.
    pub fix_kind: Option<FixKind>,
    /// What helps until the fix is installed.
    pub mitigation: String,
    /// Somebody looked, and nothing is known to help.
    pub no_mitigation_known: bool,
    /// Steps that help only for the time being.
    pub interim: Vec<String>,
    /// Which image or digest to rebuild from, and how.
    pub rebuild: String,
    /// What is known about attacks and public exploits.
    pub exploitation: String,
    /// Who is thanked, each with consent.
    pub credits: Vec<CreditDraft>,
    /// Where to read more.
    pub references: Vec<ReferenceDraft>,
}

/// One product of a draft.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ProductDraft {
    /// The product's name.
    pub name: String,
    /// Who makes it; the publisher when empty.
    pub vendor: String,
    /// Its package's address without a version (`pkg:cargo/threatdex`), if it has one.
    pub purl: String,
    /// Affected versions, one line for each supported branch.
    pub affected: Vec<VersionsDraft>,
    /// Versions that were looked at and are not affected.
    pub not_affected: Vec<String>,
}

/// Affected versions of a draft, with the answer for them.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct VersionsDraft {
    /// Which versions (`>= 1.0, < 2.4.1`).
    pub versions: String,
    /// What is done about them.
    pub fix: FixDraft,
}

/// What is done about affected versions, as typed.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FixDraft {
    /// No answer yet.
    #[default]
    Open,
    /// Fixed in this version.
    In(String),
    /// A fix will not come; the reason.
    NotPlanned(String),
    /// There is no fix yet; what to know about it.
    NotYet(String),
}

/// One thanks of a draft.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditDraft {
    /// Name or handle as given.
    #[serde(default)]
    pub name: String,
    /// The organisation, if any.
    #[serde(default)]
    pub organisation: String,
    /// A link, if one was asked for.
    #[serde(default)]
    pub link: String,
    /// For what.
    pub kind: CreditKind,
}

/// One reference of a draft.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReferenceDraft {
    /// The address.
    pub url: String,
    /// What is found there; the address when empty.
    pub summary: String,
}

/// A draft is secret until it is published: `Debug` shows only that it is there.
macro_rules! hide {
    ($($name:ty),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}
hide!(
    AdvisoryDraft,
    ProductDraft,
    VersionsDraft,
    FixDraft,
    CreditDraft,
    ReferenceDraft
);
