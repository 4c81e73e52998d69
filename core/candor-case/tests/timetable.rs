//! Stories of the policy's timetable: days of publication, a day of the month, the
//! longest embargo of a list, "90+30", word in advance and updates on fixed days. Each
//! begins with the sentence of a policy.
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

use candor_base::{Digest, Instant, RefusalCode};
use candor_calendar::WorkCalendar;
use candor_case::*;
use candor_policy::PolicyInForce;
use candor_policy::model::Severity;
use candor_policy::settings::Settings;
use common::*;

const DAY: i64 = 86_400;

/// A policy that says this, by the compiler.
fn says(text: &str) -> PolicyInForce {
    let text = format!("# Security policy\n\n{text}\n");
    let policy = candor_policy::compile(text.as_bytes()).unwrap().value;
    in_force(policy)
}

fn until(w: &World) -> String {
    w.case().embargo.until.unwrap().to_string()
}

fn due(w: &World, key: &str) -> String {
    w.clock(key).due.unwrap().to_string()
}

fn why(w: &World, key: &str) -> String {
    w.clock(key).explanation.join("; ")
}

fn named(w: &World, moment: &str) -> Result<Vec<Event>, String> {
    let said = w.decide(ANN, &propose(at(moment)));
    said.map_err(|refusal| format!("{refusal:?}"))
}

const WEEK: &str = "Details are disclosed 90 days after the report. \
    Vulnerabilities are disclosed only Monday to Wednesday at 16:00 UTC.";

#[test]
fn days_of_the_week_move_the_policys_own_date_earlier() {
    let mut w = World::new(says(WEEK));
    // Ninety days after Thursday 4 June is Wednesday 2 September; after the 5th, Thursday.
    w.now = at("2026-06-05T08:00:00Z");
    w.ok(Actor::Reporter, Command::Receive(Box::new(facts())));
    assert_eq!(until(&w), "2026-09-02T16:00:00Z");
}

#[test]
fn the_team_names_a_day_of_publication_and_the_reporter_any() {
    let mut w = World::accepted(says(WEEK));
    let refusal = named(&w, "2026-08-07T16:00:00Z").unwrap_err();
    assert!(refusal.contains("no day of publication"), "{refusal}");
    assert!(refusal.contains("Wed 5 Aug 2026, 16:00"), "{refusal}");
    assert!(refusal.contains("Mon 10 Aug 2026, 16:00"), "{refusal}");
    assert!(named(&w, "2026-08-05T10:00:00Z").is_ok());
    w.ok(Actor::Reporter, propose(at("2026-08-07T16:00:00Z")));
    w.ok(ANN, Command::AnswerDate(DateAnswer::Accept));
    let notes = publication_notes(w.case(), &w.policy.policy, &w.policy.calendar());
    assert!(notes[1].contains("no day of publication"), "{notes:?}");
}

#[test]
fn a_day_of_the_month_is_never_passed() {
    let text = "Details are disclosed 90 days after the report. \
        Advisories are published on the second Tuesday of each month at 10:00.";
    let mut w = World::accepted(says(text));
    // Ninety days end on Sunday 30 August; the second Tuesday before it is the 11th.
    assert_eq!(until(&w), "2026-08-11T10:00:00Z");
    let refusal = named(&w, "2026-07-20T10:00:00Z").unwrap_err();
    assert!(refusal.contains("second Tuesday"), "{refusal}");
    assert!(refusal.contains("Tue 14 Jul 2026, 10:00"), "{refusal}");
    w.ok(ANN, propose(at("2026-07-14T15:00:00Z")));
}

fn told(policy: PolicyInForce, days: i64) -> World {
    let mut w = World::accepted(policy);
    w.ok(ANN, propose(w.now.plus_seconds(days * DAY)));
    w.ok(Actor::Reporter, Command::AnswerDate(DateAnswer::Accept));
    let invitation = Invitation {
        kind: PartyKind::Distributor,
        name: text(80, 9),
        contact: None,
        terms: text(82, 400),
        code: Digest::from_bytes([1; 32]),
    };
    w.ok(ANN, Command::InviteParty(Box::new(invitation)));
    let enter = Command::EnterParty {
        number: 1,
        used: Digest::from_bytes([1; 32]),
        code: Digest::from_bytes([2; 32]),
    };
    w.ok(Actor::System, enter);
    w.ok(Actor::Party(1), Command::AnswerTerms { accepted: true });
    w.ok(ANN, Command::SaveDraft(draft(50)));
    w
}

#[test]
fn a_list_with_its_own_maximum_bounds_notice_and_date() {
    let text = "The private distributors list keeps an embargo for at most 10 days.";
    let mut w = told(says(text), 30);
    let end = w.case().embargo.until.unwrap();
    let notify = Command::NotifyParty { number: 1 };
    w.now = end.plus_seconds(-10 * DAY - 1);
    w.refused(ANN, &notify, RefusalCode::TooEarly);
    w.now = end.plus_seconds(-10 * DAY);
    w.ok(ANN, notify);
    let later = propose(end.plus_seconds(1));
    w.refused(ANN, &later, RefusalCode::FieldInvalid);
    let notes = publication_notes(w.case(), &w.policy.policy, &w.policy.calendar());
    assert!(
        notes.iter().any(|n| n.contains("seven days or fewer")),
        "{notes:?}"
    );
}

const NOTICE: &str = "Distributors are notified at least 7 days before the public disclosure \
    of the vulnerability.";

fn lead(w: &World) -> &CaseClock {
    let mut clocks = w.case().clocks.values();
    clocks
        .find(|c| c.spec.met_by == candor_policy::MetBy::DistributorsTold)
        .unwrap()
}

#[test]
fn word_in_advance_follows_the_planned_date_and_is_met_by_the_notice() {
    let mut w = told(says(NOTICE), 20);
    let end = w.case().embargo.until.unwrap();
    assert_eq!(lead(&w).due, Some(end.plus_seconds(-7 * DAY)));
    // Another date that both sides agree to moves the notice with it.
    let later = end.plus_seconds(3 * DAY);
    w.ok(ANN, propose(later));
    w.ok(Actor::Reporter, Command::AnswerDate(DateAnswer::Accept));
    w.ok(Actor::Party(1), Command::AnswerTerms { accepted: true });
    assert_eq!(lead(&w).due, Some(later.plus_seconds(-7 * DAY)));
    assert!(lead(&w).explanation[1].contains("7 days before"));
    w.now = later.plus_seconds(-10 * DAY);
    w.ok(ANN, Command::NotifyParty { number: 1 });
    assert!(matches!(lead(&w).status, ClockStatus::Met { .. }));
}

#[test]
fn word_in_advance_that_was_not_given_is_missed_and_ends_with_the_embargo() {
    let mut w = told(says(NOTICE), 20);
    let last = lead(&w).due.unwrap();
    let mut over = w.clone();
    over.ok(ANN, fact(AttackFact::AttacksObserved));
    assert!(matches!(lead(&over).status, ClockStatus::Stopped { .. }));
    w.now = last.plus_seconds(1);
    w.tick();
    assert_eq!(lead(&w).status, ClockStatus::Missed);
    assert!(lead(&w).warned_most || lead(&w).alarm.is_some());
}

const NINETY: &str = "If a fix is released within 90 days, we publish the details of the \
    vulnerability 30 days after the fix.";

#[test]
fn ninety_plus_thirty_gives_the_day_of_the_details_after_the_fix() {
    let mut w = World::accepted(says(NINETY));
    // Received on 1 June: without a fix the details come on 30 August.
    assert_eq!(until(&w), "2026-08-30T00:00:00Z");
    assert_eq!(due(&w, "timetable-1"), "2026-08-30T23:59:59Z");
    assert_eq!(due(&w, "timetable-1-fix"), "2026-08-30T23:59:59Z");
    // Fixed on day 83: thirty days more, past the ninety (domain 3.1: 83 to 113).
    w.now = at("2026-08-23T10:00:00Z");
    w.fix_to_release();
    assert_eq!(until(&w), "2026-09-22T00:00:00Z");
    assert_eq!(due(&w, "timetable-1"), "2026-09-22T23:59:59Z");
    assert!(why(&w, "timetable-1").contains("patched on Sun 23 Aug 2026"));
    assert!(matches!(
        w.clock("timetable-1-fix").status,
        ClockStatus::Met { .. }
    ));
    let ledger = promise_ledger(&w.log);
    let entry = ledger
        .iter()
        .find(|e| e.spec.key.0 == "timetable-1")
        .unwrap();
    assert_eq!(entry.first_due(), Some(at("2026-08-30T23:59:59Z")));
}

#[test]
fn a_late_fix_gains_no_days_and_an_agreed_date_stays() {
    let mut late = World::accepted(says(NINETY));
    late.now = at("2026-09-02T10:00:00Z");
    late.tick();
    assert_eq!(late.clock("timetable-1").status, ClockStatus::Missed);
    let mut agreed = World::accepted(says(NINETY));
    agreed.ok(ANN, propose(at("2026-08-10T12:00:00Z")));
    agreed.ok(Actor::Reporter, Command::AnswerDate(DateAnswer::Accept));
    agreed.now = at("2026-07-20T10:00:00Z");
    agreed.fix_to_release();
    assert_eq!(until(&agreed), "2026-08-10T12:00:00Z");
    assert_eq!(due(&agreed, "timetable-1"), "2026-08-19T23:59:59Z");
}

#[test]
fn updates_on_fixed_days_count_from_the_first_day_and_one_act_is_one_update() {
    let text = "We send you a status update every month, on the same day of the month.";
    let mut w = World::new(says(text));
    w.now = at("2026-01-31T09:30:00Z");
    w.ok(Actor::Reporter, Command::Receive(Box::new(facts())));
    w.ok(ANN, acknowledge(false));
    assert_eq!(due(&w, "timetable-1"), "2026-02-28T09:30:00Z");
    w.now = at("2026-02-10T09:00:00Z");
    w.ok(ANN, status());
    // The day number comes back after the short month, and does not slide with the act.
    assert_eq!(due(&w, "timetable-1"), "2026-03-31T09:30:00Z");
    w.later(DAY).ok(ANN, status());
    assert_eq!(due(&w, "timetable-1"), "2026-03-31T09:30:00Z", "not twice");
    w.now = at("2026-05-01T00:00:00Z");
    w.tick();
    let clock = w.clock("timetable-1");
    assert_eq!((clock.kept_periods, clock.missed_periods), (1, 2));
    assert_eq!(due(&w, "timetable-1"), "2026-05-31T09:30:00Z");
}

/// Norway, where 25 May 2026 (Whit Monday) is a holiday.
fn norway(holidays: &[&str]) -> PolicyInForce {
    let mut policy = says(
        "We acknowledge reports within 5 business days and fix the problem within 10 business \
         days.",
    );
    policy.settings = Settings {
        holidays: holidays.iter().map(|d| d.parse().unwrap()).collect(),
        ..policy.settings
    };
    policy
}

fn received(policy: PolicyInForce, moment: &str) -> World {
    let mut w = World::new(policy);
    w.now = at(moment);
    w.ok(Actor::Reporter, Command::Receive(Box::new(facts())));
    w
}

fn edit(holidays: &[&str]) -> Command {
    let calendar: WorkCalendar = norway(holidays).calendar();
    Command::Recount {
        calendar: Box::new(calendar),
    }
}

fn answer_due(w: &World) -> Instant {
    w.clock("promise-1").due.unwrap()
}

#[test]
fn a_holiday_that_is_added_never_makes_an_open_promise_later() {
    let mut w = received(norway(&[]), "2026-06-01T08:00:00Z");
    let before = answer_due(&w);
    assert_eq!(before, at("2026-06-08T23:59:59Z"));
    let done = w.ok(Actor::System, edit(&["2026-06-03"]));
    assert!(done.contains(&"clock_recounted"), "it is in the chain");
    assert_eq!(answer_due(&w), before);
    assert!(why(&w, "promise-1").contains("never makes a promise later"));
    let again = w.ok(Actor::System, edit(&["2026-06-03"]));
    assert!(
        again.is_empty(),
        "the same edit says nothing new: {again:?}"
    );
}

#[test]
fn a_holiday_that_is_taken_away_makes_an_open_promise_earlier_and_warns_anew() {
    let mut w = received(norway(&["2026-06-03"]), "2026-06-01T08:00:00Z");
    assert_eq!(answer_due(&w), at("2026-06-09T23:59:59Z"));
    w.ok(Actor::System, edit(&[]));
    assert_eq!(answer_due(&w), at("2026-06-08T23:59:59Z"));
    assert!(why(&w, "promise-1").contains("before, it was due Tue 9 Jun 2026"));
    let entry = promise_ledger(&w.log)
        .into_iter()
        .find(|e| e.spec.key.0 == "promise-1");
    let entry = entry.unwrap();
    assert_eq!(entry.first_due(), Some(at("2026-06-09T23:59:59Z")));
    assert!(entry.moved[0].calendar);
}

#[test]
fn an_edit_leaves_a_day_to_act_and_no_trace_on_what_was_agreed_or_is_over() {
    let mut w = received(norway(&["2026-06-03"]), "2026-06-01T08:00:00Z");
    // At the evening of the 8th the earlier due instant is hours away.
    w.now = at("2026-06-08T20:00:00Z");
    w.tick();
    let mut met = w.clone();
    w.ok(Actor::System, edit(&[]));
    assert_eq!(answer_due(&w), at("2026-06-09T20:00:00Z"));
    met.ok(ANN, acknowledge(false));
    met.ok(Actor::System, edit(&[]));
    assert!(matches!(
        met.clock("promise-1").status,
        ClockStatus::Met { .. }
    ));
    assert_eq!(answer_due(&met), at("2026-06-09T23:59:59Z"));
}

#[test]
fn a_newer_binary_counts_again_at_the_next_look_and_never_later() {
    let mut w = received(norway(&[]), "2026-06-01T08:00:00Z");
    // The log of an older binary, whose table gave another day.
    let older = |w: &mut World, shift: i64| {
        let mut state = None;
        for r in &mut w.log {
            if let Event::ClockStarted { due, basis, .. } = &mut r.event {
                *due = due.map(|d| d.plus_seconds(shift));
                *basis = basis.replace("(tzdata 2", "(tzdata 1");
            }
            state = evolve(state.take(), r);
        }
        w.state = state;
    };
    let right = answer_due(&w);
    let mut early = w.clone();
    older(&mut w, DAY);
    assert!(w.tick().contains(&"clock_recounted"));
    assert_eq!(answer_due(&w), right);
    let recounts = w.log.iter().filter(|r| r.event.name() == "clock_recounted");
    assert!(recounts.clone().all(|r| r.actor == Actor::System));
    assert!(w.tick().is_empty(), "once");
    older(&mut early, -DAY);
    early.tick();
    assert_eq!(answer_due(&early), right.plus_seconds(-DAY), "not later");
    assert!(early.tick().is_empty(), "once");
}

#[test]
fn an_extension_says_by_whose_agreement_and_keeps_what_was_counted() {
    let mut w = World::accepted(full_policy());
    let key = w
        .case()
        .clocks
        .values()
        .find(|c| c.spec.severity == Some(Severity::Critical));
    let key = key.unwrap().spec.key.to_string();
    w.ok(ANN, extend(&key, 7));
    w.ok(Actor::Reporter, answer_question(1, true));
    let words = why(&w, &key);
    assert!(words.contains("day 0 is Mon 1 Jun 2026"), "{words}");
    assert!(
        words.contains("the reporter agreed to more time on Mon 1 Jun 2026"),
        "{words}"
    );
    assert!(words.contains("extended by 7 days"), "{words}");
}
