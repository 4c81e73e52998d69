//! What the operator does for people who lost a factor, and about people who left.

use candor_app::OperatorError;
use candor_app::input::{ActError, SignInError, SignedIn};

use crate::common::{FULL, PASS, World, act, totp};
use crate::road::submit;

fn row(world: &World, login: &str) -> candor_app::OperatorAccount {
    let all = world.app().operator_accounts().unwrap();
    all.into_iter().find(|a| a.login == login).unwrap()
}

#[test]
fn a_reset_gives_a_new_way_in_and_closes_every_old_one() {
    let world = World::new();
    let token = world.set_up();
    let secret = world.secret("ada");
    world.wait(60);
    let pass = world.app().operator_reset(" Ada ").unwrap();
    assert_eq!(
        world.app().staff_programs(&token).unwrap_err(),
        ActError::SignedOut,
        "the open session is over"
    );
    let old = totp(&secret, world.now());
    assert_eq!(
        world.app().sign_in("ada", PASS, &old),
        Err(SignInError::Wrong)
    );
    assert!(!row(&world, "ada").second_factor);
    let Ok(SignedIn::Enrol(half)) = world.app().sign_in("ada", &pass, "") else {
        panic!("the second factor is set up anew");
    };
    let token = world.enrol(&half, "ada", &pass);
    assert_ne!(world.secret("ada"), secret);
    let (_, admin, programs) = world.app().staff_programs(&token).unwrap();
    assert!(admin && programs.len() == 1, "roles stay");
    let ada = row(&world, "ada");
    assert!(ada.second_factor && !ada.removed);
    assert!(ada.last_act.unwrap().ends_with(" reset"));
}

#[test]
fn a_half_session_does_not_survive_a_reset() {
    let world = World::new();
    let owner = world.set_up();
    world.colleague(&owner, "bob", "member");
    world.app().operator_reset("bob").unwrap();
    let second = world.app().operator_reset("bob").unwrap();
    let Ok(SignedIn::Enrol(half)) = world.app().sign_in("bob", &second, "") else {
        panic!("the newest pass phrase works");
    };
    world.app().operator_reset("bob").unwrap();
    assert_eq!(
        world.app().enrolment(&half).unwrap_err(),
        ActError::SignedOut
    );
}

#[test]
fn wrong_tries_of_strangers_do_not_keep_out_who_was_let_in_anew() {
    let world = World::new();
    world.set_up();
    for _ in 0..5 {
        let _ = world.app().sign_in("ada", "a stranger's guess", "000000");
    }
    assert!(matches!(
        world.app().sign_in("ada", PASS, "000000"),
        Err(SignInError::Wait(_))
    ));
    let pass = world.app().operator_reset("ada").unwrap();
    assert!(matches!(
        world.app().sign_in("ada", &pass, ""),
        Ok(SignedIn::Enrol(_))
    ));
}

#[test]
fn who_is_removed_has_nothing_left_but_the_name_in_histories() {
    let world = World::new();
    let owner = world.set_up();
    let bob = world.colleague(&owner, "bob", "member");
    let receipt = submit(&world, FULL);
    world
        .desk(
            &bob,
            &receipt.reference,
            act("acknowledge", &[("message", "Thank you.")]),
        )
        .unwrap();
    let secret = world.secret("bob");
    world.app().operator_remove("bob").unwrap();
    assert_eq!(
        world.app().staff_programs(&bob).unwrap_err(),
        ActError::SignedOut
    );
    world.wait(60);
    let code = totp(&secret, world.now());
    for pass in [PASS, "", &code] {
        assert_eq!(
            world.app().sign_in("bob", pass, &code),
            Err(SignInError::Wrong)
        );
    }
    let bob = row(&world, "bob");
    assert!(bob.removed && bob.roles.is_empty() && !bob.second_factor);
    let owner = world.sign_in_again("ada");
    let page = world
        .app()
        .case_page(&owner, "lanternfish", &receipt.reference)
        .unwrap();
    assert!(format!("{:?}", page.timeline).contains("bob"));
}

#[test]
fn the_last_one_who_manages_the_instance_stays() {
    let world = World::new();
    let owner = world.set_up();
    world.colleague(&owner, "bob", "owner");
    assert!(matches!(
        world.app().operator_remove("ada"),
        Err(OperatorError::Refused(words)) if words.contains("only account")
    ));
    assert!(
        world.app().staff_programs(&owner).is_ok(),
        "nothing changed"
    );
    assert!(matches!(
        world.app().operator_reset("nobody"),
        Err(OperatorError::Refused(_))
    ));
}
