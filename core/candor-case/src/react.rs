//! What follows outside from what happened, as data.
//!
//! Invariants: performs nothing; the same event gives the same effects; the
//! reporter gets mail only where an address was given, and never any text.

use crate::alarm::AlarmStep;
use crate::aside::{AsideEvent, Matter, OriginalNews};
use crate::cve::{CveEvent, RECORD_MUST_HOURS};
use crate::effect::{Attention, Effect, MailKind, Recipient};
use crate::event::{Event, Recorded};
use crate::parts::{Actor, Lane};
use crate::regulator::{RegulatorEvent, Signal};
use crate::state::CaseState;

/// The effects of an event, given the case after it.
pub fn react(case: &CaseState, recorded: &Recorded) -> Vec<Effect> {
    let mut out = Vec::new();
    match &recorded.event {
        Event::Received { facts, .. } => {
            to_reporter(case, &mut out, MailKind::Receipt);
            to_team(&mut out, MailKind::NewReport);
            if facts.public.is_some() {
                to_team(&mut out, MailKind::AlreadyPublic);
            }
        }
        Event::ClockWarned { clock, percent } => {
            if let Some(due) = case.clocks.get(clock).and_then(|c| c.due) {
                let clock = clock.clone();
                let percent = *percent;
                to_team(
                    &mut out,
                    MailKind::DueSoon {
                        clock,
                        percent,
                        due,
                    },
                );
            }
        }
        Event::ClockMissed { clock, due } => to_team(
            &mut out,
            MailKind::Missed {
                clock: clock.clone(),
                due: *due,
            },
        ),
        Event::ClockEscalated { clock, step, .. } => {
            let since = case.clocks.get(clock).and_then(|c| c.alarm.as_ref());
            if let Some(alarm) = since {
                let lead = case.lead.filter(|_| *step == AlarmStep::Owner);
                out.push(Effect::Mail {
                    to: lead.map_or(Recipient::Step(*step), Recipient::Account),
                    mail: MailKind::Alarm {
                        clock: clock.clone(),
                        due: alarm.since,
                        step: *step,
                    },
                });
            }
        }
        Event::Objected { .. } => to_team(&mut out, MailKind::Objection),
        Event::FollowedUp { .. } => to_team(&mut out, MailKind::FollowUp),
        Event::EmbargoExited { fact: Some(_) } => {
            to_team(&mut out, MailKind::EmbargoEnded);
            to_reporter(case, &mut out, MailKind::YouHaveAMessage);
        }
        Event::FactRecorded { .. }
            if matches!(recorded.actor, Actor::Team(_)) && !case.embargo.state.is_in_force() =>
        {
            to_reporter(case, &mut out, MailKind::YouHaveAMessage);
        }
        Event::Reminded { number } => {
            to_reporter(case, &mut out, MailKind::Reminder { number: *number });
        }
        Event::PartyInvited { number, .. } => to_party(*number, &mut out, MailKind::Invitation),
        Event::PartyNotified { number } => to_party(*number, &mut out, MailKind::PartyNews),
        Event::LeakRecorded { .. } => to_team(&mut out, MailKind::Leak),
        Event::PartyRemoved { .. } if matches!(recorded.actor, Actor::Party(_)) => to_team(
            &mut out,
            MailKind::Attention {
                at: Attention::LeftEmbargo,
            },
        ),
        Event::CreditReminded { number } => {
            to_reporter(case, &mut out, MailKind::CreditReminder { number: *number });
        }
        Event::Published { .. } => {
            out.push(Effect::Publish);
            to_reporter(case, &mut out, MailKind::Published);
        }
        Event::MailSettled {
            delivered: false, ..
        } => to_team(&mut out, MailKind::MailFailed),
        Event::Regulator(event) => regulator(case, event, &mut out),
        Event::Cve(event) => cve(case, event, &mut out),
        Event::Aside { what } => aside(case, recorded.actor, what, &mut out),
        event if speaks(event) => {
            tell_other_side(case, recorded.actor, &mut out);
            // A party's word about the date is for the reporter, too.
            let date = matches!(
                event,
                Event::DateProposed { .. } | Event::DateAgreed { .. } | Event::DateDeclined { .. }
            );
            if date && matches!(recorded.actor, Actor::Party(_)) {
                to_reporter(case, &mut out, MailKind::YouHaveAMessage);
            }
        }
        _ => {}
    }
    if concerns_parties(case, recorded) {
        let others = case.parties.iter().filter(|p| p.removed.is_none());
        for party in others.filter(|p| recorded.actor != Actor::Party(p.number)) {
            to_party(party.number, &mut out, MailKind::PartyNews);
        }
    }
    out
}

/// Everybody on the case hears of dates, of the end, of what became public, of the fix,
/// and of what is written to all: the messages of `model::message` to other parties.
fn concerns_parties(case: &CaseState, recorded: &Recorded) -> bool {
    match &recorded.event {
        Event::Said { lane, .. } => *lane == Lane::Everyone,
        // Whoever is asked about a date is told, and whether it came to hold; so is
        // everybody when somebody leaves (EM-8).
        Event::Aside { what } => matches!(
            **what,
            AsideEvent::AnswersDue { .. }
                | AsideEvent::ReporterLeft { .. }
                | AsideEvent::ReporterJoined
        ),
        // Where an embargo is in force its end says so.
        Event::FactRecorded { .. } => !case.embargo.state.is_in_force(),
        Event::FixChanged { .. } => case.fix_ready == Some(recorded.at),
        Event::DateProposed { .. }
        | Event::DateAgreed { .. }
        | Event::DateDeclined { .. }
        | Event::DateSetAlone { .. }
        | Event::Closed { .. }
        | Event::EmbargoExited { .. }
        | Event::Published { .. } => true,
        _ => false,
    }
}

fn to_party(number: u32, out: &mut Vec<Effect>, mail: MailKind) {
    out.push(Effect::Mail {
        to: Recipient::Party(number),
        mail,
    });
}

/// The team alone hears of regulators.
fn regulator(case: &CaseState, event: &RegulatorEvent, out: &mut Vec<Effect>) {
    let r = &case.regulators;
    let signal = |n: u32| usize::try_from(n).ok().and_then(|n| r.signals.get(n));
    let stage = |regime, stage| r.records.get(regime).and_then(|r| r.stages.get(stage));
    let mail = match event {
        RegulatorEvent::SignalNoted { due, .. } => {
            // One that was answered before it was noted asks for nothing.
            let open = r.signals.last().is_some_and(Signal::is_open);
            open.then_some(MailKind::RegulatorSignal { due: *due })
        }
        RegulatorEvent::SignalWarned { signal: n, percent } => {
            signal(*n).map(|s| MailKind::RegulatorDueSoon {
                percent: *percent,
                due: s.due,
            })
        }
        RegulatorEvent::StageWarned {
            regime,
            stage: id,
            percent,
        } => {
            let due = stage(regime, id).and_then(|c| c.due);
            due.map(|due| MailKind::RegulatorDueSoon {
                percent: *percent,
                due,
            })
        }
        RegulatorEvent::SignalMissed { due, .. } | RegulatorEvent::StageMissed { due, .. } => {
            Some(MailKind::RegulatorMissed { due: *due })
        }
        _ => None,
    };
    if let Some(mail) = mail {
        to_team(out, mail);
    }
}

/// The reporter hears of the id that belongs to the vulnerability (CNA rules 4.3.3).
fn cve(case: &CaseState, event: &CveEvent, out: &mut Vec<Effect>) {
    let at = match event {
        CveEvent::CveAssigned { .. } => {
            to_reporter(case, out, MailKind::YouHaveAMessage);
            return;
        }
        CveEvent::CveRequestSilent { .. } => Attention::CveSilent,
        CveEvent::CveRecordLate { hours, .. } if *hours >= RECORD_MUST_HOURS => {
            Attention::CveOverdue
        }
        CveEvent::CveRecordLate { .. } => Attention::CveDue,
        _ => return,
    };
    to_team(out, MailKind::Attention { at });
}

fn aside(case: &CaseState, actor: Actor, event: &AsideEvent, out: &mut Vec<Effect>) {
    let mut look = |at: Attention| to_team(out, MailKind::Attention { at });
    match event {
        AsideEvent::ReviewDue => look(Attention::Review),
        AsideEvent::LeakSuspected { .. } | AsideEvent::LeakPublicAsked { .. } => {
            look(Attention::Leak);
        }
        AsideEvent::PartySilent { .. } => look(Attention::PartySilent),
        AsideEvent::ReportLinked { first: true, .. } => look(Attention::SecondReport),
        AsideEvent::OriginalFollowed {
            news: OriginalNews::Published,
        } => to_reporter(case, out, MailKind::Published),
        AsideEvent::OriginalFollowed { .. } | AsideEvent::EmbargoEnded { .. } => {
            to_reporter(case, out, MailKind::YouHaveAMessage);
        }
        AsideEvent::ReporterLeft { .. } => look(Attention::LeftEmbargo),
        AsideEvent::AnswersDue { .. } => {
            look(Attention::AnswersDue);
            to_reporter(case, out, MailKind::YouHaveAMessage);
        }
        AsideEvent::TermsReminded { number, .. } => {
            look(Attention::TermsSilent);
            to_party(*number, out, MailKind::PartyNews);
        }
        // Asked within the letter that turns the report down.
        AsideEvent::ConsentAsked {
            matter: Matter::Suggestion,
        } => {}
        AsideEvent::Deferred { .. }
        | AsideEvent::DateTaken { .. }
        | AsideEvent::AdvisoryLinked { .. }
        | AsideEvent::ConsentAsked { .. }
        | AsideEvent::ConsentAnswered { .. } => tell_other_side(case, actor, out),
        _ => {}
    }
}

/// Whether an event holds something that the other side should come and read.
fn speaks(event: &Event) -> bool {
    match event {
        Event::Said { lane, .. } => *lane != Lane::Team,
        Event::Assessed { message, .. } => message.is_some(),
        Event::Acknowledged { .. }
        | Event::Asked { .. }
        | Event::Supplied { .. }
        | Event::Accepted { .. }
        | Event::Rejected { .. }
        | Event::MarkedDuplicate { .. }
        | Event::ObjectionDecided { .. }
        | Event::DateProposed { .. }
        | Event::DateAgreed { .. }
        | Event::DateDeclined { .. }
        | Event::DateSetAlone { .. }
        | Event::Withdrawn { .. }
        | Event::TermsAnswered { .. }
        | Event::PartySaid { .. }
        | Event::Closed { .. }
        | Event::Reopened { .. } => true,
        _ => false,
    }
}

fn tell_other_side(case: &CaseState, actor: Actor, out: &mut Vec<Effect>) {
    match actor {
        Actor::Team(_) => to_reporter(case, out, MailKind::YouHaveAMessage),
        Actor::Reporter | Actor::Party(_) => {
            let to = case.lead.map_or(Recipient::Team, Recipient::Account);
            out.push(Effect::Mail {
                to,
                mail: MailKind::YouHaveAMessage,
            });
        }
        Actor::System => {}
    }
}

fn to_team(out: &mut Vec<Effect>, mail: MailKind) {
    out.push(Effect::Mail {
        to: Recipient::Team,
        mail,
    });
}

fn to_reporter(case: &CaseState, out: &mut Vec<Effect>, mail: MailKind) {
    if case.facts.contact_given {
        out.push(Effect::Mail {
            to: Recipient::Reporter,
            mail,
        });
    }
}
