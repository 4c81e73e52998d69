//! What is shown before an act that a promise or an embargo stands against.

use candor_app::input::ActError;

use crate::common::{FULL, World, act};
use crate::road::{Case, agree, assess, submit};

const P: &str = "lanternfish";

/// What the field for "I have read it" says.
fn warned(done: Result<String, ActError>) -> String {
    match done {
        Err(ActError::Fields(errors)) => {
            assert_eq!(errors[0].field, "sure");
            errors[0].message.clone()
        }
        other => panic!("no warning: {other:?}"),
    }
}

fn seq(world: &World, ada: &str, case: &Case) -> u64 {
    world.app().case_page(ada, P, &case.reference).unwrap().seq
}

#[test]
fn the_new_date_is_shown_before_a_promise_is_extended() {
    let world = World::new();
    let ada = world.set_up();
    let case = submit(&world, FULL);
    world.wait(60);
    let page = world.app().case_page(&ada, P, &case.reference).unwrap();
    let (key, words) = page.extendable[0].clone();
    assert!(words.contains(", due "), "{words}");
    let mut fields = vec![
        ("clock", key.as_str()),
        ("days", "5"),
        ("reason", "a holiday"),
    ];
    let before = seq(&world, &ada, &case);
    let said = warned(world.desk(&ada, &case.reference, act("extend", &fields)));
    assert_eq!(seq(&world, &ada, &case), before, "nothing is stored");
    fields.push(("sure", "on"));
    world
        .desk(&ada, &case.reference, act("extend", &fields))
        .unwrap();
    let yes = [("matter", "question-1"), ("answer", "yes")];
    world.room(&case.room, act("agree", &yes)).unwrap();
    let after = world.app().case_page(&ada, P, &case.reference).unwrap();
    let clock = after.clocks.iter().find(|c| c.key == key).unwrap();
    let due = clock.due.as_ref().unwrap();
    assert!(clock.agreed.iter().any(|l| l.contains("5 more days")));
    assert!(said.contains(&due.words), "{said} and {}", due.words);
    // What is kept is offered no more.
    let answer = [("message", "Thank you, we look into it.")];
    world
        .desk(&ada, &case.reference, act("acknowledge", &answer))
        .unwrap();
    let kept = world.app().case_page(&ada, P, &case.reference).unwrap();
    for clock in kept.clocks.iter().filter(|c| c.met.is_some()) {
        assert!(kept.extendable.iter().all(|(k, _)| *k != clock.key));
        assert!(kept.waivable.iter().all(|(k, _)| *k != clock.key));
    }
}

#[test]
fn a_release_during_an_embargo_and_a_pause_past_promises_warn_first() {
    let world = World::new();
    let ada = world.set_up();
    let case = submit(&world, FULL);
    let say =
        |name: &str, fields: &[(&str, &str)]| world.desk(&ada, &case.reference, act(name, fields));
    say("acknowledge", &[("message", "Thank you.")]).unwrap();
    assess(&world, &ada, &case);
    let pause = [("date", "2027-06-01"), ("message", "Other work first.")];
    let words = warned(say("defer", &pause));
    assert!(words.contains("Details are published (due "), "{words}");

    let accept = [("branches", "2.x"), ("message", "We will fix it.")];
    say("accept", &accept).unwrap();
    let date = [
        ("date", "2026-06-20"),
        ("time", "12:00"),
        ("message", "On 20 June?"),
    ];
    say("propose_date", &date).unwrap();
    world.room(&case.room, agree(&world, &case.room)).unwrap();
    for (status, sure) in [
        ("in_development", ""),
        ("ready", ""),
        ("tested", ""),
        ("released", ""),
        ("released", "on"),
    ] {
        let done = say(
            "fix",
            &[
                ("branch", "2.x"),
                ("status", status),
                ("version", "2.3.1"),
                ("kind", "patch"),
                ("test", "The header no longer reaches a shell."),
                ("sure", sure),
            ],
        );
        if status == "released" && sure.is_empty() {
            assert!(warned(done).contains("20 Jun 2026"));
        } else {
            done.unwrap();
        }
    }
    let page = world.app().case_page(&ada, P, &case.reference).unwrap();
    let outlet = page.acts.iter().find(|a| a.act == "answer_outlet").unwrap();
    assert!(outlet.blocked.as_ref().unwrap().contains("embargo"));
}
