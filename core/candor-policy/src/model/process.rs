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
    /// A window that the text states as what happens; else it asks for it.
    #[serde(default)]
    pub stated: bool,
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
    /// Everything is made public at once.
    Full,
    /// The project publishes once a fix is out.
    AfterFix,
    /// The reporter is asked for time before publishing, without a number.
    TimeToFix,
    /// May become public earlier than usual in this case.
    Earlier {
        /// In which.
        when: EarlyCause,
    },
    /// May become public later than usual in this case; for problems that are
    /// complex there is [`DisclosureKind::Extension`].
    Later {
        /// In which.
        when: LateCause,
    },
}

/// Why details may become public earlier than usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EarlyCause {
    /// The problem is being exploited.
    Exploited,
    /// It is publicly known already.
    Known,
    /// It is easy to exploit.
    SimpleExploit,
    /// Users can protect themselves easily.
    SimpleMitigation,
    /// It is critical.
    Critical,
    /// The fix is there.
    FixReady,
    /// Both sides agree.
    Agreement,
    /// Anything else.
    Other,
}

/// Why details may become public later than usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LateCause {
    /// The problem or its fix is complex.
    Complex,
    /// The fix is not ready, understood or tested.
    FixNotReady,
    /// Both sides agree.
    Agreement,
    /// Others have to be brought along.
    Coordination,
    /// Those who are hit by it ask.
    Victims,
    /// Targets of special value are at risk.
    HighValue,
    /// Little is at stake.
    LowSeverity,
    /// Anything else.
    Other,
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

/// One act of those who handle a report, as a policy lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The report comes in.
    Receive,
    /// The reporter is told that it came in.
    Acknowledge,
    /// Somebody takes it on.
    AssignHandler,
    /// It is looked into and found to be true or not.
    Validate,
    /// It is reproduced.
    Reproduce,
    /// Its severity is rated.
    AssessSeverity,
    /// It is turned down, and why is said.
    RejectWithReason,
    /// A plan is made.
    Plan,
    /// An advisory is drafted.
    DraftAdvisory,
    /// A CVE id is asked for.
    RequestCve,
    /// A fix is made.
    DevelopFix,
    /// The fix is reviewed.
    Review,
    /// The fix is tested.
    Test,
    /// Distributors and other vendors are told ahead.
    NotifyDistributors,
    /// The reporter is kept informed.
    NotifyReporter,
    /// The date of disclosure is agreed.
    AgreeDate,
    /// The fix is taken to older versions.
    Backport,
    /// A version with the fix is released.
    Release,
    /// The advisory or the details are published.
    PublishAdvisory,
    /// Users are told.
    Announce,
    /// The reporter is credited.
    Credit,
    /// A bounty is paid.
    PayBounty,
    /// Those who handled it look back.
    Retrospective,
    /// The reporter may publish.
    ReporterPublishes,
}

impl Act {
    /// In a few words, for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Receive => "the report comes in",
            Self::Acknowledge => "receipt is acknowledged",
            Self::AssignHandler => "somebody takes it on",
            Self::Validate => "it is looked into",
            Self::Reproduce => "it is reproduced",
            Self::AssessSeverity => "its severity is rated",
            Self::RejectWithReason => "it is turned down with a reason",
            Self::Plan => "a plan is made",
            Self::DraftAdvisory => "an advisory is drafted",
            Self::RequestCve => "a CVE id is asked for",
            Self::DevelopFix => "a fix is made",
            Self::Review => "the fix is reviewed",
            Self::Test => "the fix is tested",
            Self::NotifyDistributors => "distributors are told",
            Self::NotifyReporter => "the reporter is kept informed",
            Self::AgreeDate => "the date is agreed",
            Self::Backport => "the fix is taken to older versions",
            Self::Release => "a version with the fix is released",
            Self::PublishAdvisory => "the details are published",
            Self::Announce => "users are told",
            Self::Credit => "the reporter is credited",
            Self::PayBounty => "a bounty is paid",
            Self::Retrospective => "those who handled it look back",
            Self::ReporterPublishes => "the reporter may publish",
        }
    }
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
