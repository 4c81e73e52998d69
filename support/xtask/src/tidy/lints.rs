//! `core/clippy.toml` replaces the root file, so it must repeat it.

use crate::Problem;
use crate::tree::Tree;

const CHECK: &str = "lints";

pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    let root = tree.get("clippy.toml").map_or("", String::as_str);
    let core = tree.get("core/clippy.toml").map_or("", String::as_str);
    let mut out: Vec<Problem> = root
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .filter(|line| !core.lines().any(|c| c.trim() == *line))
        .map(|line| {
            Problem::new(
                CHECK,
                "core/clippy.toml",
                format!("does not repeat `{line}`"),
            )
        })
        .collect();
    for (path, text) in tree {
        let is_member = path.ends_with("/Cargo.toml") && !path.starts_with("fuzz/");
        if is_member && !text.contains("[lints]\nworkspace = true") {
            out.push(Problem::new(
                CHECK,
                path,
                "does not take the lints of the workspace",
            ));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tree_of;

    #[test]
    fn a_line_that_is_not_repeated_is_found() {
        let good = [
            ("clippy.toml", "a = 1\n# c\n"),
            ("core/clippy.toml", "b = 2\na = 1\n"),
        ];
        assert_eq!(check(&tree_of(&good)), []);
        let bad = [
            ("clippy.toml", "a = 1\n"),
            ("core/clippy.toml", "b = 2\n"),
            ("x/Cargo.toml", "[package]\n"),
        ];
        assert_eq!(check(&tree_of(&bad)).len(), 2);
    }
}
