//! Signing in, rights, and what strangers are told.

use candor_app::input::{ActError, SignInError, SignedIn};
use candor_base::RefusalCode;

use crate::common::{FULL, PASS, World, act, totp};
use crate::road::submit;

#[test]
fn the_set_up_code_works_once_for_a_day_and_never_again() {
    let world = World::new();
    assert!(world.app().needs_set_up().unwrap());
    let old = world.app().set_up_code().unwrap().unwrap();
    let code = world.app().set_up_code().unwrap().unwrap();
    let set_up =
        |code: &str, login: &str, pass: &str| world.app().set_up(code, login, "Ada", "", pass);
    let named = |result: Result<String, ActError>| match result {
        Err(ActError::Fields(errors)) => errors[0].field.clone(),
        other => format!("{other:?}"),
    };
    assert_eq!(named(set_up(&old, "ada", PASS)), "code");
    assert_eq!(named(set_up("", "ada", PASS)), "code");
    assert_eq!(named(set_up(&code, "", PASS)), "login");
    assert_eq!(named(set_up(&code, "ada", "short")), "pass");
    world.wait(24 * 3_600);
    assert_eq!(named(set_up(&code, "ada", PASS)), "code");
    let code = world
        .app()
        .set_up_code()
        .unwrap()
        .unwrap()
        .to_lowercase()
        .replace('-', " ");
    set_up(&code, "ada", PASS).unwrap();
    assert!(!world.app().needs_set_up().unwrap());
    assert_eq!(set_up(&code, "eve", PASS), Err(ActError::NotFound));
    assert_eq!(world.app().set_up_code().unwrap(), None);
}

#[test]
fn half_a_sign_in_opens_nothing() {
    let world = World::new();
    let code = world.app().set_up_code().unwrap().unwrap();
    let half = world.app().set_up(&code, "ada", "Ada", "", PASS).unwrap();
    assert_eq!(
        world.app().inbox(&half, "lanternfish", "open").unwrap_err(),
        ActError::SignedOut
    );
    assert_eq!(
        world.app().staff_programs(&half).unwrap_err(),
        ActError::SignedOut
    );
    let wrong = world.app().confirm_enrolment(&half, "000000");
    assert!(matches!(wrong, Err(ActError::Fields(_))));
    let Ok(SignedIn::Enrol(other)) = world.app().sign_in("ada", PASS, "") else {
        panic!("the second factor is not confirmed yet");
    };
    let secret = world.app().enrolment(&other).unwrap().secret;
    let full = world
        .app()
        .confirm_enrolment(&other, &totp(&secret, world.now()))
        .unwrap()
        .token;
    assert!(world.app().inbox(&full, "lanternfish", "open").is_ok());
    // The other half session cannot replace the factor that is confirmed now.
    let late = world.app().enrolment(&half).unwrap().secret;
    assert_eq!(
        world
            .app()
            .confirm_enrolment(&half, &totp(&late, world.now())),
        Err(ActError::SignedOut)
    );
    assert_eq!(
        world.app().sign_in("ada", PASS, ""),
        Err(SignInError::Wrong)
    );
}

#[test]
fn a_code_works_once_and_guessing_is_slowed_down_alike_for_all() {
    let world = World::new();
    world.set_up();
    world.wait(60);
    let token = world.sign_in_again("ada");
    let secret = world.secret("ada");
    let replay = world
        .app()
        .sign_in("ada", PASS, &totp(&secret, world.now()));
    assert_eq!(replay, Err(SignInError::Wrong));
    world.app().sign_out(&token);
    assert_eq!(
        world.app().staff_programs(&token).unwrap_err(),
        ActError::SignedOut
    );

    world.wait(60);
    for login in ["ada", "nobody"] {
        // One wrong try of ada's was the replay.
        let free = if login == "ada" { 4 } else { 5 };
        for _ in 0..free {
            assert_eq!(
                world.app().sign_in(login, "wrong", "000000"),
                Err(SignInError::Wrong)
            );
        }
        assert_eq!(
            world.app().sign_in(login, PASS, "000000"),
            Err(SignInError::Wait(60)),
            "{login}"
        );
    }
    world.wait(60);
    world.sign_in_again("ada");
}

#[test]
fn a_pause_survives_a_restart() {
    let mut world = World::new();
    world.set_up();
    for _ in 0..5 {
        assert_eq!(
            world.app().sign_in("ada", "wrong", ""),
            Err(SignInError::Wrong)
        );
    }
    world.restart();
    assert!(matches!(
        world.app().sign_in("ada", PASS, ""),
        Err(SignInError::Wait(_))
    ));
}

#[test]
fn members_do_not_reach_settings_or_people_and_strangers_reach_nothing() {
    let world = World::new();
    let ada = world.set_up();
    let bob = world.colleague(&ada, "bob", "member");
    let other = include_str!("fixtures/SECURITY.md").replace("Lanternfish", "Otherfish");
    world
        .app()
        .put_program("otherfish", "SECURITY.md", other.as_bytes())
        .unwrap();
    let case = submit(&world, FULL);
    let app = world.app();
    assert!(app.case_page(&bob, "lanternfish", &case.reference).is_ok());
    assert_eq!(
        app.settings(&bob, "lanternfish").unwrap_err(),
        ActError::NotFound
    );
    assert_eq!(
        app.save_settings(&bob, "lanternfish", [].into(), ""),
        Err(ActError::NotFound)
    );
    assert_eq!(app.people(&bob).unwrap_err(), ActError::NotFound);
    assert_eq!(
        app.owner_policy_page(&bob, "lanternfish").unwrap_err(),
        ActError::NotFound
    );
    // Another program: no right, no case, no program all look the same.
    for slug in ["otherfish", "nobody", "../x"] {
        assert_eq!(
            app.inbox(&bob, slug, "open").unwrap_err(),
            ActError::NotFound,
            "{slug}"
        );
        assert_eq!(
            app.case_page(&bob, slug, &case.reference).unwrap_err(),
            ActError::NotFound
        );
        assert_eq!(app.settings(&bob, slug).unwrap_err(), ActError::NotFound);
    }
    for reference in ["LAN-0000-0000", "nonsense", ""] {
        assert_eq!(
            app.case_page(&bob, "lanternfish", reference).unwrap_err(),
            ActError::NotFound
        );
        let say = act("say", &[("lane", "team"), ("message", "x")]);
        assert_eq!(
            app.desk_act(&bob, "lanternfish", reference, say),
            Err(ActError::NotFound)
        );
    }
    // A program that comes later belongs to who manages the instance.
    let (_, admin, programs) = app.staff_programs(&ada).unwrap();
    assert!(admin);
    assert_eq!(programs.len(), 2);
    assert_eq!(app.staff_programs(&bob).unwrap().2.len(), 1);
    assert_eq!(app.people(&ada).unwrap().accounts.len(), 2);
}

#[test]
fn what_is_public_or_attacked_stands_before_what_is_overdue() {
    let world = World::new();
    let ada = world.set_up();
    let calm = submit(&world, &[("description", "Calm")]);
    world.wait(5 * 86_400);
    world.app().tick().unwrap();
    // The first session ended meanwhile.
    drop(ada);
    let ada = world.sign_in_again("ada");
    let public = submit(
        &world,
        &[("description", "Known"), ("public_where", "A list")],
    );
    let attacked = submit(&world, &[("description", "Used")]);
    let fact = [("fact", "attacks_observed"), ("evidence", "Logs")];
    world
        .desk(&ada, &attacked.reference, act("record_fact", &fact))
        .unwrap();
    let rows = world.app().inbox(&ada, "lanternfish", "open").unwrap().rows;
    let order: Vec<&str> = rows.iter().map(|r| r.reference.as_str()).collect();
    assert_eq!(order.len(), 3);
    assert_eq!(order[2], calm.reference);
    assert!(rows[2].overdue > 0 && rows[0].overdue == 0, "{rows:?}");
    for row in &rows[..2] {
        assert!(row.public || row.attacked, "{row:?}");
    }
    assert!(order.contains(&public.reference.as_str()));
}

#[test]
fn an_owner_of_one_program_learns_nothing_of_roles_in_others() {
    let world = World::new();
    let ada = world.set_up();
    let cleo = world.colleague(&ada, "cleo", "owner");
    let other = include_str!("fixtures/SECURITY.md").replace("Lanternfish", "Otherfish");
    let app = world.app();
    app.put_program("otherfish", "SECURITY.md", other.as_bytes())
        .unwrap();
    let roles = |token: &str| {
        let people = app.people(token).unwrap();
        let ada = people.accounts.into_iter().find(|a| a.login == "ada");
        ada.unwrap().roles
    };
    assert!(roles(&ada).contains("owner of otherfish"));
    assert_eq!(roles(&cleo), "manages this instance, owner of lanternfish");
}

#[test]
fn a_desk_session_ends_when_it_is_left_alone() {
    let world = World::new();
    let ada = world.set_up();
    world.wait(29 * 60);
    assert!(world.app().inbox(&ada, "lanternfish", "open").is_ok());
    world.wait(30 * 60);
    assert_eq!(
        world.app().inbox(&ada, "lanternfish", "open").unwrap_err(),
        ActError::SignedOut
    );
    world.app().housekeeping().unwrap();
}

#[test]
fn a_decision_on_an_old_page_is_refused() {
    let world = World::new();
    let ada = world.set_up();
    let case = submit(&world, FULL);
    let page = world
        .app()
        .case_page(&ada, "lanternfish", &case.reference)
        .unwrap();
    world
        .room(&case.room, act("say", &[("message", "One more thing.")]))
        .unwrap();
    let reason = "x".repeat(100);
    let mut reject = act(
        "reject",
        &[
            ("ground", "not_a_vulnerability"),
            ("is_vulnerability", "no"),
            ("message", &reason),
        ],
    );
    reject.seq = Some(page.seq);
    let Err(ActError::Refused(no)) = world.desk(&ada, &case.reference, reject.clone()) else {
        panic!("decided without the new message");
    };
    assert_eq!(no.code, RefusalCode::Conflict);
    let page = world
        .app()
        .case_page(&ada, "lanternfish", &case.reference)
        .unwrap();
    reject.seq = Some(page.seq);
    world.desk(&ada, &case.reference, reject).unwrap();
}

#[test]
fn wrong_fields_are_named() {
    let world = World::new();
    let ada = world.set_up();
    let case = submit(&world, FULL);
    for (name, fields, wrong) in [
        ("acknowledge", &[][..], "message"),
        ("ask", &[("items", "nonsense"), ("message", "x")], "items"),
        ("assess", &[("scope", "perhaps")], "scope"),
        (
            "assess",
            &[
                ("scope", "in"),
                ("is_vulnerability", "yes"),
                ("cvss", "AV:N"),
            ],
            "cvss",
        ),
        ("accept", &[("message", "x")], "branches"),
        (
            "propose_date",
            &[("date", "soon"), ("message", "x")],
            "date",
        ),
        (
            "assign",
            &[("lead", "00000000000000000000000000000000")],
            "lead",
        ),
        (
            "mark_duplicate",
            &[("of", "LAN-0000-0000"), ("message", "x")],
            "of",
        ),
        ("approve", &[("draft", "x")], "draft"),
        ("close", &[("reason", "bored")], "reason"),
        ("extend", &[("clock", "promise-1"), ("days", "0")], "days"),
    ] {
        match world.desk(&ada, &case.reference, act(name, fields)) {
            Err(ActError::Fields(errors)) => assert_eq!(errors[0].field, wrong, "{name}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn what_goes_out_or_opens_a_door_takes_a_fresh_second_factor() {
    let mut world = World::new();
    world.fresh_minutes = 10;
    world.restart();
    let ada = world.set_up();
    let case = submit(&world, FULL);
    let publish = || {
        let act = act("publish", &[("draft", &"00".repeat(32))]);
        world.desk(&ada, &case.reference, act)
    };
    let settings = || {
        let base = "no version";
        let fields = std::collections::BTreeMap::new();
        world.app().save_settings(&ada, "lanternfish", fields, base)
    };
    let policy = || {
        let input = candor_app::PolicyInput::default();
        world.app().publish_policy(&ada, "lanternfish", &input)
    };
    let all = || [publish(), settings(), policy()];
    let asked = |one: &Result<String, ActError>| *one == Err(ActError::StepUp);
    world.wait(10 * 60 - 1);
    assert!(!all().iter().any(asked), "{:?}", all());
    world.wait(1);
    assert!(all().iter().all(asked), "{:?}", all());
    let wrong = world.app().step_up(&ada, "000000");
    assert!(matches!(wrong, Err(ActError::Fields(_))), "{wrong:?}");
    assert!(all().iter().all(asked));
    let code = totp(&world.secret("ada"), world.now());
    world.app().step_up(&ada, &code).unwrap();
    assert!(!all().iter().any(asked), "{:?}", all());
    // Another session of the same person gained nothing by it.
    world.wait(60);
    let other = world.sign_in_again("ada");
    world.wait(9 * 60);
    assert!(all().iter().all(asked));
    let read = world.app().inbox(&other, "lanternfish", "open");
    assert!(read.is_ok(), "reading asks for nothing");
}
