//! Events about the course of a case: judged, fixed, published, closed.

use std::collections::BTreeSet;

use candor_base::Instant;
use candor_calendar::Pause;
use candor_policy::model::FixKind;

use super::{stop_waiting, told};
use crate::credit::OtherCredit;
use crate::event::{Event, Recorded};
use crate::model::rm::ReportMove;
use crate::parts::{
    Actor, Assessment, CloseReason, FixStatus, Lane, MessageKind, ScopeVerdict, Verdict, WaitingOn,
};
use crate::state::{
    AdvisoryState, CaseMessage, CaseState, Embargo, EmbargoState, FixRow, Objection, Rejection,
    ReportState,
};

/// Applies every event that is not about clocks or the embargo.
pub(super) fn apply(case: &mut CaseState, recorded: &Recorded) {
    let at = recorded.at;
    match &recorded.event {
        Event::Assigned { lead } => case.lead = Some(*lead),
        Event::Asked { items, .. } => asked(case, items, at),
        Event::Waived { items } => waive(case, items),
        Event::Supplied { items, .. } => supplied(case, items),
        Event::Assessed {
            assessment,
            message,
        } => {
            assessed(case, assessment, recorded.actor, at);
            if let Some(message) = message {
                case.messages.push(CaseMessage {
                    at,
                    from: recorded.actor,
                    lane: Lane::Reporter,
                    kind: MessageKind::Decision,
                    message: message.clone(),
                });
                case.acknowledged.get_or_insert(at);
                told(case, at);
            }
        }
        Event::Accepted { .. } | Event::FixChanged { .. } => fix(case, recorded),
        Event::Rejected { .. }
        | Event::MarkedDuplicate { .. }
        | Event::Objected { .. }
        | Event::ObjectionDecided { .. }
        | Event::Withdrawn { .. }
        | Event::Closed { .. }
        | Event::Reopened { .. } => ends(case, recorded),
        Event::Mitigated { text } => case.mitigation = Some(*text),
        Event::CommunicationPlanned { text } => case.communication_plan = Some(*text),
        Event::DraftSaved { draft } => case.advisory.draft = Some(draft.clone()),
        Event::Approved { draft } => {
            let approvals = &mut case.advisory.approvals;
            approvals.retain(|(of, _, _)| of == draft);
            approvals.push((*draft, recorded.actor, at));
            case.advisory.credit_changed = false;
        }
        Event::Published { draft, .. } => published(&mut case.advisory, *draft, at),
        Event::OutletAnswered { outlet, answer } => {
            case.outlets.insert(outlet.clone(), answer.clone());
        }
        Event::CreditChosen { wish, kind } => {
            if case.credit != *wish || case.credit_kind != *kind {
                credit_changed(&mut case.advisory);
            }
            case.credit = wish.clone();
            case.credit_kind = *kind;
            case.credit_question.given_up = false;
        }
        Event::CreditReminded { number } => {
            case.credit_question.asked = Some(at);
            case.credit_question.reminders = *number;
        }
        Event::CreditGivenUp => case.credit_question.given_up = true,
        Event::CreditAdded { credit } => {
            credit_changed(&mut case.advisory);
            case.credits.push(*credit);
        }
        Event::CreditRemoved { name, kind } => {
            credit_changed(&mut case.advisory);
            let gone = |c: &OtherCredit| c.name.sha256 == *name && c.kind == *kind;
            case.credits.retain(|c| !gone(c));
        }
        Event::FollowedUp { .. } => case.follow_ups = case.follow_ups.saturating_add(1),
        Event::BreachRecorded { duty, .. } => case.breaches.push((duty.clone(), at)),
        Event::Reminded { number } => case.reminders = *number,
        Event::MailSettled {
            key,
            delivered,
            code,
            unreached,
        } => {
            case.unreached.extend(*unreached);
            if *delivered {
                case.mail_failures.remove(key);
            } else {
                let code = code.clone().unwrap_or_else(|| String::from("unknown"));
                case.mail_failures.insert(key.clone(), code);
            }
        }
        _ => {}
    }
}

/// Whoever approved has not seen these names.
fn credit_changed(advisory: &mut AdvisoryState) {
    if !advisory.approvals.is_empty() {
        advisory.approvals.clear();
        advisory.credit_changed = true;
    }
}

fn asked(case: &mut CaseState, items: &BTreeSet<candor_policy::model::ContentKey>, at: Instant) {
    case.asked.extend(items.iter().copied());
    case.missing.extend(items.iter().copied());
    if case.waiting_on != WaitingOn::Reporter {
        case.waits.push(Pause {
            from: at,
            until: None,
        });
    }
    case.waiting_on = WaitingOn::Reporter;
    case.asked_at = Some(at);
    case.reminders = 0;
}

fn waive(case: &mut CaseState, items: &BTreeSet<candor_policy::model::ContentKey>) {
    case.mandatory_missing.retain(|k| !items.contains(k));
    case.waived.extend(items.iter().copied());
}

fn supplied(case: &mut CaseState, items: &BTreeSet<candor_policy::model::ContentKey>) {
    case.asked.retain(|k| !items.contains(k));
    case.missing.retain(|k| !items.contains(k));
    case.mandatory_missing.retain(|k| !items.contains(k));
}

fn assessed(case: &mut CaseState, assessment: &Assessment, by: Actor, at: Instant) {
    let in_scope = matches!(assessment.scope, ScopeVerdict::In { .. });
    let valid = in_scope && assessment.is_vulnerability == Verdict::Yes;
    let invalid = !in_scope || assessment.is_vulnerability == Verdict::No;
    let judged: &[ReportMove] = match (valid, invalid) {
        (true, _) => &[ReportMove::Validate],
        (_, true) => &[ReportMove::Invalidate],
        _ => &[],
    };
    case.report = case.report.along(judged);
    case.was_valid |= case.report == ReportState::Valid;
    case.assessment = Some((assessment.clone(), by, at));
    case.assessment_told = false;
}

fn fix(case: &mut CaseState, recorded: &Recorded) {
    match &recorded.event {
        Event::Accepted {
            waived,
            branches,
            target_release,
            ..
        } => {
            waive(case, waived);
            case.report = case.report.along(&[ReportMove::Accept]);
            case.around.deferral = None;
            case.accepted.get_or_insert(recorded.at);
            case.credit_question.asked.get_or_insert(recorded.at);
            case.target_release.clone_from(target_release);
            for branch in branches {
                open_row(&mut case.fixes, branch);
            }
        }
        Event::FixChanged { change } => {
            match case.fixes.iter_mut().find(|r| r.branch == change.branch) {
                Some(row) => *row = (**change).clone(),
                // A branch that was found to be affected later has a lane of its own.
                None => case.fixes.push((**change).clone()),
            }
        }
        _ => {}
    }
    let ready = !case.fixes.is_empty() && case.fixes.iter().all(row_ready);
    case.fix_ready = keep_first(case.fix_ready, ready, recorded.at);
    let released = case.fixes.iter().all(FixRow::is_answered)
        && case
            .fixes
            .iter()
            .any(|r| matches!(r.status, FixStatus::Released { .. }));
    case.fix_released = keep_first(case.fix_released, released, recorded.at);
}

/// A new row, or an answered one opened for the next episode.
fn open_row(rows: &mut Vec<FixRow>, branch: &str) {
    rows.retain(|r| r.branch != branch);
    rows.push(FixRow {
        branch: branch.to_owned(),
        status: FixStatus::Open,
        kind: FixKind::Patch,
        private_branch: None,
        change: None,
        author: None,
        author_outside: false,
        reviewer: None,
        reviewed_alone: false,
        test: None,
    });
}

fn row_ready(row: &FixRow) -> bool {
    !matches!(row.status, FixStatus::Open | FixStatus::InDevelopment)
}

fn keep_first(before: Option<Instant>, holds: bool, at: Instant) -> Option<Instant> {
    holds.then(|| before.unwrap_or(at))
}

fn published(advisory: &mut AdvisoryState, draft: candor_base::Digest, at: Instant) {
    advisory.published.get_or_insert(at);
    advisory.published_draft = Some(draft);
    advisory.approvals.clear();
}

fn ends(case: &mut CaseState, recorded: &Recorded) {
    let at = recorded.at;
    match &recorded.event {
        Event::Rejected {
            ground,
            is_vulnerability,
            reason,
            keep_as_suggestion,
        } => {
            case.rejection = Some(Rejection {
                ground: ground.clone(),
                is_vulnerability: *is_vulnerability,
                by: recorded.actor,
                at,
                reason: reason.id,
                keep_as_suggestion: *keep_as_suggestion,
            });
            case.objection = None;
            case.report = case.report.given_up();
            case.around.deferral = None;
            stop_waiting(case, at, WaitingOn::Nobody);
        }
        Event::MarkedDuplicate { of, reference, .. } => {
            case.duplicate_of = Some((*of, reference.clone()));
            case.around.deferral = None;
            case.around.original = None;
            case.was_valid = true;
            case.report = case.report.set_aside();
            stop_waiting(case, at, WaitingOn::Nobody);
        }
        Event::Objected { .. } => {
            case.objection = Some(Objection { at, upheld: None });
            case.waiting_on = WaitingOn::Team;
        }
        Event::ObjectionDecided { upheld, .. } => decided(case, *upheld),
        Event::Withdrawn { .. } => {
            case.withdrawn = Some(at);
            // Work that was accepted goes on without the reporter.
            if case.report == ReportState::Accepted {
                stop_waiting(case, at, WaitingOn::Team);
            } else {
                case.report = case.report.given_up();
                stop_waiting(case, at, WaitingOn::Nobody);
            }
        }
        Event::Closed { reason, .. } => {
            case.closed = Some((at, *reason));
            case.report = case.report.along(&[ReportMove::Close]);
            stop_waiting(case, at, WaitingOn::Nobody);
        }
        // A withdrawn case that is not closed goes on where it stood.
        Event::Reopened { .. } if case.closed.is_none() => {
            case.went_on = Some(at);
            case.waiting_on = WaitingOn::Team;
        }
        Event::Reopened { .. } => {
            let withdrawn = matches!(case.closed, Some((_, CloseReason::Withdrawn)));
            case.promises_go_on = matches!(recorded.actor, Actor::Team(_)) && !withdrawn;
            reopened(case, at);
        }
        _ => {}
    }
}

fn decided(case: &mut CaseState, upheld: bool) {
    if let Some(objection) = case.objection.as_mut() {
        objection.upheld = Some(upheld);
    }
    if upheld {
        case.rejection = None;
        case.waiting_on = WaitingOn::Team;
    } else {
        case.waiting_on = WaitingOn::Nobody;
    }
}

/// A new episode of report and embargo; what is public stays public (Q10).
fn reopened(case: &mut CaseState, at: Instant) {
    case.episode = case.episode.saturating_add(1);
    case.reopened = Some(at);
    // The episode is a report of its own (Q10): nothing leaves the closed one.
    case.report = ReportState::Start.along(&[ReportMove::Receive]);
    case.was_valid = false;
    case.waiting_on = WaitingOn::Team;
    case.closed = None;
    case.rejection = None;
    case.objection = None;
    case.duplicate_of = None;
    case.withdrawn = None;
    case.went_on = None;
    case.around.deferral = None;
    case.around.original = None;
    case.around.left = None;
    case.assessment = None;
    case.assessment_told = false;
    case.outcome_told = None;
    case.rating_told = None;
    case.accepted = None;
    case.fix_ready = None;
    case.fix_released = None;
    case.advisory.approvals.clear();
    case.advisory.published_draft = None;
    let over = case.is_public_knowledge() || !case.attack_facts.is_empty();
    // What was agreed holds across a close and a reopening (EM-8).
    if !over && case.embargo.state.is_in_force() {
        return;
    }
    case.embargo = Embargo {
        state: if over {
            EmbargoState::Exited
        } else {
            EmbargoState::None
        },
        until: None,
        proposal: None,
        settled: false,
        date_told: false,
        overrides: None,
    };
    case.around.date_alone = None;
    if !over {
        case.reporter_free_from = None;
    }
}
