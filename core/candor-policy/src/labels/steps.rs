//! The label form of the process: its steps as a list of acts in order.
//!
//! Invariants: an act is named once, where it first stands.
//!
//! Deliberately absent: acts outside the listed steps.

use serde_json::{Value, json};

use crate::model::Policy;
use crate::vocab;

/// Words of a step and the act they name.
const ACTS: [(&str, &str); 34] = [
    ("submits", "receive"),
    ("is received", "receive"),
    ("acknowledge receipt", "acknowledge"),
    ("acknowledge the report", "acknowledge"),
    ("assigned", "assign-handler"),
    ("investigat", "validate"),
    ("validat", "validate"),
    ("verif", "validate"),
    ("confirm the problem", "validate"),
    ("problem is confirmed", "validate"),
    ("assesses severity", "assess-severity"),
    ("assess severity", "assess-severity"),
    ("cvss", "assess-severity"),
    ("severity", "assess-severity"),
    ("reproduc", "reproduce"),
    ("reason for rejection", "reject-with-reason"),
    ("conversation with the reporter", "notify-reporter"),
    ("notify the reporter", "notify-reporter"),
    ("inform the reporter", "notify-reporter"),
    ("on a plan", "plan"),
    ("prepare a security advisory", "draft-advisory"),
    ("create a security advisory", "draft-advisory"),
    ("draft", "draft-advisory"),
    ("request .. cve", "request-cve"),
    ("develop", "develop-fix"),
    ("fixing", "develop-fix"),
    ("prepare fix", "develop-fix"),
    ("reviewed", "review"),
    ("test", "test"),
    ("release", "release"),
    ("backport", "backport"),
    ("publish .. advisory", "publish-advisory"),
    ("credit", "credit"),
    ("may publish", "reporter-may-publish"),
];

pub(super) fn process_steps(policy: &Policy) -> Value {
    let mut out: Vec<&str> = Vec::new();
    for clause in &policy.steps {
        let low = without_links(&clause.quote.to_lowercase());
        let mut acts: Vec<(usize, &str)> = ACTS
            .iter()
            .filter_map(|(words, act)| vocab::find(&low, words).map(|(at, _)| (at, *act)))
            .collect();
        acts.sort_unstable();
        for (_, act) in acts {
            if !out.contains(&act) {
                out.push(act);
            }
        }
    }
    json!(out)
}

/// The words of links without their addresses.
fn without_links(low: &str) -> String {
    let mut out = String::new();
    let mut rest = low;
    while let Some((before, after)) = rest.split_once("](") {
        out.push_str(before);
        rest = after.split_once(')').map_or("", |(_, tail)| tail);
    }
    out.push_str(rest);
    out.replace('[', "")
}
