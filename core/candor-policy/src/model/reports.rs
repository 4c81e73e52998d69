//! How a report comes in and what it holds: channels, encryption, contents.
//!
//! Invariants: the words of the policy decide; nothing in here is a default.
//!
//! Deliberately absent: how the words are read (see `grammar`).

use serde::{Deserialize, Serialize};

/// A way to report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// What kind of way.
    pub kind: ChannelKind,
    /// Address or link; `None` when the text names a channel without one.
    pub value: Option<String>,
    /// The text prefers it.
    pub preferred: bool,
    /// "If available", "if configured": offered only when the owner says it is there.
    pub conditional: bool,
}

/// What kind of way a channel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChannelKind {
    /// E-mail.
    Email,
    /// GitHub private vulnerability reporting.
    GithubAdvisory,
    /// A web form.
    Web,
    /// A web page, where the text does not say that it holds a form.
    Page,
    /// A bounty or disclosure platform.
    Platform,
    /// A private issue in a tracker.
    PrivateTracker,
    /// Chat.
    Chat,
    /// Telephone.
    Phone,
    /// A private contact of no named kind (S2-06), or a person's page.
    PrivateContact,
    /// Individual addresses of maintainers (S4-08).
    Maintainers,
    /// A public issue: never run as a channel, shown as a finding.
    PublicIssue,
}

/// Encrypted reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encryption {
    /// Mail with this subject asks for the key (S1-14).
    pub request_subject: Option<String>,
    /// Address of the key, its fingerprint or its short name, as `way` says.
    pub key: Option<String>,
    /// How the key is had.
    #[serde(default)]
    pub way: KeyWay,
}

/// How a key for encrypted reports is had.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyWay {
    /// The text does not say.
    #[default]
    Unstated,
    /// Behind a link or in a file.
    Link,
    /// By its fingerprint, from a key server.
    Fingerprint,
    /// By its short name of 8 or 16 figures.
    KeyId,
    /// Printed in the policy.
    Printed,
    /// On request.
    OnRequest,
}

/// A field of a report. The serialised name is the name of the form field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContentKey {
    /// A short title or summary.
    Summary,
    /// What the vulnerability is.
    Description,
    /// What an attacker gains.
    Impact,
    /// The reporter's own severity and why.
    Severity,
    /// Which part is affected.
    Component,
    /// Which versions are affected.
    Versions,
    /// Steps to reproduce.
    Steps,
    /// A proof of concept.
    ProofOfConcept,
    /// Logs, screenshots, traces, other supporting evidence.
    Evidence,
    /// Test environment and configuration.
    Environment,
    /// Effects on usage, attack surface.
    Usage,
    /// Other projects or dependencies involved.
    OtherProjects,
    /// A suggested fix.
    SuggestedFix,
    /// How to reach the reporter.
    Contact,
    /// Name, affiliation, company.
    Identity,
    /// Anything else the text asks for; its label says what.
    Other,
}

/// How strongly the text asks for an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Demand {
    /// "Must", "required", "will not be progressed".
    Mandatory,
    /// Asked for.
    Asked,
    /// "If available", "optional": absence is not missing.
    Optional,
    /// "If applicable": "not applicable" with a word why is complete (S2-09).
    IfApplicable,
}

/// One thing a report should hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentItem {
    /// Which field.
    pub key: ContentKey,
    /// The policy's own name for it ("Steps to reproduce").
    pub label: String,
    /// The policy's own words on it.
    pub help: String,
    /// How strongly it is asked for.
    pub demand: Demand,
    /// Choices the text lists (S1-07, S1-08, S2-08).
    pub choices: Vec<String>,
}

/// What a report must fulfil before it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrerequisiteKind {
    /// The listed contents are all there.
    RequiredContents,
    /// It holds enough to act on; else it may be put off.
    #[serde(rename = "insufficient-detail-not-progressed")]
    EnoughDetail,
    /// A proof of concept comes with it.
    PocRequired,
    /// A patch comes with it.
    PatchRequired,
    /// Only the named channel is read.
    ChannelOnly,
    /// Only the described process is followed.
    ProcessOnly,
    /// Upgrade before reporting.
    UpgradeFirst,
    /// The problem is still there in the latest version.
    ReproduceOnLatest,
    /// The problem is there in the default configuration.
    DefaultConfiguration,
    /// The problem lies within the threat model.
    ThreatModel,
    /// Help by an AI tool is named.
    AiDisclosure,
    /// One problem in one report.
    OneIssuePerReport,
    /// Known advisories and issues were looked through.
    CheckKnownAdvisories,
    /// A code of conduct is kept.
    CodeOfConduct,
    /// Anything else, such as "do not request a CVE on your own".
    Other,
}
