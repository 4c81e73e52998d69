//! Who hears of what: each event that reaches somebody outside the case, by itself.
//! what people see of it meanwhile.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_imports,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_base::{CaseId, CaseRef, CveId, Digest, Instant};
use candor_case::*;
use candor_duty::Subject;
use candor_policy::model::*;
use common::*;

const DAY: i64 = 86_400;

/// What follows from an event of a case as it stands.
fn follows(w: &World, actor: Actor, event: Event) -> Vec<Effect> {
    let recorded = Recorded {
        seq: w.case().seq,
        at: w.now,
        actor,
        event,
    };
    react(w.case(), &recorded)
}

fn mail(to: Recipient, mail: MailKind) -> Effect {
    Effect::Mail { to, mail }
}

fn look(at: Attention) -> Effect {
    mail(Recipient::Team, MailKind::Attention { at })
}

fn aside(what: AsideEvent) -> Event {
    Event::Aside {
        what: Box::new(what),
    }
}

fn cve(id: &str) -> CveId {
    id.parse().unwrap()
}

#[test]
fn the_team_is_told_of_silence_outside() {
    let w = World::accepted(full_policy());
    let of = |event| follows(&w, Actor::System, event);
    let silent = CveEvent::CveRequestSilent {
        request: 0,
        number: 1,
    };
    assert_eq!(of(Event::Cve(silent)), [look(Attention::CveSilent)]);
    for (hours, attention) in [
        (24, Attention::CveDue),
        (71, Attention::CveDue),
        (72, Attention::CveOverdue),
    ] {
        let late = CveEvent::CveRecordLate {
            id: cve("CVE-2026-10001"),
            hours,
            due: w.now,
        };
        assert_eq!(of(Event::Cve(late)), [look(attention)], "{hours}");
    }
    let party = AsideEvent::PartySilent {
        number: 1,
        reminder: 1,
    };
    assert_eq!(of(aside(party)), [look(Attention::PartySilent)]);
}

#[test]
fn a_party_hears_of_its_notice_and_of_its_open_answer() {
    let w = World::accepted(full_policy());
    let news = || mail(Recipient::Party(3), MailKind::PartyNews);
    assert_eq!(
        follows(&w, ANN, Event::PartyNotified { number: 3 }),
        [news()]
    );
    let terms = AsideEvent::TermsReminded {
        number: 3,
        reminder: 2,
    };
    assert_eq!(
        follows(&w, Actor::System, aside(terms)),
        [look(Attention::TermsSilent), news()]
    );
}

#[test]
fn both_sides_hear_when_the_week_for_answers_is_over() {
    let w = World::accepted(full_policy());
    let over = AsideEvent::AnswersDue {
        at: w.now,
        agreed: true,
    };
    assert_eq!(
        follows(&w, Actor::System, aside(over)),
        [
            look(Attention::AnswersDue),
            mail(Recipient::Reporter, MailKind::YouHaveAMessage)
        ]
    );
}

#[test]
fn the_team_is_warned_of_the_times_of_regulators() {
    let mut w = World::accepted(in_force(Policy::default()));
    w.ok(
        ANN,
        Command::Regulator(RegulatorAct::NoteSignal {
            subject: Subject::Vulnerability,
            at: w.now,
            evidence: text(80, 60),
            regimes: ["eu-cra-vulnerability".parse().unwrap()].into(),
        }),
    );
    let due = w.case().regulators.signals[0].due;
    let warned = RegulatorEvent::SignalWarned {
        signal: 0,
        percent: 80,
    };
    let soon = mail(
        Recipient::Team,
        MailKind::RegulatorDueSoon { percent: 80, due },
    );
    assert_eq!(follows(&w, Actor::System, Event::Regulator(warned)), [soon]);
    // By itself, at its times.
    let mut told = Vec::new();
    while told.len() < 3 {
        w.now = next_wakeup(w.case(), &w.policy).unwrap();
        for r in w.try_do(Actor::System, &Command::Tick).unwrap() {
            if matches!(r.event, Event::Regulator(_)) {
                told.push((r.event.name(), r.actor, !react(w.case(), &r).is_empty()));
            }
        }
    }
    let by = |name| (name, Actor::System, true);
    assert_eq!(
        told,
        [
            by("signal_warned"),
            by("signal_warned"),
            by("signal_missed")
        ]
    );
}

#[test]
fn what_happens_by_time_alone_is_the_act_of_nobody() {
    let reason = text(60, 9);
    let id = cve("CVE-2026-10001");
    let at = at("2026-06-01T08:00:00Z");
    for (event, automatic) in [
        (
            Event::Cve(CveEvent::CveRequestSilent {
                request: 0,
                number: 1,
            }),
            true,
        ),
        (
            Event::Cve(CveEvent::CveRecordLate {
                id: id.clone(),
                hours: 24,
                due: at,
            }),
            true,
        ),
        (Event::Cve(CveEvent::CveReserved { id }), false),
        (Event::Cve(CveEvent::CveNotNeeded { reason }), false),
        (aside(AsideEvent::ReviewDue), true),
        (
            aside(AsideEvent::PartySilent {
                number: 1,
                reminder: 1,
            }),
            true,
        ),
        (aside(AsideEvent::Resumed { reason }), false),
        (aside(AsideEvent::ReporterJoined), false),
        (Event::CreditGivenUp, true),
        (Event::PartyNotified { number: 1 }, false),
    ] {
        assert_eq!(event.is_automatic(), automatic, "{}", event.name());
    }
}

#[test]
fn every_text_in_an_event_is_found_for_the_team() {
    let [a, b] = [text(60, 9), text(61, 9)];
    let id = cve("CVE-2026-10001");
    let now = at("2026-06-01T08:00:00Z");
    for (event, found) in [
        (CveEvent::CveRequested { from: a, at: now }, Some(a)),
        (CveEvent::CveRequestsEnded { reason: b }, Some(b)),
        (
            CveEvent::CveRejected {
                id: id.clone(),
                reason: a,
            },
            Some(a),
        ),
        (CveEvent::CveNotNeeded { reason: b }, Some(b)),
        (CveEvent::CveReserved { id }, None),
    ] {
        assert_eq!(event.text(), found, "{}", event.name());
    }
    let linked = |credit| AsideEvent::ReportLinked {
        report: LinkedReport {
            case: CaseId::from_bytes([4; 16]),
            reference: CaseRef::new("TST", [4; 5]).unwrap(),
            received: now,
            credit,
            stands: true,
        },
        first: true,
    };
    assert_eq!(linked(CreditWish::Named(a)).texts(), [a]);
    assert_eq!(linked(CreditWish::Anonymous).texts(), []);
}

/// Moves from one time at which the case asks to be looked at to the next, and gives what
/// happened then.
fn watch(w: &mut World, end: Instant) -> Vec<(Instant, &'static str)> {
    let mut out = Vec::new();
    while let Some(next) = next_wakeup(w.case(), &w.policy).filter(|n| *n <= end) {
        assert!(next > w.now || out.is_empty(), "looked at twice at {next}");
        w.now = next;
        let done = w.tick();
        assert!(!done.is_empty(), "nothing happens at {next}");
        out.extend(done.into_iter().map(|name| (next, name)));
    }
    w.now = end;
    out
}

fn when(happened: &[(Instant, &'static str)], name: &str) -> Vec<Instant> {
    let found = happened.iter().filter(|(_, n)| *n == name);
    found.map(|(at, _)| *at).collect()
}

#[test]
fn a_pause_ends_by_itself_after_thirty_days_without_anybody_looking() {
    let mut w = World::with_report(full_policy());
    w.ok(ANN, ask());
    let asked = w.now;
    let happened = watch(&mut w, asked.plus_seconds(31 * DAY));
    assert_eq!(
        when(&happened, "clock_resumed")[0],
        asked.plus_seconds(30 * DAY)
    );
}

#[test]
fn a_proposal_that_nobody_answers_lapses_at_its_time() {
    let mut w = World::accepted(in_force(Policy::default()));
    let date = w.now.plus_seconds(5 * DAY);
    w.ok(ANN, propose(date));
    let happened = watch(&mut w, date.plus_seconds(DAY));
    assert_eq!(when(&happened, "date_declined"), [date]);
    assert!(w.case().embargo.proposal.is_none());
}

#[test]
fn a_case_that_was_ended_before_its_review_is_not_looked_at_again() {
    let mut w = World::accepted(full_policy());
    let review = w.now.plus_seconds(30 * DAY);
    w.ok(
        ANN,
        Command::Aside(Aside::Defer {
            review,
            message: message(80),
        }),
    );
    let mut open = w.clone();
    let happened = watch(&mut open, review.plus_seconds(DAY));
    assert_eq!(when(&happened, "review_due"), [review]);
    let reason = text(90, 40);
    w.ok(ANN, Command::Aside(Aside::AskToEnd { reason }));
    w.ok(Actor::Reporter, answer_question(1, true));
    w.ok(
        ANN,
        Command::Close {
            reason: CloseReason::Deferred,
            note: Some(text(74, 50)),
        },
    );
    let happened = watch(&mut w, review.plus_seconds(DAY));
    assert_eq!(when(&happened, "review_due"), []);
}

fn hand_over(number: Option<u32>, step: HandOverStep) -> Command {
    Command::Aside(Aside::HandOver { number, step })
}

#[test]
fn a_party_that_was_told_and_is_silent_is_written_to_again() {
    let mut w = World::accepted(full_policy());
    w.ok(
        ANN,
        hand_over(
            None,
            HandOverStep::Open {
                role: PartyRole::Upstream,
                party: text(87, 9),
                contact: text(93, 9),
                ask_reporter: false,
            },
        ),
    );
    let sent = w.now;
    let mut untold = w.clone();
    let told = HandOverStep::Sent {
        at: sent,
        with_report: false,
        note: text(94, 9),
    };
    w.ok(ANN, hand_over(Some(1), told));
    let mut answered = w.clone();
    let note = text(95, 9);
    answered.ok(ANN, hand_over(Some(1), HandOverStep::Answered { note }));
    let end = sent.plus_seconds(40 * DAY);
    let silent = when(&watch(&mut w, end), "party_silent");
    assert!(silent.len() >= 2 && silent[0] > sent, "{silent:?}");
    for mut w in [untold.clone(), answered] {
        assert_eq!(when(&watch(&mut w, end), "party_silent"), []);
    }
    assert_eq!(when(&watch(&mut untold, end), "party_silent"), []);
    let reminders = |w: &World| w.case().around.hand_overs[0].reminders;
    assert_eq!(usize::from(reminders(&w)), silent.len());
}

#[test]
fn nobody_is_asked_for_terms_of_an_embargo_that_is_over() {
    let mut w = World::accepted(in_force(Policy::default()));
    w.agreed_in(60 * DAY);
    w.ok(
        ANN,
        Command::InviteParty(Box::new(Invitation {
            kind: PartyKind::Vendor,
            name: text(80, 9),
            contact: Some(text(81, 20)),
            terms: text(82, 400),
            code: Digest::from_bytes([1; 32]),
        })),
    );
    let end = w.now.plus_seconds(40 * DAY);
    let mut over = w.clone();
    over.ok(ANN, fact(AttackFact::Public));
    assert!(!when(&watch(&mut w, end), "terms_reminded").is_empty());
    assert_eq!(when(&watch(&mut over, end), "terms_reminded"), []);
}
