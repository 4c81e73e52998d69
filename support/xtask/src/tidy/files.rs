//! Length, heads, READMEs, and marks of unfinished work.

use super::exceptions::Exceptions;
use crate::Problem;
use crate::tree::{Tree, with_ending};

const CHECK: &str = "files";
/// Longest file without a reason, in lines.
const LONGEST: usize = 600;
const CODE: &[&str] = &[".rs", ".mjs", ".css", ".html", ".sql", ".sh"];
/// Marks of unfinished work; put together so that this file passes.
const MARKS: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
];
/// Beginnings of lines that a merge leaves where it could not decide.
const MERGE: &[&str] = &[concat!("<<<<", "<<< "), concat!(">>>>", ">>> ")];
/// Folders of a developer's machine, which no committed file should name.
const PLACES: &[&str] = &[
    concat!("/work", "/main"),
    concat!("/work", "/shared"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
];

pub(crate) fn check(tree: &Tree, allowed: &mut Exceptions) -> Vec<Problem> {
    let mut out = Vec::new();
    for (path, text) in with_ending(tree, CODE) {
        let lines = text.lines().count();
        if lines > LONGEST && !allowed.allows("long_file", path) {
            out.push(Problem::new(
                CHECK,
                path,
                format!("{lines} lines; split it, or give a reason in the exceptions"),
            ));
        }
        for (number, line) in text.lines().enumerate() {
            if MARKS.iter().any(|m| line.contains(m)) {
                out.push(Problem::new(
                    CHECK,
                    format!("{path}:{}", number + 1),
                    "unfinished work belongs into an issue, not into the code",
                ));
            }
        }
    }
    for (path, text) in tree {
        if PLACES.iter().any(|p| text.contains(p)) {
            out.push(Problem::new(CHECK, path, "names a folder of one machine"));
        }
        let open = |line: &str| MERGE.iter().any(|m| line.starts_with(m));
        if let Some(number) = text.lines().position(open) {
            out.push(Problem::new(
                CHECK,
                format!("{path}:{}", number + 1),
                "a merge was not brought to an end here",
            ));
        }
    }
    out.extend(crates(tree));
    out.extend(heads(tree));
    out
}

/// Every crate has a README of some substance.
fn crates(tree: &Tree) -> Vec<Problem> {
    let mut out = Vec::new();
    for folder in tree.keys().filter_map(|p| p.strip_suffix("/Cargo.toml")) {
        let readme = format!("{folder}/README.md");
        let lines = tree.get(&readme).map_or(0, |t| t.lines().count());
        if lines < 5 {
            out.push(Problem::new(
                CHECK,
                readme,
                "every crate says what it holds, what it must never do and where to start",
            ));
        }
    }
    out
}

/// Every source file says what it is for.
fn heads(tree: &Tree) -> Vec<Problem> {
    with_ending(tree, &[".rs"])
        .filter(|(path, _)| path.contains("/src/"))
        .filter(|(_, text)| !text.lines().take(5).any(|l| l.starts_with("//!")))
        .map(|(path, _)| Problem::new(CHECK, path, "has no `//!` head that says what it is for"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tree_of;

    #[test]
    fn faults_of_files_are_found() {
        let long = "//! h\n".repeat(601);
        let marked = format!("//! h\n// {}: later\n", MARKS[0]);
        let tree = tree_of(&[
            ("a/Cargo.toml", ""),
            ("a/src/long.rs", &long),
            ("a/src/bare.rs", "fn main() {}\n"),
            ("a/src/marked.rs", &marked),
            ("b/Cargo.toml", ""),
            ("b/README.md", "1\n2\n3\n4\n5\n"),
            ("b/src/fine.rs", "//! h\n"),
        ]);
        let places: Vec<String> = check(&tree, &mut Exceptions::default())
            .into_iter()
            .map(|p| p.place)
            .collect();
        assert_eq!(
            places,
            [
                "a/src/long.rs",
                "a/src/marked.rs:2",
                "a/README.md",
                "a/src/bare.rs"
            ]
        );
    }

    #[test]
    fn a_merge_that_was_not_ended_is_found_in_any_file() {
        let text = format!("[package]\n{}HEAD\n", MERGE[0]);
        let found = check(
            &tree_of(&[("fuzz/Cargo.txt", &text)]),
            &mut Exceptions::default(),
        );
        let places: Vec<String> = found.into_iter().map(|p| p.place).collect();
        assert_eq!(places, ["fuzz/Cargo.txt:2"]);
    }

    #[test]
    fn a_long_file_with_a_reason_passes() {
        let long = "//! h\n".repeat(601);
        let mut e =
            Exceptions::parse("[[long_file]]\nwhat = \"a.rs\"\nreason = \"one table of data\"\n")
                .unwrap();
        assert_eq!(check(&tree_of(&[("a.rs", &long)]), &mut e), []);
    }
}
