//! Documents judged at the terminal, without a server or a data folder.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn validate(folder: &Path, args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_candor"))
        .args(["advisory", "validate"])
        .args(args)
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that ends before it read everything closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = text(&output.stdout);
    text.lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect()
}

/// An informational advisory without a fault.
fn document() -> Value {
    json!({
        "document": {
            "category": "csaf_informational_advisory",
            "csaf_version": "2.0",
            "distribution": { "tlp": { "label": "WHITE" } },
            "lang": "en",
            "notes": [{ "category": "summary", "text": "Nothing is affected." }],
            "publisher": {
                "category": "vendor",
                "name": "The ThreatDex project",
                "namespace": "https://threatdex.example",
            },
            "references": [
                { "category": "external", "summary": "More", "url": "https://threatdex.example/more" },
                {
                    "category": "self",
                    "summary": "This document",
                    "url": "https://threatdex.example/csaf/tdx-2026-0001.json",
                },
            ],
            "title": "About a rumour",
            "tracking": {
                "current_release_date": "2026-11-22T10:00:00Z",
                "id": "TDX-2026-0001",
                "initial_release_date": "2026-11-22T10:00:00Z",
                "revision_history": [
                    { "date": "2026-11-22T10:00:00Z", "number": "1", "summary": "Published." },
                ],
                "status": "final",
                "version": "1",
            },
        },
    })
}

fn write(folder: &Path, name: &str, document: &Value) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, document.to_string()).unwrap();
}

// The shape is checked here again because tests of the crate turn on more of the library
// of patterns than the program has.
#[test]
fn a_folder_is_judged_in_the_order_of_its_names() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = document();
    wrong["document"]["tracking"]["version"] = json!("2");
    let right = document();
    for n in 0..40 {
        let name = format!("tree/{}/tdx-2026-0001.json", 100 + n);
        write(folder.path(), &name, if n == 7 { &wrong } else { &right });
    }
    write(folder.path(), "tree/other.txt", &wrong);
    std::os::unix::fs::symlink("..", folder.path().join("tree/100/loop")).unwrap();
    let output = validate(folder.path(), &["--json", "tree"], b"");
    assert_eq!(output.status.code(), Some(1));
    let lines = lines(&output);
    assert_eq!(lines.len(), 40);
    for (n, line) in lines.iter().enumerate() {
        assert_eq!(line["path"], format!("tree/{}/tdx-2026-0001.json", 100 + n));
        assert_eq!(
            (&line["format"], &line["valid"]),
            (&json!("csaf-2.0"), &json!(n != 7))
        );
    }
    let finding = &lines[7]["findings"][0];
    assert_eq!(
        (&finding["test"], &finding["level"], &finding["pointer"]),
        (
            &json!("6.1.16"),
            &json!("mandatory"),
            &json!("/document/tracking/version")
        )
    );
    assert!(finding["message"].is_string() && finding["help"].is_string());
    assert_eq!(lines[0]["findings"], json!([]), "{}", lines[0]);
}

#[test]
fn people_read_what_is_wrong_and_how_to_mend_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = document();
    wrong["document"]["lang"] = json!("EZ");
    wrong["document"]["tracking"]["version"] = json!("2");
    write(folder.path(), "a.json", &wrong);
    let output = validate(folder.path(), &["a.json"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        text(&output.stdout),
        "\
a.json: not valid, csaf-2.0
  mandatory 6.1.16 /document/tracking/version
    the latest item of the revision history is 1
    Set the version of the document to the number of its latest revision.
  mandatory 6.1.12 /document/lang
    `EZ` holds a subtag that does not exist
    Use a language tag whose subtags are in the IANA registry, like `en` or
    `de-CH`.
  optional filename /document/tracking/id
    the file should be called tdx-2026-0001.json
    Name the file after the id of the document: small letters, everything but
    letters, digits, `+` and `-` as `_`.
"
    );
    assert_eq!(
        text(&output.stderr),
        "error: 1 is not valid, of 1 document.\n"
    );
    let mandatory = validate(folder.path(), &["a.json", "--level", "mandatory"], b"");
    assert!(!text(&mandatory.stdout).contains("filename"));
}

#[test]
fn standard_input_is_a_document() {
    let folder = tempfile::tempdir().unwrap();
    let output = validate(
        folder.path(),
        &["--json", "-"],
        document().to_string().as_bytes(),
    );
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(lines(&output)[0]["path"], "-");
    let output = validate(folder.path(), &["-"], document().to_string().as_bytes());
    assert_eq!(text(&output.stdout), "");
    assert_eq!(text(&output.stderr), "1 document: valid.\n");
}

#[test]
fn what_cannot_be_read_does_not_keep_the_others_back() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "tdx-2026-0001.json", &document());
    let args = ["--json", "missing.json", "tdx-2026-0001.json"];
    let output = validate(folder.path(), &args, b"");
    assert_eq!(output.status.code(), Some(2));
    let lines = lines(&output);
    assert_eq!(
        (&lines[0]["valid"], &lines[1]["valid"]),
        (&json!(false), &json!(true))
    );
    assert!(text(&output.stderr).contains("1 of 2 documents cannot be read"));
    let empty = validate(folder.path(), &["."], b"");
    assert_eq!(empty.status.code(), Some(0));
    std::fs::create_dir(folder.path().join("none")).unwrap();
    let none = validate(folder.path(), &["none"], b"");
    assert_eq!(none.status.code(), Some(2));
}

#[test]
fn a_sarif_log_holds_all_findings() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = document();
    wrong["document"]["lang"] = json!("EZ");
    for name in ["a b.json", "c.json", "d.json"] {
        write(folder.path(), name, &wrong);
    }
    write(folder.path(), "b/tdx-2026-0001.json", &document());
    let output = validate(folder.path(), &["--sarif", "."], b"");
    assert_eq!(output.status.code(), Some(1));
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    // The language, and the name of the file, three times.
    assert_eq!(results.len(), 6);
    assert_eq!(results[0]["ruleId"], "6.1.12");
    let place = &results[0]["locations"][0];
    assert_eq!(
        place["physicalLocation"]["artifactLocation"]["uri"],
        "./a%20b.json"
    );
    assert_eq!(
        place["logicalLocations"][0]["fullyQualifiedName"],
        "/document/lang"
    );
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(rules.iter().any(|rule| rule["id"] == "6.1.12"));
    let clean = validate(folder.path(), &["--sarif", "b"], b"");
    let log: Value = serde_json::from_slice(&clean.stdout).unwrap();
    assert_eq!(log["runs"][0]["results"], json!([]));
}

#[test]
fn other_formats_are_told_apart_and_judged_by_their_shape() {
    let place = tempfile::tempdir().unwrap();
    let osv = json!({ "id": "GO-2026-1", "modified": "2026-11-22T10:00:00Z" });
    let vex = json!({ "@context": "https://openvex.dev/ns/v0.2.0", "author": "A" });
    write(place.path(), "a.json", &osv);
    write(place.path(), "b.json", &vex);
    write(place.path(), "c.json", &json!({ "bomFormat": "CycloneDX" }));
    let output = validate(place.path(), &["--json", "."], b"");
    assert_eq!(output.status.code(), Some(1));
    let lines = lines(&output);
    let told: Vec<Value> = lines
        .iter()
        .map(|line| json!([line["format"], line["valid"]]))
        .collect();
    assert_eq!(
        json!(told),
        json!([["osv", true], ["openvex", false], ["unknown", false]])
    );
    assert_eq!(lines[0]["findings"], json!([]));
    let missing = lines[1]["findings"].as_array().unwrap();
    assert!(missing.iter().all(|f| f["level"] == "schema"));
    assert!(missing.iter().any(|f| f["message"] == "`@id` is missing"));
    assert_eq!(lines[2]["findings"].as_array().unwrap().len(), 1);
}
