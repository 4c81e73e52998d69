//! From fix to publication: every guard refuses on its own, to the second.
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

use candor_base::RefusalCode;
use candor_case::*;
use candor_policy::model::*;
use common::*;

#[test]
fn the_whole_road_from_report_to_closed() {
    let mut w = World::with_report(full_policy());
    assert_eq!(w.case().stage(), Stage::Received);
    assert_eq!(w.case().embargo.state, EmbargoState::Active);
    assert_eq!(w.case().embargo.until, Some(at("2026-08-30T23:59:59Z")));
    w.later(3_600).ok(ANN, acknowledge(false));
    assert_eq!(w.case().stage(), Stage::Acknowledged);
    w.ok(ANN, ask());
    assert_eq!(w.case().stage(), Stage::NeedsInfo);
    w.later(3_600).ok(Actor::Reporter, supply());
    w.ok(ANN, assess(Some(Severity::Critical)));
    assert_eq!(w.case().stage(), Stage::Reproduced);
    w.ok(ANN, accept());
    assert_eq!(w.case().stage(), Stage::Accepted);
    let stages = [
        (FixStatus::InDevelopment, Stage::FixInDevelopment),
        (FixStatus::Ready, Stage::FixReady),
        (FixStatus::Tested, Stage::Tested),
        (released(), Stage::Released),
    ];
    for (status, stage) in stages {
        w.ok(ANN, Command::Fix(Box::new(row(status))));
        assert_eq!(w.case().stage(), stage);
    }
    w.ok(ANN, Command::SaveDraft(draft(50)));
    let date = w.now.plus_seconds(86_400);
    w.ok(ANN, propose(date));
    w.ok(Actor::Reporter, Command::AnswerDate(DateAnswer::Accept));
    w.ok(
        ANN,
        Command::Approve {
            draft: text(50, 0).sha256,
        },
    );
    w.refused(BEN, &publish(50), RefusalCode::EmbargoActive);
    w.now = date;
    let names = w.ok(BEN, publish(50));
    assert!(names.contains(&"embargo_exited") && names.contains(&"reporter_free"));
    assert!(names.contains(&"published") && names.contains(&"clock_met"));
    assert_eq!(w.case().stage(), Stage::Disclosed);
    assert_eq!(w.case().reporter_free_from, Some(date));
    let close = Command::Close {
        reason: CloseReason::Disclosed,
        note: None,
    };
    w.refused(ANN, &close, RefusalCode::OutletOpen);
    let outlet = ClauseId(String::from("outlet-1"));
    w.ok(
        ANN,
        Command::AnswerOutlet {
            outlet,
            answer: OutletAnswer::Sent { link: None },
        },
    );
    w.ok(ANN, close);
    assert_eq!(w.case().stage(), Stage::Closed);
    assert!(w.case().clocks.values().all(|c| !c.was_missed()));
    assert_eq!(replay(&w.log).as_ref(), w.state.as_ref());
}

#[test]
fn a_fix_takes_one_step_at_a_time_with_its_evidence() {
    let mut w = World::accepted(full_policy());
    let go = |status| Command::Fix(Box::new(row(status)));
    w.refused(ANN, &go(released()), RefusalCode::WrongStage);
    let mut telling = row(FixStatus::InDevelopment);
    telling.private_branch = Some(String::from("security-fix"));
    w.refused(
        ANN,
        &Command::Fix(Box::new(telling)),
        RefusalCode::FieldInvalid,
    );
    w.ok(ANN, go(FixStatus::InDevelopment));
    w.ok(ANN, go(FixStatus::Ready));
    w.refused(ANN, &go(released()), RefusalCode::EvidenceMissing);
    let mut own = row(FixStatus::Tested);
    own.reviewer = own.author;
    w.refused(
        ANN,
        &Command::Fix(Box::new(own)),
        RefusalCode::SecondPersonNeeded,
    );
    w.ok(ANN, go(FixStatus::Tested));
    w.ok(ANN, go(released()));
    w.refused(ANN, &go(FixStatus::Open), RefusalCode::WrongStage);
    assert!(
        matches!(w.clock("promise-3").status, ClockStatus::Stopped { .. }),
        "until fixed"
    );
    assert!(matches!(
        w.clock("promise-4").status,
        ClockStatus::Met { .. }
    ));
}

#[test]
fn each_guard_of_publication_refuses_on_its_own() {
    let fresh = World::approved(full_policy());
    fresh.refused(BEN, &publish(50), RefusalCode::EmbargoActive);
    let mut w = fresh.clone();
    w.now = at("2026-08-30T23:59:58Z");
    w.refused(BEN, &publish(50), RefusalCode::EmbargoActive);
    w.now = at("2026-08-30T23:59:59Z");
    w.refused(BEN, &publish(50), RefusalCode::ReporterNotAsked);
    let notice = Command::Say {
        lane: Lane::Reporter,
        kind: MessageKind::DateNotice,
        message: message(23),
    };
    w.ok(ANN, notice);
    w.refused(BEN, &publish(51), RefusalCode::AdvisoryChanged);
    let mut changed = w.clone();
    changed.ok(ANN, Command::SaveDraft(draft(51)));
    changed.refused(BEN, &publish(51), RefusalCode::AdvisoryChanged);
    let mut lacking = w.clone();
    let mut d = draft(52);
    d.missing = vec![String::from("title")];
    lacking.ok(ANN, Command::SaveDraft(d));
    lacking.refused(BEN, &publish(52), RefusalCode::AdvisoryIncomplete);
    w.ok(BEN, publish(50));
    assert!(w.log.iter().any(|r| matches!(
        r.event,
        Event::Published {
            four_eyes: true,
            ..
        }
    )));
    w.refused(BEN, &publish(50), RefusalCode::AlreadyDone);
}

#[test]
fn the_look_of_a_second_person_counts_whoever_approves_after_it_or_publishes() {
    let mut w = World::approved(full_policy());
    w.agreed_in(60);
    w.later(60);
    let again = Command::Approve {
        draft: text(50, 0).sha256,
    };
    w.refused(ANN, &again, RefusalCode::AlreadyDone);
    // Ben looks, then Ann, who approved before him, publishes: two people all the same.
    w.ok(BEN, again.clone());
    assert_eq!(w.case().advisory.approvals.len(), 2);
    w.refused(ANN, &again, RefusalCode::AlreadyDone);
    w.policy.settings.four_eyes = true;
    w.ok(ANN, publish(50));
    assert!(w.log.iter().any(|r| matches!(
        r.event,
        Event::Published {
            four_eyes: true,
            ..
        }
    )));
    assert!(w.case().advisory.approvals.is_empty());

    // What is public needs neither a look nor a second publication, until it is changed.
    let names = allowed(w.case(), &w.context(BEN));
    assert!(!names.contains(&"approve") && !names.contains(&"publish"));
    w.refused(BEN, &again, RefusalCode::AlreadyDone);
    w.ok(ANN, Command::SaveDraft(draft(51)));
    let names = allowed(w.case(), &w.context(BEN));
    assert!(names.contains(&"approve") && names.contains(&"publish"));
}

#[test]
fn an_approval_of_another_text_counts_for_nothing() {
    let mut w = World::approved(full_policy());
    w.agreed_in(60);
    w.later(60);
    w.ok(ANN, Command::SaveDraft(draft(51)));
    let look = Command::Approve {
        draft: text(51, 0).sha256,
    };
    w.ok(BEN, look);
    assert_eq!(w.case().advisory.approvals.len(), 1);
    w.refused(BEN, &publish(51), RefusalCode::TooEarly);
}

#[test]
fn a_credit_that_changed_after_the_approval_needs_another_look() {
    let mut w = World::approved(full_policy());
    w.agreed_in(60);
    w.later(60);
    let wish = Command::ChooseCredit {
        wish: CreditWish::Named(text(77, 9)),
        kind: CreditKind::Reporter,
    };
    w.ok(Actor::Reporter, wish);
    w.refused(BEN, &publish(50), RefusalCode::AdvisoryChanged);
    let why = w.decide(BEN, &publish(50)).unwrap_err();
    assert!(why.message.contains("credit was changed"), "{why:?}");
    let look = Command::Approve {
        draft: text(50, 0).sha256,
    };
    w.ok(ANN, look);
    w.ok(BEN, publish(50));
}

#[test]
fn a_room_takes_only_so_many_messages_in_an_hour() {
    let mut w = World::with_report(full_policy());
    let say = Command::Say {
        lane: Lane::Reporter,
        kind: MessageKind::Plain,
        message: message(9),
    };
    for _ in 0..60 {
        w.later(10).ok(Actor::Reporter, say.clone());
    }
    w.refused(Actor::Reporter, &say, RefusalCode::TooLarge);
    w.refused(Actor::Reporter, &supply(), RefusalCode::TooLarge);
    w.ok(ANN, say.clone());
    w.later(3_600).ok(Actor::Reporter, say);
}

#[test]
fn refusals_speak_in_words_and_in_the_calendar_of_the_policy() {
    let w = World::approved(full_policy());
    let said = |w: &World, actor, command: &Command| w.decide(actor, command).unwrap_err().message;
    let embargo = said(&w, BEN, &publish(50));
    assert!(
        embargo.contains("Sun 30 Aug 2026, 23:59:59 UTC"),
        "{embargo}"
    );
    let mut early = w.clone();
    early.agreed_in(60);
    let wait = said(&early, ANN, &publish(50));
    assert!(wait.contains(" UTC") && !wait.contains('Z'), "{wait}");

    let mut lacking = w.clone();
    let mut d = draft(52);
    d.missing = [
        "title-missing",
        "affected-versions-unreadable",
        "fix-open",
        "odd-code",
    ]
    .map(String::from)
    .to_vec();
    lacking.ok(ANN, Command::SaveDraft(d));
    let lacks = said(&lacking, BEN, &publish(52));
    for code in ["title-missing", "unreadable", "fix-open", "odd-code"] {
        assert!(!lacks.contains(code), "{lacks}");
    }
    assert!(
        lacks.contains("a title, affected versions that can be read"),
        "{lacks}"
    );
}

#[test]
fn the_second_look_of_one_person_waits_and_is_never_called_four_eyes() {
    let mut w = World::approved(full_policy());
    w.agreed_in(60);
    w.later(9 * 60 + 59);
    w.refused(ANN, &publish(50), RefusalCode::TooEarly);
    let mut strict = w.clone();
    strict.policy.settings.four_eyes = true;
    strict.refused(ANN, &publish(50), RefusalCode::SecondPersonNeeded);
    strict.team = 1;
    strict.later(1).ok(ANN, publish(50));
    w.later(1).ok(ANN, publish(50));
    assert!(w.log.iter().any(|r| matches!(
        r.event,
        Event::Published {
            four_eyes: false,
            ..
        }
    )));
}

#[test]
fn a_public_fact_ends_the_embargo_and_no_branch_is_waited_for() {
    let mut w = World::accepted(full_policy());
    w.ok(ANN, Command::SaveDraft(draft(50)));
    w.ok(
        ANN,
        Command::Approve {
            draft: text(50, 0).sha256,
        },
    );
    let names = w.ok(ANN, fact(AttackFact::ExploitPublic));
    assert_eq!(
        names,
        [
            "fact_recorded",
            "fact_recorded",
            "embargo_exited",
            "reporter_free"
        ]
    );
    assert!(w.case().attack_facts.contains_key(&AttackFact::Public));
    w.refused(
        ANN,
        &propose(w.now.plus_seconds(86_400)),
        RefusalCode::EmbargoImpossible,
    );
    w.refused(ANN, &fact(AttackFact::Public), RefusalCode::AlreadyDone);
    w.ok(BEN, publish(50));
}

#[test]
fn an_unanswered_branch_holds_publication_until_the_deadline() {
    let mut w = World::accepted(in_force(Policy::default()));
    w.ok(ANN, Command::SaveDraft(draft(50)));
    w.ok(
        ANN,
        Command::Approve {
            draft: text(50, 0).sha256,
        },
    );
    w.refused(BEN, &publish(50), RefusalCode::ReporterNotAsked);
    w.ok(ANN, propose(w.now.plus_seconds(86_400)));
    w.refused(BEN, &publish(50), RefusalCode::EmbargoActive);
    w.ok(
        Actor::Reporter,
        Command::AnswerDate(DateAnswer::Decline { reason: None }),
    );
    w.refused(BEN, &publish(50), RefusalCode::BranchOpen);
}

#[test]
fn a_known_public_report_alarms_and_has_no_embargo() {
    let mut w = World::new(full_policy());
    let mut f = facts();
    f.public = Some(PublicPlace {
        place: text(40, 30),
    });
    w.ok(Actor::Reporter, Command::Receive(Box::new(f)));
    assert_eq!(w.case().embargo.state, EmbargoState::None);
    assert!(w.case().is_public_knowledge());
    let effects = react(w.case(), &w.log[0]);
    assert!(effects.contains(&Effect::Mail {
        to: Recipient::Team,
        mail: MailKind::AlreadyPublic
    }));
}

#[test]
fn the_embargo_ends_to_the_second_and_the_reporter_is_free_from_then() {
    let mut w = World::with_report(full_policy());
    w.go("2026-08-30T23:59:58Z");
    assert!(!w.tick().contains(&"embargo_exited"));
    w.go("2026-09-04T00:00:00Z");
    assert!(w.tick().contains(&"reporter_free"));
    assert_eq!(
        w.case().reporter_free_from,
        Some(at("2026-08-30T23:59:59Z"))
    );
}

#[test]
fn nobody_does_what_is_not_theirs() {
    let w = World::accepted(full_policy());
    for command in [
        accept(),
        publish(50),
        assess(None),
        fact(AttackFact::Public),
    ] {
        w.refused(Actor::Reporter, &command, RefusalCode::NotAllowed);
        w.refused(Actor::System, &command, RefusalCode::NotAllowed);
    }
    let team_lane = Command::Say {
        lane: Lane::Team,
        kind: MessageKind::Plain,
        message: message(1),
    };
    w.refused(Actor::Reporter, &team_lane, RefusalCode::NotAllowed);
    w.refused(Actor::Reporter, &status(), RefusalCode::NotAllowed);
    w.refused(ANN, &Command::Tick, RefusalCode::NotAllowed);
    let object = Command::Object { reason: message(1) };
    w.refused(ANN, &object, RefusalCode::NotAllowed);
    let room = allowed(w.case(), &w.context(Actor::Reporter));
    assert_eq!(
        room,
        [
            "supply",
            "say",
            "propose_date",
            "choose_credit",
            "withdraw",
            "leave_embargo",
            "choose_key"
        ]
    );
}

#[test]
fn what_time_ended_is_not_the_act_of_who_came_by() {
    let mut w = World::with_report(full_policy());
    w.go("2026-09-04T00:00:00Z").ok(ANN, acknowledge(false));
    let who = |name: &str| {
        let found = w.log.iter().find(|r| r.event.name() == name);
        found.map(|r| r.actor).unwrap()
    };
    assert_eq!(who("embargo_exited"), Actor::System);
    assert_eq!(who("reporter_free"), Actor::System);
    assert_eq!(who("acknowledged"), ANN);
}

/// Commands that could move the report, each ready to be tried anywhere.
fn moves(w: &World) -> Vec<(Actor, Command)> {
    let mut invalid = assessment(Some(candor_policy::Severity::Low));
    invalid.is_vulnerability = Verdict::No;
    let close = |reason| Command::Close {
        reason,
        note: Some(text(1, 90)),
    };
    vec![
        (ANN, assess(Some(candor_policy::Severity::Low))),
        (
            ANN,
            Command::Assess {
                assessment: Box::new(invalid),
                message: None,
            },
        ),
        (ANN, accept()),
        (ANN, reject(out_of_scope())),
        (
            ANN,
            Command::MarkDuplicate {
                of: candor_base::CaseId::from_bytes([3; 16]),
                reference: candor_base::CaseRef::new("TST", [5; 5]).unwrap(),
                original_received: w.case().received.plus_seconds(-1),
                message: message(22),
            },
        ),
        (Actor::Reporter, Command::Withdraw { message: None }),
        (ANN, close(CloseReason::Disclosed)),
        (ANN, close(CloseReason::Rejected)),
        (ANN, close(CloseReason::Duplicate)),
        (ANN, close(CloseReason::Withdrawn)),
    ]
}

#[test]
fn every_move_of_the_report_is_an_edge_of_its_machine_and_all_edges_are_there() {
    use ReportState::{Accepted, Closed, Deferred, Invalid, Received, Valid};
    let edges = [
        (Received, Invalid),
        (Received, Valid),
        (Invalid, Valid),
        (Invalid, Closed),
        (Valid, Accepted),
        (Valid, Deferred),
        (Accepted, Deferred),
        (Accepted, Closed),
        (Deferred, Accepted),
        (Deferred, Closed),
    ];
    let start = World::with_report(full_policy());
    let mut seen = std::collections::BTreeSet::new();
    let mut worlds = vec![start];
    // Four moves deep from the beginning, with time for objections to pass.
    for _ in 0..4 {
        let mut next = Vec::new();
        for world in &worlds {
            for (who, command) in moves(world) {
                let mut w = world.clone();
                w.later(15 * 86_400);
                let from = w.case().report;
                let Ok(recorded) = w.try_do(who, &command) else {
                    continue;
                };
                let to = w.case().report;
                let duplicate = recorded
                    .iter()
                    .any(|r| r.event.name() == "marked_duplicate");
                if from != to && !duplicate {
                    seen.insert((from, to));
                }
                next.push(w);
            }
        }
        worlds = next;
    }
    let listed = edges.into_iter().collect::<std::collections::BTreeSet<_>>();
    assert!(seen.is_subset(&listed), "{:?}", seen.difference(&listed));
    // Back to work after an objection that was right.
    let mut w = World::with_report(full_policy());
    w.ok(ANN, assess(Some(candor_policy::Severity::Low)));
    w.ok(ANN, reject(out_of_scope()));
    w.ok(Actor::Reporter, Command::Object { reason: message(1) });
    w.ok(
        BEN,
        Command::DecideObjection {
            uphold: true,
            reason: message(2),
        },
    );
    w.ok(ANN, accept());
    seen.insert((Deferred, Accepted));
    assert_eq!(w.case().report, Accepted);
    assert_eq!(seen, listed, "an edge is missing");
}
