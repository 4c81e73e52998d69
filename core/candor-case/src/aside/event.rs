//! What happened in a case beside its straight road.
//!
//! Invariants: as for all events: never changed or removed, and no text that a person
//! wrote, only its reference.

use candor_base::Instant;
use serde::{Deserialize, Serialize};

use super::{ContextRecord, HandOverStep, LinkedReport, Matter, OriginalNews, Question};
use crate::parts::{CreditWish, MessageRef, TextRef};

/// What happened in a case beside its straight road.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum AsideEvent {
    /// It was put aside.
    Deferred {
        /// Until then.
        review: Instant,
        /// The reason told.
        message: MessageRef,
    },
    /// The day of the review came.
    ReviewDue,
    /// It was taken up again.
    Resumed {
        /// Why.
        reason: TextRef,
    },
    /// The open question was withdrawn.
    WentOn {
        /// Why.
        reason: TextRef,
    },
    /// An answer came to a report turned down for want of one: the decision is void.
    TakenUpAgain,
    /// Something may have leaked.
    LeakSuspected {
        /// What.
        what: TextRef,
        /// How.
        how: TextRef,
        /// What is done about it.
        plan: TextRef,
    },
    /// One person wants to go public with it; another one has not decided yet.
    LeakPublicAsked {
        /// Why.
        reason: TextRef,
    },
    /// That was decided.
    LeakDecided {
        /// Nothing is held back any more.
        go_public: bool,
        /// Why.
        reason: TextRef,
    },
    /// The reporter was asked to agree.
    ConsentAsked {
        /// To what.
        matter: Matter,
    },
    /// The reporter answered.
    ConsentAnswered {
        /// To what.
        matter: Matter,
        /// Yes or no.
        given: bool,
    },
    /// The team asked the reporter about what was promised.
    Wished {
        /// The question.
        question: Question,
    },
    /// One person wants to set the date without agreement; nobody outside knows yet.
    DateAloneAsked {
        /// The date.
        at: Instant,
        /// Why.
        reason: TextRef,
        /// What is told once it is confirmed.
        message: MessageRef,
    },
    /// A context was recorded.
    ContextWorkedOut {
        /// The record.
        record: ContextRecord,
    },
    /// A hand-over went a step on.
    HandedOver {
        /// Which.
        number: u32,
        /// The step.
        step: HandOverStep,
    },
    /// A party has not answered.
    PartySilent {
        /// Which.
        number: u32,
        /// Which reminder, from 1.
        reminder: u8,
    },
    /// Another report of the same was linked, or its credit or standing changed.
    ReportLinked {
        /// That report.
        report: LinkedReport,
        /// It was not known before.
        first: bool,
    },
    /// The older case of this duplicate came to an end.
    OriginalFollowed {
        /// Which.
        news: OriginalNews,
    },
    /// One side took the proposed date; others are still to answer.
    DateTaken {
        /// The date.
        at: Instant,
    },
    /// The time to answer a proposed date is over.
    AnswersDue {
        /// The date.
        at: Instant,
        /// It holds: team and reporter took it, and no party refused.
        agreed: bool,
    },
    /// The reporter keeps the embargo no longer.
    ReporterLeft {
        /// Why.
        message: MessageRef,
    },
    /// The reporter took a date and is bound again.
    ReporterJoined,
    /// The team ended the embargo before its day.
    EmbargoEnded {
        /// Why.
        reason: TextRef,
    },
    /// A party was reminded of the terms that wait for its answer.
    TermsReminded {
        /// Which.
        number: u32,
        /// Which reminder, from 1.
        reminder: u8,
    },
    /// A party's own advisory is linked.
    AdvisoryLinked {
        /// Whose.
        number: u32,
        /// The place on the net.
        link: String,
    },
    /// The reporter named the OpenPGP key for letters, or took it back.
    KeyChosen {
        /// The certificate, armoured.
        key: Option<TextRef>,
    },
}

impl AsideEvent {
    /// The word for timelines and logs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Deferred { .. } => "deferred",
            Self::ReviewDue => "review_due",
            Self::Resumed { .. } => "resumed",
            Self::WentOn { .. } => "went_on",
            Self::TakenUpAgain => "taken_up_again",
            Self::LeakSuspected { .. } => "leak_suspected",
            Self::LeakPublicAsked { .. } => "leak_public_asked",
            Self::LeakDecided { .. } => "leak_decided",
            Self::ConsentAsked { .. } => "consent_asked",
            Self::ConsentAnswered { .. } => "consent_answered",
            Self::Wished { .. } => "wished",
            Self::DateAloneAsked { .. } => "date_alone_asked",
            Self::ContextWorkedOut { .. } => "context_worked_out",
            Self::HandedOver { .. } => "handed_over",
            Self::PartySilent { .. } => "party_silent",
            Self::ReportLinked { .. } => "report_linked",
            Self::OriginalFollowed { .. } => "original_followed",
            Self::DateTaken { .. } => "date_taken",
            Self::AnswersDue { .. } => "answers_due",
            Self::ReporterLeft { .. } => "reporter_left",
            Self::ReporterJoined => "reporter_joined",
            Self::EmbargoEnded { .. } => "embargo_ended",
            Self::TermsReminded { .. } => "terms_reminded",
            Self::AdvisoryLinked { .. } => "advisory_linked",
            Self::KeyChosen { .. } => "key_chosen",
        }
    }

    /// Happens by the passing of time alone.
    pub fn is_automatic(&self) -> bool {
        matches!(
            self,
            Self::ReviewDue
                | Self::PartySilent { .. }
                | Self::AnswersDue { .. }
                | Self::TermsReminded { .. }
        )
    }

    /// Every text an event names, for whoever of the team opens them.
    pub fn texts(&self) -> Vec<TextRef> {
        match self {
            Self::Resumed { reason }
            | Self::WentOn { reason }
            | Self::EmbargoEnded { reason }
            | Self::LeakPublicAsked { reason }
            | Self::LeakDecided { reason, .. } => vec![*reason],
            Self::Wished { question } => vec![question.reason],
            Self::DateAloneAsked {
                reason, message, ..
            } => vec![*reason, message.text],
            Self::LeakSuspected { what, how, plan } => vec![*what, *how, *plan],
            Self::ContextWorkedOut { record } => {
                let mut all = vec![record.party, record.circumstances];
                all.extend(record.outcome);
                all
            }
            Self::HandedOver { step, .. } => match step {
                HandOverStep::Open { party, contact, .. } => vec![*party, *contact],
                HandOverStep::Sent { note, .. }
                | HandOverStep::Answered { note }
                | HandOverStep::FixShared { note, .. } => vec![*note],
                HandOverStep::End { outcome } => vec![*outcome],
            },
            Self::ReportLinked { report, .. } => match &report.credit {
                CreditWish::Named(name) => vec![*name],
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
}
