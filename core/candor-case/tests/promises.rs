//! The ledger of promises, and the alarm that climbs until somebody answers.
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
use common::*;

fn entry(w: &World, key: &str) -> PromiseEntry {
    let all = promise_ledger(&w.log);
    let found = all.iter().rev().find(|e| e.spec.key.0 == key);
    found.unwrap().clone()
}

fn alarms(w: &World) -> Vec<(String, AlarmStep)> {
    let mut out = Vec::new();
    for r in &w.log {
        if let Event::ClockEscalated { clock, step, .. } = &r.event
            && clock.0 == "promise-1"
        {
            out.push((r.at.to_string(), *step));
        }
    }
    out
}

fn answer(clock: &str) -> Command {
    Command::AnswerAlarm {
        clock: clock.to_owned(),
    }
}

/// Looks at the case each time it asks to be looked at, until this moment.
fn watch_until(w: &mut World, end: &str) {
    let end = at(end);
    while let Some(next) = next_wakeup(w.case(), &w.policy).filter(|n| *n <= end) {
        w.now = next;
        assert!(!w.tick().is_empty(), "nothing at {next}");
    }
    w.now = end;
}

#[test]
fn a_miss_climbs_in_order_until_a_named_person_answers() {
    let mut w = World::with_report(full_policy());
    let due = w.clock("promise-1").due.unwrap();
    let after = |s: i64| due.plus_seconds(s).to_string();
    watch_until(&mut w, &after(8 * 86_400));
    let told = alarms(&w);
    let wanted = [
        (after(3_600), AlarmStep::Owner),
        (after(4 * 3_600), AlarmStep::Duty),
        (after(12 * 3_600), AlarmStep::Deputy),
        (after(24 * 3_600), AlarmStep::Lead),
        (after(8 * 86_400), AlarmStep::Lead),
    ];
    assert_eq!(told, wanted);
    w.ok(BEN, answer("promise-1"));
    w.refused(ANN, &answer("promise-1"), RefusalCode::AlreadyDone);
    watch_until(&mut w, &after(60 * 86_400));
    assert_eq!(alarms(&w).len(), 5, "nobody is called any more");
    let entry = entry(&w, "promise-1");
    assert_eq!(entry.state, PromiseState::Missed, "the miss stays");
    assert_eq!(entry.seen, Some((BEN, at(&after(8 * 86_400)))));
    assert_eq!(entry.escalated.len(), 5);
}

#[test]
fn the_act_itself_ends_the_alarm_and_the_one_who_leads_is_first() {
    let mut w = World::with_report(full_policy());
    let due = w.clock("promise-1").due.unwrap();
    w.ok(
        ANN,
        Command::Assign {
            lead: candor_base::AccountId::from_bytes([2; 16]),
        },
    );
    w.now = due.plus_seconds(3_600);
    w.tick();
    let last = w.log.iter().rev();
    let escalated = last
        .clone()
        .find(|r| matches!(r.event, Event::ClockEscalated { .. }))
        .unwrap();
    assert_eq!(escalated.actor, Actor::System);
    let effects = react(w.case(), escalated);
    let to_lead = Recipient::Account(candor_base::AccountId::from_bytes([2; 16]));
    assert!(
        matches!(&effects[..], [Effect::Mail { to, mail: MailKind::Alarm { .. } }] if *to == to_lead)
    );
    w.ok(ANN, acknowledge(false));
    w.later(30 * 86_400).tick();
    assert_eq!(alarms(&w).len(), 1);
    let late = entry(&w, "promise-1");
    let PromiseState::MetLate { by, late_seconds } = late.state else {
        panic!("{late:?}");
    };
    assert_eq!(
        (by.unwrap().event, by.unwrap().by, late_seconds),
        ("acknowledged", ANN, 3_600)
    );
}

#[test]
fn after_a_long_silence_only_the_latest_step_is_told_once() {
    let mut w = World::with_report(full_policy());
    let due = w.clock("promise-1").due.unwrap();
    w.now = due.plus_seconds(40 * 86_400);
    w.tick();
    let steps: Vec<AlarmStep> = alarms(&w).iter().map(|(_, s)| *s).collect();
    assert_eq!(steps, [AlarmStep::Lead]);
    assert!(w.decide(Actor::System, &Command::Tick).unwrap().is_empty());
}

#[test]
fn the_ledger_names_the_act_the_pause_the_extension_and_the_waiver() {
    let mut w = World::with_report(full_policy());
    w.later(3_600).ok(ANN, acknowledge(true));
    let kept = entry(&w, "promise-1");
    let PromiseState::Met { by: Some(by) } = kept.state else {
        panic!("{kept:?}");
    };
    assert_eq!((by.event, by.by, by.at), ("acknowledged", ANN, w.now));
    assert_eq!(kept.policy, w.policy.digest);

    w.later(3_600).ok(ANN, ask());
    let PromiseState::Paused { why: Some(why) } = entry(&w, "promise-2").state else {
        panic!("not paused");
    };
    assert_eq!((why.event, why.by), ("asked", ANN));
    w.later(86_400).ok(Actor::Reporter, supply());
    assert_eq!(entry(&w, "promise-2").state, PromiseState::Running);

    let before = entry(&w, "promise-6").due;
    w.ok(ANN, extend("promise-6", 10));
    w.ok(Actor::Reporter, answer_question(1, true));
    let moved = entry(&w, "promise-6");
    assert_eq!(moved.first_due(), before);
    let change = moved.moved.last().unwrap();
    assert_eq!(change.agreed, Some((text(40, 30), None)));
    assert_eq!((change.by, change.to), (Actor::Reporter, moved.due));
    assert!(moved.due > before);

    w.ok(ANN, waive("promise-2"));
    w.ok(Actor::Reporter, answer_question(2, true));
    let waived = entry(&w, "promise-2");
    assert!(
        matches!(
            waived.state,
            PromiseState::Waived {
                by: Actor::Reporter,
                ..
            }
        ),
        "{waived:?}"
    );
    w.later(60 * 86_400).tick();
    assert!(matches!(
        w.clock("promise-2").status,
        ClockStatus::Waived { .. }
    ));
    w.refused(ANN, &waive("promise-2"), RefusalCode::DeadlinePassed);
}

#[test]
fn a_missed_promise_cannot_be_waived_afterwards() {
    let mut w = World::with_report(full_policy());
    w.ok(Actor::Reporter, supply());
    let due = w.clock("promise-1").due.unwrap();
    w.now = due.plus_seconds(1);
    w.refused(ANN, &waive("promise-1"), RefusalCode::DeadlinePassed);
}

#[test]
fn what_recurs_has_one_entry_for_each_period_and_misses_stay() {
    let mut w = World::with_report(full_policy());
    w.ok(ANN, acknowledge(false));
    w.later(6 * 86_400).ok(ANN, status());
    w.later(20 * 86_400).tick();
    let all = promise_ledger(&w.log);
    let periods: Vec<&PromiseEntry> = all.iter().filter(|e| e.spec.key.0 == "promise-3").collect();
    let states: Vec<PromiseState> = periods.iter().map(|e| e.state).collect();
    assert!(matches!(states[0], PromiseState::Met { .. }), "{states:?}");
    assert_eq!(states[1..3], [PromiseState::Missed, PromiseState::Missed]);
    assert_eq!(*states.last().unwrap(), PromiseState::Running);
    let missed = periods
        .iter()
        .filter(|e| e.state == PromiseState::Missed)
        .count();
    let clock = w.clock("promise-3");
    assert_eq!(u32::try_from(missed).unwrap(), clock.missed_periods);
}

#[test]
fn a_closed_or_rejected_case_calls_nobody() {
    let mut w = World::with_report(full_policy());
    let due = w.clock("promise-2").due.unwrap();
    w.ok(ANN, acknowledge(false));
    w.now = due.plus_seconds(1);
    w.tick();
    assert!(w.clock("promise-2").alarm.is_some());
    w.ok(ANN, reject(out_of_scope()));
    w.refused(ANN, &answer("promise-2"), RefusalCode::AlreadyDone);
}
