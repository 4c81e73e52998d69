//! The list of exceptions: each with its reason, none stale, never more than the ceiling.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};

use crate::Problem;

pub(crate) const FILE: &str = "support/xtask/exceptions.toml";
const CHECK: &str = "exceptions";
/// Most entries of each kind. Lower a number when entries go; never raise one
/// without a decision record.
const CEILINGS: &[(&str, usize)] = &[("edge", 3), ("long_file", 0), ("word", 0)];

/// Exceptions with a note of which were needed.
#[derive(Debug, Default)]
pub(crate) struct Exceptions {
    entries: Vec<(String, String, String)>,
    used: BTreeSet<(String, String)>,
}

impl Exceptions {
    /// Reads `[[kind]]` tables with `what` and `reason`.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let table: toml::Table = toml::from_str(text).context(FILE)?;
        let mut entries = Vec::new();
        for (kind, list) in &table {
            for entry in list.as_array().context("each kind is a list of tables")? {
                let field = |name: &str| {
                    entry
                        .get(name)
                        .and_then(toml::Value::as_str)
                        .map(str::to_owned)
                        .with_context(|| format!("{FILE}: a {kind} entry has no `{name}`"))
                };
                entries.push((kind.clone(), field("what")?, field("reason")?));
            }
        }
        Ok(Self {
            entries,
            used: BTreeSet::new(),
        })
    }

    /// Whether this is excepted; notes that the exception was needed.
    pub(crate) fn allows(&mut self, kind: &str, what: &str) -> bool {
        let there = self.entries.iter().any(|(k, w, _)| k == kind && w == what);
        if there {
            self.used.insert((kind.to_owned(), what.to_owned()));
        }
        there
    }

    /// Entries that were not needed, without a reason, or too many.
    pub(crate) fn stale(&self) -> Vec<Problem> {
        let mut out = Vec::new();
        for (kind, what, reason) in &self.entries {
            if !self.used.contains(&(kind.clone(), what.clone())) {
                out.push(Problem::new(
                    CHECK,
                    FILE,
                    format!("`{what}` is no longer needed: remove it"),
                ));
            }
            if reason.split_whitespace().count() < 3 {
                out.push(Problem::new(
                    CHECK,
                    FILE,
                    format!("`{what}` needs a real reason"),
                ));
            }
        }
        for (kind, most) in CEILINGS {
            let got = self.entries.iter().filter(|(k, _, _)| k == kind).count();
            if got > *most {
                out.push(Problem::new(
                    CHECK,
                    FILE,
                    format!("{got} `{kind}` entries, at most {most}: this list only shrinks"),
                ));
            }
        }
        for (kind, _, _) in &self.entries {
            if !CEILINGS.iter().any(|(k, _)| k == kind) {
                out.push(Problem::new(
                    CHECK,
                    FILE,
                    format!("there is no kind `{kind}`"),
                ));
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stale_unknown_unreasoned_and_too_many_entries_are_problems() {
        let text = "[[word]]\nwhat = \"a.rs\"\nreason = \"a word of a standard\"\n\
            [[word]]\nwhat = \"b.rs\"\nreason = \"because\"\n[[odd]]\nwhat = \"c\"\nreason = \"x y z\"\n";
        let mut e = Exceptions::parse(text).unwrap();
        assert!(e.allows("word", "a.rs") && e.allows("odd", "c"));
        assert!(!e.allows("word", "c.rs"));
        assert_eq!(e.stale().len(), 4, "{:?}", e.stale());
    }
}
