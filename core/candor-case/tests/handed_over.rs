//! A case handed over to others, put aside, or leaking: the steps and their bounds.
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

use candor_base::{CaseId, CaseRef, Instant, RefusalCode};
use candor_case::*;
use candor_policy::model::*;
use common::*;

const DAY: i64 = 86_400;

fn step(number: u32, step: HandOverStep) -> Command {
    Command::Aside(Aside::HandOver {
        number: Some(number),
        step,
    })
}

fn open(party: u8, ask_reporter: bool) -> Command {
    Command::Aside(Aside::HandOver {
        number: None,
        step: HandOverStep::Open {
            role: PartyRole::Upstream,
            party: text(party, 9),
            contact: text(93, 9),
            ask_reporter,
        },
    })
}

fn sent(at: Instant, with_report: bool) -> Command {
    step(
        1,
        HandOverStep::Sent {
            at,
            with_report,
            note: text(94, 9),
        },
    )
}

fn answered(number: u32) -> Command {
    step(number, HandOverStep::Answered { note: text(95, 9) })
}

fn ended(number: u32) -> Command {
    step(
        number,
        HandOverStep::End {
            outcome: text(96, 9),
        },
    )
}

fn agree(given: bool) -> Command {
    Command::Aside(Aside::Agree {
        matter: Matter::HandOver(1),
        given,
    })
}

fn waits(w: &World) -> HandOverWaits {
    w.case().around.hand_over(1).unwrap().waits_for()
}

#[test]
fn a_hand_over_waits_for_whoever_is_next() {
    let mut w = World::accepted(full_policy());
    w.ok(ANN, open(87, false));
    assert_eq!(waits(&w), HandOverWaits::Team, "it is to be told");
    w.refused(ANN, &answered(1), RefusalCode::WrongStage);
    w.refused(ANN, &answered(2), RefusalCode::NotFound);
    w.ok(ANN, sent(w.now, false));
    assert_eq!(waits(&w), HandOverWaits::Party);
    w.later(60).ok(ANN, answered(1));
    assert_eq!(
        waits(&w),
        HandOverWaits::Team,
        "its answer is to be acted on"
    );
    w.later(60);
    w.ok(ANN, sent(w.now, false));
    assert_eq!(waits(&w), HandOverWaits::Party, "it was told again");
    w.ok(ANN, answered(1));
    assert_eq!(
        waits(&w),
        HandOverWaits::Team,
        "an answer within the second"
    );
    w.ok(ANN, ended(1));
    assert_eq!(waits(&w), HandOverWaits::Nobody);
    w.refused(ANN, &answered(1), RefusalCode::WrongStage);
    assert_eq!(w.case().around.hand_over(1).unwrap().notes.len(), 5);
    assert!(w.case().around.hand_over(2).is_none());
}

#[test]
fn what_was_sent_lies_between_the_report_and_now() {
    let mut w = World::accepted(full_policy());
    w.ok(ANN, open(87, false));
    w.refused(
        ANN,
        &sent(w.now.plus_seconds(1), false),
        RefusalCode::FieldInvalid,
    );
    let received = w.case().received;
    w.refused(
        ANN,
        &sent(received.plus_seconds(-1), false),
        RefusalCode::FieldInvalid,
    );
    w.later(DAY);
    let mut early = w.clone();
    early.ok(ANN, sent(received, false));
    w.ok(ANN, sent(w.now, false));
    assert_eq!(w.case().around.hand_over(1).unwrap().sent, Some(w.now));
    assert_eq!(
        early.case().around.hand_over(1).unwrap().sent,
        Some(received)
    );
}

#[test]
fn the_report_itself_goes_along_only_with_a_yes_that_is_then_kept() {
    let mut w = World::accepted(full_policy());
    w.refused(Actor::Reporter, &agree(true), RefusalCode::WrongStage);
    w.ok(ANN, open(87, true));
    w.refused(ANN, &sent(w.now, true), RefusalCode::ReporterNotAsked);
    w.ok(ANN, sent(w.now, false));
    w.ok(Actor::Reporter, agree(false));
    w.refused(Actor::Reporter, &agree(false), RefusalCode::AlreadyDone);
    w.refused(ANN, &sent(w.now, true), RefusalCode::ReporterNotAsked);
    w.ok(Actor::Reporter, agree(true));
    let mut back = w.clone();
    back.ok(Actor::Reporter, agree(false));
    w.ok(ANN, sent(w.now, true));
    w.refused(Actor::Reporter, &agree(false), RefusalCode::DeadlinePassed);
    w.ok(ANN, sent(w.now, false));
    assert!(
        w.case().around.hand_over(1).unwrap().with_report,
        "once handed over, it stays handed over"
    );
}

#[test]
fn a_party_is_named_once_while_it_is_open_and_thirty_are_the_most() {
    let mut w = World::accepted(full_policy());
    w.ok(ANN, open(1, false));
    w.refused(ANN, &open(1, false), RefusalCode::AlreadyDone);
    w.ok(ANN, ended(1));
    w.ok(ANN, open(1, false));
    for n in 2..30 {
        w.ok(ANN, open(n, false));
    }
    assert_eq!(w.case().around.hand_overs.len(), 30);
    assert_eq!(w.case().around.hand_overs[29].number, 30);
    w.refused(ANN, &open(31, false), RefusalCode::TooLarge);
}

#[test]
fn the_fix_is_shared_with_who_was_told_and_every_step_has_words() {
    let mut w = World::accepted(full_policy());
    w.ok(ANN, open(87, false));
    let share = |shared, chars| {
        step(
            1,
            HandOverStep::FixShared {
                shared,
                note: text(97, chars),
            },
        )
    };
    w.refused(ANN, &share(true, 9), RefusalCode::WrongStage);
    w.ok(ANN, sent(w.now, false));
    w.refused(ANN, &share(true, 0), RefusalCode::FieldMissing);
    w.ok(ANN, share(false, 9));
    assert_eq!(
        w.case().around.hand_over(1).unwrap().fix_shared,
        Some(false)
    );
    w.ok(ANN, share(true, 9));
    assert_eq!(w.case().around.hand_over(1).unwrap().fix_shared, Some(true));
    for silent in [
        HandOverStep::Answered { note: text(1, 0) },
        HandOverStep::End {
            outcome: text(1, 0),
        },
        HandOverStep::Sent {
            at: w.now,
            with_report: false,
            note: text(1, 0),
        },
    ] {
        w.refused(ANN, &step(1, silent), RefusalCode::FieldMissing);
    }
}

fn defer(review: Instant) -> Command {
    Command::Aside(Aside::Defer {
        review,
        message: message(60),
    })
}

#[test]
fn a_case_is_put_aside_for_a_day_to_come_within_a_year() {
    let mut w = World::accepted(full_policy());
    w.refused(ANN, &defer(w.now), RefusalCode::FieldInvalid);
    let year = w.now.plus_seconds(366 * DAY);
    w.refused(ANN, &defer(year.plus_seconds(1)), RefusalCode::FieldInvalid);
    let mut soon = w.clone();
    soon.ok(ANN, defer(w.now.plus_seconds(1)));
    w.ok(ANN, defer(year));
    assert_eq!(w.case().around.deferral.as_ref().unwrap().review, year);
    assert_eq!(w.case().stage(), Stage::Deferred);
}

#[test]
fn updates_come_monthly_while_it_is_put_aside_and_weekly_again_afterwards() {
    let mut w = World::accepted(full_policy());
    w.ok(ANN, status());
    let weekly = w.clock("promise-3").due.unwrap();
    assert_eq!(weekly, at("2026-06-08T23:59:59Z"));
    let other = w.clock("promise-6").due;
    w.ok(ANN, defer(w.now.plus_seconds(200 * DAY)));
    assert_eq!(w.clock("promise-3").due, Some(at("2026-07-01T23:59:59Z")));
    assert_eq!(w.clock("promise-6").due, other, "only updates slow down");
    // A second word about the review does not slow it down further.
    w.ok(ANN, defer(w.now.plus_seconds(100 * DAY)));
    assert_eq!(w.clock("promise-3").due, Some(at("2026-07-01T23:59:59Z")));
    w.go("2026-06-20T08:00:00Z").ok(ANN, status());
    assert_eq!(w.clock("promise-3").due, Some(at("2026-07-20T23:59:59Z")));
    w.go("2026-06-22T08:00:00Z").ok(
        ANN,
        Command::Aside(Aside::Resume {
            reason: text(81, 9),
        }),
    );
    assert_eq!(w.clock("promise-3").due, Some(at("2026-06-29T23:59:59Z")));
    assert_eq!(w.case().report, ReportState::Accepted);
}

#[test]
fn taken_up_within_the_week_the_earlier_day_stays() {
    let mut w = World::accepted(full_policy());
    w.ok(ANN, status());
    w.ok(ANN, defer(w.now.plus_seconds(200 * DAY)));
    w.later(3 * DAY).ok(
        ANN,
        Command::Aside(Aside::Resume {
            reason: text(81, 9),
        }),
    );
    assert_eq!(w.clock("promise-3").due, Some(at("2026-06-08T23:59:59Z")));
}

#[test]
fn a_suspected_leak_is_written_down_in_three_answers_and_decided_once() {
    let mut w = World::accepted(full_policy());
    let suspect = |what, how, plan| {
        Command::Aside(Aside::SuspectLeak {
            what: text(83, what),
            how: text(84, how),
            plan: text(85, plan),
        })
    };
    for lacking in [suspect(0, 9, 9), suspect(9, 0, 9), suspect(9, 9, 0)] {
        w.refused(ANN, &lacking, RefusalCode::FieldMissing);
    }
    let decide = |go_public| {
        Command::Aside(Aside::DecideLeak {
            go_public,
            reason: text(86, 9),
        })
    };
    w.refused(ANN, &decide(false), RefusalCode::WrongStage);
    w.ok(ANN, suspect(9, 9, 9));
    assert!(w.case().around.open_leak().is_some());
    w.refused(ANN, &suspect(9, 9, 9), RefusalCode::AlreadyDone);
    let mut public = w.clone();
    w.ok(ANN, decide(false));
    assert!(w.case().around.open_leak().is_none());
    assert!(w.case().embargo.state.is_in_force());
    w.refused(ANN, &decide(true), RefusalCode::WrongStage);
    w.ok(ANN, suspect(9, 9, 9));
    public.ok(ANN, decide(true));
    assert!(public.case().embargo.state.is_in_force(), "one person asks");
    public.ok(BEN, decide(true));
    assert_eq!(public.case().embargo.state, EmbargoState::Exited);
    assert_eq!(public.case().reporter_free_from, Some(public.now));
}

fn linked(case: u8, credit: CreditWish, stands: bool) -> Command {
    Command::Aside(Aside::LinkReport(LinkedReport {
        case: CaseId::from_bytes([case; 16]),
        reference: CaseRef::new("TST", [case; 5]).unwrap(),
        received: at("2026-06-02T00:00:00Z"),
        credit,
        stands,
    }))
}

#[test]
fn a_later_report_of_the_same_is_linked_once_and_its_credit_counts() {
    let mut w = World::approved(full_policy());
    let named = |n| CreditWish::Named(text(n, 9));
    w.refused(
        Actor::System,
        &linked(9, named(1), true),
        RefusalCode::FieldInvalid,
    );
    // Nobody is named: who approved has seen all there is.
    w.ok(Actor::System, linked(4, CreditWish::Anonymous, true));
    assert!(!w.case().advisory.approvals.is_empty());
    // The same word twice is no news, wherever the sealed name lies.
    let mut w = World::approved(full_policy());
    w.ok(Actor::System, linked(4, named(1), true));
    assert!(
        w.case().advisory.approvals.is_empty(),
        "a new name to approve"
    );
    assert!(w.case().advisory.credit_changed);
    let moved = CreditWish::Named(TextRef {
        blob: candor_base::BlobId::from_bytes([77; 16]),
        ..text(1, 9)
    });
    assert!(w.ok(Actor::System, linked(4, moved, true)).is_empty());
    assert_eq!(w.ok(Actor::System, linked(4, named(2), true)).len(), 1);
    assert_eq!(w.ok(Actor::System, linked(4, named(2), false)).len(), 1);
    assert_eq!(w.case().around.also_reported().count(), 0);
    assert_eq!(w.ok(Actor::System, linked(5, named(2), true)).len(), 1);
    assert_eq!(w.case().around.linked.len(), 2);
    let only = w.case().around.also_reported().next().unwrap();
    assert_eq!(only.case, CaseId::from_bytes([5; 16]));
}

#[test]
fn a_context_is_worked_out_with_the_reporter_and_once_for_each_kind() {
    let mut w = World::with_report(full_policy());
    let record = |kind, circumstances, outcome| {
        Command::Aside(Aside::WorkOut(ContextRecord {
            kind,
            party: text(1, 9),
            circumstances: text(2, circumstances),
            outcome,
        }))
    };
    let kind = ContextKind::Dependency;
    w.refused(ANN, &record(kind, 0, None), RefusalCode::FieldMissing);
    let out = Some(text(3, 9));
    w.refused(ANN, &record(kind, 9, out), RefusalCode::ReporterNotAsked);
    w.refused(
        ANN,
        &record(kind, 9, Some(text(3, 0))),
        RefusalCode::FieldMissing,
    );
    w.ok(ANN, record(kind, 9, None));
    w.ok(ANN, ask());
    w.ok(ANN, record(kind, 9, out));
    w.ok(ANN, record(ContextKind::Implementation, 9, None));
    let kinds: Vec<_> = w
        .case()
        .around
        .contexts
        .iter()
        .map(|c| (c.kind, c.outcome))
        .collect();
    assert_eq!(kinds, [(ContextKind::Implementation, None), (kind, out)]);
}

#[test]
fn the_older_case_is_followed_once_for_each_news() {
    let mut w = World::with_report(full_policy());
    w.ok(
        ANN,
        Command::MarkDuplicate {
            of: CaseId::from_bytes([3; 16]),
            reference: CaseRef::new("TST", [5; 5]).unwrap(),
            original_received: w.now.plus_seconds(-1),
            message: message(22),
        },
    );
    let follow = || {
        Command::Aside(Aside::FollowOriginal {
            news: OriginalNews::Published,
        })
    };
    assert!(w.ok(Actor::System, follow()).contains(&"embargo_exited"));
    assert_eq!(w.case().reporter_free_from, Some(w.now));
    assert!(w.ok(Actor::System, follow()).is_empty());
    assert_eq!(w.case().around.original, Some(OriginalNews::Published));
}

#[test]
fn severity_and_waiting_stay_apart_from_what_is_put_aside() {
    let mut w = World::accepted(full_policy());
    w.ok(ANN, ask());
    w.ok(ANN, defer(w.now.plus_seconds(DAY)));
    w.later(DAY).tick();
    assert_eq!(
        w.case().waiting_on,
        WaitingOn::Team,
        "the review is the team's turn"
    );
    w.ok(ANN, ask());
    w.ok(
        ANN,
        Command::Aside(Aside::Resume {
            reason: text(81, 9),
        }),
    );
    assert_eq!(
        w.case().waiting_on,
        WaitingOn::Reporter,
        "an open question stays open"
    );
    w.ok(
        ANN,
        Command::Aside(Aside::GoOn {
            reason: text(82, 9),
        }),
    );
    assert_eq!(w.case().waiting_on, WaitingOn::Team);
    assert!(w.case().asked.is_empty());
    w.ok(ANN, assess(Some(Severity::Medium)));
    assert_eq!(w.case().severity(), Some(Severity::Medium));
}
