//! The messages of the formal model: the table again, row by row, and what the product
//! sends where the model sends something.
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

use candor_base::Digest;
use candor_case::model::cs::{Course, Outside, VendorPath};
use candor_case::model::message::{Message, Standing, Topic, embargo_move, revision_told, told};
use candor_case::*;
use candor_policy::model::Policy;
use common::*;

const DAY: i64 = 86_400;

/// Two letters, as the model writes it.
fn sign(message: Message) -> &'static str {
    const SIGNS: [&str; 28] = [
        "RS", "RI", "RV", "RD", "RA", "RC", "EP", "EA", "ER", "EV", "EC", "EJ", "ET", "CV", "CF",
        "CD", "CP", "CX", "CA", "RK", "EK", "CK", "GK", "RE", "EE", "CE", "GE", "GI",
    ];
    let place = Message::ALL.iter().position(|m| *m == message).unwrap();
    SIGNS[place]
}

fn message_of(name: &str) -> Message {
    *Message::ALL.iter().find(|m| sign(**m) == name).unwrap()
}

fn embargo(letter: char) -> EmbargoState {
    match letter {
        'N' => EmbargoState::None,
        'P' => EmbargoState::Proposed,
        'A' => EmbargoState::Active,
        'R' => EmbargoState::Revise,
        _ => EmbargoState::Exited,
    }
}

fn everywhere() -> Vec<Standing> {
    let mut out = Vec::new();
    for report in ReportState::ALL {
        for embargo in EmbargoState::ALL {
            for course in Course::all() {
                for vendor in [true, false] {
                    out.push(Standing {
                        report,
                        embargo,
                        course,
                        vendor,
                    });
                }
            }
        }
    }
    out
}

fn answers(to: (Standing, Vec<Message>)) -> String {
    let signs: Vec<&str> = to.1.into_iter().map(sign).collect();
    signs.join("+")
}

#[test]
fn every_row_about_embargoes_is_as_written() {
    // Message; state before and after while nobody outside knows anything, and the
    // answer; the same once somebody does.
    let rows = [
        (
            "EP",
            "NP:EK PP:EK A-:EE R-:EE X-:EE",
            "N-:ER PN:ER A-:EE R-:EE X-:EE",
        ),
        (
            "EA",
            "N-:EE PA:EK A-:EE R-:EE X-:EE",
            "N-:EE PN:ER A-:EE R-:EE X-:EE",
        ),
        (
            "ER",
            "N-:EE PN:EK A-:EE R-:EE X-:EE",
            "N-:EE PN:EK A-:EE R-:EE X-:EE",
        ),
        (
            "EV",
            "N-:EE P-:EE AR:EK RR:EK X-:EE",
            "N-:EE P-:EE AX:ET RX:ET X-:EE",
        ),
        (
            "EC",
            "N-:EE P-:EE A-:EE RA:EK X-:EE",
            "N-:EE P-:EE AX:ET RX:ET X-:EE",
        ),
        (
            "EJ",
            "N-:EE P-:EE A-:EE RA:EK X-:EE",
            "N-:EE P-:EE AX:ET RX:ET X-:EE",
        ),
        (
            "ET",
            "N-:EE P-:EE AX:EK RX:EK XX:EK",
            "N-:EE P-:EE AX:EK RX:EK XX:EK",
        ),
    ];
    for before in everywhere() {
        if before.report == ReportState::Closed {
            continue;
        }
        for (name, quiet, known) in rows {
            let row = if before.course.outside.is_quiet() {
                quiet
            } else {
                known
            };
            let cell = row
                .split(' ')
                .find(|cell| embargo(cell.chars().next().unwrap()) == before.embargo)
                .unwrap();
            let (states, answer) = cell.split_once(':').unwrap();
            let next = states.chars().nth(1).unwrap();
            let mut after = before;
            if next != '-' {
                after.embargo = embargo(next);
            }
            let got = before.receive(message_of(name));
            assert_eq!(got.0, after, "{name} in {before:?}");
            assert_eq!(answers(got), answer, "{name} in {before:?}");
        }
    }
}

#[test]
fn every_row_about_reports_and_the_course_is_as_written() {
    for before in everywhere() {
        let receive = |name: &str| before.receive(message_of(name));
        if before.report == ReportState::Closed {
            for m in Message::ALL {
                assert_eq!(before.receive(m), (before, Vec::new()), "over is over");
            }
            continue;
        }
        let start = before.report == ReportState::Start;
        let unaware = before.vendor && before.course.vendor == VendorPath::Unaware;
        let (after, answer) = receive("RS");
        if start {
            assert_eq!(after.report, ReportState::Received);
            assert_eq!(answer.len(), 1 + usize::from(unaware));
            assert!(!after.vendor || after.course.vendor != VendorPath::Unaware);
        } else {
            assert_eq!((after, answer), (before, vec![Message::Ack(Topic::Report)]));
        }
        for name in ["RI", "RV", "RD", "RA", "RC"] {
            let want = if start { "RE+GI" } else { "RK" };
            assert_eq!(receive(name).0, before);
            assert_eq!(answers(receive(name)), want);
        }
        for (name, want) in [
            ("CV", "CK"),
            ("CF", "CK"),
            ("CD", "CK"),
            ("RK", ""),
            ("EK", ""),
            ("CK", ""),
            ("GK", ""),
            ("RE", "RK+GI"),
            ("EE", "EK+GI"),
            ("CE", "CK+GI"),
            ("GE", "GK+GI"),
            ("GI", "GK"),
        ] {
            assert_eq!(receive(name).0, before, "{name}");
            assert_eq!(answers(receive(name)), want, "{name}");
        }
        for (name, facts) in [("CP", "P"), ("CX", "PX"), ("CA", "A")] {
            let (after, answer) = receive(name);
            assert_eq!(answer, [Message::Ack(Topic::Case)]);
            let was = before.course.outside;
            let want = Outside {
                public: was.public || was.exploit || facts.contains('P'),
                exploit: was.exploit || facts.contains('X'),
                attacks: was.attacks || facts.contains('A'),
            };
            assert_eq!(after.course.outside, want, "{name} in {before:?}");
            // What the public knows, the vendor knows: the model's first forced step.
            let path = if unaware && after.course.outside.public {
                VendorPath::Aware
            } else {
                before.course.vendor
            };
            assert_eq!(after.course.vendor, path, "{name} in {before:?}");
            assert!(!after.embargo.is_in_force() && after.embargo != EmbargoState::Proposed);
        }
    }
}

#[test]
fn a_message_received_twice_changes_nothing_more_and_no_embargo_outlives_a_fact() {
    for before in everywhere() {
        let was_sound = before.course.outside.is_quiet() || !before.embargo.is_in_force();
        for m in Message::ALL {
            let once = before.receive(m).0;
            assert_eq!(once.receive(m).0, once, "{m:?} in {before:?}");
            let sound = once.course.outside.is_quiet() || !once.embargo.is_in_force();
            assert!(sound || !was_sound, "{m:?} in {before:?}");
            if let Some(by) = embargo_move(m)
                && once.embargo != before.embargo
                && before.course.outside.is_quiet()
            {
                assert_eq!(before.embargo.step(by), Some(once.embargo), "{m:?}");
            }
        }
    }
}

#[test]
fn of_a_revision_it_is_said_whether_it_was_taken() {
    let (revise, active) = (EmbargoState::Revise, EmbargoState::Active);
    assert_eq!(
        revision_told(revise, active, true),
        Some(Message::RevisionAccepted)
    );
    assert_eq!(
        revision_told(revise, active, false),
        Some(Message::RevisionRejected)
    );
    assert_eq!(revision_told(active, revise, true), None);
}

fn standing(case: &CaseState) -> Standing {
    Standing {
        report: case.report,
        embargo: case.embargo.state,
        course: case.course(),
        vendor: true,
    }
}

/// An accepted case with one vendor that took the terms.
fn with_party() -> World {
    let mut w = World::accepted(in_force(Policy::default()));
    w.ok(ANN, propose(w.now.plus_seconds(30 * DAY)));
    w.ok(Actor::Reporter, Command::AnswerDate(DateAnswer::Accept));
    let code = |n| Digest::from_bytes([n; 32]);
    let invitation = Invitation {
        kind: PartyKind::Vendor,
        name: text(80, 9),
        contact: Some(text(81, 20)),
        terms: text(82, 400),
        code: code(1),
    };
    w.ok(ANN, Command::InviteParty(Box::new(invitation)));
    let enter = Command::EnterParty {
        number: 1,
        used: code(1),
        code: code(2),
    };
    w.ok(Actor::System, enter);
    w.ok(Actor::Party(1), Command::AnswerTerms { accepted: true });
    w
}

/// Does it, and gives what the model tells of it and to whom letters go.
fn step(w: &mut World, who: Actor, command: &Command) -> (Vec<&'static str>, bool, bool) {
    let before = w.case().clone();
    let recorded = w.try_do(who, command).unwrap();
    let mut state = Some(before.clone());
    let mut to = Vec::new();
    for r in &recorded {
        state = evolve(state, r);
        let effects = react(state.as_ref().unwrap(), r);
        to.extend(effects.into_iter().filter_map(|e| match e {
            Effect::Mail { to, .. } => Some(to),
            Effect::Publish => None,
        }));
    }
    let mut messages = told(&standing(&before), &standing(w.case()));
    let taken = before.embargo.until != w.case().embargo.until;
    let (old, new) = (before.embargo.state, w.case().embargo.state);
    messages.extend(revision_told(old, new, taken));
    (
        messages.into_iter().map(sign).collect(),
        to.contains(&Recipient::Reporter),
        to.contains(&Recipient::Party(1)),
    )
}

#[test]
fn where_the_model_tells_the_others_the_product_writes_to_them() {
    let accept = || Command::AnswerDate(DateAnswer::Accept);
    let refuse = || Command::AnswerDate(DateAnswer::Decline { reason: None });
    let mut w = with_party();
    let later = |w: &World, days| propose(w.case().embargo.until.unwrap().plus_seconds(days * DAY));
    let fix = |status| Command::Fix(Box::new(row(status)));
    // Who does what; what the model says of it; letters to reporter and party.
    let road = [
        (ANN, later(&w, 5), "EV", true, true),
        (Actor::Reporter, accept(), "", false, true),
        (Actor::Party(1), accept(), "EC", true, false),
        (Actor::Party(1), later(&w, 6), "EV", true, false),
        (Actor::Reporter, refuse(), "EJ", false, true),
        (ANN, fix(FixStatus::InDevelopment), "", false, false),
        (ANN, fix(FixStatus::Ready), "CF", false, true),
        (ANN, fact(AttackFact::ExploitPublic), "ET+CP+CX", true, true),
        (ANN, fact(AttackFact::AttacksObserved), "CA", true, true),
    ];
    for (who, command, want, reporter, party) in road {
        let name = command.name();
        let got = step(&mut w, who, &command);
        assert_eq!(got.0.join("+"), want, "{name}");
        // A silent step of one side is told to whoever still answers, never to its author.
        if !want.is_empty() {
            assert_eq!((got.1, got.2), (reporter, party), "{name}");
        }
    }
}
