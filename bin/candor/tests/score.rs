//! Scores of CVSS vectors at the terminal: a line of output for each line of input.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn score(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_candor"))
        .args(["score", "cvss"])
        .args(args)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn every_line_has_its_answer_in_the_same_order() {
    let mut input = b"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\r\n\n  \nnonsense\n".to_vec();
    // A line far too long, and one that is not text: answered, and the next is read.
    input.extend(vec![b'A'; 50_000]);
    input.extend(b"\n\xff\xfe\n");
    input.extend(b"AV:N/AC:L/Au:N/C:P/I:P/A:P/E:U/RL:OF/RC:UC\n");
    input.extend(b"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N");
    let output = score(&["--json"], &input);
    assert_eq!(output.status.code(), Some(0));
    let lines: Vec<Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 6, "{lines:#?}");
    assert_eq!(lines[0]["base"], 9.8);
    for wrong in &lines[1..4] {
        assert!(wrong["error"].is_string(), "{wrong}");
        assert_eq!(wrong.as_object().unwrap().len(), 1);
    }
    // By the equations of the CVSS 2.0 guide: 7.5, and that times 0.85 times 0.87 times 0.9.
    assert_eq!(
        (&lines[4]["base"], &lines[4]["temporal"]),
        (&7.5.into(), &5.0.into())
    );
    assert_eq!(lines[5]["score"], 0.0);
    assert_eq!(lines[5]["severity"], "None");
}

#[test]
fn a_person_sees_score_word_and_vector_and_what_is_wrong() {
    let output = score(&["CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"], b"");
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).starts_with(" 9.8 Critical  CVSS:3.0/"));
    let output = score(&["CVSS:3.0/AV:N\u{1b}[2J"], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(!text(&output.stdout).contains('\u{1b}'));
    assert!(text(&output.stderr).contains("One line is not a CVSS vector."));
}
