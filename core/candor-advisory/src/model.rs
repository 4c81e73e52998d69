//! The finished advisory: complete, and valid in each part by its type.
//!
//! [`crate::finish`] makes one out of a draft. `Content` is what people wrote;
//! `Issue` is what publishing adds: id, publisher, status, dates.

use candor_base::{Body, Instant, Line};
use candor_score::{Cwe, SeverityWord, Vector};
use serde::{Deserialize, Serialize};

use crate::ids::{AdvisoryId, CveId, Link, Purl};
use crate::versions::{VersionName, VersionRange};

/// A finished advisory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advisory {
    /// Id, publisher, status and dates.
    pub issue: Issue,
    /// What it says.
    pub content: Content,
}

impl Advisory {
    /// When it was first published: the date of the first revision.
    pub fn published(&self) -> Option<Instant> {
        self.issue.revisions.first().map(|r| r.date)
    }

    /// When it was last changed: the date of the last revision.
    pub fn updated(&self) -> Option<Instant> {
        self.issue.revisions.last().map(|r| r.date)
    }
}

/// What publishing adds to the content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// The id, unique at its publisher.
    pub id: AdvisoryId,
    /// Who publishes it.
    pub publisher: Publisher,
    /// How settled it is.
    pub status: Status,
    /// When the first report arrived, if that may be told.
    pub reported: Option<Instant>,
    /// What happened to it, oldest first, numbered 1, 2, 3 …; the first is its publication.
    pub revisions: Vec<Revision>,
}

/// Who publishes an advisory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publisher {
    /// The name.
    pub name: Line,
    /// An address under the publisher's control; with the id it is unique in the world.
    pub namespace: Link,
    /// What kind of publisher it is.
    pub category: PublisherCategory,
}

/// What kind of publisher it is (CSAF 2.0, section 3.2.1.8.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PublisherCategory {
    /// The project that can fix the product.
    Vendor,
    /// A neutral go-between.
    Coordinator,
    /// Who found it.
    Discoverer,
    /// None of these.
    Other,
}

/// How settled an advisory is (CSAF 2.0, section 3.2.1.12.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Not published: for the case's own room only.
    Draft,
    /// Published, more is expected.
    Interim,
    /// Published, no change is expected.
    Final,
}

/// One change of an advisory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// 1 for the publication, then 2, 3 …
    pub number: u32,
    /// When.
    pub date: Instant,
    /// What changed.
    pub summary: Line,
}

/// What an advisory says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// One line: what can happen in which product.
    pub title: Line,
    /// What a reader must know, in a few sentences.
    pub summary: Body,
    /// More, in Markdown or plain text.
    pub details: Option<Body>,
    /// What is affected; at least one product.
    pub products: Vec<AffectedProduct>,
    /// The policy's word.
    pub severity: SeverityWord,
    /// CVSS vectors, at most one of each version; none in a policy without scores.
    pub cvss: Vec<Vector>,
    /// The type of weakness.
    pub cwe: Option<Cwe>,
    /// The CVE id, once there is one.
    pub cve: Option<CveId>,
    /// What kind of fix it is.
    pub fix_kind: Option<FixKind>,
    /// What helps until the fix is installed.
    pub mitigation: Mitigation,
    /// Steps that help only for the time being, each on its own.
    pub interim: Vec<Body>,
    /// Which image or digest to rebuild from, and how.
    pub rebuild: Option<Body>,
    /// What is known about attacks and public exploits.
    pub exploitation: Option<Body>,
    /// Who is thanked, each with consent.
    pub credits: Vec<Credit>,
    /// Where to read more.
    pub references: Vec<Reference>,
}

/// One product and which of its versions are affected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AffectedProduct {
    /// The product's name, unique in the advisory.
    pub name: Line,
    /// Who makes it; the publisher when not said.
    pub vendor: Option<Line>,
    /// Its package's address, so that scanners find it.
    pub purl: Option<Purl>,
    /// Affected versions, one line for each supported branch; at least one.
    pub affected: Vec<AffectedVersions>,
    /// Versions that were looked at and are not affected.
    pub not_affected: Vec<VersionRange>,
}

/// Affected versions with the answer for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AffectedVersions {
    /// Which versions.
    pub versions: VersionRange,
    /// What is done about them.
    pub fix: Fix,
}

/// What is done about affected versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fix {
    /// Fixed in this version.
    In(VersionName),
    /// A fix will not come; the reason.
    NotPlanned(Body),
    /// There is no fix yet; what to know about it.
    NotYet(Body),
}

impl Fix {
    /// Why there is none, in sentences; `None` when there is one.
    pub(crate) fn why_none(&self) -> Option<String> {
        match self {
            Self::In(_) => None,
            Self::NotPlanned(reason) => Some(format!("No fix is planned. {reason}")),
            Self::NotYet(reason) => Some(format!("There is no fix yet. {reason}")),
        }
    }
}

/// What kind of fix it is (three kinds a policy may choose from).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FixKind {
    /// The product's own code was changed.
    Patch,
    /// A dependency was brought up to date.
    DependencyUpdate,
    /// The weakness stays but can no longer be used.
    Mitigation,
}

impl FixKind {
    /// In words for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::DependencyUpdate => "dependency update",
            Self::Mitigation => "mitigation",
        }
    }
}

/// What helps until the fix is installed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mitigation {
    /// This helps.
    Text(Body),
    /// Somebody looked, and nothing is known to help.
    NoneKnown,
}

/// One thanks, given with consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// Name or handle as given; `None` thanks the organisation alone.
    pub name: Option<Line>,
    /// The organisation, if any.
    pub organisation: Option<Line>,
    /// A link, if one was asked for.
    pub link: Option<Link>,
    /// For what.
    pub kind: CreditKind,
}

impl Credit {
    /// Who is thanked, in words; `None` when nobody is named.
    pub fn who(&self) -> Option<String> {
        match (&self.name, &self.organisation) {
            (Some(name), Some(organisation)) => Some(format!("{name} ({organisation})")),
            (Some(only), None) | (None, Some(only)) => Some(only.to_string()),
            (None, None) => None,
        }
    }
}

/// For what somebody is thanked (the kinds of the CVE schema).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the names say it, and the CVE schema defines them"
)]
pub enum CreditKind {
    Finder,
    Reporter,
    Analyst,
    Coordinator,
    RemediationDeveloper,
    RemediationReviewer,
    RemediationVerifier,
    Tool,
    Sponsor,
    Other,
}

impl CreditKind {
    /// In words for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Finder => "found the vulnerability",
            Self::Reporter => "reported the vulnerability",
            Self::Analyst => "analysed the vulnerability",
            Self::Coordinator => "coordinated the disclosure",
            Self::RemediationDeveloper => "developed the fix",
            Self::RemediationReviewer => "reviewed the fix",
            Self::RemediationVerifier => "verified the fix",
            Self::Tool => "the tool that found it",
            Self::Sponsor => "sponsored the work",
            Self::Other => "helped",
        }
    }
}

/// Where to read more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The address.
    pub link: Link,
    /// What is found there.
    pub summary: Line,
}
