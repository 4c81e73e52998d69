//! What the team asks of the reporter: to do without a promise, to wait longer for it, or
//! to end a case that is put aside before its review.
//!
//! Invariants: only the reporter's own yes to this very question has an effect, once, and
//! for exactly what was asked; a no and silence leave everything as it stands. Who handed a
//! report in has seen the code of its room, so that an answer there proves nothing: the
//! reporter of such a report cannot be asked, and so cannot agree.

use candor_base::{Instant, Refusal, RefusalCode};
use candor_calendar::extend;
use candor_policy::clocks::{ClockKey, ClockRule};

use super::aside::{push, said};
use crate::aside::{AsideEvent, Matter, Question, Wish};
use crate::clock::{CaseClock, ClockStatus};
use crate::draft::Draft;
use crate::event::Event;
use crate::hints::Hint;
use crate::parts::{Actor, IntakeChannel, TextRef};
use crate::state::CaseState;

/// Days that a reporter can agree to wait longer for one promise, in all.
pub(crate) const MOST_EXTRA_DAYS: u32 = 90;
/// Questions of this kind on one case.
const MOST: usize = 30;

/// Asks the reporter to wait so many days longer for a promise.
pub(super) fn longer(
    d: &mut Draft<'_>,
    clock: &str,
    days: u32,
    reason: TextRef,
) -> Result<(), Refusal> {
    let key = ClockKey(clock.to_owned());
    still_open(d, &key)?;
    if days == 0 {
        return Err(Refusal::new(
            RefusalCode::FieldMissing,
            "An extension needs a number of days and a reason.",
        ));
    }
    extended(d, &key, days)?;
    ask(d, Wish::Extend { clock: key, days }, reason)
}

/// Asks the reporter to do without a promise. A miss is never waived.
pub(super) fn without(d: &mut Draft<'_>, clock: &str, reason: TextRef) -> Result<(), Refusal> {
    let key = ClockKey(clock.to_owned());
    still_open(d, &key)?;
    ask(d, Wish::Waive { clock: key }, reason)
}

/// Asks the reporter whether a case that is put aside may end before its review.
pub(super) fn to_end(d: &mut Draft<'_>, reason: TextRef) -> Result<(), Refusal> {
    ask(d, Wish::EndDeferred, reason)
}

fn ask(d: &mut Draft<'_>, wish: Wish, reason: TextRef) -> Result<(), Refusal> {
    said(&reason, "Say why: the reporter reads it with the question.")?;
    let case = d.case()?;
    if case.facts.channel.came_elsewhere() {
        let why = if case.facts.channel == IntakeChannel::Github {
            "This report was filed on GitHub, and its reporter has no room here in which to answer."
        } else {
            "This report was handed in by the team, which has seen the code of its page: an answer \
             there would not prove that the reporter agrees."
        };
        return Err(
            Refusal::new(RefusalCode::ReporterNotAsked, why).instead("keep what was promised")
        );
    }
    let known = &case.around.questions;
    if known
        .iter()
        .any(|q| case.around.agreed(Matter::Question(q.number)).is_none() && q.wish == wish)
    {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "The reporter was asked this and has not answered yet.",
        )
        .instead("wait for the answer"));
    }
    if known.len() >= MOST {
        return Err(Refusal::new(
            RefusalCode::TooLarge,
            "The reporter was asked very often already. What was promised stays.",
        ));
    }
    let number = u32::try_from(known.len())
        .unwrap_or(u32::MAX)
        .saturating_add(1);
    push(
        d,
        AsideEvent::Wished {
            question: Question {
                number,
                wish,
                reason,
            },
        },
    );
    let matter = Matter::Question(number);
    push(d, AsideEvent::ConsentAsked { matter });
    Ok(())
}

/// The reporter's answer, and with a yes what it allows.
pub(super) fn answered(d: &mut Draft<'_>, number: u32, given: bool) -> Result<(), Refusal> {
    if d.ctx.actor != Actor::Reporter {
        return Err(Refusal::new(
            RefusalCode::NotAllowed,
            "Only the reporter can agree to this.",
        ));
    }
    let matter = Matter::Question(number);
    let case = d.case()?;
    if case.around.agreed(matter).is_some() {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "You answered this question already.",
        )
        .instead(Hint::Write));
    }
    let Some(question) = case.around.question(number).cloned() else {
        return Err(Refusal::new(
            RefusalCode::NotFound,
            "Nobody asked for this consent.",
        ));
    };
    let effect = if given { effect(d, &question)? } else { None };
    push(d, AsideEvent::ConsentAnswered { matter, given });
    if let Some(effect) = effect {
        d.push(effect);
    }
    Ok(())
}

fn effect(d: &Draft<'_>, question: &Question) -> Result<Option<Event>, Refusal> {
    Ok(match &question.wish {
        Wish::Waive { clock } => {
            still_open(d, clock)?;
            Some(Event::ClockWaived {
                clock: clock.clone(),
                reason: question.reason,
                consent: None,
            })
        }
        Wish::Extend { clock, days } => {
            still_open(d, clock)?;
            let (due, explanation) = extended(d, clock, *days)?;
            Some(Event::ClockMoved {
                clock: clock.clone(),
                due: Some(due),
                explanation,
                agreed: Some((question.reason, None)),
            })
        }
        Wish::EndDeferred => None,
    })
}

/// The promise, while it can still be kept in time.
fn still_open(d: &Draft<'_>, key: &ClockKey) -> Result<CaseClock, Refusal> {
    let found = super::close::promise_of(d, key)?;
    let running = matches!(found.status, ClockStatus::Running | ClockStatus::Paused);
    let passed = found.due.is_some_and(|due| d.now() > due);
    if running && !passed {
        return Ok(found);
    }
    Err(Refusal::new(
        RefusalCode::DeadlinePassed,
        "This can be agreed only while the promise is open, before it falls due.",
    )
    .instead("keep it as it stands"))
}

/// The later due instant, within what can be agreed in all.
fn extended(d: &Draft<'_>, key: &ClockKey, days: u32) -> Result<(Instant, Vec<String>), Refusal> {
    let found = super::close::promise_of(d, key)?;
    let (ClockRule::Within { rule } | ClockRule::Recurring { rule }) = &found.spec.rule else {
        return Err(Refusal::new(
            RefusalCode::WrongStage,
            "This promise follows the release calendar and cannot be extended by days.",
        ));
    };
    let sum = agreed_days(d.case()?, key).saturating_add(days);
    if sum > MOST_EXTRA_DAYS {
        return Err(Refusal::new(
            RefusalCode::TooLarge,
            format!("One promise can be extended by {MOST_EXTRA_DAYS} days in all."),
        )
        .instead("ask for fewer days")
        .instead("let it be missed, and say so"));
    }
    let Some(due) = found.due else {
        return Err(Refusal::new(
            RefusalCode::WrongStage,
            "This promise has no date yet, so there is nothing to extend.",
        ));
    };
    let new = extend(due, rule, days, &d.calendar).map_err(|e| {
        Refusal::new(
            RefusalCode::FieldInvalid,
            format!("This is not possible: {e}."),
        )
    })?;
    let day = candor_calendar::show_date(d.calendar.local_date(d.now()));
    let mut explanation = found.explanation;
    explanation.push(format!("the reporter agreed to more time on {day}"));
    explanation.extend(new.explanation);
    Ok((new.at, explanation))
}

/// Days that the reporter agreed to so far for this promise.
fn agreed_days(case: &CaseState, key: &ClockKey) -> u32 {
    let questions = case.around.questions.iter();
    questions
        .filter(|q| case.around.agreed(Matter::Question(q.number)) == Some(true))
        .filter_map(|q| match &q.wish {
            Wish::Extend { clock, days } if clock == key => Some(*days),
            _ => None,
        })
        .fold(0, u32::saturating_add)
}
