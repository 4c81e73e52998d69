//! What is refused, and what is not, on both sides of each line.
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

use std::collections::BTreeSet;

use candor_base::{Digest, RefusalCode};
use candor_case::*;
use candor_policy::model::*;
use common::*;

const DAY: i64 = 86_400;

fn handed_in(edit: impl FnOnce(&mut ReportFacts)) -> (World, Command) {
    let w = World::new(full_policy());
    let mut f = facts();
    f.channel = IntakeChannel::HandedIn;
    edit(&mut f);
    (w, Command::Receive(Box::new(f)))
}

#[test]
fn only_a_report_that_is_handed_in_has_an_earlier_date() {
    let mut w = World::new(full_policy());
    let mut f = facts();
    f.first_received = Some(w.now.plus_seconds(-DAY));
    let form = Command::Receive(Box::new(f));
    w.refused(Actor::Reporter, &form, RefusalCode::FieldInvalid);
    let oldest = -OLDEST_FIRST_RECEIPT_DAYS * DAY;
    for (seconds, fits) in [
        (0, true),
        (1, false),
        (-DAY, true),
        (oldest, true),
        (oldest - 1, false),
    ] {
        w.state = None;
        let (w, command) = handed_in(|f| f.first_received = Some(w.now.plus_seconds(seconds)));
        match w.decide(ANN, &command) {
            Ok(_) => assert!(fits, "{seconds}"),
            Err(refusal) => assert_eq!((refusal.code, fits), (RefusalCode::FieldInvalid, false)),
        }
    }
}

#[test]
fn a_report_on_github_counts_from_when_it_was_made_there_and_nobody_hands_it_in() {
    let mut w = World::new(full_policy());
    let mut f = facts();
    f.channel = IntakeChannel::Github;
    f.first_received = Some(w.now.plus_seconds(-DAY));
    let found = Command::Receive(Box::new(f));
    w.refused(ANN, &found, RefusalCode::NotAllowed);
    let made = w.now.plus_seconds(-DAY);
    w.ok(Actor::System, found);
    assert_eq!(w.case().received, made);
}

#[test]
fn candor_itself_writes_notes_for_the_team_and_to_nobody_else() {
    let mut w = World::new(full_policy());
    w.ok(Actor::Reporter, Command::Receive(Box::new(facts())));
    let say = |lane, kind| Command::Say {
        lane,
        kind,
        message: message(3),
    };
    for (lane, kind) in [
        (Lane::Reporter, MessageKind::Plain),
        (Lane::Everyone, MessageKind::Plain),
        (Lane::Team, MessageKind::Status),
    ] {
        let no = say(lane, kind);
        w.refused(Actor::System, &no, RefusalCode::NotAllowed);
    }
    let acknowledged = w.case().acknowledged;
    w.ok(Actor::System, say(Lane::Team, MessageKind::Plain));
    assert_eq!(w.case().acknowledged, acknowledged);
}

#[test]
fn what_is_mandatory_and_missing_is_among_what_is_missing() {
    let steps = BTreeSet::from([ContentKey::Steps]);
    let (w, command) = handed_in(|f| f.mandatory_missing = steps.clone());
    w.refused(ANN, &command, RefusalCode::FieldInvalid);
    let (mut w, command) = handed_in(|f| {
        f.mandatory_missing = steps.clone();
        f.missing = steps.clone();
    });
    w.ok(ANN, command);
}

#[test]
fn a_window_that_ends_this_second_binds_nobody() {
    let first = at("2026-03-01T12:00:00Z");
    let probe = |now: &str| {
        let (mut w, command) = handed_in(|f| f.first_received = Some(first));
        w.go(now).ok(ANN, command);
        w.case().embargo.state
    };
    assert_eq!(probe("2026-05-30T23:59:58Z"), EmbargoState::Active);
    assert_eq!(probe("2026-05-30T23:59:59Z"), EmbargoState::None);
}

#[test]
fn an_outlet_is_left_out_with_a_reason_only() {
    let mut w = World::approved(full_policy());
    w.agreed_in(DAY);
    w.later(DAY).ok(BEN, publish(50));
    let leave_out = |chars| Command::AnswerOutlet {
        outlet: ClauseId(String::from("outlet-1")),
        answer: OutletAnswer::Waived {
            reason: text(60, chars),
        },
    };
    w.refused(ANN, &leave_out(0), RefusalCode::FieldMissing);
    w.ok(ANN, leave_out(9));
    w.refused(ANN, &leave_out(9), RefusalCode::AlreadyDone);
}

#[test]
fn going_public_after_a_leak_is_decided_by_two() {
    let mut w = World::accepted(full_policy());
    let suspect = Aside::SuspectLeak {
        what: text(83, 9),
        how: text(84, 9),
        plan: text(85, 9),
    };
    w.ok(ANN, Command::Aside(suspect));
    let decide = Command::Aside(Aside::DecideLeak {
        go_public: true,
        reason: text(86, 9),
    });
    w.ok(ANN, decide.clone());
    assert!(w.case().embargo.state.is_in_force());
    w.refused(ANN, &decide, RefusalCode::SecondPersonNeeded);
    w.ok(BEN, decide);
    assert_eq!(w.case().embargo.state, EmbargoState::Exited);
}

fn record(kind: ContextKind, outcome: bool) -> Command {
    Command::Aside(Aside::WorkOut(ContextRecord {
        kind,
        party: text(60, 9),
        circumstances: text(61, 9),
        outcome: outcome.then(|| text(62, 9)),
    }))
}

#[test]
fn a_context_is_worked_out_with_the_reporter_before_the_report_is_accepted() {
    let mut policy = full_policy();
    policy.policy.context_factors = vec![
        clause("factor-1", ContextFactor::Configuration),
        clause("factor-2", ContextFactor::Dependency),
    ];
    let mut w = World::with_report(policy);
    w.ok(ANN, acknowledge(false));
    let mut judged = assessment(Some(Severity::Critical));
    judged.deployment = Some(text(63, 9));
    judged.factors = vec![
        ContextFactor::Implementation,
        ContextFactor::Configuration,
        ContextFactor::Dependency,
    ];
    w.ok(
        ANN,
        Command::Assess {
            assessment: Box::new(judged),
            message: Some(message(11)),
        },
    );
    let open = |w: &World| w.decide(ANN, &accept()).unwrap_err();
    let refusal = open(&w);
    assert_eq!(refusal.code, RefusalCode::EvidenceMissing);
    // Only what the policy promises to work out is asked for.
    assert!(
        refusal
            .message
            .ends_with("how it is configured, what it depends on."),
        "{}",
        refusal.message
    );
    w.ok(ANN, record(ContextKind::Configuration, false));
    assert!(
        open(&w).message.contains("configured"),
        "without an outcome"
    );
    w.refused(
        ANN,
        &record(ContextKind::Configuration, true),
        RefusalCode::ReporterNotAsked,
    );
    w.ok(Actor::Reporter, supply());
    w.ok(ANN, record(ContextKind::Configuration, true));
    let message = open(&w).message;
    assert!(
        message.ends_with("recorded for: what it depends on."),
        "{message}"
    );
    w.ok(ANN, record(ContextKind::Dependency, true));
    w.ok(ANN, accept());
}

#[test]
fn an_answer_takes_up_a_report_that_was_turned_down_for_want_of_it_and_no_other() {
    let turned_down = |ground| {
        let mut w = World::with_report(full_policy());
        w.ok(ANN, ask());
        w.later(40 * DAY).tick();
        if w.case().rejection.is_none() {
            w.ok(ANN, reject(ground));
        }
        w
    };
    let mut w = turned_down(RejectionGround::Incomplete);
    assert!(w.case().is_turned_down());
    let events = w.ok(Actor::Reporter, supply());
    assert!(events.contains(&"taken_up_again"), "{events:?}");
    assert!(!w.case().is_turned_down());

    let mut w = World::with_report(full_policy());
    w.ok(ANN, reject(out_of_scope()));
    let events = w.ok(Actor::Reporter, supply());
    assert!(!events.contains(&"taken_up_again"), "{events:?}");
    assert!(w.case().is_turned_down());
}

#[test]
fn a_report_that_may_be_kept_as_a_suggestion_asks_the_reporter() {
    for keep in [true, false] {
        let mut w = World::with_report(full_policy());
        w.ok(
            ANN,
            Command::Reject {
                ground: out_of_scope(),
                is_vulnerability: Verdict::No,
                reason: message(16),
                keep_as_suggestion: keep,
            },
        );
        let asked = w.case().around.consents.iter();
        let asked = asked.filter(|c| c.matter == Matter::Suggestion).count();
        assert_eq!(asked, usize::from(keep));
    }
}

#[test]
fn an_answer_takes_off_the_list_what_it_brings_and_nothing_else() {
    let mut w = World::with_report(full_policy());
    let both = BTreeSet::from([ContentKey::Steps, ContentKey::Impact]);
    let message = message(14);
    w.ok(
        ANN,
        Command::Ask {
            items: both,
            message,
        },
    );
    w.ok(Actor::Reporter, supply());
    let left = BTreeSet::from([ContentKey::Impact]);
    assert_eq!((&w.case().asked, &w.case().missing), (&left, &left));
}

#[test]
fn one_name_is_thanked_for_two_things_and_taken_out_of_one() {
    let mut w = World::accepted(full_policy());
    let credit = |kind| OtherCredit {
        name: text(70, 9),
        kind,
        consent: text(71, 30),
    };
    let [finder, analyst] = [CreditKind::Finder, CreditKind::Analyst];
    w.ok(ANN, Command::AddCredit(credit(finder)));
    w.refused(
        ANN,
        &Command::AddCredit(credit(finder)),
        RefusalCode::AlreadyDone,
    );
    w.ok(ANN, Command::AddCredit(credit(analyst)));
    let remove = |n: u8, kind| Command::RemoveCredit {
        name: Digest::from_bytes([n; 32]),
        kind,
    };
    w.refused(ANN, &remove(71, finder), RefusalCode::NotFound);
    w.refused(ANN, &remove(70, CreditKind::Tool), RefusalCode::NotFound);
    w.ok(ANN, remove(70, finder));
    assert_eq!(w.case().credits, [credit(analyst)]);
}

#[test]
fn the_same_wish_about_credit_is_no_change_and_keeps_what_was_approved() {
    let mut w = World::approved(full_policy());
    let choose = |kind| Command::ChooseCredit {
        wish: CreditWish::Anonymous,
        kind,
    };
    w.ok(Actor::Reporter, choose(CreditKind::Reporter));
    assert!(w.case().advisory.approvals.is_empty(), "the names changed");
    w.refused(
        Actor::Reporter,
        &choose(CreditKind::Reporter),
        RefusalCode::AlreadyDone,
    );
    let approve = Command::Approve {
        draft: text(50, 0).sha256,
    };
    w.ok(BEN, approve);
    w.ok(Actor::Reporter, choose(CreditKind::Finder));
    assert_eq!(w.case().credit_kind, CreditKind::Finder);
    assert!(w.case().advisory.approvals.is_empty(), "the kind changed");
}

#[test]
fn a_party_writes_plain_words_to_everyone() {
    let mut w = World::approved(full_policy());
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
    w.ok(
        Actor::System,
        Command::EnterParty {
            number: 1,
            used: Digest::from_bytes([1; 32]),
            code: Digest::from_bytes([2; 32]),
        },
    );
    let party = Actor::Party(1);
    w.ok(party, Command::AnswerTerms { accepted: true });
    let say = |lane, kind| Command::Say {
        lane,
        kind,
        message: message(90),
    };
    for (lane, kind) in [
        (Lane::Reporter, MessageKind::Plain),
        (Lane::Team, MessageKind::Plain),
        (Lane::Everyone, MessageKind::Status),
    ] {
        w.refused(party, &say(lane, kind), RefusalCode::NotAllowed);
    }
    w.ok(party, say(Lane::Everyone, MessageKind::Plain));

    // Its own advisory has an address of some length at most.
    let link = |length: usize| {
        let start = "https://vendor.example/";
        Command::Aside(Aside::LinkAdvisory {
            number: 1,
            link: format!("{start}{}", "a".repeat(length - start.len())),
        })
    };
    w.ok(ANN, fact(AttackFact::Public));
    w.ok(BEN, publish(50));
    for length in [501, 502, 700] {
        w.refused(party, &link(length), RefusalCode::FieldInvalid);
    }
    w.ok(party, link(500));
}

#[test]
fn a_case_ends_for_a_reason_that_is_true() {
    let mut w = World::accepted(full_policy());
    for reason in [
        CloseReason::Duplicate,
        CloseReason::Withdrawn,
        CloseReason::Rejected,
        CloseReason::Deferred,
        CloseReason::Disclosed,
    ] {
        let close = Command::Close {
            reason,
            note: Some(text(74, 50)),
        };
        w.refused(ANN, &close, RefusalCode::WrongStage);
    }
    // While another party is asked, it does not end at all.
    w.ok(
        ANN,
        Command::Aside(Aside::HandOver {
            number: None,
            step: HandOverStep::Open {
                role: PartyRole::Upstream,
                party: text(87, 9),
                contact: text(93, 9),
                ask_reporter: false,
            },
        }),
    );
    w.ok(ANN, reject(out_of_scope()));
    w.later(20 * DAY);
    let close = Command::Close {
        reason: CloseReason::Rejected,
        note: None,
    };
    assert!(w.decide(ANN, &close).is_err());
    let step = HandOverStep::End {
        outcome: text(96, 9),
    };
    let number = Some(1);
    w.ok(ANN, Command::Aside(Aside::HandOver { number, step }));
    w.ok(ANN, close);
}

#[test]
fn a_promise_of_a_rating_is_kept_by_a_rating_only() {
    let mut policy = full_policy();
    policy.policy.steps.clear();
    policy.policy.promises[1].quote = String::from("A rating within 5 business days.");
    let mut w = World::with_report(policy);
    w.ok(ANN, assess(None));
    assert!(w.clock("promise-2").is_open());
    w.later(60).ok(ANN, assess(Some(Severity::Low)));
    assert_eq!(w.clock("promise-2").status, ClockStatus::Met { at: w.now });
}
