//! Which policy file makes which program, over several starts.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use common::{Place, submit};

/// A policy that does not say whose it is.
fn nameless(hours: u32) -> String {
    format!(
        "# Security Policy\n\nPlease report vulnerabilities by e-mail to security@mail.test.\n\n\
         We answer within {hours} hours.\n"
    )
}

#[test]
fn two_files_of_one_folder_are_two_programs_in_every_start() {
    let place = Place::new();
    let one = place.write("texts/002_kite_0416fb4b0cc294a1.md", nameless(24));
    let two = place.write("texts/004_swift_6fc831bfb71d63ea.md", nameless(48));
    let (one, two) = (one.to_str().unwrap(), two.to_str().unwrap());
    let server = place.serve(&[one, two]);
    let said = server.text();
    assert!(
        said.contains("/p/kite/") && said.contains("/p/swift/"),
        "{said}"
    );
    assert!(
        said.contains("within 24 hours") && said.contains("within 48 hours"),
        "{said}"
    );
    assert_eq!(submit(&server.base, "kite", "A report").unwrap().0, 201);
    server.kill();
    // Alone, the file would be named by its folder; it finds its program all the same.
    place.write("texts/002_kite_0416fb4b0cc294a1.md", nameless(12));
    let server = place.serve(&[one]);
    let said = server.text();
    assert!(
        said.contains("within 12 hours") && said.contains("within 48 hours"),
        "{said}"
    );
    assert!(!said.contains("/p/texts/"), "{said}");
}

#[test]
fn another_file_never_takes_a_program_over() {
    let place = Place::new();
    let first = place.write("a/lantern/SECURITY.md", nameless(24));
    let other = place.write("b/lantern/SECURITY.md", nameless(48));
    place.serve(&[first.to_str().unwrap()]).kill();
    let data = place.data();
    place
        .run(&[
            "serve",
            other.to_str().unwrap(),
            "--listen",
            "127.0.0.1:0",
            "--data",
            data.to_str().unwrap(),
        ])
        .must(2)
        .says("from another file")
        .says("Nothing was changed");
    let server = place.serve(&[first.to_str().unwrap()]);
    assert!(server.text().contains("within 24 hours"));
}

#[test]
fn two_files_that_cannot_be_told_apart_touch_nothing() {
    let place = Place::new();
    let one = place.write("x/docs/SECURITY.md", nameless(24));
    let two = place.write("x/docs/SECURITY.txt", nameless(48));
    place
        .run(&["serve", one.to_str().unwrap(), two.to_str().unwrap()])
        .must(2)
        .says("would both be the program");
    assert!(!place.data().exists());
}
