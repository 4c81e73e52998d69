//! What the reporter sees (CR-5): status, dates, clocks, messages, the draft
//! advisory; never internal notes.

use serde::Serialize;

use super::{ClauseLine, ClockView, FileView, MessageView, ProgramCard, When};

/// One step of the road, for the drawn line of stages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoomStep {
    /// Its name ("Acknowledged").
    pub name: String,
    /// Done.
    pub done: bool,
    /// Where the case stands.
    pub current: bool,
    /// When it was reached.
    pub when: Option<When>,
}

/// The reporter's room.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says whether one act is possible now; they are independent"
)]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoomView {
    /// The program.
    pub program: ProgramCard,
    /// The case.
    pub reference: String,
    /// Title as filed.
    pub title: String,
    /// Status in a sentence.
    pub status: String,
    /// Stages.
    pub steps: Vec<RoomStep>,
    /// Promises.
    pub clocks: Vec<ClockView>,
    /// Messages.
    pub messages: Vec<MessageView>,
    /// Items asked for: field name and label.
    pub asked: Vec<(String, String)>,
    /// The report as filed: label and text.
    pub report: Vec<(String, String)>,
    /// Files sent so far.
    pub files: Vec<FileView>,
    /// Rating and affected versions, once assessed and told (S3-25).
    pub assessment: Vec<(String, String)>,
    /// Fixes by branch, in words.
    pub fixes: Vec<(String, String)>,
    /// The disclosure date: standing.
    pub date: Option<When>,
    /// A date of another side that waits for an answer.
    pub proposed: Option<When>,
    /// Who proposed it.
    pub proposed_by: String,
    /// Whose answers to an open date are out, and until when they count.
    pub answers_out: Option<String>,
    /// The reporter left the embargo, and what that means.
    pub left: Option<String>,
    /// CVE ids of the vulnerability, and how each stands.
    pub cve: Vec<(String, String)>,
    /// Own advisories of other parties.
    pub of_others: Vec<String>,
    /// The embargo can be left while the case stays open.
    pub can_leave: bool,
    /// The reporter's own open proposal.
    pub own_proposal: Option<When>,
    /// The date is agreed.
    pub date_settled: bool,
    /// The draft advisory, as plain text, once there is one.
    pub draft: Option<String>,
    /// The published advisory's path.
    pub advisory: Option<(String, String)>,
    /// Credit as answered: kind (`not_answered`, `anonymous`, `named`) and name.
    pub credit: (String, Option<String>),
    /// Credit can still be changed.
    pub credit_open: bool,
    /// Rejected: can object.
    pub can_object: bool,
    /// What became of the objection.
    pub objection: Option<String>,
    /// Acknowledgement overdue: can follow up.
    pub can_follow_up: bool,
    /// Since when.
    pub follow_up_since: Option<When>,
    /// Can withdraw.
    pub can_withdraw: bool,
    /// Questions answered by yes or no: value, words, the answer so far.
    pub questions: Vec<(String, String, Option<bool>)>,
    /// Can write messages.
    pub can_write: bool,
    /// "You are free to publish from …" (CR-6).
    pub free_to_publish: Option<String>,
    /// The same as a dated statement to keep.
    pub statement: Option<String>,
    /// The question about credit waits for an answer.
    pub credit_asked: bool,
    /// Duties accepted with the policy version.
    pub duties: Vec<ClauseLine>,
    /// Safe harbour that applied.
    pub safe_harbour: Vec<ClauseLine>,
    /// What will be publicly said only after it is published; the embargo terms in words.
    pub embargo: Option<String>,
    /// The signed receipt.
    pub receipt_note: Option<String>,
    /// Whether the receipt stands in the public log by now; `None` without a log.
    pub logged: Option<bool>,
    /// The key that letters to the reporter are encrypted to.
    pub key: Option<TheirKeyView>,
    /// It can be named, changed and taken back.
    pub can_choose_key: bool,
}

/// The OpenPGP key of a reporter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TheirKeyView {
    /// Its fingerprint, in groups.
    pub fingerprint: String,
    /// Why it cannot be used now, in sentences.
    pub refused: Option<String>,
}
