//! The tests that only CSAF 2.1 has, as Committee Specification Draft 03 of 29 July 2026
//! words them: all mandatory ones, and of the others those that need no more than the
//! document.
//!
//! Invariant: none of them looks at a document of CSAF 2.0.
//!
//! Deliberately absent: 6.1.46 and 6.1.60.1, which the shape check finds, and 6.1.60.2 and
//! 6.1.60.3, which ask for the schemas of extensions: these lie on other people's servers.

mod advice;
mod branches;
mod corresponding;
mod cwe;
mod dates;
mod extensions;
mod helpers;
mod license;
mod metrics;
mod profiles;
mod remediations;
mod sharing;
mod ssvc;
mod vers;

use super::doc::Doc;
use crate::finding::Findings;

/// Runs every test of this folder.
pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    cwe::check(doc, out);
    profiles::check(doc, out);
    corresponding::check(doc, out);
    branches::check(doc, out);
    remediations::check(doc, out);
    dates::check(doc, out);
    sharing::check(doc, out);
    helpers::check(doc, out);
    ssvc::check(doc, out);
    license::check(doc, out);
    metrics::check(doc, out);
    extensions::check(doc, out);
    advice::check(doc, out);
}
