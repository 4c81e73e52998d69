//! Commands in, events or a refusal out.
//!
//! Invariants: what time alone has caused is decided first, so that no act can
//! slip in before a miss that is already due; a refused command changes nothing; the
//! history of a case never goes back in time, also where the machine's clock does.

mod advisory;
mod aside;
mod clocks;
mod close;
pub(crate) use close::may_stay_internal;
pub use intake::OLDEST_FIRST_RECEIPT_DAYS;
mod embargo;
mod episode;
mod fix;
mod hand_over;
mod intake;
mod mail;
mod party;
mod publish;
mod question;
mod recount;
mod reporter;
mod talk;
mod tick;
mod triage;
mod verdict;

pub(crate) use embargo::{answerable, may_end, proposable};
pub(crate) use reporter::{follow_up_fits, supply_fits};

use candor_base::{Refusal, RefusalCode};

use crate::command::Command;
use crate::draft::{Context, Draft, no_case};
use crate::event::Event;
use crate::gate;
use crate::hints;
use crate::state::CaseState;

/// Decides a command: the events it causes, or why not and what is possible instead.
pub fn decide(
    state: Option<&CaseState>,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    judged(state, command, ctx).map_err(|refusal| match state {
        Some(case) => hints::truthful(refusal, case, &ctx.caught_up(state)),
        None => refusal,
    })
}

/// The same, with hints that were not held against what is possible.
pub(crate) fn judged(
    state: Option<&CaseState>,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let ctx = &ctx.caught_up(state);
    let mut d = Draft::new(state, ctx);
    if let Command::Receive(facts) = command {
        intake::receive(&mut d, facts)?;
        clocks::settle(&mut d)?;
        return Ok(d.finish());
    }
    let case = state.ok_or_else(no_case)?;
    if case.facts.policy != ctx.policy.digest {
        return Err(Refusal::new(
            RefusalCode::Conflict,
            "This case runs under the policy version it was received under, and that is not the one given.",
        ));
    }
    tick::catch_up(&mut d)?;
    gate::check(command.name(), d.case()?, ctx)?;
    run(&mut d, command)?;
    clocks::settle(&mut d)?;
    Ok(d.finish())
}

fn run(d: &mut Draft<'_>, command: &Command) -> Result<(), Refusal> {
    match command {
        // Receiving and the passing of time are decided before.
        Command::Receive(_) | Command::Tick => Ok(()),
        Command::Assign { lead } => talk::assign(d, *lead),
        Command::Acknowledge { message, plan } => talk::acknowledge(d, message, *plan),
        Command::Ask { items, message } => talk::ask(d, items, message),
        Command::Say {
            lane,
            kind,
            message,
        } => talk::say(d, *lane, *kind, message),
        Command::Waive { items } => triage::waive(d, items),
        Command::Assess {
            assessment,
            message,
        } => triage::assess(d, assessment, message.as_ref()),
        Command::Accept(acceptance) => triage::accept(d, acceptance),
        Command::Reject {
            ground,
            is_vulnerability,
            reason,
            keep_as_suggestion,
        } => verdict::reject(d, ground, *is_vulnerability, reason, *keep_as_suggestion),
        Command::MarkDuplicate {
            of,
            reference,
            original_received,
            message,
        } => verdict::duplicate(d, *of, reference, *original_received, message),
        Command::DecideObjection { uphold, reason } => {
            verdict::decide_objection(d, *uphold, reason)
        }
        Command::Fix(change) => fix::change(d, change),
        Command::Mitigate { text } => fix::mitigate(d, *text),
        Command::PlanCommunication { text } => fix::plan_communication(d, *text),
        _ => run_more(d, command),
    }
}

fn run_more(d: &mut Draft<'_>, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::ProposeDate {
            at,
            reason,
            message,
        } => embargo::propose(d, *at, *reason, message.as_ref()),
        Command::AnswerDate(answer) => embargo::answer(d, answer),
        Command::SetDateAlone {
            at,
            reason,
            message,
        } => embargo::set_alone(d, *at, *reason, message),
        Command::RecordFact { fact, evidence } => embargo::record_fact(d, *fact, *evidence),
        Command::SaveDraft(draft) => advisory::save(d, draft),
        Command::Approve { draft } => advisory::approve(d, *draft),
        Command::AnswerOutlet { outlet, answer } => advisory::answer_outlet(d, outlet, answer),
        Command::Publish { draft } => publish::publish(d, *draft),
        Command::Supply { items, message } => reporter::supply(d, items, message),
        Command::Object { reason } => reporter::object(d, reason),
        Command::ChooseCredit { wish, kind } => reporter::choose_credit(d, wish, *kind),
        Command::AddCredit(credit) => reporter::add_credit(d, credit),
        Command::RemoveCredit { name, kind } => reporter::remove_credit(d, *name, *kind),
        Command::FollowUp { message } => reporter::follow_up(d, message.as_ref()),
        Command::Withdraw { message } => reporter::withdraw(d, message.as_ref()),
        Command::Extend {
            clock,
            days,
            reason,
        } => question::longer(d, clock, *days, *reason),
        Command::WaivePromise { clock, reason } => question::without(d, clock, *reason),
        Command::AnswerAlarm { clock } => close::answer_alarm(d, clock),
        Command::RecordBreach { duty, finding } => close::record_breach(d, duty, *finding),
        Command::Close { reason, note } => close::close(d, *reason, *note),
        Command::Reopen { reason } => close::reopen(d, *reason),
        Command::Aside(aside) => aside::run(d, aside),
        Command::MailOutcome {
            key,
            delivered,
            code,
            told,
        } => mail::outcome(d, key, *delivered, code.as_deref(), *told),
        _ => party_commands(d, command),
    }
}

fn party_commands(d: &mut Draft<'_>, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::InviteParty(invitation) => party::invite(d, invitation),
        Command::RenewInvitation { number, code } => party::renew(d, *number, *code),
        Command::EnterParty { number, used, code } => party::enter(d, *number, *used, *code),
        Command::AnswerTerms { accepted } => party::answer_terms(d, *accepted),
        Command::PartyStatus {
            number,
            status,
            fix,
        } => party::status(d, *number, *status, *fix),
        Command::NotifyParty { number } => party::notify(d, *number),
        Command::RecordLeak { party, what } => party::leak(d, *party, *what),
        Command::RemoveParty { number, reason } => party::remove(d, *number, *reason),
        Command::Recount { calendar } => recount::by_owner(d, calendar),
        Command::Regulator(act) => crate::regulator::decide(d, act),
        Command::Cve(act) => crate::cve::decide(d, act),
        _ => Ok(()),
    }
}
