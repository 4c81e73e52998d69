//! Answers that a page or another part of the product reads from a case: each with every
//! value it can have.
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

use candor_base::{Digest, RefusalCode};
use candor_case::model::cs::{Course, Letter, Outside, VendorPath};
use candor_case::model::em::EmbargoMove;
use candor_case::model::message::{Message, Standing, Topic, embargo_move, told};
use candor_case::*;
use candor_duty::Subject;
use candor_policy::PolicyInForce;
use candor_policy::model::*;
use common::*;

const DAY: i64 = 86_400;

fn standing(report: ReportState, vendor: bool, path: VendorPath) -> Standing {
    Standing {
        report,
        embargo: EmbargoState::None,
        course: Course {
            vendor: path,
            outside: Outside::default(),
        },
        vendor,
    }
}

#[test]
fn only_where_nobody_outside_knows_or_acts_it_is_quiet() {
    for (public, exploit, attacks, quiet) in [
        (false, false, false, true),
        (true, false, false, false),
        (false, true, false, false),
        (false, false, true, false),
        (true, true, true, false),
    ] {
        let outside = Outside {
            public,
            exploit,
            attacks,
        };
        assert_eq!(outside.is_quiet(), quiet, "{outside:?}");
    }
    let all = Course::all();
    assert_eq!(all[0], Course::default(), "nothing has happened at first");
    assert!(all[31].outside.public && all[31].outside.exploit && all[31].outside.attacks);
}

#[test]
fn a_report_makes_only_a_vendor_aware_that_did_not_know() {
    for (vendor, path, after, answer) in [
        (true, VendorPath::Unaware, VendorPath::Aware, true),
        (true, VendorPath::FixReady, VendorPath::FixReady, false),
        (false, VendorPath::Unaware, VendorPath::Unaware, false),
    ] {
        let got = standing(ReportState::Start, vendor, path).receive(Message::ReportSubmitted);
        assert_eq!(got.0.report, ReportState::Received);
        assert_eq!(got.0.course.vendor, after);
        let mut want = vec![Message::Ack(Topic::Report)];
        if answer {
            want.push(Message::VendorAware);
        }
        assert_eq!(got.1, want);
    }
    let about = standing(ReportState::Start, true, VendorPath::Unaware);
    assert_eq!(
        about.receive(Message::ReportValid).1,
        [Message::Error(Topic::Report), Message::Inquiry],
        "of a report it never had it knows nothing"
    );
    // A vendor learns what the public learns; somebody who makes nothing has no path.
    for (vendor, path) in [(true, VendorPath::Aware), (false, VendorPath::Unaware)] {
        let before = standing(ReportState::Valid, vendor, VendorPath::Unaware);
        let after = before.receive(Message::PublicAware).0.course;
        assert_eq!((after.vendor, after.outside.public), (path, true));
    }
}

#[test]
fn two_vendors_tell_each_other_what_became_of_the_report() {
    for from in ReportState::ALL {
        for to in ReportState::ALL {
            let at = |state| standing(state, true, VendorPath::Aware);
            let want = match to {
                _ if from == to => None,
                ReportState::Invalid => Some(Message::ReportInvalid),
                ReportState::Valid => Some(Message::ReportValid),
                ReportState::Deferred => Some(Message::ReportDeferred),
                ReportState::Accepted => Some(Message::ReportAccepted),
                ReportState::Closed => Some(Message::ReportClosed),
                ReportState::Start | ReportState::Received => None,
            };
            assert_eq!(
                told(&at(from), &at(to)),
                Vec::from_iter(want),
                "{from:?} {to:?}"
            );
        }
    }
}

#[test]
fn the_others_hear_of_every_move_of_the_embargo() {
    use EmbargoState::*;
    let rows = [
        (None, Proposed, Message::EmbargoProposed),
        (None, Active, Message::EmbargoAccepted),
        (Proposed, Active, Message::EmbargoAccepted),
        (Proposed, None, Message::EmbargoRejected),
        (None, Revise, Message::RevisionProposed),
        (Proposed, Revise, Message::RevisionProposed),
        (Active, Revise, Message::RevisionProposed),
        (Active, Exited, Message::EmbargoTerminated),
        (Revise, Exited, Message::EmbargoTerminated),
    ];
    for from in EmbargoState::ALL {
        for to in EmbargoState::ALL {
            let in_state = |embargo| Standing {
                embargo,
                ..standing(ReportState::Accepted, true, VendorPath::Aware)
            };
            let row = rows.iter().find(|row| (row.0, row.1) == (from, to));
            let want: Vec<Message> = row.map(|row| row.2).into_iter().collect();
            assert_eq!(
                told(&in_state(from), &in_state(to)),
                want,
                "{from:?} {to:?}"
            );
        }
    }
    for message in Message::ALL {
        let want = match message {
            Message::EmbargoProposed | Message::RevisionProposed => Some(EmbargoMove::Propose),
            Message::EmbargoAccepted | Message::RevisionAccepted => Some(EmbargoMove::Accept),
            Message::EmbargoRejected | Message::RevisionRejected => Some(EmbargoMove::Reject),
            Message::EmbargoTerminated => Some(EmbargoMove::Terminate),
            _ => Option::None,
        };
        assert_eq!(embargo_move(message), want, "{message:?}");
    }
}

fn with_list(amount: u32, unit: TermUnit) -> PolicyInForce {
    let mut policy = full_policy();
    policy.policy.timetable = vec![clause(
        "timetable-1",
        TimetableRule::ListMaximum { amount, unit },
    )];
    policy
}

#[test]
fn how_long_a_list_keeps_something_is_said_in_days_where_it_is_whole_days() {
    for (amount, unit, words) in [
        (1, TermUnit::Days, "one day"),
        (10, TermUnit::Days, "10 days"),
        (48, TermUnit::Hours, "2 days"),
        (36, TermUnit::Hours, "36 hours"),
        (3, TermUnit::Weeks, "14 days"),
    ] {
        let mut w = World::accepted(with_list(amount, unit));
        w.agreed_in(30 * DAY);
        let invitation = Invitation {
            kind: PartyKind::Distributor,
            name: text(80, 9),
            contact: Some(text(81, 20)),
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
        let notify = Command::NotifyParty { number: 1 };
        let refusal = w.decide(ANN, &notify).unwrap_err();
        assert_eq!(refusal.code, RefusalCode::TooEarly);
        let start = format!("A list keeps something private for {words} at most");
        assert!(refusal.message.starts_with(&start), "{}", refusal.message);
    }
}

#[test]
fn a_regulator_file_is_empty_until_a_sign_or_a_measure_is_noted() {
    let mut w = World::accepted(full_policy());
    assert!(w.case().regulators.is_empty());
    w.ok(
        ANN,
        Command::Regulator(RegulatorAct::NoteSignal {
            subject: Subject::Vulnerability,
            at: w.now,
            evidence: text(80, 60),
            regimes: BTreeSet::from(["eu-cra-vulnerability".parse().unwrap()]),
        }),
    );
    let full = w.case().regulators.clone();
    assert!(!full.is_empty());
    let measure = Regulators {
        measure: Some(Measure {
            at: w.now,
            by: ANN,
            evidence: text(81, 60),
        }),
        ..Regulators::default()
    };
    assert!(!measure.is_empty());
    assert!(Regulators::default().is_empty());
}

#[test]
fn an_approval_is_of_the_draft_as_it_stands() {
    let mut w = World::accepted(full_policy());
    assert!(!w.case().advisory.is_approved());
    w.fix_to_release();
    w.ok(ANN, Command::SaveDraft(draft(50)));
    assert!(!w.case().advisory.is_approved());
    let draft_50 = text(50, 0).sha256;
    w.ok(ANN, Command::Approve { draft: draft_50 });
    assert!(w.case().advisory.is_approved());
    w.ok(ANN, Command::SaveDraft(draft(51)));
    assert!(!w.case().advisory.is_approved());
}

#[test]
fn each_event_of_the_model_has_the_moment_at_which_it_happened_here() {
    let mut w = World::accepted(full_policy());
    let received = w.case().received;
    let known = |w: &World| w.case().milestones().into_iter().collect::<Vec<_>>();
    assert_eq!(known(&w), [(Letter::VendorAware, received)]);
    w.later(DAY);
    let ready = w.now;
    w.ok(ANN, Command::Fix(Box::new(row(FixStatus::InDevelopment))));
    w.ok(ANN, Command::Fix(Box::new(row(FixStatus::Ready))));
    w.later(DAY);
    let attacked = w.now;
    w.ok(ANN, fact(AttackFact::AttacksObserved));
    assert_eq!(
        w.case().milestones().into_iter().collect::<BTreeSet<_>>(),
        BTreeSet::from([
            (Letter::VendorAware, received),
            (Letter::FixReady, ready),
            (Letter::AttacksObserved, attacked),
        ])
    );
}

#[test]
fn a_promise_without_a_number_is_open_until_its_own_act() {
    let mut policy = full_policy();
    let kinds = [
        Milestone::Acknowledgement,
        Milestone::Plan,
        Milestone::Conversation,
        Milestone::Update,
        Milestone::Response,
        Milestone::Fix,
    ];
    let like = policy.policy.promises[0].value.clone();
    policy.policy.promises = kinds
        .iter()
        .zip(1_u32..)
        .map(|(milestone, number)| {
            let value = Promise {
                milestone: *milestone,
                term: Term::Unquantified {
                    words: String::from("soon"),
                },
                ..like.clone()
            };
            clause(&format!("promise-{number}"), value)
        })
        .collect();
    let mut w = World::with_report(policy);
    let kept = |w: &World| -> Vec<Milestone> {
        plain_promises(w.case(), &w.policy.policy)
            .into_iter()
            .filter(|p| matches!(p.status, PlainStatus::Kept { .. }))
            .map(|p| p.milestone)
            .collect()
    };
    let credit = w.policy.policy.credit.is_some();
    let all = plain_promises(w.case(), &w.policy.policy);
    assert_eq!(all.len(), kinds.len() + usize::from(credit));
    assert_eq!(kept(&w), []);
    w.later(60);
    w.ok(ANN, acknowledge(false));
    assert_eq!(kept(&w), [Milestone::Acknowledgement], "a bare receipt");
    w.later(60);
    w.ok(ANN, assess(Some(Severity::Critical)));
    w.ok(ANN, accept());
    w.later(60);
    w.ok(ANN, status());
    let after = kept(&w);
    assert!(after.contains(&Milestone::Update) && after.contains(&Milestone::Response));
    assert!(after.contains(&Milestone::Conversation));
    assert!(!after.contains(&Milestone::Plan) && !after.contains(&Milestone::Fix));
    w.fix_to_release();
    assert!(kept(&w).contains(&Milestone::Fix));
}
