//! Who may know whom: the table of ARCHITECTURE.md against `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::exceptions::Exceptions;
use crate::Problem;
use crate::tree::Tree;

const FILE: &str = "ARCHITECTURE.md";
const CHECK: &str = "edges";
/// The table stands behind this line.
const MARK: &str = "<!-- dependency table -->";
/// Tests of every crate may use these.
const FOR_TESTS: &[&str] = &[
    "candor-campaign",
    "candor-cluster",
    "candor-judge",
    "candor-testkit",
];
/// What no core crate may use from outside: the world.
const NOT_IN_CORE: &[&str] = &[
    "axum",
    "tokio",
    "rusqlite",
    "ureq",
    "lettre",
    "tracing",
    "getrandom",
    "rand",
    "tempfile",
    "hyper",
    "tower",
];

/// The table: crate to what it may use; `None` stands for everything.
type Allowed = BTreeMap<String, Option<BTreeSet<String>>>;

pub(crate) fn check(tree: &Tree, metadata: &Value, allowed: &mut Exceptions) -> Vec<Problem> {
    let table = match parse_table(tree.get(FILE).map_or("", String::as_str)) {
        Ok(table) => table,
        Err(why) => return vec![Problem::new(CHECK, FILE, why)],
    };
    let mut out = Vec::new();
    let packages = packages(metadata);
    for name in table
        .keys()
        .filter(|n| !packages.iter().any(|p| p.name == **n))
    {
        out.push(Problem::new(
            CHECK,
            FILE,
            format!("the table names `{name}`, which does not exist"),
        ));
    }
    for package in &packages {
        let Some(may_use) = table.get(&package.name) else {
            out.push(Problem::new(
                CHECK,
                FILE,
                format!("`{}` has no row in the table", package.name),
            ));
            continue;
        };
        for (other, dev) in &package.uses {
            let fine = may_use.as_ref().is_none_or(|set| set.contains(other))
                || (*dev && FOR_TESTS.contains(&other.as_str()));
            let edge = format!("{} -> {other}", package.name);
            if !fine && !allowed.allows("edge", &edge) {
                out.push(Problem::new(
                    CHECK,
                    &package.manifest,
                    format!("{edge} is not in the table of {FILE}"),
                ));
            }
        }
        for other in package
            .outside
            .iter()
            .filter(|o| NOT_IN_CORE.contains(&o.as_str()))
        {
            if package.manifest.contains("/core/") {
                out.push(Problem::new(
                    CHECK,
                    &package.manifest,
                    format!("the core may not use `{other}`"),
                ));
            }
        }
    }
    out
}

/// Reads the rows `| crate | may use |` behind the mark.
fn parse_table(text: &str) -> Result<Allowed, String> {
    let (_, rest) = text
        .split_once(MARK)
        .ok_or_else(|| format!("the line `{MARK}` is missing"))?;
    let mut table = Allowed::new();
    let rows = rest
        .lines()
        .skip_while(|l| !l.starts_with('|'))
        .take_while(|l| l.starts_with('|'))
        .skip(2);
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [name, uses, ..] = cells.as_slice() else {
            return Err(format!("the row `{row}` has no second cell"));
        };
        let name = crate_name(name);
        let may_use = match *uses {
            "everything" => None,
            "nothing" => Some(BTreeSet::new()),
            list => Some(list.split(',').map(crate_name).collect()),
        };
        if table.insert(name.clone(), may_use).is_some() {
            return Err(format!("`{name}` stands twice"));
        }
    }
    if table.is_empty() {
        return Err("the table has no rows".to_owned());
    }
    Ok(table)
}

/// `` `core/candor-base` `` and `base` both name `candor-base`.
fn crate_name(cell: &str) -> String {
    let bare = cell.trim().trim_matches('`');
    let last = bare.rsplit('/').next().unwrap_or(bare);
    match last {
        "candor" | "xtask" => last.to_owned(),
        "testkit" => "candor-testkit".to_owned(),
        name if name.starts_with("candor-") => name.to_owned(),
        name => format!("candor-{name}"),
    }
}

struct Package {
    name: String,
    manifest: String,
    /// Crates of the workspace, and whether only for tests.
    uses: BTreeSet<(String, bool)>,
    outside: BTreeSet<String>,
}

fn packages(metadata: &Value) -> Vec<Package> {
    let list = metadata.get("packages").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|p| {
            let text = |v: &Value, k: &str| v.get(k).and_then(Value::as_str).map(str::to_owned);
            let mut package = Package {
                name: text(p, "name")?,
                manifest: text(p, "manifest_path")?,
                uses: BTreeSet::new(),
                outside: BTreeSet::new(),
            };
            for d in p.get("dependencies").and_then(Value::as_array)? {
                let name = text(d, "name")?;
                let dev = text(d, "kind").is_some_and(|k| k == "dev");
                if d.get("path").is_some_and(Value::is_string) {
                    package.uses.insert((name, dev));
                } else if !dev {
                    package.outside.insert(name);
                }
            }
            Some(package)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tree_of;
    use serde_json::json;

    const TABLE: &str = "# A\n<!-- dependency table -->\n\n| Crate | May use | Holds |\n|---|---|---|\n\
        | `core/candor-base` | nothing | words |\n| `core/candor-case` | base | cases |\n| `bin/candor` | everything | |\n\ntext\n| x | y |\n";

    fn metadata(case_uses: &str, kind: &Value) -> Value {
        let package = |name: &str, uses: &Value| json!({"name": name, "manifest_path": format!("/r/core/{name}/Cargo.toml"), "dependencies": uses});
        json!({"packages": [
            package("candor-base", &json!([])),
            package("candor-case", &json!([{"name": case_uses, "kind": kind, "path": "/r/x"}])),
            package("candor", &json!([{"name": "candor-case", "kind": null, "path": "/r/y"}])),
        ]})
    }

    fn run(table: &str, metadata: &Value, allowed: &str) -> Vec<Problem> {
        let mut e = Exceptions::parse(allowed).unwrap();
        check(&tree_of(&[(FILE, table)]), metadata, &mut e)
    }

    #[test]
    fn an_edge_of_the_table_passes_and_any_other_fails() {
        assert_eq!(run(TABLE, &metadata("candor-base", &Value::Null), ""), []);
        let problems = run(TABLE, &metadata("candor", &Value::Null), "");
        assert_eq!(problems.len(), 1);
        assert!(problems[0].message.contains("candor-case -> candor"));
        let excepted =
            "[[edge]]\nwhat = \"candor-case -> candor\"\nreason = \"for a while only\"\n";
        assert_eq!(run(TABLE, &metadata("candor", &Value::Null), excepted), []);
    }

    #[test]
    fn the_testkit_is_open_to_tests_only() {
        assert_eq!(
            run(TABLE, &metadata("candor-testkit", &json!("dev")), ""),
            []
        );
        assert_eq!(
            run(TABLE, &metadata("candor-testkit", &Value::Null), "").len(),
            1
        );
    }

    #[test]
    fn rows_and_crates_must_match() {
        let without = TABLE.replace("| `core/candor-case` | base | cases |\n", "");
        assert_eq!(
            run(&without, &metadata("candor-base", &Value::Null), "").len(),
            1
        );
        let more = TABLE.replace(
            "| `bin/candor`",
            "| `core/candor-gone` | base | |\n| `bin/candor`",
        );
        assert_eq!(
            run(&more, &metadata("candor-base", &Value::Null), "").len(),
            1
        );
        assert_eq!(run("no table", &json!({}), "").len(), 1);
    }
}
