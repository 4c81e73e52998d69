//! Recovery codes, another second factor, and who let somebody in again.

use candor_app::input::{ActError, Browser, Place, SignInError, SignedIn};
use candor_ports::{LetterKind, SignInAct};

use crate::common::{PASS, World, totp};

/// The acts that the history of whoever looks has about a name.
fn history(world: &World, token: &str, name: &str) -> Vec<(String, u32)> {
    let seen = world.app().sign_in_history(token).unwrap();
    let own = seen.rows.iter().filter(|r| r.who.as_deref() == Some(name));
    own.map(|r| (r.what.clone(), r.times)).collect()
}

/// To whom letters about their own account went so far, and about what.
fn told(world: &World) -> Vec<(String, SignInAct)> {
    world.app().housekeeping().unwrap();
    let letters = world.courier.letters.lock().unwrap();
    let of = |l: &candor_ports::Letter| {
        let LetterKind::YourAccount(act) = l.body.kind else {
            return None;
        };
        Some((l.to.reveal().split('@').next().unwrap().to_owned(), act))
    };
    letters.iter().filter_map(of).collect()
}

/// Ten new codes of Ada, made with a fresh code of her authenticator.
fn codes(world: &World, ada: &str) -> Vec<String> {
    world.wait(60);
    let code = totp(&world.secret("ada"), world.now());
    world.app().new_recovery_codes(ada, &code).unwrap()
}

#[test]
fn a_recovery_code_signs_in_once_and_its_owner_is_told() {
    let world = World::new();
    let ada = world.set_up();
    assert_eq!(
        world.app().recovery_left(&ada).unwrap(),
        10,
        "from the start"
    );
    let all = codes(&world, &ada);
    assert_eq!(all.len(), 10);
    assert_eq!(told(&world), [("ada".to_owned(), SignInAct::RecoveryMade)]);
    let typed = all[3].replace('-', " ");
    let wrong = world.app().sign_in("ada", "not the pass phrase", &typed);
    assert_eq!(wrong, Err(SignInError::Wrong), "one factor is not enough");
    let Ok(SignedIn::Full(again)) = world.app().sign_in("ada", PASS, &typed) else {
        panic!("the code is good");
    };
    assert_eq!(world.app().recovery_left(&again).unwrap(), 9);
    let twice = world.app().sign_in("ada", PASS, &all[3]);
    assert_eq!(twice, Err(SignInError::Wrong), "a code works once");
    let of_ada = history(&world, &again, "Ada");
    assert!(of_ada.contains(&("used a recovery code".to_owned(), 1)));
    let used = ("ada".to_owned(), SignInAct::RecoveryUsed);
    assert_eq!(told(&world).iter().filter(|t| **t == used).count(), 1);
    assert_eq!(told(&world).iter().filter(|t| **t == used).count(), 1);
    // Another one within the hour is another letter.
    world.app().sign_in("ada", PASS, &all[4]).unwrap();
    assert_eq!(told(&world).iter().filter(|t| **t == used).count(), 2);
    // New codes end the old ones, and a fresh code is asked for.
    let renewed = world.app().new_recovery_codes(&again, "000000");
    assert!(matches!(renewed, Err(ActError::Fields(_))), "{renewed:?}");
    codes(&world, &again);
    let old = world.app().sign_in("ada", PASS, &all[5]);
    assert_eq!(old, Err(SignInError::Wrong));
}

#[test]
fn a_recovery_code_of_one_person_opens_no_other_account() {
    let world = World::new();
    let ada = world.set_up();
    world.colleague(&ada, "bob", "member");
    let of_ada = codes(&world, &ada);
    let pass = world.pass("bob");
    let tried = world.app().sign_in("bob", &pass, &of_ada[0]);
    assert_eq!(tried, Err(SignInError::Wrong));
    assert_eq!(world.app().recovery_left(&ada).unwrap(), 10);
}

#[test]
fn of_two_uses_at_once_one_counts() {
    let world = &World::new();
    let ada = world.set_up();
    let code = codes(world, &ada).remove(0);
    let good: usize = std::thread::scope(|scope| {
        let tries = [(); 2].map(|()| {
            let code = &code;
            scope.spawn(move || world.app().sign_in("ada", PASS, code).is_ok())
        });
        tries.map(|t| usize::from(t.join().unwrap())).iter().sum()
    });
    assert_eq!(good, 1);
    assert_eq!(world.app().recovery_left(&ada).unwrap(), 9);
}

#[test]
fn another_authenticator_replaces_the_old_one_only_once_it_is_confirmed() {
    let world = World::new();
    let ada = world.set_up();
    let code = codes(&world, &ada).remove(0);
    world.wait(60);
    let other = world.sign_in_again("ada");
    let wrong = world.app().replace_second_factor(&ada, "123456");
    assert!(matches!(wrong, Err(ActError::Fields(_))), "{wrong:?}");
    let half = world.app().replace_second_factor(&ada, &code).unwrap();
    assert_eq!(world.app().recovery_left(&ada), Err(ActError::SignedOut));
    assert_eq!(
        world.app().staff_programs(&half).unwrap_err(),
        ActError::SignedOut,
        "half a session opens nothing"
    );
    // Not confirmed: the old one holds.
    world.wait(60);
    world.sign_in_again("ada");
    let secret = world.app().enrolment(&half).unwrap().secret;
    assert_ne!(secret, world.secret("ada"));
    let done = world
        .app()
        .confirm_enrolment(&half, &totp(&secret, world.now()))
        .unwrap();
    assert_eq!(done.codes.len(), 10);
    assert_eq!(world.app().recovery_left(&other), Err(ActError::SignedOut));
    assert_eq!(world.app().recovery_left(&done.token).unwrap(), 10);
    world.wait(60);
    let old = totp(&world.secret("ada"), world.now());
    let tried = world.app().sign_in("ada", PASS, &old);
    assert_eq!(tried, Err(SignInError::Wrong));
    let new = totp(&secret, world.now());
    assert!(world.app().sign_in("ada", PASS, &new).is_ok());
}

#[test]
fn a_new_start_ends_recovery_codes_and_names_who_gave_it() {
    let world = World::new();
    let ada = world.set_up();
    let bob = world.colleague(&ada, "bob", "owner");
    world.wait(60);
    let code = totp(&world.secret("bob"), world.now());
    let codes = world.app().new_recovery_codes(&bob, &code).unwrap();
    let pass = world.app().reset_person(&ada, "bob").unwrap();
    // The pass phrase alone leads to the set-up of the second factor, whatever code is typed.
    let Ok(SignedIn::Enrol(half)) = world.app().sign_in("bob", &pass, &codes[0]) else {
        panic!("a second factor is to be set up");
    };
    let bob = world.enrol(&half, "bob", &pass);
    assert_eq!(world.app().recovery_left(&bob).unwrap(), 10);
    world.wait(60);
    let tried = world.app().sign_in("bob", &pass, &codes[0]);
    assert_eq!(tried, Err(SignInError::Wrong));
    let seen = world.app().sign_in_history(&ada).unwrap().acts;
    let seen: Vec<_> = seen.iter().map(|a| (&*a.by, &*a.about, &*a.what)).collect();
    assert_eq!(seen, [("Ada", "bob", "was given a new start")]);
    assert!(told(&world).contains(&("bob".to_owned(), SignInAct::NewStart)));
}

fn with(known: Option<String>) -> Place {
    Place {
        browser: Some(Browser::Firefox),
        known,
    }
}

/// Signs in with a browser; gives the word by which it is known.
fn sign_in_with(world: &World, login: &str, known: Option<String>) -> Option<String> {
    world.wait(60);
    let code = totp(&world.secret(login), world.now());
    let pass = world.pass(login);
    let arrived = world.app().sign_in_from(&with(known), login, &pass, &code);
    arrived.unwrap().known
}

#[test]
fn a_browser_not_seen_before_is_marked_and_told_once() {
    let world = World::new();
    let ada = world.set_up();
    world.colleague(&ada, "bob", "member");
    let new = ("ada".to_owned(), SignInAct::NewPlace);
    let letters = || told(&world).iter().filter(|t| **t == new).count();
    // The one in which the second factor was set up is known, and no letter goes.
    let first = world.app().know_browser(&ada, &with(None)).unwrap();
    let again = sign_in_with(&world, "ada", Some(first.clone()));
    assert_eq!(again.as_ref(), Some(&first));
    assert_eq!(letters(), 0);
    // Another one is told of; the same one again is not.
    let other = sign_in_with(&world, "ada", None).unwrap();
    assert_ne!(other, first);
    assert_eq!(letters(), 1);
    let line = ("signed in with a browser not seen before".to_owned(), 1);
    world.wait(60);
    let ada = world.sign_in_again("ada");
    assert!(history(&world, &ada, "Ada").contains(&line));
    sign_in_with(&world, "ada", Some(other.clone()));
    assert_eq!(letters(), 1);
    // A made-up word is none, and the word of one person says nothing about another.
    for (odd, so_far) in [("x".to_owned(), 2), ("A".repeat(43), 3)] {
        assert_ne!(sign_in_with(&world, "ada", Some(odd)), Some(other.clone()));
        assert_eq!(letters(), so_far);
    }
    sign_in_with(&world, "bob", Some(other.clone()));
    let of_bob = ("bob".to_owned(), SignInAct::NewPlace);
    assert_eq!(told(&world).iter().filter(|t| **t == of_bob).count(), 1);
    // Half a year later it is new again.
    world.wait(candor_app::KNOWN_FOR - 60);
    sign_in_with(&world, "ada", Some(other));
    assert_eq!(letters(), 4);
    // From no browser, on the machine itself, there is nothing to mark.
    world.wait(60);
    world.sign_in_again("ada");
    assert_eq!(letters(), 4);
}
