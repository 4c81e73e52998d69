//! Telling a regulator: from the first sign to the final report, and to "not reportable".
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_imports,
    clippy::enum_glob_use,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::collections::BTreeSet;

use candor_base::{Instant, RefusalCode};
use candor_case::*;
use candor_duty::{RegimeId, StageId, Subject, Terms, table};
use common::*;

const CRA: &str = "eu-cra-vulnerability";
const INCIDENT: &str = "eu-cra-incident";
const CHINA: &str = "cn-rmsv-2021";

fn id(name: &str) -> RegimeId {
    name.parse().unwrap()
}

fn stage(name: &str) -> StageId {
    name.parse().unwrap()
}

fn terms(name: &str) -> Terms {
    let table = table().unwrap();
    table.regime(&id(name)).unwrap().terms(&table.version)
}

fn signal(subject: Subject, moment: &str, regimes: &[&str]) -> Command {
    Command::Regulator(RegulatorAct::NoteSignal {
        subject,
        at: at(moment),
        evidence: text(80, 60),
        regimes: regimes.iter().map(|r| id(r)).collect(),
    })
}

fn aware(regime: &str, moment: &str) -> Command {
    Command::Regulator(RegulatorAct::RecordAwareness {
        terms: Box::new(terms(regime)),
        at: at(moment),
        evidence: text(81, 60),
        reason: text(82, 60),
    })
}

fn not_reportable(regime: &str) -> Command {
    Command::Regulator(RegulatorAct::DecideNotReportable {
        regime: id(regime),
        reason: text(83, 60),
    })
}

fn file(regime: &str, which: &str, moment: &str) -> Command {
    Command::Regulator(RegulatorAct::FileStage {
        regime: id(regime),
        stage: stage(which),
        at: at(moment),
        reference: text(84, 12),
        pack: None,
        missing: 0,
    })
}

fn measure(moment: &str) -> Command {
    Command::Regulator(RegulatorAct::RecordMeasure {
        at: at(moment),
        evidence: text(85, 30),
    })
}

fn users(regime: &str, moment: &str) -> Command {
    Command::Regulator(RegulatorAct::InformUsers {
        regime: id(regime),
        at: at(moment),
        how: text(86, 30),
    })
}

/// A policy that promises nothing, so that only regulators have times.
fn quiet() -> candor_policy::PolicyInForce {
    let mut policy = full_policy();
    policy.policy.promises.clear();
    policy.policy.disclosure.clear();
    policy
}

/// A case in which a sign of attacks was noted on Fri 11 Sep 2026, 13:00 UTC.
fn with_signal(regimes: &[&str]) -> World {
    let mut w = World::with_report(quiet());
    w.go("2026-09-11T13:00:00Z");
    w.ok(
        ANN,
        signal(Subject::Vulnerability, "2026-09-11T13:00:00Z", regimes),
    );
    w
}

fn clock<'a>(w: &'a World, regime: &str, which: &str) -> &'a StageClock {
    &w.case().regulators.records[&id(regime)].stages[&stage(which)]
}

fn due(w: &World, regime: &str, which: &str) -> Option<Instant> {
    clock(w, regime, which).due
}

#[test]
fn from_the_first_sign_to_the_final_report() {
    let mut w = with_signal(&[CRA]);
    let noted = &w.case().regulators.signals[0];
    assert_eq!(noted.due, at("2026-09-12T13:00:00Z"));
    assert!(noted.is_open());

    // S12: awareness at 16:42 in Paris; 72 hours later, not 48 after the early warning.
    w.go("2026-09-11T15:00:00Z");
    let done = w.ok(ANN, aware(CRA, "2026-09-11T14:42:00Z"));
    assert_eq!(
        done,
        ["awareness_recorded", "stage_started", "stage_started"]
    );
    assert!(!w.case().regulators.signals[0].is_open());
    assert_eq!(
        due(&w, CRA, "early_warning"),
        Some(at("2026-09-12T14:42:00Z"))
    );
    assert_eq!(
        due(&w, CRA, "notification"),
        Some(at("2026-09-14T14:42:00Z"))
    );
    let record = &w.case().regulators.records[&id(CRA)];
    assert!(!record.stages.contains_key(&stage("final")));
    assert!(record.users_wait());
    let decided = record.aware.as_ref().unwrap();
    assert_eq!((decided.at, decided.by), (at("2026-09-11T14:42:00Z"), ANN));
    assert_ne!(decided.at, w.case().received);
    assert_ne!(decided.at, w.case().regulators.signals[0].at);

    w.refused(
        ANN,
        &file(CRA, "final", "2026-09-11T15:00:00Z"),
        RefusalCode::WrongStage,
    );
    w.go("2026-09-12T10:00:00Z");
    w.ok(ANN, file(CRA, "early_warning", "2026-09-12T09:58:00Z"));
    w.refused(
        ANN,
        &file(CRA, "early_warning", "2026-09-12T09:58:00Z"),
        RefusalCode::AlreadyDone,
    );
    // Filing at the due second is in time (K3).
    w.go("2026-09-14T14:42:00Z");
    w.ok(ANN, file(CRA, "notification", "2026-09-14T14:42:00Z"));
    let filed = clock(&w, CRA, "notification");
    assert!(!filed.missed && filed.late_seconds() == 0);

    // S13: 14 times 24 hours from the measure, over the end of summer time.
    w.go("2026-10-19T09:00:00Z");
    w.ok(ANN, measure("2026-10-19T08:00:00Z"));
    assert_eq!(due(&w, CRA, "final"), Some(at("2026-11-02T08:00:00Z")));
    w.ok(ANN, users(CRA, "2026-10-19T08:30:00Z"));
    assert!(!w.case().regulators.records[&id(CRA)].users_wait());
    w.refused(
        ANN,
        &users(CRA, "2026-10-19T08:30:00Z"),
        RefusalCode::WrongStage,
    );
    w.go("2026-11-02T08:00:01Z").tick();
    assert!(clock(&w, CRA, "final").missed);
    w.ok(ANN, file(CRA, "final", "2026-11-02T08:00:01Z"));
    assert_eq!(clock(&w, CRA, "final").late_seconds(), 1);
    assert!(w.case().regulators.open_dues().next().is_none());
    assert_eq!(replay(&w.log).as_ref(), w.state.as_ref());
}

#[test]
fn the_final_report_of_an_incident_counts_from_the_submission() {
    let mut w = World::with_report(quiet());
    w.go("2027-01-29T08:00:00Z");
    w.ok(
        ANN,
        signal(Subject::Incident, "2027-01-29T08:00:00Z", &[INCIDENT]),
    );
    w.ok(ANN, aware(INCIDENT, "2027-01-29T08:00:00Z"));
    w.refused(
        ANN,
        &file(INCIDENT, "final", "2027-01-29T08:00:00Z"),
        RefusalCode::WrongStage,
    );
    // S14: the day is held to the end of a shorter month.
    w.go("2027-01-31T10:00:00Z");
    w.ok(ANN, file(INCIDENT, "notification", "2027-01-31T09:30:00Z"));
    assert_eq!(due(&w, INCIDENT, "final"), Some(at("2027-02-28T09:30:00Z")));
    // A measure starts nothing here.
    w.ok(ANN, measure("2027-01-30T00:00:00Z"));
    assert_eq!(due(&w, INCIDENT, "final"), Some(at("2027-02-28T09:30:00Z")));
}

#[test]
fn warnings_come_once_and_a_miss_stays() {
    let mut w = with_signal(&[CRA]);
    w.ok(ANN, aware(CRA, "2026-09-11T13:00:00Z"));
    w.go("2026-09-12T00:59:59Z");
    assert!(w.tick().is_empty());
    assert_eq!(
        next_wakeup(w.case(), &w.policy),
        Some(at("2026-09-12T01:00:00Z"))
    );
    assert_eq!(w.go("2026-09-12T01:00:00Z").tick(), ["stage_warned"]);
    assert!(w.tick().is_empty());
    // A whole day passed unseen: one miss, and one warning of the other stage.
    let seen = w.go("2026-09-13T13:00:00Z").tick();
    assert_eq!(seen, ["stage_missed", "stage_warned"]);
    assert!(w.tick().is_empty());
    w.ok(ANN, file(CRA, "early_warning", "2026-09-13T13:00:00Z"));
    assert!(clock(&w, CRA, "early_warning").missed);
    assert_eq!(clock(&w, CRA, "early_warning").late_seconds(), 86_400);
    let by_time: Vec<&Recorded> = w
        .log
        .iter()
        .filter(|r| r.event.is_automatic() && matches!(r.event, Event::Regulator(_)))
        .collect();
    assert_eq!(by_time.len(), 3);
    assert!(by_time.iter().all(|r| r.actor == Actor::System));
}

#[test]
fn filed_in_time_and_written_down_late_is_not_missed() {
    let mut w = with_signal(&[CRA]);
    w.ok(ANN, aware(CRA, "2026-09-11T13:00:00Z"));
    w.go("2026-09-12T14:00:00Z").tick();
    assert!(clock(&w, CRA, "early_warning").missed);
    w.ok(ANN, file(CRA, "early_warning", "2026-09-12T12:00:00Z"));
    assert!(!clock(&w, CRA, "early_warning").missed);
}

#[test]
fn a_sign_that_nobody_judges_is_missed_after_24_hours() {
    let mut w = with_signal(&[CRA, CHINA]);
    w.ok(ANN, not_reportable(CRA));
    assert!(w.case().regulators.signals[0].is_open());
    w.go("2026-09-12T13:00:00Z");
    assert_eq!(w.tick(), ["signal_warned"]);
    w.go("2026-09-12T13:00:01Z");
    assert_eq!(w.tick(), ["signal_missed"]);
    w.ok(ANN, not_reportable(CHINA));
    let judged = &w.case().regulators.signals[0];
    assert!(judged.missed && !judged.is_open());
    assert!(w.case().regulators.open_dues().next().is_none());
    w.refused(ANN, &not_reportable(CHINA), RefusalCode::AlreadyDone);
    // A new sign asks again.
    w.ok(
        ANN,
        signal(Subject::Vulnerability, "2026-09-12T13:00:00Z", &[CHINA]),
    );
    w.ok(ANN, not_reportable(CHINA));
    assert!(!w.case().regulators.signals[1].is_open());
}

#[test]
fn not_reportable_stops_what_was_not_filed() {
    let mut w = with_signal(&[CRA]);
    w.ok(ANN, aware(CRA, "2026-09-11T13:00:00Z"));
    w.ok(ANN, not_reportable(CRA));
    assert!(clock(&w, CRA, "notification").stopped.is_some());
    let later = w.go("2026-10-01T00:00:00Z").tick();
    assert!(later.iter().all(|n| n.starts_with("clock_")), "{later:?}");
    w.refused(
        ANN,
        &file(CRA, "notification", "2026-09-12T13:00:00Z"),
        RefusalCode::WrongStage,
    );
    // New evidence: aware after all, from its own time.
    w.ok(ANN, aware(CRA, "2026-09-30T12:00:00Z"));
    assert_eq!(
        due(&w, CRA, "notification"),
        Some(at("2026-10-03T12:00:00Z"))
    );
    w.ok(ANN, file(CRA, "early_warning", "2026-10-01T00:00:00Z"));
    w.refused(ANN, &not_reportable(CRA), RefusalCode::WrongStage);
}

#[test]
fn a_recorded_time_moves_only_to_an_earlier_one() {
    let mut w = with_signal(&[CRA]);
    w.go("2026-09-11T16:00:00Z");
    w.ok(ANN, aware(CRA, "2026-09-11T15:00:00Z"));
    w.refused(
        ANN,
        &aware(CRA, "2026-09-11T16:00:00Z"),
        RefusalCode::AlreadyDone,
    );
    w.ok(ANN, aware(CRA, "2026-09-11T14:00:00Z"));
    assert_eq!(
        due(&w, CRA, "early_warning"),
        Some(at("2026-09-12T14:00:00Z"))
    );
    w.refused(
        ANN,
        &aware(CRA, "2026-09-11T12:59:59Z"),
        RefusalCode::FieldInvalid,
    );
    w.refused(
        ANN,
        &aware(CRA, "2026-09-12T14:00:00Z"),
        RefusalCode::FieldInvalid,
    );
    w.ok(ANN, measure("2026-09-11T15:30:00Z"));
    w.refused(
        ANN,
        &measure("2026-09-11T15:45:00Z"),
        RefusalCode::AlreadyDone,
    );
    // A measure that was there before awareness: nobody owed a report then.
    w.ok(ANN, measure("2026-09-10T00:00:00Z"));
    assert_eq!(due(&w, CRA, "final"), Some(at("2026-09-25T14:00:00Z")));
}

#[test]
fn timers_run_on_while_the_case_waits_and_after_it_is_closed() {
    let mut w = with_signal(&[CRA]);
    w.ok(ANN, aware(CRA, "2026-09-11T13:00:00Z"));
    let before = due(&w, CRA, "notification");
    w.ok(ANN, ask());
    assert_eq!(w.case().waiting_on, WaitingOn::Reporter);
    w.go("2026-09-12T09:00:00Z");
    w.ok(Actor::Reporter, Command::Withdraw { message: None });
    w.ok(
        ANN,
        Command::Close {
            reason: CloseReason::Withdrawn,
            note: None,
        },
    );
    assert_eq!(due(&w, CRA, "notification"), before);
    assert!(
        w.go("2026-09-14T13:00:01Z")
            .tick()
            .contains(&"stage_missed")
    );
    w.ok(ANN, file(CRA, "notification", "2026-09-14T13:00:01Z"));
    assert!(clock(&w, CRA, "notification").missed);
}

#[test]
fn only_the_team_acts_and_only_with_evidence_and_reason() {
    let mut w = World::with_report(quiet());
    w.go("2026-09-11T13:00:00Z");
    let sign = signal(Subject::Vulnerability, "2026-09-11T13:00:00Z", &[CRA]);
    w.refused(Actor::Reporter, &sign, RefusalCode::NotAllowed);
    w.refused(Actor::System, &sign, RefusalCode::NotAllowed);
    w.refused(
        ANN,
        &aware(CRA, "2026-09-11T13:00:00Z"),
        RefusalCode::WrongStage,
    );
    w.refused(
        ANN,
        &signal(Subject::Vulnerability, "2026-09-11T13:00:01Z", &[CRA]),
        RefusalCode::FieldInvalid,
    );
    // Nothing is turned on for this program.
    w.refused(
        ANN,
        &signal(Subject::Vulnerability, "2026-09-11T13:00:00Z", &[]),
        RefusalCode::NotFound,
    );
    w.ok(ANN, sign);
    // A sign about something else is no sign for this.
    w.refused(
        ANN,
        &aware(INCIDENT, "2026-09-11T13:00:00Z"),
        RefusalCode::WrongStage,
    );
    let Command::Regulator(RegulatorAct::RecordAwareness {
        terms,
        at,
        evidence,
        ..
    }) = aware(CRA, "2026-09-11T13:00:00Z")
    else {
        unreachable!()
    };
    let bare = Command::Regulator(RegulatorAct::RecordAwareness {
        terms,
        at,
        evidence,
        reason: text(87, 0),
    });
    w.refused(ANN, &bare, RefusalCode::FieldMissing);
    for command in [
        not_reportable(CRA),
        measure("2026-09-11T13:00:00Z"),
        users(CRA, "2026-09-11T13:00:00Z"),
        file(CRA, "early_warning", "2026-09-11T13:00:00Z"),
    ] {
        w.refused(Actor::Reporter, &command, RefusalCode::NotAllowed);
    }
}

#[test]
fn the_team_is_told_and_nobody_else() {
    let mut w = with_signal(&[CRA]);
    w.ok(ANN, aware(CRA, "2026-09-11T13:00:00Z"));
    w.go("2026-09-12T13:00:01Z").tick();
    let mut state = None;
    let mut mails = Vec::new();
    for recorded in &w.log {
        state = evolve(state, recorded);
        if matches!(recorded.event, Event::Regulator(_)) {
            mails.extend(react(state.as_ref().unwrap(), recorded));
        }
    }
    assert!(mails.len() >= 2, "{mails:?}");
    for effect in &mails {
        let Effect::Mail { to, mail } = effect else {
            panic!("{effect:?}")
        };
        assert_eq!(*to, Recipient::Team);
        // Neither the law nor the reason is in a mail.
        let text = serde_json::to_string(mail).unwrap();
        assert!(!text.contains("cra"), "{text}");
    }
}

#[test]
fn events_and_acts_keep_their_form() {
    let mut w = with_signal(&[CRA]);
    w.ok(ANN, aware(CRA, "2026-09-11T13:00:00Z"));
    let stored: Vec<String> = w
        .log
        .iter()
        .map(|r| serde_json::to_string(r).unwrap())
        .collect();
    let read: Vec<Recorded> = stored
        .iter()
        .map(|t| serde_json::from_str(t).unwrap())
        .collect();
    assert_eq!(replay(&read).as_ref(), w.state.as_ref());
    assert!(
        stored
            .iter()
            .any(|t| t.contains(r#""type":"regulator","what":"signal_noted""#))
    );
    let names: BTreeSet<&str> = [
        signal(Subject::Incident, "2026-09-11T13:00:00Z", &[]),
        aware(CRA, "2026-09-11T13:00:00Z"),
        not_reportable(CRA),
        measure("2026-09-11T13:00:00Z"),
        users(CRA, "2026-09-11T13:00:00Z"),
        file(CRA, "final", "2026-09-11T13:00:00Z"),
    ]
    .iter()
    .map(Command::name)
    .collect();
    assert!(names.iter().all(|n| COMMANDS.contains(n)));
    let text = serde_json::to_string(&aware(CRA, "2026-09-11T13:00:00Z")).unwrap();
    assert_eq!(
        serde_json::from_str::<Command>(&text).unwrap(),
        aware(CRA, "2026-09-11T13:00:00Z")
    );
}
