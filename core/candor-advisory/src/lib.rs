//! One advisory model, and everything that is written from it.
//!
//! Invariants: a finished [`Advisory`] is complete (domain rules, section 5.4);
//! each output is a pure function of it, the same bytes every time; names of
//! people stand only in the credits.
//!
//! Deliberately absent: cases, clocks, files, HTML. The CVE record, OSV and VEX
//! are later outputs of the same model.

pub mod atom;
mod builds;
mod check;
mod check_products;
mod csaf;
mod csaf_products;
mod draft;
mod ids;
mod model;
mod versions;
mod words;

pub use builds::Builds;
pub use check::{check, finish};
pub use csaf::{CsafError, CsafPlace, csaf_filename, to_csaf};
pub use draft::{
    AdvisoryDraft, CreditDraft, FixDraft, ProductDraft, ReferenceDraft, VersionsDraft,
};
pub use ids::{AdvisoryId, AdvisoryIdError, CveId, CveIdError, Link, LinkError, Purl, PurlError};
pub use model::{
    Advisory, AffectedProduct, AffectedVersions, Content, Credit, CreditKind, Fix, FixKind, Issue,
    Mitigation, Publisher, PublisherCategory, Reference, Revision, Status,
};
pub use versions::{Comparator, Constraint, VersionError, VersionName, VersionRange};
pub use words::{changelog_entry, plain_text};
