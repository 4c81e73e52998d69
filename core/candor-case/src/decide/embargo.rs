//! The embargo: proposals, answers, facts (EM-1 to EM-10).
//!
//! Invariants: at most one embargo; old terms hold while others are proposed; the
//! shorter of two wishes holds; none while the matter is public or attacked.

use candor_base::{Instant, Refusal, RefusalCode};
use candor_calendar::show;
use candor_policy::model::{Policy, StepStage};

use super::talk::not_empty;
use crate::accord::Side;
use crate::aside::AsideEvent;
use crate::command::DateAnswer;
use crate::draft::Draft;
use crate::event::Event;
use crate::hints::Hint;
use crate::model::cs::Letter;
use crate::parts::{Actor, AttackFact, MessageRef, TextRef};
use crate::planned;
use crate::state::{CaseState, EmbargoState};

/// An embargo that begins when a fix is ready lasts so many days at most (Q9).
const SHORT_DAYS: i64 = 7;
/// No date is taken that lies further away; a typing error, most likely.
const FURTHEST_DAYS: i64 = 5 * 366;
/// Whoever did not agree to a date learns of it so many hours before.
const NOTICE_HOURS: i64 = 72;
const DAY: i64 = 86_400;

/// Whether an embargo may be negotiated at all (EM-2).
pub(super) fn possible(case: &CaseState) -> Result<(), Refusal> {
    if case.is_public_knowledge() {
        return Err(Refusal::new(
            RefusalCode::EmbargoImpossible,
            "The matter is public: there is nothing left to hold back.",
        )
        .instead(Hint::PublishSoon));
    }
    if case.course().has(Letter::AttacksObserved) {
        return Err(Refusal::new(
            RefusalCode::EmbargoImpossible,
            "Attacks were observed: waiting would help only the attackers.",
        )
        .instead(Hint::PublishSoon));
    }
    if case.embargo.state == EmbargoState::Exited {
        return Err(Refusal::new(
            RefusalCode::EmbargoImpossible,
            "The embargo of this case is over; nobody is bound any more.",
        )
        .instead(Hint::Publish));
    }
    Ok(())
}

/// Whether there is a proposal of the other side to answer.
pub(crate) fn answerable(case: &CaseState, actor: Actor) -> Result<(), Refusal> {
    let Some(proposal) = &case.embargo.proposal else {
        return Err(
            Refusal::new(RefusalCode::NotFound, "No date is proposed at the moment.")
                .instead(Hint::ProposeDate),
        );
    };
    let side = Side::of(actor);
    if side == Side::of(proposal.by) {
        return Err(Refusal::new(
            RefusalCode::NotAllowed,
            "This date was proposed by your own side; the other side answers.",
        )
        .instead("wait for the answer")
        .instead(Hint::ProposeAnother));
    }
    if side.is_some_and(|side| proposal.taken.contains(&side)) {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "Your side took this date already; others have not answered yet.",
        )
        .instead("wait for the others")
        .instead(Hint::ProposeAnother));
    }
    if matches!(actor, Actor::Party(number) if !proposal.asked.contains(&number)) {
        return Err(not_asked());
    }
    has_a_say(case, actor)?;
    possible(case)
}

fn not_asked() -> Refusal {
    Refusal::new(
        RefusalCode::NotAllowed,
        "Vendors and coordinators that took the terms have a say about the date.",
    )
    .instead(Hint::AnswerTerms)
    .instead(Hint::Write)
}

/// Parties speak about dates while they are bound by the terms that hold.
fn has_a_say(case: &CaseState, actor: Actor) -> Result<(), Refusal> {
    match actor {
        Actor::Party(number) if !case.parties_asked().contains(&number) => Err(not_asked()),
        _ => Ok(()),
    }
}

/// Whether this side may name a date now.
pub(crate) fn proposable(case: &CaseState, actor: Actor) -> Result<(), Refusal> {
    has_a_say(case, actor)?;
    if actor == Actor::Reporter && case.reporter_is_outside() {
        return Err(Refusal::new(
            RefusalCode::NotAllowed,
            "You left the embargo, so the others agree on its date without you.",
        )
        .instead("take a date that the project proposes, to be part of it again")
        .instead(Hint::Write));
    }
    possible(case)
}

/// Whether the planned date can be told: there is one, and where the policy puts
/// the advisory before the notice, the advisory is written (S0-34, S0-35).
pub(super) fn may_notify(d: &Draft<'_>) -> Result<(), Refusal> {
    let case = d.case()?;
    if case.embargo.until.is_none() && case.embargo.proposal.is_none() {
        return Err(
            Refusal::new(RefusalCode::NotFound, "There is no date to tell yet.")
                .instead(Hint::ProposeDate)
                .instead(Hint::SetDate),
        );
    }
    draft_before_date(&d.ctx.policy.policy, case)
}

fn draft_before_date(policy: &Policy, case: &CaseState) -> Result<(), Refusal> {
    let place = |stage: StepStage| {
        policy
            .steps
            .iter()
            .filter(|s| s.value.stage == stage)
            .map(|s| s.value.number)
            .min()
    };
    let first = match (
        place(StepStage::AdvisoryDraft),
        place(StepStage::DateNotice),
    ) {
        (Some(draft), Some(notice)) => draft < notice,
        _ => false,
    };
    let complete = case
        .advisory
        .draft
        .as_ref()
        .is_some_and(|a| a.missing.is_empty());
    if first && !complete {
        return Err(Refusal::new(
            RefusalCode::AdvisoryIncomplete,
            "By the policy's own steps the advisory is written before the date is fixed.",
        )
        .instead(Hint::CompleteDraft)
        .instead(Hint::ProposeForDiscussion));
    }
    Ok(())
}

pub(super) fn propose(
    d: &mut Draft<'_>,
    at: Instant,
    reason: Option<TextRef>,
    message: Option<&MessageRef>,
) -> Result<(), Refusal> {
    check_date(d, at)?;
    check_late(d, at, reason.as_ref())?;
    message.map_or(Ok(()), not_empty)?;
    d.push(Event::DateProposed {
        at,
        reason,
        message: message.cloned(),
    });
    Ok(())
}

fn check_date(d: &Draft<'_>, at: Instant) -> Result<(), Refusal> {
    if at <= d.now() {
        return Err(Refusal::new(
            RefusalCode::FieldInvalid,
            "This moment has passed. Choose one that is still to come.",
        ));
    }
    let policy = &d.ctx.policy.policy;
    planned::check_lists(d.case()?, policy, at, &d.calendar)?;
    if at > d.now().plus_seconds(FURTHEST_DAYS * DAY) {
        return Err(Refusal::new(
            RefusalCode::FieldInvalid,
            "This date is more than five years away. Please check the year.",
        ));
    }
    // The project keeps to its own days; the reporter is not bound by them.
    if d.ctx.actor == Actor::Reporter {
        return Ok(());
    }
    planned::check_day(policy, at, d.now(), &d.calendar)
}

/// A later date needs a reason, and a new embargo on a ready fix is a short one (Q9).
fn check_late(d: &Draft<'_>, at: Instant, reason: Option<&TextRef>) -> Result<(), Refusal> {
    let case = d.case()?;
    let has_reason = reason.is_some_and(|r| r.chars > 0);
    let later = case.embargo.until.is_some_and(|until| at > until);
    if later && !has_reason {
        return Err(Refusal::new(
            RefusalCode::FieldMissing,
            "A later date than the one that stands needs a reason.",
        )
        .instead("say why more time is needed"));
    }
    let new = matches!(
        case.embargo.state,
        EmbargoState::None | EmbargoState::Proposed
    );
    if new && case.fix_ready.is_some() {
        if at > d.now().plus_seconds(SHORT_DAYS * DAY) {
            return Err(Refusal::new(
                RefusalCode::FieldInvalid,
                "The fix is ready: a new embargo lasts seven days at most.",
            )
            .instead("choose a date within seven days"));
        }
        if !has_reason {
            return Err(Refusal::new(
                RefusalCode::FieldMissing,
                "The fix is ready: a new embargo needs a reason.",
            )
            .instead("say why users should wait"));
        }
    }
    Ok(())
}

pub(super) fn answer(d: &mut Draft<'_>, answer: &DateAnswer) -> Result<(), Refusal> {
    let standing = match &d.case()?.embargo.proposal {
        Some(proposal) => proposal.at,
        None => return answerable(d.case()?, d.ctx.actor),
    };
    match answer {
        DateAnswer::Accept => return accept(d, standing),
        DateAnswer::Decline { reason } => d.push(Event::DateDeclined { reason: *reason }),
        DateAnswer::Counter { at, reason } => return counter(d, standing, *at, *reason),
    }
    Ok(())
}

/// The date holds once everybody who was asked took it. Who left is bound again by it.
fn accept(d: &mut Draft<'_>, at: Instant) -> Result<(), Refusal> {
    if d.ctx.actor == Actor::Reporter && d.case()?.around.left.is_some() {
        super::aside::push(d, AsideEvent::ReporterJoined);
    }
    let own = Side::of(d.ctx.actor);
    if d.case()?
        .answers_out()
        .iter()
        .any(|side| Some(*side) != own)
    {
        super::aside::push(d, AsideEvent::DateTaken { at });
    } else {
        d.push(Event::DateAgreed { at });
    }
    Ok(())
}

/// Two wishes: both sides are willing to wait until the earlier one, so that one
/// holds from now on and the later one is a wish for revision (EM-4).
fn counter(
    d: &mut Draft<'_>,
    standing: Instant,
    at: Instant,
    reason: Option<TextRef>,
) -> Result<(), Refusal> {
    check_date(d, at)?;
    if at == standing {
        return accept(d, at);
    }
    if d.case()?.embargo.state == EmbargoState::Proposed {
        d.push(Event::DateAgreed {
            at: at.min(standing),
        });
        if at < standing {
            return Ok(());
        }
    } else {
        check_late(d, at, reason.as_ref())?;
    }
    d.push(Event::DateProposed {
        at,
        reason,
        message: None,
    });
    Ok(())
}

/// One person sets a date without agreement. Where there is another person, that one
/// confirms it first; either way everybody concerned is told some days before it comes.
pub(super) fn set_alone(
    d: &mut Draft<'_>,
    at: Instant,
    reason: TextRef,
    message: &MessageRef,
) -> Result<(), Refusal> {
    if reason.chars == 0 {
        return Err(Refusal::new(
            RefusalCode::FieldMissing,
            "Going on without the reporter's agreement needs a reason.",
        )
        .instead("say why no agreement was possible"));
    }
    not_empty(message)?;
    may_be_set(d, at, reason)?;
    if d.ctx.has_second_person() {
        super::aside::push(
            d,
            AsideEvent::DateAloneAsked {
                at,
                reason,
                message: message.clone(),
            },
        );
        return Ok(());
    }
    d.push(Event::DateSetAlone {
        at,
        reason,
        message: message.clone(),
    });
    Ok(())
}

fn may_be_set(d: &Draft<'_>, at: Instant, reason: TextRef) -> Result<(), Refusal> {
    check_date(d, at)?;
    let earliest = d.now().plus_seconds(NOTICE_HOURS * 3_600);
    if at < earliest {
        return Err(Refusal::new(
            RefusalCode::TooEarly,
            format!(
                "Whoever did not agree to a date learns of it {NOTICE_HOURS} hours before: \
                 {} is the earliest.",
                show(earliest, &d.calendar)
            ),
        )
        .instead("choose a date after that")
        .instead(Hint::RecordFact));
    }
    if d.case()?.embargo.until.is_some_and(|until| at > until) {
        return Err(Refusal::new(
            RefusalCode::NotAllowed,
            "Only the reporter can agree to wait longer than the date that stands.",
        )
        .instead(Hint::ProposeLater));
    }
    check_late(d, at, Some(&reason))?;
    draft_before_date(&d.ctx.policy.policy, d.case()?)
}

/// The second person: the date holds from now on, and everybody concerned is told.
pub(super) fn confirm_alone(d: &mut Draft<'_>, at: Instant) -> Result<(), Refusal> {
    let Some(wanted) = d.case()?.around.date_alone.clone() else {
        return Err(Refusal::new(
            RefusalCode::NotFound,
            "Nobody asked to set a date without agreement.",
        ));
    };
    if wanted.at != at {
        return Err(Refusal::new(
            RefusalCode::Conflict,
            "Another date than the one you read is asked for by now.",
        )
        .instead("read it again"));
    }
    if d.ctx.actor == wanted.by && d.ctx.has_second_person() {
        return Err(Refusal::new(
            RefusalCode::SecondPersonNeeded,
            "You asked for this date; another person of the team confirms it.",
        )
        .instead("ask another person of the team"));
    }
    may_be_set(d, wanted.at, wanted.reason)?;
    d.push(Event::DateSetAlone {
        at: wanted.at,
        reason: wanted.reason,
        message: wanted.message,
    });
    Ok(())
}

pub(super) fn record_fact(
    d: &mut Draft<'_>,
    fact: AttackFact,
    evidence: TextRef,
) -> Result<(), Refusal> {
    if d.case()?.course().has(fact.letter()) {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "This is already known to the case.",
        ));
    }
    // A public exploit makes the matter public (`cvd-state-model.md` 3).
    let facts = d.case()?.course().consequences(fact.letter());
    for fact in facts.into_iter().filter_map(AttackFact::of_letter) {
        d.push(Event::FactRecorded { fact, evidence });
    }
    exit(d, Some(fact))
}

/// Somebody keeps the embargo no longer. That ends nothing for the others, and they are
/// told (EM-8).
pub(super) fn leave(d: &mut Draft<'_>, message: &MessageRef) -> Result<(), Refusal> {
    not_empty(message)?;
    if let Actor::Party(number) = d.ctx.actor {
        return super::party::remove(d, number, message.text);
    }
    let own = d.case()?.embargo.proposal.as_ref();
    if own.is_some_and(|p| p.by == Actor::Reporter) {
        d.push(Event::DateDeclined { reason: None });
    }
    super::aside::push(
        d,
        AsideEvent::ReporterLeft {
            message: message.clone(),
        },
    );
    Ok(())
}

/// Whether the team may end the embargo before its day (EM-6, EM-8).
pub(crate) fn may_end(case: &CaseState) -> Result<(), Refusal> {
    if !case.embargo.state.is_in_force() {
        return Err(Refusal::new(
            RefusalCode::WrongStage,
            "There is no embargo to end.",
        ));
    }
    let may = case.reporter_is_outside()
        || case.fix_released.is_some()
        || (!case.parties.is_empty() && case.everybody_is_ready());
    if may {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::WrongStage,
        "The embargo ends before its day only once the reporter has left it, the fix is \
         released, or every vendor on the case has its fix.",
    )
    .instead(Hint::ProposeEarlier)
    .instead(Hint::SetEarlierDate))
}

pub(super) fn end(d: &mut Draft<'_>, reason: TextRef) -> Result<(), Refusal> {
    if reason.chars == 0 {
        return Err(Refusal::new(
            RefusalCode::FieldMissing,
            "Say why the embargo ends before its day.",
        ));
    }
    super::aside::push(d, AsideEvent::EmbargoEnded { reason });
    exit(d, None)?;
    free(d)
}

/// Ends what is in force and drops what is proposed.
pub(super) fn exit(d: &mut Draft<'_>, fact: Option<AttackFact>) -> Result<(), Refusal> {
    match d.case()?.embargo.state {
        state if state.is_in_force() => {
            d.push(Event::EmbargoExited { fact });
            free(d)?;
        }
        EmbargoState::Proposed => d.push(Event::DateDeclined { reason: None }),
        _ => {}
    }
    Ok(())
}

/// The reporter is free to publish from now on.
pub(super) fn free(d: &mut Draft<'_>) -> Result<(), Refusal> {
    if d.case()?.reporter_free_from.is_none() {
        d.push(Event::ReporterFree { from: d.now() });
    }
    Ok(())
}
