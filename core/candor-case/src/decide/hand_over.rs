//! Handing a case over to another party: the project upstream, an application, an
//! operator (P-25, S2-22, S4-21).
//!
//! Invariants: the report itself goes to nobody without the reporter's consent; a party
//! is told before it can answer; what ended takes no more steps.

use candor_base::{Refusal, RefusalCode};

use super::aside::{push, said};
use crate::aside::{AsideEvent, HandOver, HandOverStep, Matter};
use crate::draft::Draft;
use crate::hints::Hint;
use crate::state::CaseState;

/// Parties of one case.
const MOST: usize = 30;

pub(super) fn step(
    d: &mut Draft<'_>,
    number: Option<u32>,
    step: &HandOverStep,
) -> Result<(), Refusal> {
    if let HandOverStep::Open { ask_reporter, .. } = step {
        return open(d, step, *ask_reporter);
    }
    let found = number.and_then(|n| d.case().ok()?.around.hand_over(n).cloned());
    let Some(found) = found else {
        return Err(Refusal::new(
            RefusalCode::NotFound,
            "This party is not named on the case.",
        )
        .instead(Hint::NameParty));
    };
    check(d, &found, step)?;
    push(
        d,
        AsideEvent::HandedOver {
            number: found.number,
            step: step.clone(),
        },
    );
    Ok(())
}

fn open(d: &mut Draft<'_>, step: &HandOverStep, ask_reporter: bool) -> Result<(), Refusal> {
    let HandOverStep::Open { party, contact, .. } = step else {
        return Ok(());
    };
    said(party, "Name the party.")?;
    said(contact, "Say by which private channel it is reached.")?;
    let known = &d.case()?.around.hand_overs;
    if known.len() >= MOST {
        return Err(Refusal::new(
            RefusalCode::TooLarge,
            "This case has as many parties as it can take.",
        ));
    }
    if known
        .iter()
        .any(|h| h.ended.is_none() && h.party.sha256 == party.sha256)
    {
        return Err(
            Refusal::new(RefusalCode::AlreadyDone, "This party is named already.")
                .instead(Hint::NextStepWithParty),
        );
    }
    let number = u32::try_from(known.len())
        .unwrap_or(u32::MAX)
        .saturating_add(1);
    push(
        d,
        AsideEvent::HandedOver {
            number,
            step: step.clone(),
        },
    );
    if ask_reporter {
        push(
            d,
            AsideEvent::ConsentAsked {
                matter: Matter::HandOver(number),
            },
        );
    }
    Ok(())
}

fn check(d: &Draft<'_>, found: &HandOver, step: &HandOverStep) -> Result<(), Refusal> {
    if found.ended.is_some() {
        return Err(Refusal::new(
            RefusalCode::WrongStage,
            "Nothing more was to be done with this party.",
        )
        .instead("name it again"));
    }
    match step {
        HandOverStep::Open { .. } => Ok(()),
        HandOverStep::Sent {
            at,
            with_report,
            note,
        } => {
            said(note, "Write down what was sent.")?;
            if *at > d.now() || *at < d.case()?.received {
                return Err(Refusal::new(
                    RefusalCode::FieldInvalid,
                    "The moment at which it was sent lies in the future, or before the report came in.",
                ));
            }
            if *with_report {
                consented(d.case()?, found)?;
            }
            Ok(())
        }
        HandOverStep::Answered { note } => {
            said(note, "Write down what it answered.")?;
            told(found)
        }
        HandOverStep::FixShared { note, .. } => {
            said(note, "Write down how the fix was shared, or why not.")?;
            told(found)
        }
        HandOverStep::End { outcome } => said(outcome, "Write down what came out."),
    }
}

fn told(found: &HandOver) -> Result<(), Refusal> {
    if found.sent.is_some() {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::WrongStage,
        "This party was not told anything yet.",
    )
    .instead(Hint::SentToParty))
}

/// The reporter's words go to others only with a yes.
fn consented(case: &CaseState, found: &HandOver) -> Result<(), Refusal> {
    let matter = Matter::HandOver(found.number);
    match case.around.agreed(matter) {
        Some(true) => Ok(()),
        Some(false) => Err(Refusal::new(
            RefusalCode::ReporterNotAsked,
            "The reporter does not want the report to be handed over.",
        )
        .instead(Hint::TellPartyInOwnWords)),
        None => Err(Refusal::new(
            RefusalCode::ReporterNotAsked,
            "The report itself is handed over only with the reporter's consent, and there is no answer yet.",
        )
        .instead(Hint::TellPartyInOwnWords)
        .instead("wait for the reporter's answer")),
    }
}

/// A case ends once nothing waits for another party.
pub(super) fn none_open(case: &CaseState) -> Result<(), Refusal> {
    if case.around.hand_overs.iter().all(|h| h.ended.is_some()) {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::WrongStage,
        "The case was handed over to another party, and it is not written down what came out.",
    )
    .instead(Hint::EndWithParty))
}
