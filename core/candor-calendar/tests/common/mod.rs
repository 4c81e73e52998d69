//! Finds the shared test data beside the repository.

use std::path::{Path, PathBuf};

/// The text of a file below the `shared` folder beside the repository. Absent data
/// skips the test on a developer's machine and fails it in CI.
pub(crate) fn shared(relative: &str) -> Option<String> {
    let found: Option<PathBuf> = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("shared").join(relative))
        .find(|path| path.is_file());
    if let Some(path) = found {
        return Some(std::fs::read_to_string(path).unwrap());
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "shared/{relative} is missing"
    );
    println!("skipped: shared/{relative} is not here");
    None
}
