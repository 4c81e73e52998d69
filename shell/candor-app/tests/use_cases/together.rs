//! Many cases at once: filters of the inbox, alarms answered together, one lead for many.

use candor_access::view::InboxFilter;
use candor_app::input::ActError;

use crate::common::{FULL, World, act};
use crate::road::{Case, assess, submit};

const P: &str = "lanternfish";

fn found(world: &World, token: &str, filter: InboxFilter) -> Vec<String> {
    let view = world.app().inbox(token, P, filter).unwrap();
    view.rows.into_iter().map(|r| r.reference).collect()
}

fn id_of(world: &World, token: &str, name: &str) -> String {
    let view = world.app().inbox(token, P, "open").unwrap();
    let found = view.team.into_iter().find(|(_, n)| n == name);
    found.unwrap().0
}

#[test]
fn the_inbox_is_narrowed_by_what_a_case_is_and_found_by_its_reference() {
    let world = World::new();
    let ada = world.set_up();
    let (first, other): (Case, Case) = (submit(&world, FULL), submit(&world, FULL));
    let thanks = [("message", "Thank you, we are looking into it.")];
    world
        .desk(&ada, &first.reference, act("acknowledge", &thanks))
        .unwrap();
    assess(&world, &ada, &first);
    let me = id_of(&world, &ada, "Ada");
    world
        .desk(&ada, &first.reference, act("assign", &[("lead", &me)]))
        .unwrap();
    let with = |change: fn(&mut InboxFilter)| {
        let mut filter = InboxFilter::from("open");
        change(&mut filter);
        found(&world, &ada, filter)
    };
    let (a, b) = ([first.reference.clone()], [other.reference.clone()]);
    assert_eq!(with(|f| f.stage = "reproduced".into()), a);
    assert_eq!(with(|f| f.stage = "received".into()), b);
    assert_eq!(with(|f| f.severity = "critical".into()).len(), 2);
    assert!(with(|f| f.severity = "none".into()).is_empty());
    assert_eq!(with(|f| f.lead = "mine".into()), a);
    assert_eq!(with(|f| f.lead = "nobody".into()), b);
    assert!(with(|f| f.waiting = "reporter".into()).is_empty());
    assert_eq!(with(|f| f.waiting = "team".into()).len(), 2);
    assert!(with(|f| f.overdue = "yes".into()).is_empty());
    let part: String = other.reference.to_lowercase().chars().skip(4).collect();
    let by_part = InboxFilter {
        reference: format!(" {part} "),
        ..InboxFilter::default()
    };
    assert_eq!(found(&world, &ada, by_part), b);
    // What nobody understands narrows nothing, and no markup comes back.
    let odd = InboxFilter {
        list: "<b>".into(),
        stage: "\"><script>".into(),
        severity: "worst".into(),
        lead: me,
        ..InboxFilter::default()
    };
    let view = world.app().inbox(&ada, P, odd).unwrap();
    assert_eq!(view.rows.len(), 2);
    assert_eq!(view.filter, InboxFilter::from("open"));
    // The team reads what it has to do.
    let row = view.rows.iter().find(|r| r.reference == b[0]).unwrap();
    assert_eq!(row.next.as_deref(), Some("Acknowledge the report"));
}

#[test]
fn several_alarms_are_answered_at_once_and_each_by_itself() {
    let world = World::new();
    let ada = world.set_up();
    let cases: Vec<Case> = (0..3).map(|_| submit(&world, FULL)).collect();
    world.wait(4 * 24 * 3_600);
    world.app().tick().unwrap();
    let ada = {
        drop(ada);
        world.sign_in_again("ada")
    };
    let view = world.app().alarms(&ada, P).unwrap();
    let mut seen: Vec<&str> = view.alarms.iter().map(|a| a.reference.as_str()).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 3);
    assert_eq!(view.rows.len(), 3);
    assert_eq!(view.alarms[0].what, "A person answers you");
    let of = |case: &Case| -> Vec<String> {
        let of = view.alarms.iter().filter(|a| a.reference == case.reference);
        of.map(|a| a.value.clone()).collect()
    };
    // One was answered on its own page in between, one is made up.
    let (one, two) = (of(&cases[0]), of(&cases[1]));
    let key = one[0].split_once(' ').unwrap().1.to_owned();
    world
        .desk(
            &ada,
            &cases[0].reference,
            act("answer_alarm", &[("clock", &key)]),
        )
        .unwrap();
    let mut chosen = one.clone();
    chosen.extend(two.clone());
    chosen.push("LNT-AAAA-AAAA promise-1".to_owned());
    chosen.push("nonsense".to_owned());
    let done = world.app().answer_alarms(&ada, P, &chosen).unwrap();
    assert!(two.len() <= done.done.len() && done.done.contains(&cases[1].reference));
    let failed: Vec<&str> = done.not_done.iter().map(|(r, _)| r.as_str()).collect();
    assert_eq!(
        failed,
        [cases[0].reference.as_str(), "LNT-AAAA-AAAA", "nonsense"]
    );
    assert!(done.not_done.iter().all(|(_, why)| !why.is_empty()));
    let left = world.app().alarms(&ada, P).unwrap().alarms;
    assert!(left.iter().all(|a| a.reference == cases[2].reference));
    // The miss stays one, and the promise is still to be kept.
    assert_eq!(world.app().alarms(&ada, P).unwrap().rows.len(), 3);
    let none = world.app().answer_alarms(&ada, P, &[]);
    assert!(matches!(none, Err(ActError::Fields(_))));
    let many = vec!["LNT-AAAA-AAAA promise-1".to_owned(); 201];
    let many = world.app().answer_alarms(&ada, P, &many);
    assert!(matches!(many, Err(ActError::Fields(_))));
}

#[test]
fn several_cases_get_a_lead_at_once() {
    let world = World::new();
    let ada = world.set_up();
    world.colleague(&ada, "grace", "member");
    let grace = id_of(&world, &ada, "grace");
    let cases: Vec<Case> = (0..2).map(|_| submit(&world, FULL)).collect();
    let mut chosen: Vec<String> = cases.iter().map(|c| c.reference.clone()).collect();
    chosen.push("LNT-AAAA-AAAA".to_owned());
    let assign = |lead: &str| world.app().assign_several(&ada, P, &chosen, lead);
    let stranger = assign("00000000000000000000000000000000").unwrap();
    assert!(stranger.done.is_empty() && stranger.not_done.len() == 3);
    assert!(matches!(assign(""), Err(ActError::Fields(_))));
    let done = assign(&grace).unwrap();
    assert_eq!(done.done, chosen[..2]);
    assert_eq!(done.not_done.len(), 1);
    let rows = world.app().inbox(&ada, P, "open").unwrap().rows;
    assert!(rows.iter().all(|r| r.lead.as_deref() == Some("grace")));
}

#[test]
fn who_does_not_work_in_the_program_does_nothing_for_several() {
    let world = World::new();
    let ada = world.set_up();
    let case = submit(&world, FULL);
    let chosen = [case.reference.clone()];
    for token in [case.room.as_str(), "", &"A".repeat(43)] {
        let app = world.app();
        let nobody = Err(ActError::SignedOut);
        assert_eq!(app.alarms(token, P).map(|_| ()), nobody);
        assert_eq!(app.answer_alarms(token, P, &chosen).map(|_| ()), nobody);
        assert_eq!(
            app.assign_several(token, P, &chosen, "x").map(|_| ()),
            nobody
        );
        assert_eq!(
            app.assign_several(token, P, &chosen, "").map(|_| ()),
            nobody
        );
    }
    let nowhere = world.app().answer_alarms(&ada, "nobody", &chosen);
    assert_eq!(nowhere, Err(ActError::NotFound));
    assert_eq!(
        world.app().alarms(&ada, "nobody").map(|_| ()),
        Err(ActError::NotFound)
    );
}
