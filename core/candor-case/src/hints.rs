//! What a refusal names as possible instead, where that is an act: a typed value.
//!
//! Invariant: a hint is said only while one of the acts it means is possible; `decide` and
//! `moves` leave out the others. What a refusal names in words of its own means no act:
//! a field to fill in, a moment to wait for, something outside Candor.

use std::collections::BTreeSet;

use candor_base::{Instead, Refusal};

use crate::draft::Context;
use crate::moves::possible;
use crate::parts::WaitingOn;
use crate::state::CaseState;

/// A hint that means an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hint {
    /// Add a credit.
    AddCredit,
    /// Add mitigation steps, or say that none are known.
    AddMitigationToDraft,
    /// Add the test record.
    AddTestRecord,
    /// Announce it there, or say why not.
    AnswerOutlet,
    /// Ask the reporter whether it may end now.
    AskToEnd,
    /// Assess the report.
    Assess,
    /// Assess the report and accept the case.
    AssessAndAccept,
    /// Assess the report, or reject it with a reason.
    AssessOrReject,
    /// Record the assessment.
    RecordAssessment,
    /// Change the branches.
    ChangeBranches,
    /// Change the draft, then approve and publish the change.
    ChangeDraft,
    /// Close the case.
    Close,
    /// Close the case, or decide on the objection when there is one.
    CloseOrDecideObjection,
    /// Complete the advisory.
    CompleteAdvisory,
    /// Complete the advisory draft.
    CompleteDraft,
    /// Decide on it.
    DecideLeak,
    /// Decide on the objection.
    DecideObjection,
    /// Finish the case.
    FinishCase,
    /// Close the case and open it again with the new fact.
    FinishAndReopen,
    /// Have the id rejected and take it out of the draft.
    TakeOutCve,
    /// Note what became of a CVE id.
    RecordCve,
    /// Invite one.
    InviteParty,
    /// Look at the credit and the draft again, then approve it.
    LookAtCredit,
    /// Name the other case in the advisory.
    NameOtherCase,
    /// Open the case again with the new fact.
    Reopen,
    /// Open the case again with a reason, to go on without the reporter, or close it.
    ReopenOrClose,
    /// Propose a date.
    ProposeDate,
    /// Propose a date for discussion.
    ProposeForDiscussion,
    /// Propose an earlier date.
    ProposeEarlier,
    /// Propose an earlier date to the reporter.
    ProposeEarlierToReporter,
    /// Propose another date.
    ProposeAnother,
    /// Propose the later date.
    ProposeLater,
    /// Agree on a disclosure date with the reporter first.
    AgreeOnDate,
    /// Publish.
    Publish,
    /// Publish as soon as possible.
    PublishSoon,
    /// Publish the advisory.
    PublishAdvisory,
    /// Publish the advisory first.
    PublishFirst,
    /// Read the draft again and approve it.
    ApproveAgain,
    /// Read the draft and approve it.
    Approve,
    /// Release the fix there, or say that it is not affected or will not be fixed.
    AnswerBranch,
    /// Record the test first.
    RecordTest,
    /// Take the next step.
    NextFixStep,
    /// Set a date with a reason.
    SetDate,
    /// Set an earlier date with a reason.
    SetEarlierDate,
    /// Take it up again.
    Resume,
    /// Tell the reporter the date.
    TellDate,
    /// Tell the reporter the decision.
    TellDecision,
    /// Write a message.
    Write,
    /// Write a message with what is new.
    WriteWhatIsNew,
    /// Write a message to the project.
    WriteToProject,
    /// Write down what is suspected.
    SuspectLeak,
    /// Write the advisory.
    WriteAdvisory,
    /// Write the mitigation.
    WriteMitigation,
    /// Say that none is known.
    NoMitigationKnown,
    /// Write the communication plan.
    WritePlan,
    /// Accept the case first.
    AcceptFirst,
    /// Accept the case.
    Accept,
    /// Record that it is public or attacked, where that is so.
    RecordFact,
    /// Answer the terms first.
    AnswerTerms,
    /// Name the party first.
    NameParty,
    /// Write down the next step with it.
    NextStepWithParty,
    /// Write down what was sent to it.
    SentToParty,
    /// Tell the party in your own words, without the report.
    TellPartyInOwnWords,
    /// Write down what came out with that party.
    EndWithParty,
    /// Ask the reporter.
    AskReporter,
    /// Ask the reporter for the missing items.
    AskForMissing,
    /// Ask the reporter whether a flaw in the code causes it.
    AskAboutFlaw,
    /// Ask the reporter to try a supported version.
    AskToTrySupported,
    /// Waive the missing items by name.
    Waive,
    /// Go on without the answer.
    GoOn,
    /// Record the context with its party and its outcome.
    WorkOut,
    /// Note the sign first.
    NoteSign,
    /// Note a new sign, if there is one.
    NoteNewSign,
    /// Record when you became aware.
    RecordAwareness,
    /// Record when you became aware, with evidence and reason.
    RecordAwarenessInFull,
    /// Correct when you became aware, if that was earlier.
    CorrectAwareness,
    /// Record when a measure became available.
    RecordMeasure,
    /// Record the report that comes before it.
    FileEarlier,
    /// File the next one.
    FileNext,
    /// Wait for the reporter.
    WaitForReporter,
}

impl Hint {
    /// All of them.
    pub const ALL: [Self; 80] = [
        Self::AddCredit,
        Self::AddMitigationToDraft,
        Self::AddTestRecord,
        Self::AnswerOutlet,
        Self::AskToEnd,
        Self::Assess,
        Self::AssessAndAccept,
        Self::AssessOrReject,
        Self::RecordAssessment,
        Self::ChangeBranches,
        Self::ChangeDraft,
        Self::Close,
        Self::CloseOrDecideObjection,
        Self::CompleteAdvisory,
        Self::CompleteDraft,
        Self::DecideLeak,
        Self::DecideObjection,
        Self::FinishCase,
        Self::FinishAndReopen,
        Self::TakeOutCve,
        Self::RecordCve,
        Self::InviteParty,
        Self::LookAtCredit,
        Self::NameOtherCase,
        Self::Reopen,
        Self::ReopenOrClose,
        Self::ProposeDate,
        Self::ProposeForDiscussion,
        Self::ProposeEarlier,
        Self::ProposeEarlierToReporter,
        Self::ProposeAnother,
        Self::ProposeLater,
        Self::AgreeOnDate,
        Self::Publish,
        Self::PublishSoon,
        Self::PublishAdvisory,
        Self::PublishFirst,
        Self::ApproveAgain,
        Self::Approve,
        Self::AnswerBranch,
        Self::RecordTest,
        Self::NextFixStep,
        Self::SetDate,
        Self::SetEarlierDate,
        Self::Resume,
        Self::TellDate,
        Self::TellDecision,
        Self::Write,
        Self::WriteWhatIsNew,
        Self::WriteToProject,
        Self::SuspectLeak,
        Self::WriteAdvisory,
        Self::WriteMitigation,
        Self::NoMitigationKnown,
        Self::WritePlan,
        Self::AcceptFirst,
        Self::Accept,
        Self::RecordFact,
        Self::AnswerTerms,
        Self::NameParty,
        Self::NextStepWithParty,
        Self::SentToParty,
        Self::TellPartyInOwnWords,
        Self::EndWithParty,
        Self::AskReporter,
        Self::AskForMissing,
        Self::AskAboutFlaw,
        Self::AskToTrySupported,
        Self::Waive,
        Self::GoOn,
        Self::WorkOut,
        Self::NoteSign,
        Self::NoteNewSign,
        Self::RecordAwareness,
        Self::RecordAwarenessInFull,
        Self::CorrectAwareness,
        Self::RecordMeasure,
        Self::FileEarlier,
        Self::FileNext,
        Self::WaitForReporter,
    ];

    /// The words, as the end of "You can: …", and the acts of which one has to be possible.
    #[allow(clippy::too_many_lines, reason = "one line for each hint")]
    pub const fn parts(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::AddCredit => ("add a credit", &["add_credit"]),
            Self::AddMitigationToDraft => (
                "add mitigation steps, or say that none are known",
                &["save_draft"],
            ),
            Self::AddTestRecord => ("add the test record", &["fix"]),
            Self::AnswerOutlet => ("announce it there, or say why not", &["answer_outlet"]),
            Self::AskToEnd => ("ask the reporter whether it may end now", &["ask_to_end"]),
            Self::Assess => ("assess the report", &["assess"]),
            Self::AssessAndAccept => (
                "assess the report and accept the case",
                &["assess", "accept"],
            ),
            Self::AssessOrReject => (
                "assess the report, or reject it with a reason",
                &["assess", "reject"],
            ),
            Self::RecordAssessment => ("record the assessment", &["assess"]),
            Self::ChangeBranches => ("change the branches", &["fix"]),
            Self::ChangeDraft => (
                "change the draft, then approve and publish the change",
                &["save_draft"],
            ),
            Self::Close => ("close the case", &["close"]),
            Self::CloseOrDecideObjection => (
                "close the case, or decide on the objection when there is one",
                &["close", "decide_objection"],
            ),
            Self::CompleteAdvisory => ("complete the advisory", &["save_draft"]),
            Self::CompleteDraft => ("complete the advisory draft", &["save_draft"]),
            Self::DecideLeak => ("decide on it", &["decide_leak"]),
            Self::DecideObjection => ("decide on the objection", &["decide_objection"]),
            Self::FinishCase => (
                "finish the case",
                &["fix", "save_draft", "publish", "close"],
            ),
            Self::FinishAndReopen => (
                "close the case and open it again with the new fact",
                &["fix", "save_draft", "publish", "close"],
            ),
            Self::TakeOutCve => (
                "have the id rejected and take it out of the draft",
                &["save_draft"],
            ),
            Self::RecordCve => ("note what became of it", &["record_cve"]),
            Self::InviteParty => ("invite one", &["invite_party"]),
            Self::LookAtCredit => (
                "look at the credit and the draft again, then approve it",
                &["approve"],
            ),
            Self::NameOtherCase => ("name the other case in the advisory", &["save_draft"]),
            Self::Reopen => ("open the case again with the new fact", &["reopen"]),
            Self::ReopenOrClose => (
                "open the case again with a reason, to go on without the reporter, or close it",
                &["reopen", "close"],
            ),
            Self::ProposeDate => ("propose a date", &["propose_date"]),
            Self::ProposeForDiscussion => ("propose a date for discussion", &["propose_date"]),
            Self::ProposeEarlier => ("propose an earlier date", &["propose_date"]),
            Self::ProposeEarlierToReporter => {
                ("propose an earlier date to the reporter", &["propose_date"])
            }
            Self::ProposeAnother => ("propose another date", &["propose_date"]),
            Self::ProposeLater => ("propose the later date", &["propose_date"]),
            Self::AgreeOnDate => (
                "agree on a disclosure date with the reporter first",
                &["propose_date", "answer_date", "set_date_alone"],
            ),
            Self::Publish => ("publish", &["publish"]),
            Self::PublishSoon => (
                "publish as soon as possible",
                &["save_draft", "approve", "publish"],
            ),
            Self::PublishAdvisory => ("publish the advisory", &["publish"]),
            Self::PublishFirst => ("publish the advisory first", &["publish"]),
            Self::ApproveAgain => ("read the draft again and approve it", &["approve"]),
            Self::Approve => ("read the draft and approve it", &["approve"]),
            Self::AnswerBranch => (
                "release the fix there, or say that it is not affected or will not be fixed",
                &["fix"],
            ),
            Self::RecordTest => ("record the test first", &["fix"]),
            Self::NextFixStep => ("take the next step", &["fix"]),
            Self::SetDate => ("set a date with a reason", &["set_date_alone"]),
            Self::SetEarlierDate => ("set an earlier date with a reason", &["set_date_alone"]),
            Self::Resume => ("take it up again", &["resume"]),
            Self::TellDate => (
                "tell the reporter the date",
                &["propose_date", "set_date_alone"],
            ),
            Self::TellDecision => ("tell the reporter the decision", &["say"]),
            Self::Write => ("write a message", &["say"]),
            Self::WriteWhatIsNew => ("write a message with what is new", &["say"]),
            Self::WriteToProject => ("write a message to the project", &["say"]),
            Self::SuspectLeak => ("write down what is suspected", &["suspect_leak"]),
            Self::WriteAdvisory => ("write the advisory", &["save_draft"]),
            Self::WriteMitigation => ("write the mitigation", &["mitigate"]),
            Self::NoMitigationKnown => ("say that none is known", &["mitigate"]),
            Self::WritePlan => ("write the communication plan", &["plan_communication"]),
            Self::AcceptFirst => ("accept the case first", &["accept"]),
            Self::Accept => ("accept the case", &["accept"]),
            Self::RecordFact => (
                "record that it is public or attacked, where that is so",
                &["record_fact"],
            ),
            Self::AnswerTerms => ("answer the terms first", &["answer_terms"]),
            Self::NameParty => ("name the party first", &["hand_over"]),
            Self::NextStepWithParty => ("write down the next step with it", &["hand_over"]),
            Self::SentToParty => ("write down what was sent to it", &["hand_over"]),
            Self::TellPartyInOwnWords => (
                "tell the party in your own words, without the report",
                &["hand_over"],
            ),
            Self::EndWithParty => ("write down what came out with that party", &["hand_over"]),
            Self::AskReporter => ("ask the reporter", &["ask", "say"]),
            Self::AskForMissing => ("ask the reporter for the missing items", &["ask"]),
            Self::AskAboutFlaw => (
                "ask the reporter whether a flaw in the code causes it",
                &["ask"],
            ),
            Self::AskToTrySupported => ("ask the reporter to try a supported version", &["ask"]),
            Self::Waive => ("waive the missing items by name", &["waive", "accept"]),
            Self::GoOn => ("go on without the answer", &["go_on"]),
            Self::WorkOut => (
                "record the context with its party and its outcome",
                &["work_out"],
            ),
            Self::NoteSign => ("note the sign first", &["note_signal"]),
            Self::NoteNewSign => ("note a new sign, if there is one", &["note_signal"]),
            Self::RecordAwareness => ("record when you became aware", &["record_awareness"]),
            Self::RecordAwarenessInFull => (
                "record when you became aware, with evidence and reason",
                &["record_awareness"],
            ),
            Self::CorrectAwareness => (
                "correct when you became aware, if that was earlier",
                &["record_awareness"],
            ),
            Self::RecordMeasure => (
                "record when a measure became available",
                &["record_measure"],
            ),
            Self::FileEarlier => ("record the report that comes before it", &["file_stage"]),
            Self::FileNext => ("file the next one", &["file_stage"]),
            Self::WaitForReporter => ("wait for the reporter", &[]),
        }
    }
}

impl From<Hint> for Instead {
    fn from(hint: Hint) -> Self {
        let (words, acts) = hint.parts();
        Self::acts(words, acts)
    }
}

/// Whether a hint holds now, among the acts that are possible.
pub(crate) fn holds(hint: &Instead, case: &CaseState, open: &BTreeSet<&str>) -> bool {
    if *hint == Instead::from(Hint::WaitForReporter) {
        return case.waiting_on == WaitingOn::Reporter;
    }
    hint.acts.is_empty() || hint.acts.iter().any(|act| open.contains(act))
}

/// The refusal with what is possible instead, and nothing else.
pub(crate) fn truthful(mut refusal: Refusal, case: &CaseState, ctx: &Context<'_>) -> Refusal {
    let named: BTreeSet<&'static str> = refusal
        .instead
        .iter()
        .flat_map(|hint| hint.acts.iter().copied())
        .collect();
    if named.is_empty() {
        return refusal;
    }
    let (now, open) = possible(named, case, ctx);
    refusal.instead.retain(|hint| holds(hint, &now, &open));
    refusal
}
