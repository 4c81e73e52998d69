//! What happened in a case.
//!
//! Invariants: events are never changed or removed; a new meaning is a new
//! variant; every variant ever stored keeps being read.

use std::collections::BTreeSet;

use candor_base::{AccountId, CaseId, CaseRef, Digest, Instant, MessageId};
use candor_policy::clocks::{ClockKey, ClockSpec};
use candor_policy::model::{ClauseId, ContentKey};
use serde::{Deserialize, Serialize};

use crate::alarm::AlarmStep;
use crate::aside::AsideEvent;
use crate::command::{AdvisoryDraftRef, FixChange, ReportFacts};
use crate::credit::{CreditKind, OtherCredit};
use crate::cve::CveEvent;
use crate::model::cs::VendorPath;
use crate::parts::{
    Actor, Assessment, AttackFact, CloseReason, CreditWish, Lane, MessageKind, MessageRef,
    OutletAnswer, RejectionGround, TextRef, Verdict,
};
use crate::party::{Invitation, PartyStatus};
use crate::regulator::RegulatorEvent;

/// An event with who caused it and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Position in the case, from 1.
    pub seq: u64,
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: Actor,
    /// What.
    pub event: Event,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum Event {
    /// The report is stored.
    Received {
        /// What is known of it.
        facts: Box<ReportFacts>,
        /// When it reached the project: what the clocks count from.
        anchor: Instant,
    },
    /// A clock began.
    ClockStarted {
        /// The promise.
        spec: Box<ClockSpec>,
        /// Which period of a recurring clock.
        period: u32,
        /// What it counts from.
        anchor: Instant,
        /// When it falls due.
        due: Option<Instant>,
        /// How that came about.
        explanation: Vec<String>,
        /// Zone data, week and holidays it was counted with, so that it can be counted
        /// again; empty in events older than this field.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        basis: String,
    },
    /// A clock was warned of.
    ClockWarned {
        /// Which.
        clock: ClockKey,
        /// 50 or 80.
        percent: u8,
    },
    /// A clock was kept, or met late.
    ClockMet {
        /// Which.
        clock: ClockKey,
        /// When the act was done, where that was before this event: a rating may
        /// start a clock whose act was done already.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        done: Option<Instant>,
    },
    /// A clock that was met counts again: what met it did not reach the reporter (M-7).
    ClockReopened {
        /// Which.
        clock: ClockKey,
    },
    /// A clock fell due without the act.
    ClockMissed {
        /// Which.
        clock: ClockKey,
        /// The instant that passed.
        due: Instant,
    },
    /// A clock stands still for the reporter.
    ClockPaused {
        /// Which.
        clock: ClockKey,
    },
    /// A clock goes on with a new due instant.
    ClockResumed {
        /// Which.
        clock: ClockKey,
        /// The new due instant.
        due: Option<Instant>,
        /// How that came about.
        explanation: Vec<String>,
    },
    /// A due instant was changed by re-rating or agreement; both are kept.
    ClockMoved {
        /// Which.
        clock: ClockKey,
        /// The new due instant.
        due: Option<Instant>,
        /// How that came about.
        explanation: Vec<String>,
        /// For extensions the reason, and in older events the message that was taken for
        /// a consent; now the reporter's own yes is what moves it.
        agreed: Option<(TextRef, Option<MessageId>)>,
    },
    /// The calendar was edited, or a newer binary counts otherwise: a due instant was
    /// counted again. It became earlier, or stayed although the edit would make it later.
    ClockRecounted {
        /// Which.
        clock: ClockKey,
        /// The due instant now.
        due: Instant,
        /// How that came about.
        explanation: Vec<String>,
        /// Zone data, week and holidays it was counted with.
        basis: String,
    },
    /// The reporter waived a promise before it fell due.
    ClockWaived {
        /// Which.
        clock: ClockKey,
        /// Why.
        reason: TextRef,
        /// In older events, the message that was taken for a consent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        consent: Option<MessageId>,
    },
    /// A missed promise was told to the next person in line.
    ClockEscalated {
        /// Which.
        clock: ClockKey,
        /// For which time.
        round: u32,
        /// To whom.
        step: AlarmStep,
    },
    /// A named person said that they have seen the miss.
    AlarmAnswered {
        /// Which clock.
        clock: ClockKey,
    },
    /// A clock no longer applies.
    ClockStopped {
        /// Which.
        clock: ClockKey,
    },
    /// A lead was named.
    Assigned {
        /// Who.
        lead: AccountId,
    },
    /// The reporter was answered.
    Acknowledged {
        /// The message.
        message: MessageRef,
        /// It holds a plan.
        plan: bool,
    },
    /// The reporter was asked.
    Asked {
        /// For what.
        items: BTreeSet<ContentKey>,
        /// The question.
        message: MessageRef,
    },
    /// Mandatory contents were waived by name.
    Waived {
        /// What.
        items: BTreeSet<ContentKey>,
    },
    /// The reporter supplied something.
    Supplied {
        /// What.
        items: BTreeSet<ContentKey>,
        /// The text.
        message: MessageRef,
    },
    /// A message was written.
    Said {
        /// Who reads it.
        lane: Lane,
        /// What it is.
        kind: MessageKind,
        /// The message.
        message: MessageRef,
    },
    /// An assessment was recorded.
    Assessed {
        /// The assessment.
        assessment: Box<Assessment>,
        /// The message that told it.
        message: Option<MessageRef>,
    },
    /// The case was accepted.
    Accepted {
        /// Contents waived by name.
        waived: BTreeSet<ContentKey>,
        /// Branches to fix.
        branches: Vec<String>,
        /// The release meant.
        target_release: Option<String>,
        /// The message.
        message: MessageRef,
    },
    /// The report was turned down.
    Rejected {
        /// Why.
        ground: RejectionGround,
        /// Whether it is a vulnerability all the same.
        is_vulnerability: Verdict,
        /// The reason.
        reason: MessageRef,
        /// Offered to be kept as a suggestion.
        keep_as_suggestion: bool,
    },
    /// An older case is the same.
    MarkedDuplicate {
        /// That case.
        of: CaseId,
        /// Its reference.
        reference: CaseRef,
        /// The message.
        message: MessageRef,
    },
    /// The reporter objected.
    Objected {
        /// Why.
        reason: MessageRef,
    },
    /// The objection was decided.
    ObjectionDecided {
        /// It was right.
        upheld: bool,
        /// The reason.
        reason: MessageRef,
        /// Decided by another person than who rejected.
        by_another: bool,
    },
    /// A backport row changed.
    FixChanged {
        /// The row.
        change: Box<FixChange>,
    },
    /// Mitigation recorded; `None` says that none is known.
    Mitigated {
        /// The text.
        text: Option<TextRef>,
    },
    /// The communication plan was recorded.
    CommunicationPlanned {
        /// The plan.
        text: TextRef,
    },
    /// The policy's default window became the active embargo (Q7).
    EmbargoByDefault {
        /// Until.
        until: Instant,
    },
    /// A disclosure instant was proposed.
    DateProposed {
        /// When.
        at: Instant,
        /// Why.
        reason: Option<TextRef>,
        /// The message.
        message: Option<MessageRef>,
    },
    /// The standing proposal was agreed: the embargo holds until then.
    DateAgreed {
        /// When.
        at: Instant,
    },
    /// The standing proposal was declined; old terms stay.
    DateDeclined {
        /// Why.
        reason: Option<TextRef>,
    },
    /// The team set the date alone, with its reason.
    DateSetAlone {
        /// When.
        at: Instant,
        /// Why.
        reason: TextRef,
        /// The message.
        message: MessageRef,
    },
    /// The embargo is over: its instant passed, a fact ended it, or publication did.
    EmbargoExited {
        /// The fact, when one ended it.
        fact: Option<AttackFact>,
    },
    /// Something became public, or attacks were seen. Never undone.
    FactRecorded {
        /// What.
        fact: AttackFact,
        /// How it is known.
        evidence: TextRef,
    },
    /// The advisory draft was saved.
    DraftSaved {
        /// The draft.
        draft: AdvisoryDraftRef,
    },
    /// The draft was approved.
    Approved {
        /// Digest of the draft.
        draft: Digest,
    },
    /// The advisory was published.
    Published {
        /// Digest of the draft.
        draft: Digest,
        /// A second person looked; otherwise the same person confirmed again (Q4).
        four_eyes: bool,
    },
    /// An outlet was answered.
    OutletAnswered {
        /// The outlet.
        outlet: ClauseId,
        /// The answer.
        answer: OutletAnswer,
    },
    /// The reporter is free to publish from this instant (CR-6).
    ReporterFree {
        /// From.
        from: Instant,
    },
    /// The reporter answered about credit.
    CreditChosen {
        /// The wish.
        wish: CreditWish,
        /// For what.
        #[serde(default)]
        kind: CreditKind,
    },
    /// The reporter was reminded of the question about credit (CR-1).
    CreditReminded {
        /// Which reminder, from 1.
        number: u8,
    },
    /// No answer about credit came: nobody is named.
    CreditGivenUp,
    /// Somebody else is thanked.
    CreditAdded {
        /// Who, and for what.
        credit: OtherCredit,
    },
    /// Somebody else is thanked no more.
    CreditRemoved {
        /// Digest of the name.
        name: Digest,
        /// For what.
        kind: CreditKind,
    },
    /// Another party was invited.
    PartyInvited {
        /// Its number.
        number: u32,
        /// The invitation.
        invitation: Box<Invitation>,
    },
    /// A party got a new code.
    InvitationRenewed {
        /// Which.
        number: u32,
        /// Keyed hash of the code.
        code: Digest,
    },
    /// A party used its invitation; from now on its own code opens its page.
    PartyEntered {
        /// Which.
        number: u32,
        /// Keyed hash of the code.
        code: Digest,
    },
    /// A party took the terms, or did not.
    TermsAnswered {
        /// Which.
        number: u32,
        /// It took them.
        accepted: bool,
    },
    /// What is known of a party's own product.
    PartySaid {
        /// Which.
        number: u32,
        /// Affected or not.
        status: PartyStatus,
        /// How far its fix is.
        fix: VendorPath,
    },
    /// A distributor got its notice.
    PartyNotified {
        /// Which.
        number: u32,
    },
    /// Something leaked.
    LeakRecorded {
        /// From whom, when known.
        party: Option<u32>,
        /// What, to whom, how.
        what: TextRef,
    },
    /// A party is left out from now on.
    PartyRemoved {
        /// Which.
        number: u32,
        /// Why.
        reason: TextRef,
    },
    /// The reporter followed up on an overdue acknowledgement.
    FollowedUp {
        /// The message.
        message: Option<MessageRef>,
    },
    /// The reporter withdrew.
    Withdrawn {
        /// Why.
        message: Option<MessageRef>,
    },
    /// A person found that a duty was not kept. Stops no clock.
    BreachRecorded {
        /// The duty.
        duty: ClauseId,
        /// The finding.
        finding: TextRef,
    },
    /// The reporter was reminded of an open question.
    Reminded {
        /// Which reminder, from 1.
        number: u8,
    },
    /// The case was closed.
    Closed {
        /// Why.
        reason: CloseReason,
        /// The words.
        note: Option<TextRef>,
    },
    /// The case was opened again: a new episode.
    Reopened {
        /// The fact.
        reason: TextRef,
    },
    /// A mail arrived or did not.
    MailSettled {
        /// Which effect.
        key: String,
        /// It arrived.
        delivered: bool,
        /// Code of the failure.
        code: Option<String>,
        /// When that was written which the reporter does not know of for this failure (M-7).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unreached: Option<Instant>,
    },
    /// Something about regulators.
    Regulator(RegulatorEvent),
    /// Something about CVE ids.
    Cve(CveEvent),
    /// Something beside the straight road.
    Aside {
        /// What.
        what: Box<AsideEvent>,
    },
}

impl Event {
    /// The word for timelines and logs: the same as in its serialised form, and of an
    /// event about regulators the word of that event.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Received { .. } => "received",
            Self::ClockStarted { .. } => "clock_started",
            Self::ClockWarned { .. } => "clock_warned",
            Self::ClockMet { .. } => "clock_met",
            Self::ClockReopened { .. } => "clock_reopened",
            Self::ClockMissed { .. } => "clock_missed",
            Self::ClockPaused { .. } => "clock_paused",
            Self::ClockResumed { .. } => "clock_resumed",
            Self::ClockMoved { .. } => "clock_moved",
            Self::ClockRecounted { .. } => "clock_recounted",
            Self::ClockWaived { .. } => "clock_waived",
            Self::ClockEscalated { .. } => "clock_escalated",
            Self::AlarmAnswered { .. } => "alarm_answered",
            Self::ClockStopped { .. } => "clock_stopped",
            Self::Assigned { .. } => "assigned",
            Self::Acknowledged { .. } => "acknowledged",
            Self::Asked { .. } => "asked",
            Self::Waived { .. } => "waived",
            Self::Supplied { .. } => "supplied",
            Self::Said { .. } => "said",
            Self::Assessed { .. } => "assessed",
            Self::Accepted { .. } => "accepted",
            Self::Rejected { .. } => "rejected",
            Self::MarkedDuplicate { .. } => "marked_duplicate",
            Self::Objected { .. } => "objected",
            Self::ObjectionDecided { .. } => "objection_decided",
            Self::FixChanged { .. } => "fix_changed",
            Self::Mitigated { .. } => "mitigated",
            Self::CommunicationPlanned { .. } => "communication_planned",
            Self::EmbargoByDefault { .. } => "embargo_by_default",
            Self::DateProposed { .. } => "date_proposed",
            Self::DateAgreed { .. } => "date_agreed",
            Self::DateDeclined { .. } => "date_declined",
            Self::DateSetAlone { .. } => "date_set_alone",
            Self::EmbargoExited { .. } => "embargo_exited",
            Self::FactRecorded { .. } => "fact_recorded",
            Self::DraftSaved { .. } => "draft_saved",
            Self::Approved { .. } => "approved",
            Self::Published { .. } => "published",
            Self::OutletAnswered { .. } => "outlet_answered",
            Self::ReporterFree { .. } => "reporter_free",
            Self::CreditChosen { .. } => "credit_chosen",
            Self::CreditReminded { .. } => "credit_reminded",
            Self::CreditGivenUp => "credit_given_up",
            Self::CreditAdded { .. } => "credit_added",
            Self::CreditRemoved { .. } => "credit_removed",
            Self::PartyInvited { .. } => "party_invited",
            Self::InvitationRenewed { .. } => "invitation_renewed",
            Self::PartyEntered { .. } => "party_entered",
            Self::TermsAnswered { .. } => "terms_answered",
            Self::PartySaid { .. } => "party_said",
            Self::PartyNotified { .. } => "party_notified",
            Self::LeakRecorded { .. } => "leak_recorded",
            Self::PartyRemoved { .. } => "party_removed",
            Self::FollowedUp { .. } => "followed_up",
            Self::Withdrawn { .. } => "withdrawn",
            Self::BreachRecorded { .. } => "breach_recorded",
            Self::Reminded { .. } => "reminded",
            Self::Closed { .. } => "closed",
            Self::Reopened { .. } => "reopened",
            Self::MailSettled { .. } => "mail_settled",
            Self::Regulator(event) => event.name(),
            Self::Cve(event) => event.name(),
            Self::Aside { what } => what.name(),
        }
    }

    /// Happens by the passing of time alone: Candor itself is its actor, whoever
    /// acted when it was noticed.
    pub fn is_automatic(&self) -> bool {
        match self {
            Self::ClockWarned { .. }
            | Self::ClockMissed { .. }
            | Self::ClockEscalated { .. }
            | Self::ClockRecounted { .. }
            | Self::CreditReminded { .. }
            | Self::CreditGivenUp
            | Self::Reminded { .. } => true,
            Self::Regulator(event) => event.is_automatic(),
            Self::Cve(event) => event.is_automatic(),
            Self::Aside { what } => what.is_automatic(),
            _ => false,
        }
    }
}
