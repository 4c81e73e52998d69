//! Weaknesses with the version of the list they were taken from: test 6.1.11 of 2.1.
//!
//! A version newer than 4.20 is judged by 4.20, the newest list that is known here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use candor_score::Cwe;
use serde_json::Value;

use crate::finding::Findings;
use crate::rules::doc::{Doc, items, text};

const TABLE: &str = include_str!("../../../data/cwe-names.tsv");

/// A version of the list as numbers, so that 4.9 comes before 4.10.
type Edition = [u32; 3];

/// What a weakness was called from an edition on; `None` when it was taken out.
type Names = Vec<(Edition, Option<&'static str>)>;

struct Lists {
    editions: BTreeSet<Edition>,
    names: BTreeMap<u32, Names>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let mut lists = Lists {
        editions: BTreeSet::new(),
        names: BTreeMap::new(),
    };
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.split('\t');
        let (Some(number), Some(second), name) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        if number == "versions" {
            lists.editions = second.split(' ').filter_map(edition).collect();
        } else if let (Ok(number), Some(since), Some(name)) =
            (number.parse::<u32>(), edition(second), name)
        {
            let name = match name {
                "-" => None,
                "=" => newest(number),
                other => Some(other),
            };
            lists.names.entry(number).or_default().push((since, name));
        }
    }
    lists
});

fn newest(number: u32) -> Option<&'static str> {
    format!("CWE-{number}").parse::<Cwe>().ok()?.name()
}

fn edition(text: &str) -> Option<Edition> {
    let mut parts = text.split('.');
    let mut next = |absent: &str| parts.next().unwrap_or(absent).parse().ok();
    let out = [next("")?, next("")?, next("0")?];
    parts.next().is_none().then_some(out)
}

pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    for (v, value) in doc.vulnerabilities.iter().enumerate() {
        for (index, cwe) in items(value, "cwes").iter().enumerate() {
            if let Err((key, why)) = judge(cwe) {
                out.note(
                    "6.1.11",
                    format!("/vulnerabilities/{v}/cwes/{index}/{key}"),
                    why,
                );
            }
        }
    }
}

/// The error names the member and says what is wrong with it.
fn judge(cwe: &Value) -> Result<(), (&'static str, String)> {
    let (Some(id), Some(name), Some(version)) =
        (text(cwe, "id"), text(cwe, "name"), text(cwe, "version"))
    else {
        return Ok(());
    };
    let (Ok(parsed), Some(edition)) = (id.parse::<Cwe>(), edition(version)) else {
        return Ok(());
    };
    let newest = LISTS.editions.last().copied().unwrap_or_default();
    if edition <= newest && !LISTS.editions.contains(&edition) {
        return Err(("version", format!("there is no CWE list {version}")));
    }
    let told = LISTS.names.get(&parsed.number()).and_then(|names| {
        let (_, name) = names.iter().rev().find(|(since, _)| *since <= edition)?;
        *name
    });
    match told {
        None => Err(("id", format!("CWE {version} has no weakness {parsed}"))),
        Some(right) if right != name => Err((
            "name",
            format!("in CWE {version}, {parsed} is called \"{right}\""),
        )),
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn wrong(id: &str, name: &str, version: &str) -> Option<&'static str> {
        let cwe = json!({ "id": id, "name": name, "version": version });
        judge(&cwe).err().map(|(key, _)| key)
    }

    #[test]
    fn a_name_is_judged_by_its_edition() {
        let soc = "Improper Identifier for IP Block used in System-On-Chip (SOC)";
        assert_eq!(wrong("CWE-1192", soc, "4.13"), Some("name"));
        assert_eq!(wrong("CWE-1192", soc, "4.14"), None);
        assert_eq!(wrong("CWE-1192", soc, "9.0"), None);
        assert_eq!(wrong("CWE-1192", soc, "4.14.7"), Some("version"));
        let link = "UNIX Symbolic Link (Symlink) Following";
        assert_eq!(wrong("CWE-61", link, "2.11"), None);
        assert_eq!(wrong("CWE-61", link, "2.12"), Some("id"));
        // A category is no weakness.
        assert_eq!(
            wrong("CWE-19", "Data Processing Errors", "2.11"),
            Some("id")
        );
    }
}
