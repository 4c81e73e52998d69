//! Weaknesses with the version of the list they were taken from: test 6.1.11 of 2.1, and
//! 6.2.23 to 6.2.26. What a weakness may be used for is known of 4.20 alone.
//!
//! A version newer than 4.20 is judged by 4.20, the newest list that is known here.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use candor_score::{Cwe, CweUsage};
use serde_json::Value;

use super::dates;
use crate::finding::Findings;
use crate::rules::doc::{Doc, items, text};

const TABLE: &str = include_str!("../../../data/cwe-names.tsv");

/// A version of the list as numbers, so that 4.9 comes before 4.10.
type Edition = [u32; 3];

/// What a weakness was called from an edition on; `None` when it was taken out.
type Names = Vec<(Edition, Option<&'static str>)>;

struct Lists {
    /// With the day on which each came out.
    editions: BTreeMap<Edition, &'static str>,
    names: BTreeMap<u32, Names>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let mut lists = Lists {
        editions: BTreeMap::new(),
        names: BTreeMap::new(),
    };
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.split('\t');
        let (Some(number), Some(second), name) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        if number == "versions" {
            let rows = second.split(' ').filter_map(|row| row.split_once('='));
            lists.editions = rows
                .filter_map(|(name, day)| Some((edition(name)?, day)))
                .collect();
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

fn newest_edition() -> Edition {
    LISTS
        .editions
        .keys()
        .next_back()
        .copied()
        .unwrap_or_default()
}

/// The newest list on the day of the last revision, as far as lists are known here.
fn current(doc: &Doc<'_>) -> Option<Edition> {
    let day = dates::last_day(doc)?;
    let known = LISTS
        .editions
        .iter()
        .filter(|(_, out)| **out <= day.as_str());
    known.map(|(edition, _)| *edition).next_back()
}

pub(super) fn check(doc: &Doc<'_>, out: &mut Findings) {
    let current = current(doc);
    for (v, value) in doc.vulnerabilities.iter().enumerate() {
        for (index, cwe) in items(value, "cwes").iter().enumerate() {
            let at = format!("/vulnerabilities/{v}/cwes/{index}");
            if let Err((key, why)) = judge(cwe) {
                out.note("6.1.11", format!("{at}/{key}"), why);
            }
            advise(cwe, current, &at, out);
        }
    }
}

/// 6.2.23 to 6.2.26.
fn advise(cwe: &Value, current: Option<Edition>, at: &str, out: &mut Findings) {
    let told = text(cwe, "version").unwrap_or("");
    let edition = edition(told);
    if let (Some(edition), Some(current)) = (edition, current)
        && edition != current
        && edition <= newest_edition()
    {
        let [a, b, _] = current;
        let message =
            format!("CWE {a}.{b} was the list of the day of the last revision, not {told}");
        out.note("6.2.24", format!("{at}/version"), message);
    }
    let Some(parsed) = text(cwe, "id").and_then(|id| id.parse::<Cwe>().ok()) else {
        return;
    };
    let name = edition
        .and_then(|edition| name_in(parsed, edition))
        .unwrap_or("");
    if name.starts_with("DEPRECATED") {
        let message = format!("{parsed} is deprecated in CWE {told}");
        out.note("6.2.23", format!("{at}/id"), message);
    }
    match parsed.usage() {
        Some(CweUsage::Discouraged | CweUsage::Prohibited) => {
            let message = format!("{parsed} is not meant to be given to a vulnerability");
            out.note("6.2.25", format!("{at}/id"), message);
        }
        Some(CweUsage::AllowedWithReview) => {
            let message = format!("{parsed} is broad; look for a nearer weakness");
            out.note("6.2.26", format!("{at}/id"), message);
        }
        Some(CweUsage::Allowed) | None => {}
    }
}

/// What a weakness is called in an edition.
fn name_in(cwe: Cwe, edition: Edition) -> Option<&'static str> {
    let names = LISTS.names.get(&cwe.number())?;
    let (_, name) = names.iter().rev().find(|(since, _)| *since <= edition)?;
    *name
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
    if edition <= newest_edition() && !LISTS.editions.contains_key(&edition) {
        return Err(("version", format!("there is no CWE list {version}")));
    }
    match name_in(parsed, edition) {
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
