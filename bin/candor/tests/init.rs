//! `policy init` and `policy render`, with a terminal that is scripted.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::io::Write as _;
use std::process::{Output, Stdio};

use common::Place;

/// Runs it with these answers, one a line.
fn asked(place: &Place, args: &[&str], answers: &[&str]) -> (i32, String) {
    let mut child = place
        .candor(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // It may stop before everything was read.
    let _ = stdin.write_all(format!("{}\n", answers.join("\n")).as_bytes());
    drop(stdin);
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().unwrap();
    let said = [stdout, stderr]
        .map(|t| String::from_utf8(t).unwrap())
        .concat();
    (status.code().unwrap_or(-1), said)
}

#[test]
fn an_interview_ends_in_a_policy_that_lint_likes() {
    let place = Place::new();
    let answers = [
        "Lantern",
        "not a repository",
        "lantern/lantern",
        "",
        "security@lantern.dev",
        "",
        "2.x, 1.x",
        "soon",
        "2 business days",
        "",
        "",
        "90 days",
        "",
        "banana",
        "yes",
        "",
        "",
        "",
        "often",
        "6",
        "perhaps",
        "yes",
    ];
    let (code, said) = asked(&place, &["policy", "init", "--ask"], &answers);
    assert_eq!(code, 0, "{said}");
    for words in [
        "like acme/widget",
        "is no time",
        "would promise",
        "A person answers you within 2 business days",
        "A report that comes on Fri",
        "answer yes or no",
        "number of months",
        "fall on one day",
        "Wrote SECURITY.md",
    ] {
        assert!(said.contains(words), "{words}\n{said}");
    }
    place
        .run(&["policy", "lint", "SECURITY.md", "--deny", "warning"])
        .must(0);
    let text = std::fs::read_to_string(place.path("SECURITY.md")).unwrap();
    assert!(text.contains("every 6 months"), "{text}");
    let (code, said) = asked(&place, &["policy", "init", "--ask"], &answers);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("nothing was changed"), "{said}");
}

#[test]
fn without_a_terminal_it_says_what_to_do() {
    let place = Place::new();
    place
        .run(&["policy", "init"])
        .must(2)
        .says("no terminal")
        .says("--answers FILE");
    place
        .run(&["policy", "init", "--yes"])
        .must(2)
        .says("way to report")
        .says("--contact ADDRESS");
    // Without any way to report, the last question for one is asked again at once.
    let none = ["Lantern", "", "", "", "", ""];
    let (_, said) = asked(&place, &["policy", "init", "--ask"], &none);
    assert!(
        said.matches("To which e-mail address").count() > 2,
        "{said}"
    );
    assert!(!place.path("SECURITY.md").exists());
    place
        .run(&[
            "policy",
            "init",
            "--yes",
            "--contact",
            "security@lantern.dev",
        ])
        .must(0)
        .says("Wrote SECURITY.md");
    place.write(
        "a.toml",
        "contact = \"security@lantern.dev\"\nfix = \"30 days\"\n",
    );
    place
        .run(&["policy", "init", "--answers", "a.toml", "-o", "B.md"])
        .must(0);
    place
        .run(&["policy", "show", "B.md"])
        .must(0)
        .says("within 30 days");
    place.write("c.toml", "contakt = \"x\"\n");
    place
        .run(&["policy", "init", "--answers", "c.toml", "-o", "C.md"])
        .must(2)
        .says("c.toml, line 1: There is no answer `contakt`")
        .says("--print-answers");
    place
        .run(&["policy", "init", "--print-answers"])
        .must(0)
        .says("acknowledgement = \"3 business days\"");
}

#[test]
fn a_policy_is_rendered_in_every_form() {
    let place = Place::new();
    let policy = place.policy();
    let file = policy.to_str().unwrap();
    let text = place.run(&["policy", "render", file]).must(0).out;
    assert!(
        text.starts_with("# Security Policy for Lantern\n"),
        "{text}"
    );
    place.write("again.md", &text);
    place
        .run(&["policy", "diff", file, "again.md"])
        .must(0)
        .says("oth promise the same");
    place
        .run(&["policy", "render", file, "--to", "json"])
        .must(0)
        .says("\"format\": \"candor.policy.json/1\"");
    place
        .run(&[
            "policy",
            "render",
            file,
            "--to",
            "insights",
            "--today",
            "2026-11-22",
        ])
        .must(0)
        .says("schema-version: \"2.0.0\"")
        .says("reports-accepted: true")
        .says("project.administrators")
        .says("header.last-reviewed");
    place
        .run(&["policy", "render", file, "--to", "security.txt"])
        .must(2)
        .says("--url");
    place
        .run(&[
            "policy",
            "render",
            file,
            "--to",
            "security.txt",
            "--url",
            "https://reports.lantern.dev/p/lantern",
            "--today",
            "2026-11-22",
        ])
        .must(0)
        .says("Contact: https://reports.lantern.dev/p/lantern/report")
        .says("Expires: 2027-10-18");
    place
        .run(&["policy", "render", file, "-o", "again.md"])
        .must(1)
        .says("nothing was changed");
}

#[test]
fn what_a_text_leaves_out_is_no_success() {
    let place = Place::new();
    place.write(
        "long.md",
        "# Security Policy\n\nReport vulnerabilities to security@lantern.dev.\n\n\
         We will acknowledge \u{1b}[2Jyour report within 3 days.\n\n\
         ## Scope\n\nIn scope: | odd \u{1b}]0;x\u{7} | <https://x.org/\"onmouseover=1> cell |\n",
    );
    let run = place.run(&["policy", "render", "long.md"]);
    assert!(!run.out.contains('\u{1b}'), "{}", run.out);
    // A canonical policy may hold what no sentence says.
    place.write(
        "plain.md",
        "# Security Policy\n\nReport vulnerabilities to security@lantern.dev.\n\n\
         We will acknowledge your report within 3 days.\n",
    );
    place
        .run(&["policy", "compile", "plain.md", "-o", "c.toml"])
        .must(0);
    let text = std::fs::read_to_string(place.path("c.toml")).unwrap();
    let odd = text.replacen(
        "milestone = \"acknowledgement\"",
        "milestone = \"conduct\"",
        1,
    );
    assert_ne!(odd, text);
    place.write("odd.toml", odd);
    place
        .run(&["policy", "render", "odd.toml", "-o", "R.md"])
        .must(1)
        .says("leaves out");
    assert!(place.path("R.md").exists());
}
