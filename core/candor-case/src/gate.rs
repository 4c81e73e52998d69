//! Who may ask for what, and when: the table that every command passes first.
//!
//! Invariants: what is not in the table is refused; `allowed` and `decide` use the
//! same table, so that a page never offers what would be refused for its stage.
//!
//! Deliberately absent: the contents of commands. Those are judged by `decide`.

use candor_base::{Instant, Instead, Refusal, RefusalCode};

use crate::draft::Context;
use crate::hints::Hint;
use crate::parts::{Actor, WaitingOn};
use crate::state::{CaseState, ReportState};

/// Days in which a reporter may object to a rejection (`domain.md` 2.2).
pub(crate) const OBJECTION_DAYS: i64 = 14;

/// The names of all commands, in the order in which pages offer them.
pub const COMMANDS: [&str; 70] = [
    "receive",
    "acknowledge",
    "ask",
    "supply",
    "waive",
    "say",
    "assign",
    "assess",
    "accept",
    "reject",
    "mark_duplicate",
    "object",
    "decide_objection",
    "fix",
    "mitigate",
    "plan_communication",
    "propose_date",
    "answer_date",
    "set_date_alone",
    "confirm_date",
    "record_fact",
    "save_draft",
    "approve",
    "publish",
    "answer_outlet",
    "record_cve",
    "choose_credit",
    "add_credit",
    "remove_credit",
    "invite_party",
    "renew_invitation",
    "enter_party",
    "answer_terms",
    "party_status",
    "notify_party",
    "record_leak",
    "remove_party",
    "follow_up",
    "withdraw",
    "extend",
    "waive_promise",
    "answer_alarm",
    "record_breach",
    "defer",
    "ask_to_end",
    "resume",
    "go_on",
    "work_out",
    "hand_over",
    "suspect_leak",
    "decide_leak",
    "leave_embargo",
    "end_embargo",
    "link_advisory",
    "choose_key",
    "agree",
    "link_report",
    "follow_original",
    "close",
    "reopen",
    "note_signal",
    "record_awareness",
    "decide_not_reportable",
    "save_pack",
    "file_stage",
    "record_measure",
    "inform_users",
    "mail_outcome",
    "recount",
    "tick",
];

/// The commands that make sense now for who acts. Each may still be refused for
/// what it says.
pub fn allowed(case: &CaseState, ctx: &Context<'_>) -> Vec<&'static str> {
    COMMANDS
        .into_iter()
        .filter(|name| check(name, case, ctx).is_ok())
        .collect()
}

/// Whether this command may be asked now by who acts.
pub(crate) fn check(name: &str, case: &CaseState, ctx: &Context<'_>) -> Result<(), Refusal> {
    permitted(name, case, ctx.actor)?;
    if needs_open(name) && case.closed.is_some() {
        return Err(
            Refusal::new(RefusalCode::WrongStage, "The case is closed.").instead(Hint::Reopen)
        );
    }
    fits(name, case, ctx)
}

pub(crate) fn permitted(name: &str, case: &CaseState, actor: Actor) -> Result<(), Refusal> {
    // A report that was handed in has no room: the team writes down what the
    // reporter answered elsewhere (S4-08).
    let no_room = case.facts.channel.came_elsewhere();
    let own = match name {
        // Candor itself writes notes for the team (what changed on GitHub).
        "say" => true,
        "propose_date" | "answer_date" => {
            matches!(actor, Actor::Team(_) | Actor::Reporter | Actor::Party(_))
        }
        "leave_embargo" => match actor {
            Actor::Team(_) => no_room,
            Actor::Reporter | Actor::Party(_) => true,
            Actor::System => false,
        },
        "answer_terms" => matches!(actor, Actor::Party(_)),
        "party_status" | "record_leak" | "link_advisory" => {
            matches!(actor, Actor::Team(_) | Actor::Party(_))
        }
        "supply" | "choose_credit" | "withdraw" | "agree" => {
            actor == Actor::Reporter || (no_room && matches!(actor, Actor::Team(_)))
        }
        "object" | "follow_up" | "choose_key" => actor == Actor::Reporter,
        // Candor answers for a place that it published at itself.
        "answer_outlet" => matches!(actor, Actor::Team(_) | Actor::System),
        "tick" | "recount" | "mail_outcome" | "enter_party" | "link_report" | "follow_original" => {
            actor == Actor::System
        }
        _ => matches!(actor, Actor::Team(_)),
    };
    if own {
        Ok(())
    } else {
        let who = match actor {
            Actor::Team(_) => "the team",
            Actor::Reporter => "the reporter",
            Actor::Party(_) => "another party",
            Actor::System => "Candor itself",
        };
        Err(Refusal::new(
            RefusalCode::NotAllowed,
            format!("This is not for {who} to do."),
        ))
    }
}

/// Commands that a closed case takes no more.
fn needs_open(name: &str) -> bool {
    !matches!(
        name,
        "say"
            | "supply"
            | "record_fact"
            | "record_breach"
            | "reopen"
            | "mail_outcome"
            | "tick"
            | "receive"
            // A duty to tell a regulator outlives the case.
            | "note_signal"
            | "record_awareness"
            | "decide_not_reportable"
            | "save_pack"
            | "file_stage"
            | "record_measure"
            | "inform_users"
            | "agree"
            | "link_advisory"
            // Letters come after the end, too.
            | "choose_key"
            | "link_report"
            | "follow_original"
    )
}

fn wrong(why: &str, instead: impl Into<Instead>) -> Result<(), Refusal> {
    Err(Refusal::new(RefusalCode::WrongStage, why).instead(instead))
}

fn unless(bad: bool, why: &str, instead: impl Into<Instead>) -> Result<(), Refusal> {
    if bad { wrong(why, instead) } else { Ok(()) }
}

fn already(done: bool, why: &str, instead: impl Into<Instead>) -> Result<(), Refusal> {
    if done {
        Err(Refusal::new(RefusalCode::AlreadyDone, why).instead(instead))
    } else {
        Ok(())
    }
}

fn fits(name: &str, case: &CaseState, ctx: &Context<'_>) -> Result<(), Refusal> {
    let published = case.advisory.published_draft.is_some();
    match name {
        "receive" => already(true, "This report is already stored.", Hint::Write),
        "acknowledge" => {
            not_turned_down(case)?;
            already(
                case.acknowledged.is_some(),
                "The reporter was already answered.",
                Hint::Write,
            )
        }
        "ask" => {
            not_turned_down(case)?;
            unless(published, "The advisory is already public.", Hint::Write)
        }
        "waive" => unless(
            case.mandatory_missing.is_empty(),
            "Nothing that the policy makes mandatory is missing.",
            "go on",
        ),
        "assess" | "mitigate" | "extend" | "waive_promise" => not_turned_down(case),
        "accept" => accept_fits(case),
        "reject" | "mark_duplicate" => turn_down_fits(name, case),
        "object" => object_fits(case, ctx.now),
        "decide_objection" => unless(
            !open_objection(case),
            "There is no open objection.",
            Hint::WaitForReporter,
        ),
        "fix" | "plan_communication" => accepted(case),
        _ => fits_late(name, case, ctx),
    }
}

fn fits_late(name: &str, case: &CaseState, ctx: &Context<'_>) -> Result<(), Refusal> {
    let published = case.advisory.published_draft.is_some();
    match name {
        "propose_date" | "set_date_alone" | "confirm_date" => {
            not_turned_down(case)?;
            unless(
                name == "confirm_date" && case.around.date_alone.is_none(),
                "Nobody asked to set a date without agreement.",
                Hint::ProposeDate,
            )?;
            crate::decide::proposable(case, ctx.actor)
        }
        "answer_date" => crate::decide::answerable(case, ctx.actor),
        "save_draft" => {
            not_turned_down(case)?;
            unless(
                !matches!(
                    case.report,
                    ReportState::Valid | ReportState::Accepted | ReportState::Deferred
                ),
                "An advisory is drafted once the report is judged valid.",
                Hint::Assess,
            )
        }
        "approve" | "publish" => {
            accepted(case)?;
            if case.advisory.draft.is_none() {
                return Err(Refusal::new(
                    RefusalCode::AdvisoryIncomplete,
                    "There is no advisory draft yet.",
                )
                .instead(Hint::WriteAdvisory));
            }
            already(
                case.advisory.is_public(),
                "This advisory is public already.",
                Hint::ChangeDraft,
            )
        }
        "answer_outlet" => announceable(case),
        "add_credit" | "invite_party" => accepted(case),
        "choose_credit" => already(
            case.advisory.published.is_some(),
            "The advisory is already public; its credit can be changed only by the team.",
            Hint::Write,
        ),
        "remove_credit" => unless(
            case.credits.is_empty(),
            "Nobody else is thanked so far.",
            Hint::AddCredit,
        ),
        "follow_up" => crate::decide::follow_up_fits(case, ctx),
        "withdraw" => {
            already(
                case.withdrawn.is_some(),
                "The report is already withdrawn.",
                Hint::Write,
            )?;
            unless(published, "The advisory is already public.", Hint::Write)
        }
        "supply" => crate::decide::supply_fits(case),
        "renew_invitation" | "enter_party" | "answer_terms" | "party_status" | "notify_party"
        | "remove_party" => unless(
            case.parties.iter().all(|p| p.removed.is_some()),
            "There is no other party on this case.",
            Hint::InviteParty,
        ),
        "answer_alarm" => unless(
            case.open_alarms().next().is_none(),
            "No missed promise waits for an answer.",
            "go on",
        ),
        "close" => unless(
            matches!(case.report, ReportState::Received | ReportState::Valid),
            "A case is closed only after it was turned down, withdrawn, or worked on to its end.",
            Hint::AssessOrReject,
        ),
        "reopen" => unless(
            case.closed.is_none() && !goes_on_alone(case),
            "The case is open.",
            "go on",
        ),
        _ => fits_aside(name, case, ctx.actor),
    }
}

fn fits_aside(name: &str, case: &CaseState, actor: Actor) -> Result<(), Refusal> {
    let published = case.advisory.published_draft.is_some();
    match name {
        "defer" => {
            not_turned_down(case)?;
            unless(published, "The advisory is already public.", Hint::Close)?;
            unless(
                matches!(case.report, ReportState::Received | ReportState::Invalid),
                "Only a report that was judged valid is put aside.",
                Hint::Assess,
            )
        }
        "resume" | "ask_to_end" => unless(
            case.around.deferral.is_none(),
            "The case is not put aside.",
            "go on",
        ),
        "go_on" => unless(
            case.waiting_on != WaitingOn::Reporter,
            "The case does not wait for the reporter.",
            "go on",
        ),
        "work_out" => not_turned_down(case),
        "suspect_leak" => {
            already(
                case.is_public_knowledge(),
                "The matter is public already.",
                Hint::PublishSoon,
            )?;
            already(
                case.around.open_leak().is_some(),
                "A suspected leak waits for its decision.",
                Hint::DecideLeak,
            )
        }
        "decide_leak" => unless(
            case.around.open_leak().is_none(),
            "No suspected leak is open.",
            Hint::SuspectLeak,
        ),
        "leave_embargo" => {
            unless(
                !case.embargo.state.is_in_force(),
                "There is no embargo to leave.",
                Hint::Write,
            )?;
            already(
                case.around.left.is_some() && !matches!(actor, Actor::Party(_)),
                "The embargo was left already.",
                Hint::Write,
            )
        }
        "end_embargo" => crate::decide::may_end(case),
        "link_advisory" => {
            unless(
                case.parties.iter().all(|p| p.removed.is_some()),
                "There is no other party on this case.",
                Hint::InviteParty,
            )?;
            unless(
                case.advisory.published.is_none(),
                "Advisories of others are linked once the project's own is public.",
                Hint::PublishFirst,
            )
        }
        "choose_key" => unless(
            !case.facts.contact_given,
            "No letters go to you: the report came without an address.",
            Hint::Write,
        ),
        "agree" => unless(
            case.around.consents.is_empty(),
            "Nobody asked for a consent.",
            Hint::Write,
        ),
        "follow_original" => unless(
            case.duplicate_of.is_none(),
            "This case is no duplicate.",
            "go on",
        ),
        _ => crate::regulator::fits(name, case),
    }
}

pub(crate) fn open_objection(case: &CaseState) -> bool {
    case.objection.as_ref().is_some_and(|o| o.upheld.is_none())
}

/// Withdrawn and nothing else: the team may go on without the reporter.
fn goes_on_alone(case: &CaseState) -> bool {
    case.stands_withdrawn() && case.rejection.is_none() && case.duplicate_of.is_none()
}

fn not_turned_down(case: &CaseState) -> Result<(), Refusal> {
    let why = if case.duplicate_of.is_some() {
        "The report is a duplicate of an older case."
    } else if case.rejection.is_some() {
        "The report was turned down."
    } else {
        return unless(
            goes_on_alone(case),
            "The reporter withdrew the report.",
            Hint::ReopenOrClose,
        );
    };
    unless(case.is_turned_down(), why, Hint::CloseOrDecideObjection)
}

fn accepted(case: &CaseState) -> Result<(), Refusal> {
    if goes_on_alone(case) {
        return not_turned_down(case);
    }
    put_aside(case)?;
    unless(
        case.report != ReportState::Accepted,
        "The case is not accepted.",
        Hint::AssessAndAccept,
    )
}

/// Announcing a place's advisory, or leaving the place out, comes after publication:
/// a word elsewhere tells of the problem as much as the advisory does.
fn announceable(case: &CaseState) -> Result<(), Refusal> {
    accepted(case)?;
    let why = if case.embargo.state.is_in_force() {
        "The embargo holds: nothing is announced anywhere before the advisory is public."
    } else {
        "Nothing is announced anywhere before the advisory is public."
    };
    unless(case.advisory.published.is_none(), why, Hint::PublishFirst)
}

/// What was put aside after its acceptance is taken up again first.
fn put_aside(case: &CaseState) -> Result<(), Refusal> {
    unless(
        case.around
            .deferral
            .as_ref()
            .is_some_and(|d| d.was_accepted),
        "The case is put aside.",
        Hint::Resume,
    )
}

fn accept_fits(case: &CaseState) -> Result<(), Refusal> {
    not_turned_down(case)?;
    put_aside(case)?;
    already(
        case.report == ReportState::Accepted,
        "The case is already accepted.",
        Hint::ChangeBranches,
    )?;
    // Only V and D lead to A (`cvd-state-model.md` 1).
    unless(
        !matches!(case.report, ReportState::Valid | ReportState::Deferred),
        "A case is accepted after its report was judged valid.",
        Hint::Assess,
    )
}

fn turn_down_fits(name: &str, case: &CaseState) -> Result<(), Refusal> {
    not_turned_down(case)?;
    let released = case
        .fixes
        .iter()
        .any(|r| matches!(r.status, crate::parts::FixStatus::Released { .. }));
    unless(
        case.advisory.published.is_some() || released,
        "A fix is released or the advisory is public: this report is no longer to be turned down.",
        Hint::FinishCase,
    )?;
    unless(
        name == "mark_duplicate" && case.fix_ready.is_some(),
        "The fix of this case is ready.",
        Hint::NameOtherCase,
    )
}

fn object_fits(case: &CaseState, now: Instant) -> Result<(), Refusal> {
    let Some(rejection) = &case.rejection else {
        return wrong("The report was not turned down.", Hint::Write);
    };
    already(
        case.objection.is_some(),
        "There was an objection already.",
        Hint::Write,
    )?;
    if now > rejection.at.plus_seconds(OBJECTION_DAYS * 86_400) {
        return Err(Refusal::new(
            RefusalCode::DeadlinePassed,
            "An objection was possible for 14 days.",
        )
        .instead(Hint::WriteWhatIsNew));
    }
    Ok(())
}
