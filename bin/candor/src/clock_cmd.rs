//! `candor clock eval`: due dates of a file of vectors.

use std::io::Read as _;
use std::path::Path;

use candor_calendar::vectors::{VectorFile, VectorOutcome, evaluate};
use serde_json::json;

use crate::cli::ClockArgs;
use crate::policy;
use crate::say;
use crate::stop::{Done, Stop};

/// Evaluates every vector and compares it with what the file expects.
pub(crate) fn run(args: &ClockArgs) -> Done {
    let text = read(&args.file)?;
    let file: VectorFile = serde_json::from_str(&text).map_err(|why| {
        Stop::input(format!(
            "{} does not hold clock vectors: {why}.",
            args.file.display()
        ))
    })?;
    let outcomes: Vec<(VectorOutcome, Vec<String>)> = file
        .vectors
        .iter()
        .map(|case| {
            let outcome = evaluate(case);
            let differences = outcome.differences(case);
            (outcome, differences)
        })
        .collect();
    let different = outcomes.iter().filter(|(_, d)| !d.is_empty()).count();
    if args.json {
        let list: Vec<_> = outcomes
            .iter()
            .map(|(outcome, differences)| json!({"outcome": outcome, "differences": differences}))
            .collect();
        say::line(&policy::json(&list)?);
    } else {
        for (outcome, differences) in &outcomes {
            say::line(&words(outcome, differences));
        }
        say::line(&format!(
            "{} vectors, {different} different",
            outcomes.len()
        ));
    }
    if different == 0 {
        Ok(())
    } else {
        Err(Stop::refused(
            "Some due dates are not what the file expects.",
        ))
    }
}

fn words(outcome: &VectorOutcome, differences: &[String]) -> String {
    let due = match (&outcome.error, &outcome.due_local) {
        (Some(error), _) => format!("no date: {error}"),
        (None, Some(due)) => due.clone(),
        (None, None) => "no date".to_owned(),
    };
    let mut out = format!("{:<12} {due}", outcome.id);
    for line in &outcome.explanation {
        out.push_str("\n             ");
        out.push_str(line);
    }
    for line in differences {
        out.push_str("\n             DIFFERENT: ");
        out.push_str(line);
    }
    out
}

fn read(path: &Path) -> Result<String, Stop> {
    let cannot =
        |why: std::io::Error| Stop::input(format!("{} cannot be read: {why}.", path.display()));
    if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin()
            .lock()
            .read_to_string(&mut text)
            .map_err(cannot)?;
        return Ok(text);
    }
    std::fs::read_to_string(path).map_err(cannot)
}
