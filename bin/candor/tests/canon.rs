//! `policy compile` and `policy diff`, and a server that starts with either form.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use common::Place;

const OLD: &str = "# Security policy of Lantern\n\nReport vulnerabilities to \
                   security@lantern.example.\n\nWe will acknowledge your report within 48 hours.\n";

#[test]
fn a_policy_is_confirmed_once() {
    let place = Place::new();
    let text = place.write("SECURITY.md", OLD);
    let (text, toml) = (
        text.to_str().unwrap(),
        place.write("x", "").with_file_name("p.toml"),
    );
    let file = toml.to_str().unwrap();
    place
        .run(&["policy", "compile", text])
        .must(0)
        .says("format = \"candor.policy/1\"")
        .says("  > We will acknowledge your report within 48 hours.");
    place
        .run(&["policy", "compile", text, "-o", file])
        .must(0)
        .says("candor serve");
    place
        .run(&["policy", "compile", text, "-o", file])
        .must(1)
        .says("nothing was changed");
    place
        .run(&["policy", "compile", text, "-o", file, "--check"])
        .must(0)
        .says("corresponds");
    place
        .run(&["policy", "compile", file])
        .must(2)
        .says("canonical policy already");
    // The owner answers; a new text and a new reading keep the answer.
    let written = std::fs::read_to_string(&toml).unwrap();
    let answered = written.replace("# zone = \"Europe/Oslo\"", "zone = \"Asia/Tokyo\"");
    assert_ne!(answered, written);
    place.write("p.toml", &answered);
    place
        .run(&["policy", "show", file])
        .must(0)
        .says("Asia/Tokyo")
        .says("A person answers you within 48 hours")
        .says("Lines are those of SECURITY.md");
    place.write("SECURITY.md", OLD.replace("48 hours", "3 business days"));
    place
        .run(&["policy", "compile", text, "-o", file, "--check"])
        .must(1)
        .says("48 hours \u{2192} 3 business days (weaker)")
        .says("has changed");
    place
        .run(&["policy", "compile", text, "-o", file, "--force"])
        .must(0)
        .says("p.toml.old");
    let anew = std::fs::read_to_string(&toml).unwrap();
    assert!(anew.contains("zone = \"Asia/Tokyo\"") && anew.contains("amount = 3"));
    assert_eq!(
        std::fs::read_to_string(toml.with_file_name("p.toml.old")).unwrap(),
        answered
    );
    // A mistake names its line, and nothing is lost to it.
    let wrong = answered.replace("amount = 48", "amuont = 48");
    place.write("p.toml", &wrong);
    place
        .run(&["policy", "lint", file])
        .must(2)
        .says("has a mistake: line ")
        .says("`amount` is missing");
    place
        .run(&["policy", "compile", text, "-o", file, "--force"])
        .must(2)
        .says("Nothing was changed");
    assert_eq!(std::fs::read_to_string(&toml).unwrap(), wrong);
}

#[test]
fn a_correction_by_hand_outlives_a_change_elsewhere() {
    let place = Place::new();
    let text = format!("{OLD}\nWe will fix critical problems within 30 days.\n");
    place.write("SECURITY.md", &text);
    let compile = ["policy", "compile", "SECURITY.md", "-o", "p.toml"];
    place.run(&compile).must(0);
    let made = std::fs::read_to_string(place.path("p.toml")).unwrap();
    place.write("p.toml", made.replacen("amount = 30", "amount = 20", 1));
    place.write("SECURITY.md", text.replace("48 hours", "72 hours"));
    let check = place.run(&[&compile[..], &["--check"]].concat()).must(1);
    assert!(
        check.out.contains("72 hours") && !check.out.contains("30 days"),
        "{check:?}"
    );
    place
        .run(&[&compile[..], &["--force"]].concat())
        .must(0)
        .says("their words are unchanged")
        .says("promises: We will fix critical");
    let anew = std::fs::read_to_string(place.path("p.toml")).unwrap();
    assert!(
        anew.contains("amount = 72") && anew.contains("amount = 20"),
        "{anew}"
    );
    assert!(!anew.contains("amount = 30"), "{anew}");
    place.write(
        "p.toml",
        anew.replacen("lines = \"5\"", "lines = \"500\"", 1),
    );
    place
        .run(&["policy", "lint", "p.toml"])
        .says("names line 500")
        .says("[lines-outside]");
}

#[test]
fn what_never_ends_is_not_read_and_advice_can_be_copied() {
    let place = Place::new();
    let fifo = place.path("pipe.md");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    assert!(made.unwrap().success());
    for command in ["lint", "show", "compile", "render"] {
        place
            .run(&["policy", command, "pipe.md"])
            .must(2)
            .says("no plain file");
    }
    place.run(&["policy", "lint", "/dev/zero"]).must(2);
    place
        .run(&["policy", "diff", "/dev/zero", "pipe.md"])
        .must(2);
    place
        .run(&["policy", "init", "--answers", "/dev/zero", "-o", "N.md"])
        .must(2);
    std::fs::create_dir(place.path("sp ace")).unwrap();
    place.write("SECURITY.md", OLD);
    place
        .run(&["policy", "compile", "SECURITY.md", "-o", "sp ace/p.toml"])
        .must(0)
        .says("Then: candor serve 'sp ace/p.toml'");
}

#[test]
fn a_start_says_that_the_text_behind_a_canonical_policy_changed() {
    let place = Place::new();
    place.write("SECURITY.md", OLD);
    let toml = place.path("p.toml");
    let file = toml.to_str().unwrap();
    place
        .run(&["policy", "compile", "SECURITY.md", "-o", "p.toml"])
        .must(0);
    let server = place.serve(&[file]);
    assert!(!server.text().contains("has changed since"));
    drop(server);
    place.write("SECURITY.md", OLD.replace("48 hours", "3 business days"));
    let server = place.serve(&[file]);
    let text = server.text();
    assert!(
        text.contains("SECURITY.md has changed since p.toml was made from it"),
        "{text}"
    );
    assert!(text.contains("within 48 hours"), "{text}");
}

#[test]
fn two_versions_are_compared() {
    let place = Place::new();
    let old = place.write("old.md", OLD);
    let new = place.write("new.md", OLD.replace("48 hours", "3 business days"));
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    place
        .run(&["policy", "diff", old, new])
        .must(1)
        .says(
            "acknowledgement: 48 hours \u{2192} 3 business days (weaker)  [old line 5, new line 5]",
        )
        .says("1 difference.");
    place
        .run(&["policy", "diff", old, old])
        .must(0)
        .says("Both promise the same.");
    let toml = old.replace("old.md", "old.toml");
    place.run(&["policy", "compile", old, "-o", &toml]).must(0);
    place.run(&["policy", "diff", old, &toml]).must(0);
    let shown = place.run(&["policy", "diff", &toml, new, "--json"]).must(1);
    let shown: serde_json::Value = serde_json::from_str(&shown.out).unwrap();
    assert_eq!(shown["changes"][0]["effect"], "weaker");
    assert_eq!(shown["changes"][0]["old"]["span"]["first"], 5);
    place.run(&["policy", "diff", old, "no-such.md"]).must(2);
    place.run(&["policy", "diff", "-", "-"]).must(2);
}

#[test]
fn a_server_starts_with_either_form_of_the_same_program() {
    let place = Place::new();
    let text = OLD.replace(" of Lantern", "");
    let text = place.write("SECURITY.md", text);
    let text = text.to_str().unwrap();
    let server = place.serve(&[text]);
    assert!(
        server.text().contains("within 48 hours"),
        "{}",
        server.text()
    );
    server.terminate();
    let toml = text.replace("SECURITY.md", "candor-policy.toml");
    place.run(&["policy", "compile", text, "-o", &toml]).must(0);
    let answered = std::fs::read_to_string(&toml).unwrap();
    place.write(
        "candor-policy.toml",
        answered.replace("# zone = \"Europe/Oslo\"", "zone = \"Asia/Tokyo\""),
    );
    // The file stands beside the text it was made from, so it is the same program.
    let server = place.serve(&[&toml]);
    let said = server.text();
    assert!(
        said.contains("within 48 hours") && said.contains("Asia/Tokyo"),
        "{said}"
    );
    assert_eq!(said.matches("/p/").count(), 1, "{said}");
    server.terminate();
    let wrong = answered.replace("unit = \"hours\"", "unit = \"hour\"");
    place.write("candor-policy.toml", wrong);
    place
        .run(&["serve", &toml])
        .must(2)
        .says("Did you mean `hours`?");
}

/// Nothing that was not meant is written over: not the text, not a kept copy, not through
/// a link, not what is no picture.
#[test]
fn files_are_written_with_care() {
    let place = Place::new();
    let text = place.write("SECURITY.md", OLD);
    let text = text.to_str().unwrap();
    place
        .run(&["policy", "compile", text, "-o", text, "--force"])
        .must(2)
        .says("is the text itself");
    assert_eq!(std::fs::read_to_string(text).unwrap(), OLD);
    let toml = place.path("p.toml");
    let file = toml.to_str().unwrap();
    place.run(&["policy", "compile", text, "-o", file]).must(0);
    let first = std::fs::read_to_string(&toml).unwrap() + "# mine\n";
    std::fs::write(&toml, &first).unwrap();
    for _ in 0..2 {
        place
            .run(&["policy", "compile", text, "-o", file, "--force"])
            .must(0);
    }
    assert_eq!(
        std::fs::read_to_string(place.path("p.toml.old")).unwrap(),
        first,
        "the first kept copy stays"
    );
    assert!(place.path("p.toml.old.2").exists());
    let link = place.path("link.toml");
    std::os::unix::fs::symlink(text, &link).unwrap();
    place
        .run(&["policy", "compile", text, "-o", link.to_str().unwrap()])
        .must(2);
    place
        .run(&[
            "policy",
            "simulate",
            text,
            "--reports-per-month",
            "1",
            "--team",
            "1",
            "--runs",
            "1",
            "--months",
            "1",
            "--no-advice",
            "--svg",
            text,
        ])
        .must(2)
        .says("is no picture");
    assert_eq!(std::fs::read_to_string(text).unwrap(), OLD);
}

/// A canonical policy whose head was damaged is refused, never read as prose.
#[test]
fn a_damaged_head_is_a_mistake() {
    let place = Place::new();
    let text = place.write("SECURITY.md", OLD);
    let toml = place.path("p.toml");
    let file = toml.to_str().unwrap();
    place
        .run(&["policy", "compile", text.to_str().unwrap(), "-o", file])
        .must(0);
    let whole = std::fs::read_to_string(&toml).unwrap();
    let form = whole.lines().find(|l| l.starts_with("format")).unwrap();
    let headless = whole.replace(form, "");
    std::fs::write(&toml, headless).unwrap();
    place
        .run(&["policy", "show", file])
        .must(2)
        .says("the first line must be");
    std::fs::write(&toml, whole.replace("amount = 48", "amount = 0")).unwrap();
    place
        .run(&["policy", "show", file])
        .must(2)
        .says("must be from 1 to");
}
