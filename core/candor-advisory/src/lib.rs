//! One advisory model, and everything that is written from it.
//!
//! Invariants: a finished [`Advisory`] is complete (domain rules, section 5.4);
//! each output is a pure function of it, the same bytes every time; names of
//! people stand only in the credits.
//!
//! Deliberately absent: cases, clocks, files, HTML.

pub mod atom;
mod builds;
mod check;
mod check_products;
mod csaf;
mod csaf_products;
mod cve;
mod draft;
mod ecosystem;
mod github;
mod ids;
mod known;
mod model;
mod osv;
mod stretch;
mod versions;
mod vex;
mod words;
mod written;

pub use builds::Builds;
pub use check::{check, finish};
pub use csaf::{CsafError, CsafPlace, csaf_filename, to_csaf};
pub use cve::{OrgId, OrgIdError, to_cve};
pub use draft::{
    AdvisoryDraft, CreditDraft, FixDraft, ProductDraft, ReferenceDraft, VersionsDraft,
};
pub use github::to_github;
pub use ids::{AdvisoryId, AdvisoryIdError, CveId, CveIdError, Link, LinkError, Purl, PurlError};
pub use known::{KnownAdvisory, MOST_KNOWN_BYTES, NotKnown, against};
pub use model::{
    Advisory, AffectedProduct, AffectedVersions, Content, Credit, CreditKind, Fix, FixKind, Issue,
    Mitigation, Publisher, PublisherCategory, Reference, Revision, Status,
};
pub use osv::to_osv;
pub use versions::{Comparator, Constraint, VersionError, VersionName, VersionRange};
pub use vex::{to_cyclonedx, to_openvex};
pub use words::{changelog_entry, plain_text};
pub use written::{Loss, WriteError, Written};
