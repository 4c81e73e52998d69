//! The advisory draft, its first look, and the outlets.

use candor_base::{Digest, Refusal, RefusalCode};
use candor_policy::model::ClauseId;

use super::fix::wants_mitigation;
use super::triage::{has_clause, no_clause};
use crate::command::AdvisoryDraftRef;
use crate::draft::Draft;
use crate::event::Event;
use crate::parts::OutletAnswer;

pub(super) fn save(d: &mut Draft<'_>, draft: &AdvisoryDraftRef) -> Result<(), Refusal> {
    if d.case()?.advisory.draft.as_ref() == Some(draft) {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "The draft is saved as it stands.",
        ));
    }
    d.push(Event::DraftSaved {
        draft: draft.clone(),
    });
    Ok(())
}

pub(super) fn approve(d: &mut Draft<'_>, digest: Digest) -> Result<(), Refusal> {
    complete_draft(d, digest)?;
    let approved = &d.case()?.advisory.approved;
    if approved.is_some_and(|(seen, by, _)| seen == digest && by == d.ctx.actor) {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "You have approved this draft already.",
        )
        .instead("publish"));
    }
    d.push(Event::Approved { draft: digest });
    Ok(())
}

/// The draft as it stands has this digest and lacks nothing.
pub(super) fn complete_draft(d: &Draft<'_>, digest: Digest) -> Result<(), Refusal> {
    let Some(draft) = &d.case()?.advisory.draft else {
        return Err(Refusal::new(
            RefusalCode::AdvisoryIncomplete,
            "There is no advisory draft yet.",
        )
        .instead("write the advisory"));
    };
    if draft.text.sha256 != digest {
        return Err(Refusal::new(
            RefusalCode::AdvisoryChanged,
            "The draft was changed in the meantime. Please read it again.",
        )
        .instead("read the draft as it stands"));
    }
    if !draft.missing.is_empty() {
        return Err(Refusal::new(
            RefusalCode::AdvisoryIncomplete,
            format!("The advisory still lacks: {}.", draft.missing.join(", ")),
        )
        .instead("complete the advisory"));
    }
    if wants_mitigation(&d.ctx.policy.policy) && !draft.has_mitigation {
        return Err(Refusal::new(
            RefusalCode::AdvisoryIncomplete,
            "The policy promises steps for users who cannot update yet: the advisory has none and does not say so.",
        )
        .instead("add mitigation steps, or say that none are known"));
    }
    Ok(())
}

pub(super) fn answer_outlet(
    d: &mut Draft<'_>,
    outlet: &ClauseId,
    answer: &OutletAnswer,
) -> Result<(), Refusal> {
    if !has_clause(&d.ctx.policy.policy.outlets, outlet) {
        return Err(no_clause(outlet));
    }
    match answer {
        OutletAnswer::Sent { .. } if d.case()?.advisory.published.is_none() => {
            return Err(Refusal::new(
                RefusalCode::WrongStage,
                "Nothing is announced anywhere before the advisory is public.",
            )
            .instead("publish the advisory first"));
        }
        OutletAnswer::Waived { reason } if reason.chars == 0 => {
            return Err(Refusal::new(
                RefusalCode::FieldMissing,
                "Leaving out a place that the policy names needs a reason.",
            )
            .instead("say why it is left out"));
        }
        _ => {}
    }
    if d.case()?.outlets.get(outlet) == Some(answer) {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "This outlet is answered already.",
        ));
    }
    d.push(Event::OutletAnswered {
        outlet: outlet.clone(),
        answer: answer.clone(),
    });
    Ok(())
}
