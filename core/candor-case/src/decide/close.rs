//! Ends and new beginnings: close, reopen, alarms seen, findings on duties, mail outcomes.

use candor_base::{Refusal, RefusalCode};
use candor_calendar::show;
use candor_policy::clocks::ClockKey;
use candor_policy::model::{ClauseId, DisclosureKind, Policy};

use super::embargo;
use super::triage::{has_clause, no_clause};
use crate::alarm;
use crate::aside::{Matter, Wish};
use crate::clock::CaseClock;
use crate::draft::Draft;
use crate::event::Event;
use crate::gate::{OBJECTION_DAYS, open_objection};
use crate::hints::Hint;
use crate::parts::{Actor, CloseReason, MessageKind, TextRef};
use crate::state::CaseState;

pub(super) fn close(
    d: &mut Draft<'_>,
    reason: CloseReason,
    note: Option<TextRef>,
) -> Result<(), Refusal> {
    let fits = match reason {
        CloseReason::Disclosed => disclosed(d),
        CloseReason::Rejected => rejected(d),
        CloseReason::Duplicate => must(
            d.case()?.duplicate_of.is_some(),
            "This case is not marked as a duplicate.",
        ),
        CloseReason::Withdrawn => must(
            d.case()?.withdrawn.is_some(),
            "The reporter did not withdraw the report.",
        ),
        CloseReason::FixedInternally => fixed_internally(d, note.as_ref()),
        CloseReason::Deferred => deferred(d, note.as_ref()),
    };
    fits?;
    super::hand_over::none_open(d.case()?)?;
    crate::cve::none_open(d.case()?)?;
    d.push(Event::Closed { reason, note });
    match reason {
        CloseReason::Rejected | CloseReason::Withdrawn => {
            // The project has nothing to hold back, so nobody is bound any more.
            embargo::exit(d, None)?;
            embargo::free(d)
        }
        // Neither fixed nor public: who is bound stays bound until the date (EM-8).
        CloseReason::Deferred if !d.case()?.embargo.state.is_in_force() => {
            embargo::exit(d, None)?;
            embargo::free(d)
        }
        _ => Ok(()),
    }
}

fn must(holds: bool, why: &str) -> Result<(), Refusal> {
    if holds {
        Ok(())
    } else {
        Err(Refusal::new(RefusalCode::WrongStage, why).instead("choose the reason that fits"))
    }
}

fn disclosed(d: &Draft<'_>) -> Result<(), Refusal> {
    let case = d.case()?;
    if case.advisory.published_draft.is_none() {
        return Err(not_public_yet(d, case));
    }
    let open: Vec<&str> = d
        .ctx
        .policy
        .policy
        .outlets
        .iter()
        .filter(|o| !case.outlets.contains_key(&o.id))
        .map(|o| o.value.name.as_str())
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::OutletOpen,
        format!(
            "The policy names these places, and they have no answer yet: {}.",
            open.join(", ")
        ),
    )
    .instead(Hint::AnswerOutlet))
}

fn rejected(d: &Draft<'_>) -> Result<(), Refusal> {
    let case = d.case()?;
    let Some(rejection) = &case.rejection else {
        return must(false, "The report was not turned down.");
    };
    if open_objection(case) {
        return Err(Refusal::new(
            RefusalCode::WrongStage,
            "The reporter's objection is not decided.",
        )
        .instead(Hint::DecideObjection));
    }
    let over = rejection.at.plus_seconds(OBJECTION_DAYS * 86_400);
    if case.objection.is_none() && d.now() <= over {
        return Err(Refusal::new(
            RefusalCode::TooEarly,
            format!("The reporter can object until {over}."),
        )
        .instead("close the case after that"));
    }
    Ok(())
}

/// Put aside, told so, and nobody will take it up again.
fn deferred(d: &Draft<'_>, note: Option<&TextRef>) -> Result<(), Refusal> {
    let case = d.case()?;
    let Some(deferral) = &case.around.deferral else {
        return must(false, "This case was not put aside.");
    };
    let agreed = case.around.questions.iter().any(|q| {
        q.wish == Wish::EndDeferred
            && case.around.consents.iter().any(|c| {
                c.matter == Matter::Question(q.number)
                    && c.answer.is_some_and(|(yes, at)| yes && at >= deferral.at)
            })
    });
    if d.now() < deferral.review && !agreed {
        return Err(Refusal::new(
            RefusalCode::TooEarly,
            format!(
                "The reporter was told that the case is looked at again on {}.",
                show(deferral.review, &d.calendar)
            ),
        )
        .instead("end it after that day")
        .instead(Hint::AskToEnd)
        .instead(Hint::Resume));
    }
    if note.is_none_or(|n| n.chars == 0) {
        return Err(Refusal::new(
            RefusalCode::FieldMissing,
            "Ending a case that is valid and not fixed needs a reason.",
        )
        .instead("say why it will not be worked on"));
    }
    Ok(())
}

/// Whether the policy lets a fix stay internal.
pub(crate) fn may_stay_internal(policy: &Policy) -> bool {
    let rules = &policy.disclosure;
    rules
        .iter()
        .any(|c| c.value.rule == DisclosureKind::MayStayInternal)
}

/// Why a case that is worked on does not end yet, and what comes before each end.
fn not_public_yet(d: &Draft<'_>, case: &CaseState) -> Refusal {
    let mut words = "The advisory is not public yet.".to_owned();
    if may_stay_internal(&d.ctx.policy.policy) {
        let before: Vec<&str> = [
            (
                case.fix_released.is_none(),
                "the fix is released on every branch",
            ),
            (
                !told_since_fix(case),
                "the reporter is told that decision after it",
            ),
            (
                d.ctx.has_second_person(),
                "another person than the lead closes the case, with the reason",
            ),
        ]
        .into_iter()
        .filter_map(|(open, words)| open.then_some(words))
        .collect();
        words.push_str(" By the policy a fix may also stay internal");
        if !before.is_empty() {
            words.push_str("; before that, ");
            words.push_str(&before.join(", then "));
        }
        words.push('.');
    }
    Refusal::new(RefusalCode::WrongStage, words).instead(Hint::PublishAdvisory)
}

/// Fixed without publication, where the policy allows it (S4-04).
fn fixed_internally(d: &Draft<'_>, note: Option<&TextRef>) -> Result<(), Refusal> {
    let case = d.case()?;
    must(
        may_stay_internal(&d.ctx.policy.policy),
        "The policy does not say that a fix may stay internal.",
    )?;
    must(
        case.fix_released.is_some() && case.advisory.published.is_none(),
        "This end is for a fix that is released and not published.",
    )?;
    if case.advisory.draft.as_ref().is_some_and(|a| a.has_cve) {
        return Err(Refusal::new(
            RefusalCode::EvidenceMissing,
            "The draft names a CVE id. An id for what stays internal is given back: it is rejected by who assigned it.",
        )
        .instead(Hint::TakeOutCve)
        .instead(Hint::PublishAdvisory));
    }
    if note.is_none_or(|n| n.chars == 0) {
        return Err(Refusal::new(
            RefusalCode::FieldMissing,
            "Keeping it internal needs a reason.",
        )
        .instead("say why it is not published"));
    }
    if case
        .lead
        .is_some_and(|lead| d.ctx.actor == Actor::Team(lead))
        && d.ctx.has_second_person()
    {
        return Err(Refusal::new(
            RefusalCode::SecondPersonNeeded,
            "Another person than the lead decides that a fix stays internal.",
        )
        .instead("ask another person of the team"));
    }
    if told_since_fix(case) {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::ReporterNotAsked,
        "The reporter was not told that the fix stays internal.",
    )
    .instead(Hint::TellDecision))
}

fn told_since_fix(case: &CaseState) -> bool {
    case.messages.iter().any(|m| {
        m.kind == MessageKind::Decision
            && matches!(m.from, Actor::Team(_))
            && case.fix_released.is_some_and(|at| m.at >= at)
    })
}

pub(super) fn reopen(d: &mut Draft<'_>, reason: TextRef) -> Result<(), Refusal> {
    if reason.chars == 0 {
        return Err(Refusal::new(
            RefusalCode::FieldMissing,
            "Opening a case again needs the new fact, or the reason to go on.",
        )
        .instead("say what is new, or why the team goes on"));
    }
    d.push(Event::Reopened { reason });
    Ok(())
}

/// The promise of this key.
pub(super) fn promise_of(d: &Draft<'_>, key: &ClockKey) -> Result<CaseClock, Refusal> {
    d.case()?.clocks.get(key).cloned().ok_or_else(|| {
        Refusal::new(
            RefusalCode::NotFound,
            "There is no such promise on this case.",
        )
    })
}

/// "I have seen it": the alarm stops climbing, the miss stays.
pub(super) fn answer_alarm(d: &mut Draft<'_>, clock: &str) -> Result<(), Refusal> {
    let key = ClockKey(clock.to_owned());
    let found = promise_of(d, &key)?;
    if alarm::open(d.case()?, &found).is_none() {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "There is no open alarm about this promise.",
        ));
    }
    d.push(Event::AlarmAnswered { clock: key });
    Ok(())
}

pub(super) fn record_breach(
    d: &mut Draft<'_>,
    duty: &ClauseId,
    finding: TextRef,
) -> Result<(), Refusal> {
    if !has_clause(&d.ctx.policy.policy.duties, duty) {
        return Err(no_clause(duty));
    }
    if finding.chars == 0 {
        return Err(Refusal::new(
            RefusalCode::FieldMissing,
            "A finding needs the words of the person who makes it.",
        ));
    }
    d.push(Event::BreachRecorded {
        duty: duty.clone(),
        finding,
    });
    Ok(())
}
