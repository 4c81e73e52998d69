//! Finds the shared test data beside the repository.
#![allow(
    dead_code,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "each test file uses its own part, reads test data and says when it is skipped"
)]

use std::path::{Path, PathBuf};

use serde_json::Value;

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
