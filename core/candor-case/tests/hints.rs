//! What a page calls possible is possible at that moment.
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
use candor_policy::model::*;
use common::*;

fn blocked(w: &World, act: &str) -> Option<candor_base::Refusal> {
    let all = moves(w.case(), &w.context(ANN));
    all.into_iter().find(|m| m.act == act).unwrap().blocked
}

/// Each hint that means acts means one that is possible.
fn law(w: &World) {
    for actor in [ANN, Actor::Reporter] {
        let all = moves(w.case(), &w.context(actor));
        for refusal in all.iter().filter_map(|m| m.blocked.as_ref()) {
            for hint in &refusal.instead {
                let open = |act: &&str| all.iter().any(|m| m.act == *act && m.blocked.is_none());
                assert!(
                    hint.acts.is_empty() || hint.acts.iter().any(open),
                    "{hint:?} after {}",
                    refusal.message
                );
                if *hint == Hint::WaitForReporter.into() {
                    assert_eq!(w.case().waiting_on, WaitingOn::Reporter);
                }
                // What means an act is said as one, never in words alone.
                let same = |h: &Hint| h.parts().0 == hint.words;
                let named = Hint::ALL.iter().find(|h| same(h));
                let typed = named.is_none_or(|h| candor_base::Instead::from(*h) == *hint);
                assert!(typed, "{hint:?}");
            }
        }
    }
}

fn internal_allowed() -> World {
    let mut policy = full_policy();
    policy.policy.disclosure.push(clause(
        "disclosure-9",
        DisclosureRule {
            stated: true,
            rule: DisclosureKind::MayStayInternal,
            severity: None,
        },
    ));
    World::accepted(policy)
}

#[test]
fn a_hint_means_acts_that_there_are_and_says_them_once() {
    let mut words = std::collections::BTreeSet::new();
    for hint in Hint::ALL {
        let (said, acts) = hint.parts();
        assert!(words.insert(said), "{said} is said by two hints");
        for act in acts {
            assert!(COMMANDS.contains(act), "{hint:?}: {act}");
        }
    }
}

#[test]
fn a_refused_command_names_only_what_is_possible() {
    let mut w = World::with_report(full_policy());
    let say = |w: &World, command: &Command| w.decide(ANN, command).unwrap_err().instead_words();
    let fact = Command::Fix(Box::new(row(FixStatus::InDevelopment)));
    assert_eq!(say(&w, &fact), ["assess the report and accept the case"]);
    let close = Command::Close {
        reason: CloseReason::Disclosed,
        note: None,
    };
    w.ok(ANN, acknowledge(true));
    w.ok(ANN, assess(Some(Severity::Medium)));
    w.ok(ANN, accept());
    w.fix_to_release();
    // Nothing is approved: "publish the advisory" would be refused, too.
    assert!(!say(&w, &close).contains(&"publish the advisory".to_owned()));
    law(&w);
}

#[test]
fn hints_hold_on_the_whole_road() {
    let mut w = World::with_report(full_policy());
    law(&w);
    w.ok(ANN, acknowledge(true));
    law(&w);
    w.ok(ANN, assess(Some(Severity::Medium)));
    law(&w);
    w.ok(ANN, accept());
    law(&w);
    w.fix_to_release();
    law(&w);
    w.ok(ANN, Command::SaveDraft(draft(50)));
    law(&w);
    let digest = text(50, 0).sha256;
    w.ok(ANN, Command::Approve { draft: digest });
    law(&w);
    let approve = blocked(&w, "approve").unwrap();
    assert!(
        approve.instead.is_empty(),
        "publishing is not possible: {approve:?}"
    );
    w.alone(w.now.plus_seconds(30 * 86_400));
    law(&w);
    w.later(31 * 86_400);
    w.tick();
    law(&w);

    let mut turned_down = World::with_report(full_policy());
    turned_down.ok(ANN, assess(Some(Severity::Low)));
    turned_down.ok(ANN, reject(out_of_scope()));
    law(&turned_down);
    assert!(
        blocked(&turned_down, "decide_objection")
            .unwrap()
            .instead
            .is_empty()
    );
}

#[test]
fn nothing_is_announced_or_left_out_before_the_advisory_is_public() {
    let w = World::approved(full_policy());
    assert!(w.case().embargo.state.is_in_force());
    let why = blocked(&w, "answer_outlet").unwrap();
    assert!(why.message.contains("embargo"), "{}", why.message);
    for answer in [
        OutletAnswer::Sent { link: None },
        OutletAnswer::Waived {
            reason: text(9, 20),
        },
    ] {
        let command = Command::AnswerOutlet {
            outlet: ClauseId(String::from("outlet-1")),
            answer,
        };
        w.refused(ANN, &command, RefusalCode::WrongStage);
    }
    assert!(!allowed(w.case(), &w.context(ANN)).contains(&"answer_outlet"));
}

#[test]
fn the_way_to_an_end_without_publication_is_told_step_by_step() {
    let mut w = internal_allowed();
    let first = blocked(&w, "close").unwrap().message;
    assert!(
        first.contains("stay internal") && first.contains("released"),
        "{first}"
    );
    w.later(60).fix_to_release();
    let close = blocked(&w, "close").unwrap();
    // Whoever leads asks somebody else where there is somebody; then the reporter is told.
    let other = moves(w.case(), &w.context(BEN));
    let second = other.iter().find(|m| m.act == "close").unwrap();
    let second = second.blocked.as_ref().unwrap_or(&close);
    assert_eq!(second.instead_words(), ["tell the reporter the decision"]);
    w.ok(
        ANN,
        Command::Say {
            lane: Lane::Reporter,
            kind: MessageKind::Decision,
            message: message(77),
        },
    );
    let then = moves(w.case(), &w.context(BEN));
    assert!(then.iter().any(|m| m.act == "close" && m.blocked.is_none()));
    // Where the policy does not say so, nothing is said of it.
    let plain = World::accepted(full_policy());
    assert!(
        !blocked(&plain, "close")
            .unwrap()
            .message
            .contains("internal")
    );
}
