//! The compiled policy: what a SECURITY.md says, as typed clauses.
//!
//! Invariants: every clause carries the lines it was read from and the words
//! themselves; what the text leaves open is absent here, never a guess. What
//! Candor adds on its own stands in [`crate::settings`], marked as Candor's.
//!
//! Deliberately absent: dates, cases and anything that changes while a case runs.

mod about;
mod people;
mod process;
mod promises;
mod reports;
mod scope;
mod timetable;
mod versions;

use candor_base::Span;
use serde::{Deserialize, Serialize};

pub use about::*;
pub use people::*;
pub use process::*;
pub use promises::*;
pub use reports::*;
pub use scope::*;
pub use timetable::*;
pub use versions::*;

/// Names a clause inside one policy text: kind and position (`promise-2`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClauseId(pub String);

impl std::fmt::Display for ClauseId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Something the text says, with the place where it says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause<T> {
    /// Stable within this text.
    pub id: ClauseId,
    /// The lines it was read from.
    pub span: Span,
    /// The sentence, item or row itself: its words without mark-up, white space folded.
    pub quote: String,
    /// What it means.
    pub value: T,
}

/// What a sentence leads into.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadIn {
    /// The lines of the items, in their order.
    pub items: Vec<Span>,
}

/// A compiled SECURITY.md.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Languages it is written in, the main one first (`en`, `de`).
    #[serde(default)]
    pub languages: Vec<String>,
    /// What kind of text it is.
    #[serde(default)]
    pub kind: PolicyKind,
    /// Product or project name, when the text gives one.
    pub product: Option<Clause<String>>,
    /// Supported-version rows and prose rules, in order.
    pub versions: Vec<Clause<VersionRule>>,
    /// Where patches go within what is supported (S0-02, S4-33, S1-01).
    pub patch_targets: Vec<Clause<PatchTarget>>,
    /// "Please upgrade before reporting" (S1-02).
    pub upgrade_first: Option<Clause<String>>,
    /// Ways to report, in order of the text.
    pub channels: Vec<Clause<Channel>>,
    /// "Do not open a public issue" and its reason.
    pub public_ban: Vec<Clause<String>>,
    /// Encrypted reports: offered, and how the key is had.
    pub encryption: Vec<Clause<Encryption>>,
    /// What a report should hold.
    pub contents: Vec<Clause<ContentItem>>,
    /// What happens to a report without mandatory contents (S3-08).
    pub incomplete_rule: Option<Clause<String>>,
    /// What a report must fulfil before it is looked at, beyond the two rules above.
    #[serde(default)]
    pub prerequisites: Vec<Clause<PrerequisiteKind>>,
    /// In scope.
    pub in_scope: Vec<Clause<ScopeItem>>,
    /// Out of scope.
    pub out_of_scope: Vec<Clause<ScopeItem>>,
    /// Sentences that lead into items which are fragments without them.
    #[serde(default)]
    pub lead_ins: Vec<Clause<LeadIn>>,
    /// Factors for which context is worked out with the parties (S3-10 to S3-12).
    pub context_factors: Vec<Clause<ContextFactor>>,
    /// "Already public? Tell us at once" (S4-05).
    pub known_public_rule: Option<Clause<String>>,
    /// When to report ("when unsure", S4-19 to S4-21), and what does not belong here (S4-12).
    pub when_to_report: Vec<Clause<String>>,
    /// What is no matter for this channel ("non-security bugs: use issues").
    pub not_here: Vec<Clause<String>>,
    /// The project's own promises, with or without a number.
    pub promises: Vec<Clause<Promise>>,
    /// "No answer after N: do this" (a reporter's clock, S1-21).
    pub follow_up: Vec<Clause<FollowUp>>,
    /// Word to others ahead of a release or of publication.
    #[serde(default)]
    pub advance_notice: Vec<Clause<AdvanceNotice>>,
    // Written only where the text says it, so that no older policy gets another digest.
    /// On which days, and how late, details become public.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timetable: Vec<Clause<TimetableRule>>,
    /// Severity words with their classes and responses.
    pub severities: Vec<Clause<SeverityClass>>,
    /// Severity words beyond the four that Candor works with ("exceptional", "informational").
    #[serde(default)]
    pub other_severities: Vec<Clause<String>>,
    /// The calculator the text names, and who decides (S4-27, S4-28).
    pub scoring: Option<Clause<Scoring>>,
    /// What an assessment goes by: conditions and inputs (S2-12, S3-09).
    #[serde(default)]
    pub assessment_basis: Vec<Clause<String>>,
    /// Impact kinds in the order of concern (S4-38, S4-39).
    pub impact_ranking: Vec<Clause<ImpactRank>>,
    /// How and when details become public.
    pub disclosure: Vec<Clause<DisclosureRule>>,
    /// The process, step by step.
    pub steps: Vec<Clause<Step>>,
    /// What those who handle a report do, act by act, each where it first stands.
    #[serde(default)]
    pub acts: Vec<Clause<Act>>,
    /// CVE ids: whether they are spoken of, asked for, and of whom.
    #[serde(default)]
    pub cve: Vec<Clause<Cve>>,
    /// Fix strategies named (S2-13).
    pub fix_kinds: Vec<Clause<FixKind>>,
    /// Where advisories are announced.
    pub outlets: Vec<Clause<Outlet>>,
    /// Who publishes on their own (S4-37).
    pub distributors: Vec<Clause<String>>,
    /// Advice to subscribe (S0-60).
    pub subscribe: Option<Clause<String>>,
    /// Credit.
    pub credit: Option<Clause<Credit>>,
    /// A reporter may stay unnamed, apart from credit.
    #[serde(default)]
    pub anonymity: Vec<Clause<String>>,
    /// Money for reports, offered or not.
    #[serde(default)]
    pub bounty: Vec<Clause<Bounty>>,
    /// Safe harbour and good faith.
    pub safe_harbour: Vec<Clause<SafeHarbour>>,
    /// What the project asks of reporters.
    pub duties: Vec<Clause<Duty>>,
    /// Contacts for security and for general matters.
    pub contacts: Vec<Clause<Contact>>,
    /// Who fields reports (S4-10).
    pub fielded_by: Option<Clause<String>>,
    /// How often the policy itself is reviewed.
    pub review: Option<Clause<Review>>,
    /// Best-effort, as-is and similar statements.
    pub disclaimers: Vec<Clause<Disclaimer>>,
    /// Deployment, monitoring and hardening advice to users.
    pub advice: Vec<Clause<Advice>>,
    /// Practices the repository itself follows.
    pub practices: Vec<Clause<String>>,
    /// Thanks and statements of attitude, shown as they stand.
    pub statements: Vec<Clause<String>>,
    /// Where rules, lists or the policy itself stand instead: a link, a path or, without
    /// one, the words that name the place.
    pub delegates_to: Vec<Clause<String>>,
    /// Blanks that nobody filled in, and values that cannot be real.
    #[serde(default)]
    pub placeholders: Vec<Clause<String>>,
    /// A private list that hears of problems early.
    #[serde(default)]
    pub embargo_list: Option<Clause<EmbargoList>>,
    /// Languages in which reports are taken (`en`, `de`).
    #[serde(default)]
    pub report_languages: Vec<Clause<String>>,
}

impl Policy {
    /// The words of a clause with the sentence that leads into it, where it is a fragment
    /// without: "We will NOT: Initiate legal action against you". Whoever shows an item
    /// of a list to people shows this.
    pub fn in_full(&self, span: Span, quote: &str) -> String {
        let mut leads = self.lead_ins.iter();
        match leads.find(|l| l.value.items.contains(&span) && l.quote != quote) {
            Some(lead) => {
                let head = lead.quote.trim_end().trim_end_matches([':', '：']);
                format!("{head}: {quote}")
            }
            None => quote.to_owned(),
        }
    }
}
