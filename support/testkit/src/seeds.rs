//! The five seed policies, read from the folder of shared test data beside the
//! repository.
//!
//! Invariant: no seed text is in the repository itself.

use std::path::PathBuf;

use candor_policy::compile;
use candor_policy::model::{Clause, Policy};
use candor_policy::settings::{PolicyInForce, Settings};

/// The folder of shared test data, when it is there.
pub fn shared() -> Option<PathBuf> {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .filter_map(|folder| folder.parent())
        .map(|folder| folder.join("shared"))
        .find(|folder| folder.join("policies").is_dir())
}

/// A file of the shared test data. Absence skips the test, and fails it in CI.
pub fn shared_file(relative: &str) -> Option<Vec<u8>> {
    let found = shared().and_then(|folder| std::fs::read(folder.join(relative)).ok());
    found.or_else(|| absent(relative))
}

fn absent(what: &str) -> Option<Vec<u8>> {
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "shared/{what} is missing"
    );
    println!("skipped: shared/{what} is not here");
    None
}

/// The text of a seed policy, 0 to 4. Absence skips the test, and fails it in CI.
pub fn seed(number: u8) -> Option<Vec<u8>> {
    seed_if_here(number).or_else(|| absent(&format!("policies/texts/{number:03}_*.txt")))
}

/// The text of a seed policy, 0 to 4, when it is there.
pub fn seed_if_here(number: u8) -> Option<Vec<u8>> {
    let prefix = format!("{number:03}_");
    let folder = shared().map(|f| f.join("policies").join("texts"));
    let file = folder.and_then(|f| {
        let mut files: Vec<PathBuf> = std::fs::read_dir(f)
            .ok()?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                name.starts_with(&prefix) && name.ends_with(".txt")
            })
            .collect();
        files.sort();
        files.into_iter().next()
    });
    file.and_then(|path| std::fs::read(path).ok())
}

/// A seed policy, compiled.
pub fn compiled(number: u8) -> Option<Policy> {
    let text = seed(number)?;
    Some(compile(&text).expect("a seed is a policy").value)
}

/// A seed policy in force under these settings.
pub fn in_force(number: u8, settings: Settings) -> Option<PolicyInForce> {
    let text = seed(number)?;
    let policy = compile(&text).expect("a seed is a policy").value;
    Some(PolicyInForce::assemble(&text, policy, settings))
}

/// The one clause that begins on this line of the text; fails when there is none or
/// more than one.
pub fn on_line<T>(clauses: &[Clause<T>], line: u32) -> &Clause<T> {
    let found: Vec<&Clause<T>> = clauses.iter().filter(|c| c.span.first == line).collect();
    match found.as_slice() {
        [one] => one,
        many => {
            let all: Vec<String> = clauses
                .iter()
                .map(|c| format!("{}: {} ({})", c.span, c.quote, c.id))
                .collect();
            panic!(
                "{} clauses begin on line {line}; there are:\n{}",
                many.len(),
                all.join("\n")
            )
        }
    }
}
