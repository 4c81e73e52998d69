//! Every column of every table says who may ever see it.

use crate::Problem;
use crate::tree::{Tree, with_ending};

const CHECK: &str = "columns";
const MARKS: &[&str] = &["public", "case", "secret", "personal"];
const NOT_COLUMNS: &[&str] = &["PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "CONSTRAINT"];

pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    with_ending(tree, &[".sql"])
        .filter(|(path, _)| path.contains("/migrations/"))
        .flat_map(|(path, text)| check_file(path, text))
        .collect()
}

fn check_file(path: &str, text: &str) -> Vec<Problem> {
    let mut out = Vec::new();
    let mut inside = false;
    for (number, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        let upper = trimmed.to_ascii_uppercase();
        if upper.starts_with("CREATE TABLE") {
            inside = true;
        } else if inside && trimmed.starts_with(')') {
            inside = false;
        } else if inside && is_column(&upper) && !marked(trimmed) {
            out.push(Problem::new(
                CHECK,
                format!("{path}:{}", number + 1),
                format!(
                    "say at the end of the line who may see it: `-- {}`",
                    MARKS.join("|")
                ),
            ));
        }
        if upper.starts_with("ALTER TABLE") && upper.contains("ADD COLUMN") && !marked(trimmed) {
            out.push(Problem::new(
                CHECK,
                format!("{path}:{}", number + 1),
                "an added column needs its mark too",
            ));
        }
    }
    out
}

fn is_column(upper: &str) -> bool {
    let first = upper
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .next()
        .unwrap_or("");
    !first.is_empty() && !upper.starts_with("--") && !NOT_COLUMNS.contains(&first)
}

fn marked(line: &str) -> bool {
    line.split_once("--").is_some_and(|(_, comment)| {
        comment
            .split(|c: char| !c.is_ascii_alphabetic())
            .find(|w| !w.is_empty())
            .is_some_and(|w| MARKS.contains(&w))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tree_of;

    #[test]
    fn a_column_without_a_mark_is_found() {
        let sql = "CREATE TABLE event (\n  -- the log\n  seq INTEGER NOT NULL, -- public: position\n  body BLOB NOT NULL,\n  mail TEXT, -- someone\n  PRIMARY KEY (seq)\n) STRICT;\nALTER TABLE event ADD COLUMN x;\n";
        let tree = tree_of(&[
            ("s/migrations/1.sql", sql),
            ("s/query.sql", "CREATE TABLE t (\n a INT\n);"),
        ]);
        let places: Vec<String> = check(&tree).into_iter().map(|p| p.place).collect();
        assert_eq!(
            places,
            [
                "s/migrations/1.sql:4",
                "s/migrations/1.sql:5",
                "s/migrations/1.sql:8"
            ]
        );
    }
}
