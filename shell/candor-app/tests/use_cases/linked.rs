//! Two reports of the same matter: names, notices, and what neither side reads.

use candor_case::MailKind;

use crate::common::{FULL, World, act};
use crate::road::{Case, submit, to_approved};

const SECOND: &[(&str, &str)] = &[
    ("summary", "A header runs commands"),
    ("description", "The same header. CANARYSECOND"),
    ("impact", "Remote code execution"),
    ("versions", "2.3"),
    ("steps", "Send the header."),
    ("severity", "High"),
    ("component", "Server"),
    ("email", "second@mail.example.org"),
    ("credit", "named"),
    ("credit_name", "Hedy Lamarr"),
];

fn world() -> (World, String, Case, Case) {
    let world = World::new();
    let ada = world.set_up();
    let first = submit(&world, FULL);
    world.wait(60);
    let second = submit(&world, SECOND);
    (world, ada, first, second)
}

fn mark(world: &World, ada: &str, first: &Case, second: &Case) {
    let marked = act(
        "mark_duplicate",
        &[
            ("of", &first.reference),
            ("message", "We know of this from an earlier report."),
        ],
    );
    world.desk(ada, &second.reference, marked).unwrap();
}

#[test]
fn both_finders_are_thanked_and_the_second_one_hears_of_the_advisory() {
    let (world, ada, first, second) = world();
    mark(&world, &ada, &first, &second);
    let page = |reference: &str| {
        world
            .app()
            .case_page(&ada, "lanternfish", reference)
            .unwrap()
    };
    let linked = page(&first.reference).around.linked;
    assert_eq!(linked.len(), 1);
    assert_eq!(linked[0].0, second.reference);
    assert!(linked[0].1.contains("Hedy Lamarr"), "{linked:?}");
    let room = || world.app().room("lanternfish", &second.room).unwrap();
    assert!(room().advisory.is_none());

    let digest = to_approved(&world, &ada, &first);
    // A name that comes late ends the approval, so that nobody publishes it unseen.
    let anonymous = act("choose_credit", &[("credit", "anonymous")]);
    world.room(&second.room, anonymous).unwrap();
    assert!(page(&first.reference).draft.approved.is_none());
    let named = act(
        "choose_credit",
        &[("credit", "named"), ("credit_name", "H. Lamarr")],
    );
    world.room(&second.room, named).unwrap();
    let approve = act("approve", &[("draft", &digest)]);
    world.desk(&ada, &first.reference, approve).unwrap();
    let preview = page(&first.reference).draft.preview;
    assert!(preview.contains("Grace Hopper") && preview.contains("H. Lamarr"));

    world.at("2026-06-20T12:00:00Z");
    let again = world.sign_in_again("ada");
    let room_again = || {
        let page = world
            .app()
            .case_page(&again, "lanternfish", &second.reference);
        page.unwrap()
    };
    world
        .desk(
            &again,
            &first.reference,
            act("publish", &[("draft", &digest)]),
        )
        .unwrap();
    assert_eq!(room_again().timeline[0].event, "reporter_free");
    world.app().deliver().unwrap();
    let letters = world.courier.letters.lock().unwrap();
    let told = letters.iter().filter(|l| {
        l.to.reveal() == "second@mail.example.org" && l.body.kind == MailKind::Published
    });
    assert_eq!(told.count(), 1);
}

#[test]
fn a_case_that_is_no_duplicate_after_all_takes_its_name_back() {
    let (world, ada, first, second) = world();
    mark(&world, &ada, &first, &second);
    let close = act("close", &[("reason", "duplicate")]);
    world.desk(&ada, &second.reference, close).unwrap();
    let reopen = act("reopen", &[("reason", "It is another header after all.")]);
    world.desk(&ada, &second.reference, reopen).unwrap();
    let page = world
        .app()
        .case_page(&ada, "lanternfish", &first.reference)
        .unwrap();
    assert!(page.around.linked[0].1.contains("no longer linked"));
    // Nothing more happens when the clocks look at both again.
    let before = page.timeline.len();
    world.app().tick().unwrap();
    let page = world
        .app()
        .case_page(&ada, "lanternfish", &first.reference)
        .unwrap();
    assert_eq!(page.timeline.len(), before);
}

#[test]
fn neither_room_shows_anything_of_the_other_case() {
    let (world, ada, first, second) = world();
    mark(&world, &ada, &first, &second);
    for (own, other, words) in [
        (&first, &second, "CANARYSECOND"),
        (&second, &first, "CANARYDESC"),
    ] {
        let room = world.app().room("lanternfish", &own.room).unwrap();
        let all = serde_json::to_string(&room).unwrap();
        assert!(!all.contains(&other.reference) && !all.contains(words));
    }
}
