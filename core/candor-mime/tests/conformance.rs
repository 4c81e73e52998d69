//! The shared collection of 102 mails, read in place: none panics, each is read, and what was
//! read agrees with what the collection says of it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use std::path::{Path, PathBuf};

use candor_mime::{Incoming, Limits, read};
use candor_testkit::seeds::{shared, shared_file};
use serde_json::Value;

fn all(folder: &Path, ext: &str, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all(&path, ext, out);
        } else if path.extension().is_some_and(|e| e == ext) {
            out.push(path);
        }
    }
    out.sort();
}

fn mails(ext: &str) -> Vec<PathBuf> {
    // Says `skipped:`, or fails where the data must be there.
    if shared_file("conformance/mail/NOTICE.md").is_none() {
        return Vec::new();
    }
    let mut out = Vec::new();
    all(&shared().unwrap().join("conformance/mail"), ext, &mut out);
    out
}

fn header<'a>(expected: &'a Value, name: &str) -> Option<&'a Value> {
    let headers = expected["parts"][0]["headers"].as_array()?;
    let found = headers.iter().rev().find(|h| h["name"] == name)?;
    Some(&found["value"])
}

fn squeezed(text: &str) -> String {
    let seen = text
        .chars()
        .filter(|c| !c.is_control() || c.is_whitespace());
    let text: String = seen.collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_mail_is_read() {
    let mut mails_read = 0;
    let files: Vec<PathBuf> = mails("eml").into_iter().chain(mails("msg")).collect();
    for path in &files {
        let raw = std::fs::read(path).unwrap();
        match read(&raw, &Limits::default()) {
            Ok(_) => mails_read += 1,
            Err(why) => assert!(!raw.contains(&b':'), "{}: {why}", path.display()),
        }
    }
    if !files.is_empty() {
        assert!(files.len() >= 100, "{} mails", files.len());
        assert!(mails_read >= 100, "{mails_read} of {}", files.len());
    }
}

fn agrees(path: &Path, got: &Incoming, expected: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    if let Some(subject) = header(expected, "subject").and_then(|v| v["Text"].as_str())
        && squeezed(subject) != squeezed(got.subject.reveal())
    {
        wrong.push(format!("{}: subject", path.display()));
    }
    if let Some(first) = header(expected, "from").map(|v| &v["Address"]["List"][0]["address"])
        && let Some(address) = first.as_str()
        && got.from.first().map(|m| m.address.as_str()) != Some(address.trim())
    {
        wrong.push(format!("{}: from", path.display()));
    }
    let files = expected["attachments"].as_array().map_or(0, Vec::len);
    if got.files.len() != files {
        wrong.push(format!(
            "{}: {} files, not {files}",
            path.display(),
            got.files.len()
        ));
    }
    wrong
}

#[test]
fn subject_sender_and_files_are_those_that_the_collection_names() {
    let mut wrong = Vec::new();
    for path in mails("eml") {
        let expected = std::fs::read(path.with_extension("expected.json")).unwrap();
        let expected: Value = serde_json::from_slice(&expected).unwrap();
        let got = read(&std::fs::read(&path).unwrap(), &Limits::default()).unwrap();
        wrong.extend(agrees(&path, &got, &expected));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
