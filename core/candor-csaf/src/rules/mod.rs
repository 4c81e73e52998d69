//! The tests of chapter 6: what compares one part of a document with another, or with
//! the world's lists.
//!
//! Invariants: each finding names its test; a document whose shape is broken is judged
//! as far as it can be read, without panic; the time grows with the size of the document
//! and not with its square.

mod branches;
mod cwe;
mod doc;
mod document;
mod language;
mod products;
mod profiles;
mod purl;
mod scores;
mod status;
mod tracking;
mod v21;

use serde_json::Value;

use crate::Version;
use crate::finding::Findings;
pub(crate) use document::file_name;

/// Runs every test.
pub(crate) fn check(document: &Value, version: Version, out: &mut Findings) {
    let doc = doc::Doc::of(document, version);
    products::check(&doc, out);
    branches::check(&doc, out);
    status::check(&doc, out);
    scores::check(&doc, out);
    tracking::check(&doc, out);
    document::check(&doc, out);
    profiles::check(&doc, out);
    if version == Version::V21 {
        v21::check(&doc, out);
    }
}
