//! What the reporter does in the room.

use std::collections::BTreeSet;

use candor_base::{Digest, Refusal, RefusalCode};
use candor_policy::clocks::MetBy;
use candor_policy::model::ContentKey;

use super::aside::push;
use super::talk::{not_a_flood, not_empty};
use crate::aside::{AsideEvent, KeyChoice};
use crate::credit::{self, CreditKind, OtherCredit};
use crate::draft::{Context, Draft};
use crate::event::Event;
use crate::hints::Hint;
use crate::parts::{Actor, CloseReason, CreditWish, MessageRef, RejectionGround, TextRef};
use crate::state::CaseState;

/// A report that was closed as incomplete is opened again by its answer (S3-08).
pub(crate) fn supply_fits(case: &CaseState) -> Result<(), Refusal> {
    let closed_for_lack = matches!(case.closed, Some((_, CloseReason::Rejected)))
        && matches!(
            case.rejection.as_ref().map(|r| &r.ground),
            Some(RejectionGround::Incomplete)
        );
    if case.closed.is_some() && !closed_for_lack {
        return Err(Refusal::new(RefusalCode::WrongStage, "The case is closed.")
            .instead(Hint::WriteWhatIsNew));
    }
    Ok(())
}

pub(super) fn supply(
    d: &mut Draft<'_>,
    items: &BTreeSet<ContentKey>,
    message: &MessageRef,
) -> Result<(), Refusal> {
    not_empty(message)?;
    if d.ctx.actor == Actor::Reporter {
        not_a_flood(d)?;
    }
    if d.case()?.closed.is_some() {
        d.push(Event::Reopened {
            reason: message.text,
        });
    }
    d.push(Event::Supplied {
        items: items.clone(),
        message: message.clone(),
    });
    super::aside::answered_after_all(d)
}

pub(super) fn object(d: &mut Draft<'_>, reason: &MessageRef) -> Result<(), Refusal> {
    not_empty(reason)?;
    d.push(Event::Objected {
        reason: reason.clone(),
    });
    Ok(())
}

pub(super) fn choose_credit(
    d: &mut Draft<'_>,
    wish: &CreditWish,
    kind: CreditKind,
) -> Result<(), Refusal> {
    if matches!(wish, CreditWish::Named(name) if name.chars == 0) {
        return Err(Refusal::new(
            RefusalCode::FieldMissing,
            "Write the name or handle that you want to see, or choose to stay anonymous.",
        ));
    }
    if d.case()?.credit == *wish && d.case()?.credit_kind == kind {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "This is your answer already.",
        ));
    }
    d.push(Event::CreditChosen {
        wish: wish.clone(),
        kind,
    });
    Ok(())
}

/// Only the reporter names the key for letters to the reporter, and nothing else replaces it:
/// who could do so by a mail would read what is meant for somebody else.
pub(super) fn choose_key(d: &mut Draft<'_>, key: Option<TextRef>) -> Result<(), Refusal> {
    let same = match (d.case()?.around.key, key) {
        (KeyChoice::Named(old), Some(new)) => old.sha256 == new.sha256,
        (KeyChoice::TakenBack, None) => true,
        _ => false,
    };
    if same {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "This is your answer already.",
        ));
    }
    push(d, AsideEvent::KeyChosen { key });
    Ok(())
}

pub(super) fn add_credit(d: &mut Draft<'_>, credit: &OtherCredit) -> Result<(), Refusal> {
    credit::check(d.case()?, credit)?;
    d.push(Event::CreditAdded { credit: *credit });
    Ok(())
}

pub(super) fn remove_credit(
    d: &mut Draft<'_>,
    name: Digest,
    kind: CreditKind,
) -> Result<(), Refusal> {
    let credits = &d.case()?.credits;
    if !credits
        .iter()
        .any(|c| c.name.sha256 == name && c.kind == kind)
    {
        return Err(Refusal::new(
            RefusalCode::NotFound,
            "Nobody of this name is thanked for this.",
        ));
    }
    d.push(Event::CreditRemoved { name, kind });
    Ok(())
}

/// Once the first answer is overdue (S1-21).
pub(crate) fn follow_up_fits(case: &CaseState, ctx: &Context<'_>) -> Result<(), Refusal> {
    if case.acknowledged.is_some() {
        return Err(
            Refusal::new(RefusalCode::AlreadyDone, "Your report was answered.")
                .instead(Hint::Write),
        );
    }
    let overdue = case
        .clocks
        .values()
        .filter(|c| matches!(c.spec.met_by, MetBy::HumanMessage | MetBy::PlanMessage))
        .any(|c| c.is_open() && c.due.is_some_and(|due| ctx.now > due));
    if overdue {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::TooEarly,
        "The time for the first answer is not over yet.",
    )
    .instead(Hint::Write))
}

pub(super) fn follow_up(d: &mut Draft<'_>, message: Option<&MessageRef>) -> Result<(), Refusal> {
    message.map_or(Ok(()), not_empty)?;
    d.push(Event::FollowedUp {
        message: message.cloned(),
    });
    Ok(())
}

pub(super) fn withdraw(d: &mut Draft<'_>, message: Option<&MessageRef>) -> Result<(), Refusal> {
    message.map_or(Ok(()), not_empty)?;
    let own = d.case()?.embargo.proposal.as_ref();
    if own.is_some_and(|p| p.by == Actor::Reporter) {
        // Nobody is left to agree with: the reporter's open proposal lapses.
        d.push(Event::DateDeclined { reason: None });
    }
    d.push(Event::Withdrawn {
        message: message.cloned(),
    });
    Ok(())
}
