//! The advisory of a case stands on GitHub once it is public, once.

use candor_ports::{ForgeError, ForgePublished};

use crate::common::{FULL, World, act};
use crate::github::{Repository, advisory, asking};
use crate::road::{Case, submit, to_approved};

const ID: &str = "GHSA-9c3v-8mqp-2f6x";

fn link() -> String {
    format!("https://github.com/lantern/fish/security/advisories/{ID}")
}

fn stands() -> ForgePublished {
    ForgePublished {
        id: ID.to_owned(),
        page: link(),
    }
}

/// Publishes a case on its day; gives its reference, and who looks at it.
fn on_the_day(world: &World, ada: &str, repository: &Repository) -> (String, String) {
    let case = submit(world, FULL);
    let ada = publish_on_the_day(world, ada, repository, &case);
    (case.reference, ada)
}

fn publish_on_the_day(world: &World, ada: &str, repository: &Repository, case: &Case) -> String {
    world.colleague(ada, "bob", "member");
    let digest = to_approved(world, ada, case);
    world.app().deliver().unwrap();
    assert_eq!(repository.sent(), [], "nothing leaves before it is public");
    world.at("2026-06-20T12:00:00Z");
    world.app().tick().unwrap();
    world.app().deliver().unwrap();
    assert_eq!(repository.sent(), [], "the day alone publishes nothing");
    let bob = world.sign_in_again("bob");
    let publish = act("publish", &[("draft", &digest)]);
    world.desk(&bob, &case.reference, publish).unwrap();
    world.sign_in_again("ada")
}

/// What the desk says of the place on GitHub: its clause, the answer and the note.
fn place(world: &World, ada: &str, reference: &str) -> (String, Option<String>, Option<String>) {
    let page = world
        .app()
        .case_page(ada, "lanternfish", reference)
        .unwrap();
    let mut outlets = page.outlets.into_iter();
    let on_github = outlets.find(|o| o.name.contains("GitHub")).unwrap();
    (on_github.id, on_github.answer, on_github.note)
}

fn elsewhere(world: &World) -> Vec<String> {
    let cards = world.app().advisories("lanternfish").unwrap();
    let found = world.app().advisory_elsewhere("lanternfish", &cards[0].id);
    found.unwrap()
}

#[test]
fn the_advisory_is_published_on_github_at_the_instant_and_its_link_is_kept() {
    let (world, repository, ada) = asking();
    let (reference, ada) = on_the_day(&world, &ada, &repository);
    let (_, answer, note) = place(&world, &ada, &reference);
    assert_eq!(answer, None);
    assert!(note.unwrap().contains("is being published"));
    repository.publishes(Ok(stands()));
    world.app().deliver().unwrap();
    let [sent] = repository.sent().try_into().unwrap();
    assert_eq!(sent.known, None);
    assert!(sent.keep_credits, "its reporter asked to be named");
    for part in [
        "\"Command injection in the lantern daemon\"",
        "Grace Hopper",
        ">= 2.0, < 2.3.1",
        "\"2.3.1\"",
        "CVE-1900-0001",
        "CWE-78",
        sent.page.as_str(),
    ] {
        assert!(sent.advisory.contains(part), "{part}: {}", sent.advisory);
    }
    assert!(!sent.advisory.contains("finder@"), "no address of anybody");
    let (_, answer, note) = place(&world, &ada, &reference);
    assert_eq!(
        (answer, note),
        (Some(format!("announced: {}", link())), None)
    );
    assert_eq!(elsewhere(&world), [link()]);
    world.wait(3_600);
    world.app().deliver().unwrap();
    assert_eq!(repository.sent().len(), 1, "once");
    // Seen there from now on, it is no report.
    let there = advisory("published", "S").replace(
        "\"submission\": {\"accepted\": false}",
        "\"submission\": null",
    );
    let there = there.replace("The field reaches a shell.", &sent.page);
    let draft = there.replace("\"published\"", "\"draft\"");
    for seen in [there, draft] {
        repository.lists("mark", &[seen]);
        assert_eq!(world.app().ask_github().unwrap(), 0);
    }
    assert_eq!(world.app().operator_list().unwrap().len(), 1);
}

#[test]
fn a_refusal_is_said_with_what_to_do_by_hand_and_a_link_by_hand_is_not_doubled() {
    let (world, repository, ada) = asking();
    let (reference, ada) = on_the_day(&world, &ada, &repository);
    let code = "the token may not do this".to_owned();
    repository.publishes(Err(ForgeError::Refused { code }));
    world.app().deliver().unwrap();
    let (clause, answer, note) = place(&world, &ada, &reference);
    let note = note.unwrap();
    assert_eq!(answer, None);
    assert!(
        note.contains("the token may not do this") && note.contains("by hand"),
        "{note}"
    );
    assert_eq!(elsewhere(&world), Vec::<String>::new());
    let by_hand = [
        ("outlet", clause.as_str()),
        ("answer", "sent"),
        ("link", &link()),
    ];
    world
        .desk(&ada, &reference, act("answer_outlet", &by_hand))
        .unwrap();
    assert_eq!(elsewhere(&world), [link()]);
    world.wait(61);
    repository.publishes(Ok(stands()));
    world.app().deliver().unwrap();
    let known: Vec<Option<String>> = repository.sent().into_iter().map(|s| s.known).collect();
    assert_eq!(
        known,
        [None, Some(ID.to_owned())],
        "it is changed, none is made"
    );
}

#[test]
fn one_that_was_made_before_it_broke_off_is_gone_on_with() {
    let (world, repository, ada) = asking();
    let (reference, ada) = on_the_day(&world, &ada, &repository);
    repository.makes_then_breaks(ID);
    world.app().deliver().unwrap();
    world.wait(61);
    repository.publishes(Err(ForgeError::Wait { seconds: 500 }));
    world.app().deliver().unwrap();
    world.wait(499);
    world.app().deliver().unwrap();
    assert_eq!(repository.sent().len(), 2, "GitHub asked for patience");
    world.wait(1);
    repository.publishes(Ok(stands()));
    world.app().deliver().unwrap();
    let known: Vec<Option<String>> = repository.sent().into_iter().map(|s| s.known).collect();
    assert_eq!(known, [None, Some(ID.to_owned()), Some(ID.to_owned())]);
    let (_, answer, _) = place(&world, &ada, &reference);
    assert_eq!(answer, Some(format!("announced: {}", link())));
}

#[test]
fn where_a_person_left_the_place_out_or_nobody_asks_github_nothing_is_sent() {
    let (world, repository, ada) = asking();
    let (reference, ada) = on_the_day(&world, &ada, &repository);
    let (clause, ..) = place(&world, &ada, &reference);
    let left = [
        ("outlet", clause.as_str()),
        ("answer", "waived"),
        ("reason", "Not there."),
    ];
    world
        .desk(&ada, &reference, act("answer_outlet", &left))
        .unwrap();
    world.app().deliver().unwrap();
    assert_eq!(repository.sent(), []);

    let alone = World::new();
    let ada = alone.set_up();
    let nobody = Repository::default();
    let (reference, ada) = on_the_day(&alone, &ada, &nobody);
    alone.app().deliver().unwrap();
    let (_, answer, note) = place(&alone, &ada, &reference);
    assert_eq!(answer, None);
    assert!(note.unwrap().contains("by hand"));
}

#[test]
fn a_report_that_was_filed_on_github_is_published_as_the_same_advisory() {
    let (world, repository, ada) = asking();
    let filed = advisory("triage", "Shell by a header").replace("rosa-on-github", "Grace Hopper");
    let import = world
        .app()
        .import_github(&ada, "lanternfish", &filed, false);
    let import = import.unwrap();
    let code = import.code.unwrap();
    let case = Case {
        reference: import.reference.unwrap(),
        room: world.app().enter_room("lanternfish", &code).unwrap(),
        code,
    };
    publish_on_the_day(&world, &ada, &repository, &case);
    repository.publishes(Ok(stands()));
    world.app().deliver().unwrap();
    let known: Vec<Option<String>> = repository.sent().into_iter().map(|s| s.known).collect();
    assert_eq!(known, [Some(import.ghsa)], "it is changed, none is made");
}
