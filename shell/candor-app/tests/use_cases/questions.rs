//! How many questions a page asks the store: the same, however many cases there are.

use std::sync::atomic::Ordering;

use crate::common::{FULL, World};
use crate::road::{Case, submit};

const P: &str = "lanternfish";

type Page = (&'static str, fn(&World, &str, &Case));

/// Every page about a whole program, and the page of one case.
const PAGES: &[Page] = &[
    ("public figures", |w, _, _| {
        w.app().statistics(P).unwrap();
    }),
    ("figures of the team", |w, ada, _| {
        w.app().team_statistics(ada, P, "", "").unwrap();
    }),
    ("against luck", |w, ada, _| {
        w.app().skill(ada, P).unwrap();
    }),
    ("inbox", |w, ada, _| {
        w.app().inbox(ada, P, "open").unwrap();
    }),
    ("what is overdue", |w, ada, _| {
        w.app().alarms(ada, P).unwrap();
    }),
    ("case", |w, ada, case| {
        w.app().case_page(ada, P, &case.reference).unwrap();
    }),
    ("list of the operator", |w, _, _| {
        w.app().operator_list().unwrap();
    }),
];

fn questions(world: &World, ada: &str, case: &Case) -> Vec<(&'static str, u64)> {
    let count = |page: &Page| {
        let before = world.gate.reads.load(Ordering::SeqCst);
        page.1(world, ada, case);
        (page.0, world.gate.reads.load(Ordering::SeqCst) - before)
    };
    PAGES.iter().map(count).collect()
}

#[test]
fn no_page_asks_more_where_there_are_more_cases() {
    let world = World::new();
    let ada = world.set_up();
    let first = submit(&world, FULL);
    // The first look at a case in an hour is noted besides.
    world.app().case_page(&ada, P, &first.reference).unwrap();
    let few = questions(&world, &ada, &first);
    for _ in 0..6 {
        submit(&world, FULL);
    }
    let many = questions(&world, &ada, &first);
    assert_eq!(few, many);
    assert!(few.iter().all(|(_, n)| *n > 0), "{few:?}");
}
