//! Credit, safe harbour, duties, contacts, disclaimers and advice.
//!
//! Invariants: the words of the policy decide; nothing in here is a default.
//!
//! Deliberately absent: how the words are read (see `grammar`).

use serde::{Deserialize, Serialize};

use super::Clause;

/// Credit for reporters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// Named only with permission ("with the reporter's permission", "if you wish").
    pub with_consent: bool,
    /// Named unless anonymity is preferred (S1-34).
    pub unless_anonymous: bool,
    /// Only for valid reports in accordance with the policy (S1-35).
    pub valid_only: bool,
    /// The words that name a page where those who reported are listed.
    #[serde(default)]
    pub hall_of_fame: Option<String>,
    /// Every sentence about credit with its lines, beyond the first.
    pub more: Vec<Clause<String>>,
}

/// One statement of safe harbour or good faith.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SafeHarbour {
    /// A promise of no legal action, as opposed to a statement of support (S3-27).
    pub no_legal_action: bool,
    /// It leads into a list that promises no legal action, or is an item of it: lead and
    /// items are one promise (S1-38 to S1-40).
    #[serde(default)]
    pub in_promise: bool,
    /// What it promises in particular.
    #[serde(default)]
    pub commitments: Vec<Protection>,
    /// It grants safe harbour by that name.
    #[serde(default)]
    pub granted: bool,
}

/// What a safe harbour promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// No legal action by the project.
    NoLegalAction,
    /// No report to the police.
    NoLawEnforcement,
    /// The research counts as authorised.
    Authorised,
    /// Help where a third party goes to law.
    ThirdParty,
    /// Terms of service are waived.
    WaiveTerms,
    /// Claims about circumvention are waived.
    WaiveCircumvention,
    /// Accounts are not suspended.
    NoSuspension,
    /// The project works with the reporter.
    WorkTogether,
    /// The reporter is credited.
    Credit,
}

/// What is said about money for reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounty {
    /// Whether there is any.
    pub offered: bool,
}

/// What is said about CVE ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cve {
    /// Whether the project sees to one; absent when CVE ids are only spoken of.
    pub commitment: Option<CveCommitment>,
    /// Who gives it.
    pub assigner: Option<CveAssigner>,
}

/// Whether the project sees to a CVE id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CveCommitment {
    /// It will.
    Will,
    /// It may, or where that is due.
    May,
    /// It will not.
    WillNot,
}

/// Who gives a CVE id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CveAssigner {
    /// GitHub.
    Github,
    /// MITRE.
    Mitre,
    /// The project itself is a CVE numbering authority.
    Own,
    /// The `OpenJS` Foundation.
    OpenJs,
    /// Red Hat.
    RedHat,
    /// Another numbering authority.
    Other,
}

/// What is asked of reporters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyKind {
    /// Reasonable time before publishing.
    ReasonableTime,
    /// Leave others' data alone.
    NoDataAccess,
    /// No exploitation beyond proof.
    NoExploitation,
    /// Confidential until fixed or agreed.
    Confidential,
    /// Nothing that degrades the service.
    NoDegradation,
    /// Own accounts only.
    OwnAccounts,
    /// No harm.
    NoHarm,
    /// No demands for payment.
    NoDemands,
    /// No social engineering.
    NoSocialEngineering,
    /// Report soon after the discovery.
    PromptReport,
    /// Anything else.
    Other,
}

/// A duty with its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// Which kind.
    pub kind: DutyKind,
    /// What else the same words ask, in the order of the text.
    #[serde(default)]
    pub also: Vec<DutyKind>,
}

/// A contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// For security matters, as opposed to general ones.
    pub security: bool,
    /// Address, link or name of the place.
    pub value: String,
}

/// How often the policy is reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Every so many months.
    pub every_months: u32,
}

/// A disclaimer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclaimer {
    /// Which kind.
    pub kind: DisclaimerKind,
}

/// What kind of disclaimer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisclaimerKind {
    /// "Response times may vary" (S2-15).
    BestEffort,
    /// "As is, without warranty" (S2-30).
    AsIs,
    /// "Users secure their own deployments" (S2-31).
    UserResponsibility,
    /// "Not secure by default" (S4-41, S4-42).
    NotSecureByDefault,
}

/// Advice to those who run the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// Which kind.
    pub kind: AdviceKind,
}

/// What kind of advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdviceKind {
    /// How to deploy (TLS, secrets, network, updates, access).
    Deployment,
    /// A configuration example, kept as written.
    Configuration,
    /// What to log and watch.
    Monitoring,
    /// Keep up to date, rebuild.
    Updating,
    /// Hardening.
    Hardening,
}
