//! Finds the shared test data beside the repository.
#![allow(
    dead_code,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "each test file uses its own part, reads test data and says when it is skipped"
)]

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// A folder below `shared/conformance`. Absence skips the test, and fails it in CI.
pub(crate) fn suite(folder: &str) -> Option<PathBuf> {
    let relative = Path::new("shared/conformance").join(folder);
    let found = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|above| above.join(&relative))
        .find(|path| path.is_dir());
    if found.is_none() {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "{} is missing",
            relative.display()
        );
        println!("skipped: {} is not here", relative.display());
    }
    found
}

pub(crate) fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

pub(crate) fn json(path: &Path) -> Value {
    serde_json::from_slice(&bytes(path)).unwrap()
}

/// All JSON files below a folder, sorted.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "json") {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}

/// Every place in a document.
pub(crate) fn places(value: &Value, here: &str, out: &mut Vec<String>) {
    out.push(here.to_owned());
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let key = key.replace('~', "~0").replace('/', "~1");
                places(member, &format!("{here}/{key}"), out);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, &format!("{here}/{index}"), out);
            }
        }
        _ => {}
    }
}

/// Changes one thing at a place.
pub(crate) fn change(document: &mut Value, place: &str, kind: u8) {
    if kind == 0 || kind == 1 {
        // Takes the member out, or gives it another name.
        let Some((above, key)) = place.rsplit_once('/') else {
            return;
        };
        match document.pointer_mut(above) {
            Some(Value::Object(members)) => {
                let key = key.replace("~1", "/").replace("~0", "~");
                let value = members.remove(&key);
                if let (1, Some(value)) = (kind, value) {
                    members.insert(format!("{key}x"), value);
                }
            }
            Some(Value::Array(items)) => {
                items.remove(key.parse().unwrap());
            }
            _ => {}
        }
        return;
    }
    let Some(value) = document.pointer_mut(place) else {
        return;
    };
    match (kind, &mut *value) {
        (2, _) => *value = Value::Null,
        (3, _) => *value = json!(7),
        (4, _) => *value = json!(""),
        (5, _) => *value = json!([]),
        (6, _) => *value = json!({}),
        (7, Value::Array(items)) if !items.is_empty() => items.push(items[0].clone()),
        (7, Value::Number(number)) => *value = json!(number.as_f64().unwrap() + 0.05),
        (8, Value::String(text)) => text.push('x'),
        (9, Value::String(text)) => text.insert(0, ' '),
        (10, Value::String(text)) => *text = text.to_lowercase(),
        (11, Value::String(text)) => *text = text.to_uppercase(),
        (12, Value::String(text)) => *text = text.replacen(['1', '2'], "9", 1),
        (13, Value::String(text)) => {
            text.pop();
        }
        (14, _) => *value = json!(true),
        _ => *value = json!("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
    }
}
