//! Letters about advisories: asked for, confirmed, sent once, ended by one press.

use candor_app::Subscription;
use candor_app::input::ActError;
use candor_ports::{CourierError, Letter, LetterKind};

use crate::common::{FULL, World, act};
use crate::road::{submit, to_approved};

const SLUG: &str = "lanternfish";
const SUE: &str = "sue@reader.test";

fn letters(world: &World, to: &str) -> Vec<Letter> {
    let all = world.courier.letters.lock().unwrap().clone();
    all.into_iter().filter(|l| l.to.reveal() == to).collect()
}

/// The token at the end of the address that a letter names.
fn token(letter: &Letter) -> String {
    letter.body.link.rsplit('/').next().unwrap().to_owned()
}

/// Somebody wants letters at an address, and the question leaves.
fn ask(world: &World, address: &str) {
    world.app().subscribe(SLUG, address).unwrap();
    world.app().see_to_readers().unwrap();
}

fn subscribed(world: &World, address: &str) -> String {
    ask(world, address);
    let token = token(&letters(world, address)[0]);
    world.app().confirm_subscription(SLUG, &token).unwrap();
    token
}

fn publish(world: &World) {
    let ada = world.set_up();
    world.colleague(&ada, "bob", "member");
    let case = submit(world, FULL);
    let digest = to_approved(world, &ada, &case);
    assert_eq!(
        world.app().tell_subscribers().unwrap(),
        0,
        "nothing is public"
    );
    world.at("2026-06-20T12:00:00Z");
    world.app().tick().unwrap();
    let bob = world.sign_in_again("bob");
    let publish = act("publish", &[("draft", &digest)]);
    world.desk(&bob, &case.reference, publish).unwrap();
}

#[test]
fn s0_60_a_subscriber_is_told_of_each_advisory_once_and_only_when_it_is_public() {
    let world = World::new();
    let sue = subscribed(&world, SUE);
    ask(&world, "never@reader.test");
    publish(&world);
    assert_eq!(world.app().tell_subscribers().unwrap(), 1);
    assert_eq!(world.app().tell_subscribers().unwrap(), 0, "once");
    let told = letters(&world, SUE).pop().unwrap();
    let LetterKind::News { title, leave, .. } = &told.body.kind else {
        panic!("another letter");
    };
    assert_eq!(title, "Command injection in the lantern daemon");
    assert!(leave.ends_with(&format!("/p/{SLUG}/unsubscribe/{sue}")));
    assert!(!format!("{told:?}").contains("CANARYDESC"));
    // Who never said yes was asked once and hears nothing.
    assert_eq!(letters(&world, "never@reader.test").len(), 1);
    // Who comes later is not told of what was there before.
    world.wait(60);
    subscribed(&world, "late@reader.test");
    assert_eq!(world.app().tell_subscribers().unwrap(), 0);
}

#[test]
fn an_address_is_asked_once_a_day_and_every_answer_is_the_same() {
    let world = World::new();
    let app = world.app();
    for _ in 0..5 {
        ask(&world, SUE);
        ask(&world, "Sue@Reader.TEST");
    }
    assert_eq!(letters(&world, SUE).len(), 1);
    world.wait(86_401);
    ask(&world, SUE);
    assert_eq!(letters(&world, SUE).len(), 2);
    let token = token(&letters(&world, SUE)[0]);
    app.confirm_subscription(SLUG, &token).unwrap();
    world.wait(86_401);
    ask(&world, SUE);
    assert_eq!(letters(&world, SUE).len(), 2, "who is told is not asked");
    let wrong = app.subscribe(SLUG, "nobody");
    assert!(matches!(wrong, Err(ActError::Fields(_))));
    assert_eq!(app.subscribe("another", SUE), Err(ActError::NotFound));
    // A flood asks only so many people within an hour.
    for n in 0..150 {
        app.subscribe(SLUG, &format!("n{n}@reader.test")).unwrap();
    }
    app.see_to_readers().unwrap();
    let asked = world.courier.letters.lock().unwrap().len();
    assert!(asked <= 102, "{asked}");
}

#[test]
fn one_press_ends_it_and_the_address_is_forgotten() {
    let world = World::new();
    let app = world.app();
    let sue = subscribed(&world, SUE);
    assert_eq!(app.subscription(SLUG, &sue), Ok(Subscription::Runs));
    app.end_subscription(SLUG, &sue).unwrap();
    assert_eq!(app.subscription(SLUG, &sue), Err(ActError::NotFound));
    assert_eq!(app.end_subscription(SLUG, &sue), Err(ActError::NotFound));
    publish(&world);
    assert_eq!(app.tell_subscribers().unwrap(), 0);
    for odd in ["", "x", "../../settings", &"A".repeat(43)] {
        assert_eq!(
            app.subscription(SLUG, odd),
            Err(ActError::NotFound),
            "{odd}"
        );
    }
    // Who never answers is forgotten, too.
    ask(&world, "never@reader.test");
    let never = token(&letters(&world, "never@reader.test")[0]);
    assert_eq!(app.subscription(SLUG, &never), Ok(Subscription::Asked));
    world.wait(2 * 86_400 + 1);
    app.tell_subscribers().unwrap();
    assert_eq!(app.subscription(SLUG, &never), Err(ActError::NotFound));
}

/// A letter that cannot leave now leaves later.
#[test]
fn what_cannot_leave_waits() {
    let world = World::new();
    let sue = subscribed(&world, SUE);
    publish(&world);
    let fails = |error| world.courier.failures.lock().unwrap().push(error);
    let code = || "451".to_owned();
    fails(CourierError::Transient { code: code() });
    assert_eq!(world.app().tell_subscribers().unwrap(), 0);
    world.wait(1_000);
    assert_eq!(world.app().tell_subscribers().unwrap(), 1);
    let runs = || world.app().subscription(SLUG, &sue);
    assert_eq!(runs(), Ok(Subscription::Runs));
}

/// An address that takes no letters any more is forgotten.
#[test]
fn who_is_no_longer_reached_is_forgotten() {
    let world = World::new();
    let sue = subscribed(&world, SUE);
    publish(&world);
    let code = "550".to_owned();
    let gone = CourierError::Permanent { code };
    world.courier.failures.lock().unwrap().push(gone);
    assert_eq!(world.app().tell_subscribers().unwrap(), 0);
    assert_eq!(
        world.app().subscription(SLUG, &sue),
        Err(ActError::NotFound)
    );
}

/// Whoever types somebody else's address into every page there is fills no mailbox.
#[test]
fn an_address_is_asked_once_a_day_by_all_programs_together() {
    let world = World::new();
    let app = world.app();
    let policy = "# Security policy of Lumen\n\nReport to security@lumen.test.\n";
    let lumen = app.put_program("lumen", "SECURITY.md", policy.as_bytes());
    let lumen = lumen.unwrap().slug;
    for slug in [SLUG, &lumen] {
        for address in [SUE, "sue+a@reader.test", "sue+b@reader.test"] {
            app.subscribe(slug, address).unwrap();
        }
    }
    app.see_to_readers().unwrap();
    assert_eq!(world.courier.letters.lock().unwrap().len(), 1);
}

/// On two servers of one database: the one that writes, and the one on which somebody leaves.
#[test]
fn who_leaves_while_a_letter_is_on_its_way_stays_away() {
    let Some(world) = World::on_postgres() else {
        return;
    };
    let sue = subscribed(&world, SUE);
    publish(&world);
    let another = world.another();
    let token = sue.clone();
    let leave = move || drop(another.end_subscription(SLUG, &token));
    *world.courier.meanwhile.0.lock().unwrap() = Some(Box::new(leave));
    assert_eq!(world.app().tell_subscribers().unwrap(), 1);
    let stands = world.app().subscription(SLUG, &sue);
    assert_eq!(stands, Err(ActError::NotFound));
}
