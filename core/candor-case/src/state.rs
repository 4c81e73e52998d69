//! What a case is after its events: independent dimensions, from which the one
//! stage shown to people is derived (K1).

use std::collections::{BTreeMap, BTreeSet};

use candor_base::{AccountId, CaseId, CaseRef, Digest, Instant, MessageId};
use candor_calendar::Pause;
use candor_policy::clocks::ClockKey;
use candor_policy::model::{ClauseId, ContentKey, Severity};
use serde::{Deserialize, Serialize};

use crate::accord::Side;
use crate::aside::Around;
use crate::clock::CaseClock;
use crate::command::{AdvisoryDraftRef, FixChange, ReportFacts};
use crate::credit::{CreditKind, CreditQuestion, OtherCredit};
use crate::cve::CveLedger;
pub use crate::model::em::EmbargoState;
pub use crate::model::rm::ReportState;
use crate::parts::{
    Actor, Assessment, AttackFact, CloseReason, CreditWish, Lane, MessageKind, MessageRef,
    OutletAnswer, RejectionGround, TextRef, Verdict, WaitingOn,
};
use crate::party::Party;
use crate::regulator::Regulators;

/// A proposed disclosure instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Who proposed.
    pub by: Actor,
    /// The instant.
    pub at: Instant,
    /// When it was proposed.
    pub on: Instant,
    /// Other parties who are asked beside team and reporter.
    #[serde(default)]
    pub asked: BTreeSet<u32>,
    /// Who took it so far.
    #[serde(default)]
    pub taken: BTreeSet<Side>,
}

/// The embargo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Embargo {
    /// Its state.
    pub state: EmbargoState,
    /// Until when it holds.
    pub until: Option<Instant>,
    /// The open proposal.
    pub proposal: Option<Proposal>,
    /// The reporter agreed to the standing date, or the team set it alone with a reason.
    pub settled: bool,
    /// The date was told to the reporter (S0-35).
    pub date_told: bool,
    /// The team set the date alone; inside, the date that stood before, if there was one.
    #[serde(default)]
    pub overrides: Option<StoodBefore>,
}

impl Embargo {
    /// Whether a deadline that was agreed, or that the policy itself set, has passed. A
    /// date that the team set alone is none, until the one that stood before it passed.
    pub fn deadline_passed(&self, now: Instant) -> bool {
        self.state == EmbargoState::Exited
            && self
                .overrides
                .is_none_or(|stood| stood.until.is_some_and(|at| at <= now))
    }
}

/// What a date that the team set alone took the place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoodBefore {
    /// The date that stood; `None` where there was none.
    pub until: Option<Instant>,
}

/// One backport row.
pub type FixRow = FixChange;

/// The advisory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdvisoryState {
    /// The draft as it stands.
    pub draft: Option<AdvisoryDraftRef>,
    /// Who looked at one and the same draft and approved it: of which draft, by whom,
    /// when. Empty after a publication.
    #[serde(default)]
    pub approvals: Vec<(Digest, Actor, Instant)>,
    /// The reporter's answer about credit changed after an approval, which therefore
    /// no longer counts: whoever approves has seen the name.
    #[serde(default)]
    pub credit_changed: bool,
    /// When it was first published.
    pub published: Option<Instant>,
    /// The draft that is public in this episode.
    pub published_draft: Option<Digest>,
}

impl AdvisoryState {
    /// Who approved this draft, and when, in order.
    pub fn approvals_of(&self, draft: Digest) -> impl Iterator<Item = (Actor, Instant)> + '_ {
        self.approvals
            .iter()
            .filter(move |(of, _, _)| *of == draft)
            .map(|(_, by, at)| (*by, *at))
    }

    /// Whether the draft as it stands was approved by anybody.
    pub fn is_approved(&self) -> bool {
        let draft = self.draft.as_ref().map(|d| d.text.sha256);
        draft.is_some_and(|draft| self.approvals_of(draft).next().is_some())
    }

    /// Whether the draft as it stands is what is public.
    pub fn is_public(&self) -> bool {
        let draft = self.draft.as_ref().map(|d| d.text.sha256);
        draft.is_some() && draft == self.published_draft
    }
}

/// An objection to a rejection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// When.
    pub at: Instant,
    /// The decision, when there is one.
    pub upheld: Option<bool>,
}

/// A message as the case knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseMessage {
    /// When.
    pub at: Instant,
    /// Who.
    pub from: Actor,
    /// Who reads it.
    pub lane: Lane,
    /// What it is.
    pub kind: MessageKind,
    /// Its parts.
    pub message: MessageRef,
}

/// A rejection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// Why.
    pub ground: RejectionGround,
    /// Whether it is a vulnerability all the same.
    pub is_vulnerability: Verdict,
    /// Who rejected.
    pub by: Actor,
    /// When.
    pub at: Instant,
    /// The reason.
    pub reason: MessageId,
    /// Offered to be kept as a suggestion.
    pub keep_as_suggestion: bool,
}

/// The one stage shown to people, derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Stored, nobody answered yet.
    Received,
    /// Answered.
    Acknowledged,
    /// Waits for the reporter.
    NeedsInfo,
    /// Assessed.
    Triaged,
    /// Assessed, and reproduced by the team; the record says how.
    Reproduced,
    /// Judged valid and known to the public: nothing is held back, the fast path.
    KnownPublic,
    /// Accepted.
    Accepted,
    /// A fix is being made.
    FixInDevelopment,
    /// Every branch has a fix or an answer.
    FixReady,
    /// The fix is tested; other branches may still lack their tests.
    Tested,
    /// Tested on each of several branches that get a fix.
    Backported,
    /// Tested everywhere, approved, and its day is told: nothing but the day is missing.
    ReleaseScheduled,
    /// The same, and distributors have their notice.
    DistributorNotified,
    /// Released everywhere.
    Released,
    /// Published.
    Disclosed,
    /// Put aside until a review.
    Deferred,
    /// Turned down.
    Rejected,
    /// Turned down: a clause of the policy puts it out of scope.
    OutOfScope,
    /// Turned down: only a version without support is affected.
    UnsupportedVersion,
    /// Open again on a new fact, and not judged anew yet.
    Reopened,
    /// A duplicate.
    Duplicate,
    /// Withdrawn.
    Withdrawn,
    /// Over.
    Closed,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseState {
    /// Number of events folded.
    pub seq: u64,
    /// When the last of them happened.
    pub changed: Instant,
    /// What is known of the report.
    pub facts: ReportFacts,
    /// When the report reached the project.
    pub received: Instant,
    /// First human answer.
    pub acknowledged: Option<Instant>,
    /// The report dimension.
    pub report: ReportState,
    /// Ever judged valid (Q6).
    pub was_valid: bool,
    /// The lead.
    pub lead: Option<AccountId>,
    /// Whom it waits for.
    pub waiting_on: WaitingOn,
    /// Items asked for and not yet supplied.
    pub asked: BTreeSet<ContentKey>,
    /// When the open question was asked.
    pub asked_at: Option<Instant>,
    /// Reminders sent for it.
    pub reminders: u8,
    /// Contents missing now.
    pub missing: BTreeSet<ContentKey>,
    /// Mandatory contents missing now.
    pub mandatory_missing: BTreeSet<ContentKey>,
    /// Waived by name.
    pub waived: BTreeSet<ContentKey>,
    /// The assessment and who made it.
    pub assessment: Option<(Assessment, Actor, Instant)>,
    /// It was told to the reporter.
    pub assessment_told: bool,
    /// When an outcome was first told to the reporter in this episode.
    pub outcome_told: Option<Instant>,
    /// When an outcome with a severity rating was first told (S1-16).
    pub rating_told: Option<Instant>,
    /// When the case was accepted in this episode.
    pub accepted: Option<Instant>,
    /// Since when every branch has a fix or an answer.
    pub fix_ready: Option<Instant>,
    /// Since when every branch is answered and at least one fix is released.
    pub fix_released: Option<Instant>,
    /// Times in which the case waited for the reporter.
    pub waits: Vec<Pause>,
    /// The rejection.
    pub rejection: Option<Rejection>,
    /// The older case this one duplicates.
    pub duplicate_of: Option<(CaseId, CaseRef)>,
    /// The objection.
    pub objection: Option<Objection>,
    /// Backport rows in order.
    pub fixes: Vec<FixRow>,
    /// The release meant.
    pub target_release: Option<String>,
    /// Mitigation: absent, "none known" or a text.
    pub mitigation: Option<Option<TextRef>>,
    /// The plan for telling the community.
    pub communication_plan: Option<TextRef>,
    /// The embargo.
    pub embargo: Embargo,
    /// Facts that are never undone, with when they were recorded.
    pub attack_facts: BTreeMap<AttackFact, Instant>,
    /// The advisory.
    pub advisory: AdvisoryState,
    /// Outlets answered.
    pub outlets: BTreeMap<ClauseId, OutletAnswer>,
    /// The reporter may publish from this instant.
    pub reporter_free_from: Option<Instant>,
    /// Credit.
    pub credit: CreditWish,
    /// For what the reporter is thanked.
    #[serde(default)]
    pub credit_kind: CreditKind,
    /// The question about credit.
    #[serde(default)]
    pub credit_question: CreditQuestion,
    /// Who else is thanked.
    #[serde(default)]
    pub credits: Vec<OtherCredit>,
    /// Other parties, in the order in which they were invited.
    #[serde(default)]
    pub parties: Vec<Party>,
    /// Leaks recorded.
    #[serde(default)]
    pub leaks: u32,
    /// Withdrawn at.
    pub withdrawn: Option<Instant>,
    /// Since when the team goes on without the reporter who withdrew (`domain.md` 2.4).
    #[serde(default)]
    pub went_on: Option<Instant>,
    /// Closed, and why.
    pub closed: Option<(Instant, CloseReason)>,
    /// Duties found not kept.
    pub breaches: Vec<(ClauseId, Instant)>,
    /// Messages in order.
    pub messages: Vec<CaseMessage>,
    /// Clocks by key.
    pub clocks: BTreeMap<ClockKey, CaseClock>,
    /// Last human status message.
    pub last_update: Option<Instant>,
    /// Mails that did not arrive, by effect key.
    pub mail_failures: BTreeMap<String, String>,
    /// When that was written of which no mail reached the reporter, until the reporter acts.
    #[serde(default)]
    pub unreached: BTreeSet<Instant>,
    /// Follow-ups made by the reporter.
    pub follow_ups: u32,
    /// Episode, from 1; reopening starts the next (Q10).
    pub episode: u32,
    /// When this episode began, if it is not the first.
    pub reopened: Option<Instant>,
    /// The team itself opened this episode: promises that ended with the close go on from
    /// their first day. False after a withdrawal, and when the reporter's answer opened it.
    #[serde(default)]
    pub promises_go_on: bool,
    /// How often the planned day of publication was set anew.
    #[serde(default)]
    pub date_moves: u32,
    /// How it stands with regulators.
    #[serde(default)]
    pub regulators: Regulators,
    /// CVE ids.
    #[serde(default)]
    pub cve: CveLedger,
    /// What surrounds the straight road.
    #[serde(default)]
    pub around: Around,
}

impl CaseState {
    /// The severity word in force: the assessment's.
    pub fn severity(&self) -> Option<Severity> {
        self.assessment.as_ref().and_then(|(a, _, _)| a.severity)
    }

    /// Whether somebody outside knows: public, exploit public.
    pub fn is_public_knowledge(&self) -> bool {
        let outside = self.outside();
        outside.public || outside.exploit
    }
}
