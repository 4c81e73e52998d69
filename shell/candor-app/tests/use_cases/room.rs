//! The reporter's room: in by the code alone, out after a while, never a word of
//! the team's own.

use candor_app::input::ActError;
use candor_base::RefusalCode;
use candor_case::Lane;

use crate::common::{FULL, World, act, report};
use crate::road::{agree, submit};

#[test]
fn only_the_code_opens_the_room_and_wrong_ones_have_one_answer() {
    let world = World::new();
    let other = include_str!("fixtures/SECURITY.md").replace("lanternfish", "otherfish");
    world
        .app()
        .put_program(
            "otherfish",
            "SECURITY.md",
            other.replace("Lanternfish", "Otherfish").as_bytes(),
        )
        .unwrap();
    let receipt = world
        .app()
        .submit_report("lanternfish", report(FULL))
        .unwrap();
    let sloppy = receipt.code.to_lowercase().replace('-', " ");
    assert!(world.app().enter_room("lanternfish", &sloppy).is_ok());
    let wrong = "AAAAA-AAAAA-AAAAA-AAAAA-AAAAAA";
    for (slug, code) in [
        ("lanternfish", wrong),
        ("lanternfish", "nonsense"),
        ("lanternfish", ""),
        ("otherfish", receipt.code.as_str()),
        ("nobody", receipt.code.as_str()),
        ("../x", receipt.code.as_str()),
    ] {
        assert_eq!(
            world.app().enter_room(slug, code),
            Err(ActError::NotFound),
            "{slug} {code}"
        );
    }
    let token = world
        .app()
        .enter_room("lanternfish", &receipt.code)
        .unwrap();
    assert_eq!(
        world.app().room("otherfish", &token).unwrap_err(),
        ActError::NotFound
    );
    assert_eq!(
        world
            .app()
            .case_page(&token, "lanternfish", &receipt.reference)
            .unwrap_err(),
        ActError::SignedOut
    );
    assert_eq!(
        world
            .app()
            .inbox(&token, "lanternfish", "open")
            .unwrap_err(),
        ActError::SignedOut
    );
}

#[test]
fn a_session_ends_when_it_is_left_alone_and_when_it_is_left() {
    let world = World::new();
    let case = submit(&world, FULL);
    for _ in 0..4 {
        world.wait(14 * 60);
        assert!(world.app().room("lanternfish", &case.room).is_ok());
    }
    world.wait(15 * 60);
    assert_eq!(
        world.app().room("lanternfish", &case.room).unwrap_err(),
        ActError::SignedOut
    );
    for token in ["", "x", &"A".repeat(43)] {
        assert_eq!(
            world.app().room("lanternfish", token).unwrap_err(),
            ActError::SignedOut
        );
    }
    let case = submit(&world, &[("description", "Another one")]);
    world.app().leave(&case.room);
    assert_eq!(
        world.app().room("lanternfish", &case.room).unwrap_err(),
        ActError::SignedOut
    );
    // However busy it is, a session ends after twelve hours.
    let case = submit(&world, &[("description", "A third one")]);
    for _ in 0..(12 * 6) {
        world.wait(10 * 60 - 1);
        let _ = world.app().room("lanternfish", &case.room);
    }
    world.wait(120);
    assert_eq!(
        world.app().room("lanternfish", &case.room).unwrap_err(),
        ActError::SignedOut
    );
}

#[test]
fn the_teams_lane_never_shows_in_the_room() {
    let world = World::new();
    let ada = world.set_up();
    let case = submit(&world, FULL);
    for (lane, text) in [
        ("team", "CANARY-TEAM"),
        ("everyone", "to all"),
        ("reporter", "to you"),
    ] {
        world
            .desk(
                &ada,
                &case.reference,
                act("say", &[("lane", lane), ("message", text)]),
            )
            .unwrap();
    }
    world
        .room(&case.room, act("say", &[("message", "thank you")]))
        .unwrap();
    let room = world.app().room("lanternfish", &case.room).unwrap();
    let texts: Vec<&str> = room.messages.iter().map(|m| m.text.as_str()).collect();
    assert_eq!(texts, ["to all", "to you", "thank you"]);
    assert!(!format!("{room:?}").contains("CANARY-TEAM"));
    assert_eq!(room.messages[1].from, "Ada");
    assert_eq!(room.messages[2].from, "You");
    let page = world
        .app()
        .case_page(&ada, "lanternfish", &case.reference)
        .unwrap();
    assert_eq!(page.messages.len(), 4);
    assert_eq!(page.messages[0].lane, Lane::Team);
    // The reporter cannot write into it either, nor do what is the team's to do.
    let sneaky = act("say", &[("lane", "team"), ("message", "hello")]);
    world.room(&case.room, sneaky).unwrap();
    let page = world
        .app()
        .case_page(&ada, "lanternfish", &case.reference)
        .unwrap();
    assert_eq!(page.messages.last().unwrap().lane, Lane::Reporter);
    for team_act in [
        "accept", "publish", "assign", "close", "tick", "receive", "nonsense",
    ] {
        assert_eq!(
            world.room(&case.room, act(team_act, &[("message", "x")])),
            Err(ActError::NotFound),
            "{team_act}"
        );
    }
}

#[test]
fn following_up_is_possible_once_the_acknowledgement_is_overdue() {
    let world = World::new();
    world.set_up();
    let receipt = world
        .app()
        .submit_report("lanternfish", report(FULL))
        .unwrap();
    let early = world
        .app()
        .enter_room("lanternfish", &receipt.code)
        .unwrap();
    assert!(
        !world
            .app()
            .room("lanternfish", &early)
            .unwrap()
            .can_follow_up
    );
    assert!(matches!(
        world.room(&early, act("follow_up", &[])),
        Err(ActError::Refused(_))
    ));
    world.at("2026-06-03T08:00:01Z");
    world.app().tick().unwrap();
    let late = world
        .app()
        .enter_room("lanternfish", &receipt.code)
        .unwrap();
    let room = world.app().room("lanternfish", &late).unwrap();
    assert!(room.can_follow_up);
    assert_eq!(
        room.follow_up_since.unwrap().at.to_string(),
        "2026-06-03T08:00:00Z"
    );
    world
        .room(&late, act("follow_up", &[("message", "Hello?")]))
        .unwrap();
}

#[test]
fn an_objection_is_decided_by_another_person() {
    let world = World::new();
    let ada = world.set_up();
    let bob = world.colleague(&ada, "bob", "member");
    let case = submit(&world, FULL);
    let reason = "We looked at it closely: the header is never passed on in any build we ship, and \
                  the shell you saw is started by the test harness alone.";
    world
        .desk(
            &ada,
            &case.reference,
            act(
                "reject",
                &[
                    ("ground", "not_a_vulnerability"),
                    ("is_vulnerability", "no"),
                    ("message", reason),
                ],
            ),
        )
        .unwrap();
    assert!(
        world
            .app()
            .room("lanternfish", &case.room)
            .unwrap()
            .can_object
    );
    world
        .room(
            &case.room,
            act("object", &[("message", "It is in the shipped build too.")]),
        )
        .unwrap();
    let decide = act(
        "decide_objection",
        &[("uphold", "yes"), ("message", "You are right.")],
    );
    let Err(ActError::Refused(no)) = world.desk(&ada, &case.reference, decide.clone()) else {
        panic!("decided by the same person");
    };
    assert_eq!(no.code, RefusalCode::SecondPersonNeeded);
    world.desk(&bob, &case.reference, decide).unwrap();
    let room = world.app().room("lanternfish", &case.room).unwrap();
    assert!(room.objection.unwrap().contains("right"));
}

#[test]
fn credit_dates_and_withdrawal_are_the_reporters() {
    let world = World::new();
    let ada = world.set_up();
    let case = submit(&world, &[("description", "It falls over.")]);
    let room = || world.app().room("lanternfish", &case.room).unwrap();
    assert_eq!(room().credit.0, "not_answered");
    let named = act("choose_credit", &[("credit", "named")]);
    assert!(matches!(
        world.room(&case.room, named),
        Err(ActError::Fields(_))
    ));
    world
        .room(
            &case.room,
            act(
                "choose_credit",
                &[("credit", "named"), ("credit_name", "nemo")],
            ),
        )
        .unwrap();
    assert_eq!(room().credit, ("named".to_owned(), Some("nemo".to_owned())));
    world
        .room(&case.room, act("choose_credit", &[("credit", "anonymous")]))
        .unwrap();
    assert_eq!(room().credit, ("anonymous".to_owned(), None));
    let bad = act("propose_date", &[("date", "next week")]);
    assert!(
        matches!(world.room(&case.room, bad), Err(ActError::Fields(e)) if e[0].field == "date")
    );
    world
        .room(
            &case.room,
            act("propose_date", &[("date", "2026-07-01"), ("time", "12:00")]),
        )
        .unwrap();
    assert!(room().own_proposal.is_some());
    let page = world
        .app()
        .case_page(&ada, "lanternfish", &case.reference)
        .unwrap();
    assert!(page.embargo.can_answer);
    world
        .room(&case.room, act("withdraw", &[("message", "Never mind.")]))
        .unwrap();
    assert_eq!(
        room().status,
        candor_access::build::words::status(candor_access::Stage::Withdrawn)
    );
}

#[test]
fn an_agreement_binds_to_the_date_that_was_read_and_to_no_other() {
    let world = World::new();
    let ada = world.set_up();
    let case = submit(&world, FULL);
    let propose = |date: &str| {
        let fields = [
            ("date", date),
            ("time", "12:00"),
            ("message", "We propose this."),
        ];
        world
            .desk(&ada, &case.reference, act("propose_date", &fields))
            .unwrap();
    };
    propose("2026-07-20");
    let read = agree(&world, &case.room);
    propose("2026-06-20");
    for old in [read, act("answer_date", &[("answer", "accept")])] {
        let Err(ActError::Refused(refusal)) = world.room(&case.room, old) else {
            panic!("the date on that page is not the one that stands")
        };
        assert_eq!(refusal.code, RefusalCode::Conflict);
        assert!(refusal.message.contains("not the date"), "{refusal:?}");
    }
    world.room(&case.room, agree(&world, &case.room)).unwrap();
}
