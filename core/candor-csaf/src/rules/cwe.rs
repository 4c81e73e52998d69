//! Names of weaknesses: test 6.1.11.
//!
//! A name is right when one of the lists from CWE 4.10 (January 2023) to CWE 4.20 gives it:
//! documents live longer than a list, and the standard names none. This gives the verdict
//! of the reference validator on all real documents at hand.
//!
//! Deliberately absent: older lists.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use candor_score::Cwe;
use serde_json::Value;

use super::doc::text;

/// Names by number, looked up once for each number that occurs.
static NAMES: LazyLock<BTreeMap<u32, &'static str>> = LazyLock::new(|| {
    let all = (1..2000).filter_map(|n| format!("CWE-{n}").parse::<Cwe>().ok());
    all.filter_map(|cwe| Some((cwe.number(), cwe.name()?)))
        .collect()
});

/// Names that ids had between CWE 4.10 and 4.20. Blanks at the end are those of the list.
const FORMER: [(u32, &str); 10] = [
    (
        280,
        "Improper Handling of Insufficient Permissions or Privileges ",
    ),
    (
        598,
        "Use of GET Request Method With Sensitive Query Strings",
    ),
    (600, "Uncaught Exception in Servlet "),
    (942, "Permissive Cross-domain Policy with Untrusted Domains"),
    (
        1039,
        "Automated Recognition Mechanism with Inadequate Detection or Handling of Adversarial Input Perturbations",
    ),
    (1116, "Inaccurate Comments"),
    (1188, "Insecure Default Initialization of Resource"),
    (
        1192,
        "System-on-Chip (SoC) Using Components without Unique, Immutable Identifiers",
    ),
    (1290, "Incorrect Decoding of Security Identifiers "),
    (1302, "Missing Security Identifier"),
];

/// Checks one; the error names the member and says what is wrong with it.
pub(super) fn check(cwe: &Value) -> Result<(), (&'static str, String)> {
    let (Some(id), Some(name)) = (text(cwe, "id"), text(cwe, "name")) else {
        return Ok(());
    };
    let Ok(parsed) = id.parse::<Cwe>() else {
        return Ok(());
    };
    match NAMES.get(&parsed.number()) {
        None => Err(("id", format!("{parsed} is not in the list of weaknesses"))),
        Some(right) if *right != name && !FORMER.contains(&(parsed.number(), name)) => {
            Err(("name", format!("{parsed} is called \"{right}\"")))
        }
        Some(_) => Ok(()),
    }
}
