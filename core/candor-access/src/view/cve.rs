//! What the team sees of the CVE ids of a case.

use serde::Serialize;

/// The CVE ids of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CveView {
    /// Each id or request, and how it stands.
    pub lines: Vec<(String, String)>,
    /// Ids that are still open.
    pub open: Vec<String>,
    /// What a request can say, to be copied into the form of whoever assigns ids.
    pub request: Option<String>,
}
