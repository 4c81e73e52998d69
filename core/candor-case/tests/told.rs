//! Who is told of what: each act of a case and the mails that follow.
//!
//! Invariants (`domain.md` 2.4, 4): the reporter is told of every act of the team that
//! holds something to read, and of none that does not; the team of every act of the
//! reporter; parties of dates, of what became public, of the fix and of the end.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_imports,
    clippy::enum_glob_use,
    clippy::needless_pass_by_value,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_base::{AccountId, CaseId, CaseRef, Digest};
use candor_case::*;
use candor_policy::model::*;
use common::*;

const DAY: i64 = 86_400;
const FIRST: Actor = Actor::Party(1);

/// One effect in a word: to whom, and which mail.
fn word(effect: &Effect) -> String {
    let Effect::Mail { to, mail } = effect else {
        return String::from("publish");
    };
    let to = match to {
        Recipient::Reporter => String::from("reporter"),
        Recipient::Team => String::from("team"),
        Recipient::Account(_) => String::from("lead"),
        Recipient::Party(n) => format!("party {n}"),
        Recipient::Step(step) => format!("{step:?}").to_lowercase(),
    };
    let mail = match mail {
        MailKind::Attention { at } => format!("look {at:?}"),
        MailKind::DueSoon { percent, .. } => format!("due soon {percent}"),
        MailKind::Missed { .. } => String::from("missed"),
        MailKind::RegulatorDueSoon { percent, .. } => format!("regulator {percent}"),
        MailKind::Reminder { number } => format!("reminder {number}"),
        MailKind::YouHaveAMessage => String::from("message"),
        other => format!("{other:?}"),
    };
    format!("{to}: {mail}")
}

/// Does it and gives everything that goes out, in order.
fn out(w: &mut World, actor: Actor, command: Command) -> Vec<String> {
    let mut words = Vec::new();
    let name = command.name();
    let events = w
        .decide(actor, &command)
        .unwrap_or_else(|r| panic!("{name}: {r:?}"));
    let recorded = record(w.state.as_ref(), events, &w.context(actor));
    for r in &recorded {
        w.state = evolve(w.state.take(), r);
        w.log.push(r.clone());
        words.extend(react(w.case(), r).iter().map(word));
    }
    words
}

fn say(lane: Lane) -> Command {
    Command::Say {
        lane,
        kind: MessageKind::Plain,
        message: message(90),
    }
}

fn invite(n: u8) -> Command {
    Command::InviteParty(Box::new(Invitation {
        kind: PartyKind::Vendor,
        name: text(80, 9),
        contact: Some(text(81, 20)),
        terms: text(82, 400),
        code: Digest::from_bytes([n; 32]),
    }))
}

/// Accepted, with one party that took the terms.
fn with_party() -> World {
    let mut w = World::accepted(full_policy());
    assert_eq!(out(&mut w, ANN, invite(1)), ["party 1: Invitation"]);
    let enter = Command::EnterParty {
        number: 1,
        used: Digest::from_bytes([1; 32]),
        code: Digest::from_bytes([2; 32]),
    };
    assert_eq!(out(&mut w, Actor::System, enter), [""; 0]);
    let took = out(&mut w, FIRST, Command::AnswerTerms { accepted: true });
    assert_eq!(took, ["lead: message"]);
    w
}

#[test]
fn a_report_is_answered_and_the_team_is_called() {
    let mut w = World::new(full_policy());
    let mut f = facts();
    f.public = Some(PublicPlace {
        place: text(91, 20),
    });
    let told = out(&mut w, Actor::Reporter, Command::Receive(Box::new(f)));
    assert_eq!(
        told[..3],
        [
            "reporter: Receipt",
            "team: NewReport",
            "team: AlreadyPublic"
        ]
    );
    // Without an address nobody is written to, and nothing else changes.
    let mut w = World::new(full_policy());
    let mut f = facts();
    f.contact_given = false;
    let told = out(&mut w, Actor::Reporter, Command::Receive(Box::new(f)));
    assert_eq!(told, ["team: NewReport"]);
    assert_eq!(out(&mut w, ANN, acknowledge(false)), [""; 0]);
    assert_eq!(out(&mut w, Actor::Reporter, supply()), ["team: message"]);
}

#[test]
fn every_word_of_the_team_that_the_reporter_can_read_is_announced_and_no_other() {
    let mut w = World::with_report(full_policy());
    let news = ["reporter: message"];
    let none = [""; 0];
    assert_eq!(out(&mut w, ANN, say(Lane::Team)), none);
    assert_eq!(out(&mut w, ANN, acknowledge(false)), news);
    assert_eq!(out(&mut w, ANN, say(Lane::Reporter)), news);
    assert_eq!(out(&mut w, ANN, ask()), news);
    assert_eq!(out(&mut w, Actor::Reporter, supply()), ["team: message"]);
    let mut quiet = assess(Some(Severity::Critical));
    if let Command::Assess { message, .. } = &mut quiet {
        *message = None;
    }
    assert_eq!(out(&mut w, ANN, quiet), none, "nothing to read");
    assert_eq!(out(&mut w, ANN, assess(Some(Severity::Critical))), news);
    assert_eq!(out(&mut w, ANN, accept()), news);
    let lead = AccountId::from_bytes([2; 16]);
    assert_eq!(out(&mut w, ANN, Command::Assign { lead }), none);
    assert_eq!(
        out(&mut w, Actor::Reporter, say(Lane::Reporter)),
        ["lead: message"],
        "who leads is told, not everybody"
    );
    let date = w.now.plus_seconds(30 * DAY);
    assert_eq!(out(&mut w, ANN, propose(date)), news);
    let yes = Command::AnswerDate(DateAnswer::Accept);
    assert_eq!(out(&mut w, Actor::Reporter, yes), ["lead: message"]);
    assert_eq!(out(&mut w, ANN, extend("promise-6", 3)), news);
    assert_eq!(
        out(&mut w, Actor::Reporter, answer_question(1, true)),
        ["lead: message"]
    );
    let gone = Command::Withdraw {
        message: Some(message(92)),
    };
    assert_eq!(out(&mut w, Actor::Reporter, gone), ["lead: message"]);
}

#[test]
fn a_report_turned_down_an_objection_and_its_end_are_told() {
    let mut w = World::with_report(full_policy());
    w.ok(ANN, assess(Some(Severity::Low)));
    let mut no = reject(out_of_scope());
    if let Command::Reject {
        keep_as_suggestion, ..
    } = &mut no
    {
        *keep_as_suggestion = true;
    }
    // The letter itself asks for the consent: one mail, not two.
    assert_eq!(out(&mut w, ANN, no), ["reporter: message"]);
    let object = Command::Object {
        reason: message(20),
    };
    assert_eq!(out(&mut w, Actor::Reporter, object), ["team: Objection"]);
    let decide = Command::DecideObjection {
        uphold: false,
        reason: message(21),
    };
    assert_eq!(out(&mut w, BEN, decide), ["reporter: message"]);
    let close = Command::Close {
        reason: CloseReason::Rejected,
        note: None,
    };
    w.later(15 * DAY).tick();
    let told = out(&mut w, ANN, close);
    assert_eq!(
        told.iter().filter(|t| *t == "reporter: message").count(),
        1,
        "{told:?}"
    );
    let reopen = Command::Reopen {
        reason: text(61, 20),
    };
    assert!(out(&mut w, ANN, reopen).contains(&String::from("reporter: message")));
}

#[test]
fn time_tells_the_team_and_reminds_the_reporter() {
    let mut w = World::with_report(full_policy());
    let due = w.clock("promise-1").due.unwrap();
    w.now = w.now.plus_seconds(due.seconds_since(w.now) / 2);
    assert_eq!(
        out(&mut w, Actor::System, Command::Tick),
        ["team: due soon 50"]
    );
    w.now = due.plus_seconds(1);
    let late = out(&mut w, Actor::System, Command::Tick);
    assert!(late.contains(&String::from("team: missed")), "{late:?}");
    let follow = Command::FollowUp { message: None };
    assert_eq!(out(&mut w, Actor::Reporter, follow), ["team: FollowUp"]);
    w.ok(ANN, ask());
    w.later(7 * DAY);
    let told = out(&mut w, Actor::System, Command::Tick);
    assert!(
        told.contains(&String::from("reporter: reminder 1")),
        "{told:?}"
    );
    let failed = |delivered| Command::MailOutcome {
        key: String::from("k"),
        delivered,
        code: (!delivered).then(|| String::from("550")),
        told: None,
    };
    assert_eq!(
        out(&mut w, Actor::System, failed(false)),
        ["team: MailFailed"]
    );
    assert_eq!(out(&mut w, Actor::System, failed(true)), [""; 0]);
}

#[test]
fn a_party_hears_of_dates_of_the_fix_and_of_what_all_read_but_of_nothing_else() {
    let mut w = with_party();
    let party = String::from("party 1: PartyNews");
    assert!(!out(&mut w, ANN, say(Lane::Reporter)).contains(&party));
    assert!(!out(&mut w, ANN, assess(Some(Severity::Critical))).contains(&party));
    assert_eq!(
        out(&mut w, ANN, say(Lane::Everyone)),
        ["reporter: message", &party]
    );
    assert_eq!(out(&mut w, FIRST, say(Lane::Everyone)), ["lead: message"]);
    let starts = Command::Fix(Box::new(row(FixStatus::InDevelopment)));
    assert_eq!(out(&mut w, ANN, starts), [""; 0]);
    w.later(60);
    let ready = Command::Fix(Box::new(row(FixStatus::Ready)));
    assert_eq!(out(&mut w, ANN, ready), [party.as_str()]);
    w.later(60);
    let tested = Command::Fix(Box::new(row(FixStatus::Tested)));
    assert!(!out(&mut w, ANN, tested).contains(&party), "told once");
    let date = w.now.plus_seconds(40 * DAY);
    assert_eq!(
        out(&mut w, FIRST, propose(date)),
        ["lead: message", "reporter: message"]
    );
    let yes = || Command::AnswerDate(DateAnswer::Accept);
    let taken = out(&mut w, ANN, yes());
    assert_eq!(taken, ["reporter: message"], "one answer is still out");
    let agreed = out(&mut w, Actor::Reporter, yes());
    assert!(agreed.contains(&party), "{agreed:?}");
    let leak = Command::RecordLeak {
        party: Some(1),
        what: text(83, 60),
    };
    assert!(out(&mut w, ANN, leak).contains(&String::from("team: Leak")));
}

#[test]
fn leaving_is_told_to_everybody_who_stays() {
    let mut w = with_party();
    let leave = || {
        Command::Aside(Aside::LeaveEmbargo {
            message: message(81),
        })
    };
    let mut other = w.clone();
    assert_eq!(
        out(&mut w, Actor::Reporter, leave()),
        ["team: look LeftEmbargo", "party 1: PartyNews"]
    );
    let gone = out(&mut other, FIRST, leave());
    assert!(
        gone.contains(&String::from("team: look LeftEmbargo")),
        "{gone:?}"
    );
    assert!(
        !gone.contains(&String::from("party 1: PartyNews")),
        "it knows"
    );
    // The team that leaves somebody out has nothing to be told.
    let remove = Command::RemoveParty {
        number: 1,
        reason: text(62, 20),
    };
    assert_eq!(out(&mut w, ANN, remove), [""; 0]);
}

#[test]
fn what_becomes_public_is_told_once_to_everybody() {
    let mut w = with_party();
    let told = out(&mut w, ANN, fact(AttackFact::Public));
    assert_eq!(
        told.iter().filter(|t| t.starts_with("reporter")).count(),
        1,
        "{told:?}"
    );
    assert!(
        told.contains(&String::from("team: EmbargoEnded")),
        "{told:?}"
    );
    assert!(told.contains(&String::from("party 1: PartyNews")));
    // Without an embargo the fact itself is the news.
    let more = out(&mut w, ANN, fact(AttackFact::ExploitPublic));
    assert_eq!(more, ["reporter: message", "party 1: PartyNews"]);

    let mut w = with_party();
    let suspect = Command::Aside(Aside::SuspectLeak {
        what: text(83, 9),
        how: text(84, 9),
        plan: text(85, 9),
    });
    assert_eq!(out(&mut w, ANN, suspect), ["team: look Leak"]);
}

#[test]
fn publication_is_told_to_all_and_performed_once() {
    let mut w = World::approved(full_policy());
    w.agreed_in(DAY);
    w.later(DAY);
    let told = out(&mut w, BEN, publish(50));
    assert_eq!(
        told.iter().filter(|t| *t == "publish").count(),
        1,
        "{told:?}"
    );
    assert!(told.contains(&String::from("reporter: Published")));
}

#[test]
fn a_second_report_a_review_and_the_older_case_are_told() {
    let mut w = World::accepted(full_policy());
    let linked = |stands| {
        Command::Aside(Aside::LinkReport(LinkedReport {
            case: CaseId::from_bytes([4; 16]),
            reference: CaseRef::new("TST", [9; 5]).unwrap(),
            received: w.now,
            credit: CreditWish::Anonymous,
            stands,
        }))
    };
    let (first, again, gone) = (linked(true), linked(true), linked(false));
    assert_eq!(
        out(&mut w, Actor::System, first),
        ["team: look SecondReport"]
    );
    assert_eq!(
        out(&mut w, Actor::System, again),
        [""; 0],
        "the same word twice"
    );
    assert_eq!(out(&mut w, Actor::System, gone), [""; 0]);
    assert_eq!(w.case().around.also_reported().count(), 0);

    let mut w = World::accepted(full_policy());
    let review = w.now.plus_seconds(20 * DAY);
    let defer = Command::Aside(Aside::Defer {
        review,
        message: message(60),
    });
    assert_eq!(out(&mut w, ANN, defer), ["reporter: message"]);
    w.now = review;
    let told = out(&mut w, Actor::System, Command::Tick);
    assert!(
        told.contains(&String::from("team: look Review")),
        "{told:?}"
    );

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
    let follow = |news| Command::Aside(Aside::FollowOriginal { news });
    let mut other = w.clone();
    assert_eq!(
        out(&mut w, Actor::System, follow(OriginalNews::Published)),
        ["reporter: Published"]
    );
    let ended = out(
        &mut other,
        Actor::System,
        follow(OriginalNews::EndedUnpublished),
    );
    assert_eq!(ended, ["reporter: message"]);
}
