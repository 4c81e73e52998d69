//! A missed promise calls one person after the other until somebody answers.

use candor_app::input::ActError;
use candor_case::MailKind;

use crate::common::{FULL, World, act};
use crate::road::submit;

/// To whom letters of alarm went so far, in order.
fn called(world: &World) -> Vec<String> {
    while world.app().deliver().unwrap() > 0 {}
    let letters = world.courier.letters.lock().unwrap();
    letters
        .iter()
        .filter(|l| {
            matches!(
                l.body.kind,
                candor_ports::LetterKind::Case(MailKind::Alarm { .. })
            )
        })
        .map(|l| l.to.reveal().split('@').next().unwrap().to_owned())
        .collect()
}

#[test]
fn each_person_in_line_is_called_until_one_says_seen() {
    let world = World::new();
    let ada = world.set_up();
    world.colleague(&ada, "grace", "member");
    world.colleague(&ada, "lin", "member");
    let shown = world.app().settings(&ada, "lanternfish").unwrap();
    let (mut values, base) = (shown.values, shown.base);
    values.insert("on_duty".to_owned(), "grace".to_owned());
    values.insert("deputy".to_owned(), "lin".to_owned());
    values.insert("head".to_owned(), "nobody-here".to_owned());
    let wrong = world
        .app()
        .save_settings(&ada, "lanternfish", values.clone(), &base);
    let Err(ActError::Fields(errors)) = wrong else {
        panic!("a stranger is in no line: {wrong:?}");
    };
    assert_eq!(errors[0].field, "head");
    let case = submit(&world, FULL);
    // The line of today holds, also for a case that came in under other settings.
    values.insert("head".to_owned(), "ada".to_owned());
    world
        .app()
        .save_settings(&ada, "lanternfish", values, &base)
        .unwrap();
    let page = |who: &str| {
        world
            .app()
            .case_page(who, "lanternfish", &case.reference)
            .unwrap()
    };
    let due = page(&ada).clocks[0].due.clone().unwrap().at;
    let mut seen = Vec::new();
    for hours in [1, 4, 12, 24] {
        world.at(&due.plus_seconds(hours * 3_600).to_string());
        world.app().tick().unwrap();
        seen = called(&world);
    }
    assert_eq!(seen, ["grace", "grace", "lin", "ada"]);
    let grace = world.sign_in_again("grace");
    let shown = page(&grace);
    let (key, _) = shown.open_alarms[0].clone();
    assert!(shown.alarms.iter().any(|a| a.contains("have seen it")));
    world
        .desk(
            &grace,
            &case.reference,
            act("answer_alarm", &[("clock", &key)]),
        )
        .unwrap();
    let shown = page(&grace);
    assert!(shown.open_alarms.iter().all(|(k, _)| *k != key));
    let line = shown
        .ledger
        .iter()
        .find(|l| l.notes.iter().any(|n| n.starts_with("Seen by grace")))
        .unwrap();
    assert!(line.state.starts_with("missed"), "{line:?}");
    assert!(!line.clause.is_empty() && line.quote.is_some() && !line.policy.is_empty());
}
