//! Search: what is found, by whom, and in which order.

use candor_access::view::Heard;
use candor_app::input::ActError;

use crate::common::{World, act};
use crate::road::submit;

const P: &str = "lanternfish";

fn file(world: &World, summary: &str, description: &str) -> String {
    let fields = [("summary", summary), ("description", description)];
    submit(world, &fields).reference
}

fn found(world: &World, token: &str, words: &str) -> Vec<String> {
    let view = world.app().search(token, P, words, 0).unwrap();
    assert_eq!(view.total, view.rows.len());
    view.rows.into_iter().map(|f| f.row.reference).collect()
}

fn alone(reference: &String) -> &[String] {
    std::slice::from_ref(reference)
}

fn walk(world: &World) {
    let ada = world.set_up();
    let heap = file(
        world,
        "Heap overflow in the parser",
        "A long name is enough.",
    );
    world.wait(60);
    let other = file(world, "Names leak", "The parser writes them into its log.");
    // The title counts more than the report; every word has to be there.
    assert_eq!(found(world, &ada, "parsers"), [heap.clone(), other.clone()]);
    assert_eq!(found(world, &ada, "parser LOGS"), alone(&other));
    assert_eq!(found(world, &ada, "overf*"), alone(&heap));
    assert!(found(world, &ada, "overf").is_empty());
    assert!(found(world, &ada, "parser heliotrope").is_empty());
    let nothing = world.app().search(&ada, P, " * . ", 0).unwrap();
    assert!(nothing.heard == Heard::Nothing && nothing.rows.is_empty());
    // What the team writes is found too, at once.
    let said = [("message", "Thank you. The heliotrope module is ours.")];
    world.desk(&ada, &other, act("acknowledge", &said)).unwrap();
    assert_eq!(found(world, &ada, "heliotropes"), alone(&other));
    let view = world.app().search(&ada, P, "leak heliotrope", 0).unwrap();
    assert_eq!(view.rows[0].places, ["title", "messages"]);
    // A reference is found as it is written, and so is a file by its name.
    assert_eq!(found(world, &ada, &heap.to_lowercase()), alone(&heap));
    assert_eq!(found(world, &ada, "parser -leak"), alone(&heap));
    let only_without = world.app().search(&ada, P, "-leak", 0).unwrap();
    assert!(only_without.heard == Heard::Nothing && only_without.rows.is_empty());
    let far = world.app().search(&ada, P, "parser", 9).unwrap();
    assert!(far.rows.is_empty() && !far.more && far.total == 2);
    // Whoever works in no program of this name finds nothing, not even that it is there.
    for (token, slug) in [("x", P), (ada.as_str(), "elsewhere")] {
        let refused = world.app().search(token, slug, "parser", 0);
        assert!(matches!(
            refused,
            Err(ActError::NotFound | ActError::SignedOut)
        ));
    }
    // Made anew, the same is found.
    assert_eq!(world.app().rebuild().unwrap(), 2);
    assert_eq!(found(world, &ada, "parsers"), [heap, other.clone()]);
    assert_eq!(found(world, &ada, "heliotropes"), [other]);
}

#[test]
fn cases_are_found_by_their_words_on_sqlite() {
    walk(&World::new());
}

#[test]
fn cases_are_found_by_their_words_on_postgres() {
    if let Some(world) = World::on_postgres() {
        walk(&world);
    }
}
