//! Turning a report down, duplicates, objections, and the score beside the word.

use candor_base::{CaseId, CaseRef, Instant, Refusal, RefusalCode};
use candor_policy::model::{ScopeTopic, Severity, Support};
use candor_score::{SeverityWord, Vector, bands_apart};

use super::talk::not_empty;
use super::triage::{has_clause, no_clause};
use crate::command::SupportClaim;
use crate::draft::Draft;
use crate::event::Event;
use crate::hints::Hint;
use crate::parts::{
    Actor, Assessment, MessageKind, MessageRef, RejectionGround, Reproduction, SupportedTest,
    Verdict,
};
use crate::state::CaseState;
use crate::wakeup::REMIND_AFTER_DAYS;

/// A reason has at least this many characters: a paragraph, not a word (S4-23).
const REASON_CHARS: u32 = 80;

pub(super) fn reject(
    d: &mut Draft<'_>,
    ground: &RejectionGround,
    is_vulnerability: Verdict,
    reason: &MessageRef,
    keep_as_suggestion: bool,
) -> Result<(), Refusal> {
    if reason.text.chars < REASON_CHARS {
        return Err(Refusal::new(
            RefusalCode::FieldMissing,
            format!("The reporter is owed a reason of at least {REASON_CHARS} characters."),
        )
        .instead("write why, in a short paragraph"));
    }
    check_ground(d, ground, is_vulnerability)?;
    super::aside::contexts_are_worked_out(d)?;
    d.push(Event::Rejected {
        ground: ground.clone(),
        is_vulnerability,
        reason: reason.clone(),
        keep_as_suggestion,
    });
    if keep_as_suggestion {
        super::aside::ask_for_suggestion(d);
    }
    Ok(())
}

fn check_ground(
    d: &Draft<'_>,
    ground: &RejectionGround,
    is_vulnerability: Verdict,
) -> Result<(), Refusal> {
    let policy = &d.ctx.policy.policy;
    match ground {
        RejectionGround::OutOfScope { clause } => {
            let item = policy
                .out_of_scope
                .iter()
                .find(|c| c.id == *clause)
                .ok_or_else(|| no_clause(clause))?;
            check_topic(d.case()?, item.value.topic, is_vulnerability)
        }
        RejectionGround::UnsupportedVersion { clause, tested } => {
            let unsupported = |s: Support| s == Support::None;
            if !policy
                .versions
                .iter()
                .any(|c| c.id == *clause && unsupported(c.value.support))
            {
                return Err(no_clause(clause));
            }
            match tested {
                SupportedTest::NotSaid => tried_supported(d.case()?),
                SupportedTest::NotAffected | SupportedTest::NotPossible => Ok(()),
                SupportedTest::Affected => Err(Refusal::new(
                    RefusalCode::WrongStage,
                    "A supported version is affected too, so the version is no reason to turn the report down.",
                )
                .instead(Hint::Accept)
                .instead("choose another ground")),
            }
        }
        RejectionGround::KnownUpstream {
            clause: Some(clause),
        } if !has_clause(&policy.out_of_scope, clause) => Err(no_clause(clause)),
        RejectionGround::NotAVulnerability | RejectionGround::NotSecurity
            if is_vulnerability == Verdict::Yes =>
        {
            Err(Refusal::new(
                RefusalCode::FieldInvalid,
                "This ground says that it is no vulnerability, and the answer beside it says that it is one.",
            )
            .instead("choose another ground, or answer no"))
        }
        RejectionGround::Incomplete => incomplete(d.case()?),
        _ => Ok(()),
    }
}

fn check_topic(
    case: &CaseState,
    topic: ScopeTopic,
    is_vulnerability: Verdict,
) -> Result<(), Refusal> {
    match topic {
        // Out of scope is not "no vulnerability": someone else may assign a CVE id (K8).
        ScopeTopic::UnsafeDefaults if is_vulnerability == Verdict::Unclear => Err(Refusal::new(
            RefusalCode::FieldMissing,
            "The policy will not act on unsafe defaults; whether this is a vulnerability is a question of its own. Please answer it.",
        )
        .instead("answer whether it is a vulnerability")),
        // A flaw in the code may be what makes the service fall over (S1-27).
        ScopeTopic::DenialOfService if !was_asked(case) => Err(Refusal::new(
            RefusalCode::ReporterNotAsked,
            "A flaw in the code may cause this denial of service. Ask the reporter before turning the report down.",
        )
        .instead(Hint::AskAboutFlaw)),
        _ => Ok(()),
    }
}

/// The team asked the reporter something at least once.
pub(super) fn was_asked(case: &CaseState) -> bool {
    case.messages
        .iter()
        .any(|m| m.kind == MessageKind::Question && matches!(m.from, Actor::Team(_)))
}

/// Whether a supported version is affected too was asked, on the form or since (S0-01).
fn tried_supported(case: &CaseState) -> Result<(), Refusal> {
    let answered = matches!(
        case.facts.support,
        SupportClaim::Unsupported {
            tried_supported: Some(_),
            ..
        }
    );
    if answered || was_asked(case) {
        Ok(())
    } else {
        Err(Refusal::new(
            RefusalCode::ReporterNotAsked,
            "Nobody asked yet whether a supported version is affected too.",
        )
        .instead(Hint::AskToTrySupported))
    }
}

/// Only after the reminders of an open question (S3-08).
fn incomplete(case: &CaseState) -> Result<(), Refusal> {
    let reproduced = case
        .assessment
        .as_ref()
        .is_some_and(|(a, _, _)| matches!(a.reproduction, Reproduction::Record(_)));
    if reproduced {
        return Err(Refusal::new(
            RefusalCode::WrongStage,
            "The report could be reproduced: it can be worked on without the reporter's answer.",
        )
        .instead(Hint::GoOn));
    }
    if case.missing.is_empty() && case.asked_at.is_none() {
        return Err(Refusal::new(
            RefusalCode::FieldInvalid,
            "Nothing is missing from this report.",
        ));
    }
    if case.asked_at.is_none() {
        return Err(Refusal::new(
            RefusalCode::ReporterNotAsked,
            "The reporter was not asked for what is missing.",
        )
        .instead(Hint::AskForMissing));
    }
    if usize::from(case.reminders) < REMIND_AFTER_DAYS.len() {
        return Err(Refusal::new(
            RefusalCode::TooEarly,
            "The reporter still has time to answer: the last reminder goes out 30 days after the question.",
        )
        .instead("wait for the answer"));
    }
    Ok(())
}

pub(super) fn duplicate(
    d: &mut Draft<'_>,
    of: CaseId,
    reference: &CaseRef,
    original_received: Instant,
    message: &MessageRef,
) -> Result<(), Refusal> {
    let case = d.case()?;
    if of == case.facts.case {
        return Err(Refusal::new(
            RefusalCode::FieldInvalid,
            "A case is no duplicate of itself.",
        ));
    }
    // Two reports of one second: the reference decides which of them leads, one way only.
    if (original_received, reference) >= (case.received, &case.facts.reference) {
        return Err(Refusal::new(
            RefusalCode::FieldInvalid,
            "The other case is not older than this one.",
        )
        .instead("mark the other case as the duplicate"));
    }
    not_empty(message)?;
    d.push(Event::MarkedDuplicate {
        of,
        reference: reference.clone(),
        message: message.clone(),
    });
    Ok(())
}

pub(super) fn decide_objection(
    d: &mut Draft<'_>,
    uphold: bool,
    reason: &MessageRef,
) -> Result<(), Refusal> {
    not_empty(reason)?;
    let by_another = d
        .case()?
        .rejection
        .as_ref()
        .is_some_and(|r| r.by != d.ctx.actor);
    if !by_another && d.ctx.has_second_person() {
        return Err(Refusal::new(
            RefusalCode::SecondPersonNeeded,
            "Another person than who turned the report down decides on the objection.",
        )
        .instead("ask another person of the team"));
    }
    d.push(Event::ObjectionDecided {
        upheld: uphold,
        reason: reason.clone(),
        by_another,
    });
    Ok(())
}

/// The policy's word rules; where the score stands in another band, a note says why
/// (`domain.md` 4.2).
pub(super) fn check_score(assessment: &Assessment) -> Result<(), Refusal> {
    let Some(text) = &assessment.cvss else {
        return Ok(());
    };
    let vector = Vector::parse(text)
        .map_err(|e| Refusal::new(RefusalCode::FieldInvalid, format!("CVSS: {e}.")))?;
    let Some(severity) = assessment.severity else {
        return Ok(());
    };
    let word = match severity {
        Severity::Low => SeverityWord::Low,
        Severity::Medium => SeverityWord::Medium,
        Severity::High => SeverityWord::High,
        Severity::Critical => SeverityWord::Critical,
    };
    if bands_apart(word, vector.score().band()) > 0 && assessment.difference_note.is_none() {
        return Err(Refusal::new(
            RefusalCode::FieldMissing,
            "The policy's severity word and the CVSS score fall into different bands. Say why in a note.",
        )
        .instead("add a note on the difference")
        .instead("correct the word or the vector"));
    }
    Ok(())
}
