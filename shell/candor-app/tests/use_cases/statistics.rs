//! Figures tell nothing too early: publication shows to the second, figures only once
//! their month is over and five are together, and an open case moves nothing.

use candor_app::FigureFile;
use candor_app::input::ActError;

use crate::common::{FULL, World, act};
use crate::road::{Case, submit, to_approved};

fn public(world: &World) -> String {
    let file = world
        .app()
        .statistics_file("lanternfish", FigureFile::Json)
        .unwrap();
    String::from_utf8(file.body).unwrap()
}

fn publish(world: &World, desk: &str, case: &Case, digest: &str) -> Result<String, ActError> {
    world.desk(desk, &case.reference, act("publish", &[("draft", digest)]))
}

/// Everything that anybody can read of advisories, as one text.
fn everything(world: &World) -> String {
    let app = world.app();
    let atom = app.atom("lanternfish").unwrap();
    format!(
        "{:?}{}{:?}{}{:?}",
        app.advisories("lanternfish").unwrap(),
        String::from_utf8(atom.body).unwrap(),
        app.thanks("lanternfish").unwrap(),
        public(world),
        app.statistics("lanternfish").unwrap()
    )
}

#[test]
fn one_second_before_its_hour_nothing_is_public_and_at_the_second_everything() {
    let world = World::new();
    let ada = world.set_up();
    let blank = everything(&world);
    let case = submit(&world, FULL);
    let digest = to_approved(&world, &ada, &case);
    world.colleague(&ada, "grace", "member");
    world.at("2026-06-20T11:59:59Z");
    let grace = world.sign_in_again("grace");
    let early = publish(&world, &grace, &case, &digest);
    assert!(matches!(early, Err(ActError::Refused(_))), "{early:?}");
    assert_eq!(everything(&world), blank, "one second before");
    world.wait(1);
    assert_eq!(everything(&world), blank, "nobody has published yet");
    publish(&world, &grace, &case, &digest).unwrap();
    let app = world.app();
    let (all, thanks) = (
        app.advisories("lanternfish").unwrap(),
        app.thanks("lanternfish").unwrap(),
    );
    assert_eq!((all.len(), thanks.len()), (1, 1));
    let (card, _) = app.advisory("lanternfish", &all[0].id).unwrap();
    assert!(card.title.contains("Command injection"), "{}", card.title);
    let atom = String::from_utf8(app.atom("lanternfish").unwrap().body).unwrap();
    assert!(atom.contains("2026-06-20T12:00:00Z"), "{atom}");
    assert_eq!(app.statistics("lanternfish").unwrap().published, 1);
    assert!(public(&world).contains("\"advisories\": 1"));
}

#[test]
fn figures_come_when_the_month_is_over_and_five_are_together() {
    let world = World::new();
    let ada = world.set_up();
    let mut cases = Vec::new();
    for _ in 0..5 {
        let case = submit(&world, FULL);
        let digest = to_approved(&world, &ada, &case);
        cases.push((case, digest));
    }
    world.colleague(&ada, "grace", "member");
    world.at("2026-06-20T12:00:00Z");
    let grace = world.sign_in_again("grace");
    for (case, digest) in &cases {
        publish(&world, &grace, case, digest).unwrap();
    }
    let now = world.app().statistics("lanternfish").unwrap();
    assert_eq!((now.published, now.reports), (5, 0));
    assert!(now.withheld.is_some() && now.times.is_empty() && now.lines.is_empty());
    // The team sees all of it at once, with what is open.
    let team = world
        .app()
        .team_statistics(&grace, "lanternfish", "", "")
        .unwrap();
    assert_eq!(team.reports, 5);
    assert!(!team.numbers.is_empty() && !team.times.is_empty());
    let none = world
        .app()
        .team_statistics(&grace, "lanternfish", "2026-06-02", "2026-06-30")
        .unwrap();
    assert_eq!(none.reports, 0);
    let until = |day: &str| {
        let app = world.app();
        app.team_statistics(&grace, "lanternfish", "", day).unwrap()
    };
    assert_eq!(until("2026-06-01").reports, 5, "the day itself counts");
    assert_eq!(until("2026-05-31").reports, 0);
    world.at("2026-06-30T23:59:59Z");
    assert_eq!(world.app().statistics("lanternfish").unwrap().reports, 0);
    world.wait(1);
    let over = world.app().statistics("lanternfish").unwrap();
    assert_eq!((over.reports, over.withheld.as_ref()), (5, None));
    let disclosed = over
        .times
        .iter()
        .find(|t| t.what == "Until details are published")
        .unwrap();
    assert_eq!((disclosed.n, disclosed.words[0].as_str()), (5, "19 days"));
    assert!(over.numbers.is_empty(), "what is open is the team's");
    let before = public(&world);
    assert!(!before.contains(&cases[0].0.reference));
    // A report that comes in, and work on one of the five, change nothing.
    let sixth = submit(&world, FULL);
    let grace = world.sign_in_again("grace");
    answered(&world, &grace, &sixth);
    assert_eq!(public(&world), before);
    let first = &cases[0].0.reference;
    let more = act(
        "say",
        &[
            ("lane", "reporter"),
            ("kind", "status"),
            ("message", "More soon."),
        ],
    );
    world.desk(&grace, first, more).unwrap();
    assert_eq!(public(&world), before);
}

/// The first act on a case: enough that its clocks change.
fn answered(world: &World, desk: &str, case: &Case) {
    world
        .desk(
            desk,
            &case.reference,
            act("acknowledge", &[("message", "Thank you.")]),
        )
        .unwrap();
}

#[test]
fn the_teams_figures_are_for_the_team() {
    let world = World::new();
    let ada = world.set_up();
    let case = submit(&world, FULL);
    assert!(
        world
            .app()
            .team_statistics(&case.room, "lanternfish", "", "")
            .is_err()
    );
    let file = world
        .app()
        .team_statistics_file(&ada, "lanternfish", ["", ""], FigureFile::Csv)
        .unwrap();
    let before = world
        .app()
        .team_statistics_file(&ada, "lanternfish", ["", "2026-05-01"], FigureFile::Csv)
        .unwrap();
    assert!(
        !String::from_utf8(before.body)
            .unwrap()
            .contains("backlog,reports,,1,")
    );
    for (since, until) in [("1 June", ""), ("", "2026-02-30")] {
        let wrong = world
            .app()
            .team_statistics(&ada, "lanternfish", since, until)
            .unwrap_err();
        assert!(matches!(wrong, ActError::Fields(_)), "{since} {until}");
    }
    let table = String::from_utf8(file.body).unwrap();
    assert!(table.starts_with("kind,figure,of,n,median,p90,max,part,whole\r\n"));
    assert!(table.contains("backlog,reports,,1,"), "{table}");
    for line in table.lines() {
        assert_eq!(line.split(',').count(), 9, "{line}");
    }
    assert!(world.app().operator_statistics().unwrap().is_array());
}
