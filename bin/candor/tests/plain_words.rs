//! Small commands in plain words: vectors with fields nobody knows, families of laws,
//! and one way of counting promises.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use common::{POLICY, Place};

const VECTORS: &str = r#"{"schema":"candor.clock-vectors/1","vectors":[{"id":"A1",
    "anchor":"2026-12-18T11:00:00Z","zone":"UTC","why":"a note",
    "calendar":{"holydays":["2026-12-25"]},
    "rule":{"kind":"within","amount":5,"unit":"business_day"}}]}"#;

#[test]
fn a_field_of_a_vector_that_is_not_read_is_named_and_the_rest_goes_on() {
    let place = Place::new();
    let file = place.write("vectors.json", VECTORS);
    let ended = place
        .run(&["clock", "eval", file.to_str().unwrap()])
        .must(0);
    let ended = ended
        .says("Vector A1, calendar")
        .says("Did you mean `holidays`?");
    // Standard output stays one JSON array.
    let list: Vec<serde_json::Value> = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(list.len(), 1);
    let wrong = VECTORS.replace("\"amount\":5", "\"amount\":-5");
    let wrong = place.write("wrong.json", wrong);
    place
        .run(&["clock", "eval", wrong.to_str().unwrap()])
        .must(2)
        .says("Vector A1, rule, amount: -5 does not fit here");
    let other = VECTORS.replace(
        "\"id\"",
        "\"expect\":{\"due\":\"2031-01-01T00:00:00Z\"},\"id\"",
    );
    let other = place.write("other.json", other);
    place
        .run(&["clock", "eval", other.to_str().unwrap(), "--words"])
        .must(1)
        .says("due: expected 2031-01-01T00:00:00Z, got 2026-12-25T23:59:59Z");
}

#[test]
fn the_name_of_a_family_of_laws_shows_all_of_it() {
    let place = Place::new();
    let whole = place
        .run(&["duty", "show", "eu-cra"])
        .must(0)
        .says("[eu-cra-vulnerability]")
        .out;
    assert!(whole.matches("\n[eu-cra-").count() + 1 >= 2, "{whole}");
    let json = place.run(&["duty", "show", "eu-cra", "--json"]).must(0).out;
    let list: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    assert!(list.len() >= 2);
    place.run(&["duty", "show", "eu-nothing"]).must(2);
}

#[test]
fn compile_and_show_count_the_same_promises() {
    let place = Place::new();
    let text = format!(
        "{POLICY}\n\n## Disclosure\n\nThe standard embargo period is 90 days from the report.\n"
    );
    let policy = place.write("SECURITY.md", text);
    let policy = policy.to_str().unwrap();
    let shown = place.run(&["policy", "show", policy, "--json"]).must(0).out;
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let lines = shown["promises_in_words"].as_array().unwrap();
    let said = lines
        .iter()
        .filter(|l| l["kind"] != "candor_default")
        .count();
    let output = place.path("candor-policy.toml");
    place
        .run(&["policy", "compile", policy, "-o", output.to_str().unwrap()])
        .must(0)
        .says(&format!("with {said} promises"));
}
