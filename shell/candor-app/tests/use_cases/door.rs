//! The sign-in history: its alarm, its review, and who may see it.

use candor_app::input::{ActError, SignInError};
use candor_ports::{CourierError, LetterKind};

use crate::common::World;

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

fn wrong(world: &World, login: &str) {
    let tried = world.app().sign_in(login, "not the pass phrase", "000000");
    assert!(matches!(
        tried,
        Err(SignInError::Wrong | SignInError::Wait(_))
    ));
}

/// Many wrong tries, each with another login that nobody has.
fn burst(world: &World, many: usize) {
    for n in 0..many {
        wrong(world, &format!("nobody{n}"));
    }
}

/// To whom letters of a kind went so far.
fn told(world: &World, kind: &LetterKind) -> Vec<String> {
    world.app().housekeeping().unwrap();
    let letters = world.courier.letters.lock().unwrap();
    let same = |l: &&candor_ports::Letter| {
        std::mem::discriminant(&l.body.kind) == std::mem::discriminant(kind)
    };
    let to = |l: &candor_ports::Letter| l.to.reveal().split('@').next().unwrap().to_owned();
    letters.iter().filter(same).map(to).collect()
}

const ALARM: LetterKind = LetterKind::WrongSignIns { tries: 0 };
const REVIEW: LetterKind = LetterKind::SignInReview { overdue: false };

#[test]
fn a_burst_of_wrong_sign_ins_rings_once_at_who_manages_the_server() {
    let world = World::new();
    let ada = world.set_up();
    let lin = world.colleague(&ada, "lin", "owner");
    burst(&world, 10);
    assert_eq!(told(&world, &ALARM), [""; 0], "as many as are usual");
    assert!(!world.app().sign_in_alarm(&ada).unwrap());
    burst(&world, 30);
    assert_eq!(told(&world, &ALARM), ["ada"]);
    assert_eq!(
        told(&world, &ALARM),
        ["ada"],
        "once, however often is looked"
    );
    assert!(world.app().sign_in_alarm(&ada).unwrap());
    let seen = world.app().sign_in_history(&ada).unwrap();
    assert_eq!(seen.alarm.unwrap().wrong, 11);
    // Another owner manages no server: no alarm, no logins that nobody has, no answer.
    assert!(!world.app().sign_in_alarm(&lin).unwrap());
    let theirs = world.app().sign_in_history(&lin).unwrap();
    assert!(theirs.alarm.is_none() && theirs.review.is_none());
    assert!(theirs.rows.iter().all(|r| r.who.is_some()));
    let answered = world.app().answer_sign_in_alarm(&lin);
    assert!(matches!(answered, Err(ActError::NotFound)), "{answered:?}");
    world.app().answer_sign_in_alarm(&ada).unwrap();
    assert!(!world.app().sign_in_alarm(&ada).unwrap());
    // The same burst does not ring again; one in a later hour does.
    burst(&world, 12);
    assert!(!world.app().sign_in_alarm(&ada).unwrap());
    world.wait(HOUR);
    let ada = world.sign_in_again("ada");
    burst(&world, 11);
    assert_eq!(told(&world, &ALARM), ["ada", "ada"]);
    assert!(world.app().sign_in_alarm(&ada).unwrap());
}

#[test]
fn a_burst_that_nobody_answers_rings_once_a_day() {
    let world = World::new();
    world.set_up();
    for hours in [1, 21, 2] {
        burst(&world, 11);
        assert_eq!(told(&world, &ALARM), ["ada"]);
        world.wait(hours * HOUR);
    }
    burst(&world, 11);
    assert_eq!(told(&world, &ALARM), ["ada", "ada"]);
}

#[test]
fn a_letter_about_the_door_that_waits_goes_later() {
    let world = World::new();
    world.set_up();
    burst(&world, 11);
    let code = "451".to_owned();
    let later = CourierError::Transient { code };
    world.courier.failures.lock().unwrap().push(later);
    assert_eq!(told(&world, &ALARM), [""; 0]);
    assert_eq!(told(&world, &ALARM), ["ada"]);
}

#[test]
fn the_history_says_who_did_what_and_never_from_where() {
    let world = World::new();
    let ada = world.set_up();
    world.colleague(&ada, "grace", "member");
    world.wait(60);
    wrong(&world, "grace");
    wrong(&world, "grace");
    world.wait(60);
    world.sign_in_again("grace");
    world.wait(60);
    world.app().reset_person(&ada, "grace").unwrap();
    world.wait(60);
    world.app().remove_person(&ada, "grace").unwrap();
    let seen = world.app().sign_in_history(&ada).unwrap();
    let of_grace: Vec<(&str, u32)> = seen
        .rows
        .iter()
        .filter(|r| r.who.as_deref() == Some("grace"))
        .map(|r| (r.what.as_str(), r.times))
        .collect();
    assert_eq!(
        of_grace,
        [
            ("was taken out", 1),
            ("was given a new start", 1),
            ("signed in", 1),
            ("wrong pass phrase or code", 2),
            ("set up the second factor", 1),
        ]
    );
    assert_eq!(seen.days.len(), 30);
    let today = seen.days.last().unwrap();
    assert_eq!((today.right, today.wrong), (1, 2));
}

#[test]
fn the_review_comes_round_and_is_signed_off() {
    let world = World::new();
    let ada = world.set_up();
    let grace = world.colleague(&ada, "grace", "member");
    assert_eq!(told(&world, &REVIEW), [""; 0]);
    let view = |token: &str| world.app().sign_in_history(token).unwrap().review.unwrap();
    assert!(!view(&ada).overdue && view(&ada).made.is_empty());
    let member = world.app().review_sign_ins(&grace);
    assert!(matches!(member, Err(ActError::NotFound)), "{member:?}");
    let unseen = world.app().sign_in_history(&grace);
    assert!(matches!(unseen, Err(ActError::NotFound)), "{unseen:?}");
    world.wait(30 * DAY);
    assert_eq!(told(&world, &REVIEW), ["ada"]);
    world.wait(6 * DAY);
    assert_eq!(told(&world, &REVIEW), ["ada"]);
    world.wait(DAY);
    assert_eq!(
        told(&world, &REVIEW),
        ["ada", "ada"],
        "once more a week later"
    );
    world.wait(30 * DAY);
    assert_eq!(told(&world, &REVIEW), ["ada", "ada"], "and not again");
    let ada = world.sign_in_again("ada");
    assert!(view(&ada).overdue);
    world.app().review_sign_ins(&ada).unwrap();
    let after = view(&ada);
    assert!(!after.overdue);
    assert_eq!(after.made.len(), 1);
    assert_eq!(after.made[0].0, "Ada");
    world.wait(30 * DAY);
    assert_eq!(told(&world, &REVIEW), ["ada", "ada", "ada"]);
}
