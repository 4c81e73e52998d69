//! Whether the lines that a canonical policy names are there.
//!
//! Deliberately absent: whether the words stand in them; the text may have moved on, which
//! its digest shows.

use candor_base::{Finding, Span};
use serde_json::Value;

use super::add;
use super::rules::LINES_OUTSIDE;
use crate::model::Policy;

/// One finding, at the first entry outside. Without a text there is nothing to compare.
pub(super) fn check(text: &str, policy: &Policy, out: &mut Vec<Finding>) {
    let Ok(lines) = u32::try_from(text.lines().count()) else {
        return;
    };
    let mut last = 0;
    if lines > 0
        && let Ok(tree) = serde_json::to_value(policy)
    {
        furthest(&tree, &mut last);
    }
    if last > lines {
        add(
            out,
            LINES_OUTSIDE,
            Some(Span::line(lines)),
            format!("An entry names line {last}, and the text ends here."),
            "Correct `lines` of the entry, or make the canonical policy anew.",
        );
    }
}

/// The last line that any clause names.
fn furthest(node: &Value, last: &mut u32) {
    match node {
        Value::Array(all) => all.iter().for_each(|n| furthest(n, last)),
        Value::Object(map) => {
            let end = map.get("span").and_then(|s| s.get("last"));
            if let Some(line) = end
                .and_then(Value::as_u64)
                .filter(|_| map.contains_key("quote"))
            {
                *last = (*last).max(u32::try_from(line).unwrap_or(u32::MAX));
            }
            map.values().for_each(|n| furthest(n, last));
        }
        _ => {}
    }
}
