//! What the team sees of a case's duties to tell regulators. Nobody else sees
//! any of it.

use serde::Serialize;

use super::{ClockView, ProgramCard, When};

/// The page "Regulators" of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegulatorsView {
    /// The program.
    pub program: ProgramCard,
    /// Whoever looks may change settings of the program.
    pub owner: bool,
    /// The case.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Events folded, to notice that a page is old.
    pub seq: u64,
    /// The policy's zone, in which times are typed.
    pub zone: String,
    /// A law was turned on for the program.
    pub on: bool,
    /// What to know before relying on this page.
    pub warnings: Vec<String>,
    /// Signs, the newest first.
    pub signals: Vec<SignalView>,
    /// The measure that starts a final report.
    pub measure: Option<NoteView>,
    /// Regimes that hold, or that something was recorded for.
    pub regimes: Vec<RegimeView>,
    /// Acts that make sense now.
    pub acts: Vec<String>,
}

/// What somebody recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoteView {
    /// When it happened.
    pub when: When,
    /// Who recorded it.
    pub by: String,
    /// In their words.
    pub text: String,
}

/// A sign that a duty may exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignalView {
    /// "vulnerability" or "incident".
    pub subject: String,
    /// When it reached the project.
    pub at: When,
    /// Who noted it.
    pub by: String,
    /// When.
    pub noted: When,
    /// What was seen.
    pub evidence: String,
    /// Until when it is to be judged, and how that stands.
    pub clock: ClockView,
    /// Names of regimes that nobody has judged yet.
    pub open: Vec<String>,
}

/// A regime on a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegimeView {
    /// Its name in acts and paths.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The law.
    pub law: String,
    /// "vulnerability" or "incident".
    pub subject: String,
    /// Who is told.
    pub recipient: String,
    /// Where a person files.
    pub portal: Option<String>,
    /// When one is aware.
    pub aware_when: String,
    /// What to ask before deciding.
    pub questions: Vec<String>,
    /// What else to know.
    pub notes: Vec<String>,
    /// Where Candor has this from.
    pub source: String,
    /// How well that was read.
    pub confidence: String,
    /// When a person last compared it.
    pub checked_on: String,
    /// That was too long ago.
    pub stale: bool,
    /// It will hold only from this day.
    pub holds_from: Option<String>,
    /// The decision to be aware.
    pub aware: Option<AwareView>,
    /// "Not reportable, because".
    pub not_reportable: Option<NoteView>,
    /// The duty to tell users.
    pub users: Option<String>,
    /// How that was done.
    pub users_told: Option<NoteView>,
    /// Its reports.
    pub stages: Vec<StageView>,
    /// All facts, for the form.
    pub fields: Vec<PackFieldView>,
}

/// The decision to be aware.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AwareView {
    /// Since when.
    pub at: When,
    /// When that was recorded.
    pub recorded: When,
    /// Who decided.
    pub by: String,
    /// What it rests on.
    pub evidence: String,
    /// Why this is certain enough.
    pub reason: String,
    /// Time between the first sign and awareness, in words.
    pub after_signal: Option<String>,
}

/// A report of a regime.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StageView {
    /// Its name in acts and paths.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where the law says so.
    pub law: String,
    /// "72 hours from becoming aware".
    pub rule: String,
    /// Its timer; `None` while what it counts from has not happened.
    pub clock: Option<ClockView>,
    /// The recipient's own counter: how it counts, and when it ends.
    pub counter: Option<(String, When)>,
    /// What was filed.
    pub filed: Option<FiledView>,
    /// Its facts.
    pub fields: Vec<PackFieldView>,
    /// Labels of required facts that are missing.
    pub missing: Vec<String>,
    /// Labels of facts that are too long.
    pub too_long: Vec<String>,
    /// The report as plain text, to copy.
    pub text: String,
}

/// What a person filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FiledView {
    /// When, by the recipient's time.
    pub at: When,
    /// When that was recorded.
    pub recorded: When,
    /// Who recorded it.
    pub by: String,
    /// The recipient's reference.
    pub reference: String,
    /// SHA-256 of the facts as they stood.
    pub sha256: Option<String>,
    /// Required facts that were missing.
    pub missing: u32,
}

/// A fact of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PackFieldView {
    /// Its name in the form.
    pub id: String,
    /// Its label.
    pub label: String,
    /// More words on it.
    pub help: Option<String>,
    /// Most characters it takes.
    pub max: Option<u32>,
    /// Characters now.
    pub chars: u32,
    /// "required", "optional", "carried over", "if available".
    pub demand: String,
    /// What stands in it.
    pub text: String,
    /// Candor filled it in.
    pub filled: bool,
    /// What is wrong with it, in words.
    pub problem: Option<String>,
}
