//! The timeline of a case, for the team: every event in words.
//!
//! Invariant: texts stay where they are; a line says that something was written,
//! not what.

use candor_case::{
    AsideEvent, AttackFact, Event, FixStatus, HandOverStep, Lane, MessageKind, OriginalNews,
    Recorded, Wish,
};
use candor_policy::clocks::ClockKey;
use candor_policy::{clock_words, severity_words};

use super::around;
use super::case::CaseMaterial;
use super::ledger::step_words;
use super::{cve, regulator, words};
use crate::view::TimelineEntry;

/// All events, newest first.
pub(super) fn timeline(m: &CaseMaterial<'_>) -> Vec<TimelineEntry> {
    m.events.iter().rev().map(|r| entry(m, r)).collect()
}

fn entry(m: &CaseMaterial<'_>, r: &Recorded) -> TimelineEntry {
    TimelineEntry {
        when: m.when(r.at),
        who: m.actor(r.actor, false),
        what: what(m, &r.event),
        kind: kind(&r.event).to_owned(),
        event: r.event.name().to_owned(),
    }
}

fn kind(event: &Event) -> &'static str {
    match event {
        Event::Received { .. } | Event::Supplied { .. } | Event::Withdrawn { .. } => "report",
        Event::ClockStarted { .. }
        | Event::ClockPaused { .. }
        | Event::ClockResumed { .. }
        | Event::ClockMoved { .. }
        | Event::ClockRecounted { .. }
        | Event::ClockWaived { .. }
        | Event::ClockReopened { .. }
        | Event::ClockStopped { .. } => "clock",
        Event::ClockWarned { .. } | Event::ClockEscalated { .. } | Event::Reminded { .. } => "warn",
        Event::ClockMissed { .. } => "miss",
        Event::ClockMet { .. } => "met",
        Event::FixChanged { .. } | Event::Mitigated { .. } => "fix",
        Event::EmbargoByDefault { .. }
        | Event::DateProposed { .. }
        | Event::DateAgreed { .. }
        | Event::DateDeclined { .. }
        | Event::DateSetAlone { .. }
        | Event::EmbargoExited { .. } => "date",
        Event::DraftSaved { .. }
        | Event::Approved { .. }
        | Event::Published { .. }
        | Event::OutletAnswered { .. }
        | Event::ReporterFree { .. } => "publish",
        Event::MailSettled { .. } => "mail",
        Event::Regulator(event) => regulator::kind_of(event),
        Event::Cve(event) => cve::kind_of(event),
        Event::Aside { what } => aside_kind(what),
        _ => "talk",
    }
}

fn clock(m: &CaseMaterial<'_>, key: &ClockKey) -> String {
    m.state.clocks.get(key).map_or_else(
        || key.to_string(),
        |c| format!("\u{201c}{}\u{201d}", clock_words(&c.spec)),
    )
}

fn party(m: &CaseMaterial<'_>, number: u32) -> String {
    m.actor(candor_case::Actor::Party(number), false)
}

fn fact(fact: AttackFact) -> &'static str {
    match fact {
        AttackFact::Public => "details are public",
        AttackFact::ExploitPublic => "an exploit is public",
        AttackFact::AttacksObserved => "attacks were observed",
    }
}

fn said(lane: Lane, kind: MessageKind) -> String {
    let kind = match kind {
        MessageKind::Status => "status update",
        MessageKind::Plan => "plan",
        MessageKind::DraftComment => "comment on the draft",
        MessageKind::Question => "question",
        MessageKind::Decision => "decision",
        MessageKind::DateNotice => "notice of the date",
        MessageKind::Acknowledgement => "acknowledgement",
        MessageKind::Plain => "message",
    };
    let lane = match lane {
        Lane::Everyone => "to everyone",
        Lane::Team => "to the team only",
        Lane::Reporter => "between team and reporter",
    };
    format!("Wrote a {kind} {lane}")
}

fn what(m: &CaseMaterial<'_>, event: &Event) -> String {
    let labels = |items: &std::collections::BTreeSet<_>| {
        let all: Vec<String> = items
            .iter()
            .map(|key| words::content_label(m.policy, *key))
            .collect();
        all.join(", ")
    };
    match event {
        Event::Received { .. } => "The report was stored".to_owned(),
        Event::Assigned { lead } => format!("{} leads the case", m.person(*lead)),
        Event::Acknowledged { plan: true, .. } => "Acknowledged, with a plan".to_owned(),
        Event::Acknowledged { .. } => "Acknowledged".to_owned(),
        Event::Asked { items, .. } => format!("Asked the reporter for: {}", labels(items)),
        Event::Waived { items } => format!("Goes on without: {}", labels(items)),
        Event::Supplied { items, .. } => format!("Supplied: {}", labels(items)),
        Event::Said { lane, kind, .. } => said(*lane, *kind),
        Event::Assessed { assessment, .. } => match assessment.severity {
            Some(s) => format!("Assessed: {}", severity_words(s)),
            None => "Assessed".to_owned(),
        },
        Event::Accepted { branches, .. } => format!("Accepted, to fix in: {}", branches.join(", ")),
        Event::Rejected { .. } => "Turned down".to_owned(),
        Event::MarkedDuplicate { reference, .. } => format!("Duplicate of {reference}"),
        Event::Objected { .. } => "Objected to the decision".to_owned(),
        Event::ObjectionDecided {
            upheld, by_another, ..
        } => format!(
            "The objection was {}{}",
            if *upheld {
                "right: open again"
            } else {
                "not followed"
            },
            if *by_another {
                ""
            } else {
                ", decided by the same person"
            }
        ),
        Event::FixChanged { change } => {
            let stands = words::fix_status(&change.status).1;
            let alone = if change.reviewed_alone && change.status == FixStatus::Tested {
                ", reviewed by the same person: the team has one member"
            } else {
                ""
            };
            format!("{}: {stands}{alone}", change.branch)
        }
        Event::Mitigated { text: Some(_) } => "Wrote down a mitigation".to_owned(),
        Event::Mitigated { text: None } => "Noted that no mitigation is known".to_owned(),
        Event::CommunicationPlanned { .. } => "Planned how to tell the community".to_owned(),
        Event::BreachRecorded { .. } => "Recorded that a duty was not kept".to_owned(),
        Event::CreditChosen { .. } => "Answered about credit".to_owned(),
        Event::CreditReminded { number } => {
            format!("Asked the reporter about credit again (reminder {number})")
        }
        Event::PartyInvited { number, .. } => format!("Invited {}", party(m, *number)),
        Event::InvitationRenewed { number, .. } => {
            format!("Gave {} a new invitation", party(m, *number))
        }
        Event::PartyEntered { number, .. } => format!("{} used its invitation", party(m, *number)),
        Event::TermsAnswered { accepted: true, .. } => "Took the terms".to_owned(),
        Event::TermsAnswered { .. } => "Did not take the terms".to_owned(),
        Event::PartySaid { number, .. } => format!("Said how {} stands", party(m, *number)),
        Event::PartyNotified { number } => format!("Gave {} its notice", party(m, *number)),
        Event::LeakRecorded { party: Some(n), .. } => {
            format!("Recorded a leak by {}", party(m, *n))
        }
        Event::LeakRecorded { .. } => "Recorded a leak".to_owned(),
        Event::PartyRemoved { number, .. } => format!("Left out {}", party(m, *number)),
        Event::CreditGivenUp => "No answer about credit: nobody is named".to_owned(),
        Event::CreditAdded { credit } => format!(
            "Thanks somebody else, who {}",
            words::credit_kind(credit.kind)
        ),
        Event::CreditRemoved { .. } => "Took back a credit".to_owned(),
        Event::FollowedUp { .. } => "Followed up: no answer came in time".to_owned(),
        Event::Withdrawn { .. } => "Withdrew the report".to_owned(),
        Event::Reminded { number } => format!("Reminded the reporter (reminder {number})"),
        Event::Closed { reason, .. } => format!("Closed: {}", words::close_reason(*reason)),
        Event::Reopened { .. } => "Opened again".to_owned(),
        Event::FactRecorded { fact: f, .. } => format!("Recorded: {}", fact(*f)),
        Event::MailSettled {
            delivered: true, ..
        } => "A mail was handed over".to_owned(),
        Event::MailSettled { code, .. } => format!(
            "A mail did not arrive ({})",
            code.as_deref().unwrap_or("no code")
        ),
        Event::Regulator(event) => regulator::words_of(m, event),
        Event::Cve(event) => cve::words_of(m, event),
        Event::Aside { what } => aside(m, what),
        other => clock_or_date(m, other),
    }
}

fn aside_kind(event: &AsideEvent) -> &'static str {
    match event {
        AsideEvent::ReviewDue
        | AsideEvent::PartySilent { .. }
        | AsideEvent::LeakSuspected { .. }
        | AsideEvent::ReporterLeft { .. }
        | AsideEvent::TermsReminded { .. } => "warn",
        AsideEvent::DateTaken { .. }
        | AsideEvent::AnswersDue { .. }
        | AsideEvent::ReporterJoined
        | AsideEvent::EmbargoEnded { .. } => "date",
        AsideEvent::OriginalFollowed { .. } => "publish",
        AsideEvent::ReportLinked { .. } => "report",
        _ => "talk",
    }
}

fn aside(m: &CaseMaterial<'_>, event: &AsideEvent) -> String {
    let party = |number: u32| {
        let found = m.state.around.hand_over(number);
        found.map_or_else(|| "another party".to_owned(), |h| m.text(&h.party))
    };
    match event {
        AsideEvent::Deferred { review, .. } => {
            format!("Put aside until {}", m.when(*review).words)
        }
        AsideEvent::ReviewDue => "The day of the review has come".to_owned(),
        AsideEvent::Resumed { .. } => "Taken up again".to_owned(),
        AsideEvent::WentOn { .. } => "Goes on without the answer".to_owned(),
        AsideEvent::TakenUpAgain => {
            "An answer came: the decision to turn it down is void".to_owned()
        }
        AsideEvent::LeakSuspected { .. } => "Suspects a leak".to_owned(),
        AsideEvent::LeakPublicAsked { .. } => {
            "Wants to go public after the leak; another person decides too".to_owned()
        }
        AsideEvent::LeakDecided {
            go_public: true, ..
        } => "Decided on the leak: nothing is held back any more".to_owned(),
        AsideEvent::LeakDecided { .. } => "Decided on the leak: the embargo stands".to_owned(),
        AsideEvent::Wished { question } => match &question.wish {
            Wish::Waive { clock: key } => {
                format!("Wishes to do without {}", clock(m, key))
            }
            Wish::Extend { clock: key, days } => {
                format!("Wishes {days} more days for {}", clock(m, key))
            }
            Wish::EndDeferred => "Wishes to end the case before its review".to_owned(),
        },
        AsideEvent::DateAloneAsked { at, .. } => format!(
            "Asks a second person to set the date without agreement: {}",
            m.when(*at).words
        ),
        AsideEvent::ConsentAsked { .. } => "Asked the reporter for consent".to_owned(),
        AsideEvent::ConsentAnswered { given: true, .. } => "Consented".to_owned(),
        AsideEvent::ConsentAnswered { .. } => "Did not consent".to_owned(),
        AsideEvent::ContextWorkedOut { record } => format!(
            "{}: {}",
            around::context(record.kind),
            if record.outcome.is_some() {
                "worked out"
            } else {
                "being worked out"
            }
        ),
        AsideEvent::HandedOver { number, step } => {
            let name = party(*number);
            match step {
                HandOverStep::Open { role, .. } => {
                    format!("{name} is to be told ({})", around::role(*role))
                }
                HandOverStep::Sent { .. } => format!("Told {name}"),
                HandOverStep::Answered { .. } => format!("{name} answered"),
                HandOverStep::FixShared { shared: true, .. } => {
                    format!("Shared the fix with {name}")
                }
                HandOverStep::FixShared { .. } => format!("Did not share the fix with {name}"),
                HandOverStep::End { .. } => format!("Nothing more is to be done with {name}"),
            }
        }
        AsideEvent::PartySilent { number, reminder } => {
            format!("{} has not answered (reminder {reminder})", party(*number))
        }
        AsideEvent::ReportLinked { report, .. } if report.stands => {
            format!("{} reports the same", report.reference)
        }
        AsideEvent::ReportLinked { report, .. } => {
            format!("{} turned out to be another matter", report.reference)
        }
        AsideEvent::OriginalFollowed {
            news: OriginalNews::Published,
        } => "The advisory of the older case is public".to_owned(),
        AsideEvent::OriginalFollowed { .. } => {
            "The older case ended without an advisory".to_owned()
        }
        other => accord(m, other),
    }
}

/// What is agreed with the reporter and with other parties.
fn accord(m: &CaseMaterial<'_>, event: &AsideEvent) -> String {
    match event {
        AsideEvent::DateTaken { at } => format!(
            "Agrees to publish on {}; others are still to answer",
            m.when(*at).words
        ),
        AsideEvent::AnswersDue { at, agreed: true } => format!(
            "The time to answer is over: published on {}",
            m.when(*at).words
        ),
        AsideEvent::AnswersDue { .. } => {
            "The time to answer is over: the proposed date falls".to_owned()
        }
        AsideEvent::ReporterLeft { .. } => "Left the embargo; the case stays open".to_owned(),
        AsideEvent::ReporterJoined => "Is part of the embargo again".to_owned(),
        AsideEvent::EmbargoEnded { .. } => "Ended the embargo before its day".to_owned(),
        AsideEvent::TermsReminded { number, reminder } => format!(
            "{} has not answered the terms (reminder {reminder})",
            party(m, *number)
        ),
        AsideEvent::AdvisoryLinked { number, link } => {
            format!("Linked the own advisory of {}: {link}", party(m, *number))
        }
        AsideEvent::KeyChosen { key: Some(_) } => {
            "Named the OpenPGP key for letters to the reporter".to_owned()
        }
        AsideEvent::KeyChosen { key: None } => {
            "Took back the OpenPGP key for letters to the reporter".to_owned()
        }
        other => other.name().replace('_', " "),
    }
}

fn clock_or_date(m: &CaseMaterial<'_>, event: &Event) -> String {
    let moved = |key: &ClockKey, due: &Option<candor_base::Instant>, verb: &str| match due {
        Some(due) => format!("{} {verb}, due {}", clock(m, key), m.when(*due).words),
        None => format!("{} {verb}, without a date yet", clock(m, key)),
    };
    match event {
        Event::ClockStarted { spec, due, .. } => moved(&spec.key, due, "started"),
        Event::ClockResumed {
            clock: key, due, ..
        } => moved(key, due, "goes on"),
        Event::ClockMoved {
            clock: key, due, ..
        } => moved(key, due, "was moved"),
        Event::ClockRecounted {
            clock: key, due, ..
        } => format!(
            "{} was counted again after an edit of the calendar, due {}",
            clock(m, key),
            m.when(*due).words
        ),
        Event::ClockWarned {
            clock: key,
            percent,
        } => {
            format!("{percent} % of the time for {} is gone", clock(m, key))
        }
        Event::ClockMet { clock: key, .. } => format!("{} was met", clock(m, key)),
        Event::ClockMissed { clock: key, .. } => format!("{} was missed", clock(m, key)),
        Event::ClockPaused { clock: key } => {
            format!("{} stands still for the reporter", clock(m, key))
        }
        Event::ClockWaived { clock: key, .. } => {
            format!("{} was waived by the reporter", clock(m, key))
        }
        Event::ClockEscalated {
            clock: key, step, ..
        } => format!(
            "The miss of {} was told to {}",
            clock(m, key),
            step_words(*step)
        ),
        Event::AlarmAnswered { clock: key } => format!("Has seen the miss of {}", clock(m, key)),
        Event::ClockReopened { clock: key } => format!(
            "{} counts again: the reporter was not reached",
            clock(m, key)
        ),
        Event::ClockStopped { clock: key } => format!("{} no longer applies", clock(m, key)),
        Event::EmbargoByDefault { until } => {
            format!("Embargo by the policy until {}", m.when(*until).words)
        }
        Event::DateProposed { at, .. } => format!("Proposed to publish on {}", m.when(*at).words),
        Event::DateAgreed { at } => format!("Agreed to publish on {}", m.when(*at).words),
        Event::DateDeclined { .. } => "Declined the proposed date".to_owned(),
        Event::DateSetAlone { at, .. } => {
            format!("Set the date without agreement: {}", m.when(*at).words)
        }
        Event::EmbargoExited { fact: Some(f) } => {
            format!("The embargo is over, because {}", fact(*f))
        }
        Event::EmbargoExited { fact: None } => "The embargo is over".to_owned(),
        Event::DraftSaved { .. } => "Saved the advisory draft".to_owned(),
        Event::Approved { .. } => "Approved the advisory draft".to_owned(),
        Event::Published {
            four_eyes: true, ..
        } => "Published the advisory".to_owned(),
        Event::Published { .. } => {
            "Published the advisory after a second look by the same person".to_owned()
        }
        Event::OutletAnswered { .. } => "Answered an outlet".to_owned(),
        Event::ReporterFree { from } => {
            format!(
                "The reporter is free to publish from {}",
                m.when(*from).words
            )
        }
        other => other.name().replace('_', " "),
    }
}
