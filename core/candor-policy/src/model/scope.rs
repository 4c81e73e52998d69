//! Scope and context.
//!
//! Invariants: the words of the policy decide; nothing in here is a default.
//!
//! Deliberately absent: how the words are read (see `grammar`).

use serde::{Deserialize, Serialize};

/// One item of scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeItem {
    /// Short name ("Backend API").
    pub name: String,
    /// The rest of the item.
    pub detail: String,
    /// Path globs named in it (`apps/web`, `workers/*`).
    pub paths: Vec<String>,
    /// What it is about, as far as its words tell.
    pub topic: ScopeTopic,
}

/// What a scope item is about: decides what Candor asks and where it points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeTopic {
    /// A part of the product.
    Component,
    /// Images or packages the project publishes.
    ContainerImage,
    /// Dependencies.
    Dependency,
    /// Infrastructure or deployment configuration of the project.
    Infrastructure,
    /// CI or workflow configuration.
    Workflow,
    /// Systems of others: hosting, user-managed infrastructure, downstream.
    ThirdParty,
    /// Forks and modified versions.
    Fork,
    /// Social engineering.
    SocialEngineering,
    /// Denial of service.
    DenialOfService,
    /// Physical access.
    PhysicalAccess,
    /// Unsafe defaults (S4-42).
    UnsafeDefaults,
    /// Anything else.
    Other,
}

/// Why a finding's context must be worked out with others (S3-10 to S3-12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContextFactor {
    /// How the application was written.
    Implementation,
    /// How it was configured.
    Configuration,
    /// What it depends on.
    Dependency,
}
