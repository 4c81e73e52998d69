//! Documents are there, and their links lead somewhere.

use crate::Problem;
use crate::tree::{Tree, with_ending};

const CHECK: &str = "documents";
const NEEDED: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "deny.toml",
    "Containerfile",
    ".github/dependabot.yml",
    "docs/guide-reporter.md",
    "docs/guide-maintainer.md",
    "docs/guide-operator.md",
];

pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    let mut out: Vec<Problem> = NEEDED
        .iter()
        .filter(|name| !tree.contains_key(**name))
        .map(|name| Problem::new(CHECK, *name, "is missing"))
        .collect();
    for (path, text) in with_ending(tree, &[".md"]) {
        for target in links(text) {
            let resolved = resolve(path, &target);
            let there = tree.contains_key(&resolved)
                || tree
                    .keys()
                    .any(|k| k.starts_with(&format!("{}/", resolved.trim_end_matches('/'))));
            // Pictures are not text, so they are not in the tree.
            let picture = [".png", ".svg"].iter().any(|e| resolved.ends_with(e));
            if !there && !picture && !is_forge_page(&target) {
                out.push(Problem::new(
                    CHECK,
                    path,
                    format!("the link `{target}` leads nowhere"),
                ));
            }
        }
    }
    out
}

/// Relative targets of `](…)`, without anchors; text in code quotes is no link.
fn links(text: &str) -> Vec<String> {
    let prose: String = text.split('`').step_by(2).collect();
    prose
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target.split('#').next().unwrap_or("").to_owned())
        .filter(|t| {
            !t.is_empty() && !t.contains("://") && !t.starts_with("mailto:") && !t.starts_with('/')
        })
        .collect()
}

fn resolve(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// A page that GitHub serves for the repository itself: two levels above a file shown on
/// its main branch. Only the form for private reports is linked that way.
fn is_forge_page(target: &str) -> bool {
    target == "../../security/advisories/new"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_resolved_from_their_file() {
        let found = links("[a](../b.md#x) [b](https://x.y/) `[c](no.md)` ![d](img/e.png)");
        assert_eq!(found, ["../b.md", "img/e.png"]);
        assert_eq!(resolve("docs/guide.md", "../b.md"), "b.md");
        assert_eq!(resolve("docs/guide.md", "img/e.png"), "docs/img/e.png");
        assert!(is_forge_page("../../security/advisories/new"));
        assert!(!is_forge_page("../../no.md"));
    }
}
