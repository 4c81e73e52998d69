//! Stories at the desk and in the room, told by commands alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_imports,
    clippy::enum_glob_use,
    clippy::field_reassign_with_default,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_base::{Instant, RefusalCode};
use candor_case::*;
use candor_policy::model::*;
use common::*;
use std::collections::BTreeSet;

fn due(w: &World, key: &str) -> Instant {
    w.clock(key).due.unwrap()
}

#[test]
fn clocks_start_with_the_report_and_only_the_right_act_meets_them() {
    let mut w = World::with_report(full_policy());
    assert_eq!(due(&w, "promise-1"), at("2026-06-03T08:00:00Z"));
    assert_eq!(due(&w, "promise-2"), at("2026-06-08T23:59:59Z"));
    assert_eq!(due(&w, "promise-3"), at("2026-06-08T23:59:59Z"));
    assert_eq!(due(&w, "promise-6"), at("2026-08-30T23:59:59Z"));
    assert!(
        !w.case()
            .clocks
            .contains_key(&candor_policy::ClockKey("promise-4".into()))
    );
    let team_note = Command::Say {
        lane: Lane::Team,
        kind: MessageKind::Plain,
        message: message(1),
    };
    w.ok(ANN, team_note);
    assert_eq!(w.clock("promise-1").status, ClockStatus::Running);
    w.go("2026-06-03T08:00:00Z").ok(ANN, acknowledge(false));
    assert_eq!(
        w.clock("promise-1").status,
        ClockStatus::Met {
            at: at("2026-06-03T08:00:00Z")
        }
    );
    let mut silent = assess(Some(Severity::Medium));
    if let Command::Assess { message, .. } = &mut silent {
        *message = None;
    }
    w.ok(ANN, silent);
    assert_eq!(w.clock("promise-2").status, ClockStatus::Running);
    let decision = Command::Say {
        lane: Lane::Reporter,
        kind: MessageKind::Decision,
        message: message(2),
    };
    w.ok(ANN, decision);
    assert!(matches!(
        w.clock("promise-2").status,
        ClockStatus::Met { .. }
    ));
}

#[test]
fn a_second_late_is_late_and_the_miss_stays() {
    let mut w = World::with_report(full_policy());
    w.go("2026-06-03T08:00:01Z");
    let names = w.ok(ANN, acknowledge(false));
    assert_eq!(names[..2], ["clock_missed", "acknowledged"]);
    assert_eq!(
        w.clock("promise-1").status,
        ClockStatus::MetLate {
            at: w.now,
            late_seconds: 1
        }
    );
    assert_eq!(
        w.log[w.log.len() - 3].actor,
        Actor::System,
        "time itself missed it"
    );
}

#[test]
fn warnings_come_once_at_half_and_at_four_fifths() {
    let mut w = World::with_report(full_policy());
    assert_eq!(
        next_wakeup(w.case(), &w.policy),
        Some(at("2026-06-02T08:00:00Z"))
    );
    assert!(w.go("2026-06-02T07:59:59Z").tick().is_empty());
    assert_eq!(w.go("2026-06-02T08:00:00Z").tick(), ["clock_warned"]);
    assert!(w.tick().is_empty());
    w.go("2026-06-02T22:24:00Z");
    assert_eq!(w.tick(), ["clock_warned"]);
    assert!(w.clock("promise-1").warned_most);
    w.go("2026-06-03T08:00:00Z");
    assert!(!w.tick().contains(&"clock_missed"), "due itself is in time");
    w.go("2026-06-03T08:00:01Z");
    assert!(w.tick().contains(&"clock_missed"));
}

#[test]
fn after_long_downtime_every_period_is_counted_once() {
    let mut w = World::with_report(full_policy());
    w.go("2026-07-01T00:00:00Z");
    let names = w.tick();
    // 8, 15, 22 and 29 June passed.
    assert_eq!(w.clock("promise-3").missed_periods, 4);
    assert_eq!(due(&w, "promise-3"), at("2026-07-06T23:59:59Z"));
    assert_eq!(names.iter().filter(|n| **n == "clock_missed").count(), 6);
    assert!(w.tick().is_empty());
    w.ok(ANN, status());
    assert_eq!(due(&w, "promise-3"), at("2026-07-08T23:59:59Z"));
    assert_eq!(w.clock("promise-3").kept_periods, 1);
}

#[test]
fn waiting_for_the_reporter_pauses_assessment_but_never_acknowledgement_or_updates() {
    let mut w = World::with_report(full_policy());
    w.ok(ANN, ask());
    assert_eq!(w.clock("promise-2").status, ClockStatus::Paused);
    assert_eq!(w.clock("promise-3").status, ClockStatus::Running);
    // Day 0 is never counted; 2 June ends while waiting: 8 June becomes 9 June.
    w.go("2026-06-03T09:00:00Z").ok(Actor::Reporter, supply());
    assert_eq!(w.clock("promise-2").status, ClockStatus::Running);
    assert_eq!(due(&w, "promise-2"), at("2026-06-09T23:59:59Z"));
}

#[test]
fn a_pause_ends_by_itself_after_thirty_days_and_reminders_come_once() {
    let mut w = World::with_report(full_policy());
    w.ok(ANN, ask());
    w.go("2026-06-08T08:00:00Z");
    assert!(w.tick().contains(&"reminded"));
    assert_eq!(w.case().reminders, 1);
    w.go("2026-07-01T08:00:00Z");
    let names = w.tick();
    assert_eq!(names.iter().filter(|n| **n == "reminded").count(), 1);
    assert_eq!(w.case().reminders, 3);
    assert!(names.contains(&"clock_resumed"));
    assert_eq!(w.clock("promise-2").status, ClockStatus::Running);
    w.ok(ANN, ask());
    assert_eq!(
        w.clock("promise-2").status,
        ClockStatus::Running,
        "thirty days are the most"
    );
}

#[test]
fn a_raised_severity_counts_from_receipt_and_never_before_a_day_after() {
    let mut w = World::with_report(full_policy());
    w.go("2026-06-20T10:00:00Z")
        .ok(ANN, assess(Some(Severity::Medium)));
    assert_eq!(due(&w, "promise-5"), at("2026-07-31T23:59:59Z"));
    w.go("2026-06-25T10:00:00Z")
        .ok(ANN, assess(Some(Severity::Critical)));
    assert!(matches!(
        w.clock("promise-5").status,
        ClockStatus::Stopped { .. }
    ));
    assert_eq!(due(&w, "promise-4"), at("2026-06-26T10:00:00Z"));
}

#[test]
fn a_lowered_severity_keeps_the_earlier_due_beside_the_new() {
    let mut w = World::with_report(full_policy());
    w.go("2026-06-02T10:00:00Z")
        .ok(ANN, assess(Some(Severity::Critical)));
    assert_eq!(due(&w, "promise-4"), at("2026-06-15T23:59:59Z"));
    w.go("2026-06-05T10:00:00Z")
        .ok(ANN, assess(Some(Severity::Medium)));
    assert_eq!(due(&w, "promise-5"), at("2026-07-31T23:59:59Z"));
    assert_eq!(
        w.clock("promise-5").original_due,
        Some(at("2026-06-15T23:59:59Z"))
    );
    // Back to critical: the first anchor again, as if nothing had happened.
    w.go("2026-06-06T10:00:00Z")
        .ok(ANN, assess(Some(Severity::Critical)));
    assert_eq!(due(&w, "promise-4"), at("2026-06-15T23:59:59Z"));
}

#[test]
fn assessment_waits_for_mandatory_contents_unless_they_are_waived_by_name() {
    let mut w = World::new(full_policy());
    let mut f = facts();
    f.missing = BTreeSet::from([ContentKey::Steps, ContentKey::Evidence]);
    f.mandatory_missing = f.missing.clone();
    w.ok(Actor::Reporter, Command::Receive(Box::new(f)));
    w.refused(
        ANN,
        &assess(Some(Severity::Low)),
        RefusalCode::ContentsMissing,
    );
    w.ok(Actor::Reporter, supply());
    w.refused(
        ANN,
        &assess(Some(Severity::Low)),
        RefusalCode::ContentsMissing,
    );
    let waive = |key| Command::Waive {
        items: BTreeSet::from([key]),
    };
    w.refused(ANN, &waive(ContentKey::Impact), RefusalCode::NotFound);
    w.ok(ANN, waive(ContentKey::Evidence));
    w.ok(ANN, assess(Some(Severity::Low)));
    w.ok(ANN, accept());
    assert_eq!(w.case().waived, BTreeSet::from([ContentKey::Evidence]));
}

#[test]
fn an_assessment_holds_what_the_steps_demand() {
    let w = World::with_report(full_policy());
    w.refused(ANN, &assess(None), RefusalCode::EvidenceMissing);
    let mut a = assessment(Some(Severity::High));
    a.reproduction = Reproduction::None;
    let mut command = Command::Assess {
        assessment: Box::new(a.clone()),
        message: None,
    };
    w.refused(ANN, &command, RefusalCode::EvidenceMissing);
    a.reproduction = Reproduction::Reason(text(1, 20));
    a.cvss = Some(String::from("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L"));
    command = Command::Assess {
        assessment: Box::new(a.clone()),
        message: None,
    };
    w.refused(ANN, &command, RefusalCode::FieldMissing);
    a.cvss = Some(String::from("CVSS:9"));
    command = Command::Assess {
        assessment: Box::new(a),
        message: None,
    };
    w.refused(ANN, &command, RefusalCode::FieldInvalid);
}

#[test]
fn a_rejection_needs_a_paragraph_and_a_ground_of_the_policy() {
    let mut w = World::with_report(full_policy());
    let mut short = reject(out_of_scope());
    if let Command::Reject { reason, .. } = &mut short {
        reason.text.chars = 79;
    }
    w.refused(ANN, &short, RefusalCode::FieldMissing);
    let ground = |id: &str| RejectionGround::OutOfScope {
        clause: ClauseId(id.to_owned()),
    };
    w.refused(
        ANN,
        &reject(ground("out-of-scope-9")),
        RefusalCode::NotFound,
    );
    w.refused(
        ANN,
        &reject(ground("out-of-scope-2")),
        RefusalCode::ReporterNotAsked,
    );
    let mut unclear = reject(ground("out-of-scope-3"));
    if let Command::Reject {
        is_vulnerability, ..
    } = &mut unclear
    {
        *is_vulnerability = Verdict::Unclear;
    }
    w.refused(ANN, &unclear, RefusalCode::FieldMissing);
    w.ok(ANN, reject(out_of_scope()));
    assert_eq!(w.case().report, ReportState::Invalid);
    assert_eq!(w.case().stage(), Stage::OutOfScope);
    assert!(
        matches!(w.clock("promise-1").status, ClockStatus::Met { .. }),
        "the reason answered"
    );
    assert!(matches!(
        w.clock("promise-6").status,
        ClockStatus::Stopped { .. }
    ));
    assert_eq!(
        w.clock("promise-3").status,
        ClockStatus::Running,
        "updates go on"
    );
}

#[test]
fn another_person_decides_on_an_objection_where_there_is_one() {
    let mut w = World::with_report(full_policy());
    w.ok(ANN, reject(out_of_scope()));
    w.ok(
        Actor::Reporter,
        Command::Object {
            reason: message(20),
        },
    );
    let uphold = Command::DecideObjection {
        uphold: true,
        reason: message(21),
    };
    w.refused(ANN, &uphold, RefusalCode::SecondPersonNeeded);
    let mut alone = w.clone();
    alone.team = 1;
    alone.ok(ANN, uphold.clone());
    assert!(alone.log.iter().any(|r| matches!(
        r.event,
        Event::ObjectionDecided {
            by_another: false,
            ..
        }
    )));
    w.ok(BEN, uphold);
    assert_eq!(
        w.clock("promise-6").status,
        ClockStatus::Running,
        "the window runs on"
    );
    assert_eq!(due(&w, "promise-6"), at("2026-08-30T23:59:59Z"));
    w.ok(ANN, assess(Some(Severity::Low)));
    assert_eq!(w.case().report, ReportState::Valid);
}

#[test]
fn a_rejected_case_closes_after_two_weeks_or_a_decided_objection() {
    let mut w = World::with_report(full_policy());
    w.ok(ANN, reject(out_of_scope()));
    let close = Command::Close {
        reason: CloseReason::Rejected,
        note: None,
    };
    w.later(14 * 86_400);
    w.refused(ANN, &close, RefusalCode::TooEarly);
    let mut objected = w.clone();
    objected.ok(
        Actor::Reporter,
        Command::Object {
            reason: message(20),
        },
    );
    objected.refused(ANN, &close, RefusalCode::WrongStage);
    w.later(1);
    w.refused(
        Actor::Reporter,
        &Command::Object {
            reason: message(20),
        },
        RefusalCode::DeadlinePassed,
    );
    w.ok(ANN, close);
    assert_eq!(w.case().embargo.state, EmbargoState::Exited);
    assert!(w.case().reporter_free_from.is_some());
}

#[test]
fn a_duplicate_is_younger_than_its_original() {
    let mut w = World::with_report(full_policy());
    let mark = |received: Instant, reference: u8| Command::MarkDuplicate {
        of: candor_base::CaseId::from_bytes([3; 16]),
        reference: candor_base::CaseRef::new("TST", [reference; 5]).unwrap(),
        original_received: received,
        message: message(22),
    };
    let later = w.now.plus_seconds(1);
    w.refused(ANN, &mark(later, 0), RefusalCode::FieldInvalid);
    // Of two reports of one second the reference decides, one way only.
    let leads = |of: u8| w.decide(ANN, &mark(w.now, of)).is_ok();
    assert!(leads(0) && !leads(255));
    w.ok(ANN, mark(w.now.plus_seconds(-1), 5));
    assert_eq!(
        (w.case().report, w.case().stage()),
        (ReportState::Deferred, Stage::Duplicate)
    );
    assert_eq!(w.clock("promise-3").status, ClockStatus::Running);
    assert!(matches!(
        w.clock("promise-6").status,
        ClockStatus::Stopped { .. }
    ));
}

#[test]
fn an_extension_needs_the_reporters_yes_and_time_left() {
    let mut w = World::with_report(full_policy());
    w.ok(ANN, extend("promise-6", 10));
    assert_eq!(due(&w, "promise-6"), at("2026-08-30T23:59:59Z"));
    w.ok(Actor::Reporter, answer_question(1, true));
    assert_eq!(due(&w, "promise-6"), at("2026-09-09T23:59:59Z"));
    assert_eq!(
        w.clock("promise-6").original_due,
        Some(at("2026-08-30T23:59:59Z"))
    );
    w.ok(ANN, extend("promise-6", 11));
    w.go("2026-09-10T00:00:00Z");
    w.refused(
        Actor::Reporter,
        &answer_question(2, true),
        RefusalCode::DeadlinePassed,
    );
    w.refused(ANN, &extend("promise-6", 10), RefusalCode::DeadlinePassed);
}

#[test]
fn following_up_is_for_an_overdue_first_answer() {
    let mut w = World::with_report(full_policy());
    let follow_up = Command::FollowUp { message: None };
    w.go("2026-06-03T08:00:00Z");
    w.refused(Actor::Reporter, &follow_up, RefusalCode::TooEarly);
    w.later(1).ok(Actor::Reporter, follow_up.clone());
    assert_eq!(w.case().follow_ups, 1);
    w.ok(ANN, acknowledge(false));
    w.refused(Actor::Reporter, &follow_up, RefusalCode::AlreadyDone);
}

#[test]
fn an_incomplete_report_is_turned_down_after_its_reminders_and_reopened_by_an_answer() {
    let mut w = World::new(full_policy());
    let mut f = facts();
    f.missing = BTreeSet::from([ContentKey::Steps]);
    f.mandatory_missing = f.missing.clone();
    w.ok(Actor::Reporter, Command::Receive(Box::new(f)));
    let incomplete = reject(RejectionGround::Incomplete);
    w.refused(ANN, &incomplete, RefusalCode::ReporterNotAsked);
    w.ok(ANN, ask());
    w.refused(ANN, &incomplete, RefusalCode::TooEarly);
    w.later(30 * 86_400).ok(ANN, incomplete);
    w.later(14 * 86_400 + 1).ok(
        ANN,
        Command::Close {
            reason: CloseReason::Rejected,
            note: None,
        },
    );
    w.later(86_400).ok(Actor::Reporter, supply());
    assert_eq!((w.case().episode, w.case().stage()), (2, Stage::Reopened));
    assert!(w.case().mandatory_missing.is_empty());
    let again = w.clock("promise-2@2");
    assert_eq!(again.anchor, w.now);
    assert!(
        w.case()
            .clocks
            .contains_key(&candor_policy::ClockKey("promise-2".into()))
    );
}

#[test]
fn a_case_runs_under_the_policy_it_was_received_under() {
    let mut w = World::with_report(full_policy());
    w.policy.digest = candor_base::Digest::from_bytes([99; 32]);
    w.refused(ANN, &acknowledge(false), RefusalCode::Conflict);
}

#[test]
fn a_handed_in_report_counts_from_when_it_first_came() {
    let mut w = World::new(full_policy());
    let mut f = facts();
    f.channel = IntakeChannel::HandedIn;
    f.first_received = Some(at("2026-05-30T08:00:00Z"));
    w.refused(
        Actor::Reporter,
        &Command::Receive(Box::new(f.clone())),
        RefusalCode::NotAllowed,
    );
    // A slip in the year would miss every period of a promise since then.
    for long_ago in ["0026-05-30T08:00:00Z", "2021-05-01T08:00:00Z"] {
        f.first_received = Some(at(long_ago));
        w.refused(
            ANN,
            &Command::Receive(Box::new(f.clone())),
            RefusalCode::FieldInvalid,
        );
    }
    f.first_received = Some(at("2026-05-30T08:00:00Z"));
    w.ok(ANN, Command::Receive(Box::new(f)));
    assert_eq!(due(&w, "promise-1"), at("2026-06-01T08:00:00Z"));
}

#[test]
fn a_rejection_that_was_wrong_costs_no_waiting_time_and_gives_none_away() {
    let mut w = World::with_report(full_policy());
    w.ok(ANN, ask());
    // 2 June ends while the case waits; the rejection ends the waiting on the 3rd.
    w.go("2026-06-03T09:00:00Z").ok(ANN, reject(out_of_scope()));
    w.ok(
        Actor::Reporter,
        Command::Object {
            reason: message(20),
        },
    );
    w.go("2026-06-04T09:00:00Z").ok(
        BEN,
        Command::DecideObjection {
            uphold: true,
            reason: message(21),
        },
    );
    // The rejection told an outcome, so the assessment was met; the window runs on.
    assert!(matches!(
        w.clock("promise-2").status,
        ClockStatus::Met { .. }
    ));
    assert_eq!(due(&w, "promise-6"), at("2026-08-30T23:59:59Z"));
    let mut silent = World::with_report(full_policy());
    silent.ok(ANN, assess(Some(Severity::Critical)));
    silent.ok(ANN, ask());
    silent
        .go("2026-06-03T09:00:00Z")
        .ok(ANN, reject(out_of_scope()));
    silent.ok(
        Actor::Reporter,
        Command::Object {
            reason: message(20),
        },
    );
    silent.go("2026-06-10T09:00:00Z").ok(
        BEN,
        Command::DecideObjection {
            uphold: true,
            reason: message(21),
        },
    );
    // Fourteen days from 1 June are the 15th; 2 June alone was waited away, not the
    // week in which the objection lay with the team.
    assert_eq!(silent.clock("promise-4").status, ClockStatus::Running);
    assert_eq!(due(&silent, "promise-4"), at("2026-06-16T23:59:59Z"));
}
