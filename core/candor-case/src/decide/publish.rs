//! Publication. Each guard is a refusal of its own.
//!
//! Invariant: nothing in here can be skipped by the order of commands: every guard
//! is judged at the moment of publication, from the case as it stands.

use candor_base::{Digest, Instant, Refusal, RefusalCode};
use candor_calendar::show;
use candor_policy::clocks::MetBy;
use candor_policy::model::StepDemand;

use super::advisory::complete_draft;
use super::embargo;
use super::triage::demands;
use crate::credit;
use crate::draft::Draft;
use crate::event::Event;
use crate::hints::Hint;
use crate::parts::FixStatus;
use crate::state::{CaseState, EmbargoState};

pub(super) fn publish(d: &mut Draft<'_>, digest: Digest) -> Result<(), Refusal> {
    if d.case()?.advisory.published_draft == Some(digest) {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "This advisory is public already.",
        ));
    }
    complete_draft(d, digest)?;
    let four_eyes = looked_at_twice(d, digest)?;
    embargo_is_over(d)?;
    date_was_told(d)?;
    branches_are_answered(d)?;
    fixes_are_tested(d)?;
    credit_is_answered(d)?;
    // Where one person alone publishes nobody approved it before.
    crate::cve::follow_draft(d)?;
    d.push(Event::Published {
        draft: digest,
        four_eyes,
    });
    d.acts.insert(MetBy::Published);
    embargo::exit(d, None)?;
    embargo::free(d)
}

/// True when two people looked, the one who publishes among them or not; false when
/// the same person looked again later (Q4).
fn looked_at_twice(d: &Draft<'_>, digest: Digest) -> Result<bool, Refusal> {
    let settings = &d.ctx.policy.settings;
    let advisory = &d.case()?.advisory;
    let mut own = None;
    for (by, at) in advisory.approvals_of(digest) {
        if by != d.ctx.actor {
            return Ok(true);
        }
        own = Some(at);
    }
    if own.is_none() && advisory.credit_changed {
        return Err(credit_changed());
    }
    let at = own.ok_or_else(|| not_approved(!advisory.approvals.is_empty()))?;
    if settings.four_eyes && d.ctx.has_second_person() {
        return Err(Refusal::new(
            RefusalCode::SecondPersonNeeded,
            "You approved this advisory; another person publishes it.",
        )
        .instead("ask another person of the team"));
    }
    let wait = i64::from(settings.second_look_minutes).saturating_mul(60);
    let from = at.plus_seconds(wait);
    if d.now() < from {
        return Err(Refusal::new(
            RefusalCode::TooEarly,
            format!(
                "The second look is possible from {} on.",
                show(from, &d.calendar)
            ),
        )
        .instead("look again later")
        .instead("ask another person of the team"));
    }
    Ok(false)
}

fn credit_changed() -> Refusal {
    Refusal::new(
        RefusalCode::AdvisoryChanged,
        "The credit was changed after the advisory was approved.",
    )
    .instead(Hint::LookAtCredit)
}

fn not_approved(another_text_was: bool) -> Refusal {
    if another_text_was {
        Refusal::new(
            RefusalCode::AdvisoryChanged,
            "The advisory was changed after it was approved.",
        )
        .instead(Hint::ApproveAgain)
    } else {
        Refusal::new(
            RefusalCode::SecondPersonNeeded,
            "Nobody has approved this advisory yet.",
        )
        .instead(Hint::Approve)
    }
}

/// To the second: at the very instant the embargo ends it binds nobody any more (EM-10).
fn embargo_is_over(d: &Draft<'_>) -> Result<(), Refusal> {
    let embargo = &d.case()?.embargo;
    match embargo.state {
        EmbargoState::Active | EmbargoState::Revise => {
            let until = embargo.until.map_or_else(String::new, |at| {
                format!(" until {}", show(at, &d.calendar))
            });
            Err(Refusal::new(
                RefusalCode::EmbargoActive,
                format!("The embargo holds{until}."),
            )
            .instead("wait until then")
            .instead(Hint::ProposeEarlierToReporter)
            .instead(Hint::SetEarlierDate))
        }
        EmbargoState::Proposed => Err(Refusal::new(
            RefusalCode::EmbargoActive,
            "A disclosure date is proposed and not answered yet.",
        )
        .instead("wait for the answer")
        .instead(Hint::SetDate)),
        EmbargoState::None | EmbargoState::Exited => Ok(()),
    }
}

/// The planned date went out to the reporter (S0-35, S1-20). What is public already
/// needs no date.
fn date_was_told(d: &Draft<'_>) -> Result<(), Refusal> {
    let case = d.case()?;
    if case.embargo.date_told || case.is_public_knowledge() || case.withdrawn.is_some() {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::ReporterNotAsked,
        "The reporter was not told the planned disclosure date.",
    )
    .instead(Hint::TellDate)
    .instead(Hint::ProposeDate))
}

/// The reporter said whether to be named, or did not answer two reminders (CR-1). Where
/// nothing can wait any more, nobody is named.
fn credit_is_answered(d: &Draft<'_>) -> Result<(), Refusal> {
    let case = d.case()?;
    if credit::settled(case) || nothing_to_wait_for(case, d.now()) {
        return Ok(());
    }
    let mut refusal = Refusal::new(
        RefusalCode::ReporterNotAsked,
        "The reporter has not said yet whether the advisory may name them.",
    )
    .instead(Hint::AskReporter);
    if let Some((at, _)) = credit::next(case) {
        refusal = refusal.instead(format!(
            "wait: the next reminder goes out on {}, and after two nobody is named",
            show(at, &d.calendar)
        ));
    }
    Err(refusal)
}

/// Every branch has an answer, unless a fact or the deadline leaves no time for it.
fn branches_are_answered(d: &Draft<'_>) -> Result<(), Refusal> {
    let case = d.case()?;
    if case.all_branches_answered() || nothing_to_wait_for(case, d.now()) {
        return Ok(());
    }
    let open: Vec<&str> = case
        .fixes
        .iter()
        .filter(|r| !r.is_answered())
        .map(|r| r.branch.as_str())
        .collect();
    Err(Refusal::new(
        RefusalCode::BranchOpen,
        format!("These branches have no answer yet: {}.", open.join(", ")),
    )
    .instead(Hint::AnswerBranch))
}

/// A fact, or a deadline that both sides knew. A date that the team set alone is none.
fn nothing_to_wait_for(case: &CaseState, now: Instant) -> bool {
    case.embargo.deadline_passed(now) || !case.attack_facts.is_empty()
}

fn fixes_are_tested(d: &Draft<'_>) -> Result<(), Refusal> {
    if !demands(&d.ctx.policy.policy, StepDemand::TestRecord) {
        return Ok(());
    }
    let untested = d
        .case()?
        .fixes
        .iter()
        .find(|r| matches!(r.status, FixStatus::Released { .. }) && r.test.is_none());
    match untested {
        Some(row) => Err(Refusal::new(
            RefusalCode::EvidenceMissing,
            format!("The test record for {} is missing.", row.branch),
        )
        .instead(Hint::AddTestRecord)),
        None => Ok(()),
    }
}
