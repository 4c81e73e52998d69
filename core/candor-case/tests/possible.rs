//! What is possible where: one table over the situations of a case and all acts.
//!
//! Invariant: the table is read off the domain (`domain.md` 2.2 to 2.4), never off the
//! gate. An act that becomes possible or impossible somewhere has to be written down here.
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

use candor_base::{CaseId, CaseRef, Digest};
use candor_case::*;
use candor_policy::model::*;
use common::*;

const DAY: i64 = 86_400;
const PARTY: Actor = Actor::Party(1);

fn aside(what: Aside) -> Command {
    Command::Aside(what)
}

fn valid() -> World {
    let mut w = World::with_report(full_policy());
    w.ok(ANN, acknowledge(false));
    w.ok(ANN, assess(Some(Severity::Critical)));
    w
}

fn deferred(mut w: World) -> World {
    let review = w.now.plus_seconds(90 * DAY);
    let message = message(60);
    w.ok(ANN, aside(Aside::Defer { review, message }));
    w
}

fn rejected() -> World {
    let mut w = valid();
    w.ok(ANN, reject(out_of_scope()));
    w
}

fn objected() -> World {
    let mut w = rejected();
    let reason = message(20);
    w.ok(Actor::Reporter, Command::Object { reason });
    w
}

fn duplicate() -> World {
    let mut w = valid();
    w.ok(
        ANN,
        Command::MarkDuplicate {
            of: CaseId::from_bytes([3; 16]),
            reference: CaseRef::new("TST", [5; 5]).unwrap(),
            original_received: w.now.plus_seconds(-1),
            message: message(22),
        },
    );
    w
}

fn withdrawn(mut w: World) -> World {
    w.ok(Actor::Reporter, Command::Withdraw { message: None });
    w
}

fn reopen() -> Command {
    Command::Reopen {
        reason: text(61, 20),
    }
}

fn invite() -> Command {
    Command::InviteParty(Box::new(Invitation {
        kind: PartyKind::Vendor,
        name: text(80, 9),
        contact: Some(text(81, 20)),
        terms: text(82, 400),
        code: Digest::from_bytes([1; 32]),
    }))
}

fn with_party() -> World {
    let mut w = World::accepted(full_policy());
    w.ok(ANN, invite());
    w.ok(
        Actor::System,
        Command::EnterParty {
            number: 1,
            used: Digest::from_bytes([1; 32]),
            code: Digest::from_bytes([2; 32]),
        },
    );
    w.ok(PARTY, Command::AnswerTerms { accepted: true });
    w
}

fn published() -> World {
    let mut w = World::approved(full_policy());
    w.agreed_in(DAY);
    w.later(DAY).ok(BEN, publish(50));
    w
}

fn closed() -> World {
    let mut w = published();
    w.ok(
        ANN,
        Command::AnswerOutlet {
            outlet: ClauseId(String::from("outlet-1")),
            answer: OutletAnswer::Sent { link: None },
        },
    );
    w.ok(
        ANN,
        Command::Close {
            reason: CloseReason::Disclosed,
            note: None,
        },
    );
    w
}

/// What anybody may do in an accepted case with an embargo and nobody else on it.
const TEAM: &str = "ask say assign assess reject mark_duplicate fix mitigate \
    plan_communication propose_date set_date_alone record_fact save_draft add_credit \
    invite_party record_leak extend waive_promise record_breach defer work_out hand_over \
    record_cve suspect_leak close note_signal decide_not_reportable save_pack record_measure";
const REPORTER: &str = "supply say propose_date choose_credit withdraw leave_embargo choose_key";
const OTHERS: &str = "say record_leak leave_embargo";
const CANDOR: &str = "link_report mail_outcome recount say tick";

/// Work on the fix and with others begins with acceptance.
const WORK: &str = "fix plan_communication add_credit invite_party";
/// What a report that is turned down, a duplicate or withdrawn takes no more.
const OVER: &str = "ask assess reject mark_duplicate fix mitigate plan_communication \
    propose_date set_date_alone save_draft add_credit invite_party extend waive_promise \
    defer work_out";

/// Situation, who, what is possible more, what is possible less.
const TABLE: &[(&str, Actor, &str, &str)] = &[
    (
        "received",
        ANN,
        "acknowledge",
        "@work save_draft defer close",
    ),
    (
        "lacking",
        ANN,
        "acknowledge waive",
        "@work save_draft defer close",
    ),
    ("asked", ANN, "go_on", "@work save_draft defer close"),
    ("valid", ANN, "accept", "@work close"),
    ("put aside", ANN, "accept ask_to_end resume", "@work"),
    (
        "put aside after acceptance",
        ANN,
        "ask_to_end resume",
        "@work",
    ),
    ("rejected", ANN, "", "@over"),
    ("rejected", Actor::Reporter, "object", "propose_date"),
    ("rejected long ago", ANN, "", "@over"),
    ("rejected long ago", Actor::Reporter, "", "propose_date"),
    ("objected", ANN, "decide_objection", "@over"),
    ("objected", Actor::Reporter, "", "propose_date"),
    ("duplicate", ANN, "", "@over"),
    ("duplicate", Actor::Reporter, "", "propose_date"),
    ("duplicate", Actor::System, "follow_original", ""),
    ("withdrawn", ANN, "reopen", "@over"),
    ("withdrawn", Actor::Reporter, "", "propose_date withdraw"),
    (
        "withdrawn after acceptance",
        Actor::Reporter,
        "",
        "withdraw",
    ),
    ("gone on with", ANN, "accept", "@work"),
    ("gone on with", Actor::Reporter, "", "withdraw"),
    ("a date without agreement waits", ANN, "confirm_date", ""),
    ("a date is proposed", Actor::Reporter, "answer_date", ""),
    (
        "a promise was missed",
        ANN,
        "acknowledge answer_alarm",
        "@work save_draft defer close",
    ),
    ("a promise was missed", Actor::Reporter, "follow_up", ""),
    ("a leak is suspected", ANN, "decide_leak", "suspect_leak"),
    (
        "public knowledge",
        ANN,
        "",
        "propose_date set_date_alone suspect_leak",
    ),
    (
        "public knowledge",
        Actor::Reporter,
        "",
        "propose_date leave_embargo",
    ),
    ("public knowledge", PARTY, "", "leave_embargo"),
    ("the reporter left", ANN, "end_embargo", ""),
    (
        "the reporter left",
        Actor::Reporter,
        "",
        "propose_date leave_embargo",
    ),
    (
        "a party is on the case",
        ANN,
        "renew_invitation party_status notify_party remove_party",
        "",
    ),
    (
        "a party is on the case",
        PARTY,
        "propose_date answer_terms party_status",
        "",
    ),
    ("a party is on the case", Actor::System, "enter_party", ""),
    ("fix ready", ANN, "", "mark_duplicate"),
    (
        "released and drafted",
        ANN,
        "approve publish end_embargo",
        "reject mark_duplicate",
    ),
    (
        "published",
        ANN,
        "answer_outlet",
        "ask reject mark_duplicate propose_date set_date_alone defer suspect_leak",
    ),
    (
        "published",
        Actor::Reporter,
        "",
        "propose_date choose_credit withdraw leave_embargo",
    ),
    ("published", PARTY, "", "leave_embargo"),
    ("published", Actor::System, "answer_outlet", ""),
    (
        "closed",
        ANN,
        "reopen",
        "@over assign record_leak hand_over record_cve suspect_leak close",
    ),
    (
        "closed",
        Actor::Reporter,
        "",
        "supply propose_date choose_credit withdraw leave_embargo",
    ),
    ("closed", PARTY, "", "record_leak leave_embargo"),
    ("closed", Actor::System, "", "recount"),
    (
        "open again",
        ANN,
        "",
        "@work reject mark_duplicate propose_date set_date_alone save_draft defer suspect_leak close",
    ),
    (
        "open again",
        Actor::Reporter,
        "",
        "propose_date choose_credit leave_embargo",
    ),
    ("open again", PARTY, "", "leave_embargo"),
    (
        "handed in",
        ANN,
        "acknowledge supply choose_credit withdraw leave_embargo",
        "@work save_draft defer close",
    ),
    ("handed in", Actor::Reporter, "", "choose_key"),
    ("somebody else is thanked", ANN, "remove_credit", ""),
    ("more time is asked for", Actor::Reporter, "agree", ""),
    (
        "published with a party",
        ANN,
        "answer_outlet renew_invitation party_status notify_party remove_party link_advisory",
        "ask reject mark_duplicate propose_date set_date_alone defer suspect_leak",
    ),
    (
        "published with a party",
        Actor::Reporter,
        "",
        "propose_date choose_credit withdraw leave_embargo",
    ),
    (
        "published with a party",
        PARTY,
        "answer_terms party_status link_advisory",
        "leave_embargo",
    ),
    (
        "published with a party",
        Actor::System,
        "answer_outlet enter_party",
        "",
    ),
    ("a sign was noted", ANN, "record_awareness", ""),
];

type Situations = Vec<(&'static str, World)>;

fn before_the_fix() -> Situations {
    vec![
        ("received", World::with_report(full_policy())),
        ("lacking", {
            let mut w = World::new(full_policy());
            let mut f = facts();
            f.missing = BTreeSet::from([ContentKey::Steps]);
            f.mandatory_missing.clone_from(&f.missing);
            w.ok(Actor::Reporter, Command::Receive(Box::new(f)));
            w
        }),
        ("asked", {
            let mut w = World::with_report(full_policy());
            w.ok(ANN, ask());
            w
        }),
        ("valid", valid()),
        ("put aside", deferred(valid())),
        ("accepted", World::accepted(full_policy())),
        (
            "put aside after acceptance",
            deferred(World::accepted(full_policy())),
        ),
        ("rejected", rejected()),
        ("rejected long ago", {
            let mut w = rejected();
            w.later(15 * DAY);
            w
        }),
        ("objected", objected()),
        ("duplicate", duplicate()),
        ("withdrawn", withdrawn(valid())),
        (
            "withdrawn after acceptance",
            withdrawn(World::accepted(full_policy())),
        ),
        ("gone on with", {
            let mut w = withdrawn(valid());
            w.ok(ANN, reopen());
            w
        }),
    ]
}

fn on_the_way_to_the_end() -> Situations {
    vec![
        ("a date without agreement waits", {
            let mut w = World::accepted(full_policy());
            w.ok(ANN, set_alone(w.now.plus_seconds(9 * DAY)));
            w
        }),
        ("a date is proposed", {
            let mut w = World::accepted(full_policy());
            w.ok(ANN, propose(w.now.plus_seconds(9 * DAY)));
            w
        }),
        ("a promise was missed", {
            let mut w = World::with_report(full_policy());
            w.later(4 * DAY).tick();
            w
        }),
        ("a leak is suspected", {
            let mut w = World::accepted(full_policy());
            w.ok(
                ANN,
                aside(Aside::SuspectLeak {
                    what: text(83, 9),
                    how: text(84, 9),
                    plan: text(85, 9),
                }),
            );
            w
        }),
        ("public knowledge", {
            let mut w = World::accepted(full_policy());
            w.ok(ANN, fact(AttackFact::Public));
            w
        }),
        ("the reporter left", {
            let mut w = World::accepted(full_policy());
            w.ok(
                Actor::Reporter,
                aside(Aside::LeaveEmbargo {
                    message: message(81),
                }),
            );
            w
        }),
        ("a party is on the case", with_party()),
        ("the party was removed", {
            let mut w = with_party();
            let reason = text(62, 20);
            w.ok(ANN, Command::RemoveParty { number: 1, reason });
            w
        }),
        ("fix ready", {
            let mut w = World::accepted(full_policy());
            w.ok(ANN, Command::Fix(Box::new(row(FixStatus::InDevelopment))));
            w.ok(ANN, Command::Fix(Box::new(row(FixStatus::Ready))));
            w
        }),
        ("released and drafted", World::approved(full_policy())),
        ("published", published()),
        ("closed", closed()),
        ("open again", {
            let mut w = closed();
            w.ok(ANN, reopen());
            w
        }),
        ("handed in", {
            let mut w = World::new(full_policy());
            let mut f = facts();
            f.channel = IntakeChannel::HandedIn;
            f.contact_given = false;
            f.first_received = Some(w.now);
            w.ok(ANN, Command::Receive(Box::new(f)));
            w
        }),
        ("somebody else is thanked", {
            let mut w = World::accepted(full_policy());
            w.ok(
                ANN,
                Command::AddCredit(OtherCredit {
                    name: text(70, 9),
                    kind: CreditKind::default(),
                    consent: text(71, 30),
                }),
            );
            w
        }),
        ("more time is asked for", {
            let mut w = World::accepted(full_policy());
            w.ok(ANN, extend("promise-6", 10));
            w
        }),
        ("published with a party", {
            let mut w = with_party();
            w.fix_to_release();
            w.ok(ANN, Command::SaveDraft(draft(50)));
            w.ok(
                ANN,
                Command::Approve {
                    draft: text(50, 0).sha256,
                },
            );
            w.ok(ANN, fact(AttackFact::Public));
            w.ok(BEN, publish(50));
            w
        }),
        ("a sign was noted", {
            let mut w = World::accepted(full_policy());
            w.ok(
                ANN,
                Command::Regulator(RegulatorAct::NoteSignal {
                    subject: candor_duty::Subject::Vulnerability,
                    at: w.now,
                    evidence: text(80, 60),
                    regimes: BTreeSet::from(["eu-cra-vulnerability".parse().unwrap()]),
                }),
            );
            w
        }),
    ]
}

fn names(words: &str) -> BTreeSet<&str> {
    let mut out = BTreeSet::new();
    for word in words.split_whitespace() {
        match word {
            "@work" => out.extend(WORK.split_whitespace()),
            "@over" => out.extend(OVER.split_whitespace()),
            name => {
                out.insert(name);
            }
        }
    }
    out
}

/// What the table says is possible for somebody in a situation.
fn wanted(situation: &str, actor: Actor) -> BTreeSet<&'static str> {
    let all = match actor {
        Actor::Team(_) => TEAM,
        Actor::Reporter => REPORTER,
        Actor::Party(_) => OTHERS,
        Actor::System => CANDOR,
    };
    let mut out = names(all);
    for (name, who, more, less) in TABLE {
        if *name == situation && *who == actor {
            out.extend(names(more));
            out.retain(|act| !names(less).contains(act));
        }
    }
    out
}

#[test]
fn what_is_possible_stands_in_one_table() {
    let mut situations = before_the_fix();
    situations.extend(on_the_way_to_the_end());
    for (name, _, more, less) in TABLE {
        assert!(situations.iter().any(|(n, _)| n == name), "{name}");
        assert!(
            names(more)
                .iter()
                .chain(&names(less))
                .all(|act| COMMANDS.contains(act))
        );
    }
    for (name, w) in &situations {
        for actor in [ANN, Actor::Reporter, PARTY, Actor::System] {
            let can: BTreeSet<&str> = allowed(w.case(), &w.context(actor)).into_iter().collect();

            assert_eq!(can, wanted(name, actor), "{name}, {actor:?}");
        }
    }
}

#[test]
fn what_a_page_offers_is_in_the_table_and_what_it_blocks_says_why() {
    let mut situations = before_the_fix();
    situations.extend(on_the_way_to_the_end());
    // A page first lets pass what time alone has caused.
    let quiet = |w: &World| w.decide(Actor::System, &Command::Tick).unwrap().is_empty();
    for (name, w) in situations.iter().filter(|(_, w)| quiet(w)) {
        for actor in [ANN, Actor::Reporter, PARTY] {
            for offered in moves(w.case(), &w.context(actor)) {
                match offered.blocked {
                    None => assert!(
                        wanted(name, actor).contains(offered.act),
                        "{name}: {} is offered",
                        offered.act
                    ),
                    Some(refusal) => assert!(refusal.message.ends_with('.'), "{name}"),
                }
            }
        }
    }
}
