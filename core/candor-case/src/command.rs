//! What can be asked of a case.
//!
//! Invariant: a command says what somebody wants, with everything that needed
//! the outside world (ids, sealed texts) already in it.

use std::collections::BTreeSet;

use candor_base::{AccountId, CaseId, CaseRef, CveId, Digest, Instant, ProgramSlug};
use candor_calendar::WorkCalendar;
use candor_policy::model::{ClauseId, ContentKey, FixKind, Severity};
use serde::{Deserialize, Serialize};

use crate::aside::Aside;
use crate::credit::{CreditKind, OtherCredit};
use crate::cve::CveAct;
use crate::model::cs::VendorPath;
use crate::parts::{
    Assessment, AttackFact, Certainty, CloseReason, CreditWish, FileRef, FixStatus, IntakeChannel,
    Lane, MessageKind, MessageRef, OutletAnswer, PublicPlace, RejectionGround, TextRef, Verdict,
};
use crate::party::{Invitation, PartyStatus};
use crate::regulator::RegulatorAct;

/// What the reporter says about the version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum SupportClaim {
    /// No version given.
    NotGiven,
    /// Supported, by this row.
    Supported {
        /// The row.
        clause: ClauseId,
    },
    /// Not supported, by this row; a test on a supported one was asked for.
    Unsupported {
        /// The row.
        clause: ClauseId,
        /// Whether a supported version was tried, when answered.
        tried_supported: Option<bool>,
    },
    /// Supported only if it is the newest release, which the case cannot know.
    IfNewest {
        /// The row.
        clause: ClauseId,
    },
    /// The policy gives no answer for it.
    Unknown,
}

/// What is known of a report at receipt. The report itself lies sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportFacts {
    /// The case.
    pub case: CaseId,
    /// Its reference for people.
    pub reference: CaseRef,
    /// Its program.
    pub program: ProgramSlug,
    /// The policy version in force.
    pub policy: Digest,
    /// How it came in.
    pub channel: IntakeChannel,
    /// When it first reached the project, where that is earlier than now (S4-08).
    pub first_received: Option<Instant>,
    /// The report as filed.
    pub report: TextRef,
    /// Its files.
    pub files: Vec<FileRef>,
    /// Fields that were filled in.
    pub given: BTreeSet<ContentKey>,
    /// Fields the policy asks for that were not.
    pub missing: BTreeSet<ContentKey>,
    /// Those of the missing that the policy makes mandatory.
    pub mandatory_missing: BTreeSet<ContentKey>,
    /// The scope item chosen, when one was.
    pub component: Option<ClauseId>,
    /// What the version given means under the policy.
    pub support: SupportClaim,
    /// How sure the reporter is.
    #[serde(default)]
    pub certainty: Certainty,
    /// Already public, and where.
    pub public: Option<PublicPlace>,
    /// The reporter's own rating; kept unchanged beside the project's.
    pub reporter_severity: Option<Severity>,
    /// The wish for credit.
    pub credit: CreditWish,
    /// Out-of-scope items the reporter was warned of and sent all the same.
    pub warned_of: Vec<ClauseId>,
    /// The reporter accepted the duties of this policy version.
    pub duties_accepted: bool,
    /// Whether a way to be reached by mail was given.
    pub contact_given: bool,
    /// Name, affiliation and address of the reporter, sealed apart from the report (CR-4).
    pub identity: Option<TextRef>,
    /// The ledger leaf of this receipt.
    pub leaf: Digest,
}

/// Acceptance of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// Mandatory contents waived by name.
    pub waived: BTreeSet<ContentKey>,
    /// Branches to fix.
    pub branches: Vec<String>,
    /// The release the fix is meant for, when known (S4-03).
    pub target_release: Option<String>,
    /// The message to the reporter.
    pub message: MessageRef,
}

/// A change to one backport row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub struct FixChange {
    /// The branch.
    pub branch: String,
    /// Where it stands now.
    pub status: FixStatus,
    /// Patch, dependency update or mitigation (S2-13).
    pub kind: FixKind,
    /// The private branch it is made on (S1-31).
    pub private_branch: Option<String>,
    /// Link to the change (S2-29).
    pub change: Option<String>,
    /// Who wrote it.
    pub author: Option<AccountId>,
    /// It was written by somebody without an account: a contributor, the reporter.
    #[serde(default)]
    pub author_outside: bool,
    /// Who reviewed it; another person (S1-32).
    pub reviewer: Option<AccountId>,
    /// The author's own review, taken because the team had one member. Worked out when
    /// the review is recorded, never taken from who asks.
    #[serde(default)]
    pub reviewed_alone: bool,
    /// The test record (S0-33).
    pub test: Option<TextRef>,
}

/// The reporter's or team's answer to a proposed date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum DateAnswer {
    /// Agreed.
    Accept,
    /// Another date.
    Counter {
        /// The date.
        at: Instant,
        /// Why.
        reason: Option<TextRef>,
    },
    /// No.
    Decline {
        /// Why.
        reason: Option<TextRef>,
    },
}

/// A saved advisory draft: its digest names it; its text lies sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdvisoryDraftRef {
    /// The sealed draft.
    pub text: TextRef,
    /// What is still missing before publication, as field names; empty when complete.
    pub missing: Vec<String>,
    /// It has mitigation steps, or says that none are known (S4-26).
    pub has_mitigation: bool,
    /// It names a CVE id.
    #[serde(default)]
    pub has_cve: bool,
    /// Which, where it can be read as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cve: Option<CveId>,
}

/// What is asked of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum Command {
    /// A report came in. The first command of every case.
    Receive(Box<ReportFacts>),
    /// Name the person who leads the case.
    Assign {
        /// The lead.
        lead: AccountId,
    },
    /// Answer the reporter for the first time.
    Acknowledge {
        /// The message.
        message: MessageRef,
        /// It holds a plan (S4-11).
        plan: bool,
    },
    /// Ask the reporter for what is missing.
    Ask {
        /// The items.
        items: BTreeSet<ContentKey>,
        /// The question.
        message: MessageRef,
    },
    /// Go on without mandatory contents, each named (S3-08).
    Waive {
        /// The items.
        items: BTreeSet<ContentKey>,
    },
    /// The reporter supplies what was missing.
    Supply {
        /// The items supplied.
        items: BTreeSet<ContentKey>,
        /// The text.
        message: MessageRef,
    },
    /// Write a message.
    Say {
        /// Who reads it.
        lane: Lane,
        /// What it is.
        kind: MessageKind,
        /// The message.
        message: MessageRef,
    },
    /// Record an assessment; told to the reporter when a message goes with it.
    Assess {
        /// The assessment.
        assessment: Box<Assessment>,
        /// The message.
        message: Option<MessageRef>,
    },
    /// Accept the case: it will be fixed and published.
    Accept(Acceptance),
    /// Turn the report down.
    Reject {
        /// Why.
        ground: RejectionGround,
        /// Whether it is a vulnerability all the same (K8).
        is_vulnerability: Verdict,
        /// The reason told to the reporter.
        reason: MessageRef,
        /// Keep it as a hardening suggestion, if the reporter consents (S4-43).
        keep_as_suggestion: bool,
    },
    /// Say that an older case is the same.
    MarkDuplicate {
        /// The older case.
        of: CaseId,
        /// Its reference.
        reference: CaseRef,
        /// When that one was received.
        original_received: Instant,
        /// The message.
        message: MessageRef,
    },
    /// The reporter objects to a rejection.
    Object {
        /// Why.
        reason: MessageRef,
    },
    /// Decide on an objection; another person than who rejected, where there is one.
    DecideObjection {
        /// The objection is right: the case is open again.
        uphold: bool,
        /// The reason.
        reason: MessageRef,
    },
    /// Change a backport row.
    Fix(Box<FixChange>),
    /// Set a mitigation text, or say that none is known (S4-26).
    Mitigate {
        /// The text; `None` says that none is known.
        text: Option<TextRef>,
    },
    /// Record the plan for telling the community (S4-25).
    PlanCommunication {
        /// The plan.
        text: TextRef,
    },
    /// Propose a disclosure instant.
    ProposeDate {
        /// When.
        at: Instant,
        /// Why, needed when it is later than the standing date.
        reason: Option<TextRef>,
        /// The message to the other side; from the team it is the date notice (S0-35).
        message: Option<MessageRef>,
    },
    /// Answer the open proposal of the other side.
    AnswerDate(DateAnswer),
    /// Set the date without agreement; needs a reason (S1-20).
    SetDateAlone {
        /// When.
        at: Instant,
        /// Why.
        reason: TextRef,
        /// The message to the reporter.
        message: MessageRef,
    },
    /// Record that something is public, exploited or attacked.
    RecordFact {
        /// What.
        fact: AttackFact,
        /// How it is known.
        evidence: TextRef,
    },
    /// Save the advisory draft.
    SaveDraft(AdvisoryDraftRef),
    /// Approve the draft as it stands: the first look.
    Approve {
        /// Digest of the draft approved.
        draft: Digest,
    },
    /// Publish what was approved.
    Publish {
        /// Digest of the draft.
        draft: Digest,
    },
    /// Answer one outlet.
    AnswerOutlet {
        /// The outlet's clause.
        outlet: ClauseId,
        /// The answer.
        answer: OutletAnswer,
    },
    /// The reporter answers about credit.
    ChooseCredit {
        /// The wish.
        wish: CreditWish,
        /// For what.
        kind: CreditKind,
    },
    /// Thank somebody else, who agreed to be named.
    AddCredit(OtherCredit),
    /// Thank somebody else no more.
    RemoveCredit {
        /// Digest of the name.
        name: Digest,
        /// For what.
        kind: CreditKind,
    },
    /// Invite another party, with terms (EM-9).
    InviteParty(Box<Invitation>),
    /// Give a party a new code: the old one is lost or was seen by others.
    RenewInvitation {
        /// Which.
        number: u32,
        /// Keyed hash of the new code.
        code: Digest,
    },
    /// A party uses its invitation.
    EnterParty {
        /// Which.
        number: u32,
        /// Keyed hash of the invitation's code.
        used: Digest,
        /// Keyed hash of the party's own code from now on.
        code: Digest,
    },
    /// A party takes the terms, or does not.
    AnswerTerms {
        /// It takes them.
        accepted: bool,
    },
    /// Say how a party's product stands.
    PartyStatus {
        /// Which.
        number: u32,
        /// Affected or not.
        status: PartyStatus,
        /// How far its fix is.
        fix: VendorPath,
    },
    /// Give a distributor its notice before the day.
    NotifyParty {
        /// Which.
        number: u32,
    },
    /// Record that something leaked.
    RecordLeak {
        /// From whom, when known.
        party: Option<u32>,
        /// What, to whom, how.
        what: TextRef,
    },
    /// Leave a party out from now on.
    RemoveParty {
        /// Which.
        number: u32,
        /// Why.
        reason: TextRef,
    },
    /// The reporter follows up once the acknowledgement is overdue (S1-21).
    FollowUp {
        /// A message, when one was written.
        message: Option<MessageRef>,
    },
    /// The reporter withdraws the report.
    Withdraw {
        /// Why, when said.
        message: Option<MessageRef>,
    },
    /// Ask the reporter for more time on a promise before it falls due (S0-40). Only the
    /// reporter's own yes moves it.
    Extend {
        /// The clock.
        clock: String,
        /// By how many days.
        days: u32,
        /// Why, told to the reporter.
        reason: TextRef,
    },
    /// Ask the reporter to do without a promise before it falls due. Only the reporter's
    /// own yes waives it.
    WaivePromise {
        /// The clock.
        clock: String,
        /// Why, told to the reporter.
        reason: TextRef,
    },
    /// A named person has seen that a promise was missed: nobody else is called.
    AnswerAlarm {
        /// The clock.
        clock: String,
    },
    /// Record a person's finding that a duty of the reporter was not kept (S0-43).
    RecordBreach {
        /// The duty's clause.
        duty: ClauseId,
        /// What was found.
        finding: TextRef,
    },
    /// Close the case.
    Close {
        /// Why.
        reason: CloseReason,
        /// The words, where the reason needs them.
        note: Option<TextRef>,
    },
    /// Open it again on a new fact.
    Reopen {
        /// The fact.
        reason: TextRef,
    },
    /// A mail about this case was delivered, bounced or refused.
    MailOutcome {
        /// Which effect, by its key.
        key: String,
        /// Whether it arrived.
        delivered: bool,
        /// A short code of the failure (`550`, `timeout`), never an address.
        code: Option<String>,
        /// When that was written which the reporter was to hear of by this mail.
        told: Option<Instant>,
    },
    /// An act about regulators.
    Regulator(RegulatorAct),
    /// A step with a CVE id.
    Cve(CveAct),
    /// Something beside the straight road.
    Aside(Aside),
    /// The owner edited the days off of the calendar: count open clocks again. Only the
    /// days of this calendar are taken.
    Recount {
        /// The calendar as it is now.
        calendar: Box<WorkCalendar>,
    },
    /// Time passed: warn, miss, remind, end embargoes.
    Tick,
}

impl Command {
    /// The word for logs and pages: the same as in its serialised form, and of an act
    /// about regulators the word of the act.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Receive(_) => "receive",
            Self::Assign { .. } => "assign",
            Self::Acknowledge { .. } => "acknowledge",
            Self::Ask { .. } => "ask",
            Self::Waive { .. } => "waive",
            Self::Supply { .. } => "supply",
            Self::Say { .. } => "say",
            Self::Assess { .. } => "assess",
            Self::Accept(_) => "accept",
            Self::Reject { .. } => "reject",
            Self::MarkDuplicate { .. } => "mark_duplicate",
            Self::Object { .. } => "object",
            Self::DecideObjection { .. } => "decide_objection",
            Self::Fix(_) => "fix",
            Self::Mitigate { .. } => "mitigate",
            Self::PlanCommunication { .. } => "plan_communication",
            Self::ProposeDate { .. } => "propose_date",
            Self::AnswerDate(_) => "answer_date",
            Self::SetDateAlone { .. } => "set_date_alone",
            Self::RecordFact { .. } => "record_fact",
            Self::SaveDraft(_) => "save_draft",
            Self::Approve { .. } => "approve",
            Self::Publish { .. } => "publish",
            Self::AnswerOutlet { .. } => "answer_outlet",
            Self::ChooseCredit { .. } => "choose_credit",
            Self::AddCredit(_) => "add_credit",
            Self::RemoveCredit { .. } => "remove_credit",
            Self::InviteParty(_) => "invite_party",
            Self::RenewInvitation { .. } => "renew_invitation",
            Self::EnterParty { .. } => "enter_party",
            Self::AnswerTerms { .. } => "answer_terms",
            Self::PartyStatus { .. } => "party_status",
            Self::NotifyParty { .. } => "notify_party",
            Self::RecordLeak { .. } => "record_leak",
            Self::RemoveParty { .. } => "remove_party",
            Self::FollowUp { .. } => "follow_up",
            Self::Withdraw { .. } => "withdraw",
            Self::Extend { .. } => "extend",
            Self::WaivePromise { .. } => "waive_promise",
            Self::AnswerAlarm { .. } => "answer_alarm",
            Self::RecordBreach { .. } => "record_breach",
            Self::Close { .. } => "close",
            Self::Reopen { .. } => "reopen",
            Self::MailOutcome { .. } => "mail_outcome",
            Self::Regulator(act) => act.name(),
            Self::Cve(_) => "record_cve",
            Self::Aside(aside) => aside.name(),
            Self::Recount { .. } => "recount",
            Self::Tick => "tick",
        }
    }
}
