//! Events beside the straight road.

use candor_base::Instant;

use super::stop_waiting;
use crate::aside::{
    AsideEvent, Consent, DateAlone, Deferral, HandOver, HandOverStep, KeyChoice, Leak,
    LinkedReport, Matter,
};
use crate::event::Recorded;
use crate::model::rm::ReportMove;
use crate::parts::{Actor, WaitingOn};
use crate::party::Party;
use crate::state::{CaseState, ReportState};

/// Applies one.
pub(super) fn apply(case: &mut CaseState, recorded: &Recorded, event: &AsideEvent) {
    let (by, at) = (recorded.actor, recorded.at);
    match event {
        AsideEvent::Deferred { review, .. } => deferred(case, by, at, *review),
        AsideEvent::ReviewDue => {
            if let Some(deferral) = case.around.deferral.as_mut() {
                deferral.announced = true;
                back_to_the_team(case);
            }
        }
        AsideEvent::Resumed { .. } => resumed(case),
        AsideEvent::WentOn { .. } => {
            case.asked.clear();
            stop_waiting(case, at, WaitingOn::Team);
        }
        AsideEvent::TakenUpAgain => {
            case.rejection = None;
            case.objection = None;
            case.waiting_on = WaitingOn::Team;
        }
        AsideEvent::LeakSuspected { what, how, plan } => {
            case.around.leak = Some(Leak {
                at,
                what: *what,
                how: *how,
                plan: *plan,
                asked: None,
                decided: None,
            });
        }
        AsideEvent::LeakPublicAsked { reason } => {
            if let Some(leak) = case.around.leak.as_mut() {
                leak.asked = Some((by, *reason, at));
            }
        }
        AsideEvent::LeakDecided { go_public, .. } => {
            if let Some(leak) = case.around.leak.as_mut() {
                leak.decided = Some((*go_public, by, at));
            }
        }
        AsideEvent::ConsentAsked { matter } => ask(case, *matter, at),
        AsideEvent::ConsentAnswered { matter, given } => {
            let consents = &mut case.around.consents;
            if let Some(consent) = consents.iter_mut().find(|c| c.matter == *matter) {
                consent.answer = Some((*given, at));
            }
        }
        AsideEvent::Wished { question } => case.around.questions.push(question.clone()),
        AsideEvent::DateAloneAsked {
            at: date,
            reason,
            message,
        } => {
            case.around.date_alone = Some(DateAlone {
                at: *date,
                reason: *reason,
                message: message.clone(),
                by,
                on: at,
            });
        }
        AsideEvent::ContextWorkedOut { record } => {
            case.around.contexts.retain(|c| c.kind != record.kind);
            case.around.contexts.push(*record);
            case.around.contexts.sort_by_key(|c| c.kind);
        }
        AsideEvent::HandedOver { number, step } => handed_over(case, *number, step, at),
        AsideEvent::PartySilent { number, reminder } => {
            if let Some(found) = find(case, *number) {
                found.reminders = *reminder;
            }
        }
        AsideEvent::ReportLinked { report, .. } => linked(case, report),
        AsideEvent::OriginalFollowed { news } => case.around.original = Some(*news),
        _ => about_parties(case, recorded, event),
    }
}

/// Events about what is agreed with the reporter and with other parties.
fn about_parties(case: &mut CaseState, recorded: &Recorded, event: &AsideEvent) {
    let number = |n: u32| move |p: &&mut Party| p.number == n;
    match event {
        AsideEvent::DateTaken { .. } => super::embargo::taken(case, recorded.actor),
        AsideEvent::AnswersDue { agreed, .. } => super::embargo::answers_due(case, *agreed),
        AsideEvent::ReporterLeft { .. } => case.around.left = Some(recorded.at),
        AsideEvent::ReporterJoined => case.around.left = None,
        AsideEvent::TermsReminded {
            number: n,
            reminder,
        } => {
            if let Some(party) = case.parties.iter_mut().find(number(*n)) {
                party.reminders = *reminder;
            }
        }
        AsideEvent::AdvisoryLinked { number: n, link } => {
            if let Some(party) = case.parties.iter_mut().find(number(*n)) {
                party.advisory = Some(link.clone());
            }
        }
        AsideEvent::KeyChosen { key } => {
            case.around.key = key.map_or(KeyChoice::TakenBack, KeyChoice::Named);
        }
        _ => {}
    }
}

fn deferred(case: &mut CaseState, by: Actor, at: Instant, review: Instant) {
    let before = case.around.deferral.as_ref().map(|d| d.was_accepted);
    case.around.deferral = Some(Deferral {
        by,
        at,
        review,
        was_accepted: before.unwrap_or(case.report == ReportState::Accepted),
        announced: false,
    });
    case.report = case.report.along(&[ReportMove::Defer]);
    stop_waiting(case, at, WaitingOn::Nobody);
}

/// What was accepted goes on; anything else waits for its acceptance, since D leads to A
/// alone (`cvd-state-model.md` 1).
fn resumed(case: &mut CaseState) {
    if let Some(deferral) = case.around.deferral.take() {
        if deferral.was_accepted {
            case.report = case.report.along(&[ReportMove::Accept]);
        }
        back_to_the_team(case);
    }
}

/// The team's turn, unless a question to the reporter is open: that one stays open, with
/// its reminders and its pause, whatever else comes due.
fn back_to_the_team(case: &mut CaseState) {
    if case.waiting_on != WaitingOn::Reporter {
        case.waiting_on = WaitingOn::Team;
    }
}

fn ask(case: &mut CaseState, matter: Matter, at: Instant) {
    case.around.consents.retain(|c| c.matter != matter);
    case.around.consents.push(Consent {
        matter,
        asked: at,
        answer: None,
    });
}

fn find(case: &mut CaseState, number: u32) -> Option<&mut HandOver> {
    case.around
        .hand_overs
        .iter_mut()
        .find(|h| h.number == number)
}

fn handed_over(case: &mut CaseState, number: u32, step: &HandOverStep, at: Instant) {
    if let HandOverStep::Open {
        role,
        party,
        contact,
        ..
    } = step
    {
        case.around.hand_overs.push(HandOver {
            number,
            role: *role,
            party: *party,
            contact: *contact,
            opened: at,
            sent: None,
            with_report: false,
            answered: None,
            fix_shared: None,
            ended: None,
            reminders: 0,
            notes: Vec::new(),
        });
        return;
    }
    let Some(found) = find(case, number) else {
        return;
    };
    match step {
        HandOverStep::Open { .. } => {}
        HandOverStep::Sent {
            at: sent,
            with_report,
            note,
        } => {
            found.sent = Some(*sent);
            found.with_report |= *with_report;
            found.reminders = 0;
            found.notes.push(*note);
        }
        HandOverStep::Answered { note } => {
            found.answered = Some(at);
            found.notes.push(*note);
        }
        HandOverStep::FixShared { shared, note } => {
            found.fix_shared = Some(*shared);
            found.notes.push(*note);
        }
        HandOverStep::End { outcome } => {
            found.ended = Some(at);
            found.notes.push(*outcome);
        }
    }
}

/// A later word about the same report replaces the earlier one; whoever approved the
/// advisory before has not seen a name that comes or goes.
fn linked(case: &mut CaseState, report: &LinkedReport) {
    let before = case.around.linked.iter().find(|l| l.case == report.case);
    let shown = |l: &LinkedReport| (l.stands).then(|| l.credit.clone());
    let old = before.and_then(shown);
    let new = shown(report);
    let names = |wish: &Option<crate::parts::CreditWish>| {
        matches!(wish, Some(crate::parts::CreditWish::Named(_)))
    };
    let changes = old != new && (names(&old) || names(&new));
    if changes && !case.advisory.approvals.is_empty() {
        case.advisory.approvals.clear();
        case.advisory.credit_changed = true;
    }
    match case
        .around
        .linked
        .iter_mut()
        .find(|l| l.case == report.case)
    {
        Some(found) => *found = report.clone(),
        None => case.around.linked.push(report.clone()),
    }
}
