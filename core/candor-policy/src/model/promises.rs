//! Promises, their times and their severities.
//!
//! Invariants: the words of the policy decide; nothing in here is a default.
//!
//! Deliberately absent: how the words are read (see `grammar`).

use serde::{Deserialize, Serialize};

/// A step of a case that a promise is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Milestone {
    /// A person answers for the first time.
    Acknowledgement,
    /// Triage: validity and severity.
    Triage,
    /// A preliminary assessment.
    Assessment,
    /// A plan of what happens next (S4-11).
    Plan,
    /// Accepted or turned down.
    Decision,
    /// The opening of a conversation (S4-24).
    Conversation,
    /// A status message to the reporter.
    Update,
    /// Start of work or response in a severity table (S0-27 to S0-30).
    Response,
    /// The fix exists.
    Fix,
    /// The fix is released.
    PatchRelease,
    /// Details are public.
    Disclosure,
    /// Credit in the advisory (S1-40).
    Credit,
    /// A reward is paid.
    Bounty,
    /// Objective assessment, clear communication, transparency: duties without a date.
    Conduct,
}

/// One promise of the project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// What is promised.
    pub milestone: Milestone,
    /// Other readings of the same words; the owner is asked once (Q13).
    pub alternatives: Vec<Milestone>,
    /// Only for this severity, when the text says so.
    pub severity: Option<Severity>,
    /// Only under this condition, when the text says so: it starts no clock by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// By when.
    pub term: Term,
    /// What starts the clock.
    pub from: Origin,
    /// How firm the words are.
    pub firmness: Firmness,
}

/// A circumstance under which alone a promise holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// The flaw is being used in attacks.
    Exploited,
    /// Holidays or a vacation lie between.
    Holidays,
    /// The reporter sponsors the project.
    Sponsored,
}

/// A severity word of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Low.
    Low,
    /// Medium, also "moderate".
    Medium,
    /// High, also "important".
    High,
    /// Critical.
    Critical,
}

/// The time of a promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Term {
    /// Once, within so many units.
    Within {
        /// How many.
        amount: u32,
        /// The lower end, when the text gives a range.
        at_least: Option<u32>,
        /// Of what.
        unit: TermUnit,
    },
    /// Again and again, every so many units, until the fix.
    Every {
        /// How many.
        amount: u32,
        /// Of what.
        unit: TermUnit,
    },
    /// At once, without a number.
    Immediate,
    /// At the next release.
    NextRelease,
    /// Promised without a number; the words say how.
    Unquantified {
        /// "reasonable timeframe", "as soon as possible", "varies by severity".
        words: String,
    },
}

/// How fast, where a promise has words and no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pace {
    /// "As soon as possible", "without undue delay".
    Asap,
    /// "At once".
    Immediate,
    /// "Promptly", "in a timely manner".
    Timely,
    /// "Within a reasonable time".
    ReasonableTime,
    /// "Keep you informed", "regularly".
    Regular,
    /// "Within a few days".
    FewDays,
    /// "Within a few weeks".
    FewWeeks,
    /// With the next release.
    NextRelease,
    /// "Out of band", "expedited".
    Expedited,
    /// "Depends on severity".
    Varies,
    /// "At an agreed date".
    Coordinated,
    /// "Best effort".
    BestEffort,
    /// "No deadline is promised".
    NoGuarantee,
    /// Promised, and nothing said about time.
    NoNumber,
    /// A number was meant to be filled in: "[X] days".
    Placeholder,
}

/// The unit of a term, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TermUnit {
    /// Hours.
    Hours,
    /// Hours counted on business days only.
    BusinessHours,
    /// Days of the calendar.
    Days,
    /// Business or working days.
    BusinessDays,
    /// Weeks.
    Weeks,
    /// Months.
    Months,
}

/// What starts the clock of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The report was received.
    Receipt,
    /// It was acknowledged.
    Acknowledgement,
    /// It was triaged or assessed.
    Triage,
    /// It was accepted.
    Acceptance,
    /// The fix was there.
    Fix,
    /// The fix was released.
    Release,
    /// Details became public.
    Disclosure,
}

/// How firm a promise is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Firmness {
    /// "We will", "committed to".
    Commit,
    /// "Aim", "target", "within" in a list of targets.
    Target,
    /// "Usually".
    Typical,
}

/// "If you hear nothing within N, do this."
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// After how long.
    pub after: Option<(u32, TermUnit)>,
    /// What has not come by then.
    #[serde(default)]
    pub trigger: Silence,
    /// What the reporter should do.
    pub action: String,
}

/// What a reporter waits for in vain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Silence {
    /// No confirmation that the report arrived.
    NoAcknowledgement,
    /// No answer of any kind.
    #[default]
    NoResponse,
    /// An answer came, and then nothing moved.
    NoProgress,
}

/// Word that the project gives ahead of a release or of publication, in a time with a number.
///
/// It is no promise on a case: it says how early others learn that something comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdvanceNotice {
    /// Who is told.
    pub audience: Audience,
    /// How many units before.
    pub amount: u32,
    /// The lower end, when the text gives a range.
    pub at_least: Option<u32>,
    /// Of what.
    pub unit: TermUnit,
    /// Before what.
    pub before: NoticeBefore,
}

/// Who gets word in advance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Everybody: users, an announcement list.
    Public,
    /// Distributors, vendors, members of a private list.
    Distributors,
    /// The reporter.
    Reporter,
}

/// What word in advance is ahead of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeBefore {
    /// The release of the fix.
    Release,
    /// The publication of details.
    PublicDisclosure,
}

/// A severity word, what falls under it, what response it gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeverityClass {
    /// The word.
    pub severity: Severity,
    /// Classes named ("remote code execution").
    pub classes: Vec<String>,
    /// The response, as written.
    pub response: Option<String>,
}

/// The calculator named and who decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scoring {
    /// CVSS version named (`3.0`).
    pub cvss: Option<String>,
    /// The text names CVSS at all.
    #[serde(default)]
    pub names_cvss: bool,
    /// The text says that CVSS is not used.
    #[serde(default)]
    pub refused: bool,
    /// The project makes the final call (S4-28).
    pub final_call: Option<String>,
    /// Other bodies a case may be reported to (S4-29).
    pub also_report_to: Option<String>,
}

/// One impact kind in a policy's ranking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImpactRank {
    /// Confidentiality, privilege, integrity or availability.
    pub impact: Impact,
    /// 1 is the highest concern.
    pub rank: u8,
}

/// A kind of impact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Impact {
    /// Data read.
    Confidentiality,
    /// Rights gained.
    Privilege,
    /// Data or function changed.
    Integrity,
    /// Function lost.
    Availability,
}
