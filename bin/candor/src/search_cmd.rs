//! `candor case search`, beside a running server, for somebody who is signed in.
//!
//! Invariant: the words go through the local socket only, into no file and no log.

use std::io::Read as _;

use serde_json::{Value, json};

use crate::cli::CaseSearchArgs;
use crate::local::Link;
use crate::policy;
use crate::say::{self, Paint, Tone, harmless};
use crate::sign_in_cmd;
use crate::stop::{Done, Stop};

/// Longest question that is read.
const MOST: u64 = 4_096;

/// Searches.
pub(crate) fn run(args: &CaseSearchArgs) -> Done {
    let token = sign_in_cmd::token(&args.local.data)?.ok_or_else(|| {
        Stop::refused(
            "What stands in cases is for people who are signed in. Run `candor sign-in` first.",
        )
    })?;
    let words = words(args)?;
    let request = json!({
        "op": "search", "token": token, "words": words, "program": args.program,
        "limit": args.limit,
    });
    let found = Link::connect(&args.local.data)?.ask(&request)?;
    if args.json {
        say::line(&policy::json(&found)?);
    } else {
        print(&found);
    }
    Ok(())
}

fn words(args: &CaseSearchArgs) -> Result<String, Stop> {
    if !args.words.is_empty() {
        return Ok(args.words.join(" "));
    }
    let mut typed = String::new();
    std::io::stdin()
        .take(MOST)
        .read_to_string(&mut typed)
        .map_err(|why| Stop::environment(format!("The words could not be read: {why}.")))?;
    Ok(typed)
}

fn print(found: &Value) {
    let paint = Paint::stdout();
    let list = |name: &str| {
        found
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    let text = |row: &Value, name: &str| {
        harmless(row.get(name).and_then(Value::as_str).unwrap_or("not rated"))
    };
    for row in list("cases") {
        let places = row.get("found_in").and_then(Value::as_array);
        let places: Vec<&str> = places
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        say::line(&format!(
            "{}  {}  {}  {}  found in: {}\n    {}",
            paint.paint(Tone::Strong, &text(row, "reference")),
            text(row, "program"),
            text(row, "severity"),
            text(row, "stage"),
            places.join(", "),
            text(row, "title"),
        ));
    }
    let number = |name: &str| found.get(name).and_then(Value::as_u64).unwrap_or(0);
    let shown = u64::try_from(list("cases").count()).unwrap_or(0);
    match number("total") {
        0 => say::line("No case holds all these words."),
        total if total > shown => say::line(&format!(
            "{} more; another word narrows it down.",
            total.saturating_sub(shown)
        )),
        _ => {}
    }
    if found.get("left_out") == Some(&Value::Bool(true)) {
        say::line("Only the first twelve words are looked for, and no single letters.");
    }
    if number("not_yet") > 0 {
        say::line(&format!(
            "{} cases are still being read and not found yet.",
            number("not_yet")
        ));
    }
}
