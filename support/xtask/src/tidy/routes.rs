//! Every route of the web crate is walked by its rights test.

use std::collections::BTreeSet;

use crate::Problem;
use crate::tree::{Tree, with_ending};

const CHECK: &str = "routes";
const SOURCE: &str = "shell/candor-web/src/";
const TESTS: &str = "shell/candor-web/tests/";

pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    let routes: BTreeSet<String> = with_ending(tree, &[".rs"])
        .filter(|(path, _)| path.starts_with(SOURCE))
        .flat_map(|(_, text)| routes_in(text))
        .collect();
    let tests: String = with_ending(tree, &[".rs"])
        .filter(|(path, _)| path.starts_with(TESTS))
        .map(|(_, text)| text)
        .collect();
    routes
        .into_iter()
        .filter(|route| !tests.contains(&format!("\"{route}\"")))
        .map(|route| Problem::new(CHECK, TESTS, format!("no test names the route \"{route}\"")))
        .collect()
}

/// The paths of `.route("…", …)`.
fn routes_in(text: &str) -> Vec<String> {
    text.split(".route(")
        .skip(1)
        .filter_map(|rest| rest.trim_start().strip_prefix('"'))
        .filter_map(|rest| rest.split_once('"'))
        .map(|(path, _)| path.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tree_of;

    #[test]
    fn a_route_without_a_test_is_found() {
        let code = "Router::new().route(\"/a\", get(a)).route(\n  \"/b/{id}\",\n post(b))";
        let tree = tree_of(&[
            ("shell/candor-web/src/lib.rs", code),
            ("shell/candor-web/tests/rights.rs", "(\"/a\", STRANGER)"),
        ]);
        let problems = check(&tree);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].message.contains("/b/{id}"));
    }
}
