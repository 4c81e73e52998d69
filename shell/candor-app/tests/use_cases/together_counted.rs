//! What several servers count together: tries to sign in, letters to one address, and the
//! sentence after an act. On one server the same holds over a restart.

use candor_app::App;
use candor_app::input::SignInError;

use crate::common::{PASS, World, totp};
use crate::road::submit;

/// A server, then another one on the same data.
fn on_two(world: &World, first: impl Fn(&App), then: impl Fn(&App)) {
    first(world.app());
    then(&world.another());
}

/// The same over a restart, where only one process may have the data.
fn over_a_restart(world: &mut World, first: impl Fn(&App), then: impl Fn(&App)) {
    first(world.app());
    world.restart();
    then(world.app());
}

fn guesses(app: &App, number: u32) {
    for _ in 0..number {
        for login in ["ada", "nobody"] {
            assert_eq!(app.sign_in(login, "wrong", ""), Err(SignInError::Wrong));
        }
    }
}

fn out_of_tries(app: &App) {
    guesses(app, 2);
    for login in ["ada", "nobody"] {
        let next = app.sign_in(login, PASS, "");
        assert!(matches!(next, Err(SignInError::Wait(60))), "{next:?}");
    }
}

#[test]
fn tries_to_sign_in_are_counted_by_all_servers_together() {
    let mut one = World::new();
    one.set_up();
    over_a_restart(&mut one, |app| guesses(app, 3), out_of_tries);
    let Some(world) = World::on_postgres() else {
        return;
    };
    world.set_up();
    on_two(&world, |app| guesses(app, 3), out_of_tries);
    // A success on any of them begins anew on all.
    world.wait(60);
    let secret = world.secret("ada");
    let code = totp(&secret, world.now());
    assert!(world.another().sign_in("ada", PASS, &code).is_ok());
    for _ in 0..4 {
        let next = world.app().sign_in("ada", "wrong", "");
        assert_eq!(next, Err(SignInError::Wrong));
    }
}

#[test]
fn midnight_forgets_no_tries() {
    let world = World::new();
    world.set_up();
    world.at("2026-06-10T23:59:50Z");
    guesses(world.app(), 5);
    world.wait(15);
    let next = world.app().sign_in("ada", PASS, "");
    assert!(matches!(next, Err(SignInError::Wait(_))), "{next:?}");
    let next = world.app().sign_in("nobody", PASS, "");
    assert!(matches!(next, Err(SignInError::Wait(_))), "{next:?}");
}

#[test]
fn an_address_gets_one_receipt_a_day_from_all_servers_together() {
    let receipts = |world: &World| {
        let tried = world.courier.tried.lock().unwrap();
        tried.len()
    };
    let send = |world: &World, app: &App| {
        submit(world, crate::common::FULL);
        app.deliver().unwrap();
    };
    let mut alone = World::new();
    alone.set_up();
    send(&alone, alone.app());
    let first = receipts(&alone);
    send(&alone, alone.app());
    let second = receipts(&alone) - first;
    alone.restart();
    send(&alone, alone.app());
    assert_eq!(
        receipts(&alone) - first - second,
        second,
        "a restart forgets nothing"
    );
    assert!(second < first, "the receipt went once");

    let Some(world) = World::on_postgres() else {
        return;
    };
    world.set_up();
    send(&world, world.app());
    assert_eq!(receipts(&world), first);
    send(&world, &world.another());
    assert_eq!(receipts(&world) - first, second);
}

#[test]
fn the_sentence_after_an_act_is_shown_once_by_whichever_server_is_asked() {
    let says = |app: &App| {
        app.keep_said("a session", "The case is acknowledged.");
        app.keep_said("another", "Something else.");
    };
    let shows = |app: &App| {
        let said = app.take_said("a session");
        assert_eq!(said.as_deref(), Some("The case is acknowledged."));
        assert_eq!(app.take_said("a session"), None, "once");
        assert_eq!(app.take_said("nobody"), None);
    };
    over_a_restart(&mut World::new(), says, shows);
    let Some(world) = World::on_postgres() else {
        return;
    };
    on_two(&world, says, shows);
    world.wait(601);
    assert_eq!(world.app().take_said("another"), None, "ten minutes");
}
