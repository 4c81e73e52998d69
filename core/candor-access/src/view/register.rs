//! The register of releases of a program.

use serde::Serialize;

/// One release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReleaseLine {
    /// Its version.
    pub version: String,
    /// `supported` or `unsupported`.
    pub support: String,
    /// Who says so: `the owner` or `the policy`.
    pub said_by: String,
    /// The day of its release, where it is known.
    pub date: Option<String>,
}

/// What was released, and what follows from it by the policy's own rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegisterView {
    /// The program.
    pub program: String,
    /// Releases, the newest first.
    pub releases: Vec<ReleaseLine>,
    /// Branches that a fix must reach, each with its newest release.
    pub branches: Vec<(String, Option<String>)>,
    /// Versions that the next releases would have, where the policy promises those.
    pub next_versions: Vec<String>,
    /// The day of the next release, when it is known.
    pub next_release: Option<String>,
}
