//! Nobody gets out of a promise or an embargo by a detour.
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

use candor_base::RefusalCode;
use candor_case::*;
use candor_policy::model::Severity;
use common::*;
use proptest::prelude::*;

const DAY: i64 = 86_400;

fn defer(review: i64, w: &World) -> Command {
    Command::Aside(Aside::Defer {
        review: w.now.plus_seconds(review),
        message: message(80),
    })
}

fn close(reason: CloseReason) -> Command {
    Command::Close {
        reason,
        note: Some(text(74, 50)),
    }
}

fn reopen() -> Command {
    Command::Reopen {
        reason: text(75, 50),
    }
}

fn critical() -> World {
    let mut w = World::with_report(full_policy());
    w.ok(ANN, assess(Some(Severity::Critical)));
    w.ok(ANN, accept());
    w
}

/// Put aside for so many days, ended then, and opened again.
fn around(w: &mut World, days: i64) {
    w.ok(ANN, defer(days * DAY, w));
    w.later(days * DAY + 1);
    w.ok(ANN, close(CloseReason::Deferred));
    w.ok(ANN, reopen());
}

fn last(w: &World, key: &str) -> PromiseEntry {
    let all = promise_ledger(&w.log);
    let mut found = all.into_iter().rev().filter(|e| e.spec.key.0 == key);
    found.next().unwrap()
}

#[test]
fn a_fix_promise_goes_on_after_put_aside_closed_and_opened_again() {
    let mut w = critical();
    let due = w.clock("promise-4").due;
    around(&mut w, 2);
    assert_eq!(w.clock("promise-4").status, ClockStatus::Running);
    assert_eq!(w.clock("promise-4").due, due, "counted from its first day");
    let why = &w.clock("promise-4").explanation;
    assert!(why.iter().any(|l| l.contains("applies again")), "{why:?}");
    w.ok(ANN, assess(Some(Severity::Critical)));
    w.ok(ANN, accept());
    assert_eq!(w.clock("promise-4").due, due);
    assert_eq!(last(&w, "promise-6").state, PromiseState::Running);
    w.now = due.unwrap().plus_seconds(1);
    w.tick();
    assert_eq!(last(&w, "promise-4").state, PromiseState::Missed);
    assert!(w.clock("promise-4").alarm.is_some(), "somebody is called");
}

#[test]
fn what_fell_due_while_the_case_was_closed_is_missed_at_once() {
    let mut w = critical();
    around(&mut w, 20);
    assert_eq!(last(&w, "promise-4").state, PromiseState::Missed);
    assert_eq!(w.clock("promise-4").status, ClockStatus::Missed);
    // Another rating does not take the miss back.
    w.ok(ANN, assess(Some(Severity::Medium)));
    w.ok(ANN, accept());
    assert_eq!(w.clock("promise-4").status, ClockStatus::Missed);
    assert_eq!(last(&w, "promise-5@2").anchor, w.case().received);
}

#[test]
fn taking_the_rating_back_takes_no_promise_back() {
    let mut policy = full_policy();
    policy.policy.steps.clear();
    let mut w = World::with_report(policy);
    w.ok(ANN, assess(Some(Severity::Critical)));
    w.ok(ANN, accept());
    w.ok(ANN, assess(None));
    assert_eq!(w.clock("promise-4").status, ClockStatus::Running);
}

#[test]
fn updates_come_as_often_as_promised_once_the_case_is_taken_up_again() {
    let mut w = critical();
    let due = w.clock("promise-3").due;
    w.ok(ANN, defer(60 * DAY, &w));
    assert!(w.clock("promise-3").due > due, "monthly while put aside");
    w.later(60);
    w.ok(
        ANN,
        Command::Aside(Aside::Resume {
            reason: text(81, 9),
        }),
    );
    assert_eq!(w.clock("promise-3").due, due);
}

#[test]
fn a_message_is_no_consent_and_a_yes_counts_once_for_what_was_asked() {
    let mut w = World::with_report(full_policy());
    let due = w.clock("promise-6").due;
    w.ok(Actor::Reporter, supply());
    w.ok(ANN, waive("promise-6"));
    w.refused(ANN, &waive("promise-6"), RefusalCode::AlreadyDone);
    assert_eq!(w.clock("promise-6").status, ClockStatus::Running);
    let asked = w.log.last().unwrap();
    let to_reporter = |e: &Effect| {
        matches!(
            e,
            Effect::Mail {
                to: Recipient::Reporter,
                ..
            }
        )
    };
    assert!(react(w.case(), asked).iter().any(to_reporter), "a letter");
    // Nobody of the team answers for the reporter, and a no is final.
    w.refused(ANN, &answer_question(1, true), RefusalCode::NotAllowed);
    w.ok(Actor::Reporter, answer_question(1, false));
    w.refused(
        Actor::Reporter,
        &answer_question(1, true),
        RefusalCode::AlreadyDone,
    );
    assert_eq!(w.clock("promise-6").due, due);
    w.ok(ANN, extend("promise-6", 5));
    w.ok(Actor::Reporter, answer_question(2, true));
    let later = w.clock("promise-6").due;
    assert!(later > due);
    w.refused(
        Actor::Reporter,
        &answer_question(2, true),
        RefusalCode::AlreadyDone,
    );
    assert_eq!(w.clock("promise-6").due, later);
    let key = w.clock("promise-6").spec.key.clone();
    assert_eq!(w.case().around.agreed_about(&key).count(), 1);
    // In all, an extension is bounded.
    w.refused(ANN, &extend("promise-6", 86), RefusalCode::TooLarge);
    w.ok(ANN, extend("promise-6", 85));
    w.ok(Actor::Reporter, answer_question(3, true));
    w.refused(ANN, &extend("promise-6", 1), RefusalCode::TooLarge);
}

#[test]
fn who_has_no_room_cannot_agree() {
    let mut w = World::new(full_policy());
    let mut f = facts();
    f.channel = IntakeChannel::HandedIn;
    f.first_received = Some(w.now);
    w.ok(ANN, Command::Receive(Box::new(f)));
    w.refused(ANN, &waive("promise-6"), RefusalCode::ReporterNotAsked);
    w.refused(ANN, &extend("promise-6", 5), RefusalCode::ReporterNotAsked);
}

#[test]
fn an_older_consent_is_still_read() {
    let old = r#"{"type":"clock_waived","clock":"promise-6","reason":REASON,"consent":"CONSENT"}"#;
    let reason = serde_json::to_string(&text(41, 30)).unwrap();
    let id = serde_json::to_string(&message(15).id).unwrap();
    let old = old.replace("REASON", &reason).replace("\"CONSENT\"", &id);
    let event: Event = serde_json::from_str(&old).unwrap();
    assert!(matches!(event, Event::ClockWaived { consent: Some(c), .. } if c == message(15).id));
    let moved = format!(
        r#"{{"type":"clock_moved","clock":"promise-6","due":null,"explanation":[],"agreed":[{reason},{id}]}}"#
    );
    let event: Event = serde_json::from_str(&moved).unwrap();
    assert!(
        matches!(event, Event::ClockMoved { agreed: Some((_, Some(c))), .. } if c == message(15).id)
    );
}

#[test]
fn ending_what_is_put_aside_ends_no_embargo_and_waits_for_its_review() {
    let mut w = critical();
    let until = w.case().embargo.until;
    assert!(w.case().embargo.state.is_in_force());
    w.ok(ANN, defer(30 * DAY, &w));
    w.refused(ANN, &close(CloseReason::Deferred), RefusalCode::TooEarly);
    let ask = Command::Aside(Aside::AskToEnd {
        reason: text(90, 40),
    });
    w.ok(ANN, ask);
    w.refused(ANN, &close(CloseReason::Deferred), RefusalCode::TooEarly);
    w.ok(Actor::Reporter, answer_question(1, true));
    w.ok(ANN, close(CloseReason::Deferred));
    assert!(w.case().embargo.state.is_in_force(), "EM-8");
    assert_eq!(w.case().reporter_free_from, None);
    w.ok(ANN, reopen());
    assert_eq!(w.case().embargo.until, until);
    let mut ends = w.clone();
    ends.now = until.unwrap();
    ends.tick();
    assert_eq!(ends.case().embargo.state, EmbargoState::Exited);
    assert_eq!(ends.case().reporter_free_from, until);
    // A yes of then does not end the next time the case is put aside.
    w.ok(ANN, assess(Some(Severity::Critical)));
    w.later(60);
    w.ok(ANN, defer(30 * DAY, &w));
    w.refused(ANN, &close(CloseReason::Deferred), RefusalCode::TooEarly);
}

#[test]
fn a_date_without_agreement_needs_two_people_and_three_days() {
    let mut w = World::approved(full_policy());
    let soon = w.now.plus_seconds(60);
    w.refused(ANN, &set_alone(soon), RefusalCode::TooEarly);
    let day = w.now.plus_seconds(3 * DAY + 3_600);
    let until = w.case().embargo.until;
    w.ok(ANN, set_alone(day));
    assert_eq!(w.case().embargo.until, until, "one person alone sets none");
    let told = react(w.case(), w.log.last().unwrap());
    assert!(told.is_empty(), "nobody outside hears of a wish: {told:?}");
    w.refused(ANN, &confirm(day), RefusalCode::SecondPersonNeeded);
    w.refused(BEN, &confirm(day.plus_seconds(1)), RefusalCode::Conflict);
    let mut late = w.clone();
    late.later(3_601);
    late.refused(BEN, &confirm(day), RefusalCode::TooEarly);
    w.ok(BEN, confirm(day));
    assert_eq!(w.case().embargo.until, Some(day));
    assert!(w.case().embargo.date_told);
    w.refused(BEN, &confirm(day), RefusalCode::WrongStage);
    // That date is no deadline that leaves no time: the reporter is still to be asked.
    w.now = day;
    w.tick();
    assert_eq!(w.case().embargo.state, EmbargoState::Exited);
    w.refused(BEN, &publish(50), RefusalCode::ReporterNotAsked);
    w.now = until.unwrap();
    w.ok(BEN, publish(50));
}

#[test]
fn a_person_without_a_team_sets_a_date_with_notice() {
    let mut w = World::approved(full_policy());
    w.team = 1;
    w.refused(
        ANN,
        &set_alone(w.now.plus_seconds(DAY)),
        RefusalCode::TooEarly,
    );
    let day = w.now.plus_seconds(3 * DAY);
    w.ok(ANN, set_alone(day));
    assert_eq!(w.case().embargo.until, Some(day));
}

#[test]
fn a_recorded_miss_stays_one_when_the_clock_of_the_machine_was_set_back() {
    let mut w = World::with_report(full_policy());
    let due = w.clock("promise-1").due.unwrap();
    w.now = due.plus_seconds(1);
    w.tick();
    w.now = due.plus_seconds(-3_600);
    w.ok(ANN, acknowledge(false));
    assert!(w.clock("promise-1").was_missed());
    let state = last(&w, "promise-1").state;
    assert!(matches!(state, PromiseState::MetLate { .. }), "{state:?}");
}

#[test]
fn a_single_sign_keeps_no_promise() {
    let w = World::with_report(full_policy());
    let mut dot = message(10);
    dot.text.chars = 1;
    let acknowledge = Command::Acknowledge {
        message: dot.clone(),
        plan: false,
    };
    w.refused(ANN, &acknowledge, RefusalCode::FieldMissing);
    let status = Command::Say {
        lane: Lane::Reporter,
        kind: MessageKind::Status,
        message: dot,
    };
    w.refused(ANN, &status, RefusalCode::FieldMissing);
}

/// What the team alone can try: picked by small numbers.
fn team_act(w: &World, what: u8, n: u8) -> Command {
    match what {
        0 | 1 => assess(
            [
                None,
                Some(Severity::Critical),
                Some(Severity::Medium),
                Some(Severity::Low),
            ][usize::from(n % 4)],
        ),
        2 | 3 => accept(),
        4 | 5 => defer(DAY * (i64::from(n) + 1), w),
        6 => Command::Aside(Aside::Resume {
            reason: text(81, 9),
        }),
        7 | 8 => close(CloseReason::Deferred),
        9 => close(CloseReason::Rejected),
        10 => close(CloseReason::Duplicate),
        11..=13 => reopen(),
        14 => reject(out_of_scope()),
        15 => Command::MarkDuplicate {
            of: candor_base::CaseId::from_bytes([3; 16]),
            reference: candor_base::CaseRef::new("TST", [5; 5]).unwrap(),
            original_received: at("2026-05-01T00:00:00Z"),
            message: message(70),
        },
        16 => waive(&format!("promise-{}", n + 1)),
        17 => extend(&format!("promise-{}", n + 1), 30),
        18 => ask(),
        19 => status(),
        _ => Command::Tick,
    }
}

fn base(key: &str) -> &str {
    key.split('@').next().unwrap_or(key)
}

/// A promise of an open, accepted case is running, kept, missed, or ended by a rating
/// that the policy itself provides for: nothing else.
fn no_promise_escaped(w: &World) {
    let case = w.case();
    if case.closed.is_some() || case.report != ReportState::Accepted {
        return;
    }
    let all = promise_ledger(&w.log);
    for (place, entry) in all.iter().enumerate() {
        assert!(!matches!(entry.state, PromiseState::Waived { .. }));
        let rerated = entry.spec.severity.is_some() && case.severity() != entry.spec.severity;
        if !matches!(entry.state, PromiseState::Over { .. }) || rerated {
            continue;
        }
        let name = base(&entry.spec.key.0);
        let goes_on = all[place + 1..].iter().any(|e| base(&e.spec.key.0) == name);
        assert!(goes_on, "{} is gone: {entry:?}", entry.spec.key);
    }
    for entry in &all {
        let rated = entry.spec.severity.is_some();
        let once = !matches!(
            entry.spec.rule,
            candor_policy::clocks::ClockRule::Recurring { .. }
        );
        let open = matches!(entry.state, PromiseState::Running | PromiseState::Missed);
        if once && !rated && open && base(&entry.spec.key.0) == entry.spec.key.0 {
            assert_eq!(entry.anchor, case.received, "{} began anew", entry.spec.key);
            assert!(entry.moved.is_empty(), "{} was moved", entry.spec.key);
        }
    }
    let wanted = match case.severity() {
        Some(Severity::Critical) => "promise-4",
        Some(Severity::Medium) => "promise-5",
        _ => return,
    };
    let counts = all.iter().any(|e| base(&e.spec.key.0) == wanted);
    assert!(counts, "no fix is promised any more");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn no_acts_of_the_team_alone_end_a_promise(
        acts in prop::collection::vec((0..21_u8, 0..6_u8, 0..6_usize), 1..40)
    ) {
        let mut w = critical();
        for (what, n, wait) in acts {
            w.later([0, 60, DAY, 3 * DAY, 15 * DAY, 31 * DAY][wait]);
            let command = team_act(&w, what, n);
            let _ = w.try_do(ANN, &command);
            no_promise_escaped(&w);
        }
    }
}
