//! Acts beside the straight road: put aside, go on, a leak, consents, contexts, and the
//! reports that are linked to each other.

use candor_base::{Instant, Refusal, RefusalCode};
use candor_calendar::{Within, due};
use candor_policy::clocks::{ClockRule, MetBy};
use candor_policy::model::ContextFactor;

use super::embargo;
use super::talk::not_empty;
use crate::aside::{Aside, AsideEvent, ContextKind, ContextRecord, Matter, OriginalNews};
use crate::draft::Draft;
use crate::event::Event;
use crate::hints::Hint;
use crate::parts::{Actor, MessageRef, RejectionGround, TextRef};

/// A case is looked at again within so many days.
const FURTHEST_REVIEW_DAYS: i64 = 366;
const DAY: i64 = 86_400;

/// Decides one.
pub(super) fn run(d: &mut Draft<'_>, aside: &Aside) -> Result<(), Refusal> {
    match aside {
        Aside::Defer { review, message } => defer(d, *review, message),
        Aside::Resume { reason } => {
            said(reason, "Say why the case is taken up again.")?;
            push(d, AsideEvent::Resumed { reason: *reason });
            Ok(())
        }
        Aside::GoOn { reason } => {
            said(reason, "Say why the team can go on without the answer.")?;
            push(d, AsideEvent::WentOn { reason: *reason });
            Ok(())
        }
        Aside::SuspectLeak { what, how, plan } => {
            said(what, "Say what may have leaked.")?;
            said(how, "Say how, or that nobody knows.")?;
            said(plan, "Say what is done about it.")?;
            push(
                d,
                AsideEvent::LeakSuspected {
                    what: *what,
                    how: *how,
                    plan: *plan,
                },
            );
            Ok(())
        }
        Aside::DecideLeak { go_public, reason } => decide_leak(d, *go_public, reason),
        Aside::AskToEnd { reason } => super::question::to_end(d, *reason),
        Aside::ConfirmDate { at } => embargo::confirm_alone(d, *at),
        Aside::Agree { matter, given } => agree(d, *matter, *given),
        Aside::WorkOut(record) => work_out(d, record),
        Aside::HandOver { number, step } => super::hand_over::step(d, *number, step),
        Aside::LinkReport(report) => {
            if d.case()?.facts.case == report.case {
                return Err(Refusal::new(
                    RefusalCode::FieldInvalid,
                    "A case is not linked to itself.",
                ));
            }
            let linked = &d.case()?.around.linked;
            let first = !linked.iter().any(|l| l.case == report.case);
            if !linked.iter().any(|l| l.says_the_same(report)) {
                let report = report.clone();
                push(d, AsideEvent::ReportLinked { report, first });
            }
            Ok(())
        }
        Aside::FollowOriginal { news } => follow_original(d, *news),
        Aside::LeaveEmbargo { message } => embargo::leave(d, message),
        Aside::EndEmbargo { reason } => embargo::end(d, *reason),
        Aside::LinkAdvisory { number, link } => super::party::link(d, *number, link),
        Aside::ChooseKey { key } => super::reporter::choose_key(d, *key),
    }
}

pub(super) fn push(d: &mut Draft<'_>, what: AsideEvent) {
    d.push(Event::Aside {
        what: Box::new(what),
    });
}

pub(super) fn said(text: &TextRef, why: &str) -> Result<(), Refusal> {
    if text.chars == 0 {
        return Err(Refusal::new(RefusalCode::FieldMissing, why));
    }
    Ok(())
}

fn defer(d: &mut Draft<'_>, review: Instant, message: &MessageRef) -> Result<(), Refusal> {
    not_empty(message)?;
    if review <= d.now() {
        return Err(Refusal::new(
            RefusalCode::FieldInvalid,
            "The day on which the case is looked at again lies in the past.",
        )
        .instead("choose a day that is still to come"));
    }
    if review > d.now().plus_seconds(FURTHEST_REVIEW_DAYS * DAY) {
        return Err(Refusal::new(
            RefusalCode::FieldInvalid,
            "A case that is put aside is looked at again within a year.",
        )
        .instead("choose an earlier day; it can be put aside again then"));
    }
    push(
        d,
        AsideEvent::Deferred {
            review,
            message: message.clone(),
        },
    );
    slow_down(d)
}

/// How long an update may take while the case is put aside: a month (`domain.md` 2.2).
pub(super) fn slow_rule() -> Within {
    Within::months(1)
}

/// Updates come monthly while the case is put aside. The earlier due instant stays
/// visible; one that is missed already stays missed.
fn slow_down(d: &mut Draft<'_>) -> Result<(), Refusal> {
    let open = d.case()?.clocks.values().filter(|c| {
        matches!(c.spec.rule, ClockRule::Recurring { .. })
            && c.spec.met_by == MetBy::StatusMessage
            && matches!(
                c.status,
                crate::clock::ClockStatus::Running | crate::clock::ClockStatus::Paused
            )
    });
    let found: Vec<_> = open.map(|c| (c.spec.key.clone(), c.due)).collect();
    for (key, before) in found {
        let Ok(monthly) = due(&slow_rule(), d.now(), &d.calendar, &[]) else {
            continue;
        };
        if before.is_some_and(|b| b >= monthly.at) {
            continue;
        }
        let mut explanation = vec![String::from(
            "the case is put aside with a reason; updates come monthly until it is taken up again",
        )];
        explanation.extend(monthly.explanation);
        d.push(Event::ClockMoved {
            clock: key,
            due: Some(monthly.at),
            explanation,
            agreed: None,
        });
    }
    Ok(())
}

/// To go public ends the embargo for everybody, and cannot be taken back: where there is
/// another person, that one decides the same before it holds. One person can let the
/// embargo stand.
fn decide_leak(d: &mut Draft<'_>, go_public: bool, reason: &TextRef) -> Result<(), Refusal> {
    said(reason, "Say why this was decided.")?;
    if go_public && d.ctx.has_second_person() {
        let asked = d.case()?.around.open_leak().and_then(|l| l.asked);
        match asked {
            None => {
                push(d, AsideEvent::LeakPublicAsked { reason: *reason });
                return Ok(());
            }
            Some((by, _, _)) if by == d.ctx.actor => {
                return Err(Refusal::new(
                    RefusalCode::SecondPersonNeeded,
                    "You asked to go public already; another person of the team decides it with you.",
                )
                .instead("ask another person of the team")
                .instead(Hint::RecordFact));
            }
            Some(_) => {}
        }
    }
    push(
        d,
        AsideEvent::LeakDecided {
            go_public,
            reason: *reason,
        },
    );
    if go_public {
        embargo::exit(d, None)?;
        embargo::free(d)?;
    }
    Ok(())
}

fn agree(d: &mut Draft<'_>, matter: Matter, given: bool) -> Result<(), Refusal> {
    if let Matter::Question(number) = matter {
        return super::question::answered(d, number, given);
    }
    let case = d.case()?;
    let Some(consent) = case.around.consents.iter().find(|c| c.matter == matter) else {
        return Err(
            Refusal::new(RefusalCode::NotFound, "Nobody asked for this consent.")
                .instead(Hint::Write),
        );
    };
    if consent.answer.is_some_and(|(answer, _)| answer == given) {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "This is your answer already.",
        ));
    }
    let gone = match matter {
        Matter::HandOver(number) => case
            .around
            .hand_over(number)
            .is_some_and(|h| h.with_report && !given),
        Matter::Suggestion | Matter::Question(_) => false,
    };
    if gone {
        return Err(Refusal::new(
            RefusalCode::DeadlinePassed,
            "The report was handed over already, with your consent; that cannot be taken back.",
        )
        .instead(Hint::Write));
    }
    push(d, AsideEvent::ConsentAnswered { matter, given });
    Ok(())
}

fn work_out(d: &mut Draft<'_>, record: &ContextRecord) -> Result<(), Refusal> {
    said(
        &record.party,
        "Name the party whose application, configuration, dependency or deployment it is.",
    )?;
    said(
        &record.circumstances,
        "Write down the circumstances that were judged.",
    )?;
    if let Some(outcome) = &record.outcome {
        said(outcome, "Write down what came out.")?;
        let talked = d.case()?.messages.iter().any(|m| m.from == Actor::Reporter)
            || super::verdict::was_asked(d.case()?);
        if !talked {
            return Err(Refusal::new(
                RefusalCode::ReporterNotAsked,
                "The context is worked out with the reporter, and nobody asked the reporter about it yet.",
            )
            .instead(Hint::AskReporter)
            .instead("record it without the outcome for now"));
        }
    }
    push(d, AsideEvent::ContextWorkedOut { record: *record });
    Ok(())
}

const fn kind_of(factor: ContextFactor) -> ContextKind {
    match factor {
        ContextFactor::Implementation => ContextKind::Implementation,
        ContextFactor::Configuration => ContextKind::Configuration,
        ContextFactor::Dependency => ContextKind::Dependency,
    }
}

/// Where the policy promises to work a factor out with others, that is done before the
/// report is accepted or turned down (S3-10 to S3-12).
pub(super) fn contexts_are_worked_out(d: &Draft<'_>) -> Result<(), Refusal> {
    let case = d.case()?;
    let Some((assessment, _, _)) = &case.assessment else {
        return Ok(());
    };
    let promised = &d.ctx.policy.policy.context_factors;
    let open: Vec<&str> = assessment
        .factors
        .iter()
        .filter(|f| promised.iter().any(|c| c.value == **f))
        .map(|f| kind_of(*f))
        .filter(|kind| {
            let known = case.around.contexts.iter().find(|c| c.kind == *kind);
            known.is_none_or(|c| c.outcome.is_none())
        })
        .map(kind_words)
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::EvidenceMissing,
        format!(
            "The policy promises to work out the context with those concerned. No outcome is recorded for: {}.",
            open.join(", ")
        ),
    )
    .instead(Hint::WorkOut))
}

fn kind_words(kind: ContextKind) -> &'static str {
    match kind {
        ContextKind::Implementation => "how the application is written",
        ContextKind::Configuration => "how it is configured",
        ContextKind::Dependency => "what it depends on",
        ContextKind::Deployment => "where it is deployed",
    }
}

fn follow_original(d: &mut Draft<'_>, news: OriginalNews) -> Result<(), Refusal> {
    if d.case()?.around.original == Some(news) {
        return Ok(());
    }
    push(d, AsideEvent::OriginalFollowed { news });
    // Nothing is held back from now on, or nothing ever will be published.
    embargo::exit(d, None)?;
    embargo::free(d)
}

/// An answer came to a report that was turned down for want of one.
pub(super) fn answered_after_all(d: &mut Draft<'_>) -> Result<(), Refusal> {
    let case = d.case()?;
    let for_lack = matches!(
        case.rejection.as_ref().map(|r| &r.ground),
        Some(RejectionGround::Incomplete)
    );
    if for_lack && case.closed.is_none() {
        push(d, AsideEvent::TakenUpAgain);
    }
    Ok(())
}

/// A rejection that offers to keep the report as a suggestion asks the reporter for it.
pub(super) fn ask_for_suggestion(d: &mut Draft<'_>) {
    push(
        d,
        AsideEvent::ConsentAsked {
            matter: Matter::Suggestion,
        },
    );
}
