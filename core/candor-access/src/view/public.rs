//! What the public sees: policy, form, receipt, advisories, statistics.

use candor_base::Finding;
use candor_policy::model::{ContentKey, Demand};
use serde::Serialize;

use super::When;

/// A program on the front page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProgramCard {
    /// Its name in URLs.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its first promise in words.
    pub promise: Option<String>,
}

/// A promise in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PromiseView {
    /// "A person answers you within 48 hours".
    pub text: String,
    /// "promise", "target", "usually", "no number given", "Candor's own rhythm".
    pub firmness: String,
    /// A clock with a date runs on each case.
    pub has_clock: bool,
    /// Candor's default, not the project's promise.
    pub by_candor: bool,
    /// The sentence.
    pub quote: Option<String>,
    /// Its lines.
    pub lines: Option<String>,
}

/// One clause as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClauseLine {
    /// Anchor.
    pub id: String,
    /// What it says: the policy's words.
    pub text: String,
    /// Its lines; none for what Candor or the owner says.
    pub lines: Option<String>,
    /// A note of ours ("not stated", "set by the owner", "not yet run by Candor").
    pub note: Option<String>,
}

/// The OpenPGP key of a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PgpKeyView {
    /// Its fingerprint, in groups of four.
    pub fingerprint: String,
    /// Where it is had.
    pub address: String,
}

/// A part of the policy page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicySection {
    /// Anchor.
    pub id: String,
    /// Heading.
    pub title: String,
    /// One sentence of introduction, when it needs one.
    pub intro: Option<String>,
    /// Its clauses.
    pub lines: Vec<ClauseLine>,
}

/// The public policy page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyPageView {
    /// The program.
    pub program: ProgramCard,
    /// Promises.
    pub promises: Vec<PromiseView>,
    /// Zone and calendar in words, with who said so (Q1).
    pub calendar: String,
    /// Ban on public issues and its reason, shown before the channels (S0-12).
    pub public_ban: Vec<ClauseLine>,
    /// Channels, the preferred one first; Candor's own form among them.
    pub channels: Vec<ClauseLine>,
    /// Everything else in order.
    pub sections: Vec<PolicySection>,
    /// What this version of Candor does not run.
    pub not_yet_run: Vec<ClauseLine>,
    /// First digits of the policy version.
    pub version: String,
    /// Since when it holds.
    pub since: When,
    /// Last review and the next, when promised (S1-46).
    pub review: Option<String>,
    /// Lint, for the owner only; empty on public pages.
    pub findings: Vec<Finding>,
    /// Said on the page of a version that is not in force any more.
    pub past: Option<String>,
    /// The key to which reports may be encrypted.
    pub key: Option<PgpKeyView>,
    /// The page of the repository, whose watchers hear of releases and advisories.
    pub repository: Option<String>,
}

/// A version of a policy in its history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VersionLine {
    /// Its whole name, for its page.
    pub digest: String,
    /// The first digits of it.
    pub version: String,
    /// Since when.
    pub from: When,
    /// Until when; `None` while it is in force.
    pub until: Option<When>,
    /// How it came: "a new text, published on the desk".
    pub what: &'static str,
    /// Who did it, for owners only.
    pub by: Option<String>,
}

/// Every version of a policy, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyHistoryView {
    /// The program.
    pub program: ProgramCard,
    /// Versions.
    pub versions: Vec<VersionLine>,
}

/// One field of the report form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldView {
    /// Name in the form.
    pub key: ContentKey,
    /// Label in the policy's words.
    pub label: String,
    /// Help in the policy's words.
    pub help: String,
    /// How strongly it is asked for.
    pub demand: Demand,
    /// Choices, when the policy lists them.
    pub choices: Vec<String>,
    /// Takes several lines.
    pub multiline: bool,
    /// What was typed, when the form comes back with errors.
    pub value: String,
    /// What is wrong with it.
    pub error: Option<String>,
}

/// The report form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportFormView {
    /// The program.
    pub program: ProgramCard,
    /// Guards against double submits; unguessable.
    pub nonce: String,
    /// Fields from the policy, the affected version apart.
    pub fields: Vec<FieldView>,
    /// The one field for the affected version, named `version`, with the policy's help.
    pub version: FieldView,
    /// Supported versions and what to do with others.
    pub versions: Vec<ClauseLine>,
    /// Out-of-scope items: a warning, never a block.
    pub out_of_scope: Vec<ClauseLine>,
    /// What the policy asks of reporters.
    pub duties: Vec<ClauseLine>,
    /// Safe harbour, verbatim.
    pub safe_harbour: Vec<ClauseLine>,
    /// Channels in order, preferred first.
    pub channels: Vec<ClauseLine>,
    /// Ban on public issues.
    pub public_ban: Vec<ClauseLine>,
    /// When to report, and what does not belong here (S4-12, S4-19).
    pub when_to_report: Vec<ClauseLine>,
    /// What the policy says on incomplete reports.
    pub incomplete_rule: Option<ClauseLine>,
    /// How credit is given.
    pub credit: Option<ClauseLine>,
    /// Promises in words.
    pub promises: Vec<PromiseView>,
    /// Largest size of all files together, in bytes.
    pub max_files_bytes: u64,
    /// Other typed values by field name (`version`, `public_where`, `credit_name`, `email`, …).
    pub values: std::collections::BTreeMap<String, String>,
    /// Errors of fields outside `fields`, and general ones under "".
    pub errors: Vec<super::FieldError>,
    /// Files have to be attached again.
    pub attach_again: bool,
}

/// The answer to a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReceiptView {
    /// The program.
    pub program: ProgramCard,
    /// The case.
    pub reference: String,
    /// The code, grouped; shown once.
    pub code: String,
    /// The signed note to keep.
    pub note: String,
    /// Key that verifies it.
    pub verifier_key: String,
    /// When it was received.
    pub received: When,
    /// What happens next: promises with real dates.
    pub clocks: Vec<super::ClockView>,
    /// What is missing by the policy, as labels.
    pub missing: Vec<String>,
    /// What the policy asks of the reporter.
    pub duties: Vec<ClauseLine>,
    /// Safe harbour.
    pub safe_harbour: Vec<ClauseLine>,
    /// What to do when nothing is heard (S1-21).
    pub follow_up: Option<String>,
}

/// The team's form for a report that reached it otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HandInView {
    /// The program.
    pub program: ProgramCard,
    /// Makes sending twice one case.
    pub nonce: String,
    /// The zone in which the time of receipt is typed.
    pub zone: String,
    /// Largest size of all files together, in bytes.
    pub max_files_bytes: u64,
}

/// A published advisory in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AdvisoryCard {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its severity word.
    pub severity: Option<String>,
    /// When published.
    pub published: When,
}

/// A line of the thanks page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ThanksLine {
    /// Name as agreed.
    pub name: String,
    /// For which advisory.
    pub advisory: String,
}

/// A public file with everything a server needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicFile {
    /// Media type.
    pub media_type: &'static str,
    /// Body.
    pub body: Vec<u8>,
    /// Strong validator, quoted.
    pub etag: String,
}
