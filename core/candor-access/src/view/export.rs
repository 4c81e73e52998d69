//! A copy of one case that leaves the house: what stands on its first page and in `case.json`.

use candor_policy::model::Severity;
use serde::Serialize;

use super::{
    AssessmentView, BranchView, CveView, EmbargoView, LedgerLine, MessageView, PartyLine,
    ProgramCard, ReportView, TimelineEntry, When,
};

/// The form of `case.json`.
pub const PACK_FORM: &str = "candor.case-export/v1";

/// A file of the pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PackedFile {
    /// Where it lies in the pack.
    pub path: String,
    /// What it is, in words.
    pub what: String,
}

/// One case as it was when somebody took a copy of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PackView {
    /// [`PACK_FORM`].
    pub form: &'static str,
    /// When the copy was made.
    pub exported: When,
    /// By whom.
    pub exported_by: String,
    /// The program.
    pub program: ProgramCard,
    /// Reference of the case.
    pub reference: String,
    /// Title.
    pub title: String,
    /// Number of events.
    pub events: u64,
    /// Stage in words.
    pub stage: String,
    /// Severity.
    pub severity: Option<Severity>,
    /// Lead.
    pub lead: Option<String>,
    /// The policy version under which the case stands.
    pub policy_version: String,
    /// The report.
    pub report: ReportView,
    /// Every promise with the clause that made it and what became of it.
    pub promises: Vec<LedgerLine>,
    /// Assessment.
    pub assessment: Option<AssessmentView>,
    /// Rejection, duplicate or objection, in words.
    pub decision: Option<String>,
    /// How far each fix is.
    pub branches: Vec<BranchView>,
    /// Mitigation in words.
    pub mitigation: Option<String>,
    /// The embargo.
    pub embargo: EmbargoView,
    /// Ids of the CVE list.
    pub cve: CveView,
    /// Other parties.
    pub parties: Vec<PartyLine>,
    /// Messages and notes of all lanes, oldest first.
    pub messages: Vec<MessageView>,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// Letters: what became of each; the lines of the timeline that are about mail.
    pub letters: Vec<TimelineEntry>,
    /// Who of the team opened the case, and when.
    pub readers: Vec<(String, String)>,
    /// The draft of the advisory, or the published one, as plain text.
    pub advisory: String,
    /// Path of the published advisory on the server.
    pub published: Option<String>,
    /// The other files of the pack.
    pub files: Vec<PackedFile>,
    /// What is deliberately not in the pack, in sentences.
    pub left_out: Vec<String>,
}
