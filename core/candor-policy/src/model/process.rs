//! Disclosure rules, process steps, fixes and outlets.
//!
//! Invariants: the words of the policy decide; nothing in here is a default.
//!
//! Deliberately absent: how the words are read (see `grammar`).

use serde::{Deserialize, Serialize};

use super::promises::{Origin, Severity, TermUnit};

/// One rule about disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisclosureRule {
    /// Which rule.
    pub rule: DisclosureKind,
    /// Only for this severity.
    pub severity: Option<Severity>,
}

/// What a disclosure rule says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum DisclosureKind {
    /// Coordinated with the reporter.
    Coordinated,
    /// Agreed with stakeholders, no default date (S3-15).
    Agreed,
    /// Report in private before anything is public (S1-03, S3-13).
    PrivateFirst,
    /// A standard window.
    Window {
        /// How many.
        amount: u32,
        /// Of what.
        unit: TermUnit,
        /// From what.
        from: Origin,
    },
    /// Faster for this severity, without a number (S0-39).
    Expedited,
    /// Can be longer under this condition (S0-40).
    Extension,
    /// Reporter is bound until a patch is there (S0-44).
    UntilFixed,
    /// Reporter is bound until validated and addressed, or a timeline is agreed (S3-16, S3-17).
    UntilValidatedOrAgreed,
    /// Reporter may publish after the agreed date (S0-37).
    FreeAfterDate,
    /// May stay internal to the project (S4-04).
    MayStayInternal,
    /// "When applicable" (S2-14).
    WhenApplicable,
    /// Mitigations are published for users who cannot update (S4-36).
    PublishMitigations,
}

/// One step of the process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Position, from 1.
    pub number: u32,
    /// What the case must have reached for the step to be done.
    pub stage: StepStage,
    /// Demands found in the step's words.
    pub demands: Vec<StepDemand>,
}

/// Which part of the road a step is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepStage {
    /// Report received.
    Receipt,
    /// Acknowledged, investigation begins.
    Acknowledgement,
    /// Assessed.
    Triage,
    /// Turned down.
    Rejection,
    /// Conversation with the reporter.
    Conversation,
    /// Plan for telling the community.
    CommunicationPlan,
    /// Advisory drafted.
    AdvisoryDraft,
    /// Fix made.
    Fix,
    /// Fix tested.
    Testing,
    /// Reporter told the date.
    DateNotice,
    /// Released.
    Release,
    /// Published.
    Disclosure,
    /// Reporter free to publish.
    ReporterFree,
}

/// What a step demands beyond its stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepDemand {
    /// Reproduction record or a reason for its absence (S1-30).
    Reproduction,
    /// Severity rating (S1-30).
    SeverityRating,
    /// Effects and criticality, both (S4-22).
    EffectsAndCriticality,
    /// A detailed reason (S4-23).
    DetailedReason,
    /// Private branch (S1-31).
    PrivateBranch,
    /// Review by another person (S1-32).
    Review,
    /// Test record (S0-33, S1-32, S4-31).
    TestRecord,
    /// Mitigation steps (S4-26).
    Mitigation,
    /// Credit unless anonymous (S1-34).
    Credit,
    /// Release and advisory together (S0-36).
    Together,
    /// Backports (S4-33).
    Backport,
    /// Draft stays private (S4-30).
    PrivateDraft,
}

/// How a problem is fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FixKind {
    /// A patch.
    Patch,
    /// A dependency update.
    DependencyUpdate,
    /// A mitigation.
    Mitigation,
}

/// A place where advisories are announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outlet {
    /// What kind of place.
    pub kind: OutletKind,
    /// As named in the text.
    pub name: String,
}

/// What kind of place an outlet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutletKind {
    /// GitHub Security Advisories.
    GithubAdvisory,
    /// Changelog or release notes.
    Changelog,
    /// Mailing list.
    MailingList,
    /// Chat.
    Chat,
    /// Social network.
    Social,
    /// Blog or web site.
    Web,
    /// A news feed.
    Feed,
    /// A database of advisories beside the forge's own.
    AdvisoryDatabase,
    /// Anything else.
    Other,
}
