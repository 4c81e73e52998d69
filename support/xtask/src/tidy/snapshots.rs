//! A snapshot whose test is gone is an orphan.

use crate::Problem;
use crate::tree::{Tree, with_ending};

const CHECK: &str = "snapshots";

pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    with_ending(tree, &[".snap"])
        .filter_map(|(path, text)| {
            let source = text
                .lines()
                .take(12)
                .find_map(|l| l.strip_prefix("source: "))
                .map(|s| s.trim_matches('"'));
            match source {
                None => Some(Problem::new(CHECK, path, "names no source")),
                Some(s) if !tree.contains_key(s) => Some(Problem::new(
                    CHECK,
                    path,
                    format!("its test `{s}` is gone: remove it"),
                )),
                Some(_) => None,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tree_of;

    #[test]
    fn an_orphan_is_found() {
        let tree = tree_of(&[
            ("a/tests/t.rs", ""),
            (
                "a/tests/snapshots/t__one.snap",
                "---\nsource: a/tests/t.rs\n---\nx\n",
            ),
            (
                "a/tests/snapshots/u__two.snap",
                "---\nsource: a/tests/u.rs\n---\nx\n",
            ),
        ]);
        let problems = check(&tree);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].place.ends_with("u__two.snap"));
    }
}
